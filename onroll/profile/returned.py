"""What returns answered of sensitive kinds, in words: one table a kind, on the page of the section it belongs to."""

from datetime import date

from onroll.access.actors import Actor
from onroll.authorities.sensitive_facts import ALL, Question
from onroll.children.models import Child, ReturnedFacts
from onroll.codes.years import collection_year_of
from onroll.design.tables import Column, Table
from onroll.design.words import day

from .record import Record


def returned_facts(model: type[ReturnedFacts], child: Child, actor: Actor) -> list[ReturnedFacts]:
    """What is kept of the child's returns for a reader of the section, newest year first."""
    return list(model.of(child, actor).order_by("-on", "kind", "pk"))


def returned_tables(record: Record, rows: list[ReturnedFacts]) -> list[Table]:
    """The answers of each kind, a look back without the years that had not ended. No table where nothing is kept."""
    if record.is_past:
        rows = [row for row in rows if row.on <= record.day]
    tables = []
    for each in ALL:
        told = [
            [words, answer, collection_year_of(row.on)]
            for row in rows
            if row.kind == each.kind
            for words, answer in _in_words(row.said(), each.questions)
        ]
        if told:
            columns = [Column("What was asked", stacked_label=False), Column("Answer"), Column("Year")]
            caption = f"{each.kind.label}, from the statutory return"
            tables.append(Table(caption, columns, told, caption_hidden=False, stacked="brief"))
    return tables


def _in_words(said: dict[str, str], questions: tuple[Question, ...]) -> list[tuple[str, str]]:
    """The answers in the order of the return. A column that no year asked for stands as it is."""
    known = {question.column: question for question in questions}
    ordered = [column for column in known if column in said] + [column for column in said if column not in known]
    return [
        (known[column].words if column in known else column, _answer(known.get(column), said[column]))
        for column in ordered
    ]


def _answer(question: Question | None, answer: str) -> str:
    if question is None:
        return answer
    if question.answers is None:
        return day(date.fromisoformat(answer))
    return question.answers.get(answer, answer)
