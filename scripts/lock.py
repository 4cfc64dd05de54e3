"""Lock the newest versions that requirements/*.in allow, with hashes and without any address."""

import subprocess
import sys
from pathlib import Path

FOLDER = Path(__file__).resolve().parents[1] / "requirements"
OPTIONS = "--universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --upgrade --quiet"


def main() -> None:
    subprocess.run([sys.executable, "-m", "pip", "install", "--quiet", "uv"], check=True)
    for name in ("base", "dev", "postgres"):
        command = [sys.executable, "-m", "uv", "pip", "compile", f"requirements/{name}.in"]
        command += ["-o", f"requirements/{name}.txt", *OPTIONS.split()]
        subprocess.run(command, cwd=FOLDER.parent, check=True)
        if "://" in (FOLDER / f"{name}.txt").read_text():
            sys.exit(f"requirements/{name}.txt names an address. Locks hold names, versions and hashes alone.")


if __name__ == "__main__":
    main()
