"""The checks of `make check`, as many at once as there are processors, told in this order.

All are run; any that complains makes the whole fail.
"""

import os
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[1]
CHECKS = {
    "Format": "ruff format --check --quiet .",
    "Lint": "ruff check --quiet .",
    "Types": "mypy --no-error-summary onroll scripts",
    "Import contract": "lint-imports --no-cache",
    "Templates": "djlint --lint --quiet onroll",
    "Security": "bandit --quiet --recursive onroll --configfile pyproject.toml --severity-level high",
    "Migrations in step": "django-admin makemigrations --check --dry-run --settings onroll.site.settings",
    "Generated docs fresh": "python scripts/make_docs.py --check",
}


def main() -> int:
    failed = []
    with (
        tempfile.TemporaryDirectory(prefix="onroll-check-") as homes,
        ThreadPoolExecutor(os.cpu_count()) as side_by_side,
    ):
        environment = dict(os.environ)
        environment.pop("DATABASE_URL", None)

        def run(command: str) -> subprocess.CompletedProcess[str]:
            program, *words = command.split()
            # A home of its own, so that a check never touches the data of this installation, nor of another check.
            own_home = {"ONROLL_HOME": tempfile.mkdtemp(dir=homes)}
            return subprocess.run(
                [Path(sys.executable).parent / program, *words],
                cwd=CHECKOUT,
                env=environment | own_home,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
            )

        for title, result in zip(CHECKS, side_by_side.map(run, CHECKS.values()), strict=True):
            print(f"{title}: {'as it should be' if result.returncode == 0 else 'FAILED'}", flush=True)
            if result.returncode != 0:
                print(result.stdout, flush=True)
                failed.append(title)
    print(f"Failed: {', '.join(failed)}" if failed else "All checks pass.")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
