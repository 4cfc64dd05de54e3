"""Pages about the addresses that people are written to: what waits for a second person, and the domains of schools."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from onroll.access.can import Can
from onroll.access.pages import Page
from onroll.people.actions import Refused, name_domains, refuse_address
from onroll.people.models import SchoolDomains
from onroll.schools.models import School

from .actions import confirm_address, keep_address
from .addresses import came_back, waiting
from .forms import SchoolDomainsForm
from .views import OnePersonPage


class AddressesPage(Page):
    """What waits for a second person: confirm it or refuse it. And whose messages come back."""

    requires = Can.KEEP_POSTS
    template_name = "administration/addresses.html"
    fresh = True

    def context(self) -> dict[str, Any]:
        return {"waiting": waiting(self.actor), "came_back": came_back(self.actor)}

    def post(self, request: HttpRequest) -> HttpResponse:
        wanted = request.POST.get("post", "")
        found = next((each.post for each in waiting(self.actor) if str(each.post.public_id) == wanted), None)
        if found is None:
            raise Http404
        try:
            if request.POST.get("act") == "refuse":
                refuse_address(found, actor=self.actor)
                messages.success(request, f"Refused: {found.account.email}. Nothing was sent.")
            else:
                confirm_address(found, address=request.POST.get("address", ""), actor=self.actor)
                messages.success(request, f"Confirmed: {found.account.email}. A message is on its way to them.")
        except Refused as why:
            messages.error(request, str(why))
        return HttpResponseRedirect(reverse("administration:addresses"))


class KeepAddressPage(OnePersonPage):
    """Says that an address from which messages came back is right after all."""

    requires = Can.KEEP_POSTS
    fresh = True
    http_method_names = ["post"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            keep_address(self.person.account, actor=self.actor)
        except Refused as why:
            messages.error(request, str(why))
        else:
            messages.success(request, "Messages go to this address again from now on.")
        return self.back()


class SchoolDomainsPage(Page):
    """The e-mail domains of one school: to addresses under them its staff are invited without a second person."""

    requires = Can.KEEP_POSTS
    template_name = "administration/school_domains.html"
    fresh = True

    def open(self, school: object, **kwargs: Any) -> None:  # type: ignore[override]
        found = School.objects.filter(public_id=school).first()
        if found is None or found.authority_id not in (None, self.actor.authority):
            raise Http404
        self.school = found

    def context(self) -> dict[str, Any]:
        return {"school": self.school}

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        held = SchoolDomains.objects.filter(authority_id=self.actor.authority, school=self.school).first()
        return self.show(form=SchoolDomainsForm(initial={"domains": held.domains if held else ""}))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = SchoolDomainsForm(request.POST)
        if not form.is_valid():
            return self.show(form=form)
        name_domains(self.school, form.cleaned_data["domains"], actor=self.actor)
        messages.success(request, f"Saved: the e-mail domains of {self.school.name}.")
        return HttpResponseRedirect(reverse("administration:contacts"))
