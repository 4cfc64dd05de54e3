"""Messages to one person, written in the same transaction as what they tell of and sent by the background jobs.

A message says that something waits, and leads to a page. It never holds a child's name, date, number, school or
anything else about a child: its text is the same whoever it is about, and the kinds of message are a closed list.
    send("password_changed", to=account, authority=0, path="/account")
"""

import smtplib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import formataddr

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.db.models import Q
from django.utils import timezone

from .actors import actors_of
from .models import Account, Mail, RefusedAddress

# Longer than a server takes to answer, so that two processes do not send one message.
TAKEN_FOR = timedelta(minutes=5)
MOST_TRIES = 8


@dataclass(frozen=True)
class Kind:
    """A kind of message: the same words for everybody. `{service}` is whose it is, `{address}` where it leads."""

    subject: str
    text: str
    # Whether it goes to an address that is not, or no longer, the person's own.
    elsewhere: bool = False


@dataclass(frozen=True)
class Sender:
    """Who a message comes from: the name of the virtual school, and its own address where it has one."""

    name: str = "Onroll"
    address: str = ""


KINDS: dict[str, Kind] = {}
_senders: list[Callable[[int], Sender]] = []


def register(kind: str, *, subject: str, text: str, elsewhere: bool = False) -> None:
    """Name a kind of message. The words are written in the code, so that nothing of a record gets into them."""
    KINDS[kind] = Kind(subject, text, elsewhere)


def register_senders(finder: Callable[[int], Sender]) -> None:
    """Say who knows the sender of an authority. There is one."""
    _senders[:] = [finder]


def send(kind: str, *, to: Account, authority: int, path: str = "/", address: str = "") -> Mail:
    """Write a message to one person. It goes when the transaction it is part of is kept, and not when it is not.

    `address` is given only for the kinds that go elsewhere than to the person's own.
    """
    if kind not in KINDS:
        raise LookupError(f"No kind of message is called {kind}.")
    if bool(address) != KINDS[kind].elsewhere:
        raise ValueError(f"A message of the kind {kind} goes to the person's own address and nowhere else.")
    mail = Mail(to=to, address=address or to.email, authority=authority, kind=kind, written_at=timezone.now())
    mail.path = path
    mail.save(force_insert=True)
    return mail


def authority_of(account: Account) -> int:
    """Who speaks to this person: the authority of their first post, else the installation."""
    actors = actors_of(account, timezone.localdate())
    return actors[0].authority if actors else 0


def subject_of(mail: Mail) -> str:
    return KINDS[mail.kind].subject.format(service=sender_of(mail).name)


def text_of(mail: Mail) -> str:
    """The whole text, with the reference that a person can read out when they ask about it."""
    service = sender_of(mail).name
    words = KINDS[mail.kind].text.format(service=service, address=f"{settings.ONROLL_ADDRESS}{mail.path}")
    return f"{words}\n\nReference: {mail.reference}\n{service}\n"


def sender_of(mail: Mail) -> Sender:
    return _senders[0](mail.authority) if _senders else Sender()


def due(*, now: datetime) -> list[Mail]:
    """The messages that wait to be sent, the oldest first."""
    free = Q(taken_until__isnull=True) | Q(taken_until__lte=now)
    return list(Mail.objects.filter(free, sent_at__isnull=True, stopped="").order_by("pk")[:200])


def take(mail: Mail, *, now: datetime) -> bool:
    """Make this process the one that sends it. False when another was quicker."""
    free = Q(taken_until__isnull=True) | Q(taken_until__lte=now)
    taken = Mail.objects.filter(free, pk=mail.pk, sent_at__isnull=True, stopped="")
    return taken.update(taken_until=now + TAKEN_FOR, tries=mail.tries + 1) == 1


def deliver(mail: Mail, *, now: datetime) -> bool:
    """Send one message that was taken. One that fails waits, twice as long each time, and in the end stops.

    A process that dies between sending and writing it down sends the same message again, with the same Message-ID.
    """
    if mail.to.email != mail.address and not KINDS[mail.kind].elsewhere:
        # The person has another address since. What was meant for them goes nowhere else.
        Mail.objects.filter(pk=mail.pk).update(stopped="The person's address has changed.", path="")
        return False
    if refused(mail.address, authority=mail.authority):
        Mail.objects.filter(pk=mail.pk).update(stopped="Messages to this address come back.", path="")
        return False
    sender = sender_of(mail)
    message = EmailMessage(
        subject=subject_of(mail),
        body=text_of(mail),
        from_email=formataddr((sender.name, sender.address or settings.DEFAULT_FROM_EMAIL)),
        to=[mail.address],
        headers={"Message-ID": f"<{mail.public_id}@{settings.MAIL_DOMAIN}>", "Auto-Submitted": "auto-generated"},
        connection=get_connection(),
    )
    try:
        message.send()
    except OSError as problem:
        if code := _refused_for_good(problem):
            RefusedAddress.objects.get_or_create(
                authority=mail.authority,
                address=mail.address.lower(),
                defaults={"code": code, "refused_at": now},
            )
            Mail.objects.filter(pk=mail.pk).update(stopped=f"The address was refused ({code}).", path="")
            return False
        wait = timedelta(minutes=2**mail.tries)
        words = type(problem).__name__ if mail.tries + 1 >= MOST_TRIES else ""
        Mail.objects.filter(pk=mail.pk).update(taken_until=now + wait, stopped=words)
        return False
    # The link is a key to the account until it lapses. Once it is with the person it is kept nowhere else.
    Mail.objects.filter(pk=mail.pk).update(sent_at=now, taken_until=None, path="")
    return True


def _refused_for_good(problem: OSError) -> int:
    """The code with which a server said that it will never take a message to this address. 0 where it did not."""
    if not isinstance(problem, smtplib.SMTPRecipientsRefused):
        return 0
    return next((code for code, _ in problem.recipients.values() if 500 <= code < 600), 0)


def refused(address: str, *, authority: int) -> RefusedAddress | None:
    """That the messages of this authority to an address come back for good, if they do."""
    return RefusedAddress.objects.filter(authority=authority, address=address.lower()).first()


def try_again(address: str, *, authority: int) -> None:
    """Somebody made sure of the address: what is written from now on is sent there again."""
    RefusedAddress.objects.filter(authority=authority, address=address.lower()).delete()


def send_what_is_due(*, now: datetime) -> int:
    """Send every message that waits. Answers how many went. Where mail is not set up they wait."""
    if not settings.MAIL_IS_SET_UP:
        return 0
    return sum(take(mail, now=now) and deliver(mail, now=now) for mail in due(now=now))


_NOT_YOU = "If this was not you, tell the virtual school at once."

register(
    "invitation",
    subject="You are invited to {service}",
    text=(
        "{service} has made an account for you. Open this link within 7 days to see what for, and to choose how you "
        "sign in:\n\n{address}"
    ),
)
register(
    "password_reset",
    subject="Choose a new password",
    text=(
        "Somebody asked for a new password for your account. If it was you, open this link within an hour:\n\n"
        "{address}\n\nYou will still need your second step. If it was not you, you need do nothing."
    ),
)
register("password_changed", subject="Your password was changed", text=f"Your password was changed. {_NOT_YOU}")
register(
    "factor_changed",
    subject="How you sign in was changed",
    text=f"A second step of your sign-in was added, changed or removed. {_NOT_YOU}\n\n{{address}}",
)
register(
    "address_change",
    elsewhere=True,
    subject="Confirm your new e-mail address",
    text="Open this link within an hour, while you are signed in, to sign in with this address:\n\n{address}",
)
register(
    "address_changed",
    elsewhere=True,
    subject="Your e-mail address was changed",
    text=f"The address of your account was changed. This is the last message to the old one. {_NOT_YOU}",
)
