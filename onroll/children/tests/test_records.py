"""The gate of every kind of record: in lists by `visible_to`, of one child by `of`, and never outside the authority."""

from datetime import date, timedelta

import pytest
from django.db.models import DateField, Value

from onroll.access import scope
from onroll.access.roles import Role
from onroll.access.sections import Section
from onroll.children.models import Characteristics, Child, Identifiers, SchoolPlace
from onroll.children.records import ends_after_it_starts, holds_on

from .scene import TODAY, a_child, a_place, an_actor, an_allocation, an_authority

DAY = timedelta(days=1)


@pytest.fixture
def leo(cast) -> Child:
    """A child of the same authority to whom nobody has a link."""
    return a_child(cast.ashcombe, "Leo Holt")


def of_whom(rows) -> set[str]:
    return {row.child.given_name for row in rows}


def test_a_list_holds_the_rows_of_children_in_reach_whose_section_the_role_reads(cast, leo):
    an_allocation(cast.mia, cast.sam, Role.SOCIAL_WORKER)
    a_place(cast.mia, cast.hillside)

    assert of_whom(Identifiers.visible_to(cast.head)) == {"Mia", "Leo"}
    assert of_whom(Identifiers.visible_to(cast.social_worker)) == {"Mia"}
    assert of_whom(Identifiers.visible_to(cast.teacher)) == set()
    assert of_whom(Identifiers.visible_to(cast.teacher, Section.BASICS)) == {"Mia"}
    assert of_whom(Characteristics.visible_to(cast.head, Section.SEALED)) == set()


def test_of_a_child_there_are_the_childs_rows_if_the_role_reads_their_section(cast, leo):
    zed = a_child(an_authority("998", "Castlebury"), "Zed Elsewhere")

    assert of_whom(Identifiers.of(cast.mia, cast.head)) == {"Mia"}
    assert of_whom(Identifiers.of(cast.mia, cast.teacher)) == set()
    assert of_whom(Identifiers.of(cast.mia, cast.teacher, section=Section.BASICS)) == {"Mia"}
    assert of_whom(Identifiers.of(cast.mia, cast.head, section=Section.SEALED)) == set()
    assert of_whom(Identifiers.of(zed, cast.head)) == set()


def test_a_school_reads_the_places_at_itself_alone_in_a_list_and_of_a_child(cast):
    here, there = a_place(cast.mia, cast.hillside), a_place(cast.mia, cast.fernhill, kind=SchoolPlace.Kind.SUBSIDIARY)

    for rows in (SchoolPlace.visible_to(cast.teacher), SchoolPlace.of(cast.mia, cast.teacher)):
        assert list(rows) == [here]
    assert set(SchoolPlace.of(cast.mia, cast.head)) == {here, there}


def test_nothing_is_read_for_an_authority_that_was_not_entered(cast):
    with scope.nowhere():
        for ask in (Identifiers.visible_to, lambda actor: Identifiers.of(cast.mia, actor)):
            with pytest.raises(scope.OutsideAuthority):
                ask(cast.head)


@pytest.mark.parametrize(
    ("start", "end", "holds"),
    [
        (TODAY, None, True),
        (TODAY - DAY, TODAY + DAY, True),
        (TODAY - DAY, TODAY, False),
        (TODAY, TODAY, False),
        (TODAY + DAY, None, False),
        (TODAY + DAY, TODAY + DAY, False),
    ],
)
def test_a_spell_holds_from_its_first_day_to_the_day_before_its_end(cast, start: date, end: date | None, holds):
    place = a_place(cast.mia, cast.hillside, start=start, end=end)

    assert place.holds_on(TODAY) == holds
    assert SchoolPlace.unscoped.on(TODAY).exists() == holds
    assert SchoolPlace.unscoped.filter(holds_on(TODAY)).exists() == holds


def test_a_spell_ends_on_the_day_it_starts_or_later_or_not_yet(db):
    condition = ends_after_it_starts("a_spell").condition

    def may_end(end: date | None) -> bool:
        return condition.check({name: Value(day, DateField()) for name, day in (("start", TODAY), ("end", end))})

    assert [may_end(end) for end in (None, TODAY, TODAY - DAY)] == [True, True, False]


def test_who_finds_nobody_reads_nothing(cast):
    assert not Identifiers.visible_to(an_actor(cast.ashcombe, Role.ADMINISTRATOR), Section.BASICS).exists()
