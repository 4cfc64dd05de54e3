"""Adding a child, names, numbers, characteristics, other statuses, and records that may be of one child."""

from datetime import date

import pytest

from onroll.children.actions.identity import (
    NewStatus,
    add_child,
    change_name,
    correct_identity,
    doubts_about_numbers,
    end_status,
    record_characteristic_from,
    record_characteristics,
    record_numbers,
    record_status,
)
from onroll.children.contradictions import Refused
from onroll.children.matching import find_duplicates, find_possible_matches
from onroll.children.models import Characteristics, CharacteristicSpell, Child, FormerName, Identifiers, Status
from onroll.history.models import Change

from .scene import a_child, an_allocation, an_episode, write

BORN = date(2014, 5, 6)


def with_upn(child, upn):
    numbers = Identifiers.unscoped.get(child=child)
    numbers.upn = upn
    write(numbers)


@pytest.mark.parametrize("who", ["head", "data_officer"])
def test_who_keeps_the_roll_adds_a_child_with_a_number_or_without(cast, who):
    actor = getattr(cast, who)

    child = add_child(
        given_name="Leo", family_name="Marsh", birth_date=BORN, child_number="A77", upn="h801200001001", actor=actor
    )
    other = add_child(given_name="Amy", family_name="", birth_date=BORN, actor=actor)

    assert Identifiers.unscoped.get(child=child).upn == "H801200001001"
    assert Identifiers.unscoped.get(child=other).child_number.startswith("ONROLL-")
    assert child.search_words == "leo marsh"
    with pytest.raises(Refused, match="A77 is in use already"):
        add_child(given_name="Leo", family_name="Marsh", birth_date=BORN, child_number="A77", actor=actor)


def test_a_social_worker_adds_a_child_and_gives_no_number(cast):
    """They read numbers and do not write them: that a number is taken would tell of a child out of their reach."""
    with pytest.raises(Refused, match="does not give the authority's number"):
        add_child(given_name="Leo", family_name="", birth_date=BORN, child_number="A77", actor=cast.social_worker)

    child = add_child(given_name="Leo", family_name="", birth_date=BORN, actor=cast.social_worker)

    assert Identifiers.unscoped.get(child=child).child_number.startswith("ONROLL-")


@pytest.mark.parametrize("who", ["teacher", "iro"])
def test_others_do_not_add_children(cast, who):
    with pytest.raises(Refused, match="does not add children"):
        add_child(given_name="Leo", family_name="Marsh", birth_date=BORN, actor=getattr(cast, who))


def test_a_child_held_for_an_enquiry_is_held_on_a_lawful_basis(cast):
    held = {"given_name": "Leo", "family_name": "Marsh", "birth_date": BORN, "held_as": Child.HeldAs.ENQUIRY}
    kinship = {"kind": Status.Kind.KINSHIP, "start": date(2025, 1, 1)}

    with pytest.raises(Refused, match="Say why"):
        add_child(**held, actor=cast.head)
    with pytest.raises(Refused, match="lawful basis"):
        add_child(**held, status=NewStatus(**kinship), actor=cast.head)
    child = add_child(**held, status=NewStatus(**kinship, lawful_basis="Asked by the carer"), actor=cast.head)

    assert Status.unscoped.get(child=child).lawful_basis == "Asked by the carer"


def test_another_authoritys_child_is_held_apart_with_who_looks_after_them(cast):
    held = {"given_name": "Leo", "family_name": "Marsh", "birth_date": BORN, "held_as": Child.HeldAs.OTHER_AUTHORITY}
    told = {"kind": Status.Kind.OTHER_AUTHORITY, "start": date(2025, 1, 1), "notified_of": "Starts at Hillside"}

    with pytest.raises(Refused, match="Choose the authority"):
        add_child(**held, status=NewStatus(**told), actor=cast.head)
    child = add_child(**held, status=NewStatus(**told, other_authority="336"), actor=cast.head)

    assert child.held_as == Child.HeldAs.OTHER_AUTHORITY


def test_a_new_name_keeps_the_old_one_and_a_correction_does_not(cast):
    correct_identity(
        cast.mia,
        given_name="Mia",
        family_name="Dawson-Hale",
        known_as="",
        birth_date=BORN,
        reason="Misspelt",
        actor=cast.head,
    )
    assert not FormerName.unscoped.exists()

    change_name(
        cast.mia,
        given_name="Mia",
        family_name="Hale",
        known_as="Mimi",
        on=date(2025, 6, 1),
        event="court",
        actor=cast.social_worker,
    )

    former = FormerName.unscoped.get(child=cast.mia)
    assert (former.family_name, former.start, former.end) == ("Dawson-Hale", BORN, date(2025, 6, 1))
    assert (cast.mia.name, cast.mia.search_words) == ("Mimi Hale", "mia hale mimi")


def test_the_legal_name_needs_an_event_in_law_and_a_known_as_does_not(cast):
    new = {"given_name": "Mia", "on": date(2025, 6, 1), "actor": cast.head}

    with pytest.raises(Refused, match="known as"):
        change_name(cast.mia, family_name="Archer", known_as="", **new)
    change_name(cast.mia, family_name="Dawson", known_as="Mia Archer", **new)

    assert cast.mia.known_as == "Mia Archer"


def test_a_wrong_check_letter_is_a_doubt_and_a_wrong_form_a_refusal(cast):
    assert "should be H" in doubts_about_numbers(cast.mia, upn="A801200001001", actor=cast.head)[0]
    record_numbers(cast.mia, child_number="A1", upn="A801200001001", uln="1000000019", actor=cast.head)

    with pytest.raises(Refused, match="13 characters"):
        record_numbers(cast.mia, child_number="A1", upn="A80120", actor=cast.head)
    with pytest.raises(Refused, match="ULN"):
        record_numbers(cast.mia, child_number="A1", uln="1000000018", actor=cast.head)


def test_a_upn_that_gives_way_becomes_the_former_one(cast):
    record_numbers(cast.mia, child_number="A1", upn="A801200001001", actor=cast.head)

    numbers = record_numbers(cast.mia, child_number="A1", upn="H801200001001", actor=cast.data_officer)

    assert numbers.former_upn == "A801200001001"
    with pytest.raises(Refused, match="does not change"):
        record_numbers(cast.mia, child_number="A1", actor=cast.social_worker)


def test_characteristics_are_codes_and_what_is_not_named_stays(cast):
    record_characteristics(cast.mia, sex="F", ethnicity="WBRI", actor=cast.social_worker)
    record_characteristics(cast.mia, religion=Characteristics.NOT_DISCLOSED, actor=cast.head)

    held = Characteristics.unscoped.get(child=cast.mia)
    assert (held.sex, held.ethnicity, held.religion) == ("F", "WBRI", "Not disclosed")
    with pytest.raises(Refused, match="not a code"):
        record_characteristics(cast.mia, ethnicity="XXXX", actor=cast.head)
    with pytest.raises(Refused, match="does not change"):
        record_characteristics(cast.mia, sex="M", actor=cast.teacher)


def test_a_dated_characteristic_gives_way_to_the_next(cast):
    record_characteristic_from(cast.mia, kind="fsm", value="yes", start=date(2024, 9, 1), actor=cast.head)
    record_characteristic_from(cast.mia, kind="fsm", value="no", start=date(2025, 9, 1), actor=cast.head)

    spells = CharacteristicSpell.unscoped.filter(child=cast.mia).order_by("start").values_list("value", "end")
    assert list(spells) == [("yes", date(2025, 9, 1)), ("no", None)]


def test_a_status_is_recorded_once_and_ends(cast):
    sgo = NewStatus(kind=Status.Kind.SGO, start=date(2025, 1, 1))
    status = record_status(cast.mia, status=sgo, actor=cast.social_worker)

    with pytest.raises(Refused, match="already"):
        record_status(cast.mia, status=sgo, actor=cast.head)
    end_status(status, end=date(2025, 6, 1), actor=cast.head)
    with pytest.raises(Refused, match="does not change"):
        record_status(cast.mia, status=sgo, actor=cast.teacher)


# Records that may be of one child


def matches_of(cast, actor=None, **typed):
    asked = {"given_name": "Mia", "family_name": "Dawson", "birth_date": BORN, **typed}
    return [(match.child, match.why) for match in find_possible_matches(**asked, actor=actor or cast.head)]


def test_like_names_and_the_date_of_birth_make_a_match(cast):
    a_child(cast.ashcombe, "Tom Dawson")

    assert matches_of(cast, given_name="Mya", family_name="Dawsen") == [
        (cast.mia, "A like name and the same date of birth")
    ]
    assert matches_of(cast, birth_date=date(2014, 6, 5))[0][1].endswith("swapped")
    assert matches_of(cast, given_name="Zoe", family_name="Khan") == []


def test_a_record_without_a_name_is_matched_by_the_date_of_birth(cast):
    nameless = a_child(cast.ashcombe, "", birth_date=date(2015, 1, 2))

    assert matches_of(cast, birth_date=date(2015, 1, 2))[0][0] == nameless


def test_numbers_match_for_those_who_see_numbers(cast):
    with_upn(cast.mia, "H801200001001")
    other = {"given_name": "Zoe", "family_name": "Khan", "birth_date": date(2013, 1, 1), "upn": "h801200001001"}

    assert matches_of(cast, **other) == [(cast.mia, "The same UPN or ULN")]


def test_a_social_worker_is_shown_no_child_out_of_reach(cast):
    assert matches_of(cast, cast.social_worker) == []
    an_allocation(cast.mia, cast.sam, "social_worker")
    assert matches_of(cast, cast.social_worker) != []


def test_a_child_who_left_by_adoption_is_never_matched(cast):
    an_episode(cast.mia, end=date(2024, 1, 1), reason_ceased="E12")
    twin = a_child(cast.ashcombe)

    assert matches_of(cast) == [(twin, "A like name and the same date of birth")]
    assert find_duplicates(cast.head) == []


def test_duplicates_are_found_by_number_and_by_name_and_twins_are_not(cast, django_assert_num_queries):
    again = a_child(cast.ashcombe, "Mya Dawson")
    a_child(cast.ashcombe, "Tom Dawson")
    other = a_child(cast.ashcombe, "Zoe Khan", birth_date=date(2013, 1, 1))
    with_upn(cast.mia, "H801200001001")
    with_upn(other, "H801200001001")

    with django_assert_num_queries(2):
        pairs = find_duplicates(cast.head)

    assert [(p.first, p.second, p.why) for p in pairs] == [
        (cast.mia, again, "A like name and the same date of birth"),
        (cast.mia, other, "The same UPN or ULN"),
    ]


def test_every_act_is_named_in_the_history(cast):
    record_characteristics(cast.mia, sex="F", actor=cast.head)

    change = Change.objects.get(verb="child.characteristics_recorded")
    assert (change.child, change.actor.name, change.role) == (cast.mia.pk, "Hana Reid", "vsh")


def test_what_a_person_puts_right_is_theirs_and_a_return_does_not_change_it_back(cast):
    child, officer = cast.mia, cast.data_officer
    traits = Characteristics.unscoped.get(child=child)
    traits.ethnicity, traits.source = "WBRI", "ssda903"
    write(traits)

    record_characteristics(child, ethnicity="WBRI", actor=officer)
    assert Characteristics.unscoped.get(child=child).source == "ssda903"
    record_characteristics(child, ethnicity="MWBC", actor=officer)
    assert Characteristics.unscoped.get(child=child).source == "person"
