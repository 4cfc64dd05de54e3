"""Feeds in and exports out: every file is read, checked, previewed in words, applied whole, and can be undone."""
