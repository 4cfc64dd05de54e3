"""The designated teacher and deputies on the page of a school, for the staff who work with the school."""

from typing import Any

from onroll.access.actors import Actor
from onroll.access.roles import DESIGNATED_TEACHERS, SOCIAL_CARE, VIRTUAL_SCHOOL, Role
from onroll.schools.models import School
from onroll.schools.registry import Panel, register_panel

from .models import Post

_READERS = frozenset({*VIRTUAL_SCHOOL, *SOCIAL_CARE})


def register() -> None:
    """Add the contacts to the pages of schools. Called once, at start."""
    register_panel(Panel("contacts", 10, "people/at_school.html", contacts_of, place="side"))


def contacts_of(school: School, actor: Actor) -> dict[str, Any] | None:
    """Who holds a designated teacher's post at this school today, as the actor's authority knows. One query."""
    if actor.role not in _READERS:
        return None
    posts = (
        Post.objects.filter(authority=actor.authority, school=school, role__in=DESIGNATED_TEACHERS)
        .live(actor.today)
        .select_related("account")
    )
    # The designated teacher before the deputies.
    return {
        "posts": sorted(
            posts, key=lambda post: (post.role != Role.DESIGNATED_TEACHER, post.account.family_name, post.pk)
        )
    }
