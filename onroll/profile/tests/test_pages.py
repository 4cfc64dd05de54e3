"""Who sees what of a child: each cell of the need-to-know table beside the refusal that mirrors it."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.html import escape

from onroll.access.roles import DESIGNATED_TEACHERS, SCHOOL_STAFF, SOCIAL_CARE, VIRTUAL_SCHOOL, Role
from onroll.children.models import Allocation, Disclosure, PlacementAddress, Review, SDQScore
from onroll.children.tests.scene import a_child, an_allocation, an_episode, write
from onroll.history.models import Entry

from .conftest import a_home, of

PAGES = ("", "/school", "/home", "/needs", "/people", "/history")
SEES_THE_CHILD = (*VIRTUAL_SCHOOL, *SOCIAL_CARE, *SCHOOL_STAFF, Role.CARER)


def opened(client, cast, role, page="", **query):
    client.force_login(cast.account(role))
    return client.get(f"/children/{cast.mia.public_id}{page}", query)


def text_of(client, cast, role, page="", **query):
    response = opened(client, cast, role, page, **query)
    assert response.status_code == 200, f"{role} {page}"
    return response.content.decode()


def all_pages(client, cast, role):
    """Everything that this role can read of the child on any page."""
    answers = [opened(client, cast, role, page, all="1") for page in PAGES]
    return "".join(answer.content.decode() for answer in answers if answer.status_code == 200)


ADVISERS = (Role.VSH, Role.DEPUTY_VSH, Role.VS_OFFICER)
STAFF = (*VIRTUAL_SCHOOL, *SOCIAL_CARE)
NOT_PRACTICE_SUPPORT = (*ADVISERS, Role.DATA_OFFICER, *SOCIAL_CARE)

# Words that stand for one fact each, and the roles that may know it.
KNOWN_TO = {
    "22 CANARYCLOSE": (*NOT_PRACTICE_SUPPORT, Role.CARER),
    "1 CANARYOLDROAD": NOT_PRACTICE_SUPPORT,
    "Parents and relatives must not be told where": (*NOT_PRACTICE_SUPPORT, Role.CARER),
    "Canarycarer": (*ADVISERS, Role.VS_ADMIN, *SOCIAL_CARE, Role.CARER),
    "CANARYNUMBER": STAFF,
    "CANARYUPN0001": (*STAFF, *DESIGNATED_TEACHERS),
    "Canaryformer": STAFF,
    "Full care order": STAFF,
    "Canary Primary": (*STAFF, Role.CARER),
    "SDQ score": NOT_PRACTICE_SUPPORT,
    "CANARYBASIS": NOT_PRACTICE_SUPPORT,
    "Missing from care": NOT_PRACTICE_SUPPORT,
    "White British": (*STAFF, Role.CARER),
    "SEN support": (*NOT_PRACTICE_SUPPORT, *SCHOOL_STAFF, Role.CARER),
    "Welsh": SEES_THE_CHILD,
    # Where a child will live stands on no page but the notice's own.
    "CANARYNEW": (),
}


@pytest.mark.parametrize("role", SEES_THE_CHILD)
def test_each_role_reads_what_its_cells_hold_and_nothing_else(role, client, cast):
    text = all_pages(client, cast, role)

    for words, roles in KNOWN_TO.items():
        assert (words in text) == (role in roles), f"{role}: {words}"


@pytest.mark.parametrize("role", [role for role in Role if role not in SEES_THE_CHILD])
def test_a_role_without_a_link_to_children_finds_no_page_of_one(role, client, cast):
    for page in PAGES:
        assert opened(client, cast, role, page).status_code == 404


def test_a_social_worker_of_another_child_finds_no_page_of_this_one(client, cast):
    other = a_child(cast.ashcombe, "Ava Thornley")
    client.force_login(cast.account(Role.SOCIAL_WORKER))

    response = client.get(f"/children/{other.public_id}")

    assert response.status_code == 404
    assert "Thornley" not in response.content.decode()


def test_a_designated_teacher_is_told_since_which_month_and_whom_to_ring_and_not_where(client, cast):
    text = text_of(client, cast, Role.DESIGNATED_TEACHER)

    assert "Since June 2021" in text
    assert "18 June 2021" not in text
    assert "In a children’s home" in text
    assert "outside Ashcombe" not in text
    assert "Ring Tom Adeyemi" in text
    assert "moving" not in text.lower()


def test_the_tabs_are_those_that_the_role_has_a_cell_for(client, cast):
    def tabs(role):
        text = text_of(client, cast, role)
        return [page for page in PAGES[1:] if f"{cast.mia.public_id}{page}" in text]

    assert tabs(Role.VSH) == ["/school", "/home", "/needs", "/people", "/history"]
    assert tabs(Role.DESIGNATED_TEACHER) == ["/school", "/home", "/needs", "/people"]
    assert opened(client, cast, Role.DESIGNATED_TEACHER, "/history").status_code == 404


def test_an_address_for_named_people_only_is_read_by_those_who_work_with_the_child(client, cast):
    address = PlacementAddress.unscoped.get(episode=cast.home)
    address.disclosure = Disclosure.ONLY_NAMED_USERS
    write(address)

    for role in (Role.VSH, Role.DATA_OFFICER, Role.IRO, Role.VS_ADMIN):
        text = all_pages(client, cast, role)
        assert not [words for words in ("22 CANARYCLOSE", "ZZ9 9ZZ", "utside Ashcombe") if words in text], role
    assert "22 CANARYCLOSE" in text_of(client, cast, Role.SOCIAL_WORKER, "/home")
    assert "Only named people may know where Mia lives." in text_of(client, cast, Role.VSH)


def test_a_reviewing_officer_finishes_the_paperwork_of_the_reviews_and_reads_no_more(client, cast):
    allocation = Allocation.unscoped.get(child=cast.mia, role=Role.IRO)
    allocation.end = date(2026, 3, 20)
    write(allocation)

    text = text_of(client, cast, Role.IRO, "/home")

    assert "Care reviews" in text
    assert "6 October 2025" in text
    for kept in ("Full care order", "CANARYCLOSE", "Canarycarer", "No care recorded", "Looked after"):
        assert kept not in text
    assert Entry.objects.filter(act="view").latest("pk").section == "b2"
    assert opened(client, cast, Role.IRO, "/school").status_code == 404


def test_a_carer_whose_allocation_outlived_a_move_does_not_learn_the_new_home(client, cast):
    before = date(2024, 6, 3)
    child = a_child(cast.ashcombe, "Noah Birch")
    an_episode(child, before, end=date(2026, 3, 2), reason_ceased="X1")
    a_home(an_episode(child, date(2026, 3, 2), reason_new="P"), "7 CANARYMOVED", "ZZ8 8ZZ", area="out")
    an_allocation(child, cast.account(Role.CARER), Role.CARER, before)
    client.force_login(cast.account(Role.CARER))

    for tab in ("", "/home"):
        text = client.get(f"/children/{child.public_id}{tab}").content.decode()
        for words in ("CANARYMOVED", "ZZ8 8ZZ", "utside Ashcombe", "2 March 2026"):
            assert words not in text


def test_every_page_writes_down_who_looked_and_at_which_sections(client, cast):
    opened(client, cast, Role.VSH, "/home")
    opened(client, cast, Role.DESIGNATED_TEACHER, "/home")

    looks = Entry.objects.order_by("number").values_list("actor_id", "child", "section", "route")

    assert list(looks) == [
        (cast.account(Role.VSH).pk, cast.mia.pk, "b,b2,d2,n,o", "profile:home"),
        (cast.account(Role.DESIGNATED_TEACHER).pk, cast.mia.pk, "b", "profile:home"),
    ]


def test_the_title_holds_no_more_than_the_first_letter_of_the_surname(client, cast):
    for page in PAGES:
        text = text_of(client, cast, Role.VSH, page)
        title = text[text.index("<title>") : text.index("</title>")]
        assert "Mia D " in title
        assert "Dawson" not in title


def test_a_page_about_a_child_is_not_printed_from_the_browser(client, cast):
    for page in PAGES:
        text = text_of(client, cast, Role.VSH, page)
        assert "onroll-child-page" in text
        assert "The record of a child is not printed from the browser." in text


# As at another day


def test_the_record_as_at_a_past_day_shows_what_held_then(client, cast):
    text = text_of(client, cast, Role.VSH, **{"as-at": "2024-12-01"})

    assert "onroll-asat--past" in text
    assert "1 December 2024: changes since are not shown" in text
    assert "Wexcombe High School" in text
    assert "Fernhill Academy" not in text
    assert "With foster carers, in Ashcombe" in text
    assert "SDQ score <b>12</b>" not in text
    assert "Open work" not in text
    assert "?as-at=2024-12-01" in text


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ("2027-01-01", "Choose today or an earlier day"),
        ("31.2.2024", "Enter a day like 31/3/2026"),
        ("2001-01-01", "Choose a day from 4 March 2013 on, the date of birth"),
    ],
)
def test_a_day_that_cannot_be_answered_for_is_refused_in_words(asked, words, client, cast):
    text = text_of(client, cast, Role.VSH, **{"as-at": asked})

    assert words in text
    assert "onroll-asat--past" not in text
    assert "Fernhill Academy" in text


def test_a_day_is_asked_for_where_one_is_chosen_and_not_before(client, cast):
    form = '<form class="onroll-asat'

    assert form not in text_of(client, cast, Role.VSH)
    assert form not in text_of(client, cast, Role.VSH, choose="something else")
    assert form in text_of(client, cast, Role.VSH, choose="day")
    assert form in text_of(client, cast, Role.VSH, **{"as-at": "2024-12-01"})
    wrong = text_of(client, cast, Role.VSH, **{"as-at": "31.2.2024"})
    assert form in wrong
    assert 'value="31.2.2024"' in wrong


# Empty pages


@pytest.mark.parametrize(
    ("tab", "words"),
    [
        ("", "Nothing is recorded yet"),
        ("/school", "No school recorded"),
        ("/home", "No care recorded"),
        ("/needs", "None recorded"),
        ("/people", "Nobody is allocated"),
    ],
)
def test_an_empty_page_says_so_and_who_could_know(tab, words, client, cast):
    child = a_child(cast.ashcombe, "Noah Birch")
    client.force_login(cast.account(Role.VSH))

    text = client.get(f"/children/{child.public_id}{tab}").content.decode()

    assert escape(words) in text


def test_care_that_a_return_only_implied_to_have_ended_is_open_work(client, cast):
    child = a_child(cast.ashcombe, "Noah Birch")
    an_episode(child, date(2020, 1, 1), end=date(2025, 4, 1), provisional_end=True, reason_ceased="")
    client.force_login(cast.account(Role.VSH))

    text = client.get(f"/children/{child.public_id}").content.decode()

    assert "Not on the roll" in text
    assert "Say whether care ended, and when" in text


# The number of queries


def queries_of(client, cast, role, page):
    client.force_login(cast.account(role))
    client.get(f"/children/{cast.mia.public_id}{page}")
    with CaptureQueriesContext(
        connection,
    ) as captured:
        client.get(f"/children/{cast.mia.public_id}{page}")
    control = ("SAVEPOINT", "RELEASE", "BEGIN", "COMMIT")
    return [query["sql"] for query in captured if not query["sql"].startswith(control)]


@pytest.mark.parametrize("tab", PAGES)
@pytest.mark.parametrize("role", [Role.VSH, Role.DATA_OFFICER])
def test_a_page_asks_few_questions_whatever_the_length_of_the_story(tab, role, client, cast):
    before = queries_of(client, cast, role, tab)
    for year in range(2010, 2020):
        of(cast.mia, SDQScore, score=11, start=date(year, 9, 1))
        of(cast.mia, Review, on=date(year, 4, 1), participation="PN1")

    after = queries_of(client, cast, role, tab)

    assert len(after) == len(before), "\n".join(after)
    # Beside the entry in the access log, which every page of a child makes.
    asked = [each for each in after if "history_entry" not in each]
    assert len(asked) <= 12, "\n".join(asked)
