"""Forms of plans: the heading, an action, an update, a milestone, a meeting, a goal, an answer on a duty."""

import re
from datetime import date, timedelta
from typing import Any

from django import forms

from onroll.access.models import Account
from onroll.design.forms import GovukDateField, GovukForm, Look
from onroll.documents.forms import FileForm

from .actions import ActionFacts, Heading, due_by_words
from .measuring import is_known
from .models import Action, Asked, Goal, Meeting, Milestone, Plan, Rated, Serves
from .queries import ActionRead
from .reference import DUTIES, PRINCIPLES
from .templates_of_plans import TEMPLATES

NO_CHANGE, NOT_RATED = "as it is", "none"


def long(label: str, *, required: bool = False, hint: str = "", most: int = 10_000) -> forms.CharField:
    """A question answered in sentences."""
    return forms.CharField(
        label=label, required=required, help_text=hint, max_length=most, widget=forms.Textarea, strip=True
    )


class HeadingForm(GovukForm):
    """The heading of a plan and the days it runs."""

    title = forms.CharField(label="Title", max_length=200, help_text="Such as Improvement plan 2026/27")
    service = forms.CharField(label="Service area", max_length=200, required=False)
    accountable = forms.CharField(label="Accountable officer", max_length=200, required=False)
    first_day = GovukDateField(label="First day of the plan", asks="the first day of the plan", like="1 9 2026")
    last_day = GovukDateField(label="Last day of the plan", asks="the last day of the plan", like="31 8 2027")
    agreed_on = GovukDateField(
        label="When was it agreed?", asks="the day it was agreed", like="14 9 2026", required=False
    )
    context = long("Context", hint="What the plan comes from: the analysis, the guidance, what is not yet known")
    notes = long("Notes")

    looks = {"context": Look(rows=6), "notes": Look(rows=4)}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        first, last = cleaned.get("first_day"), cleaned.get("last_day")
        if first and last and last < first:
            self.add_error("last_day", "The last day is before the first day")
        return cleaned

    @property
    def heading(self) -> Heading:
        typed = self.cleaned_data
        return Heading(
            title=typed["title"],
            service=typed.get("service", ""),
            accountable=typed.get("accountable", ""),
            start=typed["first_day"],
            end=typed["last_day"] + timedelta(days=1),
            context=typed.get("context", ""),
            notes=typed.get("notes", ""),
            agreed_on=typed.get("agreed_on"),
        )

    @staticmethod
    def starting_values(plan: Plan) -> dict[str, Any]:
        names = ("title", "service", "accountable", "context", "notes", "agreed_on")
        last = plan.end - timedelta(days=1) if plan.end else None
        return {**{name: getattr(plan, name) for name in names}, "first_day": plan.start, "last_day": last}


EMPTY, TEMPLATE, EARLIER = "empty", "template:", "plan:"


class NewPlanForm(HeadingForm):
    """How a plan begins: empty, from a template, or with what an earlier plan left unfinished."""

    begin = forms.ChoiceField(label="How does it begin?", widget=forms.RadioSelect)
    # The rest of the heading is written when the plan is there.
    service = accountable = agreed_on = context = notes = None  # type: ignore[assignment]

    field_order = ("begin", "title", "first_day", "last_day")
    looks = {"begin": Look(label="m")}

    def __init__(self, *args: Any, plans: list[Plan], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(EMPTY, "Empty")]
        choices += [(f"{TEMPLATE}{each.key}", f"From a template: {each.title}") for each in TEMPLATES.values()]
        choices += [
            (f"{EARLIER}{plan.public_id}", f"From {plan.title}: its sections, priorities and unfinished actions")
            for plan in plans
        ]
        self.fields["begin"].choices = choices  # type: ignore[attr-defined]


def _days_hint(field: str) -> str:
    return f"Your own words: March 2027, 31/03/2027, spring term, termly, weekly, or April 2027 and ongoing{field}"


class ActionForm(GovukForm):
    """One action, with who leads it, by when, how it is judged and what it serves."""

    section = forms.CharField(label="Section", max_length=300, help_text="A heading of the plan, or a new one")
    reference = forms.CharField(label="Reference", max_length=40, required=False, help_text="Such as 1.2")
    words = long("Action", required=True, hint="What is to be done")
    outcome = long("Anticipated outcome", hint="What it is to bring about for children")
    people = forms.MultipleChoiceField(
        label="Who in the virtual school leads it?", required=False, widget=forms.CheckboxSelectMultiple
    )
    others = long("Other leads", hint="A name or a role, each on a line of its own", most=1_500)
    start_printed = forms.CharField(label="From when?", max_length=200, required=False, help_text=_days_hint(""))
    end_printed = long("By when, or how often?", hint=_days_hint(". Each on a line, if there are several"), most=500)
    due_on = GovukDateField(
        label="Due date",
        asks="the due date",
        like="31 3 2027",
        required=False,
        help_text="Only if the words above do not say the day",
    )
    measured_by = long("How is it judged?", hint="In words: what is counted, and the target")
    measures = forms.CharField(
        label="Measures",
        required=False,
        max_length=500,
        help_text="The ids of measures that answer it, such as W34 or children-on-roll, with commas between",
    )
    objectives = long("Corporate objectives it serves", hint="Each on a line", most=2_000)
    principles = forms.MultipleChoiceField(
        label="Corporate parenting principles it serves", required=False, widget=forms.CheckboxSelectMultiple
    )
    duties = forms.MultipleChoiceField(
        label="Statutory duties it serves", required=False, widget=forms.CheckboxSelectMultiple
    )
    analysis = long("Analysis behind it", hint="Which figures or report it comes from")
    led_to = forms.ChoiceField(
        label="Plan that grew out of it", required=False, help_text="Such as the plan a working group drew up"
    )

    looks = {
        "words": Look(rows=3, label="m"),
        "outcome": Look(rows=3),
        "people": Look(small=True),
        "others": Look(rows=2),
        "end_printed": Look(rows=2),
        "reference": Look(width=5),
        "start_printed": Look(width=20),
        "measured_by": Look(rows=3),
        "objectives": Look(rows=2),
        "principles": Look(small=True),
        "duties": Look(small=True),
        "analysis": Look(rows=2),
    }

    def __init__(self, *args: Any, people: list[Account], plans: list[Plan], today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.accounts = {str(account.public_id): account for account in people}
        self.plans = {str(plan.public_id): plan for plan in plans}
        self._choose("people", [(key, account.name) for key, account in self.accounts.items()])
        self._choose("principles", PRINCIPLES.choices(today))
        self._choose("duties", DUTIES.choices(today))
        self._choose("led_to", [("", "None"), *((key, plan.title) for key, plan in self.plans.items())])

    def _choose(self, name: str, choices: list[tuple[str, str]]) -> None:
        self.fields[name].choices = choices  # type: ignore[attr-defined]

    def clean_measures(self) -> list[str]:
        wanted = [each for each in re.split(r"[\s,;]+", self.cleaned_data["measures"]) if each]
        unknown = [each for each in wanted if not is_known(each)]
        if unknown:
            raise forms.ValidationError(f"There is no measure called {', '.join(unknown)}. Look for its id in Figures.")
        return wanted

    @property
    def facts(self) -> ActionFacts:
        typed = self.cleaned_data
        people = [(self.accounts[key].name, self.accounts[key]) for key in typed["people"]]
        # In a file several leads stand in one cell, divided by semicolons.
        others = [(each[:150].replace(";", ","), None) for each in lines(typed["others"])]
        return ActionFacts(
            **{name: typed[name] for name in ("section", "reference", "words", "outcome", "measured_by")},
            **{name: typed[name] for name in ("start_printed", "end_printed", "due_on", "measures", "analysis")},
            leads=[*people, *others],
            objectives=lines(typed["objectives"]),
            principles=typed["principles"],
            duties=typed["duties"],
            led_to=self.plans.get(typed["led_to"]),
        )

    @staticmethod
    def starting_values(each: ActionRead, section: str) -> dict[str, Any]:
        action: Action = each.action
        served: dict[str, list[str]] = {kind: [] for kind in Serves.Kind.values}
        for serves in each.serves:
            served[serves.kind].append(serves.code or serves.words)
        names = ("words", "outcome", "measured_by", "start_printed", "end_printed")
        return {
            **{name: getattr(action, name) for name in names},
            "section": section,
            "reference": each.reference,
            "people": [str(lead.account.public_id) for lead in each.leads if lead.account],
            "others": "\n".join(lead.words for lead in each.leads if not lead.account),
            "due_on": action.due_on if action.due_on != due_by_words(action, each.line.plan) else None,
            "measures": ", ".join(each.measures),
            "objectives": "\n".join(served["objective"]),
            "principles": served["principle"],
            "duties": served["duty"],
            "analysis": "\n".join(served["analysis"]),
            "led_to": str(action.led_to.public_id) if action.led_to else "",
        }


def lines(words: str) -> list[str]:
    return [line.strip() for line in words.splitlines() if line.strip()]


class UpdateForm(GovukForm):
    """What happened, on which day, how the lead rates it, and where the evidence is."""

    words = long("What happened", hint="Do not write about one child")
    rating = forms.ChoiceField(
        label="I rate it",
        choices=[(NO_CHANGE, "As it is"), *Rated.choices, (NOT_RATED, "Not rated")],
        widget=forms.RadioSelect,
        initial=NO_CHANGE,
    )
    on = GovukDateField(label="On which day?", asks="the day", like="12 11 2026")
    evidence = forms.CharField(
        label="Evidence", max_length=200, required=False, help_text="What it is, such as Minutes of the working group"
    )
    address = forms.URLField(
        label="Where it is kept",
        required=False,
        max_length=500,
        assume_scheme="https",
        help_text="Its address on the council’s network, beginning https://",
        error_messages={"invalid": "Enter an address like https://ashcombe.example/minutes"},
    )

    looks = {"words": Look(rows=5, label="s"), "rating": Look(label="s", small=True), "on": Look(label="s")}

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["on"].not_after = today  # type: ignore[attr-defined]
        self.fields["on"].initial = today

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not cleaned.get("words") and cleaned.get("rating") == NO_CHANGE and not self.errors:
            self.add_error("words", "Say what happened, or choose a rating")
        if cleaned.get("evidence") and not cleaned.get("address") and "address" not in self.errors:
            self.add_error("address", "Enter where the evidence is kept")
        if cleaned.get("address") and not cleaned.get("evidence"):
            self.add_error("evidence", "Say what the evidence is")
        if cleaned.get("address") and not cleaned.get("words"):
            self.add_error("words", "Say what happened: evidence belongs to an update")
        return cleaned

    @property
    def rated(self) -> str | None:
        """The rating that was chosen: None to leave it as it is."""
        rating = self.cleaned_data["rating"]
        return None if rating == NO_CHANGE else "" if rating == NOT_RATED else rating

    @property
    def pieces(self) -> list[tuple[str, str]]:
        typed = self.cleaned_data
        return [(typed["evidence"], typed["address"])] if typed["evidence"] else []


class PlanDocumentForm(FileForm):
    """A document that shows what an update says."""

    title = forms.CharField(
        label="What is it?",
        max_length=120,
        help_text="Such as Minutes of the working group, 12 November",
        error_messages={"required": "Enter what it is"},
    )

    field_order = ("file", "title")
    looks = {**FileForm.looks, "title": Look(label="m", spellcheck=True)}


class MilestoneForm(GovukForm):
    """A step on the way: what, by when, and whether it was achieved."""

    words = long("Milestone", required=True, most=1_000)
    kind = forms.ChoiceField(label="What is it?", choices=Milestone.Kind.choices, widget=forms.RadioSelect)
    due_on = GovukDateField(label="By when?", asks="the day it is due", like="31 3 2027", required=False)
    warn_weeks = forms.IntegerField(
        label="Weeks of warning before that day",
        min_value=0,
        max_value=104,
        required=False,
        help_text="The plan then shows it so many weeks before. Of the end of a contract give enough time to buy again",
    )
    achieved_on = GovukDateField(label="When was it achieved?", asks="the day it was achieved", required=False)

    looks = {"words": Look(rows=2), "warn_weeks": Look(width=2, suffix="weeks")}

    def clean_warn_weeks(self) -> int:
        return self.cleaned_data["warn_weeks"] or 0

    @staticmethod
    def starting_values(milestone: Milestone) -> dict[str, Any]:
        return {name: getattr(milestone, name) for name in MilestoneForm.base_fields}


class MeetingForm(GovukForm):
    """A meeting: what kind, when, and what became of it."""

    title = forms.CharField(label="What kind of meeting is it?", max_length=200, help_text="Such as PEP working group")
    working_group = forms.BooleanField(label="It is a meeting of a working group", required=False)
    on = GovukDateField(label="When is it?", asks="the day of the meeting", like="15 1 2027")
    state = forms.ChoiceField(label="What became of it?", choices=Meeting.State.choices, widget=forms.RadioSelect)
    notes = long("Notes", hint="What was said or decided. Do not write about one child")

    looks = {"notes": Look(rows=4)}

    @staticmethod
    def starting_values(meeting: Meeting) -> dict[str, Any]:
        return {name: getattr(meeting, name) for name in MeetingForm.base_fields}


class StepForm(GovukForm):
    """What somebody does next, and by when."""

    words = forms.CharField(label="Next step", max_length=500)
    who = forms.CharField(label="Who does it?", max_length=150, required=False)
    due_on = GovukDateField(label="By when?", asks="the day it is due", like="14 1 2027", required=False)


class AskedForm(GovukForm):
    """Which data was asked of whom and when, and whether it came."""

    item = forms.CharField(label="What data is it?", max_length=200, help_text="Such as PEP completion by team")
    asked_of = forms.CharField(label="Who was asked?", max_length=150, help_text="Such as Business intelligence")
    requested_on = GovukDateField(label="When was it asked for?", asks="the day it was asked for", like="12 10 2026")
    supplied_on = GovukDateField(
        label="When was it supplied?",
        asks="the day it was supplied",
        like="2 11 2026",
        required=False,
        help_text="Leave this empty while it has not come",
    )

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("requested_on", "supplied_on"):
            self.fields[name].not_after = today  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        asked, came = cleaned.get("requested_on"), cleaned.get("supplied_on")
        if asked and came and came < asked:
            self.add_error("supplied_on", "The data was supplied before it was asked for")
        return cleaned

    @staticmethod
    def starting_values(asked: Asked) -> dict[str, Any]:
        return {name: getattr(asked, name) for name in AskedForm.base_fields}


class GoalForm(GovukForm):
    """A priority or a success criterion, with where it comes from."""

    kind = forms.ChoiceField(label="What is it?", choices=Goal.Kind.choices, widget=forms.RadioSelect)
    words = long("In words", required=True, most=2_000)
    duties = forms.MultipleChoiceField(
        label="Statutory duties it comes from", required=False, widget=forms.CheckboxSelectMultiple
    )
    analysis = long("Analysis it comes from", hint="Which figures or report", most=2_000)

    looks = {"words": Look(rows=3), "duties": Look(small=True), "analysis": Look(rows=2)}

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["duties"].choices = DUTIES.choices(today)  # type: ignore[attr-defined]

    @staticmethod
    def starting_values(goal: Goal) -> dict[str, Any]:
        serves = list(goal.serves.all())
        return {
            "kind": goal.kind,
            "words": goal.words,
            "duties": [each.code for each in serves if each.kind == Serves.Kind.DUTY],
            "analysis": "\n".join(each.words for each in serves if each.kind == Serves.Kind.ANALYSIS),
        }


class DutyForm(GovukForm):
    """Whether a duty is met, and how one knows."""

    met = forms.ChoiceField(
        label="Is it met today?", choices=[("yes", "Yes"), ("no", "Not yet")], widget=forms.RadioSelect
    )
    proof = long(
        "How do you know?", required=True, hint="What shows it: a figure, a list, a meeting. Not about one child"
    )

    looks = {"met": Look(inline=True, label="s"), "proof": Look(rows=4, label="s")}


class ShareForm(GovukForm):
    """Into which other plan an action goes too, and under which heading."""

    plan = forms.ChoiceField(label="Into which plan?", widget=forms.RadioSelect)
    section = forms.CharField(label="Under which heading?", max_length=300)

    def __init__(self, *args: Any, plans: list[Plan], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.plans = {str(plan.public_id): plan for plan in plans}
        self.fields["plan"].choices = [(key, plan.title) for key, plan in self.plans.items()]  # type: ignore[attr-defined]
