"""Forms of targets: a target with the money it needs, and how last term's went."""

from collections.abc import Sequence
from typing import Any

from django import forms

from onroll.design.forms import GovukDateField, GovukForm, Look

from .models import PepTarget
from .targets.bank import NEEDS, Approach, whole_bank


def box(label: str, *, required: bool = False, hint: str = "", most: int = 1000, rows: bool = False) -> forms.CharField:
    widget = forms.Textarea if rows else forms.TextInput
    return forms.CharField(label=label, required=required, help_text=hint, max_length=most, widget=widget)


class TargetForm(GovukForm):
    """One target. Only its sentence is needed to keep it: what else is missing, the checker says."""

    need = forms.ChoiceField(label="Which need is this for?", required=False)
    intervention = forms.ChoiceField(
        label="What will help?",
        required=False,
        help_text="From the bank of approaches. What you leave empty below is filled from it",
    )
    area = forms.ChoiceField(label="About", choices=PepTarget.Area, widget=forms.RadioSelect, required=False)
    text = box("The target", required=True, hint="By the next plan, the child will … (from … to …)", rows=True)
    baseline = box("Where does the child start?", hint="A score, a number, something seen", rows=True)
    success = box("How will we know?", hint="One thing you can see or count", rows=True)
    action = box("What will be done?", rows=True)
    how_often = box("How often, and for how long each time?", most=200)
    when = box("When in the day or week?", most=200)
    where = box("Where?", most=200)
    owner = box("Who does it?", hint="One person’s name", most=200)
    due_on = GovukDateField(label="By when?", asks="the day of the target", like="18 12 2026", required=False)
    kind = forms.ChoiceField(
        label="For the term, or for the year?", choices=PepTarget.Span, widget=forms.RadioSelect, initial="in_term"
    )
    ambitious = forms.BooleanField(label="It is above the path that is expected of the child", required=False)
    from_voice = forms.BooleanField(label="It comes from what the young person said", required=False)
    own_words = box("In the young person’s own words", hint="I will …", rows=True)
    amount = forms.DecimalField(
        label="How much Pupil Premium Plus does it need?",
        required=False,
        min_value=0,
        max_value=99999,
        decimal_places=2,
        help_text="Leave it empty if it needs none",
    )
    buys = box("What will the money buy?", hint="Such as 12 hours of maths tuition at £35", rows=True)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    set_aside = box("If you keep it as it is against the checker: why?", most=500, rows=True)

    mark_optional = False
    field_order = (
        "need", "intervention", "text", "baseline", "success", "owner", "due_on", "area", "action", "how_often", "when",
        "where", "kind", "ambitious", "from_voice", "own_words", "amount", "buys", "set_aside",
    )  # fmt: skip
    looks = {
        **{name: Look(rows=2) for name in ("text", "baseline", "success", "action", "own_words", "buys", "set_aside")},
        "amount": Look(prefix="£", width=5),
        "kind": Look(inline=True),
    }

    def __init__(self, *args: Any, approaches: tuple[Approach, ...], need: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["need"].choices = [("", "Choose"), *((need, need) for need in NEEDS)]  # type: ignore[attr-defined]
        self.fields["intervention"].choices = [("", "My own"), *by_need(approaches, need)]  # type: ignore[attr-defined]


def by_need(approaches: Sequence[Approach], need: str = "") -> list[tuple[str, list[tuple[str, str]]]]:
    """The approaches of the plan's phase, each once, by what they are for, and at the end those for other ages.

    `need`: the one that the target is for. It heads the list, and what helps with it and with more stands there.
    """
    order = list(dict.fromkeys([*([need] if need else []), *NEEDS]))
    groups: dict[str, list[tuple[str, str]]] = {each: [] for each in order}
    for each in approaches:
        groups[min(each.needs, key=order.index)].append((each.key, each.name))
    own = {each.key for each in approaches}
    groups["For other ages"] = [(each.key, each.name) for each in whole_bank() if each.key not in own]
    return [(heading, held) for heading, held in groups.items() if held]


class ReviewTargetForm(GovukForm):
    """How one target of the last plan went."""

    outcome = forms.ChoiceField(label="How did it go?", choices=PepTarget.Outcome, widget=forms.RadioSelect)
    evidence = box("What shows it?", required=True, rows=True)
    effect = box("What difference did the help make?", rows=True)
    next = forms.ChoiceField(label="What now?", choices=PepTarget.Next, widget=forms.RadioSelect, required=False)
    change_recorded = box("What will be done differently?", hint="Needed where the target was not fully met", rows=True)

    mark_optional = False
    looks = {name: Look(rows=2) for name in ("evidence", "effect", "change_recorded")}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        unmet = cleaned.get("outcome") in (PepTarget.Outcome.PARTLY, PepTarget.Outcome.NOT_MET)
        if unmet and not cleaned.get("change_recorded"):
            self.add_error("change_recorded", "Say what will be done differently: the target was not fully met")
        return cleaned
