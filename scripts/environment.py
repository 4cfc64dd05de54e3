"""Make .venv hold exactly what requirements/ names, and do nothing when it already does.

Runs on the machine's own Python with nothing installed. `environment.py base` is enough to run Onroll;
`environment.py dev` adds what the tests and checks need, and `environment.py postgres` a PostgreSQL
server for a machine that has none.
"""

import hashlib
import shutil
import subprocess
import sys
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[1]
VENV = CHECKOUT / ".venv"
PYTHON = VENV / "bin" / "python"


def main() -> None:
    wanted = sys.argv[1]
    if PYTHON.exists() and is_installed(wanted):
        return
    pip = pip_for_venv() if PYTHON.exists() else make_venv()
    print(f"Installing what requirements/{wanted}.txt names into .venv ...", flush=True)
    run(*pip, "install", "--quiet", "--require-hashes", "-r", f"requirements/{wanted}.txt")
    if wanted != "postgres":
        run(*pip, "install", "--quiet", "--no-deps", "--no-build-isolation", "--editable", ".")
    stamp(wanted).write_text(fingerprint_of(wanted))


def is_installed(wanted: str) -> bool:
    """True when .venv holds these requirements as they are now. Those for development contain the base."""
    enough = ("base", "dev") if wanted == "base" else (wanted,)
    return any(stamp(name).exists() and stamp(name).read_text() == fingerprint_of(name) for name in enough)


def stamp(wanted: str) -> Path:
    return VENV / f"onroll-installed-{wanted}"


def fingerprint_of(wanted: str) -> str:
    """Changes whenever what should be installed changes."""
    digest = hashlib.sha256(sys.version.encode())
    for name in (f"requirements/{wanted}.txt", "pyproject.toml"):
        digest.update((CHECKOUT / name).read_bytes())
    return digest.hexdigest()


def make_venv() -> list[str]:
    """A fresh .venv, and the pip command that installs into it."""
    shutil.rmtree(VENV, ignore_errors=True)
    print(f"Making .venv with Python {sys.version.split()[0]} ...", flush=True)
    made = subprocess.run([sys.executable, "-m", "venv", VENV], capture_output=True, text=True)
    if made.returncode != 0:
        # Some systems ship Python without ensurepip; the machine's own pip can install into the folder.
        shutil.rmtree(VENV, ignore_errors=True)
        run(sys.executable, "-m", "venv", "--without-pip", str(VENV))
    return pip_for_venv()


def pip_for_venv() -> list[str]:
    options = ["--disable-pip-version-check", "--no-input"]
    if subprocess.run([PYTHON, "-m", "pip", "--version"], capture_output=True).returncode == 0:
        return [str(PYTHON), "-m", "pip", *options]
    return [sys.executable, "-m", "pip", "--python", str(PYTHON), *options]


def run(*command: str) -> None:
    result = subprocess.run(command, cwd=CHECKOUT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    if result.returncode != 0:
        sys.exit(f"{result.stdout}\nThis command failed: {' '.join(command)}")


if __name__ == "__main__":
    main()
