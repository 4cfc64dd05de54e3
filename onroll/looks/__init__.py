"""Who looked at what, and whether that was right: the access log as people read it, and the rules that watch it."""
