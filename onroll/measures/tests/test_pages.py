"""The pages of figures: what each reader sees of a number, and of the children behind it."""

from datetime import date

import pytest
from lxml import html

from onroll.access.roles import Role
from onroll.children.models import CareEpisode, Child, Disclosure, PlacementAddress
from onroll.children.tests.scene import (
    a_child,
    a_person,
    a_place,
    a_school,
    an_allocation,
    an_authority,
    an_episode,
    write,
)
from onroll.history.changes import change
from onroll.measures.models import PublishedFigure
from onroll.measures.targets import new_target, set_target

pytestmark = pytest.mark.django_db
MEASURE = "/figures/living-out-of-authority"


@pytest.fixture
def authority():
    authority = an_authority()
    for number in range(8):
        child = a_child(authority, f"Child Number{number}", birth_date=date(2014, 5, 6))
        episode = an_episode(child)
        episode.placement.area = "out" if number < 2 else "in"
        write(episode.placement)
    return authority


def seen_by(client, authority, role, address, **post):
    account, _ = a_person(authority, role, **post)
    client.force_login(account)
    return client.get(address)


def test_a_head_sees_the_figure_its_groups_and_the_children_behind_it(client, authority):
    page = seen_by(client, authority, Role.VSH, f"{MEASURE}?by=phase").content.decode()
    children = client.get(f"{MEASURE}/children?part=1").content.decode()

    assert "25.0%" in page
    assert "2 of 8 children" in page
    assert "Years 7 to 11" in page
    assert "Number1, Child" in children
    assert "Number2, Child" not in children


def test_a_reader_outside_the_circle_has_small_numbers_hidden(client, authority):
    page = seen_by(client, authority, Role.IG, f"{MEASURE}?as-at=28/02/2026").content.decode()

    assert "25.0%" not in page
    assert "2 of 8" not in page
    assert "hidden" in page
    assert client.get(f"{MEASURE}/children").status_code == 404


def test_a_person_without_figures_finds_no_page_of_them(client, authority):
    assert seen_by(client, authority, Role.IRO, "/figures/catalogue").status_code == 404
    assert client.get(MEASURE).status_code == 404


def test_an_adviser_opens_only_the_children_they_may_see_today(client, authority):
    account, _ = a_person(authority, Role.VS_OFFICER)
    ours = Child.unscoped.filter(authority=authority).first()
    an_allocation(ours, account, Role.VS_OFFICER)
    client.force_login(account)

    page = client.get(f"{MEASURE}/children").content.decode()

    assert "1 child" in page
    assert ours.sorted_name in page


def test_a_measure_is_found_by_its_words_and_they_stand_in_no_address(client, authority):
    account, _ = a_person(authority, Role.VSH)
    client.force_login(account)

    found = client.post("/figures/catalogue", {"words": "W34"})

    assert "Children with three or more homes" in found.content.decode()
    assert "Children on the roll" not in found.content.decode().partition("<main")[2].partition("<table")[2]


@pytest.mark.parametrize("address", ["/figures/nothing", "/figures/W34", f"{MEASURE}/children?group=x"])
def test_what_is_no_measure_or_group_is_not_found(client, authority, address):
    assert seen_by(client, authority, Role.VSH, address).status_code == 404


def test_a_day_ahead_is_refused_in_words(client, authority):
    assert (
        "The day is in the future"
        in seen_by(client, authority, Role.VSH, f"{MEASURE}?as-at=01/01/2999").content.decode()
    )


def test_the_catalogue_takes_few_queries(client, authority, django_assert_max_num_queries):
    account, _ = a_person(authority, Role.VSH)
    client.force_login(account)
    client.get("/figures/catalogue")

    with django_assert_max_num_queries(40):
        client.get("/figures/catalogue")


def test_a_figure_shows_its_target_how_it_stands_and_what_was_published(client, authority):
    account, head = a_person(authority, Role.VSH)
    client.force_login(account)
    target = new_target(head, on=head.today)
    target.measure, target.better, target.value = "three-or-more-homes", "lower", 9
    set_target(target, actor=head)
    with change("test.set_up", actor=head) as this:
        this.create(
            PublishedFigure(
                authority=authority,
                measure="placements_3_or_more",
                group="CLA_31March",
                level="england",
                year="2025",
                value=10,
                release="A release",
                released_on=date(2025, 11, 20),
            )
        )

    page = client.get(f"/figures/three-or-more-homes?as-at={head.today:%d/%m/%Y}").content.decode()

    assert "On track: 0% against the target of 9%" in page
    assert "Children looked after on 31 March, year to 31 March 2025" in page
    assert "Counted differently" in page


def test_a_list_has_the_longest_first_with_shares_and_what_is_enough_for_a_project(client, authority):
    from onroll.children.models import Child
    from onroll.children.tests.scene import a_place, a_school

    oak, elm = a_school("Oak"), a_school("Elm")
    for number, child in enumerate(Child.unscoped.filter(authority=authority)):
        if number < 7:
            a_place(child, elm if number < 2 else oak)

    page = seen_by(client, authority, Role.VSH, "/figures/children-per-school").content.decode()

    listed = page.partition("the longest first")[2]
    assert listed.index("Oak") < listed.index("Elm")
    assert "62.5%" in listed
    assert listed.count("Enough for a project") == 1


@pytest.fixture
def child_kept_from_the_reader(authority):
    """The first child lives out of the authority, and only named people may know where."""
    child = Child.unscoped.filter(authority=authority).order_by("pk")[0]
    episode = CareEpisode.unscoped.get(child=child)
    keys = {"authority": authority, "child": child, "episode": episode}
    write(PlacementAddress(**keys, address="1 Hidden Row", disclosure=Disclosure.ONLY_NAMED_USERS))
    return child


def test_a_mark_keeps_a_child_out_of_every_list_that_tells_where_children_are(
    client, authority, child_kept_from_the_reader
):
    page = seen_by(client, authority, Role.VS_ADMIN, f"{MEASURE}?by=phase").content.decode()

    assert "2 of 8 children" in page
    assert "group=secondary" not in page
    assert client.get(f"{MEASURE}/children?by=phase&group=secondary&part=1").status_code == 404
    assert "Number0" not in client.get(f"{MEASURE}/children?part=1").content.decode()
    elsewhere = "/figures/children-on-roll/children?by=home_area&group=not_known&part=1"
    assert client.get(elsewhere).status_code == 404


def test_a_closed_list_does_not_tell_on_which_side_a_child_with_a_mark_is(client, authority):
    """Whether the child of the mark lives in or out, neither list of their group is opened."""
    marked = Child.unscoped.filter(authority=authority).order_by("pk")[5]
    episode = CareEpisode.unscoped.get(child=marked)
    keys = {"authority": authority, "child": marked, "episode": episode}
    write(PlacementAddress(**keys, address="1 Hidden Row", disclosure=Disclosure.ONLY_NAMED_USERS))

    page = seen_by(client, authority, Role.VS_ADMIN, f"{MEASURE}?by=phase").content.decode()

    assert "group=secondary" not in page
    for part in ("", "&part=1"):
        assert client.get(f"{MEASURE}/children?by=phase&group=secondary{part}").status_code == 404


def test_the_same_child_stands_in_lists_that_do_not_tell_where(client, authority, child_kept_from_the_reader):
    page = seen_by(client, authority, Role.VS_ADMIN, "/figures/children-on-roll?by=phase").content.decode()

    assert "children?by=phase&amp;group=secondary&amp;part=1" in page
    listed = client.get("/figures/children-on-roll/children?by=phase&group=secondary&part=1").content.decode()
    assert "Number0" in listed
    assert "Hidden Row" not in listed


def test_what_grows_over_the_year_is_set_against_the_same_day_a_year_before(client, authority):
    children = list(Child.unscoped.filter(authority=authority).order_by("pk"))
    # One had changed school by this day last year, and another by the summer.
    for child, on in zip(children, [date(2025, 1, 8), date(2025, 6, 4)], strict=False):
        a_place(child, a_school(), start=date(2024, 9, 3), end=on)

    page = seen_by(client, authority, Role.VSH, "/figures/school-changes?as-at=2026-03-31").content.decode()

    assert "12.5%, by the same day a year before: down 12.5" in page


def test_the_list_that_is_opened_first_is_of_those_whom_the_number_counts(client, authority):
    page = seen_by(client, authority, Role.VSH, MEASURE).content.decode()

    assert f'<a class="govuk-link" href="{MEASURE}/children?part=1">Open the list</a> of the 2' in page
    assert f'<a class="govuk-link" href="{MEASURE}/children?">of all 8</a>' in page


def test_what_is_not_given_yet_is_not_said_to_be_of_nobody(client, authority):
    page = seen_by(client, authority, Role.DIRECTOR, f"{MEASURE}?by=phase").content.decode()

    assert "It can be broken down once it is given" in page
    assert "There is nobody in any group" not in page


def test_the_catalogue_says_what_a_figure_is_counted_from_which_way_is_better_and_who_may_see_it(client, authority):
    page = html.fromstring(seen_by(client, authority, Role.VSH, "/figures/catalogue").content)

    rows = {row.xpath("string(.//th//a)"): row for row in page.xpath("//tbody/tr[.//th//a]")}
    said = [
        " ".join(cell.text_content().split())
        for cell in rows["Children with three or more homes in twelve months"].xpath("td")
    ]
    assert said[1:4] == ["lower", "care episodes", "Everyone with figures"]
    assert "Who sees the plans" in rows["Actions of the plan past their end and not completed"].text_content()
    reading = client.get(MEASURE).content.decode()
    assert "are named to those who read this of them: home." in reading
