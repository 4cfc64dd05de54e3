"""A whole-roll list keeps the roll live: who came, who moved, who is missing, and nothing that nobody said."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from onroll.access.roles import Role
from onroll.authorities.models import Postcode
from onroll.children.models import (
    Allocation,
    Characteristics,
    Child,
    Difference,
    FormerName,
    Identifiers,
    PlacementAddress,
    PlacementArea,
    Review,
    SchoolPlace,
    Status,
)
from onroll.children.tests.scene import a_child, a_person, a_place, a_school, an_allocation, an_episode, write
from onroll.children.visibility import reach
from onroll.exchange.problems import Refused, Unreadable
from onroll.exchange.sheets import NeedsMatching

from .conftest import TODAY, a_row

A_WEEK_AGO = TODAY - timedelta(days=7)


def in_short(episodes):
    return [
        (e.start.isoformat(), e.end.isoformat() if e.end else "", e.reason_new, e.legal_status, e.reason_ceased)
        for e in episodes
    ]


# A child who is new


def test_a_new_child_comes_onto_the_roll_with_all_that_the_list_says(office, people, schools):
    import_ = office.load(
        a_row(
            known_as="Mimi",
            ethnicity="WBRI - White British",
            upn="H801200001001",
            disability="No",
            uasc="N",
            postcode="ab1 2de",
            address="4 Elm Row",
            la_code="Wolverhampton",
            ofsted_urn="SC123456",
            social_worker="Adeyemi, Tom",
            iro=people.iris.email,
            school="St Mary’s Church of England Riverside",
            school_start="02/09/2025",
            last_review="01/07/2026",
            next_review="05/01/2027",
        )
    )

    child = office.child()
    assert (child.given_name, child.family_name, child.known_as, child.source) == ("Mia", "Dawson", "Mimi", "list")
    assert child.search_words == "mia dawson mimi"
    traits = Characteristics.unscoped.get(child=child)
    assert (traits.sex, traits.ethnicity, traits.disability, traits.uasc) == ("F", "WBRI", False, False)
    assert Identifiers.unscoped.get(child=child).upn == "H801200001001"
    assert in_short(office.episodes()) == [("2022-06-01", "", "S", "C2", "")]
    home = office.episodes()[0].placement
    assert (home.placement_type, home.provider, home.ofsted_urn, home.area) == ("U6", "PR1", "SC123456", "out")
    address = PlacementAddress.unscoped.get(child=child)
    assert (address.postcode, address.address, address.disclosure) == ("AB1 2DE", "4 Elm Row", "not_to_family")
    assert PlacementArea.unscoped.get(child=child).la_code == "336"
    assert set(Allocation.unscoped.values_list("account", "role", "start")) == {
        (people.tom.pk, Role.SOCIAL_WORKER, TODAY),
        (people.iris.pk, Role.IRO, TODAY),
    }
    place = SchoolPlace.unscoped.get(child=child)
    assert (place.school, place.start, place.kind) == (schools.riverside, date(2025, 9, 2), "main")
    assert set(Review.unscoped.values_list("on", "held")) == {(date(2026, 7, 1), True), (date(2027, 1, 5), False)}
    assert office.roll().children == ["0042"]
    assert import_.sentence("came")["children"] == ["0042"]
    assert import_.summary == "The roll on 13 November 2026 (today, as no day was given) goes from 0 to 1 children."
    assert import_.problem_count == 0


def test_where_a_new_child_lived_before_the_present_home_is_not_known(office):
    office.load(a_row(placement_start="01/03/2025"))

    assert in_short(office.episodes()) == [
        ("2022-06-01", "2025-03-01", "S", "C2", "X1"),
        ("2025-03-01", "", "P", "C2", ""),
    ]
    assert [e.placement.placement_type for e in office.episodes()] == ["", "U6"]


def test_a_child_with_only_short_breaks_is_held_and_not_on_the_roll(office):
    import_ = office.load(a_row(legal_status="V4"))

    assert (office.roll().count, office.roll().short_breaks) == (0, 1)
    assert import_.sentence("held")["children"] == ["0042"]


# A child who is held


@pytest.fixture
def mia(office):
    child = a_child(office.ashcombe, number="0042")
    an_episode(child)
    return child


def test_an_empty_cell_says_nothing_and_a_known_answer_stays(office, mia):
    office.load(a_row(upn="H801200001001", ethnicity="WBRI"))

    again = office.load(a_row(upn="UN1", ethnicity="NOBT", sex="Unknown", family_name=""), as_at=TODAY)

    assert again.would_change == 0
    assert Identifiers.unscoped.get().upn == "H801200001001"


def test_a_more_trusted_source_is_not_overruled_but_put_to_settle(office, mia):
    import_ = office.load(a_row(family_name="Marsh", birth_date="07/05/2014"))

    mia.refresh_from_db()
    assert (mia.family_name, mia.birth_date) == ("Dawson", date(2014, 5, 6))
    assert {d.other for d in Difference.unscoped.all()} == {"Marsh", "2014-05-07"}
    assert set(import_.problems.values_list("kind", flat=True)) == {"difference"}


def test_a_new_name_from_a_trusted_list_leaves_the_former_one(office):
    office.load(a_row(), as_at=A_WEEK_AGO)

    office.load(a_row(family_name="MARSH"))
    office.load(a_row(family_name="Marsh"))

    former = FormerName.unscoped.get()
    assert (former.family_name, former.end) == ("Dawson", TODAY)
    assert office.child().search_words == "mia marsh"


@pytest.mark.parametrize(("given", "on"), [("02/11/2026", date(2026, 11, 2)), ("", TODAY)])
def test_another_legal_status_ends_the_episode_and_begins_the_next(office, mia, given, on):
    import_ = office.load(a_row(legal_status="E1", legal_status_on=given))

    assert in_short(office.episodes()) == [
        ("2022-06-01", on.isoformat(), "S", "C2", "X1"),
        (on.isoformat(), "", "L", "E1", ""),
    ]
    assert [e.placement.placement_type for e in office.episodes()] == ["U6", "U6"]
    assert import_.sentence("legal_status")["children"] == ["0042"]
    assert import_.sentence("moved")["count"] == 0


def test_another_home_is_a_move_that_keeps_the_mark_and_the_family_home(office, mia):
    (episode,) = office.episodes()
    write(
        PlacementAddress(
            authority=office.ashcombe,
            child=mia,
            episode=episode,
            postcode="ZZ9 9ZZ",
            home_postcode="ZZ5 5ZZ",
            disclosure="only_named_users",
        )
    )

    import_ = office.load(a_row(placement_type="K2", postcode="ZZ1 1ZZ", placement_start="05/11/2026"))

    assert in_short(office.episodes()) == [
        ("2022-06-01", "2026-11-05", "S", "C2", "X1"),
        ("2026-11-05", "", "P", "C2", ""),
    ]
    address = PlacementAddress.unscoped.get(episode=office.episodes()[1])
    assert (address.postcode, address.home_postcode, address.disclosure) == ("ZZ1 1ZZ", "ZZ5 5ZZ", "only_named_users")
    assert import_.sentence("moved")["children"] == ["0042"]


def test_home_and_legal_status_on_one_day_are_one_new_episode(office, mia):
    office.load(a_row(legal_status="E1", legal_status_on="05/11/2026", placement_type="A6"))

    assert in_short(office.episodes())[1:] == [("2026-11-05", "", "B", "E1", "")]


def test_home_and_legal_status_on_two_days_are_two_new_episodes(office, mia):
    office.load(
        a_row(legal_status="E1", legal_status_on="05/11/2026", placement_type="A6", placement_start="09/11/2026")
    )

    assert in_short(office.episodes())[1:] == [
        ("2026-11-05", "2026-11-09", "L", "E1", "X1"),
        ("2026-11-09", "", "P", "E1", ""),
    ]
    assert [e.placement.placement_type for e in office.episodes()] == ["U6", "U6", "A6"]


def test_what_held_before_the_open_episode_is_a_disagreement_and_no_move(office, mia):
    office.load(a_row(placement_type="U4", placement_start="01/01/2022"))

    assert [e.placement.placement_type for e in office.episodes()] == ["U6"]
    assert {d.other for d in Difference.unscoped.all()} == {"U4"}


def test_a_list_that_is_late_does_not_undo_a_persons_word(office, mia):
    (first,) = office.episodes()
    first.end, first.reason_ceased = TODAY - timedelta(days=2), "X1"
    write(first)
    an_episode(mia, TODAY - timedelta(days=2), reason_new="P", placement_type="K2")

    office.load(a_row())

    assert [e.placement.placement_type for e in office.episodes()] == ["U6", "K2"]
    assert {d.other for d in Difference.unscoped.all()} == {"U6"}


def test_a_child_who_comes_back_into_care_has_a_new_period(office):
    child = a_child(office.ashcombe, number="0042")
    an_episode(child, end=date(2024, 1, 1))

    import_ = office.load(a_row(care_start="02/11/2026", legal_status="V2", placement_type="U5"))

    assert in_short(office.episodes())[1:] == [("2026-11-02", "", "S", "V2", "")]
    assert import_.sentence("came")["children"] == ["0042"]


def test_an_end_that_was_stated_is_put_to_settle_and_not_undone(office):
    child = a_child(office.ashcombe, number="0042")
    an_episode(child, end=date(2026, 11, 1))

    office.load(a_row())

    assert office.roll().count == 0
    assert (Difference.unscoped.get().kept, Difference.unscoped.get().other) == ("2026-11-01", "")


def test_short_breaks_give_way_to_being_looked_after(office):
    child = a_child(office.ashcombe, number="0042")
    an_episode(child, legal_status="V4")

    office.load(a_row(care_start="02/11/2026"))

    assert in_short(office.episodes()) == [
        ("2022-06-01", "2026-11-02", "S", "V4", "X1"),
        ("2026-11-02", "", "S", "C2", ""),
    ]
    assert Difference.unscoped.count() == 0


def test_care_that_the_list_says_is_over_ends_without_confirming(office, mia):
    import_ = office.load(a_row(care_end="10/11/2026", reason_ceased="E45"))

    assert in_short(office.episodes()) == [("2022-06-01", "2026-11-10", "S", "C2", "E45")]
    assert import_.sentence("left")["children"] == ["0042"]
    assert Status.unscoped.get().kind == "sgo"
    assert office.check(a_row(care_end="10/11/2026", reason_ceased="E45")).would_change == 0


# Missing from the list


def test_a_child_left_out_would_end_and_needs_confirming(office, mia):
    other = a_row("0043", given_name="Noah")

    assert office.why_not(other).startswith("This file would end 1 fact only by leaving them out.")
    with pytest.raises(Refused):
        office.load(other)
    assert office.roll().count == 1

    import_ = office.load(other, confirm_endings=True)

    (episode,) = office.episodes()
    assert (episode.end, episode.provisional_end, episode.reason_ceased) == (TODAY, True, "")
    assert import_.share_ended == 1.0
    assert import_.asks_twice
    assert office.roll().children == ["0043"]
    assert office.check(other).would_change == 0


def test_the_provisional_end_is_the_day_after_the_last_list_that_held_the_child(office):
    noah = a_row("0043", given_name="Noah")
    office.load(a_row(), noah, as_at=A_WEEK_AGO - timedelta(days=7))
    office.load(a_row(), noah, as_at=A_WEEK_AGO)

    office.load(noah, confirm_endings=True)

    assert office.episodes()[0].end == A_WEEK_AGO + timedelta(days=1)


def test_a_child_who_is_on_the_list_again_was_in_care_all_along(office):
    noah = a_row("0043", given_name="Noah")
    office.load(a_row(), noah, as_at=A_WEEK_AGO - timedelta(days=7))
    office.load(noah, as_at=A_WEEK_AGO, confirm_endings=True)
    assert office.roll().awaiting_a_real_end == 1

    import_ = office.load(a_row(), noah)

    assert in_short(office.episodes()) == [("2022-06-01", "", "S", "C2", "")]
    assert import_.sentence("reopened")["children"] == ["0042"]
    assert import_.sentence("came")["count"] == 0


def test_a_part_ends_nothing(office, mia):
    office.load(a_row("0043", given_name="Noah"), part=True)

    assert office.roll().count == 2


def test_only_the_roll_can_be_missing(office):
    an_episode(a_child(office.ashcombe, number="1"), legal_status="V4")
    an_episode(a_child(office.ashcombe, number="2", held_as="other_authority"))

    assert office.check(a_row()).would_end == 0


@pytest.mark.parametrize(
    ("cells", "wrong"),
    [
        ({"care_start": ""}, "There is no first day of care."),
        ({"care_start": "31/02/2026"}, "not a day of the calendar"),
        ({"legal_status": "Q7"}, "is not a code for a legal status"),
        ({"birth_date": "soon"}, "is not a day"),
        ({"care_start": "01/06/2013"}, "before the date of birth"),
        ({"care_start": "20/11/2026"}, "after the day of the list"),
    ],
)
def test_a_row_that_cannot_be_read_leaves_the_child_out_who_is_not_missing_then(office, mia, cells, wrong):
    import_ = office.check(a_row(**cells), a_row("0043", given_name="Noah"))

    (problem,) = import_.problems.all()
    assert (problem.grade, problem.line, problem.number) == ("left_out", 2, "0042")
    assert wrong in problem.wrong
    assert import_.would_end == 0
    assert import_.sentence("came")["children"] == ["0043"]
    assert import_.sentence("not_matched")["children"] == ["0042"]


def test_a_row_whose_number_a_spreadsheet_spoiled_may_be_about_a_child_who_seems_missing(office, mia):
    import_ = office.check(a_row("4.2E+01"), a_row("0043", given_name="Noah"))

    assert import_.would_end == 0
    assert import_.problems.get().kind == "no_child"


def test_two_rows_that_disagree_leave_the_child_out(office, mia):
    import_ = office.check(a_row(), a_row(legal_status="C1"), a_row("0043"), a_row("0043"))

    assert import_.would_end == 0
    assert sorted(import_.problems.values_list("kind", "line")) == [("duplicate", 5), ("two_rows", 2), ("two_rows", 3)]
    assert import_.sentence("came")["children"] == ["0043"]


def test_a_new_child_needs_a_date_of_birth(office):
    import_ = office.check(a_row(birth_date=""))

    assert import_.would_change == 0
    assert "no date of birth" in import_.problems.get().wrong


def test_a_cell_that_need_not_be_there_is_noted_and_left_empty(office):
    import_ = office.load(a_row(placement_type="Foster", ethnicity="Martian", upn="nonsense", postcode="Elm Row"))

    assert set(import_.problems.values_list("grade", flat=True)) == {"noted"}
    assert office.episodes()[0].placement.placement_type == ""
    assert not any("Elm" in problem.wrong for problem in import_.problems.all())


def test_a_sheet_without_the_needed_columns_asks_to_match_them(office):
    with pytest.raises(NeedsMatching, match="Legal status"):
        office.check({"child_id": "1", "care_start": "01/01/2020"})
    with pytest.raises(Unreadable, match="no row"):
        office.check()


# School and people


def test_another_school_ends_the_place_and_starts_the_next(office, mia, schools):
    a_place(mia, schools.hillside)

    import_ = office.load(a_row(school=schools.riverside.urn, school_start="02/11/2026"))

    assert list(SchoolPlace.unscoped.order_by("start").values_list("school", "start", "end")) == [
        (schools.hillside.pk, date(2024, 9, 3), date(2026, 11, 2)),
        (schools.riverside.pk, date(2026, 11, 2), None),
    ]
    assert import_.sentence("school")["children"] == ["0042"]


def test_a_school_or_person_nobody_knows_is_noted_and_left(office, mia, schools, people):
    a_place(mia, schools.hillside)
    a_school("Hillside School")
    an_allocation(mia, people.tom, Role.SOCIAL_WORKER)

    import_ = office.load(a_row(school="Hillside School", social_worker="Nobody Known", iro="Iris  noor"))

    assert sorted(import_.problems.values_list("kind", flat=True)) == ["person", "school"]
    assert SchoolPlace.unscoped.get().end is None
    assert set(Allocation.unscoped.values_list("account", "end")) == {(people.tom.pk, None), (people.iris.pk, None)}


def test_another_social_worker_ends_the_allocation_and_starts_the_next(office, mia, people):
    an_allocation(mia, people.tom, Role.SOCIAL_WORKER)

    office.load(a_row(social_worker="ann lee"))

    assert set(Allocation.unscoped.values_list("account", "start", "end")) == {
        (people.tom.pk, date(2025, 1, 6), TODAY),
        (people.ann.pk, TODAY, None),
    }


def test_a_planned_review_moves_and_is_then_held(office):
    office.load(a_row(next_review="12/11/2026"), as_at=A_WEEK_AGO)
    office.load(a_row(next_review="13/11/2026"), as_at=A_WEEK_AGO)

    office.load(a_row(last_review="13/11/2026", next_review="01/05/2027"))

    assert set(Review.unscoped.values_list("on", "held")) == {(date(2026, 11, 13), True), (date(2027, 5, 1), False)}


def test_the_directory_says_where_a_home_lies(office, mia):
    write(Postcode(postcode="ZZ11ZZ", la_code="336", easting=400000, northing=300000))

    office.load(a_row(postcode="ZZ1 1ZZ"))

    assert office.episodes()[0].placement.area == "out"
    assert PlacementArea.unscoped.get().la_stated is False


# The order of lists, twice, and back


def test_an_older_list_changes_nothing_that_a_newer_one_said(office):
    office.load(a_row(legal_status="E1", placement_type="A6"), a_row("0043", given_name="Noah"))
    before = office.export()

    import_ = office.load(
        a_row(legal_status="C2", family_name="Marsh", upn="H801200001001"),
        a_row("0044", given_name="Zara"),
        as_at=A_WEEK_AGO,
    )

    assert import_.sentence("older")["children"] == ["0042"]
    assert import_.sentence("older")["small"].startswith("a list of 13 November 2026 has been loaded")
    after = office.export()
    assert after["children.csv"].replace("0042,H801200001001", "0042,").startswith(before["children.csv"])
    zara = office.episodes("0044")[0]
    assert (zara.end, zara.provisional_end) == (A_WEEK_AGO + timedelta(days=1), True)
    assert office.roll().children == ["0042", "0043"]
    assert office.roll(A_WEEK_AGO).children == ["0042", "0043", "0044"]


def test_a_long_list_is_previewed_with_as_many_queries_as_a_short_one(office, django_assert_max_num_queries):
    rows = [
        a_row(f"{n:05}", birth_date=f"{n % 28 + 1:02}/05/2014", postcode="ZZ1 1ZZ", school="Nowhere School")
        for n in range(500)
    ]
    office.load(*rows, as_at=A_WEEK_AGO)
    moved = [row | {"placement_type": "K2", "legal_status": "E1", "postcode": "ZZ2 2ZZ"} for row in rows]

    with django_assert_max_num_queries(40):
        import_ = office.check(*moved)

    assert import_.sentence("moved")["count"] == 500
    assert Child.unscoped.count() == 500


# What rests on the home


@pytest.mark.proves("ACC-4")
def test_a_home_that_a_list_ends_closes_the_record_to_the_carers_there_and_undoing_opens_it(office, mia):
    jean, carer = a_person(office.ashcombe, Role.CARER, "Jean Hollis")
    link = an_allocation(mia, jean, Role.CARER)
    carer = replace(carer, today=TODAY)

    import_ = office.load(a_row(placement_type="K2", provider="PR4", placement_start="02/11/2026"))

    link.refresh_from_db()
    assert (link.end, import_.sentence("carers")["count"]) == (date(2026, 11, 2), 1)
    assert not reach(carer).exists()
    assert office.load(a_row(placement_type="K2", provider="PR4", placement_start="02/11/2026")).would_change == 0
    office.undo(import_)
    link.refresh_from_db()
    assert link.end is None
    assert list(reach(carer)) == [mia]


def test_a_list_with_the_same_home_or_of_a_child_who_left_ends_what_it_should(office, mia):
    link = an_allocation(mia, a_person(office.ashcombe, Role.CARER, "Jean Hollis")[0], Role.CARER)

    office.load(a_row(legal_status="C1", legal_status_on="05/10/2026"), as_at=A_WEEK_AGO)
    link.refresh_from_db()
    assert link.end is None

    office.load(a_row(legal_status="C1", care_end="10/11/2026", reason_ceased="E4A"))
    link.refresh_from_db()
    assert link.end == date(2026, 11, 10)
