"""Entries of the calendar read and compared with those held. What is held and not in the file stays."""

import re

from onroll.access.actors import Actor
from onroll.exchange.feeds.exchange.loading import Facts, compare, does_not_fit, read_rows
from onroll.exchange.feeds.exchange.tables import CALENDAR
from onroll.exchange.feeds.exchange.tables.table import Holdings
from onroll.exchange.plans import Checked, FileRead, Options, Plan
from onroll.exchange.problems import Grade, Unreadable
from onroll.exchange.reading import Upload, read_csv

_ACADEMIC_YEAR = re.compile(r"(\d{4})-(\d{2})")


def check(uploads: list[Upload], options: Options) -> Checked:
    """Every entry, or why it can't be one. With a row that stops, nothing is applied."""
    checked = Checked(facts=Facts())
    for upload in uploads:
        sheet = read_csv(upload)
        checked.files.append(FileRead(upload.name, len(sheet.rows), f"{CALENDAR.title}, {sheet.encoding}"))
        if sheet.rows:
            read_rows(CALENDAR, sheet, checked)
    lines = checked.facts.lines[CALENDAR.file]
    if not lines:
        raise Unreadable("There is no row of a calendar here.")
    for line in lines:
        year, start, end = (line.values[name] for name in ("academic_year", "start", "end"))
        found = _ACADEMIC_YEAR.fullmatch(year or "")
        if year and (found is None or int(found[2]) != (int(found[1]) + 1) % 100):
            words = "is not an academic year like 2025-26"
            checked.problems.append(does_not_fit(CALENDAR, line, "", "academic_year", words, Grade.STOPS))
        if start and end and end <= start:
            words = "is not after the start: it is the first day after"
            checked.problems.append(does_not_fit(CALENDAR, line, "", "end", words, Grade.STOPS))
    return checked


def plan(checked: Checked, *, actor: Actor, options: Options) -> Plan:
    """Which entries are new, and which say something else than those held."""
    found = Plan()
    if not checked.problems:
        compare(CALENDAR, checked.facts.lines[CALENDAR.file], Holdings.of(actor), found)
    return found
