"""Migrations: nothing is written unrecorded, and a database that is not ready is not served."""

import importlib
import pkgutil

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import connection, transaction
from django.db.migrations import RunPython, RunSQL
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.writer import OperationWriter

from onroll.authorities.models import Team
from onroll.history import triggers
from onroll.history.changes import Refused, change
from onroll.history.connections import prepare
from onroll.history.migrating import RecordedStep
from onroll.history.models import Change, Event
from onroll.history.recorded import NUMBERS, number_new_models
from onroll.history.sealing import verify
from onroll.history.testing import as_owner

from .rows import SAM, Rows


def our_migrations():
    for config in apps.get_app_configs():
        if config.name.startswith("onroll."):
            package = importlib.import_module(f"{config.name}.migrations") if _has_migrations(config) else None
            for module in pkgutil.iter_modules(package.__path__) if package else ():
                yield importlib.import_module(f"{package.__name__}.{module.name}").Migration


def _has_migrations(config) -> bool:
    return importlib.util.find_spec(f"{config.name}.migrations") is not None


def test_a_migration_writes_only_in_a_recorded_step():
    migrations = list(our_migrations())
    assert migrations
    for migration in migrations:
        for operation in migration.operations:
            plain = isinstance(operation, RunPython | RunSQL) and not isinstance(operation, RecordedStep)
            assert not plain, f"{migration.__module__} writes unrecorded: use onroll.history.migrating.RecordedStep"


def shout(apps, schema_editor) -> None:
    for team in apps.get_model("authorities", "Team").objects.all():
        team.name = team.name.upper()
        team.save()


@pytest.fixture
def north(transactional_db) -> Team:
    with change("test.set_up", actor=SAM) as this:
        return this.create(Team(name="North", authority=Rows(this).authority))


@pytest.fixture
def while_migrating(north):
    """The triggers as they are between two migrations."""
    with triggers.unguarded(), as_owner():
        triggers.drop(connection, keep_guard=True)
        yield
        triggers.install(connection)


def step(operation: RecordedStep) -> None:
    state = MigrationLoader(connection).project_state()
    with connection.schema_editor() as editor:
        operation.database_forwards("authorities", editor, state, state)


def test_a_recorded_step_is_a_change_of_the_installation(north, while_migrating):
    step(RecordedStep(shout))

    north.refresh_from_db()
    assert north.name == "NORTH"
    event = Event.objects.latest("pk")
    assert event.payload.replace(" ", "") == '{"name":["North","NORTH"]}'
    assert (event.change.verb, event.change.authority, event.change.reason) == ("installation.migrated", 0, "shout")
    assert verify() == []


def test_a_recorded_step_is_written_into_a_migration_file_as_it_was_made():
    text, _ = OperationWriter(RecordedStep(shout, shout), indentation=0).serialize()
    assert "code=" in text
    assert "reverse_code=" in text


@pytest.mark.postgresql
def test_nothing_else_is_written_while_the_database_is_migrated(north, while_migrating):
    with pytest.raises(Refused, match="moved to a new version"), change("test.set_up", actor=SAM):
        Team.objects.filter(pk=north.pk).update(name="South")
    with pytest.raises(Refused, match="moved to a new version"), transaction.atomic():
        Team.objects.filter(pk=north.pk).update(name="South")


def test_a_database_whose_migration_died_half_way_is_not_served(north, while_migrating, monkeypatch):
    monkeypatch.setattr(triggers, "_unguarded", 0)
    monkeypatch.setattr(connection, "close", lambda: None)
    if connection.vendor == "postgresql":
        connection.connection.history_checked = False
    with pytest.raises(triggers.HistoryNotInPlace, match="Run the command migrate"):
        prepare(sender=None, connection=connection)


def test_migrating_again_puts_the_triggers_back(north):
    with triggers.unguarded(), as_owner():
        triggers.drop(connection)
        call_command("migrate", verbosity=0)
        triggers.check(connection)
    before = Change.objects.count()
    with change("test.set_up", actor=SAM) as this:
        north.name = "South"
        this.save(north)
    assert Change.objects.count() == before + 1


def test_a_new_model_gets_the_next_number(monkeypatch, tmp_path):
    path = tmp_path / "model_numbers.py"
    path.write_text('NUMBERS = {\n    "authorities.Authority": 2,\n}\n')
    numbers = {label: number for label, number in NUMBERS.items() if label != "authorities.Team"}
    monkeypatch.setattr("onroll.history.recorded.NUMBERS", numbers)

    assert number_new_models(path) == ["authorities.Team"]
    given = max(NUMBERS.values()) + 1
    assert path.read_text() == f'NUMBERS = {{\n    "authorities.Authority": 2,\n    "authorities.Team": {given},\n}}\n'
