"""The inspection morning: whom an inspector would ask about and why, the story of each, and how the list leaves."""

from datetime import date

import pytest
from lxml import html

from onroll.access.roles import Role
from onroll.authorities.models import CalendarEntry
from onroll.children.models import CareEpisode, Disclosure, MustNotSee
from onroll.children.roll_columns import COLUMNS, columns_for
from onroll.children.roll_filters import VIEWS, Choice
from onroll.children.tests.scene import TODAY, a_child, a_person, a_place, a_school, an_authority, an_episode, write
from onroll.exports.lists import take_out
from onroll.exports.recipients import LIST, recipients_of
from onroll.peps.tests.scene import a_pep
from onroll.reports import inspection
from onroll.reports.inspection import Morning

pytestmark = pytest.mark.django_db

MOVED = {"reason_new": "P"}


@pytest.fixture
def authority():
    authority = an_authority()
    # 25 weekdays up to the day, and 20 of March alone.
    term = {"kind": "term", "academic_year": "2025-26", "term": "spring"}
    write(CalendarEntry(authority=authority, **term, start=date(2026, 2, 23), end=date(2026, 4, 2)))
    return authority


@pytest.fixture
def head(authority):
    return a_person(authority, Role.VSH)


def settled(authority, name):
    """A child with one home and one school all year, of whom an inspector asks nothing."""
    child = a_child(authority, name)
    an_episode(child)
    return child


def whys(actor):
    return {child: pick.why for child, pick in Morning(actor, as_at=TODAY).picks.items()}


def test_a_settled_child_is_on_the_roll_and_not_picked(authority, head):
    child = settled(authority, "Ada Settled")
    a_place(child, a_school())

    morning = Morning(head[1], as_at=TODAY)

    assert morning.roll == {child.pk}
    assert morning.picks == {}
    assert morning.days_without(child.pk) == 0


def test_a_child_out_of_education_is_picked_with_the_school_days_since(authority, head):
    child = settled(authority, "Ben Without")
    a_place(child, a_school(), end=date(2026, 3, 2))
    younger = a_child(authority, "Cal Tooyoung", birth_date=date(2023, 1, 1))
    an_episode(younger)

    morning = Morning(head[1], as_at=TODAY)

    assert whys(head[1]) == {child.pk: ("Out of education since 2 March 2026, 22 school days of this year",)}
    assert [morning.days_without(each.pk) for each in (child, younger)] == [22, 0]


def test_alternative_provision_is_education_and_waiting_for_a_place_is_none(authority, head):
    taught, waits = settled(authority, "Dee Taught"), settled(authority, "Eli Waits")
    a_place(taught, a_school("Bridge"), kind="ap", start=date(2026, 3, 9))
    a_place(waits, None, kind="awaiting")

    morning = Morning(head[1], as_at=TODAY)

    assert whys(head[1]) == {waits.pk: ("Out of education: no school place is recorded",)}
    # Ten school days before the alternative provision began.
    assert morning.days_without(taught.pk) == 10


def test_days_before_care_began_are_not_counted(authority, head):
    child = a_child(authority, "Fay Newcomer")
    an_episode(child, start=date(2026, 3, 30))

    assert Morning(head[1], as_at=TODAY).days_without(child.pk) == 2


def test_three_homes_or_three_moves_of_home_and_school_in_twelve_months_are_many(authority, head):
    school = a_school()
    homes = settled(authority, "Gus Homes")
    write_moves(homes, date(2025, 9, 1), date(2025, 12, 1))
    both = settled(authority, "Hal Both")
    write_moves(both, date(2025, 10, 1))
    a_place(both, school, start=date(2024, 9, 3), end=date(2025, 10, 1))
    a_place(both, a_school("Riverside"), start=date(2025, 10, 1), end=date(2026, 1, 5))
    few = settled(authority, "Ida Few")
    write_moves(few, date(2025, 10, 1))
    a_place(few, school, start=date(2024, 9, 3), end=date(2025, 10, 1))
    for child, since in ((homes, date(2024, 9, 3)), (both, date(2026, 1, 5)), (few, date(2025, 10, 1))):
        a_place(child, a_school(f"School of {child.given_name}"), start=since)

    assert whys(head[1]) == {
        homes.pk: ("3 homes in twelve months",),
        both.pk: ("2 homes and 2 changes of school in twelve months",),
    }


def write_moves(child, *days):
    """End the child's home on each of these days, and begin the next."""
    for on in days:
        latest = CareEpisode.unscoped.filter(child=child).order_by("-start")[0]
        latest.end, latest.reason_ceased = on, "X1"
        write(latest)
        an_episode(child, start=on, **MOVED)


def test_the_story_says_care_homes_and_schools(authority, head):
    child = settled(authority, "Jo Storied")
    write_moves(child, date(2025, 9, 1), date(2025, 12, 1))
    a_place(child, a_school(), end=date(2025, 9, 1))
    a_place(child, a_school("Riverside"), start=date(2025, 9, 1))

    assert Morning(head[1], as_at=TODAY).picks[child.pk].story == (
        "Year 7. In care for 3 years 9 months, since June 2022. 3 homes, the last since 1 December 2025."
        " 2 schools so far. At Riverside since 1 September 2025."
    )


def test_who_must_not_see_a_child_finds_no_trace_of_it(authority, head, client):
    account, actor = head
    child = settled(authority, "Kim Kept")
    write(MustNotSee(authority=authority, child=child, account=account, start=date(2026, 1, 1)))
    client.force_login(account)

    page = client.get("/figures/inspection").content.decode()

    assert Morning(actor, as_at=TODAY).roll == frozenset()
    assert "Kept" not in page
    assert "Nobody was on the roll on this day" in page


def test_a_school_that_is_kept_from_the_reader_is_not_named_and_the_child_is_not_left_out(authority, client):
    account, officer = a_person(authority, Role.VS_ADMIN)
    child = settled(authority, "Leo Marked")
    write_moves(child, date(2025, 9, 1), date(2025, 12, 1))
    a_place(child, a_school("Secret School"), disclosure=Disclosure.ONLY_NAMED_USERS)
    client.force_login(account)

    page = client.get("/figures/inspection?as-at=2026-03-31").content.decode()

    assert whys(officer) == {child.pk: ("3 homes in twelve months",)}
    assert "Marked, Leo" in page
    assert "Secret" not in page


def test_the_page_names_the_picked_first_and_then_everyone(authority, head, client):
    picked, other = settled(authority, "Max Picked"), settled(authority, "Ned Other")
    a_place(other, a_school())
    client.force_login(head[0])

    page = html.fromstring(client.get("/figures/inspection?as-at=2026-03-31").content)

    asked = [" ".join(each.itertext()) for each in page.xpath("//ul[@class='onroll-lines']/li")]
    assert "Picked, Max" in asked[0]
    assert "Out of education: no school place is recorded" in asked[0]
    names = [each.text_content().strip() for each in page.xpath("//tbody//th")]
    assert names == ["Other, Ned", "Picked, Max"]
    assert f"/children/{picked.public_id}" in page.xpath("//ul[@class='onroll-lines']/li/a/@href")[0]


def test_whom_they_would_ask_about_leaves_by_the_columns_of_the_recipient(authority, head):
    picked, other = settled(authority, "Oz Picked"), settled(authority, "Pia Other")
    a_place(other, a_school())
    choice = Choice(as_at=TODAY, view=inspection.VIEW)
    wanted = columns_for(head[1], [*inspection.COLUMNS, *inspection.OF_PICKS])

    taken = {key: take_out(choice, each, wanted, actor=head[1]) for key, each in recipients_of(LIST).items()}

    assert {tuple(each.children) for each in taken.values()} == {(picked.pk,)}
    assert "Days without education" in taken["inspector"].headings
    assert taken["inspector"].headings[:2] == ["Family name", "Given name"]
    # A school is not told how often a child changed homes, and statistics not who the child is.
    assert "Homes in twelve months" not in taken["school"].headings
    assert "Family name" not in taken["statistics"].headings


def test_what_counts_every_school_is_no_column_for_a_school(authority):
    school = a_school()
    teacher = a_person(authority, Role.DESIGNATED_TEACHER, school=school)[1]

    assert columns_for(teacher, ["days_without", "school_changes", "homes_in_a_year"]) == []
    assert not VIEWS[inspection.VIEW].is_for(teacher)


def test_a_list_for_others_tells_no_mark_by_a_number_that_is_left_out(authority, head):
    child = settled(authority, "Quin Marked")
    a_place(child, a_school("Secret School"), disclosure=Disclosure.ONLY_NAMED_USERS)
    wanted = list(COLUMNS.values())

    taken = {
        key: take_out(Choice(as_at=TODAY), each, wanted, actor=head[1]) for key, each in recipients_of(LIST).items()
    }

    holds = {key for key, each in taken.items() if "School changes in twelve months" in each.headings}
    assert holds == {"own_team", "inspector"}
    assert all("Secret School" not in row for key, each in taken.items() if key != "own_team" for row in each.rows)


def test_the_page_takes_as_many_queries_for_many_children_as_for_few(
    authority, head, client, django_assert_max_num_queries
):
    for number in range(30):
        child = settled(authority, f"Child Number{number}")
        if number % 2:
            a_place(child, a_school(f"School {number}"))
    client.force_login(head[0])
    client.get("/figures/inspection")

    with django_assert_max_num_queries(28):
        client.get("/figures/inspection")


def a_plan(child, **fields):
    days = {"academic_year": "2025-26", "term": "autumn", "meeting_on": date(2025, 11, 3), "held_on": date(2025, 11, 3)}
    return a_pep(child, **{**days, "state": "signed_off", "signed_off_on": date(2025, 11, 10), **fields})


def test_a_child_without_a_current_pep_is_picked_and_one_whose_last_was_poor(authority, head):
    current, old, poor, none = (settled(authority, f"Child {n}") for n in range(4))
    for child in (current, old, poor, none):
        a_place(child, a_school(f"School {child.pk}"))
    a_plan(current, academic_year="2025-26", term="spring")
    a_plan(old, academic_year="2024-25", term="summer", meeting_on=date(2025, 6, 2), signed_off_on=date(2025, 6, 10))
    a_plan(poor, term="spring", grade="requires_improvement")

    assert whys(head[1]) == {
        old.pk: ("No current PEP: the last was complete on 10 June 2025",),
        poor.pk: ("Last PEP graded “requires improvement”, 10 November 2025",),
        none.pk: ("No current PEP",),
    }


def test_an_authority_that_keeps_no_peps_here_is_not_told_that_every_child_lacks_one(authority, head):
    a_place(settled(authority, "Ada Settled"), a_school())

    assert whys(head[1]) == {}


def test_who_reads_no_peps_is_not_told_of_them(authority):
    child = settled(authority, "Ada Settled")
    a_place(child, a_school())
    a_plan(child, grade="inadequate")
    actor = a_person(authority, Role.VS_ADMIN)[1]

    assert whys(actor) == {}
