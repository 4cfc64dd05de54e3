"""Guessing is slow, whoever guesses and from wherever: the counts are in the database, shared by every process.

About one account: 5 wrong tries, then a minute's wait, which doubles with each further wrong try to 15 minutes. From
one address: 20 wrong tries a minute. Nobody is locked out for good. A try is counted before it is looked at and given
back when it was right, so that many at once get no further than one after the other.
"""

import hashlib
import hmac
import ipaddress
from datetime import datetime, timedelta

from django.conf import settings
from django.db import IntegrityError, transaction

from .models import Guesses

TRIES = 5
FIRST_WAIT = timedelta(minutes=1)
LONGEST_WAIT = timedelta(minutes=15)
# After a day without a try the count begins anew.
FORGOTTEN_AFTER = timedelta(days=1)
FROM_ONE_ADDRESS = 20
ADDRESS_WINDOW = timedelta(minutes=1)


def account_key(email: str) -> str:
    """Also for an address that has no account, so that both are counted the same."""
    return _digest("account", email.strip().lower())


def factor_key(account: int) -> str:
    return _digest("factor", str(account))


def reset_key(email: str) -> str:
    """Of asking for a new password: so that nobody fills another's letter box."""
    return _digest("reset", email.strip().lower())


def address_key(address: str) -> str:
    """One household or school has one IPv6 network of 64 bits, and any number of addresses in it."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return _digest("address", "unknown")
    if parsed.version == 6:
        return _digest("address", str(ipaddress.ip_network((parsed, 64), strict=False)))
    return _digest("address", str(parsed))


def _digest(kind: str, words: str) -> str:
    key = f"onroll.access.guessing.{kind}.{settings.SECRET_KEY}".encode()
    return hmac.new(key, words.encode(), hashlib.sha256).hexdigest()


def may_try(key: str, *, now: datetime) -> bool:
    """Count a try about one account or factor. False while a wait is on: the try is then not looked at."""
    with transaction.atomic():
        row = _locked(key, now)
        if row.until and now < row.until:
            # The same work as for a try that is looked at.
            row.save()
            return False
        if now - row.since >= FORGOTTEN_AFTER:
            row.wrong, row.until = 0, None
        row.wrong, row.since = row.wrong + 1, now
        if row.wrong >= TRIES:
            row.until = now + min(FIRST_WAIT * 2 ** min(row.wrong - TRIES, 10), LONGEST_WAIT)
        row.save()
        return True


def was_right(key: str) -> None:
    """The try was right: the count begins anew."""
    Guesses.objects.filter(key=key).update(wrong=0, until=None)


def may_try_from(address: str, *, now: datetime) -> bool:
    """Count a try from an address. False when it has had its tries of this minute."""
    return count(address_key(address), now=now, window=ADDRESS_WINDOW) <= FROM_ONE_ADDRESS


def was_right_from(address: str) -> None:
    """The try was right, and is not one of the minute's wrong ones: a school has one address for all its staff."""
    with transaction.atomic():
        row = Guesses.objects.select_for_update().filter(key=address_key(address), wrong__gt=0).first()
        if row:
            row.wrong -= 1
            row.save(update_fields=["wrong"])


def count(key: str, *, now: datetime, window: timedelta) -> int:
    """Count one more in a window of time, which begins with the first. Answers how many there are."""
    with transaction.atomic():
        row = _locked(key, now)
        if not timedelta(0) <= now - row.since < window:
            row.wrong, row.since = 0, now
        row.wrong += 1
        row.save()
        return row.wrong


def forget(*, now: datetime) -> int:
    """Remove the counts that mean nothing any more."""
    return Guesses.objects.filter(since__lt=now - FORGOTTEN_AFTER).delete()[0]


def _locked(key: str, now: datetime) -> Guesses:
    """The row of this key, which no other process changes until the transaction ends."""
    row = Guesses.objects.select_for_update().filter(key=key).first()
    if row:
        return row
    try:
        with transaction.atomic():
            return Guesses.objects.create(key=key, since=now)
    except IntegrityError:
        return Guesses.objects.select_for_update().get(key=key)
