"""Saving a section: what was typed is kept, whatever is still missing, and what two people write at once is never lost.

Each answer that nobody else touched is kept. Where both wrote in one answer the second save is refused with both texts.
"""

import hashlib
import json
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils import timezone

from onroll.access.actors import Actor
from onroll.access.sections import Section
from onroll.children.actions.guards import keep_leak
from onroll.children.contradictions import Refused, refuse_if
from onroll.children.leaks import found_in
from onroll.history.changes import ThisChange, verb

from .activities import STATES, keep_activity
from .assessing import keep_results
from .forms.declarations import Question
from .forms.values import check_value, is_nothing
from .holding import at_once, not_written
from .models import Pep, PepAnswers, Signature
from .promoted import answers_in_columns, keep_columns
from .turns import Who
from .workflow import State
from .writing import Line, Writing, part_of, who_of

verb("pep.section_saved", "{actor} wrote in a PEP")


def digest(value: Any) -> str:
    """What tells one answer from another, in a few letters. Nothing is told by nothing."""
    if is_nothing(value):
        return ""
    return hashlib.sha256(json.dumps(value, sort_keys=True, ensure_ascii=False).encode()).hexdigest()[:16]


@dataclass(frozen=True)
class BothWrote:
    """One answer that two people wrote at the same time."""

    question: Question
    words: str
    mine: Any
    theirs: Any


class Clash(Exception):
    """Some answers were changed by somebody else since they were shown. Nothing of this save was kept.

    `by` and `at`: who saved the section last, and when.
    """

    def __init__(self, answers: list[BothWrote], by: str, at: datetime | None) -> None:
        super().__init__("Somebody else saved this section while you were writing.")
        self.answers, self.by, self.at = answers, by, at


class TellsWhere(Exception):
    """An answer tells something of where the child lives, and its readers are more than the address has: `parts`."""

    def __init__(self, parts: list[str]) -> None:
        super().__init__(", ".join(parts))
        self.parts = parts


@dataclass
class Saved:
    """What a save did: the new version of the section, when, and whether it took a signature away."""

    version: int
    at: datetime
    undid_signature: bool = False
    refused: dict[str, str] = field(default_factory=dict)


# No part of the record has fewer readers than the address but these two.
_AS_NARROW = (Section.ADDRESS.value, Section.CARER.value)


def save_section(
    writing: Writing,
    key: str,
    typed: Mapping[str, Any],
    *,
    was: Mapping[str, str],
    leak_why: str = "",
    said_now: bool = False,
) -> Saved:
    """Keep what was typed in a section. `was`: the digest of each answer as it was shown to the writer. `said_now`: the
    writer pressed a button, so that an activity which stays the same was said again today.

    What cannot be an answer is not kept and stands in `refused`. Raises Refused where the plan is not being written,
    TellsWhere at a text that tells where the child lives and has no reason, and Clash where both wrote in one answer.
    """
    pep, actor = writing.pep, writing.actor
    section = writing.section(key)
    if section is None or not writing.is_open:
        raise Refused(not_written(pep))
    mine = {line.question.key: line for line in writing.lines(section) if line.writes}
    wrong = {
        name: said
        for name, line in mine.items()
        if (said := check_value(line.question, typed.get(name), writing.offered))
    }
    wanted = {name: typed[name] for name in mine if name in typed and name not in wrong}
    given = {name: value for name, value in wanted.items() if digest(value) != was.get(name, "")}
    tells = _tells(mine, given, writing) if not leak_why else []
    if tells:
        raise TellsWhere(tells)
    with at_once("pep.section_saved", pep, actor=actor) as this:
        refuse_if("" if writing.is_open else not_written(pep))
        rows = _rows_of_section(pep, key)
        stored = {name: value for row in rows.values() for name, value in row.answers.items()}
        questions = [line.question for line in mine.values()]
        stored |= answers_in_columns(pep, questions)
        clashes: list[BothWrote] = []
        changed: dict[str, Any] = {}
        for name, value in wanted.items():
            shown_then, now = was.get(name, ""), stored.get(name)
            if digest(value) in (shown_then, digest(now)):
                continue
            if name in stored and digest(now) != shown_then:
                line = mine[name]
                clashes.append(BothWrote(line.question, line.words, value, now))
            changed[name] = value
        if clashes:
            # Without a row nobody wrote here: the column came in a file.
            last = max(rows.values(), key=lambda row: row.saved_at, default=None)
            by = last.saved_by.name if last and last.saved_by else "Somebody else"
            raise Clash(clashes, by, last.saved_at if last else None)
        at = timezone.now()
        if changed:
            keep_version(this, writing)
            _write(this, writing, key, changed, mine, rows, at)
            keep_columns(this, pep, questions, changed)
        _keep_what_they_do(this, pep, actor, mine, changed, {**stored, **changed}, wanted if said_now else {})
        undid = bool(changed) and begun(this, pep, actor)
        if changed and leak_why and (told := _tells(mine, changed, writing)):
            keep_leak(pep.child, where="PEP", tells=told, why=leak_why, actor=actor)
    return Saved(sum(row.version for row in rows.values()), at, undid, wrong)


def _rows_of_section(pep: Pep, key: str) -> dict[str, PepAnswers]:
    rows = PepAnswers.unscoped.select_related("saved_by").filter(pep=pep, section_key=key)
    return {row.part: row for row in rows}


def _tells(mine: Mapping[str, Line], answers: Mapping[str, Any], writing: Writing) -> list[str]:
    texts = [
        text
        for name, value in answers.items()
        if part_of(mine[name].question) not in _AS_NARROW
        for text in texts_of(value)
    ]
    return found_in(texts, writing.pep.child, writing.actor)


def texts_of(value: Any) -> list[str]:
    """The words of an answer, of whatever shape."""
    match value:
        case str():
            return [value]
        case list():
            return [text for each in value for text in texts_of(each)]
        case dict():
            return [text for each in value.values() for text in texts_of(each)]
    return []


def _write(
    this: ThisChange,
    writing: Writing,
    key: str,
    changed: Mapping[str, Any],
    mine: Mapping[str, Line],
    rows: dict[str, PepAnswers],
    at: datetime,
) -> None:
    by_part: dict[str, dict[str, Any]] = defaultdict(dict)
    for name, value in changed.items():
        by_part[part_of(mine[name].question)][name] = value
    pep, before = writing.pep, {name: value for row in rows.values() for name, value in row.answers.items()}
    for part, answers in by_part.items():
        row = rows.get(part)
        if row is None:
            row = PepAnswers(authority_id=pep.authority_id, child=pep.child, pep=pep, section_key=key, part=part)
            rows[part] = row
        row.answers = {**row.answers, **answers}
        row.version += 1
        row.saved_by_id, row.saved_at = writing.actor.account, at
        this.save(row)
    keep_results(this, pep, [mine[name].question for name in changed], changed, before)


def _keep_what_they_do(
    this: ThisChange,
    pep: Pep,
    actor: Actor,
    mine: Mapping[str, Line],
    changed: Mapping[str, Any],
    answers: Mapping[str, Any],
    said: Mapping[str, Any],
) -> None:
    """The activity that the section states, where it is said anew."""
    stating = {line.question.promoted_to: name for name, line in mine.items() if line.question.promoted_to in STATES}
    if any(name in changed or name in said for name in stating.values()):
        keep_activity(
            this, pep, {to: answers.get(name, said.get(name)) for to, name in stating.items()}, on=actor.today
        )


def keep_version(this: ThisChange, writing: Writing) -> None:
    """From the first answer on the plan keeps the questions of the authority's own that it began with."""
    pep = writing.pep
    if pep.local_version is None and not writing.rows:
        pep.local_version = writing.local.version if writing.local else 0
        this.save(pep, ["local_version"])


def begun(this: ThisChange, pep: Pep, actor: Actor) -> bool:
    """Note that writing began. What the school signed is signed no more where the school's own words change; whether
    that was so.
    """
    if pep.state in (State.DUE, State.BOOKED):
        pep.state = State.IN_PREPARATION
        pep.started_on = pep.started_on or actor.today
        this.save(pep, ["state", "started_on"])
    if who_of(actor) not in (Who.LEAD, Who.VIRTUAL_SCHOOL):
        return False
    signed = Signature.unscoped.filter(pep=pep)
    return bool(signed.exists() and this.delete(signed))
