"""The people of a meeting: whom the child's live links propose, who stands in the list, and by which name for whom."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.crypto import salted_hmac

from onroll.access.actors import Actor
from onroll.access.models import Account
from onroll.access.roles import Role
from onroll.children.models import Allocation, Child, SchoolPlace
from onroll.children.records import holds_on
from onroll.codes.year_groups import year_group_of
from onroll.people.models import Post

from ..facts import is_before_a_new_school
from ..meeting_models import MeetingPerson, PepAction
from ..models import Pep

Part = MeetingPerson.Part

# Who of those with an allocation is proposed, and as what.
_OF_ALLOCATIONS = {
    Role.SOCIAL_WORKER: Part.SOCIAL_WORKER,
    Role.CARER: Part.CARER,
    Role.VS_OFFICER: Part.VIRTUAL_SCHOOL,
    Role.IRO: Part.REVIEWING_OFFICER,
    Role.SUPERVISING_SW: Part.OTHER,
    Role.PERSONAL_ADVISER: Part.OTHER,
}
_ORDER = [part.value for part in Part]


@dataclass(frozen=True)
class Proposed:
    """Somebody who could be asked. `key` stands for them on a page, and tells nobody who it is."""

    key: str
    part: Part
    account: Account | None = None


def proposed(pep: Pep, actor: Actor) -> list[Proposed]:
    """Whom the live links of the child propose, but for those who stand in the list already. A few queries."""
    child, today = pep.child, actor.today
    people = people_of(pep)
    listed = {each.account_id for each in people if each.account_id}
    parts = {each.part for each in people}
    found: list[tuple[Part, Account | None]] = []
    if Part.YOUNG_PERSON not in parts:
        found.append((Part.YOUNG_PERSON, None))
    held = Allocation.unscoped.filter(holds_on(today), child=child, role__in=_OF_ALLOCATIONS).select_related("account")
    found += [(_OF_ALLOCATIONS[Role(each.role)], each.account) for each in held.order_by("start", "pk")]
    found += [(Part.LEAD, account) for account in leads_of(child, actor)]
    if pep.support_by is not None:
        found.append((Part.VIRTUAL_SCHOOL, pep.support_by))
    if Part.RECEIVING_SCHOOL not in parts and in_a_transition_term(pep, today):
        found.append((Part.RECEIVING_SCHOOL, None))
    made = []
    for part, account in sorted(found, key=lambda each: _ORDER.index(each[0])):
        if account is not None:
            if account.pk in listed or not account.is_active:
                continue
            listed.add(account.pk)
        made.append(Proposed(_key(pep, part, account), part, account))
    return made


def _key(pep: Pep, part: Part, account: Account | None) -> str:
    said = f"{pep.public_id} {part} {account.pk if account else ''}"
    return salted_hmac("onroll.peps.meeting", said).hexdigest()[:16]


def leads_of(child: Child, actor: Actor) -> list[Account]:
    """Who leads the plan at the child's school today, as far as this person may know which school it is: the
    designated teachers, else their deputies.
    """
    places = SchoolPlace.of(child, actor).filter(holds_on(actor.today), kind=SchoolPlace.Kind.MAIN)
    posts = Post.objects.live(actor.today).filter(authority_id=actor.authority, school__in=places.values("school"))
    for role in (Role.DESIGNATED_TEACHER, Role.DEPUTY_DT):
        held = posts.filter(role=role).select_related("account").order_by("pk")
        if held:
            return [post.account for post in held]
    return []


def in_a_transition_term(pep: Pep, today: date) -> bool:
    """Whether the child goes to a new kind of school soon: a receiving school belongs to the meeting."""
    return is_before_a_new_school(year_group_of(pep.child.birth_date, on=today).number, pep.term)


def people_of(pep: Pep) -> list[MeetingPerson]:
    """The people of the meeting, in the order of their parts. One query."""
    rows = MeetingPerson.unscoped.filter(pep=pep).select_related("account").order_by("pk")
    return sorted(rows, key=lambda each: _ORDER.index(each.part))


class Names:
    """By which name this reader knows the people round a child. Who the carers are is a section of its own.

    `on_a_screen`: others look on, so that no carer is named.
    """

    def __init__(self, child: Child, actor: Actor, *, on_a_screen: bool = False) -> None:
        self.child = child
        carers = Allocation.unscoped.filter(child=child, role=Role.CARER)
        self._carers = set(carers.values_list("account_id", flat=True))
        self._known: set[int | None] = set()
        if self._carers and not on_a_screen:
            known = Allocation.of(child, actor).filter(role=Role.CARER)
            self._known = {actor.account, *known.values_list("account_id", flat=True)}

    def of_account(self, account: Account) -> str:
        hidden = account.pk in self._carers and account.pk not in self._known
        return "The carer" if hidden else account.name

    def of_person(self, person: MeetingPerson | Proposed) -> str:
        if person.account is not None:
            return self.of_account(person.account)
        if person.part == Part.YOUNG_PERSON:
            return self.child.first_name
        return (person.name if isinstance(person, MeetingPerson) else "") or Part(person.part).label

    def of_owner(self, action: PepAction) -> str:
        return self.of_account(action.owner) if action.owner else action.owner_words or "Nobody yet"


# As the form of the plan reads them


def person_row(person: MeetingPerson, child: Child) -> dict[str, Any]:
    """A line of “Who was asked and who came?”. It is read by all who read the plan, so it names no carer."""
    named = person.account.name if person.account else person.name
    if person.part == Part.YOUNG_PERSON:
        named = child.first_name
    row = {
        "person": "The carer" if person.part == Part.CARER else named or person.get_part_display(),
        "role": person.get_part_display(),
        "asked": "Yes" if person.invited_on else "",
        "reply": person.get_reply_display(),
        "came": {True: "Yes", False: "No"}.get(person.came, ""),  # type: ignore[arg-type]
        "sent_views": "Yes" if person.sent_views else "",
    }
    return {name: said for name, said in row.items() if said}


def action_row(action: PepAction, carers: Iterable[int]) -> dict[str, Any]:
    """A line of “Who does what”, which names no carer."""
    who = action.owner_words
    if action.owner is not None:
        who = "The carer" if action.owner_id in set(carers) else action.owner.name
    return {
        "what": action.what,
        "who": who,
        "by": action.due_on.isoformat() if action.due_on else "",
        "done": action.state,
    }


def key_person_is_absent(people: Sequence[MeetingPerson]) -> bool | None:
    """Whether the social worker or who leads did not come. None: nobody said who came."""
    said = [each for each in people if each.part in (Part.SOCIAL_WORKER, Part.LEAD) and each.attendance]
    if not said:
        return None
    parts = {each.part for each in said}
    return any(not any(each.came for each in said if each.part == part) for part in parts)


def came_of_part(people: Iterable[MeetingPerson], part: Part) -> bool | None:
    """Whether anybody of a part came. None: nobody of it stands in the list with an answer to that."""
    said = [each.came for each in people if each.part == part and each.attendance]
    return any(said) if said else None
