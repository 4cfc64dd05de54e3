from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.core.management.commands.migrate import Command as Migrate
from django.db import connections
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.state import ProjectState

from onroll.history import triggers, walls
from onroll.history.recorded import recorded_tables


class Command(Migrate):
    """Django's `migrate`, with the triggers of the history and the walls taken away before and made again after.

    They are made again only when every migration has been applied, because they are made from the models. Until then
    nothing is served: the fingerprint differs.
    """

    def handle(self, *args: Any, **options: Any) -> None:
        connection = connections[options["database"]]
        only_looks = options["plan"] or options["check_unapplied"]
        with triggers.unguarded():
            if only_looks:
                super().handle(*args, **options)
                return
            triggers.drop(connection, keep_guard=True)
            walls.drop(connection)
            with each_model_by_itself():
                super().handle(*args, **options)
            executor = MigrationExecutor(connection)
            if executor.migration_plan(executor.loader.graph.leaf_nodes()):
                self.stdout.write("Not every migration is applied, so the history is not in place.")
                return
            there = set(connection.introspection.table_names())
            tables = recorded_tables()
            for table in tables:
                if table.name not in there:
                    self.stderr.write(f"{table.label} has no table, because no migration makes it.")
            triggers.install(connection, [table for table in tables if table.name in there])
            walls.install(connection)


@contextmanager
def each_model_by_itself() -> Iterator[None]:
    """While it is open, an operation makes the class of the model that it changes anew, and of no other.

    Django makes those of every related model too, and nearly all of ours are related: six times the work, for the same
    tables. An operation that runs code still finds every class made anew (`is_delayed`).
    """
    state_of_a_project: Any = ProjectState
    usual = state_of_a_project._find_reload_model

    def only_itself(state: ProjectState, app: str, model: str, delay: bool = False) -> set[tuple[str, str]]:
        state.is_delayed = True
        return {(app, model)}

    state_of_a_project._find_reload_model = only_itself
    try:
        yield
    finally:
        state_of_a_project._find_reload_model = usual
