"""Whom each kind of link opens, to the child: beside each one that opens stand those that almost do, and do not."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from types import SimpleNamespace

import pytest
from django.utils import timezone

from onroll.access import scope
from onroll.access.actors import Actor
from onroll.access.roles import Role
from onroll.authorities.models import Team
from onroll.children.models import (
    Child,
    CoverChild,
    Matter,
    MustNotSee,
    SchoolPlace,
    ServiceCase,
    YoungAdultAgreement,
)
from onroll.children.visibility import known_on, reach, years_before
from onroll.people.models import Cover

from .scene import TODAY, a_child, a_person, a_place, an_actor, an_allocation, an_authority, an_episode, write

DAY = timedelta(days=1)
LONG_AGO = TODAY - 900 * DAY
ADULT, OF_16 = date(2008, 3, 31), date(2010, 3, 31)


@pytest.fixture
def all_of(cast) -> SimpleNamespace:
    """Mia, and Leo and Ada, of whom nothing is recorded; Zed is of another authority."""
    cast.leo, cast.ada = a_child(cast.ashcombe, "Leo Holt"), a_child(cast.ashcombe, "Ada Finch")
    cast.castlebury = an_authority("998", "Castlebury")
    cast.zed = a_child(cast.castlebury, "Zed Elsewhere")
    return cast


def seen(actor: Actor, **more) -> set[str]:
    return {child.given_name for child in reach(replace(actor, **more))}


def keys(child: Child, **more) -> dict:
    return {"authority_id": child.authority_id, "child": child, **more}


def grown(child: Child, born: date = ADULT) -> None:
    child.birth_date = born
    write(child)


def test_the_virtual_school_sees_its_authority_and_an_office_without_children_nobody(all_of):
    joined = a_child(all_of.ashcombe, "Joined Record", merged_into=all_of.mia)

    assert Child.unscoped.filter(pk=joined.pk).exists()
    assert seen(all_of.head) == {"Mia", "Leo", "Ada"}
    assert seen(all_of.head, role=Role.ADMINISTRATOR) == set()
    assert seen(Actor.system(all_of.ashcombe.pk, today=TODAY)) == {"Mia", "Leo", "Ada"}

    write(MustNotSee(**keys(all_of.leo), account_id=all_of.head.account, tie="relative", start=TODAY))

    assert seen(all_of.head) == {"Mia", "Ada"}


def test_nobody_is_reached_for_an_authority_that_was_not_entered(cast):
    with scope.nowhere(), pytest.raises(scope.OutsideAuthority):
        reach(cast.head)


def test_an_allocation_opens_its_child_to_its_person_in_its_role(all_of):
    _, colleague = a_person(all_of.ashcombe, Role.SOCIAL_WORKER, "Alex Reid")
    an_allocation(all_of.mia, all_of.sam, Role.SOCIAL_WORKER)
    an_allocation(all_of.leo, all_of.sam, Role.IRO)
    an_allocation(all_of.ada, all_of.sam, Role.SOCIAL_WORKER, start=LONG_AGO, end=TODAY)

    assert seen(all_of.social_worker) == {"Mia"}
    assert seen(all_of.social_worker, role=Role.IRO) == {"Leo"}
    assert seen(all_of.social_worker, role=Role.DIRECTOR) == set()
    assert seen(colleague) == set()


def test_an_allocation_that_ends_to_the_minute_opens_until_then(all_of):
    at = datetime(2026, 3, 31, 15, tzinfo=timezone.get_default_timezone())
    an_allocation(all_of.mia, all_of.sam, Role.SOCIAL_WORKER, end=TODAY, ended_at=at)
    later = {"start": TODAY + DAY, "end": TODAY + DAY, "ended_at": at + DAY}
    an_allocation(all_of.leo, all_of.sam, Role.SOCIAL_WORKER, **later)
    an_allocation(all_of.ada, all_of.sam, Role.SOCIAL_WORKER)

    assert seen(all_of.social_worker) == {"Ada"}
    assert seen(all_of.social_worker, at=at - timedelta(minutes=1)) == {"Mia", "Ada"}
    assert seen(all_of.social_worker, at=at) == {"Ada"}


def test_leaving_care_is_prepared_from_16_by_who_is_allocated(all_of):
    account, adviser = a_person(all_of.ashcombe, Role.PERSONAL_ADVISER)
    grown(all_of.leo, OF_16)
    grown(all_of.ada, OF_16)
    for child in (all_of.mia, all_of.leo):
        an_allocation(child, account, Role.PERSONAL_ADVISER)

    assert seen(adviser) == {"Leo"}
    assert seen(adviser, today=TODAY - DAY) == set()


def test_a_carer_sees_a_child_in_care_and_a_young_adult_who_agreed(all_of):
    account, carer = a_person(all_of.ashcombe, Role.CARER)
    sue = a_child(all_of.ashcombe, "Sue Marsh", birth_date=ADULT)
    tim = a_child(all_of.ashcombe, "Tim Marsh", birth_date=ADULT)
    for child in (all_of.mia, all_of.leo, sue, tim):
        an_allocation(child, account, Role.CARER)
    an_episode(all_of.mia)
    an_episode(all_of.leo, end=TODAY)
    an_episode(all_of.ada)
    write(YoungAdultAgreement(**keys(sue), account=account, told="By phone", start=TODAY))

    assert seen(carer) == {"Mia", "Sue"}


def test_a_young_adult_goes_on_with_whom_they_agreed_while_they_agree(all_of):
    account, adviser = a_person(all_of.ashcombe, Role.PERSONAL_ADVISER)
    other, _ = a_person(all_of.ashcombe, Role.PERSONAL_ADVISER, "Alex Reid")
    for child in (all_of.mia, all_of.leo, all_of.ada):
        grown(child)
        an_allocation(child, account, Role.PERSONAL_ADVISER)
    an_allocation(all_of.mia, all_of.sam, Role.SOCIAL_WORKER)
    write(YoungAdultAgreement(**keys(all_of.mia), account=account, told="By phone", start=LONG_AGO))
    write(YoungAdultAgreement(**keys(all_of.leo), account=other, told="By phone", start=LONG_AGO))
    write(YoungAdultAgreement(**keys(all_of.ada), account=account, told="By phone", start=LONG_AGO, end=TODAY))

    assert seen(adviser) == {"Mia"}
    assert seen(all_of.social_worker) == set(), "social care has another record for adults"
    assert seen(all_of.social_worker, today=TODAY - DAY) == {"Mia"}


def test_a_young_adult_goes_on_with_a_school_they_agreed_to(all_of):
    for child in (all_of.mia, all_of.leo):
        grown(child)
        a_place(child, all_of.hillside)
    write(YoungAdultAgreement(**keys(all_of.mia), school=all_of.hillside, told="By phone", start=TODAY))
    write(YoungAdultAgreement(**keys(all_of.leo), school=all_of.fernhill, told="By phone", start=TODAY))

    assert seen(all_of.teacher) == {"Mia"}


def test_a_reviewing_officer_finishes_the_reviews_that_were_their_own_and_are_over(all_of):
    account, iro = a_person(all_of.ashcombe, Role.IRO, "Ina Shaw")
    other, _ = a_person(all_of.ashcombe, Role.IRO, "Ivo Lund")
    never, long_over = a_child(all_of.ashcombe, "Never Begun"), a_child(all_of.ashcombe, "Over Long")
    goes_on, theirs, worked = (a_child(all_of.ashcombe, f"{name} Marsh") for name in ("Goes", "Theirs", "Worked"))
    an_allocation(all_of.mia, account, Role.IRO, start=LONG_AGO, end=TODAY)
    an_allocation(all_of.leo, account, Role.IRO, start=LONG_AGO)
    an_allocation(never, account, Role.IRO, start=TODAY - DAY, end=TODAY - DAY)
    an_allocation(long_over, account, Role.IRO, start=LONG_AGO, end=TODAY - 60 * DAY)
    an_allocation(goes_on, account, Role.IRO, start=LONG_AGO, end=TODAY + DAY)
    an_allocation(theirs, other, Role.IRO, start=LONG_AGO, end=TODAY)
    an_allocation(worked, account, Role.SOCIAL_WORKER, start=LONG_AGO, end=TODAY)

    assert seen(iro, finishing=True) == {"Mia"}
    assert seen(iro) == {"Leo", "Goes"}


def test_a_case_opens_its_child_to_its_person_while_it_is_open_and_a_few_days_more(all_of):
    account, psychologist = a_person(all_of.ashcombe, Role.EP)
    other, _ = a_person(all_of.ashcombe, Role.EP, "Alex Reid")
    names = {"Open": {}, "Closed": {"end": TODAY - DAY}, "Over": {"end": TODAY - 60 * DAY}}
    names |= {"Never": {"start": TODAY - DAY, "end": TODAY - DAY}, "Later": {"start": TODAY + DAY}}
    names |= {"Theirs": {"account": other}, "Send": {"service": Role.SEND}}
    for name, more in names.items():
        child = a_child(all_of.ashcombe, f"{name} Marsh")
        case = {"account": account, "service": Role.EP, "start": LONG_AGO, **more}
        write(ServiceCase(**keys(child), about="", **case))

    assert seen(psychologist) == {"Open", "Closed"}


def test_cover_opens_every_child_of_the_giver_or_the_children_it_names(all_of):
    for child in (all_of.mia, all_of.leo):
        an_allocation(child, all_of.sam, Role.SOCIAL_WORKER)
    stand_in, _ = a_person(all_of.ashcombe, Role.SOCIAL_WORKER, "Alex Reid")
    given = {"authority": all_of.ashcombe, "post_id": all_of.social_worker.post, "email": stand_in.email}
    days = {"start": TODAY, "end": TODAY + 7 * DAY}
    of_all, of_leo, of_mia = (write(Cover(**given, **days, every_child=every)) for every in (True, False, False))
    write(CoverChild(**keys(all_of.mia), cover=of_mia))
    write(CoverChild(**keys(all_of.ada), cover=of_mia))
    write(CoverChild(**keys(all_of.leo), cover=of_leo))
    acting = replace(all_of.social_worker, account=stand_in.pk, behalf_of=all_of.sam.pk)

    assert seen(acting, cover=of_all.pk) == {"Mia", "Leo"}
    assert seen(acting, cover=of_mia.pk) == {"Mia"}


def a_team(authority, name="North"):
    return write(Team(authority=authority, name=name))


def test_an_adviser_sees_their_own_and_their_teams_children_or_all_where_the_authority_says_so(all_of):
    north, south = a_team(all_of.ashcombe), a_team(all_of.ashcombe, "South")
    account, adviser = a_person(all_of.ashcombe, Role.VS_OFFICER, "Olga Penn", team=north)
    colleague, _ = a_person(all_of.ashcombe, Role.VS_OFFICER, "Oona Vale", team=north)
    left, _ = a_person(all_of.ashcombe, Role.VS_OFFICER, "Otto Lane", team=north, end=TODAY)
    southern, _ = a_person(all_of.ashcombe, Role.VS_OFFICER, "Orla Dean", team=south)
    manager, _ = a_person(all_of.ashcombe, Role.TEAM_MANAGER, "Max Hall", team=north)
    own, of_team, ended, of_south, of_left, of_manager, worked = (
        a_child(all_of.ashcombe, f"{name} Marsh")
        for name in ("Own", "Team", "Ended", "South", "Left", "Manager", "Worked")
    )
    an_allocation(own, account, Role.VS_OFFICER)
    an_allocation(of_team, colleague, Role.VS_OFFICER)
    an_allocation(ended, colleague, Role.VS_OFFICER, start=LONG_AGO, end=TODAY)
    an_allocation(of_south, southern, Role.VS_OFFICER)
    an_allocation(of_left, left, Role.VS_OFFICER)
    an_allocation(of_manager, manager, Role.VS_OFFICER)
    an_allocation(worked, colleague, Role.SOCIAL_WORKER)

    assert seen(adviser) == {"Own", "Team"}
    assert seen(adviser, team=None) == {"Own"}
    assert seen(adviser, advisers_see_all=True) >= {"Own", "Team", "South", "Mia", "Leo"}


def test_a_team_manager_sees_the_children_of_the_teams_social_workers(all_of):
    north = a_team(all_of.ashcombe)
    worker, _ = a_person(all_of.ashcombe, Role.SOCIAL_WORKER, "Alex Reid", team=north)
    manager = an_actor(all_of.ashcombe, Role.TEAM_MANAGER, team=north)
    an_allocation(all_of.mia, worker, Role.SOCIAL_WORKER)
    an_allocation(all_of.leo, all_of.sam, Role.SOCIAL_WORKER)

    assert seen(manager) == {"Mia"}
    assert seen(manager, team=None) == set()


def test_a_school_sees_the_authoritys_own_children_who_have_a_place_there_today(all_of):
    enquired = a_child(all_of.ashcombe, "Enquired Marsh", held_as=Child.HeldAs.ENQUIRY)
    waiting, left = a_child(all_of.ashcombe, "Waiting Marsh"), a_child(all_of.ashcombe, "Left Marsh")
    a_place(all_of.mia, all_of.hillside)
    a_place(all_of.leo, all_of.fernhill)
    a_place(enquired, all_of.hillside)
    a_place(waiting, all_of.hillside, kind=SchoolPlace.Kind.AWAITING)
    a_place(left, all_of.hillside, start=LONG_AGO, end=TODAY)

    assert seen(all_of.teacher) == {"Mia"}
    assert seen(all_of.teacher, school=None) == set()


def test_information_governance_sees_the_children_about_whom_a_matter_is_open(all_of):
    officer = an_actor(all_of.ashcombe, Role.IG)
    opened = {"kind": "review", "reference": "R1", "reason": "Asked by the head", "opened_by_id": officer.account}
    write(Matter(**keys(all_of.mia), **opened, start=TODAY, end=TODAY + 9 * DAY))
    write(Matter(**keys(all_of.leo), **opened, start=LONG_AGO, end=TODAY))

    assert seen(officer) == {"Mia"}


def known(actor: Actor, day: date) -> set[str]:
    return {child.given_name for child in known_on(actor, day)}


def test_who_has_only_a_summary_of_care_looks_back_as_far_as_their_own_link(all_of):
    account, _ = a_person(all_of.ashcombe, Role.SOCIAL_WORKER)
    start = TODAY - 9 * DAY
    a_place(all_of.mia, all_of.hillside, start=start, end=TODAY + DAY)
    an_allocation(all_of.mia, all_of.sam, Role.SOCIAL_WORKER, start=start)

    assert known(all_of.teacher, start) == {"Mia"}
    assert known(all_of.teacher, start - DAY) == set()
    assert known(all_of.teacher, TODAY + DAY) == {"Mia"}, "a day to come is no look back"
    assert known(all_of.social_worker, start - DAY) == {"Mia"}
    assert known(replace(all_of.social_worker, account=account.pk), TODAY) == set()


@pytest.mark.parametrize(
    ("day", "years", "born"),
    [
        (date(2026, 3, 31), 18, date(2008, 3, 31)),
        (date(2028, 2, 29), 18, date(2010, 2, 28)),
        (date(2028, 2, 29), 16, date(2012, 2, 29)),
        (date(2027, 2, 28), 18, date(2009, 2, 28)),
    ],
)
def test_the_latest_date_of_birth_of_an_age_is_a_day_of_its_year(day, years, born):
    assert years_before(day, years) == born
