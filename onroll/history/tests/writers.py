"""Many writers at once, in a process that can be killed: `python -m onroll.history.tests.writers WRITERS CHANGES`.

Each writes to its own and to a shared authority, in changes within changes and in either order.
"""

import os
import random
import sys
import threading
import uuid
from collections.abc import Callable
from datetime import date

import django


def main(writers: int, changes: int) -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "onroll.site.settings")
    django.setup()
    failures: list[BaseException] = []
    threads = [threading.Thread(target=_write, args=(n, changes, failures)) for n in range(writers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for failure in failures[:3]:
        sys.stderr.write(f"{failure!r}\n")
    sys.exit(1 if failures else 0)


def _write(writer: int, changes: int, failures: list[BaseException]) -> None:
    from django.db import connection

    from onroll.access.actors import Actor
    from onroll.access.scope import in_authority, nowhere
    from onroll.authorities.models import Authority, Team
    from onroll.history.changes import change
    from onroll.history.viewing import viewed

    chance = random.Random(writer)
    try:
        authority = Authority.objects.order_by("pk")[writer % 3]
        for n in range(changes):
            one, other = chance.sample([1, 2, 3], 2)
            outer, inner = (Actor.command_line(number, today=date(2026, 3, 31), user="sam") for number in (one, other))

            def act(n: int = n, outer: Actor = outer, inner: Actor = inner) -> None:
                with change("test.set_up", actor=outer) as this:
                    with in_authority(authority.pk):
                        team = this.create(Team(name=f"{writer}.{n} {uuid.uuid4()}", authority=authority))
                    with nowhere(), change("test.set_up", actor=inner) as within, in_authority(authority.pk):
                        team.name += "!"
                        within.save(team)
                    if n % 3 == 2:
                        with in_authority(authority.pk):
                            this.delete(team)

            _until_it_is_our_turn(act)
            _until_it_is_our_turn(lambda outer=outer: viewed(outer, writer + 1, "a"))
            if connection.vendor == "postgresql":
                # As after a request: the pool has fewer connections than there are writers.
                connection.close()
            if writer == n == 0:
                sys.stdout.write("writing\n")
                sys.stdout.flush()
    except BaseException as failure:
        failures.append(failure)
    finally:
        connection.close()


def _until_it_is_our_turn(act: Callable[[], object]) -> None:
    """SQLite lets one write at a time and keeps no queue, so that one of many may wait past its patience."""
    from django.db import OperationalError

    while True:
        try:
            act()
            return
        except OperationalError as error:
            if "locked" not in str(error):
                raise


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
