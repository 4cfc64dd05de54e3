"""Pages of an emergency opening, of its review, and of people who must not see a child's record."""

from typing import Any, ClassVar

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.timezone import localtime

from onroll.access.can import Can
from onroll.access.openings import OPENING_IN_SESSION
from onroll.access.pages import Page
from onroll.access.roles import Role
from onroll.access.sections import Section, may_read
from onroll.design.forms import GovukForm
from onroll.design.tables import Cell, Column, Table
from onroll.design.values import SummaryRow
from onroll.design.words import day, day_short
from onroll.history.viewing import listed, viewed

from ..actions.guards import (
    MOST_IN_A_DAY,
    declare_tie,
    end_opening,
    end_pair,
    find_to_open,
    keep_apart,
    open_in_emergency,
    openings_in_a_day,
    renew,
    review_opening,
    why_not_end_pair,
    why_not_open,
    why_not_review,
    why_not_search,
    write_note,
)
from ..contradictions import Refused
from ..forms.guards import EmergencyForm, KeepApartForm, NoteForm, ReasonForm, ReviewForm, TieForm
from ..guard_models import MustNotSee, Note, Opening
from ..guards import in_reach_of
from ..models import Child
from ..reviewing import is_late, leaks_of, looks_of, openings_of, review_due
from .act import ActPage
from .leaking import leak_in, note_leak

NOBODY = (
    "No one record fits. Check what you entered: it must be exactly as recorded. If two children have this surname "
    "and date of birth, use a number."
)


class EmergencyPage(Page):
    """Where one child's record is opened in an emergency: what that allows, for how long, and who is told."""

    requires = Can.OPEN_IN_EMERGENCY
    fresh = True
    template_name = "children/emergency.html"

    def context(self) -> dict[str, Any]:
        now = timezone.now()
        return {
            "own": list(live_openings(self.actor, now)) if self.actor.opening is None else [],
            "left": max(MOST_IN_A_DAY - openings_in_a_day(self.actor, at=now), 0),
            "most": MOST_IN_A_DAY,
            "opening": self.actor.opening,
        }

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.show(form=EmergencyForm())

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form, now = EmergencyForm(request.POST), timezone.now()
        if not form.is_valid():
            return self.show(form=form)
        data = form.cleaned_data
        try:
            # Nobody is looked for unless the record could be opened: else this page would say who is here.
            reason = why_not_open(reason=data["reason"], at=now, actor=self.actor) or why_not_search(
                at=now, actor=self.actor
            )
            child = None if reason else find_to_open(**form.sought(), actor=self.actor)
            if child is None:
                raise Refused(reason or NOBODY)
            opening = open_in_emergency(child, why=data["why"], reason=data["reason"], at=now, actor=self.actor)
        except Refused as refusal:
            form.add_error(None, str(refusal))
            return self.show(form=form)
        request.session[OPENING_IN_SESSION] = opening.pk
        return HttpResponseRedirect(reverse("profile:story", args=[child.public_id]))


def live_openings(actor: Any, now: Any) -> Any:
    """The person's own openings that live now, in the post in which they act."""
    return Opening.unscoped.filter(
        account_id=actor.account, post_id=actor.post, authority_id=actor.authority, until__gt=now
    ).select_related("child")


class OpeningStep(Page):
    """A button of an emergency opening. It is pressed on another page; by itself it shows nothing."""

    abstract = True
    http_method_names = ["post", "options"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return HttpResponseRedirect(self.step(request))
        except Refused as refusal:
            messages.warning(request, str(refusal))
            return HttpResponseRedirect(reverse("children:emergency"))

    def step(self, request: HttpRequest) -> str:
        """Do it, and say where to go."""
        raise NotImplementedError


class GoOnPage(OpeningStep):
    """Goes back into an opening that still lives, after signing in again."""

    requires = Can.OPEN_IN_EMERGENCY
    fresh = True

    def step(self, request: HttpRequest) -> str:
        opening = live_openings(self.actor, timezone.now()).order_by("-opened_at").first()
        if opening is None or not in_reach_of(opening, self.actor):
            raise Refused("This emergency opening has ended.")
        request.session[OPENING_IN_SESSION] = opening.pk
        return reverse("profile:story", args=[opening.child.public_id])


class RenewPage(OpeningStep):
    """Lets an opening go on for two more hours, once."""

    requires = Can.OPEN_IN_EMERGENCY
    fresh = True

    def step(self, request: HttpRequest) -> str:
        opening = renew(at=timezone.now(), actor=self.actor)
        messages.success(request, f"The record stays open to you until {localtime(opening.until):%H:%M}.")
        return reverse("profile:story", args=[opening.child.public_id])


class EndOpeningPage(OpeningStep):
    """Ends an opening before its time."""

    requires = Can.OPEN_IN_EMERGENCY

    def step(self, request: HttpRequest) -> str:
        end_opening(at=timezone.now(), actor=self.actor)
        del request.session[OPENING_IN_SESSION]
        messages.success(request, "The emergency opening has ended. It will be reviewed.")
        return reverse("home")


class NotePage(Page):
    """Where a note is written in an emergency opening."""

    requires = Can.OPEN_IN_EMERGENCY
    template_name = "children/opening_note.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:  # type: ignore[override]
        actor = getattr(request, "actor", None)
        if actor is not None and actor.opening is None and actor.role in Can.OPEN_IN_EMERGENCY.roles:
            return HttpResponseRedirect(reverse("children:emergency"))
        return super().dispatch(request, *args, **kwargs)

    def open(self, *args: Any, **kwargs: Any) -> None:
        assert self.actor.opening is not None
        found = Child.visible_to(self.actor).filter(pk=self.actor.opening.child).first()
        if found is None:
            raise Http404
        self.child = found
        viewed(self.actor, found, Section.SAFEGUARDING, route="children:opening_note")

    def context(self) -> dict[str, Any]:
        return {"child": self.child, "back": reverse("profile:story", args=[self.child.public_id])}

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.show(form=NoteForm())

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = NoteForm(request.POST)
        if not form.is_valid():
            return self.show(form=form)
        leak = leak_in(form, self.child, self.actor)
        if not leak.is_settled:
            leak.ask()
            return self.show(form=form, leak=leak)
        write_note(form.cleaned_data["text"], at=timezone.now(), actor=self.actor)
        note_leak(leak, self.child, where="Note of an emergency opening", actor=self.actor)
        messages.success(request, "The note is kept.")
        return HttpResponseRedirect(self.context()["back"])


# Reviewing


class OpeningsPage(Page):
    """The emergency openings of the authority: those to review first, then those that were reviewed."""

    requires = Can.REVIEW_OPENINGS
    template_name = "children/openings.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        found = openings_of(self.actor)
        unreviewed = list(found.filter(reviewed_at__isnull=True))[::-1]
        reviewed = list(found.filter(reviewed_at__isnull=False)[:100])
        return self.show(
            unreviewed=self._table(unreviewed, "To review") if unreviewed else None,
            reviewed=self._table(reviewed, "Reviewed") if reviewed else None,
            leaks=self._leaks(),
        )

    def _leaks(self) -> Table | None:
        found = list(leaks_of(self.actor, days=7))
        names: dict[int, str] = {}
        if self.actor.role != Role.IG:
            shown = Child.visible_to(self.actor).filter(pk__in={each.child_id for each in found})
            names = {child.pk: child.sorted_name for child in shown}
        if found:
            listed(self.actor, sorted({each.child_id for each in found}), "children:openings")
        rows = [
            [
                f"{localtime(each.kept_at):%-d %b %Y}",
                names.get(each.child_id) or f"Reference {str(each.public_id)[:8]}",
                f"{each.where}: {each.tells}",
                each.kept_by.name if each.kept_by else "",
                str(each.why),
            ]
            for each in found
        ]
        heads = [Column("Day"), Column("Child"), Column("Where, and what it tells"), Column("By"), Column("Why")]
        return (
            Table("Texts of the last 7 days that tell something of an address", heads, rows, caption_hidden=False)
            if rows
            else None
        )

    def _table(self, openings: list[Opening], caption: str) -> Table:
        waits = caption == "To review"
        columns = [
            Column("Opening"),
            Column("Opened"),
            Column("By"),
            Column("Why"),
            Column("Review by" if waits else "Review"),
        ]
        rows = [
            [
                Cell(each.reference, href=reverse("children:opening", args=[each.public_id])),
                f"{localtime(each.opened_at):%-d %b %Y, %H:%M}",
                f"{each.account.name}, {each.role.label.lower()}",
                each.get_why_display(),
                Cell(day_short(review_due(each)), note="late" if is_late(each, on=self.actor.today) else "")
                if waits
                else each.get_review_display(),
            ]
            for each in openings
        ]
        return Table(caption, columns, rows, caption_hidden=False)


class OpeningPage(Page):
    """One emergency opening: who, why, what was looked at; and where it is reviewed."""

    requires = Can.REVIEW_OPENINGS
    template_name = "children/opening.html"
    opening: Opening

    def open(self, *args: Any, **kwargs: Any) -> None:
        found = openings_of(self.actor).filter(public_id=kwargs["opening"]).first()
        if found is None:
            raise Http404
        self.opening = found
        viewed(self.actor, found.child_id, Section.LOOKS, route="children:opening")

    def context(self) -> dict[str, Any]:
        opening, actor = self.opening, self.actor
        rows = [
            SummaryRow("Opened by", f"{opening.account.name}, {opening.role.label.lower()}"),
            SummaryRow("When", f"{day(localtime(opening.opened_at).date())}, {self._times()}"),
            SummaryRow("Why", opening.get_why_display()),
            SummaryRow("In words", str(opening.reason)),
        ]
        # Who the child is: for those who see the record, and for information governance until it is reviewed.
        seen = Child.visible_to(actor).filter(pk=opening.child_id).first()
        if seen is not None or (actor.role == Role.IG and opening.reviewed_at is None):
            rows.insert(0, SummaryRow("Child", (seen or opening.child).name))
        if opening.reviewed_at:
            who = f"{opening.reviewed_by.name}, {day(localtime(opening.reviewed_at).date())}"  # type: ignore[union-attr]
            rows.append(SummaryRow("Review", f"{opening.get_review_display()}. {opening.review_words}".strip()))
            rows.append(SummaryRow("Reviewed by", who))
        else:
            late = ". It is late" if is_late(opening, on=actor.today) else ""
            rows.append(SummaryRow("Review by", f"{day(review_due(opening))}{late}"))
        looks = [
            [f"{look.at:%H:%M:%S}", look.parts or "–", "Refused" if look.refused else "Shown"]
            for look in looks_of(opening)
        ]
        notes = Note.unscoped.filter(opening=opening) if may_read(actor, Section.SAFEGUARDING) else ()
        return {
            "opening": opening,
            "rows": rows,
            "record": reverse("profile:story", args=[seen.public_id]) if seen is not None else "",
            "looks": Table("What was looked at", [Column("At"), Column("Part of the record"), Column("")], looks)
            if looks
            else None,
            "notes": notes,
            "why_not": why_not_review(opening, actor=actor) if not opening.reviewed_at else "",
        }

    def _times(self) -> str:
        opening = self.opening
        renewed = f", renewed at {localtime(opening.renewed_at):%H:%M}" if opening.renewed_at else ""
        return f"{localtime(opening.opened_at):%H:%M} to {localtime(opening.until):%H:%M}{renewed}"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.show(form=ReviewForm())

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = ReviewForm(request.POST)
        if not form.is_valid():
            return self.show(form=form)
        data = form.cleaned_data
        leak = leak_in(form, self.opening.child, self.actor)
        if not leak.is_settled:
            leak.ask()
            return self.show(form=form, leak=leak)
        try:
            review_opening(
                self.opening, review=data["review"], words=data["words"], at=timezone.now(), actor=self.actor
            )
        except Refused as refusal:
            form.add_error(None, str(refusal))
            return self.show(form=form)
        note_leak(leak, self.opening.child, where="Review of an emergency opening", actor=self.actor)
        messages.success(request, f"The review of {self.opening.reference} is kept.")
        return HttpResponseRedirect(reverse("children:openings"))


# Who must not see whom


class TiePage(ActPage):
    """Where a person says that they are too close to a child to see the record. It is hidden from them at once."""

    requires = Can.DECLARE_A_TIE
    writes = False
    summary_will_do = True
    section = Section.BASICS
    title = "I must not see this record"
    button = "Hide this record from me"
    button_kind = "warning"
    form_class: ClassVar[type[GovukForm]] = TieForm

    def held(self) -> list[str]:
        return [
            "Say so if you are the child’s parent, relative, carer or neighbour, or otherwise too close. From then on "
            "the record does not exist for you, whatever posts you hold. Only the virtual school head can change that."
        ]

    def act(self, form: TieForm) -> str:
        declare_tie(self.child, tie=form.cleaned_data["tie"], actor=self.actor)
        return "The record is hidden from you. The virtual school head can see that you said so."

    def where_next(self, form: Any) -> str:
        return reverse("home")


class ApartPage(Page):
    """Who must not see which child. An administrator, who sees no child, sees that there is such a pair."""

    requires = Can.KEEP_APART
    template_name = "children/apart.html"

    def context(self) -> dict[str, Any]:
        pairs = MustNotSee.unscoped.filter(authority_id=self.actor.authority, end__isnull=True)
        pairs = pairs.select_related("account", "child").order_by("account__family_name", "account__given_name", "id")
        names = {child.pk: child for child in Child.visible_to(self.actor).filter(pk__in=pairs.values("child"))}
        columns = [Column("Person"), Column("Child"), Column("Since"), Column("End", hidden=True)]
        rows = []
        for pair in pairs:
            child = names.get(pair.child_id)
            end = (
                Cell("End", href=reverse("children:apart_end", args=[pair.public_id]))
                if child is not None and pair.account_id != self.actor.account
                else ""
            )
            said = "said so themselves" if pair.declared else ""
            who = Cell(pair.account.name, note=said)
            what = child.sorted_name if child is not None else f"Reference {str(pair.public_id)[:8]}"
            rows.append([who, what, day_short(pair.start), end])
        for child in names.values():
            viewed(self.actor, child, Section.LOOKS, route="children:apart")
        return {"pairs": Table("People who must not see a record", columns, rows) if rows else None}

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.show(form=KeepApartForm(actor=self.actor))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = KeepApartForm(request.POST, actor=self.actor)
        if not form.is_valid():
            return self.show(form=form)
        data = form.cleaned_data
        try:
            keep_apart(account=form.account(), child_number=data["child_number"], tie=data["tie"], actor=self.actor)
        except Refused as refusal:
            form.add_error(None, str(refusal))
            return self.show(form=form)
        messages.success(request, f"If there is a record with this number, {form.account().name} can’t see it now.")
        return HttpResponseRedirect(reverse("children:apart"))


class EndApartPage(Page):
    """Where it is said, with a reason, that a person may see the record again."""

    requires = Can.KEEP_APART
    template_name = "children/apart_end.html"
    pair: MustNotSee

    def open(self, *args: Any, **kwargs: Any) -> None:
        found = MustNotSee.visible_to(self.actor).filter(public_id=kwargs["pair"], end__isnull=True)
        pair = found.select_related("account", "child").first()
        if pair is None or why_not_end_pair(pair, reason="asked", actor=self.actor):
            raise Http404
        self.pair = pair
        viewed(self.actor, pair.child_id, Section.LOOKS, route="children:apart_end")

    def context(self) -> dict[str, Any]:
        return {"pair": self.pair}

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.show(form=ReasonForm())

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = ReasonForm(request.POST)
        if not form.is_valid():
            return self.show(form=form)
        end_pair(self.pair, reason=form.cleaned_data["reason"], actor=self.actor)
        messages.success(request, f"{self.pair.account.name} may see the record again, as far as their posts go.")
        return HttpResponseRedirect(reverse("children:apart"))
