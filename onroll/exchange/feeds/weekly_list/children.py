"""Who the children are: names, birth date, numbers and characteristics of a list beside what is held."""

from collections import defaultdict
from typing import Any

from onroll.children.models import Characteristics, Child, FormerName, Identifiers
from onroll.children.searching import search_words_of
from onroll.codes import ETHNICITY
from onroll.exchange.feeds.ssda903.children import update_upn
from onroll.exchange.feeds.ssda903.holdings import Holding
from onroll.exchange.problems import Grade
from onroll.exchange.writing import new

from .comparison import Comparison
from .rows import LEFT_OUT, Listed

_NAMES = ("given_name", "family_name", "known_as")
_CHARACTERISTICS = ("sex", "ethnicity", "uasc", "disability")


def compare_children(comparison: Comparison) -> None:
    """Make the children that the record does not hold, and bring those it holds up to the list."""
    by_number, on = comparison.holdings.by_number, comparison.on
    rows_of: dict[int, list[Listed]] = defaultdict(list)
    for listed in comparison.said.children.values():
        holding = by_number.get(listed.child)
        if listed.care_start > on:
            _leave_out(comparison, listed, "care_start", "The first day of care is after the day of the list")
        elif holding is None and listed.birth_date is None:
            _leave_out(comparison, listed, "birth_date", "The child is new, and there is no date of birth")
        elif holding is None:
            by_number[listed.child] = holding = _new(comparison, listed)
            comparison.children.append((holding, listed))
        else:
            rows_of[id(holding)].append(listed)
    for rows in rows_of.values():
        if len(rows) > 1:
            for listed in rows:
                _leave_out(comparison, listed, "child_id", "Two rows of the list have numbers of one child")
            continue
        listed = rows[0]
        holding = by_number[listed.child]
        _update(comparison, holding, listed)
        comparison.children.append((holding, listed))


def _leave_out(comparison: Comparison, listed: Listed, key: str, wrong: str) -> None:
    comparison.tell(Grade.LEFT_OUT, f"left_out_{key}", key, listed, wrong, LEFT_OUT)
    comparison.said.left_out.add(listed.child)


def _new(comparison: Comparison, listed: Listed) -> Holding:
    create = comparison.changes.create
    names = {name: getattr(listed, name) for name in _NAMES}
    own = {"authority_id": comparison.authority.pk, "source": "list"}
    child = create(new(Child, **own, **names, birth_date=listed.birth_date))
    child.search_words = search_words_of(child)
    own["child"] = child
    identifiers = create(
        new(Identifiers, **own, child_number=listed.child, upn=listed.upn, upn_unknown=listed.upn_unknown)
    )
    traits = create(new(Characteristics, **own, **{name: getattr(listed, name) for name in _CHARACTERISTICS}))
    return Holding(listed.child, child, identifiers, traits, is_new=True, numbers={listed.child})


def _update(comparison: Comparison, holding: Holding, listed: Listed) -> None:
    """A known answer never becomes "not known"."""
    older = comparison.is_older(holding)
    _update_child(comparison, holding, listed)
    row = holding.characteristics
    said: dict[str, Any] = {name: getattr(listed, name) for name in _CHARACTERISTICS}
    if row is None:
        row = new(Characteristics, **comparison.own(holding.child), **said)
        holding.characteristics = comparison.changes.create(row)
        comparison.mark(holding)
    else:
        if row.sex and listed.sex == "U":
            del said["sex"]
        if row.ethnicity and listed.ethnicity and ETHNICITY[listed.ethnicity].not_yet_obtained:
            del said["ethnicity"]
        comparison.merge(holding, row, said, listed)
    comparison.mark(holding, update_upn(comparison, holding, listed, older))


def _update_child(comparison: Comparison, holding: Holding, listed: Listed) -> None:
    child = holding.child
    before = {name: getattr(child, name) for name in _NAMES}
    # A list in capitals does not tell another name.
    said: dict[str, Any] = {
        name: value for name in _NAMES if (value := getattr(listed, name)).lower() != before[name].lower()
    }
    comparison.merge(holding, child, {**said, "birth_date": listed.birth_date}, listed)
    if child.held_as != Child.HeldAs.OWN and not comparison.is_older(holding):
        comparison.mark(holding, comparison.changes.update(child, held_as=Child.HeldAs.OWN))
    if any(getattr(child, name) != before[name] for name in _NAMES):
        comparison.changes.update(child, search_words=search_words_of(child))
    if any(before[name] and getattr(child, name) != before[name] for name in ("given_name", "family_name")):
        comparison.changes.create(
            new(
                FormerName,
                **comparison.own(child),
                **before,
                end=comparison.on,
                reason="Known by another name in the weekly list",
            )
        )
