"""Every recorded model: each way of writing is refused without a change, and recorded with one."""

import json
import uuid
from collections.abc import Callable

import pytest
from django.apps import apps
from django.core import serializers
from django.core.management import call_command
from django.db import connection, transaction
from django.db.models import F

from onroll.history.changes import NoChangeOpen, OtherAuthority, Refused, change
from onroll.history.model_numbers import NUMBERS
from onroll.history.models import Event
from onroll.history.recorded import NOT_RECORDED, fields_of, is_ours, number_of, omitted, recorded_models

from .rows import SAM, Rows, changeable

pytestmark = pytest.mark.django_db

MODELS = recorded_models()
every_model = pytest.mark.parametrize("model", MODELS, ids=[model._meta.label for model in MODELS])


@pytest.fixture
def rows() -> Callable[[], Rows]:
    with change("test.set_up", actor=SAM) as this:
        return Rows(this)


def acts_of(record: int, model) -> str:
    events = Event.objects.filter(record=record, model=number_of(model)).order_by("pk")
    return "".join(events.values_list("act", flat=True))


def in_a_change(rows: Rows, work):
    with change("test.set_up", actor=SAM) as this:
        rows.this = this
        return work()


def other_value(model, row, name):
    field = model._meta.get_field(name)
    if field.get_internal_type() == "UUIDField":
        return uuid.uuid4()
    if field.get_internal_type() == "BooleanField":
        return not getattr(row, name)
    if field.get_internal_type() == "DateField":
        return getattr(row, name).replace(day=28)
    return "Z"


def test_every_model_is_recorded_or_listed_with_a_reason():
    ours = {model._meta.label for model in apps.get_models(include_auto_created=True) if is_ours(model)}
    assert ours == {model._meta.label for model in MODELS} | set(NOT_RECORDED)
    assert all(NOT_RECORDED.values())


def test_every_recorded_model_has_a_number_of_its_own():
    numbers = [NUMBERS[model._meta.label] for model in MODELS]
    assert len(numbers) == len(set(numbers))


def test_every_recorded_model_has_a_whole_number_as_key_and_no_hidden_table_between_two():
    for model in MODELS:
        assert model._meta.pk.get_internal_type() in ("BigAutoField", "OneToOneField"), model
        assert not model._meta.auto_created, f"{model} is a table made by a ManyToManyField: write it out"


def test_every_record_about_a_child_says_its_authority():
    for model in MODELS:
        columns = {field.column for field in model._meta.local_concrete_fields}
        assert "child_id" not in columns or "authority_id" in columns, model


@every_model
def test_each_way_of_writing_is_recorded_in_a_change(model, rows):
    name = changeable(model)

    # save
    row = in_a_change(rows, lambda: rows.make(model))
    setattr(row, name, other_value(model, row, name))
    in_a_change(rows, lambda: row.save())
    assert acts_of(row.pk, model) == "iu"
    event = Event.objects.filter(record=row.pk, model=number_of(model), act="u").get()
    assert list(json.loads(event.payload)) == [model._meta.get_field(name).column]

    # QuerySet.update, bulk_update, and updates of a value from another
    value = other_value(model, row, name)
    in_a_change(rows, lambda: model._base_manager.filter(pk=row.pk).update(**{name: F(name)}))
    assert acts_of(row.pk, model) == "iu", "An update that changes nothing is no event"
    model_row = model._base_manager.get(pk=row.pk)
    setattr(model_row, name, other_value(model, model_row, name))
    in_a_change(rows, lambda: rows.this.bulk_update(model, [model_row], [name]))
    assert acts_of(row.pk, model) == ("iu" if value == "Z" else "iuu")

    # delete, one and many
    key = row.pk
    in_a_change(rows, lambda: rows.this.delete(model._base_manager.filter(pk=key)))
    assert acts_of(key, model)[-1] == "d"

    # bulk_create
    many = in_a_change(rows, lambda: rows.this.bulk_create(model, [rows.build(model)]))
    assert acts_of(many[0].pk, model) == "i"
    payload = json.loads(Event.objects.get(record=many[0].pk, model=number_of(model)).payload)
    assert set(payload) == {field.column for field in fields_of(model)}


@every_model
def test_each_way_of_writing_is_refused_without_a_change(model, rows, tmp_path):
    name = changeable(model)
    row = in_a_change(rows, lambda: rows.make(model))
    new = in_a_change(rows, lambda: rows.build(model))
    events = Event.objects.count()
    table, key = model._meta.db_table, model._meta.pk.column
    fixture = tmp_path / "row.json"
    fixture.write_text(serializers.serialize("json", [model._base_manager.get(pk=row.pk)]))
    changed = model._base_manager.get(pk=row.pk)
    setattr(changed, name, other_value(model, changed, name))
    value = other_value(model, row, name)

    def raw(sql: str, *parameters) -> Callable[[], None]:
        def run() -> None:
            with connection.cursor() as cursor:
                cursor.execute(sql, parameters)

        return run

    column = model._meta.get_field(name).column
    ways: dict[str, Callable] = {
        "save": new.save,
        "bulk_create": lambda: model._base_manager.bulk_create([new]),
        "bulk_create, conflicts ignored": lambda: model._base_manager.bulk_create([new], ignore_conflicts=True),
        "save of an old row": changed.save,
        "bulk_update": lambda: model._base_manager.bulk_update([changed], [name]),
        "update": lambda: model._base_manager.filter(pk=row.pk).update(**{name: value}),
        "delete": lambda: model._base_manager.filter(pk=row.pk).delete(),
        "loaddata": lambda: call_command("loaddata", str(fixture), verbosity=0),
        "raw delete": raw(f'DELETE FROM "{table}" WHERE "{key}" = %s', row.pk),
        "raw update": raw(f'UPDATE "{table}" SET "{column}" = NULL WHERE "{key}" = %s', row.pk),
    }
    if connection.vendor == "sqlite":
        # The same row again changes nothing there, and a NULL is refused by the column first.
        ways.pop("loaddata")
        ways.pop("raw update")
    for way, write in ways.items():
        try:
            with transaction.atomic():
                write()
        except NoChangeOpen:
            continue
        pytest.fail(f"{way} was not refused")
    assert Event.objects.count() == events


@every_model
def test_a_key_never_changes(model, rows):
    row = in_a_change(rows, lambda: rows.make(model))
    table, key = model._meta.db_table, model._meta.pk.column
    names = {key, "rowid"} if connection.vendor == "sqlite" else {key}
    for name in names:
        with (
            pytest.raises(Refused, match="never changes"),
            change("test.set_up", actor=SAM),
            connection.cursor() as cursor,
        ):
            cursor.execute(f'UPDATE "{table}" SET "{name}" = 987654321 WHERE "{key}" = %s', [row.pk])


@every_model
def test_what_is_left_out_is_neither_recorded_nor_refused(model, rows):
    for name in omitted(model):
        field = model._meta.get_field(name)
        row = in_a_change(rows, lambda: rows.make(model))
        events = Event.objects.count()
        model._base_manager.filter(pk=row.pk).update(**{name: rows.value(field)})
        assert Event.objects.count() == events


@pytest.mark.proves("TEN-1")
def test_rows_of_two_authorities_never_point_to_each_other(rows):
    """For every link between two models that both have an authority (TEN-1)."""
    here = rows
    there = in_a_change(rows, lambda: Rows(rows.this))
    tried = 0
    for model in MODELS:
        columns = {field.column for field in model._meta.local_concrete_fields}
        if "authority_id" not in columns:
            continue
        for field in model._meta.local_concrete_fields:
            target = field.related_model
            if not target or not any(f.column == "authority_id" for f in target._meta.local_concrete_fields):
                continue
            tried += 1
            theirs = in_a_change(there, lambda target=target: there.make(target))
            with pytest.raises(OtherAuthority):
                in_a_change(here, lambda model=model, field=field, theirs=theirs: _point(here, model, field, theirs))
    assert tried > 20


def _point(rows: Rows, model, field, theirs) -> None:
    row = rows.make(model)
    setattr(row, field.name, theirs)
    row.save()
