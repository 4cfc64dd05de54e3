"""National code sets, each row dated and with its source, and the rules that go with them (UPN, year groups, working days)."""
