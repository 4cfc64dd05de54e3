"""Pages around a meeting: when it is and who is asked, one's own reply, who came, and the file for a calendar."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone

from onroll.access.can import Can, can
from onroll.access.sections import Section, cell, may_read, may_write
from onroll.children.pages import ChildPage, header_of
from onroll.design.tables import Cell, Column, Table
from onroll.design.values import SummaryRow
from onroll.design.words import count_of, day_short, weekday

from ..act_views import PepActPage
from ..meeting_models import MeetingPerson
from ..models import Pep
from ..queries import peps_of
from ..voice.adult_views import pep_of, url_of
from ..voice_models import VoiceAnswer
from ..workflow import BEFORE_SUBMISSION
from .acts import (
    answer,
    choose_people,
    own_row,
    say_who_came,
    why_not_answer,
    why_not_ask,
    why_not_say_who_came,
)
from .forms import AttendanceForm, PeopleForm, ReplyForm, named_in
from .people import Names, people_of, proposed
from .waiting import when_words

# The question of a plan that the young person's own answers feed: whom they want at the meeting.
WANTS = "meeting_child_wants"
COLOURS = {"coming": "green", "cannot": "red", "came": "green", "apologies": "yellow", "absent": "grey"}


class MeetingPage(ChildPage):
    """The meeting of a plan: when, how and where, whom the young person wants there, and the people of it."""

    requires = Can.SEE_CHILD
    section = Section.PEP
    template_name = "peps/meeting/meeting.html"

    pep: Pep

    def open(self, *args: Any, **kwargs: Any) -> None:
        super().open(*args, **kwargs)
        self.pep = pep_of(self, kwargs["pep"])

    def context(self) -> dict[str, Any]:
        pep, people = self.pep, people_of(self.pep)
        writes = can(self.actor, Can.WRITE_PEPS) and may_write(self.actor, Section.PEP)
        return {
            **super().context(),
            "header": header_of(self.child, self.actor, "peps"),
            "pep": pep,
            "pep_url": url_of(pep, "peps:pep"),
            "rows": meeting_rows(pep),
            "wants": wants_there(self),
            "table": people_table(people, Names(self.child, self.actor), pep, writes=writes) if people else None,
            "acts": self._acts() if writes else [],
            "reply": url_of(pep, "peps:reply")
            if not why_not_answer(pep, own_row(pep, self.actor), actor=self.actor)
            else "",
            "calendar": url_of(pep, "peps:calendar") if is_booked(pep) else "",
            "notes": url_of(pep, "peps:section", "meeting"),
        }

    def _acts(self) -> list[tuple[str, str]]:
        pep, found = self.pep, []
        if is_to_book(pep):
            found.append(("Move the meeting" if pep.meeting_on else "Book the meeting", url_of(pep, "peps:book")))
        if not why_not_ask(pep, actor=self.actor):
            found.append(("Choose who is asked", url_of(pep, "peps:people")))
        if is_to_book(pep):
            found.append(("The meeting was held", url_of(pep, "peps:held")))
        if not why_not_say_who_came(pep, actor=self.actor):
            found.append(("Say who came", url_of(pep, "peps:came")))
        return found


def is_to_book(pep: Pep) -> bool:
    return pep.state in BEFORE_SUBMISSION and pep.held_on is None


def is_booked(pep: Pep) -> bool:
    return pep.meeting_on is not None and is_to_book(pep)


def meeting_rows(pep: Pep) -> list[SummaryRow]:
    """When and how people meet or met, line by line; what is not known has no line."""
    on = pep.held_on or pep.meeting_on
    when = when_words(pep) if pep.meeting_on else weekday(on) if on else ""
    lines = [
        ("Held" if pep.held_on else "When", when),
        ("Planned for", f"{pep.meeting_minutes} minutes" if is_booked(pep) and pep.meeting_time else ""),
        ("How", pep.get_meeting_mode_display()),
        ("Where", pep.meeting_place),
        ("Out of lesson time", {True: "Yes", False: "No"}.get(pep.outside_lessons, "")),  # type: ignore[arg-type]
        ("Somebody from the virtual school", pep.support_by.name if pep.support_by else ""),
        ("Next meeting", weekday(pep.next_meeting_on) if pep.next_meeting_on else ""),
    ]
    return [SummaryRow(label, words) for label, words in lines if words]


def meeting_words(pep: Pep, people: list[MeetingPerson]) -> str:
    """When the meeting is or was, and how many come or came, in a sentence or two."""
    if pep.held_on is not None:
        came = sum(each.came or False for each in people)
        told = f" {count_of(came, 'person', 'people')} came." if came else ""
        return f"Held on {weekday(pep.held_on)}.{told}"
    if pep.meeting_on is None:
        return "No meeting is booked yet."
    coming = sum(each.reply == MeetingPerson.Reply.COMING for each in people)
    asked = f" {len(people)} asked, {coming} coming." if people else " Nobody is asked yet."
    return f"{when_words(pep)}.{asked}"


def wants_there(page: Any) -> list[str]:
    """Whom the young person wants at the meeting and whom not, in their words, as far as they let this reader see."""
    held = VoiceAnswer.shared_with(page.child, page.actor).filter(pep=page.pep)
    return [each.said.text for each in held if each.question and WANTS in each.question.feeds and each.said.text]


def people_table(people: list[MeetingPerson], names: Names, pep: Pep, *, writes: bool = False) -> Table:
    """Who is asked, what they answered, and whether they came."""
    over = pep.held_on is not None
    columns = [Column("Person", stacked_label=False), Column("Part"), Column("Reply")]
    columns += [Column("Came")] if over else []
    rows: list[Any] = []
    for each in people:
        asks = writes and not over and is_booked(pep)
        link = url_of(pep, "peps:reply_for", each.public_id) if asks else ""
        row = [Cell(names.of_person(each), href=link), each.get_part_display(), _reply_cell(each)]
        rows.append([*row, _came_cell(each)] if over else row)
    return Table("People of the meeting", columns, rows)


def _reply_cell(person: MeetingPerson) -> Any:
    if person.reply:
        views = "sends views" if person.sent_views else ""
        return Cell(person.get_reply_display(), tag=COLOURS[person.reply], sub=views)
    if person.attendance:
        return "–"
    return f"Asked {day_short(person.invited_on)}, no reply" if person.invited_on else "Not asked yet"


def _came_cell(person: MeetingPerson) -> Any:
    return Cell(person.get_attendance_display(), tag=COLOURS[person.attendance]) if person.attendance else "Not said"


class _OfMeeting(PepActPage):
    """An act that leads back to the meeting."""

    abstract = True
    back_to = "peps:meeting"

    def child_url(self, route: str, *more: Any) -> str:
        return url_of(self.pep, route) if route.startswith("peps:") else super().child_url(route, *more)

    def where_next(self, form: Any) -> str:
        return url_of(self.pep, self.back_to)


class PeoplePage(_OfMeeting):
    """Who is asked to the meeting: the people around the child, to tick, and others by name."""

    requires = Can.WRITE_PEPS
    form_class = PeopleForm
    title = "Who is asked to the meeting"
    button = "Save and ask them"

    def blocked(self) -> str:
        return why_not_ask(self.pep, actor=self.actor)

    def held(self) -> list[str]:
        wanted = [f"{self.child.first_name} said: “{words}”" for words in wants_there(self)]
        booked = f"The meeting is on {when_words(self.pep)}." if is_booked(self.pep) else ""
        not_yet = "" if self.pep.meeting_on else "The meeting is not booked. Who is chosen here is told when it is."
        return [booked, not_yet, *wanted]

    def form_options(self) -> dict[str, Any]:
        names = Names(self.child, self.actor)
        return {"listed": people_of(self.pep), "proposals": proposed(self.pep, self.actor), "names": names}

    def act(self, form: PeopleForm) -> str:
        told = choose_people(
            self.pep, form.chosen(), named=named_in(form), taken_off=form.taken_off(), actor=self.actor
        )
        return f"Saved. {count_of(told, 'person', 'people')} told by e-mail." if told else "Saved."


class _Reply(_OfMeeting):
    """Whether one person comes."""

    abstract = True
    form_class = ReplyForm

    def person(self) -> MeetingPerson | None:
        raise NotImplementedError

    def blocked(self) -> str:
        return why_not_answer(self.pep, self.person(), actor=self.actor)

    def initial(self) -> dict[str, Any]:
        person = self.person()
        return {"reply": person.reply, "sent_views": person.sent_views} if person and person.reply else {}

    def act(self, form: Any) -> None:
        person = self.person()
        if person is None:
            raise Http404
        answer(
            self.pep, person, form.cleaned_data["reply"], sent_views=form.cleaned_data["sent_views"], actor=self.actor
        )


class ReplyPage(_Reply):
    """One's own reply. It is there for everybody who can be asked, also for who reads no plan."""

    requires = Can.SEE_CHILD
    title = "Your meeting"
    button = "Send my reply"
    done = "Your reply is sent."

    def _may_open(self) -> bool:
        return bool(cell(self.actor, Section.PEP))

    def plans(self) -> Any:
        # Also who reads no plan can be asked to its meeting, and take something on.
        return peps_of(self.child, self.actor)

    def person(self) -> MeetingPerson | None:
        return own_row(self.pep, self.actor)

    def heading(self) -> str:
        return "Can you come to the meeting?"

    def held(self) -> list[str]:
        if self.person() is None or not is_booked(self.pep):
            return []
        mode = self.pep.get_meeting_mode_display()
        how = f"{mode}{f': {self.pep.meeting_place}' if self.pep.meeting_place else ''}." if mode else ""
        return [f"The meeting about {self.child.first_name}’s education is on {when_words(self.pep)}.", how]

    def child_url(self, route: str, *more: Any) -> str:
        # Who reads no plan goes home.
        if route == self.back_to and not may_read(self.actor, Section.PEP):
            return "/"
        return super().child_url(route, *more)

    def where_next(self, form: Any) -> str:
        return self.child_url(self.back_to)

    def context(self) -> dict[str, Any]:
        asked = self.person() is not None and is_booked(self.pep)
        return {**super().context(), "calendar": url_of(self.pep, "peps:calendar") if asked else ""}

    template_name = "peps/meeting/reply.html"


class ReplyForPage(_Reply):
    """What somebody answered who told it another way."""

    requires = Can.WRITE_PEPS
    title = "What did they answer?"
    done = "Written down."

    def person(self) -> MeetingPerson | None:
        if not hasattr(self, "_person"):
            rows = MeetingPerson.unscoped.filter(pep=self.pep, public_id=self.kwargs["person"])
            self._person = rows.select_related("account").first()
        return self._person

    def open(self, *args: Any, **kwargs: Any) -> None:
        super().open(*args, **kwargs)
        if self.person() is None:
            raise Http404

    def make_form(self, data: Any = None) -> Any:
        form = super().make_form(data)
        form.fields["reply"].label = "Can they come to the meeting?"
        return form

    def held(self) -> list[str]:
        person = self.person()
        return [Names(self.child, self.actor).of_person(person)] if person else []


class CamePage(_OfMeeting):
    """Who came to a meeting that was held, and when the next one is."""

    requires = Can.WRITE_PEPS
    form_class = AttendanceForm
    title = "Who came"
    done = "Saved."

    def blocked(self) -> str:
        return why_not_say_who_came(self.pep, actor=self.actor)

    def held(self) -> list[str]:
        return [f"The meeting was on {weekday(self.pep.held_on)}."] if self.pep.held_on else []

    def form_options(self) -> dict[str, Any]:
        return {"people": people_of(self.pep), "names": Names(self.child, self.actor)}

    def initial(self) -> dict[str, Any]:
        return {"next_on": self.pep.next_meeting_on} if self.pep.next_meeting_on else {}

    def act(self, form: AttendanceForm) -> None:
        next_on = form.cleaned_data["next_on"]
        say_who_came(self.pep, form.said(), named=named_in(form), next_on=next_on, actor=self.actor)


class CalendarFile(ChildPage):
    """The meeting for a calendar, for who is asked to it or reads the plan. It names nobody."""

    requires = Can.SEE_CHILD
    section = Section.PEP
    act_shown = "download"

    def _may_open(self) -> bool:
        return bool(cell(self.actor, Section.PEP))

    def open(self, *args: Any, **kwargs: Any) -> None:
        super().open(*args, **kwargs)
        self.pep = pep_of(self, kwargs["pep"])
        asked = own_row(self.pep, self.actor) is not None
        if not is_booked(self.pep) or not (asked or may_read(self.actor, Section.PEP)):
            raise Http404

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        from .calendar_file import calendar_file

        service = f"{self.actor.authority_name} Virtual School"
        answer = HttpResponse(
            calendar_file(self.pep, service=service, now=timezone.now()), content_type="text/calendar; charset=utf-8"
        )
        answer["Content-Disposition"] = 'attachment; filename="meeting.ics"'
        return answer
