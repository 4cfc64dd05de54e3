"""One file a measure. A file says in words what is counted, then counts it."""
