"""Pages where a fact is let out to the open case of a partner service, and taken back."""

from typing import Any

from django import forms
from django.http import Http404

from onroll.access.can import Can
from onroll.access.sections import Section, may_read
from onroll.design.forms import GovukForm
from onroll.design.words import day, lower_first

from ..actions.releases import release, what_for, why_not_release, why_not_withdraw, withdraw
from ..contradictions import called
from ..models import Release, ServiceCase
from ..releases import SECTION_OF, address_now
from .act import ActPage
from .marks import gains_in_words

_HEADINGS = {
    Release.What.ADDRESS: "Let the address out to this case",
    Release.What.SDQ: "Let the SDQ totals out to this case",
}
_OPENS = {Release.What.ADDRESS: "where {name} lives", Release.What.SDQ: "the total SDQ scores of {name}"}


class ReleaseForm(GovukForm):
    why = forms.CharField(
        label="Why does the case need it?",
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="It is kept with the case. For example: the school’s distance criterion decides the application",
        error_messages={"required": "Say why the case needs it"},
    )


class ReleasePage(ActPage):
    """Where an address goes to an admissions case, or SDQ totals to an educational psychologist's."""

    requires = Can.RELEASE_TO_A_CASE
    section = Section.PROFESSIONALS
    writes = False
    back_to = "profile:people"
    button = "Let it out"
    form_class = ReleaseForm

    def open(self, *args: Any, **kwargs: Any) -> None:
        super().open(*args, **kwargs)
        self.case: ServiceCase = self.one_of_the_child(ServiceCase, kwargs["case"])
        what = what_for(self.case)
        if what is None or not may_read(self.actor, SECTION_OF[what]):
            raise Http404
        self.what = what

    def heading(self) -> str:
        return _HEADINGS[self.what]

    def held(self) -> list[str]:
        service = lower_first(self.case.get_service_display())
        until = "It is read until the case is closed or you take it back, and by nobody who stands in."
        return [f"{self.case.account.name}, {service}: {self.case.about}.", until]

    def blocked(self) -> str:
        return why_not_release(self.case, actor=self.actor)

    def leaves(self, form: ReleaseForm) -> list[str]:
        """Who sees what by it (ACC-6)."""
        words = _OPENS[self.what].format(name=called(self.child))
        said = gains_in_words({words: {self.case.account_id: self.case.account.name}})
        address = address_now(self.child) if self.what is Release.What.ADDRESS else None
        if address is not None:
            mark = lower_first(address.get_disclosure_display())
            said.append(f"The mark on the address goes with it: {mark}.")
        return said

    def act(self, form: ReleaseForm) -> str:
        release(self.case, why=form.cleaned_data["why"], actor=self.actor)
        return f"It is let out to {self.case.account.name} for this case."


class WithdrawReleasePage(ActPage):
    """Where what was let out to a case is taken back."""

    requires = Can.RELEASE_TO_A_CASE
    section = Section.ADDRESS
    writes = False
    back_to = "profile:people"
    title = "Take it back"
    button = "Take it back"
    button_kind = "warning"
    form_class = GovukForm

    def open(self, *args: Any, **kwargs: Any) -> None:
        super().open(*args, **kwargs)
        self.release: Release = self.one_of_the_child(Release, kwargs["release"])

    def held(self) -> list[str]:
        let_out = self.release
        by = f" by {let_out.released_by.name}" if let_out.released_by else ""
        return [
            f"{let_out.get_what_display()}: let out to {let_out.case.account.name} on {day(let_out.start)}{by}.",
            f"Why: {let_out.why}",
        ]

    def blocked(self) -> str:
        return why_not_withdraw(self.release, actor=self.actor)

    def act(self, form: GovukForm) -> str:
        withdraw(self.release, actor=self.actor)
        return f"{self.release.case.account.name} reads it no more."
