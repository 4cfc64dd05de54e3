"""What every test can ask for, and which tests run where."""

import gc
import os
import shutil
import string
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from django.core.cache import cache
from django.db import connection
from django.middleware import csrf

CI = os.environ.get("CI") == "true"
ON_POSTGRESQL = bool(os.environ.get("DATABASE_URL"))
# The files with the longest tests. They go first, so that at the end no process waits long for another.
LONG = (
    "tests/journeys/test_every_page.py",
    "tests/promises/test_mutation.py",
    "onroll/site/tests/test_backup.py",
    "onroll/site/tests/test_command_line.py",
    "onroll/site/tests/test_demo.py",
)
SHARED = Path(__file__).resolve().parent.parent / "shared"


# A test process keeps nearly all that it makes. Looking through it as often as is usual takes a twentieth of a run.
gc.set_threshold(50_000)
# Sixty random letters spell a child's short name now and then, and a test that it stands on no page would fail.
csrf.CSRF_ALLOWED_CHARS = string.digits


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--only-database", action="store_true", help="leave out the tests that touch no database")


@pytest.fixture(autouse=True)
def nothing_kept_in_memory() -> None:
    """What a page keeps in memory is of rows that a test takes back at its end."""
    cache.clear()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    for item in items:
        if "page" in fixtures_of(item):
            item.add_marker("browser")
    items.sort(key=lambda item: not item.nodeid.startswith(LONG))
    left_out = [item for item in items if not runs_here(item, config)]
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if item not in set(left_out)]


def runs_here(item: pytest.Item, config: pytest.Config) -> bool:
    marked = {mark.name for mark in item.iter_markers()}
    by_day = os.environ.get("ONROLL_NIGHTLY") != "1"
    if by_day and ("nightly" in marked or (ON_POSTGRESQL and "large" in marked)):
        return False
    if ("sqlite" if ON_POSTGRESQL else "postgresql") in marked:
        return False
    if ON_POSTGRESQL and "browser" in marked and "both_databases" not in marked:
        return False
    touches_database = "django_db" in marked or fixtures_of(item) & {"db", "transactional_db", "live_server"}
    return bool(touches_database) or not config.getoption("--only-database")


def fixtures_of(item: pytest.Item) -> set[str]:
    return set(getattr(item, "fixturenames", ()))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo) -> Iterator:
    """Under CI=true nothing is skipped: what could not run has failed."""
    report = yield
    if CI and report.skipped and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"Skipped, which CI does not allow: {report.longrepr}"
    return report


@pytest.fixture(autouse=True, scope="session")
def whole_sign_ins() -> None:
    """A test that signs somebody in by `force_login` means all of it: the password and the second step."""
    from django.test import Client
    from django.utils import timezone

    from onroll.access.sessions import SignedIn

    plain = Client._login

    def whole(self: Client, user: object, backend: str | None = None) -> None:
        plain(self, user, backend)
        session, now = self.session, timezone.now().timestamp()
        SignedIn(public_id=str(uuid4()), began=now, seen=now, proved=now, whole=True).keep_in(session)
        session.save()

    Client._login = whole


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of public data beside the checkout, which only the makers of Onroll have."""
    if not SHARED.is_dir():
        pytest.skip("The folder of shared data is not on this machine")
    return SHARED


@pytest.fixture(scope="session")
def django_db_setup(
    django_test_environment: None,
    django_db_blocker: "pytest_django.DjangoDbBlocker",  # noqa: F821
    django_db_modify_db_settings: None,
) -> Iterator[None]:
    """The test database, with its tables. Pages, commands and changes run as the web role."""
    from django.conf import settings

    from onroll.history.testing import let_tests_flush, let_tests_see_everything
    from onroll.site.databases import as_owner
    from tests.prepared import SQLITE, copy_prepared_database, drop_database, prepared_home

    let_tests_flush(as_owner)
    if ON_POSTGRESQL:
        database = f"onroll_test_{uuid4().hex[:12]}"
        copy_prepared_database(database)
    else:
        # A file, not memory: a served page has a connection of its own, as in production.
        database = str(settings.ONROLL_HOME / SQLITE)
        shutil.copyfile(prepared_home() / SQLITE, database)
    connection.settings_dict["NAME"] = database
    let_tests_see_everything()
    yield
    if ON_POSTGRESQL:
        with django_db_blocker.unblock():
            connection.close()
        drop_database(database)


def pytest_unconfigure(config: pytest.Config) -> None:
    """The last process leaves nothing of the run on the server."""
    from tests.prepared import drop_prepared_database

    if ON_POSTGRESQL and not hasattr(config, "workerinput"):
        drop_prepared_database()
