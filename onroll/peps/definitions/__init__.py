"""One file a measure of personal education plans. A file says in words what is counted, then counts it."""
