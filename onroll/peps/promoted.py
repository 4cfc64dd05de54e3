"""Answers of a section that are columns of the plan too, because something is counted or decided by them: whether the
school is the right one, and the support. The two never differ.

The form's files say which question is which column (`promoted_to`). What is answered goes into the column with the same
save; what came into the column another way, by a file, is the answer that the section shows. Other columns have a page
or an act of their own, and stand there (`known.KEPT_ELSEWHERE`).
"""

from collections.abc import Iterable, Mapping
from typing import Any

from onroll.history.changes import ThisChange

from .forms.declarations import Question
from .models import Pep

PROMOTED = {"pep.school_right": "school_right", "pep.support_right": "support_right"}


def answers_in_columns(pep: Pep, questions: Iterable[Question]) -> dict[str, Any]:
    """What the columns of a plan answer, by question. What they do not hold is absent."""
    found = {each.key: getattr(pep, PROMOTED[each.promoted_to]) for each in questions if each.promoted_to in PROMOTED}
    return {key: held.capitalize() for key, held in found.items() if held}


def keep_columns(
    this: ThisChange, pep: Pep, questions: Iterable[Question], answers: Mapping[str, Any], *, only_empty: bool = False
) -> None:
    """Keep these answers in their columns too. `only_empty`: what a column holds already stays."""
    touched = []
    for each in questions:
        column = PROMOTED.get(each.promoted_to)
        if column is None or each.key not in answers or (only_empty and getattr(pep, column)):
            continue
        setattr(pep, column, str(answers[each.key] or "").casefold())
        touched.append(column)
    if touched:
        this.save(pep, touched)
