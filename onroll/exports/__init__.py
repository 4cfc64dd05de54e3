"""What leaves: lists, copies of a record and the whole record, each made for a recipient, logged and kept a week."""
