"""What children know and can do, as their schools assess it: so far the teacher's assessments of a term."""
