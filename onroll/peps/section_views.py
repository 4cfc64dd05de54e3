"""Pages on which a plan is written: one section, what is known of it, and handing the whole in."""

from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import reverse
from django.utils.timezone import localtime

from onroll.access.can import Can, can
from onroll.access.roles import Role
from onroll.access.sections import Section, cell, may_read, may_write
from onroll.children.contradictions import Refused
from onroll.children.forms.leaks import LeakForm
from onroll.children.pages import ChildPage
from onroll.design.values import Check
from onroll.design.words import count_of

from .actions import signs_for_another, why_not
from .activities import why_not_this_old
from .assessing import results_table
from .contributors.contributing import contributed_to
from .entry_forms import SubmitForm
from .finishing import finish_section, submit, why_not_submit
from .forms.declarations import Kind, named
from .forms.reading import ShownSection
from .meeting.calendar_file import is_protected
from .meeting.screen import safe_on_a_screen
from .models import FOR_SUMMARIES, Pep, Signature
from .queries import peps_of
from .saving import BothWrote, Clash, Saved, TellsWhere, digest, save_section
from .section_forms import SectionForm, both_together, in_words
from .target_actions import what_is_weak, what_stops
from .voice.reading import feeding, heard_without_words
from .voice_models import VoiceAnswer
from .workflow import Act
from .writing import OWNERS, TERMLY, Writing, is_theirs, part_of

AUTOSAVE = "autosave"
# What a form says that stands on the page of a meeting, which others may see on a screen.
BACK_TO_MEETING = "meeting"


class WritingPage(ChildPage):
    """A page on which a plan is written, of the child in its address."""

    abstract = True
    section = Section.PEP
    pep: Pep
    writing: Writing

    def _may_open(self) -> bool:
        # A carer reads no plan, and writes a part of it.
        return cell(self.actor, Section.PEP) in (("W",) if self.writes else ("W", "R", "C"))

    def open(self, *args: Any, **kwargs: Any) -> None:
        super().open(*args, **kwargs)
        found = self.found()
        if found is None:
            raise Http404
        self.pep, self.writing = found.pep, found

    def found(self) -> Writing | None:
        """The plan in the address, while it is written; nothing where the child has none of it."""
        pep = peps_of(self.child, self.actor).filter(public_id=self.kwargs["pep"]).first()
        if pep is None:
            return None
        pep.child = self.child
        return Writing(pep, self.actor)

    def url(self, route: str, *more: Any) -> str:
        return reverse(route, args=[self.child.public_id, self.pep.public_id, *more])


class SectionPage(WritingPage):
    """One section of a plan: what the record knows, what was carried over, and the boxes of who writes it.

    With script it is saved as one types; without, with the button. What can't be kept stays in its box with the reason.
    """

    requires = Can.SEE_CHILD
    template_name = "peps/section.html"

    def open(self, *args: Any, **kwargs: Any) -> None:
        super().open(*args, **kwargs)
        found = self.writing.section(kwargs["key"])
        if found is None:
            raise Http404
        self.asked = found
        self.lines = self.writing.lines(found)
        if self.in_a_meeting:
            protected = is_protected(self.pep, today=self.actor.today)
            self.lines = safe_on_a_screen(self.lines, protected=protected)

    @property
    def in_a_meeting(self) -> bool:
        """Whether the form was sent from the page of a meeting: then no more is shown than there."""
        return self.request.POST.get("back") == BACK_TO_MEETING and self.actor.role != Role.CARER

    def shown(self) -> str:
        """The parts of the record that the section shows to this reader, for the access log."""
        writing = self.found()
        section = writing.section(self.kwargs["key"]) if writing else None
        lines = writing.lines(section) if writing and section else []
        read = {part_of(line.question).removesuffix(FOR_SUMMARIES) for line in lines}
        if writing and section and self._said_in(writing, section):
            read.add(Section.VIEWS.value)
        return ",".join(sorted(read | {self.section.value}))

    def logged_as(self) -> str:
        return f"{super().logged_as()} {self.kwargs['key']}"

    @staticmethod
    def _said_in(writing: Writing, section: ShownSection) -> list[VoiceAnswer]:
        """What the young person said that stands in this section: all in their own, in others what helps there."""
        if any(each.question.kind is Kind.VOICE for each in section.asked):
            return writing.known.said
        return feeding(writing.known.said, *(each.question.key for each in section.asked))

    def _form(self, data: Any = None) -> SectionForm:
        return SectionForm(self.lines, data, offered=self.writing.offered, known_as=self.child.first_name)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.show(form=self._form())

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = self._form(request.POST)
        if not form.lines:
            raise Http404
        form.is_valid()
        quietly = request.headers.get("X-Onroll") == AUTOSAVE
        leak = LeakForm((), request.POST)
        was = {line.question.key: str(request.POST.get(f"was-{line.question.key}", "")) for line in form.lines}
        try:
            saved = save_section(
                self.writing,
                self.kwargs["key"],
                form.answers(),
                was=was,
                leak_why="" if quietly else leak.why,
                said_now=not quietly,
            )
        except Refused as refusal:
            return self._refused(form, str(refusal), quietly)
        except TellsWhere as told:
            if quietly:
                return JsonResponse({"state": "leak"}, status=422)
            leak.tells = told.parts
            leak.ask()
            return self.show(form=form, leak=leak)
        except Clash as clash:
            return self._clash(form, clash, quietly)
        return self._kept(form, saved, quietly)

    def _refused(self, form: SectionForm, why: str, quietly: bool) -> HttpResponse:
        if quietly:
            return JsonResponse({"state": "refused", "why": why}, status=422)
        form.add_error(None, why)
        return self.show(form=form)

    def _kept(self, form: SectionForm, saved: Saved, quietly: bool) -> HttpResponse:
        wrong = {**saved.refused, **{name: str(found[0]) for name, found in form.errors.items()}}
        if quietly:
            now = {name: digest(value) for name, value in form.answers().items() if name not in wrong}
            return JsonResponse(
                {"state": "saved", "at": f"{localtime(saved.at):%H:%M}", "was": now, "wrong": list(wrong)}
            )
        for name, said in saved.refused.items():
            if name in form.fields:
                form.add_error(name, said)
            else:
                form.add_error(None, said)
        if form.errors:
            return self.show(form=form, kept=True)
        if saved.undid_signature:
            messages.info(self.request, "What was signed before is signed no more: the plan has changed.")
        if self.request.POST.get("act") != "finish":
            messages.success(self.request, f"Saved at {localtime(saved.at):%H:%M}.")
            return HttpResponseRedirect(self._back())
        fresh = Writing(self.pep, self.actor)
        open_ones = finish_section(fresh, self.kwargs["key"])
        if open_ones:
            found = fresh.section(self.kwargs["key"])
            self.lines = fresh.lines(found) if found else []
            again = self._form(self.request.POST)
            again.is_valid()
            for each in open_ones:
                key = each.asked.question.key
                again.add_error(key if key in again.fields else None, each.words)
            return self.show(form=again, kept=True)
        messages.success(self.request, f"Finished: {named(self.asked.section.title, self.child.first_name)}.")
        return HttpResponseRedirect(self._next())

    def _next(self) -> str:
        """The next section of this person that is not finished, or the plan."""
        fresh = Writing(Pep.of(self.child, self.actor, section=Section.BASICS).get(pk=self.pep.pk), self.actor)
        fresh.pep.child = self.child
        states = fresh.states()
        here = next((at for at, each in enumerate(states) if each.section.key == self.kwargs["key"]), 0)
        # On from here, and round to what was passed over.
        rest = [*states[here + 1 :], *states[:here]]
        after = [each.section.key for each in rest if each.writes and each.is_own and not each.finished]
        return self.url("peps:section", after[0]) if after else self._back()

    def _back(self) -> str:
        """The plan; for a carer, who sees no plan, their home page. In a meeting its page, at this section."""
        if self.in_a_meeting:
            return f"{self.url('peps:meeting_mode')}#{self.kwargs['key']}"
        return self.url("peps:pep") if may_read(self.actor, Section.PEP) else reverse("home")

    def _clash(self, form: SectionForm, clash: Clash, quietly: bool) -> HttpResponse:
        if quietly:
            return JsonResponse({"state": "clash", "by": clash.by}, status=409)
        data = self.request.POST.copy()
        told = []
        for each in clash.answers:
            key = each.question.key
            if (
                isinstance(each.mine, str)
                and isinstance(each.theirs, str)
                and each.question.kind
                in (
                    Kind.TEXT,
                    Kind.LONG_TEXT,
                    Kind.PERSON,
                )
            ):
                data[key] = both_together(each.mine, each.theirs)
            data[f"was-{key}"] = digest(each.theirs)
            told.append(_told(each))
        again = self._form(data)
        again.is_valid()
        at = f"{localtime(clash.at):%H:%M}" if clash.at else ""
        return self.show(409, form=again, clashes=told, clash_by=clash.by, clash_at=at, data=data)

    def context(self) -> dict[str, Any]:
        known = [
            (line.words, self.writing.shown_words(line.question))
            for line in self.lines
            if line.question.kind is Kind.SHOWN and line.question.prefilled_from != TERMLY
        ]
        return {
            **super().context(),
            "pep": self.pep,
            "pep_url": self._back(),
            "title": named(self.asked.section.title, self.child.first_name),
            "owner": OWNERS[self.asked.section.filled_by],
            "known": known,
            "last_plan": self.writing.known.before,
            "old_activity": self._old_activity(),
            **self._assessments(),
            "read_only": self._read_only(),
            "carried": self._carried(),
            "counts": self._counts(),
            "behalf": self._behalf(),
            "lists": [(kind, self.url(route)) for kind, route in self._lists()],
            **self._voice(),
            "contributed": contributed_to(self.writing, self.asked),
            "leak": None,
            "clashes": [],
            "kept": False,
            "back_to": BACK_TO_MEETING if self.in_a_meeting else "",
        }

    def _voice(self) -> dict[str, Any]:
        """The young person's own section: what they said and this reader may see, and where all of it stands."""
        own = any(each.question.kind is Kind.VOICE for each in self.asked.asked)
        if not own:
            return {"own_voice": False}
        return {
            "own_voice": True,
            "said": self.writing.known.said,
            "heard": heard_without_words(self.pep, self.child.first_name),
            "voice_url": self.url("peps:voice") if can(self.actor, Can.SEE_VIEWS) else "",
        }

    def show(self, status: int = 200, **context: Any) -> HttpResponse:
        form: SectionForm = context["form"]
        data = context.pop("data", None) or self.request.POST
        boxes = [replace(box, said=tuple(feeding(self.writing.known.said, box.key))) for box in form.boxes()]
        if form.is_bound:
            # What was shown stays what it was, until the next page is shown.
            boxes = [replace(box, was=str(data.get(f"was-{box.key}", box.was))) for box in boxes]
        return super().show(status, boxes=boxes, tables=form.tables, **context)

    def _old_activity(self) -> str:
        """That the activity which this section states has to be said again."""
        old = why_not_this_old(self.writing) if self.writing.is_open else None
        return f"{old[1]}." if old and old[0] == self.kwargs["key"] else ""

    def _assessments(self) -> dict[str, Any]:
        """The term's assessments with the terms before, where this section shows them, and where they are put right."""
        if not any(TERMLY in (line.question.prefilled_from, line.question.promoted_to) for line in self.lines):
            return {}
        known = self.writing.known
        corrects = (
            self.writing.is_open and can(self.actor, Can.WRITE_PEPS) and may_write(self.actor, Section.ATTAINMENT)
        )
        asked_here = any(line.question.promoted_to == TERMLY for line in self.lines)
        return {
            "assessments": results_table(self.writing),
            "correct": self.url("peps:assessments")
            if corrects and known.results_of_the_term and not asked_here
            else "",
        }

    def _read_only(self) -> list[tuple[str, list[str], str, list[str]]]:
        """The answers that others give here, as far as this reader reads them, and what the last plan said else."""
        found = []
        for line in self.lines:
            kind = line.question.kind
            if line.writes or kind in (Kind.SHOWN, Kind.VOICE, Kind.FILE) or kind.is_list:
                continue
            before = in_words(line.question, line.was) if line.differs else []
            found.append((line.words, in_words(line.question, line.value), OWNERS[line.question.filled_by], before))
        return found

    def _carried(self) -> list[tuple[str, list[str]]]:
        """The answers that one tick confirms: those carried over that this person would write anew."""
        if not any(line.writes and line.question.promoted_to == "section_confirmation" for line in self.lines):
            return []
        mine = [
            line
            for each in self.writing.shown
            for line in self.writing.lines(each)
            if line.is_carried and line.writes and line.standing is not None
        ]
        return [(line.words, in_words(line.question, line.standing.value)) for line in mine if line.standing]

    def _counts(self) -> str:
        """12 answers: 5 known already, 4 carried over, 3 new."""
        mine = [line for line in self.lines if line.writes]
        if not mine:
            return ""
        carried = sum(line.is_carried for line in mine)
        known = sum(line.is_from_the_record for line in mine)
        parts = [f"{known} known already"] if known else []
        parts += [f"{carried} carried over from the last plan"] if carried else []
        new = len(mine) - carried - known
        parts += [f"{new} new" if parts else ""]
        said = ", ".join(part for part in parts if part)
        return f"{count_of(len(mine), 'answer')}{f': {said}' if said else ''}. What you write is kept as you go."

    def _behalf(self) -> str:
        own = any(is_theirs(line.question.filled_by, self.actor) for line in self.lines if line.writes)
        writes = any(line.writes for line in self.lines)
        return OWNERS[self.asked.section.filled_by] if writes and not own else ""

    def _lists(self) -> list[tuple[str, str]]:
        routes = {
            Kind.TARGET_LIST: ("Write the targets", "peps:targets"),
            Kind.REVIEW_LIST: ("Say how last term’s targets went", "peps:targets"),
            Kind.REQUEST_LIST: ("Ask for Pupil Premium Plus", "peps:targets"),
            Kind.ACTION_LIST: ("Write who does what", "peps:actions"),
        }
        found = [routes[line.question.kind] for line in self.lines if line.question.kind in routes]
        if any(line.question.key == "meeting_people" for line in self.lines):
            found.append(("Book the meeting, ask people to it and say who came", "peps:meeting"))
        return found


def _told(each: BothWrote) -> dict[str, Any]:
    return {
        "key": each.question.key,
        "words": each.words,
        "mine": in_words(each.question, each.mine),
        "theirs": in_words(each.question, each.theirs),
    }


class SubmitPage(WritingPage):
    """Before the plan is sent to the virtual school: what is missing, each with its section, and the button."""

    requires = Can.WRITE_PEPS
    writes = True
    template_name = "peps/submit.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.show(form=SubmitForm())

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = SubmitForm(request.POST)
        if not form.is_valid() or what_stops(self.writing):
            return self.show(form=form)
        try:
            whole = submit(self.writing, instead=form.cleaned_data["instead"])
        except Refused as refusal:
            return self.show(form=form, error=str(refusal))
        messages.success(
            request,
            "The plan is with the virtual school."
            if whole
            else "Your part is in. The plan goes to the virtual school when social care’s part is finished.",
        )
        return HttpResponseRedirect(self.url("peps:pep"))

    def context(self) -> dict[str, Any]:
        open_ones = why_not_submit(self.writing)
        stops = what_stops(self.writing)
        ready = not open_ones and not stops
        return {
            **super().context(),
            "pep": self.pep,
            "pep_url": self.url("peps:pep"),
            "blocked": why_not(self.pep, Act.SUBMIT, actor=self.actor),
            "open_ones": [
                *((self.url("peps:section", key), said) for key, said in open_ones),
                *((self.url("peps:targets"), said) for said in stops),
            ],
            "checks": [Check("Every answer that is asked of the school is there", fine=True)] if ready else [],
            "weak": what_is_weak(self.writing) if ready else [],
            "error": "",
            "for_another": signs_for_another(self.pep, Signature.As.LEAD, actor=self.actor),
        }
