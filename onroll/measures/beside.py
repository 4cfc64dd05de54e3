"""What stands beside a reading on its page: how it is judged, and what was published of the same thing."""

from collections.abc import Sequence
from dataclasses import dataclass

from onroll.design.tables import Cell, Column, Table
from onroll.design.words import day, day_short

from .comparators import MODEL_YEAR, Comparator, comparators_for, neighbour_names
from .engine import Reading
from .measure import Unit
from .models import Target
from .outside import for_reader
from .rag import Judged, rag, said


@dataclass(frozen=True)
class Beside:
    """The state of the reading, the target it was judged by, and the published figures, also as a table."""

    judged: Judged | None
    target: Target | None
    table: Table | None
    published: Sequence[Comparator] = ()
    neighbours: str = ""

    @property
    def target_words(self) -> str:
        """“At least 70% by 31 August 2027”."""
        if self.target is None or self.judged is None:
            return ""
        least = "At least" if self.target.better == Target.Better.HIGHER else "At most"
        return f"{least} {self.target.value.normalize():f} by {day(self.target.due_on)}"


def beside(reading: Reading, *, twelve_months: bool = False) -> Beside:
    """What goes with this reading, for its reader. What is hidden from them is not judged for them either.

    `twelve_months`: the reading is of those looked after for twelve months at 31 March, as published ones are.
    """
    cohort, measure = reading.cohort, reading.measure
    authority = cohort.facts.settings
    hidden = for_reader(reading)
    target = Target.objects.of(authority.pk, measure.id, on=cohort.as_at).filter(characteristic="").first()
    judged = None
    if (hidden is None or not hidden.total.hidden) and (target is not None or measure.accumulates):
        judged = rag(reading, target, authority=authority)
    found = comparators_for(
        measure,
        authority,
        as_at=cohort.as_at,
        today=cohort.actor.today,
        period=cohort.period,
        twelve_months=twelve_months,
        inside=cohort.is_of_the_virtual_school,
    )
    names = ", ".join(neighbour_names(authority)) if any(each.of for each in found) else ""
    return Beside(judged, target, comparators_table(found, measure.unit) if found else None, found, names)


def comparators_table(found: Sequence[Comparator], unit: Unit) -> Table:
    """Published figures as people read them: each with whom it is of, when, and what is different."""
    rows = [
        [
            Cell(each.title, sub=_of_how_many(each)),
            Cell(said(each.value, unit) if each.value is not None else each.marker, sub=_marks(each)),
            Cell(f"{each.whom[:1].upper()}{each.whom[1:]}, {each.year_words}", sub=each.differs.partition(":")[0]),
        ]
        for each in found
    ]
    columns = [Column("Compared with"), Column("Published"), Column("Whom it counts, and when")]
    return Table("What was published", columns, rows)


def _of_how_many(each: Comparator) -> str:
    if not each.of:
        return ""
    return f"{each.with_figure} of {each.of} have a figure; model of {MODEL_YEAR}"


def _marks(each: Comparator) -> str:
    marks = ["Provisional"] if each.provisional else []
    if each.confidential_until is not None:
        marks.append(f"Confidential until {day_short(each.confidential_until)}")
    return ". ".join(marks)
