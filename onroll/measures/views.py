"""Pages of figures: the catalogue, one measure with its breakdowns, and the children behind it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse

from onroll.access.actors import Actor
from onroll.access.can import Can, can
from onroll.access.pages import Page
from onroll.children.roll_columns import columns_for, rows_of, table_of
from onroll.children.visibility import known_on
from onroll.codes.years import collection_year, collection_year_of
from onroll.design.dates import read_day
from onroll.design.tables import Cell, Column, GroupRow, Table
from onroll.design.tags import tag
from onroll.design.values import AsAt, Chip, Pages
from onroll.design.words import count_of, day, lower_first, percent
from onroll.design.words import listed as listed_words
from onroll.history.viewing import listed

from . import characteristics, periods
from .beside import beside
from .catalogue import CATALOGUE
from .charting import breakdown_chart, levels_of, period_words, trend_chart, with_levels
from .cohorts import Cohort
from .engine import Group, NotADimension, Reading, dimensions, read
from .keeping import revisions
from .measure import Measure, Unit
from .rag import earlier
from .showing import Amount, Point, Seen, change_words, points, seen

EARLIEST = date(1990, 1, 1)
# The cohort of the national statistics: looked after for twelve months at the last 31 March.
TWELVE_MONTHS = "12-months"
TREND = 7
COLUMNS = [
    Column("Measure", stacked_label=False),
    Column("Now", number=True),
    Column("Better"),
    Column("Counted from"),
    Column("Who may see it"),
    Column("Answers"),
]


@dataclass(frozen=True)
class Asked:
    """What is asked of a figure: the day, what it is divided by, of which children. Made from an address."""

    as_at: date
    by: tuple[str, ...] = ()
    of: str = ""
    wrong_day: str = ""
    typed_day: str = ""

    @classmethod
    def from_address(cls, query: Any, *, today: date) -> "Asked":
        """The question of an address. What it does not understand is left out; a wrong day is today, and said."""
        typed, as_at, wrong = query.get("as-at", "").strip(), today, ""
        if typed:
            found = read_day(typed)
            if found is None:
                wrong = f"“{typed[:20]}” is not a day. Enter it like 18/12/2026"
            elif found < EARLIEST:
                wrong = f"Nothing is held of days before {EARLIEST.year}"
            elif found > today:
                wrong = "The day is in the future. Figures can be asked for today or a day before"
            else:
                as_at = found
        by = tuple(dict.fromkeys(each for each in query.getlist("by") if each))[:2]
        of = TWELVE_MONTHS if query.get("of") == TWELVE_MONTHS else ""
        return cls(as_at, by, of, wrong, typed if wrong else "")

    def keep(self, *, today: date, **changes: Any) -> dict[str, Any]:
        """The query part of the address of this question, with changes."""
        asked = {"as_at": self.as_at, "by": self.by, "of": self.of, **changes}
        found: dict[str, Any] = {}
        if asked["as_at"] != today:
            found["as-at"] = asked["as_at"].isoformat()
        if asked["by"]:
            found["by"] = list(asked["by"])
        if asked["of"]:
            found["of"] = asked["of"]
        return found

    def address(self, *, today: date, **changes: Any) -> str:
        return f"?{urlencode(self.keep(today=today, **changes), doseq=True)}"


class FiguresPage(Page):
    """What the pages of figures share: the question of the address, and the actor's cohort."""

    abstract: ClassVar[bool] = True

    def open(self, *args: Any, **kwargs: Any) -> None:
        self.asked = Asked.from_address(self.request.GET, today=self.actor.today)
        self.cohort = Cohort.for_actor(self.actor, as_at=self.asked.as_at)
        if self.asked.of:
            self.cohort = self.cohort.narrowed(_looked_after_for_a_year(self.cohort))

    def read(self, measure: Measure, *, by: Sequence[str] = ()) -> Reading:
        """The measure for its own period, up to the day that is asked for."""
        period = periods.up_to(measure.period, self.asked.as_at, self.cohort.calendar)
        return read(measure, self.cohort.over(period), by=by)

    def here(self, **changes: Any) -> str:
        return self.asked.address(today=self.actor.today, **changes)

    def bar(self, **keep: Any) -> AsAt:
        asked, today = self.asked, self.actor.today
        return AsAt(
            asked.as_at,
            today,
            keep={**{k: v for k, v in asked.keep(today=today).items() if k != "as-at"}, **keep},
            error=asked.wrong_day,
            typed=asked.typed_day,
            back=self.request.path + self.here(as_at=today),
        )


def _looked_after_for_a_year(cohort: Cohort) -> frozenset[int]:
    """The children of the national statistics: looked after for twelve months at the last 31 March by the day."""
    year_end = collection_year(collection_year_of(cohort.as_at)).start
    at_year_end = cohort.over(periods.up_to(periods.PeriodKind.MONTH, periods.day_before(year_end), cohort.calendar))
    return frozenset(child for child in at_year_end.roll if at_year_end.has_been_looked_after_for_a_year(child))


class CataloguePage(FiguresPage):
    """Every measure in words, with its value on a day."""

    requires = Can.SEE_FIGURES
    template_name = "measures/catalogue.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self._answer_for("")

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The measures that hold these words. They stand in no address."""
        return self._answer_for(request.POST.get("words", "").strip()[:100])

    def _answer_for(self, words: str) -> HttpResponse:
        found = [measure for measure in CATALOGUE if is_for(measure, self.actor) and _holds(measure, words)]
        rows: list[Any] = []
        group = ""
        for measure in found:
            if measure.group != group:
                group = measure.group
                rows.append(GroupRow(group))
            rows.append(self._row(measure))
        return self.show(
            words=words,
            table=Table("Measures, by group", COLUMNS, rows),
            found=len(found),
            many=count_of(len(found), "measure"),
            bar=self.bar(),
            may_keep=can(self.actor, Can.KEEP_PLAN),
            may_find=can(self.actor, Can.KEEP_FINDINGS),
        )

    def _row(self, measure: Measure) -> list[Any]:
        shown = seen(self.read(measure))
        address = reverse("measures:measure", args=[measure.id]) + self.here(by=())
        return [
            Cell(measure.title, href=address, sub=_words_of(measure)),
            _cell(shown),
            measure.better or "–",
            lower_first(measure.source),
            who_sees(measure),
            ", ".join(measure.answers) or "–",
        ]


def is_for(measure: Measure, actor: Actor) -> bool:
    """Whether there is this measure for the actor: that of a plan only for who sees plans."""
    return measure.requires is None or can(actor, measure.requires)


def who_sees(measure: Measure) -> str:
    """Who has the figure at all, in words."""
    return "Who sees the plans" if measure.requires is Can.SEE_PLAN else "Everyone with figures"


def who_opens(measure: Measure) -> str:
    """Whom the children behind the figure are named to, in words: who reads all that it tells of them."""
    return listed_words([section.short for section in measure.sections])


def _holds(measure: Measure, words: str) -> bool:
    text = " ".join((measure.title, measure.part, measure.whole, measure.source, *measure.answers)).lower()
    return all(word in text for word in words.lower().split())


def _words_of(measure: Measure) -> str:
    return f"{measure.part}, of: {measure.whole[:1].lower()}{measure.whole[1:]}" if measure.whole else measure.part


def _cell(shown: Seen) -> Cell:
    if shown.refused:
        return Cell("not given", sub="until its period is over")
    return Cell(shown.total.words, sub=shown.total.part_words, bold=True)


class MeasurePage(FiguresPage):
    """One measure: value, part and whole, its words, its trend, its breakdowns, and who is behind it."""

    requires = Can.SEE_FIGURES
    template_name = "measures/measure.html"

    def open(self, *args: Any, **kwargs: Any) -> None:
        found = CATALOGUE.find(kwargs["measure"])
        if found is None or found.id != kwargs["measure"] or not is_for(found, self.actor):
            raise Http404
        self.measure = found
        super().open(*args, **kwargs)
        self.offered = {
            key: title
            for key, title in dimensions(found).items()
            if key in found.own or characteristics.CHARACTERISTICS[key].is_for(self.actor)
        }
        by = tuple(key for key in self.asked.by if key in self.offered)
        try:
            self.reading = self.read(found, by=by)
        except NotADimension:
            raise Http404 from None
        self.seen = seen(self.reading)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        measure, now = self.measure, self.seen.total
        trend = points(measure, self.reading.cohort, count=TREND)
        before, when = self._before(trend)
        against = beside(self.reading, twelve_months=bool(self.asked.of))
        trend_table = with_levels(_trend_table(measure, trend), levels_of(measure, against))
        breakdown = self._breakdown()
        return self.show(
            measure=measure,
            words=_words_of(measure),
            who_sees=who_sees(measure),
            who_opens=who_opens(measure),
            reading=self.reading,
            seen=self.seen,
            now=now,
            period=_period_words(self.reading),
            before=before,
            before_when=when,
            change=change_words(before, now) if before is not None and not self.seen.refused else "",
            trend=trend_table if trend else None,
            trend_chart=trend_chart(measure, trend, against, trend_table),
            chips=self._chips(),
            two=list(self.offered.items()),
            breakdown=breakdown,
            breakdown_chart=breakdown_chart(measure, self.seen, breakdown) if breakdown is not None else None,
            longest_first=self._longest_first(),
            bar=self.bar(),
            beside=[
                (each, seen(self.read(each)))
                for each in map(CATALOGUE.find, measure.beside)
                if each is not None and is_for(each, self.actor)
            ],
            against=against,
            may_keep=can(self.actor, Can.KEEP_PLAN) and measure.unit not in (Unit.LIST, Unit.YES_NO),
            is_yes_or_no=measure.unit is Unit.YES_NO,
            twelve_months=self.here(of="" if self.asked.of else TWELVE_MONTHS),
            asked=self.asked,
            children=self._children_address(),
            children_in_part=self._children_address(part="1"),
            part_words=f"{self.reading.part:,}" if measure.unit is Unit.PERCENT and self.reading.part else "",
            opens=self._opens(),
            keep_findings=self._keep_findings(),
            revised=self._revised(trend),
        )

    def _before(self, trend: Sequence[Point]) -> tuple[Amount | None, str]:
        """What the figure was before, and when: in the period before it; what grows over its period, by the same day a
        year before, since a whole period is another thing.
        """
        if not self.measure.accumulates:
            return (trend[-2].seen.total, trend[-2].words) if len(trend) > 1 else (None, "")
        then = seen(earlier(self.reading))
        return (None, "") if then.refused or not self.seen.is_open else (then.total, "by the same day a year before")

    def _keep_findings(self) -> str:
        """Where to keep what the breakdown shows, for those who do."""
        if not self.reading.by or not can(self.actor, Can.KEEP_FINDINGS):
            return ""
        return reverse("measures:keep_findings", args=[self.measure.id]) + self.here(by=self.reading.by)

    def _revised(self, trend: Sequence[Point]) -> list[str]:
        """What was kept of a period that is over and is counted otherwise today, for who has whole figures."""
        if not self.cohort.is_whole or self.asked.of:
            return []
        found = revisions(self.measure, [point.seen.reading for point in trend])
        said = []
        for point in trend:
            revision = found.get(point.seen.reading.cohort.period)
            if revision is not None:
                was = f"{revision.kept.part.normalize():f}" + (
                    f" of {revision.kept.whole:,}" if revision.kept.whole is not None else ""
                )
                why = "the definition was worded anew" if revision.reworded else "the records were corrected"
                said.append(f"{point.words} was kept as {was} on {day(revision.kept.counted_on)}: {why} since")
        return said

    def _opens(self) -> bool:
        """Whether there is a list of children to open: some stand behind it, and the reader's role opens records."""
        return (
            bool(self.reading.children)
            and can(self.actor, Can.SEE_CHILDREN)
            and self.seen.is_open
            and self.cohort.reads(self.measure.sections)
        )

    @property
    def _tells_where(self) -> bool:
        """Whether the figure, as it is divided, tells where children live or learn."""
        divided = (characteristics.CHARACTERISTICS.get(key) for key in self.reading.by)
        return self.measure.tells_where or any(each is not None and each.tells_where for each in divided)

    def _may_open(self, group: Group, *, part: bool = True) -> bool:
        """Whether the list of this group, or of its part, may be opened. Of what tells where children are, both or
        neither: one that is closed because of one child would tell on which side of the part that child is.
        """
        if self._tells_where:
            return self.cohort.may_open(group.children | group.children_in_part, where=True)
        return self.cohort.may_open(group.children_in_part if part else group.children, where=False)

    def _children_address(self, **more: Any) -> str:
        address = reverse("measures:children", args=[self.measure.id])
        keep = {**self.asked.keep(today=self.actor.today), **more}
        return f"{address}?{urlencode(keep, doseq=True)}"

    def _chips(self) -> list[Chip]:
        return [
            Chip(title, href=self.here(by=(key,)) + "#breakdown", current=self.reading.by == (key,))
            for key, title in self.offered.items()
        ]

    def _longest_first(self) -> Table | None:
        """A figure that is a list: its groups, the longest first, each with its share of the roll."""
        measure, roll = self.measure, len(self.reading.cohort.roll)
        if not measure.listed_by or not self.seen.is_open or not roll:
            return None
        groups = self.read(measure, by=[measure.listed_by]).breakdown
        from_on = measure.marked_from(self.reading.cohort) if measure.marked_from else 0
        rows = []
        for group in sorted(groups, key=lambda each: (-each.part, each.label)):
            codes = urlencode({**self.asked.keep(today=self.actor.today), "by": measure.listed_by, "group": group.code})
            openable = self._opens() and self._may_open(group)
            address = f"{reverse('measures:children', args=[measure.id])}?{codes}" if openable else ""
            marked = tag(measure.mark_words, "blue") if from_on and group.part >= from_on else ""
            rows.append([group.label, Cell(f"{group.part:,}", href=address), percent(int(group.part), roll), marked])
        columns = [Column(dimensions(measure)[measure.listed_by]), Column(measure.of.capitalize(), number=True),
                   Column("Of the roll", number=True), Column("Mark", hidden=True)]  # fmt: skip
        return Table(f"{measure.title}, the longest first", columns, rows)

    def _breakdown(self) -> Table | None:
        if not self.reading.by:
            return None
        measure, opens = self.measure, self._opens()
        columns = [Column(self.offered[key]) for key in self.reading.by]
        columns.append(_part_column(measure))
        if measure.unit.has_whole:
            columns += [Column("Of", number=True), Column("Value", number=True)]
        rows = []
        for group, amount in self.seen.groups:
            codes = {"group": list(group.codes), "part": "1"}
            openable = opens and group.children_in_part and self._may_open(group)
            href = self._children_address(**codes) if openable else ""
            rows.append([*group.words, *_amount_cells(amount, href)])
        total = [
            "All together" if measure.unit is Unit.YES_NO else "Everyone",
            *[""] * (len(self.reading.by) - 1),
            *_amount_cells(self.seen.total, ""),
        ]
        title = f"{measure.title}, by {' and '.join(self.offered[key].lower() for key in self.reading.by)}"
        return Table(title, columns, rows, foot=total)


def _amount_cells(amount: Amount, href: str) -> list[Any]:
    if amount.measure.unit is Unit.YES_NO:
        return [amount.words]
    part = Cell("hidden" if amount.part is None else f"{amount.part:,}", href=href)
    if not amount.measure.unit.has_whole:
        return [part]
    return [part, "hidden" if amount.whole is None else f"{amount.whole:,}", amount.words]


def _part_column(measure: Measure) -> Column:
    return Column("Answer") if measure.unit is Unit.YES_NO else Column("Number", number=True)


def _trend_table(measure: Measure, trend: Sequence[Point]) -> Table:
    columns = [Column(measure.period.label.capitalize()), _part_column(measure)]
    if measure.unit.has_whole:
        columns += [Column("Of", number=True), Column("Value", number=True)]
    return Table(
        f"{measure.title}, by {measure.period.label}",
        columns,
        [[period_words(measure, point), *_amount_cells(point.seen.total, "")] for point in trend],
    )


def _period_words(reading: Reading) -> str:
    cohort = reading.cohort
    if reading.measure.accumulates:
        return f"from {day(cohort.period.start)} to {day(cohort.as_at)}"
    return day(cohort.as_at)


class MeasureChildrenPage(MeasurePage):
    """The children behind a figure, of those whom the reader may see today."""

    requires = Can.SEE_CHILDREN
    template_name = "measures/children.html"

    def open(self, *args: Any, **kwargs: Any) -> None:
        super().open(*args, **kwargs)
        if not can(self.actor, Can.SEE_FIGURES):
            raise Http404

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        group, part = tuple(request.GET.getlist("group")), request.GET.get("part") == "1"
        opens = self._opens()
        behind = self._behind(group, part=part) if opens else frozenset()
        keys = list(
            known_on(self.actor, self.asked.as_at)
            .filter(pk__in=behind)
            .order_by("family_name", "given_name", "pk")
            .values_list("pk", flat=True)
        )
        page = Paginator(keys, 50).get_page(request.GET.get("page"))
        columns = columns_for(self.actor, [])
        rows = rows_of(self.actor, list(page.object_list), columns, self.asked.as_at)
        listed(self.actor, [row.child.pk for row in rows], "measures:children")
        keep = {name: values for name, values in request.GET.lists() if name != "page"}
        many = count_of(len(keys), "child", "children")
        return self.show(
            measure=self.measure,
            table=table_of(rows, columns, caption=f"{many}, as at {day(self.asked.as_at)}"),
            has_rows=bool(rows),
            pages=Pages(page.number, 50, len(keys), keep, "children"),
            many=many,
            which=self._which(group, part=part) if opens else "",
            opens=opens,
            back=reverse("measures:measure", args=[self.measure.id]) + self.here(),
            as_at=self.asked.as_at,
        )

    def _behind(self, codes: tuple[str, ...], *, part: bool) -> frozenset[int]:
        counted: Any = self.reading
        if codes:
            counted = next((group for group in self.reading.breakdown if group.codes == codes), None)
            if counted is None:
                raise Http404
        # A list beside its number would tell of whoever is left out of it.
        if codes and not self._may_open(counted, part=part):
            raise Http404
        behind: frozenset[int] = counted.children_in_part if part else counted.children
        return behind - self.cohort.marked if self._tells_where else behind

    def _which(self, codes: tuple[str, ...], *, part: bool) -> str:
        said = self.measure.part if part or not self.measure.whole else self.measure.whole
        group = next((group for group in self.reading.breakdown if group.codes == codes), None) if codes else None
        return f"{said}: {group.label}" if group is not None else said
