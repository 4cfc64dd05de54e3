"""The designated teachers and deputies, school by school, and who of them was never asked in."""

from dataclasses import dataclass, field
from datetime import date

from django.db.models import Count

from onroll.access.actors import Actor
from onroll.access.roles import DESIGNATED_TEACHERS, Role
from onroll.children.models import SchoolPlace
from onroll.children.records import holds_on
from onroll.history.changes import change, verb
from onroll.people.domains import allowed_domains
from onroll.people.models import Post
from onroll.schools.models import School

from .actions import invite_again
from .people import Person, people_of, posts_here
from .reviews import last_confirmed

verb("teachers.invited", "{actor} invited the designated teachers who could not sign in yet")


@dataclass
class SchoolContacts:
    """One school: its live contacts, and when the youngest confirmation of one of them was."""

    school: School
    has_children: bool
    posts: list[Post] = field(default_factory=list)
    people: list[Person] = field(default_factory=list)
    confirmed_on: date | None = None
    domains: tuple[str, ...] = ()

    @property
    def is_missing(self) -> bool:
        """Children learn here, and nobody at the school answers for them."""
        return self.has_children and not self.posts


def contacts(actor: Actor) -> list[SchoolContacts]:
    """Schools where the authority's children learn or that have a contact: those without a contact first.

    It says of a school that children learn there, and never which or how many.
    """
    today = actor.today
    with_children = set(
        SchoolPlace.unscoped.filter(holds_on(today), authority_id=actor.authority, kind=SchoolPlace.Kind.MAIN)
        .values_list("school_id", flat=True)
        .distinct()
    )
    posts = list(posts_here(actor).filter(role__in=DESIGNATED_TEACHERS).live(today))
    people = {person.account.pk: person for person in people_of(actor, posts)}
    confirmed = last_confirmed(actor, posts)
    schools = School.objects.filter(pk__in=with_children | {post.school_id for post in posts})
    domains = allowed_domains(actor.authority).schools
    rows = {
        school.pk: SchoolContacts(school, school.pk in with_children, domains=domains.get(school.pk, ()))
        for school in schools
    }
    for post in sorted(posts, key=lambda post: (post.role != Role.DESIGNATED_TEACHER, post.account.family_name)):
        assert post.school_id is not None
        row = rows[post.school_id]
        row.posts.append(post)
        row.people.append(people[post.account_id])
        dates = [day for day in (row.confirmed_on, confirmed.get(post.pk)) if day]
        row.confirmed_on = max(dates, default=None)
    return sorted(rows.values(), key=lambda row: (not row.is_missing, row.school.name, row.school.pk))


def without_a_contact(actor: Actor) -> int:
    """At how many schools the authority's children learn and nobody answers for them. One query."""
    held = Post.objects.filter(authority_id=actor.authority, role__in=DESIGNATED_TEACHERS).live(actor.today)
    places = SchoolPlace.unscoped.filter(
        holds_on(actor.today), authority_id=actor.authority, kind=SchoolPlace.Kind.MAIN, school__isnull=False
    )
    return places.exclude(school__in=held.filter(school__isnull=False).values("school")).aggregate(
        schools=Count("school", distinct=True)
    )["schools"]


def not_asked_in(actor: Actor) -> list[Person]:
    """Designated teachers and deputies with a live post who have never signed in and were sent no invitation."""
    posts = posts_here(actor).filter(role__in=DESIGNATED_TEACHERS).live(actor.today)
    return [person for person in people_of(actor, posts) if not person.has_been_in and person.invited_at is None]


def invite_all(people: list[Person], *, actor: Actor) -> int:
    """Send each of them one message of their own, all or none."""
    with change("teachers.invited", actor=actor):
        for person in people:
            invite_again(person.account, actor=actor)
    return len(people)
