"""When a link opens a child's record, and from which day it opens it no more."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from onroll.access.roles import MAY_GO_ON, PARTNERS, REST_ON_CARE, SCHOOL_STAFF, Role
from onroll.access.sections import Section, may_read, may_write
from onroll.authorities.models import Team
from onroll.children.models import CoverChild, ServiceCase, YoungAdultAgreement
from onroll.children.visibility import earliest_end, reach, years_before
from onroll.codes.working_days import is_working_day
from onroll.people.models import Cover, Post
from onroll.people.posts import find_actor, live_posts, posts_and_cover

from .scene import (
    TODAY,
    a_child,
    a_person,
    a_place,
    a_school,
    an_actor,
    an_agreement,
    an_allocation,
    an_authority,
    an_episode,
    write,
)

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def sees(actor, child, day=None):
    return reach(replace(actor, today=day or actor.today)).filter(pk=child.pk).exists()


@pytest.fixture
def ashcombe(db):
    return an_authority()


def a_linked(role, child, **post):
    """A person in this role with the link that opens this child's record."""
    school = post.pop("school", None)
    account, actor = a_person(child.authority, role, school=school, **post)
    if role in PARTNERS:
        keys = {"authority": child.authority, "child": child, "account": account}
        write(ServiceCase(**keys, service=role, about="", start=date(2020, 1, 1)))
    elif role not in SCHOOL_STAFF:
        an_allocation(child, account, role, start=date(2020, 1, 1))
    return account, actor


# The first and the last day


@pytest.mark.proves("LNK-3")
@pytest.mark.parametrize("end", [date(2026, 3, 29), date(2026, 8, 31), date(2026, 10, 25), date(2027, 1, 1)])
def test_a_link_counts_from_its_first_day_to_the_day_before_its_end(ashcombe, end):
    """Over both changes of the clock, the change of school year and of the year: days, not hours, are counted."""
    child, hillside = a_child(ashcombe), a_school()
    start = end - timedelta(days=30)
    a_place(child, hillside, start=start, end=end)
    account, worker = a_person(ashcombe, Role.SOCIAL_WORKER)
    an_allocation(child, account, Role.SOCIAL_WORKER, start=start, end=end)
    teacher = an_actor(ashcombe, Role.DESIGNATED_TEACHER, school=hillside)

    for actor in (worker, teacher):
        seen = [sees(actor, child, day) for day in (start - DAY, start, end - DAY, end)]
        assert seen == [False, True, True, False]


def test_a_designated_teacher_needs_the_post_and_the_place(ashcombe):
    child, hillside = a_child(ashcombe), a_school()
    a_place(child, hillside, start=date(2026, 3, 1))
    account, _ = a_person(ashcombe, Role.DESIGNATED_TEACHER, school=hillside, start=date(2026, 3, 10), end=TODAY)

    acting = [find_actor(account, None, day) for day in (date(2026, 3, 9), date(2026, 3, 10), TODAY - DAY, TODAY)]

    assert [actor is not None and sees(actor, child) for actor in acting] == [False, True, True, False]


def test_a_carer_sees_the_child_while_the_placement_with_them_lasts(ashcombe):
    child = a_child(ashcombe)
    _, carer = a_linked(Role.CARER, child)
    assert not sees(carer, child)

    an_episode(child, start=date(2026, 1, 5), end=date(2026, 3, 20))

    assert sees(carer, child, date(2026, 3, 19))
    assert not sees(carer, child, date(2026, 3, 20))


def test_a_reviewing_officer_reads_only_the_reviews_in_the_days_after_the_end(ashcombe):
    child = a_child(ashcombe)
    account, iro = a_person(ashcombe, Role.IRO)
    end = date(2026, 3, 2)
    an_allocation(child, account, Role.IRO, end=end)
    last = end  # The twentieth working day is a Friday.
    for _ in range(19):
        last += DAY
        while not is_working_day(last):
            last += DAY

    finishing = replace(iro, finishing=True, only_sections=frozenset({"a", "b2"}))

    assert not sees(iro, child, end)
    assert [sees(finishing, child, day) for day in (end, last, last + 3 * DAY)] == [True, True, False]
    assert may_read(finishing, Section.OTHER_STATUS)
    assert not may_read(finishing, Section.CARE)
    assert not any(may_write(finishing, section) for section in Section)


@pytest.mark.parametrize("count", [5, 20])
def test_the_days_after_an_end_are_counted_in_working_days(count):
    for offset in range(400):
        today = date(2026, 1, 1) + timedelta(days=offset)
        first = earliest_end(today, count)
        days = [first + timedelta(days=each) for each in range((today - first).days + 1)]
        assert sum(map(is_working_day, days)) <= count
        assert sum(map(is_working_day, [first - DAY, *days])) == count + 1


# The 18th birthday


@pytest.mark.parametrize(
    ("born", "birthday"),
    [
        (date(2008, 3, 31), date(2026, 3, 31)),
        (date(2008, 2, 29), date(2026, 3, 1)),
        (date(2007, 3, 25), date(2025, 3, 25)),
    ],
)
def test_an_age_is_reached_on_the_birthday(born, birthday):
    assert born > years_before(birthday - DAY, 18)
    assert born <= years_before(birthday, 18)


def test_what_rests_on_care_ends_on_the_18th_birthday(ashcombe):
    hillside, birthday = a_school(), date(2026, 3, 31)
    child = a_child(ashcombe, birth_date=date(2008, 3, 31))
    an_episode(child)
    a_place(child, hillside)
    for role in REST_ON_CARE:
        if role == Role.TEAM_MANAGER:
            continue
        account, actor = a_linked(role, child, school=hillside if role in SCHOOL_STAFF else None)

        assert sees(actor, child, birthday - DAY), role
        assert not sees(actor, child, birthday), role

        to = {"school": hillside} if role in SCHOOL_STAFF else {"account": account}
        keys = {"authority": ashcombe, "child": child, "told": "In a letter"}
        agreed = write(YoungAdultAgreement(**keys, **to, start=birthday, end=birthday + timedelta(days=10)))
        assert sees(actor, child, birthday) == (role in MAY_GO_ON), role
        assert not sees(actor, child, birthday + timedelta(days=10)), role
        agreed.end = birthday
        write(agreed)


def test_a_young_adult_agrees_to_one_school_and_to_no_other(ashcombe):
    hillside, riverside = a_school(), a_school("Riverside")
    child = a_child(ashcombe, birth_date=date(2008, 1, 1))
    a_place(child, hillside)
    a_place(child, riverside, kind="subsidiary")
    write(YoungAdultAgreement(authority=ashcombe, child=child, school=hillside, told="By phone", start=TODAY))

    assert sees(an_actor(ashcombe, Role.DESIGNATED_TEACHER, school=hillside), child)
    assert not sees(an_actor(ashcombe, Role.DESIGNATED_TEACHER, school=riverside), child)


def test_the_virtual_school_keeps_the_record_of_a_young_adult(ashcombe):
    child = a_child(ashcombe, birth_date=date(2008, 1, 1))

    assert sees(an_actor(ashcombe, Role.VSH), child)


@pytest.mark.parametrize("role", [Role.PERSONAL_ADVISER, Role.EET])
def test_leaving_care_begins_at_16(ashcombe, role):
    child = a_child(ashcombe, birth_date=date(2010, 3, 31))
    _, adviser = a_linked(role, child)

    assert not sees(adviser, child, date(2026, 3, 30))
    assert sees(adviser, child, date(2026, 3, 31))


# Partner services


@pytest.mark.proves("PAR-1")
def test_a_partner_service_sees_a_child_for_its_own_open_case_alone(ashcombe):
    child, other = a_child(ashcombe), a_child(ashcombe, "Reece Holt")
    account, psychologist = a_person(ashcombe, Role.EP)
    colleague = an_actor(ashcombe, Role.EP)
    keys = {"authority": ashcombe, "child": child, "account": account}
    # Closed on Friday 6 March: five working days more are Friday to Thursday.
    write(ServiceCase(**keys, service=Role.EP, about="", start=date(2026, 2, 2), end=date(2026, 3, 6)))

    assert not sees(psychologist, child, date(2026, 2, 1))
    assert sees(psychologist, child, date(2026, 2, 2))
    assert sees(psychologist, child, date(2026, 3, 12))
    assert not sees(psychologist, child, date(2026, 3, 13))
    assert not sees(psychologist, other, date(2026, 2, 2))
    assert not sees(colleague, child, date(2026, 2, 2))


def test_a_case_of_one_service_opens_nothing_to_a_post_in_another(ashcombe):
    child = a_child(ashcombe)
    account, _ = a_person(ashcombe, Role.EP)
    _, caseworker = a_person(ashcombe, Role.SEND)
    write(ServiceCase(authority=ashcombe, child=child, account=account, service=Role.EP, about="", start=TODAY))

    assert not sees(replace(caseworker, account=account.pk), child)


def test_a_partners_post_counts_while_its_agreement_is_in_force(ashcombe):
    agreement = an_agreement(ashcombe, start=date(2026, 3, 1), end=date(2026, 3, 31))
    account, _ = a_person(ashcombe, Role.INCLUSION, agreement=agreement)
    without, _ = a_person(ashcombe, Role.INCLUSION, agreement=None)
    days = [date(2026, 2, 28), date(2026, 3, 1), date(2026, 3, 30), date(2026, 3, 31)]

    assert [bool(live_posts(account, on=day)) for day in days] == [False, True, True, False]
    assert [account.posts.get().is_live(day) for day in days] == [False, True, True, False]
    assert not any(live_posts(without, on=day) for day in days)
    assert not without.posts.get().is_live(TODAY)


# Posts that nobody confirmed


@pytest.mark.proves("LNK-1")
def test_a_post_that_nobody_confirms_lapses_thirty_days_after_its_review_was_due(ashcombe):
    due = date(2026, 3, 1)
    account, _ = a_person(ashcombe, Role.SOCIAL_WORKER, review_on=due)
    days = [due - DAY, due, due + timedelta(days=29), due + timedelta(days=30)]

    assert [bool(live_posts(account, on=day)) for day in days] == [True, True, True, False]
    assert [account.posts.get().is_live(day) for day in days] == [True, True, True, False]
    assert [account.posts.get().is_due(day) for day in days] == [False, True, True, True]


def test_a_post_with_an_end_and_a_carers_do_not_lapse(ashcombe):
    ending, _ = a_person(ashcombe, Role.IRO, review_on=date(2021, 1, 1), end=date(2027, 1, 1))
    carer, _ = a_person(ashcombe, Role.CARER, review_on=date(2021, 1, 1))

    assert live_posts(ending, on=TODAY)
    assert live_posts(carer, on=TODAY)


def test_a_post_written_without_a_word_about_its_review_has_one_within_a_year(ashcombe):
    account, _ = a_person(ashcombe, Role.IRO)

    assert account.posts.get().review_on <= timezone.localdate() + timedelta(days=365)


# Cover


def cover_of(account, email, **values):
    post = Post.objects.get(account=account)
    days = {"start": TODAY, "end": TODAY + timedelta(days=7)}
    return write(Cover(authority=post.authority, post=post, email=email, **{**days, **values}))


@pytest.mark.proves("AWK-4")
def test_cover_opens_what_the_giver_sees_and_ends_with_it(ashcombe):
    child, other = a_child(ashcombe), a_child(ashcombe, "Reece Holt")
    giver, _ = a_linked(Role.SOCIAL_WORKER, child)
    stand_in, own = a_person(ashcombe, Role.SOCIAL_WORKER, "Alex Reid")
    cover = cover_of(giver, stand_in.email)

    def acting(day=TODAY):
        return find_actor(stand_in, f"cover:{cover.pk}", day)

    assert acting().cover == cover.pk
    assert (acting().account, acting().behalf_of) == (stand_in.pk, giver.pk)
    assert sees(acting(), child)
    assert not sees(acting(), other)
    assert not sees(own, child)
    assert sees(acting(cover.end - DAY), child)
    assert acting(cover.end) is None
    giver.is_active = False
    write(giver)
    assert acting() is None


def test_cover_may_be_limited_to_children_and_to_sections(ashcombe):
    child, other = a_child(ashcombe), a_child(ashcombe, "Reece Holt")
    giver, _ = a_linked(Role.SOCIAL_WORKER, child)
    an_allocation(other, giver, Role.SOCIAL_WORKER)
    stand_in, _ = a_person(ashcombe, Role.SOCIAL_WORKER, "Alex Reid")
    cover = cover_of(giver, stand_in.email, every_child=False, sections="a e")
    write(CoverChild(authority=ashcombe, child=child, cover=cover))

    acting = find_actor(stand_in, f"cover:{cover.pk}", TODAY)

    assert sees(acting, child)
    assert not sees(acting, other)
    assert may_read(acting, Section.BASICS)
    assert may_read(acting, Section.ATTENDANCE)
    assert not may_read(acting, Section.HEALTH)


def test_cover_leads_to_no_other_school_and_to_no_other_authority(ashcombe):
    hillside, riverside, castlebury = a_school(), a_school("Riverside"), an_authority("998", "Castlebury")
    giver, _ = a_person(ashcombe, Role.DESIGNATED_TEACHER, school=hillside)
    neighbour, _ = a_person(ashcombe, Role.DESIGNATED_TEACHER, school=riverside)
    beyond, _ = a_person(castlebury, Role.DESIGNATED_TEACHER, school=hillside)
    deputy, _ = a_person(ashcombe, Role.DEPUTY_DT, school=hillside)
    for account in (neighbour, beyond, deputy):
        cover_of(giver, account.email)

    def covers(account):
        return posts_and_cover(account, on=TODAY)[1]

    assert covers(deputy)
    assert not covers(neighbour)
    assert not covers(beyond)


def test_cover_alone_lets_a_person_without_a_post_in(ashcombe):
    child = a_child(ashcombe)
    giver, _ = a_linked(Role.SOCIAL_WORKER, child)
    account, _ = a_person(ashcombe, Role.SOCIAL_WORKER, end=date(2021, 1, 1))
    assert find_actor(account, None, TODAY) is None

    cover_of(giver, account.email)

    assert sees(find_actor(account, None, TODAY), child)


def test_nobody_covers_for_themselves(ashcombe):
    giver, _ = a_person(ashcombe, Role.SOCIAL_WORKER)
    cover_of(giver, giver.email)

    assert find_actor(giver, None, TODAY).cover is None


def signed_in(account):
    client = Client()
    client.force_login(account)
    return client


@pytest.mark.proves("AWK-3")
@pytest.mark.parametrize("role", [role for role in Role if role in REST_ON_CARE])
def test_a_link_to_one_child_never_opens_a_brother_or_sister(ashcombe, role):
    """The same family, home, carer's name and surname: only a link of one's own to each child opens each."""
    born, hillside = date(2010, 3, 1), a_school()
    child = a_child(ashcombe, "Mia Dawson", birth_date=born)
    brother = a_child(ashcombe, "Leo Dawson", birth_date=born)
    for each in (child, brother):
        an_episode(each, start=date(2020, 1, 1))
    team = write(Team(authority=ashcombe, name="North")) if role == Role.TEAM_MANAGER else None
    school = hillside if role in SCHOOL_STAFF else None
    account, actor = a_linked(role, child, school=school, team=team)
    if school is not None:
        a_place(child, school, start=date(2020, 1, 1))
        a_place(brother, a_school("Riverside"), start=date(2020, 1, 1))
    if team is not None:
        worker, _ = a_person(ashcombe, Role.SOCIAL_WORKER, team=team)
        an_allocation(child, worker, Role.SOCIAL_WORKER)

    assert sees(actor, child)
    assert not sees(actor, brother)
    named = signed_in(account).get(reverse("profile:story", args=[child.public_id])).text
    assert "Mia" in named
    assert "Leo" not in named
    assert signed_in(account).get(reverse("profile:story", args=[brother.public_id])).status_code == 404
