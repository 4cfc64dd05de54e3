"""What a sample of plans is drawn from: the plans handed in in a month, what makes each likelier, who is covered."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import F

from onroll.access.actors import Actor
from onroll.access.roles import DESIGNATED_TEACHERS, Role
from onroll.authorities.calendar import Calendar
from onroll.children.models import Allocation, SchoolPlace
from onroll.children.records import holds_on
from onroll.codes.years import academic_year, academic_year_of
from onroll.people.models import Post

from .audit.sampling import Audited, Candidate, Risk, Settings, Strategy, per_cent
from .models import Pep, PepAnswers, PepAudit, PepSettings, PepTarget
from .targets.checker import check_target, is_weak
from .targets.rules import Settings as Rules
from .targets.target_rules import Target
from .workflow import State

# A designated teacher is new for so long.
NEW = timedelta(days=183)
A_YEAR = timedelta(days=365)
# What a target lacks can be said without the calendar: a measure, a starting point, somebody who does it.
_LACKS = Rules(on=frozenset({"T01", "T04", "T06"}))
_STRATEGIES = {
    PepSettings.Sample.COVERAGE: (Strategy.COVERAGE, Strategy.RISK_WEIGHTED),
    PepSettings.Sample.RISK_WEIGHTED: (Strategy.RISK_WEIGHTED,),
    PepSettings.Sample.RANDOM: (Strategy.RANDOM,),
    PepSettings.Sample.ALL: (Strategy.ALL,),
}


def settings_of_sample(settings: PepSettings) -> Settings:
    """What the authority set, as the rules of the sample read it."""
    return Settings(
        strategies=_STRATEGIES[PepSettings.Sample(settings.sample)],
        share=per_cent(settings.sample_share),
        at_least=settings.sample_at_least,
    )


def month_after(month: date) -> date:
    return (month.replace(day=1) + timedelta(days=32)).replace(day=1)


@dataclass(frozen=True)
class Candidates:
    """The plans of a month that wait to be drawn, by their keys; how many of the month were drawn already, and how many
    were handed in.
    """

    peps: dict[str, Pep]
    waiting: list[Candidate]
    drawn: int
    handed_in: int


def candidates_of(actor: Actor, month: date) -> Candidates:
    """Those among which the actor draws. A few queries, whatever their number."""
    handed_in = _handed_in(actor, month)
    in_all, drawn = counts_of(actor, month)
    peps = list(handed_in.filter(state=State.SUBMITTED).select_related("child").order_by("pk"))
    keys = [pep.pk for pep in peps]
    children = [pep.child_id for pep in peps]
    schools, workers = _schools(peps, children, actor), _workers(children, actor)
    new = _with_a_new_teacher(set(schools.values()), actor)
    weak, neet, below = _weak(keys), _neet(keys), _below_pass(children, keys)
    found = []
    for pep in peps:
        school = schools.get(pep.pk)
        risks = {
            Risk.FIRST_PLAN: pep.kind == Pep.Kind.INITIAL,
            Risk.LATE: bool(pep.due_on and pep.submitted_on and pep.submitted_on > pep.due_on),
            Risk.NOT_ON_ROLL: pep.form == Pep.Form.NOT_ON_ROLL,
            Risk.NEET: pep.pk in neet,
            Risk.LAST_BELOW_PASS: pep.child_id in below,
            Risk.WEAK_TARGETS: pep.pk in weak,
            Risk.NEW_DESIGNATED_TEACHER: school in new,
        }
        found.append(
            Candidate(
                key=str(pep.public_id),
                child=str(pep.child_id),
                school=str(school) if school else None,
                social_worker=str(workers[pep.child_id]) if pep.child_id in workers else None,
                risks=frozenset(risk for risk, held in risks.items() if held),
            )
        )
    return Candidates({str(pep.public_id): pep for pep in peps}, found, drawn, in_all)


def _handed_in(actor: Actor, month: date) -> Any:
    return Pep.visible_to(actor).filter(submitted_on__gte=month, submitted_on__lt=month_after(month))


def counts_of(actor: Actor, month: date) -> tuple[int, int]:
    """How many plans were handed in in a month, and how many of them were drawn. Two queries."""
    handed_in = _handed_in(actor, month)
    drawn = PepAudit.unscoped.filter(pep__in=handed_in.values("pk"), drawn_on__isnull=False, second=False)
    return handed_in.count(), drawn.values("pep").distinct().count()


def _schools(peps: Sequence[Pep], children: Sequence[int], actor: Actor) -> dict[int, int]:
    """The school that leads each plan, by plan."""
    main = dict(
        SchoolPlace.unscoped.filter(
            holds_on(actor.today), child__in=children, kind=SchoolPlace.Kind.MAIN, school__isnull=False
        ).values_list("child_id", "school_id")
    )
    found = {pep.pk: pep.school_id or main.get(pep.child_id) for pep in peps}
    return {pep: school for pep, school in found.items() if school is not None}


def _workers(children: Sequence[int], actor: Actor) -> dict[int, int]:
    held = Allocation.unscoped.filter(holds_on(actor.today), child__in=children, role=Role.SOCIAL_WORKER)
    return dict(held.order_by("start").values_list("child_id", "account_id"))


def _with_a_new_teacher(schools: set[int], actor: Actor) -> set[int]:
    """The schools whose longest-serving designated teacher came lately."""
    posts = Post.objects.live(actor.today).filter(
        authority_id=actor.authority, role__in=DESIGNATED_TEACHERS, school__in=schools
    )
    first: dict[int, date] = {}
    for school, start in posts.values_list("school_id", "start"):
        if school is not None:
            first[school] = min(start, first.get(school, start))
    return {school for school, start in first.items() if start > actor.today - NEW}


def _weak(keys: Sequence[int]) -> set[int]:
    """The plans of which a target lacks something."""
    found = set()
    for each in PepTarget.unscoped.filter(pep__in=keys):
        read = Target(text=each.text, baseline=each.baseline, success=each.success, who=each.owner)
        if is_weak(check_target(read, _LACKS)):
            found.add(each.pep_id)
    return found


def _neet(keys: Sequence[int]) -> set[int]:
    rows = PepAnswers.unscoped.filter(pep__in=keys, section_key="p16_route")
    return {row.pep_id for row in rows if row.answers.get("route") == "neet"}


def _below_pass(children: Sequence[int], keys: Sequence[int]) -> set[int]:
    """The children whose last graded plan did not pass."""
    graded = Pep.unscoped.filter(child__in=children).exclude(pk__in=keys).exclude(grade="")
    last = dict(graded.order_by(F("due_on").asc(nulls_first=True), "pk").values_list("child_id", "grade"))
    return {child for child, grade in last.items() if grade in (Pep.Grade.REQUIRES_IMPROVEMENT, Pep.Grade.INADEQUATE)}


def audited_before(actor: Actor, month: date) -> Audited:
    """Who is covered already: schools in the school year, social workers in the term, children in twelve months."""
    year, term = academic_year(academic_year_of(actor.today)).start, _term_began(actor)
    since = actor.today - A_YEAR
    rows = PepAudit.unscoped.filter(authority_id=actor.authority, second=False, drawn_on__gte=min(since, year, term))
    drawn = [(row.child_id, row.drawn_on or date.min, row.pep.school_id) for row in rows.select_related("pep")]
    children = [child for child, _, _ in drawn]
    main = dict(
        SchoolPlace.unscoped.filter(holds_on(actor.today), child__in=children, kind=SchoolPlace.Kind.MAIN).values_list(
            "child_id", "school_id"
        )
    )
    workers = _workers(children, actor)
    return Audited(
        schools=frozenset(str(s) for child, on, of in drawn if on >= year and (s := of or main.get(child))),
        social_workers=frozenset(str(workers[child]) for child, on, _ in drawn if on >= term and child in workers),
        children=frozenset(str(child) for child, on, _ in drawn if on > since),
    )


def _term_began(actor: Actor) -> date:
    """The first day of the term of today, or of the one just ended."""
    starts = [entry.start for entry in Calendar.of(actor.authority).terms if entry.start <= actor.today]
    return max(starts, default=actor.today - timedelta(days=100))
