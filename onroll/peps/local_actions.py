"""Changing what an authority adds to the forms of plans. Each change is a new version; plans keep theirs."""

from dataclasses import replace

from onroll.access.actors import Actor
from onroll.children.contradictions import Refused
from onroll.history.changes import change, verb

from .clock import Form as FormKind
from .forms.declarations import FilledBy, FormSection, form
from .forms.local import (
    KINDS,
    WITH_OPTIONS,
    Declaration,
    LocalQuestion,
    LocalSection,
    may_be_left_out,
    parts_of_section,
)
from .local_models import LocalForm
from .writing import FORM_YEAR, SIGNED_ELSEWHERE

verb("pep.form_changed", "{actor} changed what the authority adds to the forms of PEPs")

FORMS = [kind.value for kind in FormKind]
# What the answers of an own section can be of: whoever reads this part of a record reads them.
PARTS = ("g", "b", "d", "f", "i", "j", "m", "k")
MOST_QUESTIONS, MOST_OPTIONS = 60, 20


def declared_now(authority: int) -> Declaration:
    """What the newest version says; nothing where there is none."""
    newest = LocalForm.newest(authority)
    return newest.declaration if newest else Declaration()


def national_sections() -> dict[str, FormSection]:
    """The national sections in which an authority can ask something, by key, in the order of the forms."""
    found: dict[str, FormSection] = {}
    for kind in FORMS:
        for section in form(kind, initial=False, year=FORM_YEAR).sections:
            if section.key not in SIGNED_ELSEWHERE and any(not each.kind.is_list for each in section.questions):
                found.setdefault(section.key, section)
    return found


def forms_with(section: str) -> list[str]:
    """The forms that have this national section."""
    return [
        kind
        for kind in FORMS
        if any(each.key == section for each in form(kind, initial=False, year=FORM_YEAR).sections)
    ]


def parts_for(section: str, said: Declaration) -> list[str]:
    """The parts of the record that an own question in this section can be of."""
    own = next((each for each in said.sections if each.key == section), None)
    if own is not None:
        return [own.part]
    national = national_sections().get(section)
    return parts_of_section(national) if national else []


def add_section(title: str, filled_by: str, part: str, forms: list[str], *, actor: Actor) -> str:
    """Add a section of the authority's own. Returns its key. It stands in plans once it has a question."""
    said = declared_now(actor.authority)
    if part not in PARTS or not forms or not set(forms) <= set(FORMS):
        raise Refused("Choose whose answers they are and the forms that have the section.")
    if title.strip().casefold() in {each.title.casefold() for each in said.sections}:
        raise Refused(f"There is a section “{title.strip()}” already. Add the question to it.")
    key = f"local_{said.keys + 1}"
    made = LocalSection(key, title.strip(), FilledBy(filled_by).value, part, tuple(forms))
    _save(replace(said, sections=(*said.sections, made), keys=said.keys + 1), f"Section “{made.title}” added", actor)
    return key


def add_question(asked: LocalQuestion, *, actor: Actor) -> None:
    """Add a question of the authority's own; its key is given here."""
    said = declared_now(actor.authority)
    if len([each for each in said.questions if not each.retired]) >= MOST_QUESTIONS:
        raise Refused(f"There are {MOST_QUESTIONS} own questions already. Retire one first.")
    asked = replace(asked, key=f"local_{said.keys + 1}")
    _check(asked, said)
    said = replace(said, questions=(*said.questions, asked), keys=said.keys + 1)
    _save(said, f"Question “{asked.words}” added", actor)


def change_question(asked: LocalQuestion, *, actor: Actor) -> None:
    """Ask a question of one's own in another way. How it is answered, and who reads it, stays: else ask a new one."""
    said = declared_now(actor.authority)
    held = next((each for each in said.questions if each.key == asked.key and not each.retired), None)
    if held is None:
        raise Refused("This question is not asked any more.")
    fixed = ("section", "kind", "part")
    if any(getattr(held, name) != getattr(asked, name) for name in fixed):
        raise Refused("How a question is answered and who reads it can’t be changed. Retire it and add another.")
    _check(asked, said)
    questions = tuple(asked if each.key == asked.key else each for each in said.questions)
    _save(replace(said, questions=questions), f"Question “{asked.words}” changed", actor)


def retire_question(key: str, *, actor: Actor) -> None:
    """Ask a question no more in plans that begin from now on."""
    said = declared_now(actor.authority)
    held = next((each for each in said.questions if each.key == key and not each.retired), None)
    if held is None:
        raise Refused("This question is not asked any more.")
    questions = tuple(replace(each, retired=True) if each.key == key else each for each in said.questions)
    _save(replace(said, questions=questions), f"Question “{held.words}” retired", actor)


def say_of_section(key: str, title: str, hints: dict[str, str], off: set[str], *, actor: Actor) -> None:
    """Give a national section another title, its questions other hints, and leave optional ones out."""
    said, section = declared_now(actor.authority), national_sections()[key]
    optional = {each.key for each in section.questions if may_be_left_out(each)}
    if not off <= optional:
        raise Refused("What is required or counted can’t be left out.")
    own = {each.key: each for each in section.questions}
    titles = {name: words for name, words in said.titles.items() if name != key}
    if title.strip() and title.strip() != section.title:
        titles[key] = title.strip()
    new_hints = {name: words for name, words in said.hints.items() if name not in own}
    new_hints |= {
        name: words.strip() for name, words in hints.items() if name in own and words.strip() != own[name].hint
    }
    left_out = (set(said.off) - optional) | off
    said_now = replace(said, titles=titles, hints=new_hints, off=tuple(sorted(left_out)))
    if said_now.kept() != said.kept():
        _save(said_now, f"Section “{section.title}” in own words", actor)


def _check(asked: LocalQuestion, said: Declaration) -> None:
    if asked.kind not in {kind.value for kind in KINDS}:
        raise Refused("Choose how it is answered.")
    if asked.part not in parts_for(asked.section, said):
        raise Refused("Choose who reads the answer: no wider circle than that of the section.")
    own = next((each for each in said.sections if each.key == asked.section), None)
    standing_in = list(own.forms) if own else forms_with(asked.section)
    if not asked.forms or not set(asked.forms) <= set(standing_in):
        raise Refused("Choose forms that have the section.")
    needs = asked.kind in {kind.value for kind in WITH_OPTIONS}
    if needs and (len(asked.options) < 2 or len(set(asked.options)) < len(asked.options)):
        raise Refused("Give two or more different options, one a line.")
    if needs and (len(asked.options) > MOST_OPTIONS or any(";" in each for each in asked.options)):
        raise Refused(f"Give {MOST_OPTIONS} options at most, without a semicolon.")
    try:
        asked.question(FilledBy.SETTING_LEAD)
    except ValueError as wrong:
        raise Refused("Word the options otherwise: one of them is the name of a list.") from wrong


def _save(said: Declaration, what: str, actor: Actor) -> None:
    newest = LocalForm.newest(actor.authority)
    version = newest.version + 1 if newest else 1
    row = LocalForm(authority_id=actor.authority, version=version, made_on=actor.today, made_by_id=actor.account)
    row.declared, row.what = said.kept(), what[:300]
    with change("pep.form_changed", actor=actor) as this:
        this.create(row)
