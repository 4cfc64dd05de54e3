"""Who did what, when, before and after: the database refuses an unnamed change and keeps every look on record."""
