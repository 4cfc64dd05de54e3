"""What `onroll measures` and `onroll measure` answer: the catalogue, and one figure with its parts and its children."""

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

from onroll.access.actors import Actor
from onroll.access.can import Can, can
from onroll.access.sections import Section, may_read
from onroll.children.models import Child
from onroll.codes.years import Period, Term, academic_year
from onroll.history.viewing import listed, noted
from onroll.measures import periods
from onroll.measures.catalogue import CATALOGUE
from onroll.measures.characteristics import CHARACTERISTICS
from onroll.measures.cohorts import Cohort
from onroll.measures.engine import Group, NotADimension, read
from onroll.measures.measure import Measure
from onroll.measures.periods import PeriodKind
from onroll.measures.showing import Amount, Seen, seen
from onroll.measures.views import is_for
from onroll.plans.reporting import plan_of_year
from onroll.reports.papers import as_file, plan_paper, scorecard_of

from .installation import Refused

NO_FIGURES = "Your role does not show figures."


def catalogue() -> list[dict[str, Any]]:
    """Every measure in words."""
    return [
        {
            "id": measure.id,
            "title": measure.title,
            "part": measure.part,
            "whole": measure.whole,
            "unit": measure.unit.value,
            "period": measure.period.value,
            "answers": list(measure.answers),
        }
        for measure in CATALOGUE
    ]


def named(key: str) -> Measure:
    """The measure with this id, or the one that answers this plan measure."""
    found = CATALOGUE.find(key)
    if found is None:
        raise Refused(f"There is no measure “{key}”. `onroll measures` lists them all.")
    return found


def period_asked(
    measure: Measure,
    cohort: Cohort,
    *,
    as_at: date | None,
    first: date | None,
    last: date | None,
    year: str,
    term: str,
) -> Period:
    """The period that the words of the command name. Both days of `first` and `last` belong to it.

    A figure of the year to date that is asked for a term runs from the year's first day to the end of the term.
    """
    if (first is None) != (last is None):
        raise Refused("Give both days of the period: --from and --to.")
    if sum(1 for each in (as_at, first, year) if each) > 1:
        raise Refused("Ask for one period: --as-at, or --from with --to, or --year.")
    if first is not None and last is not None:
        if last < first:
            raise Refused(f"The period ends before it begins: {first} to {last}.")
        return Period(first, last + timedelta(days=1))
    if term and not year:
        raise Refused("Name the year of the term too, like --year 2025-26 --term spring.")
    if year:
        try:
            whole = academic_year(year)
        except ValueError as wrong:
            raise Refused(str(wrong)) from None
        if not term:
            return whole
        of_term = periods.named_term(year, Term(term), cohort.calendar)
        return Period(whole.start, of_term.end) if measure.period is PeriodKind.ACADEMIC_YEAR else of_term
    return periods.up_to(measure.period, as_at or cohort.actor.today, cohort.calendar)


def figure(key: str, actor: Actor, *, by: list[str], children: str, **asked: Any) -> dict[str, Any]:
    """One figure as the contract has it. `children` is "" for none, "whole" or "part".

    For a person it is what their page shows: their own reach, small numbers hidden, and no child they may not see.
    """
    measure = named(key)
    if not can(actor, Can.SEE_FIGURES) or not is_for(measure, actor):
        raise Refused("Your role does not show this figure." if can(actor, Can.SEE_FIGURES) else NO_FIGURES)
    cohort = Cohort.for_actor(actor, as_at=actor.today)
    cohort = cohort.over(period_asked(measure, cohort, **asked))
    for each in by:
        known = CHARACTERISTICS.get(each)
        if known is not None and not known.is_for(actor):
            raise Refused(f"Your role does not divide figures by {known.title.lower()}.")
    by = by or ([measure.listed_by] if measure.listed_by else [])
    try:
        shown = seen(read(measure, cohort, by=by))
    except NotADimension as wrong:
        raise Refused(str(wrong)) from None
    if shown.refused:
        raise Refused(shown.refused)
    answer = {
        "id": measure.id,
        "title": measure.title,
        "as_at": cohort.as_at,
        "from": cohort.period.start,
        "to": cohort.period.last_day,
        **_amounts(shown.total),
        "unit": measure.unit.value,
        "breakdown": [
            {"group": group.code, "words": group.label, **_amounts(amount)} for group, amount in _ordered(shown)
        ],
    }
    if children:
        answer["children"] = _numbers(shown, children)
    return answer


def _ordered(shown: Seen) -> list[tuple[Group, Amount]]:
    """The groups in their order; of a list the longest first."""
    if not shown.reading.measure.listed_by:
        return list(shown.groups)
    return sorted(shown.groups, key=lambda each: (-(each[1].part or 0), each[0].label))


def _amounts(amount: Amount) -> dict[str, Any]:
    found = {"part": _number(amount.part), "whole": amount.whole, "value": _number(amount.value)}
    return found | ({"hidden": True} if amount.hidden else {})


def _number(amount: int | Decimal | Fraction | None) -> int | float | None:
    """An amount as a number of JSON: whole where it is whole, and else the nearest that there is."""
    if amount is None:
        return None
    return int(amount) if amount == int(amount) else float(amount)


def _numbers(shown: Seen, which: str) -> list[str]:
    """The authority's numbers of the children behind a figure, in order. That they were listed is written down."""
    reading, actor = shown.reading, shown.reading.cohort.actor
    keys = reading.children_in_part if which == "part" else reading.children
    if actor.is_person:
        if not may_read(actor, Section.NUMBERS):
            raise Refused("Your role does not show the numbers of children.")
        if not reading.cohort.reads(reading.measure.sections):
            raise Refused("Your role does not show the children behind this figure.")
        keys &= frozenset(Child.visible_to(actor).values_list("pk", flat=True)) - reading.cohort.marked
    listed(actor, sorted(keys), route="onroll measure")
    return sorted(reading.cohort.facts.numbers[key] for key in keys)


def report(name: str, actor: Actor, *, year: str, kind: str) -> tuple[str, bytes]:
    """The title and the file, of this kind, of a report: of the year's last day, or of today while the year goes on."""
    try:
        period = academic_year(year)
    except ValueError as wrong:
        raise Refused(str(wrong)) from None
    if name == "plan":
        if not can(actor, Can.SEE_PLAN):
            raise Refused("Your role does not show plans.")
        plan = plan_of_year(actor, year)
        if plan is None:
            raise Refused(f"No plan ran in {year}.")
        paper = plan_paper(plan, actor)
    else:
        if not can(actor, Can.SEE_FIGURES):
            raise Refused(NO_FIGURES)
        paper = scorecard_of(actor, as_at=min(period.last_day, actor.today)).paper
    noted(actor, "report", route=f"onroll report {name}", outcome="made")
    return paper.title, as_file(paper, kind)


def in_words(answer: dict[str, Any]) -> str:
    """The same for a person at the terminal."""
    lines = [f"{answer['title']}, {answer['from']} to {answer['to']}", f"  {_said(answer, answer['unit'])}"]
    lines += [f"  {group['words']}: {_said(group, answer['unit'])}" for group in answer["breakdown"]]
    lines += [f"  {number}" for number in answer.get("children", [])]
    return "\n".join(lines)


def _said(amounts: dict[str, Any], unit: str) -> str:
    if amounts.get("hidden"):
        return "hidden"
    if amounts["value"] is None:
        return "no data"
    if amounts["whole"] is None:
        return f"{amounts['part']:,}"
    value = f"{amounts['value']:.1f}" + ("%" if unit == "percent" else " days")
    return f"{value} ({amounts['part']:,} of {amounts['whole']:,})"
