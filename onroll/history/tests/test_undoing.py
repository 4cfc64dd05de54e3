"""Undoing an import gives the record back as it was, row for row, and says why when it can't."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from onroll.authorities.models import Team
from onroll.children.models import (
    CareEpisode,
    Child,
    PlacementAddress,
    PlacementArea,
    Review,
    SchoolPlace,
)
from onroll.history import sealing
from onroll.history.changes import change, verb
from onroll.history.models import Change, Event
from onroll.history.recorded import recorded_models
from onroll.history.undoing import CannotUndo, undo, why_not_undo

from .rows import SAM, Rows

pytestmark = pytest.mark.django_db

verb("test.imported", "{actor} loaded a file")
verb("test.noted", "{actor} noted what became of a file", note=True)


def everything() -> dict:
    """Every recorded row as the database stores it."""
    found = {}
    with connection.cursor() as cursor:
        for model in recorded_models():
            cursor.execute(f'SELECT * FROM "{model._meta.db_table}"')
            found[model._meta.label] = sorted(map(repr, cursor.fetchall()))
    return found


@pytest.fixture
def before() -> Rows:
    """A child with an episode, an address and a review; another child with a review."""
    with change("test.set_up", actor=SAM) as this:
        rows = Rows(this)
        rows.ann = rows.make(Child, given_name="Ann")
        rows.ben = rows.make(Child, given_name="Ben")
        rows.episode = rows.make(CareEpisode, child=rows.ann, start=date(2024, 5, 1), legal_status="C2")
        rows.address = rows.make(PlacementAddress, child=rows.ann, episode=rows.episode, address="1 Mill Lane")
        rows.area = rows.make(
            PlacementArea, child=rows.ann, episode=rows.episode, distance_miles=Decimal("12.5"), la_code="999"
        )
        rows.review = rows.make(Review, child=rows.ben, on=date(2025, 1, 31))
    return rows


def an_import(rows: Rows) -> int:
    """Inserts, updates and deletes of every kind, some rows touched more than once."""
    with change("test.imported", actor=SAM) as this:
        rows.this = this
        cat = rows.make(Child, given_name="Cat")
        episodes = [rows.build(CareEpisode, child=cat, start=date(2020 + n, 1, 1), legal_status="C1") for n in range(4)]
        this.bulk_create(CareEpisode, episodes)
        rows.make(SchoolPlace, child=cat, start=date(2024, 9, 1))
        rows.episode.end = date(2025, 2, 1)
        rows.episode.legal_status = "E1"
        this.save(rows.episode)
        rows.address.address = "2 Mill Lane"
        rows.address.postcode = "ZZ1 1ZZ"
        this.save(rows.address)
        this.delete(rows.area)
        this.delete(rows.review)
        with change("test.imported", actor=SAM) as inner:
            inner.bulk_update(Child, [rename(rows.ann, "Anna"), rename(rows.ben, "Benn")], ["given_name"])
            gone = rows.make(Team, name="For a moment")
            inner.delete(gone)
        rename(rows.ann, "Anne")
        this.save(rows.ann)
        rows.cat = cat
    return this.id


def rename(child: Child, name: str) -> Child:
    child.given_name = name
    return child


def test_undoing_an_import_gives_every_row_back_as_it_was_stored(before):
    then = everything()
    load = an_import(before)
    assert everything() != then

    assert why_not_undo(load) == ""
    undone = undo(load, actor=SAM)

    assert everything() == then
    assert PlacementAddress.unscoped.get(pk=before.address.pk).address == "1 Mill Lane"
    assert (undone.verb, undone.batch) == ("import.undone", f"undo:{load}")
    assert sealing.verify() == []


def test_an_undone_import_can_not_be_undone_again_nor_the_undoing(before):
    load = an_import(before)
    undone = undo(load, actor=SAM)

    assert why_not_undo(load).startswith("It was undone by Command line (sam) on ")
    assert why_not_undo(undone) == "It was itself the undoing of a load. Load the file again."
    with pytest.raises(CannotUndo):
        undo(load, actor=SAM)


def test_an_import_whose_rows_were_changed_since_stays(before):
    load = an_import(before)
    with change("test.set_up", actor=SAM) as this:
        before.ben.refresh_from_db()
        this.save(rename(before.ben, "Benjamin"))

    then = everything()
    assert "1 child of it was changed since" in why_not_undo(load)
    assert "Command line (sam) set up a test" in why_not_undo(load)
    with pytest.raises(CannotUndo, match="1 child"):
        undo(load, actor=SAM)
    assert everything() == then


def test_a_later_import_that_was_taken_back_does_not_stand_in_the_way(before):
    held = everything()
    first = an_import(before)
    with change("test.imported", actor=SAM) as this:
        before.episode.legal_status = "C2"
        this.save(before.episode)
        second = this.id
    assert "Other work stands on it" in why_not_undo(first)

    undo(second, actor=SAM)
    undo(first, actor=SAM)

    assert everything() == held


def test_an_import_that_other_rows_were_added_to_stays(before):
    load = an_import(before)
    with change("test.set_up", actor=SAM) as this:
        before.this = this
        before.make(Review, child=before.cat, on=date(2025, 6, 1))
        before.make(Review, child=before.cat, on=date(2025, 7, 1))

    assert why_not_undo(load) == (
        "Other work stands on it. 2 care reviews were added to what it made. "
        "Take that back first, or put the record right by hand."
    )


def test_an_import_that_took_facts_from_what_is_gone_stays(before):
    with change("test.imported", actor=SAM) as this:
        this.delete(before.review)
    with change("test.set_up", actor=SAM) as other:
        other.delete(before.ben)

    assert "1 child that its old facts belong to was taken out since" in why_not_undo(this.id)


def test_a_row_moved_to_another_child_since_is_work_that_stands_on_it(before):
    with change("test.imported", actor=SAM) as this:
        before.this = this
        review = before.make(Review, child=before.ann, on=date(2025, 6, 1))
    with change("test.set_up", actor=SAM) as other:
        review.child = before.ben
        other.save(review)

    assert "1 care review of it was changed since" in why_not_undo(this.id)


def test_moving_a_row_between_children_is_undone(before):
    then = everything()
    with change("test.imported", actor=SAM) as this:
        before.review.child = before.ann
        this.save(before.review)
    events = Event.objects.filter(change=this.id)
    assert set(events.values_list("child", flat=True)) == {before.ann.pk, before.ben.pk}

    undo(this.id, actor=SAM)
    assert everything() == then


def test_a_note_about_the_act_stays_and_does_not_stand_in_the_way(before):
    with change("test.imported", actor=SAM) as this:
        before.this = this
        before.make(Review, child=before.ben, on=date(2025, 6, 1))
        with change("test.noted", actor=SAM) as note:
            team = note.create(Team(name="Noted", authority=before.authority))
    undo(this.id, actor=SAM)

    assert Team.objects.filter(pk=team.pk).exists()
    assert Review.unscoped.count() == 1


def test_what_is_still_open_can_not_be_undone(before):
    with change("test.imported", actor=SAM) as this:
        before.this = this
        before.make(Review, child=before.ben, on=date(2025, 6, 1))
        assert why_not_undo(this.id) == "It is not finished."


def test_undoing_a_thousand_rows_takes_few_statements(before, django_assert_max_num_queries):
    with change("test.imported", actor=SAM) as this:
        this.bulk_create(
            Review,
            [
                Review(authority=before.authority, child=before.ann, on=date(2020, 1, 1).replace(day=1 + n % 28))
                for n in range(1000)
            ],
        )
    with django_assert_max_num_queries(120):
        undo(this.id, actor=SAM)
    assert Review.unscoped.count() == 1


acts = st.lists(
    st.tuples(st.sampled_from(["add", "alter", "remove", "swap"]), st.integers(0, 5), st.integers(0, 9)), max_size=12
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(acts=acts)
def test_import_then_undo_changes_nothing_whatever_was_done(before, acts):
    then = everything()
    with change("test.imported", actor=SAM) as this:
        for act, which, value in acts:
            reviews = list(Review.unscoped.order_by("pk"))
            review = reviews[which % len(reviews)] if reviews else None
            if act == "add" or review is None:
                this.create(Review(authority=before.authority, child=before.ann, on=date(2025, 1, 1 + value)))
            elif act == "alter":
                review.participation = f"PN{value}"
                this.save(review)
            elif act == "swap":
                review.child = before.ben if review.child_id == before.ann.pk else before.ann
                this.save(review)
            else:
                this.delete(review)
    undo(this.id, actor=SAM)
    assert everything() == then
    assert Change.objects.filter(pk=this.id).exists()
