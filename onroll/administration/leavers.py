"""Leavers: all that opens a record to a person ends in one act, and their work goes to a successor (LNK-4)."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import Q

from onroll.access import scope
from onroll.access.actors import Actor
from onroll.access.models import Account
from onroll.access.roles import Role
from onroll.access.sessions import end_sign_ins
from onroll.children.actions.links import end_all_access
from onroll.children.models import Allocation
from onroll.design.words import count_of, lower_first
from onroll.exchange.problems import BadValue
from onroll.exchange.reading import Limits, Upload
from onroll.exchange.sheets import SheetColumn, read_sheet, rows_of
from onroll.history.changes import change, verb
from onroll.people.actions import refuse_if
from onroll.people.models import Cover, Post

from .people import Person, people_of, place_of, role_of

verb("person.left", "{actor} ended all access of a person who left")
verb("leavers.left", "{actor} ended all access of the people on a list of leavers")

# A list of people, not of records: far below what a feed may hold.
LIMITS = Limits(bytes=2 * 1024 * 1024, rows=5_000, columns=100, cell=1_000, seconds=10)


@dataclass(frozen=True)
class WillEnd:
    """What ends, in sentences, and how many children go on to a successor by role."""

    sentences: list[str]
    roles: Counter[str]

    @property
    def needs_successor(self) -> bool:
        return bool(self.roles)


def what_ends(person: Person, actor: Actor) -> WillEnd:
    """What ends if this person leaves today. It counts children and names none."""
    today = actor.today
    goes_on = Q(end__isnull=True) | Q(end__gt=today)
    links = Allocation.unscoped.filter(goes_on, authority_id=actor.authority, account=person.account)
    roles = Counter(links.values_list("role", flat=True))
    covers = Cover.objects.filter(goes_on, authority_id=actor.authority).filter(
        Q(post__account=person.account) | Q(email=person.account.email.lower())
    )
    sentences = [
        f"Their post as {lower_first(role_of(post))}{f', {place_of(post)},' if place_of(post) else ''} ends today."
        for post in person.live
    ]
    for role, count in sorted(roles.items()):
        children = count_of(count, "child", "children")
        sentences.append(f"They are {lower_first(str(Role(role).label))} of {children}. That ends today.")
    if cover := covers.count():
        sentences.append(f"{count_of(cover, 'stand-in')} that they gave or took ends today.")
    sentences.append("They are signed out everywhere at once. Links in messages to them open nothing any more.")
    sentences.append("What they wrote stays, under their name.")
    return WillEnd(sentences, roles)


def successors_of(person: Person, ends: WillEnd, people: Iterable[Person]) -> list[Person]:
    """Who could go on with the work: people in each of the roles that the leaver has towards children."""
    needed = set(ends.roles) - {Role.CARER}
    return [
        other
        for other in people
        if other.account.pk != person.account.pk and needed & {p.role for p in other.live if p.is_live(other.today)}
    ]


def leave(account: Account, *, successor: Account | None, actor: Actor) -> dict[str, int]:
    """End everything in the actor's authority; where no other authority needs the account it is off altogether."""
    refuse_if("" if account.pk != actor.account else "You can’t end your own access. Ask another administrator.")
    refuse_if("" if successor is None or successor.pk != account.pk else "Choose somebody else to go on with the work.")
    with change("person.left", actor=actor) as this:
        ended = end_all_access(account, actor=actor, successor=successor)
        if not _goes_on_elsewhere(account, actor):
            account.is_active = False
            this.save(account, ["is_active"])
            account.set_unusable_password()
            # The digest is not part of the recorded history, so this write names no change.
            Account.objects.filter(pk=account.pk).update(password=account.password)
        end_sign_ins(account)
    return ended


def _goes_on_elsewhere(account: Account, actor: Actor) -> bool:
    with scope.finding_posts(account.pk):
        posts = Post.objects.filter(account=account).exclude(authority_id=actor.authority)
        return posts.filter(Q(end__isnull=True) | Q(end__gt=actor.today)).exists()


# By a list


@dataclass(frozen=True)
class Leaver:
    person: Person
    successor: Person | None = None


@dataclass
class LeaversList:
    """What a file of leavers would do: who leaves, and the rows that were not understood, each with its line."""

    leavers: list[Leaver] = field(default_factory=list)
    not_understood: list[tuple[int, str]] = field(default_factory=list)


def _address(cell: str) -> str:
    text = cell.strip().lower()
    if text and ("@" not in text or " " in text):
        raise BadValue("This is not an e-mail address.")
    return text


COLUMNS = (
    SheetColumn(
        "email",
        "E-mail",
        _address,
        ("e-mail address", "email address", "work e-mail", "work email", "mail"),
        needed=True,
    ),
    SheetColumn(
        "successor",
        "Successor’s e-mail",
        _address,
        ("successor", "successor e-mail", "successor email", "successors e-mail", "who takes over"),
    ),
)


def read_leavers(upload: Upload, actor: Actor) -> LeaversList:
    """Read a CSV or Excel file of people who left. Raises Unreadable for a file that can't be read as a list."""
    rows = rows_of(read_sheet(upload, LIMITS), COLUMNS, {})
    people = {person.account.email.lower(): person for person in people_of(actor)}
    found = LeaversList(not_understood=[(problem.line or 0, problem.wrong) for problem in rows.problems])
    taken: set[str] = set()
    leaving = {values["email"] for _, values in rows.rows}
    for line, values in rows.rows:
        if why := _why_not(values, people, taken, leaving, actor):
            found.not_understood.append((line, why))
            continue
        taken.add(values["email"])
        found.leavers.append(Leaver(people[values["email"]], people.get(values["successor"])))
    found.not_understood.sort()
    return found


def _why_not(
    values: dict[str, str], people: dict[str, Person], taken: set[str], leaving: set[str], actor: Actor
) -> str:
    email, successor = values["email"], values.get("successor", "")
    if email not in people:
        return "Nobody with this address holds a post here."
    if email in taken:
        return "This person is on the list twice. The first row counts."
    if people[email].account.pk == actor.account:
        return "This is you. Ask another administrator to end your access."
    if not people[email].live:
        return "This person’s access has ended already."
    if successor and (successor not in people or not people[successor].live):
        return "The successor holds no post here. Choose somebody who does."
    if successor in leaving and successor:
        return "The successor is on this list of leavers too. Choose somebody who stays."
    return ""


def all_leave(leavers: Iterable[Leaver], *, actor: Actor) -> int:
    """End all access of everybody on the list, as one act."""
    count = 0
    with change("leavers.left", actor=actor):
        for leaver in leavers:
            leave(
                leaver.person.account,
                successor=leaver.successor.account if leaver.successor else None,
                actor=actor,
            )
            count += 1
    return count
