"""Pages about one action of a plan: how it stands, its updates, milestones and meetings, and what changed in it."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.defaultfilters import linebreaksbr
from django.urls import reverse
from django.utils.html import format_html
from django.utils.timezone import localtime

from onroll.access.can import Can, can
from onroll.design.pictures import RAG
from onroll.design.tables import Cell, Column, Table
from onroll.design.values import Entry, SummaryRow, Timeline
from onroll.design.words import count_of, day, day_short, lower_first
from onroll.documents.views import size_words
from onroll.history.reading import of_record
from onroll.measures.engine import Reading
from onroll.measures.measure import Unit

from .actions import Refused, keep_asked, keep_meeting, keep_milestone, keep_step, share, take_out, write_update
from .documents import is_shown, why_not_take_away
from .forms import AskedForm, MeetingForm, MilestoneForm, ShareForm, StepForm, UpdateForm
from .judging import points_apart, together
from .measuring import Answer, Records, suggested, value_words
from .models import Line, Meeting, Milestone, NextStep, PlanDocument, Serves
from .queries import ActionRead, meeting_words, next_due, plans_of, read_action, serves_words
from .showing import address_of, first_line, late_words, rating_tag, trend_picture
from .views import OnePlanPage


class OneActionPage(OnePlanPage):
    """A page about one action where it stands in one plan."""

    abstract = True
    line: Line

    def open(self, *args: Any, **kwargs: Any) -> None:
        super().open(*args, **kwargs)
        lines = self.plan.lines.select_related("action__led_to", "section", "plan")
        found = lines.filter(action__public_id=kwargs["action"]).first()
        if found is None:
            raise Http404
        self.line, self.action = found, found.action

    @property
    def address(self) -> str:
        return address_of(self.line, self.plan)

    def context(self) -> dict[str, Any]:
        number = f"Action {self.line.reference}" if self.line.reference else "Action"
        return {
            **super().context(),
            "line": self.line,
            "action": self.action,
            "action_url": self.address,
            "title": first_line(self.action.words),
            "number": number,
        }

    def to_the_action(self, notice: str) -> HttpResponse:
        messages.success(self.request, notice)
        return HttpResponseRedirect(self.address)


class ActionPage(OneActionPage):
    """What the records say of an action beside what its lead says; below it what happened, and a box to say more."""

    requires = Can.SEE_PLAN
    template_name = "plans/action.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        start = {"words": self.sentence()} if "use" in request.GET else {}
        return self.show(form=UpdateForm(initial=start, today=self.actor.today))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not can(self.actor, Can.UPDATE_PLAN):
            raise Http404
        form = UpdateForm(request.POST, today=self.actor.today)
        if form.is_valid():
            typed = form.cleaned_data
            try:
                write_update(
                    self.action,
                    actor=self.actor,
                    on=typed["on"],
                    words=typed["words"],
                    rating=form.rated,
                    evidence=form.pieces,
                )
            except Refused as why:
                form.add_error(None, str(why))
            else:
                return self.to_the_action("The update is written down.")
        return self.show(form=form)

    def _records(self) -> Records:
        if not hasattr(self, "_held_records"):
            self._held_records = Records(self.actor)
        return self._held_records

    def _histories(self, answers: list[Answer]) -> dict[str, list[tuple[str, Any]]]:
        records = self._records()
        return {each.id: records.trend_of(each) for each in answers if each.is_figure}

    def sentence(self) -> str:
        answers = self._records().answers([each.measure for each in self.action.measures.all()])
        return suggested(answers, self._histories(answers))

    def context(self) -> dict[str, Any]:
        today, records = self.actor.today, self._records()
        each = read_action(self.line)
        answers = records.answers(each.measures)
        histories = self._histories(answers)
        state = together([records.state(answer) for answer in answers])
        others = self.action.lines.exclude(plan=self.plan).select_related("plan")
        return {
            **super().context(),
            "each": each,
            "sub": " · ".join(part for part in (each.leads_words or "no lead yet", each.when_words) if part),
            "late": late_words(self.action, today) if each.is_late(today) else "",
            "rating": rating_tag(self.action.rating),
            "state": state,
            "apart": points_apart(self.action.rating, state),
            "figures": [self._figure(answer, histories.get(answer.id, [])) for answer in answers if answer.reading],
            "waiting": [answer for answer in answers if not answer.reading],
            "suggestion": suggested(answers, histories),
            "about": self._about(each),
            "timeline": self._timeline(),
            "milestones": self._milestones(each),
            "meetings": self._meetings(),
            "asked": self._asked(),
            "others": [(line.plan.title, address_of_in(line)) for line in others],
            "next_due": next_due(self.action, self.plan, today),
        }

    def _figure(self, answer: Answer, history: list[tuple[str, Any]]) -> dict[str, Any]:
        columns = [
            Column("When", stacked_label=False),
            Column("Figure", number=True),
            Column("Of how many", number=True),
        ]
        rows = [
            [
                when,
                value_words(reading),
                _of_how_many(reading),
            ]
            for when, reading in reversed(history)
        ]
        assert answer.reading
        return {
            "answer": answer,
            "as_at": answer.reading.cohort.as_at,
            "state": self._records().state(answer),
            "why": self._why(answer),
            "url": reverse("measures:measure", args=[answer.measure.id]) if answer.measure else "",
            "picture": trend_picture(answer, history),
            "table": Table(f"{answer.title}, period by period", columns, rows) if rows else None,
        }

    def _why(self, answer: Answer) -> str:
        """Why the figure stands as it does, without the state's own word, which stands before it."""
        judged = self._records().judged(answer)
        return judged.why.removeprefix(f"{RAG[judged.state.value]}: ") if judged else ""

    def _about(self, each: ActionRead) -> list[SummaryRow]:
        """What the plan says of the action, in its own words, and what it serves."""
        action = self.action
        rows = [("Action", action.words if len(action.words) > len(first_line(action.words)) else "")]
        rows += [("Anticipated outcome", action.outcome), ("How it is judged", action.measured_by)]
        rows += [("When, as printed", action.when_printed), ("Progress as printed", action.reported)]
        labels = {kind.value: kind.label for kind in Serves.Kind}
        rows += [(labels[serves.kind], serves_words(serves)) for serves in each.serves]
        shown = [SummaryRow(key, _paragraphs(value)) for key, value in rows if value]
        if action.led_to:
            link = format_html(
                '<a class="govuk-link" href="{}">{}</a>', action.led_to.get_absolute_url(), action.led_to.title
            )
            shown.append(SummaryRow("It led to", link))
        return shown

    def _timeline(self) -> Timeline:
        """Updates, ratings and achieved milestones, the newest first."""
        entries = []
        may = can(self.actor, Can.UPDATE_PLAN)
        for update in self.action.updates.prefetch_related("evidence", "documents"):
            evidence = [
                format_html('<a class="govuk-link" href="{}" rel="noreferrer">{}</a>', each.address, each.words)
                for each in update.evidence.all()
            ]
            shown = [each for each in update.documents.all() if is_shown(each, self.actor)]
            evidence += [self._document(each) for each in shown]
            if may:
                words = (
                    '<a class="govuk-link" href="{}">Add a document<span class="govuk-visually-hidden">{}</span></a>'
                )
                to = f" to the update of {day(update.on)}"
                evidence.append(format_html(words, f"{self.address}/updates/{update.public_id}/documents/new", to))
            entries.append(Entry(update.on, _paragraphs(update.words), by=update.by, kind="Update", details=evidence))
        ratings = list(self.action.ratings.order_by("on", "pk"))
        before = ""
        for rating in ratings:
            was = f", before {before}" if before else ""
            words = f"Rated {rating.rating}{was}" if rating.rating else f"No longer rated{was}"
            entries.append(Entry(rating.on, words, by=rating.by, kind="Rating"))
            before = rating.rating
        for milestone in self.action.milestones.filter(achieved_on__isnull=False):
            assert milestone.achieved_on
            entries.append(Entry(milestone.achieved_on, f"Achieved: {milestone.words}", kind="Milestone"))
        for meeting in self.action.meetings.exclude(state=Meeting.State.ARRANGED):
            entries.append(Entry(meeting.on, meeting_words(meeting), kind="Meeting"))
        return Timeline(sorted(entries, key=lambda entry: entry.on, reverse=True))

    def _document(self, document: PlanDocument) -> Any:
        """A document of an update in one line: its file, or what became of it."""
        if document.taken_away_on:
            return f"{document.title}: taken away on {day(document.taken_away_on)} by {document.taken_away_by}"
        address = f"{self.address}/documents/{document.public_id}"
        kind = f"{document.kept_as.words}, {size_words(document.size)}"
        if document.is_clean:
            line = format_html('<a class="govuk-link" href="{}">{}</a> ({})', address, document.title, kind)
        else:
            line = format_html("{} ({}): {}", document.title, kind, lower_first(document.get_state_display()))
        if why_not_take_away(document, actor=self.actor):
            return line
        words = (
            '{} <a class="govuk-link" href="{}/take-away">Take away<span class="govuk-visually-hidden"> {}</span></a>'
        )
        return format_html(words, line, address, document.title)

    def _milestones(self, each: ActionRead) -> Table | None:
        today, may = self.actor.today, can(self.actor, Can.UPDATE_PLAN)
        rows = []
        for milestone in each.milestones:
            late = milestone.due_on is not None and milestone.due_on < today and not milestone.achieved_on
            rows.append(
                [
                    Cell(
                        milestone.words,
                        href=f"{self.address}/milestones/{milestone.public_id}" if may else "",
                        sub="" if milestone.kind == Milestone.Kind.STEP else milestone.get_kind_display(),
                    ),
                    day_short(milestone.due_on) or "–",
                    day_short(milestone.achieved_on)
                    if milestone.achieved_on
                    else Cell("Late", tag="red")
                    if late
                    else "not yet",
                ]
            )
        columns = [Column("Milestone", stacked_label=False), Column("Due"), Column("Achieved")]
        return Table("Milestones", columns, rows) if rows else None

    def _meetings(self) -> Table | None:
        may = can(self.actor, Can.UPDATE_PLAN)
        rows = []
        for meeting in self.action.meetings.prefetch_related("steps").order_by("-on"):
            steps = "; ".join(
                f"{step.words}{f' ({step.who})' if step.who else ''}{f', by {day(step.due_on)}' if step.due_on else ''}"
                for step in meeting.steps.all()
                if not step.done_on
            )
            rows.append(
                [
                    Cell(meeting.title, href=f"{self.address}/meetings/{meeting.public_id}" if may else ""),
                    Cell(
                        day_short(meeting.on),
                        sub=f"moved from {day_short(meeting.first_on)}" if meeting.was_moved else "",
                    ),
                    meeting.get_state_display(),
                    steps or "–",
                ]
            )
        columns = [Column("Meeting", stacked_label=False), Column("On"), Column("State"), Column("Next steps")]
        return Table("Meetings", columns, rows) if rows else None

    def _asked(self) -> Table | None:
        today, may = self.actor.today, can(self.actor, Can.UPDATE_PLAN)
        rows = []
        for asked in self.action.asked.all():
            waited = count_of(((asked.supplied_on or today) - asked.requested_on).days, "day")
            rows.append(
                [
                    Cell(
                        asked.item,
                        href=f"{self.address}/asked/{asked.public_id}" if may else "",
                        sub=f"asked of {asked.asked_of}",
                    ),
                    day_short(asked.requested_on),
                    day_short(asked.supplied_on) if asked.supplied_on else "not yet",
                    f"{waited}{'' if asked.supplied_on else ' so far'}",
                ]
            )
        columns = [Column("Data", stacked_label=False), Column("Asked"), Column("Supplied"), Column("Waited")]
        return Table("Data it waits for", columns, rows) if rows else None


def address_of_in(line: Line) -> str:
    return reverse("plans:action", args=[line.plan.public_id, line.action.public_id])


def _of_how_many(reading: Reading) -> str:
    if reading.measure.unit is Unit.YES_NO:
        return "–"
    return f"{reading.part:,} of {reading.whole:,}" if reading.whole is not None else f"{reading.part:,}"


def _paragraphs(words: str) -> Any:
    """Words as they were typed, line by line."""
    return linebreaksbr(words)


class ActionHistoryPage(OneActionPage):
    """What changed in the words and dates of an action: who, when, before and after."""

    requires = Can.SEE_PLAN
    template_name = "plans/history.html"

    def context(self) -> dict[str, Any]:
        entries = []
        for act in of_record(self.action):
            details = [
                f"{field.words}: {_told(field.before)} → {_told(field.after)}"
                for line in act.lines
                for field in line.fields
                if line.act == "u"
            ]
            at = localtime(act.change.at)
            entries.append(Entry(at.date(), act.sentence, details=details, at=f"{at:%H:%M}"))
        return {**super().context(), "timeline": Timeline(entries)}


def _told(value: Any) -> str:
    return "nothing" if value in (None, "") else str(value)


class MilestonePage(OneActionPage):
    """Write a milestone, or change one: also that it was achieved."""

    requires = Can.UPDATE_PLAN
    template_name = "plans/form.html"

    def open(self, *args: Any, **kwargs: Any) -> None:
        super().open(*args, **kwargs)
        self.milestone = None
        if "milestone" in kwargs:
            self.milestone = self.action.milestones.filter(public_id=kwargs["milestone"]).first()
            if self.milestone is None:
                raise Http404

    def context(self) -> dict[str, Any]:
        heading = "Change the milestone" if self.milestone else "Add a milestone"
        return {**super().context(), "heading": heading, "button": "Save the milestone"}

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        start = MilestoneForm.starting_values(self.milestone) if self.milestone else {"kind": Milestone.Kind.STEP}
        return self.show(form=MilestoneForm(initial=start))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = MilestoneForm(request.POST)
        if form.is_valid():
            try:
                keep_milestone(self.action, self.milestone, actor=self.actor, **form.cleaned_data)
            except Refused as why:
                form.add_error("achieved_on", str(why))
            else:
                return self.to_the_action("The milestone is saved.")
        return self.show(form=form)


class MeetingPage(OneActionPage):
    """Arrange a meeting, move it, cancel it, or say that it was held; and its next steps."""

    requires = Can.UPDATE_PLAN
    template_name = "plans/meeting.html"

    def open(self, *args: Any, **kwargs: Any) -> None:
        super().open(*args, **kwargs)
        self.meeting = None
        if "meeting" in kwargs:
            self.meeting = self.action.meetings.filter(public_id=kwargs["meeting"]).first()
            if self.meeting is None:
                raise Http404

    def context(self) -> dict[str, Any]:
        meeting = self.meeting
        heading = "Change the meeting" if meeting else "Arrange a meeting"
        moved = f"It was first arranged for {day(meeting.first_on)}." if meeting and meeting.was_moved else ""
        steps = list(meeting.steps.all()) if meeting else []
        return {
            **super().context(),
            "heading": heading,
            "button": "Save the meeting",
            "moved": moved,
            "meeting": meeting,
            "steps": steps,
            "step_form": StepForm(prefix="step"),
        }

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        start = MeetingForm.starting_values(self.meeting) if self.meeting else {"state": Meeting.State.ARRANGED}
        return self.show(form=MeetingForm(initial=start))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        act = request.POST.get("act", "")
        if self.meeting and act == "step":
            return self._add_step(request, self.meeting)
        if self.meeting and act.startswith("done:"):
            return self._step_done(self.meeting, act.removeprefix("done:"))
        form = MeetingForm(request.POST)
        if form.is_valid():
            try:
                keep_meeting(self.action, self.meeting, actor=self.actor, **form.cleaned_data)
            except Refused as why:
                form.add_error("state", str(why))
            else:
                return self.to_the_action("The meeting is saved.")
        return self.show(form=form)

    def _add_step(self, request: HttpRequest, meeting: Meeting) -> HttpResponse:
        form = StepForm(request.POST, prefix="step")
        if not form.is_valid():
            return self.show(form=MeetingForm(initial=MeetingForm.starting_values(meeting)), step_form=form)
        keep_step(meeting, None, actor=self.actor, **form.cleaned_data)
        messages.success(request, "The next step is written down.")
        return HttpResponseRedirect(f"{self.address}/meetings/{meeting.public_id}")

    def _step_done(self, meeting: Meeting, key: str) -> HttpResponse:
        step: NextStep | None = next((each for each in meeting.steps.all() if str(each.public_id) == key), None)
        if step is None:
            raise Http404
        keep_step(
            meeting,
            step,
            actor=self.actor,
            words=step.words,
            who=step.who,
            due_on=step.due_on,
            done_on=self.actor.today,
        )
        messages.success(self.request, "The step is done.")
        return HttpResponseRedirect(f"{self.address}/meetings/{meeting.public_id}")


class AskedPage(OneActionPage):
    """Write down which data was asked of whom, or that it came."""

    requires = Can.UPDATE_PLAN
    template_name = "plans/form.html"

    def open(self, *args: Any, **kwargs: Any) -> None:
        super().open(*args, **kwargs)
        self.asked = None
        if "asked" in kwargs:
            self.asked = self.action.asked.filter(public_id=kwargs["asked"]).first()
            if self.asked is None:
                raise Http404

    def context(self) -> dict[str, Any]:
        heading = "Data that the action waits for" if self.asked else "Add data that the action waits for"
        return {**super().context(), "heading": heading, "button": "Save"}

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        start = AskedForm.starting_values(self.asked) if self.asked else {}
        return self.show(form=AskedForm(initial=start, today=self.actor.today))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = AskedForm(request.POST, today=self.actor.today)
        if not form.is_valid():
            return self.show(form=form)
        keep_asked(self.action, self.asked, actor=self.actor, **form.cleaned_data)
        return self.to_the_action("The data asked for is written down.")


class SharePage(OneActionPage):
    """Put the action into another plan too. Its updates, ratings and meetings are then read in both."""

    requires = Can.KEEP_PLAN
    template_name = "plans/form.html"

    def _others(self) -> list[Any]:
        standing = self.action.lines.values_list("plan", flat=True)
        return list(plans_of(self.actor).exclude(pk__in=standing))

    def context(self) -> dict[str, Any]:
        return {**super().context(), "heading": "Put it into another plan too", "button": "Put it there"}

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        others = self._others()
        if not others:
            messages.warning(request, "There is no other plan that this action could stand in.")
            return HttpResponseRedirect(self.address)
        return self.show(form=ShareForm(plans=others, initial={"section": self.line.section.title}))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = ShareForm(request.POST, plans=self._others())
        if form.is_valid():
            plan = form.plans[form.cleaned_data["plan"]]
            share(self.action, plan, section=form.cleaned_data["section"], actor=self.actor)
            return self.to_the_action(f"The action stands in {plan.title} too.")
        return self.show(form=form)


class TakeOutPage(OneActionPage):
    """Take the action out of this plan, after saying what goes with it."""

    requires = Can.KEEP_PLAN
    template_name = "plans/take_out.html"

    def context(self) -> dict[str, Any]:
        return {**super().context(), "alone": self.action.lines.count() == 1}

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        take_out(self.line, actor=self.actor)
        return self.to_the_plan("The action is out of the plan.")
