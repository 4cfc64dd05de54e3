"""Pages about one child: the child is found through the gate, the section is checked, the look is recorded."""

from collections.abc import Callable
from typing import Any, ClassVar

from django.http import Http404

from onroll.access.actors import Actor
from onroll.access.can import can
from onroll.access.pages import Page
from onroll.access.sections import Section, has_summary, may_read, may_write
from onroll.history.viewing import viewed

from .acting import find_child
from .closing import note_closed
from .guards import note_attempt
from .models import Child

# What stands at the top of a child's pages: the name, the mark, the row of pages. Set by the part that draws records.
Header = Callable[[Child, Actor, str], Any]
_HEADER: list[Header] = []


def register_header(header: Header) -> None:
    """Have the pages of all parts show this header. It is given the child, the reader, and the page's own panel."""
    _HEADER[:] = [header]


def header_of(child: Child, actor: Actor, current: str) -> Any:
    """The header of a page about a child that stands under the panel `current`."""
    return _HEADER[0](child, actor, current)


class ChildPage(Page):
    """A page about the child in its address. Out of reach, or a section the role has no cell for: 404.

    `section` is the part of the record it shows; `writes` says that it changes that part. `summary_will_do` lets a
    role in that has only the summary of the section: the page then shows no more than that.
    """

    abstract = True
    section: ClassVar[Section] = Section.BASICS
    writes: ClassVar[bool] = False
    summary_will_do: ClassVar[bool] = False
    # What the look is called in the access log.
    act_shown: ClassVar[str] = "view"

    child: Child

    def open(self, *args: Any, **kwargs: Any) -> None:
        found = find_child(self.actor, kwargs["child"])
        if found is None:
            note_attempt(self.actor, kwargs["child"], self.route())
            note_closed(self.actor, kwargs["child"], self.route())
            raise Http404
        acting, self.child = found
        self.act_as(acting)
        if not can(acting, self.requires) or not self._may_open():
            raise Http404
        viewed(acting, self.child, self.shown(), route=self.logged_as(), act=self.act_shown)

    def route(self) -> str:
        return self.request.resolver_match.view_name if self.request.resolver_match else ""

    def logged_as(self) -> str:
        """What was looked at, as the access log writes it: the name of the route, and no value of the record."""
        return self.route()

    def shown(self) -> str:
        """The sections that this page shows, as the access log writes them."""
        return self.section.value

    def _may_open(self) -> bool:
        if self.writes:
            return may_write(self.actor, self.section)
        if self.summary_will_do:
            return has_summary(self.actor, self.section)
        return may_read(self.actor, self.section)

    def context(self) -> dict[str, Any]:
        return {"child": self.child}
