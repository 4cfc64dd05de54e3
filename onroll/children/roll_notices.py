"""Whether the head teacher and the designated teacher know that a looked-after child is on their roll (R116, M09).

Both are told when a child comes into care or comes to the school, by a message that names nobody, and the day is kept.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from onroll.access import mails
from onroll.access.actors import Actor
from onroll.access.roles import DESIGNATED_TEACHERS, SCHOOL_STAFF, Role
from onroll.authorities.models import Authority
from onroll.history.changes import change, verb
from onroll.people.models import Post
from onroll.people.posts import actor_for

from .models import CareEpisode, Child, RollNotice, SchoolPlace
from .queries import SHORT_BREAKS, on_the_roll, periods_of_care
from .records import holds_on

To = RollNotice.To
BY_ROLE = {
    Role.HEAD_TEACHER: To.HEAD_TEACHER,
    **dict.fromkeys(DESIGNATED_TEACHERS, To.DESIGNATED_TEACHER),
}
KIND = "school_told"

mails.register(
    KIND,
    subject="{service}: something new for your school",
    text="{service}\n\nThere is something that you need to know for your school. Sign in to see it:\n{address}",
)
verb("school.told_of_roll", "{actor} told a school that the child is on its roll")


@dataclass(frozen=True)
class Enrolment:
    """A looked-after child at a school, and since when it has to know: since the child came there, or into care."""

    place: SchoolPlace
    school: int
    since: date

    def is_told(self, notices: Iterable[RollNotice], to: str) -> bool:
        """Whether one of the child's notices went to this person of this school since then."""
        return any(each.to == to and each.school_id == self.school and each.told_on >= self.since for each in notices)


def enrolments(authority: int, today: date, children: Collection[int] | None = None) -> list[Enrolment]:
    """Every child on the roll who is at a main school today, with the day since when it has to know. Three queries."""
    places = SchoolPlace.unscoped.filter(
        holds_on(today),
        authority_id=authority,
        kind=SchoolPlace.Kind.MAIN,
        school__isnull=False,
        child__in=Child.unscoped.filter(on_the_roll(today), authority_id=authority, merged_into__isnull=True).values(
            "pk"
        ),
    )
    if children is not None:
        places = places.filter(child__in=children)
    found = list(places.select_related("child", "school").order_by("child__family_name", "child__given_name", "pk"))
    care = _in_care_since([place.child_id for place in found], today)
    return [
        Enrolment(place, place.school_id, max(place.start, care[place.child_id]))
        for place in found
        if place.school_id is not None and place.child_id in care
    ]


def _in_care_since(children: Collection[int], today: date) -> dict[int, date]:
    """Of those in care today, the first day of the period that goes on, short breaks apart. One query."""
    care: dict[int, list[CareEpisode]] = defaultdict(list)
    episodes = CareEpisode.unscoped.filter(child__in=children, start__lte=today)
    for episode in episodes.exclude(legal_status__in=SHORT_BREAKS).order_by("start", "pk"):
        care[episode.child_id].append(episode)
    newest = {child: periods_of_care(spells)[-1] for child, spells in care.items()}
    return {child: each.start for child, each in newest.items() if each.end is None or each.end > today}


def notices_of(children: Collection[int]) -> dict[int, list[RollNotice]]:
    """The notices of these children, by child. One query."""
    found: dict[int, list[RollNotice]] = defaultdict(list)
    for notice in RollNotice.unscoped.filter(child__in=children).order_by("told_on", "pk"):
        found[notice.child_id].append(notice)
    return found


def tell_schools(authority: Authority, *, today: date) -> int:
    """Write to the head teachers and designated teachers who do not know yet. Answers how many notices were made.

    What began before the authority's first day in Onroll is not told of: the schools know those children.
    """
    if not authority.mail_to_schools:
        return 0
    new = [each for each in enrolments(authority.pk, today) if each.since >= authority.live_from]
    notices, people = notices_of([each.place.child_id for each in new]), _people(new, authority.pk, today)
    told, actor = 0, Actor.system(authority.pk, today=today)
    for each in new:
        for to, posts in people[each.school].items():
            if each.is_told(notices[each.place.child_id], to):
                continue
            posts = [post for post in posts if _sees(post, each.place.child_id, today)]
            if not posts:
                continue
            with change("school.told_of_roll", actor=actor, child=each.place.child) as this:
                this.create(_notice(each, to, today, RollNotice.How.MESSAGE))
                for post in posts:
                    mails.send(KIND, to=post.account, authority=authority.pk)
            told += 1
    return told


def _sees(post: Post, child: int, today: date) -> bool:
    """Whether the post opens this child: who is kept apart from the child is told nothing."""
    return Child.visible_to(actor_for(post, today=today)).filter(pk=child).exists()


def tell_by_hand(child: Child, *, to: Collection[str], told_on: date, actor: Actor) -> int:
    """A person told them, and says so. Answers how many notices were made: none where the child is at no school."""
    own = enrolments(child.authority_id, actor.today, [child.pk])
    with change("school.told_of_roll", actor=actor, child=child) as this:
        for each in own:
            for one in to:
                this.create(_notice(each, one, told_on, RollNotice.How.PERSON, by=actor.account))
    return len(own) * len(to)


def _notice(enrolment: Enrolment, to: str, on: date, how: str, by: int | None = None) -> RollNotice:
    keys = {"authority_id": enrolment.place.authority_id, "child_id": enrolment.place.child_id}
    return RollNotice(**keys, school_id=enrolment.school, to=to, told_on=on, how=how, told_by_id=by)


def _people(found: Iterable[Enrolment], authority: int, today: date) -> dict[int, dict[str, list[Post]]]:
    """Who can be told at each school: by school, the posts of the head teacher and of the designated teachers."""
    posts = Post.objects.live(today).filter(
        authority_id=authority, role__in=BY_ROLE, school__in={each.school for each in found}
    )
    people: dict[int, dict[str, list[Post]]] = defaultdict(dict)
    for post in posts.filter(account__is_active=True).select_related("account", "authority").order_by("pk"):
        if post.school_id is not None:
            people[post.school_id].setdefault(BY_ROLE[Role(post.role)], []).append(post)
    return people


def told_words(place: SchoolPlace, actor: Actor) -> Iterator[tuple[str, date | None, str]]:
    """For the two people of the child's school: who, when told, and how; None where nobody told them since the child
    came. Nothing for the school's own staff, for a place that is over or to come, and after care has ended.
    """
    if actor.role in SCHOOL_STAFF or not place.holds_on(actor.today):
        return
    since = _in_care_since([place.child_id], actor.today).get(place.child_id)
    if since is None or place.school_id is None:
        return
    enrolment = Enrolment(place, place.school_id, max(place.start, since))
    own = notices_of([place.child_id])[place.child_id]
    for to in To:
        told = [notice for notice in own if enrolment.is_told([notice], to)]
        last = told[-1] if told else None
        yield To(to).label, last.told_on if last else None, last.get_how_display() if last else ""
