"""Plans in care reviews: the plan that is current on the day, whether it was looked at, and what that asks of whom."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from onroll.access.actors import Actor
from onroll.access.can import Can, can
from onroll.authorities.models import Authority, CalendarEntry
from onroll.children.contradictions import refuse_if
from onroll.children.models import Child, Review
from onroll.codes.working_days import add_working_days
from onroll.history.changes import change, verb

from .models import Pep, PlanInReview

verb("pep.looked_at_in_review", "{actor} said whether the plan was looked at in a care review")

# Working days before a review that a missing plan is told of, and after it that the answer is asked for.
TOLD_BEFORE, ASKED_AFTER = 10, 2
# Days after which an answer that nobody gave is asked for no more: the next review has taken its place.
ASKED_FOR = timedelta(days=180)


def deadlines(authority: int) -> list[tuple[date, tuple[str, str]]]:
    """The days by which the plans of each term are due, with the term, oldest first. One query."""
    found = CalendarEntry.objects.filter(authority_id=authority, kind=CalendarEntry.Kind.PEP_DEADLINE)
    return [(each.start, (each.academic_year, each.term)) for each in found.order_by("start")]


def current_on(plans: Iterable[Pep], on: date, held: list[tuple[date, tuple[str, str]]]) -> Pep | None:
    """The newest of a child's plans that was complete before this day and current on it: held and signed off, and the
    deadline of the term after its own not passed. Where the calendar has no such deadline, it goes on.
    """

    def until(plan: Pep) -> date:
        terms = [term for _, term in held]
        own = (plan.academic_year, plan.term)
        after = terms.index(own) + 1 if own in terms else len(terms)
        return held[after][0] if after < len(terms) else date.max

    complete = [
        plan
        for plan in plans
        if plan.meeting_on and plan.meeting_on < on and plan.signed_off_on and plan.signed_off_on < on
    ]
    current = [plan for plan in complete if on <= until(plan)]
    return max(current, key=lambda plan: (plan.meeting_on, plan.pk), default=None)


def say_of_review(review: Review, *, used: bool, actor: Actor) -> PlanInReview:
    """Say whether the plan was looked at in a review. A second answer takes the first one's place.

    Raises Refused for a review that is still to come, or where there was no current plan to look at.
    """
    child = review.child
    plan = current_on(Pep.unscoped.filter(child=child), review.on, deadlines(actor.authority))
    refuse_if(why_not_say(review, actor=actor))
    if used and plan is None:
        refuse_if("There was no current plan on the day of the review. Say that none was looked at.")
    row = PlanInReview.unscoped.filter(child=child, on=review.on).first()
    row = row or PlanInReview(authority_id=child.authority_id, child=child, on=review.on)
    row.used, row.pep, row.said_on = used, plan, actor.today
    row.said_by_id, row.by_name = actor.account, actor.name
    with change("pep.looked_at_in_review", actor=actor, child=child) as this:
        this.save(row)
    return row


def why_not_say(review: Review, *, actor: Actor) -> str:
    """Why it can't be said of this review whether the plan was looked at."""
    if not can(actor, Can.SAY_PLAN_WAS_USED):
        return "This is another person’s to say."
    if review.on > actor.today or (not review.held and review.on == actor.today):
        return "The review is still to come. Say it afterwards."
    return ""


@dataclass(frozen=True)
class ReviewToAnswer:
    """A review of which nobody said whether the plan was looked at."""

    review: Review
    by: date


def reviews_to_answer(actor: Actor) -> list[ReviewToAnswer]:
    """The reviews of this person's children since the authority went live that took place and wait for the answer, the
    oldest first. Three queries.
    """
    live_from = Authority.objects.values_list("live_from", flat=True).get(pk=actor.authority)
    since = max(actor.today - ASKED_FOR, live_from)
    # Who is not yet of the age for plans has none to look at.
    held = Review.visible_to(actor).filter(
        held=True, on__gte=since, on__lte=actor.today, child__in=Pep.visible_to(actor).values("child")
    )
    held = held.select_related("child")
    answered = set(PlanInReview.visible_to(actor).filter(on__gte=since).values_list("child_id", "on"))
    newest: dict[int, Review] = {}
    for review in held.order_by("on", "pk"):
        newest[review.child_id] = review
    waiting = [review for review in newest.values() if (review.child_id, review.on) not in answered]
    found = [ReviewToAnswer(review, add_working_days(review.on, ASKED_AFTER)) for review in waiting]
    return sorted(found, key=lambda each: (each.review.on, each.review.pk))


def without_a_plan(actor: Actor) -> list[Review]:
    """The reviews of this person's children in the next days for which there is no current plan, the soonest first.
    Three queries.
    """
    until = add_working_days(actor.today, TOLD_BEFORE)
    coming = list(
        Review.visible_to(actor)
        .filter(held=False, on__gte=actor.today, on__lte=until, child__in=Pep.visible_to(actor).values("child"))
        .select_related("child")
    )
    if not coming:
        return []
    plans: dict[int, list[Pep]] = {}
    for plan in Pep.visible_to(actor).filter(child__in=[each.child_id for each in coming], signed_off_on__isnull=False):
        plans.setdefault(plan.child_id, []).append(plan)
    held = deadlines(actor.authority)
    found = [each for each in coming if current_on(plans.get(each.child_id, ()), each.on, held) is None]
    return sorted(found, key=lambda each: (each.on, each.pk))


def reviews_of_plan(pep: Pep, child: Child, actor: Actor) -> list[tuple[Review, PlanInReview | None]]:
    """The care reviews since the meeting of a plan and until the next one's, with what was said of each."""
    if pep.held_on is None:
        return []
    following = Pep.unscoped.filter(child=child, held_on__gt=pep.held_on).order_by("held_on").first()
    reviews = Review.of(child, actor).filter(on__gt=pep.held_on)
    if following is not None:
        reviews = reviews.filter(on__lte=following.held_on)
    answers = {each.on: each for each in PlanInReview.of(child, actor).select_related("said_by")}
    return [(review, answers.get(review.on)) for review in reviews.order_by("on", "pk")]
