"""What people of a meeting take on: written once, on their owners' work lists, open until done or dropped."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from onroll.children.contradictions import Refused
from onroll.children.models import Allocation
from onroll.children.tests.scene import write
from onroll.peps.meeting.agreed import actions_round, end_action, keep_action
from onroll.peps.models import PepAction
from onroll.peps.queries import Work
from onroll.peps.tests.scene import a_cast, a_pep, as_of
from onroll.peps.writing import Writing

pytestmark = pytest.mark.django_db
TODAY = date(2026, 10, 6)
GIVEN = {"what": "Ask the riding school for a form", "due_on": date(2026, 10, 27), "owner_words": ""}


@pytest.fixture
def cast(db):
    return a_cast(TODAY)


@pytest.fixture
def pep(cast):
    return a_pep(cast.child)


def an_action(pep, owner=None, **fields):
    keys = {"authority_id": pep.authority_id, "child_id": pep.child_id, "pep": pep, "owner": owner}
    return write(PepAction(**keys, **{"what": GIVEN["what"], "due_on": GIVEN["due_on"], **fields}))


def items(cast, name, today=TODAY):
    return [item for item in Work(as_of(cast.actors[name], today)).items if item.turn.key == "action"]


def test_an_action_stands_on_its_owners_work_list_with_its_day_until_it_is_done(cast, pep):
    keep_action(pep, PepAction(), GIVEN, owner=cast.accounts["worker"], actor=cast.actors["teacher"])

    assert [(item.words, item.by, item.when) for item in items(cast, "worker")] == [
        ("Ask the riding school for a form", date(2026, 10, 27), "later")
    ]
    assert [item.when for item in items(cast, "worker", date(2026, 10, 28))] == ["late"]
    assert items(cast, "teacher") == []
    end_action(PepAction.unscoped.get(), actor=cast.actors["worker"])
    assert items(cast, "worker") == []


@pytest.mark.proves("ACC-4")
def test_an_owner_whose_link_has_ended_finds_nothing(cast, pep):
    an_action(pep, cast.accounts["worker"])
    allocation = Allocation.unscoped.get(child=cast.child, account=cast.accounts["worker"])
    allocation.end = TODAY
    write(allocation)

    assert items(cast, "worker") == []


def test_an_action_that_is_late_for_a_week_waits_for_who_leads_the_plan_too(cast, pep):
    an_action(pep, cast.accounts["worker"], due_on=TODAY - timedelta(days=8))

    led = [item.words for item in Work(cast.actors["teacher"]).items if item.turn.key == "late_actions"]
    assert led == ["1 action is late. Ask who took it on"]
    early = as_of(cast.actors["teacher"], TODAY - timedelta(days=6))
    assert [item for item in Work(early).items if item.turn.key == "late_actions"] == []


def test_an_action_is_dropped_only_with_a_reason_and_ended_only_once(cast, pep):
    action = an_action(pep, cast.accounts["worker"])
    with pytest.raises(Refused, match="Say why it is not done"):
        end_action(action, dropped=True, reason="No", actor=cast.actors["worker"])
    assert PepAction.unscoped.get().is_open

    end_action(action, dropped=True, reason="The riding school has closed", actor=cast.actors["worker"])
    with pytest.raises(Refused, match="ended already"):
        end_action(action, actor=cast.actors["worker"])


def test_only_the_owner_or_who_writes_the_plan_ends_an_action(cast, pep):
    action = an_action(pep, cast.accounts["worker"])

    with pytest.raises(Refused, match="another person’s"):
        end_action(action, actor=cast.actors["carer"])
    end_action(action, actor=cast.actors["teacher"])
    assert PepAction.unscoped.get().done_on == TODAY


def test_an_open_action_goes_on_into_the_next_plan_and_a_done_one_does_not(cast, pep):
    before = a_pep(
        cast.child, academic_year="2025-26", due_on=date(2026, 6, 1), state="signed_off", signed_off_on=TODAY
    )
    an_action(before, what="Still open")
    an_action(before, what="Done long ago", done_on=date(2026, 5, 1))
    an_action(pep, what="Own and done", done_on=TODAY)

    assert [each.what for each in actions_round(pep)] == ["Still open", "Own and done"]


def test_the_section_shows_the_rows_and_names_no_carer(cast, pep):
    an_action(pep, cast.accounts["carer"])
    writing = Writing(pep, cast.actors["teacher"])

    rows = writing.standing["action_list"].value
    assert rows == [
        {"what": "Ask the riding school for a form", "who": "The carer", "by": "2026-10-27", "done": "Not started"}
    ]
    assert [line.writes for line in writing.lines(writing.section("actions"))] == [False]


def test_no_action_is_written_in_a_plan_that_is_handed_in_and_its_actions_can_still_be_ended(cast, pep):
    action = an_action(pep)
    pep.state = "submitted"
    write(pep)

    with pytest.raises(Refused, match="The plan is submitted now"):
        keep_action(pep, PepAction(), GIVEN, owner=None, actor=cast.actors["teacher"])
    end_action(action, actor=cast.actors["teacher"])


# Pages


@pytest.fixture
def enter(client, cast):
    def signed_in(name):
        client.force_login(cast.accounts[name])
        return client

    return signed_in


@pytest.fixture
def now(cast):
    today = timezone.localdate()
    return a_pep(cast.child, opens_on=today - timedelta(days=10), due_on=today + timedelta(days=40))


def address(name, pep, *more):
    return reverse(f"peps:{name}", args=[pep.child.public_id, pep.public_id, *more])


def text(answer) -> str:
    return " ".join(answer.content.decode().split())


def typed(day, **fields):
    return {"what": "Book the options talk", "due_on_day": day.day, "due_on_month": day.month,
            "due_on_year": day.year, "owner": "", "owner_words": "", **fields}  # fmt: skip


def test_an_action_is_written_with_an_owner_of_the_list_or_in_words_and_shown_on_the_plan(enter, cast, now):
    day = now.due_on
    nobody = enter("teacher").post(address("new_action", now), typed(day))
    assert "Choose who does it, or write who" in text(nobody)

    owner = str(cast.accounts["worker"].public_id)
    enter("teacher").post(address("new_action", now), typed(day, owner=owner))
    enter("teacher").post(address("new_action", now), typed(day, what="Lend a laptop", owner_words="The SENCO"))

    page = text(enter("teacher").get(address("pep", now)))
    for words in ("Book the options talk", "Worker Doyle", "Lend a laptop", "The SENCO"):
        assert words in page


def test_an_owner_outside_the_childs_people_is_no_choice(enter, cast, now):
    from onroll.access.roles import Role
    from onroll.children.tests.scene import a_person

    stranger, _ = a_person(cast.authority, Role.SOCIAL_WORKER, "Stranger Doyle")

    enter("teacher").post(address("new_action", now), typed(now.due_on, owner=str(stranger.public_id)))

    assert not PepAction.unscoped.exists()


@pytest.mark.proves("ADR-4")
def test_an_action_that_tells_where_the_child_lives_is_stopped(enter, cast, now):
    from onroll.children.models import CareEpisode, PlacementAddress

    keys = {"authority": cast.authority, "child": cast.child, "episode": CareEpisode.unscoped.get(child=cast.child)}
    write(PlacementAddress(**keys, address="24 Mill Lane", postcode="AB12 9ZQ"))

    page = enter("worker").post(
        address("new_action", now), typed(now.due_on, what="Visit at 24 Mill Lane", owner_words="The SENCO")
    )

    assert "The text tells" in text(page)
    assert not PepAction.unscoped.exists()


def test_a_carer_ends_what_they_took_on_and_reads_no_other_action(enter, cast, now):
    own = an_action(now, cast.accounts["carer"], what="Read together on Sundays", due_on=now.due_on)
    others = an_action(now, cast.accounts["worker"], what="Ask for a form", due_on=now.due_on)

    assert "Read together on Sundays" in text(enter("carer").get(address("end_action", now, own.public_id)))
    page = text(enter("carer").get(address("end_action", now, others.public_id)))
    assert "another person’s" in page
    assert "Ask for a form" not in page

    enter("carer").post(address("end_action", now, own.public_id), {"outcome": "done"})
    enter("carer").post(address("end_action", now, others.public_id), {"outcome": "done"})
    own.refresh_from_db()
    others.refresh_from_db()
    assert (own.is_open, others.is_open) == (False, True)


@pytest.mark.proves("ACC-3")
def test_an_action_is_found_through_its_own_plan_alone(enter, cast, now):
    other = a_pep(cast.child, academic_year="2001-02")
    action = an_action(other)

    assert enter("teacher").get(address("action", now, action.public_id)).status_code == 404
