"""Feeds in and exports out: every file is read, checked, previewed in words, applied whole or not at all, and can be undone."""
