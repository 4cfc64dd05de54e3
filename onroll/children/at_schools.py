"""What the pages of schools show about the children there, for those who may see them."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Count
from django.urls import reverse

from onroll.access.actors import Actor
from onroll.access.can import Can, can
from onroll.access.sections import Section, may_read
from onroll.codes.year_groups import year_group_of
from onroll.history.viewing import listed
from onroll.schools.models import School
from onroll.schools.queries import succession_of
from onroll.schools.registry import Panel, register_children_counter, register_panel

from .models import Child, SchoolPlace
from .queries import on_the_roll
from .records import holds_on


def register() -> None:
    """Tell the pages of schools what this part knows. Called once, at start."""
    register_children_counter(count_children)
    register_panel(Panel("children", 10, "children/at_school.html", children_here))


def count_children(actor: Actor, schools: Iterable[int] | None = None) -> dict[int, int]:
    """How many children on the roll, of those the actor may see, have a place today at each school. One query."""
    places = _places(actor)
    if schools is not None:
        places = places.filter(school__in=list(schools))
    counted = places.order_by().values("school").annotate(children=Count("child", distinct=True))
    return dict(counted.values_list("school", "children"))


def children_here(school: School, actor: Actor) -> dict[str, Any] | None:
    """The children at this school today, by name. None for who may see no list of children."""
    if not can(actor, Can.SEE_CHILDREN) or not may_read(actor, Section.SCHOOL):
        return None
    places = list(
        _places(actor)
        .filter(school=school)
        .select_related("child")
        .order_by("child__family_name", "child__given_name", "child", "start")
    )
    listed(actor, dict.fromkeys(place.child_id for place in places), "schools:school")
    return {
        "rows": [
            {
                "child": place.child,
                "href": reverse("profile:story", args=[place.child.public_id]),
                "year": year_group_of(place.child.birth_date, on=actor.today).label,
                "kind": "" if place.kind == SchoolPlace.Kind.MAIN else place.get_kind_display(),
                "since": place.start,
            }
            for place in places
        ],
        "pass_on": reverse("children:pass_on", args=[school.public_id]) if _may_pass_on(school, actor) else "",
    }


def _may_pass_on(school: School, actor: Actor) -> bool:
    """Is there a school that stands for this one, and does a child still have a place here?"""
    return (
        can(actor, Can.ACT_ON_MANY)
        and bool(succession_of(school, actor.today))
        and SchoolPlace.visible_to(actor).filter(school=school, end__isnull=True).exists()
    )


def _places(actor: Actor) -> Any:
    """Today's places, not the waits for one, of children on the roll whom the actor may see."""
    on_roll = Child.visible_to(actor).filter(on_the_roll(actor.today))
    return (
        SchoolPlace.visible_to(actor)
        .filter(holds_on(actor.today), child__in=on_roll.values("pk"))
        .exclude(kind=SchoolPlace.Kind.AWAITING)
    )
