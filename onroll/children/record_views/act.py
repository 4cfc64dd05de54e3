"""What every page of one act is made of: what holds now, the form, what the change leaves, and the act."""

from typing import Any, ClassVar
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from onroll.access.sections import Section, may_read, may_write

from ..contradictions import Refused
from ..forms.parts import ConfirmForm, SchoolForm
from ..models import Child
from ..pages import ChildPage
from .leaking import leak_in, note_leak


class ActPage(ChildPage):
    """A page of one act on a child's record. It writes all its sections, or for this reader it does not exist.

    What the change would leave behind is shown at the first Save and confirmed with a tick; a refusal of the action
    is an error of the form. Done, the reader is back on the child's page with a notice.
    """

    abstract = True
    writes = True
    template_name: ClassVar[str] = "children/act.html"
    form_class: ClassVar[type[forms.Form]]
    # What else the act writes, beside `section`.
    also_writes: ClassVar[tuple[Section, ...]] = ()
    # What stands above the form from other sections, for the access log.
    also_shows: ClassVar[tuple[Section, ...]] = ()
    title: ClassVar[str]
    button: ClassVar[str] = "Save"
    button_kind: ClassVar[str] = ""
    done: ClassVar[str] = "Saved."
    back_to: ClassVar[str] = "profile:story"

    def _may_open(self) -> bool:
        return super()._may_open() and all(may_write(self.actor, section) for section in self.also_writes)

    def shown(self) -> str:
        return ",".join([self.section.value, *(s.value for s in self.also_shows if may_read(self.actor, s))])

    # What a page says of itself

    def heading(self) -> str:
        return self.title

    def held(self) -> list[str]:
        """What holds now, in sentences."""
        return []

    def blocked(self) -> str:
        """Why there is nothing to fill in now. Empty: there is."""
        return ""

    def form_options(self) -> dict[str, Any]:
        """What the form is made with, beside what was typed."""
        return {}

    def initial(self) -> dict[str, Any]:
        return {}

    def leaves(self, form: Any) -> list[str]:
        """What the change would leave behind."""
        return []

    def act(self, form: Any) -> str | None:
        """Do it. The answer, if any, is the notice in place of `done`."""
        raise NotImplementedError

    def where_next(self, form: Any) -> str:
        # An act can close the record, to this reader or to everyone.
        if not Child.visible_to(self.actor).filter(pk=self.child.pk).exists():
            return reverse("home")
        return self.child_url(self.back_to)

    # How it runs

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.show(form=self.make_form())

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.blocked():
            return self.show(form=self.make_form())
        form: Any = self.make_form(request.POST)
        if not form.is_valid():
            return self.show_again(form)
        leak = leak_in(form, self.child, self.actor)
        if not leak.is_settled:
            leak.ask()
            return self.show_again(form, leak=leak)
        confirm = ConfirmForm(self.leaves(form), request.POST)
        if not confirm.is_confirmed:
            confirm.ask()
            return self.show_again(form, confirm=confirm, leak=leak if leak.tells else None)
        try:
            notice = self.act(form)
            note_leak(leak, self.child, where=self.heading(), actor=self.actor)
        except Refused as refusal:
            form.add_error(None, str(refusal))
            return self.show_again(form)
        messages.success(request, notice or self.done)
        return HttpResponseRedirect(self.where_next(form))

    def make_form(self, data: Any = None) -> forms.Form:
        options = self.form_options()
        if "initial" not in options and self.initial():
            options["initial"] = self.initial()
        return self.form_class(data, **options)

    def show_again(self, form: Any, **context: Any) -> HttpResponse:
        if isinstance(form, SchoolForm):
            form.show_the_list()
        return self.show(form=form, **context)

    def context(self) -> dict[str, Any]:
        return {
            **super().context(),
            "heading": self.heading(),
            "held": [sentence for sentence in self.held() if sentence],
            "blocked": self.blocked(),
            "confirm": None,
            "leak": None,
            "address": self.address_url(),
            "button": self.button,
            "button_kind": self.button_kind,
            "back": self.child_url(self.back_to),
        }

    def address_url(self) -> str:
        """Where an address belongs: the restricted section, for who writes it."""
        return self.child_url("children:address") if may_write(self.actor, Section.ADDRESS) else ""

    def child_url(self, route: str, *more: UUID) -> str:
        return reverse(route, args=[self.child.public_id, *more])

    def one_of_the_child(self, model: Any, public_id: UUID, *, section: Section | None = None) -> Any:
        """A row of this child, reached through the child, or it does not exist."""
        found = model.of(self.child, self.actor, section=section).filter(public_id=public_id).first()
        if found is None:
            raise Http404
        found.child = self.child
        return found


def another_child(page: Any, public_id: UUID) -> Child:
    """A second child of an act, within the reader's reach, or it does not exist."""
    found = Child.visible_to(page.actor).filter(public_id=public_id).first()
    if found is None or not may_read(page.actor, Section.BASICS):
        raise Http404
    return found
