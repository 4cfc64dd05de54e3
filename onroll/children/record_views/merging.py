"""Pages about two records of one child: finding them, joining them, parting them again."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from onroll.access.can import Can
from onroll.access.pages import Page
from onroll.access.sections import Section, may_read
from onroll.history.viewing import listed, viewed

from ..actions.merging import (
    merge_children,
    merge_of,
    split_children,
    what_merging_does,
    why_not_merge,
    why_not_split,
)
from ..contradictions import Refused
from ..holding import care_now, people_now, school_now
from ..matching import find_duplicates
from ..models import Child, Identifiers
from ..pages import ChildPage
from .act import another_child


class DuplicatesPage(Page):
    """Pairs of records that may be of one child, and those that were joined."""

    requires = Can.MERGE_CHILDREN
    template_name = "children/duplicates.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        pairs = find_duplicates(self.actor)
        merged = Child.unscoped.filter(authority_id=self.actor.authority, merged_into__isnull=False)
        joined = list(merged.select_related("merged_into").order_by("family_name", "given_name", "pk"))
        seen = [child.pk for pair in pairs for child in (pair.first, pair.second)]
        listed(self.actor, [*seen, *(child.pk for child in joined)], "children:duplicates")
        return self.show(pairs=pairs, joined=joined)


class JoinPage(ChildPage):
    """Where two records stand side by side, and the second is joined to the first."""

    requires = Can.MERGE_CHILDREN
    section = Section.BASICS
    writes = True
    template_name = "children/join.html"

    def shown(self) -> str:
        sections = (Section.NUMBERS, Section.CARE, Section.PLACEMENT, Section.SCHOOL, Section.PROFESSIONALS)
        return ",".join([self.section.value, *(s.value for s in sections if may_read(self.actor, s))])

    def open(self, *args: Any, **kwargs: Any) -> None:
        super().open(*args, **kwargs)
        self.second = another_child(self, kwargs["second"])
        if self.second.pk == self.child.pk:
            raise Http404
        viewed(self.actor, self.second, self.shown(), route="children:join")

    def context(self) -> dict[str, Any]:
        reason = why_not_merge(self.child, self.second, actor=self.actor)
        return {
            **super().context(),
            "second": self.second,
            "sides": [self.side(self.child), self.side(self.second)],
            "reason": reason,
            "does": [] if reason else what_merging_does(self.child, self.second).sentences,
        }

    def side(self, child: Child) -> dict[str, Any]:
        """What tells the two records apart."""
        numbers = Identifiers.of(child, self.actor).first()
        said = [*care_now(child, self.actor), *school_now(child, self.actor), *people_now(child, self.actor)]
        return {"child": child, "numbers": numbers, "sentences": said}

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.show()

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            merge_children(self.child, self.second, actor=self.actor)
        except Refused:
            return self.show()
        messages.success(request, "The two records are one.")
        return HttpResponseRedirect(reverse("profile:story", args=[self.child.public_id]))


class SplitPage(Page):
    """Where a record that was joined to another is parted from it again."""

    requires = Can.MERGE_CHILDREN
    template_name = "children/split.html"

    def open(self, *args: Any, **kwargs: Any) -> None:
        joined = Child.unscoped.filter(authority_id=self.actor.authority, public_id=kwargs["second"])
        second = joined.select_related("merged_into").first()
        if second is None or second.merged_into is None or merge_of(second) is None:
            raise Http404
        self.second: Child = second
        for child in (second, second.merged_into):
            viewed(self.actor, child, Section.BASICS, route="children:split")

    def context(self) -> dict[str, Any]:
        reason = why_not_split(self.second, actor=self.actor)
        return {"second": self.second, "first": self.second.merged_into, "reason": reason}

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            split_children(self.second, actor=self.actor)
        except Refused:
            return self.show()
        messages.success(request, "The two records are apart again, each as it was.")
        return HttpResponseRedirect(reverse("profile:story", args=[self.second.public_id]))
