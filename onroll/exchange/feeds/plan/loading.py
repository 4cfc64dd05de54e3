"""Tables of a plan read, dated, bound to measures and compared with what is held."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from onroll.access.actors import Actor
from onroll.codes.years import Period, academic_year
from onroll.exchange.feeds.exchange.loading import Line, compare
from onroll.exchange.feeds.exchange.tables.plan_facts import PLAN_LINKS, PLAN_MILESTONES
from onroll.exchange.feeds.exchange.tables.plans import (
    PLAN_ACTIONS,
    PLAN_GOALS,
    PLAN_SECTIONS,
    PLANS,
    PRINTED,
    book_of,
    dates_of,
)
from onroll.exchange.feeds.exchange.tables.table import Holdings, Table
from onroll.exchange.plans import Checked, FileRead, Options, Plan
from onroll.exchange.problems import Grade, Problem, Unreadable
from onroll.exchange.reading import Upload
from onroll.exchange.sheets import read_sheet
from onroll.plans.dates_as_printed import read
from onroll.plans.models import Plan as PlanHeld

from .sheets import NEEDED, Kind, Named, PlanRows, kind_of, plain

UNNAMED = "Actions"


@dataclass
class Facts:
    """The plans of the files, and the goals and duties that came in files of their own."""

    plans: list[PlanRows] = field(default_factory=list)
    beside: list[PlanRows] = field(default_factory=list)


def check(uploads: list[Upload], options: Options) -> Checked:
    """Each table by its headings. A file with other headings is named and passed over."""
    facts = Facts()
    checked = Checked(facts=facts)
    for upload in uploads:
        kind = None
        if upload.kind in ("csv", "xlsx"):
            sheet = read_sheet(upload)
            kind = kind_of(sheet.headings)
        if kind is None:
            checked.files.append(FileRead(upload.name, 0, "Not read: it has the headings of no table of a plan"))
            continue
        found = PlanRows(Named.of(upload.name), upload.name)
        _read_rows(kind, found, sheet.headings, sheet.rows)
        checked.files.append(FileRead(upload.name, len(sheet.rows), f"{kind.title.capitalize()}, {sheet.encoding}"))
        (facts.plans if kind.title in NEEDED else facts.beside).append(found)
        for line, column, words in found.wrong:
            done = "The cell was left out." if column == "RAG Rating" else "The row was left out."
            checked.problems.append(_problem(found, line, column, words, done, Grade.LEFT_OUT))
    if not facts.plans and not facts.beside:
        raise Unreadable("There is no table of a plan here. Its first row must name columns such as “Action Title”.")
    return checked


def _read_rows(kind: Kind, found: PlanRows, headings: list[str], rows: Iterable[tuple[int, list[str]]]) -> None:
    places = {plain(heading): at for at, heading in enumerate(headings)}
    needed = NEEDED.get(kind.title)
    seen: set[tuple[str, str]] = set()
    for line, row in rows:
        cells = {}
        for column, _ in kind.columns:
            at = places.get(plain(column))
            cells[column] = row[at].strip().replace("\r\n", "\n") if at is not None and at < len(row) else ""
        if needed and not cells[needed]:
            found.wrong.append((line, needed, "There is nothing here, and the row can't do without it"))
            continue
        if needed:
            action = (cells[kind.columns[0][0]], cells[needed])
            if action in seen:
                found.wrong.append((line, needed, "The same action stands under this heading already"))
                continue
            seen.add(action)
        kind.read(found, line, cells)


def _problem(rows: PlanRows, line: int | None, column: str, words: str, done: str, grade: Grade) -> Problem:
    return Problem(grade, f"plan-{column}", rows.file, line, "", column, f"{words}.", done)


def plan(checked: Checked, *, actor: Actor, options: Options) -> Plan:
    """What the files would add and change. What is held stays where a file does not name it or leaves a cell empty."""
    found, holdings = Plan(), Holdings.of(actor, PRINTED)
    lines: dict[str, list[Line]] = {table.name: [] for table in TABLES}
    for rows in checked.facts.plans:
        _plan_rows(rows, holdings, lines)
    for rows in checked.facts.beside:
        number = _whose(rows, checked.facts.plans, holdings)
        if number:
            _beside(rows, number, holdings, lines)
        else:
            why = "It is not clear which plan this belongs to: begin its name as the plan's file begins"
            found.problems.append(_problem(rows, None, "plan", why, "Nothing was applied.", Grade.STOPS))
    for table in TABLES:
        if lines[table.name]:
            compare(table, lines[table.name], holdings, found)
    return found


TABLES: tuple[Table, ...] = (PLANS, PLAN_SECTIONS, PLAN_GOALS, PLAN_ACTIONS, PLAN_MILESTONES, PLAN_LINKS)


def _filled(table: Table, said: dict[str, Any], held: dict[str, Any] | None) -> dict[str, Any]:
    """A whole row: what the file says, else what is held, else what an empty cell comes to."""
    row = {column.name: column.read("") if not column.needed else None for column in table.columns}
    return {**row, **(held or {}), **said}


def _held(table: Table, holdings: Holdings) -> dict[tuple[Any, ...], dict[str, Any]]:
    return {table.key_of(each.values): each.values for each in table.held(holdings)}


def _plan_rows(rows: PlanRows, holdings: Holdings, lines: dict[str, list[Line]]) -> None:
    number = rows.named.number
    held = _held(PLANS, holdings).get((number,))
    years = _years(rows, holdings)
    heading: dict[str, Any] = {"plan_id": number}
    if held is None:
        heading |= {"title": rows.named.title, "start": years and years.start, "end": years and years.end}
    heading = _filled(PLANS, heading, held)
    lines["plans"].append(Line(rows.file, 1, heading))
    # The days of its actions are read within the plan's year, which a new plan has from here on.
    heading_of = book_of(holdings).plans.setdefault(number, PlanHeld(number=number))
    heading_of.start, heading_of.end = heading["start"], heading["end"]

    sections = list(dict.fromkeys(said.get("section", UNNAMED) for _, said in rows.actions))
    held_sections = _held(PLAN_SECTIONS, holdings)
    first = 1 + max((each["position"] for key, each in held_sections.items() if key[0] == number), default=0)
    for title in sections:
        known = held_sections.get((number, title))
        position = known["position"] if known else first
        first += known is None
        values = {"plan_id": number, "title": title, "position": position}
        lines["plan_sections"].append(Line(rows.file, 1, values))

    by_words = {_told(each.values): each.values for each in PLAN_ACTIONS.held(holdings)}
    places = [each["position"] for each in by_words.values() if each["plan_id"] == number]
    last, actions = max(places, default=0), []
    for line, said in rows.actions:
        said = {"plan_id": number, "section": UNNAMED, "reference": "", **said}
        known = by_words.get(_told(said))
        last += known is None
        values = _filled(PLAN_ACTIONS, {"position": last} | _beside_the_held(said, known), known)
        if known is None:
            found = dates_of(values, holdings)
            values |= {"start_on": found.start, "due_on": found.due, "ongoing": found.ongoing, "rhythm": found.rhythm}
        elif (values["start"], values["end"]) != (known["start"], known["end"]):
            values["ongoing"] = None
        actions.append(values)
        lines["plan_actions"].append(Line(rows.file, line, values))
    assert PLAN_ACTIONS.prepare
    PLAN_ACTIONS.prepare(actions, holdings, Plan().changes)
    _of_the_actions(rows, [values["action_id"] for values in actions], holdings, lines)


def _told(values: dict[str, Any]) -> tuple[Any, ...]:
    return tuple(values[name] for name in ("plan_id", "section", "action"))


def _beside_the_held(said: dict[str, Any], held: dict[str, Any] | None) -> dict[str, Any]:
    """The file's own measures come to those that were chosen here, and its leads in place of others."""
    if held is None:
        return said
    said = {**said, "position": held["position"], "reference": held["reference"]}
    said["measures"] = tuple(dict.fromkeys((*held["measures"], *said.get("measures", ()))))
    if said.get("lead", held["lead"]) != held["lead"]:
        said["lead_emails"] = ()
    return said


def _years(rows: PlanRows, holdings: Holdings) -> Period | None:
    """The days that a plan runs: its actions' own where each says both, else the school year that its name says."""
    years = book_of(holdings).years
    starts = [read(said.get("start", ""), years=years).start for _, said in rows.actions]
    ends = [read(said.get("end", ""), years=years).due for _, said in rows.actions]
    if rows.actions and all(starts) and all(ends):
        return Period(min(day for day in starts if day), max(day for day in ends if day) + timedelta(days=1))
    return academic_year(rows.named.year) if rows.named.year else None


def _of_the_actions(rows: PlanRows, ids: list[str], holdings: Holdings, lines: dict[str, list[Line]]) -> None:
    plan = book_of(holdings).plans[rows.named.number]
    within = Period(plan.start, plan.end) if plan.start and plan.end else None
    held = _held(PLAN_MILESTONES, holdings)
    order = dict.fromkeys(ids, 0)
    for line, at, said in rows.milestones:
        order[ids[at]] += 1
        due = read(said["milestone"], within=within, years=book_of(holdings).years).due
        said = {"action_id": ids[at], "position": order[ids[at]], "due_on": due, **said}
        known = held.get((ids[at], said["milestone"]))
        lines["plan_milestones"].append(Line(rows.file, line, known or _filled(PLAN_MILESTONES, said, None)))
    for line, at, said in rows.serves:
        values = _filled(PLAN_LINKS, {"action_id": ids[at], **said}, None)
        lines["plan_links"].append(Line(rows.file, line, values))


def _whose(rows: PlanRows, plans: list[PlanRows], holdings: Holdings) -> str:
    """The plan that goals or duties belong to: of the files, or of those held, the one whose name begins alike."""
    numbers = [each.named.number for each in plans] or list(book_of(holdings).plans)
    alike = [number for number in numbers if number.partition("-")[0] == rows.named.first_word]
    if len(alike) == 1:
        return alike[0]
    return numbers[0] if len(numbers) == 1 else ""


def _beside(rows: PlanRows, number: str, holdings: Holdings, lines: dict[str, list[Line]]) -> None:
    held = _held(PLAN_GOALS, holdings)
    known = {(key[0], key[1], values["words"]) for key, values in held.items()}
    last = {kind: max((key[2] for key in held if key[:2] == (number, kind)), default=0) for kind in KINDS_OF_GOAL}
    for line, said in rows.goals:
        if (number, said["kind"], said["words"]) not in known:
            last[said["kind"]] += 1
            values = {"plan_id": number, "position": last[said["kind"]], **said}
            lines["plan_goals"].append(Line(rows.file, line, values))
    for line, said in rows.duties:
        lines["plan_links"].append(Line(rows.file, line, _filled(PLAN_LINKS, {"plan_id": number, **said}, None)))


KINDS_OF_GOAL = ("priority", "criterion")
