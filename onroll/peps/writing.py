"""A plan while it is written: which sections and questions it has for a reader, what is known, carried over and given.

Nothing is written here. What is asked follows from every answer, also from those that the reader does not see.
"""

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from django.utils.timezone import localtime

from onroll.access.actors import Actor
from onroll.access.roles import Role
from onroll.access.sections import Section, cell
from onroll.children.models import Allocation
from onroll.children.records import holds_on
from onroll.design.words import day

from .clock import Kind as PlanKind
from .forms.declarations import FilledBy, Form, FormSection, Kind, Question, form, words
from .forms.local import with_local
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
from .known import ANSWERS, KEPT_ELSEWHERE, OF_THEIR_PAGES, SHOWN, Known, facts_of
from .models import FOR_SUMMARIES, LocalForm, Pep, PepAnswers, PepSection, PepSettings, parts_read_by
from .promoted import answers_in_columns
from .turns import Who
from .workflow import THE_VIRTUAL_SCHOOL, WRITTEN_IN, State

# The year of the forms that plans are written in now.
FORM_YEAR = 2026
# The source of options that are the plan's own targets.
TARGETS = "targets of this PEP"
# And these are the words in which schools assess.
SCALE = "authority scale"
# The answers of these lists are rows of their own, written on pages of their own.
LISTS = (Kind.REVIEW_LIST, Kind.TARGET_LIST, Kind.REQUEST_LIST, Kind.ACTION_LIST)
# Questions that nobody answers in a box of a section.
NOT_IN_A_BOX = (Kind.SHOWN, Kind.VOICE, Kind.FILE, *LISTS)
# These sections have their own moment: the signatures at the end, and the check after it.
LATER = ("sign_off", "audit", "copies")
# And these are written on pages of their own.
SIGNED_ELSEWHERE = ("sign_off", "audit")
# Answers that become the results of the term.
TERMLY = "results.termly"
# Where the answers carried over stand in what is kept.
CARRIED = "_carried"


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

    `since`: of an answer carried over, the plan it was given in. `was`: what the last plan said here, as far as this
    reader may know it.
    """

    asked: Asked
    standing: Standing | None
    words: str
    writes: bool
    since: str = ""
    was: Any = None

    @property
    def question(self) -> Question:
        return self.asked.question

    @property
    def is_carried(self) -> bool:
        return self.standing is not None and self.standing.origin is Origin.CARRIED

    @property
    def value(self) -> Any:
        return self.standing.value if self.standing else None

    @property
    def differs(self) -> bool:
        """Whether the last plan said something else here."""
        return not is_nothing(self.was) and not is_nothing(self.value) and self.value != self.was

    @property
    def has_changed(self) -> bool:
        """Whether something is other than it was in the last plan. Words that are asked anew in each plan are always
        other, and are no change.
        """
        question = self.question
        stays = question.carried_forward or question.kind in (Kind.CHOICE, Kind.YES_NO, Kind.MULTI_CHOICE, Kind.NUMBER)
        return stays and self.differs

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
    # How many of its answers, as far as this person reads them, are others than in the last plan.
    changed: int = 0

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
    def local(self) -> LocalForm | None:
        """The version of the authority's own questions that this plan is written in."""
        return LocalForm.for_plan(self.pep, begun=bool(self.rows) or not self.is_open)

    @cached_property
    def form(self) -> Form:
        """The national form with what the authority adds to it."""
        national = form_of(self.pep)
        return with_local(national, self.pep.form, self.local.declaration) if self.local else national

    @cached_property
    def facts(self) -> dict[str, Any]:
        held = facts_of(self.known)
        if any(question.promoted_to == TERMLY and question.key in self.given for question in self.form.questions()):
            # What was written in this plan is put right where it was written.
            held["assessment_returned"] = "no"
        return held

    @cached_property
    def rows(self) -> list[PepAnswers]:
        return list(PepAnswers.unscoped.filter(pep=self.pep))

    @cached_property
    def given(self) -> dict[str, Any]:
        """What was answered in this plan. Of an answer that is a column too, the column is the newer."""
        said = {key: value for row in self.rows for key, value in row.answers.items() if key != CARRIED}
        return {**said, **answers_in_columns(self.pep, self.form.questions())}

    @cached_property
    def previous(self) -> dict[str, Any]:
        """What was answered in the last plan."""
        if self.known.before is None:
            return {}
        rows = PepAnswers.unscoped.filter(pep=self.known.before)
        return {key: value for row in rows for key, value in row.answers.items() if key != CARRIED}

    @cached_property
    def from_record(self) -> dict[str, Any]:
        """What the record answers, by question."""
        found: dict[str, Any] = {}
        for question in self.form.questions():
            for source in question.sources:
                value = ANSWERS[source](self.known) if source in ANSWERS else None
                # One source can fill several questions: each takes what can be its answer.
                if value is not None and not check_value(question, value):
                    found.setdefault(question.key, value)
        return found

    @cached_property
    def standing(self) -> dict[str, Standing]:
        """Every answer as it stands, the rows of targets, reviews and requests among them."""
        found = standing(self.form, self.given, previous=self.previous, from_record=self.from_record)
        for question in self.form.questions():
            if question.key in KEPT_ELSEWHERE:
                # What came in a file as an answer stands until there is something in its place.
                value = KEPT_ELSEWHERE[question.key](self.known)
                if not is_nothing(value):
                    found[question.key] = Standing(value, Origin.GIVEN)
            elif question.kind in LISTS:
                found[question.key] = Standing(self._rows_of(question.kind), Origin.GIVEN)
            elif question.options.source == TARGETS and question.kind is Kind.MULTI_CHOICE and self.known.requests:
                # What money is asked for stands with the targets.
                asked = {request.target_id for request in self.known.requests}
                texts = [target.text for target in self.known.targets if target.pk in asked]
                found[question.key] = Standing(texts, Origin.RECORD)
            elif question.kind is Kind.VOICE and self.known.said_at_all:
                # That there are answers. What they say is read by those whom the young person chose.
                found[question.key] = Standing([each.question_key for each in self.known.said_at_all], Origin.GIVEN)
            elif (told := self._of_their_pages(question.key)) is not None:
                found[question.key] = Standing(told, Origin.RECORD)
        return found

    def _of_their_pages(self, key: str) -> Any:
        """What the young person's own pages answer of a question that nobody answered here. None: nothing."""
        return OF_THEIR_PAGES[key](self.known) if key in OF_THEIR_PAGES and key not in self.given else None

    @cached_property
    def offered(self) -> dict[str, list[str]]:
        """What the sources of options hold now."""
        scale = self.settings.scale
        return {TARGETS: [target.text for target in self.known.targets], **({SCALE: scale} if scale else {})}

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
    def finished(self) -> set[str]:
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
                each.section.key in self.finished,
                each.section.key in begun or self._has_rows(each),
                self.is_open and any(may_write(asked.question.filled_by, self.actor) for asked in each.asked),
                any(is_theirs(asked.question.filled_by, self.actor) for asked in each.asked),
                self.is_open,
                sum(line.has_changed for line in lines),
            )
            for each in self.shown
            if each.section.key not in SIGNED_ELSEWHERE and (lines := self.lines(each))
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
            self._writes(question) and question.kind not in NOT_IN_A_BOX and question.key not in KEPT_ELSEWHERE,
            self.known.before.title if carried and self.known.before else "",
            None if others or "*" in self._before_this_carer else self._was(question),
        )

    def _was(self, question: Question) -> Any:
        """What the last plan said. What stands on pages of its own, and lists, are compared there."""
        return None if question.kind in NOT_IN_A_BOX else self.previous.get(question.key)

    def answers_read(self) -> dict[str, tuple[Question, Any]]:
        """What was answered in this plan and this reader reads, by question, in the order of the form."""
        reads = set(parts_read_by(self.actor)) if cell(self.actor, Section.PEP) in ("R", "W") else set()
        return {
            question.key: (question, self.given[question.key])
            for section in self.form.sections
            for question in section.questions
            if question.key in self.given and question.kind not in NOT_IN_A_BOX and part_of(question) in reads
        }

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
