"""The history reads back as it was: field by field, child by child, day by day, on both engines."""

import uuid
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

import pytest
from django.db import connection, models
from django.test.utils import isolate_apps
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from onroll.access.actors import Actor
from onroll.access.encryption import Ciphertext
from onroll.access.roles import Role
from onroll.authorities.models import Team
from onroll.children.models import CareEpisode, Child, PlacementAddress, Review
from onroll.history import reading, recorded, triggers, undoing
from onroll.history.changes import change
from onroll.history.models import Change, Event
from onroll.history.testing import as_owner

from .rows import SAM, Rows

pytestmark = pytest.mark.django_db


@pytest.fixture
def rows() -> Rows:
    with change("test.set_up", actor=SAM) as this:
        return Rows(this)


def write(rows: Rows, **options):
    """A change in which `rows` makes its rows."""

    class Writing:
        def __enter__(self):
            self.change = change("test.set_up", actor=SAM, **options)
            rows.this = self.change.__enter__()
            return rows.this

        def __exit__(self, *error):
            return self.change.__exit__(*error)

    return Writing()


VALUES = {
    "big": [0, -(2**62), None],
    "boolean": [True, False, None],
    "char": ["", 'Zoë "the one" O\'Neil\\\n\t|', "☃", None],
    "day": [date(1, 1, 1), date(2026, 2, 28), None],
    "decimal": [Decimal("10.50"), Decimal("-99999999.99"), Decimal("0.00"), None],
    "duration": [timedelta(days=3, microseconds=5), timedelta(), None],
    "real": [0.1, 1 / 3, -1e300, 5e-324, 3.0, None],
    "moment": [datetime(2026, 7, 1, 12, 0, 0, 1, tzinfo=UTC), datetime(2026, 1, 1, tzinfo=UTC), None],
    "json": [{"a": [1, None, "é", {"b": 1.25}]}, [], "words", 7, None],
    "small": [-5, 32000, None],
    "text": ["two\nlines", '{"not": "json"}', None],
    "time": [time(9, 30), time(23, 59, 59, 999999), None],
    "unique": [uuid.UUID("00112233445566778899aabbccddeeff"), None],
    "raw": [b"\x00\xff", b"", None],
}


NUMBER = 30_000


@pytest.fixture
def kinds(transactional_db, monkeypatch) -> Iterator[type[models.Model]]:
    """A recorded table with a column of every kind, only for this test."""
    with isolate_apps("onroll.history"):

        class Kinds(models.Model):
            big = models.BigIntegerField(null=True)
            boolean = models.BooleanField(null=True)
            char = models.CharField(max_length=100, null=True)
            day = models.DateField(null=True)
            decimal = models.DecimalField(max_digits=12, decimal_places=2, null=True)
            duration = models.DurationField(null=True)
            real = models.FloatField(null=True)
            moment = models.DateTimeField(null=True)
            json = models.JSONField(null=True)
            small = models.SmallIntegerField(null=True)
            text = models.TextField(null=True)
            time = models.TimeField(null=True)
            unique = models.UUIDField(null=True)
            raw = models.BinaryField(null=True)

            class Meta:
                app_label = "history"

    monkeypatch.setitem(recorded.NUMBERS, "history.Kinds", NUMBER)
    monkeypatch.setattr(undoing, "model_numbered", lambda number: {NUMBER: Kinds}[number])
    with triggers.unguarded():
        with as_owner():
            with connection.schema_editor() as editor:
                editor.create_model(Kinds)
            triggers.install(connection, [*recorded.recorded_tables(), recorded.table_of(Kinds)])
        yield Kinds
        with as_owner():
            triggers.drop(connection)
            with connection.schema_editor() as editor:
                editor.delete_model(Kinds)


def last(model: type[models.Model]) -> dict:
    event = Event.objects.filter(model=NUMBER).latest("pk")
    return reading.decoded(model, event.act, event.payload)


def test_every_kind_of_field_reads_back_as_an_equal_value_and_is_put_back_as_it_was(kinds):
    for name, values in VALUES.items():
        for value, next_value in zip(values, values[1:] + values[:1], strict=True):
            with change("test.set_up", actor=SAM) as this:
                row = this.create(kinds(**{name: value}))
                row.refresh_from_db()
                assert last(kinds) == {field.attname: getattr(row, field.attname) for field in kinds._meta.fields}
                stored = getattr(row, name)
                setattr(row, name, next_value)
                this.save(row)
                row.refresh_from_db()
                assert last(kinds) == {name: (stored, next_value)}
                assert getattr(row, name) == next_value
            undoing.undo(this.id, actor=SAM)
            assert not kinds.objects.exists()

    for name, values in VALUES.items():
        with change("test.set_up", actor=SAM) as this:
            rows = this.bulk_create(kinds, [kinds(**{name: value}) for value in values])
        before = list(kinds.objects.order_by("pk").values())
        with change("test.set_up", actor=SAM) as this:
            for row in rows[::2]:
                setattr(row, name, values[0])
                this.save(row)
            this.delete(kinds.objects.filter(pk__in=[row.pk for row in rows[1::2]]))
        undoing.undo(this.id, actor=SAM)
        assert list(kinds.objects.order_by("pk").values()) == before, name


def test_the_history_of_a_child_tells_who_did_what_newest_first(rows):
    with write(rows):
        child = rows.make(Child, given_name="Ann")
        other = rows.make(Child)
    with write(rows, child=child):
        child.given_name = "Anna"
        rows.this.save(child)
        rows.this.save(other)

    newest, oldest = reading.of_child(child)
    assert newest.sentence == "Command line (sam) set up a test"
    assert newest.change.child == child.pk
    (line,) = newest.lines
    assert (line.model, line.record, line.done) == (Child, child.pk, "changed")
    assert [(field.name, field.before, field.after) for field in line.fields] == [("given_name", "Ann", "Anna")]
    assert oldest.lines[0].done == "added"
    assert [act.change.pk for act in reading.of_child(child, limit=1)] == [newest.change.pk]
    assert [act.change.pk for act in reading.of_child(child, before=line.event)] == [oldest.change.pk]
    assert [line.record for line in reading.of_change(newest.change.pk)] == [child.pk]


def test_an_encrypted_text_is_stored_closed_and_opened_for_the_page(rows):
    with write(rows):
        address = rows.make(PlacementAddress, address="1 Mill Lane")
    with write(rows):
        address.address = "2 Mill Lane"
        rows.this.save(address)
        untouched = PlacementAddress.unscoped.get(pk=address.pk)
        untouched.address = "2 Mill Lane"
        rows.this.save(untouched)

    events = Event.objects.filter(child=address.child_id)
    assert not any("Mill Lane" in event.payload for event in events)
    changes = [
        (field.name, field.before, field.after)
        for act in reading.of_record(address)
        for line in act.lines
        for field in line.fields
        if field.name == "address"
    ]
    assert changes == [("address", "1 Mill Lane", "2 Mill Lane"), ("address", None, "1 Mill Lane")]
    key = address.pk
    with write(rows):
        rows.this.delete(address)
    removed = reading.of_child(address.child_id)[0].lines[0]
    assert (removed.record, removed.done) == (key, "removed")
    assert ("address", "2 Mill Lane", None) in [(f.name, f.before, f.after) for f in removed.fields]


def test_a_reader_gets_only_the_kinds_of_record_that_the_role_reads(rows):
    with write(rows):
        address = rows.make(PlacementAddress, address="1 Mill Lane")
    teacher = Actor(
        authority=rows.authority.pk,
        role=Role.DESIGNATED_TEACHER,
        today=date(2026, 1, 1),
        name="Dee",
        account=None,
        school=1,
    )

    def seen(actor):
        return {line.model for act in reading.of_child(address.child_id, actor=actor) for line in act.lines}

    assert PlacementAddress not in seen(teacher)
    assert Child in seen(teacher)
    assert PlacementAddress in seen(None)


def test_a_row_moved_to_another_child_is_found_under_both(rows):
    with write(rows):
        ann, ben = rows.make(Child), rows.make(Child)
        review = rows.make(Review, child=ann, on=date(2025, 1, 1))
    while_ann = Change.objects.latest("pk").at
    with write(rows):
        review.child = ben
        review.participation = "PN1"
        rows.this.save(review)
    after = Change.objects.latest("pk").at

    assert review.pk in reading.as_at(ann, while_ann)[Review]
    assert Review not in reading.as_at(ben, while_ann)
    assert Review not in reading.as_at(ann, after)
    state = reading.as_at(ben, after)[Review][review.pk]
    assert (state["on"], state["participation"], state["child_id"]) == (date(2025, 1, 1), "PN1", ben.pk)
    assert [act.lines[0].done for act in reading.of_record(review)] == ["changed", "added"]


steps = st.lists(
    st.tuples(st.sampled_from(["add", "alter", "remove"]), st.integers(0, 3), st.integers(1, 9)),
    min_size=1,
    max_size=10,
)


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=steps)
def test_as_at_a_moment_equals_the_rows_at_that_moment(rows, steps):
    with write(rows):
        child = rows.make(Child)
    for kind, which, value in steps:
        with write(rows) as this:
            held = list(CareEpisode.unscoped.filter(child=child).order_by("pk"))
            episode = held[which % len(held)] if held else None
            if kind == "add" or episode is None:
                this.create(
                    CareEpisode(
                        authority=rows.authority,
                        child=child,
                        start=date(2000 + 2 * len(held), 1, value),
                        legal_status="C2",
                    )
                )
            elif kind == "alter":
                episode.reason_ceased = f"E{value}"
                this.save(episode)
            else:
                this.delete(episode)
    at = Change.objects.latest("pk").at

    now = {
        episode.pk: {field.attname: getattr(episode, field.attname) for field in CareEpisode._meta.concrete_fields}
        for episode in CareEpisode.unscoped.filter(child=child)
    }
    assert reading.as_at(child, at).get(CareEpisode, {}) == now


def test_every_row_is_what_the_history_says_last(rows):
    with write(rows):
        address = rows.make(PlacementAddress, address="1 Mill Lane", postcode="ZZ1 1ZZ")
        team = rows.make(Team, name="North")
    with write(rows):
        team.name = "South"
        rows.this.save(team)
        rows.this.delete(address)
        rows.make(PlacementAddress, address="3 Mill Lane")

    for model in recorded.recorded_models():
        assert reading.differences_from_rows(model) == []
    assert isinstance(reading.as_at(address.child_id, datetime.now(UTC)), dict)
    (state,) = [state for _, state in reading.last_states(PlacementAddress)]
    assert isinstance(state["address"], Ciphertext)


@pytest.mark.sqlite
def test_a_row_written_while_the_triggers_were_away_is_found(rows):
    with write(rows):
        team = rows.make(Team, name="North")
    triggers.drop(connection)
    Team.objects.filter(pk=team.pk).update(name="South")
    Team.objects.create(name="West", authority=rows.authority)
    triggers.install(connection)

    found = reading.differences_from_rows(Team)
    assert len(found) == 2
    assert f"authorities.Team {team.pk} differs in name" in found
