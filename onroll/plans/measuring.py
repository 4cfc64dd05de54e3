"""What the records say of an action: the live readings of its measures, and a sentence made of them.

The lead's rating and this stand side by side and are never made into one.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from onroll.access.actors import Actor
from onroll.authorities.models import Authority
from onroll.design.words import day, number
from onroll.measures import periods, showing
from onroll.measures.catalogue import CATALOGUE, not_yet
from onroll.measures.cohorts import Cohort
from onroll.measures.engine import Reading, read, trend
from onroll.measures.measure import Measure, Unit
from onroll.measures.models import Target
from onroll.measures.outside import for_reader, is_small
from onroll.measures.rag import Judged, State, rag


def is_known(id: str) -> bool:
    """Whether a measure has this id here, or is one of those that a later part brings."""
    return CATALOGUE.find(id) is not None or id in not_yet()


@dataclass(frozen=True)
class Answer:
    """One measure of an action: what it is called, and its reading where there is one."""

    id: str
    measure: Measure | None
    reading: Reading | None = None
    # Why this reader is not given the figure: it is too small, or its period is not over.
    hidden: str = ""

    @property
    def title(self) -> str:
        return self.measure.title if self.measure else f"Measure {self.id}"

    @property
    def value(self) -> str:
        """The figure in words: 71%, 38, yes. “No data” and “hidden” are words of their own."""
        reading = self.reading
        if reading is None:
            return ""
        return "Hidden" if self.hidden else value_words(reading)

    @property
    def is_figure(self) -> bool:
        return self.reading is not None and not self.hidden and self.reading.value is not None

    @property
    def part_and_whole(self) -> str:
        """64 of 90 PEPs, where the figure has a whole."""
        reading = self.reading
        if reading is None or self.hidden or reading.whole is None or not reading.measure.unit.has_whole:
            return ""
        if reading.measure.unit is Unit.DAYS:
            return f"mean of {number(reading.whole)}"
        return f"{number(int(reading.part))} of {number(reading.whole)} {reading.measure.of}"

    @property
    def missing(self) -> str:
        """Why there is no reading, in words."""
        return "" if self.measure else "Not counted yet: it needs records that Onroll does not hold so far."


def value_words(reading: Reading) -> str:
    """A value as people read it, as it stands on its own page too."""
    return "No data" if reading.value is None else showing.value_words(reading.value, reading.measure.unit)


class Records:
    """The measures read for one reader on one day. Facts are loaded once for all of them."""

    def __init__(self, actor: Actor) -> None:
        self.actor = actor
        self.cohort = Cohort.for_actor(actor, as_at=actor.today)
        self._answers: dict[str, Answer] = {}

    def answer(self, id: str) -> Answer:
        if id not in self._answers:
            self._answers[id] = self._read(id)
        return self._answers[id]

    def answers(self, ids: Sequence[str]) -> list[Answer]:
        """The measures with these ids, each once: several plan measures may be answered by one."""
        found: dict[Any, Answer] = {}
        for id in ids:
            answer = self.answer(id)
            found.setdefault(answer.measure.id if answer.measure else id, answer)
        return list(found.values())

    @cached_property
    def _targets(self) -> dict[str, Target]:
        """The target of each measure that holds today, for everyone. Of several the one that is due first."""
        today = self.actor.today
        held = Target.objects.filter(authority_id=self.actor.authority, start__lte=today, end__gt=today)
        return {each.measure: each for each in held.filter(characteristic="").order_by("-due_on", "-pk")}

    @cached_property
    def _authority(self) -> Authority:
        return Authority.objects.get(pk=self.actor.authority)

    def target(self, answer: Answer) -> Target | None:
        return self._targets.get(answer.measure.id) if answer.measure else None

    def judged(self, answer: Answer) -> Judged | None:
        """How the figure stands against its target, and why. None for a figure that there is not, or that is hidden."""
        if answer.reading is None or answer.hidden:
            return None
        return rag(answer.reading, self.target(answer), authority=self._authority)

    def state(self, answer: Answer) -> str:
        """on_track, near, off_track, or no_data where there is no figure or nothing to set it against."""
        judged = self.judged(answer)
        return judged.state.value if judged else State.NO_DATA.value

    def _read(self, id: str) -> Answer:
        measure = CATALOGUE.find(id)
        if measure is None:
            return Answer(id, None)
        period = periods.up_to(measure.period, self.actor.today, self.cohort.calendar)
        reading = read(measure, self.cohort.over(period))
        return Answer(id, measure, reading, self._hidden(reading))

    def _hidden(self, reading: Reading) -> str:
        """Why a reader who may not see every child behind the figure is not given it. Empty when they are."""
        outside = for_reader(reading)
        if outside is None or not (outside.refused or outside.total.hidden):
            return ""
        return outside.refused or "There are too few children behind it to show it to everybody."

    def trend_of(self, answer: Answer) -> list[tuple[str, Reading]]:
        """The last periods of a measure, oldest first, each with its words. Nothing where a number of it is hidden."""
        if answer.measure is None or answer.hidden:
            return []
        readings = trend(answer.measure, self.cohort)
        if any(self._hidden(each) for each in readings):
            return []
        kind, calendar = answer.measure.period, self.cohort.calendar
        return [(periods.words(kind, each.cohort.period, calendar), each) for each in readings]


def suggested(answers: Sequence[Answer], history: dict[str, list[tuple[str, Reading]]]) -> str:
    """A sentence for each figure: its value, of how many, and what it was in the period before. No opinion in it.

    It goes on to readers who may not see the children: a figure with a small number in it has none.
    """
    fit = [each for each in answers if each.is_figure and each.reading is not None and not is_small(each.reading)]
    return " ".join(_sentence(each, history.get(each.id, [])) for each in fit)


def _sentence(answer: Answer, history: list[tuple[str, Reading]]) -> str:
    reading = answer.reading
    assert reading is not None
    whole = f" ({answer.part_and_whole})" if answer.part_and_whole else ""
    words = f"{answer.title}: {answer.value}{whole} on {day(reading.cohort.as_at)}"
    if len(history) < 2:
        return f"{words}."
    when, before = history[-2]
    if before.value is None or reading.value is None:
        return f"{words}."
    if reading.measure.unit is Unit.YES_NO and before.value != reading.value:
        return f"{words}; it was {value_words(before)} in {when}."
    if before.value == reading.value:
        return f"{words}, as in {when}."
    way = "up" if reading.value > before.value else "down"
    return f"{words}, {way} from {value_words(before)} in {when}."
