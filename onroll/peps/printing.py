"""A plan on paper, in parts that a PDF and a Word document are made of: for a reader, for the young person, or blank.

What leaves is built up from what its reader may have, part of the record by part, and never by taking away from more
(EXP-1). Health, safeguarding, addresses, carers and contact are on no paper of a plan, whoever it is for.
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import models

from onroll.access.sections import Section
from onroll.authorities.models import Authority
from onroll.children.models import FormerName, SchoolPlace
from onroll.codes.year_groups import year_group_of
from onroll.design.pdfs import Part
from onroll.design.words import day

from .forms.declarations import Kind, Question, form, named, words
from .forms.local import with_local
from .known import ANSWERS, KEPT_ELSEWHERE
from .models import Concern, LocalForm, MoneyRequest, Pep, PepAudit, PepTarget, Share, Signature, VoiceAnswer
from .section_forms import in_words
from .voice.reading import heard_without_words
from .writing import FORM_YEAR, LISTS, OWNERS, Line, Writing, part_of

# What is recorded beside what it answers.
ASKED = ("What is asked", "What is recorded")
WIDTHS = (38, 62)
# The sections of a form that a summary has too.
IN_A_SUMMARY = ("strengths", "right_place", "actions")


class Holds(models.TextChoices):
    """How much of a plan a paper holds."""

    WHOLE = "whole", "The whole plan"
    SUMMARY = "summary", "A summary: targets, what was said, who does what"
    COVER = "cover", "A cover page for the care review"
    ONE_PAGE = "one_page", "One page in the young person’s words"


@dataclass(frozen=True)
class PlanReader:
    """For whom a plan is put on paper: the parts of the record they may have, and the choices of the young person by
    which they read an answer. `may_be_told_school`: whether anything that tells the school may be in it.
    """

    sections: frozenset[Section]
    shares: frozenset[str]
    may_be_told_school: bool = True

    def reads(self, section: Section) -> bool:
        """Whether this part of the record may be on paper for them."""
        if section.data_class in ("P4", "P5"):
            return False
        # The people who work with the child are the school's too.
        tells_school = section in (Section.SCHOOL, Section.PROFESSIONALS)
        return section in self.sections and (self.may_be_told_school or not tells_school)


@dataclass(frozen=True)
class PartOfPlan:
    """A part on paper, and the parts of the record that its words come from."""

    on_paper: Part
    sections: frozenset[Section]


def parts_of_plan(writing: Writing, reader: PlanReader, holds: Holds) -> list[PartOfPlan]:
    """The plan for a reader. A part that would hold nothing is not there."""
    if not reader.reads(Section.PEP):
        return []
    paper = _OnPaper(writing, reader)
    match holds:
        case Holds.COVER:
            found = [paper.facts(), paper.state(), paper.said(), paper.short_targets()]
        case Holds.SUMMARY:
            found = [
                *(paper.facts(), paper.said(), paper.reviewed(), paper.short_targets()),
                *paper.of_the_form(IN_A_SUMMARY),
            ]
        case Holds.WHOLE:
            found = [
                *(paper.facts(), paper.said(), *paper.of_the_form(), paper.reviewed(), *paper.targets()),
                *(paper.actions(), paper.money(), paper.agreed()),
            ]
        case _:
            raise ValueError(f"{holds} is made by one_page")
    return [part for part in found if part.on_paper.rows or part.on_paper.text]


class _OnPaper:
    """The parts of one plan for one reader."""

    def __init__(self, writing: Writing, reader: PlanReader) -> None:
        self.writing, self.reader, self.pep = writing, reader, writing.pep
        self.child = writing.pep.child

    def _part(self, title: str, rows: Iterable[tuple[str, str]], *sections: Section) -> PartOfPlan:
        held = [(asked, said) for asked, said in rows if said]
        return PartOfPlan(Part(title, ASKED, held, WIDTHS, labelled=True), frozenset(sections or {Section.PEP}))

    def facts(self) -> PartOfPlan:
        pep, child, rows = self.pep, self.child, []
        sections = {Section.PEP}
        if self.reader.reads(Section.BASICS):
            year = year_group_of(child.birth_date, on=self.writing.known.on)
            rows = [("Name", child.name), ("Date of birth", day(child.birth_date)), ("Year", year.label)]
            sections.add(Section.BASICS)
        rows += [
            ("Plan", f"{pep.title[:1].upper()}{pep.title[1:]}"),
            ("Due", _day(pep.due_on)),
            ("Meeting", _day(pep.held_on or pep.meeting_on)),
            ("The young person took part", _yes_no(pep.young_person_attended)),
            ("Handed in", _day(pep.submitted_on)),
            ("Signed off", _day(pep.signed_off_on)),
        ]
        return self._part("The plan", rows, *sections)

    def state(self) -> PartOfPlan:
        """What a care review asks of a plan before it looks at the targets."""
        pep = self.pep
        audits = PepAudit.unscoped.filter(pep=pep, audited_on__isnull=False, second=False)
        audit = audits.order_by("-audited_on").first()
        rows = [
            ("State", pep.get_state_display()),
            ("Quality", pep.get_grade_display() or "Not audited"),
            ("What is strong", audit.strong if audit else ""),
            ("What is next", audit.to_do if audit else ""),
            ("The right school", pep.school_right.capitalize()),
            ("The right support", pep.support_right.capitalize()),
            ("The young person’s views are there", _yes_no(pep.voice_recorded)),
            ("How the last targets went", self._outcomes()),
        ]
        return self._part("How the plan stands", rows)

    def _outcomes(self) -> str:
        """Like "Met: 2, Not met: 1"."""
        counts = Counter(each.get_outcome_display() or "Not reviewed" for each in self.writing.known.to_review)
        return ", ".join(f"{words}: {count}" for words, count in counts.items())

    def said(self) -> PartOfPlan:
        """What the young person said and lets this reader know. What somebody had to act on is on no paper."""
        held = VoiceAnswer.shared_with(self.child, self.writing.actor).filter(
            pep=self.pep, share__in=self.reader.shares
        )
        answers = held.exclude(pk__in=Concern.unscoped.filter(pep=self.pep).values("answer"))
        rows = [(each.question.question if each.question else "", each.said.text) for each in answers]
        if self.reader.reads(Section.VIEWS) and (heard := heard_without_words(self.pep, self.child.first_name)):
            rows.append(("Asked, and did not want to", heard))
        return self._part(f"What {self.child.first_name} said", rows, Section.VIEWS)

    def of_the_form(self, only: Sequence[str] = ()) -> list[PartOfPlan]:
        """The sections of the form, each with the answers that this reader may have."""
        found = []
        for shown in self.writing.shown:
            if only and shown.section.key not in only:
                continue
            rows, sections = [], set()
            for line in self.writing.lines(shown):
                section = _section_of(line.question)
                if self.reader.reads(section) and (said := self._answer(line)):
                    rows.append((line.words, said))
                    sections.add(section)
            found.append(self._part(named(shown.section.title, self.child.first_name), rows, *sections))
        return found

    def _answer(self, line: Line) -> str:
        question = line.question
        # Where they meet is for the people of the meeting, and on no paper.
        if question.readers.section is None or question.kind in (Kind.VOICE, Kind.FILE, *LISTS):
            return ""
        if question.kind is Kind.SHOWN and _section_of(question) is Section.VIEWS:
            # What they said stands by itself, as far as this reader was chosen: not as far as who makes the paper was.
            return ""
        if question.kind is Kind.SHOWN:
            # Name and birth stand at the top; the line of the record has characteristics beside them.
            return "" if _section_of(question) is Section.BASICS else self.writing.shown_words(question)
        if _names_people(question) and not self.reader.may_be_told_school:
            return ""
        value = line.standing.value if line.standing else None
        if Share.EVERYONE not in self.reader.shares and self._is_as_they_said(question, value):
            return ""
        return "\n".join(_rows_in_words(question, value) if question.columns else in_words(question, value))

    def _is_as_they_said(self, question: Question, value: Any) -> bool:
        """Whether an answer is what the young person said to everyone at the meeting, which a parent is not told."""
        known = self.writing.known
        return bool(value) and any(
            source.startswith("voice.") and ANSWERS[source](known) == value
            for source in question.sources
            if source in ANSWERS
        )

    def reviewed(self) -> PartOfPlan:
        """How the targets of the last plan went."""
        rows = [
            (each.text, each.get_outcome_display() or "Not reviewed", each.evidence, each.get_next_display())
            for each in self.writing.known.to_review
        ]
        headings = ("Target", "How it went", "What shows it", "What now")
        return PartOfPlan(Part("How the last targets went", headings, rows, (38, 14, 34, 14)), frozenset({Section.PEP}))

    def short_targets(self) -> PartOfPlan:
        rows = [
            (each.text, each.action or "–", each.owner or "–", _day(each.due_on) or "–")
            for each in self.writing.known.targets
        ]
        headings = ("Target", "What will be done", "Who does it", "By when")
        return PartOfPlan(Part("Targets", headings, rows, (36, 34, 16, 14)), frozenset({Section.PEP}))

    def targets(self) -> list[PartOfPlan]:
        return [self._target(number, each) for number, each in enumerate(self.writing.known.targets, start=1)]

    def _target(self, number: int, target: PepTarget) -> PartOfPlan:
        own = target.own_words if self.reader.reads(Section.VIEWS) else ""
        rows = [
            ("Target", target.text),
            (f"In {self.child.first_name}’s words", own),
            (f"From what {self.child.first_name} said", "Yes" if target.from_voice else ""),
            ("Starting point", target.baseline),
            ("How we will know", target.success),
            ("What will be done", target.action),
            ("When and where", ", ".join(filter(None, (target.when, target.where, target.how_often)))),
            ("Who does it", target.owner),
            ("By when", _day(target.due_on)),
            ("How it went", target.get_outcome_display()),
        ]
        sections = {Section.PEP, *({Section.VIEWS} if own else ())}
        return self._part(f"Target {number}: {target.get_area_display().lower()}", rows, *sections)

    def actions(self) -> PartOfPlan:
        """Who does what. Whoever must not know the school is told no names of those who work there."""
        named = self.reader.may_be_told_school
        told = KEPT_ELSEWHERE["action_list"](self.writing.known)
        rows = [
            (each["what"], (each["who"] if named else "") or "–", _day(action.due_on) or "–", each["done"])
            for action, each in zip(self.writing.known.actions, told, strict=True)
        ]
        headings = ("What", "Who", "By when", "State")
        return PartOfPlan(Part("Who does what", headings, rows, (46, 22, 18, 14)), frozenset({Section.PEP}))

    def money(self) -> PartOfPlan:
        asked: list[MoneyRequest] = self.writing.known.requests if self.reader.reads(Section.PUPIL_PREMIUM) else []
        rows = []
        for each in asked:
            said = "\n".join(filter(None, (each.buys, each.effect)))
            rows.append((f"£{each.amount:,.2f}, asked on {day(each.requested_on)}", said or "Not said what for"))
        return self._part("Pupil Premium Plus asked for", rows, Section.PUPIL_PREMIUM)

    def agreed(self) -> PartOfPlan:
        """Who agreed. Whoever must not know the school is not told who leads there."""
        held = Signature.unscoped.filter(pep=self.pep).order_by("on", "pk") if self.reader.may_be_told_school else ()
        rows = [(each.get_signed_as_display(), f"{each.by_name}, {day(each.on)}") for each in held]
        return self._part("Agreed", rows)


def _section_of(question: Question) -> Section:
    """The part of the record that an answer stands in, also where it is written for those with the summary."""
    return Section(part_of(question).partition("+")[0])


def _names_people(question: Question) -> bool:
    return question.kind is Kind.PERSON or any(column.kind is Kind.PERSON for column in question.columns)


def _rows_in_words(question: Question, value: Any) -> list[str]:
    """The rows of a table, its columns in their order. Who the carer is stands on no paper: their row is left out."""
    found = []
    for row in value if isinstance(value, list) else []:
        if _names_people(question) and any(_CARER.search(str(said)) for said in row.values()):
            continue
        cells = [
            f"{column.title}: {row[column.name]}" if column.kind is Kind.YES_NO else str(row[column.name])
            for column in question.columns
            if row.get(column.name)
        ]
        found.append(", ".join(cells))
    return found


_CARER = re.compile(r"\bcarers?\b", re.IGNORECASE)


def _day(on: Any) -> str:
    return day(on) if on else ""


def _yes_no(said: bool | None) -> str:
    return "" if said is None else "Yes" if said else "No"


# The young person's own page

# Words that tell of care, or of this service. Whoever finds the page learns nothing by it.
_OF_CARE = re.compile(
    r"\b(in care|looked[- ]after|foster\w*|carers?|social workers?|social care|social services|virtual school|peps?|"
    r"placements?|residential|children[’']?s homes?|key ?workers?|iro|reviewing officers?|adopt\w*|local authority|"
    r"care (?:order|review|leaver)s?)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class OnePage:
    """The page, and what was left out of it because it tells of care, a school or a surname: said to its maker."""

    parts: list[Part]
    left_out: list[str]


def one_page(writing: Writing) -> OnePage:
    """The plan on one page, in the young person's words: what they said to everyone, what they will do, who helps.

    The name they are called by and nothing else that tells who they are: no surname, no school, no authority, no word
    of care. What they let only some people read is not on it, for a page lies about.
    """
    pep, child = writing.pep, writing.pep.child
    secret = _secret_words(pep)
    left_out: list[str] = []

    def plain(text: str, what: str) -> str:
        if _OF_CARE.search(text) or (secret is not None and secret.search(text)):
            left_out.append(what)
            return ""
        return text

    answers = VoiceAnswer.shared_with(child, writing.actor).filter(pep=pep, share="everyone")
    said = []
    for each in answers.exclude(pk__in=Concern.unscoped.filter(pep=pep).values("answer")):
        question = each.question
        if question is not None and question.one_page and (words_said := plain(each.said.text, question.question)):
            said.append(f"“{question.one_page.replace('...', words_said)}”")
    rows = []
    for number, target in enumerate(writing.known.targets, start=1):
        if goal := plain(target.own_words or target.text, f"target {number}"):
            helper = plain(target.owner, f"who helps with target {number}")
            rows.append((goal, helper or "–", _day(target.due_on) or "–"))
    parts = [
        Part("I said", text=said),
        Part("So this will happen", ("What I will do", "Who helps", "By when"), rows, (56, 24, 20)),
    ]
    return OnePage([part for part in parts if part.text or part.rows], left_out)


def _secret_words(pep: Pep) -> re.Pattern[str] | None:
    """Names of a child but the one they are called by, their schools and their authority, as a pattern."""
    places = SchoolPlace.unscoped.filter(child=pep.child, school__isnull=False).values_list("school__name", flat=True)
    former = FormerName.unscoped.filter(child=pep.child).values_list("family_name", flat=True)
    authority = Authority.objects.values_list("name", flat=True).get(pk=pep.authority_id)
    legal = pep.child.given_name if pep.child.known_as else ""
    names = {name for name in (pep.child.family_name, legal, *former, *places, authority) if len(name) > 1}
    names.discard(pep.child.known_as)
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, sorted(names)))})(?!\w)", re.IGNORECASE) if names else None


# A blank form

BLANK_FORMS = {
    f"{'first_' if first else ''}{kind.value}": (kind.value, first) for kind in Pep.Form for first in (False, True)
}
ANY_NAME = "the young person"
# Lines to write on, and how many cards of a list stand on a blank form.
LINES = {Kind.LONG_TEXT: 4, Kind.TABLE: 5, Kind.VOICE: 8}
CARDS = {Kind.TARGET_LIST: 3, Kind.REVIEW_LIST: 3}
MOST_CHOICES = 12
_AREAS = dict(PepTarget.Area.choices)


def blank_title(key: str) -> str:
    kind, initial = BLANK_FORMS[key]
    found = form(kind, initial=initial, year=FORM_YEAR)
    return f"{found.title}{', first plan' if initial else ''}"


def blank_parts(key: str, local: LocalForm | None = None) -> list[Part]:
    """A form as it is asked, without a child: each section with who fills it in, and room for what is answered."""
    kind, initial = BLANK_FORMS[key]
    found = []
    national = form(kind, initial=initial, year=FORM_YEAR)
    for section in (with_local(national, kind, local.declaration) if local else national).sections:
        rows = [row for question in section.questions for row in _blank_rows(question)]
        if rows:
            title = _sentence(named(section.title, ANY_NAME))
            told = [f"Filled in by: {OWNERS[section.filled_by].lower()}"]
            found.append(Part(title, ("Question", "Answer"), rows, (45, 55), labelled=True, text=told))
    return found


def _blank_rows(question: Question) -> list[tuple[str, str]]:
    if question.kind in (Kind.SHOWN, Kind.FILE):
        return []
    if not question.parts:
        return [_blank_row(question)]
    cards = range(1, CARDS.get(question.kind, 1) + 1)
    return [
        (f"{number}. {asked}", room)
        for number in cards
        for part in question.parts
        if part.kind not in (Kind.SHOWN, Kind.FILE)
        for asked, room in [_blank_row(part)]
    ]


def _blank_row(question: Question) -> tuple[str, str]:
    asked = _sentence(words(question, ANY_NAME))
    if question.columns:
        asked += f"\n{', '.join(column.title for column in question.columns)}"
    # The areas of targets are kept by keys, which nobody reads.
    choices = [_AREAS.get(label, label) for _, label in question.options.choices()]
    if question.kind is Kind.YES_NO:
        choices = choices or ["Yes", "No"]
    if choices and len(choices) <= MOST_CHOICES:
        return asked, " / ".join(choices)
    # A line that holds nothing is drawn as one with a space that doesn't break.
    return asked, "\n".join("\u00a0" for _ in range(LINES.get(question.kind, 2)))


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}"
