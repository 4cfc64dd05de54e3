"""What a form of a personal education plan is made of, read from the files of `data`.

`<kind>_<year>.csv` declares the questions of one kind, `shared_<year>.csv` those of all, and `sections_<year>.csv`
which sections a form has, in order. A first plan is the form of its kind, with what `initial_<year>.csv` adds or says
otherwise: a row there with the key of a question that the form has stands in its place.
"""

import csv
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cache
from pathlib import Path

from onroll.access.sections import Section
from onroll.codes import NCCIS_ACTIVITY, SDQ_REASON, CodeSet

from .conditions import ALWAYS, NEVER, Condition, parse

DATA = Path(__file__).parent / "data"

CODE_FILES: dict[str, CodeSet] = {
    "codes/nccis_activity.csv": NCCIS_ACTIVITY,
    "codes/sdq_reason.csv": SDQ_REASON,
}
_LIMITS = re.compile(r"minimum=setting (?P<setting>\w+) \((?P<least>\d+)\); maximum=(?P<most>\d+)")


class Kind(StrEnum):
    """How a question is answered."""

    SHOWN = "shown_from_record"
    TEXT = "text"
    LONG_TEXT = "long_text"
    NUMBER = "number"
    DATE = "date"
    YES_NO = "yes_no"
    CHOICE = "choice"
    MULTI_CHOICE = "multi_choice"
    TABLE = "table"
    PERSON = "person"
    SCHOOL = "school"
    FILE = "file"
    VOICE = "voice"
    REVIEW_LIST = "review_list"
    TARGET_LIST = "target_list"
    REQUEST_LIST = "request_list"
    ACTION_LIST = "action_list"

    @property
    def is_list(self) -> bool:
        """A list of cards: the questions that are part of it are asked once a card."""
        return self.value.endswith("_list")


class FilledBy(StrEnum):
    """Who answers. SETTING_LEAD in a form that names nobody else: whoever leads in the setting. SHOWN: nobody."""

    SETTING_LEAD = "setting_lead"
    DESIGNATED_TEACHER = "designated_teacher"
    SOCIAL_WORKER = "social_worker"
    CARER = "carer"
    YOUNG_PERSON = "young_person"
    VIRTUAL_SCHOOL = "virtual_school"
    SHOWN = "shown"


@dataclass(frozen=True)
class Readers:
    """Who may read an answer: those who read this section of the record; None: the people of the meeting alone.

    `and_of_summary`: it was written for readers who get a summary of the section ("k+S"), so they read it too.
    """

    section: Section | None
    and_of_summary: bool = False


@dataclass(frozen=True)
class Options:
    """What can be chosen: these words, then those of a code set, then those of a source of the product, by its name."""

    words: tuple[str, ...] = ()
    codes: str = ""
    source: str = ""

    def choices(self, offered: Mapping[str, Iterable[str]] | None = None) -> list[tuple[str, str]]:
        """Each option as it is kept and as it is read. `offered`: what each source of the product offers now."""
        coded = CODE_FILES[self.codes].choices() if self.codes else []
        from_source = (offered or {}).get(self.source, ())
        return [(each, _read_as(each)) for each in self.words] + coded + [(each, each) for each in from_source]


def _read_as(option: str) -> str:
    """An option that is named by a key, in words."""
    if option == "neet":
        return "Not in education, employment or training (NEET)"
    return option.replace("_", " ").capitalize() if option.islower() else option


@dataclass(frozen=True)
class Column:
    """A column of a table."""

    name: str
    kind: Kind
    options: Options

    @property
    def title(self) -> str:
        return self.name.replace("_", " ").capitalize()


@dataclass(frozen=True)
class Limits:
    """How many rows a list has: at least as many as the setting says, `least` where it says nothing; at most `most`."""

    setting: str = ""
    least: int = 1
    most: int = 100


@dataclass(frozen=True)
class Question:
    """One question of a form. `key`: never changed, also from year to year; `list[].part` in a list.

    `declared`: the options as they are written. `prefilled_from`: what the product fills the answer from, until someone
    says otherwise. `promoted_to`: the column or row that is counted. `early_sign_off_notes`: what may still be open
    when the plan is signed, in words. `parts`: the questions that are asked of each row of a list.
    """

    key: str
    section: str
    words: str
    hint: str
    kind: Kind
    filled_by: FilledBy
    declared: str
    shown_when: Condition
    shown_when_words: str
    required: Condition
    carried_forward: bool
    prefilled_from: str
    promoted_to: str
    readers: Readers
    early_sign_off_notes: str
    part_of: str
    options: Options
    columns: tuple[Column, ...]
    limits: Limits
    parts: "tuple[Question, ...]" = ()

    @property
    def name(self) -> str:
        """The key within its row, or the key."""
        return self.key.rpartition("[].")[2]

    @property
    def card(self) -> str:
        """What a row of the list is called: “list” of `list[].part`."""
        return self.parts[0].key.partition("[].")[0] if self.parts else ""

    @property
    def sources(self) -> tuple[str, ...]:
        """The fields that the answer is filled from, or the rule in words."""
        if not self.prefilled_from or self.prefilled_from.startswith("rule:"):
            return (self.prefilled_from,) if self.prefilled_from else ()
        return tuple(each.strip() for each in self.prefilled_from.split(";"))


@dataclass(frozen=True)
class FormSection:
    """A section of a form. `filled_by` owns it; a question in it may be another's."""

    key: str
    title: str
    filled_by: FilledBy
    shown_when: Condition
    questions: tuple[Question, ...]
    note: str = ""


@dataclass(frozen=True)
class Form:
    """A form of one kind and year. `lead`: who leads in the setting and submits the education part."""

    key: str
    title: str
    lead: FilledBy
    sections: tuple[FormSection, ...]

    def questions(self) -> Iterator[Question]:
        """Every question in order, each list before its parts."""
        for section in self.sections:
            for question in section.questions:
                yield question
                yield from question.parts


def named(text: str, known_as: str) -> str:
    """A text of a form as people read it: with the name that the young person is known by, and printed apostrophes."""
    return text.replace("'", "’").replace("{known_as}", known_as)


def words(question: Question, known_as: str) -> str:
    return named(question.words, known_as)


# Reading the files


@cache
def form(kind: str, *, initial: bool, year: int) -> Form:
    """The form of this kind and year, as a first plan or as one that follows."""
    described = next(row for row in rows(f"kinds_{year}") if row["kind"] == kind)
    lead = FilledBy(described["lead"])
    key = f"{kind}_{year}"
    questions = _questions(lead, f"shared_{year}", key)
    sections = [_section(row, questions, lead) for row in rows(f"sections_{year}") if row["form"] == key]
    plain = Form(key, described["title"], lead, tuple(sections))
    return _initial(plain, year) if initial else plain


@cache
def rows(file: str) -> tuple[dict[str, str], ...]:
    """The rows of one of the files of `data`, as they are written."""
    with (DATA / f"{file}.csv").open(encoding="utf-8", newline="") as lines:
        return tuple(csv.DictReader(lines))


def _questions(lead: FilledBy, *files: str) -> dict[str, Question]:
    return {row["question_key"]: question_of(row, lead) for file in files for row in rows(file)}


def _section(row: Mapping[str, str], questions: Mapping[str, Question], lead: FilledBy) -> FormSection:
    left_out = row["questions_left_out"].split()
    own = [each for each in questions.values() if each.section == row["section_key"] and each.key not in left_out]
    return FormSection(
        key=row["section_key"],
        title=row["title"],
        filled_by=lead if row["filled_by"] == _AS_IN_THE_PHASE else _filled_by(row["filled_by"], lead),
        shown_when=parse(row["extra_shown_when"]),
        questions=tuple(_with_parts(each, own) for each in own if not each.part_of),
        note=row["note"],
    )


def _with_parts(question: Question, questions: Iterable[Question]) -> Question:
    return replace(question, parts=tuple(each for each in questions if each.part_of == question.key))


_AS_IN_THE_PHASE = "as in the form of the phase"


def _initial(plain: Form, year: int) -> Form:
    """The form with what a first plan adds, leaves out, or says otherwise."""
    own = _questions(plain.lead, f"initial_{year}")
    sections = list(plain.sections)
    for row in rows(f"sections_{year}"):
        if row["form"] != f"initial_{year}":
            continue
        keys = [section.key for section in sections]
        if row["use"] == "add":
            side, _, beside = row["place"].partition(" ")
            sections.insert(keys.index(beside) + (side == "after"), _section(row, own, plain.lead))
        elif row["section_key"] in keys:
            place = keys.index(row["section_key"])
            sections[place : place + 1] = [] if row["use"] == "leave_out" else [_changed(sections[place], row, own)]
    return Form(f"{plain.key}_initial", plain.title, plain.lead, tuple(sections))


def _changed(section: FormSection, row: Mapping[str, str], own: Mapping[str, Question]) -> FormSection:
    left_out = row["questions_left_out"].split()

    def kept(questions: Iterable[Question]) -> tuple[Question, ...]:
        return tuple(
            replace(own.get(each.key, each), parts=kept(each.parts)) for each in questions if each.key not in left_out
        )

    notes = [note for note in (section.note, row["note"]) if note]
    return replace(section, questions=kept(section.questions), note=" ".join(notes))


def question_of(row: Mapping[str, str], lead: FilledBy) -> Question:
    """The question that a row declares, in a form that this role leads."""
    kind = Kind(row["kind"])
    declared = row["options"]
    is_choice = kind in (Kind.CHOICE, Kind.MULTI_CHOICE, Kind.YES_NO)
    letter, _, summary = row["who_may_read"].partition("+")
    return Question(
        key=row["question_key"],
        section=row["section_key"],
        words=row["question"],
        hint=row["hint"],
        kind=kind,
        filled_by=_filled_by(row["filled_by"], lead),
        declared=declared,
        shown_when=parse(row["shown_when"]),
        shown_when_words=row["shown_when_words"],
        required=_required(row["required_at_submission"]),
        carried_forward=row["carried_forward"] == "yes",
        prefilled_from="" if row["prefilled_from"] == "none" else row["prefilled_from"],
        promoted_to=row["promoted_to"],
        readers=Readers(None if letter == _THE_MEETING else Section(letter), and_of_summary=summary == "S"),
        early_sign_off_notes=row["early_sign_off_notes"],
        part_of=row["part_of"],
        options=_options(declared) if is_choice else Options(),
        columns=_columns(declared) if kind is Kind.TABLE else (),
        limits=_limits(declared) if kind.is_list else Limits(),
    )


_THE_MEETING = "r"


def _filled_by(words: str, lead: FilledBy) -> FilledBy:
    filled_by = FilledBy(words)
    return lead if filled_by is FilledBy.SETTING_LEAD else filled_by


def _required(words: str) -> Condition:
    match words.partition(" "):
        case ("yes", _, ""):
            return ALWAYS
        case ("no", _, ""):
            return NEVER
        case ("when", _, condition) if condition:
            return parse(condition)
    raise ValueError(f"“{words}” does not say whether an answer is required: yes, no, or when and a condition.")


@cache
def option_sources() -> dict[str, str]:
    """The sources of the product that options are taken from, by name: what each holds."""
    return {row["source"]: row["meaning"] for row in rows("option_sources")}


def _options(declared: str) -> Options:
    given = [each.strip() for each in declared.split(";") if each.strip()]
    codes = [each for each in given if each in CODE_FILES]
    sources = [each for each in given if each in option_sources()]
    if len(codes) > 1 or len(sources) > 1 or any(each.startswith("codes/") and each not in codes for each in given):
        raise ValueError(f"“{declared}” takes its options from more than one place, or from one that is not there.")
    fixed = tuple(each for each in given if each not in codes and each not in sources)
    return Options(fixed, "".join(codes), "".join(sources))


def _columns(declared: str) -> tuple[Column, ...]:
    """`columns=name:kind|name:kind(choice;choice)`. A table declared by another file has no columns of its own."""
    if not declared.startswith("columns="):
        return ()
    found = []
    for part in declared.removeprefix("columns=").split("|"):
        name, _, rest = part.partition(":")
        kind, _, choices = rest.partition("(")
        found.append(Column(name, Kind(kind), _options(choices.removesuffix(")"))))
    return tuple(found)


def _limits(declared: str) -> Limits:
    if not declared:
        return Limits()
    found = _LIMITS.fullmatch(declared)
    if found is None:
        raise ValueError(f"“{declared}” does not say how many rows a list has.")
    return Limits(found["setting"], int(found["least"]), int(found["most"]))
