"""Audited PEPs graded good or outstanding overall.

An audit counts in the period in which it was completed: it has a day and an overall grade. Every audit counts, a second
marker's too, and whether or not the child is still on the roll. Where two markers agreed a grade, it is that of both.

Worked example, from 2026-03-01 to 2026-03-31:

    Ada: born 2012-05-01; care 2023-01-10; pep autumn 2025-26; audit 2026-03-02 good -> 1 of 1
    Ben: born 2014-02-03; care 2024-02-01; pep autumn 2025-26; audit 2026-03-31 requires_improvement -> 0 of 1
    Cal: born 2015-11-20; care 2024-02-01; pep autumn 2025-26; audit 2026-02-28 outstanding -> left out
    Dee: born 2012-07-09; care 2024-08-01..2026-01-05; pep autumn 2025-26; audit 2026-03-20 outstanding -> 1 of 1
    Eli: born 2012-03-09; care 2024-01-01; pep autumn 2025-26; audit none outstanding -> left out
    all: 2 of 3
"""

from collections.abc import Iterator
from dataclasses import replace

from onroll.access.roles import Role
from onroll.access.sections import Section
from onroll.measures.cohorts import Cohort
from onroll.measures.measure import Measure, Row, Unit
from onroll.measures.periods import PeriodKind

from ..counted import GRADES, counted


def rows(cohort: Cohort) -> Iterator[Row]:
    """A row for each audit completed in the period: 1 if its overall grade is good or outstanding."""
    for audit in counted(cohort).audits_of(cohort):
        yield Row(audit.child, int(audit.passes), own={"grade": audit.grade, "auditor": audit.auditor})


def of_social_workers(cohort: Cohort) -> Iterator[Row]:
    """The same for the audits of children who had a social worker on the day of the meeting, beside that person."""
    held, facts = counted(cohort), cohort.facts
    for audit in held.audits_of(cohort):
        met = held.plan(audit).meeting_on
        worker = facts.worker_of(audit.child, Role.SOCIAL_WORKER, met) if met else None
        if met is None or worker is None:
            continue
        team = facts.team_of(worker, Role.SOCIAL_WORKER, met)
        own = {"social_worker": held.social_workers[worker], "team_then": facts.teams[team][1] if team else ""}
        yield Row(audit.child, int(audit.passes), own=own)


MEASURE = Measure(
    id="audits-good",
    title="Audited PEPs graded good or outstanding",
    part="Audits with the overall grade good or outstanding",
    whole="Audits of PEPs completed in the month",
    unit=Unit.PERCENT,
    period=PeriodKind.MONTH,
    better="higher",
    source="Audits of PEPs",
    group="PEPs",
    answers=("W16",),
    beside=("audits-done", "audits-good-in-learning", "audits-good-by-social-worker"),
    of="audits",
    own={"grade": "Grade", "auditor": "Who audited"},
    own_words={"grade": GRADES, "auditor": {"": "Not recorded"}},
    sections=(Section.PEP,),
    rows=rows,
)
BY_SOCIAL_WORKER = replace(
    MEASURE,
    id="audits-good-by-social-worker",
    title="Good or outstanding audits of PEPs by social worker",
    whole="Audits completed in the term of children who had a social worker on the day of the PEP meeting",
    period=PeriodKind.TERM,
    source="Audits of PEPs and who was whose social worker",
    answers=("W20",),
    beside=("audits-good",),
    own={"social_worker": "Social worker on the day of the meeting", "team_then": "Team on that day"},
    own_words={"social_worker": {}, "team_then": {"": "No team"}},
    rows=of_social_workers,
)
MEASURES = (MEASURE, BY_SOCIAL_WORKER)
