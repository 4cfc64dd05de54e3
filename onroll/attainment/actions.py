"""Keeping results: the teacher's assessments of a term, as a school gives or corrects them."""

from collections.abc import Iterable
from dataclasses import dataclass

from onroll.children.models import Child
from onroll.history.changes import ThisChange
from onroll.schools.models import School

from .models import Result


@dataclass(frozen=True)
class Assessed:
    """What a teacher says of one subject in a term."""

    subject: str
    value: str
    on_track: str = ""
    goal: str = ""


def keep_termly(
    this: ThisChange,
    child: Child,
    academic_year: str,
    term: str,
    assessed: Iterable[Assessed],
    *,
    school: School | None,
    told_by: str,
    before: Iterable[str] = (),
) -> None:
    """Keep what a teacher says of a term, within the change that is open.

    A subject that is held for the term gets the new words, whoever gave the old ones; of a subject told twice the last
    counts. A subject of `before`, which the same table told until now and tells no more, goes.
    """
    told = {each.subject.strip().casefold(): each for each in assessed if each.subject.strip() and each.value.strip()}
    rows = Result.unscoped.filter(
        child=child, stage=Result.Stage.TERMLY, academic_year=academic_year, term=term
    ).order_by("pk")
    held = {row.subject.casefold(): row for row in rows}
    for key, each in told.items():
        row = held.get(key)
        facts = {"value": each.value.strip(), "on_track": each.on_track, "goal": each.goal.strip()}
        if row is None:
            keys = {"authority_id": child.authority_id, "child": child, "school": school, "told_by": told_by}
            keys["measure"] = Result.Measure.TEACHER_ASSESSMENT
            when = {"stage": Result.Stage.TERMLY, "academic_year": academic_year, "term": term}
            this.create(Result(**keys, **when, subject=each.subject.strip(), **facts))
        elif any(getattr(row, name) != value for name, value in facts.items()):
            for name, value in facts.items():
                setattr(row, name, value)
            row.told_by = told_by
            this.save(row, [*facts, "told_by"])
    gone = [held[key].pk for key in {each.strip().casefold() for each in before} - set(told) if key in held]
    if gone:
        this.delete(Result.unscoped.filter(pk__in=gone))
