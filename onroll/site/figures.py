"""What `onroll measures` and `onroll measure` answer: the catalogue, and one figure with its parts and its children."""

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

from onroll.access.actors import Actor
from onroll.codes.years import Period, Term, academic_year
from onroll.history.viewing import listed
from onroll.measures import periods
from onroll.measures.catalogue import CATALOGUE
from onroll.measures.cohorts import Cohort
from onroll.measures.engine import NotADimension, Reading, read
from onroll.measures.measure import Measure
from onroll.measures.periods import PeriodKind

from .installation import Refused


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
    """One figure as the contract has it. `children` is "" for none, "whole" or "part"."""
    measure = named(key)
    cohort = Cohort.for_actor(actor, as_at=actor.today)
    cohort = cohort.over(period_asked(measure, cohort, **asked))
    try:
        reading = read(measure, cohort, by=by)
    except NotADimension as wrong:
        raise Refused(str(wrong)) from None
    answer = {
        "id": measure.id,
        "title": measure.title,
        "as_at": cohort.as_at,
        "from": cohort.period.start,
        "to": cohort.period.last_day,
        **_amounts(reading),
        "unit": measure.unit.value,
        "breakdown": [{"group": group.code, "words": group.label, **_amounts(group)} for group in reading.breakdown],
    }
    if children:
        answer["children"] = _numbers(reading, children)
    return answer


def _amounts(read_off: Any) -> dict[str, Any]:
    return {"part": _number(read_off.part), "whole": read_off.whole, "value": _number(read_off.value)}


def _number(amount: int | Decimal | Fraction | None) -> int | float | None:
    """An amount as a number of JSON: whole where it is whole, and else the nearest that there is."""
    if amount is None:
        return None
    return int(amount) if amount == int(amount) else float(amount)


def _numbers(reading: Reading, which: str) -> list[str]:
    """The authority's numbers of the children behind a figure, in order. That they were listed is written down."""
    keys = reading.children_in_part if which == "part" else reading.children
    listed(reading.cohort.actor, sorted(keys), route="onroll measure")
    return sorted(reading.cohort.facts.numbers[key] for key in keys)


def in_words(answer: dict[str, Any]) -> str:
    """The same for a person at the terminal."""
    lines = [f"{answer['title']}, {answer['from']} to {answer['to']}", f"  {_said(answer, answer['unit'])}"]
    lines += [f"  {group['words']}: {_said(group, answer['unit'])}" for group in answer["breakdown"]]
    lines += [f"  {number}" for number in answer.get("children", [])]
    return "\n".join(lines)


def _said(amounts: dict[str, Any], unit: str) -> str:
    if amounts["value"] is None:
        return "no data"
    if amounts["whole"] is None:
        return f"{amounts['part']:,}"
    value = f"{amounts['value']:.1f}" + ("%" if unit == "percent" else " days")
    return f"{value} ({amounts['part']:,} of {amounts['whole']:,})"
