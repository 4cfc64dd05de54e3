"""Where two sources disagree on a fact: the record keeps the one that is trusted more, and a person settles it.

The authority's order of trust decides; a source that comes later in it fills what is empty and changes nothing else.
A fact is named `model.key.field`, for example `characteristics.218.sex`, so that one way of settling serves all.
"""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.apps import apps
from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.db import IntegrityError, models

from onroll.access.actors import Actor
from onroll.access.can import Can, can
from onroll.access.sections import Section, may_write
from onroll.authorities.models import Authority
from onroll.children.models import Child, Difference
from onroll.children.searching import search_words_of
from onroll.codes import (
    CATEGORY_OF_NEED,
    ETHNICITY,
    LEGAL_STATUS,
    PLACEMENT_PROVIDER,
    PLACEMENT_TYPE,
    REASON_CEASED,
    REASON_NEW,
    REASON_PLACEMENT_CHANGE,
    REVIEW_PARTICIPATION,
    SEX,
    CodeSet,
)
from onroll.design.values import Side
from onroll.design.words import day
from onroll.history.changes import change, verb

from .plans import Changes
from .problems import BadValue, Grade, Problem, Refused

verb("difference.settled", "{actor} settled a difference between two sources")

SOURCES = {
    "person": "entered by a person",
    "school": "the school’s data",
    "list": "the weekly list",
    "ssda903": "the SSDA903 return",
    "exchange": "an exchange file",
}


class Trust:
    """Merges what a source says into rows that are held, and finds what is to be settled."""

    def __init__(self, authority: Authority, source: str, changes: Changes, *, today: date) -> None:
        self.source = source
        self.changes = changes
        self.today = today
        self.problems: list[Problem] = []
        self._rank = {name: authority.trust(name) for name in (*SOURCES, source)}
        self._authority = authority
        self._known: dict[tuple[int, str], list[Difference]] | None = None

    def is_trusted_over(self, held_source: str) -> bool:
        """Whether this source may change what `held_source` said."""
        return self._rank[self.source] <= self._rank.get(held_source, self._authority.trust(held_source))

    def merge(
        self, row: Any, said: dict[str, Any], *, number: str, place: tuple[str, int | None], fill_only: bool = False
    ) -> bool:
        """Bring a held row up to what this source says. Empty values say nothing. Answers whether anything changes.

        `fill_only` changes nothing that is filled, and finds no difference: for a file older than what is held.
        `number` and `place` (file, line) are for the words of a difference.
        """
        fill: dict[str, Any] = {}
        disputed: dict[str, Any] = {}
        for name, value in said.items():
            held = getattr(row, name)
            if value == held or is_empty(value):
                continue
            (fill if is_empty(held) else disputed)[name] = value
        if disputed and not fill_only:
            if self.is_trusted_over(row.source):
                fill |= disputed
                if row.source != self.source:
                    fill["source"] = self.source
            else:
                for name, value in disputed.items():
                    self.differ(row, name, value, number=number, place=place)
        return self.changes.update(row, **fill) if fill else False

    def differ(self, row: Any, name: str, value: Any, *, number: str, place: tuple[str, int | None]) -> None:
        """Put a difference on one fact of a held row in the list to settle, unless it is there or was settled so."""
        child = row if isinstance(row, Child) else row.child
        fact = f"{row._meta.model_name}.{row.pk}.{name}"
        said = as_text(value)
        kept = as_text(getattr(row, name))
        for known in self._differences().get((child.pk, fact), ()):
            if known.settled_on is None:
                self.changes.update(known, other=said, kept=kept)
                break
            if known.other == said and known.settled_as == "kept":
                return
        else:
            self.changes.create(
                Difference(
                    authority_id=child.authority_id,
                    child=child,
                    part=row.section().value,
                    fact=fact,
                    kept=kept,
                    kept_source=row.source,
                    other=said,
                    other_source=self.source,
                    noticed_on=self.today,
                    source=self.source,
                )
            )
        words = row._meta.get_field(name).verbose_name
        file, line = place
        self.problems.append(
            Problem(
                Grade.NOTED,
                "difference",
                file,
                line,
                number,
                "",
                f"The {words} of the {row._meta.verbose_name} is not what the record holds from "
                f"{SOURCES.get(row.source, row.source)}",
                "Kept the record's, and put both in the list of differences to settle",
            )
        )

    def _differences(self) -> dict[tuple[int, str], list[Difference]]:
        if self._known is None:
            self._known = {}
            held = Difference.unscoped.filter(authority=self._authority, other_source=self.source).order_by(
                "settled_on"
            )
            for difference in held:
                self._known.setdefault((difference.child_id, difference.fact), []).append(difference)
        return self._known


def is_empty(value: Any) -> bool:
    """Nothing is known: no text, no value."""
    return value is None or value == ""


def as_text(value: Any) -> str:
    if is_empty(value):
        return ""
    if isinstance(value, models.Model):
        return str(value.pk)
    if isinstance(value, bool):
        return "yes" if value else "no"
    return value.isoformat() if isinstance(value, date) else str(value)


def _from_text(field: models.Field, text: str) -> Any:
    if not text:
        return None if field.null else ""
    if isinstance(field, models.BooleanField):
        return text == "yes"
    if field.is_relation:
        # A link is told by the number of what it points to.
        linked: Any = field.related_model
        return linked._base_manager.get(pk=text)
    return field.to_python(text)


def why_not_settle(difference: Difference, *, actor: Actor) -> str:
    """Why the actor can't settle this difference, in words. Empty if they can."""
    if difference.settled_on:
        return "This difference is settled already."
    if not can(actor, Can.SETTLE_DIFFERENCES) or not may_write(actor, Section(difference.part)):
        return "Your role does not settle this difference."
    return ""


def settle(differences: Iterable[Difference], *, as_: str, actor: Actor) -> int:
    """Settle these differences: "kept" leaves the record as it is, "other" takes the other source's word.

    What the other source said is then the word of the person who chose it. Answers how many were settled.
    """
    if as_ not in ("kept", "other"):
        raise Refused("Choose which of the two is right.")
    chosen = list(differences)
    for difference in chosen:
        refusal = why_not_settle(difference, actor=actor)
        if refusal:
            raise Refused(refusal)
    with change("difference.settled", actor=actor, child=chosen[0].child_id if len(chosen) == 1 else None) as this:
        for difference in chosen:
            if as_ == "other":
                _take_the_other(difference, this)
            difference.settled_on = actor.today
            difference.settled_as = as_
            this.save(difference)
    return len(chosen)


def _take_the_other(difference: Difference, this: Any) -> None:
    model_name, key, name = difference.fact.split(".")
    model = apps.get_model("children", model_name)
    row = model._base_manager.filter(pk=key, authority_id=difference.authority_id).first()
    if row is None:
        raise Refused("What this difference is about has been removed since. Settle it as kept.")
    try:
        setattr(row, name, _from_text(model._meta.get_field(name), difference.other))
    except (BadValue, ValueError, ValidationError, ObjectDoesNotExist) as error:
        raise Refused("The other source's value can't be taken as it is. Change the record by hand.") from error
    row.source = "person"
    if isinstance(row, Child):
        row.search_words = search_words_of(row)
    try:
        this.save(row)
    except IntegrityError as error:
        # Such as a day of ending before the start that the record holds.
        raise Refused("The other source's value does not fit what else is held. Change the record by hand.") from error


def words_of(difference: Difference) -> str:
    """What the difference is about, for a page: the kind of fact."""
    model_name, _, name = difference.fact.split(".")
    model = apps.get_model("children", model_name)
    field = model._meta.get_field(name).verbose_name
    return f"{str(model._meta.verbose_name).capitalize()}: {field}"


def sides_of(difference: Difference) -> tuple[Side, Side]:
    """What the record holds and what the other source says, in words for a page."""
    return (
        Side(
            source=_source_words(difference.kept_source),
            value=_in_words(difference, difference.kept),
            kept=True,
            key="kept",
        ),
        Side(
            source=_source_words(difference.other_source),
            value=_in_words(difference, difference.other),
            since=f"noticed on {day(difference.noticed_on)}",
            key="other",
        ),
    )


def _source_words(source: str) -> str:
    words = SOURCES.get(source, source)
    return words[:1].upper() + words[1:]


_CODES: dict[str, CodeSet] = {
    "legal_status": LEGAL_STATUS,
    "reason_new": REASON_NEW,
    "reason_ceased": REASON_CEASED,
    "reason_place_change": REASON_PLACEMENT_CHANGE,
    "category_of_need": CATEGORY_OF_NEED,
    "placement_type": PLACEMENT_TYPE,
    "provider": PLACEMENT_PROVIDER,
    "sex": SEX,
    "ethnicity": ETHNICITY,
    "participation": REVIEW_PARTICIPATION,
}


def _in_words(difference: Difference, text: str) -> str:
    """A value as a person reads it: codes with their words, days written out, nothing as what it means."""
    model_name, _, name = difference.fact.split(".")
    if not text:
        return "still open" if name == "end" else "not known"
    if name in _CODES:
        code = _CODES[name].get(text)
        return f"{text}: {code.label}" if code else text
    field = apps.get_model("children", model_name)._meta.get_field(name)
    if field.is_relation:
        linked = field.related_model._base_manager.filter(pk=text).first() if text.isdecimal() else None
        return str(linked or text)
    try:
        return day(date.fromisoformat(text)) if isinstance(field, models.DateField) else text
    except ValueError:
        return text
