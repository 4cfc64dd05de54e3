"""Published figures read and compared with those held. What a file leaves out stays as it is."""

import re
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from onroll.access.actors import Actor
from onroll.authorities.models import Authority
from onroll.exchange.plans import Checked, FileRead, Options, Plan
from onroll.exchange.problems import Grade, Problem, Unreadable
from onroll.exchange.reading import Upload, read_csv
from onroll.exchange.writing import new
from onroll.measures.comparators import neighbours_of, regions_of
from onroll.measures.models import PublishedFigure

from .layouts import LAYOUTS, Layout

# measure, group, level, place, year: what one figure is of.
Key = tuple[str, str, str, str, str]

_MARKERS = {marker: marker for marker in PublishedFigure.Marker.values} | {"na": "-", ":": "x", "": "-"}
# Spreadsheets leave tails such as 8.8000000000000007, and nothing is published to more digits than this.
_EXACT = Decimal("0.00000001")
_COUNTS = ("part", "whole")
_LONGEST = {"measure": 60, "group": 30, "place": 40, "year": 7}


@dataclass
class Facts:
    """Each figure of the files, by what it is of. Of two in one load the later counts."""

    figures: dict[Key, dict[str, Any]] = field(default_factory=dict)


def check(uploads: list[Upload], options: Options) -> Checked:
    """Every figure of every file, or why it can't be read. A file of no known layout is refused."""
    checked = Checked(facts=Facts())
    for upload in uploads:
        sheet = read_csv(upload)
        layout = next((each for each in LAYOUTS if each.known_by <= set(sheet.headings)), None)
        if layout is None:
            raise Unreadable(
                f"{upload.name} is in none of the layouts of published statistics that Onroll knows. Load the data "
                "file of the release as it was published, or a list with the columns year, measure, group and value."
            )
        checked.files.append(FileRead(upload.name, len(sheet.rows), f"{layout.release}, {sheet.encoding}"))
        for value in layout.missing(sheet.headings):
            wrong = f"There is no column {' or '.join(value.headings)}."
            checked.problems.append(_noted(upload.name, None, value.headings[0], wrong, "Its figures were left out."))
        for line, cells in sheet.rows:
            _read(layout, dict(zip(sheet.headings, cells, strict=False)), upload.name, line, checked)
    if not checked.facts.figures:
        raise Unreadable("There is no published figure here.")
    return checked


def _read(layout: Layout, row: dict[str, str], file: str, line: int, checked: Checked) -> None:
    place = layout.place(row)
    if place is None:
        return
    for figure in layout.figures(layout, row):
        year = layout.year(row, figure.measure)
        key: Key = (figure.measure, figure.group, *place, year)
        try:
            values = {"provisional": layout.provisional(row), "release": (row.get("source") or layout.release)[:100]}
            values["value"], values["marker"] = _number(figure.value)
            values["part"], values["whole"] = _number(figure.part)[0], _number(figure.whole)[0]
            until = row.get("confidential_until", "")
            values["confidential_until"] = date.fromisoformat(until) if until else None
            _fits(key)
        except ValueError as why:
            wrong, done = str(why), "The figure was left out."
            checked.problems.append(_noted(file, line, figure.measure[:60], wrong, done, Grade.LEFT_OUT))
        else:
            checked.facts.figures[key] = values


def _number(cell: str) -> tuple[Decimal | None, str]:
    """A value and no marker, or a marker and no value. A marker is never 0."""
    if (marker := _MARKERS.get(cell.lower())) is not None:
        return None, marker
    try:
        number = Decimal(cell.replace(",", ""))
        if not number.is_finite() or abs(number) >= 10**11:
            raise InvalidOperation
        exact = number.quantize(_EXACT)
    except InvalidOperation:
        raise ValueError(f"“{cell[:20]}” is neither a number nor one of the marks c, x, z, k and low.") from None
    # A tail of a spreadsheet rounds away; a figure that is published to many digits keeps them.
    return exact, ""


def _fits(key: Key) -> None:
    if not re.fullmatch(r"20\d\d(/\d\d)?", key[4]):
        raise ValueError(f"“{key[4][:20]}” is not a year like 2024/25 or 2025.")
    for (name, longest), said in zip(_LONGEST.items(), (key[0], key[1], key[3], key[4]), strict=True):
        if len(said) > longest or (not said and name != "place"):
            raise ValueError(f"“{said[:20]}” can't be the {name} of a figure.")


def _noted(file: str, line: int | None, column: str, wrong: str, done: str, grade: Grade = Grade.NOTED) -> Problem:
    return Problem(grade, "published", file, line, "", column, wrong, done)


def plan(checked: Checked, *, actor: Actor, options: Options) -> Plan:
    """Which figures are new, which were revised, and which were left alone because a newer release has them."""
    facts: Facts = checked.facts
    released_on = options.as_at or actor.today
    authority = Authority.objects.get(pk=actor.authority)
    near = {("england", ""), ("authority", authority.code)}
    near |= {("region", name) for name in regions_of(authority)}
    near |= {("authority", code) for code in neighbours_of(authority)}
    wanted = {key: values for key, values in facts.figures.items() if key[2:4] in near}
    held = {
        (row.measure, row.group, row.level, row.place, row.year): row
        for row in PublishedFigure.objects.filter(authority_id=actor.authority)
    }
    found, counts = Plan(), {"new": 0, "revised": 0, "same": 0, "older": 0}
    for key, values in wanted.items():
        counts[_compare(held.get(key), key, values, released_on, actor, found)] += 1
    for name, words in (("new", "added"), ("revised", "revised")):
        found.sentence(
            name,
            counts[name],
            (f"published figure will be {words}", f"published figures will be {words}"),
            (f"published figure was {words}", f"published figures were {words}"),
        )
    found.sentence("same", counts["same"], "are as they are held", "were as they are held")
    found.sentence(
        "older",
        counts["older"],
        "are of an older release than those held, and stay out",
        "were of an older release than those held, and stayed out",
    )
    others = len(facts.figures) - len(wanted)
    found.sentence("others", others, "are of other places, and stay out", "were of other places, and stayed out")
    return found


def _compare(
    row: PublishedFigure | None, key: Key, values: dict[str, Any], released_on: date, actor: Actor, found: Plan
) -> str:
    if row is None:
        measure, group, level, place, year = key
        found.changes.create(
            new(
                PublishedFigure,
                authority_id=actor.authority,
                measure=measure,
                group=group,
                level=level,
                place=place,
                year=year,
                released_on=released_on,
                **values,
            )
        )
        return "new"
    # A list without the counts behind a figure, or of another name, says nothing new by that.
    said = {name: value for name, value in values.items() if name != "release" and (value or name not in _COUNTS)}
    if all(getattr(row, name) == value for name, value in said.items()):
        return "same"
    if released_on < row.released_on:
        return "older"
    found.changes.update(row, released_on=released_on, **values)
    return "revised"
