"""The page of one sharing agreement: what rests on it, and where it ends."""

from collections import Counter
from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from onroll.access.can import Can
from onroll.access.pages import Page
from onroll.children.actions.links import end_agreement, resting_on, why_not_end_agreement
from onroll.children.contradictions import Refused
from onroll.children.forms.parts import ConfirmForm
from onroll.design.tables import Column, Table
from onroll.design.values import SummaryRow
from onroll.design.words import count_of, day, lower_first
from onroll.people.models import SharingAgreement

from .forms import EndAgreementForm
from .people import role_of


class AgreementPage(Page):
    """One agreement with the posts that rest on it. It counts their cases and names no child."""

    requires = Can.KEEP_AGREEMENTS
    template_name = "administration/agreement.html"

    def open(self, agreement: object) -> None:
        found = SharingAgreement.objects.filter(public_id=agreement, authority_id=self.actor.authority).first()
        if found is None:
            raise Http404
        self.agreement: SharingAgreement = found
        self.posts, cases = resting_on(found, end=self.actor.today)
        self.cases = Counter((case.account_id, case.service) for case in cases)

    def context(self) -> dict[str, Any]:
        held = self.agreement
        until = f" to {day(held.end - timedelta(days=1))}" if held.end else ""
        columns = [Column("Name", stacked_label=False), Column("Post"), Column("Since"), Column("Open cases")]
        rows: list[Any] = [
            [
                post.account.name,
                role_of(post),
                day(post.start),
                str(self.cases[post.account_id, post.role]),
            ]
            for post in self.posts
        ]
        return {
            "agreement": held,
            "rows": [
                SummaryRow("Between", held.parties),
                SummaryRow("What is shared, and what for", held.purpose),
                SummaryRow("Lawful basis", held.lawful_basis),
                SummaryRow("In force", f"From {day(held.start)}{until}"),
                SummaryRow("To be reviewed by", day(held.review_on)),
            ],
            "posts": Table("Posts that rest on it", columns, rows, caption_hidden=False) if rows else None,
            "blocked": why_not_end_agreement(held, end=self.actor.today, actor=self.actor),
            "confirm": None,
        }

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.show(form=EndAgreementForm(initial={"last": self.actor.today}))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = EndAgreementForm(request.POST)
        if not form.is_valid():
            return self.show(form=form)
        end = form.cleaned_data["last"] + timedelta(days=1)
        confirm = ConfirmForm(self.ends(), request.POST)
        if not confirm.is_confirmed:
            confirm.ask()
            return self.show(form=form, confirm=confirm)
        try:
            end_agreement(self.agreement, end=end, actor=self.actor)
        except Refused as refusal:
            form.add_error("last", str(refusal))
            return self.show(form=form)
        messages.success(request, f"The last day of “{self.agreement.title}” is {day(form.cleaned_data['last'])}.")
        return HttpResponseRedirect(reverse("people:agreements"))

    def ends(self) -> list[str]:
        """What ends with the agreement, said before it does."""
        said = [
            f"The post of {post.account.name} as {lower_first(role_of(post))} ends with it, and "
            f"{count_of(self.cases[post.account_id, post.role], 'open case', 'open cases')}."
            for post in self.posts
        ]
        return said or ["No post rests on it."]
