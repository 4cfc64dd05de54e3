"""Messages about plans: that something waits, came back or is signed. They name no child and no date.

Each goes only to somebody with a live link to the child, and leads to their own home page. An authority turns each kind
on or off. The digest goes on Mondays and Thursdays, once, to whoever has something late, for today or for soon.
"""

from collections.abc import Iterable
from datetime import date, timedelta

from django.utils import timezone

from onroll.access import mails
from onroll.access.models import Account, Mail
from onroll.access.roles import DESIGNATED_TEACHERS, Role
from onroll.authorities.models import Authority
from onroll.children.models import Allocation, SchoolPlace
from onroll.children.records import holds_on
from onroll.codes.working_days import is_working_day
from onroll.people.models import Post
from onroll.people.posts import actor_for

from .models import Pep, PepSettings
from .queries import Work
from .workflow import WRITERS

DIGEST, RETURNED, SIGNED_OFF = "pep_digest", "pep_returned", "pep_signed_off"
MONDAY, THURSDAY = 0, 3
ONCE_WITHIN = timedelta(hours=20)

mails.register(
    DIGEST,
    subject="{service}: something is waiting for you",
    text="{service}\n\nPersonal education plans are waiting for you. Sign in to see which, and by when:\n{address}",
)
mails.register(
    RETURNED,
    subject="{service}: something came back to you",
    text="{service}\n\nA plan was returned. What to put right stands in the plan. Sign in to see it:\n{address}",
)
mails.register(
    SIGNED_OFF,
    subject="{service}: a plan is signed off",
    text="{service}\n\nA plan is agreed. Its targets and actions start now. Sign in to see it:\n{address}",
)


def people_round(pep: Pep, today: date) -> list[Account]:
    """Those with a live link who write the plan: the designated teachers of the child's school, and social care."""
    places = SchoolPlace.unscoped.filter(holds_on(today), child=pep.child_id, kind=SchoolPlace.Kind.MAIN)
    posts = Post.objects.live(today).filter(
        authority_id=pep.authority_id, role__in=DESIGNATED_TEACHERS, school__in=places.values("school")
    )
    workers = Allocation.unscoped.filter(holds_on(today), child=pep.child_id, role=Role.SOCIAL_WORKER)
    found = Account.objects.filter(posts__in=posts) | Account.objects.filter(pk__in=workers.values("account"))
    return list(found.filter(is_active=True).distinct().order_by("pk"))


def tell_returned(pep: Pep, *, today: date) -> int:
    """Tell who writes the plan that it came back. Answers to how many it goes. Call it inside the change."""
    return _tell(RETURNED, pep, today) if PepSettings.of(pep.authority_id).mail_returned else 0


def tell_signed_off(pep: Pep, *, today: date) -> int:
    """Tell who wrote the plan that it is agreed. Answers to how many it goes. Call it inside the change."""
    return _tell(SIGNED_OFF, pep, today) if PepSettings.of(pep.authority_id).mail_signed_off else 0


def _tell(kind: str, pep: Pep, today: date) -> int:
    people = people_round(pep, today)
    for account in people:
        mails.send(kind, to=account, authority=pep.authority_id)
    return len(people)


def send_digests(authority: Authority, *, today: date) -> int:
    """Send the digest of the day, where it is a day for one; to nobody twice within a day. Answers how many went."""
    if today.weekday() not in (MONDAY, THURSDAY) or not is_working_day(today):
        return 0
    if not PepSettings.of(authority.pk).mail_digest:
        return 0
    lately = Mail.objects.filter(authority=authority.pk, kind=DIGEST, written_at__gt=timezone.now() - ONCE_WITHIN)
    told = set(lately.values_list("to", flat=True))
    sent = 0
    for post in _posts(authority, today):
        if post.account_id not in told and _waits(post, today):
            mails.send(DIGEST, to=post.account, authority=authority.pk)
            told.add(post.account_id)
            sent += 1
    return sent


def _posts(authority: Authority, today: date) -> Iterable[Post]:
    posts = Post.objects.live(today).filter(authority=authority, role__in=(*WRITERS, Role.CARER, Role.HEAD_TEACHER))
    return posts.filter(account__is_active=True).select_related("account", "authority", "school", "team").order_by("pk")


def _waits(post: Post, today: date) -> bool:
    return any(item.when != "later" for item in Work(actor_for(post, today=today)).items)
