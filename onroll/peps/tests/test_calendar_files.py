"""A meeting in a calendar: readable by others' programs, and of no use to whoever finds it."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from onroll.access.roles import Role
from onroll.children.guard_models import Disclosure
from onroll.children.models import CareEpisode, PlacementAddress, SchoolPlace
from onroll.children.tests.scene import a_person, write
from onroll.peps.meeting.calendar_file import calendar_file, place_for_calendars
from onroll.peps.models import MeetingPerson
from onroll.peps.tests.scene import a_cast, a_pep

pytestmark = pytest.mark.django_db
TODAY = date(2026, 6, 2)
NOW = datetime(2026, 6, 2, 9, tzinfo=UTC)


@pytest.fixture
def cast(db):
    return a_cast(TODAY)


@pytest.fixture
def pep(cast):
    meeting = {"meeting_on": date(2026, 6, 17), "meeting_time": time(15, 30), "meeting_minutes": 45}
    days = {"opens_on": date(2026, 5, 1), "due_on": date(2026, 7, 1), "state": "booked"}
    return a_pep(cast.child, **days, **meeting, meeting_place="Library, first floor; ring the bell")


def lines_of(pep) -> dict[str, str]:
    """The file as a calendar reads it: folded lines joined, each name with its value."""
    data = calendar_file(pep, service="Ashcombe Virtual School", now=NOW)
    assert all(len(line) <= 75 for line in data.split(b"\r\n"))
    return dict(line.split(":", 1) for line in data.decode().replace("\r\n ", "").split("\r\n") if line)


def an_address(cast, mark):
    episode = CareEpisode.unscoped.get(child=cast.child)
    keys = {"authority": cast.authority, "child": cast.child, "episode": episode}
    return write(PlacementAddress(**keys, address="24 Mill Lane", postcode="AB12 9ZQ", disclosure=mark))


def test_a_meeting_in_summer_is_written_in_universal_time_with_its_length_and_place(pep):
    lines = lines_of(pep)

    assert (lines["DTSTART"], lines["DTEND"]) == ("20260617T143000Z", "20260617T151500Z")
    assert lines["LOCATION"] == r"Library\, first floor\; ring the bell"


def test_a_meeting_without_a_time_takes_the_day(pep):
    pep.meeting_time = None

    assert lines_of(pep)["DTSTART;VALUE=DATE"] == "20260617"


@pytest.mark.proves("ADR-5", "LNK-E1")
def test_the_file_holds_nothing_of_the_child_nor_an_id_that_leads_to_them(cast, pep):
    said = calendar_file(pep, service="Ashcombe Virtual School", now=NOW).decode()

    for words in ("Mia", "Dawson", "Hillside", "PEP", "care", str(pep.public_id), str(cast.child.public_id)):
        assert words not in said


def test_the_entry_keeps_its_id_when_the_meeting_moves(pep):
    before = lines_of(pep)
    pep.meeting_on += timedelta(days=7)
    after = lines_of(pep)

    assert before["UID"] == after["UID"]
    assert before["DTSTART"] != after["DTSTART"]


@pytest.mark.proves("ADR-2", "ADR-5")
@pytest.mark.parametrize(
    ("mark", "place"),
    [
        (Disclosure.ORDINARY, "Library"),
        (Disclosure.NOT_TO_FAMILY, "Library"),
        (Disclosure.NOT_TO_NAMED_PEOPLE, ""),
        (Disclosure.NOT_TO_NAMED_PLACES, ""),
        (Disclosure.ONLY_NAMED_USERS, ""),
        (Disclosure.SEALED, ""),
    ],
)
def test_a_protected_childs_meeting_has_no_place(cast, pep, mark, place):
    pep.meeting_place = "Library"
    an_address(cast, mark)

    assert place_for_calendars(pep, today=TODAY) == place
    assert ("see Onroll for where" in lines_of(pep)["SUMMARY"]) is (place == "")


@pytest.mark.proves("ADR-2")
def test_a_mark_on_the_school_protects_as_one_on_the_home_does(cast, pep):
    place = SchoolPlace.unscoped.get(child=cast.child)
    place.disclosure = Disclosure.ONLY_NAMED_USERS
    write(place)

    assert place_for_calendars(pep, today=TODAY) == ""


@pytest.mark.proves("ADR-5")
def test_an_address_is_no_place_for_a_calendar(cast, pep):
    an_address(cast, Disclosure.NOT_TO_FAMILY)
    for typed in ("24 Mill Lane", "At the carers’, AB12 9ZQ", "Mill Lane, 24"):
        pep.meeting_place = typed
        assert place_for_calendars(pep, today=TODAY) == ""


# Who gets it


@pytest.fixture
def soon(cast):
    today = timezone.localdate()
    days = {"opens_on": today - timedelta(days=10), "due_on": today + timedelta(days=40)}
    return a_pep(cast.child, academic_year="2001-02", meeting_on=today + timedelta(days=8), state="booked", **days)


def get(client, account, pep):
    client.force_login(account)
    return client.get(reverse("peps:calendar", args=[pep.child.public_id, pep.public_id]))


def test_who_reads_the_plan_or_is_asked_gets_the_file_and_nobody_else(client, cast, soon):
    got = get(client, cast.accounts["teacher"], soon)
    assert got.headers["Content-Type"].startswith("text/calendar")
    assert got.headers["Content-Disposition"] == 'attachment; filename="meeting.ics"'
    assert "no-store" in got.headers["Cache-Control"]

    assert get(client, cast.accounts["carer"], soon).status_code == 404
    keys = {"authority": cast.authority, "child": cast.child, "pep": soon}
    write(MeetingPerson(**keys, part="carer", account=cast.accounts["carer"], invited_on=soon.opens_on))
    assert get(client, cast.accounts["carer"], soon).status_code == 200


@pytest.mark.proves("ACC-4")
def test_who_was_asked_and_has_no_link_any_more_gets_nothing(client, cast, soon):
    stranger, _ = a_person(cast.authority, Role.CARER, "Gone Doyle")
    keys = {"authority": cast.authority, "child": cast.child, "pep": soon}
    write(MeetingPerson(**keys, part="other", account=stranger, invited_on=soon.opens_on))

    assert get(client, stranger, soon).status_code == 404


def test_a_meeting_that_is_over_or_not_booked_has_no_file(client, cast, soon):
    soon.state, soon.held_on = "held", soon.meeting_on
    write(soon)
    assert get(client, cast.accounts["teacher"], soon).status_code == 404
