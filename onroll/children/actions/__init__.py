"""What people do to a child's record: the only code that writes it."""
