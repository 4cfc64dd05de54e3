"""Accounts that nobody uses are switched off after two warnings, and come back by an invitation."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from onroll.access.models import Mail
from onroll.access.roles import Role
from onroll.administration.actions import invite_again
from onroll.administration.people import UNUSED, find_person
from onroll.administration.unused import NO_TERM_KNOWN, daily
from onroll.authorities.models import CalendarEntry
from onroll.children.tests.scene import write
from onroll.people.actions import Refused
from onroll.people.models import Post

from .conftest import TODAY
from .test_people import has_signed_in


def nine(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 9, tzinfo=UTC)


@pytest.fixture
def on(cast, monkeypatch):
    """The job as it runs on a day, with what it writes dated on that day. Everybody but the worker was in today."""
    for name, account in cast.people.items():
        if name != "worker":
            has_signed_in(account[0], nine(date(2030, 1, 1)))

    def run(day: date) -> list[str]:
        before = Mail.objects.filter(kind=UNUSED).count()
        monkeypatch.setattr("onroll.access.mails.timezone.now", lambda: nine(day))
        off = daily([cast.ashcombe.pk, cast.castlebury.pk], today=day)
        said = ["warned"] * (Mail.objects.filter(kind=UNUSED).count() - before)
        return said + ["off"] * off

    return run


def last_in(account, day):
    has_signed_in(account, nine(day))


@pytest.mark.proves("LNK-4")
def test_after_90_days_and_two_warnings_an_account_is_off(cast, on, client):
    worker = cast.account("worker")
    last_in(worker, TODAY)
    theirs = Client()
    theirs.force_login(worker)
    last_in(worker, TODAY)
    steps = {day: on(TODAY + timedelta(days=day)) for day in (75, 76, 77, 82, 83, 89, 90, 91)}

    assert steps == {75: [], 76: ["warned"], 77: [], 82: [], 83: ["warned"], 89: [], 90: ["off"], 91: []}
    worker.refresh_from_db()
    assert not worker.is_active
    assert theirs.get("/").status_code == 302
    assert set(Mail.objects.filter(kind=UNUSED).values_list("to", flat=True)) == {worker.pk}


@pytest.mark.proves("LNK-4")
def test_who_signs_in_after_a_warning_stays_and_is_warned_anew(cast, on):
    worker = cast.account("worker")
    last_in(worker, TODAY)
    on(TODAY + timedelta(days=76))
    last_in(worker, TODAY + timedelta(days=80))

    assert on(TODAY + timedelta(days=90)) == []
    assert on(TODAY + timedelta(days=80 + 76)) == ["warned"]


@pytest.mark.proves("LNK-4")
def test_a_job_that_was_away_warns_twice_before_it_switches_off(cast, on):
    last_in(cast.account("worker"), TODAY)

    assert [on(TODAY + timedelta(days=day)) for day in (200, 206, 207, 213, 214)] == [
        ["warned"],
        [],
        ["warned"],
        [],
        ["off"],
    ]


@pytest.mark.proves("LNK-4")
def test_a_school_has_one_full_term(cast, on):
    teacher = cast.account("teacher")
    last_in(cast.account("worker"), date(2030, 1, 1))
    last_in(teacher, date(2026, 3, 31))
    assert on(date(2026, 3, 31) + NO_TERM_KNOWN - timedelta(days=15)) == []
    summer = {"kind": "term", "academic_year": "2025-26", "term": "summer"}
    write(CalendarEntry(authority=cast.ashcombe, **summer, start=date(2026, 4, 20), end=date(2026, 7, 22)))

    # 90 days are over on 29 June; the first full term ends on 21 July.
    assert [on(day) for day in (date(2026, 7, 7), date(2026, 7, 8), date(2026, 7, 15), date(2026, 7, 22))] == [
        [],
        ["warned"],
        ["warned"],
        ["off"],
    ]


def test_who_is_used_for_another_authority_or_was_asked_in_lately_stays(cast, on):
    worker = cast.account("worker")
    last_in(worker, TODAY)
    post = write(Post(authority=cast.castlebury, account=worker, role=Role.FINANCE, start=TODAY + timedelta(days=60)))

    assert on(TODAY + timedelta(days=100)) == []
    assert on(post.start + timedelta(days=76)) == ["warned"]


def test_the_pages_show_who_is_unused_and_bring_them_back(cast, on, client):
    worker = cast.account("worker")
    last_in(worker, TODAY - timedelta(days=90))
    for days in (0, 7):
        on(TODAY + timedelta(days=days))
    client.force_login(cast.account("kiran"))
    people, one = reverse("administration:people"), reverse("administration:person", args=[worker.public_id])
    assert "warned: unused" in client.get(people, {"state": "unused"}).text
    assert "they are switched off" in client.get(one).text
    on(TODAY + timedelta(days=14))
    # The job wrote as on another day, on which this sign-in would be over.
    client.force_login(cast.account("kiran"))
    assert find_person(worker.public_id, cast.actor("kiran")).state == "unused"
    assert "switched off, after two warnings" in client.get(one).text

    client.post(reverse("administration:invite_again", args=[worker.public_id]))

    worker.refresh_from_db()
    assert worker.is_active
    assert not worker.has_usable_password()
    assert Mail.objects.filter(to=worker, kind="invitation").exists()
    assert on(TODAY + timedelta(days=15)) == []


def test_somebody_who_left_is_not_brought_back_by_an_invitation_alone(cast):
    gone = cast.add("gone", Role.FINANCE, end=TODAY)
    gone.is_active = False
    write(gone)

    with pytest.raises(Refused, match="hold no post here"):
        invite_again(gone, actor=cast.actor("kiran"))
