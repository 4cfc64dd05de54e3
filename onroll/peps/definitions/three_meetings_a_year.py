"""Pupils with a PEP meeting in each term of the academic year.

During the year each term that has ended so far counts. A meeting counts for the term of its day; a day in a holiday is
of the term just ended. Counted are the pupils who had plans, being looked after and of the age for them, from the first
to the last day of each of these terms.

Worked example, from 2025-09-01 to 2026-04-20:

    term 2025-09-02..2025-12-20
    term 2026-01-05..2026-03-28
    term 2026-04-13..2026-07-22
    deadline 2025-11-21
    deadline 2026-03-06
    deadline 2026-06-12
    Ada: born 2012-05-01; care 2023-01-10; pep autumn 2025-26 met=2025-11-10; pep spring 2025-26 met=2026-04-02 -> 1 of 1
    Ben: born 2014-02-03; care 2024-02-01; pep autumn 2025-26 met=2025-11-10; pep spring 2025-26 met=2026-04-14 -> 0 of 1
    Cal: born 2015-11-20; care 2025-09-03; pep initial 2025-26 term=autumn met=2025-09-20 -> left out
    Dee: born 2012-07-09; care 2024-08-01..2026-03-27; pep autumn 2025-26 met=2025-11-10 -> left out
    Eli: born 2022-10-09; care 2024-01-01; pep spring 2025-26 met=2026-02-10 -> left out
    all: 1 of 2
"""

from collections.abc import Iterator

from onroll.access.sections import Section
from onroll.children.queries import SHORT_BREAKS
from onroll.codes.years import Period, academic_year_of
from onroll.measures.cohorts import Cohort
from onroll.measures.facts import Episode
from onroll.measures.measure import Measure, Row, Unit
from onroll.measures.periods import PeriodKind, containing

from ..clock import birthday
from ..counted import by, counted


def rows(cohort: Cohort) -> Iterator[Row]:
    """A row for each pupil who had plans all through the terms that have ended: 1 with a meeting in each of them."""
    held, calendar = counted(cohort), cohort.calendar
    ended = [each for each in held.terms_of(academic_year_of(cohort.as_at)) if each.last_day <= cohort.as_at]
    if not ended:
        return
    with_holidays = [containing(PeriodKind.TERM, each.start, calendar) for each in ended]
    rolls = [cohort.roll_on(day) for each in ended for day in (each.start, each.last_day)]
    for child in set(rolls[0]).intersection(*rolls[1:]):
        if not _has_plans(cohort, child, ended):
            continue
        met = [plan.held_on for plan in held.plans.get(child, ()) if plan.held_on and by(plan.held_on, cohort.as_at)]
        yield Row(child, int(all(any(day in term for day in met) for term in with_holidays)))


def _has_plans(cohort: Cohort, child: int, terms: list[Period]) -> bool:
    """Whether the child was looked after on every day of these terms, and of the age for plans."""
    born = cohort.children[child].birth_date
    age = counted(cohort).clock.pep_age(born) <= terms[0].start and terms[-1].last_day < birthday(born, 18)
    care = [episode for episode in cohort.facts.episodes.get(child, ()) if episode.legal_status not in SHORT_BREAKS]
    return age and all(_covers(care, term) for term in terms)


def _covers(care: list[Episode], term: Period) -> bool:
    """Whether these episodes, oldest first, leave no day of a term out."""
    reached = term.start
    for episode in care:
        if episode.start > reached:
            break
        reached = max(reached, episode.end or term.end)
    return reached >= term.end


MEASURE = Measure(
    id="pep-meeting-each-term",
    title="Pupils with a PEP meeting in each term of the year",
    part="Pupils with a PEP meeting in each term of the academic year that has ended so far",
    whole="Pupils who were looked after, and of the age for PEPs, through all these terms",
    unit=Unit.PERCENT,
    period=PeriodKind.ACADEMIC_YEAR,
    better="higher",
    source="PEPs, care episodes and the school calendar",
    group="PEPs",
    answers=("M37",),
    beside=("peps-up-to-date",),
    of="pupils",
    accumulates=True,
    sections=(Section.PEP,),
    rows=rows,
)
