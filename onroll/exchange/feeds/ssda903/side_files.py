"""What else a return says: reviews, SDQ scores, times missing, earlier permanence, care leavers' contacts."""

from typing import Any

from onroll.children.models import (
    CareLeaverContact,
    Characteristics,
    MissingEpisode,
    PreviousPermanence,
    Review,
    SDQScore,
)
from onroll.exchange.writing import new

from .comparison import Comparison


def compare_side_files(comparison: Comparison) -> None:
    """Each fact is dated and kept once: a later load of the same day or year corrects it."""
    _asylum_seeking(comparison)
    _sdq(comparison)
    _reviews(comparison)
    _missing(comparison)
    _permanence(comparison)
    _contacts(comparison)


def _asylum_seeking(comparison: Comparison) -> None:
    for said in comparison.said.asylum_seeking:
        holding = comparison.holding_of(said)
        if holding is None:
            continue
        row = holding.characteristics
        if row is None:
            row = holding.characteristics = comparison.changes.create(
                new(Characteristics, **comparison.own(holding.child))
            )
        if row.pk is None:
            row.uasc, row.uasc_until = True, said.until
        else:
            comparison.bring(holding, row, Characteristics, {"uasc": True, "uasc_until": said.until}, said)


def _sdq(comparison: Comparison) -> None:
    theirs = _held(comparison, SDQScore, comparison.said.sdq)
    first, last = comparison.said.year_start, comparison.said.year_end
    for said in comparison.said.sdq:
        holding = comparison.holding_of(said)
        if holding is None:
            continue
        of_the_year = [row for row in theirs.get(holding.child.pk, ()) if first <= row.start <= last]
        row = of_the_year[-1] if of_the_year else None
        values = {"score": said.score, "reason": said.reason}
        comparison.bring(holding, row, SDQScore, values, said, {"start": comparison.told_on})


def _reviews(comparison: Comparison) -> None:
    by_day = _by(comparison, Review, comparison.said.reviews, "on")
    for said in comparison.said.reviews:
        holding = comparison.holding_of(said)
        if holding is None:
            continue
        row = by_day.get((holding.child.pk, said.on))
        # A return plans reviews years ahead: those after its last day are not held yet.
        was_held = said.on <= comparison.told_on
        values = {"participation": said.participation}
        comparison.bring(holding, row, Review, values, said, {"on": said.on, "held": was_held})
        if row is not None and was_held and not row.held:
            comparison.mark(holding, comparison.changes.update(row, held=True))


def _missing(comparison: Comparison) -> None:
    by_day = _by(comparison, MissingEpisode, comparison.said.missing, "start")
    for said in comparison.said.missing:
        holding = comparison.holding_of(said)
        if holding is not None:
            row = by_day.get((holding.child.pk, said.start))
            values = {"kind": said.kind, "end": said.end}
            comparison.bring(holding, row, MissingEpisode, values, said, {"start": said.start})


def _permanence(comparison: Comparison) -> None:
    theirs = _held(comparison, PreviousPermanence, comparison.said.permanence)
    for said in comparison.said.permanence:
        holding = comparison.holding_of(said)
        if holding is not None:
            rows = theirs.get(holding.child.pk)
            values = {"kind": said.kind, "la_code": said.la_code, "date_as_sent": said.date_as_sent}
            comparison.bring(holding, rows[-1] if rows else None, PreviousPermanence, values, said)


def _contacts(comparison: Comparison) -> None:
    by_day = _by(comparison, CareLeaverContact, comparison.said.contacts, "on")
    on = comparison.said.year_end
    for said in comparison.said.contacts:
        holding = comparison.holding_of(said)
        if holding is not None:
            row = by_day.get((holding.child.pk, on))
            values = {"in_touch": said.in_touch, "activity": said.activity, "accommodation": said.accommodation}
            comparison.bring(holding, row, CareLeaverContact, values, said, {"on": on})


def _held(comparison: Comparison, model: Any, facts: list[Any]) -> dict[int, list[Any]]:
    return comparison.holdings.theirs(model) if facts else {}


def _by(comparison: Comparison, model: Any, facts: list[Any], name: str) -> dict[tuple[int, Any], Any]:
    """What is held of one kind, by child and day."""
    theirs = _held(comparison, model, facts)
    return {(child, getattr(row, name)): row for child, rows in theirs.items() for row in rows}
