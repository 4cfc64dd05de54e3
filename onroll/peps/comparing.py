"""Two plans of a child side by side, for one reader: the answers by section, and the targets with how they went."""

from dataclasses import dataclass

from onroll.access.actors import Actor

from .forms.declarations import named
from .forms.declarations import words as words_of
from .models import Pep, PepTarget
from .queries import peps_of
from .section_forms import in_words
from .workflow import State
from .writing import NOT_IN_A_BOX, Writing


@dataclass(frozen=True)
class Pair:
    """One question with what the earlier plan and the later one say, as people read it. `is_answered`: the later one
    says something here, if only that nothing holds any more. What is not answered yet has not changed.
    """

    words: str
    before: list[str]
    now: list[str]
    is_answered: bool

    @property
    def is_changed(self) -> bool:
        return self.is_answered and self.before != self.now


@dataclass(frozen=True)
class Section:
    """A section of the later plan's form, or of the earlier where the later has none such."""

    title: str
    pairs: list[Pair]

    @property
    def changed(self) -> int:
        return sum(pair.is_changed for pair in self.pairs)


def earlier(pep: Pep, actor: Actor) -> list[Pep]:
    """The plans of the child before this one that were not set aside, the newest first."""
    found = peps_of(pep.child, actor).exclude(pk=pep.pk).exclude(state__in=[State.EXEMPT.value, State.MISSED.value])
    return [each for each in found if (each.due_on is None or pep.due_on is None or each.due_on < pep.due_on)]


def side_by_side(before: Pep, now: Pep, actor: Actor) -> list[Section]:
    """The sections of two plans in the order of the form, with the answers that this reader may have in both.

    Of the later plan an answer counts as it stands, also where it is carried over; of the earlier what was answered.
    """
    old, new = Writing(before, actor), Writing(now, actor)
    was, name = old.answers_read(), now.child.first_name
    lines = [line for shown in new.shown for line in new.lines(shown) if line.question.kind not in NOT_IN_A_BOX]
    # What the plan states of a question that it asks no more stays with it.
    current = {key: value for key, (_, value) in new.answers_read().items()}
    current |= {line.question.key: line.value for line in lines}
    sections: list[Section] = []
    seen: set[str] = set()
    for form in (new.form, old.form):
        for section in form.sections:
            pairs = []
            for question in section.questions:
                key = question.key
                if key in seen or (key not in was and key not in current):
                    continue
                seen.add(key)
                then = in_words(was[key][0], was[key][1]) if key in was else []
                today = in_words(question, current.get(key))
                if then or today:
                    answered = bool(today) or key in new.given
                    pairs.append(Pair(words_of(question, name), then, today, answered))
            if pairs:
                sections.append(Section(named(section.title, name), pairs))
    return sections


def targets_of(pep: Pep) -> list[PepTarget]:
    """The targets of a plan, of a child whom the page reached through the gate."""
    return list(PepTarget.unscoped.filter(pep=pep))
