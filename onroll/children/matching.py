"""Whether two records may be of one child: by their numbers, or by names that are alike and the date of birth.

A child who left care by adoption is never matched with anyone: the new record stays apart from the old one on purpose.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, Q

from onroll.access.actors import Actor
from onroll.access.sections import Section, may_read
from onroll.codes import REASON_CEASED
from onroll.codes.uln import tidy_uln
from onroll.codes.upn import tidy_upn

from .models import CareEpisode, Child, Identifiers
from .searching import likeness, tidy

NAMES_ALIKE = 0.8
# The reasons for which an episode ceased that say that the child was adopted.
ADOPTED = [code.code for code in REASON_CEASED if code.is_adoption]


@dataclass(frozen=True)
class Match:
    """A record that may be of the same child, and what says so."""

    child: Child
    why: str


@dataclass(frozen=True)
class Pair:
    """Two records that may be of one child. `first` is the older record."""

    first: Child
    second: Child
    why: str


def left_by_adoption() -> Exists:
    """Of a query of children: those who left care by adoption."""
    return Exists(CareEpisode.unscoped.filter(child=OuterRef("pk"), reason_ceased__in=ADOPTED))


def find_possible_matches(
    *,
    given_name: str,
    family_name: str,
    known_as: str = "",
    birth_date: date,
    upn: str = "",
    uln: str = "",
    actor: Actor,
) -> list[Match]:
    """Records that may be of this child, among those the actor may see. Numbers only for those who may see numbers."""
    near = Child.visible_to(actor).exclude(left_by_adoption())
    numbers = Q()
    if may_read(actor, Section.NUMBERS):
        numbers = _same_numbers(tidy_upn(upn), tidy_uln(uln))
    by_number = set(near.filter(numbers).values_list("pk", flat=True)) if numbers else set()
    asked = Child(given_name=given_name, family_name=family_name, known_as=known_as, birth_date=birth_date)
    same_day = Q(birth_date__in=_days_easily_mistaken(birth_date))
    candidates = near.filter(same_day | Q(pk__in=by_number)).order_by("family_name", "given_name", "pk")
    matches = [Match(child, _why(asked, child, same_number=child.pk in by_number)) for child in candidates]
    return [match for match in matches if match.why]


def _same_numbers(upn: str, uln: str) -> Q:
    same = Q()
    if upn:
        same |= Q(Exists(Identifiers.unscoped.filter(Q(upn=upn) | Q(former_upn=upn), child=OuterRef("pk"))))
    if uln:
        same |= Q(Exists(Identifiers.unscoped.filter(uln=uln, child=OuterRef("pk"))))
    return same


def _days_easily_mistaken(born_on: date) -> set[date]:
    """The day itself, and the one with day and month the other way round."""
    days = {born_on}
    if born_on.day <= 12:
        days.add(born_on.replace(month=born_on.day, day=born_on.month))
    return days


def _why(one: Child, other: Child, *, same_number: bool = False) -> str:
    if same_number:
        return "The same UPN or ULN"
    born = one.birth_date == other.birth_date
    if not (one.family_name or one.given_name) or not (other.family_name or other.given_name):
        return "The same date of birth; one record has no name" if born else ""
    if not _alike(one, other):
        return ""
    return "A like name and the same date of birth" if born else "A like name, and day and month of birth swapped"


def _alike(one: Child, other: Child) -> bool:
    family = _near(tidy(one.family_name), tidy(other.family_name))
    ours = {tidy(one.given_name), tidy(one.known_as)} - {""}
    theirs = {tidy(other.given_name), tidy(other.known_as)} - {""}
    given = any(_near(a, b) or a.split()[0] == b.split()[0] for a in ours for b in theirs)
    return given and (family or not (one.family_name and other.family_name))


def _near(one: str, other: str) -> bool:
    return one == other or likeness(one, other) >= NAMES_ALIKE


def find_duplicates(actor: Actor) -> list[Pair]:
    """Pairs of records, among those the actor may see, that may be of one child. Two queries, whatever the size."""
    children = list(Child.visible_to(actor).exclude(left_by_adoption()).order_by("pk"))
    by_key = {child.pk: child for child in children}
    pairs: dict[tuple[int, int], str] = {}
    if may_read(actor, Section.NUMBERS):
        numbers = Identifiers.unscoped.filter(child_id__in=Child.visible_to(actor).values("pk"))
        for same in _shared(numbers.values_list("child_id", "upn", "uln")):
            for pair in _pairs(sorted(key for key in same if key in by_key)):
                pairs.setdefault(pair, "The same UPN or ULN")
    by_birth: dict[date, list[Child]] = defaultdict(list)
    for child in children:
        if child.given_name or child.family_name:
            by_birth[child.birth_date].append(child)
    for born_together in by_birth.values():
        for first, second in _pairs(born_together):
            if _alike(first, second):
                pairs.setdefault((first.pk, second.pk), "A like name and the same date of birth")
    return [Pair(by_key[first], by_key[second], why) for (first, second), why in sorted(pairs.items())]


def _shared(rows: Iterable[tuple[int, str, str]]) -> list[set[int]]:
    holders: dict[tuple[str, str], set[int]] = defaultdict(set)
    for child, upn, uln in rows:
        if upn:
            holders["upn", upn].add(child)
        if uln:
            holders["uln", uln].add(child)
    return [same for same in holders.values() if len(same) > 1]


def _pairs(ordered: Sequence[Any]) -> list[tuple[Any, Any]]:
    return [(one, other) for at, one in enumerate(ordered) for other in ordered[at + 1 :]]
