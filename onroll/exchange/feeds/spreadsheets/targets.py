"""The spreadsheet of last term's targets, so that the first term with Onroll begins with a review and not blank.

Each row is one target of one plan. Where the child has no plan of that term here, one is made: held and signed off on
the day that the row gives. What is finished opens nothing, and the next plan shows its targets for review.
"""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from onroll.authorities.models import CalendarEntry
from onroll.codes.years import academic_year, academic_year_of, term_of
from onroll.design.words import day as day_words
from onroll.exchange.feeds.exchange.tables.peps import book_of, keep, known_as
from onroll.exchange.feeds.exchange.tables.table import DoesNotFit, Held, Holdings, Table
from onroll.exchange.feeds.ssda903.cells import day
from onroll.exchange.plans import Changes, Plan
from onroll.exchange.sheets import SheetColumn
from onroll.peps.clock import form_by_age
from onroll.peps.models import Pep, PepTarget
from onroll.peps.workflow import State

from .cells import CHILD, coded, day_or_none, school_year, words
from .mapped import mapped_feed

LONGEST = 2_000
# A plan of the summer may be held after the holidays.
LATE = timedelta(days=60)
_SAID = ("area", "baseline", "success", "action", "owner", "due_on", "outcome")
_AREAS = {
    **dict.fromkeys(("literacy", "reading", "writing", "phonics", "spelling"), PepTarget.Area.ENGLISH.value),
    **dict.fromkeys(("numeracy", "number", "math"), PepTarget.Area.MATHS.value),
    **dict.fromkeys(
        ("wellbeing", "well-being", "emotional", "social", "behaviour", "mental health"), PepTarget.Area.SEMH.value
    ),
    **dict.fromkeys(("aspirations", "careers", "next steps"), PepTarget.Area.ASPIRATION.value),
    **dict.fromkeys(("other",), PepTarget.Area.OTHER.value),
}
_OUTCOMES = {
    **dict.fromkeys(("achieved", "fully met", "yes"), PepTarget.Outcome.MET.value),
    **dict.fromkeys(
        ("partially met", "part met", "partially", "partially achieved", "partly achieved"),
        PepTarget.Outcome.PARTLY.value,
    ),
    **dict.fromkeys(("not", "no", "unmet", "not achieved"), PepTarget.Outcome.NOT_MET.value),
    "stopped": PepTarget.Outcome.STOPPED.value,
}


# Which plan


def _values(row: dict[str, Any], holdings: Holdings) -> dict[str, Any]:
    child = holdings.children.get(row["child_id"])
    if child is None:
        raise DoesNotFit("Child’s number", f"{row['child_id']} is the number of no child here")
    plan = _plan_of(row, holdings.numbers[child.pk], holdings)
    return {
        "child_id": holdings.numbers[child.pk],
        "pep_id": known_as(plan),
        "text": _on_one_line(row["text"]),
        **{name: row[name] for name in _SAID},
    }


def _plan_of(row: dict[str, Any], number: str, holdings: Holdings) -> Pep:
    """The plan that a row is of: held, or planned here and made with its first target."""
    on, book = row["on"], book_of(holdings)
    if on > holdings.actor.today:
        raise DoesNotFit("Day of the plan", f"{day_words(on)} is still to come. Give the day on which it was held")
    year, term = _term_of(row, holdings)
    of_year = academic_year(year)
    if not of_year.start <= on < of_year.end + LATE:
        raise DoesNotFit("Day of the plan", f"{day_words(on)} is not in the school year {year.replace('-', '/')}")
    held = list(book.in_term[number, year, term].values())
    if held:
        plan = min(held, key=lambda pep: _comes(pep, on))
        if plan.state == State.MISSED:
            raise DoesNotFit("Term", f"The {plan.title} was closed here without being done, so it has no targets")
        return plan
    child = holdings.children[number]
    plan = Pep(
        authority_id=holdings.actor.authority,
        child=child,
        kind=Pep.Kind.TERMLY.value,
        form=form_by_age(child.birth_date, holdings.clock_settings, on=on).value,
        academic_year=year,
        term=term,
        state=State.SIGNED_OFF.value,
        meeting_on=on,
        held_on=on,
        signed_off_on=on,
        source=holdings.source,
    )
    book.add(number, plan)
    return plan


_ORDER = [Pep.Kind.TERMLY, Pep.Kind.INITIAL, Pep.Kind.EVENT, Pep.Kind.CLOSING]


def _comes(pep: Pep, on: date) -> tuple[bool, bool, int, int]:
    """Of several plans of a term first the one that was done and held on the day."""
    other_day = on not in (pep.held_on, pep.meeting_on)
    return pep.state == State.MISSED, other_day, _ORDER.index(Pep.Kind(pep.kind)), pep.pk or 0


def _term_of(row: dict[str, Any], holdings: Holdings) -> tuple[str, str]:
    """The school year and term of a row. What it does not say is that of its day; of a holiday, of the term before."""
    on: date = row["on"]
    began = [
        term for term in holdings.calendar.terms if term.start <= on and term.academic_year == academic_year_of(on)
    ]
    by_day = max(began, key=lambda term: term.start, default=None)
    term = row["term"] or (by_day.term if by_day and by_day.term else term_of(on).value)
    return row["academic_year"] or academic_year_of(on), term


def _on_one_line(text: str) -> str:
    """The words that a target is found again by: a cell breaks lines where a box of ours does not."""
    return " ".join(text.split())


# Its targets


def _held(holdings: Holdings) -> Iterable[Held]:
    for (number, _), target in book_of(holdings).targets.items():
        said = {name: getattr(target, name) for name in _SAID}
        names = {"child_id": number, "pep_id": known_as(target.pep), "text": _on_one_line(target.text)}
        yield Held({**names, **said}, (target,))


def _follow(rows: list[dict[str, Any]], holdings: Holdings, changes: Changes) -> None:
    """Leave what is held where an empty cell says nothing, and how it went where a later plan has said it."""
    held = {TABLE.key_of(each.values): each for each in _held(holdings)}
    for values in rows:
        before = held.get(TABLE.key_of(values))
        if before is not None:
            keep(values, before.values, _SAID)
            if before.records[0].reviewed_on:
                values["outcome"] = before.values["outcome"]
        values["area"] = values["area"] or PepTarget.Area.OTHER.value


def _new_target(values: dict[str, Any], holdings: Holdings, changes: Changes) -> None:
    book = book_of(holdings)
    plan = book.pep(values)
    others = book.targets_of[plan.public_id]
    if any(_on_one_line(each.text) == values["text"] for each in others):
        raise DoesNotFit("Target", "stands in this plan already, or twice in this file")
    if plan.pk is None and not others:
        changes.create(plan)
    target = PepTarget(
        authority_id=plan.authority_id,
        child=plan.child,
        pep=plan,
        source=holdings.source,
        place=max((each.place for each in others), default=0) + 1,
        **{name: values[name] for name in ("text", *_SAID)},
    )
    book.add_target(values["child_id"], changes.create(target))


def _alter_target(held: Held, values: dict[str, Any], holdings: Holdings, changes: Changes) -> None:
    (target,) = held.records
    if target.source != holdings.source:
        raise DoesNotFit("Target", "is in the plan here already and says otherwise: what stands here stays")
    changes.update(target, **{name: values[name] for name in _SAID})


def _tell_of_plans(plan: Plan, holdings: Holdings) -> None:
    made: list[Any] = plan.changes.creates.get(Pep, [])
    if made:
        words = "made for them, held and signed off on their day, where none of the term is here"
        will = (f"plan will be {words}", f"plans will be {words}")
        did = (f"plan was {words}", f"plans were {words}")
        plan.sentence("peps", len(made), will, did, children={holdings.numbers[pep.child_id] for pep in made})


TABLE = Table(
    "pep_targets", "Targets of PEPs", (), ("child_id", "pep_id", "text"), _held, _new_target, _alter_target, _follow
)
TARGETS = mapped_feed(
    "targets",
    "Last term’s targets",
    "A spreadsheet of the targets of past PEPs: one row for each target, with the day of its plan.",
    [
        CHILD,
        SheetColumn(
            "on",
            "Day of the plan",
            day,
            ("date of plan", "pep date", "date of pep", "meeting date", "date of meeting", "pep meeting"),
            needed=True,
            hint="The day on which its meeting was held, like 12/11/2025",
        ),
        SheetColumn(
            "academic_year",
            "School year",
            school_year,
            ("academic year",),
            hint="Like 2025/26. Empty: the year of the day",
        ),
        SheetColumn(
            "term",
            "Term",
            coded(dict(CalendarEntry.Term.choices), "a term", {"aut": "autumn", "spr": "spring", "sum": "summer"}),
            ("pep term", "school term"),
            hint="Autumn, spring or summer. Empty: the term of the day",
        ),
        SheetColumn(
            "area",
            "Area",
            coded(dict(PepTarget.Area.choices), "an area of targets", _AREAS),
            ("subject", "target area", "area of need"),
            hint="English, mathematics, social and emotional, attendance, aspiration. Empty: something else",
        ),
        SheetColumn(
            "text",
            "Target",
            words(LONGEST),
            ("smart target", "target text", "objective", "pep target"),
            needed=True,
            hint="A target is known again by the child, the plan and these words",
        ),
        SheetColumn(
            "baseline", "Starting point", words(LONGEST), ("baseline", "current position")
        ),
        SheetColumn(
            "success",
            "How we will know",
            words(LONGEST),
            ("success", "success criteria", "how will we know"),
        ),
        SheetColumn(
            "action",
            "What is done",
            words(LONGEST),
            ("action", "actions", "what will be done"),
        ),
        SheetColumn("owner", "Who", words(200), ("owner", "by whom", "who does it", "person responsible")),
        SheetColumn("due_on", "By when", day_or_none, ("due", "due date", "deadline", "target date")),
        SheetColumn(
            "outcome",
            "How it went",
            coded(dict(PepTarget.Outcome.choices), "how a target went", _OUTCOMES),
            ("outcome", "met", "achieved"),
            hint="Met, partly, not, or empty where nobody has said",
        ),
    ],
    TABLE,
    _values,
    source="school",
    order=24,
    tell=_tell_of_plans,
)  # fmt: skip
