"""Who is asking, what their role may do, which parts of a record they may see, and the Page every view is made from."""
