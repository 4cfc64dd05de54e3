"""Signing off plans that were not drawn for audit, by the rule that the authority states, so that nobody waits for it.

A plan that a person has to look at is left to that person: what came back or was opened again, what is not signed by
school and social care, and what says that the school or the support is not right.
"""

from collections.abc import Iterable
from datetime import date

from onroll.access.actors import Actor
from onroll.authorities.models import Authority
from onroll.codes.working_days import add_working_days
from onroll.design.words import count_of, day

from .actions import accept
from .audit_actions import BY_HAND, sample_is_full
from .candidates import month_after
from .holding import at_once
from .models import Pep, PepAudit, PepSettings, Signature
from .queries import signed_by
from .workflow import Act, State

NOT_RIGHT = ("no", "partly")
BOTH = {Signature.As.LEAD.value, Signature.As.SOCIAL_WORKER.value}


def sign_off_undrawn(authority: Authority, *, today: date) -> int:
    """Sign off what the rule signs off on this day. Returns how many plans. Running it again changes nothing."""
    settings = PepSettings.of(authority.pk)
    if settings.undrawn == PepSettings.Undrawn.BY_HAND:
        return 0
    waiting = Pep.unscoped.filter(authority=authority, state=State.SUBMITTED, submitted_on__isnull=False)
    waiting = waiting.filter(child__merged_into__isnull=True).exclude(pk__in=PepAudit.unscoped.values("pep"))
    peps = list(waiting.select_related("child").order_by("submitted_on", "pk"))
    signed, rule = signed_by(peps), _Rule(authority, settings, peps, today)
    return sum(_sign_off(pep, rule) for pep in peps if not why_by_hand(pep, signed[pep.pk]) and rule.words(pep))


def why_by_hand(pep: Pep, signed: Iterable[str]) -> str:
    """Why a person has to look at this plan before it is signed off. Empty: a rule may sign it off."""
    if pep.state != State.SUBMITTED:
        return f"The plan is {pep.get_state_display().lower()} now."
    if not BOTH.issubset(signed):
        return "School and social care have not both signed."
    if pep.returned_on is not None:
        return "It came back once. Who returned it looks at it again."
    if pep.signed_off_on is not None:
        return "It was opened again after it was signed off."
    if says_not_right(pep):
        return "It says that the school or the support is not right."
    return ""


def _sign_off(pep: Pep, rule: "_Rule") -> bool:
    """Sign one plan off. Not where somebody did something with it since it was looked at."""
    actor, why = Actor.system(pep.authority_id, today=rule.today), rule.words(pep)
    with at_once(Act.SIGN_OFF.verb, pep, actor=actor, reason=why) as this:
        if why_by_hand(pep, signed_by([pep])[pep.pk]):
            return False
        accept(this, pep, why, actor=actor)
    return True


class _Rule:
    """What the authority set, and which samples were drawn. A few queries, whatever the number of plans."""

    def __init__(self, authority: Authority, settings: PepSettings, peps: Iterable[Pep], today: date) -> None:
        self.settings, self.today = settings, today
        months = {pep.submitted_on.replace(day=1) for pep in peps if pep.submitted_on}
        self._last_drawn: dict[date, date] = {}
        self._full: set[date] = set()
        if settings.undrawn == PepSettings.Undrawn.WHEN_DRAWN:
            self._read_samples(authority, months)

    def _read_samples(self, authority: Authority, months: set[date]) -> None:
        drawn = PepAudit.unscoped.filter(authority=authority, second=False, drawn_on__isnull=False)
        rows = drawn.exclude(why_drawn=BY_HAND).filter(pep__submitted_on__gte=min(months, default=self.today))
        for submitted, on in rows.values_list("pep__submitted_on", "drawn_on"):
            assert submitted is not None
            assert on is not None
            month = submitted.replace(day=1)
            self._last_drawn[month] = max(on, self._last_drawn.get(month, on))
        system = Actor.system(authority.pk, today=self.today)
        over = {month for month in months & set(self._last_drawn) if month_after(month) <= self.today}
        self._full = {month for month in over if sample_is_full(system, month, self.settings)}

    def words(self, pep: Pep) -> str:
        """The sentence of the rule by which this plan is signed off now. Empty: not yet."""
        handed_in = pep.submitted_on
        assert handed_in is not None
        if self.settings.undrawn == PepSettings.Undrawn.AFTER_DAYS:
            days = self.settings.undrawn_after
            if add_working_days(handed_in, days) >= self.today:
                return ""
            words = count_of(days, "working day")
            return f"By rule: handed in on {day(handed_in)} and not drawn for audit within {words}."
        month = handed_in.replace(day=1)
        on = self._last_drawn.get(month)
        # A sample drawn before a plan came in did not pass it over, unless the month is over and nothing is missing.
        if on is None or (on < handed_in and month not in self._full):
            return ""
        return f"By rule: the sample of {month:%B %Y} was drawn, last on {day(on)}, and this plan was not in it."


def says_not_right(pep: Pep) -> bool:
    """Whether it says that the school or the support is not, or only partly, the right one."""
    return any(said.casefold() in NOT_RIGHT for said in (pep.school_right, pep.support_right))
