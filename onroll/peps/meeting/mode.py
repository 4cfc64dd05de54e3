"""Meeting mode: the whole plan on one page, to write in while people meet, safe for a screen that all of them see."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.urls import reverse
from django.utils import timezone

from onroll.access.can import Can
from onroll.access.kept_open import KeptOpen, close, keep_open
from onroll.access.sections import Section, may_read

from ..forms.declarations import Kind, named
from ..forms.reading import ShownSection
from ..known import KEPT_ELSEWHERE
from ..section_forms import SectionForm, in_words
from ..section_views import BACK_TO_MEETING, WritingPage
from ..voice_models import Concern, Share, VoiceAnswer
from ..writing import LATER, LISTS, OWNERS, SIGNED_ELSEWHERE, Line
from .action_views import actions_table
from .agreed import actions_round
from .calendar_file import is_protected
from .people import Names, people_of
from .screen import ON_A_SCREEN, safe_on_a_screen
from .views import is_to_book, meeting_rows, people_table
from .waiting import when_words

AFTER = timedelta(minutes=30)


@dataclass(frozen=True)
class OnScreen:
    """One section: the boxes of who has the page open, and what others wrote."""

    key: str
    title: str
    owner: str
    url: str
    boxes: list[Any]
    said: list[tuple[str, list[str], str]]
    state: str


class MeetingModePage(WritingPage):
    """The whole plan for the meeting: own sections as boxes that keep what is typed, the others' as they stand now.

    On the day of the meeting it stays open for the planned length and half an hour, though nobody types.
    """

    requires = Can.WRITE_PEPS
    writes = True
    template_name = "peps/meeting/mode.html"

    def shown(self) -> str:
        read = {each.value for each in ON_A_SCREEN if may_read(self.actor, each)}
        return ",".join(sorted(read | {Section.PEP.value, Section.VIEWS.value}))

    def context(self) -> dict[str, Any]:
        pep, known = self.pep, self.writing.known
        names, people = Names(self.child, self.actor, on_a_screen=True), people_of(pep)
        until = self._keep_open()
        protected = is_protected(pep, today=self.actor.today)
        actions = actions_round(pep)
        sections = [found for each in self.writing.shown if (found := self._section(each, protected))]
        return {
            **super().context(),
            "pep": pep,
            "pep_url": self.url("peps:pep"),
            "caption": f"PEP meeting{f' · {when_words(pep)}' if pep.meeting_on else ''}",
            "until": until,
            "rows": [each for each in meeting_rows(pep) if not (protected and each.key == "Where")],
            "people": people_table(people, names, pep) if people else None,
            "ask": self.url("peps:people"),
            "said": self._said(),
            "to_review": [(each, self.url("peps:review_target", each.public_id)) for each in known.to_review],
            "sections": sections,
            "targets": known.targets,
            "targets_url": self.url("peps:targets"),
            "actions": actions_table(actions, pep, names, self) if actions else None,
            "new_action": self.url("peps:new_action"),
            "end": self.url("peps:held") if is_to_book(pep) else "",
            "here": self.url("peps:meeting_mode"),
            "back_to": BACK_TO_MEETING,
            "protected": protected,
        }

    def _keep_open(self) -> Any:
        """Until when the page stays open, on the day of the meeting; on other days it is a page like any other."""
        pep, session, now = self.pep, self.request.session, timezone.now()
        here = self.url("peps:meeting_mode")
        paths = [here, f"{self.url('peps:pep')}/sections/"]
        if pep.meeting_on != self.actor.today:
            held = KeptOpen.of(session)
            if held is not None and held.paths == tuple(paths):
                close(session)
            return None
        kept = keep_open(session, paths, length=timedelta(minutes=pep.meeting_minutes) + AFTER, now=now)
        left = int((kept.until_at - now).total_seconds() // 60)
        if left > self.actor.idle_minutes:
            self.request.open_minutes = left  # type: ignore[attr-defined]
        return kept.until_at

    def _said(self) -> list[str]:
        """What the young person lets everybody at the meeting hear. What somebody had to act on is not there."""
        held = VoiceAnswer.shared_with(self.child, self.actor).filter(pep=self.pep, share=Share.EVERYONE)
        held = held.exclude(pk__in=Concern.unscoped.filter(pep=self.pep).values("answer"))
        return [each.said.text for each in held if each.said.text]

    def _section(self, each: ShownSection, protected: bool) -> OnScreen | None:
        key = each.section.key
        if key in (*LATER, *SIGNED_ELSEWHERE) or any(asked.question.kind in LISTS for asked in each.asked):
            return None
        # When people meet and who they are stands at the top of the page.
        asked_here = [line for line in self.writing.lines(each) if line.question.key not in KEPT_ELSEWHERE]
        lines = safe_on_a_screen(asked_here, protected=protected)
        form = SectionForm(lines, offered=self.writing.offered, known_as=self.child.first_name)
        said = [found for line in lines if (found := self._line(line))]
        if not form.lines and not said:
            return None
        title = named(each.section.title, self.child.first_name)
        state = "Finished" if key in self.writing.finished else "Being written" if any(x[1] for x in said) else ""
        url = reverse("peps:section", args=[self.child.public_id, self.pep.public_id, key])
        return OnScreen(key, title, OWNERS[each.section.filled_by], url, form.boxes(), said, state)

    def _line(self, line: Line) -> tuple[str, list[str], str] | None:
        """A question that another answers, or the record, with what stands there."""
        kind = line.question.kind
        if line.writes or kind in (Kind.VOICE, Kind.FILE) or kind.is_list:
            return None
        if kind is Kind.SHOWN:
            return (line.words, [self.writing.shown_words(line.question)], "")
        said = in_words(line.question, line.standing.value if line.standing else None)
        return (line.words, said, OWNERS[line.question.filled_by])
