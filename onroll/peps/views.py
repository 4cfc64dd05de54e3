"""Pages that show plans: those of a term, and one plan as a whole."""

from typing import Any
from urllib.parse import urlencode

from django.http import Http404
from django.urls import reverse

from onroll.access.actors import Actor
from onroll.access.can import Can, can
from onroll.access.pages import Page
from onroll.access.roles import Role
from onroll.access.sections import Section, may_read
from onroll.authorities.calendar import Calendar
from onroll.authorities.models import CalendarEntry
from onroll.children.pages import ChildPage, header_of
from onroll.codes.year_groups import year_group_of
from onroll.design.tables import Cell, Column, GroupRow, Table
from onroll.design.templatetags.design import meter
from onroll.design.values import Chip, Pages
from onroll.design.words import count_of, day, day_short, weekday
from onroll.documents.past_peps import may_add_past_peps
from onroll.history.viewing import listed

from .actions import offered, why_not_meet_on, why_not_sign
from .care_reviews import reviews_of_plan, why_not_say
from .comparing import earlier
from .forms.declarations import named
from .forms.reading import Origin
from .known import why_for
from .meeting.action_views import actions_table
from .meeting.acts import why_not_answer
from .meeting.agreed import actions_round
from .meeting.people import Names, people_of
from .meeting.views import meeting_words, people_table
from .meeting_models import MeetingPerson
from .models import Pep, PepSettings, Signature
from .queries import (
    counts_by_state,
    days_late,
    narrowed,
    peps_of,
    plans_of_a_term,
    signed_by,
    terms_with_plans,
    this_term,
)
from .tracker_filters import Narrowing, TrackerForm
from .turns import Turn, Who, lead_of, turns_of
from .voice.reading import heard_without_words, said_to
from .workflow import BEFORE_SUBMISSION, SIGNS, WAY, WRITTEN_IN, Act, State
from .writing import SectionState, Writing, who_of

PAGE_SIZE = 50
# How much of what the young person said stands on the page of the plan.
FIRST_WORDS = 4
COLOURS = {
    State.DUE: "grey",
    State.BOOKED: "blue",
    State.IN_PREPARATION: "blue",
    State.HELD: "blue",
    State.SUBMITTED: "purple",
    State.IN_AUDIT: "purple",
    State.RETURNED: "orange",
    State.SIGNED_OFF: "green",
    State.EXEMPT: "grey",
    State.ON_HOLD: "yellow",
    State.MISSED: "red",
}
HEADINGS = (
    ("", "All"),
    ("late", "Late"),
    ("not_started", "Not started"),
    ("under_way", "Under way"),
    ("waiting", "Handed in"),
    ("returned", "Returned"),
    ("signed_off", "Signed off"),
)


def state_cell(pep: Pep) -> Cell:
    """The state as a tag."""
    return Cell(pep.get_state_display(), tag=COLOURS[State(pep.state)])


class TrackerPage(Page):
    """The plans of a term: how many in which state, and each with its child, the late ones first."""

    requires = Can.SEE_PEPS
    template_name = "peps/tracker.html"

    def context(self) -> dict[str, Any]:
        actor, today = self.actor, self.actor.today
        terms = terms_with_plans(actor)
        now = this_term(actor.authority, today)
        asked = self.request.GET.get("term", "")
        year, term = next((pair for pair in terms if "_".join(pair) == asked), now)
        state = self.request.GET.get("state", "")
        state = state if state in dict(HEADINGS) else ""
        settings = PepSettings.of(actor.authority)
        of_the_term = list(plans_of_a_term(actor, year, term))
        narrowing = Narrowing.from_address(self.request.GET)
        peps = narrowing.of(of_the_term, actor, settings)
        counts = counts_by_state(peps, settings, today)
        found = narrowed(peps, state=state, today=today)
        term_alone = {"term": f"{year}_{term}"}
        keep = {**term_alone, **narrowing.held}
        chips = [
            Chip(words, self._address(keep, state=key), counts.get(key or "all", 0), key == state)
            for key, words in HEADINGS
        ]
        asked_page = self.request.GET.get("page", "")
        page = int(asked_page) if asked_page.isascii() and asked_page.isdecimal() and len(asked_page) < 6 else 1
        last = max(-(-len(found) // PAGE_SIZE), 1)
        kept = {**keep, **({"state": state} if state else {})}
        pages = Pages(max(1, min(page, last)), PAGE_SIZE, len(found), keep=kept, what="plans")
        shown = found[(pages.page - 1) * PAGE_SIZE : pages.page * PAGE_SIZE]
        listed(actor, [pep.child_id for pep in shown], "peps:tracker", section=Section.PEP)
        words = f"{CalendarEntry.Term(term).label} term {year.replace('-', '/')}"
        return {
            "term_words": words,
            "terms": [
                (
                    f"{CalendarEntry.Term(t).label} {y.replace('-', '/')}",
                    self._address({**narrowing.held, "term": f"{y}_{t}"}),
                    (y, t) == (year, term),
                )
                for y, t in terms[:9]
            ],
            "chips": chips,
            "table": self._table(words, shown, settings) if shown else None,
            "pages": pages,
            "any": bool(of_the_term),
            "filters": TrackerForm(
                of_the_term,
                narrowing,
                reads_school=may_read(actor, Section.SCHOOL),
                own=actor.role in (Role.VS_OFFICER, Role.SOCIAL_WORKER),
            ),
            "kept": {**term_alone, **({"state": state} if state else {})},
            "clear": self._address(term_alone, state=state) if narrowing.held else "",
            "done": bool(peps) and counts["signed_off"] == counts["all"],
            "summary": self._summary(counts),
            "may_set": can(actor, Can.CHANGE_SETTINGS),
            "may_add_past_peps": may_add_past_peps(actor),
            "may_audit": can(actor, Can.SEE_AUDITS),
            "may_see_activities": can(actor, Can.SEE_ACTIVITIES),
            "may_complete": can(actor, Can.SEE_FIGURES),
        }

    def _address(self, keep: dict[str, str], **more: str) -> str:
        return f"{reverse('peps:tracker')}?{urlencode({**keep, **{k: v for k, v in more.items() if v}})}"

    @staticmethod
    def _summary(counts: dict[str, int]) -> str:
        return (
            f"{counts['signed_off']:,} of {count_of(counts['all'], 'plan')} signed off, "
            f"{counts['waiting']:,} handed in, {counts['late']:,} late"
        )

    def _table(self, caption: str, peps: list[Any], settings: PepSettings) -> Table:
        reads_school, graded = may_read(self.actor, Section.SCHOOL), any(pep.grade for pep in peps)
        columns = [
            Column("Child", stacked_label=False),
            *([Column("School")] if reads_school else []),
            Column("Social worker"),
            Column("Adviser"),
            Column("State"),
            Column("Meeting"),
            Column("Due"),
            *([Column("Grade")] if graded else []),
        ]
        rows = [self._row(pep, reads_school, settings, graded=graded) for pep in peps]
        return Table(caption, columns, rows)

    def _row(self, pep: Any, reads_school: bool, settings: PepSettings, *, graded: bool) -> list[Any]:
        late = days_late(pep, settings, self.actor.today)
        year = year_group_of(pep.child.birth_date, on=self.actor.today).label
        kind = "" if pep.kind == Pep.Kind.TERMLY else f" · {pep.get_kind_display().lower()}"
        return [
            Cell(
                pep.child.name,
                href=reverse("peps:pep", args=[pep.child.public_id, pep.public_id]),
                sub=f"{year}{kind}",
            ),
            *([pep.school_name or "–"] if reads_school else []),
            pep.worker or "–",
            pep.officer or "–",
            state_cell(pep),
            day_short(pep.meeting_on) if pep.meeting_on else "–",
            Cell(day_short(pep.due_on), sub=f"{count_of(late, 'working day')} late" if late else ""),
            *([pep.get_grade_display() or "–"] if graded else []),
        ]


class PepPage(ChildPage):
    """One plan: how far it has come, whose turn it is, its sections, its meeting and its targets.

    Who has only the summary of plans sees the state, and nothing that was written.
    """

    requires = Can.SEE_CHILD
    section = Section.PEP
    summary_will_do = True
    template_name = "peps/pep.html"

    pep: Pep

    def open(self, *args: Any, **kwargs: Any) -> None:
        super().open(*args, **kwargs)
        found = peps_of(self.child, self.actor).filter(public_id=kwargs["pep"]).first()
        if found is None:
            raise Http404
        found.child = self.child
        self.pep = found

    @property
    def reads(self) -> bool:
        """Whether the reader sees more than the state."""
        return may_read(self.actor, Section.PEP)

    def context(self) -> dict[str, Any]:
        settings = PepSettings.of(self.actor.authority)
        signed = signed_by([self.pep])[self.pep.pk]
        writing = Writing(self.pep, self.actor)
        states = writing.states() if self.reads else []
        own = next((each for each in states if each.writes and each.is_own and not each.finished), None)
        if (
            self.pep.state == State.RETURNED
            and who_of(self.actor) is Who.VIRTUAL_SCHOOL
            and lead_of(self.pep) is Who.LEAD
        ):
            own = None
        turns = turns_of(self.pep, signed, settings, Calendar.of(self.actor.authority), today=self.actor.today)
        # The reader's own turn comes first, where they have one.
        turn = next((each for each in turns if each.who is who_of(self.actor)), turns[0] if turns else None)
        acts, own_turn = self._acts(), turn is not None and turn.who is who_of(self.actor)
        # Sending comes after writing: while a section of the reader's own is open, that is the next step.
        to_write = own is not None and turn is not None and turn.key == "submit"
        step = self.url(STEPS[turn.key]) if turn and own_turn and turn.key in STEPS and not to_write else ""
        return {
            **super().context(),
            "header": header_of(self.child, self.actor, "peps"),
            "pep": self.pep,
            "sub": self._sub(),
            "steps": steps_of(self.pep) if self.reads else without_days(steps_of(self.pep)),
            "aside": self.pep.get_state_display() if self.pep.state not in (*WAY, State.RETURNED) else "",
            "late": days_late(self.pep, settings, self.actor.today) if self.pep.is_late(self.actor.today) else 0,
            "turn": turn_words(turn, self.actor) if self.reads else None,
            "why": why_for(self.pep, self.actor) if self.reads else "",
            "others": self._others(turns, turn) if self.reads else [],
            "reads": self.reads,
            "next": next((act for act in acts if step and act[1] == step), None),
            "acts": [act for act in acts if not step or act[1] != step],
            "signatures": self._signatures() if self.reads else [],
            "sections": self._sections(states) if self.reads else None,
            "next_section": self.url("peps:section", own.section.key) if own else "",
            "reviews": self._reviews() if self.reads and may_read(self.actor, Section.OTHER_STATUS) else [],
            "compare": self.url("peps:compare") if self.reads and earlier(self.pep, self.actor) else "",
            **(self._meeting() if self.reads else {}),
            "voice_url": self.url("peps:voice") if can(self.actor, Can.SEE_VIEWS) else "",
            **(self._voice(writing) if self.reads else {}),
        }

    def shown(self) -> str:
        """The young person's views too, where this reader sees some of them here."""
        pep = peps_of(self.child, self.actor).filter(public_id=self.kwargs["pep"]).first()
        if pep is None or not self.reads:
            return self.section.value
        pep.child = self.child
        return f"{self.section.value},{Section.VIEWS.value}" if said_to(pep, self.actor) else self.section.value

    def _voice(self, writing: Writing) -> dict[str, Any]:
        """What the young person said, as far as they let this reader see it, and what became of it in the plan."""
        said = writing.known.said
        effect = writing.standing.get("voice_effect")
        return {
            "said": said[:FIRST_WORDS],
            "more_said": len(said) - FIRST_WORDS,
            "heard": heard_without_words(self.pep, self.child.first_name),
            "came_of_it": [
                *([str(effect.value)] if effect and effect.origin is Origin.GIVEN and effect.value else []),
                *(f"A target: {each.text}" for each in writing.known.targets if each.from_voice),
            ],
        }

    def _meeting(self) -> dict[str, Any]:
        """When the meeting is, who comes, and what was agreed that is still open."""
        people, names = people_of(self.pep), Names(self.child, self.actor)
        actions = [each for each in actions_round(self.pep) if each.is_open or each.pep_id == self.pep.pk]
        return {
            "meeting_url": self.url("peps:meeting"),
            "meeting_words": meeting_words(self.pep, people),
            "people": people_table(people, names, self.pep) if people else None,
            "reply_url": self.url("peps:reply") if self._is_asked(people) else "",
            "actions_url": self.url("peps:actions"),
            "actions": actions_table(actions, self.pep, names, self) if actions else None,
        }

    def _is_asked(self, people: list[MeetingPerson]) -> bool:
        own = next((each for each in people if each.account_id and each.account_id == self.actor.holder), None)
        return own is not None and not why_not_answer(self.pep, own, actor=self.actor)

    @staticmethod
    def _others(turns: list[Turn], first: Turn | None) -> list[str]:
        return [f"{each.words}: {each.who.words.lower()}{_by(each)}" for each in turns if each != first]

    def _sections(self, states: list[SectionState]) -> Table:
        """The sections of the plan that this reader sees something of: whose each is, and how far."""
        columns = [Column("Section", stacked_label=False), Column("Whose"), Column("Answers"), Column("State")]
        own = [self._section_row(each) for each in states if each.is_own and each.writes]
        others = [self._section_row(each) for each in states if not (each.is_own and each.writes)]
        rows: list[Any] = [GroupRow("Yours"), *own] if own else []
        rows += [GroupRow("Others’"), *others] if own and others else others
        return Table(f"Sections of {self.pep.title}", columns, rows)

    def _section_row(self, each: SectionState) -> list[Any]:
        lists = {"targets": "peps:targets", "review": "peps:targets"}
        key = each.section.key
        address = self.url(lists[key]) if key in lists else self.url("peps:section", key)
        required = each.meter.required
        colour = "green" if each.finished else "blue" if each.begun else "grey"
        changed = f"{each.changed} changed since the last plan" if each.changed else ""
        return [
            Cell(named(each.section.title, self.child.first_name), href=address, sub=changed),
            each.owner,
            meter(each.meter.answered, required) if required else "–",
            Cell(each.words, tag=colour),
        ]

    def _sub(self) -> str:
        parts = [f"{self.pep.get_kind_display()} plan", self.pep.get_form_display().lower()]
        if self.pep.due_on:
            parts.append(f"due {weekday(self.pep.due_on)}")
        return " · ".join(parts)

    def _acts(self) -> list[tuple[str, str]]:
        """What this person can do with the plan as a whole: words and addresses, the next step first."""
        if not self.reads or not can(self.actor, Can.WRITE_PEPS):
            return []
        pep, actor = self.pep, self.actor
        found: list[tuple[str, str]] = []
        if pep.state in BEFORE_SUBMISSION and not why_not_meet_on(pep, actor.today, actor=actor):
            found.append(("Move the meeting" if pep.meeting_on else "Book the meeting", self.url("peps:book")))
        signs = Signature.As.SOCIAL_WORKER if actor.role in SIGNS["social_worker"] else Signature.As.LEAD
        if not why_not_sign(pep, signs, actor=actor):
            found.append(("Agree to the plan", self.url("peps:sign")))
        acts = offered(pep, actor)
        if Signature.unscoped.filter(pep=pep, signed_as=Signature.As.LEAD).exists():
            # The school handed its part in; the plan waits for social care.
            acts = [act for act in acts if act is not Act.SUBMIT]
        found += [(act.value.button, self.url(ROUTES[act])) for act in acts if act in ROUTES]
        if pep.state in WRITTEN_IN:
            found.append(("Meeting mode", self.url("peps:meeting_mode")))
        if pep.is_open:
            found.append(("Ask for help from the virtual school", self.url("peps:help")))
        if pep.state in WRITTEN_IN:
            found.append(("Ask others for a few lines", self.url("peps:contributors")))
        if pep.state in WRITTEN_IN:
            found.append(("Check the plan yourself", self.url("peps:self_check")))
        elif pep.state == State.IN_AUDIT or pep.grade:
            found.append(("The audit", self.url("peps:audit")))
        if can(actor, Can.MAKE_A_COPY):
            found.append(("Put it on paper", self.url("exports:pep_copy")))
        return found

    def url(self, route: str, *more: str) -> str:
        return reverse(route, args=[self.child.public_id, self.pep.public_id, *more])

    def _reviews(self) -> list[tuple[str, str, str]]:
        """The care reviews that this plan serves: which day, whether it was looked at, and where that is said."""
        found = []
        for review, answer in reviews_of_plan(self.pep, self.child, self.actor):
            if answer is not None:
                words = f"{'Looked at' if answer.used else 'Not looked at'}, {answer.by_name or 'a file'} said"
            else:
                words = "Not said yet whether the plan was looked at" if review.held else "To come"
            says = review.held and not why_not_say(review, actor=self.actor)
            address = reverse("peps:plan_in_review", args=[self.child.public_id, review.public_id]) if says else ""
            found.append((f"Care review of {day(review.on)}", words, address))
        return found

    def _signatures(self) -> list[str]:
        rows = Signature.of(self.child, self.actor).filter(pep=self.pep).order_by("on", "pk")
        return [" ".join(filter(None, (_signature(each), each.instead))) for each in rows]


def _signature(each: Signature) -> str:
    return f"{each.get_signed_as_display()}: {each.by_name}, {day(each.on)}."


# Where each turn is taken: what waits for the reader is a button, all else a link.
STEPS = {
    "book": "peps:book",
    "held": "peps:held",
    "submit": "peps:submit",
    "sign": "peps:sign",
    "sign_off": "peps:sign_off",
}
# Where each act of the table is done.
ROUTES = {
    Act.HOLD_MEETING: "peps:held",
    Act.SUBMIT: "peps:submit",
    Act.DRAW: "peps:draw",
    Act.RETURN: "peps:return",
    Act.SIGN_OFF: "peps:sign_off",
    Act.AMEND: "peps:amend",
    Act.PUT_ON_HOLD: "peps:hold",
    Act.TAKE_UP: "peps:take_up",
    Act.EXEMPT: "peps:exempt",
    Act.CLOSE_AS_MISSED: "peps:missed",
}


def steps_of(pep: Pep) -> list[tuple[str, str, str]]:
    """The way of a plan as steps: the words, whether done, now or to come, and the day."""
    place, closed = pep.place_on_the_way, pep.state == State.SIGNED_OFF
    days = {
        State.DUE: f"opened {day_short(pep.opens_on)}" if pep.opens_on else "",
        State.BOOKED: day_short(pep.meeting_on) if pep.meeting_on else "",
        State.IN_PREPARATION: f"from {day_short(pep.started_on)}" if pep.started_on else "",
        State.HELD: day_short(pep.held_on) if pep.held_on else "",
        State.SUBMITTED: day_short(pep.submitted_on) if pep.submitted_on else "",
        State.SIGNED_OFF: day_short(pep.signed_off_on) if pep.signed_off_on else "",
    }
    found = []
    for at, state in enumerate(WAY):
        if state == State.IN_AUDIT and pep.state != State.IN_AUDIT and not (closed and pep.grade):
            # Only plans that were drawn are audited.
            continue
        where = "done" if at < place or closed else "now" if at == place else ""
        found.append((state.label, where, days.get(state, "")))
    return found


def without_days(steps: list[tuple[str, str, str]]) -> list[tuple[str, str, str]]:
    """The same steps for who is told the state alone."""
    return [(words, where, "") for words, where, _ in steps]


def turn_words(turn: Turn | None, actor: Actor) -> tuple[str, str] | None:
    """Whose turn it is and for what, in a heading and a sentence."""
    if turn is None:
        return None
    late = " This is late." if turn.is_late(actor.today) else ""
    whose = "your" if turn.who is who_of(actor) else f"{turn.who.words.lower()}’s"
    return f"It is {whose} turn{_by(turn)}", f"{turn.words}.{late}"


def _by(turn: Turn) -> str:
    return f", by {weekday(turn.by)}" if turn.by else ""
