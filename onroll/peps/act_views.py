"""Pages of one act on a plan: book its meeting, return it, sign it, sign it off, set it aside."""

from typing import Any, ClassVar

from django import forms
from django.http import Http404
from django.urls import reverse

from onroll.access.can import Can
from onroll.access.models import Account
from onroll.access.sections import Section
from onroll.children.record_views.act import ActPage
from onroll.design.words import day, weekday
from onroll.people.models import Post

from . import actions
from .entry_forms import (
    AmendForm,
    ExemptForm,
    HeldForm,
    HelpForm,
    HoldForm,
    MissedForm,
    ReturnForm,
    SignForm,
    SignOffForm,
    TakeUpForm,
)
from .meeting.forms import BookForm
from .meeting.people import Names, people_of
from .models import Pep, Signature
from .queries import next_term_began, signed_by
from .workflow import SIGNS, THE_VIRTUAL_SCHOOL, Act


class PepActPage(ActPage):
    """A page of one act on one plan of the child."""

    abstract = True
    section = Section.PEP
    # The act of the table, where it is one; else what is in its way is asked in `blocked`.
    move: ClassVar[Act | None] = None
    back_to = "peps:pep"

    pep: Pep

    def open(self, *args: Any, **kwargs: Any) -> None:
        super().open(*args, **kwargs)
        found = self.plans().filter(public_id=kwargs["pep"]).first()
        if found is None:
            raise Http404
        found.child = self.child
        self.pep = found

    def plans(self) -> Any:
        """The plans of the child among which the one in the address is looked for."""
        return Pep.of(self.child, self.actor)

    def heading(self) -> str:
        return f"{self.title}: {self.pep.title}"

    def blocked(self) -> str:
        return actions.why_not(self.pep, self.move, actor=self.actor) if self.move else ""

    def child_url(self, route: str, *more: Any) -> str:
        if route == "peps:pep":
            return reverse(route, args=[self.child.public_id, self.pep.public_id])
        return super().child_url(route, *more)


class BookPage(PepActPage):
    """The day of the meeting, chosen or moved."""

    requires = Can.WRITE_PEPS
    form_class = BookForm
    title = "Book the meeting"
    button = "Book the meeting"
    done = "The meeting is booked."

    def held(self) -> list[str]:
        booked = f"It is booked for {weekday(self.pep.meeting_on)}." if self.pep.meeting_on else ""
        return [booked, f"The plan is due by {day(self.pep.due_on)}." if self.pep.due_on else ""]

    def act(self, form: Any) -> None:
        typed = form.cleaned_data
        actions.book_meeting(
            self.pep,
            typed["on"],
            at=typed["time"],
            minutes=typed["minutes"],
            mode=typed["mode"],
            place=typed["place"],
            actor=self.actor,
        )

    def initial(self) -> dict[str, Any]:
        pep = self.pep
        at = f"{pep.meeting_time:%H:%M}" if pep.meeting_time else ""
        held = {"time": at, "mode": pep.meeting_mode, "place": pep.meeting_place}
        return {**held, "on": pep.meeting_on, "minutes": pep.meeting_minutes}


class HeldPage(PepActPage):
    """That the meeting was held."""

    requires = Can.WRITE_PEPS
    form_class = HeldForm
    move = Act.HOLD_MEETING
    title = "The meeting was held"
    done = "Written down: the meeting was held."

    def initial(self) -> dict[str, Any]:
        return {"on": self.pep.meeting_on, "mode": self.pep.meeting_mode}

    def form_options(self) -> dict[str, Any]:
        return {"people": people_of(self.pep), "names": Names(self.child, self.actor)}

    def act(self, form: Any) -> None:
        actions.hold_meeting(
            self.pep,
            form.cleaned_data["on"],
            young_person_attended=bool(form.said("young_person")),
            vs_attended=bool(form.said("virtual_school")),
            outside_lessons=form.said("outside_lessons"),
            people=form.who_came(),
            mode=form.cleaned_data["mode"],
            next_on=form.cleaned_data["next_on"],
            actor=self.actor,
        )


class HelpPage(PepActPage):
    """Whether the virtual school is needed at the meeting, and who goes."""

    requires = Can.WRITE_PEPS
    form_class = HelpForm
    title = "Help from the virtual school"
    done = "Saved."

    def _people(self) -> list[Account]:
        posts = Post.objects.live(self.actor.today).filter(authority_id=self.actor.authority)
        found = Account.objects.filter(posts__in=posts.filter(role__in=THE_VIRTUAL_SCHOOL)).distinct()
        return list(found.order_by("family_name", "given_name"))

    def form_options(self) -> dict[str, Any]:
        return {"people": self._people()}

    def initial(self) -> dict[str, Any]:
        return {"asked": self.pep.support_required, "who": str(self.pep.support_by_id or "")}

    def act(self, form: Any) -> None:
        who = next((each for each in self._people() if str(each.pk) == form.cleaned_data["who"]), None)
        actions.ask_for_help(self.pep, form.cleaned_data["asked"], who, actor=self.actor)


class DrawPage(PepActPage):
    """A plan that was handed in is taken into the audit."""

    requires = Can.DECIDE_ON_PEPS
    form_class = TakeUpForm
    move = Act.DRAW
    title = "Audit this plan"
    button = "Take it into the audit"
    done = "The plan is in audit."

    def act(self, form: forms.Form) -> None:
        actions.draw_for_audit(self.pep, actor=self.actor)


class ReturnPage(PepActPage):
    """A plan goes back with what has to be put right."""

    requires = Can.DECIDE_ON_PEPS
    form_class = ReturnForm
    move = Act.RETURN
    title = "Return the plan"
    button = "Return it"
    button_kind = "warning"
    done = "The plan is returned. Who leads it finds it on their work list."

    def act(self, form: Any) -> None:
        actions.give_back(self.pep, form.cleaned_data["reason"], actor=self.actor)


class SignPage(PepActPage):
    """A signature under a plan that was handed in."""

    requires = Can.WRITE_PEPS
    form_class = SignForm
    title = "Agree to the plan"
    button = "Sign"
    done = "Signed."

    def signed_as(self) -> Signature.As:
        """For whom this person signs: social care, or who led the plan."""
        social_care = self.actor.role in SIGNS["social_worker"]
        return Signature.As.SOCIAL_WORKER if social_care else Signature.As.LEAD

    def blocked(self) -> str:
        return actions.why_not_sign(self.pep, self.signed_as(), actor=self.actor)

    def act(self, form: Any) -> None:
        actions.sign(self.pep, self.signed_as(), instead=form.cleaned_data["instead"], actor=self.actor)


class SignOffPage(PepActPage):
    """The virtual school accepts a plan."""

    requires = Can.DECIDE_ON_PEPS
    form_class = SignOffForm
    move = Act.SIGN_OFF
    title = "Sign off"
    button = "Sign off"
    done = "The plan is signed off."

    def held(self) -> list[str]:
        signed = signed_by([self.pep])[self.pep.pk]
        return [
            f"{each.label}: {'signed' if each.value in signed else 'not signed yet'}."
            for each in (Signature.As.LEAD, Signature.As.SOCIAL_WORKER)
        ]

    def act(self, form: Any) -> None:
        actions.sign_off(self.pep, without=form.cleaned_data["without"], actor=self.actor)


class AmendPage(PepActPage):
    """A plan that was signed off is opened again."""

    requires = Can.DECIDE_ON_PEPS
    form_class = AmendForm
    move = Act.AMEND
    title = "Amend the plan"
    button = "Open it again"
    done = "The plan is open again, as a new edition."

    def act(self, form: Any) -> None:
        actions.amend(self.pep, form.cleaned_data["reason"], actor=self.actor)


class HoldPage(PepActPage):
    """A plan is put on hold."""

    requires = Can.HOLD_PEPS
    form_class = HoldForm
    move = Act.PUT_ON_HOLD
    title = "Put the plan on hold"
    button = "Put on hold"
    done = "The plan is on hold. Nobody is reminded of it."

    def act(self, form: Any) -> None:
        actions.put_on_hold(self.pep, form.cleaned_data["reason"], actor=self.actor)


class TakeUpPage(PepActPage):
    """A plan on hold goes on."""

    requires = Can.HOLD_PEPS
    form_class = TakeUpForm
    move = Act.TAKE_UP
    title = "Take the plan up again"
    button = "Take it up again"
    done = "The plan goes on where it stood."

    def act(self, form: forms.Form) -> None:
        actions.take_up(self.pep, actor=self.actor)


class ExemptPage(PepActPage):
    """No plan is needed."""

    requires = Can.DECIDE_ON_PEPS
    form_class = ExemptForm
    move = Act.EXEMPT
    title = "No plan is needed"
    button = "Say that none is needed"
    button_kind = "warning"
    done = "Written down: no plan is needed. What was written is kept."

    def act(self, form: Any) -> None:
        actions.exempt(self.pep, form.cleaned_data["why"], form.cleaned_data["reason"], actor=self.actor)


class MissedPage(PepActPage):
    """A plan that was not done in its term."""

    requires = Can.DECIDE_ON_PEPS
    form_class = MissedForm
    move = Act.CLOSE_AS_MISSED
    title = "Close the plan as missed"
    button = "Close as missed"
    button_kind = "warning"
    done = "The plan is closed as missed."

    def act(self, form: Any) -> None:
        actions.close_as_missed(
            self.pep,
            form.cleaned_data["reason"],
            next_term_began=next_term_began(self.pep, self.actor.today),
            actor=self.actor,
        )

    def blocked(self) -> str:
        early = "" if next_term_began(self.pep, self.actor.today) else actions.TOO_EARLY
        return super().blocked() or early
