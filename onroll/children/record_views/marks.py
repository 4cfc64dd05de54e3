"""Pages on who may know where a child lives or learns."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from django.http import Http404
from django.urls import reverse
from django.utils import timezone

from onroll.access.can import Can
from onroll.access.sections import Section, may_read
from onroll.design.words import day, lower_first

from ..actions.marks import (
    decide,
    marked_now,
    name_someone,
    section_of,
    set_mark,
    unname,
    who_would_know,
    why_not_decide,
    why_not_mark,
)
from ..contradictions import called, start_of_sentence
from ..disclosure import HOME, named_of
from ..forms.marks import DecideForm, MarkForm, NameForm, UnnameForm
from ..guard_models import Disclosure, MarkRequest, Named
from ..marks import takes_two
from ..models import Child, PlacementAddress, SchoolPlace
from ..who_sees import gains_in_words
from .act import ActPage

_ABOUT = {"home": "lives", "school": "learns"}


# What a mark opens, in the words of a sentence on who will see it.
_OPENS = {
    Section.ADDRESS: "where {name} lives",
    Section.CARER: "who the carers are",
    Section.PLACEMENT: "whether the home lies in the authority",
    Section.SCHOOL: "where {name} learns",
}


def gains(found: Mapping[Section, Mapping[int, str]], child: Child) -> list[str]:
    """Who comes to know what, in sentences to be read before it is so."""
    return gains_in_words({_OPENS[section].format(name=called(child)): people for section, people in found.items()})


class MarkActPage(ActPage):
    """An act on who may know. Of what is kept from the reader there is no such page."""

    abstract = True
    writes = False

    def open(self, *args: Any, **kwargs: Any) -> None:
        self.about = kwargs["about"]
        if self.about not in _ABOUT:
            raise Http404
        self.section = section_of(self.about)  # type: ignore[misc]
        super().open(*args, **kwargs)
        self.marked = marked_now(self.child, self.about, on=self.actor.today)
        if self.marked is not None:
            self.marked.child = self.child
            if why_not_mark(self.marked, self.about, actor=self.actor):
                raise Http404

    def heading(self) -> str:
        return f"Who may know where {self.child.first_name} {_ABOUT[self.about]}"

    def blocked(self) -> str:
        if self.marked is not None:
            return ""
        return "No address is recorded." if self.about == HOME else "No school place is recorded."

    def held(self) -> list[str]:
        if self.marked is None:
            return []
        said = [f"Now: {lower_first(Disclosure(self.marked.disclosure).label)}."]
        if may_read(self.actor, Section.ADDRESS):
            said += [named_words(named) for named in names_of(self.child, self.about, self.actor)]
        return said

    def back(self) -> str:
        return self.child_url("profile:home" if self.about == HOME else "profile:school")

    def context(self) -> dict[str, Any]:
        return {**super().context(), "back": self.back()}

    def where_next(self, form: Any) -> str:
        return reverse("children:mark", args=[self.child.public_id, self.about])


def names_of(child: Any, about: str, actor: Any) -> list[Named]:
    """Who is named behind the mark today."""
    found = Named.of(child, actor).filter(about=about, end__isnull=True).select_related("account", "school")
    return list(found.order_by("-knows", "id"))


def named_words(named: Named) -> str:
    """A name behind a mark in a sentence."""
    who = named.account.name if named.account else named.school.name if named.school else str(named.words)
    return f"{who} {'may' if named.knows else 'must not'} know, since {day(named.start)}."


class MarkPage(MarkActPage):
    """Where it is said who must not know. Loosening a strict mark is asked of a second person."""

    requires = Can.SET_MARKS
    fresh = True
    template_name = "children/mark.html"
    form_class = MarkForm

    def initial(self) -> dict[str, Any]:
        return {"mark": self.marked.disclosure} if self.marked is not None else {}

    def context(self) -> dict[str, Any]:
        reads = may_read(self.actor, Section.ADDRESS)
        waiting = None
        if self.marked is not None:
            waiting = MarkRequest.unscoped.filter(row=self.marked.public_id, decided_at__isnull=True).first()
        return {
            **super().context(),
            "about": self.about,
            "names": [
                (named_words(named), self.child_url("children:mark_unname", named.public_id))
                for named in (names_of(self.child, self.about, self.actor) if reads else ())
            ],
            "name_someone": reverse("children:mark_name", args=[self.child.public_id, self.about]),
            "waiting": waiting,
        }

    def held(self) -> list[str]:
        return super().held()[:1]

    def leaves(self, form: MarkForm) -> list[str]:
        assert self.marked is not None
        mark = form.cleaned_data["mark"]
        names = named_of([self.child.pk], self.about, self.actor)[self.child.pk]
        found = who_would_know(self.marked, self.about, mark=mark, names=names, actor=self.actor)
        said = gains(found, self.child)
        if takes_two(self.marked.disclosure, mark):
            said.append("A second person has to agree first. Nothing changes until then.")
        return said

    def act(self, form: MarkForm) -> str:
        assert self.marked is not None
        data = form.cleaned_data
        asked = set_mark(
            self.marked, self.about, data["mark"], reason=data["reason"], at=timezone.now(), actor=self.actor
        )
        return "It is asked for. A second person has to agree." if asked else "The mark is changed."

    def where_next(self, form: Any) -> str:
        return self.back()


class NamePage(MarkActPage):
    """Where someone is named who may know, or must not."""

    requires = Can.SET_MARKS
    form_class = NameForm
    button = "Name them"

    def form_options(self) -> dict[str, Any]:
        return {"actor": self.actor}

    def leaves(self, form: NameForm) -> list[str]:
        assert self.marked is not None
        who = form.who()
        if not who["knows"]:
            return []
        held = named_of([self.child.pk], self.about, self.actor)[self.child.pk]
        names = replace(held, may_know=held.may_know | {who["account"].pk})
        mark = self.marked.disclosure
        return gains(who_would_know(self.marked, self.about, mark=mark, names=names, actor=self.actor), self.child)

    def act(self, form: NameForm) -> str:
        assert self.marked is not None
        named = name_someone(self.marked, self.about, **form.who(), actor=self.actor)
        return named_words(named)


class UnnamePage(ActPage):
    """Where a name is taken from behind a mark."""

    requires = Can.SET_MARKS
    writes = False
    section = Section.ADDRESS
    form_class = UnnameForm
    title = "Take this name away"
    button = "Take it away"

    def open(self, *args: Any, **kwargs: Any) -> None:
        super().open(*args, **kwargs)
        self.named: Named = self.one_of_the_child(Named, kwargs["named"])
        self.marked = marked_now(self.child, self.named.about, on=self.actor.today)
        if self.marked is None or self.named.end is not None:
            raise Http404
        self.marked.child = self.child
        if why_not_mark(self.marked, self.named.about, actor=self.actor):
            raise Http404

    def held(self) -> list[str]:
        return [named_words(self.named)]

    def leaves(self, form: UnnameForm) -> list[str]:
        if self.named.knows:
            return []
        about = self.named.about
        held = named_of([self.child.pk], about, self.actor)[self.child.pk]
        names = replace(
            held, people=held.people - {self.named.account_id}, schools=held.schools - {self.named.school_id}
        )
        mark = self.marked.disclosure  # type: ignore[union-attr]
        found = who_would_know(self.marked, about, mark=mark, names=names, actor=self.actor)  # type: ignore[arg-type]
        return gains(found, self.child)

    def act(self, form: UnnameForm) -> str:
        assert self.marked is not None
        unname(self.named, self.marked, reason=form.cleaned_data["reason"], actor=self.actor)
        return "The name is taken away."

    def where_next(self, form: Any) -> str:
        return reverse("children:mark", args=[self.child.public_id, self.named.about])


class DecidePage(ActPage):
    """Where a second person says whether more people may know."""

    requires = Can.AGREE_TO_LOOSEN
    fresh = True
    writes = False
    section = Section.ADDRESS
    form_class = DecideForm
    title = "May more people know?"
    button = "Keep my answer"

    def open(self, *args: Any, **kwargs: Any) -> None:
        super().open(*args, **kwargs)
        self.asked: MarkRequest = self.one_of_the_child(MarkRequest, kwargs["asked"])
        if not may_read(self.actor, section_of(self.asked.about)):
            raise Http404

    def blocked(self) -> str:
        return why_not_decide(self.asked, actor=self.actor)

    def held(self) -> list[str]:
        asked = self.asked
        name = start_of_sentence(called(self.child))
        return [
            f"{asked.asked_by.name} asks this about where {name} {_ABOUT[asked.about]}.",
            f"Now: {lower_first(Disclosure(asked.was).label)}.",
            f"Asked for: {lower_first(Disclosure(asked.asked).label)}.",
            f"Why: {asked.reason}",
            *self._gains(),
        ]

    def _gains(self) -> list[str]:
        about = self.asked.about
        model: Any = PlacementAddress if about == HOME else SchoolPlace
        marked = model.unscoped.filter(public_id=self.asked.row, child=self.child).first()
        if marked is None or self.asked.decided_at:
            return []
        marked.child = self.child
        names = named_of([self.child.pk], about, self.actor)[self.child.pk]
        found = who_would_know(marked, about, mark=self.asked.asked, names=names, actor=self.actor)
        return gains(found, self.child)

    def act(self, form: DecideForm) -> str:
        agreed = form.cleaned_data["agreed"] == "yes"
        decide(self.asked, agreed=agreed, at=timezone.now(), actor=self.actor)
        return "More people may know now." if agreed else "It stays as it is."
