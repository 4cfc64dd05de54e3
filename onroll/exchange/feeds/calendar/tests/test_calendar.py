"""The calendar's file on its own: entries come in, again change nothing, and go as one act."""

import pytest

from onroll.access.actors import Actor
from onroll.authorities.models import CalendarEntry
from onroll.children.tests.scene import TODAY, an_authority
from onroll.exchange.engine import FEEDS, apply, preview, undo, why_not_apply
from onroll.exchange.feeds.exchange.exporting import as_text
from onroll.exchange.feeds.exchange.tables import CALENDAR
from onroll.exchange.feeds.exchange.tables.table import Holdings
from onroll.exchange.problems import Unreadable
from onroll.exchange.reading import Upload

FILE = """kind,academic_year,term,start,end
pep_deadline,2026-27,autumn,2026-11-27,2026-11-28
term,2026-27,autumn,2026-09-02,2026-12-19
"""


@pytest.fixture
def actor(db):
    return Actor.command_line(an_authority().pk, today=TODAY, user="tester")


def check(text, actor):
    return preview(FEEDS["calendar"], [Upload("terms 2026.csv", text.encode())], actor=actor)


def test_a_calendar_comes_in_under_any_name_and_goes_out_the_same(actor):
    import_ = apply(check(FILE, actor), actor=actor)

    assert as_text(CALENDAR, Holdings.of(actor)) == FILE
    assert check(FILE, actor).would_change == 0
    undo(import_, actor=actor)
    assert not CalendarEntry.objects.exists()


def test_an_entry_that_is_not_in_the_file_stays_and_another_end_is_taken(actor):
    apply(check(FILE, actor), actor=actor)

    apply(check("kind,academic_year,term,start,end\nterm,2026-27,autumn,2026-09-02,2026-12-18\n", actor), actor=actor)

    assert as_text(CALENDAR, Holdings.of(actor)) == FILE.replace("12-19", "12-18")


@pytest.mark.parametrize(
    ("row", "wrong"),
    [
        ("term,2026-27,autumn,2026-09-02,2026-09-02", "not after the start"),
        ("term,2026-28,autumn,2026-09-02,2026-12-19", "not an academic year"),
        ("inset,2026-27,autumn,2026-09-02,2026-12-19", "is not one of"),
        ("term,2026-27,autumn,,2026-12-19", "is empty"),
    ],
)
def test_a_row_that_does_not_fit_stops_the_load(actor, row, wrong):
    import_ = check(f"kind,academic_year,term,start,end\n{row}\n", actor)

    (problem,) = import_.problems.all()
    assert (problem.grade, problem.line) == ("stops", 2)
    assert wrong in problem.wrong
    assert why_not_apply(import_, actor=actor)


def test_a_file_without_rows_is_not_a_calendar(actor):
    with pytest.raises(Unreadable):
        check("", actor)
