"""Contributors: people without an account who are asked for a few lines to one section of one plan.

They get a link, and a code told another way. They see the name the child is called by, the questions of that section
and what they wrote themselves; never an earlier answer, another's words, or by what is asked what the record holds.
"""
