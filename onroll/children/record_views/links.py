"""Pages about what opens a record: cover, cases of services, a young adult's word, and who can see the child."""

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from onroll.access.can import Can
from onroll.access.pages import Page
from onroll.access.sections import Section, cell
from onroll.design.tables import Cell, Column, Table
from onroll.design.words import count_of, day, lower_first
from onroll.design.words import listed as listed_words
from onroll.history.viewing import listed
from onroll.people.models import Cover
from onroll.schools.models import School

from ..actions.links import agree, close_case, give_cover, open_case, tell_setting, withdraw_agreement, withdraw_cover
from ..contradictions import Refused, called, start_of_sentence
from ..forms.identity import EndForm
from ..forms.links import CaseForm, CoverForm, RollNoticeForm, TellForm, YoungAdultForm
from ..forms.parts import ConfirmForm
from ..models import CoverChild, SchoolPlace, ServiceCase, YoungAdultAgreement
from ..pages import ChildPage
from ..roll_notices import tell_by_hand
from ..telling import to_tell
from ..visibility import ADULT, reach, years_before
from ..who_sees import gained_by_agreement, gained_by_case, links_of, readers
from .act import ActPage


class CoverPage(Page):
    """Where the holder of a post says who stands in for them, and takes it back."""

    requires = Can.GIVE_COVER
    template_name = "children/cover.html"

    def open(self, *args: Any, **kwargs: Any) -> None:
        if self.actor.cover is not None or self.actor.post is None:
            raise Http404

    def context(self) -> dict[str, Any]:
        given = Cover.objects.filter(post=self.actor.post, end__gt=self.actor.today).order_by("start", "pk")
        # Whom the giver sees no more is not named here either.
        limited = CoverChild.unscoped.filter(cover__in=given, child__in=reach(self.actor).values("pk"))
        limited = limited.select_related("child")
        names: dict[int, list[str]] = {}
        for row in limited:
            names.setdefault(row.cover_id, []).append(row.child.name)
        listed(self.actor, dict.fromkeys(row.child_id for row in limited), "children:cover")
        return {
            "confirm": None,
            "rows": [
                {
                    "cover": cover,
                    "last": cover.end - timedelta(days=1),
                    "children": names.get(cover.pk, []),
                    "sections": [Section(letter).title for letter in cover.sections.split()],
                }
                for cover in given
            ],
        }

    def show(self, status: int = 200, **context: Any) -> HttpResponse:
        listed(self.actor, context["form"].named, "children:cover")
        return super().show(status, **context)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.show(form=CoverForm(actor=self.actor, initial={"start": self.actor.today}))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = CoverForm(request.POST, actor=self.actor)
        if form.is_valid():
            data = form.cleaned_data
            confirm = ConfirmForm(self.opens(form), request.POST)
            if not confirm.is_confirmed:
                confirm.ask()
                return self.show(form=form, confirm=confirm)
            try:
                give_cover(
                    email=data["email"],
                    start=data["start"],
                    end=data["end"],
                    children=form.chosen_children,
                    sections=data["sections"] if data["what"] == "some" else (),
                    reason=data["reason"],
                    actor=self.actor,
                )
            except Refused as refusal:
                form.add_error(None, str(refusal))
            else:
                words = f"Whoever signs in as {data['email']} can stand in for you to {day(data['last'])}. Tell them."
                messages.success(request, words)
                return HttpResponseRedirect(reverse("children:cover"))
        return self.show(form=form)

    def opens(self, form: CoverForm) -> list[str]:
        """What the cover opens, of whom, and to whom: said before it is given (ACC-6).

        The address is named and no more of the person: that would tell who has an account.
        """
        data, chosen = form.cleaned_data, form.chosen_children
        letters = {Section.BASICS.value, *data["sections"]} if data["what"] == "some" else None
        parts = [s for s in Section if cell(self.actor, s) and (letters is None or s.value in letters)]
        who = f"1 more person, whoever signs in as {data['email']},"
        when = f"from {day(data['start'])} to {day(data['last'])}"
        if chosen is None:
            whom = count_of(reach(self.actor).count(), "child", "children")
        else:
            whom = listed_words([child.name for child in chosen])
        return [f"{who} will see {listed_words([lower_first(part.title) for part in parts])} of {whom}, {when}."]


class WithdrawCoverPage(Page):
    """Takes cover back at once."""

    requires = Can.GIVE_COVER
    http_method_names = ["post"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        own = Cover.objects.filter(public_id=kwargs["cover"], post=self.actor.post, end__gt=self.actor.today).first()
        if own is None or self.actor.cover is not None:
            raise Http404
        withdraw_cover(own, actor=self.actor)
        messages.success(request, "The cover is withdrawn. It opens nothing any more.")
        return HttpResponseRedirect(reverse("children:cover"))


class OpenCasePage(ActPage):
    """Where a case of a partner service with the child opens."""

    requires = Can.OPEN_A_CASE
    section = Section.PROFESSIONALS
    back_to = "profile:people"
    title = "Open a case with a service"
    button = "Open this case"
    form_class = CaseForm

    def form_options(self) -> dict[str, Any]:
        return {"actor": self.actor, "initial": {"start": self.actor.today}}

    def leaves(self, form: CaseForm) -> list[str]:
        """Whom the case lets in (ACC-6)."""
        account, service = form.chosen()
        start = form.cleaned_data["start"]
        return gained_by_case(self.child, account, service, start=start, today=self.actor.today)

    def act(self, form: CaseForm) -> str:
        account, service = form.chosen()
        data = form.cleaned_data
        open_case(
            self.child, account=account, service=service, about=data["about"], start=data["start"], actor=self.actor
        )
        return f"{account.name} has a case with {called(self.child)} from {day(data['start'])}."


class CloseCasePage(ActPage):
    """Where a case of a partner service is closed."""

    requires = Can.OPEN_A_CASE
    section = Section.PROFESSIONALS
    back_to = "profile:people"
    title = "Close a case"
    button = "Close this case"
    button_kind = "warning"
    form_class = EndForm

    def open(self, *args: Any, **kwargs: Any) -> None:
        super().open(*args, **kwargs)
        self.case: ServiceCase = self.one_of_the_child(ServiceCase, kwargs["case"])

    def held(self) -> list[str]:
        service = lower_first(self.case.get_service_display())
        return [
            f"{self.case.account.name}, {service}, has a case since {day(self.case.start)}.",
            "The record stays open to them for five working days after the case is closed.",
        ]

    def blocked(self) -> str:
        return f"This case was closed on {day(self.case.end)}." if self.case.end else ""

    def form_options(self) -> dict[str, Any]:
        return {
            "label": "On which day is the case closed?",
            "asks": "the day the case is closed",
            "initial": {"end": self.actor.today},
        }

    def act(self, form: EndForm) -> str:
        close_case(self.case, end=form.cleaned_data["end"], actor=self.actor)
        return f"{self.case.account.name}’s case is closed on {day(form.cleaned_data['end'])}."


class YoungAdultPage(ActPage):
    """Where a young adult's own word is recorded: who goes on seeing the record after the 18th birthday."""

    requires = Can.RECORD_AGREEMENT
    section = Section.PROFESSIONALS
    back_to = "profile:people"
    title = "What the young adult agreed to"
    button = "Record this agreement"
    form_class = YoungAdultForm

    def blocked(self) -> str:
        if self.child.birth_date > years_before(self.actor.today, ADULT):
            return f"{start_of_sentence(called(self.child))} is not 18 yet. Until then nobody needs this agreement."
        return ""

    def held(self) -> list[str]:
        rows = YoungAdultAgreement.of(self.child, self.actor).on(self.actor.today).select_related("school", "account")
        return [f"{row.school or row.account.name} may go on since {day(row.start)}." for row in rows]

    def form_options(self) -> dict[str, Any]:
        return {"actor": self.actor, "child": self.child, "initial": {"start": self.actor.today}}

    def leaves(self, form: YoungAdultForm) -> list[str]:
        """Who goes on by it (ACC-6)."""
        to = form.chosen()
        days = {"start": form.cleaned_data["start"], "today": self.actor.today}
        return gained_by_agreement(self.child, school=to.get("school"), account=to.get("account"), **days)

    def act(self, form: YoungAdultForm) -> str:
        data = form.cleaned_data
        agree(self.child, **form.chosen(), told=data["told"], start=data["start"], actor=self.actor)
        return "The agreement is recorded. It can be withdrawn on this page of the record at any time."


class WithdrawAgreementPage(ActPage):
    """Where a young adult's agreement ends because they took it back."""

    requires = Can.RECORD_AGREEMENT
    section = Section.PROFESSIONALS
    back_to = "profile:people"
    title = "Withdraw an agreement"
    button = "Withdraw this agreement"
    button_kind = "warning"
    form_class = EndForm

    def open(self, *args: Any, **kwargs: Any) -> None:
        super().open(*args, **kwargs)
        self.agreement: YoungAdultAgreement = self.one_of_the_child(YoungAdultAgreement, kwargs["agreement"])

    def held(self) -> list[str]:
        to = self.agreement.school or (self.agreement.account.name if self.agreement.account else "")
        return [
            f"{to} may see the record since {day(self.agreement.start)}.",
            f"How they said it: {self.agreement.told}",
        ]

    def blocked(self) -> str:
        return f"It was withdrawn on {day(self.agreement.end)}." if self.agreement.end else ""

    def form_options(self) -> dict[str, Any]:
        return {
            "label": "From which day is the record closed to them?",
            "asks": "the day the agreement ends",
            "initial": {"end": self.actor.today},
        }

    def act(self, form: EndForm) -> str:
        withdraw_agreement(self.agreement, end=form.cleaned_data["end"], actor=self.actor)
        return "The agreement is withdrawn."


class TellSettingPage(ActPage):
    """Where it is written down what a school was told of the child's health, SEN or disability, to whom and why."""

    requires = Can.TELL_A_SETTING
    section = Section.HEALTH
    back_to = "profile:needs"
    title = "Tell the school"
    button = "Record that the school was told"
    form_class = TellForm

    def open(self, *args: Any, **kwargs: Any) -> None:
        super().open(*args, **kwargs)
        held = SchoolPlace.of(self.child, self.actor).on(self.actor.today).filter(kind=SchoolPlace.Kind.MAIN)
        place = held.select_related("school").first()
        self.school: School | None = place.school if place else None

    def held(self) -> list[str]:
        return [f"{self.school.name} reads what you write here, and may ask you about it."] if self.school else []

    def blocked(self) -> str:
        return "" if self.school else f"{start_of_sentence(called(self.child))} has no main school today."

    def form_options(self) -> dict[str, Any]:
        return {"initial": {"told_on": self.actor.today}}

    def act(self, form: TellForm) -> str:
        assert self.school is not None
        tell_setting(self.child, school=self.school, actor=self.actor, **form.cleaned_data)
        return f"It is recorded that {self.school.name} was told."


class RollNoticePage(ActPage):
    """Where it is written down that the school was told by somebody that the child is on its roll."""

    requires = Can.TELL_A_SETTING
    section = Section.SCHOOL
    back_to = "profile:school"
    title = "Record that the school knows"
    button = "Record it"
    form_class = RollNoticeForm

    def open(self, *args: Any, **kwargs: Any) -> None:
        super().open(*args, **kwargs)
        held = SchoolPlace.of(self.child, self.actor).on(self.actor.today).filter(kind=SchoolPlace.Kind.MAIN)
        place = held.select_related("school").first()
        self.school: School | None = place.school if place else None

    def held(self) -> list[str]:
        if self.school is None:
            return []
        return [
            f"The head teacher and the designated teacher of {self.school.name} have to know that "
            f"{called(self.child)} is looked after and on their roll. Who signs in here gets a message; write down "
            "here when you told them yourself."
        ]

    def blocked(self) -> str:
        return "" if self.school else f"{start_of_sentence(called(self.child))} has no main school today."

    def form_options(self) -> dict[str, Any]:
        return {"initial": {"told_on": self.actor.today}, "today": self.actor.today}

    def act(self, form: RollNoticeForm) -> str:
        assert self.school is not None
        tell_by_hand(self.child, actor=self.actor, **form.cleaned_data)
        return f"It is recorded that {self.school.name} was told."


class ToTellPage(Page):
    """Children with a need of which nobody told their present school."""

    requires = Can.TELL_A_SETTING
    template_name = "children/to_tell.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        rows = to_tell(self.actor)
        listed(self.actor, [row.child.pk for row in rows], "children:to_tell", section="a2,j,k")
        columns = [
            Column("Name", stacked_label=False),
            Column("School"),
            Column("Not told of"),
            Column("What to do", hidden=True),
        ]
        table = Table(
            count_of(len(rows), "child", "children"),
            columns,
            [
                [
                    Cell(row.child.name, href=reverse("profile:needs", args=[row.child.public_id])),
                    row.school.name,
                    ", ".join(row.words),
                    Cell("Tell the school", href=reverse("children:tell", args=[row.child.public_id])),
                ]
                for row in rows
            ],
            stacked="brief",
        )
        return self.show(table=table if rows else None)


class WhoSeesPage(ChildPage):
    """Who can see this child today: names by section, and since when."""

    requires = Can.SEE_WHO_CAN_SEE
    section = Section.PROFESSIONALS
    template_name = "children/who_sees.html"

    def shown(self) -> str:
        return f"{Section.PROFESSIONALS.value},{Section.CARER.value}"

    def context(self) -> dict[str, Any]:
        links = links_of(self.child, self.actor.today, self.actor.at)
        found = readers(self.child, self.actor.today, links)
        parts = [
            (section, [(reader, reader.cells[section.value]) for reader in found if reader.reads(section)])
            for section in Section
        ]
        people = Table(
            count_of(len(found), "person", "people"),
            [Column("Name", stacked_label=False), Column("Role"), Column("Since"), Column("Why")],
            [[reader.name, reader.role_words, day(reader.since), reader.by] for reader in found],
            stacked="brief",
        )
        return {**super().context(), "people": people, "parts": [part for part in parts if part[1]]}
