"""The pages on which an authority sets the checker of targets: the list of its rules, and one rule."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from onroll.access.can import Can
from onroll.access.pages import Page
from onroll.children.contradictions import Refused
from onroll.design.forms import GovukForm, Look
from onroll.design.tables import Cell, Column, GroupRow, Table

from .checker_settings import LONGEST, Chosen, chosen_rules, set_rule, why_not_message
from .models import CheckerRule

SHORT = {"stop": ("Stops", "red"), "weak": ("Weak", "yellow"), "hint": ("Hint", "blue")}


class RuleForm(GovukForm):
    """Whether a rule is used, what it means, and what it says."""

    on = forms.ChoiceField(label="Is this rule used?", choices=[("yes", "Yes"), ("no", "No")], widget=forms.RadioSelect)
    severity = forms.ChoiceField(
        label="What does it mean when it fires?", choices=CheckerRule.Severity, widget=forms.RadioSelect
    )
    message = forms.CharField(
        label="What does it say to the writer?",
        max_length=LONGEST,
        required=False,
        help_text="Leave it empty for the words of the product",
        widget=forms.Textarea,
    )

    looks = {"on": Look(inline=True), "message": Look(rows=3)}
    mark_optional = False

    def __init__(self, *args: Any, chosen: Chosen, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.chosen = chosen
        if chosen.guards:
            del self.fields["on"], self.fields["severity"]

    def clean_message(self) -> str:
        words = self.cleaned_data["message"].strip()
        if why := why_not_message(self.chosen.rule, words):
            raise forms.ValidationError(why)
        return words


class CheckerPage(Page):
    """Every rule of the checker as it stands: whether it is used, what it means and what it says."""

    requires = Can.CHANGE_SETTINGS
    template_name = "peps/checker.html"
    fresh = True

    def context(self) -> dict[str, Any]:
        rules = chosen_rules(self.actor.authority)
        columns = [Column("Rule", stacked_label=False), Column("Used"), Column("Means"), Column("What it says")]
        of_targets = [_row(each) for each in rules if each.rule.id.startswith("T")]
        of_plans = [_row(each) for each in rules if each.rule.id.startswith("P")]
        rows: list[Any] = [GroupRow("Of a target"), *of_targets, GroupRow("Of the plan as a whole"), *of_plans]
        used = sum(each.on for each in rules)
        return {"table": Table("Rules of the checker", columns, rows), "used": f"{used} of {len(rules)} rules are used"}


def _row(each: Chosen) -> list[Any]:
    words, colour = SHORT[each.severity]
    name = f"{each.rule.looks_for[:1].upper()}{each.rule.looks_for[1:]}"
    return [
        Cell(name, href=reverse("peps:checker_rule", args=[each.rule.id]), sub="Changed here" if each.changed else ""),
        "Always" if each.guards else "Yes" if each.on else "No",
        Cell(words, tag=colour) if each.on else "–",
        each.message,
    ]


class CheckerRulePage(Page):
    """One rule of the checker."""

    requires = Can.CHANGE_SETTINGS
    template_name = "peps/checker_rule.html"
    fresh = True

    def open(self, *args: Any, **kwargs: Any) -> None:
        rules = chosen_rules(self.actor.authority)
        found = next((each for each in rules if each.rule.id == kwargs["rule"]), None)
        if found is None:
            raise Http404
        self.chosen = found

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        now = {"on": "yes" if self.chosen.on else "no", "severity": self.chosen.severity.value}
        return self.show(form=RuleForm(initial={**now, "message": self.chosen.message}, chosen=self.chosen))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = RuleForm(request.POST, chosen=self.chosen)
        if not form.is_valid():
            return self.show(form=form)
        given = form.cleaned_data
        try:
            set_rule(
                self.chosen.rule.id,
                on=given.get("on", "yes") == "yes",
                severity=given.get("severity", ""),
                message=given["message"],
                actor=self.actor,
            )
        except Refused as refusal:
            form.add_error(None, str(refusal))
            return self.show(form=form)
        messages.success(request, "The rule is set. It holds from now on, for every target that is checked.")
        return HttpResponseRedirect(reverse("peps:checker"))

    def context(self) -> dict[str, Any]:
        return {"chosen": self.chosen, "product_says": self.chosen.rule.message}
