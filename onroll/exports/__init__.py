"""What leaves: lists, copies, plans on paper, the whole record: each for a recipient, logged and kept a week."""
