"""The database itself keeps main school places and social workers of a child apart, whoever writes and however."""

from datetime import date
from threading import Barrier, Thread

import pytest
from django.db import connection

from onroll.access.actors import Actor
from onroll.access.roles import Role
from onroll.children.models import Allocation, SchoolPlace
from onroll.history.changes import Overlap, change
from onroll.people.models import Post

from .scene import TODAY, a_child, a_person, a_place, a_school, an_allocation, an_authority

pytestmark = pytest.mark.django_db

SETTING_UP = Actor.command_line(0, today=TODAY, user="test")


@pytest.fixture
def ashcombe():
    return an_authority()


@pytest.fixture
def mia(ashcombe):
    return a_child(ashcombe)


def test_a_child_has_one_main_school_on_any_day(mia):
    a_place(mia, a_school(), date(2024, 9, 3), end=date(2025, 7, 20))

    a_place(mia, a_school("Fernhill"), date(2025, 7, 20))
    with pytest.raises(Overlap, match="one main school"):
        a_place(mia, a_school("Riverside"), date(2025, 7, 19), end=date(2025, 7, 20))
    with pytest.raises(Overlap):
        a_place(mia, a_school("Riverside"), date(2023, 9, 1), end=date(2024, 9, 4))


def test_a_second_school_and_a_place_that_held_on_no_day_may_overlap(mia):
    a_place(mia, a_school())

    a_place(mia, a_school("Fernhill"), kind=SchoolPlace.Kind.SUBSIDIARY)
    a_place(mia, a_school("Riverside"), date(2025, 1, 6), end=date(2025, 1, 6))

    assert SchoolPlace.unscoped.filter(child=mia).count() == 3


@pytest.mark.proves("REL-4")
def test_raw_sql_and_bulk_writes_are_held_to_it_too(mia):
    first = a_place(mia, a_school(), date(2024, 9, 3), end=date(2025, 7, 20))
    second = a_place(mia, a_school("Fernhill"), date(2025, 9, 1))

    with pytest.raises(Overlap), change("test.set_up", actor=SETTING_UP), connection.cursor() as cursor:
        cursor.execute("UPDATE children_schoolplace SET \"end\" = '2025-09-02' WHERE id = %s", [first.pk])
    with pytest.raises(Overlap), change("test.set_up", actor=SETTING_UP):
        SchoolPlace.unscoped.filter(pk=second.pk).update(start=date(2025, 7, 1))
    third = SchoolPlace(authority_id=mia.authority_id, child=mia, school=a_school("Riverside"))
    third.start, third.end = date(2025, 7, 1), date(2025, 8, 1)
    with pytest.raises(Overlap), change("test.set_up", actor=SETTING_UP) as this:
        this.bulk_create(SchoolPlace, [third])


def test_the_day_of_a_move_is_put_right_whichever_end_is_written_first(mia):
    first = a_place(mia, a_school(), date(2024, 9, 3), end=date(2025, 9, 5))
    second = a_place(mia, a_school("Fernhill"), date(2025, 9, 5))

    with change("test.set_up", actor=SETTING_UP) as this:
        first.end = second.start = date(2025, 9, 10)
        this.save(first)
        this.save(second)
    with change("test.set_up", actor=SETTING_UP) as this:
        first.end = second.start = date(2025, 9, 1)
        this.save(second)
        this.save(first)

    assert first.end == second.start == SchoolPlace.unscoped.get(pk=second.pk).start


def test_a_second_school_cannot_become_the_main_one_beside_another(mia):
    a_place(mia, a_school(), end=date(2026, 7, 20))
    other = a_place(mia, a_school("Fernhill"), kind=SchoolPlace.Kind.AP)

    other.kind = SchoolPlace.Kind.MAIN
    with pytest.raises(Overlap), change("test.set_up", actor=SETTING_UP) as this:
        this.save(other, ["kind"])


def test_a_child_has_one_social_worker_at_a_time_and_may_have_two_carers(ashcombe, mia):
    sam, _ = a_person(ashcombe, Role.SOCIAL_WORKER)
    ines, _ = a_person(ashcombe, Role.SOCIAL_WORKER, "Ines Cole")
    an_allocation(mia, sam, Role.SOCIAL_WORKER)

    with pytest.raises(Overlap, match="one social worker"):
        an_allocation(mia, ines, Role.SOCIAL_WORKER, date(2025, 3, 1))
    an_allocation(mia, sam, Role.CARER)
    an_allocation(mia, ines, Role.CARER)

    assert Allocation.unscoped.filter(child=mia).count() == 3


def test_a_person_holds_the_same_post_once_at_a_time(ashcombe):
    hillside = a_school()
    teacher, _ = a_person(ashcombe, Role.DESIGNATED_TEACHER, school=hillside, end=date(2026, 1, 1))
    again = {"authority": ashcombe, "account": teacher, "role": Role.DESIGNATED_TEACHER}

    with pytest.raises(Overlap), change("test.set_up", actor=SETTING_UP) as this:
        this.create(Post(**again, school=hillside, start=date(2025, 12, 31)))
    with change("test.set_up", actor=SETTING_UP) as this:
        this.create(Post(**again, school=hillside, start=date(2026, 1, 1)))
        this.create(Post(**again, school=a_school("Fernhill"), start=date(2020, 1, 1)))

    assert Post.objects.filter(account=teacher).count() == 3


@pytest.mark.django_db(transaction=True)
@pytest.mark.proves("REL-4")
def test_of_writers_at_the_same_moment_one_wins_and_the_others_are_refused():
    child, schools = a_child(an_authority()), [a_school(f"School {number}") for number in range(5)]
    start_together = Barrier(len(schools))
    outcomes = []

    def write_a_place(school):
        start_together.wait(timeout=20)
        try:
            # Ended places, so that the rule alone can refuse: two open ones meet a unique index first.
            a_place(child, school, date(2025, 1, 6), end=date(2025, 7, 20))
            outcomes.append("written")
        except Overlap:
            outcomes.append("refused")
        finally:
            connection.close()

    writers = [Thread(target=write_a_place, args=[school]) for school in schools]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join(timeout=60)

    assert sorted(outcomes) == ["refused"] * (len(schools) - 1) + ["written"]
    assert SchoolPlace.unscoped.filter(child=child).count() == 1
