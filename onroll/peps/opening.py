"""Making the rows: each plan on the day on which it opens, its date when a fact moves it, its end when none is needed.

Run once a day for each authority, and when somebody asks. Running it again changes nothing.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef, Q

from onroll.access.actors import Actor
from onroll.authorities.calendar import Calendar
from onroll.authorities.models import Authority
from onroll.children.models import CareEpisode, Child
from onroll.children.queries import main_places
from onroll.codes.years import academic_year_of, term_of
from onroll.history.changes import change, verb

from . import clock
from .clock import Answer, Clock, Kind, Plan
from .facts import children_of_the_clock
from .holding import at_once
from .models import Pep, PepSettings, open_peps
from .workflow import BEFORE_SUBMISSION, State

verb("pep.opened", "{actor} opened a PEP")
verb("pep.date_moved", "{actor} moved the date of a PEP")
verb("pep.put_in_step", "{actor} put a PEP in step with the child’s school and age")
verb("pep.no_longer_needed", "{actor} found that a PEP is no longer needed")

# Where a plan that the clock opened says it comes from.
BY_THE_CLOCK = "clock"
OF_THE_TERM = (Kind.INITIAL, Kind.TERMLY)
KEPT_IN_STEP = (*BEFORE_SUBMISSION, State.RETURNED, State.ON_HOLD)


@dataclass(frozen=True)
class Opened:
    """What one run did: plans opened, dates moved, plans that are no longer needed."""

    opened: int = 0
    moved: int = 0
    exempt: int = 0


def clock_of(authority: Authority, settings: PepSettings) -> Clock:
    """The clock of an authority: its calendar, its settings, its first day."""
    return Clock(Calendar.of(authority.pk), settings.for_the_clock(), live_from=authority.live_from)


def open_what_is_due(authority: Authority, *, today: date, only: Sequence[int] | None = None) -> Opened:
    """Open the plans of this day, and put those that are open in step with the record. `only`: keys of children."""
    settings = PepSettings.of(authority.pk)
    children = list(_concerned(authority, only))
    asked = children_of_the_clock(children, settings, on=today)
    rows = defaultdict(list)
    for pep in Pep.unscoped.filter(child__in=[child.pk for child in children]).order_by("pk"):
        rows[pep.child_id].append(pep)
    places = main_places(asked, today)
    told = clock_of(authority, settings)
    actor, done = Actor.system(authority.pk, today=today), Opened()
    for child in children:
        for plan in told.plans_of(asked[child.pk], today):
            form = told.form_of(asked[child.pk], plan, today)
            row, place = row_of(plan, rows[child.pk]), places.get(child.pk)
            school = place.school_id if place else None
            if row is not None:
                done = _in_step(row, plan, form, done, school=school, actor=actor)
            elif plan.opens_on <= today and not plan.is_finished and plan.exempt is None:
                new = _new(plan, form, child, school=school)
                with change("pep.opened", actor=actor, child=child) as this:
                    this.create(new)
                rows[child.pk].append(new)
                done = Opened(done.opened + 1, done.moved, done.exempt)
    return done


def _concerned(authority: Authority, only: Sequence[int] | None) -> Iterable[Child]:
    """The authority's own children who are in care, or have an open plan."""
    episodes = CareEpisode.unscoped.filter(child=OuterRef("pk"), end__isnull=True)
    unfinished = Pep.unscoped.filter(open_peps(), child=OuterRef("pk"))
    found = Child.unscoped.filter(
        Q(Exists(episodes)) | Q(Exists(unfinished)),
        authority=authority,
        held_as=Child.HeldAs.OWN,
        merged_into__isnull=True,
    )
    return found.order_by("pk") if only is None else found.filter(pk__in=only).order_by("pk")


def row_of(plan: Plan, rows: Iterable[Pep]) -> Pep | None:
    """The row made for this plan. A term has one first or termly plan; of the other kinds one is open at a time."""
    year, term = term_words(plan)
    for row in rows:
        if plan.kind in OF_THE_TERM:
            if row.kind in OF_THE_TERM and (row.academic_year, row.term) == (year, term) and not _of_before(row, plan):
                return row
        elif row.kind == plan.kind and (row.is_open or row.opens_on == plan.opens_on):
            return row
    return None


def _of_before(row: Pep, plan: Plan) -> bool:
    """Whether a row is of an earlier time in care, which ended before this plan opened."""
    left = row.state == State.EXEMPT and row.exempt_reason == Pep.Exempt.LEFT_CARE
    return left and row.closed_on is not None and row.closed_on <= plan.opens_on


def term_words(plan: Plan) -> tuple[str, str]:
    """The school year and term of a plan. Where the calendar lacks its year, the term by the month of the due date."""
    if plan.term is not None:
        return plan.term.year, plan.term.term
    return academic_year_of(plan.due), term_of(plan.due).value


def _new(plan: Plan, form: clock.Form, child: Child, *, school: int | None) -> Pep:
    year, term = term_words(plan)
    return Pep(
        authority_id=child.authority_id,
        child=child,
        kind=plan.kind.value,
        form=form.value,
        academic_year=year,
        term=term,
        opens_on=plan.opens_on,
        start_by=plan.start_by,
        due_on=plan.due,
        why=" ".join(plan.why),
        school_id=school,
        source=BY_THE_CLOCK,
    )


def _in_step(row: Pep, plan: Plan, form: clock.Form, done: Opened, *, school: int | None, actor: Actor) -> Opened:
    """Put an open row in step with what the clock says now, and with the child's school. What is handed in or closed
    stays as it is, and the school that a file named.
    """
    if row.state not in KEPT_IN_STEP:
        return done
    if plan.exempt is not None:
        with at_once("pep.no_longer_needed", row, actor=actor) as this:
            if row.state not in KEPT_IN_STEP:
                return done
            row.state, row.exempt_reason, row.closed_on = State.EXEMPT, plan.exempt.value, actor.today
            this.save(row, ["state", "exempt_reason", "closed_on"])
        return Opened(done.opened, done.moved, done.exempt + 1)
    moved = row.due_on != plan.due
    school = school if row.source == BY_THE_CLOCK and row.state in BEFORE_SUBMISSION else row.school_id
    if not moved and row.form == form.value and row.school_id == school:
        return done
    with at_once("pep.date_moved" if moved else "pep.put_in_step", row, actor=actor) as this:
        row.form, row.school_id = form.value, school
        if moved:
            row.due_on, row.why = plan.due, " ".join(plan.why)
        this.save(row, ["due_on", "why", "form", "school"])
    return Opened(done.opened, done.moved + moved, done.exempt)


def next_plan(authority: Authority, child: Child, *, today: date) -> Answer:
    """The earliest unfinished plan of one child today, also one that is not open yet. A few queries."""
    settings = PepSettings.of(authority.pk)
    return clock_of(authority, settings).ask(children_of_the_clock([child], settings, on=today)[child.pk], today)
