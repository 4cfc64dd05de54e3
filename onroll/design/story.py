"""A child's whole story in one picture: lanes of spells under the years they were at school.

    picture = Story(
        name="Mia",
        born_on=born_on,
        today=today,
        lanes=[
            Lane("Care", "care", [Bar(start, None, "Full care order")]),
            Lane("School", "school", [Bar(start, end, "Larkfield"), Bar(end, later, "No school", gap=True)]),
        ],
        events=[Event(came_into_care, "Came into care")],
        description="Came into care in June 2021. Four homes and three schools.",
    )

`{% story picture %}` draws it twice: whole, and for phones since the last change of phase. A spell is
[start, end) and still true when its end is nothing. What is planned is dashed, beyond the line of today.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from onroll.codes.year_groups import year_group_of
from onroll.design.words import MONTHS, day, lower_first

INK, DIM, PAPER, TINT, ALERT = "#0b0c0c", "#484949", "#ffffff", "#f2f6f5", "#ca3535"

TONES = {
    # the colour of a bar, the words on it; then the same for a bar marked light
    "care": ("#17524f", PAPER, "#8fb3b0", INK),
    "home": ("#5b4d92", PAPER, "#b5acd3", INK),
    "school": ("#2f5f9e", PAPER, "#9cbce0", INK),
    "needs": ("#d3dcda", INK, "#ecf1f0", INK),
}


@dataclass(frozen=True)
class Bar:
    """One spell. `light` sets it apart from its neighbours: a short stay, another authority."""

    start: dt.date
    end: dt.date | None
    label: str
    light: bool = False
    gap: bool = False
    """Time without a school or a home: outlined in red, never filled."""


@dataclass(frozen=True)
class Lane:
    name: str
    tone: str
    bars: Sequence[Bar]


@dataclass(frozen=True)
class Event:
    on: dt.date
    label: str
    plain: bool = False
    """A date to come or a neutral one: its mark is grey, not red."""


@dataclass(frozen=True)
class Story:
    name: str
    born_on: dt.date
    today: dt.date
    lanes: Sequence[Lane]
    events: Sequence[Event] = ()
    description: str = ""
    key: str = "story"
    """Tells two pictures of one page apart."""
    until: str = "Today"
    """What the line of today is called: a past day, when the story is told as at that day."""

    @cached_property
    def first(self) -> dt.date:
        """1 September of the school year in which care began, or else the first fact there is."""
        cared = [bar.start for lane in self.lanes if lane.tone in ("care", "home") for bar in lane.bars]
        every = [bar.start for lane in self.lanes for bar in lane.bars] + [event.on for event in self.events]
        return _school_year_start(min([*(cared or every), self.today]))

    @cached_property
    def lately(self) -> dt.date:
        """Where the phone's picture begins: the start of the present phase, at most three school years ago."""
        this_year = _school_year_start(self.today)
        phase = year_group_of(self.born_on, on=self.today).phase
        began = this_year
        for back in (1, 2):
            earlier = this_year.replace(year=this_year.year - back)
            if earlier < self.first or year_group_of(self.born_on, on=earlier).phase != phase:
                break
            began = earlier
        return max(began, self.first)

    @property
    def is_cut(self) -> bool:
        """Whether the phone's picture leaves out something of the whole."""
        return self.lately > self.first

    @property
    def wide(self) -> SafeString:
        return _Drawing(self, self.first, width=1160, left=104, key=f"{self.key}-wide").svg()

    @property
    def narrow(self) -> SafeString:
        return _Drawing(self, self.lately, width=340, left=66, key=f"{self.key}-narrow").svg()


def _school_year_start(on: dt.date) -> dt.date:
    return dt.date(on.year if on.month >= 9 else on.year - 1, 9, 1)


class _Drawing:
    """One drawing of a story from a first day to the end of the present school year."""

    ROW, BAR, TOP = 34, 24, 54
    LETTER = 6.9
    """What one letter of the bars' words takes, in the widest of the fonts that the page may have."""

    def __init__(self, story: Story, first: dt.date, *, width: int, left: int, key: str) -> None:
        self.story, self.first, self.width, self.left, self.key = story, first, width, left, key
        last_year = _school_year_start(max([story.today, *[event.on for event in story.events]]))
        self.last = dt.date(last_year.year + 1, 9, 1)
        self.right = width - 4
        self.parts: list[str] = []

    def x(self, on: dt.date) -> float:
        share = (on - self.first).days / (self.last - self.first).days
        return self.left + (self.right - self.left) * min(max(share, 0), 1)

    def svg(self) -> SafeString:
        bottom = self.TOP
        lanes = []
        for lane in self.story.lanes:
            rows = self._rows(lane)
            if rows:
                lanes.append((lane, rows, bottom))
                bottom += self.ROW * len(rows)
        events = [event for event in self.story.events if self.first <= event.on < self.last]
        labels = self._placed(events)
        event_top = bottom
        if events:
            bottom += 24 + 17 * max((row for _, _, _, row in labels), default=0) + 8
        self._years(bottom)
        for lane, rows, top in lanes:
            self._lane(lane, rows, top)
        self._events(events, labels, event_top)
        self._today(bottom)
        begins = f"{MONTHS[self.first.month - 1]} {self.first.year}"
        title = f"{self.story.name}’s story, {begins} to {lower_first(self.story.until)}"
        return mark_safe(  # noqa: S308 - every word was escaped when it was added
            f'<svg viewBox="0 0 {self.width} {bottom}" width="{self.width}" height="{bottom}" role="img" '
            f'aria-labelledby="{self.key}-title {self.key}-desc" focusable="false">'
            f'<title id="{self.key}-title">{escape(title)}</title>'
            f'<desc id="{self.key}-desc">{escape(self.story.description)}</desc>'
            f'<rect width="{self.width}" height="{bottom}" fill="{PAPER}"/>{"".join(self.parts)}</svg>'
        )

    def _text(self, x: float, y: float, words: str, *, size: int = 13, more: str = "", fill: str = INK) -> None:
        self.parts.append(
            f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size}"{more} fill="{fill}">{escape(words)}</text>'
        )

    def _years(self, bottom: int) -> None:
        start = self.first
        shaded = True
        while start < self.last:
            end = start.replace(year=start.year + 1)
            left, right = self.x(start), self.x(end)
            if shaded:
                self.parts.append(
                    f'<rect x="{left:.1f}" y="0" width="{right - left:.1f}" height="{bottom}" fill="{TINT}"/>'
                )
            year = year_group_of(self.story.born_on, on=start)
            room = right - left
            bold = ' font-weight="bold"'
            if room >= 60:
                self._text(left + 6, 16, year.label, size=14, more=bold)
                self._text(left + 6, 32, f"{start.year}/{end.year % 100:02d}", size=12, fill=DIM)
            elif room >= 24 and year.code:
                self._text(left + 4, 16, year.code, size=13, more=bold)
                self._text(left + 4, 32, f"{start.year % 100:02d}/{end.year % 100:02d}"[:5], size=9, fill=DIM)
            shaded = not shaded
            start = end

    def _rows(self, lane: Lane) -> list[list[Bar]]:
        """The lane's bars that fall into the picture, on as few rows as keep them from covering each other."""
        rows: list[list[Bar]] = []
        for bar in sorted(lane.bars, key=lambda bar: (bar.start, bar.end or dt.date.max)):
            if (bar.end or dt.date.max) <= self.first or bar.start >= self.last:
                continue
            for row in rows:
                before = row[-1].end
                if before is not None and before <= bar.start:
                    row.append(bar)
                    break
            else:
                rows.append([bar])
        return rows

    def _lane(self, lane: Lane, rows: list[list[Bar]], top: int) -> None:
        self._text(0, top + 16.5, lane.name, size=14, more=' font-weight="bold"')
        for number, row in enumerate(rows):
            for bar in row:
                self._bar(bar, lane.tone, top + number * self.ROW)

    def _bar(self, bar: Bar, tone: str, top: int) -> None:
        today = self.story.today
        planned = bar.start > today
        until = bar.end or (self.last if planned else today)
        if not planned and until > today:
            self._shape(today, until, bar, tone, top, planned=True, words=False)
            until = today
        self._shape(max(bar.start, self.first), until, bar, tone, top, planned=planned, words=True)

    def _shape(
        self, start: dt.date, end: dt.date, bar: Bar, tone: str, top: int, *, planned: bool, words: bool
    ) -> None:
        dark, on_dark, light, on_light = TONES[tone]
        fill, ink = (light, on_light) if bar.light else (dark, on_dark)
        left = self.x(start)
        # A pixel of white keeps neighbours apart; a single day can still be seen.
        width = max(self.x(end) - left - 1.5, 2)
        edge = ""
        if bar.gap:
            fill, ink, edge = PAPER, INK, f' stroke="{ALERT}" stroke-width="2"'
        elif planned:
            fill, ink, edge = PAPER, INK, f' stroke="{dark}" stroke-width="1.5" stroke-dasharray="4 3"'
        ended = day(bar.end) if bar.end else "now"
        told = f"{bar.label}: {day(bar.start)} to {ended}"
        self.parts.append(
            f'<rect x="{left:.1f}" y="{top}" width="{width:.1f}" height="{self.BAR}" fill="{fill}"{edge}>'
            f"<title>{escape(told)}</title></rect>"
        )
        label = self._fitting(bar.label, width - 12)
        if words and label:
            self._text(left + 6, top + 16.5, label, fill=ink)

    def _fitting(self, words: str, room: float) -> str:
        """As much of the words as there is room for, cut at a word; nothing if that is less than a word."""
        letters = int(room / self.LETTER)
        if len(words) <= letters:
            return words
        kept = words[: letters + 1].rsplit(" ", 1)[0].rstrip(",;:·– ")
        return kept if len(kept) >= 4 and len(kept) <= letters else ""

    def _placed(self, events: list[Event]) -> list[tuple[Event, float, str, int]]:
        """Where each event's words stand: x, which side of it they begin, and on which of three rows."""
        # The first row stands right under the marks, so no words of it may run under another's mark.
        marks = [(self.x(event.on), self.x(event.on)) for event in events]
        taken: list[list[tuple[float, float]]] = [marks, [], []]
        placed = []
        for event in sorted(events, key=lambda event: event.on):
            at, room = self.x(event.on), len(event.label) * self.LETTER
            for row, sides in enumerate(taken):
                for anchor, left, right in (
                    ("start", at + 5, at + 5 + room),
                    ("end", at - 5 - room, at - 5),
                ):
                    free = all(right + 4 < start or left - 4 > end for start, end in sides)
                    if free and left >= self.left and right <= self.right:
                        sides.append((left, right))
                        placed.append((event, at + 5 if anchor == "start" else at - 5, anchor, row))
                        break
                else:
                    continue
                break
        return placed

    def _events(self, events: list[Event], labels: list[tuple[Event, float, str, int]], top: int) -> None:
        if not events:
            return
        self._text(0, top + 20, "Events", size=14, more=' font-weight="bold"')
        for event in events:
            at = self.x(event.on)
            colour = DIM if event.plain or event.on > self.story.today else ALERT
            self.parts.append(
                f'<path d="M{at:.1f} {top - 2}v10" stroke="{colour}" stroke-width="2.5">'
                f"<title>{escape(event.label)}, {day(event.on)}</title></path>"
            )
        for event, at, anchor, row in labels:
            self._text(at, top + 20 + 17 * row, event.label, more=' text-anchor="end"' if anchor == "end" else "")

    def _today(self, bottom: int) -> None:
        at = self.x(self.story.today)
        self.parts.append(f'<path d="M{at:.1f} 38V{bottom}" stroke="{INK}" stroke-width="1.5"/>')
        near_edge = at > self.right - 44
        anchor = ' font-weight="bold" text-anchor="end"' if near_edge else ' font-weight="bold"'
        self._text(at - 4 if near_edge else at + 4, 49, self.story.until, size=12, more=anchor)
