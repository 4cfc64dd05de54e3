"""Two records of one child: joined, and parted again without loss."""

from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from onroll.children.actions.entries import correct_entry
from onroll.children.actions.merging import (
    merge_children,
    models_about_children,
    split_children,
    what_merging_does,
    why_not_merge,
    why_not_split,
)
from onroll.children.actions.needs import record_sen_provision
from onroll.children.contradictions import Refused
from onroll.children.models import (
    CareEpisode,
    Child,
    Identifiers,
    PlacementAddress,
    ReturnedHealthFacts,
    SchoolPlace,
    SENProvision,
)

from .scene import a_child, a_place, an_allocation, an_episode, write


@pytest.fixture
def again(cast):
    """A second record of Mia."""
    return a_child(cast.ashcombe, "Mya Dawson", number="B2")


def everything():
    """Every row about children, as it is stored."""
    return {
        model._meta.label: list(model._base_manager.order_by("pk").values())
        for model in (Child, *models_about_children())
    }


def test_what_the_second_record_says_moves_to_the_first(cast, again):
    an_episode(again)
    a_place(again, cast.hillside)
    numbers = Identifiers.unscoped.get(child=again)
    numbers.upn = "H801200001001"
    write(numbers)

    merge_children(cast.mia, again, actor=cast.head)

    assert CareEpisode.unscoped.get().child == SchoolPlace.unscoped.get().child == cast.mia
    assert Identifiers.unscoped.get(child=cast.mia).upn == "H801200001001"
    assert Identifiers.unscoped.get(child=again).child_number == "B2"
    assert list(Child.visible_to(cast.head)) == [cast.mia]
    with pytest.raises(Refused, match="joined to another already"):
        merge_children(cast.mia, again, actor=cast.head)


def test_what_both_say_stays_once_and_a_home_is_completed(cast, again):
    ours, theirs = an_episode(cast.mia), an_episode(again)
    write(
        PlacementAddress(
            authority=cast.ashcombe, child=again, episode=theirs, address="1 Mill Lane", postcode="ZZ1 1AA"
        )
    )
    for child in (cast.mia, again):
        a_place(child, cast.hillside)

    assert what_merging_does(cast.mia, again).sentences == [
        "1 care episode says the same in both and stays once.",
        "1 school place says the same in both and stays once.",
    ]
    merge_children(cast.mia, again, actor=cast.head)

    assert SchoolPlace.unscoped.get().child == cast.mia
    address = PlacementAddress.unscoped.get()
    assert (address.episode, address.child, address.address) == (ours, cast.mia, "1 Mill Lane")


def test_two_main_schools_on_the_same_days_are_settled_first(cast, again):
    a_place(cast.mia, cast.hillside)
    a_place(again, cast.fernhill, date(2025, 1, 6))

    with pytest.raises(Refused, match="Hillside from 3 September 2024, and Fernhill from 6 January 2025"):
        merge_children(cast.mia, again, actor=cast.head)


def test_two_social_workers_on_the_same_days_are_settled_first(cast, again):
    from .scene import a_person

    ines, _ = a_person(cast.ashcombe, "social_worker", "Ines Cole")
    an_allocation(cast.mia, cast.sam, "social_worker")
    an_allocation(again, ines, "social_worker")

    assert "Sam Doyle" in why_not_merge(cast.mia, again, actor=cast.head)


def test_a_record_that_ended_in_adoption_is_never_joined_and_the_words_do_not_say_so(cast, again):
    an_episode(again, end=date(2024, 1, 1), reason_ceased="E11")

    assert why_not_merge(cast.mia, again, actor=cast.head) == "These records can't be joined."


@pytest.mark.parametrize("who", ["teacher", "social_worker", "iro"])
def test_few_join_or_part_records(cast, again, who):
    actor = getattr(cast, who)
    with pytest.raises(Refused, match="does not join"):
        merge_children(cast.mia, again, actor=actor)
    merge_children(cast.mia, again, actor=cast.data_officer)
    with pytest.raises(Refused, match="does not part"):
        split_children(again, actor=actor)


@pytest.mark.proves("ID-6")
def test_parting_puts_every_row_back(cast, again):
    for child in (cast.mia, again):
        an_episode(child)
        a_place(child, cast.hillside)
    a_place(again, cast.fernhill, kind="ap")
    before = everything()

    merge_children(cast.mia, again, actor=cast.head)
    assert everything() != before
    split_children(Child.unscoped.get(pk=again.pk), actor=cast.head)

    assert everything() == before


def test_records_are_not_parted_when_a_moved_entry_was_changed_since(cast, again):
    place = a_place(again, cast.hillside)
    merge_children(cast.mia, again, actor=cast.head)
    place = SchoolPlace.unscoped.get(pk=place.pk)
    correct_entry(place, {"start": date(2024, 9, 4)}, reason="Wrong day", actor=cast.head)

    again.refresh_from_db()
    assert why_not_split(again, actor=cast.head)
    with pytest.raises(Refused):
        split_children(again, actor=cast.head)


def test_what_was_added_since_stays_with_the_first_record(cast, again):
    a_place(again, cast.hillside)
    merge_children(cast.mia, again, actor=cast.head)
    record_sen_provision(Child.unscoped.get(pk=cast.mia.pk), value="K", start=date(2025, 1, 1), actor=cast.head)

    split_children(Child.unscoped.get(pk=again.pk), actor=cast.head)

    assert SENProvision.unscoped.get().child == cast.mia
    assert SchoolPlace.unscoped.get().child == again


spans = st.lists(st.tuples(st.integers(0, 6), st.integers(1, 3), st.booleans()), max_size=4)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(ours=spans, theirs=spans)
@pytest.mark.proves("ID-6")
def test_joining_and_parting_is_no_change_at_all(cast, ours, theirs):
    first, second = a_child(cast.ashcombe, "Leo Marsh"), a_child(cast.ashcombe, "Leo March")
    for child, drawn in ((first, ours), (second, theirs)):
        for month, length, episode in drawn:
            start, end = date(2024, 1 + month, 1), date(2024, 1 + month + length, 1)
            if episode:
                an_episode(child, start, end=end)
            else:
                a_place(child, cast.hillside, start, end=end, kind="ap")
    before = everything()

    merge_children(first, second, actor=cast.head)
    split_children(Child.unscoped.get(pk=second.pk), actor=cast.head)

    assert everything() == before


def test_encrypted_words_that_both_records_have_stay_once(cast, again):
    said = {"kind": "health_checks", "on": date(2025, 3, 31), "answers": "TEETH_CHECK=1"}
    for child in (cast.mia, again):
        write(ReturnedHealthFacts(authority=cast.ashcombe, child=child, **said))

    merge_children(cast.mia, again, actor=cast.head)

    assert ReturnedHealthFacts.unscoped.filter(child=cast.mia).count() == 1
