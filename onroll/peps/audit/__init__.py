"""The quality audit: the rubric that grades follow from, and the sample that is drawn. Rules alone, no rows."""
