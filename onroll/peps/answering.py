"""Writing a plan, section by section: what is shown and asked, what is saved, what is missing, when a part is finished.

A save keeps what was typed, whatever is still missing; answers are asked for only when the plan is handed in. What two
people wrote at once is never lost: each answer that nobody else touched is kept, and where both wrote in one answer the
second save is refused with both texts.
"""

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from typing import Any

from django.utils import timezone
from django.utils.timezone import localtime

from onroll.access.actors import Actor
from onroll.access.roles import Role
from onroll.access.sections import Section, cell
from onroll.children.actions.guards import keep_leak
from onroll.children.contradictions import Refused, refuse_if
from onroll.children.leaks import found_in
from onroll.children.models import Allocation
from onroll.children.records import holds_on
from onroll.design.words import day
from onroll.history.changes import ThisChange, verb

from .actions import signature_of, why_not, why_not_instead
from .clock import Kind as PlanKind
from .forms.declarations import FilledBy, Form, FormSection, Kind, Question, form, words
from .forms.reading import (
    Asked,
    Meter,
    Missing,
    Origin,
    ShownSection,
    Standing,
    meter,
    missing,
    shown,
    standing,
    values_of,
)
from .forms.values import check_value, is_nothing
from .holding import at_once
from .known import ANSWERS, SHOWN, Known, facts_of
from .models import FOR_SUMMARIES, Pep, PepAnswers, PepSection, PepSettings, Signature, parts_read_by
from .turns import Who, lead_of
from .workflow import THE_VIRTUAL_SCHOOL, WRITTEN_IN, Act, State

verb("pep.section_saved", "{actor} wrote in a PEP")
verb("pep.section_finished", "{actor} finished a section of a PEP")
verb("pep.section_reopened", "{actor} opened a section of a PEP again")

# The year of the forms that plans are written in now.
FORM_YEAR = 2026
# The source of options that are the plan's own targets.
TARGETS = "targets of this PEP"
# The answers of these lists are rows of their own, written on pages of their own.
LISTS = (Kind.REVIEW_LIST, Kind.TARGET_LIST, Kind.REQUEST_LIST)
# Questions that nobody answers in a box of a section.
NOT_IN_A_BOX = (Kind.SHOWN, Kind.VOICE, Kind.FILE, *LISTS)
# Where the answers carried over stand in what is kept.
_CARRIED = "_carried"


def form_of(pep: Pep) -> Form:
    """The form that this plan is written in."""
    return form(pep.form, initial=pep.kind == PlanKind.INITIAL.value, year=FORM_YEAR)


def part_of(question: Question) -> str:
    """The part of the record that an answer belongs to, as rows of answers name it.

    What people of the meeting read, those read who read plans. What the setting itself writes of the young person's
    views it can read again, as it can read what was written for it.
    """
    if question.readers.section is None:
        return Section.PEP.value
    own = question.readers.section is Section.VIEWS and question.filled_by is not FilledBy.YOUNG_PERSON
    for_them = FOR_SUMMARIES if question.readers.and_of_summary or own else ""
    return f"{question.readers.section.value}{for_them}"


def who_writes(filled_by: FilledBy) -> Who | None:
    """Whose turn an answer is. None: the carer's or the young person's."""
    match filled_by:
        case FilledBy.SETTING_LEAD | FilledBy.DESIGNATED_TEACHER:
            return Who.LEAD
        case FilledBy.SOCIAL_WORKER:
            return Who.SOCIAL_WORKER
        case FilledBy.VIRTUAL_SCHOOL:
            return Who.VIRTUAL_SCHOOL
    return None


def is_theirs(filled_by: FilledBy, actor: Actor) -> bool:
    """Whether this person's role gives these answers."""
    if filled_by is FilledBy.CARER:
        return actor.role == Role.CARER
    return who_of(actor) is not None and who_writes(filled_by) is who_of(actor)


def who_of(actor: Actor) -> Who | None:
    """Which of the writers this person is."""
    if actor.role in (Role.DESIGNATED_TEACHER, Role.DEPUTY_DT):
        return Who.LEAD
    if actor.role in (Role.SOCIAL_WORKER, Role.TEAM_MANAGER):
        return Who.SOCIAL_WORKER
    return Who.VIRTUAL_SCHOOL if actor.role in THE_VIRTUAL_SCHOOL else None


def may_write(filled_by: FilledBy, actor: Actor) -> bool:
    """Whether this person may give these answers: their own, or for the virtual school anybody's on their behalf."""
    if filled_by is FilledBy.SHOWN or cell(actor, Section.PEP) not in ("W", "C"):
        return False
    return is_theirs(filled_by, actor) or who_of(actor) is Who.VIRTUAL_SCHOOL


OWNERS = {
    FilledBy.SETTING_LEAD: "Who leads in the setting",
    FilledBy.DESIGNATED_TEACHER: "Designated teacher",
    FilledBy.SOCIAL_WORKER: "Social worker",
    FilledBy.CARER: "Carer",
    FilledBy.YOUNG_PERSON: "Young person",
    FilledBy.VIRTUAL_SCHOOL: "Virtual school",
    FilledBy.SHOWN: "The record",
}


@dataclass(frozen=True)
class Line:
    """One question as it stands for a reader: what is asked, the answer, where it came from, and whether they write it.

    `since`: of an answer carried over, the plan it was given in.
    """

    asked: Asked
    standing: Standing | None
    words: str
    writes: bool
    since: str = ""

    @property
    def question(self) -> Question:
        return self.asked.question

    @property
    def is_carried(self) -> bool:
        return self.standing is not None and self.standing.origin is Origin.CARRIED

    @property
    def is_from_the_record(self) -> bool:
        return self.standing is not None and self.standing.origin is Origin.RECORD


@dataclass(frozen=True)
class SectionState:
    """A section in the list of a plan: how far it is, whose it is, whether this person has something to write in it."""

    section: FormSection
    meter: Meter
    finished: bool
    begun: bool
    writes: bool
    is_own: bool
    # Whether the plan is being written at all now.
    open: bool

    @property
    def words(self) -> str:
        if self.finished:
            return "Finished"
        if not self.open:
            return "Written" if self.begun else "Not written"
        if self.meter.required and self.meter.is_full:
            return "Ready to finish"
        return "Being written" if self.begun else "Not started"

    @property
    def owner(self) -> str:
        return OWNERS[self.section.filled_by]


class Writing:
    """A plan while it is written, for one person. What is asked follows from every answer, also those not shown."""

    def __init__(self, pep: Pep, actor: Actor) -> None:
        self.pep = pep
        self.actor = actor
        self.settings = PepSettings.of(pep.authority_id)
        self.known = Known(pep, actor.today, self.settings, actor)

    @cached_property
    def form(self) -> Form:
        return form_of(self.pep)

    @cached_property
    def facts(self) -> dict[str, Any]:
        return facts_of(self.known)

    @cached_property
    def rows(self) -> list[PepAnswers]:
        return list(PepAnswers.unscoped.filter(pep=self.pep))

    @cached_property
    def given(self) -> dict[str, Any]:
        """What was answered in this plan."""
        return {key: value for row in self.rows for key, value in row.answers.items() if key != _CARRIED}

    @cached_property
    def previous(self) -> dict[str, Any]:
        """What was answered in the last plan."""
        if self.known.before is None:
            return {}
        rows = PepAnswers.unscoped.filter(pep=self.known.before)
        return {key: value for row in rows for key, value in row.answers.items() if key != _CARRIED}

    @cached_property
    def from_record(self) -> dict[str, Any]:
        """What the record answers, by question."""
        found: dict[str, Any] = {}
        for question in self.form.questions():
            for source in question.sources:
                if source in ANSWERS and (value := ANSWERS[source](self.known)) is not None:
                    found.setdefault(question.key, value)
        return found

    @cached_property
    def standing(self) -> dict[str, Standing]:
        """Every answer as it stands, the rows of targets, reviews and requests among them."""
        found = standing(self.form, self.given, previous=self.previous, from_record=self.from_record)
        for question in self.form.questions():
            if question.kind in LISTS:
                found[question.key] = Standing(self._rows_of(question.kind), Origin.GIVEN)
            elif question.options.source == TARGETS and question.kind is Kind.MULTI_CHOICE and self.known.requests:
                # What money is asked for stands with the targets.
                asked = {request.target_id for request in self.known.requests}
                texts = [target.text for target in self.known.targets if target.pk in asked]
                found[question.key] = Standing(texts, Origin.RECORD)
        return found

    @cached_property
    def offered(self) -> dict[str, list[str]]:
        """What the sources of options hold now."""
        return {TARGETS: [target.text for target in self.known.targets]}

    def _rows_of(self, kind: Kind) -> list[dict[str, Any]]:
        known = self.known
        if kind is Kind.TARGET_LIST:
            return [target_row(target) for target in known.targets]
        if kind is Kind.REVIEW_LIST:
            return [review_row(target) for target in known.to_review]
        return [request_row(request) for request in known.requests]

    @cached_property
    def shown(self) -> list[ShownSection]:
        """The sections of this plan with what is asked in each."""
        return shown(self.form, self.facts, values_of(self.standing))

    @cached_property
    def _finished(self) -> set[str]:
        return set(PepSection.unscoped.filter(pep=self.pep).values_list("section_key", flat=True))

    @property
    def is_open(self) -> bool:
        """Whether the plan is in a state in which its sections are written."""
        return State(self.pep.state) in WRITTEN_IN

    # For the reader

    def states(self) -> list[SectionState]:
        """The sections that this reader sees something of, in their order."""
        begun = {row.section_key for row in self.rows if row.answers}
        return [
            SectionState(
                each.section,
                meter(each.asked),
                each.section.key in self._finished,
                each.section.key in begun or self._has_rows(each),
                self.is_open and any(may_write(asked.question.filled_by, self.actor) for asked in each.asked),
                any(is_theirs(asked.question.filled_by, self.actor) for asked in each.asked),
                self.is_open,
            )
            for each in self.shown
            if each.section.key not in SIGNED_ELSEWHERE and self.lines(each)
        ]

    def _has_rows(self, section: ShownSection) -> bool:
        return any(each.question.kind in LISTS and not is_nothing(each.value) for each in section.asked)

    def section(self, key: str) -> ShownSection | None:
        """A section that this reader sees something of."""
        found = next((each for each in self.shown if each.section.key == key), None)
        return found if found is not None and self.lines(found) else None

    def lines(self, section: ShownSection) -> list[Line]:
        """What this reader sees of a section: answers of parts they read, questions they write, facts that are held."""
        # Who has no more than a part of their own sees no other's answers.
        reads = set() if cell(self.actor, Section.PEP) == "C" else set(parts_read_by(self.actor))
        return [
            self._line(each)
            for each in section.asked
            if each.row is None
            and (part_of(each.question) in reads or self._writes(each.question))
            and (each.question.kind is not Kind.SHOWN or self.shown_words(each.question))
        ]

    def _writes(self, question: Question) -> bool:
        return self.is_open and may_write(question.filled_by, self.actor)

    @cached_property
    def _before_this_carer(self) -> set[str]:
        """The sections that were last saved before this carer's placement began: those are another's words."""
        if self.actor.role != Role.CARER:
            return set()
        own = Allocation.unscoped.filter(
            holds_on(self.actor.today), child=self.pep.child_id, role=Role.CARER, account_id=self.actor.holder
        )
        start = own.order_by("start").values_list("start", flat=True).first()
        return {row.section_key for row in self.rows if start is None or localtime(row.saved_at).date() < start} | (
            {"*"} if start is None or self._carried_before(start) else set()
        )

    def _carried_before(self, start: date) -> bool:
        before = self.known.before
        return before is None or before.due_on is None or before.due_on < start

    def _line(self, asked: Asked) -> Line:
        question = asked.question
        found = self.standing.get(question.key)
        others = question.section in self._before_this_carer
        carried_from_others = found is not None and found.origin is Origin.CARRIED and "*" in self._before_this_carer
        if others or carried_from_others:
            found = None
        carried = found is not None and found.origin is Origin.CARRIED
        return Line(
            asked,
            found,
            words(question, self.pep.child.first_name),
            self._writes(question) and question.kind not in NOT_IN_A_BOX,
            self.known.before.title if carried and self.known.before else "",
        )

    def shown_words(self, question: Question) -> str:
        """The line that the record holds for a question that is shown and not asked."""
        return next((said for each in question.sources if each in SHOWN and (said := SHOWN[each](self.known))), "")

    def missing(self, *by: FilledBy, section: str = "") -> list[Missing]:
        """The required answers that are not there, of these people, or of a section."""
        return [
            each
            for each in missing(self.shown, self.pep.child.first_name)
            if (not by or each.asked.question.filled_by in by) and section in ("", each.section.key)
        ]

    def version_of(self, key: str) -> int:
        """The version of a section: it grows with every save in it."""
        return sum(row.version for row in self.rows if row.section_key == key)


def target_row(target: Any) -> dict[str, Any]:
    """A target as the form reads it."""
    pick = target.intervention or target.need
    return {
        "pick": pick,
        "text": target.text,
        "who": target.owner,
        "area": target.area,
        "baseline": target.baseline or target.text,
        "success": target.success,
        "what": target.action,
        "when": target.when,
        "where": target.where,
        "how_often": target.how_often,
        "due": target.due_on.isoformat() if target.due_on else "",
        "kind": target.get_kind_display(),
    }


def review_row(target: Any) -> dict[str, Any]:
    """A target of the last plan as the form reads its review."""
    labels = {"met": "Met", "partly": "Partly met", "not_met": "Not met", "stopped": "Stopped: no longer right"}
    return {
        "outcome": labels.get(target.outcome, ""),
        "evidence": target.evidence,
        "effect": target.effect,
        "next": target.get_next_display(),
        "change": target.change_recorded,
    }


def request_row(request: Any) -> dict[str, Any]:
    """A request for money as the form reads it."""
    return {
        "amount": f"{request.amount:g}",
        "target": request.target.text if request.target else "",
        "category": request.category,
        "what": request.buys,
        "effect": request.effect,
        "from_to": _from_to(request),
    }


def _from_to(request: Any) -> str:
    """From the day of the meeting, or of asking, to the day of the target."""
    start = request.pep.held_on or request.pep.meeting_on or request.requested_on
    until = request.target.due_on if request.target else None
    return f"{day(start)} to {day(until)}" if until else f"from {day(start)}"


# Saving


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
) -> Saved:
    """Keep what was typed in a section. `was`: the digest of each answer as it was shown to the writer.

    What cannot be an answer is not kept and stands in `refused`. Raises Refused where the plan is not being written,
    TellsWhere at a text that tells where the child lives and has no reason, and Clash where both wrote in one answer.
    """
    pep, actor = writing.pep, writing.actor
    section = writing.section(key)
    if section is None or not writing.is_open:
        raise Refused(_not_written(pep))
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
        refuse_if("" if writing.is_open else _not_written(pep))
        rows = _rows_of_section(pep, key)
        stored = {name: value for row in rows.values() for name, value in row.answers.items()}
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
            last = max(rows.values(), key=lambda row: row.saved_at)
            raise Clash(clashes, last.saved_by.name if last.saved_by else "Somebody else", last.saved_at)
        at = timezone.now()
        if changed:
            _write(this, writing, key, changed, mine, rows, at)
        undid = bool(changed) and begun(this, pep, actor)
        if changed and leak_why and (told := _tells(mine, changed, writing)):
            keep_leak(pep.child, where="PEP", tells=told, why=leak_why, actor=actor)
    return Saved(sum(row.version for row in rows.values()), at, undid, wrong)


def _not_written(pep: Pep) -> str:
    return f"The plan is {pep.get_state_display().lower()} now. Its sections are not written any more."


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
    pep = writing.pep
    for part, answers in by_part.items():
        row = rows.get(part)
        if row is None:
            row = PepAnswers(authority_id=pep.authority_id, child=pep.child, pep=pep, section_key=key, part=part)
            rows[part] = row
        row.answers = {**row.answers, **answers}
        row.version += 1
        row.saved_by_id, row.saved_at = writing.actor.account, at
        this.save(row)


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


# Finishing


def finish_section(writing: Writing, key: str) -> list[Missing]:
    """Say that a section is finished. Returns what is still missing of what this person gives: then it is not.

    When the last section of a person's part is finished, the part is.
    """
    section = writing.section(key)
    if section is None or not writing.is_open:
        raise Refused("The plan is not being written now.")
    if not may_write(section.owner, writing.actor) and not any(line.writes for line in writing.lines(section)):
        raise Refused("This section is another person’s to finish.")
    own = [each for each in writing.missing(section=key) if may_write(each.asked.question.filled_by, writing.actor)]
    if own:
        return own
    pep, actor = writing.pep, writing.actor
    with at_once("pep.section_finished", pep, actor=actor) as this:
        refuse_if("" if writing.is_open else _not_written(pep))
        finished = PepSection.unscoped.filter(pep=pep, section_key=key).exists()
        # Of another's section only the own answers are done; nobody but the young person owns their views.
        owns = may_write(section.owner, actor) or section.owner is FilledBy.YOUNG_PERSON
        if owns and not finished:
            this.create(
                PepSection(
                    authority_id=pep.authority_id,
                    child=pep.child,
                    pep=pep,
                    section_key=key,
                    finished_on=actor.today,
                    finished_by_id=actor.account,
                )
            )
            writing._finished.add(key)
        note_parts(this, writing)
    return []


PART_COLUMNS = {
    Who.LEAD: "lead_part_on",
    Who.SOCIAL_WORKER: "social_worker_part_on",
    Who.VIRTUAL_SCHOOL: "virtual_school_part_on",
}


def note_parts(this: ThisChange, writing: Writing) -> None:
    """Write down which parts are finished: all sections said to be, and no required answer missing."""
    pep = writing.pep
    before = {column: getattr(pep, column) for column in (*PART_COLUMNS.values(), "carer_part_on")}
    for who, column in PART_COLUMNS.items():
        done = _part_is_done(writing, lambda filled_by, who=who: who_writes(filled_by) is who)
        setattr(pep, column, (getattr(pep, column) or writing.actor.today) if done else None)
    carer = _part_is_done(writing, lambda filled_by: filled_by is FilledBy.CARER)
    pep.carer_part_on = (pep.carer_part_on or writing.actor.today) if carer else None
    if before != {column: getattr(pep, column) for column in before}:
        this.save(pep, list(before))
    lead_signed = Signature.unscoped.filter(pep=pep, signed_as=Signature.As.LEAD)
    if pep.social_worker_part_on and pep.state in (State.HELD, State.RETURNED) and lead_signed.exists():
        # The school was ready and waited for social care alone.
        hand_in(this, pep, writing.actor)


# These sections have their own moment: the signatures at the end, and the check after it.
LATER = ("sign_off", "audit", "copies")
# And these are written on pages of their own.
SIGNED_ELSEWHERE = ("sign_off", "audit")


def _part_is_done(writing: Writing, theirs: Any) -> bool:
    own = [each for each in writing.shown if each.section.key not in LATER and theirs(each.owner)]
    missing_ones = [
        asked
        for each in writing.shown
        for asked in each.asked
        if each.section.key not in LATER and asked.is_missing and theirs(asked.question.filled_by)
    ]
    return bool(own) and not missing_ones and all(each.section.key in writing._finished for each in own)


# Handing in


def why_not_submit(writing: Writing) -> list[tuple[str, str]]:
    """What stands in the way of handing the plan in: the section, and what to do. Nothing is asked of the school that
    the young person, the carer or social care did not do.
    """
    lead = lead_of(writing.pep)
    found = [
        (each.section.key, each.words)
        for each in writing.missing()
        if who_writes(each.asked.question.filled_by) is lead and each.section.key not in LATER
    ]
    return found


def submit(writing: Writing, *, instead: str = "") -> bool:
    """Hand the education part in, with the lead's signature. Returns whether the whole plan is handed in by it.

    Where social care's part is still open, and the authority waits for it, the plan waits for that alone, and its day
    is the later of the two. `instead`: why somebody else than who leads it signs.
    """
    pep, actor = writing.pep, writing.actor
    with at_once(Act.SUBMIT.verb, pep, actor=actor) as this:
        refuse_if(why_not(pep, Act.SUBMIT, actor=actor))
        # What others saved up to this moment counts.
        now = Writing(pep, actor)
        if open_ones := why_not_submit(now):
            raise Refused(f"{len(open_ones)} answers are missing. {open_ones[0][1]}.")
        refuse_if(why_not_instead(pep, Signature.As.LEAD, instead, actor=actor))
        _freeze(this, now)
        if not Signature.unscoped.filter(pep=pep, signed_as=Signature.As.LEAD).exists():
            this.create(signature_of(pep, Signature.As.LEAD, instead.strip(), actor=actor))
        _all_finished(this, now)
        pep.lead_part_on = pep.lead_part_on or actor.today
        whole = pep.social_worker_part_on is not None or not writing.settings.wait_for_social_care
        if whole:
            hand_in(this, pep, actor)
        else:
            this.save(pep, ["lead_part_on"])
    return whole


def _all_finished(this: ThisChange, writing: Writing) -> None:
    """What the school hands in is finished, whether it said so of each section or not."""
    pep, lead = writing.pep, lead_of(writing.pep)
    for each in writing.shown:
        if who_writes(each.owner) is lead and each.section.key not in (*LATER, *writing._finished):
            keys = {"authority_id": pep.authority_id, "child": pep.child, "pep": pep, "section_key": each.section.key}
            row = PepSection(**keys, finished_on=writing.actor.today, finished_by_id=writing.actor.account)
            this.create(row)


def hand_in(this: ThisChange, pep: Pep, actor: Actor) -> None:
    """The plan is with the virtual school. The day is kept from the first time."""
    pep.state = State.SUBMITTED
    pep.submitted_on = pep.submitted_on or actor.today
    this.save(pep, ["state", "submitted_on", "lead_part_on"])


def _freeze(this: ThisChange, writing: Writing) -> None:
    """Keep the answers that were carried over or taken from the record as this plan's own, so that it stays whole."""
    pep, at = writing.pep, timezone.now()
    rows = {(row.section_key, row.part): row for row in PepAnswers.unscoped.filter(pep=pep)}
    touched: set[tuple[str, str]] = set()
    for each in writing.shown:
        for asked in each.asked:
            found = writing.standing.get(asked.question.key)
            if asked.row is not None or found is None or found.origin is Origin.GIVEN or is_nothing(found.value):
                continue
            part = part_of(asked.question)
            row = rows.get((each.section.key, part))
            if row is None:
                keys = {"authority_id": pep.authority_id, "child": pep.child, "pep": pep}
                row = PepAnswers(**keys, section_key=each.section.key, part=part, saved_at=at)
                rows[each.section.key, part] = row
            held = row.answers
            if asked.question.key in held:
                continue
            held[asked.question.key] = found.value
            held[_CARRIED] = sorted({*held.get(_CARRIED, []), asked.question.key})
            row.answers, row.version = held, row.version + 1
            touched.add((each.section.key, part))
    for key in touched:
        this.save(rows[key])


def sections_of(writing: Writing, states: Iterable[SectionState]) -> list[SectionState]:
    """The sections that this person still has to write in, the first first."""
    return [each for each in states if each.writes and each.is_own and not each.finished]
