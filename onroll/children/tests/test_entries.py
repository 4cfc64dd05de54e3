"""Putting an entry right, and taking out one that was wrong."""

from datetime import date

import pytest

from onroll.children.actions.care import Placement, change_legal_status, move_placement, start_care
from onroll.children.actions.entries import correct_entry, remove_entry, what_removing_leaves, why_not_remove
from onroll.children.contradictions import Refused
from onroll.children.models import CareEpisode, PlacementAddress, SchoolPlace, SDQScore, SENProvision
from onroll.history.models import Change, Event

from .scene import a_person, a_place, a_school, an_allocation, an_episode, write

HOME = Placement(placement_type="U6", provider="PR1", address="1 Mill Lane")


@pytest.fixture
def three_episodes(cast):
    """Came into care, moved, and then a new legal status."""
    start_care(
        cast.mia, start=date(2024, 1, 8), legal_status="C1", category_of_need="N1", placement=HOME, actor=cast.head
    )
    move_placement(cast.mia, on=date(2024, 6, 1), placement=HOME, reason_place_change="CARPL", actor=cast.head)
    change_legal_status(cast.mia, on=date(2025, 2, 1), legal_status="C2", actor=cast.head)
    return list(CareEpisode.unscoped.filter(child=cast.mia).order_by("start"))


def spans(child):
    episodes = CareEpisode.unscoped.filter(child=child).order_by("start")
    return [(e.start, e.end, e.reason_ceased) for e in episodes]


def test_a_corrected_day_takes_the_episode_that_joins_it_along(cast, three_episodes):
    first, second, _ = three_episodes

    correct_entry(second, {"start": date(2024, 5, 30)}, reason="Typed wrongly", actor=cast.head)

    assert spans(cast.mia)[0][1] == spans(cast.mia)[1][0] == date(2024, 5, 30)
    assert Change.objects.get(verb="entry.corrected").reason == "Typed wrongly"
    with pytest.raises(Refused, match="must start later"):
        correct_entry(second, {"start": first.start}, reason="Typed wrongly", actor=cast.head)
    with pytest.raises(Refused, match="must be today"):
        correct_entry(second, {"end": date(2027, 1, 1)}, reason="Typed wrongly", actor=cast.head)


def test_a_correction_needs_a_reason_and_the_section(cast, three_episodes):
    with pytest.raises(Refused, match="Say what was wrong"):
        correct_entry(three_episodes[0], {"legal_status": "C2"}, reason=" ", actor=cast.head)
    with pytest.raises(Refused, match="does not change"):
        correct_entry(three_episodes[0], {"legal_status": "C2"}, reason="Wrong", actor=cast.teacher)


def test_a_corrected_place_may_not_overlap_and_its_school_may_be_put_right(cast):
    a_place(cast.mia, cast.hillside, end=date(2025, 7, 20))
    place = a_place(cast.mia, cast.fernhill, date(2025, 9, 1))

    with pytest.raises(Refused, match="main school place at Hillside"):
        correct_entry(place, {"start": date(2025, 7, 1)}, reason="Wrong day", actor=cast.head)
    upper = a_school("Upper School")
    correct_entry(place, {"start": date(2025, 7, 20), "school": upper}, reason="Wrong day", actor=cast.head)

    assert SchoolPlace.unscoped.get(pk=place.pk).school == upper


def test_a_corrected_allocation_keeps_social_workers_apart(cast):
    an_allocation(cast.mia, cast.sam, "social_worker", end=date(2025, 6, 1))
    ines, _ = a_person(cast.ashcombe, "social_worker", "Ines Cole")
    later = an_allocation(cast.mia, ines, "social_worker", date(2025, 6, 1))

    with pytest.raises(Refused, match="Sam Doyle has this role"):
        correct_entry(later, {"start": date(2025, 5, 1)}, reason="Wrong day", actor=cast.head)


def test_a_score_is_put_right_to_a_score(cast):
    sdq = write(SDQScore(authority=cast.ashcombe, child=cast.mia, start=date(2025, 1, 1), score=9))

    with pytest.raises(Refused, match="0 to 40"):
        correct_entry(sdq, {"score": 90}, reason="Typed wrongly", actor=cast.social_worker)
    correct_entry(sdq, {"score": 19}, reason="Typed wrongly", actor=cast.social_worker)


def test_a_removed_move_lets_the_home_before_go_on(cast, three_episodes):
    move = three_episodes[1]

    assert what_removing_leaves(move) == ["The care episode of 8 January 2024 then goes on in its place."]
    remove_entry(move, reason="The move never happened", actor=cast.head)

    assert spans(cast.mia) == [(date(2024, 1, 8), date(2025, 2, 1), "X1"), (date(2025, 2, 1), None, "")]
    assert PlacementAddress.unscoped.count() == 2


def test_the_last_episode_removed_leaves_the_one_before_open(cast, three_episodes):
    remove_entry(three_episodes[2], reason="Wrong child", actor=cast.data_officer)

    assert spans(cast.mia)[-1] == (date(2024, 6, 1), None, "")


def test_an_episode_on_which_another_stands_is_not_removed(cast, three_episodes):
    with pytest.raises(Refused, match="The care episode of 1 June 2024 follows on from this one"):
        remove_entry(three_episodes[0], reason="Wrong", actor=cast.head)


@pytest.mark.proves("RET-5")
def test_a_removed_entry_stays_in_the_history_with_the_reason(cast):
    provision = write(SENProvision(authority=cast.ashcombe, child=cast.mia, start=date(2025, 1, 1), value="K"))
    key = provision.pk

    remove_entry(provision, reason="It is another child's", actor=cast.head)

    event = Event.objects.get(record=key, act="d", child=cast.mia.pk)
    assert '"value":"K"' in event.payload.replace(" ", "")
    assert event.change.reason == "It is another child's"


@pytest.mark.parametrize("who", ["teacher", "social_worker", "iro"])
def test_few_remove_entries(cast, who):
    provision = write(SENProvision(authority=cast.ashcombe, child=cast.mia, start=date(2025, 1, 1), value="K"))

    assert why_not_remove(provision, reason="Wrong", actor=getattr(cast, who)) == "Your role does not remove entries."
    assert why_not_remove(provision, reason="Wrong", actor=cast.head) == ""
    assert why_not_remove(provision, reason="", actor=cast.head) == "Say why this entry is wrong."


def test_overlapping_episodes_that_a_return_sent_are_removed_singly(cast):
    first = an_episode(cast.mia, date(2022, 6, 1), end=date(2023, 1, 1))
    second = an_episode(cast.mia, date(2022, 12, 1))

    remove_entry(second, reason="Sent twice", actor=cast.head)

    assert spans(cast.mia) == [(first.start, first.end, "E8")]
