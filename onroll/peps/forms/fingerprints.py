"""A form that has been used never changes: what it says is kept as a fingerprint, and a test compares.

A new year is new files. What changes of a form changes its fingerprint; how the code reads it does not.
"""

import hashlib
import json
from typing import Any

from .conditions import ALWAYS, NEVER, Condition
from .declarations import Form, FormSection, Question


def fingerprint(form: Form) -> str:
    """64 hexadecimal digits that change with any word, rule or order of the form."""
    said = [form.key, form.title, form.lead, [_said_by_section(section) for section in form.sections]]
    return hashlib.sha256(json.dumps(said, ensure_ascii=False).encode()).hexdigest()


def _said_by_section(section: FormSection) -> list[Any]:
    questions = [_said_by(question) for question in section.questions]
    return [section.key, section.title, section.filled_by, _when(section.shown_when), section.note, questions]


def _said_by(question: Question) -> list[Any]:
    readers = question.readers
    return [
        question.key,
        question.words,
        question.hint,
        question.kind,
        question.filled_by,
        question.declared,
        question.shown_when_words,
        [_when(question.shown_when), _when(question.required)],
        [question.carried_forward, question.prefilled_from, question.promoted_to],
        [readers.section.value if readers.section else None, readers.and_of_summary],
        question.early_sign_off_notes,
        [_said_by(part) for part in question.parts],
    ]


def _when(condition: Condition) -> str:
    return {ALWAYS: "always", NEVER: "never"}.get(condition, str(condition))
