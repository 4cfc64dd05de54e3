"""What young people of 16 and over do: no plan is handed in on an old activity, and the missing ones are a list."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from onroll.access.roles import Role
from onroll.children.tests.scene import a_child, a_person, an_allocation, an_authority, an_episode, write
from onroll.history.models import Entry
from onroll.peps.activities import unknown
from onroll.peps.activity_models import is_old, months_before
from onroll.peps.finishing import why_not_submit
from onroll.peps.models import Activity, Pep
from onroll.peps.queries import this_term
from onroll.peps.saving import digest, save_section
from onroll.peps.tests.scene import a_cast, a_pep, as_of, with_terms_around
from onroll.peps.writing import Writing

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()


@pytest.fixture
def cast(db):
    cast = a_cast(TODAY, with_terms_around(an_authority(), TODAY))
    cast.child.birth_date = TODAY - timedelta(days=int(17.2 * 365.25))
    write(cast.child)
    return cast


@pytest.fixture
def pep(cast):
    year, term = this_term(cast.authority.pk, TODAY)
    days = {"opens_on": TODAY - timedelta(days=120), "due_on": TODAY + timedelta(days=30)}
    return a_pep(cast.child, form="post_16", academic_year=year, term=term, school=cast.school, state="held", **days)


def writing(pep, actor) -> Writing:
    return Writing(Pep.unscoped.select_related("child").get(pk=pep.pk), actor)


def say(pep, actor, answers, **how):
    now = writing(pep, actor)
    shown = {name: digest(each.value) for name, each in now.standing.items()}
    return save_section(now, "p16_route", answers, was=shown, **how)


def told(pep, actor) -> list[str]:
    return [words for key, words in why_not_submit(writing(pep, actor)) if key == "p16_route"]


def text(answer) -> str:
    return " ".join(answer.content.decode().split())


@pytest.mark.parametrize(
    ("today", "months", "then"),
    [
        (date(2026, 11, 23), 3, date(2026, 8, 23)),
        (date(2026, 5, 31), 3, date(2026, 2, 28)),
        (date(2028, 5, 31), 3, date(2028, 2, 29)),
        (date(2026, 1, 15), 3, date(2025, 10, 15)),
    ],
)
def test_three_months_are_counted_by_the_calendar_and_the_day_itself_still_holds(today, months, then):
    assert months_before(today, months) == then
    assert not is_old(then, today)
    assert is_old(then - timedelta(days=1), today)


def test_what_the_plan_states_is_kept_with_the_day_on_which_it_was_said(cast, pep):
    say(pep, cast.actors["teacher"], {"p16_activity": "210", "p16_since": "2026-09-04"})

    row = Activity.unscoped.get()
    assert (row.activity, row.since, row.on) == ("210", date(2026, 9, 4), TODAY)


def test_a_plan_is_not_handed_in_on_an_activity_that_was_said_more_than_three_months_ago(cast, pep):
    long_ago = as_of(cast.actors["teacher"], TODAY - timedelta(days=100))
    say(pep, long_ago, {"p16_activity": "210"})

    (words,) = [each for each in told(pep, cast.actors["teacher"]) if "three months" in each]
    assert "Choose again what Mia does now" in words
    say(pep, cast.actors["teacher"], {"p16_activity": "210"}, said_now=True)

    assert not any("three months" in each for each in told(pep, cast.actors["teacher"]))
    assert Activity.unscoped.order_by("-on").first().on == TODAY


def test_saving_as_one_types_in_another_box_does_not_say_the_activity_again(cast, pep):
    long_ago = as_of(cast.actors["teacher"], TODAY - timedelta(days=100))
    say(pep, long_ago, {"p16_activity": "210"})

    say(pep, cast.actors["teacher"], {"p16_activity": "210", "p16_who": "Mrs Adeyemi"})

    assert Activity.unscoped.count() == 1
    assert any("three months" in each for each in told(pep, cast.actors["teacher"]))


def test_the_page_of_the_section_says_so_and_its_button_says_it_again(client, cast, pep):
    write(Activity(authority=cast.authority, child=cast.child, on=TODAY - timedelta(days=100), activity="540"))
    say(pep, as_of(cast.actors["teacher"], TODAY - timedelta(days=100)), {"p16_activity": "210"})
    client.force_login(cast.accounts["teacher"])
    page = reverse("peps:section", args=[cast.child.public_id, pep.public_id, "p16_route"])
    assert "more than three months ago" in text(client.get(page))
    given = {"p16_activity": "210", "was-p16_activity": digest("210"), "act": "save"}

    client.post(page, given)

    assert "more than three months ago" not in text(client.get(page))


def test_an_activity_that_the_record_holds_of_late_stands_in_the_plan_and_an_old_one_does_not(cast, pep):
    row = write(Activity(authority=cast.authority, child=cast.child, on=TODAY - timedelta(days=10), activity="210"))
    assert writing(pep, cast.actors["teacher"]).standing["p16_activity"].value == "210"
    assert "route" not in writing(pep, cast.actors["teacher"]).standing
    row.on = TODAY - timedelta(days=100)
    write(row)

    assert "p16_activity" not in writing(pep, cast.actors["teacher"]).standing
    assert "Choose an answer to “Activity code”" in told(pep, cast.actors["teacher"])


@pytest.mark.requirement("R075")
def test_missing_and_old_activities_are_a_list_for_the_eet_worker_of_their_young_people_alone(client, cast, pep):
    account, _ = a_person(cast.authority, Role.EET, "Edda Ost")
    an_allocation(cast.child, account, Role.EET)
    other = a_child(cast.authority, "Ben Away", birth_date=cast.child.birth_date)
    an_episode(other)
    young = a_child(cast.authority, "Kim Young", birth_date=TODAY - timedelta(days=3000))
    an_episode(young)
    an_allocation(young, account, Role.EET)
    client.force_login(account)

    page = text(client.get(reverse("peps:activities")))
    assert "Mia Dawson" in page
    assert "Missing" in page
    assert "Ben Away" not in page
    assert "Kim Young" not in page
    assert Entry.objects.filter(route="peps:activities", outcome="shown").exists()
    assert "1 activity to find out" in text(client.get(reverse("home")))
    write(Activity(authority=cast.authority, child=cast.child, on=TODAY, activity="210"))

    assert "Every activity is known" in text(client.get(reverse("peps:activities")))
    assert {each.child for each in unknown(cast.actors["head"])} == {other}


def test_the_list_takes_as_many_queries_for_many_as_for_one(cast, pep, django_assert_max_num_queries):
    for n in range(12):
        child = a_child(cast.authority, f"Young {n}", birth_date=cast.child.birth_date)
        an_episode(child)
        a_pep(child, form="post_16")

    with django_assert_max_num_queries(6):
        assert len(unknown(cast.actors["head"])) == 13


def test_a_teacher_and_a_carer_have_no_such_list(client, cast):
    for name in ("teacher", "carer", "worker"):
        client.force_login(cast.accounts[name])
        assert client.get(reverse("peps:activities")).status_code == 404
