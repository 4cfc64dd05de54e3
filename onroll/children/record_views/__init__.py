"""Pages that change a child's record: one act, one page. Who they are for stands in their first lines."""
