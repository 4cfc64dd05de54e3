"""Three years of personal education plans: how each went, its targets, answers, audits, money and signatures."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import cache
from typing import Any

from django.utils import timezone

from onroll.access.roles import Role
from onroll.attainment.models import Result
from onroll.children.models import Child, SchoolPlace
from onroll.codes.year_groups import year_group_of
from onroll.design.words import day
from onroll.history.changes import ThisChange
from onroll.peps import clock
from onroll.peps.audit.rubric_files import declared
from onroll.peps.audit.rubrics import criteria_of, grades_of, overall
from onroll.peps.clock import Clock
from onroll.peps.facts import children_of_the_clock
from onroll.peps.forms.declarations import form
from onroll.peps.forms.values import is_nothing
from onroll.peps.models import (
    Activity,
    Contribution,
    MeetingPerson,
    MoneyRequest,
    Pep,
    PepAction,
    PepAnswers,
    PepAudit,
    PepSection,
    PepSettings,
    PepTarget,
    PlanInReview,
    Signature,
    VoiceAnswer,
)
from onroll.peps.opening import clock_of, term_words
from onroll.peps.workflow import CLOSED, HANDED_IN, State
from onroll.peps.writing import FORM_YEAR, part_of

from . import pep_voices
from . import pep_words as said
from .chance import Chance
from .lives import Life
from .pep_days import Way, exempt_reason, ways_of
from .round_the_child import Allocated
from .staff import Person, Staff
from .writing import Writer

RUBRIC = "four_grade_2026"
# How far this term's plan of those has come whom the sign-ins meet first, once the term is well under way.
STAGES = {
    "Mia Dawson": State.HELD,
    "Ellie-Mae Croft": State.RETURNED,
    "Leila Haddad": State.SUBMITTED,
    "Daniel Osei": State.IN_PREPARATION,
    "Noah Birch": State.DUE,
    "Kofi Mensah-Reid": State.SIGNED_OFF,
    "Jayden Pryce": State.IN_AUDIT,
    "Samir Qureshi": State.BOOKED,
}
_WRITTEN = (State.IN_PREPARATION, State.HELD, State.RETURNED, *HANDED_IN, State.SIGNED_OFF)
# Who signed is told of the plans of the last year or so; each costs three rows.
_SIGNED_SINCE = timedelta(days=400)
FILED_WITHIN = timedelta(days=21)
# The rows of these are of other kinds, or nothing has to be said.
_WITHOUT_ANSWERS = ("review", "targets", "actions", "attendance")
# Nothing is asked in these for which the demonstration has no answer.
_FINISHED_EARLY = ("strengths", "carer", "ey_home", "right_place", "social_worker_view")
_OF_SOCIAL_WORKERS = ("meeting", "about", "care", "family", "health", "ey_health", "social_worker_view", "copies")
_WORKED_OUT = (
    "money_needed",
    "sign_lead",
    "sign_sw",
    "meeting_child_part",
    "care_messages",
    "asp_careers",
    "p16_since",
    "p16_guidance",
    "p16_activity",
)
# What rows lead to beside their plan.
_OF_OTHERS = {MoneyRequest: ("target",), VoiceAnswer: ("voice_pass",), Contribution: ("link",)}
_TALKED_ABOUT = (State.HELD, State.RETURNED, *HANDED_IN, State.SIGNED_OFF)


def write_peps(
    writer: Writer,
    this: ThisChange,
    children: Sequence[Child],
    lives: Sequence[Life],
    allocated: Sequence[list[Allocated]],
    staff: Staff,
    *,
    seed: int,
) -> None:
    """The plans of every child of the authority's own since it went live, up to today."""
    settings = PepSettings.of(writer.authority.pk)
    own = [
        (child, life, people)
        for child, life, people in zip(children, lives, allocated, strict=True)
        if child.held_as == Child.HeldAs.OWN and life.periods
    ]
    asked = children_of_the_clock([child for child, _, _ in own], settings, on=writer.today)
    told, teachers = clock_of(writer.authority, settings), _teachers(staff)
    plans = Plans(writer, told, seed)
    for child, life, people in own:
        plans.of(child, life, Round(people, teachers), asked[child.pk])
    plans.save(this)


def _teachers(staff: Staff) -> dict[int, Person]:
    """The designated teacher of each school, by its key."""
    found: dict[int, Person] = {}
    for person in staff.of(Role.DESIGNATED_TEACHER):
        if person.school and person.end is None:
            found.setdefault(person.school.pk, person)
    return found


@dataclass
class Round:
    """Who is round a child on a day."""

    people: list[Allocated]
    teachers: dict[int, Person]

    def of(self, role: str, on: date) -> Person | None:
        return next(
            (
                person
                for person, held, start, end in self.people
                if held == role and start <= on and (end is None or on < end)
            ),
            None,
        )

    def teacher(self, pep: Pep) -> Person | None:
        return self.teachers.get(pep.school_id or 0)


class Plans:
    """Puts the rows together child by child, and saves them model by model."""

    def __init__(self, writer: Writer, told: Clock, seed: int) -> None:
        self.writer, self.told, self.seed, self.today = writer, told, seed, writer.today
        self.peps: list[Pep] = []
        self.results: list[Result] = []
        self.activities: list[Activity] = []
        self.said_on: set[tuple[Any, date]] = set()
        self.rest: dict[Any, list[Any]] = {
            model: []
            for model in (
                PepAnswers,
                PepSection,
                PepTarget,
                Signature,
                PepAudit,
                MoneyRequest,
                MeetingPerson,
                PepAction,
                PlanInReview,
                *pep_voices.KINDS,
            )
        }
        self.voices = pep_voices.Voices(self)

    def save(self, this: ThisChange) -> None:
        self.writer.save(this, Pep, self.peps)
        self.writer.save(this, Result, self.results)
        self.writer.save(this, Activity, self.activities)
        for model, rows in self.rest.items():
            for row in rows:
                # The plan, and what else the row leads to, have their keys only now.
                row.pep = row.pep
                for other in _OF_OTHERS.get(model, ()):
                    setattr(row, other, getattr(row, other))
            self.writer.save(this, model, rows)

    def of(self, child: Child, life: Life, people: Round, asked: clock.Child) -> None:
        """The plans of one child."""
        chance = Chance(self.seed, f"peps/{life.number}")
        self.child, self.life, self.people, self.chance = child, life, people, chance
        self.meetings = Chance(self.seed, f"meetings/{life.number}")
        # What came later has chances of its own, so that the plans stay as they were.
        self.aside = Chance(self.seed, f"beside peps/{life.number}")
        stage = STAGES.get(f"{life.given_name} {life.family_name}")
        ways = ways_of(asked, self.told, chance, self.today, stage=stage)
        peps = [self._pep(way, asked) for way in ways]
        self.peps += peps
        open_or_done = [at for at, pep in enumerate(peps) if pep.state in _WRITTEN]
        first_aim = chance.randint(0, 5)
        if life.left_on is None:
            # Who met is told of the last plans, as what was written is.
            for pep in [each for each in peps if each.meeting_on][-2:]:
                self._people(pep)
        for place, at in enumerate(open_or_done):
            pep = peps[at]
            following = peps[open_or_done[place + 1]] if place + 1 < len(open_or_done) else None
            targets = self._targets(pep, following, place + first_aim)
            self._money(pep, targets)
            if life.left_on is None and place >= len(open_or_done) - 4:
                self._results(pep, place + first_aim)
                self._activity(pep)
            # What was written is told of those in care, in the last two plans.
            if life.left_on is None and place >= len(open_or_done) - 2:
                self._answers(pep, targets, following is None)
                self._agreed(pep, following is None)
            self._signatures(pep)
            self._audit(pep, targets)
        self._reviews(peps)
        talked_of = [pep for pep in peps if pep.state in (*_WRITTEN, State.BOOKED)]
        if life.left_on is None and talked_of:
            self.voices.of(talked_of[-1], is_met_first=stage is not None)

    # The plan

    def _pep(self, way: Way, asked: clock.Child) -> Pep:
        plan, chance = way.plan, self.chance
        year, term = term_words(plan)
        on = min(plan.due, self.today)
        place = self._place(on)
        is_open = way.state not in CLOSED
        was = clock.Child(asked.birth_date, asked.care, on_roll=asked.on_roll if is_open else place is not None)
        met, handed_in = way.state in _TALKED_ABOUT, way.submitted is not None
        pep = self.writer.about(
            Pep,
            self.child,
            "clock",
            kind=plan.kind.value,
            form=self.told.form_of(was, plan, self.today if is_open else plan.opens_on).value,
            academic_year=year,
            term=term,
            opens_on=plan.opens_on,
            start_by=plan.start_by,
            due_on=plan.due,
            why=" ".join(plan.why),
            state=way.state.value,
            started_on=way.began,
            meeting_on=way.meeting,
            held_on=way.held,
            submitted_on=way.submitted,
            returned_on=way.returned,
            signed_off_on=way.signed_off,
            closed_on=way.closed,
            exempt_reason=exempt_reason(way),
            school=place,
        )
        if way.state == State.MISSED:
            pep.closing_reason = chance.choice(said.MISSED)
        if way.returned:
            pep.return_reason = self._named(chance.choice(said.RETURNED))
        if way.meeting is not None:
            pep.meeting_time = self.meetings.choice((time(9, 30), time(13, 15), time(15, 30), time(15, 45)))
            pep.meeting_mode = self.meetings.one_of(said.MEETING_MODES)
        if met:
            pep.next_meeting_on = way.held + timedelta(days=112) if way.held else None
            pep.young_person_attended = chance.happens(0.68)
            pep.vs_attended = chance.happens(0.24)
            pep.outside_lessons = chance.happens(0.7)
            pep.voice_recorded = chance.happens(0.92)
            pep.school_right = chance.one_of(said.CHOICES["school_right"])
            pep.support_right = chance.one_of(said.CHOICES["support_right"])
        if handed_in or (met and chance.happens(0.5)):
            pep.social_worker_part_on = way.held
        if handed_in:
            pep.lead_part_on = way.submitted
            pep.carer_part_on = way.held if chance.happens(0.85) else None
        if way.signed_off:
            pep.sent_to_iro_on = way.signed_off
        return pep

    def _place(self, on: date) -> Any:
        """The main school of a day."""
        held = (
            place
            for place in self.life.places
            if place.kind == SchoolPlace.Kind.MAIN and place.start <= on and (place.end is None or on < place.end)
        )
        place = next(held, None)
        return place.setting.record if place and place.setting else None

    def _named(self, text: str, **words: object) -> str:
        return text.format(name=self.child.first_name, **words)

    # Its meeting

    def _people(self, pep: Pep) -> None:
        """Those round the child, asked three weeks before; of a meeting to come most have replied."""
        met = pep.meeting_on
        assert met is not None
        opens = pep.opens_on or met
        asked = min(max(met - timedelta(days=21), opens), self.today)
        people = [
            (MeetingPerson.Part.SOCIAL_WORKER, self.people.of(Role.SOCIAL_WORKER, asked)),
            (MeetingPerson.Part.LEAD, None if self._leads_itself(pep) else self.people.teacher(pep)),
            (MeetingPerson.Part.CARER, self.people.of(Role.CARER, asked)),
            (MeetingPerson.Part.VIRTUAL_SCHOOL, self.people.of(Role.VS_OFFICER, asked)),
        ]
        found = [(part, person) for part, person in people if person is not None]
        for part, person in [(MeetingPerson.Part.YOUNG_PERSON, None), *found]:
            row = self.writer.about(
                MeetingPerson,
                self.child,
                "person",
                pep=pep,
                part=part.value,
                account=person.account if person else None,
                invited_on=asked,
            )
            if person is not None and (pep.held_on or self.meetings.happens(0.6)):
                row.reply, row.replied_on = self.meetings.one_of({"coming": 85, "cannot": 15}), asked
            if pep.held_on is not None:
                row.attendance = self._came(part, row.reply, pep).value
            self.rest[MeetingPerson].append(row)

    def _came(self, part: str, reply: str, pep: Pep) -> MeetingPerson.Attendance:
        """What the plan's own columns say goes before the reply."""
        kinds, parts = MeetingPerson.Attendance, MeetingPerson.Part
        away = kinds.APOLOGIES if reply == "cannot" else kinds.ABSENT
        if part in (parts.YOUNG_PERSON, parts.VIRTUAL_SCHOOL):
            came = pep.young_person_attended if part == parts.YOUNG_PERSON else pep.vs_attended
            return kinds.CAME if came else away
        return away if reply == "cannot" else kinds.CAME

    def _agreed(self, pep: Pep, is_last: bool) -> None:
        """What was taken on at a meeting that was held: in the last plan some of it is open, before that it is done."""
        if pep.held_on is None:
            return
        owners = [self.people.of(Role.SOCIAL_WORKER, pep.held_on), self.people.teacher(pep)]
        for number, what in enumerate(self.meetings.some(said.ACTIONS, 2)):
            owner = owners[number]
            due = pep.held_on + timedelta(days=28)
            action = self.writer.about(
                PepAction,
                self.child,
                "person",
                pep=pep,
                what=self._named(what),
                owner=owner.account if owner else None,
                owner_words="" if owner else "The school",
                due_on=due,
            )
            if not is_last or (due < self.today and self.meetings.happens(0.8)):
                action.done_on = min(due, self.today)
            self.rest[PepAction].append(action)

    # Its targets

    def _phase(self, pep: Pep) -> str:
        if pep.form in (Pep.Form.EARLY_YEARS, Pep.Form.POST_16):
            return str(pep.form)
        year = year_group_of(self.child.birth_date, on=pep.opens_on or self.today).number
        return said.PRIMARY if year < 7 else said.SECONDARY

    def _targets(self, pep: Pep, following: Pep | None, turn: int) -> list[PepTarget]:
        """Two of a first plan, three of any other; looked back on at the meeting of the plan that follows."""
        aims = said.AIMS[self._phase(pep)]
        count = 2 if pep.kind == Pep.Kind.INITIAL else 3
        if pep.state == State.IN_PREPARATION:
            count -= 1
        made = []
        for place in range(count):
            aim = aims[(turn * 2 + place) % len(aims)]
            reached = self.chance.randint(0, 2)
            now = max(aim.start + reached * aim.step, 0)
            now = min(now, aim.most - 1)
            goal = max(min(now + aim.step, aim.most), 1)
            target = self.writer.about(
                PepTarget,
                self.child,
                "school",
                pep=pep,
                place=place + 1,
                area=aim.area,
                need=aim.need,
                intervention=aim.approach,
                text=self._named(aim.text, now=now, goal=goal),
                baseline=f"{now} {aim.unit}",
                success=self._named(aim.success),
                action=self._named(aim.action),
                when=aim.when,
                where=aim.where,
                how_often=aim.how_often,
                owner=aim.owner,
                due_on=self._end_of_term(pep),
                ambitious=self.chance.happens(0.3),
                from_voice=bool(aim.own_words),
                own_words=aim.own_words,
            )
            if following is not None and following.held_on is not None:
                self._look_back(target, aim.unit, now, goal, following.held_on)
            made.append(target)
        self.rest[PepTarget] += made
        return made

    def _end_of_term(self, pep: Pep) -> date:
        assert pep.due_on is not None
        return pep.due_on + timedelta(days=70)

    def _look_back(self, target: PepTarget, unit: str, now: int, goal: int, on: date) -> None:
        outcome = self.chance.one_of(
            {PepTarget.Outcome.MET: 48, PepTarget.Outcome.PARTLY: 36, PepTarget.Outcome.NOT_MET: 16}
        )
        halfway = now + (goal - now) // 2
        got = {PepTarget.Outcome.MET: goal, PepTarget.Outcome.PARTLY: halfway}.get(outcome, now)
        evidence, effects, changes = (self.chance.choice(texts) for texts in said.WENT[outcome])
        looked_at = on - timedelta(days=3)
        target.outcome, target.reviewed_on = outcome, on
        target.evidence = self._named(evidence, got=got, now=now, goal=goal, unit=unit, on=day(looked_at))
        target.effect = self._named(effects)
        if outcome == PepTarget.Outcome.MET:
            target.next = PepTarget.Next.FINISHED
        else:
            target.next = PepTarget.Next.CHANGED
            target.change_recorded, target.change_on = self._named(changes), on

    def _results(self, pep: Pep, turn: int) -> None:
        """What the school returned of the term: of plans being written not all yet."""
        if pep.form != Pep.Form.SCHOOL_AGE or (pep.state == State.IN_PREPARATION and self.aside.happens(0.5)):
            return
        for place, subject in enumerate(said.SUBJECTS):
            # A little better from term to term, from where the child began.
            level = (turn // 2 + place + self.aside.randint(0, 1)) % len(said.SCALE)
            self.results.append(
                self.writer.about(
                    Result,
                    self.child,
                    "school",
                    school=pep.school,
                    academic_year=pep.academic_year,
                    term=pep.term,
                    stage=Result.Stage.TERMLY,
                    subject=subject,
                    measure=Result.Measure.TEACHER_ASSESSMENT,
                    value=said.SCALE[level],
                    told_by="Termly return",
                    status=Result.Status.FINAL,
                    on_track=Result.OnTrack.YES if level > 1 else Result.OnTrack.NO,
                    goal=said.SCALE[min(level + 1, len(said.SCALE) - 1)],
                )
            )

    def _activity(self, pep: Pep) -> None:
        """What a young person of 16 and over does, as it was said when the plan was written."""
        on = self._writer_of("p16_route", pep)[1]
        if pep.form != Pep.Form.POST_16 or pep.school is None or (self.child.public_id, on) in self.said_on:
            return
        self.said_on.add((self.child.public_id, on))
        since = date.fromisoformat(self._worked_out("p16_since", pep))
        code = self._worked_out("p16_activity", pep)
        self.activities.append(
            self.writer.about(
                Activity, self.child, "person", on=on, activity=code, since=since, provider=pep.school.name
            )
        )

    def _money(self, pep: Pep, targets: list[PepTarget]) -> None:
        """About one plan in six of school age asks for money, for a target that costs something."""
        cost = [target for target in targets if said.CATEGORIES.get(target.intervention) in said.BUYS]
        on = pep.held_on
        if not cost or on is None or pep.form == Pep.Form.POST_16 or not self.chance.happens(0.17):
            return
        target = self.chance.choice(cost)
        category = said.CATEGORIES[target.intervention]
        self.rest[MoneyRequest].append(
            self.writer.about(
                MoneyRequest,
                self.child,
                "school",
                pep=pep,
                target=target,
                category=category,
                requested_on=on,
                amount=Decimal(self.chance.choice((90, 140, 225, 300, 360, 420, 480, 600))),
                buys=said.BUYS[category],
                effect=target.success,
            )
        )

    # What was answered

    def _answers(self, pep: Pep, targets: list[PepTarget], is_last: bool) -> None:
        """The main sections, so far as each person has written theirs; of the last plan, which of them are finished."""
        for key, questions in _questions(pep.form, pep.kind == Pep.Kind.INITIAL):
            if not _is_written(key, pep):
                continue
            by, on = self._writer_of(key, pep)
            parts: dict[str, dict[str, Any]] = {}
            for question, part in questions:
                answer = self._answer(question, pep, targets)
                if not is_nothing(answer):
                    parts.setdefault(part, {})[question] = answer
            at = timezone.make_aware(datetime.combine(on, time(10, 40)))
            for part, answers in parts.items():
                row = self.writer.about(
                    PepAnswers,
                    self.child,
                    "person",
                    pep=pep,
                    section_key=key,
                    part=part,
                    version=1,
                    saved_by=by.account if by else None,
                    saved_at=at,
                )
                row.authority = self.writer.authority
                row.answers = answers
                self.rest[PepAnswers].append(row)
            if is_last and parts and (pep.submitted_on is not None or key in _FINISHED_EARLY):
                self._finished(pep, key, on, by)
        if is_last and pep.submitted_on is not None:
            lead, on = self._writer_of("targets", pep)
            for key in _WITHOUT_ANSWERS:
                self._finished(pep, key, on, lead)

    def _finished(self, pep: Pep, key: str, on: date, by: Person | None) -> None:
        account = by.account if by else None
        row = self.writer.about(
            PepSection, self.child, "person", pep=pep, section_key=key, finished_on=on, finished_by=account
        )
        self.rest[PepSection].append(row)

    def _answer(self, question: str, pep: Pep, targets: list[PepTarget]) -> Any:
        chance = self.chance
        if question in ("school_right", "support_right"):
            return getattr(pep, question)
        if question.endswith("_right_why") and getattr(pep, question.removesuffix("_why"), "Yes") in ("Yes", ""):
            return ""
        if question == "needs_list":
            needs = dict.fromkeys(target.need for target in targets)
            return [{"need": need, "looks_like": said.NEEDS_LOOK.get(need, said.OTHER_LOOK)} for need in needs]
        if question in ("sen_support", "sen_ehc_fit") and not self._is_asked_of_needs(question):
            return ""
        if question == "money_needed":
            wanted = [target.text for target in self._paid_for(pep)]
            return wanted or ["No target needs money"]
        if question in said.TABLES:
            return [dict(row) for row in said.TABLES[question]]
        if question in _WORKED_OUT:
            return self._worked_out(question, pep)
        if question in said.CHOICES:
            return chance.one_of(said.CHOICES[question])
        if question in said.TICKED:
            return list(chance.choice(said.TICKED[question]))
        return self._named(chance.choice(said.ANSWERS[question]))

    def _is_asked_of_needs(self, question: str) -> bool:
        provision = self.life.sen[-1][1] if self.life.sen else "N"
        return provision == "E" or (provision == "K" and question == "sen_support")

    def _paid_for(self, pep: Pep) -> list[PepTarget]:
        """The targets of a plan for which money was asked. A child's requests are the last that were made."""
        return [request.target for request in self.rest[MoneyRequest][-3:] if request.pep is pep]

    def _worked_out(self, question: str, pep: Pep) -> Any:
        """Answers that follow from the plan and the people round the child."""
        on = pep.held_on or pep.started_on or self.today
        if question in ("sign_lead", "sign_sw"):
            return "Yes" if pep.state in (*HANDED_IN, State.SIGNED_OFF) else ""
        if question == "meeting_child_part":
            return "Comes for all of it" if pep.young_person_attended else "Sends views and does not come"
        if question == "p16_since":
            return date(on.year - (on.month < 9), 9, 1).isoformat()
        if question in ("asp_careers", "p16_guidance"):
            return [{"on": on.isoformat(), "with": "The careers adviser", "result": "Two visits arranged"}]
        if question == "p16_activity":
            return "230"
        # Who the carers are stands where those look who may know it.
        return [{"order": "1", "person": "The carer", "messages": "Yes", "emergency": "Yes"}]

    def _writer_of(self, section: str, pep: Pep) -> tuple[Person | None, date]:
        """Who wrote a section and when: before the meeting, the lead's on the day on which the plan was handed in."""
        on = pep.held_on or pep.started_on or self.today
        if section in _OF_SOCIAL_WORKERS:
            return self.people.of(Role.SOCIAL_WORKER, on), on
        if section in ("carer", "ey_home"):
            return self.people.of(Role.CARER, on), on
        if self._leads_itself(pep):
            return self.people.of(Role.VS_OFFICER, on), on
        return self.people.teacher(pep), pep.submitted_on or on

    def _leads_itself(self, pep: Pep) -> bool:
        return pep.form == Pep.Form.NOT_ON_ROLL

    # Who agreed, and what the audit said

    def _signatures(self, pep: Pep) -> None:
        handed_in, signed_off = pep.submitted_on, pep.signed_off_on
        if handed_in is None or handed_in < self.today - _SIGNED_SINCE or pep.state == State.RETURNED:
            return
        adviser = self.people.of(Role.VS_OFFICER, handed_in)
        lead = adviser if self._leads_itself(pep) else self.people.teacher(pep)
        self._sign(pep, Signature.As.LEAD, lead, handed_in)
        agreed = handed_in + timedelta(days=self.chance.randint(0, 4))
        if signed_off or (agreed <= self.today and self.chance.happens(0.6)):
            self._sign(pep, Signature.As.SOCIAL_WORKER, self.people.of(Role.SOCIAL_WORKER, handed_in), agreed)
        if signed_off:
            self._sign(pep, Signature.As.VIRTUAL_SCHOOL, adviser, signed_off)

    def _reviews(self, peps: list[Pep]) -> None:
        """Of most care reviews somebody said whether the plan was looked at."""
        for on, _, held in self.life.reviews:
            # A plan stays current for about a term; the answer comes some days after the review.
            since = on - timedelta(days=150)
            done = [pep for pep in peps if pep.signed_off_on and since < pep.signed_off_on < on]
            plan = done[-1] if done else None
            if not held or plan is None or on > self.today - timedelta(days=7) or not self.aside.happens(0.9):
                continue
            officer = self.people.of(Role.IRO, on)
            self.rest[PlanInReview].append(
                self.writer.about(
                    PlanInReview,
                    self.child,
                    "person",
                    pep=plan,
                    on=on,
                    used=self.aside.happens(0.86),
                    said_on=on + timedelta(days=2),
                    said_by=officer.account if officer else None,
                    by_name=officer.name if officer else "Duty worker",
                )
            )

    def _sign(self, pep: Pep, signed_as: str, by: Person | None, on: date) -> None:
        self.rest[Signature].append(
            self.writer.about(
                Signature,
                self.child,
                "person",
                pep=pep,
                signed_as=signed_as,
                on=on,
                by=by.account if by else None,
                by_name=by.name if by else "Duty worker",
            )
        )

    def _audit(self, pep: Pep, targets: Sequence[PepTarget]) -> None:
        """Every third plan that was signed off, and those that are being read now. They get better over the years."""
        drawn = pep.state == State.IN_AUDIT
        if not drawn and (pep.state != State.SIGNED_OFF or not self.chance.happens(1 / 3)):
            return
        handed_in = pep.submitted_on
        assert handed_in is not None
        adviser = self.people.of(Role.VS_OFFICER, handed_in)
        audit = self.writer.about(
            PepAudit,
            self.child,
            "person",
            pep=pep,
            drawn_on=handed_in,
            why_drawn="Drawn by lot: one plan in three of the term is read.",
            rubric=RUBRIC,
            auditor=adviser.account if adviser else None,
            auditor_name=adviser.name if adviser else "",
        )
        self.rest[PepAudit].append(audit)
        if drawn or pep.signed_off_on is None:
            return
        months = max((self.today - handed_in).days, 0) / 30
        passes = max(0.72 - months * 0.011, 0.33)
        wanted = self.chance.one_of(
            {
                "outstanding": passes * 0.14,
                "good": passes * 0.86,
                "requires_improvement": (1 - passes) * 0.93,
                "inadequate": (1 - passes) * 0.07,
            }
        )
        ticks, grades, grade = _graded(str(pep.form), wanted, self.chance.randint(0, 3))
        on = pep.signed_off_on
        audit.audited_on = audit.iro_sent_on = audit.dt_sent_on = audit.sw_sent_on = on
        audit.ticks, audit.grades, audit.grade = list(ticks), dict(grades), grade
        audit.strong, audit.to_do = self.chance.choice(said.STRONG[grade]), self.chance.choice(said.NEXT[grade])
        # The latest still wait to be filed.
        audit.filed_on_case_record = on <= self.today - FILED_WITHIN or None
        self._grade_targets(audit, targets)
        audit.pp_use_appropriate = PepAudit.Money.NOT_ASKED
        if self._paid_for(pep):
            audit.pp_use_appropriate = self.chance.choice((PepAudit.Money.YES, PepAudit.Money.PARTLY))
        pep.grade = grade

    def _grade_targets(self, audit: PepAudit, targets: Sequence[PepTarget]) -> None:
        """A grade for each target, mostly that of the plan."""
        chance = Chance(self.seed, f"grades/{self.life.number}/{audit.pep.academic_year}/{audit.pep.term}")
        other = "good" if audit.grade == "requires_improvement" else "requires_improvement"
        for target in targets:
            target.audit_grade = chance.one_of({audit.grade: 7, other: 3})
            audit.target_grades[target.key] = {"grade": target.audit_grade, "note": ""}


def _is_written(section: str, pep: Pep) -> bool:
    """Whether a section has answers by now: before the meeting some of the school's, after it nearly all."""
    if section in ("p16_route", "p16_college") and pep.school_id is None:
        return False
    if pep.submitted_on is not None:
        return True
    if section in ("copies", "sign_off", "money"):
        return False
    if section in ("strengths", "health", "ey_development", "ey_setting", "p16_route", "nor_now"):
        return True
    if pep.state == State.IN_PREPARATION:
        return False
    if section in _OF_SOCIAL_WORKERS:
        return section == "meeting" or pep.social_worker_part_on is not None
    return section in ("voice", "carer", "ey_home", "right_place", "carried", "school")


@cache
def _questions(kind: str, initial: bool) -> tuple[tuple[str, tuple[tuple[str, str], ...]], ...]:
    """The sections of a form, each with the questions that the demonstration answers and the part that reads each."""
    known = {*said.ANSWERS, *said.CHOICES, *said.TICKED, *said.TABLES, *_WORKED_OUT, "needs_list"}
    found = []
    for section in form(kind, initial=initial, year=FORM_YEAR).sections:
        asked = tuple((each.key, part_of(each)) for each in section.questions if each.key in known)
        if asked:
            found.append((section.key, asked))
    return tuple(found)


@cache
def _graded(phase: str, wanted: str, turn: int) -> tuple[tuple[str, ...], tuple[tuple[str, str], ...], str]:
    """Ticks of an audit that comes to about this grade, with the grades that follow from them by the rubric.

    `turn`: which of the criteria lie a grade lower.
    """
    rubric = declared().rubrics[RUBRIC]
    criteria = criteria_of(rubric, clock.Form(phase), {})
    made: dict[str, None] = {}
    for at, criterion in enumerate(criteria):
        most = rubric.grade(wanted).order - (at % 5 == turn and not criterion.critical)
        for level in criterion.levels:
            if level.grade.order <= most:
                made.update(dict.fromkeys(tick.key for tick in level.ticks))
    grades = grades_of(criteria, made)
    grade = overall(rubric, grades, criteria)
    assert grade is not None
    return tuple(made), tuple((key, each.key) for key, each in grades.items()), grade.national.value
