"""Who holds or held a post in the authority, and in which state each person is.

Until somebody has signed in since they were first given a post here, they are shown by the address they were invited
under and by nothing else. So an invitation looks the same whether the address was known to the installation or not.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cached_property

from django.db.models import Max, Min, Q
from django.utils.timezone import make_aware

from onroll.access.actors import Actor
from onroll.access.models import Account, Mail
from onroll.access.roles import Role
from onroll.people.models import Post, PostQuerySet

SOON = timedelta(days=30)
# The messages by which an authority asks somebody in, and warns them that it will switch them off.
INVITING = ("invitation", "post_given")
UNUSED = "account_unused"

STATES = {
    "live": "Can sign in",
    "invited": "Invited, not yet in",
    "waiting": "Waits for a second person",
    "lapsing": "Lapsing within 30 days",
    "unused": "Unused",
    "ended": "Ended",
}
STATE_COLOURS: dict[str, str] = {
    "live": "green",
    "invited": "blue",
    "waiting": "orange",
    "lapsing": "yellow",
    "unused": "yellow",
    "ended": "grey",
}


@dataclass
class Person:
    """One account as the authority knows it: through the posts it holds or held here."""

    account: Account
    posts: list[Post]
    today: date
    invited_at: datetime | None = None
    warned_at: datetime | None = None

    @cached_property
    def live(self) -> list[Post]:
        """The posts that count today, and those that are still to begin."""
        return [post for post in self.posts if post.is_live(max(self.today, post.start))] if self.is_on else []

    @cached_property
    def waiting(self) -> list[Post]:
        """The posts that open nothing until a second person has confirmed the address."""
        return [post for post in self.posts if post.waits and (post.end is None or post.end > self.today)]

    @property
    def is_on(self) -> bool:
        return self.account.is_active

    @cached_property
    def has_been_in(self) -> bool:
        """Whether they have signed in since they were first asked in here."""
        last = self.account.last_login
        # Who was never confirmed here was never asked in, however often they sign in elsewhere.
        if last is None or (self.invited_at is None and all(post.waits for post in self.posts)):
            return False
        first_day = make_aware(datetime.combine(min(post.start for post in self.posts), time()))
        return last >= first_day and (self.invited_at is None or last >= self.invited_at)

    @cached_property
    def state(self) -> str:
        if not self.live:
            if self.is_on:
                return "waiting" if self.waiting else "ended"
            return "unused" if self.is_off_unused else "ended"
        if not self.has_been_in:
            return "invited"
        return "lapsing" if all(lapses_soon(post, self.today) for post in self.live) else "live"

    @property
    def is_off_unused(self) -> bool:
        """Switched off because nobody used the account: who leaves has no post that goes on."""
        return not self.is_on and any(post.end is None or post.end > self.today for post in self.posts)

    @property
    def is_warned(self) -> bool:
        """Told that the account will be switched off, and not in since."""
        last = self.account.last_login
        return bool(self.live) and self.warned_at is not None and (last is None or last < self.warned_at)

    @property
    def is_lapsing(self) -> bool:
        """Also for someone whose other posts go on, or who was never in."""
        return any(lapses_soon(post, self.today) for post in self.live)

    @property
    def name(self) -> str:
        was_here = self.has_been_in or not (self.live or all(post.waits for post in self.posts))
        return self.account.name if was_here else self.account.email

    @property
    def words(self) -> str:
        """What the search goes through, in lower case."""
        return f"{self.name} {self.account.email}".lower()


def last_day_of(post: Post) -> date | None:
    """From which day the post opens nothing, by its own end or for want of a confirmation."""
    return post.end if post.end is not None else post.lapses_on


def lapses_soon(post: Post, today: date) -> bool:
    ends = last_day_of(post)
    return ends is not None and today < ends <= today + SOON


def posts_here(actor: Actor) -> PostQuerySet:
    """Every post of the actor's authority, with what a list shows of it."""
    found = Post.objects.filter(authority_id=actor.authority)
    return found.select_related("account", "school", "team", "agreement").order_by("start", "pk")


def people_of(actor: Actor, posts: Iterable[Post] | None = None) -> list[Person]:
    """Everybody who holds or held a post here, by name. Two queries."""
    of_account: dict[int, list[Post]] = {}
    for post in posts_here(actor) if posts is None else posts:
        of_account.setdefault(post.account_id, []).append(post)
    mails = Mail.objects.filter(authority=actor.authority, kind__in=(*INVITING, UNUSED), to__in=list(of_account))
    written = mails.values("to").annotate(
        first=Min("written_at", filter=Q(kind__in=INVITING)), warned=Max("written_at", filter=Q(kind=UNUSED))
    )
    told = {to: (first, warned) for to, first, warned in written.values_list("to", "first", "warned")}
    people = [
        Person(held[0].account, held, actor.today, *told.get(account, (None, None)))
        for account, held in of_account.items()
    ]
    return sorted(people, key=lambda person: (person.name.lower(), person.account.pk))


def find_person(public_id: object, actor: Actor) -> Person | None:
    """Somebody with a post here, now or before. Nobody else exists for the authority."""
    found = people_of(actor, posts_here(actor).filter(account__public_id=public_id))
    return found[0] if found else None


def place_of(post: Post) -> str:
    """The team or the school of a post, in words."""
    if post.school is not None:
        return post.school.name
    return post.team.name if post.team is not None else ""


def role_of(post: Post) -> str:
    return str(Role(post.role).label)
