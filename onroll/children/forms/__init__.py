"""Forms about a child's record: what was typed, and what is wrong with it in words. Rules stand in the actions."""
