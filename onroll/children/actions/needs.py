"""What a child needs: SEN provision and need, the EHC plan, the strengths and difficulties score."""

from datetime import date

from onroll.access.actors import Actor
from onroll.access.sections import Section
from onroll.codes import LOCAL_AUTHORITY, SDQ_REASON, SEN_NEED, SEN_PROVISION
from onroll.design.words import day
from onroll.history.changes import change, verb

from ..contradictions import called, refuse_if, why_not_code, why_not_end, why_not_next, why_not_write
from ..models import Child, EHCPlan, SDQScore, SENNeed, SENProvision
from .saving import keep
from .spells import start_next

verb("needs.provision_recorded", "{actor} recorded SEN provision")
verb("needs.need_recorded", "{actor} recorded the primary need")
verb("needs.plan_recorded", "{actor} recorded an EHC plan")
verb("needs.plan_ended", "{actor} recorded that the EHC plan ceased")
verb("needs.plan_review_set", "{actor} set the next review of the EHC plan")
verb("needs.sdq_recorded", "{actor} recorded a strengths and difficulties score")


def record_sen_provision(
    child: Child, *, value: str, start: date, actor: Actor, source: str = "person"
) -> SENProvision:
    """The special educational provision from a day on. What held until then ends."""
    held = SENProvision.unscoped.filter(child=child, end__isnull=True).order_by("start", "id").last()
    refuse_if(
        why_not_write(child, Section.SEN, actor=actor)
        or why_not_code(value, SEN_PROVISION, start, "the provision")
        or why_not_next(child, held, start)
        or ("This is the provision already." if held and held.value == value else "")
    )
    with change("needs.provision_recorded", actor=actor, child=child) as this:
        return start_next(SENProvision(value=value, source=source), child, held, start, this)


def what_provision_leaves(child: Child, *, value: str, start: date) -> list[str]:
    """Where the provision and the EHC plan do not say the same."""
    plan = EHCPlan.unscoped.filter(child=child, end__isnull=True).order_by("start").last()
    wanted = SEN_PROVISION.get(value)
    if wanted is None:
        return []
    if wanted.is_plan and plan is None:
        return [f"No EHC plan is recorded for {called(child)}. Record the plan and its dates too."]
    if not wanted.is_plan and plan is not None:
        return [f"The EHC plan of {day(plan.start)} still stands. Record that it ceased, or leave the provision."]
    return []


def record_sen_need(child: Child, *, value: str, start: date, actor: Actor, source: str = "person") -> SENNeed:
    """The primary need from a day on."""
    held = SENNeed.unscoped.filter(child=child, end__isnull=True).order_by("start", "id").last()
    refuse_if(
        why_not_write(child, Section.SEN, actor=actor)
        or why_not_code(value, SEN_NEED, start, "the primary need")
        or why_not_next(child, held, start)
        or ("This is the primary need already." if held and held.value == value else "")
    )
    with change("needs.need_recorded", actor=actor, child=child) as this:
        return start_next(SENNeed(value=value, source=source), child, held, start, this)


def record_ehc_plan(
    child: Child,
    *,
    issued_on: date,
    review_on: date | None = None,
    la_code: str = "",
    actor: Actor,
    source: str = "person",
) -> EHCPlan:
    """An EHC plan is issued. One that stood until then gives way to it."""
    held = EHCPlan.unscoped.filter(child=child, end__isnull=True).order_by("start", "id").last()
    refuse_if(
        why_not_write(child, Section.SEN, actor=actor)
        or why_not_next(child, held, issued_on)
        or ("The review is before the plan was issued." if review_on and review_on < issued_on else "")
        or _why_not_authority(la_code, child)
    )
    with change("needs.plan_recorded", actor=actor, child=child) as this:
        return start_next(EHCPlan(review_on=review_on, la_code=la_code, source=source), child, held, issued_on, this)


def _why_not_authority(la_code: str, child: Child) -> str:
    if not la_code or la_code in LOCAL_AUTHORITY or la_code == child.authority.code:
        return ""
    return f"“{la_code}” is not the code of an authority."


def set_plan_review(plan: EHCPlan, *, review_on: date, actor: Actor) -> None:
    """When the plan is reviewed next."""
    refuse_if(
        why_not_write(plan.child, Section.SEN, actor=actor)
        or ("The review is before the plan was issued." if review_on < plan.start else "")
    )
    with change("needs.plan_review_set", actor=actor, child=plan.child_id) as this:
        plan.review_on = review_on
        keep(this, plan)


def end_ehc_plan(plan: EHCPlan, *, end: date, actor: Actor) -> None:
    """The plan ceased on this day."""
    refuse_if(why_not_write(plan.child, Section.SEN, actor=actor) or why_not_end(plan, end=end))
    with change("needs.plan_ended", actor=actor, child=plan.child_id) as this:
        plan.end = end
        keep(this, plan)


def why_not_sdq(child: Child, *, on: date, score: int | None, reason: str, actor: Actor) -> str:
    """Why this score, or this reason for there being none, can't be recorded."""
    refused = why_not_write(child, Section.HEALTH, actor=actor)
    if refused:
        return refused
    if on > actor.today:
        return "The day of the score must be today or earlier."
    if (score is None) == (not reason):
        return "Give a score, or say why there is none, not both."
    if score is not None and not 0 <= score <= 40:
        return "A score is from 0 to 40."
    return why_not_code(reason, SDQ_REASON, on, "why there is no score") if reason else ""


def record_sdq(
    child: Child, *, on: date, score: int | None = None, reason: str = "", actor: Actor, source: str = "person"
) -> SDQScore:
    """A strengths and difficulties score of this day, or why there is none."""
    held = SDQScore.unscoped.filter(child=child, end__isnull=True).order_by("start", "id").last()
    refuse_if(why_not_sdq(child, on=on, score=score, reason=reason, actor=actor) or why_not_next(child, held, on))
    with change("needs.sdq_recorded", actor=actor, child=child) as this:
        return start_next(SDQScore(score=score, reason=reason, source=source), child, held, on, this)
