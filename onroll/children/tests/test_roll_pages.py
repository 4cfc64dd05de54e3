"""The list of children: who is on it, what narrows it, how it is found."""

from datetime import timedelta

import pytest
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from onroll.access.models import Account
from onroll.access.roles import Role
from onroll.children.models import SavedView, SENProvision
from onroll.children.searching import find, tidy
from onroll.people.posts import actor_for

from .scene import a_child, a_person, a_place, a_school, an_allocation, an_authority, an_episode, write

ROLL = "/children"


@pytest.fixture
def today():
    return timezone.localdate()


@pytest.fixture
def ashcombe(db):
    return an_authority()


@pytest.fixture
def head(ashcombe):
    return signed_in(a_person(ashcombe, Role.VSH)[0])


def signed_in(account: Account) -> Client:
    client = Client()
    client.force_login(account)
    return client


@pytest.fixture
def three(ashcombe, today):
    """Mia in Year 9 at Hillside with SEN support, Noah in Year 4 with no school, Leila in Year 11 at Riverside."""

    def born(year_group):
        started = today.year if today.month >= 9 else today.year - 1
        return today.replace(year=started - 4 - year_group, month=3, day=4)

    hillside, riverside = a_school("Hillside"), a_school("Riverside", la_code="998")
    mia = a_child(ashcombe, "Mia Dawson", number="00417", birth_date=born(9), known_as="Mimi")
    noah = a_child(ashcombe, "Noah Birch", number="00418", birth_date=born(4))
    leila = a_child(ashcombe, "Leïla Haddad", number="00419", birth_date=born(11))
    for child in (mia, noah, leila):
        an_episode(child, today - timedelta(days=800))
    a_place(mia, hillside, today - timedelta(days=300))
    a_place(leila, riverside, today - timedelta(days=300))
    write(SENProvision(authority=ashcombe, child=mia, value="K", start=today - timedelta(days=90)))
    return mia, noah, leila


def names(answer) -> list[str]:
    text = answer.content.decode()
    return [name for name in ("Birch, Noah", "Dawson, Mia", "Haddad, Leïla") if name in text]


def test_the_roll_is_sorted_by_name_and_says_how_many(head, three):
    answer = head.get(ROLL)

    assert names(answer) == ["Birch, Noah", "Dawson, Mia", "Haddad, Leïla"]
    assert "3 children" in answer.content.decode()
    assert "(Mimi)" in answer.content.decode()


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("year=9", ["Dawson, Mia"]),
        ("view=year-11", ["Haddad, Leïla"]),
        ("phase=school_age", ["Birch, Noah", "Dawson, Mia", "Haddad, Leïla"]),
        ("phase=post16", []),
        ("learn=none", ["Birch, Noah"]),
        ("learn=in", ["Dawson, Mia"]),
        ("learn=out", ["Haddad, Leïla"]),
        ("view=no-place", ["Birch, Noah"]),
        ("sen=K", ["Dawson, Mia"]),
        ("sen=none", ["Birch, Noah", "Haddad, Leïla"]),
        ("live=in", []),
        ("live=not_known", ["Birch, Noah", "Dawson, Mia", "Haddad, Leïla"]),
        ("kind=previously", []),
        ("kind=everyone", ["Birch, Noah", "Dawson, Mia", "Haddad, Leïla"]),
        ("worker=not-an-id", []),
        ("view=nonsense&year=x", []),
    ],
)
def test_each_filter_leaves_those_who_fit(head, three, query, found):
    assert names(head.get(f"{ROLL}?{query}")) == found


def test_an_empty_list_says_what_to_take_off(head, three):
    text = head.get(f"{ROLL}?year=9&learn=none").content.decode()

    assert "Take one of these off" in text
    assert "Year group: Year 9" in text
    assert "1 child would then fit" in text


def test_the_roll_as_at_a_day_shows_who_was_on_it_then(head, three, today):
    before = today - timedelta(days=900)

    assert names(head.get(f"{ROLL}?as-at={before.isoformat()}")) == []
    assert names(head.get(f"{ROLL}?as-at={today - timedelta(days=10):%d/%m/%Y}")) != []


def test_a_day_to_come_is_refused_in_words(head, three, today):
    text = head.get(f"{ROLL}?as-at={(today + timedelta(days=2)).isoformat()}").content.decode()

    assert "The day is in the future" in text


@pytest.mark.proves("CLS-3")
def test_typed_words_stay_out_of_the_address(head, three):
    answer = head.post(ROLL, {"words": "hillside", "year": ""})

    assert answer.status_code == 302
    assert "hillside" not in answer.url.lower()
    assert names(head.get(answer.url)) == ["Dawson, Mia"]


def test_the_words_of_one_person_are_not_opened_by_the_key_of_another(head, three, ashcombe):
    address = head.post(ROLL, {"words": "hillside"}).url
    other = signed_in(a_person(ashcombe, Role.DEPUTY_VSH)[0])

    assert len(names(other.get(address))) == 3


@pytest.mark.parametrize("column", ["year", "school", "since", "sen", "social_worker"])
def test_each_column_sorts_both_ways(head, three, column):
    up = head.get(f"{ROLL}?sort={column}").content.decode()
    down = head.get(f"{ROLL}?sort=-{column}").content.decode()

    assert 'aria-sort="ascending"' in up
    assert 'aria-sort="descending"' in down


def test_year_sorts_from_the_youngest_to_the_oldest(head, three):
    text = head.get(f"{ROLL}?sort=year").content.decode()

    assert text.index("Birch, Noah") < text.index("Dawson, Mia") < text.index("Haddad, Leïla")


def test_a_column_of_a_section_out_of_reach_is_not_there(ashcombe, three):
    teacher = a_person(ashcombe, Role.DESIGNATED_TEACHER, school=a_place_of(three[0]))[0]

    text = signed_in(teacher).get(f"{ROLL}?column=number&column=legal_status&column=home&column=year").content.decode()

    assert "Dawson, Mia" in text
    assert "Legal status" not in text
    assert "00417" not in text
    assert "Birch" not in text


def a_place_of(child):
    from onroll.children.models import SchoolPlace

    return SchoolPlace.unscoped.get(child=child).school


def test_a_social_worker_sees_those_allocated_today(ashcombe, three, today):
    account, _ = a_person(ashcombe, Role.SOCIAL_WORKER)
    an_allocation(three[1], account, Role.SOCIAL_WORKER, today - timedelta(days=5))
    an_allocation(three[2], account, Role.SOCIAL_WORKER, today - timedelta(days=50), end=today)

    assert names(signed_in(account).get(ROLL)) == ["Birch, Noah"]


def test_the_number_of_queries_does_not_grow_with_the_children(head, ashcombe, three, today):
    """performance.md W2: a list takes at most 8 queries, apart from the entry in the access log."""

    def queries() -> int:
        with CaptureQueriesContext(head_connection()) as seen:
            head.get(f"{ROLL}?column=number&column=school&column=social_worker&column=home&column=sen")
        # Nor whose sign-in it is, which every page asks.
        apart = ("history_", 'FROM "access_session"', 'FROM "access_account"')
        return sum(1 for q in seen if q["sql"].startswith("SELECT") and not any(each in q["sql"] for each in apart))

    few = queries()
    for number in range(30):
        child = a_child(ashcombe, f"Child {number}")
        an_episode(child, today - timedelta(days=400))
    assert queries() == few <= 8


def head_connection():
    from django.db import connection

    return connection


def test_a_view_is_kept_for_its_owner_alone(head, ashcombe, three):
    head.post("/children/views/new", {"name": "My Year 9", "query": "year=9&as-at=2020-01-01&column=sex"})

    assert "My Year 9" in head.get(ROLL).content.decode()
    assert SavedView.objects.get().query == "year=9&column=sex"
    other = signed_in(a_person(ashcombe, Role.DEPUTY_VSH)[0])
    assert "My Year 9" not in other.get(ROLL).content.decode()
    forget = reverse("children:forget_view", args=[SavedView.objects.get().public_id])
    assert other.post(forget).status_code == 404
    head.post(forget)
    assert not SavedView.objects.exists()


# Finding


@pytest.fixture
def vsh(ashcombe, today):
    return actor_for(a_person(ashcombe, Role.VSH)[0].posts.select_related("account", "authority").get(), today=today)


@pytest.mark.parametrize(
    ("words", "who"),
    [
        ("dawson", "Mia"),
        ("DAWS", "Mia"),
        ("mimi", "Mia"),
        ("leila haddad", "Leïla"),
        ("Haddad, Leïla", "Leïla"),
        ("00418", "Noah"),
        ("hillside", "Mia"),
    ],
)
def test_a_child_is_found_by_what_matches(vsh, three, words, who):
    assert [child.given_name for child in find(vsh, words).exact] == [who]


@pytest.mark.parametrize(("words", "who"), [("dowson", "Mia"), ("burch", "Noah"), ("leyla hadad", "Leïla")])
def test_a_misspelled_name_is_found_as_one_that_comes_near(vsh, three, words, who):
    found = find(vsh, words)

    assert not found.exact
    assert who in [child.given_name for child in found.alike]


def test_nobody_is_found_beyond_reach(ashcombe, three, today):
    account, actor = a_person(ashcombe, Role.SOCIAL_WORKER)

    assert find(actor, "dawson").exact == find(actor, "dawson").alike == []
    text = signed_in(account).post("/children/find", {"words": "dawson"}, follow=True).content.decode()
    assert "No child you work with fits" in text


def test_letters_that_sound_like_half_the_names_find_nobody(ashcombe, vsh):
    a_child(ashcombe, "Skye Hafsa")

    assert find(vsh, "zzqq").alike == []


def test_words_of_nothing_find_nobody(vsh, three):
    assert find(vsh, "  '- ").exact == []


@pytest.mark.parametrize(("text", "same"), [("O’Brien-Smith", "obrien smith"), ("  ZOË  ", "zoe"), ("D'Arcy", "darcy")])
def test_names_are_tidied_as_they_are_typed(text, same):
    assert tidy(text) == same
