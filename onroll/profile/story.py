"""A child's story: what happened, one sentence a fact, and the same facts as lanes of one picture."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from itertools import pairwise
from typing import Any

from django.utils.html import format_html
from django.utils.safestring import SafeString

from onroll.access.roles import Role
from onroll.access.sections import Section
from onroll.children.models import CareEpisode, CharacteristicSpell, EpisodePlacement, SchoolPlace, Status
from onroll.children.queries import SHORT_BREAKS, Home, PeriodOfCare, periods_of_care, placement_type_of
from onroll.codes import (
    MISSING_TYPE,
    OC3_ACCOMMODATION,
    OC3_ACTIVITY,
    OC3_IN_TOUCH,
    PLACEMENT_TYPE,
    REASON_CEASED,
    SDQ_REASON,
    SEN_NEED,
    SEN_PROVISION,
    CodeSet,
    sdq_band_of,
)
from onroll.codes.year_groups import is_of_compulsory_school_age, year_group_of
from onroll.design.story import Bar, Event, Lane
from onroll.design.tables import Cell, Column, GroupRow, Table
from onroll.design.words import count_of, day, day_short, length_of_time, listed, lower_first

from .record import DatedFact, Record
from .words import (
    PARTICIPATION,
    home_words,
    left_words,
    legal_label,
    legal_words,
    living_words,
    ordinal,
    source_words,
)

# The kinds that the list can be narrowed to.
CARE, SCHOOL, NEEDS, PEOPLE, EVENTS = "care", "school", "needs", "people", "events"
KIND_LABELS = {
    CARE: "Care and home",
    SCHOOL: "School",
    NEEDS: "Needs and support",
    PEOPLE: "People",
    EVENTS: "Reviews and events",
}


A_FEW_DAYS = 5


@dataclass(frozen=True)
class Happening:
    """One thing that happened: a sentence, and where it is known from."""

    on: date
    kind: str
    words: SafeString | str
    by: str = ""


@dataclass(frozen=True)
class Gap:
    """Days of compulsory school age without a main school. `school_days` is None where the calendar can't tell."""

    start: date
    end: date | None
    until: date
    school_days: int | None

    @property
    def words(self) -> str:
        if self.school_days is None:
            return f"{length_of_time(self.start, self.until) or 'some days'} with no place"
        return f"{count_of(self.school_days, 'school day')} with no place"


@dataclass
class Story:
    """The story of one record, as its reader may know it."""

    record: Record

    @cached_property
    def lanes(self) -> list[Lane]:
        """Care, home, school and SEN. A lane of which the reader may know nothing is not there."""
        lanes = [self._care_lane(), self._home_lane(), self._school_lane(), self._sen_lane()]
        return [lane for lane in lanes if lane.bars]

    @property
    def marks(self) -> list[Event]:
        """The few events that stand in the picture itself."""
        marks = []
        for period in self._periods if self.record.may_read(Section.CARE) else []:
            marks.append(Event(period.start, "Came into care"))
            if period.end is not None and period.end <= self.record.day:
                marks.append(Event(period.end, "Left care", plain=True))
        marks += [Event(gap.start, gap.words.replace("with no place", "no school")) for gap in self.gaps]
        missing = [fact for fact in self.record.facts("missing") if fact.start and fact.words[0] == "M"]
        marks += [Event(fact.start, "Missing") for fact in missing if fact.start]
        return sorted(marks, key=lambda mark: mark.on)

    @property
    def table(self) -> Table:
        """The picture as a table: every bar of every lane."""
        rows: list[Any] = []
        for lane in self.lanes:
            rows.append(GroupRow(lane.name))
            for bar in lane.bars:
                last = bar.end - timedelta(days=1) if bar.end else None
                rows.append(
                    [
                        Cell(bar.label, bold=bar.gap),
                        day_short(bar.start),
                        day_short(last) or "now",
                        length_of_time(bar.start, bar.end or self.record.day, short=True),
                    ]
                )
        columns = [Column("What", stacked_label=False), Column("From"), Column("To"), Column("For")]
        return Table(caption=f"{self.record.child.first_name}’s story", columns=columns, rows=rows)

    @property
    def description(self) -> str:
        """The picture in two or three sentences, for those who do not see it."""
        record, parts = self.record, []
        if self._periods:
            first = self._periods[0].start
            parts.append(
                f"Came into care in {first:%B %Y}."
                if record.may_read(Section.CARE)
                else f"In care since {first:%B %Y}."
            )
        counted = []
        if record.homes:
            counted.append(count_of(len(record.homes), "home"))
        schools = {place.school_id for place in record.main_places}
        if schools:
            counted.append(count_of(len(schools), "school"))
        if counted:
            parts.append(f"{listed(counted).capitalize()}.")
        parts += [f"{gap.words.capitalize()} from {gap.start:%B %Y}." for gap in self.gaps]
        return " ".join([*parts, "The same facts are in the list below."])

    @cached_property
    def happenings(self) -> list[Happening]:
        """What happened, newest first."""
        found = [
            *self._care(),
            *self._schools(),
            *self._needs(),
            *self._people(),
            *self._events(),
        ]
        order = [CARE, SCHOOL, NEEDS, PEOPLE, EVENTS]
        found = [each for each in found if each.on <= self.record.day]
        return sorted(found, key=lambda each: (-each.on.toordinal(), order.index(each.kind)))

    # Care and home

    @cached_property
    def _periods(self) -> list[PeriodOfCare]:
        periods = periods_of_care(self.record.care.episodes)
        return [p for p in periods if any(e.legal_status not in SHORT_BREAKS for e in p.episodes)]

    def _care(self) -> Iterator[Happening]:
        record = self.record
        if not record.may_read(Section.CARE):
            return
        homes = {home.start: number for number, home in self._numbered_homes()}
        for period in periods_of_care(record.care.episodes):
            before: CareEpisode | None = None
            for episode in period.episodes:
                words = self._episode(episode, before, homes.get(episode.start))
                if words:
                    yield Happening(episode.start, CARE, words, source_words(episode.source))
                before = episode
            last = period.episodes[-1]
            if period.end is not None:
                yield Happening(period.end, CARE, _left_care(last), source_words(last.source))

    def _numbered_homes(self) -> Iterator[tuple[int, Home]]:
        """The homes with their number in their own period of care."""
        for period in periods_of_care(self.record.care.episodes):
            inside = [home for home in self.record.homes if any(home.latest.pk == e.pk for e in period.episodes)]
            yield from enumerate(inside, 1)

    def _episode(self, episode: CareEpisode, before: CareEpisode | None, number: int | None) -> SafeString | str:
        legal = legal_words(episode.legal_status)
        if before is None:
            if episode.legal_status in SHORT_BREAKS:
                return "Began agreed short breaks."
            home = f", {self._home_with_area(episode, living_words(episode))}" if number else ""
            return format_html("<b>Came into care</b>{}{}.", f" {legal}" if legal else "", home)
        sentences = []
        kind = PLACEMENT_TYPE.get(placement_type_of(episode))
        if kind is not None and kind.is_temporary and self.record.may_read(Section.PLACEMENT):
            until = length_of_time(episode.start, episode.end)
            sentences.append(f"Stayed elsewhere{f' for {until}' if until else ''}: {lower_first(kind.label)}.")
        elif number:
            home = self._home_with_area(episode, home_words(episode))
            sentences.append(
                format_html("Moved home{}. <b>{} home.</b>", f" to {home}" if home else "", ordinal(number))
                if number > 1
                else format_html("Moved home{}.", f" to {home}" if home else "")
            )
        if episode.legal_status != before.legal_status:
            label = lower_first(legal_label(episode.legal_status))
            sentences.append(format_html("Legal status became <b>{}</b>.", label))
        return format_html("{} " * (len(sentences) - 1) + "{}", *sentences) if sentences else ""

    def _home_with_area(self, episode: CareEpisode, words: str) -> str:
        home = next((home for home in self.record.homes if any(e.pk == episode.pk for e in home.episodes)), None)
        area = self.record.area_of(home) if home else ""
        where = {
            "in": f"in {self.record.actor.authority_name}",
            "out": f"outside {self.record.actor.authority_name}",
        }.get(area, "")
        return " ".join(part for part in (words, where) if part)

    def _care_lane(self) -> Lane:
        record = self.record
        if not record.has_summary(Section.CARE):
            return Lane("Care", "care", [])
        if not record.may_read(Section.CARE):
            # The summary is that the child is looked after, and since which month.
            now = self._periods[-1:] if record.care.looked_after else []
            return Lane("Care", "care", [Bar(period.start.replace(day=1), None, "Looked after") for period in now])
        bars: list[Bar] = []
        for period in self._periods:
            spells = _run_together([(e.start, e.end, e.legal_status) for e in period.episodes])
            # All but the last are on the way to it.
            bars += [
                Bar(start, end, legal_label(code), light=n < len(spells))
                for n, (start, end, code) in enumerate(spells, 1)
            ]
        return Lane("Care", "care", bars)

    def _home_lane(self) -> Lane:
        bars = []
        for home in self.record.homes:
            label = home_words(home.latest) or "kind of home not recorded"
            area = self.record.area_of(home)
            if area:
                label += (
                    f", {self.record.actor.authority_name}"
                    if area == "in"
                    else f", outside {self.record.actor.authority_name}"
                )
            light = area == EpisodePlacement.Area.OUT or _was_short(home.start, home.end)
            bars.append(Bar(home.start, home.end, label[:1].upper() + label[1:], light=light))
        return Lane("Home", "home", bars)

    # School

    @cached_property
    def gaps(self) -> list[Gap]:
        """Times without a main school between two schools, and since the last one. A school does not see them."""
        record = self.record
        if record.at_a_school or not record.main_places or record.keeps_a_place:
            return []
        found = []
        places = record.main_places
        ends: list[tuple[date | None, date | None]] = [(place.end, after.start) for place, after in pairwise(places)]
        if places[-1].end is not None and record.care.looked_after:
            ends.append((places[-1].end, None))
        for start, end in ends:
            until = end or record.day
            if start is None or until <= start or not is_of_compulsory_school_age(record.child.birth_date, on=start):
                continue
            days = self._school_days(start, until)
            # Schools begin and end the year on different days: over the summer a few are nobody's lack of a place.
            over_the_summer = start.month in (7, 8) and days is not None and days <= A_FEW_DAYS
            if days != 0 and not over_the_summer:
                found.append(Gap(start, end, until, days))
        return found

    def _school_days(self, start: date, until: date) -> int | None:
        """The school days of a gap. None where the calendar does not reach so far."""
        terms = self.record.calendar.terms
        if not terms or start < min(term.start for term in terms) or until > max(term.end for term in terms):
            return None
        return len(self.record.calendar.school_days(start, until))

    def _schools(self) -> Iterator[Happening]:
        gaps = {gap.end: gap for gap in self.gaps}
        ends = {gap.start: gap for gap in self.gaps if gap.end is None}
        main_starts = {place.start for place in self.record.main_places}
        for place in self.record.places:
            if place.start > self.record.day:
                continue
            yield Happening(place.start, SCHOOL, self._place(place, gaps.get(place.start)), _by_school(place))
            if place.kind == SchoolPlace.Kind.MAIN and place.end is not None and place.end not in main_starts:
                since = f" {ends[place.end].words.capitalize()} since." if place.end in ends else ""
                yield Happening(place.end, SCHOOL, format_html("{}.{}", _left(place), since), _by_school(place))
            elif place.kind in (SchoolPlace.Kind.SUBSIDIARY, SchoolPlace.Kind.AP) and place.end is not None:
                yield Happening(place.end, SCHOOL, f"{_left(place)}.", _by_school(place))

    def _place(self, place: SchoolPlace, gap: Gap | None) -> SafeString | str:
        year = year_group_of(self.record.child.birth_date, on=place.start).label
        hours = hours_words(place)
        rest = "".join(f", {words}" for words in (year, hours) if words)
        if place.kind == SchoolPlace.Kind.AWAITING:
            return "Began to wait for a school place."
        name = _school_name(place)
        if place.follows_closure:
            return format_html("Passed on to <b>{}</b> when the school before it closed.", name)
        if place.kind == SchoolPlace.Kind.AP:
            return format_html("Started alternative provision at <b>{}</b>{}.", name, rest)
        if place.kind == SchoolPlace.Kind.SUBSIDIARY:
            return format_html("Started at a second school, <b>{}</b>{}.", name, rest)
        after = f", after {gap.words}" if gap else ""
        return format_html("Started at <b>{}</b>{}{}.", name, rest, after)

    def _school_lane(self) -> Lane:
        bars = [
            Bar(place.start, place.end, _school_name(place), light=_was_short(place.start, place.end))
            for place in self.record.main_places
        ]
        bars += [Bar(gap.start, gap.end, gap.words, gap=True) for gap in self.gaps]
        return Lane("School", "school", sorted(bars, key=lambda bar: bar.start))

    # Needs

    def _needs(self) -> Iterator[Happening]:
        plans = {fact.start for fact in self.record.facts("ehc_plan")}
        had_provision = False
        for fact in self.record.facts("sen"):
            provision = SEN_PROVISION.get(fact.words[0])
            if provision is None or fact.start is None:
                continue
            none = provision.code == "N"
            # That there was never a need is no event, and a plan's own day is told once.
            if not (none and not had_provision) and not (provision.is_plan and fact.start in plans):
                words = f"{provision.label}." if none else f"{provision.label} began."
                yield Happening(fact.start, NEEDS, words, source_words(fact.source))
            had_provision = had_provision or not none
        for fact in self.record.facts("need"):
            need = SEN_NEED.get(fact.words[0])
            if need is not None and fact.start:
                yield Happening(fact.start, NEEDS, f"Main need recorded: {need.label}.", source_words(fact.source))
        for fact in self.record.facts("ehc_plan"):
            if fact.start:
                yield Happening(fact.start, NEEDS, "EHC plan issued.", source_words(fact.source))
            if fact.end:
                yield Happening(fact.end, NEEDS, "EHC plan ceased.", source_words(fact.source))
        before: int | None = None
        for fact in self.record.facts("sdq"):
            if fact.start:
                yield Happening(fact.start, NEEDS, sdq_words(fact, before), source_words(fact.source))
            before = fact.number if fact.number is not None else before
        for fact in self.record.facts("characteristic"):
            label = CharacteristicSpell.Kind(fact.words[0]).label
            if fact.start and fact.words[1] != "No":
                yield Happening(fact.start, NEEDS, f"{label}: {lower_first(fact.words[1])}.", source_words(fact.source))

    def _sen_lane(self) -> Lane:
        bars: list[Bar] = []
        for fact in self.record.facts("sen"):
            provision = SEN_PROVISION.get(fact.words[0])
            if provision is None or provision.code == "N" or fact.start is None:
                continue
            label = "EHC plan" if provision.is_plan else provision.label
            needs = [need for need in self.record.facts("need") if need.end is None]
            if needs and fact.end is None and (need := SEN_NEED.get(needs[-1].words[0])):
                label += f": {lower_first(need.label)}"
            bars.append(Bar(fact.start, fact.end, label))
        return Lane("SEN", "needs", bars)

    # People

    def _people(self) -> Iterator[Happening]:
        for fact in self.record.facts("allocation"):
            role = Role(fact.words[0])
            name = f"{fact.words[1]} {fact.words[2]}".strip()
            if role == Role.CARER or fact.start is None:
                # Who the carers are is told on the page about the home alone.
                continue
            yield Happening(fact.start, PEOPLE, f"{name} became {lower_first(role.label)}.", source_words(fact.source))

    # Reviews and other events

    def _events(self) -> Iterator[Happening]:
        record = self.record
        for fact in record.facts("review"):
            how = PARTICIPATION.get(fact.words[0], "")
            if fact.number and fact.start:
                words = (
                    f"Care review: {record.child.first_name} {how}."
                    if how and fact.words[0] != "PN0"
                    else "Care review."
                )
                yield Happening(fact.start, EVENTS, words, source_words(fact.source))
        for fact in record.facts("missing"):
            kind = MISSING_TYPE.get(fact.words[0])
            away = fact.words[0] == "A" or kind is None
            for_ = length_of_time(fact.start, fact.end)
            what = "Away from home without agreement" if away else "Missing from care"
            if fact.start:
                words = f"{what} for {for_}." if for_ else f"{what}." if fact.end else f"{what}, not yet back."
                yield Happening(fact.start, EVENTS, words, source_words(fact.source))
        for fact in record.facts("status"):
            label = Status.Kind(fact.words[0]).label
            if fact.start:
                yield Happening(fact.start, EVENTS, f"{label}.", source_words(fact.source))
            if fact.end:
                yield Happening(fact.end, EVENTS, f"No longer: {lower_first(label)}.", source_words(fact.source))
        for fact in record.facts("former_name"):
            if fact.end:
                words = f"Name changed. Was {' '.join(fact.words[:2]).strip()} until then."
                yield Happening(fact.end, EVENTS, words, source_words(fact.source))
        for fact in record.facts("leaver_contact"):
            if fact.start:
                yield Happening(fact.start, EVENTS, leaver_words(fact), source_words(fact.source))
        for fact in record.facts("notice"):
            if fact.start:
                words = f"The virtual school was told: {notice_words(fact, record.child.first_name)}"
                yield Happening(fact.start, EVENTS, words, fact.words[2].strip() or source_words(fact.source))


def hours_words(place: SchoolPlace) -> str:
    """“full time”, “12.5 of 25 hours a week”. Empty where no hours are recorded."""
    if place.hours_per_week is None:
        return ""
    if place.full_time_hours is None:
        return f"{place.hours_per_week.normalize():f} hours a week"
    if place.hours_per_week >= place.full_time_hours:
        return "full time"
    return f"{place.hours_per_week.normalize():f} of {place.full_time_hours.normalize():f} hours a week"


def sdq_words(fact: DatedFact, before: int | None) -> SafeString | str:
    """The score with its band, against the score before it; or why there is none."""
    if fact.number is None:
        reason = SDQ_REASON.get(fact.words[0])
        return f"No SDQ score: {lower_first(reason.label)}." if reason else "No SDQ score."
    change = ""
    if before is not None and before != fact.number:
        change = f", {'down' if fact.number < before else 'up'} from {before}"
    band = lower_first(sdq_band_of(fact.number).label)
    return format_html("SDQ score <b>{}</b>{}. In the {} band.", fact.number, change, band)


def notice_words(fact: DatedFact, name: str) -> str:
    """What a social worker told the virtual school of a move."""
    about = {"home": "home", "school": "school"}.get(fact.words[0], "home and school")
    to = f" to {fact.words[1]}" if fact.words[1] and fact.words[0] != "home" else ""
    if fact.number:
        return f"{name} moved {about}{to} on {day(fact.on)}."
    return f"{name} is to move {about}{to} on {day(fact.on)}."


def leaver_words(fact: DatedFact) -> str:
    """What was known of a care leaver that year."""
    sets: tuple[CodeSet[Any], ...] = (OC3_IN_TOUCH, OC3_ACTIVITY, OC3_ACCOMMODATION)
    codes = zip(sets, fact.words, strict=False)
    known = [lower_first(code.label) for held, word in codes if (code := held.get(word))]
    return f"Care leaver: {'; '.join(known)}." if known else "Care leaver: nothing was known."


def _left_care(episode: CareEpisode) -> SafeString | str:
    if episode.provisional_end:
        return "The return no longer holds this child. Someone has to say whether and when care ended."
    reason = REASON_CEASED.get(episode.reason_ceased)
    if reason is not None and reason.is_death:
        return "Died."
    how = left_words(episode)
    return format_html("<b>Left care</b>{}.", f": {how}" if how else "")


def _school_name(place: SchoolPlace) -> str:
    return place.school.name if place.school else "a school"


def _left(place: SchoolPlace) -> str:
    name = _school_name(place)
    reason = place.get_leaving_reason_display() if place.leaving_reason else ""
    return f"Left {name}" + (f": {lower_first(reason)}" if reason else "")


def _by_school(place: SchoolPlace) -> str:
    words = source_words(place.source)
    return f"{words}; confirmed by the school" if place.confirmed_on and place.source != "school" else words


def _was_short(start: date, end: date | None) -> bool:
    """Whether a stay was over within half a year."""
    return end is not None and (end - start).days < 183


def _run_together(spells: list[tuple[date, date | None, str]]) -> list[tuple[date, date | None, str]]:
    """Neighbours with the same label as one."""
    joined: list[tuple[date, date | None, str]] = []
    for start, end, label in spells:
        if joined and joined[-1][2] == label:
            joined[-1] = (joined[-1][0], end, label)
        else:
            joined.append((start, end, label))
    return joined
