"""The links that prove a person reads their e-mail. Nothing of them is stored; each opens once and lapses."""

from datetime import date, datetime, timedelta

from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.utils.http import base36_to_int

from .models import Account


class Links(PasswordResetTokenGenerator):
    """Links of one kind. Choosing a password or signing in makes those made before worth nothing."""

    def __init__(self, kind: str, lasts: timedelta) -> None:
        super().__init__()
        self.key_salt = f"onroll.access.{kind}"
        self.lasts = lasts

    def made_at(self, token: str) -> datetime:
        """When the link was made. Only for a token that was checked."""
        # The framework counts seconds from here.
        return datetime(2001, 1, 1) + timedelta(seconds=base36_to_int(token.split("-")[0]))  # noqa: DTZ001

    def lapses_on(self, token: str) -> date:
        """The last day on which the link opens."""
        return (self.made_at(token) + self.lasts).date()

    def check_token(self, user: Account | None, token: str | None) -> bool:
        if not super().check_token(user, token):
            return False
        assert token is not None
        return self._now() - self.made_at(token) <= self.lasts


INVITED_FOR = timedelta(days=7)
invitations = Links("invitation", INVITED_FOR)
resets = Links("reset", timedelta(hours=1))
