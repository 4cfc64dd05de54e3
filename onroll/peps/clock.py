"""The clock: which personal education plans a child has, of which kind, by when, and why.

One answer for any child and any day, from facts and settings alone: no database, no today. The order of the rules is
that of the decision table (domain `pep/clock.md`); what the law fixes is said where it stands (statutory guidance on
promoting the education of looked-after children; Care Planning Regulations 2010: a plan ready for the first review).

A term's plan is one: the first plan counts for the term of its due date. An event brings that term's plan forward, and
asks for one of its own only where the term's is done. A day in a holiday belongs to the term just ended.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from enum import StrEnum

from onroll.authorities.calendar import Calendar, count_between
from onroll.authorities.models import CalendarEntry
from onroll.codes.working_days import add_working_days, is_working_day
from onroll.codes.year_groups import is_of_compulsory_school_age, year_group_of
from onroll.codes.years import academic_year_of
from onroll.design.words import count_of, day


class Kind(StrEnum):
    """What a plan is for."""

    INITIAL = "initial"
    TERMLY = "termly"
    EVENT = "event"
    CLOSING = "closing"


class Form(StrEnum):
    EARLY_YEARS = "early_years"
    SCHOOL_AGE = "school_age"
    POST_16 = "post_16"
    NOT_ON_ROLL = "not_on_roll"


class State(StrEnum):
    """How a plan stands on a day, as far as the clock alone says."""

    NONE = "none"
    NOT_YET = "not_yet"
    OPEN = "open"
    OVERDUE = "overdue"
    EXEMPT = "exempt"
    ON_HOLD = "on_hold"
    CALENDAR_MISSING = "calendar_missing"


class Exempt(StrEnum):
    LEFT_CARE = "left_care"
    OVER_18 = "over_18"


class PepFrom(StrEnum):
    """From when on a young child has plans."""

    BIRTH = "birth"
    SECOND_BIRTHDAY = "second_birthday"
    THIRD_BIRTHDAY = "third_birthday"
    TERM_AFTER_THIRD_BIRTHDAY = "term_after_third_birthday"


class Happened(StrEnum):
    """What can bring a plan forward, or ask for one."""

    NEW_SCHOOL = "new_school"
    PLACEMENT_MOVE = "placement_move"
    PERMANENT_EXCLUSION = "permanent_exclusion"
    REPEAT_SUSPENSION = "repeat_suspension"
    PART_TIME_TIMETABLE = "part_time_timetable"
    ATTENDANCE_DROP = "attendance_drop"
    MISSING_RETURN = "missing_return"
    EHC_PLAN_FINAL = "ehc_plan_final"
    PERMANENCE_DECISION = "permanence_decision"
    CARE_END_PLANNED = "care_end_planned"

    @property
    def words(self) -> str:
        return _WORDS[self]


_WORDS = {
    Happened.NEW_SCHOOL: "a new school",
    Happened.PLACEMENT_MOVE: "a move of home",
    Happened.PERMANENT_EXCLUSION: "a permanent exclusion",
    Happened.REPEAT_SUSPENSION: "a second suspension, or more than five days, in the term",
    Happened.PART_TIME_TIMETABLE: "a part-time timetable",
    Happened.ATTENDANCE_DROP: "attendance that fell",
    Happened.MISSING_RETURN: "a return from being missing",
    Happened.EHC_PLAN_FINAL: "a final EHC plan",
    Happened.PERMANENCE_DECISION: "a decision on permanence",
    Happened.CARE_END_PLANNED: "a planned end of care",
}


@dataclass(frozen=True)
class Settings:
    """What an authority sets. Days are working days or school days as each says; None is off.

    `start_within` and `complete_within` are the law's: 10 and 20 working days from coming into care.
    """

    start_within: int = 10
    complete_within: int = 20
    count_school_days: bool = False
    pep_from: PepFrom = PepFrom.TERM_AFTER_THIRD_BIRTHDAY
    school_age_form_from_year: int = 1
    post16_form_from_year: int = 12
    new_school: int | None = 20
    placement_move: int | None = None
    permanent_exclusion: int | None = 10
    repeat_suspension: int | None = 10
    part_time_timetable: int | None = 10
    attendance_drop: int | None = 10
    missing_return: int | None = 10
    ehc_plan_final: int | None = None
    permanence_decision: int | None = None
    last_pep_min_school_days: int = 20
    closing_notice: int | None = 10
    short_return_days: int = 0
    minimum_notice: int = 20

    def days_after(self, happened: Happened) -> int | None:
        """How many days after it a plan is due. None: it changes no date."""
        return getattr(self, happened.value, None)


@dataclass(frozen=True, order=True)
class TermKey:
    """A term of a school year, by its first day so that terms are in order."""

    start: date
    year: str = field(compare=False)
    term: str = field(compare=False)

    @property
    def words(self) -> str:
        return f"{self.term} {self.year.replace('-', '/')}"


@dataclass(frozen=True, order=True)
class InCare:
    """One time in care, `[start, end)`, of statuses that count: all but agreed short breaks."""

    start: date
    end: date | None = None


@dataclass(frozen=True)
class Event:
    """Something that happened to the child on a day. `until`: the last day of care, of a planned end."""

    on: date
    kind: Happened
    until: date | None = None


@dataclass(frozen=True)
class Finished:
    """A plan that is done, or that the virtual school closed as missed: of which kind and term, and when."""

    kind: Kind
    year: str
    term: str
    on: date


@dataclass(frozen=True)
class Child:
    """What the clock asks about a child."""

    birth_date: date
    care: Sequence[InCare]
    events: Sequence[Event] = ()
    finished: Sequence[Finished] = ()
    on_roll: bool = True
    on_hold: bool = False


@dataclass(frozen=True)
class Plan:
    """A plan that is to be made: from when on it is open, by when it is due, and why, in sentences.

    `start_by` is set for the first plan after coming into care alone. An exempt plan keeps its date for the record.
    """

    kind: Kind
    term: TermKey | None
    opens_on: date
    due: date
    why: tuple[str, ...]
    start_by: date | None = None
    exempt: Exempt | None = None
    finished_on: date | None = None

    @property
    def is_finished(self) -> bool:
        return self.finished_on is not None


@dataclass(frozen=True)
class Answer:
    """The earliest unfinished plan of a child on a day."""

    state: State
    plan: Plan | None = None
    form: Form | None = None


class Clock:
    """The rules of one authority: its calendar and its settings. Days before `live_from` are left alone."""

    def __init__(self, calendar: Calendar, settings: Settings, *, live_from: date) -> None:
        self.calendar = calendar
        self.settings = settings
        self.live_from = live_from
        self.terms = sorted(TermKey(each.start, each.academic_year, each.term) for each in calendar.terms)
        self._ends = {TermKey(each.start, each.academic_year, each.term): each.end for each in calendar.terms}
        deadlines = (each for each in calendar.entries if each.kind == CalendarEntry.Kind.PEP_DEADLINE)
        ends = [self._ends[term] for term in self.terms]
        self._school_days = calendar.school_days(self.terms[0].start, max(ends)) if self.terms else []
        self._deadlines = {(each.academic_year, each.term): each.start for each in deadlines}

    # What is asked

    def ask(self, child: Child, on: date) -> Answer:
        """The earliest unfinished plan on this day, its state then, and the form it is written in."""
        unfinished = [plan for plan in self.plans_of(child, on) if not plan.is_finished]
        if not unfinished:
            return Answer(State.CALENDAR_MISSING if self._lacks_calendar(child, on) else State.NONE)
        # What is exempt asks for nothing, so anything else comes before it.
        plan = min(unfinished, key=lambda each: (each.exempt is not None, each.due, each.opens_on))
        return Answer(self._state(plan, child, on), plan, self.form_of(child, plan, on))

    def _state(self, plan: Plan, child: Child, on: date) -> State:
        if plan.exempt is not None:
            return State.EXEMPT
        if plan.opens_on > on:
            return State.NOT_YET
        if child.on_hold:
            return State.ON_HOLD
        return State.OVERDUE if plan.due < on else State.OPEN

    def _lacks_calendar(self, child: Child, on: date) -> bool:
        """Whether no plan can be dated because the terms of the day's school year are not loaded."""
        scope = self.scope_of(child, on)
        year = academic_year_of(on)
        return scope is not None and on in scope and not any(term.year == year for term in self.terms)

    def form_of(self, child: Child, plan: Plan, on: date) -> Form:
        """The form by the first day on which the plan is open and asked for."""
        asked = max(plan.opens_on, on)
        form = form_by_age(child.birth_date, self.settings, on=asked)
        at_school = form is not Form.POST_16 and is_of_compulsory_school_age(child.birth_date, on=asked)
        return Form.NOT_ON_ROLL if at_school and not child.on_roll else form

    def plans_of(self, child: Child, on: date) -> list[Plan]:
        """The plans of the child's present time in care, or of the last one, as they stand on a day, in their order:
        those due from `live_from` on, up to the first that is still to come.
        """
        scope = self.scope_of(child, on)
        if scope is None:
            return []
        child = replace(child, finished=[each for each in child.finished if each.on <= on])
        first = self._first(child, scope)
        plans = [*([first] if first is not None else []), *self._termly(child, scope, first)]
        plans = self._with_events(plans, child, scope, on)
        if closing := self._closing(child, scope, on):
            plans.append(closing)
        plans = [self._ended(plan, scope) for plan in plans]
        kept = [plan for plan in plans if plan.due >= self.live_from and not (scope.end and plan.opens_on >= scope.end)]
        return _up_to_the_next(sorted(kept, key=lambda plan: (plan.due, plan.opens_on)), on)

    def first_due(self, child: Child, on: date) -> date | None:
        """By when the first plan of the time in care that goes on this day was or is due. None: the child has no plans
        on this day, or is exempt. Where the terms of that time are not loaded, counted from the first day with plans.
        """
        scope = self.scope_of(child, on)
        if scope is None or on not in scope:
            return None
        first = self._first(child, scope)
        if first is None:
            return add_working_days(scope.start, self.settings.complete_within)
        return first.due if first.exempt is None else None

    # Scope

    def scope_of(self, child: Child, on: date) -> "Scope | None":
        """The days on which the child has plans, in the time in care that goes on or was the last by this day."""
        times = [each for each in self._times_in_care(child.care) if each.start <= on]
        if not times:
            return None
        time, age = times[-1], self.pep_age(child.birth_date)
        eighteen = birthday(child.birth_date, 18)
        ends = [each for each in (time.end, eighteen) if each is not None]
        end = min(ends)
        start = max(time.start, age)
        return Scope(time.start, start, end, eighteen) if start < end else None

    def _times_in_care(self, care: Iterable[InCare]) -> list[InCare]:
        """Times in care, with a return within the days that the authority bridges as one."""
        joined: list[InCare] = []
        for each in sorted(care, key=lambda time: time.start):
            last = joined[-1] if joined else None
            if last is not None and last.end is not None and (each.start - last.end).days <= self._bridged:
                joined[-1] = InCare(last.start, each.end)
            else:
                joined.append(each)
        return joined

    @property
    def _bridged(self) -> int:
        return self.settings.short_return_days

    def pep_age(self, birth_date: date) -> date:
        """The first day on which a child of this birth date has plans."""
        match self.settings.pep_from:
            case PepFrom.BIRTH:
                return birth_date
            case PepFrom.SECOND_BIRTHDAY:
                return birthday(birth_date, 2)
            case PepFrom.THIRD_BIRTHDAY:
                return birthday(birth_date, 3)
        third = birthday(birth_date, 3)
        days = [date(year, month, 1) for year in (third.year, third.year + 1) for month in (1, 4, 9)]
        return next(each for each in days if each > third)

    # The plans

    def _first(self, child: Child, scope: "Scope") -> Plan | None:
        """The first plan of a time in care: dated from coming into care, or from reaching the age for plans."""
        if scope.entry >= scope.start:
            start_by = self._after(scope.entry, self.settings.start_within)
            due = self._after(scope.entry, self.settings.complete_within)
            if start_by is None or due is None:
                return None
            days = "school" if self.settings.count_school_days else "working"
            why = (
                f"First plan: came into care on {day(scope.entry)}, and {self.settings.complete_within} {days} days"
                f" later is {day(due)}.",
            )
            plan = Plan(Kind.INITIAL, self.term_of(due), scope.entry, due, why, start_by=start_by)
            return self._finished(self._before_eighteen(plan, scope, at_least=0), child)
        return self._first_at_age(child, scope)

    def _first_at_age(self, child: Child, scope: "Scope") -> Plan | None:
        term = next((each for each in self.terms if self._ends[each] > scope.start), None)
        # A term of a later year is not the first one: those before it are not loaded.
        if term is None or academic_year_of(scope.start) > term.year or not self._is_next(term, scope.start):
            return None
        deadline = self.deadline_of(term)
        if deadline is None:
            return None
        due = max(deadline, add_working_days(scope.start, self.settings.minimum_notice))
        why = (f"First plan: has plans from {day(scope.start)} on; due by {day(due)}.",)
        plan = Plan(Kind.INITIAL, self.term_of(due) or term, max(scope.start, term.start), due, why)
        return self._finished(self._before_eighteen(plan, scope), child)

    def _is_next(self, term: TermKey, on: date) -> bool:
        """Whether no term that is not loaded lies between the day and this term."""
        return term.start <= on or (term.start - on).days <= LONGEST_HOLIDAY

    def _termly(self, child: Child, scope: "Scope", first: Plan | None) -> Iterable[Plan]:
        """A plan for each term after that of the first plan, open from its first day or when the one before is done.

        Where the first plan was due before the terms that are loaded, for each of these terms.
        """
        if first is None and self.terms and scope.start >= self.terms[0].start:
            return
        before = first
        after = scope.start if first is None else first.term.start if first.term else first.due
        for term in self.terms:
            if term.start <= after or term.start >= scope.end:
                continue
            deadline = self.deadline_of(term)
            if deadline is None:
                continue
            opens = max(term.start, before.finished_on if before and before.finished_on else term.start)
            why = (f"The plan of {term.words}: the deadline is {day(deadline)}.",)
            plan = self._before_eighteen(Plan(Kind.TERMLY, term, min(opens, deadline), deadline, why), scope)
            before = self._finished(plan, child)
            yield before

    def _before_eighteen(self, plan: Plan, scope: "Scope", *, at_least: int | None = None) -> Plan:
        """The same plan, due before the 18th birthday where that comes first; exempt where too little comes before."""
        if plan.due < scope.eighteen:
            return plan
        begins = plan.term.start if plan.term and at_least is None else plan.opens_on
        least = self.settings.last_pep_min_school_days if at_least is None else at_least
        days = self._school_days
        before = count_between(days, begins, scope.eighteen)
        last = days[bisect_left(days, scope.eighteen) - 1] if before and at_least is None else None
        last = last or _working_day_before(scope.eighteen)
        if before < least or last < plan.opens_on:
            return replace(plan, exempt=Exempt.OVER_18)
        words = f"The 18th birthday is on {day(scope.eighteen)}, so it is due on {day(last)}."
        return replace(plan, due=last, why=(*plan.why, words))

    def _finished(self, plan: Plan, child: Child) -> Plan:
        """The plan with the day on which it was done, if it was."""
        if plan.term is None:
            return plan
        of_term = (Kind.INITIAL, Kind.TERMLY)
        done = [
            each.on
            for each in child.finished
            if (each.year, each.term) == (plan.term.year, plan.term.term)
            and (each.kind in of_term if plan.kind in of_term else each.kind == plan.kind and each.on >= plan.opens_on)
        ]
        return replace(plan, finished_on=min(done)) if done else plan

    # Events

    def _with_events(self, plans: list[Plan], child: Child, scope: "Scope", on: date) -> list[Plan]:
        """The plans with what happened by this day: brought forward, and one more where the term's was done."""
        extra: list[Plan] = []
        for event in _in_order(child.events):
            if event.kind is Happened.CARE_END_PLANNED or event.on > on or event.on not in scope:
                continue
            due = self._due_after(event)
            if due is None or due not in scope or due < self.live_from:
                continue
            term = self.term_of(due)
            of_term = next((n for n, plan in enumerate(plans) if term is not None and plan.term == term), None)
            why = f"Brought forward to {day(due)} by {event.kind.words} on {day(event.on)}."
            if of_term is None or plans[of_term].exempt is not None:
                continue
            plan = plans[of_term]
            if plan.finished_on is None or plan.finished_on > event.on:
                if due < plan.due:
                    plans[of_term] = replace(plan, due=due, opens_on=min(plan.opens_on, due), why=(*plan.why, why))
            else:
                self._add_event(extra, event, due, term, child)
        return [*plans, *extra]

    def _add_event(self, extra: list[Plan], event: Event, due: date, term: TermKey | None, child: Child) -> None:
        """A plan of its own for an event; or its date and reason for the one that is open already."""
        why = f"{event.kind.words.capitalize()} on {day(event.on)}, after the term’s plan was done: due {day(due)}."
        open_one = next((n for n, plan in enumerate(extra) if plan.finished_on is None or plan.finished_on > event.on),
                        None)  # fmt: skip
        if open_one is not None:
            before = extra[open_one]
            extra[open_one] = replace(before, due=min(before.due, due), why=(*before.why, why))
        else:
            extra.append(self._finished(Plan(Kind.EVENT, term, event.on, due, (why,)), child))

    def _due_after(self, event: Event) -> date | None:
        """The day on which an event asks for a plan. None: it changes no date, or the calendar does not reach it."""
        days = self.settings.days_after(event.kind)
        if days is None:
            return None
        if event.kind is Happened.PLACEMENT_MOVE:
            return add_working_days(event.on, days)
        return self._school_days_after(event.on, days)

    def _closing(self, child: Child, scope: "Scope", on: date) -> Plan | None:
        """The plan before an end of care that was known long enough ahead."""
        notice = self.settings.closing_notice
        for event in _in_order(child.events):
            known = event.kind is Happened.CARE_END_PLANNED and event.on <= on and event.on in scope
            if notice is None or not known or event.until is None or not scope.start <= event.until <= scope.end:
                continue
            last = _working_day_before(event.until)
            if add_working_days(event.on, notice) <= event.until and last >= event.on:
                why = (f"Care is planned to end on {day(event.until)}: a closing plan by {day(last)}.",)
                return self._finished(Plan(Kind.CLOSING, self.term_of(last), event.on, last, why), child)
        return None

    def _ended(self, plan: Plan, scope: "Scope") -> Plan:
        """The plan, exempt where care ended before its due date. What was done stays done."""
        if plan.is_finished or plan.exempt is not None or scope.end is None or plan.due < scope.end:
            return plan
        return replace(plan, exempt=Exempt.OVER_18 if scope.end == scope.eighteen else Exempt.LEFT_CARE)

    # Days

    def term_of(self, on: date) -> TermKey | None:
        """The term of a day; a day in a holiday is of the term just ended. None: its school year is not loaded."""
        held = [term for term in self.terms if term.start <= on]
        if not held:
            return None
        last = held[-1]
        return last if last.year == academic_year_of(on) or on < self._ends[last] else None

    def deadline_of(self, term: TermKey) -> date | None:
        return self._deadlines.get((term.year, term.term))

    def _after(self, entry: date, days: int) -> date | None:
        """So many days after coming into care, by the unit that the authority counts in."""
        if self.settings.count_school_days:
            return self._school_days_after(entry, days)
        return add_working_days(entry, days)

    def _school_days_after(self, on: date, count: int) -> date | None:
        """The day that is so many school days after another. None: the calendar does not reach so far."""
        place = bisect_right(self._school_days, on) + count - 1
        return self._school_days[place] if place < len(self._school_days) else None


# The longest holiday between two terms; a longer time without one is a term that is not loaded.
LONGEST_HOLIDAY = 60


@dataclass(frozen=True)
class Scope:
    """The days `[start, end)` on which a child has plans: in care, of the age for plans, and not yet 18."""

    entry: date
    start: date
    end: date
    eighteen: date

    def __contains__(self, on: date) -> bool:
        return self.start <= on < self.end


def birthday(born: date, age: int) -> date:
    """The birthday at this age. Born on 29 February: 1 March in other years."""
    try:
        return born.replace(year=born.year + age)
    except ValueError:
        return date(born.year + age, 3, 1)


def _in_order(events: Iterable[Event]) -> list[Event]:
    """The events by their days, so that the order in which they were recorded changes nothing."""
    return sorted(events, key=lambda event: (event.on, event.kind, event.until or date.max))


def form_by_age(birth_date: date, settings: Settings, *, on: date) -> Form:
    """The form for a child of that age on a day, who is on a school's roll where there is one to be on."""
    year = year_group_of(birth_date, on=on).number
    if year >= settings.post16_form_from_year:
        return Form.POST_16
    return Form.EARLY_YEARS if year < settings.school_age_form_from_year else Form.SCHOOL_AGE


def _working_day_before(on: date) -> date:
    before = on - timedelta(days=1)
    while not is_working_day(before):
        before -= timedelta(days=1)
    return before


def _up_to_the_next(plans: list[Plan], on: date) -> list[Plan]:
    """The plans up to the first that is neither open nor finished on this day: what comes after it is not yet told."""
    found = []
    for plan in plans:
        found.append(plan)
        if plan.opens_on > on and not plan.is_finished:
            break
    return found


def lateness(due: date, done_on: date) -> int:
    """Working days after the due date up to the day the plan was done. 0: in time."""
    return sum(is_working_day(due + timedelta(days=n)) for n in range(1, (done_on - due).days + 1))


def lateness_words(days: int) -> str:
    return f"{count_of(days, 'working day')} late" if days else "in time"
