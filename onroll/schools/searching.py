"""Finding a school by its name, number, postcode or town, however it is spelled and spaced.

What a school is found by stands in one column: each of its words in small plain letters without any blank, so that
“Green Field”, “Greenfield” and “GREENFIELD'S” are alike and both databases answer the same.
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from django.db.models import Case, IntegerField, Q, QuerySet, Value, When

from onroll.access.actors import Actor

from .models import School
from .queries import in_reach

# A school's own numbers: someone who types one means that school alone.
_WHOLE_NUMBERS = ("urn", "laestab", "setting_id")
_CANDIDATES = 1500
_ALIKE = 0.62
_WORD = re.compile("[a-z0-9]+")
_NO_APOSTROPHES = str.maketrans({"'": "", "’": "", "`": "", "&": " and "})
# Each with a blank on both sides, as whole words.
_ONE_WORD_FOR = (
    (" church of england ", " cofe "),
    (" c of e ", " cofe "),
    (" c e ", " cofe "),
    (" saint ", " st "),
    (" and ", " "),
    (" the ", " "),
)


def tidy(text: str) -> list[str]:
    """The words of a text in small letters without accents, apostrophes or dots, each kind of school called one way."""
    if not text.isascii():
        text = "".join(each for each in unicodedata.normalize("NFKD", text) if not unicodedata.combining(each))
    words = f" {' '.join(_WORD.findall(text.lower().translate(_NO_APOSTROPHES)))} "
    for longer, one in _ONE_WORD_FOR:
        words = words.replace(longer, one)
    return words.split()


@lru_cache(maxsize=10_000)
def _joined(text: str) -> str:
    return "".join(tidy(text))


def search_words_of(school: School) -> str:
    """What this school is found by."""
    numbers = (school.postcode.replace(" ", "").lower(), school.urn, school.laestab)
    parts = ["".join(tidy(school.name)), _joined(school.town), _joined(school.locality), *numbers]
    if not school.urn:
        parts.append(school.setting_id.lower())
    return " ".join(dict.fromkeys(each for each in parts if each))[:400]


@dataclass(frozen=True)
class Found:
    """The schools found: those that hold every word, then those that only come near. `more` if not all are here."""

    exact: list[School]
    alike: list[School]
    more: bool = False

    def __len__(self) -> int:
        return len(self.exact) + len(self.alike)


def find(actor: Actor, words: str, *, limit: int = 200, open_only: bool = False) -> Found:
    """The schools and settings that fit these words, best first. Two queries at most."""
    terms = tidy(words)
    if not terms:
        return Found([], [])
    schools = in_reach(actor)
    if open_only:
        schools = schools.exclude(status=School.Status.CLOSED)
    exact = _ranked(actor, schools.filter(_holds_all(terms)), terms, limit + 1)
    more = len(exact) > limit
    alike = [] if more or len(exact) >= 10 else _alike(actor, schools, terms, exact, limit=20)
    return Found(exact[:limit], alike, more)


def _holds_all(terms: list[str]) -> Q:
    holds = Q()
    for term in terms:
        holds &= Q(search_words__contains=term)
    return holds


def _ranked(actor: Actor, schools: QuerySet[School], terms: list[str], limit: int) -> list[School]:
    """Its own number first, then names that begin with the words; open before closed, one's own before others'.

    The database orders by numbers alone, so that two databases cut the list at the same school; names are ordered here.
    """
    joined = "".join(terms)
    is_number = Q()
    for name in _WHOLE_NUMBERS:
        is_number |= Q(**{f"{name}__iexact": joined})
    best = Case(
        When(is_number, then=0), When(search_words__startswith=joined, then=1), default=2, output_field=IntegerField()
    )
    closed = Case(When(status=School.Status.CLOSED, then=1), default=0, output_field=IntegerField())
    elsewhere = Case(
        When(authority=actor.authority, then=0),
        When(la_code=_own_code(actor), then=0),
        default=1,
        output_field=IntegerField(),
    )
    ranked = schools.annotate(best=best, closed=closed, elsewhere=elsewhere)
    found = list(ranked.order_by("best", "closed", "elsewhere", "setting_id", "pk")[:limit])
    return sorted(found, key=lambda each: (each.best, each.closed, each.elsewhere, each.search_words, each.setting_id))  # type: ignore[attr-defined]


def _own_code(actor: Actor) -> Value:
    return Value(actor.authority_code)


def _alike(
    actor: Actor, schools: QuerySet[School], terms: list[str], exact: list[School], *, limit: int
) -> list[School]:
    """Schools whose words are nearly these. A word of four letters or more may be misspelled, a number may not."""
    holds = Q()
    for term in terms:
        pieces = _pieces(term)
        if pieces:
            near = Q()
            for piece in pieces:
                near |= Q(search_words__contains=piece)
            holds &= near
    if not holds:
        return []
    seen = {school.pk for school in exact}
    candidates = schools.filter(holds).order_by("setting_id", "pk").values_list("pk", "name", "town", "status")
    scored = []
    for pk, name, town, status in candidates[:_CANDIDATES]:
        if pk not in seen:
            score = _score(terms, _with_joined(tidy(f"{name} {town}")))
            if score >= _ALIKE:
                scored.append((-round(score, 6), status == School.Status.CLOSED, name, pk))
    keys = [pk for _, _, _, pk in sorted(scored)[:limit]]
    by_key = School.objects.in_bulk(keys)
    return [by_key[key] for key in keys]


def _pieces(term: str) -> list[str]:
    """Parts of a word of which one is still right when a letter or two are wrong. None for what is too short."""
    if term.isdecimal():
        return [term]
    if len(term) < 4:
        return []
    parts = 2 if len(term) < 8 else 3
    size = -(-len(term) // parts)
    return [term[at : at + size] for at in range(0, len(term), size) if len(term[at : at + size]) > 1]


def _score(terms: list[str], held: list[str]) -> float:
    """How near each word that was typed comes to one of the school's, from 0 to 1, long words counting for more."""
    weight = sum(len(term) for term in terms)
    return sum(len(term) * max((_likeness(term, word) for word in held), default=0.0) for term in terms) / weight


def _with_joined(words: list[str]) -> list[str]:
    """The words, and each two neighbours written as one."""
    return [*words, *(f"{one}{other}" for one, other in pairwise(words))]


@lru_cache(maxsize=100_000)
def _likeness(one: str, other: str) -> float:
    """The share of letter pairs that two words have in common; the first and last letter count as pairs too."""
    if one == other:
        return 1.0
    pairs, others = _pairs(one), _pairs(other)
    return 2 * len(pairs & others) / (len(pairs) + len(others))


@lru_cache(maxsize=50_000)
def _pairs(word: str) -> frozenset[str]:
    padded = f" {word} "
    return frozenset(padded[at : at + 2] for at in range(len(padded) - 1))
