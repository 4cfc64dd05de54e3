"""A data step in a migration. While tables are migrated their triggers are away, so it brings its own.

    operations = [RecordedStep(fill_in_regions)]

A plain `RunPython` or `RunSQL` that writes would go unrecorded; a test refuses both in Onroll's migrations.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import migrations, transaction
from django.utils import timezone

from onroll.access.actors import Actor

from . import triggers
from .changes import opened
from .recorded import recorded_tables
from .verbs import MIGRATED


class RecordedStep(migrations.RunPython):
    """A `RunPython` whose writes are one change of the installation's, recorded by the models as they were then.

    The migration must come after `history.0001_the_ground`.
    """

    def __init__(self, code: Callable[..., None], reverse_code: Callable[..., None] | None = None) -> None:
        super().__init__(_recorded(code), _recorded(reverse_code) if reverse_code else None)
        self._codes = (code, reverse_code)

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        code, reverse_code = self._codes
        return (type(self).__qualname__, [], {"code": code} | ({"reverse_code": reverse_code} if reverse_code else {}))


def _recorded(code: Callable[..., None]) -> Callable[..., None]:
    def step(apps: Any, schema_editor: Any) -> None:
        with recorded(apps, schema_editor.connection, code.__name__):
            code(apps, schema_editor)

    return step


@contextmanager
def recorded(apps: Any, connection: Any, name: str) -> Iterator[None]:
    actor = Actor.system(0, today=timezone.localdate())
    with transaction.atomic(using=connection.alias):
        triggers.install(connection, recorded_tables(apps))
        with opened(MIGRATED, actor, reason=name):
            yield
        if connection.vendor == "postgresql":
            # A table with checks still to come can't be altered by the next operation.
            connection.check_constraints()
        triggers.drop(connection, keep_guard=True)
