"""The heads of the history and of the access log, kept outside the database.

Who can rewrite the whole database can rewrite its chains too. Only heads that were written elsewhere, earlier, show
it. ONROLL_HEADS names the file; it should lie where the web server may only add to it.
"""

import json
import os
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.conf import settings

from onroll.history.reading import differences_from_rows
from onroll.history.recorded import recorded_models
from onroll.history.sealing import Heads, heads, verify
from onroll.history.viewing import log_heads, verify_log
from onroll.history.walls import require_everywhere
from onroll.looks.watching import tell_of_tampering


@dataclass(frozen=True)
class Kept:
    history: Heads
    log: Heads


def place() -> Path:
    return Path(os.environ.get("ONROLL_HEADS") or settings.ONROLL_HOME / "heads.jsonl")


def keep(*, now: datetime) -> None:
    """Add the heads as they are now, as one line. For the role that sees every authority."""
    require_everywhere()
    line = json.dumps({"at": now.isoformat(timespec="seconds"), "history": heads(), "log": log_heads()})
    handle = os.open(place(), os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    with os.fdopen(handle, "a") as file:
        file.write(f"{line}\n")


def last_kept() -> Kept:
    """The heads of the last line. None of them where nothing was kept yet."""
    if not place().exists():
        return Kept({}, {})
    line = json.loads(place().read_text().splitlines()[-1])
    return Kept(
        *({int(key): (number, hash_) for key, (number, hash_) in line[of].items()} for of in ("history", "log"))
    )


def last_kept_at() -> datetime | None:
    """When the last line was written, by the clock of the machine that wrote it."""
    if not place().exists():
        return None
    return datetime.fromisoformat(json.loads(place().read_text().splitlines()[-1])["at"])


def verify_all() -> list[str]:
    """Everything in the history and the access log that is not as it was written, and every row that left no trace.

    For the role that sees every authority: to any other the chains would look whole because they look empty.
    """
    require_everywhere()
    kept = last_kept()
    chains = [str(finding) for finding in verify(kept=kept.history) + verify_log(kept=kept.log)]
    return chains + [words for model in recorded_models() for words in differences_from_rows(model)]


def verify_and_tell(*, now: datetime) -> list[str]:
    """What is not as it was written, put before the reviewers of every authority (LOG-4). For the owner's role."""
    findings = verify_all()
    tell_of_tampering(findings, now=now)
    return findings
