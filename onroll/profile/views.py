"""The pages about one child."""

from typing import Any, ClassVar
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from onroll.access.can import Can
from onroll.access.sections import Section
from onroll.design.story import Story as Picture
from onroll.design.values import Chip, Entry, Timeline

from .pages import ProfilePage
from .people import people_now
from .story import KIND_LABELS, Story
from .work import open_work

SHOWN_AT_FIRST = 10


class StoryPage(ProfilePage):
    """Who the child is, their story in one picture, and what happened, newest first."""

    requires = Can.SEE_CHILD
    section = Section.BASICS
    also_shows = (Section.CARE, Section.OTHER_STATUS, Section.SCHOOL, Section.PLACEMENT, Section.SEN, Section.HEALTH)
    key = "story"
    full_header = True
    template_name: ClassVar[str] = "profile/story.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        story = Story(self.record)
        kind = request.GET.get("kind", "")
        kind = kind if kind in KIND_LABELS else ""
        fitting = [each for each in story.happenings if not kind or each.kind == kind]
        everything = request.GET.get("all") == "1"
        shown = fitting if everything else fitting[:SHOWN_AT_FIRST]
        return self.show(
            story=story,
            picture=Picture(
                name=self.child.first_name,
                born_on=self.child.birth_date,
                today=self.day,
                lanes=story.lanes,
                events=story.marks,
                description=story.description,
            ),
            table=story.table,
            chips=self._chips(story, kind),
            timeline=Timeline([Entry(on=each.on, text=each.words, by=each.by) for each in shown]),
            begins=story.happenings[-1].on if story.happenings else None,
            earlier=len(fitting) - len(shown),
            people=people_now(self.record, carers=False),
            open_work=open_work(self.record),
            show_all=self.address(**({"kind": kind} if kind else {}), all="1"),
        )

    def _chips(self, story: Story, kind: str) -> list[Chip]:
        """The kinds that the story has, each a link that shows no other."""
        held = {each.kind for each in story.happenings}
        chips = [Chip("Everything", self.address(), current=not kind)]
        return chips + [
            Chip(label, self.address(kind=each), current=each == kind)
            for each, label in KIND_LABELS.items()
            if each in held
        ]
