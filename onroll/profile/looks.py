"""The page about who has looked at a child: the choices in its address, and the looks as a table."""

from typing import Any

from django.http import QueryDict

from onroll.access.actors import Actor
from onroll.children.models import Child
from onroll.design.tables import Cell, Column, GroupRow, Table
from onroll.design.tags import tag
from onroll.design.values import Pages
from onroll.design.words import day, weekday
from onroll.looks.forms import LooksFilterForm, usual_days
from onroll.looks.reading import WAYS, Choices, Looks, LooksAt, role_in_words, sections_in_words

PAGE = 50
NARROWING = {"by", "part", "way", "start", "end"}


class WhoLooked:
    """Who has looked at this child in the days that were asked for, a page at a time."""

    def __init__(self, child: Child, actor: Actor, asked: QueryDict) -> None:
        start, end = usual_days(actor.today)
        self.form = LooksFilterForm(
            asked if NARROWING & set(asked) else None, initial={"start": f"{start:%d/%m/%Y}", "end": f"{end:%d/%m/%Y}"}
        )
        data = _asked(self.form)
        start, end = data.get("start") or start, data.get("end") or end
        chosen = {name: asked.get(name, "") for name in ("by", "part", "way")}
        chosen["way"] = chosen["way"] if chosen["way"] in WAYS else ""
        self.looks = LooksAt(child, Choices(start=min(start, end), end=end, **chosen))
        self.form.offer(self.looks)
        number = asked.get("page", "")
        page = int(number) if number.isascii() and number.isdecimal() and len(number) < 6 else 1
        total = len(self.looks.looks)
        keep = {name: value for name, value in asked.items() if name != "page" and value}
        self.pages = Pages(min(max(page, 1), max(-(-total // PAGE), 1)), PAGE, total, keep, "rows")
        first = (self.pages.page - 1) * PAGE
        self.shown = self.looks.looks[first : first + PAGE]

    @property
    def days(self) -> str:
        return f"{day(self.looks.choices.start)} to {day(self.looks.choices.end)}"

    @property
    def table(self) -> Table | None:
        """A row for each person and day, under the day."""
        rows: list[Any] = []
        last = None
        for each in self.shown:
            if each.day != last:
                rows.append(GroupRow(f"{weekday(each.day)} {each.day.year}"))
                last = each.day
            rows.append(
                [
                    each.when,
                    Cell(each.name, sub=role_in_words(each.role)),
                    Cell(each.what, sub=sections_in_words(each.sections)),
                    self._why(each),
                ]
            )
        columns = [Column("When"), Column("Who", stacked_label=False), Column("What"), Column("Why")]
        return Table(caption="Who has looked", columns=columns, rows=rows) if rows else None

    def _why(self, each: Looks) -> Any:
        if each.refused:
            return tag("Refused", "red")
        if each.emergency:
            return tag("Emergency opening", "orange")
        if each.cover_for is not None:
            return f"Cover for {self.looks.name(each.cover_for)}"
        return "In their post" if each.account is not None else "–"


def _asked(form: LooksFilterForm) -> dict[str, Any]:
    """The days that were asked for, where they are days."""
    if not form.is_bound:
        return {}
    form.full_clean()
    return form.cleaned_data
