"""A carer sees a child while the child lives with them: what rests on a home ends with it, to the minute if need be."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from types import SimpleNamespace

import pytest
from django.urls import reverse
from django.utils.timezone import get_default_timezone

from onroll.access.roles import Role
from onroll.children.actions.care import Placement, change_legal_status, end_care, give_real_end, move_placement
from onroll.children.contradictions import Refused
from onroll.children.models import Allocation
from onroll.children.resting import Lived, ends_of_homes
from onroll.children.visibility import reach
from onroll.children.who_sees import links_of, readers
from onroll.people.models import Post

from .scene import TODAY, a_child, a_person, an_allocation, an_episode, write

FOSTER = Placement(placement_type="U6", provider="PR1", postcode="zz1 1aa")
ELSEWHERE = Placement(placement_type="U4", provider="PR1", postcode="zz2 2bb")
A_MINUTE = timedelta(minutes=1)


def at(hour, minute, day=TODAY):
    """A moment by the clock in London."""
    return datetime.combine(day, time(hour, minute), tzinfo=get_default_timezone())


def sees(actor, child, moment=None):
    return reach(replace(actor, at=moment)).filter(pk=child.pk).exists()


@pytest.fixture
def home(cast):
    """Mia with Jean since June 2022, whose supervising social worker is Sue. Nadia is a carer too."""
    an_episode(cast.mia)
    jean, carer = a_person(cast.ashcombe, Role.CARER, "Jean Hollis")
    sue, supervising = a_person(cast.ashcombe, Role.SUPERVISING_SW, "Sue Park")
    nadia, next_carer = a_person(cast.ashcombe, Role.CARER, "Nadia Aziz")
    links = [an_allocation(cast.mia, jean, Role.CARER), an_allocation(cast.mia, sue, Role.SUPERVISING_SW)]
    an_allocation(cast.mia, cast.sam, Role.SOCIAL_WORKER)
    return SimpleNamespace(
        mia=cast.mia, cast=cast, carer=carer, supervising=supervising, nadia=nadia, next_carer=next_carer, links=links
    )


def ends(home):
    return [(row.end, row.ended_at) for row in Allocation.unscoped.filter(pk__in=[each.pk for each in home.links])]


def move(home, on=TODAY, placement=ELSEWHERE, **more):
    reason = "" if placement.placement_type.startswith("T") else "CARPL"
    return move_placement(
        home.mia, on=on, placement=placement, reason_place_change=reason, actor=home.cast.head, **more
    )


@pytest.mark.proves("ACC-4")
def test_a_move_of_home_ends_what_rests_on_it_and_nothing_else(home):
    assert sees(home.carer, home.mia)
    assert sees(home.supervising, home.mia)

    move(home, on=date(2026, 3, 20), carer=home.nadia)

    assert ends(home) == [(date(2026, 3, 20), None)] * 2
    assert not sees(home.carer, home.mia)
    assert not sees(home.supervising, home.mia)
    assert sees(home.next_carer, home.mia)
    assert sees(home.cast.social_worker, home.mia)


@pytest.mark.proves("ACC-4", "LNK-3")
def test_a_home_that_ends_in_an_emergency_closes_the_record_to_the_minute(home):
    ended = at(14, 30)

    move(home, ended_at=ended)

    assert ends(home) == [(TODAY, ended)] * 2
    for actor in (home.carer, home.supervising):
        seen = [sees(actor, home.mia, moment) for moment in (ended - A_MINUTE, ended, ended + A_MINUTE)]
        assert seen == [True, False, False]
        # Whoever has no moment, as a job has none, is let in no more that day.
        assert not sees(actor, home.mia)


@pytest.mark.proves("ACC-6")
def test_who_can_see_the_child_agrees_with_the_reach_at_every_minute(home):
    ended = at(14, 30)
    move(home, ended_at=ended)

    for moment in (ended - A_MINUTE, ended):
        found = {reader.name for reader in readers(home.mia, TODAY, links_of(home.mia, TODAY, moment))}
        assert ("Jean Hollis" in found) == sees(home.carer, home.mia, moment)


def test_the_minute_is_of_the_day_of_the_move(home):
    with pytest.raises(Refused, match="on the day of the move"):
        move(home, ended_at=at(14, 30, date(2026, 3, 30)))


def test_the_same_carers_moving_along_and_a_temporary_stay_end_nothing(home):
    move(home, on=date(2026, 2, 2), placement=ELSEWHERE, same_carer=True)
    move(home, on=date(2026, 3, 2), placement=Placement(placement_type="T3"))
    move(home, on=date(2026, 3, 9), placement=ELSEWHERE)
    change_legal_status(home.mia, on=date(2026, 3, 16), legal_status="C1", actor=home.cast.head)

    assert ends(home) == [(None, None)] * 2


def test_a_child_who_does_not_come_back_from_a_temporary_stay_has_left_the_carers(home):
    move(home, on=date(2026, 3, 2), placement=Placement(placement_type="T3"))

    move(home, on=date(2026, 3, 9), placement=ELSEWHERE)

    assert ends(home) == [(date(2026, 3, 9), None)] * 2


def test_the_carers_of_a_temporary_stay_end_with_it(home):
    move(home, on=date(2026, 3, 2), placement=Placement(placement_type="T3"), carer=home.nadia)

    move(home, on=date(2026, 3, 9), placement=FOSTER)

    assert ends(home) == [(None, None)] * 2
    assert Allocation.unscoped.get(account=home.nadia).end == date(2026, 3, 9)


def test_leaving_care_ends_it_too_and_so_does_the_real_end_of_a_provisional_one(home):
    end_care(home.mia, on=date(2026, 3, 20), reason_ceased="E4A", actor=home.cast.head)

    assert ends(home) == [(date(2026, 3, 20), None)] * 2


def test_a_real_end_ends_what_rested_on_the_home(home):
    episode = an_episode(
        a_child(home.cast.ashcombe, "Leo Marsh"), end=date(2026, 3, 1), reason_ceased="", provisional_end=True
    )
    link = an_allocation(episode.child, home.nadia, Role.CARER)

    give_real_end(episode, on=date(2026, 2, 20), reason_ceased="E4A", actor=home.cast.head)

    link.refresh_from_db()
    assert link.end == date(2026, 2, 20)


def test_what_a_young_adult_agreed_to_does_not_rest_on_the_home(home):
    birthday = date(2026, 3, 20)
    home.mia.birth_date = birthday.replace(year=2008)
    write(home.mia)

    end_care(home.mia, on=birthday, reason_ceased="E4A", actor=home.cast.head)

    assert ends(home) == [(None, None)] * 2


def test_a_home_that_ended_before_the_last_one_is_found_too():
    """Two moves after each other: who came with the first home is gone with the first, whoever writes it down late."""
    first, second = date(2025, 3, 1), date(2025, 9, 1)
    homes = [
        Lived(date(2024, 1, 1), first, "S", "X1", "U6"),
        Lived(first, second, "P", "X1", "U4"),
        Lived(second, None, "P", "", "U6"),
    ]

    assert list(ends_of_homes(homes, since=date(2024, 6, 1))) == [first, second]
    assert list(ends_of_homes(homes, since=first)) == [second]
    assert list(ends_of_homes(homes, since=second)) == []


# The page


@pytest.fixture
def today(monkeypatch):
    from onroll.access import middleware

    monkeypatch.setattr(middleware.timezone, "localdate", lambda *a: TODAY)


def typed(**more):
    day = {"on_day": 31, "on_month": 3, "on_year": 2026}
    moved = {"placement_type": "U4", "provider": "PR1", "disclosure": "not_to_family", "same_carer": "no"}
    return {**day, **moved, "reason_place_change": "CARPL", **more}


def text_of(client, home, **more):
    return client.post(reverse("children:home_move", args=[home.mia.public_id]), typed(**more)).text


@pytest.mark.proves("ACC-6")
def test_the_page_says_who_loses_and_who_gains_before_it_is_saved(client, home, today):
    client.force_login(home.cast.sam)

    text = text_of(client, home, carer=f"carer:{home.nadia.public_id}")

    assert "Jean Hollis, carer, and Sue Park, supervising social worker, can no longer see Mia as soon as" in text
    assert "more person will see" in text
    assert "Nadia Aziz" in text
    assert ends(home) == [(None, None)] * 2


def test_who_may_not_know_the_carers_is_told_how_many_there_are(client, home, today):
    client.force_login(Post.objects.get(pk=home.cast.data_officer.post).account)

    text = text_of(client, home)

    assert "Jean" not in text
    assert "1 person at the home can no longer see Mia" in text
    assert "Who cares for the child there?" not in text


def test_an_emergency_needs_its_time(client, home, today):
    client.force_login(home.cast.sam)

    assert "Enter the time at which the home ended, like 14:30" in text_of(client, home, emergency="yes")
    wrong = text_of(client, home, emergency="yes", ended_at_time="half past two")
    assert "Enter a time, like 14:30 or 2.30pm" in wrong
