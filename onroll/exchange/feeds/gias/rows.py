"""From files to what the register says: schools by their URN, inspections, and which school followed which."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from onroll.codes import ESTABLISHMENT_TYPE
from onroll.exchange.plans import Checked, FileRead, Options
from onroll.exchange.problems import BadValue, Grade, Problem, Unreadable
from onroll.exchange.reading import Clock, Limits, Sheet, Upload, read_csv
from onroll.schools.models import School

from .columns import COLUMNS, LINK_COLUMNS, Column

# The fields of a school that a row fills, as far as the file has their columns.
_OWN_FIELDS = frozenset(field.name for field in School._meta.concrete_fields)


@dataclass(slots=True)
class SchoolRow:
    """What one row says of one school: only the fields whose columns the file has."""

    urn: str
    values: dict[str, Any]
    file: str
    line: int

    @property
    def changed_on(self) -> date | None:
        return self.values.get("changed_on")


@dataclass(slots=True)
class Inspected:
    urn: str
    on: date
    overall: int


@dataclass(slots=True)
class Link:
    """One school followed another, or the two became one (`is_sure` False: their own dates say which was first)."""

    predecessor: str
    successor: str
    on: date | None
    words: str
    is_sure: bool = True


@dataclass
class Facts:
    schools: dict[str, SchoolRow] = field(default_factory=dict)
    inspections: dict[tuple[str, date], Inspected] = field(default_factory=dict)
    links: list[Link] = field(default_factory=list)
    # Links of kinds that say nothing about who followed whom.
    other_links: int = 0


def check(uploads: list[Upload], options: Options) -> Checked:
    """Read every file as what its headings say it is. What is not of the register is passed over, and said."""
    limits = Limits()
    clock = Clock(limits.seconds)
    checked = Checked(facts=Facts())
    registers: list[tuple[Sheet, dict[str, int]]] = []
    links: list[tuple[Sheet, dict[str, int]]] = []
    for upload in uploads:
        if upload.kind != "csv":
            checked.files.append(FileRead(upload.name, 0, _why_passed_over(upload)))
            continue
        sheet = read_csv(upload, limits, clock)
        places = _places(sheet.headings, LINK_COLUMNS)
        if {"urn", "other_urn", "kind"} <= places.keys():
            links.append((sheet, places))
            continue
        places = _places(sheet.headings, COLUMNS)
        if {"urn", "name"} <= places.keys():
            registers.append((sheet, places))
        else:
            checked.files.append(
                FileRead(upload.name, 0, "Passed over: it has no columns of the register of schools (URN and name).")
            )
    if not registers and not links:
        names = ", ".join(upload.name for upload in uploads)
        raise Unreadable(
            f"{names} does not hold the register of schools. Its first line should name the columns, among them URN "
            "and EstablishmentName, or URN, LinkURN and LinkType."
        )
    # A layout that says when each school was changed is newer than one that does not, whatever the files are called.
    registers.sort(key=lambda each: ("changed_on" in each[1], each[0].name))
    for sheet, places in registers:
        _read_schools(sheet, places, checked, clock)
    _read_links(links, checked, clock)
    return checked


def _why_passed_over(upload: Upload) -> str:
    if upload.kind == "empty":
        return "Passed over: it is empty."
    return "Passed over: the register is read from CSV files."


def _places(headings: Iterable[str], columns: Iterable[Column]) -> dict[str, int]:
    """Where each column stands in this file, by its heading. The newest of its headings wins."""
    where = {" ".join(heading.lower().split()): place for place, heading in reversed(list(enumerate(headings)))}
    found = {}
    for column in columns:
        for heading in column.headings:
            if heading.lower() in where:
                found[column.name] = where[heading.lower()]
                break
    return found


def _read_schools(sheet: Sheet, places: dict[str, int], checked: Checked, clock: Clock) -> None:
    facts: Facts = checked.facts
    columns = [(column, places[column.name]) for column in COLUMNS if column.name in places]
    width = len(sheet.headings)
    here: set[str] = set()
    for count, (line, cells) in enumerate(sheet.rows):
        if not count & 4095:
            clock.check()
        said: dict[str, Any] = {}
        wrong: list[tuple[str, str]] = []
        for column, place in columns:
            cell = cells[place]
            try:
                said[column.name] = column.read(cell)
            except BadValue as error:
                wrong.append((sheet.headings[place], str(error)))
        number = said.get("urn", "")
        problem = _why_left_out(said, here)
        if problem:
            where = next((heading for heading, _ in wrong if heading.upper() == "URN"), "")
            told = next((words for heading, words in wrong if heading == where), problem) if where else problem
            checked.problems.append(
                Problem(Grade.LEFT_OUT, "school left out", sheet.name, line, "", where, told, "The row was left out.")
            )
            continue
        here.add(number)
        for heading, words in wrong:
            checked.problems.append(
                Problem(
                    Grade.NOTED, "cell not read", sheet.name, line, "", heading, words, "It was left as it is held."
                )
            )
        if len(cells) > width:
            extra = len(cells) - width
            words = f"URN {number} has {extra} {'cell' if extra == 1 else 'cells'} more than there are headings."
            done = "What stands under a heading was read. Look whether the school is right."
            checked.problems.append(Problem(Grade.NOTED, "ragged row", sheet.name, line, "", "", words, done))
        row = SchoolRow(number, _values(said, sheet.name, line, checked), sheet.name, line)
        earlier = facts.schools.get(number)
        if earlier is None or not is_older(row.changed_on, earlier.changed_on):
            if earlier is not None:
                row.values = {**earlier.values, **row.values}
            facts.schools[number] = row
        if said.get("inspected_on") and said.get("overall"):
            inspected = Inspected(number, said["inspected_on"], said["overall"])
            facts.inspections[(number, inspected.on)] = inspected
    checked.files.append(FileRead(sheet.name, len(sheet.rows), f"Schools, {sheet.encoding}"))


def is_older(row: date | None, held: date | None) -> bool:
    """Is what a row says older than what is held? A layout without the day of change is older than one with it."""
    return held is not None and (row is None or row < held)


def _why_left_out(said: dict[str, Any], here: set[str]) -> str:
    if not said.get("urn"):
        return "There is no URN, so it can't be known which school this is."
    if not said.get("name"):
        return f"URN {said['urn']} has no name."
    if said["urn"] in here:
        return f"URN {said['urn']} stands in this file twice. The first row was read."
    return ""


def _values(said: dict[str, Any], file: str, line: int, checked: Checked) -> dict[str, Any]:
    """The fields of a school, as far as the row says anything about them."""
    values = {name: value for name, value in said.items() if name in _OWN_FIELDS}
    values["setting_id"] = said["urn"]
    if said.get("la_code") and "number" in said:
        values["laestab"] = f"{said['la_code']}{said['number']}" if said["number"] else ""
    if "status" not in said and "status_words" in said:
        values["status"] = said["status_words"]
    values["phase"] = phase_of(said)
    opened, closed = said.get("opened_on"), said.get("closed_on")
    if opened and closed and closed < opened:
        values["opened_on"] = None
        words = f"URN {said['urn']} closes before it opens."
        checked.problems.append(
            Problem(Grade.NOTED, "dates", file, line, "", "OpenDate", words, "The opening day was left empty.")
        )
    return values


_PHASES = {
    "1": School.Phase.EARLY_YEARS,
    "2": School.Phase.PRIMARY,
    "3": School.Phase.PRIMARY,
    "4": School.Phase.SECONDARY,
    "5": School.Phase.SECONDARY,
    "6": School.Phase.POST16,
    "7": School.Phase.ALL_THROUGH,
}


def phase_of(said: dict[str, Any]) -> str:
    """The phase of a school: by its type where that says it, else by the register's phase, else by its ages."""
    kind = ESTABLISHMENT_TYPE.get(said.get("type_code") or "")
    if kind is not None:
        if kind.code == "14":
            return School.Phase.PRU.value
        if kind.is_alternative_provision:
            return School.Phase.AP.value
        if kind.is_special:
            return School.Phase.SPECIAL.value
        if kind.is_nursery:
            return School.Phase.EARLY_YEARS.value
        if kind.is_post_16:
            return School.Phase.POST16.value
        if kind.is_secure:
            return School.Phase.OTHER.value
    if said.get("phase_code") in _PHASES:
        return _PHASES[said["phase_code"]].value
    if said.get("is_primary") or said.get("is_secondary") or said.get("is_post_16"):
        if said.get("is_primary"):
            return (School.Phase.ALL_THROUGH if said.get("is_secondary") else School.Phase.PRIMARY).value
        return (School.Phase.SECONDARY if said.get("is_secondary") else School.Phase.POST16).value
    return _phase_by_ages(said.get("age_low"), said.get("age_high"))


def _phase_by_ages(low: int | None, high: int | None) -> str:
    if low is None or high is None or low > high:
        return School.Phase.OTHER.value
    if high <= 5:
        return School.Phase.EARLY_YEARS.value
    if low >= 16:
        return School.Phase.POST16.value
    if low >= 10:
        return School.Phase.SECONDARY.value
    # Preparatory schools keep children to 13.
    return (School.Phase.PRIMARY if high <= 13 else School.Phase.ALL_THROUGH).value


def _read_links(sheets: list[tuple[Sheet, dict[str, int]]], checked: Checked, clock: Clock) -> None:
    """Bring together what the two ends of each link say."""
    facts: Facts = checked.facts
    told: dict[tuple[str, str], tuple[str, date | None]] = {}
    for sheet, places in sheets:
        columns = [(column, places[column.name]) for column in LINK_COLUMNS if column.name in places]
        for count, (line, cells) in enumerate(sheet.rows):
            if not count & 4095:
                clock.check()
            said: dict[str, Any] = {}
            for column, place in columns:
                try:
                    said[column.name] = column.read(cells[place])
                except BadValue as error:
                    said[column.name] = None
                    done = "The link was left out." if column.name != "on" else "The link was read without its day."
                    grade = Grade.LEFT_OUT if column.name != "on" else Grade.NOTED
                    heading = sheet.headings[place]
                    checked.problems.append(Problem(grade, "link", sheet.name, line, "", heading, str(error), done))
            if said["urn"] and said["other_urn"] and said["urn"] != said["other_urn"]:
                told[(said["urn"], said["other_urn"])] = ((said["kind"] or "").lower(), said.get("on"))
        checked.files.append(FileRead(sheet.name, len(sheet.rows), f"Links between schools, {sheet.encoding}"))
    facts.links, facts.other_links = joined(told)


# Two schools became one, and neither end says which of the two went on.
_BECAME_ONE = ("result of amalgamation", "merged", "expansion", "closure")


def joined(told: dict[tuple[str, str], tuple[str, date | None]]) -> tuple[list[Link], int]:
    """One link for each pair of schools, from what either end says, and how many rows say nothing of succession.

    A pair that is listed from one end only is as good as one listed from both.
    """
    links: list[Link] = []
    others: Counter[str] = Counter()
    done: set[frozenset[str]] = set()
    for (urn, other), (kind, on) in told.items():
        pair = frozenset((urn, other))
        if pair in done:
            continue
        back_kind, back_on = told.get((other, urn), ("", None))
        after = kind.startswith("successor") or back_kind.startswith("predecessor")
        before = kind.startswith("predecessor") or back_kind.startswith("successor")
        if not after and not before and not any(each.startswith(_BECAME_ONE) for each in (kind, back_kind) if each):
            others[kind] += 1
            continue
        done.add(pair)
        words = _how(kind) or _how(back_kind)
        if after != before:
            first, second = (urn, other) if after else (other, urn)
            says_after = on if kind.startswith("successor") else back_on if back_kind.startswith("successor") else None
            says_before = (
                on if kind.startswith("predecessor") else back_on if back_kind.startswith("predecessor") else None
            )
            links.append(Link(first, second, first_day(says_after, says_before), words))
        else:
            links.append(Link(urn, other, on or back_on, words, is_sure=False))
    return links, others.total()


def first_day(of_successor: date | None, of_predecessor: date | None) -> date | None:
    """The first day of the school that followed, from the days that the two ends give.

    The old school gives its last day, the new one its first. Where the two are further apart, one of them is the day
    on which somebody typed the link, which comes later.
    """
    last = of_successor + timedelta(days=1) if of_successor and _ends_a_month(of_successor) else of_successor
    days = [each for each in (last, of_predecessor) if each]
    return min(days) if days else None


def _ends_a_month(day: date) -> bool:
    return (day + timedelta(days=1)).day == 1


def _how(kind: str) -> str:
    """“Successor - Split School” was a “split school”; a plain “Successor” says no more."""
    return kind.partition(" - ")[2] if kind.startswith(("successor", "predecessor")) else kind
