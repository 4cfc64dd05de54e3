"""Rows written a column at a time are the rows that Django would have written, and are recorded alike."""

from datetime import date
from decimal import Decimal

import pytest

from onroll.children.models import Child, Identifiers, PlacementAddress, SchoolPlace
from onroll.children.tests.scene import a_child, a_school, an_episode
from onroll.exchange.models import Import
from onroll.exchange.plans import Changes
from onroll.exchange.writing import insert, new
from onroll.history.changes import NoChangeOpen, change
from onroll.history.models import Event


def two_children(ashcombe):
    changes = Changes()
    for number in ("01", "02"):
        child = changes.create(new(Child, authority_id=ashcombe.pk, birth_date=date(2010, 1, 2), given_name="Mia"))
        changes.create(new(Identifiers, authority_id=ashcombe.pk, child=child, child_number=number))
    return changes


def test_rows_that_point_to_each_other_are_written_with_their_keys_and_recorded(cast):
    changes = two_children(cast.ashcombe)

    with change("test.set_up", actor=cast.data_officer) as this:
        changes.write(this)

    held = Identifiers.unscoped.select_related("child").order_by("child_number")
    assert [(row.child_number, row.child.given_name, row.source) for row in held] == [
        ("01", "Mia", "person"),
        ("02", "Mia", "person"),
    ]
    assert [row.pk for row in held] == [row.pk for row in changes.creates[Identifiers]]
    events = Event.objects.filter(change=this.id)
    assert events.count() == 4
    assert set(events.values_list("child", flat=True)) == {row.child_id for row in held}
    # The next row that Django makes gets a key of its own.
    assert a_child(cast.ashcombe).pk > max(row.child_id for row in held)


def test_nothing_is_written_where_no_change_is_open(cast):
    with pytest.raises(NoChangeOpen):
        insert(Child, two_children(cast.ashcombe).creates[Child])


def test_every_kind_of_value_comes_back_as_it_was(cast):
    mia, hillside = a_child(cast.ashcombe), a_school()
    keys = {"authority_id": cast.ashcombe.pk, "child": mia}
    place = new(SchoolPlace, **keys, school=hillside, start=date(2024, 9, 3), hours_per_week=Decimal("12.5"))
    address = new(PlacementAddress, **keys, episode=an_episode(mia), postcode="AB1 2DE")
    load = new(
        Import,
        authority_id=cast.ashcombe.pk,
        feed="ssda903",
        files=[{"name": "a.csv"}],
        planned_on=date(2026, 3, 31),
        previewed_at="2026-03-31T09:00:00Z",
    )

    with change("test.set_up", actor=cast.data_officer):
        for row in (place, address, load):
            insert(type(row), [row])

    held = SchoolPlace.unscoped.get(pk=place.pk)
    assert (held.school, held.start, held.end, held.hours_per_week) == (
        hillside,
        date(2024, 9, 3),
        None,
        Decimal("12.5"),
    )
    assert (held.public_id, held.follows_closure) == (place.public_id, False)
    assert PlacementAddress.unscoped.get(pk=address.pk).postcode == "AB1 2DE"
    assert "AB1 2DE" not in str(PlacementAddress.unscoped.values_list("postcode", flat=True)[0])
    assert Import.objects.get(pk=load.pk).files == [{"name": "a.csv"}]


def test_the_same_changes_have_the_same_digest_and_others_another(cast):
    first, same, other = (two_children(cast.ashcombe) for _ in range(3))
    other.creates[Child][0].given_name = "Noah"

    assert first.digest() == same.digest() != other.digest()


def test_a_value_that_is_as_it_was_is_no_change(cast):
    mia = a_child(cast.ashcombe)
    changes = Changes()

    assert not changes.update(mia, given_name="Mia")
    assert not changes
    assert changes.update(mia, given_name="Maya")
    assert changes.count() == 1
