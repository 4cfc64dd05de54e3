"""What others published of the same thing, beside a reading: and in words how it was counted otherwise.

A live reading is hardly ever counted as a published figure is: it is of the children on the roll, and published ones
are mostly of those looked after for twelve months at 31 March. So each comparator says whom it is of and when.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from statistics import mean, median

from onroll.authorities.models import Authority
from onroll.codes import LOCAL_AUTHORITY, read_rows
from onroll.codes.years import Period, academic_year

from .measure import Measure
from .models import PublishedFigure

MODEL_YEAR = "2025"

# Whom a published figure is of, in words.
GROUPS = {
    "CLA_12m": "children looked after for 12 months at 31 March",
    "CLA_12m_aged_5_16": "children aged 5 to 16 looked after for 12 months at 31 March",
    "CLA_31March": "children looked after on 31 March",
    "CLA_2_years": "children looked after for 2 years on 31 March",
    "CLA_2.5_years_under_16": "children under 16 looked after for two and a half years on 31 March",
    "CLA_in_year": "children looked after at any time in the year",
    "care_leavers_19_21": "care leavers aged 19 to 21",
    "care_leavers_18_20": "care leavers aged 18 to 20",
    "CINO": "children in need, without those on a protection plan or looked after",
    "CPPO": "children on a protection plan, without those looked after",
    "all_pupils": "all pupils",
    "fsm": "pupils eligible for free school meals",
    "disadvantaged": "disadvantaged pupils",
}
# The groups that a reading of looked-after children is set against, the first that was published.
_LOOKED_AFTER = ("CLA_12m", "CLA_31March", "CLA_12m_aged_5_16", "CLA_2.5_years_under_16", "CLA_in_year", "CLA_2_years")


@dataclass(frozen=True)
class Comparator:
    """A published figure beside a reading.

    `value` is None where there is none to show: `marker` says why. `differs` says how it was counted otherwise than the
    reading; empty where it is the same. `confidential_until` is a day only inside: outside, until then, it is not here.
    """

    key: str
    title: str
    value: Decimal | None
    marker: str
    year: str
    whom: str
    differs: str
    provisional: bool = False
    confidential_until: date | None = None
    # Of the statistical neighbours: how many there are, and how many of them have a figure.
    of: int = 0
    with_figure: int = 0
    release: str = ""
    released_on: date | None = None

    @property
    def year_words(self) -> str:
        return year_words(self.year)


def year_words(year: str) -> str:
    """“2024/25” as full year 2024/25, “2025” as year to 31 March 2025."""
    return f"full year {year}" if "/" in year else f"year to 31 March {year}"


@cache
def _neighbours() -> dict[str, list[str]]:
    found: dict[str, list[tuple[int, str]]] = {}
    for row in read_rows("statistical_neighbours.csv"):
        if row["model_year"] == MODEL_YEAR:
            found.setdefault(row["la_code"], []).append((int(row["rank"]), row["neighbour_la_code"]))
    return {code: [each for _, each in sorted(ranked)] for code, ranked in found.items()}


def neighbours_of(authority: Authority) -> list[str]:
    """The codes of its ten statistical neighbours by the model of 2025, the closest first. None for an invented one."""
    return _neighbours().get(authority.code, [])


def regions_of(authority: Authority) -> list[str]:
    """The names of its region: Inner and Outer London are published as London too, the nearer first."""
    if authority.region in ("Inner London", "Outer London"):
        return [authority.region, "London"]
    return [authority.region] if authority.region else []


def comparators_for(
    measure: Measure,
    authority: Authority,
    *,
    as_at: date,
    today: date,
    period: Period | None = None,
    twelve_months: bool = False,
    inside: bool,
) -> list[Comparator]:
    """The published figures to set beside a reading of this measure on this day, in the order in which they are shown.

    Of each place the latest year that was over by the reference date, and the same year for all of them. What is
    confidential is there for readers inside the circle alone, until its day.
    """
    if not measure.comparator:
        return []
    rows = [
        row
        for row in PublishedFigure.objects.filter(authority=authority, measure=measure.comparator).order_by("pk")
        if is_over(row.year, as_at) and (inside or not row.is_confidential(today))
    ]
    found: list[Comparator] = []
    for groups in (_LOOKED_AFTER, ("all_pupils",)):
        group = next((each for each in groups if any(row.group == each for row in rows)), "")
        of_group = [row for row in rows if row.group == group]
        if of_group:
            # The latest year that England was published for, else that anybody was.
            national = [row for row in of_group if row.level == PublishedFigure.Level.ENGLAND]
            year = max(row.year for row in national or of_group)
            of_year = [row for row in of_group if row.year == year]
            over = period or Period(as_at, as_at + timedelta(days=1))
            differs = why_counted_otherwise(group, year, over, twelve_months=twelve_months)
            found += _of_places(of_year, authority, group, differs, today)
    return found


def is_over(year: str, on: date) -> bool:
    """Whether a published year ends on this day or ended before."""
    last_day = date(int(year[:4]) + 1, 8, 31) if "/" in year else date(int(year[:4]), 3, 31)
    return last_day <= on


def why_counted_otherwise(group: str, year: str, period: Period, *, twelve_months: bool = False) -> str:
    """How a published figure is counted otherwise than a reading over this period. Empty: it is not.

    A reading is of everyone on the roll, or, with `twelve_months`, of those looked after for twelve months at 31 March.
    """
    at_31_march = (period.last_day.month, period.last_day.day) == (3, 31) and year == str(period.last_day.year)
    same_year = period == academic_year(year.replace("/", "-")) if "/" in year else at_31_march
    if (group == "CLA_12m") if twelve_months else (group == "CLA_31March" and at_31_march):
        return "" if same_year else f"Of another time: the {year_words(year)}."
    return f"Counted differently: {GROUPS.get(group, group)}, {year_words(year)}."


def _of_places(
    rows: list[PublishedFigure], authority: Authority, group: str, differs: str, today: date
) -> Iterable[Comparator]:
    by_place = {(row.level, row.place): row for row in rows}
    suffix = ", all pupils" if group == "all_pupils" else ""
    places = [("england", f"England{suffix}", ("england", ""))]
    regions = regions_of(authority)
    region = next((name for name in regions if ("region", name) in by_place), regions[0] if regions else "")
    places.append(("region", f"{region}{suffix}", ("region", region)))
    for key, title, place in places:
        if row := by_place.get(place):
            yield _one(key, title, row, differs, today)
    near = [by_place[("authority", code)] for code in neighbours_of(authority) if ("authority", code) in by_place]
    if near:
        yield from _neighbours_together(near, len(neighbours_of(authority)), suffix, differs, today)
    if own := by_place.get(("authority", authority.code)):
        yield _one("own", f"{authority.name}, as published{suffix}", own, differs, today)


def _one(key: str, title: str, row: PublishedFigure, differs: str, today: date) -> Comparator:
    return Comparator(
        key=f"{key}_all_pupils" if row.group == "all_pupils" else key,
        title=title,
        value=row.value,
        marker=row.marker and row.get_marker_display(),
        year=row.year,
        whom=GROUPS.get(row.group, row.group),
        differs=differs,
        provisional=row.provisional,
        confidential_until=row.confidential_until if row.is_confidential(today) else None,
        release=row.release,
        released_on=row.released_on,
    )


def _neighbours_together(
    near: list[PublishedFigure], of: int, suffix: str, differs: str, today: date
) -> Iterable[Comparator]:
    """Their median and their mean, of those that have a figure: no figure is not 0."""
    values = [row.value for row in near if row.value is not None]
    days = [row.confidential_until for row in near if row.confidential_until and row.is_confidential(today)]
    until = max(days, default=None)
    for key, name, how in (("median", "Median", median), ("mean", "Mean", mean)):
        yield Comparator(
            key=f"neighbours_{key}{'_all_pupils' if suffix else ''}",
            title=f"{name} of statistical neighbours{suffix}",
            value=how(values) if values else None,
            marker="" if values else "no neighbour has a figure that can be shown",
            year=near[0].year,
            whom=GROUPS.get(near[0].group, near[0].group),
            differs=differs,
            provisional=any(row.provisional for row in near),
            confidential_until=until,
            of=of,
            with_figure=len(values),
            release=near[0].release,
            released_on=max(row.released_on for row in near),
        )


def neighbour_names(authority: Authority) -> list[str]:
    """Their names, the closest first."""
    return [LOCAL_AUTHORITY[code].name for code in neighbours_of(authority)]
