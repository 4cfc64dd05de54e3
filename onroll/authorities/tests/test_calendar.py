from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onroll.access.actors import Actor
from onroll.authorities.actions import Refused, copy_last_years, keep_entry, set_up_authority
from onroll.authorities.calendar import Calendar, count_between
from onroll.authorities.models import CalendarEntry

TODAY = date(2026, 11, 12)


def an_entry(kind, start, end, term="autumn", year="2026-27", authority=None):
    return CalendarEntry(authority_id=authority, kind=kind, academic_year=year, term=term, start=start, end=end)


AUTUMN = Calendar(
    (
        an_entry("term", date(2026, 9, 2), date(2026, 12, 19)),
        an_entry("half_term_break", date(2026, 10, 26), date(2026, 10, 31)),
        an_entry("pep_deadline", date(2026, 11, 27), date(2026, 11, 28)),
    )
)


def test_a_weekday_in_term_is_a_school_day_and_one_in_the_break_is_not():
    assert AUTUMN.is_school_day(date(2026, 10, 23))
    assert not AUTUMN.is_school_day(date(2026, 10, 24))
    assert not AUTUMN.is_school_day(date(2026, 10, 26))
    assert AUTUMN.is_school_day(date(2026, 11, 2))
    assert AUTUMN.is_school_day(date(2026, 11, 27))
    assert not AUTUMN.is_school_day(date(2026, 12, 21))


@given(st.dates(date(2026, 8, 20), date(2027, 1, 10)), st.integers(0, 90))
def test_counting_school_days_agrees_with_asking_every_day(start, length):
    end = date.fromordinal(start.toordinal() + length)
    every = AUTUMN.school_days(date(2026, 8, 1), date(2027, 6, 1))

    assert count_between(every, start, end) == len(AUTUMN.school_days(start, end))


@pytest.fixture
def actor(db):
    authority = set_up_authority("336", today=TODAY, user="test")
    return Actor.command_line(authority.pk, today=TODAY, user="test")


def test_an_authority_takes_its_name_and_region_from_the_national_list(actor):
    from onroll.authorities.models import Authority

    authority = Authority.objects.get(pk=actor.authority)

    assert (authority.code, authority.name) == ("336", "Wolverhampton")
    assert authority.region


def test_an_authority_is_not_set_up_twice(actor):
    with pytest.raises(Refused, match="set up already"):
        set_up_authority("336", today=TODAY, user="test")


def test_last_years_calendar_is_copied_onto_the_same_weekdays(actor):
    keep_entry(
        an_entry("term", date(2025, 9, 3), date(2025, 12, 20), year="2025-26", authority=actor.authority), actor=actor
    )

    (copy,) = copy_last_years("2026-27", actor=actor)

    assert (copy.start, copy.end) == (date(2026, 9, 2), date(2026, 12, 19))
    assert copy.start.weekday() == date(2025, 9, 3).weekday()


def test_a_year_that_has_entries_is_not_copied_over(actor):
    for year, start in (("2025-26", date(2025, 9, 3)), ("2026-27", date(2026, 9, 2))):
        keep_entry(an_entry("term", start, date(start.year, 12, 18), year=year, authority=actor.authority), actor=actor)

    with pytest.raises(Refused, match="has entries already"):
        copy_last_years("2026-27", actor=actor)
    assert CalendarEntry.objects.count() == 2
