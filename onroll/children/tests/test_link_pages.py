"""The pages about what opens a record: cover, cases, a young adult's word, telling a school, who can see a child."""

from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from onroll.access.models import Account
from onroll.access.roles import Role
from onroll.authorities.models import Team
from onroll.children.actions.links import end_agreement, end_all_access, tell_setting, why_not_cover
from onroll.children.models import Allocation, Child, ServiceCase, SettingTold, YoungAdultAgreement
from onroll.children.telling import to_tell, told_settings
from onroll.children.visibility import reach
from onroll.children.who_sees import gained_by_allocation, readers
from onroll.people.models import Cover, Post, SharingAgreement
from onroll.people.posts import actor_for, find_actor, live_posts

from .scene import (
    a_child,
    a_person,
    a_place,
    a_school,
    an_agreement,
    an_allocation,
    an_authority,
    an_episode,
    confirmed,
    write,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def today():
    return timezone.localdate()


@pytest.fixture
def ashcombe():
    return an_authority()


@pytest.fixture
def mia(ashcombe):
    child = a_child(ashcombe)
    an_episode(child)
    return child


def signed_in(account):
    client = Client()
    client.force_login(account)
    return client


def on(name, day):
    return {f"{name}_day": day.day, f"{name}_month": day.month, f"{name}_year": day.year}


def acting(account, today):
    return find_actor(account, None, today)


# Cover


@pytest.mark.proves("AWK-4")
def test_cover_is_given_seen_and_withdrawn(ashcombe, mia, today):
    tom, _ = a_person(ashcombe, Role.SOCIAL_WORKER, "Tom Adeyemi")
    an_allocation(mia, tom, Role.SOCIAL_WORKER)
    client = signed_in(tom)
    typed = {"email": "Alice@Example.org", **on("start", today), **on("last", today + timedelta(days=27))}

    typed |= {"whom": "all", "what": "all", "reason": ""}
    _, done = confirmed(client, reverse("children:cover"), typed, follow=True)

    assert "alice@example.org" in done.content.decode()
    cover = Cover.objects.get()
    assert (cover.start, cover.end, cover.post.account) == (today, today + timedelta(days=28), tom)
    client.post(reverse("children:cover_withdraw", args=[cover.public_id]))
    assert not Cover.objects.live(today).exists()


@pytest.mark.proves("ACC-6")
def test_what_cover_opens_is_said_before_it_is_given(ashcombe, mia, today):
    tom, _ = a_person(ashcombe, Role.DESIGNATED_TEACHER, "Tom Adeyemi", school=(hillside := a_school()))
    a_place(mia, hillside)
    a_place(a_child(ashcombe, "Leo Marsh"), hillside)
    client, last = signed_in(tom), today + timedelta(days=2)
    typed = {"email": "alice@example.org", **on("start", today), **on("last", last), "what": "some", "sections": ["d"]}

    every = client.post(reverse("children:cover"), {**typed, "whom": "all"}).text
    one = client.post(reverse("children:cover"), {**typed, "whom": "some", "children": [str(mia.public_id)]}).text

    said = "1 more person, whoever signs in as alice@example.org, will see name, date of birth, year, known-as and "
    assert f"{said}school, roll, timetable of 2 children" in every
    assert f"{said}school, roll, timetable of Mia Dawson" in one
    assert not Cover.objects.exists()


def test_cover_is_refused_where_it_would_be_wider_or_longer(ashcombe, today):
    tom, _ = a_person(ashcombe, Role.DESIGNATED_TEACHER, "Tom Adeyemi", school=a_school())
    giver = acting(tom, today)
    given = {
        "email": "a@example.org",
        "start": today,
        "end": today + timedelta(days=28),
        "sections": (),
        "actor": giver,
    }

    assert why_not_cover(**given) == ""
    assert "28 days" in why_not_cover(**{**given, "end": today + timedelta(days=29)})
    assert "see yourself" in why_not_cover(**{**given, "sections": ("l",)})
    assert "another person" in why_not_cover(**{**given, "email": tom.email})
    assert "today or later" in why_not_cover(**{**given, "start": today - timedelta(days=1)})


def test_the_answer_does_not_say_who_has_an_account(ashcombe, today):
    tom, _ = a_person(ashcombe, Role.SOCIAL_WORKER, "Tom Adeyemi")
    known, _ = a_person(ashcombe, Role.SOCIAL_WORKER, "Alice Beck")
    client = signed_in(tom)
    words = []
    for email in (known.email, "nobody.at.all@example.org"):
        typed = {"email": email, **on("start", today), **on("last", today), "whom": "all", "what": "all"}
        confirmed(client, reverse("children:cover"), typed)
        words.append(Cover.objects.latest("pk").email == email)
    assert words == [True, True]


def test_nobody_withdraws_the_cover_of_another(ashcombe, today):
    tom, _ = a_person(ashcombe, Role.SOCIAL_WORKER, "Tom Adeyemi")
    other, _ = a_person(ashcombe, Role.SOCIAL_WORKER, "Alice Beck")
    days = {"start": today, "end": today + timedelta(days=3)}
    cover = write(Cover(authority=ashcombe, post=tom.posts.get(), email="b@example.org", **days))

    answer = signed_in(other).post(reverse("children:cover_withdraw", args=[cover.public_id]))

    assert answer.status_code == 404
    assert Cover.objects.live(today).exists()


# Cases and agreements


@pytest.mark.proves("PAR-1")
def test_the_virtual_school_opens_and_closes_a_case(ashcombe, mia, today):
    head, _ = a_person(ashcombe, Role.VSH, "Helen Okafor")
    simon, _ = a_person(ashcombe, Role.EP, "Simon Achebe")
    client = signed_in(head)
    typed = {"who": f"ep:{simon.public_id}", "about": "Asked to advise", **on("start", today)}

    said, _ = confirmed(client, reverse("children:case_open", args=[mia.public_id]), typed)

    assert "1 more person will see name, date of birth" in said
    assert "Simon Achebe" in said
    assert reach(acting(simon, today)).filter(pk=mia.pk).exists()
    case = ServiceCase.unscoped.get()
    assert "Asked to advise" in client.get(reverse("profile:people", args=[mia.public_id])).content.decode()
    client.post(reverse("children:case_close", args=[mia.public_id, case.public_id]), on("end", today))
    assert ServiceCase.unscoped.get().end == today


def test_a_case_needs_a_post_with_an_agreement_in_force(ashcombe, mia, today):
    head, _ = a_person(ashcombe, Role.VSH, "Helen Okafor")
    _simon, _ = a_person(ashcombe, Role.EP, "Simon Achebe", agreement=None)

    text = signed_in(head).get(reverse("children:case_open", args=[mia.public_id])).content.decode()

    assert "Simon Achebe" not in text


def test_an_agreement_is_recorded_by_the_administrator(ashcombe, today):
    kiran, _ = a_person(ashcombe, Role.ADMINISTRATOR, "Kiran Mistry")
    client = signed_in(kiran)
    typed = {"title": "Advice", "parties": "Us and them", "purpose": "Advice", "lawful_basis": "Public task"}
    days = {**on("start", today), **on("review_on", today + timedelta(days=100)), "end_day": ""}

    text = client.post(reverse("people:agreements"), {**typed, **days}, follow=True).content.decode()

    assert "Recorded: Advice." in text
    assert SharingAgreement.objects.get().is_in_force(today)


@pytest.mark.proves("LNK-1")
def test_an_agreement_ends_with_the_posts_and_cases_that_rest_on_it(ashcombe, mia, today):
    """Said before: who, and how many cases. What rests on another agreement goes on."""
    head, _ = a_person(ashcombe, Role.VSH, "Helen Okafor")
    simon, _ = a_person(ashcombe, Role.EP, "Simon Achebe")
    ada, _ = a_person(ashcombe, Role.ADMISSIONS, "Ada Lunt")
    for account, service in ((simon, Role.EP), (ada, Role.ADMISSIONS)):
        keys = {"authority": ashcombe, "child": mia, "account": account}
        write(ServiceCase(**keys, service=service, about="Case", start=today))
    agreement = simon.posts.get().agreement
    client, page = signed_in(head), reverse("administration:agreement", args=[agreement.public_id])
    assert "Simon Achebe" in client.get(page).text

    said, _ = confirmed(client, page, on("last", today))

    assert "The post of Simon Achebe as educational psychologist ends with it, and 1 open case." in said
    assert "Ada Lunt" not in said
    assert "Mia" not in said
    tomorrow = today + timedelta(days=1)
    assert (simon.posts.get().end, ServiceCase.unscoped.get(account=simon).end) == (tomorrow, tomorrow)
    assert (ada.posts.get().end, ServiceCase.unscoped.get(account=ada).end) == (None, None)
    assert find_actor(simon, None, today) is not None
    assert find_actor(simon, None, tomorrow) is None


def test_an_agreement_ends_today_or_later_and_once(ashcombe, today):
    administrator, _ = a_person(ashcombe, Role.ADMINISTRATOR, "Amy Lee")
    a_person(ashcombe, Role.EP, "Simon Achebe")
    agreement = SharingAgreement.objects.get()
    client, page = signed_in(administrator), reverse("administration:agreement", args=[agreement.public_id])

    _, late = confirmed(client, page, on("last", today - timedelta(days=9)))
    assert "The last day is yesterday at the earliest." in late.text
    end_agreement(agreement, end=today, actor=acting(administrator, today))
    assert f"It ended on {today.day} " in client.get(page).text
    theirs = an_agreement(an_authority("998", "Castlebury"))
    assert client.get(reverse("administration:agreement", args=[theirs.public_id])).status_code == 404


@pytest.mark.proves("LNK-1")
def test_a_post_that_is_due_is_confirmed_for_a_year(ashcombe, today):
    kiran, _ = a_person(ashcombe, Role.ADMINISTRATOR, "Kiran Mistry")
    tom, _ = a_person(ashcombe, Role.SOCIAL_WORKER, "Tom Adeyemi", review_on=today - timedelta(days=31))
    assert not live_posts(tom, on=today)

    client = signed_in(kiran)
    assert "Tom Adeyemi" in client.get(reverse("people:due_posts")).content.decode()
    client.post(reverse("people:due_posts"), {"post": str(tom.posts.get().public_id)})

    assert tom.posts.get().review_on == today + timedelta(days=365)
    assert live_posts(tom, on=today)


def test_each_role_is_explained_to_the_administrator(ashcombe):
    kiran, _ = a_person(ashcombe, Role.ADMINISTRATOR, "Kiran Mistry")
    client = signed_in(kiran)
    for role in Role:
        text = client.get(reverse("people:roles"), {"role": role.value}).content.decode()
        assert "Sees nothing of" in text, role


# The young adult


def test_a_young_adults_word_is_recorded_and_withdrawn(ashcombe, today):
    head, _ = a_person(ashcombe, Role.VSH, "Helen Okafor")
    joel, _ = a_person(ashcombe, Role.PERSONAL_ADVISER, "Joel Amadi")
    adult = a_child(ashcombe, "Sami Khan", birth_date=today.replace(year=today.year - 19, day=1))
    an_allocation(adult, joel, Role.PERSONAL_ADVISER)
    client = signed_in(head)
    assert not reach(acting(joel, today)).exists()

    typed = {"to": f"personal_adviser:{joel.public_id}", "told": "Said so on the phone", **on("start", today)}
    said, _ = confirmed(client, reverse("children:young_adult", args=[adult.public_id]), typed)
    assert "1 more person will see" in said

    assert reach(acting(joel, today)).filter(pk=adult.pk).exists()
    held = YoungAdultAgreement.unscoped.get()
    client.post(reverse("children:young_adult_end", args=[adult.public_id, held.public_id]), on("end", today))
    assert not reach(acting(joel, today)).exists()


def test_before_18_nobody_needs_an_agreement(ashcombe, mia):
    head, _ = a_person(ashcombe, Role.VSH, "Helen Okafor")

    text = signed_in(head).get(reverse("children:young_adult", args=[mia.public_id])).content.decode()

    assert "is not 18 yet" in text


# Telling a school


@pytest.mark.proves("SEC-2")
def test_a_school_reads_what_was_written_for_it_and_no_other_does(ashcombe, mia, today):
    from onroll.children.models import SENProvision

    hillside, riverside = a_school(), a_school("Riverside")
    a_place(mia, hillside)
    write(SENProvision(authority=ashcombe, child=mia, value="K", start=date(2025, 1, 6)))
    head, _ = a_person(ashcombe, Role.VSH, "Helen Okafor")
    teacher, _ = a_person(ashcombe, Role.DESIGNATED_TEACHER, "Marcus Bell", school=hillside)
    other, _ = a_person(ashcombe, Role.DESIGNATED_TEACHER, "Ines Cole", school=riverside)
    assert [row.child for row in to_tell(acting(head, today))] == [mia]

    typed = {"about": ["sen"], "text": "Seat near the door", "to_whom": "Marcus Bell", "why": "So that Mia can learn"}
    client = signed_in(head)
    assert "Tell the school" in client.get(reverse("children:to_tell")).content.decode()
    client.post(reverse("children:tell", args=[mia.public_id]), {**typed, **on("told_on", today)})

    assert to_tell(acting(head, today)) == []
    needs = reverse("profile:needs", args=[mia.public_id])
    text = signed_in(teacher).get(needs).content.decode()
    assert "Seat near the door" in text
    assert "So that Mia can learn" not in text
    assert signed_in(other).get(needs).status_code == 404
    assert told_settings(mia, acting(other, today)) == []
    assert SettingTold.unscoped.get().told_by == head


def test_a_new_school_and_a_new_need_have_to_be_told_again(ashcombe, mia, today):
    from onroll.children.models import SDQScore, SENProvision

    hillside, riverside = a_school(), a_school("Riverside")
    place = a_place(mia, hillside)
    write(SENProvision(authority=ashcombe, child=mia, value="K", start=date(2025, 1, 6)))
    head, _ = a_person(ashcombe, Role.VSH, "Helen Okafor")
    actor = acting(head, today)
    tell = {"told_on": today, "about": ["sen"], "to_whom": "A", "text": "B", "why": "C", "actor": actor}
    tell_setting(mia, school=hillside, **tell)
    assert to_tell(actor) == []

    write(SDQScore(authority=ashcombe, child=mia, score=20, start=today))
    assert [row.words for row in to_tell(actor)] == [["Mental health"]]
    place.end = today
    write(place)
    a_place(mia, riverside, start=today)
    assert [sorted(row.words) for row in to_tell(actor)] == [["Mental health", "Special educational needs"]]


def test_the_list_of_schools_to_tell_asks_the_same_number_of_queries(ashcombe, today, django_assert_num_queries):
    from onroll.children.models import SENProvision

    head, _ = a_person(ashcombe, Role.VSH, "Helen Okafor")
    school = a_school()
    for n in range(4):
        child = a_child(ashcombe, f"Child {n}")
        an_episode(child)
        a_place(child, school)
        write(SENProvision(authority=ashcombe, child=child, value="K", start=date(2025, 1, 6)))
    actor = acting(head, today)
    with django_assert_num_queries(7):
        assert len(to_tell(actor)) == 4


# Who can see a child


@pytest.mark.proves("ACC-6")
def test_who_can_see_a_child_is_exactly_who_reaches_it(ashcombe, mia, today):
    """Every live post of the authority, asked both ways round."""
    hillside = a_school()
    a_place(mia, hillside)
    team = write(Team(authority=ashcombe, name="North"))
    for role in Role:
        for linked in (True, False):
            post = {"school": hillside if linked else a_school("Riverside")} if role.at_a_school else {}
            post |= {"team": team} if role in (Role.SOCIAL_WORKER, Role.TEAM_MANAGER) and linked else {}
            account, _ = a_person(ashcombe, role, f"{'Linked' if linked else 'Other'} {role.value}", **post)
            if linked and role in (Role.EP, Role.SEND):
                keys = {"authority": ashcombe, "child": mia, "account": account}
                write(ServiceCase(**keys, service=role, about="", start=date(2025, 1, 6)))
            elif linked and not role.at_a_school:
                an_allocation(mia, account, role)
    kept, _ = a_person(ashcombe, Role.VSH, "Kept Away")
    from onroll.children.guard_models import MustNotSee

    write(MustNotSee(authority=ashcombe, child=mia, account=kept, start=date(2025, 1, 6)))

    found = {(reader.account, reader.role) for reader in readers(mia, today)}
    asked = {
        (post.account_id, post.role)
        for post in Post.objects.live(today).select_related("authority", "account", "school")
        if reach(actor_for(post, today=today)).filter(pk=mia.pk).exists()
    }

    assert found == asked
    assert len(found) > 10


@pytest.mark.proves("ACC-6")
def test_the_page_names_people_by_part_of_the_record(ashcombe, mia):
    head, _ = a_person(ashcombe, Role.VSH, "Helen Okafor")
    jean, _ = a_person(ashcombe, Role.CARER, "Jean Harker")
    an_allocation(mia, jean, Role.CARER)

    text = signed_in(head).get(reverse("children:who_sees", args=[mia.public_id])).content.decode()

    assert "Jean Harker" in text
    assert "Safeguarding notes" in text


@pytest.mark.proves("ACC-6")
def test_a_change_says_who_would_see_more(ashcombe, mia, today):
    tom, _ = a_person(ashcombe, Role.SOCIAL_WORKER, "Tom Adeyemi")

    words = gained_by_allocation(mia, tom, Role.SOCIAL_WORKER, start=today, today=today)

    assert any("1 more person will see" in each and "Tom Adeyemi" in each for each in words)
    an_allocation(mia, tom, Role.SOCIAL_WORKER)
    assert gained_by_allocation(mia, tom, Role.SOCIAL_WORKER, start=today, today=today) == []


# A leaver


@pytest.mark.proves("LNK-4")
def test_one_act_ends_all_access_of_a_leaver_in_the_authority(ashcombe, mia, today):
    castlebury = an_authority("998", "Castlebury")
    kiran, _ = a_person(ashcombe, Role.ADMINISTRATOR, "Kiran Mistry")
    tom, _ = a_person(ashcombe, Role.SOCIAL_WORKER, "Tom Adeyemi")
    ines, _ = a_person(ashcombe, Role.SOCIAL_WORKER, "Ines Cole")
    an_allocation(mia, tom, Role.SOCIAL_WORKER)
    write(Post(authority=castlebury, account=tom, role=Role.IRO, start=date(2021, 1, 1)))
    days = {"start": today, "end": today + timedelta(days=3)}
    write(Cover(authority=ashcombe, post=tom.posts.get(authority=ashcombe), email="b@example.org", **days))

    ended = end_all_access(tom, actor=acting(kiran, today), successor=ines)

    assert ended == {"posts": 1, "cover": 1, "cases": 0, "allocations": 1}
    assert [post.authority for post in live_posts(tom, on=today)] == [castlebury]
    assert not Cover.objects.live(today).exists()
    assert Allocation.unscoped.get(account=tom).end == today
    assert reach(acting(ines, today)).get() == mia
    assert Account.objects.get(pk=tom.pk).is_active
    assert Child.unscoped.count() == 1
