"""The term's teacher assessments in a plan: what its form asks of them is kept as results, which stand beside it."""

from collections.abc import Iterable, Mapping
from typing import Any

from onroll.attainment.actions import Assessed, keep_termly
from onroll.attainment.models import Result
from onroll.attainment.queries import TermOfYear, of_term, terms_before
from onroll.children.contradictions import refuse_if
from onroll.design.tables import Cell, Column, Table
from onroll.history.changes import ThisChange, verb

from .forms.declarations import Question
from .holding import at_once, not_written
from .models import Pep
from .writing import Writing

verb("pep.assessments_corrected", "{actor} corrected a term’s assessments")

# Where the form says that the rows of a table become results of the term.
PROMOTED = ("results.termly", "results.early_years")
# Who gave an assessment that was written in a plan.
IN_A_PLAN = "PEP"
TERMS_BESIDE = 3
ON_TRACK = {"Yes": Result.OnTrack.YES, "No": Result.OnTrack.NO, "Not known": Result.OnTrack.NOT_KNOWN}
_MOST = {"subject": 100, "value": 300}


def is_of_results(question: Question) -> bool:
    """Whether each row of this table is a result of the term: what was assessed, and how it is now."""
    names = {column.name for column in question.columns}
    return question.promoted_to in PROMOTED and "now" in names and bool(names & {"subject", "area"})


def assessed_in(value: Any) -> list[Assessed]:
    """The rows of such an answer as assessments. A row without a subject or a judgement says nothing yet."""
    rows = [row for row in value if isinstance(row, dict)] if isinstance(value, list) else []
    found = [
        Assessed(
            str(row.get("subject") or row.get("area") or "").strip()[: _MOST["subject"]],
            str(row.get("now") or "").strip(),
            ON_TRACK.get(str(row.get("on_track") or ""), ""),
            str(row.get("end_of_year_goal") or ""),
        )
        for row in rows
    ]
    return [each for each in found if each.subject and each.value]


def keep_results(
    this: ThisChange, pep: Pep, questions: Iterable[Question], now: Mapping[str, Any], before: Mapping[str, Any]
) -> None:
    """Keep what these answers say of the term's assessments as results. `before`: what the same answers said."""
    for question in questions:
        if question.key in now and is_of_results(question):
            keep_termly(
                this,
                pep.child,
                pep.academic_year,
                pep.term,
                assessed_in(now[question.key]),
                school=pep.school,
                told_by=IN_A_PLAN,
                before=[each.subject for each in assessed_in(before.get(question.key))],
            )


def correct_results(writing: Writing, assessed: Iterable[Assessed]) -> None:
    """Put the results of the plan's term right. A subject that is not among these goes from the term.

    Raises Refused where the plan is not being written.
    """
    pep = writing.pep
    with at_once("pep.assessments_corrected", pep, actor=writing.actor) as this:
        refuse_if("" if writing.is_open else not_written(pep))
        now = of_term(writing.known.results, term_of(pep))
        keep_termly(
            this,
            pep.child,
            pep.academic_year,
            pep.term,
            assessed,
            school=pep.school,
            told_by=IN_A_PLAN,
            before=[row.subject for row in now],
        )


def term_of(pep: Pep) -> TermOfYear:
    return TermOfYear.of(pep.academic_year, pep.term)


def results_table(writing: Writing) -> Table | None:
    """The assessments of the plan's term by subject, with those of the terms before beside them. None: nothing held."""
    rows, now = writing.known.results, term_of(writing.pep)
    beside = terms_before(rows, now, most=TERMS_BESIDE)
    current = {row.subject.casefold(): row for row in of_term(rows, now)}
    then = {each: {row.subject.casefold(): row for row in of_term(rows, each)} for each in beside}
    subjects: dict[str, str] = {}
    for held in (current, *then.values()):
        for key, row in held.items():
            subjects.setdefault(key, row.subject)
    if not subjects:
        return None
    columns = [Column("Subject", stacked_label=False), Column("Now"), Column("On track"), Column("End-of-year goal")]
    columns += [Column(each.words.capitalize()) for each in beside]
    lines: list[Any] = []
    for key, subject in sorted(subjects.items()):
        own = ["Not yet", "–", "–"]
        if key in current:
            own = [current[key].value or "–", current[key].get_on_track_display() or "–", current[key].goal or "–"]
        lines.append([Cell(subject), *own, *(then[each][key].value if key in then[each] else "–" for each in beside)])
    return Table(f"Assessments of {writing.pep.term_words}", columns, lines)
