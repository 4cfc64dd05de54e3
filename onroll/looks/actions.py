"""What people and jobs do about looks: raise an alert, review it, open and close a matter about a child."""

from datetime import date, datetime

from django.urls import reverse
from django.utils import timezone

from onroll.access import mails
from onroll.access.actors import Actor
from onroll.access.can import Can, can
from onroll.access.models import Account
from onroll.access.roles import Role
from onroll.children.contradictions import refuse_if
from onroll.children.models import Child, Matter
from onroll.design.words import day
from onroll.history.changes import change, verb
from onroll.people.models import Post

from .models import Alert
from .rules import RULES

verb("looks.alert_raised", "{actor} raised an alert about who looked")
verb("looks.alert_reviewed", "{actor} reviewed an alert about who looked")
verb("looks.matter_opened", "{actor} opened a matter about the child")
verb("looks.matter_closed", "{actor} closed a matter about the child")

# A request may take three months with its extension; what takes longer is opened again.
LONGEST = 92

mails.register(
    "alert",
    subject="An alert to review",
    text="A rule that watches who looks at records found something unusual. Say what you find:\n\n{address}",
)


def raise_alert(
    rule: str,
    *,
    authority: int,
    account: int | None = None,
    at: datetime,
    first: int | None = None,
    last: int | None = None,
    log: int | None = None,
    finding: str = "",
) -> Alert:
    """Put looks before the virtual school head and information governance.

    `first` and `last` are numbers of entries of the access log `log` (the authority's own if not given). While the
    person's alert of this rule and day waits, later looks widen it. `at` is when it was noticed.
    """
    assert rule in RULES, rule
    on = timezone.localdate(at)
    with change("looks.alert_raised", actor=Actor.system(authority, today=on)) as this:
        open_ = Alert.objects.filter(authority=authority, rule=rule, account=account, on=on, state=Alert.State.NEW)
        alert = open_.filter(finding=finding).first()
        if alert is None:
            alert = Alert(authority_id=authority, rule=rule, account_id=account, on=on, raised_at=at, finding=finding)
            alert.log, alert.first = authority if log is None else log, first
        if last is not None:
            alert.last = max(alert.last or last, last)
            alert.first = min(alert.first or last, first or last)
        is_new = alert._state.adding
        this.save(alert)
        if is_new and alert.at_once:
            path = reverse("looks:alert", args=[alert.public_id])
            for reviewer in reviewers(alert, on=on):
                mails.send("alert", to=reviewer, authority=authority, path=path)
        return alert


def reviewers(alert: Alert, *, on: date) -> list[Account]:
    """Who is told of an alert: the virtual school head and information governance, but not whose looks it is about."""
    posts = Post.objects.filter(authority=alert.authority_id, role__in=(Role.VSH, Role.IG)).live(on)
    return list(Account.objects.filter(pk__in=posts.values("account")).exclude(pk=alert.account_id).order_by("pk"))


def why_not_review(alert: Alert, *, actor: Actor) -> str:
    """Why the actor can't review this alert, in words to show them. Empty if they can."""
    if not can(actor, Can.REVIEW_ALERTS) or alert.authority_id != actor.authority:
        return "Your role does not review alerts."
    if alert.account_id is not None and alert.account_id == actor.account:
        return "This alert is about your own looks. Someone else reviews it."
    if alert.state != Alert.State.NEW:
        return "This alert has been reviewed."
    return ""


def review(alert: Alert, *, state: str, note: str, actor: Actor) -> None:
    """Say whether the looks were right, raise a question, or are an incident, and why."""
    refuse_if(why_not_review(alert, actor=actor))
    with change("looks.alert_reviewed", actor=actor) as this:
        alert.state, alert.note = Alert.State(state), note
        alert.reviewed_by_id, alert.reviewed_at = actor.account, timezone.now()
        this.save(alert)


def open_matter(child: Child, *, kind: str, reference: str, reason: str, until: date, actor: Actor) -> Matter:
    """Open a request, an incident or a review about the child, to and including the day `until`."""
    refuse_if(why_not_until(until, actor=actor))
    with change("looks.matter_opened", actor=actor, child=child, reason=reason) as this:
        return this.create(
            Matter(
                authority_id=child.authority_id,
                child=child,
                kind=kind,
                reference=reference,
                reason=reason,
                opened_by_id=actor.account,
                start=actor.today,
                end=date.fromordinal(until.toordinal() + 1),
            )
        )


def why_not_until(until: date, *, actor: Actor) -> str:
    """Why a matter can't stay open until this day."""
    latest = date.fromordinal(actor.today.toordinal() + LONGEST)
    if until < actor.today:
        return "Enter today or a later day."
    return f"Enter {day(latest)} or an earlier day. What takes longer is opened again." if until > latest else ""


def close_matter(matter: Matter, *, actor: Actor) -> None:
    """End the matter: from now on it opens nothing."""
    with change("looks.matter_closed", actor=actor, child=matter.child_id) as this:
        matter.end = actor.today
        this.save(matter)
