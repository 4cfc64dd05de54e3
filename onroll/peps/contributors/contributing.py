"""What a contributor writes: kept beside the section for who writes it; a carer's also as the carer's part."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from onroll.access.actors import Actor
from onroll.access.roles import Role
from onroll.children.contradictions import Refused, refuse_if
from onroll.children.leaks import what_looks_like_an_address
from onroll.history.changes import change, verb

from ..contributor_models import Contribution, ContributorLink
from ..finishing import finish_section
from ..forms.declarations import words
from ..forms.reading import Asked, Origin, ShownSection, Standing
from ..forms.values import check_value, is_nothing
from ..saving import Clash, TellsWhere, digest, save_section, texts_of
from ..section_forms import in_words
from ..voice_models import Pass
from ..writing import Line, Writing, part_of
from .links import questions_for

verb("contributor.wrote", "{actor} wrote a few lines to a PEP")

# Texts with an address in them after which the link ends: nobody finds one out by trying.
MOST_REFUSED = 5
LOOKS_LIKE_AN_ADDRESS = "This looks like it says where somebody lives, or a telephone number. Leave it out"


class Wrong(Exception):
    """Some answers can't be kept: by question, what to do. Nothing of it was kept."""

    def __init__(self, answers: dict[str, str]) -> None:
        super().__init__(", ".join(answers))
        self.answers = answers


def asked_of(held: ContributorLink, actor: Actor) -> list[Asked]:
    """The questions of the one section that this link is for. None where the plan has the section no more."""
    found = next((each for each in Writing(held.pep, actor).shown if each.section.key == held.section_key), None)
    return questions_for(found) if found is not None else []


def own_answers(held: ContributorLink) -> dict[str, Any]:
    """What was written by this link, by question."""
    rows = Contribution.unscoped.filter(link=held)
    return {key: value for row in rows for key, value in row.answers.items()}


def own_lines(held: ContributorLink, actor: Actor) -> list[Line]:
    """The questions with what this contributor wrote, and nobody else's words."""
    own = own_answers(held)
    return [
        Line(
            Asked(each.question, own.get(each.question.key), required=False),
            Standing(own[each.question.key], Origin.GIVEN) if each.question.key in own else None,
            words(each.question, held.child.first_name),
            writes=True,
        )
        for each in asked_of(held, actor)
    ]


def contribute(held: ContributorLink, typed: Mapping[str, Any], *, actor: Actor) -> None:
    """Keep what a contributor wrote. What they leave empty is nothing.

    Raises Wrong where an answer can't be kept, which ends the link when it was often an address, and Refused where the
    link is over.
    """
    refuse_if("This page is closed." if held.is_over(actor.today) else "")
    questions = {each.question.key: each.question for each in asked_of(held, actor)}
    given = {key: value for key, value in typed.items() if key in questions}
    wrong = {key: said for key, value in given.items() if (said := check_value(questions[key], value, {}))}
    tells = [key for key, value in given.items() if what_looks_like_an_address("\n".join(texts_of(value)))]
    if tells:
        _count_refused(held, actor)
        wrong |= dict.fromkeys(tells, LOOKS_LIKE_AN_ADDRESS)
    if wrong:
        raise Wrong(wrong)
    before = own_answers(held)
    by_part: dict[str, dict[str, Any]] = defaultdict(dict)
    for key, value in given.items():
        by_part[part_of(questions[key])][key] = value
    with change("contributor.wrote", actor=actor, child=held.child_id) as this:
        rows = {row.part: row for row in Contribution.unscoped.filter(link=held)}
        for part, answers in by_part.items():
            row = rows.get(part) or Contribution(
                authority_id=held.authority_id,
                child_id=held.child_id,
                link=held,
                pep=held.pep,
                section_key=held.section_key,
                part=part,
            )
            row.answers = {key: value for key, value in {**row.answers, **answers}.items() if not is_nothing(value)}
            row.written_on = actor.today
            this.save(row)
        held.finished_on = actor.today
        this.save(held, ["finished_on"])
    if held.asked == ContributorLink.Asked.CARER:
        _as_the_carers_part(held, given, before, actor)


def _count_refused(held: ContributorLink, actor: Actor) -> None:
    with change("contributor.wrote", actor=actor, child=held.child_id) as this:
        held.refused += 1
        if held.refused >= MOST_REFUSED:
            held.ended_on, held.why = actor.today, Pass.Ended.CODES
        this.save(held, ["refused", "ended_on", "why"])


def _as_the_carers_part(
    held: ContributorLink, given: Mapping[str, Any], before: Mapping[str, Any], actor: Actor
) -> None:
    """A carer without an account gives the carer's part. What somebody else wrote there meanwhile is not written over:
    the carer's words then stand beside it.
    """
    carer = Actor(authority=held.authority_id, role=Role.CARER, today=actor.today, name=actor.name)
    writing = Writing(held.pep, carer)
    try:
        save_section(writing, held.section_key, given, was={key: digest(before.get(key)) for key in given})
    except (Clash, TellsWhere, Refused):
        return
    finish_section(Writing(held.pep, carer), held.section_key)


@dataclass(frozen=True)
class Contributed:
    """What one contributor wrote: who, asked as what, on which day, and each question with the answer."""

    name: str
    asked_as: str
    on: date
    lines: list[tuple[str, list[str]]]


def contributed_to(writing: Writing, section: ShownSection) -> list[Contributed]:
    """What contributors wrote to a section, as far as this reader reads the parts of the record."""
    pep = writing.pep
    rows = Contribution.of(pep.child, writing.actor).filter(pep=pep, section_key=section.section.key)
    questions = {each.question.key: each.question for each in questions_for(section)}
    found: dict[int, Contributed] = {}
    for row in rows.select_related("link").order_by("pk"):
        link = row.link
        told = found.setdefault(link.pk, Contributed(link.name, link.get_asked_display(), row.written_on, []))
        told.lines.extend(
            (words(questions[key], pep.child.first_name), in_words(questions[key], value))
            for key, value in row.answers.items()
            if key in questions
        )
    return [each for each in found.values() if each.lines]
