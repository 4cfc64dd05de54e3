"""Coming into care, moving, changing legal status, leaving care."""

from datetime import date
from decimal import Decimal

import pytest

from onroll.authorities.models import Postcode
from onroll.children.actions import care
from onroll.children.actions.care import (
    Placement,
    change_legal_status,
    end_care,
    give_real_end,
    move_placement,
    record_address,
    start_care,
)
from onroll.children.contradictions import Refused, open_episodes, what_a_move_leaves, what_ending_care_leaves
from onroll.children.models import (
    CareEpisode,
    Child,
    Disclosure,
    EpisodePlacement,
    PlacementAddress,
    PlacementArea,
    Status,
)
from onroll.history.models import Change, Event

from .scene import a_child, an_allocation, an_episode, write

FOSTER = Placement(placement_type="U6", provider="PR1", address="1 Mill Lane", postcode="zz1 1aa")


def came_into_care(cast, start=date(2025, 1, 6), **placement):
    return start_care(
        cast.mia,
        start=start,
        legal_status="C1",
        category_of_need="N1",
        placement=Placement(placement_type="U6", provider="PR1", **placement),
        actor=cast.head,
    )


def test_a_child_comes_into_care_with_a_home_and_its_address_is_stored_encrypted(cast):
    episode = start_care(
        cast.mia,
        start=date(2025, 1, 6),
        legal_status="C1",
        category_of_need="N1",
        placement=FOSTER,
        actor=cast.social_worker,
    )

    address = PlacementAddress.unscoped.get(episode=episode)
    assert (episode.reason_new, episode.placement.placement_type) == ("S", "U6")
    assert (address.address, address.postcode, address.disclosure) == (
        "1 Mill Lane",
        "ZZ1 1AA",
        Disclosure.NOT_TO_FAMILY,
    )
    assert "Mill" not in "".join(Event.objects.values_list("payload", flat=True))
    assert Change.objects.get(verb="care.started").child == cast.mia.pk


@pytest.mark.parametrize("who", ["teacher", "iro"])
def test_who_does_not_write_about_care_cannot_start_it(cast, who):
    with pytest.raises(Refused, match="Your role does not change this part"):
        start_care(
            cast.mia,
            start=date(2025, 1, 6),
            legal_status="C1",
            category_of_need="N1",
            placement=FOSTER,
            actor=getattr(cast, who),
        )
    assert not CareEpisode.unscoped.exists()


@pytest.mark.parametrize(
    ("start", "status", "placement", "words"),
    [
        (date(2026, 4, 1), "C1", FOSTER, "today or earlier"),
        (date(2014, 1, 1), "C1", FOSTER, "date of birth, 6 May 2014"),
        (date(2025, 1, 6), "", FOSTER, "Choose a legal status"),
        (date(2025, 1, 6), "C9", FOSTER, "not a code"),
        (date(2025, 1, 6), "C1", Placement(placement_type="U6"), "who provides the placement"),
        (date(2025, 1, 6), "C1", Placement(placement_type="T1", provider="PR1"), "has no provider"),
        (date(2025, 1, 6), "C1", Placement(placement_type="H5", provider="PR1"), "could not be given on"),
    ],
)
def test_care_does_not_start_with_what_cannot_be(cast, start, status, placement, words):
    with pytest.raises(Refused, match=words):
        start_care(
            cast.mia, start=start, legal_status=status, category_of_need="N1", placement=placement, actor=cast.head
        )


def test_a_child_in_care_does_not_come_into_care(cast):
    came_into_care(cast)

    with pytest.raises(Refused, match="Mia has been looked after since 6 January 2025"):
        came_into_care(cast, date(2025, 3, 1))


def test_a_child_who_left_by_adoption_gets_a_new_record(cast):
    an_episode(cast.mia, end=date(2024, 1, 1), reason_ceased="E11")

    with pytest.raises(Refused, match="has a new record"):
        came_into_care(cast)


def test_care_can_start_again_on_the_day_it_ended_and_not_before(cast):
    an_episode(cast.mia, date(2023, 1, 1), end=date(2024, 1, 1))

    with pytest.raises(Refused, match="until 1 January 2024"):
        came_into_care(cast, date(2023, 12, 31))
    came_into_care(cast, date(2024, 1, 1))


def test_a_child_held_for_an_enquiry_who_comes_into_care_is_our_own(cast):
    cast.mia = a_child(cast.ashcombe, "Leo Marsh", held_as=Child.HeldAs.ENQUIRY)

    came_into_care(cast)

    assert Child.unscoped.get(pk=cast.mia.pk).held_as == Child.HeldAs.OWN


def test_a_change_of_legal_status_keeps_the_home_and_its_address(cast):
    first = came_into_care(cast, address="1 Mill Lane", postcode="ZZ1 1AA")

    second = change_legal_status(cast.mia, on=date(2025, 6, 1), legal_status="C2", actor=cast.social_worker)

    first.refresh_from_db()
    assert (first.end, first.reason_ceased, second.reason_new) == (date(2025, 6, 1), "X1", "L")
    assert second.category_of_need == "N1"
    assert EpisodePlacement.unscoped.get(episode=second).placement_type == "U6"
    assert PlacementAddress.unscoped.get(episode=second).address == "1 Mill Lane"
    with pytest.raises(Refused, match="already"):
        change_legal_status(cast.mia, on=date(2025, 7, 1), legal_status="C2", actor=cast.head)
    with pytest.raises(Refused, match="start and end on one day"):
        change_legal_status(cast.mia, on=date(2025, 6, 1), legal_status="E1", actor=cast.head)


@pytest.mark.parametrize(
    ("same_carer", "status", "reason_new"), [(False, "", "P"), (True, "", "T"), (False, "C2", "B"), (True, "C2", "U")]
)
def test_a_move_of_home_says_what_changed_on_the_day(cast, same_carer, status, reason_new):
    first = came_into_care(cast)

    second = move_placement(
        cast.mia,
        on=date(2025, 9, 1),
        placement=Placement(placement_type="K2", provider="PR4"),
        reason_place_change="CARPL",
        same_carer=same_carer,
        legal_status=status,
        actor=cast.social_worker,
    )

    first.refresh_from_db()
    assert (first.end, first.reason_ceased, first.reason_place_change) == (date(2025, 9, 1), "X1", "CARPL")
    assert (second.reason_new, second.legal_status) == (reason_new, status or "C1")


def test_a_designated_teacher_cannot_move_a_child(cast):
    came_into_care(cast)

    with pytest.raises(Refused, match="does not change"):
        move_placement(
            cast.mia,
            on=date(2025, 9, 1),
            placement=Placement(placement_type="K2", provider="PR4"),
            reason_place_change="CARPL",
            actor=cast.teacher,
        )


def test_a_temporary_stay_has_no_reason_and_the_way_back_is_asked_about(cast):
    came_into_care(cast)

    stay = move_placement(
        cast.mia,
        on=date(2025, 9, 1),
        placement=Placement(placement_type="T1"),
        reason_place_change="CARPL",
        actor=cast.head,
    )

    assert CareEpisode.unscoped.get(end=date(2025, 9, 1)).reason_place_change == ""
    stay = CareEpisode.unscoped.select_related("placement").get(pk=stay.pk)
    assert what_a_move_leaves(cast.mia, stay, placement_type="U6") == []
    assert "expects" in what_a_move_leaves(cast.mia, stay, placement_type="K2")[0]


def test_the_area_is_a_sources_word_then_the_directorys_and_else_not_known(cast):
    write_directory(("ZZ11AA", "999", 400000, 300000), ("ZZ99ZZ", "", 400000, 316093), ("ZZ22BB", "998", 0, 0))

    def area(**where):
        child = a_child(cast.ashcombe, "Leo Marsh")
        episode = start_care(
            child,
            start=date(2025, 1, 6),
            legal_status="C1",
            category_of_need="N1",
            placement=Placement(placement_type="U6", provider="PR1", **where),
            actor=cast.head,
        )
        facts = PlacementArea.unscoped.get(episode=episode)
        return EpisodePlacement.unscoped.get(episode=episode).area, facts.la_code, facts.la_stated, facts.distance_miles

    assert area(postcode="ZZ1 1AA") == ("in", "999", False, None)
    assert area(postcode="ZZ2 2BB") == ("out", "998", False, None)
    assert area(postcode="ZZ9 9ZZ", home_postcode="zz11aa") == ("out", "", False, Decimal("10.0"))
    assert area(postcode="ZZ1 1AA", la_code="998") == ("out", "998", True, None)
    assert area(postcode="YY1 1AA") == ("not_known", "", False, None)
    assert area() == ("not_known", "", False, None)


def write_directory(*lines):
    Postcode.objects.bulk_create(Postcode(postcode=p, la_code=la, easting=e, northing=n) for p, la, e, n in lines)


def test_leaving_care_by_special_guardianship_leaves_a_child_whom_the_duty_covers(cast):
    came_into_care(cast)
    an_allocation(cast.mia, cast.sam, "social_worker")

    assert what_ending_care_leaves(cast.mia, on=date(2026, 1, 1)) == [
        "Sam Doyle can still see Mia. End their allocations when their work ends."
    ]
    end_care(cast.mia, on=date(2026, 1, 1), reason_ceased="E46", actor=cast.social_worker)

    status = Status.unscoped.get(child=cast.mia)
    assert (status.kind, status.start) == (Status.Kind.SGO, date(2026, 1, 1))
    with pytest.raises(Refused, match="not looked after now"):
        end_care(cast.mia, on=date(2026, 2, 1), reason_ceased="E8", actor=cast.head)


def test_care_ends_for_a_reason_that_ends_care(cast):
    came_into_care(cast)

    with pytest.raises(Refused, match="why care ended"):
        end_care(cast.mia, on=date(2026, 1, 1), reason_ceased="X1", actor=cast.head)


def test_a_person_gives_the_real_end_of_a_provisional_one_or_says_that_care_goes_on(cast):
    provisional = {"end": date(2025, 4, 1), "reason_ceased": "", "provisional_end": True}
    ended = an_episode(cast.mia, **provisional)
    goes_on = an_episode(a_child(cast.ashcombe, "Leo Marsh"), **provisional)

    give_real_end(ended, on=date(2025, 3, 2), reason_ceased="E4A", actor=cast.head)
    give_real_end(goes_on, on=None, actor=cast.data_officer)

    assert (ended.end, ended.provisional_end) == (date(2025, 3, 2), False)
    assert (goes_on.end, goes_on.provisional_end) == (None, False)
    with pytest.raises(Refused, match="not provisional"):
        give_real_end(ended, on=date(2025, 3, 3), reason_ceased="E4A", actor=cast.head)


def test_a_mark_is_made_less_strict_only_with_a_reason(cast):
    episode = came_into_care(cast, disclosure=Disclosure.NOT_TO_NAMED_PLACES)
    looser = Placement(placement_type="U6", provider="PR1", disclosure=Disclosure.ORDINARY)

    with pytest.raises(Refused, match="why more people may know"):
        record_address(episode, placement=looser, actor=cast.social_worker)
    record_address(episode, placement=looser, reason="The order ended", actor=cast.social_worker)

    assert PlacementAddress.unscoped.get(episode=episode).disclosure == Disclosure.ORDINARY


@pytest.mark.proves("ADR-1")
def test_a_strict_mark_is_not_made_less_strict_with_the_address(cast):
    episode = came_into_care(cast, disclosure=Disclosure.ONLY_NAMED_USERS)
    looser = Placement(placement_type="U6", provider="PR1", disclosure=Disclosure.ORDINARY)

    with pytest.raises(Refused, match="Only named people"):
        record_address(episode, placement=looser, reason="The order ended", actor=cast.head)
    with pytest.raises(Refused, match="A second person has to agree"):
        record_address(episode, placement=looser, reason="The order ended", actor=cast.social_worker)

    assert PlacementAddress.unscoped.get(episode=episode).disclosure == Disclosure.ONLY_NAMED_USERS


def test_a_child_of_another_authority_is_out_of_hand(cast):
    from onroll.access.roles import Role

    from .scene import an_actor, an_authority

    elsewhere = an_actor(an_authority("998", "Bramley"), Role.VSH)
    with pytest.raises(Refused, match="another authority"):
        start_care(
            cast.mia,
            start=date(2025, 1, 6),
            legal_status="C1",
            category_of_need="N1",
            placement=FOSTER,
            actor=elsewhere,
        )


def test_two_open_episodes_are_settled_before_anything_changes(cast):
    an_episode(cast.mia)
    write(CareEpisode(authority=cast.ashcombe, child=cast.mia, start=date(2024, 1, 1), legal_status="C2"))

    with pytest.raises(Refused, match="2 open care episodes"):
        end_care(cast.mia, on=date(2026, 1, 1), reason_ceased="E8", actor=cast.head)


def test_two_who_start_care_at_once_do_not_both_start_it(cast, monkeypatch):
    """The second was allowed before the first had saved: it is asked again inside its own change."""
    terms = {"start": date(2026, 3, 2), "legal_status": "V2", "actor": cast.data_officer}
    placement = care.Placement(placement_type="U6", provider="PR1")
    answers = iter(["", care.why_not_start_care])

    def before_and_after_the_first_saved(*args, **kwargs):
        answer = next(answers)
        return answer(*args, **kwargs) if answer else ""

    care.start_care(cast.mia, placement=placement, category_of_need="N1", **terms)
    monkeypatch.setattr(care, "why_not_start_care", before_and_after_the_first_saved)
    with pytest.raises(Refused):
        care.start_care(cast.mia, placement=placement, category_of_need="N1", **terms)

    assert CareEpisode.unscoped.filter(child=cast.mia).count() == 1


def test_a_move_that_was_read_before_another_is_refused(cast, monkeypatch):
    an_episode(cast.mia)
    read_before = open_episodes(cast.mia)
    care.change_legal_status(cast.mia, on=date(2026, 3, 2), legal_status="E1", actor=cast.data_officer)
    monkeypatch.setattr(care, "open_episodes", _first_then(read_before, open_episodes))

    with pytest.raises(Refused, match="a moment ago"):
        care.end_care(cast.mia, on=date(2026, 3, 20), reason_ceased="E4A", actor=cast.data_officer)


def _first_then(first, then):
    """What was read before, once; after that the truth."""
    given = []

    def answer(child):
        if given:
            return then(child)
        given.append(child)
        return first

    return answer
