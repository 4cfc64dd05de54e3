"""A reading as a reader may have it who may not see every child behind it: hidden, or refused with the reason."""

from dataclasses import dataclass
from fractions import Fraction

from onroll.access.roles import SCHOOL_STAFF

from . import periods
from .engine import Group, Reading, read
from .measure import Unit
from .small_numbers import TOO_FEW, Cell, Shown, Table, hide, hide_one, may_be_crossed, why_not_outside

# By what figures may be broken down outside. None lies within another, as year groups do in phases, schools in areas
# and officers in teams: the difference of two such breakdowns would be a third that nobody looked through.
OUTSIDE = frozenset({"phase", "sex", "ethnicity", "sen", "home_area", "school_area", "legal_status", "time_in_care"})
# Which measure may be crossed there, and by which pair: one measure of the same children, at most.
CROSSINGS: dict[str, frozenset[str]] = {}


@dataclass(frozen=True)
class Outside:
    """What of a reading is shown. `refused` says why it is not given at all; then nothing is shown."""

    total: Shown
    groups: tuple[tuple[Group, Shown], ...] = ()
    refused: str = ""
    why: str = ""


def for_reader(reading: Reading) -> Outside | None:
    """The reading with its small numbers hidden. None for a reader who may see all the children: nothing is hidden.

    Who may see some of them knows about those, and so what is left of the figure: that must be fit to leave too. A
    figure behind which nobody stands is about the whole cohort.
    """
    cohort = reading.cohort
    behind = (reading.children | reading.children_in_part) or frozenset(cohort.children)
    unseen = cohort.unseen(behind) if cohort.reads(reading.measure.sections) else behind
    threshold = cohort.facts.settings.small_number_threshold
    if not unseen:
        # A school has figures of six children or more (row u).
        few = cohort.actor.role in SCHOOL_STAFF and len(behind) <= threshold
        return Outside(Shown(None, None, True), why=TOO_FEW) if few else None
    shown = outside(reading, threshold=threshold)
    if shown.refused or unseen == behind:
        return shown
    rest = _hidden(read(reading.measure, cohort.narrowed(unseen), by=reading.by), threshold)
    if rest.total.hidden:
        return Outside(rest.total, why=TOO_FEW)
    if rest.why or any(each.hidden for _, each in rest.groups):
        return Outside(shown.total, why=TOO_FEW)
    return shown


def outside(reading: Reading, *, threshold: int) -> Outside:
    """The reading as it leaves the circle of those who may see the children."""
    measure, cohort = reading.measure, reading.cohort
    whole_period = periods.containing(measure.period, cohort.period.start, cohort.calendar)
    refused = why_not_outside(
        own_period=measure.period,
        period=measure.period if cohort.period == whole_period else "",
        end=cohort.period.end,
        today=cohort.actor.today,
        by=reading.by,
        filtered=cohort.only is not None,
        allowed=OUTSIDE,
        crossing=CROSSINGS.get(measure.id, frozenset()),
    )
    if refused:
        return Outside(Shown(None, None, True), refused=refused)
    return _hidden(reading, threshold)


def _hidden(reading: Reading, threshold: int) -> Outside:
    measure = reading.measure
    if measure.unit is Unit.YES_NO:
        return Outside(Shown(reading.part if reading.value is not None else None, None, False))
    counts = measure.unit is not Unit.DAYS and measure.unit is not Unit.POUNDS
    cells = {group.codes: _cell(group, measure.unit) for group in reading.breakdown}
    table = _table(_cell(reading, measure.unit), cells, crossed=len(reading.by) > 1, threshold=threshold, counts=counts)
    groups = tuple((group, table.groups[group.codes]) for group in reading.breakdown if group.codes in table.groups)
    return Outside(table.total, groups, why=table.why)


def is_small(reading: Reading) -> bool:
    """Whether the total of a reading would be hidden from a reader outside: then it stands in no text that goes on."""
    return _hidden(reading, reading.cohort.facts.settings.small_number_threshold).total.hidden


def value_of(shown: Shown, unit: Unit) -> Fraction | None:
    """The value that goes with what is shown. None where either count is hidden, or there is nothing to divide by."""
    if shown.hidden or shown.part is None or (unit.has_whole and not shown.whole):
        return None
    return Fraction(shown.part) / (shown.whole or 1) * (100 if unit is Unit.PERCENT else 1)


def _cell(counted: Reading | Group, unit: Unit) -> Cell:
    # An amount is hidden with the few children it is for, however large it is.
    whole = len(counted.children) if unit is Unit.POUNDS else counted.whole
    return Cell(counted.part, whole, len(counted.children))


def _table(total: Cell, groups: dict[tuple[str, ...], Cell], *, crossed: bool, threshold: int, counts: bool) -> Table:
    if not crossed:
        return hide(total, groups, threshold=threshold, counts=counts)
    head = hide_one(total, threshold=threshold, counts=counts)
    if head.hidden or not may_be_crossed(groups.values(), threshold=threshold, counts=counts):
        return Table(head, {}, TOO_FEW)
    return Table(head, {key: Shown(cell.part, cell.whole, False) for key, cell in groups.items()})
