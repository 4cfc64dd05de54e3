"""The list of young people of whom it is not known what they do at 16 and over."""

from typing import Any

from django.urls import reverse

from onroll.access.can import Can
from onroll.access.pages import Page
from onroll.access.sections import Section
from onroll.codes.year_groups import year_group_of
from onroll.design.tables import Cell, Column, Table
from onroll.design.words import count_of, day
from onroll.history.viewing import listed

from .activities import Unknown, unknown


class ActivitiesPage(Page):
    """Young people of Years 12 and 13 whose activity is missing, or older than three months (R075)."""

    requires = Can.SEE_ACTIVITIES
    template_name = "peps/activities.html"

    def context(self) -> dict[str, Any]:
        found = unknown(self.actor)
        listed(self.actor, [each.child.pk for each in found], "peps:activities", section=Section.SCHOOL)
        missing = sum(each.activity is None for each in found)
        columns = [
            Column("Young person", stacked_label=False),
            Column("Last known"),
            Column("Said on"),
            Column("Who leads the plan"),
        ]
        return {
            "table": Table("Missing or old activities", columns, [self._row(each) for each in found]),
            "found": found,
            "summary": f"{count_of(missing, 'activity', 'activities')} missing, {len(found) - missing:,} old",
        }

    def _row(self, each: Unknown) -> list[Any]:
        child, activity, pep = each.child, each.activity, each.pep
        address = (
            reverse("peps:pep", args=[child.public_id, pep.public_id])
            if pep
            else reverse("profile:story", args=[child.public_id])
        )
        return [
            Cell(child.name, href=address, sub=year_group_of(child.birth_date, on=self.actor.today).label),
            activity.words if activity else Cell("Missing", tag="red"),
            day(activity.on) if activity else "–",
            (pep.school.name if pep.school else "The virtual school") if pep else "No plan is open",
        ]
