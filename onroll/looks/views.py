"""Pages about looks: alerts to review, what one person was shown, and matters about a child."""

from collections.abc import Iterable
from dataclasses import asdict
from datetime import date, timedelta
from typing import Any, ClassVar

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.timezone import localtime

from onroll.access.can import Can, can
from onroll.access.pages import Page
from onroll.access.typed import keep, kept
from onroll.children.contradictions import Refused
from onroll.children.models import Matter
from onroll.design import values
from onroll.design.spreadsheets import as_csv, as_xlsx
from onroll.design.tables import Cell, Column, GroupRow, Table
from onroll.design.words import count_of, day, day_short
from onroll.history.models import Entry
from onroll.history.viewing import listed

from .actions import close_matter, open_matter, review, why_not_review
from .forms import ExposureForm, MatterForm, ReviewForm
from .models import Alert
from .reading import (
    Exposed,
    Looked,
    Shown,
    as_shown,
    exposure,
    names_of,
    role_in_words,
    sections_in_words,
    way,
)
from .rules import RULES, start_of

ON_A_PAGE = 50
STATE_COLOURS = {"new": "yellow", "right": "green", "question": "blue", "incident": "red"}
WAY_WORDS = {
    "view": "Opened",
    "list": "Shown in a list",
    "export": "Taken out in a file",
    "change": "Changed",
    "refused": "Refused",
}


class LooksPage(Page):
    """A page of the room where looks are reviewed."""

    abstract = True

    def context(self) -> dict[str, Any]:
        return {"may_open_matters": can(self.actor, Can.OPEN_MATTERS)}

    def page_number(self) -> str:
        return self.request.GET.get("page", "")


class AlertsPage(LooksPage):
    """Alerts about who looked: those to act on at once first, then what waits for the weekly review."""

    requires = Can.REVIEW_ALERTS
    template_name = "looks/alerts.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        reviewed = request.GET.get("state") == "reviewed"
        alerts = Alert.objects.filter(authority=self.actor.authority).select_related("account", "reviewed_by")
        waiting = list(alerts.filter(state=Alert.State.NEW).order_by("-raised_at", "-pk"))
        pages = None
        if reviewed:
            page = Paginator(alerts.exclude(state=Alert.State.NEW).order_by("-reviewed_at", "-pk"), ON_A_PAGE).get_page(
                self.page_number()
            )
            shown = list(page.object_list)
            keep_ = {"state": "reviewed"}
            pages = values.Pages(page.number, ON_A_PAGE, page.paginator.count, keep=keep_, what="alerts")
        here = reverse("looks:alerts")
        return self.show(
            reviewed=reviewed,
            chips=[
                values.Chip("To review", here, len(waiting), current=not reviewed),
                values.Chip("Reviewed", f"{here}?state=reviewed", current=reviewed),
            ],
            says=f"{count_of(len(waiting), 'alert')} to review",
            table=_reviewed_table(shown)
            if reviewed and shown
            else _waiting_table(waiting)
            if waiting and not reviewed
            else None,
            pages=pages,
            rules=RULES.values(),
        )


def _waiting_table(alerts: list[Alert]) -> Table:
    """Newest first, those to act on at once above the others."""
    rows: list[Any] = []
    for words, at_once in (("To look at now", True), ("For this week’s review", False)):
        fitting = [alert for alert in alerts if alert.at_once is at_once]
        if fitting:
            rows.append(GroupRow(f"{words}: {len(fitting)}"))
        rows += [
            [
                Cell(alert.title, href=_address(alert), sub=alert.finding),
                alert.account.name if alert.account else "–",
                f"{localtime(alert.raised_at):%H:%M}, {day(alert.on)}",
            ]
            for alert in fitting
        ]
    columns = [Column("What was unusual", stacked_label=False), Column("Who looked"), Column("Found")]
    return Table(caption="Alerts to review", columns=columns, rows=rows)


def _reviewed_table(alerts: list[Alert]) -> Table:
    rows = [
        [
            Cell(alert.title, href=_address(alert)),
            alert.account.name if alert.account else "–",
            day_short(alert.on),
            Cell(alert.get_state_display(), tag=STATE_COLOURS[alert.state]),
            Cell(
                alert.reviewed_by.name if alert.reviewed_by else "–",
                sub=day_short(localtime(alert.reviewed_at).date()) if alert.reviewed_at else "",
            ),
        ]
        for alert in alerts
    ]
    columns = [
        Column("What was unusual", stacked_label=False),
        Column("Who looked"),
        Column("Day"),
        Column("Found to be"),
        Column("Reviewed by"),
    ]
    return Table(caption="Alerts that were reviewed", columns=columns, rows=rows)


def _address(alert: Alert) -> str:
    return reverse("looks:alert", args=[alert.public_id])


class AlertPage(LooksPage):
    """One alert: what was unusual, the looks it is about, and what a reviewer found."""

    requires = Can.REVIEW_ALERTS
    template_name: ClassVar[str] = "looks/alert.html"

    def open(self, *args: Any, **kwargs: Any) -> None:
        alerts = Alert.objects.filter(authority=self.actor.authority).select_related("account", "reviewed_by")
        found = alerts.filter(public_id=kwargs["alert"]).first()
        if found is None:
            raise Http404
        self.alert = found

    def context(self) -> dict[str, Any]:
        alert = self.alert
        page = Paginator(self._entries(), ON_A_PAGE).get_page(self.page_number())
        entries = list(page.object_list)
        keys = {key for entry in entries for key in _children_of(entry)}
        shown = as_shown(keys, self.actor)
        listed(self.actor, sorted(key for key, each in shown.items() if each.href), "looks:alert")
        facts = [
            values.SummaryRow("Who looked", alert.account.name if alert.account else "–"),
            values.SummaryRow("Found", f"{localtime(alert.raised_at):%H:%M}, {day(alert.on)}"),
        ]
        if alert.reviewed_by and alert.reviewed_at:
            facts += [
                values.SummaryRow("Found to be", alert.get_state_display()),
                values.SummaryRow("Why", alert.note),
                values.SummaryRow(
                    "Reviewed by", f"{alert.reviewed_by.name}, {day(localtime(alert.reviewed_at).date())}"
                ),
            ]
        return {
            **super().context(),
            "alert": alert,
            "rule": RULES[alert.rule],
            "facts": facts,
            "table": _entry_table(entries, shown) if entries else None,
            "pages": values.Pages(page.number, ON_A_PAGE, page.paginator.count, what="entries"),
            "why_not": why_not_review(alert, actor=self.actor),
        }

    def _entries(self) -> Any:
        alert = self.alert
        if alert.first is None:
            return Entry.objects.none()
        return Entry.objects.filter(
            authority=alert.log, actor=alert.account_id, number__gte=alert.first, number__lte=alert.last
        ).order_by("number")

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.show(form=ReviewForm())

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = ReviewForm(request.POST)
        if form.is_valid():
            try:
                review(self.alert, actor=self.actor, **form.cleaned_data)
            except Refused as reason:
                form.add_error(None, str(reason))
            else:
                messages.success(request, "Your review is recorded.")
                return HttpResponseRedirect(reverse("looks:alerts"))
        return self.show(form=form)


def _children_of(entry: Entry) -> list[int]:
    return [entry.child] if entry.child is not None else [int(key) for key in entry.children.split(",") if key]


def _entry_table(entries: list[Entry], shown: dict[int, Shown]) -> Table:
    rows = []
    for entry in entries:
        keys = _children_of(entry)
        whom: Any = count_of(len(keys), "child", "children") if keys else "–"
        if len(keys) == 1 and keys[0] in shown:
            whom = Cell(shown[keys[0]].words, href=shown[keys[0]].href)
        what = WAY_WORDS.get(way(entry), "") if keys or entry.outcome == "refused" else "Signed in"
        rows.append(
            [
                f"{localtime(entry.at):%H:%M:%S}, {day_short(localtime(entry.at).date())}",
                Cell(what, sub=sections_in_words(entry.section.split(","))),
                whom,
                role_in_words(entry.role) or "–",
                Cell(entry.device or "–", sub=entry.address),
            ]
        )
    columns = [Column("When"), Column("What"), Column("Child"), Column("In which post"), Column("From where")]
    return Table(caption="The looks", columns=columns, rows=rows, stacked="brief")


class ExposurePage(LooksPage):
    """Which children were shown between two days, which parts, to whom: by a person, or a page, document or export."""

    requires = Can.SEE_LOOKS
    fresh = True
    template_name: ClassVar[str] = "looks/exposure.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        key = request.GET.get("of", "")
        report = Report.kept(self, key)
        if report is None:
            return self.show(form=ExposureForm(actor=self.actor))
        page = Paginator(report.rows, ON_A_PAGE).get_page(self.page_number())
        shown = as_shown([row.child for row in page.object_list], self.actor)
        listed(self.actor, sorted(shown), "looks:exposure")
        return self.show(
            report=report,
            key=key,
            says=report.says,
            table=_exposure_table(page.object_list, shown, report) if report.rows else None,
            pages=values.Pages(page.number, ON_A_PAGE, len(report.rows), keep={"of": key}, what="rows"),
        )

    def post(self, request: HttpRequest) -> HttpResponse:
        form = ExposureForm(request.POST, actor=self.actor)
        if not form.is_valid():
            return self.show(form=form)
        data = form.cleaned_data
        days = {"start": data["start"].isoformat(), "end": data["end"].isoformat()}
        typed = {"looked": asdict(form.looked), "address": data["address"], **days}
        return HttpResponseRedirect(f"{reverse('looks:exposure')}?of={keep(request, 'exposure', typed)}")


class Report:
    """Who was shown whom between two days, both included."""

    def __init__(self, looked: Looked, start: date, end: date, *, address: str, authority: int) -> None:
        self.looked, self.start, self.end, self.address = looked, start, end, address
        self.rows = exposure(authority, looked, start_of(start), start_of(end + timedelta(days=1)))
        self._people = names_of({looked.account, *(row.account for row in self.rows)})

    @classmethod
    def kept(cls, page: Page, key: str) -> "Report | None":
        """The report that this person asked for under this key."""
        typed = kept(page.request, "exposure", key)
        if not typed:
            return None
        start, end = (date.fromisoformat(typed[each]) for each in ("start", "end"))
        looked = Looked(**typed["looked"])
        return cls(looked, start, end, address=typed["address"], authority=page.actor.authority)

    def name(self, account: int | None) -> str:
        found = self._people.get(account or 0)
        return found.name if found else "Someone without an account"

    @property
    def is_of_one(self) -> bool:
        """Whether it is about one person, whose name need not stand on each row."""
        return self.looked.account is not None

    @property
    def says(self) -> str:
        children = count_of(len({row.child for row in self.rows}), "child", "children")
        if self.is_of_one:
            return f"{self.name(self.looked.account)} was shown {children}"
        people = len({row.account for row in self.rows})
        were = "person was" if people == 1 else "people were"
        return f"{people} {were} shown {children}"

    @property
    def days(self) -> str:
        return day(self.start) if self.start == self.end else f"{day(self.start)} to {day(self.end)}"


def _exposure_table(rows: Iterable[Exposed], shown: dict[int, Shown], report: Report) -> Table:
    cells = [
        [
            *([] if report.is_of_one else [report.name(row.account)]),
            Cell(shown[row.child].words, href=shown[row.child].href) if row.child in shown else "No longer held",
            sections_in_words(row.sections) or "Name, in a list",
            row.ways["view"] + row.ways["change"] or "–",
            row.ways["list"] or "–",
            row.ways["export"] or "–",
            Cell(day_short(localtime(row.first).date()), sub=f"{localtime(row.first):%H:%M}"),
        ]
        for row in rows
    ]
    columns = [
        *([] if report.is_of_one else [Column("Shown to", stacked_label=False)]),
        Column("Child", stacked_label=False),
        Column("Parts of the record"),
        Column("Pages", number=True),
        Column("Lists", number=True),
        Column("Files", number=True),
        Column("First"),
    ]
    return Table(caption="Children who were shown", columns=columns, rows=cells)


class ExposureFilePage(LooksPage):
    """The same as a spreadsheet, for the file of an incident."""

    requires = Can.SEE_LOOKS
    fresh = True

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        writer = {"xlsx": as_xlsx, "csv": as_csv}.get(kwargs["kind"])
        if writer is None:
            raise Http404
        report = Report.kept(self, request.GET.get("of", ""))
        if report is None:
            return HttpResponseRedirect(reverse("looks:exposure"))
        shown = as_shown([row.child for row in report.rows], self.actor)
        listed(self.actor, sorted(shown), "looks:exposure_file", act="export")
        headings = ("Shown to", "Child", "Parts of the record", "Pages", "Lists", "Files", "First", "Last")
        rows = (
            (
                report.name(row.account),
                shown[row.child].words if row.child in shown else "No longer held",
                sections_in_words(row.sections),
                row.ways["view"] + row.ways["change"],
                row.ways["list"],
                row.ways["export"],
                f"{localtime(row.first):%d/%m/%Y %H:%M}",
                f"{localtime(row.last):%d/%m/%Y %H:%M}",
            )
            for row in report.rows
        )
        return writer(f"shown-{report.start:%Y-%m-%d}-{report.end:%Y-%m-%d}", "Children shown", headings, rows)


class MattersPage(LooksPage):
    """The requests, incidents and reviews that are open, each of which opens one child's access log."""

    requires = Can.OPEN_MATTERS
    fresh = True
    template_name = "looks/matters.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        matters = Matter.visible_to(self.actor).on(self.actor.today).select_related("child", "opened_by")
        shown = list(matters.order_by("end", "pk"))
        listed(self.actor, dict.fromkeys(matter.child_id for matter in shown), "looks:matters")
        rows = [
            [
                Cell(
                    matter.child.name,
                    href=reverse("profile:looks", args=[matter.child.public_id]),
                    sub=f"{matter.get_kind_display()}, {matter.reference}",
                ),
                matter.reason,
                Cell(matter.opened_by.name, sub=day_short(matter.start)),
                day_short(matter.end - timedelta(days=1)),
                Cell("Close", href=reverse("looks:close_matter", args=[matter.public_id])),
            ]
            for matter in shown
        ]
        columns = [
            Column("Child", stacked_label=False),
            Column("Why"),
            Column("Opened by"),
            Column("Last day"),
            Column("Close", hidden=True),
        ]
        return self.show(
            says=f"{count_of(len(shown), 'matter')} open",
            table=Table(caption="Open matters", columns=columns, rows=rows) if rows else None,
        )


class OpenMatterPage(LooksPage):
    """Where information governance opens a matter about one child, found by an exact number alone."""

    requires = Can.OPEN_MATTERS
    fresh = True
    template_name = "looks/open_matter.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        until = self.actor.today + timedelta(days=30)
        return self.show(form=MatterForm(actor=self.actor, initial={"until": until}))

    def post(self, request: HttpRequest) -> HttpResponse:
        form = MatterForm(request.POST, actor=self.actor)
        if not form.is_valid() or form.child is None:
            return self.show(form=form)
        data = {name: value for name, value in form.cleaned_data.items() if name != "number"}
        open_matter(form.child, actor=self.actor, **data)
        messages.success(request, "The matter is open. You can see who looked at this child.")
        return HttpResponseRedirect(reverse("looks:matters"))


class CloseMatterPage(LooksPage):
    """Where a matter ends. From then on it opens nothing."""

    requires = Can.OPEN_MATTERS
    fresh = True
    template_name = "looks/close_matter.html"

    def open(self, *args: Any, **kwargs: Any) -> None:
        matters = Matter.visible_to(self.actor).on(self.actor.today).select_related("child")
        found = matters.filter(public_id=kwargs["matter"]).first()
        if found is None:
            raise Http404
        self.matter = found

    def context(self) -> dict[str, Any]:
        listed(self.actor, [self.matter.child_id], "looks:close_matter")
        return {**super().context(), "matter": self.matter}

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        close_matter(self.matter, actor=self.actor)
        messages.success(request, "The matter is closed.")
        return HttpResponseRedirect(reverse("looks:matters"))
