"""The sensitive facts of a return: kept where the authority has switched their kind on, else read past."""

from typing import Any

from onroll.access.sections import Section
from onroll.authorities.sensitive_facts import BY_KIND, Question
from onroll.children.models import ReturnedFacts, ReturnedHealthFacts, ReturnedSafeguardingFacts
from onroll.exchange.problems import BadValue, Grade, Problem, Unreadable

from . import cells
from .comparison import Comparison
from .facts import Sensitive

_TABLES: dict[Section, type[ReturnedFacts]] = {
    Section.HEALTH: ReturnedHealthFacts,
    Section.SAFEGUARDING: ReturnedSafeguardingFacts,
}


def compare_sensitive_facts(comparison: Comparison) -> None:
    """Bring the answers of each kept kind: one row for a child, kind and collection year."""
    said = [fact for fact in comparison.said.sensitive.values() if fact.kind in comparison.keeps]
    if not said:
        return
    if comparison.said.year_start == comparison.said.year_start.min:
        raise Unreadable("These files name no year. Give the last day they speak for, and load them again.")
    held = _held(comparison, said)
    on = comparison.said.year_end
    for fact in said:
        holding = comparison.holding_of(fact)
        answers = _answers(comparison, fact) if holding is not None else {}
        if holding is None or not answers:
            continue
        model = _model_of(fact.kind)
        row = held.get((holding.child.pk, fact.kind))
        # What an earlier load of the year answered stands where this one is silent.
        text = model.together({**(row.said() if row else {}), **answers})
        before = comparison.changes.count()
        comparison.bring(holding, row, model, {"answers": text}, fact, {"kind": fact.kind, "on": on})
        comparison.newly_kept[fact.kind] += comparison.changes.count() - before


def _held(comparison: Comparison, said: list[Sensitive]) -> dict[tuple[int, str], Any]:
    """What the record holds for the year of the return, by child and kind."""
    held = {}
    for model in {_model_of(fact.kind) for fact in said}:
        rows = model.unscoped.filter(authority=comparison.authority, on=comparison.said.year_end).order_by("pk")
        held.update({(row.child_id, row.kind): row for row in rows})
    return held


def _model_of(kind: str) -> type[ReturnedFacts]:
    return _TABLES[BY_KIND[kind].section]


def _answers(comparison: Comparison, fact: Sensitive) -> dict[str, str]:
    """The answers that can be read. One that can't is left out and noted, without its words: the list travels."""
    found = {}
    for question in BY_KIND[fact.kind].questions:
        text = fact.cells.get(question.column, "")
        if not text:
            continue
        try:
            found[question.column] = _answer(question, text)
        except BadValue as wrong:
            comparison.problems.append(
                Problem(
                    Grade.NOTED,
                    "sensitive_fact",
                    fact.file,
                    fact.line,
                    fact.child,
                    question.column,
                    str(wrong),
                    "Left it empty; everything else of this row goes in",
                )
            )
    return found


def _answer(question: Question, text: str) -> str:
    if question.answers is None:
        try:
            return cells.day(text).isoformat()
        except BadValue:
            raise BadValue(f"{question.column} is not a day like 31/03/2018") from None
    # A spreadsheet writes 1 as 1.0.
    answer = text.upper().removesuffix(".0")
    if answer not in question.answers:
        raise BadValue(f"{question.column} is not one of the answers that the return has for it")
    return answer
