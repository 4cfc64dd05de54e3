"""Whether each child's setting was told of the needs it has to meet: mental health, SEN, disability (R115, M08)."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from onroll.access.actors import Actor
from onroll.access.roles import SCHOOL_STAFF
from onroll.access.sections import Section, has_summary, may_read
from onroll.schools.models import School

from .models import (
    Characteristics,
    CharacteristicSpell,
    Child,
    EHCPlan,
    SchoolPlace,
    SDQScore,
    SENProvision,
    SettingTold,
)
from .queries import on_the_roll
from .records import holds_on

# A score of 17 or more is the cause for concern of the national statistics.
HIGH_SDQ = 17
NO_SEN = "N"
About = SettingTold.About
READS = (Section.SEN, Section.HEALTH, Section.CHARACTERISTICS)


@dataclass
class ToTell:
    """A child whose setting has not been told of a need since it began, or since the child came there."""

    child: Child
    place: SchoolPlace
    school: School
    needs: dict[str, date] = field(default_factory=dict)

    @property
    def words(self) -> list[str]:
        return [About(kind).label for kind in self.needs]


def to_tell(actor: Actor, children: Any = None) -> list[ToTell]:
    """Children with a need today of which nobody told their main school. The number of queries does not grow.

    For those who read all three sections; for others an empty list, not a part of one.
    """
    if not all(may_read(actor, section) for section in READS):
        return []
    among = Child.visible_to(actor).filter(on_the_roll(actor.today)) if children is None else children
    places = SchoolPlace.unscoped.filter(
        holds_on(actor.today), child__in=among.values("pk"), kind=SchoolPlace.Kind.MAIN, school__isnull=False
    )
    found = {
        place.child_id: ToTell(place.child, place, place.school)
        for place in places.select_related("child", "school").order_by("child__family_name", "child__given_name")
    }
    for kind, child, since in _needs(list(found), actor.today):
        known = found[child].needs.get(kind)
        found[child].needs[kind] = max(known, since) if known else since
    for told in SettingTold.unscoped.filter(child__in=found):
        row = found[told.child_id]
        for kind in told.about.split(","):
            if kind not in row.needs or told.school_id != row.place.school_id:
                continue
            if told.told_on >= max(row.needs[kind], row.place.start):
                del row.needs[kind]
    return [row for row in found.values() if row.needs]


def _needs(children: Sequence[int], today: date) -> list[tuple[str, int, date]]:
    """Kind, child and since when, of the needs that hold today. Five queries."""
    needs: list[tuple[str, int, date]] = []
    held = holds_on(today)
    sen = SENProvision.unscoped.filter(held, child__in=children).exclude(value=NO_SEN)
    needs += [(About.SEN, child, start) for child, start in sen.values_list("child", "start")]
    plans = EHCPlan.unscoped.filter(held, child__in=children)
    needs += [(About.SEN, child, start) for child, start in plans.values_list("child", "start")]
    dated = CharacteristicSpell.unscoped.filter(held, child__in=children, kind="disability")
    needs += [(About.DISABILITY, child, start) for child, start in dated.values_list("child", "start")]
    undated = Characteristics.unscoped.filter(child__in=children, disability=True).values_list("child", flat=True)
    needs += [(About.DISABILITY, child, date.min) for child in undated]
    last: dict[int, tuple[date, int | None]] = {}
    for child, start, score in (
        SDQScore.unscoped.filter(child__in=children, start__lte=today)
        .order_by("start", "pk")
        .values_list("child", "start", "score")
    ):
        if score is not None:
            last[child] = (start, score)
    needs += [(About.HEALTH, child, start) for child, (start, score) in last.items() if (score or 0) >= HIGH_SDQ]
    return needs


def told_settings(child: Child, actor: Actor) -> list[SettingTold]:
    """What settings were told of this child, newest first: all of it for who reads health, for a school its own."""
    if child.authority_id != actor.authority:
        return []
    rows = SettingTold.unscoped.filter(child=child).select_related("school", "told_by").order_by("-told_on", "-pk")
    if may_read(actor, Section.HEALTH):
        return list(rows)
    if actor.role in SCHOOL_STAFF and has_summary(actor, Section.HEALTH):
        return list(rows.filter(school_id=actor.school))
    return []
