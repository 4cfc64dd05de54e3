"""Writing targets: what the bank fills in, what the checker says, what money is asked for, and how they went."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from onroll.access.actors import Actor
from onroll.access.roles import SCHOOL_STAFF, Role
from onroll.authorities.calendar import Calendar
from onroll.authorities.models import CalendarEntry
from onroll.children.contradictions import Refused, refuse_if
from onroll.children.models import Child
from onroll.codes.year_groups import year_group_of
from onroll.history.changes import ThisChange, verb

from .checker_settings import checker_settings
from .holding import at_once
from .models import MoneyRequest, Pep, PepSettings, PepTarget
from .saving import begun
from .targets.bank import Approach, Phase, approaches, whole_bank
from .targets.checker import check_plan, check_target
from .targets.plan_rules import Plan
from .targets.rules import STOP, Finding, Settings
from .targets.target_rules import Earlier, Kind, Outcome, Target
from .writing import Writing, may_write

verb("pep.target_kept", "{actor} wrote a target of a PEP")
verb("pep.target_removed", "{actor} took a target out of a PEP")
verb("pep.target_reviewed", "{actor} said how a target of a PEP went")

MOST_TARGETS = 5


class ChangedMeanwhile(Refused):
    """Somebody else saved the target since it was shown. `theirs` is the target as it stands now."""

    def __init__(self, theirs: PepTarget) -> None:
        super().__init__(
            f"Somebody else changed this target while you were writing. It says now: “{theirs.text}”"
            f"{f' ({theirs.get_outcome_display()}: {theirs.evidence})' if theirs.outcome else ''}."
            " What you typed stands below. Put both together, then keep it again."
        )
        self.theirs = theirs


def _hold_target(target: PepTarget, shown: int | None) -> None:
    """Bring a target up to this moment, and refuse where it is no longer the version that the writer was shown."""
    now = PepTarget.unscoped.get(pk=target.pk)
    if shown is not None and now.version != shown:
        raise ChangedMeanwhile(now)
    target.version = now.version


# Names of other children are looked for by those who work with few of them.
_WITH_FEW = (*SCHOOL_STAFF, Role.SOCIAL_WORKER)


def phase_of(pep: Pep, on: date) -> Phase:
    """The phase that approaches are filed under."""
    year = year_group_of(pep.child.birth_date, on=on).number
    if pep.form == Pep.Form.EARLY_YEARS:
        return Phase.EARLY_YEARS
    if pep.form == Pep.Form.POST_16 or year >= 12:
        return Phase.POST_16
    return Phase.SECONDARY if year >= 7 else Phase.PRIMARY


def bank_for(pep: Pep, on: date, need: str = "") -> tuple[Approach, ...]:
    """The approaches for the plan's phase, those for the need first."""
    fitting = approaches(need=need or None, phase=phase_of(pep, on))
    rest = tuple(each for each in approaches(phase=phase_of(pep, on)) if each not in fitting)
    return (*fitting, *rest)


def why_not_write(writing: Writing) -> str:
    """Why this person can't write targets of the plan now."""
    if not writing.is_open:
        return f"The plan is {writing.pep.get_state_display().lower()} now. Its targets are not written any more."
    return "" if may_write(writing.form.lead, writing.actor) else "The targets are the school’s to write."


def filled_from_the_bank(given: Mapping[str, Any]) -> dict[str, Any]:
    """What was typed, with what is left empty filled from the approach that was chosen."""
    chosen = next((each for each in whole_bank() if each.key == given.get("intervention")), None)
    typed = dict(given)
    if chosen is None:
        return typed
    from_bank = {
        "area": chosen.area.value,
        "action": chosen.default_action,
        "when": chosen.default_when,
        "where": chosen.default_where,
        "how_often": chosen.typical_dose,
        "success": chosen.measurement,
    }
    return {**typed, **{name: words for name, words in from_bank.items() if not typed.get(name)}}


def keep_target(writing: Writing, target: PepTarget, given: Mapping[str, Any]) -> PepTarget:
    """Keep a target as it was typed, with the money that it asks for. What is weak in it stops nothing here."""
    refuse_if(why_not_write(writing))
    pep, actor = writing.pep, writing.actor
    is_new = target.pk is None
    refuse_if("A plan has five targets at the most." if is_new and len(writing.known.targets) >= MOST_TARGETS else "")
    typed = filled_from_the_bank(given)
    for name in FIELDS:
        setattr(target, name, typed.get(name) or (None if name == "due_on" else ""))
    target.area = typed.get("area") or PepTarget.Area.OTHER
    target.kind = typed.get("kind") or PepTarget.Span.IN_TERM
    target.ambitious, target.from_voice = bool(typed.get("ambitious")), bool(typed.get("from_voice"))
    reason = str(typed.get("set_aside") or "").strip()
    asked = _asked_of(target)
    found = check(writing, target, money=typed.get("amount") or 0, money_for=typed.get("buys") or "")
    target.set_aside = {each.rule: reason for each in found if each.severity is not STOP} if reason else {}
    with at_once("pep.target_kept", pep, actor=actor) as this:
        refuse_if(why_not_write(writing))
        if is_new:
            target.authority_id, target.child, target.pep = pep.authority_id, pep.child, pep
            target.place = max((each.place for each in writing.known.targets), default=0) + 1
        else:
            _hold_target(target, typed.get("version"))
            target.version += 1
        this.save(target)
        _keep_request(this, target, asked, typed, actor)
        begun(this, pep, actor)
    return target


FIELDS = (
    "need", "intervention", "text", "baseline", "success", "action", "how_often", "when", "where", "owner", "due_on",
    "own_words",
)  # fmt: skip


def _asked_of(target: PepTarget) -> MoneyRequest | None:
    if target.pk is None:
        return None
    return MoneyRequest.unscoped.filter(target=target, taken_back_on__isnull=True).first()


def _keep_request(
    this: ThisChange, target: PepTarget, asked: MoneyRequest | None, typed: Mapping[str, Any], actor: Actor
) -> None:
    amount = typed.get("amount") or Decimal(0)
    if asked is not None and asked.decided_on is not None:
        refuse_if(
            "" if amount == asked.amount else "The money for this target is decided. Its amount can’t be changed."
        )
        return
    if not amount:
        if asked is not None:
            asked.taken_back_on = actor.today
            this.save(asked)
        return
    request = asked or MoneyRequest(
        authority_id=target.authority_id, child_id=target.child_id, pep=target.pep, requested_on=actor.today
    )
    chosen = next((each for each in whole_bank() if each.key == target.intervention), None)
    request.target, request.amount, request.buys = target, amount, str(typed.get("buys") or "")
    request.effect, request.category = target.success, chosen.category if chosen else request.category
    this.save(request)


def _why_not_without(target: PepTarget) -> str:
    """Why a target can't go: money was decided for it."""
    decided = MoneyRequest.unscoped.filter(target=target).exclude(decided_on__isnull=True)
    return "Money was decided for this target. It stays in the plan." if decided.exists() else ""


def remove_target(writing: Writing, target: PepTarget) -> None:
    """Take a target out of the plan, with what it asked for. It stays in the history."""
    refuse_if(why_not_write(writing))
    with at_once("pep.target_removed", writing.pep, actor=writing.actor) as this:
        refuse_if(why_not_write(writing) or _why_not_without(target))
        this.delete(MoneyRequest.unscoped.filter(target=target))
        this.delete(target)
        begun(this, writing.pep, writing.actor)


def review_target(writing: Writing, target: PepTarget, given: Mapping[str, Any]) -> None:
    """Say how a target of the last plan went. One that was not fully met says what will be done differently."""
    refuse_if(why_not_write(writing))
    unmet = given["outcome"] in (PepTarget.Outcome.PARTLY, PepTarget.Outcome.NOT_MET)
    change_words = str(given.get("change_recorded") or "").strip()
    refuse_if("Say what will be done differently: the target was not fully met." if unmet and not change_words else "")
    today = writing.actor.today
    target.outcome, target.evidence, target.effect = given["outcome"], given["evidence"], given.get("effect") or ""
    met = given["outcome"] == PepTarget.Outcome.MET
    target.next = given.get("next") or (PepTarget.Next.FINISHED if met else PepTarget.Next.CHANGED)
    if change_words != target.change_recorded:
        target.change_on = today if change_words else None
    target.change_recorded, target.reviewed_on = change_words, today
    with at_once("pep.target_reviewed", writing.pep, actor=writing.actor) as this:
        refuse_if(why_not_write(writing))
        _hold_target(target, given.get("version"))
        target.version += 1
        this.save(target)
        begun(this, writing.pep, writing.actor)


# The checker


def next_deadline(pep: Pep) -> date | None:
    """The deadline of the next plan, by the authority's calendar. One query."""
    if pep.due_on is None:
        return None
    deadlines = CalendarEntry.objects.filter(
        authority_id=pep.authority_id, kind=CalendarEntry.Kind.PEP_DEADLINE, start__gt=pep.due_on
    )
    return deadlines.order_by("start").values_list("start", flat=True).first()


@dataclass(frozen=True)
class Checker:
    """The checker as it judges the targets of one plan: the calendar, the last plan's targets, the names of others."""

    writing: Writing
    settings: Settings
    earlier: tuple[Earlier, ...]
    next_due: date | None
    other_names: tuple[str, ...]

    @classmethod
    def of(cls, writing: Writing) -> "Checker":
        """A few queries, whatever the number of targets."""
        pep, known = writing.pep, writing.known
        calendar = Calendar.of(pep.authority_id)
        own = PepSettings.of(pep.authority_id)
        settings = replace(
            checker_settings(pep.authority_id),
            is_school_day=calendar.is_school_day if calendar.terms else None,
            target_minimum=own.target_minimum,
            target_minimum_initial=own.target_minimum_initial,
        )
        earlier = tuple(_earlier(each) for each in known.to_review)
        return cls(writing, settings, earlier, next_deadline(pep), _other_names(pep, writing.actor))

    def target(self, target: PepTarget, *, money: Decimal | int = 0, money_for: str = "") -> Target:
        pep = self.writing.pep
        read = Target(
            text=target.text,
            baseline=target.baseline,
            success=target.success,
            what=target.action,
            when=target.when,
            where=target.where,
            who=target.owner,
            how_often=target.how_often,
            meeting_on=pep.held_on or pep.meeting_on or self.writing.actor.today,
            due_on=target.due_on,
            next_pep_due=self.next_due,
            kind=Kind(target.kind),
            area=target.area,
            need=target.need,
            money=money,
            money_for=money_for,
            known_as=pep.child.first_name,
            other_names=self.other_names,
        )
        return read.following(self.earlier)

    def check(self, target: PepTarget, *, money: Decimal | int = 0, money_for: str = "") -> list[Finding]:
        """What is weak in a target, without what was set aside with a reason."""
        found = check_target(self.target(target, money=money, money_for=money_for), self.settings)
        return [each for each in found if each.rule not in target.set_aside]

    def plan(self) -> list[Finding]:
        """What is weak in the plan beside its targets."""
        known = self.writing.known
        money = {request.target_id: request for request in known.requests}
        answers = self.writing.given
        return check_plan(
            Plan(
                phase=phase_of(self.writing.pep, self.writing.actor.today),
                known_as=self.writing.pep.child.first_name,
                targets=[
                    self.target(
                        each,
                        money=money[each.pk].amount if each.pk in money else 0,
                        money_for=money[each.pk].buys if each.pk in money else "",
                    )
                    for each in known.targets
                ],
                is_initial=self.writing.pep.kind == Pep.Kind.INITIAL,
                from_voice=any(each.from_voice for each in known.targets),
                last_targets=self.earlier,
                requests=[request.amount for request in known.requests],
                sen_provision=known.sen,
                sen_ehc_fit=str(answers.get("sen_ehc_fit") or ""),
            ),
            self.settings,
        )


def _earlier(target: PepTarget) -> Earlier:
    outcome = Outcome(target.outcome) if target.outcome else None
    return Earlier(text=target.text, outcome=outcome, change=target.change_recorded)


def _other_names(pep: Pep, actor: Actor) -> tuple[str, ...]:
    """The names of other children whom the writer can see, for those who work with few."""
    if actor.role not in _WITH_FEW:
        return ()
    rows = Child.visible_to(actor).exclude(pk=pep.child_id).values_list("known_as", "given_name")
    names = {known_as or given for known_as, given in rows}
    return tuple(sorted(names - {"", pep.child.known_as, pep.child.given_name}))


def check(writing: Writing, target: PepTarget, *, money: Decimal | int = 0, money_for: str = "") -> list[Finding]:
    """What is weak in one target."""
    return Checker.of(writing).check(target, money=money, money_for=money_for)


def what_stops(writing: Writing) -> list[str]:
    """What of the targets stops the plan from being handed in, and how to mend it."""
    checker = Checker.of(writing)
    return [
        f"Target {number}: {each.message}"
        for number, target in enumerate(writing.known.targets, 1)
        for each in checker.check(target)
        if each.severity is STOP
    ]


def what_is_weak(writing: Writing) -> list[str]:
    """What is weak in the plan and may be handed in all the same, in sentences."""
    checker = Checker.of(writing)
    requests = {request.target_id: request for request in writing.known.requests}
    found = []
    for number, target in enumerate(writing.known.targets, 1):
        request = requests.get(target.pk)
        said = checker.check(target, money=request.amount if request else 0, money_for=request.buys if request else "")
        found += [f"Target {number}: {each.message}" for each in said if each.severity is not STOP]
    return [*found, *(each.message for each in checker.plan() if each.severity is not STOP)]


def in_order(targets: Sequence[PepTarget]) -> list[PepTarget]:
    return sorted(targets, key=lambda target: (target.place, target.pk))
