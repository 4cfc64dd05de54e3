"""What every page of a child's record has: the header, the row of pages, and the day it speaks for."""

from datetime import date
from typing import Any, ClassVar
from urllib.parse import urlencode

from django.urls import reverse

from onroll.access.sections import Section, has_summary, may_read
from onroll.children.pages import ChildPage
from onroll.children.record_acts import acts_on
from onroll.children.visibility import known_on
from onroll.design.dates import read_day
from onroll.design.values import AsAt
from onroll.design.words import day

from .header import header_of
from .panels import PANELS
from .record import Record


class ProfilePage(ChildPage):
    """A page of the record, as it held on a day. The reader needs a cell for it, or it does not exist."""

    abstract = True
    summary_will_do = True
    # The page's name among the panels, and what it shows beyond its first section, for the access log.
    key: ClassVar[str]
    also_shows: ClassVar[tuple[Section, ...]] = ()
    full_header: ClassVar[bool] = False

    def open(self, *args: Any, **kwargs: Any) -> None:
        self.panel = next(panel for panel in PANELS if panel.key == self.key)
        super().open(*args, **kwargs)
        self.day, self.why_not_day = self._read_day()
        self.record = Record(self.child, self.actor, self.day)

    def shown(self) -> str:
        own = [self.section.value] if has_summary(self.actor, self.section) else []
        return ",".join([*own, *(each.value for each in self.also_shows if may_read(self.actor, each))])

    def _may_open(self) -> bool:
        # Which cells open a page stands beside its name among the panels.
        return self.panel.open_to(self.actor)

    def _read_day(self) -> tuple[date, str]:
        """The day asked for, and what is wrong with it: then the page speaks for today."""
        asked = self.request.GET.get("as-at", "").strip()
        today = self.actor.today
        if not asked:
            return today, ""
        found = read_day(asked)
        if found is None:
            return today, "Enter a day like 31/3/2026"
        if found > today:
            return today, "Choose today or an earlier day: nothing is known of days to come"
        if found < self.child.birth_date:
            return today, f"Choose a day from {day(self.child.birth_date)} on, the date of birth"
        if not known_on(self.actor, found).filter(pk=self.child.pk).exists():
            return today, "Choose a day on which this record was open to you"
        return found, ""

    @property
    def keep(self) -> dict[str, str]:
        """What the addresses of this record keep: the day, when it is not today."""
        return {"as-at": self.day.isoformat()} if self.record.is_past else {}

    def address(self, **more: str) -> str:
        """The address of this page on the same day, with more in it."""
        query = urlencode({**self.keep, **more})
        return reverse(self.panel.route, args=[self.child.public_id]) + (f"?{query}" if query else "")

    def context(self) -> dict[str, Any]:
        choosing = bool(self.why_not_day) or "as-at" in self.request.GET or self.request.GET.get("choose") == "day"
        bar = AsAt(
            on=self.day,
            today=self.actor.today,
            count=f"{self.child.first_name}’s record" if self.record.is_past else "",
            error=self.why_not_day,
            typed=self.request.GET.get("as-at", "") if self.why_not_day else "",
            back=reverse(self.panel.route, args=[self.child.public_id]),
        )
        acts = (
            []
            if self.record.is_past
            else acts_on(self.child, self.actor, page=self.key, in_care=self.record.care.looked_after)
        )
        keep = f"?{urlencode(self.keep)}" if self.keep else ""
        return {
            **super().context(),
            "record": self.record,
            "panel": self.panel,
            "header": header_of(self.record, current=self.key, slim=not self.full_header, keep=keep),
            "acts": acts,
            "as_at": bar if choosing else None,
            "choose_day": self.address(choose="day"),
        }
