"""The quality audit: the rubric that grades follow from, and the sample that is drawn. Rules alone, no rows.

What the rows of a plan say to these rules stands in `providers`, and nowhere else here.
"""
