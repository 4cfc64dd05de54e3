"""What narrows the list of a term's plans: school, social worker, adviser, grade, days late, and one's own.

All of it is choices and stands in the address, so that a list can be kept and passed on.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django import forms

from onroll.access.actors import Actor
from onroll.access.models import Account
from onroll.design.forms import GovukForm, Look

from .models import Pep, PepSettings
from .queries import days_late

NONE = "none"
LATE = {"1": "1 working day or more", "5": "5 or more", "10": "10 or more", "20": "20 or more"}
NOT_GRADED = "No grade"
NAMES = ("school", "worker", "officer", "grade", "late", "mine")


@dataclass(frozen=True)
class Narrowing:
    """What a list of plans is narrowed by, as an address has it. What the address says wrongly narrows nothing."""

    held: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def from_address(cls, query: Mapping[str, Any]) -> "Narrowing":
        said = {name: str(query.get(name, "")) for name in NAMES}
        good = {
            "grade": {*Pep.Grade.values, NONE},
            "late": set(LATE),
            "mine": {"1"},
        }
        return cls({name: value for name, value in said.items() if value and value in good.get(name, {value})})

    def of(self, peps: Iterable[Any], actor: Actor, settings: PepSettings) -> list[Any]:
        """The plans of the list that are left."""
        return [pep for pep in peps if self._keeps(pep, actor, settings)]

    def _keeps(self, pep: Any, actor: Actor, settings: PepSettings) -> bool:
        keys = {"school": pep.school_key, "worker": pep.worker_key, "officer": pep.officer_key}
        for name, key in keys.items():
            if name in self.held and self.held[name] != (str(key) if key else NONE):
                return False
        if "grade" in self.held and self.held["grade"] != (pep.grade or NONE):
            return False
        if "late" in self.held and not _is_late(pep, int(self.held["late"]), settings, actor.today):
            return False
        return "mine" not in self.held or actor.holder in (pep.worker_account, pep.officer_account)


def _is_late(pep: Any, least: int, settings: PepSettings, today: date) -> bool:
    """Whether it was done late, or is late by today, by so many working days."""
    return days_late(pep, settings, today) >= least


class TrackerForm(GovukForm):
    """The choices of the panel: those that occur in the list, and no others."""

    school = forms.ChoiceField(label="School", required=False)
    worker = forms.ChoiceField(label="Social worker", required=False)
    officer = forms.ChoiceField(label="Adviser", required=False)
    grade = forms.ChoiceField(label="Grade", required=False)
    late = forms.ChoiceField(label="Days late", required=False)
    mine = forms.BooleanField(label="Only the children I work with", required=False)

    mark_optional = False
    looks = {name: Look(width="full") for name in ("school", "worker", "officer", "grade", "late")}

    def __init__(self, peps: Sequence[Any], narrowing: Narrowing, *, reads_school: bool, own: bool) -> None:
        super().__init__(initial=dict(narrowing.held))
        names = _names({key for pep in peps for key in (pep.worker_key, pep.officer_key) if key})
        choices = {
            "school": _found((pep.school_key, pep.school_name) for pep in peps),
            "worker": _found((pep.worker_key, names.get(pep.worker_key, "")) for pep in peps),
            "officer": _found((pep.officer_key, names.get(pep.officer_key, "")) for pep in peps),
            "grade": [*((value, str(words)) for value, words in Pep.Grade.choices), (NONE, NOT_GRADED)],
            "late": list(LATE.items()),
        }
        for name, found in choices.items():
            self.fields[name].choices = [("", "All"), *found]  # type: ignore[attr-defined]
        for name, there in (("school", reads_school), ("mine", own)):
            if not there:
                del self.fields[name]


def _names(keys: Iterable[Any]) -> dict[Any, str]:
    return {account.public_id: account.name for account in Account.objects.filter(public_id__in=list(keys))}


def _found(pairs: Iterable[tuple[Any, str]]) -> list[tuple[str, str]]:
    """What occurs, in the order of its words, and at the end “Nobody” where something has none."""
    held = dict(pairs)
    named = sorted(((str(key), words) for key, words in held.items() if key), key=lambda pair: pair[1].casefold())
    return [*named, *([(NONE, "None")] if None in held else [])]
