"""Messages to the people of a meeting: that they are asked, that it moved, that their reply is waited for.

Each goes only to an account with a live link to the child, says nothing of the child nor of the meeting, and leads to
the person's own home page.
"""

from collections.abc import Iterable
from datetime import date

from onroll.access import mails
from onroll.access.actors import Actor
from onroll.access.models import Account
from onroll.authorities.models import Authority
from onroll.children.models import Child
from onroll.children.visibility import reach
from onroll.codes.working_days import is_working_day, working_days_before
from onroll.history.changes import change, verb
from onroll.people.models import Post
from onroll.people.posts import actor_for

from ..meeting_models import MeetingPerson
from ..models import Pep, PepSettings
from ..workflow import State, lasting

INVITED, MOVED, REMINDER = "pep_invited", "pep_meeting_moved", "pep_reply_reminder"
BEFORE_MEETING = (State.DUE, State.BOOKED, State.IN_PREPARATION)

verb("pep.reply_reminded", "{actor} reminded people of a PEP meeting to reply")

mails.register(
    INVITED,
    subject="{service}: you are asked to a meeting",
    text="{service}\n\nYou are asked to a meeting. Sign in to see when it is, and say whether you can come:\n{address}",
)
mails.register(
    MOVED,
    subject="{service}: a meeting has changed",
    text="{service}\n\nA meeting that you are asked to has changed. Sign in to see it:\n{address}",
)
mails.register(
    REMINDER,
    subject="{service}: a meeting waits for your reply",
    text="{service}\n\nA meeting waits for your reply. Sign in to say whether you can come:\n{address}",
)


def with_live_link(accounts: Iterable[int], child: Child, *, today: date) -> list[Account]:
    """Those of these accounts who reach the child today in some post of theirs in the child's authority."""
    posts = Post.objects.live(today).filter(authority_id=child.authority_id, account__in=list(accounts))
    found: dict[int, Account] = {}
    for post in posts.select_related("account", "authority", "school", "team", "agreement").order_by("pk"):
        if post.account_id not in found and reach(actor_for(post, today=today)).filter(pk=child.pk).exists():
            found[post.account_id] = post.account
    return list(found.values())


def tell(kind: str, pep: Pep, people: Iterable[MeetingPerson], *, today: date) -> int:
    """Tell those of these people who have an account and a live link. Answers to how many. Call it inside a change."""
    if not PepSettings.of(pep.authority_id).mail_invitation:
        return 0
    told = with_live_link([each.account_id for each in people if each.account_id], pep.child, today=today)
    for account in told:
        mails.send(kind, to=account, authority=pep.authority_id)
    return len(told)


def send_reminders(authority: Authority, *, today: date) -> int:
    """Remind those who were asked to a meeting of these days and have not replied, each once. How many went."""
    settings = PepSettings.of(authority.pk)
    if not settings.mail_invitation or not settings.remind_before or not is_working_day(today):
        return 0
    waiting = MeetingPerson.unscoped.filter(
        authority=authority,
        account__isnull=False,
        invited_on__lt=today,
        reply="",
        reminded_on__isnull=True,
        pep__meeting_on__gt=today,
        pep__state__in=lasting(BEFORE_MEETING),
    ).select_related("pep__child")
    by_meeting: dict[int, list[MeetingPerson]] = {}
    for person in waiting.order_by("pk"):
        meeting_on = person.pep.meeting_on or today
        if working_days_before(meeting_on, settings.remind_before) <= today:
            by_meeting.setdefault(person.pep_id, []).append(person)
    return sum(_remind(people, today) for people in by_meeting.values())


def _remind(people: list[MeetingPerson], today: date) -> int:
    pep: Pep = people[0].pep
    with change("pep.reply_reminded", actor=Actor.system(pep.authority_id, today=today), child=pep.child) as this:
        sent = tell(REMINDER, pep, people, today=today)
        for person in people:
            person.reminded_on = today
            this.save(person, ["reminded_on"])
    return sent
