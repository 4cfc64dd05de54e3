"""What waits for people around meetings and what was agreed in them: replies, people who are missing, actions due."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from datetime import date

from onroll.access.actors import Actor
from onroll.access.can import Can, can
from onroll.access.roles import LEADS
from onroll.children.visibility import reach
from onroll.codes.working_days import add_working_days, working_days_before
from onroll.design.words import count_of, weekday

from ..meeting_models import MeetingPerson, PepAction, open_actions
from ..models import Pep, PepSettings
from ..turns import Turn, Who, convener_of, lead_of
from ..workflow import lasting
from .mails import BEFORE_MEETING
from .people import Part, in_a_transition_term

# Days after which somebody else than the owner hears of an action, and the heads of help that nobody gives.
ACTION_DAYS, HELP_DAYS = 5, 2
NO_HELP = ("", Pep.Support.NO.value)

Waiting = tuple[Pep, Turn]


def own(actor: Actor, settings: Callable[[], PepSettings]) -> list[Waiting]:
    """What waits for one person whatever their part in plans: replies to invitations, and actions. Two queries; the
    settings are asked for only where somebody is invited.
    """
    if actor.holder is None or not can(actor, Can.SEE_CHILD):
        return []
    in_reach = reach(actor).values("pk")
    asked = MeetingPerson.unscoped.filter(
        child__in=in_reach,
        account_id=actor.holder,
        invited_on__isnull=False,
        reply="",
        pep__meeting_on__gte=actor.today,
        pep__state__in=lasting(BEFORE_MEETING),
    )
    actions = PepAction.unscoped.filter(open_actions(), child__in=in_reach, owner_id=actor.holder)
    return [
        *((_pep(each), _reply(each, settings())) for each in asked.select_related("pep__child").order_by("pk")),
        *((_pep(each), _action(each)) for each in actions.select_related("pep__child").order_by("due_on", "pk")),
    ]


def _pep(row: MeetingPerson | PepAction) -> Pep:
    found: Pep = row.pep
    return found


def when_words(pep: Pep) -> str:
    """Like "Tuesday 17 November 2026 at 15:30"."""
    at = f" at {pep.meeting_time:%H:%M}" if pep.meeting_time else ""
    return f"{weekday(pep.meeting_on)}{at}"


def _reply(person: MeetingPerson, settings: PepSettings) -> Turn:
    pep = _pep(person)
    assert pep.meeting_on is not None
    by = working_days_before(pep.meeting_on, settings.remind_before)
    # Who is asked late is not late with their reply.
    by = min(max(by, add_working_days(person.invited_on, 1) if person.invited_on else by), pep.meeting_on)
    words = f"Say whether you can come to the meeting on {when_words(pep)}"
    return Turn(Who.PERSON, "reply", words, by, page="peps:reply", at_once=True)


def _action(action: PepAction) -> Turn:
    what = action.what if len(action.what) <= 120 else f"{action.what[:118]}…"
    return Turn(Who.PERSON, "action", what, action.due_on, page="peps:end_action", row=action.public_id)


def of_plans(peps: Sequence[Pep], mine: Iterable[Who], settings: PepSettings, *, today: date) -> list[Waiting]:
    """What waits around the meetings of these plans for whoever convenes, leads or helps. At most two queries."""
    mine = tuple(mine)
    to_come = [pep for pep in peps if pep.state in BEFORE_MEETING and pep.meeting_on and pep.meeting_on >= today]
    people: dict[int, list[MeetingPerson]] = defaultdict(list)
    for person in MeetingPerson.unscoped.filter(pep__in=[pep.pk for pep in to_come]) if to_come else ():
        people[person.pep_id].append(person)
    found: list[Waiting] = []
    for pep in to_come:
        if convener_of(pep, settings) in mine:
            found += [(pep, turn) for turn in _conveners(pep, people[pep.pk], convener_of(pep, settings), today)]
    if Who.VIRTUAL_SCHOOL in mine:
        found += [(pep, _help(pep)) for pep in peps if needs_somebody(pep)]
    return found + _late_actions(peps, mine, today)


def _conveners(pep: Pep, people: Sequence[MeetingPerson], who: Who, today: date) -> Iterable[Turn]:
    if any(each.is_key and each.reply == MeetingPerson.Reply.CANNOT and not each.sent_views for each in people):
        words = "A key person cannot come. Choose another day, or ask for their views in writing"
        yield Turn(who, "key_person", words, pep.meeting_on, page="peps:meeting", at_once=True)
    if in_a_transition_term(pep, today) and not any(each.part == Part.RECEIVING_SCHOOL for each in people):
        yield Turn(who, "receiving", "Invite the receiving school", pep.meeting_on, page="peps:people")


def needs_somebody(pep: Pep) -> bool:
    """Whether help of the virtual school is asked for at a meeting to come, and nobody is found."""
    return pep.support_required not in NO_HELP and pep.support_by_id is None and pep.state in BEFORE_MEETING


def _help(pep: Pep) -> Turn:
    by = add_working_days(pep.support_asked_on, HELP_DAYS) if pep.support_asked_on else pep.meeting_on
    words = "Help is asked for at the meeting. Say who goes"
    return Turn(Who.VIRTUAL_SCHOOL, "help", words, by, page="peps:help", at_once=True)


def unassigned_help(actor: Actor) -> list[Waiting]:
    """Meetings for which help was asked days ago and nobody found, for the heads: also where a child has an adviser."""
    if actor.role not in LEADS:
        return []
    found = Pep.visible_to(actor).filter(
        state__in=lasting(BEFORE_MEETING), support_by__isnull=True, support_asked_on__isnull=False
    )
    late = found.exclude(support_required__in=NO_HELP).select_related("child").order_by("pk")
    return [(pep, _help(pep)) for pep in late if add_working_days(pep.support_asked_on, HELP_DAYS) < actor.today]


def _late_actions(peps: Sequence[Pep], mine: tuple[Who, ...], today: date) -> list[Waiting]:
    """Actions that are late for days, for who leads the child's plan now."""
    led = {pep.child_id: pep for pep in peps if lead_of(pep) in mine}
    if not led:
        return []
    before = working_days_before(today, ACTION_DAYS)
    late: dict[int, int] = defaultdict(int)
    rows = PepAction.unscoped.filter(open_actions(), child__in=list(led), due_on__lt=before)
    for child in rows.values_list("child_id", flat=True):
        late[child] += 1
    return [
        (led[child], Turn(lead_of(led[child]), "late_actions", _count(count), today, page="peps:actions"))
        for child, count in late.items()
    ]


def _count(count: int) -> str:
    if count == 1:
        return "1 action is late. Ask who took it on"
    return f"{count_of(count, 'action')} are late. Ask who took them on"
