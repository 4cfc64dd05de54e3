"""Pages on which the authority is set: a group of settings, what would change, then save."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from onroll.access.can import Can
from onroll.access.pages import Page
from onroll.authorities.models import Authority
from onroll.design.values import SummaryRow

from .forms import SettingsForm
from .settings_groups import GROUPS, changes, save_settings


class SettingsPage(Page):
    """Every setting as it is now, group by group."""

    requires = Can.CHANGE_SETTINGS
    template_name = "administration/settings.html"

    def context(self) -> dict[str, Any]:
        authority = Authority.objects.get(pk=self.actor.authority)
        return {
            "groups": [
                (
                    group,
                    [
                        SummaryRow(s.label[:1].upper() + s.label[1:], s.words(getattr(authority, s.field)))
                        for s in group.settings
                    ],
                )
                for group in GROUPS.values()
            ]
        }


class SettingsGroupPage(Page):
    """One group: its form, then what saving would change and whom it touches, then the save itself."""

    requires = Can.CHANGE_SETTINGS
    template_name = "administration/settings_group.html"
    fresh = True

    def open(self, group: str, **kwargs: Any) -> None:  # type: ignore[override]
        if group not in GROUPS:
            raise Http404
        self.group = GROUPS[group]
        self.authority = Authority.objects.get(pk=self.actor.authority)

    def context(self) -> dict[str, Any]:
        return {"group": self.group, "groups": GROUPS.values()}

    def form(self, data: Any = None) -> SettingsForm:
        return SettingsForm(data, group=self.group, authority=self.authority)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.show(form=self.form())

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = self.form(request.POST)
        if request.POST.get("act") == "back" or not form.is_valid():
            return self.show(form=form)
        found = changes(self.authority, self.group, form.cleaned_data, self.actor)
        if not found:
            form.add_error(None, "Nothing would change. Change a setting first.")
            return self.show(form=form)
        if request.POST.get("act") != "save":
            return self.show(form=form, changes=found, typed=_typed(request))
        save_settings(self.authority, self.group, form.cleaned_data, actor=self.actor)
        messages.success(request, f"Saved: {self.group.title.lower()}.")
        return HttpResponseRedirect(reverse("administration:settings"))


def _typed(request: HttpRequest) -> list[tuple[str, str]]:
    """What was typed, to be sent again with the save."""
    return [(name, said) for name, said in request.POST.items() if name not in ("act", "csrfmiddlewaretoken")]
