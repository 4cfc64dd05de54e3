"""One file a measure of plans. A file says in words what is counted, then counts it."""
