"""The list of young people of whom it is not known what they do at 16 and over."""

from typing import Any

from django.urls import reverse

from onroll.access.can import Can
from onroll.access.pages import Page
from onroll.access.sections import Section
from onroll.children.models import SchoolPlace
from onroll.children.records import holds_on
from onroll.codes.year_groups import year_group_of
from onroll.design.tables import Cell, Column, Table
from onroll.design.words import count_of, day
from onroll.history.viewing import listed

from .activities import Unknown, unknown
from .models import Pep


class ActivitiesPage(Page):
    """Young people of Years 12 and 13 whose activity is missing, or older than three months (R075)."""

    requires = Can.SEE_ACTIVITIES
    template_name = "peps/activities.html"

    def context(self) -> dict[str, Any]:
        found = unknown(self.actor)
        # A mark keeps a school from readers: each name comes through the gate.
        places = SchoolPlace.visible_to(self.actor).filter(
            holds_on(self.actor.today), child__in=[each.child for each in found], kind=SchoolPlace.Kind.MAIN
        )
        self.schools = dict(places.values_list("child_id", "school__name"))
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

    def _who_leads(self, each: Unknown) -> str:
        if each.pep is None:
            return "No plan is open"
        if each.pep.form == Pep.Form.NOT_ON_ROLL:
            return "The virtual school"
        return str(self.schools.get(each.child.pk) or "The school or setting")

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
            self._who_leads(each),
        ]
