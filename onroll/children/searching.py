"""Finding a child by words: exact first, then what sounds or looks like it.

The words a child is found by are kept in one column, tidied the same way as what is typed, so that both databases
answer alike. Numbers are found only whole, and only by those who may see numbers.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from django.db.models import Exists, OuterRef, Q

from onroll.access.actors import Actor
from onroll.access.sections import Section, may_read

from .models import Child, Identifiers, SchoolPlace
from .records import holds_on

ALIKE = 0.78


def tidy(text: str) -> str:
    """Lower case, no accents, one space between words, apostrophes dropped, hyphens as spaces."""
    plain = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    plain = re.sub(r"['’`.]", "", plain.lower())
    return " ".join(re.sub(r"[^a-z0-9]+", " ", plain).split())


def search_words_of(child: Child) -> str:
    """What this child is found by: every name, tidied."""
    return tidy(f"{child.given_name} {child.family_name} {child.known_as}")[:400]


def matching(actor: Actor, words: str) -> Q:
    """Children whose names hold all the words, whose number they are, or whose school today has them in its name."""
    terms = tidy(words).split()
    if not terms:
        return Q()
    by_name = Q()
    for term in terms:
        by_name &= Q(search_words__contains=term)
    found = by_name
    number = words.strip().upper().replace(" ", "")
    if may_read(actor, Section.NUMBERS):
        numbers = Identifiers.unscoped.filter(child=OuterRef("pk"))
        found |= Q(Exists(numbers.filter(Q(child_number__iexact=words.strip()) | Q(upn=number) | Q(uln=number))))
    if may_read(actor, Section.SCHOOL):
        at_school = SchoolPlace.unscoped.filter(holds_on(actor.today), child=OuterRef("pk"))
        for term in terms:
            at_school = at_school.filter(school__search_words__contains=term)
        found |= Q(Exists(at_school.filter(SchoolPlace.limited_to(actor))))
    return found


@dataclass(frozen=True)
class Found:
    """The children found: those that match the words, then those that only come near."""

    exact: list[Child]
    alike: list[Child]


def find(actor: Actor, words: str, *, limit: int = 30) -> Found:
    """Children within the actor's reach who match the words. At most `limit` of each kind; three queries."""
    if not tidy(words):
        return Found([], [])
    everyone = Child.visible_to(actor)
    exact = list(everyone.filter(matching(actor, words)).order_by("family_name", "given_name")[:limit])
    if len(exact) >= limit:
        return Found(exact, [])
    seen = {child.pk for child in exact}
    near = _near(everyone.values_list("pk", "search_words"), tidy(words), leave_out=seen)[:limit]
    by_key = {child.pk: child for child in everyone.filter(pk__in=[key for _, key in near])} if near else {}
    return Found(exact, [by_key[key] for _, key in near if key in by_key])


def _near(rows: Iterable[tuple[int, str]], words: str, *, leave_out: set[int]) -> list[tuple[float, int]]:
    terms = words.split()
    scored = []
    for key, held in rows:
        if key in leave_out or not held:
            continue
        score = sum(max(likeness(term, word) for word in held.split()) for term in terms) / len(terms)
        if score >= ALIKE:
            scored.append((score, key))
    return sorted(scored, key=lambda each: (-each[0], each[1]))


def likeness(one: str, other: str) -> float:
    """How alike two tidied words are, from 0 to 1: by their letters, or by how they sound."""
    if abs(len(one) - len(other)) > 3 or not one or not other:
        return 0.0
    sound = _sound(one)
    # One or two consonants are the sound of too many names: short ones must begin with the same letter as well.
    tells = len(sound) > 2 or one[0] == other[0]
    by_sound = 0.9 if tells and sound == _sound(other) else 0.0
    matcher: Any = SequenceMatcher(None, one, other, autojunk=False)
    if matcher.real_quick_ratio() < ALIKE or matcher.quick_ratio() < ALIKE:
        return by_sound
    return max(matcher.ratio(), by_sound)


_SOUNDS = (("ph", "f"), ("ck", "k"), ("gh", ""), ("kn", "n"), ("wr", "r"), ("sch", "s"), ("ce", "se"), ("ci", "si"))
_LETTERS = str.maketrans({"c": "k", "q": "k", "x": "k", "z": "s", "v": "f", "y": "i", "j": "g"})


def _sound(word: str) -> str:
    """A rough key of how a name sounds: consonants only, doubled ones once."""
    for letters, sound in _SOUNDS:
        word = word.replace(letters, sound)
    word = word.translate(_LETTERS)
    kept = word[:1] + re.sub(r"[aeiouhw]", "", word[1:])
    return re.sub(r"(.)\1+", r"\1", kept)
