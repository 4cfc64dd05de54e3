"""What every test can ask for, and which tests run where."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connection

CI = os.environ.get("CI") == "true"
ON_POSTGRESQL = bool(os.environ.get("DATABASE_URL"))
SHARED = Path(__file__).resolve().parent.parent / "shared"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--only-database", action="store_true", help="leave out the tests that touch no database")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    for item in items:
        if "page" in fixtures_of(item):
            item.add_marker("browser")
    left_out = [item for item in items if not runs_here(item, config)]
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if item not in set(left_out)]


def runs_here(item: pytest.Item, config: pytest.Config) -> bool:
    marked = {mark.name for mark in item.iter_markers()}
    if "nightly" in marked and os.environ.get("ONROLL_NIGHTLY") != "1":
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
    from uuid import uuid4

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
    request: pytest.FixtureRequest,
    django_test_environment: None,
    django_db_blocker: "pytest_django.DjangoDbBlocker",  # noqa: F821
    django_db_modify_db_settings: None,
) -> Iterator[None]:
    """The test database. The owner makes it and its tables; pages, commands and changes run as the web role."""
    from django.test.utils import setup_databases, teardown_databases

    from onroll.history.testing import let_tests_flush, let_tests_see_everything
    from onroll.site.databases import as_owner

    let_tests_flush(as_owner)
    verbosity = request.config.option.verbose
    with django_db_blocker.unblock(), as_owner():
        databases = setup_databases(verbosity=verbosity, interactive=False)
    let_tests_see_everything()
    yield
    with django_db_blocker.unblock():
        end_other_sessions()
        with as_owner():
            teardown_databases(databases, verbosity=verbosity)


def end_other_sessions() -> None:
    """End what a browser test's server left open: PostgreSQL drops no database that is still in use."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE datname = current_database() AND usename = current_user AND pid <> pg_backend_pid()"
            )
