"""The boxes of a section: made from the questions of its form, and read back as answers."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms

from onroll.design.dates import read_day
from onroll.design.forms import GovukDateField, GovukForm, Look
from onroll.design.words import day

from .forms.declarations import Column, Kind, Question, named
from .forms.values import MOST_LETTERS, MOST_LETTERS_ELSE, Offered, is_nothing
from .saving import digest
from .writing import Line

# Empty lines that a table offers beyond those it has, and the fewest it shows.
SPARE, FEWEST = 1, 2
FEW_CHOICES = 9
LONG_BOXES = (Kind.LONG_TEXT,)


@dataclass(frozen=True)
class Box:
    """A line of the page that the reader writes in: its field, or the cells of its table."""

    line: Line
    field: Any = None
    headings: tuple[str, ...] = ()
    rows: tuple[tuple[Any, ...], ...] = ()
    was: str = ""
    hint: str = ""
    # What the young person said that helps with it, as far as the reader may see it.
    said: tuple[Any, ...] = ()

    @property
    def key(self) -> str:
        return self.line.question.key

    @property
    def before(self) -> list[str]:
        """What the last plan said in place of what stands in the box, as people read it."""
        return in_words(self.line.question, self.line.was) if self.line.differs else []


class SectionForm(GovukForm):
    """The boxes of the lines that one person writes in a section. Nothing in it is required: that is asked later."""

    mark_optional = False

    def __init__(self, lines: Iterable[Line], data: Any = None, *, offered: Offered, known_as: str) -> None:
        self.lines = [line for line in lines if line.writes]
        self.known_as = known_as
        self.looks: dict[str, Look] = {}
        self.tables: dict[str, int] = {}
        initial: dict[str, Any] = {}
        fields: dict[str, forms.Field] = {}
        for line in self.lines:
            question = line.question
            value = line.standing.value if line.standing else None
            if question.kind is Kind.TABLE:
                self._table(question, value, data, fields, initial, offered)
            else:
                fields[question.key] = _field(question, line, offered, known_as)
                self.looks[question.key] = _look(question)
                initial[question.key] = _as_shown(question.kind, value)
        super().__init__(data, initial=initial)
        for name, field in fields.items():
            self.fields[name] = field

    def _table(
        self,
        question: Question,
        value: Any,
        data: Any,
        fields: dict[str, Any],
        initial: dict[str, Any],
        offered: Offered,
    ) -> None:
        held = [row for row in value if isinstance(row, dict)] if isinstance(value, list) else []
        count = max(len(held) + SPARE, FEWEST)
        if data is not None:
            typed = str(data.get(f"{question.key}-lines", ""))
            count = min(int(typed), 100) if typed.isascii() and typed.isdecimal() else count
        self.tables[question.key] = count
        for number in range(count):
            row = held[number] if number < len(held) else {}
            for column in question.columns:
                name = cell_name(question, number, column)
                fields[name] = _cell(column, number, offered)
                self.looks[name] = Look(hidden_label=True, width="full", small=True)
                initial[name] = _cell_as_shown(column, row.get(column.name, ""))

    def boxes(self) -> list[Box]:
        """The lines with their boxes, for the page."""
        found = []
        for line in self.lines:
            question = line.question
            was = digest(line.standing.value if line.standing else None)
            if question.kind is Kind.TABLE:
                rows = tuple(
                    tuple(self[cell_name(question, number, column)] for column in question.columns)
                    for number in range(self.tables[question.key])
                )
                headings = tuple(heading(column) for column in question.columns)
                found.append(Box(line, headings=headings, rows=rows, was=was, hint=named(question.hint, self.known_as)))
            else:
                found.append(Box(line, field=self[question.key], was=was))
        return found

    def answers(self) -> dict[str, Any]:
        """What was typed, as answers. Call when the form was checked; what could not be read is left out."""
        found: dict[str, Any] = {}
        for line in self.lines:
            question = line.question
            if question.kind is Kind.TABLE:
                found[question.key] = self._rows_typed(question)
            elif question.key in self.cleaned_data:
                found[question.key] = _as_kept(self.cleaned_data[question.key])
        return found

    def _rows_typed(self, question: Question) -> list[dict[str, str]]:
        rows = []
        for number in range(self.tables[question.key]):
            cells = {
                column.name: _cell_as_kept(column, self.cleaned_data.get(cell_name(question, number, column)))
                for column in question.columns
            }
            if not is_nothing(cells):
                rows.append({name: words for name, words in cells.items() if words})
        return rows


def cell_name(question: Question, number: int, column: Column) -> str:
    return f"{question.key}-{number}-{column.name}"


def heading(column: Column) -> str:
    """What stands above a column; a day says how it is written."""
    return f"{column.title}, like 17/11/2026" if column.kind is Kind.DATE else column.title


def _field(question: Question, line: Line, offered: Offered, known_as: str) -> forms.Field:
    common: dict[str, Any] = {"label": line.words, "required": False, "help_text": named(question.hint, known_as)}
    match question.kind:
        case Kind.DATE:
            return GovukDateField(asks="the day", like="17 11 2026", **common)
        case Kind.YES_NO | Kind.CHOICE:
            choices = question.options.choices() or [("Yes", "Yes"), ("No", "No")]
            if question.options.source:
                return forms.CharField(max_length=MOST_LETTERS_ELSE, **common)
            if len(choices) > FEW_CHOICES:
                return forms.ChoiceField(choices=[("", "Choose"), *choices], **common)
            return forms.ChoiceField(choices=choices, widget=forms.RadioSelect, **common)
        case Kind.MULTI_CHOICE:
            choices = question.options.choices(offered)
            if not choices:
                return forms.CharField(max_length=MOST_LETTERS_ELSE, **common)
            return forms.MultipleChoiceField(choices=choices, widget=forms.CheckboxSelectMultiple, **common)
        case Kind.LONG_TEXT:
            return forms.CharField(max_length=MOST_LETTERS[Kind.LONG_TEXT], widget=forms.Textarea, **common)
    return forms.CharField(max_length=MOST_LETTERS_ELSE, **common)


def _look(question: Question) -> Look:
    choices = question.options.choices()
    short = question.kind is Kind.YES_NO or (question.kind is Kind.CHOICE and len(choices) == 2)
    if question.kind is Kind.NUMBER:
        return Look(label="s", width=5, inputmode="decimal")
    return Look(label="s", inline=short, rows=4)


def _cell(column: Column, number: int, offered: Offered) -> forms.Field:
    label = f"{heading(column)}, line {number + 1}"
    choices = column.options.choices(offered)
    if column.kind is Kind.YES_NO:
        choices = [("Yes", "Yes"), ("No", "No")]
    if choices:
        return forms.ChoiceField(label=label, required=False, choices=[("", "–"), *choices])
    return forms.CharField(label=label, required=False, max_length=MOST_LETTERS_ELSE)


def _cell_as_kept(column: Column, words: Any) -> str:
    """What was typed in a cell, a day as days are kept. What is no day stays as it was typed, and is refused later."""
    typed = str(words or "").strip()
    found = read_day(typed) if column.kind is Kind.DATE and typed else None
    return found.isoformat() if found else typed


def _cell_as_shown(column: Column, words: Any) -> str:
    if column.kind is not Kind.DATE or not words:
        return str(words or "")
    try:
        return f"{date.fromisoformat(str(words)):%d/%m/%Y}"
    except ValueError:
        return str(words)


def _as_shown(kind: Kind, value: Any) -> Any:
    if kind is Kind.DATE and isinstance(value, str) and value:
        try:
            return date.fromisoformat(value)
        except ValueError:
            return None
    return value


def _as_kept(value: Any) -> Any:
    """A cleaned value as an answer keeps it."""
    if isinstance(value, date):
        return value.isoformat()
    if value is None:
        return ""
    return value.replace("\r\n", "\n") if isinstance(value, str) else value


def in_words(question: Question, value: Any) -> list[str]:
    """An answer as people read it: each line of it."""
    if is_nothing(value):
        return []
    match value:
        case str() if question.kind is Kind.DATE:
            return [day(date.fromisoformat(value))]
        case str():
            labels = dict(question.options.choices()) if question.options.codes else {}
            return labels.get(value, value).split("\n")
        case list() if value and isinstance(value[0], dict):
            return [_row_in_words(question, row) for row in value]
        case list():
            return [", ".join(str(each) for each in value)]
    return [str(value)]


def _row_in_words(question: Question, row: dict[str, Any]) -> str:
    said = [(column.title, _cell_as_shown(column, row.get(column.name, ""))) for column in question.columns]
    return "; ".join(f"{title}: {words}" for title, words in said if words.strip())


def both_together(mine: str, theirs: str) -> str:
    """One text that holds the words of both, in their order: what both say once, and then what each says alone."""
    from difflib import SequenceMatcher

    ours, others = mine.split(" "), theirs.split(" ")
    found: list[str] = []
    for act, a, b, c, d in SequenceMatcher(None, others, ours, autojunk=False).get_opcodes():
        found += others[a:b]
        if act != "equal":
            found += ours[c:d]
    return " ".join(word for word in found if word)
