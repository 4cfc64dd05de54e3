"""What a password may not be: too short, too common, or made of words that anyone would try first here."""

import re
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone

from .actors import actors_of

PRODUCT = ("onroll", "virtualschool", "virtual school", "password")
TRIED_FIRST = "Do not use your name, your school or your council in it"


class NoContextWords:
    """Refuses a password that is little more than the person's own name, authority or school, or the product's."""

    def validate(self, password: str, user: Any = None) -> None:
        left = _plain(password)
        words = {_plain(word) for word in (*PRODUCT, *self._about(user)) if len(_plain(word)) >= 4}
        for word in sorted(words, key=len, reverse=True):
            left = left.replace(word, "")
        # Figures and signs at the end are what people add to a word they should not use.
        if len(re.sub(r"\d", "", left)) < 6 and left != _plain(password):
            raise ValidationError(TRIED_FIRST, code="password_context_words")

    def get_help_text(self) -> str:
        return TRIED_FIRST

    def _about(self, user: Any) -> list[str]:
        if user is None or user.pk is None:
            return []
        told = [user.given_name, user.family_name, *re.split(r"[@.\-]", user.email)]
        for actor in actors_of(user, timezone.localdate()):
            told += [actor.authority_name, actor.school_name]
            told += actor.school_name.split() + actor.authority_name.split()
        return told


class NotTooLong:
    """Refuses more than 128 characters: nobody types them, and working them out is work."""

    def validate(self, password: str, user: Any = None) -> None:
        if len(password) > 128:
            raise ValidationError("Use 128 characters or fewer", code="password_too_long")

    def get_help_text(self) -> str:
        return "Use 128 characters or fewer"


def _plain(words: str) -> str:
    return re.sub(r"[^a-z0-9]", "", words.lower())
