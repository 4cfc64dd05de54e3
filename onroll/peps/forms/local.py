"""What an authority adds to the national forms, leaves out of them, and says in its own words.

A declaration is plain data: own sections, own questions, national questions that are not asked, and titles and hints in
other words. A question of its own is declared as national ones are, never promoted to a figure, and read by those who
read a part of the record that its section has. Keys are given once and never again.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from .conditions import ALWAYS, NEVER
from .declarations import FilledBy, Form, FormSection, Kind, Question, question_of

# What an authority can ask in its own questions.
KINDS = (Kind.TEXT, Kind.LONG_TEXT, Kind.NUMBER, Kind.DATE, Kind.YES_NO, Kind.CHOICE, Kind.MULTI_CHOICE)
WITH_OPTIONS = (Kind.CHOICE, Kind.MULTI_CHOICE)
# Who can be asked. The young person is asked on pages of their own, whose words were tried with young people.
ASKED = (FilledBy.SETTING_LEAD, FilledBy.SOCIAL_WORKER, FilledBy.CARER, FilledBy.VIRTUAL_SCHOOL)
# Own sections stand before the first of these that a form has.
BEFORE = ("actions", "closing", "copies", "sign_off")


@dataclass(frozen=True)
class LocalQuestion:
    """A question of the authority's own. `part`: the letter of the part of the record whose readers read the answer."""

    key: str
    section: str
    words: str
    hint: str
    kind: str
    options: tuple[str, ...]
    filled_by: str
    part: str
    required: bool
    carried: bool
    forms: tuple[str, ...]
    retired: bool = False

    def question(self, lead: FilledBy) -> Question:
        """The question as a form that this role leads asks it. ValueError where it cannot be read as one."""
        row = dict.fromkeys(("shown_when", "shown_when_words", "promoted_to", "early_sign_off_notes", "part_of"), "")
        return question_of(
            {
                **row,
                "section_key": self.section,
                "question_key": self.key,
                "question": self.words,
                "hint": self.hint,
                "kind": self.kind,
                "options": "; ".join(self.options),
                "filled_by": self.filled_by,
                "required_at_submission": "yes" if self.required else "no",
                "carried_forward": "yes" if self.carried else "no",
                "prefilled_from": "none",
                "who_may_read": self.part,
            },
            lead,
        )


@dataclass(frozen=True)
class LocalSection:
    """A section of the authority's own. `part`: the part of the record that all its answers are of."""

    key: str
    title: str
    filled_by: str
    part: str
    forms: tuple[str, ...]


@dataclass(frozen=True)
class Declaration:
    """Everything that one version of an authority's own form says. `keys`: how many keys were given so far."""

    sections: tuple[LocalSection, ...] = ()
    questions: tuple[LocalQuestion, ...] = ()
    off: tuple[str, ...] = ()
    titles: Mapping[str, str] = field(default_factory=dict)
    hints: Mapping[str, str] = field(default_factory=dict)
    keys: int = 0

    @classmethod
    def read(cls, data: Mapping[str, Any]) -> "Declaration":
        """A declaration as it is kept. TypeError, KeyError or ValueError where it is none."""

        def tuples(row: Mapping[str, Any]) -> dict[str, Any]:
            return {name: tuple(value) if isinstance(value, list) else value for name, value in row.items()}

        found = cls(
            tuple(LocalSection(**tuples(row)) for row in data.get("sections", ())),
            tuple(LocalQuestion(**tuples(row)) for row in data.get("questions", ())),
            tuple(data.get("off", ())),
            dict(data.get("titles", {})),
            dict(data.get("hints", {})),
            int(data.get("keys", 0)),
        )
        for each in found.questions:
            each.question(FilledBy.SETTING_LEAD)
        return found

    def kept(self) -> dict[str, Any]:
        """The declaration as plain data."""
        return {
            "sections": [_plain(each) for each in self.sections],
            "questions": [_plain(each) for each in self.questions],
            "off": sorted(self.off),
            "titles": dict(self.titles),
            "hints": dict(self.hints),
            "keys": self.keys,
        }

    def asked(self, section: str) -> list[LocalQuestion]:
        """The own questions of a section that are asked."""
        return [each for each in self.questions if each.section == section and not each.retired]


def _plain(each: Any) -> dict[str, Any]:
    return {name: list(value) if isinstance(value, tuple) else value for name, value in vars(each).items()}


def with_local(form: Form, kind: str, said: Declaration) -> Form:
    """The national form of this kind with what the authority says of it."""
    sections = [_section(section, kind, form.lead, said) for section in form.sections]
    own = [
        FormSection(
            each.key,
            each.title,
            form.lead if each.filled_by == FilledBy.SETTING_LEAD else FilledBy(each.filled_by),
            ALWAYS,
            tuple(_questions(each.key, kind, form.lead, said)),
        )
        for each in said.sections
        if kind in each.forms
    ]
    keys = [section.key for section in sections]
    at = next((keys.index(key) for key in BEFORE if key in keys), len(keys))
    sections[at:at] = [each for each in own if each.questions]
    return replace(form, sections=tuple(sections))


def _section(section: FormSection, kind: str, lead: FilledBy, said: Declaration) -> FormSection:
    kept = [
        replace(each, hint=said.hints.get(each.key, each.hint))
        for each in section.questions
        if each.key not in said.off or not may_be_left_out(each)
    ]
    own = _questions(section.key, kind, lead, said)
    return replace(section, title=said.titles.get(section.key, section.title), questions=(*kept, *own))


def _questions(section: str, kind: str, lead: FilledBy, said: Declaration) -> Iterable[Question]:
    return [each.question(lead) for each in said.asked(section) if kind in each.forms]


def may_be_left_out(question: Question) -> bool:
    """Whether an authority can choose not to ask it: never what is required, counted, or a list or shown line."""
    plain = question.kind not in (Kind.SHOWN, Kind.VOICE, Kind.FILE) and not question.kind.is_list
    return plain and question.required == NEVER and not question.promoted_to


def parts_of_section(section: FormSection) -> list[str]:
    """The parts of the record that the national answers of a section are of: no own question is read by others."""
    found = []
    for each in section.questions:
        if each.readers.section is not None:
            found.append(each.readers.section.value + ("+S" if each.readers.and_of_summary else ""))
    return list(dict.fromkeys(found))
