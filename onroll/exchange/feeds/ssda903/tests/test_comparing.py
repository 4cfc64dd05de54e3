"""What a return does to a record that holds something already."""

from datetime import date

import pytest

from onroll.authorities.models import Postcode
from onroll.children.actions.care import give_real_end
from onroll.children.models import (
    CareEpisode,
    CareLeaverContact,
    Characteristics,
    Child,
    Difference,
    Disclosure,
    EpisodePlacement,
    Identifiers,
    PlacementAddress,
    PlacementArea,
    Review,
    SDQScore,
    Status,
)
from onroll.children.tests.scene import a_child, an_episode, write
from onroll.exchange.models import Import
from onroll.history.changes import change

from .conftest import MIA, MIA_IN_CARE, a_file, episodes, headers

MOVED = "0042,01/09/2016,P,C2,N1,K2,PR4,,,,AB1 2DE,AB5 6GH,"
ENDED_TO_MOVE = MIA_IN_CARE.replace("PR1,,,", "PR1,01/09/2016,X1,CARPL")
NEXT_YEAR = date(2018, 3, 31)


def test_a_stated_ending_and_a_new_home_are_ordinary_changes(office):
    office.load(headers(MIA), episodes(MIA_IN_CARE))

    load = office.load(headers(MIA), episodes(ENDED_TO_MOVE, MOVED))

    first, second = CareEpisode.unscoped.order_by("start")
    assert (first.end, first.reason_ceased, first.provisional_end) == (date(2016, 9, 1), "X1", False)
    assert (second.start, second.end) == (date(2016, 9, 1), None)
    assert load.sentence("moved")["children"] == ["0042"]
    assert load.would_end == 0


def test_an_episode_an_earlier_return_left_open_is_given_a_provisional_end(office):
    office.load(headers(MIA), episodes(MIA_IN_CARE))
    next_year = (headers("0043,1,01/02/2010,,,,"), episodes(MIA_IN_CARE.replace("0042,10/06/2016", "0043,10/06/2017")))

    refusal = office.why_not(*next_year)
    load = office.load(*next_year, confirm_endings=True)

    assert refusal.startswith("This file would end 1 fact")
    episode = office.episode_of("0042")
    assert (episode.end, episode.provisional_end) == (date(2017, 4, 1), True)
    assert load.sentence("missing")["children"] == ["0042"]
    assert office.roll(NEXT_YEAR).children == ["0043"]
    assert office.roll(NEXT_YEAR).awaiting_a_real_end == 1
    # The year before is as it was.
    assert office.roll(date(2017, 3, 31)).children == ["0042"]

    office.load(headers(MIA), episodes(MIA_IN_CARE))
    assert office.episode_of("0042").end == date(2017, 4, 1)


def test_what_a_person_settles_is_not_ended_again_by_the_same_return(office):
    office.load(headers(MIA), episodes(MIA_IN_CARE))
    next_year = (headers("0043,1,01/02/2010,,,,"), episodes(MIA_IN_CARE.replace("0042,10/06/2016", "0043,10/06/2017")))
    office.load(*next_year, confirm_endings=True)
    give_real_end(office.episode_of("0042"), on=date(2017, 8, 1), reason_ceased="E4A", actor=office.actor)

    assert office.load(*next_year).would_change == 0
    assert office.episode_of("0042").end == date(2017, 8, 1)


def test_the_next_return_that_holds_the_child_again_takes_the_provisional_end_back(office):
    office.load(headers(MIA), episodes(MIA_IN_CARE))
    other = (headers("0043,1,01/02/2010,,,,"), episodes(MIA_IN_CARE.replace("0042,10/06/2016", "0043,10/06/2017")))
    office.load(*other, confirm_endings=True)

    corrected = episodes(MIA_IN_CARE, MIA_IN_CARE.replace("0042,10/06/2016", "0043,10/06/2017"))
    office.load(headers(MIA, "0043,1,01/02/2010,,,,"), corrected)

    assert office.episode_of("0042").end is None
    assert office.roll(NEXT_YEAR).children == ["0042", "0043"]


def test_an_episode_of_the_same_year_that_a_corrected_return_drops_is_taken_away(office):
    office.load(headers(MIA), episodes(MIA_IN_CARE))
    corrected = (headers(MIA), episodes(MIA_IN_CARE.replace("10/06/2016", "12/06/2016")))

    assert office.why_not(*corrected).startswith("This file would end 1 fact")
    office.load(*corrected, confirm_endings=True)

    assert office.episode_of("0042").start == date(2016, 6, 12)
    assert PlacementAddress.unscoped.count() == EpisodePlacement.unscoped.count() == 1


def test_files_without_episodes_and_a_part_end_nothing(office):
    office.load(headers(MIA), episodes(MIA_IN_CARE))
    other = "0043,1,01/02/2010,,,,"

    assert office.load(headers(other), as_at=NEXT_YEAR).would_end == 0
    part = episodes(MIA_IN_CARE.replace("0042,10/06/2016", "0043,10/06/2017"))
    assert office.load(headers(other), part, part=True).would_end == 0
    assert office.roll(NEXT_YEAR).count == 2


def test_short_breaks_are_held_and_not_on_the_roll(office):
    load = office.load(headers(MIA), episodes(MIA_IN_CARE.replace("C2", "V4")))

    roll = office.roll(date(2017, 3, 31))
    assert (roll.count, roll.short_breaks) == (0, 1)
    assert load.sentence("held")["small"].startswith("1 with only agreed short breaks")


def test_an_episode_of_nobody_stops_and_a_review_of_nobody_is_left_out(office):
    reviews = a_file("reviews.csv", "CHILD,DOB,REVIEW,REVIEW_CODE", "0099,06/05/2009,01/07/2016,PN1")
    import_ = office.check(episodes(MIA_IN_CARE), reviews)

    assert import_.counts == {"stops": 1, "left_out": 1}
    stops, left_out = import_.problems.order_by("pk")
    assert stops.wrong == "This child has no header row and is not held, so there is no date of birth"
    assert (left_out.kind, left_out.number) == ("unknown_child", "0099")
    assert import_.sentence("not_matched")["count"] == 1


def test_episodes_alone_find_children_who_are_held(office):
    office.load(headers(MIA), as_at=date(2017, 3, 31))

    office.load(episodes(MIA_IN_CARE))

    assert office.roll(date(2017, 3, 31)).children == ["0042"]


def test_a_upn_is_never_overwritten_by_a_code_and_a_former_one_is_kept(office):
    office.load(headers(MIA), as_at=date(2017, 3, 31))

    office.load(headers(MIA.replace("H801200001001", "UN4")), as_at=date(2017, 3, 31))
    assert Identifiers.unscoped.get().upn == "H801200001001"

    office.load(headers(MIA.replace("H801200001001", "Z203299910123")), as_at=date(2017, 3, 31))
    numbers = Identifiers.unscoped.get()
    assert (numbers.upn, numbers.former_upn) == ("Z203299910123", "H801200001001")


def test_a_upn_whose_letter_fits_is_not_given_up_for_one_whose_letter_does_not(office):
    office.load(headers(MIA), as_at=date(2017, 3, 31))

    office.load(headers(MIA.replace("H801200001001", "A203299910123")), as_at=date(2017, 3, 31))

    assert Identifiers.unscoped.get().upn == "H801200001001"
    assert Difference.unscoped.get().other == "A203299910123"


def test_not_yet_obtained_never_replaces_an_answer(office):
    office.load(headers(MIA), as_at=date(2017, 3, 31))

    office.load(headers("0042,U,06/05/2009,NOBT,,,"), as_at=date(2017, 3, 31))

    traits = Characteristics.unscoped.get()
    assert (traits.sex, traits.ethnicity) == ("F", "WBRI")


def test_what_a_person_wrote_is_kept_and_the_difference_is_listed_once(office):
    mia = a_child(office.ashcombe, number="0042", birth_date=date(2009, 5, 6))
    episode = an_episode(mia, date(2016, 6, 10), legal_status="C1", placement_type="U6")

    load = office.load(headers(MIA), episodes(MIA_IN_CARE))
    again = office.load(headers(MIA), episodes(MIA_IN_CARE))

    episode.refresh_from_db()
    assert (episode.legal_status, episode.source) == ("C1", "person")
    difference = Difference.unscoped.get()
    assert (difference.fact, difference.kept, difference.other) == (
        f"careepisode.{episode.pk}.legal_status",
        "C1",
        "C2",
    )
    assert load.problems.get(kind="difference").done.startswith("Kept the record's")
    assert again.would_change == 0
    # What the record did not say is filled all the same.
    assert Characteristics.unscoped.get().sex == "F"


def test_care_that_a_person_recorded_is_never_ended_by_silence(office):
    noah = a_child(office.ashcombe, "Noah Birch", number="0050")
    episode = an_episode(noah, date(2015, 1, 5))

    office.load(headers(MIA), episodes(MIA_IN_CARE))

    episode.refresh_from_db()
    assert episode.end is None
    assert Difference.unscoped.get(child=noah).other == "2016-04-01"


def test_an_open_episode_of_a_return_does_not_contradict_an_ending_after_its_year(office):
    office.load(headers(MIA), episodes(MIA_IN_CARE))
    episode = office.episode_of("0042")
    episode.end, episode.reason_ceased = date(2017, 6, 1), "E4A"
    write(episode)

    again = office.load(headers(MIA), episodes(MIA_IN_CARE))

    assert again.would_change == 0
    assert office.episode_of("0042").end == date(2017, 6, 1)


def test_an_older_return_after_a_newer_one_fills_what_is_empty_and_changes_nothing_else(office):
    newer = MIA_IN_CARE.replace("C2", "C1").replace("U6", "K2")
    next_year = "0043,10/06/2017,S,C2,N1,U6,PR1,,,,,,"
    office.load(headers(MIA.replace("WBRI", ""), "0043,1,01/02/2010,,,,"), episodes(newer, next_year))

    office.load(headers(MIA.replace(",2,", ",1,")), episodes(MIA_IN_CARE))

    episode = office.episode_of("0042")
    traits = Characteristics.unscoped.get(child=episode.child)
    assert (episode.legal_status, episode.placement.placement_type) == ("C1", "K2")
    assert (traits.sex, traits.ethnicity) == ("F", "WBRI")


def test_what_only_the_older_return_knew_ends_where_the_newer_begins(office):
    office.load(headers("0043,1,01/02/2010,,,,"), episodes(MIA_IN_CARE.replace("0042,10/06/2016", "0043,10/06/2017")))

    load = office.load(headers(MIA), episodes(MIA_IN_CARE))

    assert load.would_end == 0
    episode = office.episode_of("0042")
    assert (episode.end, episode.provisional_end) == (date(2017, 4, 1), True)
    assert office.roll(date(2017, 3, 31)).children == ["0042"]
    assert office.roll(NEXT_YEAR).children == ["0043"]


def test_a_questionnaire_is_one_a_year_and_a_contact_too(office):
    side = "CHILD,DOB,SDQ_SCORE,SDQ_REASON"
    contact = a_file("oc3.csv", "CHILD,DOB,IN_TOUCH,ACTIV,ACCOM", "0042,06/05/2009,YES,F1,B1")
    base = (headers(MIA), episodes(MIA_IN_CARE), contact)

    office.load(*base, a_file("oc2.csv", side, "0042,06/05/2009,12,"))
    office.load(*base, a_file("oc2.csv", side, "0042,06/05/2009,18,"))
    office.load(*base, a_file("oc2.csv", side, "0042,06/05/2009,18,"), as_at=NEXT_YEAR)

    scores = SDQScore.unscoped.order_by("start").values_list("start", "score")
    assert list(scores) == [(date(2017, 3, 31), 18), (date(2018, 3, 31), 18)]
    assert list(CareLeaverContact.unscoped.order_by("on").values_list("on", flat=True)) == [
        date(2017, 3, 31),
        NEXT_YEAR,
    ]


def test_a_planned_review_becomes_held_and_never_the_other_way(office):
    reviews = a_file("reviews.csv", "CHILD,DOB,REVIEW,REVIEW_CODE", "0042,06/05/2009,01/07/2017,PN1")
    base = (headers(MIA), episodes(MIA_IN_CARE), reviews)

    office.load(*base)
    assert Review.unscoped.get().held is False
    office.load(*base, as_at=NEXT_YEAR)
    assert Review.unscoped.get().held is True
    office.load(*base)
    assert Review.unscoped.get().held is True


def test_leaving_care_by_an_order_makes_a_child_previously_looked_after(office):
    office.load(headers(MIA), episodes(MIA_IN_CARE.replace("PR1,,,", "PR1,01/12/2016,E45,")))
    office.load(headers(MIA), episodes(MIA_IN_CARE.replace("PR1,,,", "PR1,01/12/2016,E45,")))

    status = Status.unscoped.get()
    assert (status.kind, status.start, status.end) == ("sgo", date(2016, 12, 1), None)


def test_a_new_home_keeps_the_mark_of_the_one_before(office):
    office.load(headers(MIA), episodes(MIA_IN_CARE))
    address = PlacementAddress.unscoped.get()
    address.disclosure, address.address = Disclosure.ONLY_NAMED_USERS, "4 Mill Lane"
    write(address)

    legal_status_only = "0042,01/09/2016,L,C1,N1,U6,PR1,,,,AB1 2DE,AB3 4EF,SC123456"
    office.load(headers(MIA), episodes(MIA_IN_CARE.replace("PR1,,,", "PR1,01/09/2016,X1,"), legal_status_only))

    later = PlacementAddress.unscoped.get(episode__start=date(2016, 9, 1))
    assert (later.disclosure, later.address, later.postcode) == (Disclosure.ONLY_NAMED_USERS, "4 Mill Lane", "AB3 4EF")


def test_a_home_lies_where_the_directory_says_and_is_not_known_without_one(office):
    office.load(headers(MIA), episodes(MIA_IN_CARE))
    assert EpisodePlacement.unscoped.get().area == "not_known"

    with change("test.set_up", actor=office.actor):
        Postcode.objects.create(postcode="AB12DE", la_code="999", easting=400000, northing=300000)
        Postcode.objects.create(postcode="AB56GH", la_code="998", easting=400000, northing=316093)
    office.load(headers(MIA), episodes(ENDED_TO_MOVE, MOVED))

    area = PlacementArea.unscoped.get()
    assert (area.la_code, str(area.distance_miles), area.episode.placement.area) == ("998", "10.0", "out")


def test_a_child_held_for_another_authority_becomes_our_own(office):
    a_child(office.ashcombe, number="0042", birth_date=date(2009, 5, 6), held_as=Child.HeldAs.ENQUIRY)

    office.load(headers(MIA), episodes(MIA_IN_CARE))

    assert Child.unscoped.get().held_as == Child.HeldAs.OWN


def test_the_number_of_a_merged_record_is_the_childs_number_too(office):
    mia = a_child(office.ashcombe, number="0077", birth_date=date(2009, 5, 6))
    a_child(office.ashcombe, "Mia Doyle", number="0042", birth_date=date(2009, 5, 6), merged_into=mia)

    office.load(headers(MIA), episodes(MIA_IN_CARE))

    assert CareEpisode.unscoped.get().child == mia
    assert Child.unscoped.count() == 2


def test_the_words_of_a_load_are_kept_with_it(office):
    load = office.load(headers(MIA), episodes(MIA_IN_CARE))

    assert load.state == Import.State.APPLIED
    assert load.summary == "The roll on 31 March 2017 goes from 0 to 1 child."
    assert load.sentence("came")["did"] == "child came onto the roll"


@pytest.mark.parametrize("day", [date(2016, 4, 1), date(2017, 3, 31)])
def test_any_day_of_the_year_names_the_year(office, day):
    import_ = office.check(headers(MIA), episodes(MIA_IN_CARE), as_at=day)

    assert (import_.speaks_from, import_.speaks_to) == (date(2016, 4, 1), date(2017, 3, 31))
