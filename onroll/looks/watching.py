"""Reading the access log with the rules: what is new since the last time, authority by authority."""

from datetime import datetime

from django.utils.timezone import localdate

from onroll.access.actors import Actor
from onroll.authorities.models import Authority
from onroll.history.models import Entry
from onroll.history.viewing import log_heads
from onroll.people.models import Post

from .actions import raise_alert
from .models import Alert, Watched
from .rules import ALL, Watch

AT_A_TIME = 5_000
INSTALLATION = 0


def watch(*, now: datetime) -> int:
    """Apply every rule to what was looked at since the last time. Returns how many alerts were raised or widened."""
    heads = log_heads()
    raised = _watch_sign_ins(heads.get(INSTALLATION, (0, ""))[0], now=now)
    for authority in Authority.objects.order_by("pk"):
        head = heads.get(authority.pk, (0, ""))[0]
        while new := _unwatched(authority.pk, head):
            raised += _apply(Watch(authority, new), now=now)
            _watched(authority.pk, new[-1].number)
    return raised


def _apply(watch: Watch, *, now: datetime) -> int:
    found = [(rule, each) for rule in ALL if rule.find is not None for each in rule.find(watch)]
    for rule, each in found:
        raise_alert(
            rule.key,
            authority=watch.authority.pk,
            account=each.account,
            at=now,
            first=each.first,
            last=each.last,
        )
    return len(found)


def _watch_sign_ins(head: int, *, now: datetime) -> int:
    """Sign-ins of people whose posts have all ended: an alert in each authority where they held one."""
    raised = 0
    while new := _unwatched(INSTALLATION, head):
        entries = {e.actor_id: e for e in new if e.act == "sign_in" and e.outcome == "done" and e.actor_id is not None}
        posts = list(Post.objects.filter(account__in=entries))
        in_post = {post.account_id for post in posts if post.is_live(localdate(entries[post.account_id].at))}
        for account, authority in sorted(
            {(p.account_id, p.authority_id) for p in posts if p.account_id not in in_post}
        ):
            number = entries[account].number
            raise_alert(
                "after_post", authority=authority, account=account, at=now, first=number, last=number, log=INSTALLATION
            )
            raised += 1
        _watched(INSTALLATION, new[-1].number)
    return raised


def _unwatched(log: int, head: int) -> list[Entry]:
    done = Watched.objects.filter(pk=log).values_list("number", flat=True).first() or 0
    entries = Entry.objects.filter(authority=log, number__gt=done, number__lte=head)
    return list(entries.order_by("number")[:AT_A_TIME])


def _watched(log: int, number: int) -> None:
    Watched.objects.update_or_create(authority=log, defaults={"number": number})


def tell_of_tampering(findings: list[str], *, now: datetime) -> None:
    """Put what `onroll verify` found before every authority: a log that can't be trusted concerns them all."""
    if not findings:
        return
    words = findings[0] if len(findings) == 1 else f"{findings[0]} (and {len(findings) - 1:,} more)"
    for authority in Authority.objects.order_by("pk"):
        raise_alert("log_altered", authority=authority.pk, at=now, finding=words[:300])


def alerts_waiting(actor: Actor) -> tuple[int, int]:
    """How many alerts wait for a review: those to look at now, and all."""
    rules = list(Alert.objects.filter(authority=actor.authority, state=Alert.State.NEW).values_list("rule", flat=True))
    at_once = {rule.key for rule in ALL if rule.at_once}
    return sum(rule in at_once for rule in rules), len(rules)
