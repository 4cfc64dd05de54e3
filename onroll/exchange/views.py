"""Pages about the data that comes in: feeds, what a file would do, what it did, and where sources disagree."""

from typing import Any, ClassVar

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from onroll.access.can import Can, can
from onroll.access.pages import Page
from onroll.authorities.sensitive_facts import ALL
from onroll.children.models import Difference
from onroll.design import values
from onroll.design.spreadsheets import as_csv, as_xlsx
from onroll.design.tables import Cell, Column, Table
from onroll.design.words import count_of, day
from onroll.documents.past_peps import may_add_past_peps
from onroll.history.viewing import listed

from . import engine
from .differences import settle, sides_of, words_of
from .forms import ApplyForm, ChooseFilesForm, MatchForm
from .models import Import
from .problems import Grade, Refused, Unreadable
from .queries import (
    alike,
    children_named,
    feed_states,
    imports_of,
    page_of_problems,
    problems_of,
    provisional_ends,
    to_settle,
)
from .reading import unpacked
from .sheets import NeedsMatching, read_sheet, remember, remembered

ON_A_PAGE = 50
# Sentences that a page leaves out where they count nothing.
SAID_ONLY_IF_ANY = ("held", "changed", "not_matched", "read_past", *(f"kept_{each.kind}" for each in ALL))
STATE_COLOURS = {
    Import.State.PREVIEWED: "yellow",
    Import.State.LEFT: "grey",
    Import.State.APPLIED: "green",
    Import.State.UNDONE: "grey",
}


class DataPage(Page):
    """When each feed last came, what was loaded, and what waits for a person to settle."""

    requires = Can.SEE_DATA
    template_name: ClassVar[str] = "exchange/data.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        loads = imports_of(self.actor)
        page = Paginator(loads, 20).get_page(request.GET.get("page"))
        return self.show(
            feeds=self._feeds(),
            loads=self._table(list(page.object_list)) if page.object_list else None,
            pages=values.Pages(page.number, 20, page.paginator.count, what="loads"),
            differences=to_settle(self.actor),
            provisional=provisional_ends(self.actor),
            may_load=can(self.actor, Can.RUN_FEEDS),
            may_settle=can(self.actor, Can.SETTLE_DIFFERENCES),
            may_choose=can(self.actor, Can.CHOOSE_SENSITIVE_FACTS),
            may_add_past_peps=may_add_past_peps(self.actor),
            may_join=can(self.actor, Can.MERGE_CHILDREN),
        )

    def _feeds(self) -> Table:
        may_load = can(self.actor, Can.RUN_FEEDS)
        rows = []
        for state in feed_states(self.actor):
            feed, last = state.feed, state.last
            when = Cell(
                state.age,
                href=last.get_absolute_url() if last and may_load else "",
                tag="orange" if state.is_stale else "",
                sub=f"by {last.applied_by}" if last else "",
            )
            row = [Cell(feed.title, sub=feed.words), when, last.what_it_speaks_for if last else "–"]
            columns = reverse("exchange:columns", args=[feed.name])
            row.append(Cell(_about("How columns are read", feed), href=columns) if feed.columns else "–")
            if may_load:
                choose = reverse("exchange:choose_files", args=[feed.name])
                row.append(Cell(_about("Choose the files", feed), href=choose))
            rows.append(row)
        columns_of_table = [
            Column("Feed", stacked_label=False),
            Column("Last loaded"),
            Column("For"),
            Column("Columns", hidden=True),
        ]
        if may_load:
            columns_of_table.append(Column("Load", hidden=True))
        return Table(caption="Feeds, and when each last came", columns=columns_of_table, rows=rows)

    def _table(self, loads: list[Import]) -> Table:
        may_open = can(self.actor, Can.RUN_FEEDS)
        rows = []
        for load in loads:
            at = timezone.localtime(load.applied_at or load.previewed_at)
            rows.append(
                [
                    Cell(
                        engine.FEEDS[load.feed].title if load.feed in engine.FEEDS else load.feed,
                        href=load.get_absolute_url() if may_open else "",
                        sub=load.what_it_speaks_for,
                    ),
                    Cell(load.get_state_display(), tag=STATE_COLOURS[Import.State(load.state)]),
                    f"{day(at.date())}, {at:%H:%M}",
                    load.applied_by or load.previewed_by,
                    f"{load.would_change:,}",
                ]
            )
        columns = [
            Column("Load", stacked_label=False),
            Column("State"),
            Column("When"),
            Column("Who"),
            Column("Facts", number=True),
        ]
        return Table(caption="Loads, newest first", columns=columns, rows=rows)


def _about(words: str, feed: engine.Feed) -> SafeString:
    """The words of a link, told apart for those who hear them one after another."""
    return format_html('{}<span class="govuk-visually-hidden">: {}</span>', words, feed.title)


class FeedPage(Page):
    """A page about one feed."""

    abstract = True

    def open(self, feed: str, **kwargs: Any) -> None:  # type: ignore[override]
        found = engine.FEEDS.get(feed)
        if found is None or not found.on_pages:
            raise Http404
        self.feed = found

    def context(self) -> dict[str, Any]:
        return {"feed": self.feed}


class ChooseFilesPage(FeedPage):
    """Where a data officer chooses the files of a feed. They are checked, and nothing is changed."""

    requires = Can.RUN_FEEDS
    template_name: ClassVar[str] = "exchange/choose_files.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.feed.choose_page:
            return HttpResponseRedirect(reverse(self.feed.choose_page))
        return self.show(form=ChooseFilesForm(feed=self.feed))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = ChooseFilesForm(request.POST, request.FILES, feed=self.feed)
        if not form.is_valid():
            return self.show(form=form)
        given = form.cleaned_data
        options = engine.Options(as_at=given.get("as_at"), part=given.get("part", False))
        try:
            uploads = unpacked(given["uploads"])
            if given.get("match"):
                return self._match(read_sheet(uploads[0]).headings)
            import_ = engine.preview(self.feed, uploads, actor=self.actor, options=options)
        except NeedsMatching as needs:
            return self._match(needs.headings)
        except (Unreadable, Refused) as refusal:
            form.add_error("uploads", str(refusal))
            return self.show(form=form)
        return HttpResponseRedirect(import_.get_absolute_url())

    def _match(self, headings: list[str]) -> HttpResponse:
        matched = remembered(self.feed.name, authority=self.actor.authority)
        form = MatchForm(feed=self.feed, headings=headings, matched=matched)
        return render(self.request, MatchPage.template_name, {**self.context(), "form": form})


class MatchPage(FeedPage):
    """Where a data officer says which heading of their own spreadsheet is which column, once."""

    requires = Can.RUN_FEEDS
    template_name: ClassVar[str] = "exchange/match.html"

    def open(self, feed: str, **kwargs: Any) -> None:  # type: ignore[override]
        super().open(feed, **kwargs)
        if not self.feed.matched_columns:
            raise Http404

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        # The headings are those of a file, so a file comes first.
        return HttpResponseRedirect(reverse("exchange:choose_files", args=[self.feed.name]))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = MatchForm(request.POST, feed=self.feed, headings=request.POST.getlist("heading"), matched={})
        if not form.is_valid():
            return self.show(form=form)
        remember(self.feed.name, form.matches(), actor=self.actor)
        messages.success(request, "The columns are matched and remembered. Choose the same files again to check them.")
        return HttpResponseRedirect(reverse("exchange:choose_files", args=[self.feed.name]))


class ColumnsPage(FeedPage):
    """How each column of a feed is read, in words."""

    requires = Can.SEE_DATA
    template_name: ClassVar[str] = "exchange/columns.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not self.feed.columns:
            raise Http404
        columns = [Column("File or table"), Column("Column", stacked_label=False), Column("How it is read")]
        rows = [[table, Cell(column, bold=True), words] for table, column, words in self.feed.columns]
        return self.show(table=Table(caption="Columns", columns=columns, rows=rows))


class OneImportPage(Page):
    """A page about one load of the actor's own authority."""

    abstract = True

    def open(self, **kwargs: Any) -> None:
        self.import_ = get_object_or_404(Import, public_id=kwargs["import"], authority_id=self.actor.authority)
        if self.import_.feed not in engine.FEEDS:
            raise Http404
        self.feed = engine.feed_of(self.import_)

    def context(self) -> dict[str, Any]:
        return {"import": self.import_, "feed": self.feed}

    def at(self, page: str, **kwargs: Any) -> str:
        return reverse(f"exchange:{page}", kwargs={"import": self.import_.public_id, **kwargs})


class ImportPage(OneImportPage):
    """What a file will do, in sentences with counts; once it is applied, what it did, and how to take it back."""

    requires = Can.RUN_FEEDS
    template_name: ClassVar[str] = "exchange/import.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self._shown(ApplyForm(import_=self.import_, feed=self.feed))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        act = request.POST.get("act")
        if act == "undo":
            return self._undo()
        if act == "leave":
            return self._leave()
        form = ApplyForm(request.POST, import_=self.import_, feed=self.feed)
        if not form.is_valid():
            return self._shown(form)
        chosen = form.cleaned_data
        try:
            engine.apply(
                self.import_,
                actor=self.actor,
                confirm_endings=chosen.get("confirm_endings", False),
                good_rows=chosen.get("good_rows", False),
            )
        except Refused as refusal:
            return self._shown(form, refusal=str(refusal))
        messages.success(self.request, "The load is applied. You can undo it as one act until something builds on it.")
        return HttpResponseRedirect(self.import_.get_absolute_url())

    def _undo(self) -> HttpResponse:
        try:
            engine.undo(self.import_, actor=self.actor)
        except Refused as refusal:
            return self._shown(None, refusal=str(refusal))
        messages.success(self.request, "The load is undone. The record is as it was before.")
        return HttpResponseRedirect(self.import_.get_absolute_url())

    def _leave(self) -> HttpResponse:
        try:
            engine.leave(self.import_, actor=self.actor)
        except Refused as refusal:
            return self._shown(None, refusal=str(refusal))
        messages.success(self.request, "Nothing was changed, and the files are not kept.")
        return HttpResponseRedirect(reverse("exchange:data"))

    def _shown(self, form: ApplyForm | None, *, refusal: str = "") -> HttpResponse:
        found = alike(self.import_, self.actor)
        previewed = self.import_.state == Import.State.PREVIEWED
        stops = sum(group.count for group in found if group.first.grade == Grade.STOPS)
        return self.show(
            form=form if previewed else None,
            refusal=refusal,
            sentences=self._sentences(),
            groups=self._table(found) if found else None,
            problems=sum(group.count for group in found),
            stops=stops,
            can_go_on=not stops or self.feed.may_leave_bad_rows,
        )

    def _sentences(self) -> list[values.ImportSentence]:
        done = self.import_.state in (Import.State.APPLIED, Import.State.UNDONE)
        return [
            values.ImportSentence(
                count=sentence["count"],
                text=sentence["did"] if done else sentence["will"],
                note=sentence["small"] if sentence["count"] else "",
                href=self.at("children", key=sentence["key"]) if sentence["children"] else "",
                link=f"See the {len(sentence['children']):,}" if sentence["count"] != 1 else "See which",
                problem=bool(sentence["count"]) and sentence["key"] in ("missing", "not_matched"),
            )
            for sentence in self.import_.sentences
            if sentence["count"] or sentence["key"] not in SAID_ONLY_IF_ANY
        ]

    def _table(self, found: list[Any]) -> Table:
        return problem_table("Problems by kind", [(group.first, group.more) for group in found])


def problem_table(caption: str, problems: list[tuple[Any, str]]) -> Table:
    """Problems as a table: where, who, what is wrong, what was done. Beside each, how many more there are like it."""
    columns = [
        Column("File and line", stacked_label=False),
        Column("Child"),
        Column("What is wrong"),
        Column("What we did"),
    ]
    colours = {Grade.STOPS: "red", Grade.LEFT_OUT: "orange", Grade.NOTED: "grey"}
    rows = [
        [
            Cell(problem.place, sub=problem.field),
            problem.number or "–",
            Cell(problem.wrong, sub=more),
            Cell(problem.outcome, tag=colours[Grade(problem.grade)], sub=problem.what_we_did),
        ]
        for problem, more in problems
    ]
    return Table(caption=caption, columns=columns, rows=rows)


class ImportChildrenPage(OneImportPage):
    """The children whom one sentence of a load counts."""

    requires = Can.RUN_FEEDS
    template_name: ClassVar[str] = "exchange/children.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        sentence = self.import_.sentence(kwargs["key"])
        if sentence is None:
            raise Http404
        page = Paginator(sentence["children"], ON_A_PAGE).get_page(request.GET.get("page"))
        shown = list(page.object_list)
        held = children_named(shown, self.actor)
        listed(self.actor, [child.pk for child in held.values()], "exchange:children")
        rows = []
        for number in shown:
            child = held.get(number)
            rows.append(
                [
                    Cell(child.sorted_name, href=reverse("profile:story", args=[child.public_id]))
                    if child
                    else Cell("Not held" if self.import_.state == Import.State.APPLIED else "Not held yet"),
                    number,
                ]
            )
        done = self.import_.state in (Import.State.APPLIED, Import.State.UNDONE)
        words = f"{sentence['count']:,} {sentence['did' if done else 'will']}"
        columns = [Column("Name", stacked_label=False), Column("Authority’s number")]
        return self.show(
            words=words,
            small=sentence["small"],
            table=Table(caption=words, columns=columns, rows=rows) if rows else None,
            pages=values.Pages(page.number, ON_A_PAGE, page.paginator.count, what="children"),
        )


class ProblemsPage(OneImportPage):
    """Everything that was wrong with a load, one row each."""

    requires = Can.RUN_FEEDS
    template_name: ClassVar[str] = "exchange/problems.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        grade = request.GET.get("grade", "")
        grade = grade if grade in Grade.values else ""
        number = request.GET.get("page", "")
        page = int(number) if number.isascii() and number.isdecimal() and 0 < int(number) < 10_000 else 1
        rows, total = page_of_problems(self.import_, self.actor, grade=grade, page=page, size=ON_A_PAGE)
        listed(self.actor, sorted({row.child_pk for row in rows if row.child_pk}), "exchange:problems")
        here = self.at("problems")
        chips = [values.Chip("All", here, self.import_.problem_count, current=not grade)]
        chips += [
            values.Chip(
                each.label, f"{here}?grade={each.value}", self.import_.counts[each.value], current=grade == each
            )
            for each in Grade
            if self.import_.counts.get(each.value)
        ]
        return self.show(
            chips=chips,
            table=problem_table("Problems", [(row, "") for row in rows]) if rows else None,
            pages=values.Pages(page, ON_A_PAGE, total, keep={"grade": grade} if grade else {}, what="problems"),
        )


class ProblemsFilePage(OneImportPage):
    """The problems of a load as a spreadsheet, for the person who mends the file."""

    requires = Can.RUN_FEEDS

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        as_file = {"csv": as_csv, "xlsx": as_xlsx}.get(kwargs["kind"])
        if as_file is None:
            raise Http404
        found = list(problems_of(self.import_, self.actor))
        held = children_named({row.number for row in found if row.number}, self.actor)
        listed(self.actor, [child.pk for child in held.values()], "exchange:problems_file", act="export")
        headings = ("Grade", "File", "Line", "Child", "Field", "What is wrong", "What we did")
        rows = ((row.outcome, row.file, row.line, row.number, row.field, row.wrong, row.what_we_did) for row in found)
        name = f"problems-{self.import_.feed}-{timezone.localdate(self.import_.previewed_at):%Y-%m-%d}"
        return as_file(name, "Problems", headings, rows)


class DifferencesPage(Page):
    """Facts on which two sources disagree: the record shows the more trusted one until a person decides."""

    requires = Can.SETTLE_DIFFERENCES
    template_name: ClassVar[str] = "exchange/differences.html"

    def open_differences(self) -> QuerySet[Difference]:
        return (
            Difference.visible_to(self.actor)
            .filter(settled_on__isnull=True)
            .select_related("child")
            .order_by("noticed_on", "child_id", "pk")
        )

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self._shown()

    def _shown(self, refusal: str = "") -> HttpResponse:
        page = Paginator(self.open_differences(), 20).get_page(self.request.GET.get("page"))
        shown = list(page.object_list)
        listed(self.actor, [each.child_id for each in shown], "exchange:differences")
        return self.show(
            refusal=refusal,
            total=page.paginator.count,
            says=count_of(page.paginator.count, "fact"),
            differences=[self._side_by_side(each) for each in shown],
            pages=values.Pages(page.number, 20, page.paginator.count, what="differences"),
        )

    def _side_by_side(self, each: Difference) -> values.Difference:
        kept, other = sides_of(each)
        return values.Difference(
            fact=words_of(each),
            child=each.child.name,
            child_href=reverse("profile:story", args=[each.child.public_id]),
            action=reverse("exchange:differences"),
            key=str(each.public_id),
            sides=[kept, other],
        )

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            chosen = list(self.open_differences().filter(public_id=request.POST.get("difference", "")))
        except (ValueError, ValidationError):
            raise Http404 from None
        if not chosen:
            raise Http404
        try:
            settle(chosen, as_=request.POST.get("keep", ""), actor=self.actor)
        except Refused as refusal:
            return self._shown(str(refusal))
        messages.success(request, "Settled. The record holds what you chose.")
        return HttpResponseRedirect(reverse("exchange:differences"))
