"""The home page: what needs this person, their children, and what changed this week."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace

import pytest
from django.db import connection
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from onroll.access.actors import Actor
from onroll.access.roles import Role
from onroll.authorities.models import Team
from onroll.children.models import Difference, EpisodePlacement, MoveNotice, Review
from onroll.children.tests.scene import (
    a_child,
    a_person,
    a_place,
    a_school,
    an_allocation,
    an_authority,
    an_episode,
    together,
    write,
)
from onroll.children.visibility import reach
from onroll.exchange.engine import FEEDS
from onroll.exchange.models import Import
from onroll.history.models import Entry
from onroll.site.installation import SIGN_INS
from onroll.site.navigation import page_frame

TODAY = date(2026, 3, 31)


@pytest.fixture
@together()
def cast(db, monkeypatch) -> SimpleNamespace:
    localdate = timezone.localdate
    monkeypatch.setattr(timezone, "localdate", lambda value=None: localdate(value) if value else TODAY)
    ashcombe = an_authority()
    fernhill = a_school("Fernhill Academy")
    team = write(Team(authority=ashcombe, name="North"))
    mia = a_child(ashcombe, "Mia Dawson", birth_date=date(2013, 3, 4))
    an_episode(mia, date(2021, 6, 18))
    a_place(mia, fernhill, date(2025, 2, 10))
    return SimpleNamespace(ashcombe=ashcombe, fernhill=fernhill, team=team, mia=mia)


def a_row(child, model, **values):
    return write(model(authority_id=child.authority_id, child=child, **values))


def seen_by(client, account, **query):
    client.force_login(account)
    response = client.get("/", query)
    assert response.status_code == 200
    return response.content.decode()


def staff(cast, role, **post):
    return a_person(cast.ashcombe, role, f"Sam {role.name.title()}", **post)[0]


def test_the_head_sees_the_roll_in_counts_that_open(client, cast):
    ava = a_child(cast.ashcombe, "Ava Thornley", birth_date=date(2023, 1, 9))
    an_episode(ava, date(2025, 1, 6))
    placement = EpisodePlacement.unscoped.get(child=ava)
    placement.area = "out"
    write(placement)

    text = seen_by(client, staff(cast, Role.VSH))

    assert "2 children" in text
    assert '<a class="govuk-link" href="/children?phase=early_years">Early years</a></th><td class="n">1</td>' in text
    assert 'href="/children?live=out"' in text
    assert "1 of 2" in text
    assert "Dawson" not in text


def test_what_needs_attention_is_told_with_where_to_go(client, cast):
    tyler = a_child(cast.ashcombe, "Tyler Voss", birth_date=date(2011, 2, 2))
    an_episode(tyler, date(2025, 3, 3))
    noah = a_child(cast.ashcombe, "Noah Birch", birth_date=date(2012, 2, 2))
    an_episode(noah, date(2020, 1, 1), end=date(2025, 4, 1), provisional_end=True, reason_ceased="")
    a_row(tyler, Difference, part="a", fact="child.1.birth_date", kept_source="person", other_source="ssda903",
          noticed_on=TODAY)  # fmt: skip
    a_row(cast.mia, MoveNotice, about="school", happens_on=date(2026, 5, 4), told_on=TODAY, told_by=None)

    text = seen_by(client, staff(cast, Role.VSH))

    for words in (
        "1 child has no school place",
        "1 child may have left care",
        "1 difference between sources to settle",
        "Told of a move",
        "moving school",
    ):
        assert words in text
    for address in ("?view=no-place", "?kind=awaiting_end", "/data/differences", "/children/moves"):
        assert address in text


def test_a_feed_that_has_not_come_for_long_is_told(client, cast):
    feed = min((feed for feed in FEEDS.values() if feed.stale_after_days), key=lambda feed: feed.stale_after_days)
    long_ago = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)
    write(
        Import(
            authority=cast.ashcombe,
            feed=feed.name,
            state="applied",
            planned_on=long_ago.date(),
            previewed_at=long_ago,
            applied_at=long_ago,
        )
    )

    assert f"{feed.title} last came 85 days ago" in seen_by(client, staff(cast, Role.DATA_OFFICER))


@pytest.mark.proves("LNK-2")
def test_a_list_that_stops_coming_extends_no_link_and_is_told_after_seven_days(client, cast):
    """The links keep the ends they were given; the virtual school reads that the list is late."""
    head = staff(cast, Role.VSH)
    worker, actor = a_person(cast.ashcombe, Role.SOCIAL_WORKER, "Wes Hart")
    child = a_child(cast.ashcombe, "Noah Birch")
    an_allocation(child, worker, Role.SOCIAL_WORKER, end=TODAY, source="list")
    came = datetime(2026, 3, 24, 9, 0, tzinfo=UTC)
    days = {"planned_on": came.date(), "previewed_at": came, "applied_at": came}
    load = write(Import(authority=cast.ashcombe, feed="list", state="applied", **days))

    on_the_seventh_day = seen_by(client, head)
    load.applied_at = came - timedelta(days=1)
    write(load)
    on_the_eighth = seen_by(client, head)
    data = client.get(reverse("exchange:data")).text

    assert "Weekly list of looked-after children last came" not in on_the_seventh_day
    assert "Weekly list of looked-after children last came 8 days ago" in on_the_eighth
    assert "8 days ago" in data
    assert [reach(replace(actor, today=day)).exists() for day in (TODAY - timedelta(days=1), TODAY)] == [True, False]


def test_changes_of_the_week_are_told_newest_first_and_those_before_are_not(client, cast):
    noah = a_child(cast.ashcombe, "Noah Birch", birth_date=date(2012, 2, 2))
    an_episode(noah, date(2020, 1, 1), end=date(2026, 3, 26), reason_ceased="E45")
    ava = a_child(cast.ashcombe, "Ava Thornley", birth_date=date(2015, 1, 9))
    an_episode(ava, date(2026, 3, 30))
    a_place(ava, cast.fernhill, date(2026, 3, 24))
    before = a_child(cast.ashcombe, "Before Then", birth_date=date(2015, 1, 9))
    an_episode(before, date(2026, 3, 24))

    text = seen_by(client, staff(cast, Role.VSH))

    assert text.index("Ava Thornley</a> came into care") < text.index("Noah Birch</a> left care")
    assert "Before Then" not in text


def test_more_changes_than_a_page_holds_open_by_a_link(client, cast):
    for number in range(10):
        an_episode(a_child(cast.ashcombe, f"Kim Number{number}", birth_date=date(2015, 1, 9)), TODAY)
    head = staff(cast, Role.VSH)

    assert "All 10 changes this week" in seen_by(client, head)
    assert seen_by(client, head, week="all").count("came into care") == 10


def test_an_adviser_counts_their_own_children_alone(client, cast):
    adviser = staff(cast, Role.VS_OFFICER)
    an_allocation(cast.mia, adviser, Role.VS_OFFICER)
    an_episode(a_child(cast.ashcombe, "Not Mine"), TODAY)

    text = seen_by(client, adviser)

    assert "1 child" in text
    assert "Not Mine" not in text
    assert "Nothing is waiting for you" in text


def test_a_social_worker_sees_their_children_and_tells_of_a_move(client, cast):
    worker = staff(cast, Role.SOCIAL_WORKER, team=cast.team)
    an_allocation(cast.mia, worker, Role.SOCIAL_WORKER)
    an_episode(a_child(cast.ashcombe, "Not Mine"), TODAY)

    text = seen_by(client, worker)

    assert "Mia Dawson" in text
    assert "Fernhill Academy" in text
    assert f"/children/{cast.mia.public_id}/moving" in text
    assert "Not Mine" not in text


def test_a_reviewing_officer_sees_the_reviews_of_the_next_twenty_working_days(client, cast):
    officer = staff(cast, Role.IRO)
    an_allocation(cast.mia, officer, Role.IRO)
    a_row(cast.mia, Review, on=date(2026, 4, 8), held=False)
    a_row(cast.mia, Review, on=date(2026, 9, 8), held=False)

    text = seen_by(client, officer)

    assert "Care reviews in the next 20 working days" in text
    assert "Wednesday 8 April" in text
    assert "8 September" not in text


def test_a_designated_teacher_sees_the_children_at_their_school_and_no_care(client, cast):
    teacher = staff(cast, Role.DESIGNATED_TEACHER, school=cast.fernhill)
    ava = a_child(cast.ashcombe, "Ava Thornley")
    an_episode(ava, TODAY)
    a_place(ava, cast.fernhill, date(2025, 9, 1))

    text = seen_by(client, teacher)

    assert "Mia Dawson" in text
    assert "Ava Thornley" in text
    assert "came into care" not in text


@pytest.mark.parametrize("role", [Role.FINANCE, Role.ADMINISTRATOR, Role.ANALYST, Role.IG])
def test_who_has_no_list_of_children_is_told_so(role, client, cast):
    text = seen_by(client, staff(cast, role))

    assert "Your post opens no children’s records" in text
    assert "Dawson" not in text


def test_a_carer_without_a_child_is_told_when_one_appears(client, cast):
    assert "No child is linked to you today" in seen_by(client, staff(cast, Role.CARER))


def test_before_anything_is_loaded_the_data_officer_is_shown_where_to_begin(client, cast):
    other = an_authority("998", "Castlebury")
    officer = a_person(other, Role.DATA_OFFICER, "Dan Price")[0]
    adviser = a_person(other, Role.VS_OFFICER, "Pat Price")[0]

    assert "Choose the files" in seen_by(client, officer)
    assert "Choose the files" not in seen_by(client, adviser)


def test_the_children_named_on_it_are_in_the_access_log(client, cast):
    worker = staff(cast, Role.SOCIAL_WORKER, team=cast.team)
    an_allocation(cast.mia, worker, Role.SOCIAL_WORKER)

    seen_by(client, worker)

    assert Entry.objects.get(route="home").children == str(cast.mia.pk)


@pytest.mark.parametrize("role", [Role.VSH, Role.DATA_OFFICER])
def test_it_asks_the_same_few_questions_for_few_children_and_for_many(role, client, cast):
    account = staff(cast, role)

    def questions():
        client.force_login(account)
        client.get("/")
        with CaptureQueriesContext(connection) as captured:
            client.get("/")
        control = ("SAVEPOINT", "RELEASE", "BEGIN", "COMMIT")
        return [query["sql"] for query in captured if not query["sql"].startswith(control)]

    an_episode(a_child(cast.ashcombe, "Ava Thornley"), TODAY)
    few = questions()
    for number in range(25):
        child = a_child(cast.ashcombe, f"Kim Number{number}")
        an_episode(child, TODAY - timedelta(days=number))
        a_place(child, cast.fernhill, TODAY - timedelta(days=number))

    many = questions()

    assert len(many) == len(few)
    # Of these, four are of the sign-in and of who acts; what waits for a head adds one for each kind, and one asks
    # whether the figures are the newest.
    assert len(many) <= 26, "\n".join(many)


@pytest.mark.django_db
def test_the_door_of_a_demonstration_says_that_it_is_one(client, settings, tmp_path):
    settings.ONROLL_HOME = tmp_path
    before = client.get("/sign-in").text
    (tmp_path / SIGN_INS).write_text("[]")

    assert "This is a demonstration" not in before
    assert "This is a demonstration" in client.get("/sign-in").text


@pytest.mark.parametrize("role", list(Role))
def test_no_row_of_words_is_longer_than_eight(role):
    request = RequestFactory().get("/")
    request.actor = Actor(authority=1, role=role, today=TODAY, name="Sam Doyle")

    assert 1 <= len(page_frame(request).nav) <= 8
