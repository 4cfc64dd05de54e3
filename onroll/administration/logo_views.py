"""The page on which the authority's logo is set."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from onroll.access.can import Can
from onroll.access.pages import Page
from onroll.authorities.models import Logo

from .forms import LogoForm
from .logos import remove_logo, set_logo


class LogoPage(Page):
    """The logo as it is, another file, or none."""

    requires = Can.CHANGE_SETTINGS
    template_name = "administration/logo.html"
    fresh = True

    def context(self) -> dict[str, Any]:
        return {"logo": Logo.objects.of(self.actor.authority), "code": self.actor.authority_code}

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.show(form=LogoForm())

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.POST.get("act") == "remove":
            remove_logo(actor=self.actor)
            messages.success(request, "The logo is removed. Pages show the name alone.")
            return HttpResponseRedirect(reverse("administration:settings"))
        form = LogoForm(request.POST, request.FILES)
        if not form.is_valid():
            return self.show(form=form)
        set_logo(form.cleaned_data["file"], actor=self.actor)
        messages.success(request, "The logo stands beside the name on every page.")
        return HttpResponseRedirect(reverse("administration:settings"))
