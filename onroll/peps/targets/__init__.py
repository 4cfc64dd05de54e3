"""Targets of a plan: the bank of approaches that a writer chooses from, and the checker that says what is weak."""
