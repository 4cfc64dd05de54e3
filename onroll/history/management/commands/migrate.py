from typing import Any

from django.core.management.commands.migrate import Command as Migrate
from django.db import connections
from django.db.migrations.executor import MigrationExecutor

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
