from typing import Any

from django.core.management.commands.makemigrations import Command as MakeMigrations

from onroll.history.recorded import number_new_models


class Command(MakeMigrations):
    """Django's `makemigrations`, which also gives each new recorded model its number in the history."""

    def handle(self, *args: Any, **options: Any) -> None:
        super().handle(*args, **options)
        if not options["check_changes"] and not options["dry_run"]:
            for label in number_new_models():
                self.stdout.write(f"{label} has its number now, in onroll/history/model_numbers.py.")
