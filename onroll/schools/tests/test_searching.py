"""A school is found by what people remember of it."""

import pytest

from onroll.schools.models import School
from onroll.schools.searching import find, search_words_of, tidy

pytestmark = pytest.mark.django_db


def names(found):
    return [school.name for school in found.exact], [school.name for school in found.alike]


@pytest.fixture
def town(a_school):
    return [
        a_school("Fernhill Academy", urn="106653", laestab="3704027", town="Sheffield", postcode="S36 7BX"),
        a_school("St Mary's Church of England Primary School", urn="126416", town="Salisbury", postcode="SP3 4RZ"),
        a_school("Saint Thomas à Becket C of E School", urn="126417", town="Tilshead", postcode="SP3 4RY"),
        a_school("Green Field Junior School", urn="117137", town="St Albans", postcode="AL1 4LW"),
        a_school("Larkfield Primary & Nursery School", urn="100000", town="London", postcode="EC3A 5DE"),
    ]


@pytest.mark.parametrize(
    ("words", "name"),
    [
        ("fernhill", "Fernhill Academy"),
        ("ACADEMY fern hill", "Fernhill Academy"),
        ("106653", "Fernhill Academy"),
        ("3704027", "Fernhill Academy"),
        ("370/4027", "Fernhill Academy"),
        ("370 4027", "Fernhill Academy"),
        ("s36 7bx", "Fernhill Academy"),
        ("S367BX", "Fernhill Academy"),
        ("sheffield", "Fernhill Academy"),
        ("st marys cofe", "St Mary's Church of England Primary School"),
        ("Saint Mary’s C of E primary", "St Mary's Church of England Primary School"),
        ("st thomas a becket", "Saint Thomas à Becket C of E School"),
        ("greenfield st albans", "Green Field Junior School"),
        ("larkfield primary and nursery", "Larkfield Primary & Nursery School"),
    ],
)
def test_a_school_is_found_by_name_number_postcode_or_town_however_it_is_spaced(officer, town, words, name):
    exact, _ = names(find(officer, words))

    assert exact == [name]


@pytest.mark.parametrize(
    ("words", "name"),
    [
        ("furnhill", "Fernhill Academy"),
        ("fenrhill", "Fernhill Academy"),
        ("larkfeild primery", "Larkfield Primary & Nursery School"),
        ("grenfield junoir", "Green Field Junior School"),
        ("st thomas beckett tilshed", "Saint Thomas à Becket C of E School"),
    ],
)
def test_a_misspelled_school_is_found_among_those_that_come_near(officer, town, words, name):
    exact, alike = names(find(officer, words))

    assert exact == []
    assert alike[0] == name


@pytest.mark.parametrize("words", ["", "  ", "'", "zzzz qqqq", "999999", "xq"])
def test_words_that_fit_no_school_find_none(officer, town, words):
    assert len(find(officer, words)) == 0


def test_a_number_is_never_guessed(officer, town):
    assert len(find(officer, "106654")) == 0


def test_ones_own_number_comes_before_a_name_and_open_schools_before_closed_ones(officer, a_school):
    closed = a_school("Hillside School", status=School.Status.CLOSED)
    far = a_school("Hillside School", la_code="336")
    own = a_school("Hillside School", la_code="999")
    within = a_school("The Old Hillside School")

    assert find(officer, "hillside school").exact == [own, far, closed, within]
    assert find(officer, f"{closed.urn}").exact == [closed]
    assert find(officer, "hillside", open_only=True).exact == [own, far, within]


def test_a_setting_that_another_authority_added_is_not_found(officer, officer_of_castlebury, a_school, castlebury):
    setting = a_school("Meadow Boxing Gym", urn="", setting_id="S00001", authority=castlebury)

    assert find(officer_of_castlebury, "boxing").exact == [setting]
    assert find(officer_of_castlebury, "S00001").exact == [setting]
    assert len(find(officer, "boxing")) == 0
    assert len(find(officer, "boxng")) == 0


def test_more_schools_than_can_be_shown_are_cut_and_said(officer, a_school):
    for number in range(6):
        a_school(f"Elm School {number}")

    found = find(officer, "elm", limit=5)

    assert len(found.exact) == 5
    assert found.more


def test_a_search_asks_the_database_three_times_at_most(officer, town, django_assert_max_num_queries):
    with django_assert_max_num_queries(3):
        find(officer, "furnhill academy")


def test_words_are_tidied_to_plain_small_letters():
    assert tidy("St. Thomas à Becket’s C. of E. School & Nursery") == [
        *("st", "thomas", "a", "beckets", "cofe", "school", "nursery"),
    ]


def test_what_a_school_is_found_by_holds_no_blank_within_a_part():
    school = School(name="Green Field School", town="St Albans", postcode="AL1 4LW", urn="117137", setting_id="117137")

    assert search_words_of(school) == "greenfieldschool stalbans al14lw 117137"


def test_a_school_is_found_among_the_whole_national_register(officer, national_register, django_assert_max_num_queries):
    with django_assert_max_num_queries(3):
        find(officer, "fleetvile junoir")
    assert find(officer, "fleetvile junoir st albans").alike[0].name == "Fleetville Junior School"
    assert find(officer, "penistone gramar").alike[0].name == "Penistone Grammar School"
    assert find(officer, "106653").exact[0].name == "Penistone Grammar School"
    assert find(officer, "school").more
