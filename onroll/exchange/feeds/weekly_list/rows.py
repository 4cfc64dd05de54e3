"""A whole-roll list read row by row: each child once, or left out with the reason. The record is not looked at here.

A child without a readable number, first day of care or legal status is left out whole, as is one on two rows that say
different things. Whatever else can't be read is noted and left empty.
"""

from collections import defaultdict
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from onroll.codes import (
    CATEGORY_OF_NEED,
    ETHNICITY,
    LEGAL_STATUS,
    LOCAL_AUTHORITY,
    PLACEMENT_PROVIDER,
    PLACEMENT_TYPE,
    REASON_CEASED,
)
from onroll.codes.postcodes import has_form, tidy_postcode
from onroll.design.words import day as in_words
from onroll.exchange.feeds.ssda903 import cells
from onroll.exchange.plans import Checked, FileRead, Options
from onroll.exchange.problems import BadValue, Grade, Problem, Unreadable
from onroll.exchange.reading import Sheet, Upload
from onroll.exchange.sheets import read_sheet, rows_of

from .columns import COLUMNS, code_or_words, sex, yes_or_no

LEFT_OUT = "Left the child out, whole; nothing of the record changes for it"
_EMPTY = "Left it empty; everything else of this row goes in"
_KEPT = "Kept it as sent"


@dataclass(slots=True)
class Listed:
    """One child as the list has it. Empty text or None: the list says nothing."""

    child: str
    birth_date: date | None
    care_start: date
    legal_status: str
    file: str
    line: int
    family_name: str = ""
    given_name: str = ""
    known_as: str = ""
    sex: str = ""
    ethnicity: str = ""
    upn: str = ""
    upn_unknown: str = ""
    disability: bool | None = None
    uasc: bool | None = None
    legal_status_on: date | None = None
    category_of_need: str = ""
    placement_type: str = ""
    provider: str = ""
    placement_start: date | None = None
    postcode: str = ""
    address: str = ""
    la_code: str = ""
    ofsted_urn: str = ""
    social_worker: str = ""
    team: str = ""
    iro: str = ""
    officer: str = ""
    school: str = ""
    school_start: date | None = None
    next_review: date | None = None
    last_review: date | None = None
    care_end: date | None = None
    reason_ceased: str = ""


@dataclass
class WeeklyList:
    """The children of a list, and those it names in rows that had to be left out: they are not missing from it."""

    children: dict[str, Listed] = field(default_factory=dict)
    left_out: set[str] = field(default_factory=set)
    # Of rows whose child's number can't be read: who they may be about is not taken to be missing either.
    born_on: set[date] = field(default_factory=set)
    upns: set[str] = field(default_factory=set)


def _words(longest: int) -> Callable[[str], str]:
    def read(cell: str) -> str:
        if len(cell) > longest:
            raise BadValue(f"{cells.quoted(cell)} is longer than {longest} characters.")
        return cell

    return read


def _address(cell: str) -> str:
    if len(cell) > 500:
        raise BadValue("The address is longer than 500 characters.")
    return cell


# How a cell that may be empty is read. Anything else in it is noted.
_READERS: dict[str, Callable[[str], Any]] = {
    "family_name": _words(100),
    "given_name": _words(100),
    "known_as": _words(100),
    "sex": sex,
    "ethnicity": code_or_words(ETHNICITY),
    "disability": yes_or_no,
    "uasc": yes_or_no,
    "legal_status_on": cells.day,
    "category_of_need": code_or_words(CATEGORY_OF_NEED),
    "placement_type": code_or_words(PLACEMENT_TYPE),
    "provider": code_or_words(PLACEMENT_PROVIDER),
    "placement_start": cells.day,
    "address": _address,
    "la_code": code_or_words(LOCAL_AUTHORITY),
    "ofsted_urn": _words(10),
    "social_worker": _words(254),
    "team": _words(100),
    "iro": _words(254),
    "officer": _words(254),
    "school": _words(200),
    "school_start": cells.day,
    "next_review": cells.day,
    "last_review": cells.day,
    "care_end": cells.day,
    "reason_ceased": code_or_words(REASON_CEASED),
}
_legal_status = code_or_words(LEGAL_STATUS)
_HEADINGS = {column.key: column.heading for column in COLUMNS}
_AS_TEXT = tuple(replace(column, needed=False) for column in COLUMNS)


def check(uploads: list[Upload], options: Options) -> Checked:
    """What the sheets say of each child, with everything that is wrong in them."""
    checked = Checked(facts=WeeklyList())
    checking = _Checking(checked.facts, checked.problems)
    for upload in uploads:
        sheet = read_sheet(upload)
        if not sheet.rows:
            checked.files.append(FileRead(upload.name, 0, "empty"))
            continue
        chosen = options.own.get("columns", {})
        # The headings first: a column that no row can do without must be there.
        rows_of(Sheet(sheet.name, sheet.encoding, sheet.headings), COLUMNS, chosen)
        found = rows_of(sheet, _AS_TEXT, chosen)
        unused = f"; not used: {', '.join(found.unused)}" if found.unused else ""
        checked.files.append(FileRead(upload.name, len(sheet.rows), f"Whole-roll list, {sheet.encoding}{unused}"))
        for line, row in found.rows:
            checking.row(upload.name, line, row)
    if not any(file.rows for file in checked.files):
        raise Unreadable("There is no row in this file.")
    checking.finish()
    if options.as_at:
        checked.speaks_from = checked.speaks_to = options.as_at
        checked.speaks_words = f"{in_words(options.as_at)}: the day you gave"
    else:
        checked.speaks_words = "the day they were checked: no other day was given"
    return checked


class _Checking:
    """The children found so far, and what was wrong on the way."""

    def __init__(self, facts: WeeklyList, problems: list[Problem]) -> None:
        self.facts, self.problems = facts, problems
        self.rows: dict[str, list[Listed]] = defaultdict(list)
        self.at: tuple[str, int] = ("", 0)
        self.child = ""

    def row(self, file: str, line: int, row: dict[str, str]) -> None:
        self.at, self.child = (file, line), ""
        try:
            self.child = cells.child_number(row["child_id"])
        except BadValue as wrong:
            self._nobody(row, str(wrong))
            return
        try:
            listed = Listed(
                self.child,
                self._needed("birth_date", row, lambda cell: cells.day(cell) if cell else None),
                self._needed("care_start", row, _there("first day of care", cells.day)),
                self._needed("legal_status", row, _there("legal status", _legal_status)),
                file,
                line,
            )
        except BadValue:
            self.facts.left_out.add(self.child)
            return
        if listed.birth_date and listed.care_start < listed.birth_date:
            self._leave_out("care_before_birth", "care_start", "The first day of care is before the date of birth")
            return
        for key, read in _READERS.items():
            if row[key]:
                self._optional(listed, key, row[key], read)
        self._upn(listed, row["upn"])
        self._postcode(listed, row["postcode"])
        self.rows[self.child].append(listed)

    def finish(self) -> None:
        """Each child once: of rows word for word alike the first, of rows that differ none."""
        for child, rows in self.rows.items():
            first = rows[0]
            alike = [row for row in rows[1:] if replace(row, file=first.file, line=first.line) == first]
            self.child = child
            for row in alike if len(alike) == len(rows) - 1 else rows:
                self.at = (row.file, row.line)
                if row in alike:
                    self._tell(Grade.LEFT_OUT, "duplicate", "child_id", "This row is in the list twice", "Left it out")
                else:
                    self._leave_out("two_rows", "child_id", "The rows of this child say different things")
            if child not in self.facts.left_out:
                self.facts.children[child] = first

    def _nobody(self, row: dict[str, str], wrong: str) -> None:
        self._tell(Grade.LEFT_OUT, "no_child", "child_id", wrong, "Left the row out")
        with suppress(BadValue):
            self.facts.born_on.add(cells.day(row["birth_date"]))
        if row["upn"]:
            self.facts.upns.add("".join(row["upn"].split()).upper())

    def _needed(self, key: str, row: dict[str, str], read: Callable[[str], Any]) -> Any:
        try:
            return read(row[key])
        except BadValue as wrong:
            self._tell(Grade.LEFT_OUT, f"no_{key}", key, str(wrong), LEFT_OUT)
            raise

    def _optional(self, listed: Listed, key: str, cell: str, read: Callable[[str], Any]) -> None:
        try:
            setattr(listed, key, read(cell))
        except BadValue as wrong:
            self._tell(Grade.NOTED, f"unreadable_{key}", key, str(wrong), _EMPTY)

    def _upn(self, listed: Listed, cell: str) -> None:
        try:
            listed.upn, listed.upn_unknown, note = cells.upn(cell)
        except BadValue as wrong:
            self._tell(Grade.NOTED, "unreadable_upn", "upn", str(wrong), _EMPTY)
            return
        if note:
            self._tell(Grade.NOTED, "upn_form", "upn", note, _KEPT)

    def _postcode(self, listed: Listed, cell: str) -> None:
        listed.postcode = tidy_postcode(cell)[:20] if cell else ""
        if listed.postcode and not has_form(listed.postcode):
            # The postcode itself is not shown: the list of problems travels further than an address may.
            wrong = "The postcode of the placement does not have the form of a postcode"
            self._tell(Grade.NOTED, "postcode", "postcode", wrong, _KEPT)

    def _leave_out(self, kind: str, key: str, wrong: str) -> None:
        self._tell(Grade.LEFT_OUT, kind, key, wrong, LEFT_OUT)
        self.facts.left_out.add(self.child)

    def _tell(self, grade: Grade, kind: str, key: str, wrong: str, done: str) -> None:
        self.problems.append(Problem(grade, kind, *self.at, self.child, _HEADINGS[key], wrong, done))


def _there(what: str, read: Callable[[str], Any]) -> Callable[[str], Any]:
    def read_what_is_there(cell: str) -> Any:
        if not cell:
            raise BadValue(f"There is no {what}.")
        return read(cell)

    return read_what_is_there
