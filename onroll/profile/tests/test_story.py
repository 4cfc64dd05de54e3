"""The story of a child in sentences and lanes."""

from datetime import date

from django.utils.html import strip_tags

from onroll.access.roles import Role
from onroll.children.models import (
    CareLeaverContact,
    CharacteristicSpell,
    EHCPlan,
    FormerName,
    MissingEpisode,
    Review,
    SchoolPlace,
    SDQScore,
    SENProvision,
    Status,
)
from onroll.children.tests.scene import a_child, a_place, a_school, an_allocation, an_episode, write
from onroll.profile.record import Record
from onroll.profile.story import Story

from .conftest import TODAY, a_home, of


def told(cast, child, role=Role.VSH, day=TODAY):
    """What happened, as "day: sentence", newest first."""
    story = Story(Record(child, cast.actor(role), day))
    return [f"{each.on.isoformat()}: {strip_tags(str(each.words))}" for each in story.happenings]


def lanes(cast, child, role=Role.VSH):
    return {
        lane.name: [(bar.label, bar.start, bar.end, bar.gap) for bar in lane.bars]
        for lane in Story(Record(child, cast.actor(role), TODAY)).lanes
    }


def test_the_whole_story_of_mia_newest_first(cast):
    assert told(cast, cast.mia) == [
        "2026-03-27: The virtual school was told: "
        "Mia is to move home and school to Wexcombe High School on 4 May 2026.",
        "2025-10-06: Care review: Mia came and spoke.",
        "2025-09-30: SDQ score 12, down from 19. In the normal band.",
        "2025-02-10: Started at Fernhill Academy, Year 7, full time, after 5 school days with no place.",
        "2025-02-03: Left Wexcombe High School: unplanned move.",
        "2025-01-20: Moved home to a children’s home outside Ashcombe. 2nd home.",
        "2025-01-20: Tom Adeyemi became social worker.",
        "2025-01-20: Priya Raman became education adviser.",
        "2025-01-20: Sam Iro became independent reviewing officer.",
        "2024-11-02: Missing from care for 2 days.",
        "2024-09-30: SDQ score 19. In the cause for concern band.",
        "2024-09-03: Started at Wexcombe High School, Year 7.",
        "2024-07-24: Left Canary Primary: normal age of transfer.",
        "2023-01-10: SEN support began.",
        "2023-01-10: Main need recorded: Social, emotional and mental health.",
        "2022-12-10: EHC plan ceased.",
        "2022-03-15: Legal status became full care order.",
        "2022-01-10: EHC plan issued.",
        "2021-09-01: Free school meals: yes.",
        "2021-06-18: Came into care under an interim care order, with foster carers in Ashcombe.",
        "2021-06-18: No longer: previously looked after: special guardianship order.",
        "2019-05-01: Name changed. Was Amelia Canaryformer until then.",
        "2019-01-01: Previously looked after: special guardianship order.",
        "2018-09-03: Started at Canary Primary, Year 1.",
    ]


def test_a_school_is_told_its_own_period_and_no_care(cast):
    assert told(cast, cast.mia, Role.DESIGNATED_TEACHER) == [
        "2025-02-10: Started at Fernhill Academy, Year 7, full time.",
        "2025-01-20: Tom Adeyemi became social worker.",
        "2025-01-20: Priya Raman became education adviser.",
        "2025-01-20: Sam Iro became independent reviewing officer.",
        "2023-01-10: SEN support began.",
        "2023-01-10: Main need recorded: Social, emotional and mental health.",
        "2022-12-10: EHC plan ceased.",
        "2022-01-10: EHC plan issued.",
        "2021-09-01: Free school meals: yes.",
    ]


def test_the_lanes_hold_the_same_facts(cast):
    found = lanes(cast, cast.mia)

    assert list(found) == ["Care", "Home", "School", "SEN"]
    assert found["Care"] == [
        ("Interim care order", date(2021, 6, 18), date(2022, 3, 15), False),
        ("Full care order", date(2022, 3, 15), None, False),
    ]
    assert found["Home"] == [
        ("Foster carers, Ashcombe", date(2021, 6, 18), date(2025, 1, 20), False),
        ("A children’s home, outside Ashcombe", date(2025, 1, 20), None, False),
    ]
    assert found["School"][2] == ("5 school days with no place", date(2025, 2, 3), date(2025, 2, 10), True)
    assert found["SEN"] == [("SEN support: social, emotional and mental health", date(2023, 1, 10), None, False)]


def test_a_school_sees_the_month_care_began_and_no_homes(cast):
    found = lanes(cast, cast.mia, Role.DESIGNATED_TEACHER)

    assert list(found) == ["Care", "School", "SEN"]
    assert found["Care"] == [("Looked after", date(2021, 6, 1), None, False)]
    assert [label for label, *_ in found["School"]] == ["Fernhill Academy"]


def test_a_carer_sees_their_own_home_and_none_before(cast):
    assert [label for label, *_ in lanes(cast, cast.mia, Role.CARER)["Home"]] == ["A children’s home, outside Ashcombe"]


def test_who_may_not_know_the_area_is_not_told_it_in_any_sentence(cast):
    child = a_child(cast.ashcombe, "Noah Birch")
    episode = an_episode(child, date(2024, 1, 8))
    a_home(episode, "5 Mill Road", "AS1 2BB", area="out", mark="only_named_users")

    assert told(cast, child, Role.VSH) == ["2024-01-08: Came into care under a full care order, with foster carers."]


def test_days_without_a_place_are_counted_by_the_calendar_and_go_on_until_today(cast):
    child = a_child(cast.ashcombe, "Tyler Voss", birth_date=date(2012, 2, 2))
    an_episode(child, date(2022, 1, 10))
    a_place(child, a_school(), date(2023, 9, 4), end=date(2026, 3, 23), leaving_reason="excluded")

    assert told(cast, child)[0] == "2026-03-23: Left Hillside: excluded. 5 school days with no place since."


def test_the_summer_between_two_schools_is_no_gap(cast):
    child = a_child(cast.ashcombe, "Ava Thornley", birth_date=date(2014, 2, 2))
    an_episode(child, date(2022, 1, 10))
    a_place(child, a_school("Larkfield"), date(2021, 9, 1), end=date(2025, 7, 24))
    a_place(child, a_school("Castle Road"), date(2025, 9, 1))

    assert not Story(Record(child, cast.actor(Role.VSH))).gaps


def test_a_child_below_school_age_has_no_gap(cast):
    child = a_child(cast.ashcombe, "Ava Thornley", birth_date=date(2023, 2, 2))
    an_episode(child, date(2025, 1, 10))
    a_place(child, a_school("Little Larks", phase="early_years"), date(2025, 9, 1), end=date(2026, 1, 12))

    assert not Story(Record(child, cast.actor(Role.VSH))).gaps


def test_a_gap_before_the_calendar_begins_is_told_in_plain_time(cast):
    child = a_child(cast.ashcombe, "Leila Haddad", birth_date=date(2003, 2, 2))
    an_episode(child, date(2012, 1, 10))
    a_place(child, a_school("Larkfield"), date(2010, 9, 1), end=date(2014, 10, 1))
    a_place(child, a_school("Castle Road"), date(2014, 12, 1))

    assert [gap.words for gap in Story(Record(child, cast.actor(Role.VSH))).gaps] == ["2 months with no place"]


def test_a_short_stay_is_told_and_is_no_home(cast):
    child = a_child(cast.ashcombe, "Noah Birch")
    an_episode(child, date(2024, 1, 8), end=date(2024, 5, 1), reason_ceased="X1")
    an_episode(child, date(2024, 5, 1), end=date(2024, 5, 6), reason_new="P", placement_type="T1", reason_ceased="X1")
    an_episode(child, date(2024, 5, 6), reason_new="P")

    sentences = told(cast, child)

    assert "2024-05-01: Stayed elsewhere for 5 days: temporary period in hospital." in sentences
    assert not [sentence for sentence in sentences if "2nd home" in sentence]
    assert len(lanes(cast, child)["Home"]) == 1


def test_how_care_ended_is_told_in_words_that_may_be_read_one_day(cast):
    child = a_child(cast.ashcombe, "Noah Birch")
    an_episode(child, date(2020, 1, 8), end=date(2024, 5, 1), reason_ceased="E45")

    assert told(cast, child)[0] == "2024-05-01: Left care: a special guardianship order was made."


def test_every_other_kind_of_fact_has_its_sentence(cast):
    child = a_child(cast.ashcombe, "Sam Reed", birth_date=date(2008, 5, 5))
    of(child, EHCPlan, start=date(2020, 1, 1))
    of(child, SENProvision, value="K", start=date(2018, 6, 1), end=date(2019, 1, 1))
    of(child, SENProvision, value="N", start=date(2019, 1, 1))
    of(child, SDQScore, reason="SDQ2", start=date(2021, 1, 1))
    of(child, Review, on=date(2022, 1, 1), participation="PN7")
    of(child, MissingEpisode, kind="A", start=date(2026, 3, 30))
    of(child, Status, kind="care_leaver", start=date(2026, 3, 1))
    of(child, FormerName, given_name="Samuel", family_name="Rush", end=date(2018, 1, 1))
    of(child, CareLeaverContact, on=date(2026, 3, 31), in_touch="YES", activity="F2", accommodation="B1")
    write(SchoolPlace(authority_id=child.authority_id, child=child, kind="awaiting", start=date(2025, 1, 1)))
    a_place(child, a_school("Step Forward"), date(2025, 2, 1), kind="ap", hours_per_week=12.5, full_time_hours=25)
    a_place(child, a_school("Castle College"), date(2025, 3, 1), follows_closure=True)

    sentences = "\n".join(told(cast, child))

    for words in (
        "2020-01-01: EHC plan issued.",
        "2019-01-01: No special educational need.",
        "2021-01-01: No SDQ score: carer refused to complete or return.",
        "2022-01-01: Care review: Sam did not come, and no views were passed on.",
        "2026-03-30: Away from home without agreement, not yet back.",
        "2026-03-01: Care leaver.",
        "2018-01-01: Name changed. Was Samuel Rush until then.",
        "2025-01-01: Began to wait for a school place.",
        "2025-02-01: Started alternative provision at Step Forward, Year 12, 12.5 of 25 hours a week.",
        "2025-03-01: Passed on to Castle College when the school before it closed.",
    ):
        assert words in sentences, words
    assert "2026-03-31: Care leaver: " in sentences


def test_what_was_never_there_is_no_event_and_a_plan_is_told_once(cast):
    child = a_child(cast.ashcombe, "Sam Reed")
    of(child, SENProvision, value="N", start=date(2018, 9, 1), end=date(2020, 1, 1))
    of(child, CharacteristicSpell, kind="eal", value="No", start=date(2018, 9, 1))
    of(child, SENProvision, value="E", start=date(2020, 1, 1))
    of(child, EHCPlan, start=date(2020, 1, 1))

    assert told(cast, child) == ["2020-01-01: EHC plan issued."]


def test_what_is_to_come_is_not_told_as_if_it_had_happened(cast):
    child = a_child(cast.ashcombe, "Ava Thornley")
    a_place(child, a_school("Castle Road"), date(2026, 9, 1))
    an_allocation(child, cast.account(Role.IRO), Role.IRO, date(2026, 5, 1))

    assert told(cast, child) == []


def test_the_description_of_the_picture_says_what_it_shows(cast):
    assert Story(Record(cast.mia, cast.actor(Role.VSH), TODAY)).description == (
        "Came into care in June 2021. 2 homes and 3 schools. 5 school days with no place from February 2025. "
        "The same facts are in the list below."
    )
