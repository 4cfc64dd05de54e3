"""The forms of a personal education plan are data: sections, questions, and when each is asked, by kind and year.

`declarations` reads them from the files of `data`, `conditions` is the language of "shown when", `reading` says what
is asked of whom in one child's plan and what is missing, and `values` whether an answer can be one. None knows a
question by name, and none reads the database.
"""
