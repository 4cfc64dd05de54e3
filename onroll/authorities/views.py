"""The calendar page: terms, breaks, holidays and PEP deadlines, year by year."""

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from onroll.access.can import Can, can
from onroll.access.pages import Page
from onroll.codes.years import academic_year_of

from .actions import Refused, copy_last_years, keep_entry, remove_entry, why_not_copy
from .forms import CalendarEntryForm
from .models import CalendarEntry


def next_year(academic_year: str) -> str:
    first = int(academic_year[:4]) + 1
    return f"{first}-{(first + 1) % 100:02}"


class CalendarPage(Page):
    """The authority's terms, breaks and deadlines."""

    requires = Can.SEE_CALENDAR
    template_name = "authorities/calendar.html"

    def context(self) -> dict[str, Any]:
        entries = list(CalendarEntry.objects.filter(authority_id=self.actor.authority).order_by("start", "kind"))
        this_year = academic_year_of(self.actor.today)
        years: dict[str, list[CalendarEntry]] = {}
        for entry in entries:
            entry.last_day = entry.end - timedelta(days=1)  # type: ignore[attr-defined]
            years.setdefault(entry.academic_year, []).append(entry)
        may_change = can(self.actor, Can.CHANGE_CALENDAR)
        to_copy = [y for y in (this_year, next_year(this_year)) if may_change and not why_not_copy(entries, y)]
        return {
            "years": sorted(years.items(), reverse=True),
            "this_year": this_year,
            "may_change": may_change,
            "to_copy": to_copy,
        }


class CalendarCopyPage(Page):
    """Copies last year's calendar into a year that has none."""

    requires = Can.CHANGE_CALENDAR
    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> HttpResponse:
        try:
            copies = copy_last_years(request.POST.get("year", "")[:7] or "0", actor=self.actor)
            messages.success(
                request, f"{len(copies)} entries copied. Check each day: schools move them by a day or two."
            )
        except (Refused, ValueError) as why:
            messages.error(request, str(why) if isinstance(why, Refused) else "Choose the year to copy into.")
        return HttpResponseRedirect(reverse("authorities:calendar"))


class CalendarEntryPage(Page):
    """One entry of the calendar: add it, change it, take it away."""

    requires = Can.CHANGE_CALENDAR
    template_name = "authorities/calendar_entry.html"

    def open(self, *args: Any, **kwargs: Any) -> None:
        self.entry = None
        if "entry" in kwargs:
            self.entry = CalendarEntry.objects.filter(
                authority_id=self.actor.authority, public_id=kwargs["entry"]
            ).first()
            if self.entry is None:
                raise Http404

    def context(self) -> dict[str, Any]:
        return {"entry": self.entry}

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        initial = {}
        if self.entry is not None:
            initial = {
                "kind": self.entry.kind,
                "term": self.entry.term,
                "first_day": self.entry.start,
                "last_day": self.entry.end - timedelta(days=1),
            }
        return self.show(form=CalendarEntryForm(initial=initial))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.entry is not None and request.POST.get("act") == "remove":
            remove_entry(self.entry, actor=self.actor)
            messages.success(request, "The entry was taken out of the calendar.")
            return HttpResponseRedirect(reverse("authorities:calendar"))
        form = CalendarEntryForm(request.POST)
        if not form.is_valid():
            return self.show(form=form)
        entry = self.entry or CalendarEntry(authority_id=self.actor.authority)
        typed = form.cleaned_data
        entry.kind, entry.term, entry.start = typed["kind"], typed["term"], typed["first_day"]
        entry.end = (typed["last_day"] or typed["first_day"]) + timedelta(days=1)
        entry.academic_year = academic_year_of(entry.start)
        keep_entry(entry, actor=self.actor)
        messages.success(request, "The calendar was saved.")
        return HttpResponseRedirect(reverse("authorities:calendar"))
