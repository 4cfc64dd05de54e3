"""What figures of plans are counted from: each table read once, and what “complete”, “current” and “due” mean.

A plan is complete once its meeting was held and it is signed off; it is current until the deadline of the term after
its own has passed. What is dated after the reference date does not count. Which children a figure is about is the
cohort's alone to say.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from functools import cached_property
from typing import NamedTuple

from onroll.access.models import Account
from onroll.access.roles import Role
from onroll.authorities.models import CalendarEntry
from onroll.children.models import Allocation, Review
from onroll.codes.year_groups import LAST_YEAR
from onroll.codes.years import Period, Term, academic_year, academic_year_of, term_of
from onroll.measures import periods
from onroll.measures.cohorts import Cohort
from onroll.measures.facts import Facts

from .audit.rubric_files import declared
from .audit.rubrics import National
from .clock import Child, Clock, InCare
from .models import Pep, PepAudit, PepSettings, PepTarget, PlanInReview
from .targets.bank import Evidence, whole_bank
from .workflow import HANDED_IN, State

PASSES = (National.GOOD.value, National.OUTSTANDING.value)
GRADES = {str(code): str(words) for code, words in Pep.Grade.choices}
KINDS = {str(code): str(words) for code, words in Pep.Kind.choices}
# The side of every rubric that asks how learning is going.
LEARNING = "attainment"
ORDER = (Term.AUTUMN, Term.SPRING, Term.SUMMER)


class Plan(NamedTuple):
    """A plan as far as figures need one."""

    pk: int
    child: int
    kind: str
    academic_year: str
    term: str
    state: str
    opens_on: date | None
    start_by: date | None
    due_on: date | None
    started_on: date | None
    meeting_on: date | None
    held_on: date | None
    submitted_on: date | None
    signed_off_on: date | None
    closed_on: date | None
    sent_to_iro_on: date | None
    support_required: str
    vs_attended: bool | None
    school_right: str
    support_right: str
    grade: str

    @property
    def is_asked_for(self) -> bool:
        """Whether it has to be done: nobody found that no plan was needed."""
        return self.state != State.EXEMPT

    def is_complete(self, on: date) -> bool:
        return by(self.meeting_on, on) and by(self.signed_off_on, on)

    @property
    def completed_on(self) -> date | None:
        """The day on which both the meeting was held and the plan signed off."""
        both = (self.meeting_on, self.signed_off_on)
        return max(each for each in both if each) if all(both) else None

    def done_on(self, done_means: str) -> date | None:
        """The day on which it was done, by one of the three meanings."""
        return {"held": self.held_on, "submitted": self.submitted_on}.get(done_means, self.signed_off_on)

    def is_late(self, on: date) -> bool:
        """Whether it was past its date on this day, and neither handed in nor closed nor on hold."""
        if self.due_on is None or self.due_on >= on or not self.is_asked_for or self.state == State.ON_HOLD:
            return False
        # What came from elsewhere without its days is at least as far as its state says.
        further = self.state in HANDED_IN and self.submitted_on is None
        return not further and not any(by(each, on) for each in (self.submitted_on, self.signed_off_on, self.closed_on))

    @property
    def of_kind(self) -> dict[str, str]:
        return {"kind": self.kind}


class Target(NamedTuple):
    """A target as far as figures need one."""

    pep: int
    area: str
    kind: str
    due_on: date | None
    outcome: str
    reviewed_on: date | None
    change_on: date | None
    ambitious: bool | None
    audit_grade: str
    intervention: str

    @property
    def judged_on(self) -> date | None:
        """The day on which it was said how it went; where only that is known, the day by which it was to be met."""
        return self.reviewed_on or (self.due_on if self.outcome else None)


class Audit(NamedTuple):
    """A completed audit: it has a day and an overall grade."""

    pep: int
    child: int
    audited_on: date
    grade: str
    auditor: str
    rubric: str
    grades: dict[str, str]
    copied_to: frozenset[str]
    filed: bool | None
    money: str

    @property
    def passes(self) -> bool:
        return self.grade in PASSES

    @property
    def passes_in_learning(self) -> bool:
        """Whether the side of the rubric that asks how learning is going passes too."""
        return _national(self.rubric, self.grades.get(LEARNING, "")) in PASSES


def _national(rubric: str, grade: str) -> str:
    """The grade that authorities exchange, of a grade of a rubric. One of no known rubric is taken as it is."""
    scale = declared().rubrics[rubric].scale if rubric in declared().rubrics else ()
    return next((each.national.value for each in scale if each.key == grade), grade)


def on_the_roll(cohort: Cohort, child: int, day: date) -> bool:
    """Whether one child was on the roll on a day, as `cohort.roll_on` has it."""
    on = cohort.facts.on(day)
    return cohort.children[child].own and on.episode[child] is not None and on.year[child].number <= LAST_YEAR


def by(day: date | None, on: date) -> bool:
    """Whether something had happened by a day."""
    return day is not None and day <= on


def counted(cohort: Cohort) -> "Counted":
    """What is held of plans, read once for all cohorts of a request."""
    return cohort.facts.of_part(Counted)


class Counted:
    """The plans of one authority, their targets and audits. Each table is read when the first measure asks for it."""

    def __init__(self, facts: Facts) -> None:
        self._facts = facts
        self._until: dict[tuple[str, str], date] = {}

    @cached_property
    def settings(self) -> PepSettings:
        return PepSettings.of(self._facts.authority)

    @cached_property
    def clock(self) -> Clock:
        return Clock(self._facts.calendar, self.settings.for_the_clock(), live_from=self._facts.settings.live_from)

    @cached_property
    def plans(self) -> dict[int, list[Plan]]:
        """By child, in the order in which they were made."""
        found: dict[int, list[Plan]] = defaultdict(list)
        fields = ["child_id" if name == "child" else name for name in Plan._fields]
        for row in Pep.unscoped.filter(authority_id=self._facts.authority).order_by("pk").values_list(*fields):
            plan = Plan(*row)
            found[plan.child].append(plan)
        return found

    @cached_property
    def targets(self) -> dict[int, list[Target]]:
        """By plan, in their places."""
        found: dict[int, list[Target]] = defaultdict(list)
        fields = ["pep_id" if name == "pep" else name for name in Target._fields]
        rows = PepTarget.unscoped.filter(authority_id=self._facts.authority).order_by("pep", "place", "pk")
        for row in rows.values_list(*fields):
            found[row[0]].append(Target(*row))
        return found

    @cached_property
    def audits(self) -> dict[int, list[Audit]]:
        """The completed ones by child, oldest first: a second marker's too, for all audits count. Where a grade was
        agreed, it is that of both.
        """
        found: dict[int, list[Audit]] = defaultdict(list)
        rows = PepAudit.unscoped.filter(authority_id=self._facts.authority).exclude(grade="")
        names = {account.pk: account.name for account in Account.objects.filter(pk__in=rows.values("auditor"))}
        held = list(rows.order_by("audited_on", "pk"))
        agreed = {row.pep_id: row.agreed_grade for row in held if row.agreed_grade}
        for row in held:
            if row.audited_on is None:
                continue
            days = {"iro": row.iro_sent_on, "dt": row.dt_sent_on, "sw": row.sw_sent_on}
            # A file may name whom it was copied to and not the day.
            to = frozenset(name for name, day in days.items() if day or name in row.copied_to.split(";"))
            found[row.child_id].append(
                Audit(
                    pep=row.pep_id,
                    child=row.child_id,
                    audited_on=row.audited_on,
                    grade=agreed.get(row.pep_id, row.grade),
                    auditor=row.auditor_name or names.get(row.auditor_id or 0, ""),
                    rubric=row.rubric,
                    grades=row.grades,
                    copied_to=to,
                    filed=row.filed_on_case_record,
                    money=row.pp_use_appropriate,
                )
            )
        return found

    @cached_property
    def reviews(self) -> dict[int, list[date]]:
        """By child, the days of the care reviews that were held."""
        found: dict[int, list[date]] = defaultdict(list)
        held = Review.unscoped.filter(authority_id=self._facts.authority, held=True)
        for child, on in held.order_by("on", "pk").values_list("child_id", "on"):
            found[child].append(on)
        return found

    @cached_property
    def looked_at(self) -> dict[tuple[int, date], bool]:
        """Of the reviews of which somebody said so, by child and day, whether the plan was looked at."""
        said = PlanInReview.unscoped.filter(authority_id=self._facts.authority)
        return {(child, on): used for child, on, used in said.values_list("child_id", "on", "used")}

    @cached_property
    def social_workers(self) -> dict[int, str]:
        """The names of those who are or were a child's social worker."""
        theirs = Allocation.unscoped.filter(authority_id=self._facts.authority, role=Role.SOCIAL_WORKER)
        return {account.pk: account.name for account in Account.objects.filter(pk__in=theirs.values("account"))}

    @cached_property
    def evidenced(self) -> frozenset[str]:
        """The approaches of the bank that research says work, by their keys and their names."""
        rows = [each for each in whole_bank() if each.evidence_based is Evidence.YES]
        return frozenset(name.casefold() for each in rows for name in (each.key, each.name))

    # Terms

    @cached_property
    def _deadlines(self) -> dict[tuple[str, str], date]:
        entries = self._facts.calendar.entries
        return {(e.academic_year, e.term): e.start for e in entries if e.kind == CalendarEntry.Kind.PEP_DEADLINE}

    def current_until(self, plan: Plan) -> date:
        """The last day on which a complete plan is current: the next term's deadline, else its last day."""
        own = (plan.academic_year, plan.term)
        if own not in self._until:
            year, term = _term_after(*own)
            deadline = self._deadlines.get((year, term))
            self._until[own] = deadline or periods.named_term(year, Term(term), self._facts.calendar).last_day
        return self._until[own]

    def is_current(self, plan: Plan, on: date) -> bool:
        return plan.is_complete(on) and on <= self.current_until(plan)

    def has_current(self, child: int, on: date) -> bool:
        """Whether the child has a current, complete plan on a day."""
        return any(self.is_current(plan, on) for plan in self.plans.get(child, ()))

    def terms_of(self, year: str) -> list[Period]:
        """The terms of a school year, each from its first day to its last."""
        return [periods.named_term(year, term, self._facts.calendar) for term in ORDER]

    def last_day_of(self, year: str) -> date:
        """The last day of the summer term of a school year."""
        return self.terms_of(year)[-1].last_day

    def two_terms_before(self, on: date) -> date:
        """The first day of the term before that of this day."""
        calendar = self._facts.calendar
        now = periods.containing(periods.PeriodKind.TERM, on, calendar)
        return periods.before(periods.PeriodKind.TERM, now, calendar).start

    def term_and_before(self, on: date) -> set[tuple[str, str]]:
        """The term of a day and the one before: their years and names."""
        now = periods.containing(periods.PeriodKind.TERM, on, self._facts.calendar)
        before = periods.before(periods.PeriodKind.TERM, now, self._facts.calendar)
        return {self._name_of(each) for each in (now, before)}

    def _name_of(self, term: Period) -> tuple[str, str]:
        calendar = self._facts.calendar
        # A term may begin in the last days of August: its middle is in its own year.
        middle = term.start + (term.end - term.start) / 2
        year = academic_year_of(middle)
        starts = {periods.containing(periods.PeriodKind.TERM, each.start, calendar).start: name
                  for name, each in zip(ORDER, self.terms_of(year), strict=True)}  # fmt: skip
        # Where the calendar lacks the term, by the national dates.
        return year, starts.get(term.start, term_of(middle)).value

    # Whose plan is due

    def due_a_first_plan(self, cohort: Cohort) -> Iterator[int]:
        """The children on the roll whose first plan was due before the reference date: not those below the age for
        plans, nor those who came into care too short a time ago.
        """
        for child in cohort.roll:
            entry = cohort.in_care_since(child)
            if entry is None:
                continue
            due = self.clock.first_due(Child(cohort.children[child].birth_date, [InCare(entry)]), cohort.as_at)
            if due is not None and due < cohort.as_at:
                yield child

    # What a cohort's figures go over

    def plans_of(self, cohort: Cohort) -> Iterator[Plan]:
        """Every plan of the children within reach."""
        return (plan for child in cohort.children for plan in self.plans.get(child, ()))

    def targets_of(self, cohort: Cohort) -> Iterator[tuple[Plan, Target]]:
        """Every target of those plans, beside its plan."""
        return ((plan, target) for plan in self.plans_of(cohort) for target in self.targets.get(plan.pk, ()))

    def audits_of(self, cohort: Cohort) -> Iterator[Audit]:
        """The audits of children within reach that were completed in the cohort's period."""
        found = (audit for child in cohort.children for audit in self.audits.get(child, ()))
        return (audit for audit in found if audit.audited_on in cohort.period)

    def meetings_of(self, cohort: Cohort) -> Iterator[Plan]:
        """The plans whose meeting was held in the cohort's period."""
        return (plan for plan in self.plans_of(cohort) if plan.held_on is not None and plan.held_on in cohort.period)

    def plan(self, audit: Audit) -> Plan:
        return self._by_key[audit.pep]

    @cached_property
    def _by_key(self) -> dict[int, Plan]:
        return {plan.pk: plan for plans in self.plans.values() for plan in plans}


def _term_after(year: str, term: str) -> tuple[str, str]:
    place = ORDER.index(Term(term)) + 1
    if place < len(ORDER):
        return year, ORDER[place].value
    return academic_year_of(academic_year(year).end), ORDER[0].value


def last_complete(plans: Iterable[Plan], on: date) -> Plan | None:
    """The plan that was the last to be completed by a day."""
    complete = [plan for plan in plans if plan.is_complete(on)]
    return max(complete, key=lambda plan: (plan.completed_on, plan.pk), default=None)


def newest(plans: Iterable[Plan], on: date) -> Sequence[Plan]:
    """The plans whose meeting was held by a day, the latest meeting last."""
    return sorted((plan for plan in plans if by(plan.held_on, on)), key=lambda plan: (plan.held_on, plan.pk))
