"""Sign-ins as sessions on the server: whose each is, when it began, when it was last used, when it was last proved.

A sign-in is over when nothing was asked for a while, or when it is old. It is then never taken again, also if the
clock is set back.
"""

from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.utils import timezone

from .models import Account, Session

IN_SESSION = "sign_in"
# A page that asks often must not write often.
NOTED_EVERY = timedelta(minutes=1)


class SessionStore(DatabaseStore):
    """Sessions in the database, with the account each belongs to."""

    @classmethod
    def get_model_class(cls) -> type[Session]:
        return Session

    def create_model_instance(self, data: dict[str, Any]) -> Session:
        row: Session = super().create_model_instance(data)  # type: ignore[assignment]
        row.account_id = int(data[SESSION_KEY]) if SESSION_KEY in data else None
        held = data.get(IN_SESSION)
        if held:
            # A save writes every column: the one that names the row in addresses stays as it was.
            row.public_id = UUID(held["public_id"])
        return row


@dataclass(frozen=True)
class SignedIn:
    """What a session knows of its sign-in. Moments are seconds since 1970, so that they can be stored as JSON."""

    public_id: str
    began: float
    seen: float
    # When a password or a second factor was last proved.
    proved: float
    # False while only a password was given, and a second factor is still to be set up.
    whole: bool
    device: str = ""
    address: str = ""
    over: bool = False

    @classmethod
    def of(cls, session: Any) -> "SignedIn | None":
        held = session.get(IN_SESSION)
        return cls(**held) if held else None

    def keep_in(self, session: Any) -> None:
        session[IN_SESSION] = asdict(self)

    @property
    def began_at(self) -> datetime:
        return datetime.fromtimestamp(self.began, UTC)

    @property
    def seen_at(self) -> datetime:
        return datetime.fromtimestamp(self.seen, UTC)

    @property
    def proved_at(self) -> datetime:
        return datetime.fromtimestamp(self.proved, UTC)

    def is_over(self, *, now: datetime, idle: timedelta, whole_length: timedelta) -> bool:
        return self.over or now - self.seen_at >= idle or now - self.began_at >= whole_length

    def noted(self, now: datetime) -> "SignedIn | None":
        """The same, used now. None where that was noted a moment ago."""
        return replace(self, seen=now.timestamp()) if now - self.seen_at >= NOTED_EVERY else None


def sign_ins_of(account: Account) -> list[tuple[Session, SignedIn]]:
    """The live sign-ins of a person, the last used first."""
    rows = Session.objects.filter(account=account, expire_date__gt=timezone.now())
    held = [(row, SignedIn.of(row.get_decoded())) for row in rows]
    return sorted(((row, known) for row, known in held if known and not known.over), key=lambda pair: -pair[1].seen)


def end_sign_ins(account: Account | int, *, but: str | None = None) -> int:
    """End every sign-in of this person at once, but for the session with this key. Answers how many ended."""
    key = account if isinstance(account, int) else account.pk
    return Session.objects.filter(account_id=key).exclude(session_key=but or "").delete()[0]
