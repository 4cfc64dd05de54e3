"""The school of a listed child beside the main place held. A school that isn't known for certain is noted and left."""

from collections import defaultdict
from collections.abc import Iterable

from django.db.models import Q

from onroll.children.models import SchoolPlace
from onroll.exchange.feeds.ssda903.cells import quoted
from onroll.exchange.feeds.ssda903.holdings import Holding
from onroll.exchange.writing import new
from onroll.schools.models import School
from onroll.schools.searching import tidy

from .comparison import Comparison
from .rows import Listed


def compare_schools(comparison: Comparison) -> None:
    """End the main place at another school and start one at the school of the list."""
    told = [(h, listed) for h, listed in comparison.children if listed.school and not comparison.is_older(h)]
    if not told:
        return
    known = _Schools(comparison.authority.pk, {listed.school for _, listed in told})
    held = comparison.holdings.theirs(SchoolPlace)
    for holding, listed in told:
        found = known.called(listed.school)
        if len(found) == 1:
            _compare(comparison, holding, listed, next(iter(found)), held.get(holding.child.pk, []))
        else:
            many = f"{len(found)} schools are known as {quoted(listed.school)}: give the URN"
            wrong = (
                many if found else f"No school is known as {quoted(listed.school)}: give the URN, or add the setting"
            )
            comparison.note("school", "school", listed, wrong, "Left the school as the record holds it")


def _compare(comparison: Comparison, holding: Holding, listed: Listed, school: int, places: list[SchoolPlace]) -> None:
    on = comparison.on
    main = sorted((place for place in places if place.kind == SchoolPlace.Kind.MAIN), key=lambda place: place.start)
    now = next((place for place in reversed(main) if place.holds_on(on)), None)
    if now is not None and now.school_id == school:
        return
    start = listed.school_start if listed.school_start and listed.school_start <= on else None
    if any(place.start > on for place in main):
        comparison.note("later_school", "school", listed, "The record holds a school place that began after this day")
        return
    trusted = now is None or comparison.trust.is_trusted_over(now.source)
    if now is None:
        last = max((place.end for place in main if place.end), default=None)
        begins = start if start and (last is None or start >= last) else on
    elif start is not None and start > now.start:
        begins = start
    elif trusted and (start == now.start or (start is None and now.start == on)):
        comparison.mark(holding, comparison.changes.update(now, school_id=school))
        comparison.new_school.add(holding.number)
        return
    elif start is None and now.start < on and (trusted or not _has_just_left(main, now, school)):
        begins = on
    else:
        wrong = "The record holds another school, and the list does not say that the child has changed since"
        comparison.note("other_school", "school", listed, wrong)
        return
    _start(comparison, holding, school, now, begins)
    for place in places:
        if place.kind == SchoolPlace.Kind.AWAITING and place.holds_on(begins) and now is None:
            comparison.changes.update(place, end=begins)


def _has_just_left(main: list[SchoolPlace], now: SchoolPlace, school: int) -> bool:
    """The list still has the school before: where a more trusted source moved the child since, the list is late."""
    before = [place for place in main if place.start < now.start]
    return bool(before) and before[-1].school_id == school


def _start(comparison: Comparison, holding: Holding, school: int, now: SchoolPlace | None, begins: object) -> None:
    end = now.end if now is not None else None
    if now is not None:
        comparison.changes.update(now, end=begins)
        if not holding.is_new:
            comparison.new_school.add(holding.number)
    own = comparison.own(holding.child)
    comparison.changes.create(new(SchoolPlace, **own, school_id=school, start=begins, end=end))
    comparison.mark(holding)


class _Schools:
    """Schools by what a list calls them: by number in one query, by name in another."""

    def __init__(self, authority: int, cells: Iterable[str]) -> None:
        self.usable = School.objects.filter(Q(authority__isnull=True) | Q(authority=authority))
        self.found: dict[str, set[int]] = defaultdict(set)
        cells = set(cells)
        self._by_number(cells)
        names = {cell: "".join(tidy(cell)) for cell in cells if cell not in self.found}
        if names:
            self._by_name(names)

    def called(self, cell: str) -> set[int]:
        return self.found.get(cell, set())

    def _by_number(self, cells: set[str]) -> None:
        laestabs = {cell: digits for cell in cells if len(digits := _digits(cell)) == 7}
        numbered = self.usable.filter(Q(setting_id__in=cells) | Q(laestab__in=set(laestabs.values())))
        rows = list(numbered.values_list("pk", "setting_id", "laestab", "status"))
        own = {setting_id: pk for pk, setting_id, _, _ in rows}
        by_laestab: dict[str, set[int]] = defaultdict(set)
        for pk, _, laestab, status in rows:
            if status != School.Status.CLOSED:
                by_laestab[laestab].add(pk)
        for cell in cells:
            if cell in own:
                self.found[cell] = {own[cell]}
            elif cell in laestabs and by_laestab[laestabs[cell]]:
                self.found[cell] = by_laestab[laestabs[cell]]

    def _by_name(self, names: dict[str, str]) -> None:
        by_name: dict[str, set[int]] = defaultdict(set)
        open_ones = self.usable.exclude(status=School.Status.CLOSED)
        for pk, name, words in open_ones.values_list("pk", "name", "search_words"):
            # What a school is found by begins with its name as one word.
            by_name[words.split(" ", 1)[0] if words else "".join(tidy(name))].add(pk)
        for cell, name in names.items():
            self.found[cell] = by_name.get(name, set()) if name else set()


def _digits(cell: str) -> str:
    joined = cell.replace("/", "").replace(" ", "")
    return joined if joined.isdecimal() else ""
