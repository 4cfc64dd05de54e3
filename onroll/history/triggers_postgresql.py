"""The triggers of PostgreSQL."""
