"""The pages about a child, in the order they stand in the row below the header.

A later part adds its own page here: a name, an address, and the sections that open it. A page for which the reader has
no cell does not exist: it has no tab, and its address answers as one that never was.
"""

from collections.abc import Callable
from dataclasses import dataclass

from django.urls import reverse

from onroll.access.actors import Actor
from onroll.access.can import Can, can
from onroll.access.sections import Section, has_summary, may_read
from onroll.children.models import Child
from onroll.design.values import Tab


@dataclass(frozen=True)
class Panel:
    """One page about a child."""

    key: str
    label: str
    route: str
    open_to: Callable[[Actor], bool]


def _with(*sections: Section) -> Callable[[Actor], bool]:
    # The summary of one of these sections is enough.
    return lambda actor: can(actor, Can.SEE_CHILD) and any(has_summary(actor, section) for section in sections)


def _reads(section: Section) -> Callable[[Actor], bool]:
    return lambda actor: can(actor, Can.SEE_CHILD) and may_read(actor, section)


PANELS = [
    Panel("story", "Story", "profile:story", _with(Section.BASICS)),
    Panel("peps", "PEP", "profile:peps", _with(Section.PEP)),
    Panel("school", "School", "profile:school", _reads(Section.SCHOOL)),
    Panel("home", "Care and home", "profile:home", _with(Section.CARE, Section.PLACEMENT, Section.OTHER_STATUS)),
    Panel("needs", "Needs and support", "profile:needs", _with(Section.CHARACTERISTICS, Section.SEN, Section.HEALTH)),
    Panel("people", "People", "profile:people", _reads(Section.PROFESSIONALS)),
    Panel("released", "Let out to you", "profile:released", lambda actor: can(actor, Can.SEE_RELEASED)),
    Panel("documents", "Documents", "profile:documents", _with(Section.BASICS)),
    Panel("history", "History", "profile:history", lambda actor: can(actor, Can.SEE_CHILD_HISTORY)),
    Panel("looks", "Who has looked", "profile:looks", lambda actor: can(actor, Can.SEE_LOOKS)),
]


def tabs(child: Child, actor: Actor, *, current: str, keep: str = "") -> list[Tab]:
    """The pages about this child that exist for this reader. `keep` is what each address keeps: the as-at day."""
    return [
        Tab(panel.label, reverse(panel.route, args=[child.public_id]) + keep, panel.key == current)
        for panel in PANELS
        if panel.open_to(actor)
    ]
