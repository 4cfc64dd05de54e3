"""The meeting as a file for a calendar (RFC 5545): a time and a reference, and nothing of the child.

Calendars are shared, shown on walls and copied to telephones. So the entry has no name, and its reference leads to
nobody. The place is given only where nothing guards where the child lives or learns, and never where it looks like an
address of a home.
"""

from datetime import UTC, date, datetime, timedelta

from django.conf import settings
from django.utils.crypto import salted_hmac
from django.utils.timezone import get_current_timezone

from onroll.access.actors import Actor
from onroll.children.guard_models import Disclosure, Named
from onroll.children.leaks import found_in, what_looks_like_an_address
from onroll.children.models import PlacementAddress, SchoolPlace
from onroll.children.records import holds_on

from ..models import Pep

# A line has 75 octets at the most; what is longer goes on in the next, behind a space.
LINE = 75
_LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
# The marks under which a child is like any other: what is kept from family is kept from no calendar of professionals.
_USUAL = (Disclosure.ORDINARY, Disclosure.NOT_TO_FAMILY)


def calendar_file(pep: Pep, *, service: str, now: datetime) -> bytes:
    """The file. It is the same for everybody who is asked. Call it of a meeting that is booked."""
    assert pep.meeting_on is not None
    digest = salted_hmac("onroll.peps.calendar", str(pep.public_id)).digest()
    place = place_for_calendars(pep, today=now.date())
    where = "" if place else " – see Onroll for where"
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Onroll//Meetings//EN",
        "BEGIN:VEVENT",
        f"UID:{digest.hex()[:32]}@{settings.MAIL_DOMAIN}",
        f"DTSTAMP:{_moment(now)}",
        *_when(pep),
        f"SUMMARY:{_text(f'Planning meeting ({_reference(digest)}){where}')}",
        *([f"LOCATION:{_text(place)}"] if place else []),
        f"DESCRIPTION:{_text(f'{service}. Sign in to see it: {settings.ONROLL_ADDRESS}/')}",
        "CLASS:PRIVATE",
        "END:VEVENT",
        "END:VCALENDAR",
    ]
    return b"".join(_folded(line) for line in lines)


def place_for_calendars(pep: Pep, *, today: date) -> str:
    """Where the meeting is, as far as a calendar may hold it."""
    place = pep.meeting_place
    if not place or is_protected(pep, today=today) or what_looks_like_an_address(place):
        return ""
    system = Actor.system(pep.authority_id, today=today)
    return "" if found_in([place], pep.child, system) else place


def is_protected(pep: Pep, *, today: date) -> bool:
    """Whether a mark above the usual one guards where the child lives or learns, or somebody must not know of it."""
    child = pep.child_id
    homes = PlacementAddress.unscoped.filter(child=child, episode__end__isnull=True).exclude(disclosure__in=_USUAL)
    places = SchoolPlace.unscoped.filter(holds_on(today), child=child).exclude(disclosure__in=_USUAL)
    named = Named.unscoped.filter(holds_on(today), child=child)
    return homes.exists() or places.exists() or named.exists()


def _when(pep: Pep) -> list[str]:
    """From when to when, in universal time; without a time the whole day."""
    assert pep.meeting_on is not None
    if pep.meeting_time is None:
        after = pep.meeting_on + timedelta(days=1)
        return [f"DTSTART;VALUE=DATE:{pep.meeting_on:%Y%m%d}", f"DTEND;VALUE=DATE:{after:%Y%m%d}"]
    start = datetime.combine(pep.meeting_on, pep.meeting_time, tzinfo=get_current_timezone())
    return [f"DTSTART:{_moment(start)}", f"DTEND:{_moment(start + timedelta(minutes=pep.meeting_minutes))}"]


def _moment(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _reference(digest: bytes) -> str:
    """Four letters by which people find the entry when they talk about it."""
    return "".join(_LETTERS[each % len(_LETTERS)] for each in digest[-4:])


def _text(words: str) -> str:
    escaped = words.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    return " ".join(escaped.split())


def _folded(line: str) -> bytes:
    """The line in pieces that no reader has to cut, none of them inside a letter."""
    pieces, piece = [], b""
    for letter in line:
        octets = letter.encode()
        if len(piece) + len(octets) > LINE:
            pieces.append(piece)
            piece = b" "
        piece += octets
    return b"\r\n".join([*pieces, piece]) + b"\r\n"
