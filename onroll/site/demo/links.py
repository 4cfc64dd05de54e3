"""What opens records beyond allocations: cases of partner services, cover for an absence, what schools were told."""

from datetime import timedelta

from onroll.access.roles import Role
from onroll.children.models import Child, Release, RollNotice, ServiceCase, SettingTold
from onroll.children.releases import NEVER, address_now
from onroll.history.changes import ThisChange
from onroll.people.models import Cover, Post

from .chance import Chance
from .lives import Life
from .staff import ALICE, PRIYA, TOM, Staff
from .writing import PERSON, Writer

_CASES = {
    Role.EP: "Asked to advise on learning and attention",
    Role.SEND: "EHC needs assessment",
    Role.ADMISSIONS: "In-year application",
    Role.INCLUSION: "Support after a suspension",
    Role.YOUTH_JUSTICE: "Order of the youth court",
}
_MUST_DO = (
    "Give instructions one at a time, in writing as well. A quiet place when it is loud..",
    "Seat near the door, and a card to leave the room without a word. Never ask about home in front of others.",
    "Larger print and a laptop for writing. More time in tests.",
    "A known adult at the gate each morning. Changes of plan told a day before.",
)


def write_links(
    writer: Writer, this: ThisChange, children: list[Child], lives: list[Life], staff: Staff, *, seed: int
) -> None:
    """Write them all, under the change that is open."""
    chance = Chance(seed, "links")
    cases = this.bulk_create(ServiceCase, _cases(writer, children, lives, staff, chance))
    this.bulk_create(Release, _released(writer, cases, staff))
    this.bulk_create(SettingTold, _told(writer, children, lives, staff, chance))
    this.bulk_create(RollNotice, _notices(writer, children, lives, staff, seed=seed))
    # Alice Beck stands in for Tom Adeyemi this week and the next.
    start, tom = writer.today - timedelta(days=2), Post.objects.get(account=staff[TOM].account)
    email = staff[ALICE].account.email.lower()
    values = {"post": tom, "email": email, "start": start, "end": start + timedelta(days=12), "reason": "Leave"}
    this.create(writer.of(Cover, authority=writer.authority, **values))


def _cases(writer: Writer, children: list[Child], lives: list[Life], staff: Staff, chance: Chance) -> list[ServiceCase]:
    """For each service three open cases and one that was closed."""
    pupils = [at for at, life in enumerate(lives) if life.main_places and life.periods and life.left_on is None]
    made = []
    for role, about in _CASES.items():
        person = staff.of(role)[0]
        for number, at in enumerate(chance.some(pupils, 4)):
            start = writer.today - chance.days(20, 120)
            end = start + timedelta(days=15) if number == 3 else None
            values = {"account": person.account, "service": role, "about": about, "start": start, "end": end}
            made.append(writer.about(ServiceCase, children[at], PERSON, **values))
    return made


def _released(writer: Writer, cases: list[ServiceCase], staff: Staff) -> list[Release]:
    """To the first open case of admissions the address, and to that of the psychologist the totals of the SDQ."""
    made = []
    for service, what, why in (
        (Role.ADMISSIONS, Release.What.ADDRESS, "The distance to the school decides the application"),
        (Role.EP, Release.What.SDQ, "The commission asks how the child has been since the last advice"),
    ):
        for case in cases:
            if case.service != service or case.end is not None:
                continue
            address = address_now(case.child)
            if what is Release.What.ADDRESS and (address is None or address.disclosure in NEVER):
                continue
            row = address.public_id if address is not None and what is Release.What.ADDRESS else None
            values = {"case": case, "what": what, "row": row, "why": why, "released_by": staff[PRIYA].account}
            made.append(writer.about(Release, case.child, PERSON, start=case.start, **values))
            break
    return made


def _told(writer: Writer, children: list[Child], lives: list[Life], staff: Staff, chance: Chance) -> list[SettingTold]:
    """Most schools were told what a child with SEN needs of them; some are still to be told."""
    made = []
    for child, life in zip(children, lives, strict=True):
        needs = [value for start, value in life.sen if start <= writer.today]
        held = [place for place in life.main_places if place.start <= writer.today and place.end is None]
        if not needs or needs[-1] == "N" or not held or held[-1].setting is None or chance.happens(0.15):
            continue
        since = max(held[-1].start, max(start for start, _ in life.sen if start <= writer.today))
        values = {
            "school": held[-1].setting.record,
            "told_on": min(since + timedelta(days=chance.randint(2, 20)), writer.today),
            "about": "sen",
            "to_whom": "The designated teacher, by phone and in writing",
            "text": chance.choice(_MUST_DO),
            "why": "So that the school can meet the need from the first day",
            "told_by": staff[PRIYA].account,
        }
        made.append(writer.about(SettingTold, child, PERSON, **values))
    return made


def _notices(writer: Writer, children: list[Child], lives: list[Life], staff: Staff, *, seed: int) -> list[RollNotice]:
    """Most schools know of the child on their roll within a week, some late; of a few only one of the two was told."""
    chance, made = Chance(seed, "notices"), []
    for child, life in zip(children, lives, strict=True):
        held = [place for place in life.main_places if place.start <= writer.today and place.end is None]
        if not life.periods or life.left_on is not None or not held or held[-1].setting is None:
            continue
        since = max(held[-1].start, life.in_care_since)
        for to in RollNotice.To:
            if chance.happens(0.06):
                continue
            told_on = since + timedelta(days=chance.randint(8, 20) if chance.happens(0.1) else chance.randint(0, 5))
            if told_on <= writer.today:
                person = {"how": RollNotice.How.PERSON, "told_by": staff[PRIYA].account}
                values = {"school": held[-1].setting.record, "to": to, "told_on": told_on, **person}
                made.append(writer.about(RollNotice, child, PERSON, **values))
    return made
