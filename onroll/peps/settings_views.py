"""The page on which an authority sets its clock of plans: what would change, then save."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from onroll.access.can import Can
from onroll.access.pages import Page
from onroll.design.forms import GovukForm
from onroll.history.changes import change, verb

from .models import PepSettings

verb("pep.settings_changed", "{actor} changed the settings of PEPs")

FIELDS = [field for field in PepSettings._meta.concrete_fields if field.name not in ("id", "authority")]


class PepSettingsForm(GovukForm):
    """Every setting of plans. Numbers left empty are off, where that is allowed."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in FIELDS:
            asked = field.formfield()
            assert asked is not None
            if isinstance(asked, forms.TypedChoiceField):
                asked = forms.ChoiceField(
                    label=asked.label,
                    choices=list(field.choices or ()),
                    help_text=asked.help_text,
                    widget=forms.RadioSelect,
                )
            asked.validators += field.validators
            self.fields[field.name] = asked


class PepSettingsPage(Page):
    """The clock's numbers and the steps inside a plan."""

    requires = Can.CHANGE_SETTINGS
    template_name = "peps/settings.html"
    fresh = True

    def _settings(self) -> PepSettings:
        return PepSettings.of(self.actor.authority)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        settings = self._settings()
        return self.show(form=PepSettingsForm(initial={field.name: getattr(settings, field.name) for field in FIELDS}))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = PepSettingsForm(request.POST)
        if not form.is_valid():
            return self.show(form=form)
        settings = self._settings()
        for field in FIELDS:
            setattr(settings, field.name, form.cleaned_data[field.name])
        with change("pep.settings_changed", actor=self.actor) as this:
            this.save(settings)
        messages.success(request, "The settings are saved. Dates of open plans follow within a day.")
        return HttpResponseRedirect(reverse("peps:tracker"))
