"""What rests on the home where a child lives: who cares for the child there, and who supports them.

A carer's allocation, and a supervising social worker's, ends with the home. The same carers who move along with the
child stay; so do the carers to whom a child comes back from a temporary stay.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q

from onroll.access.roles import AT_THE_HOME
from onroll.codes import PLACEMENT_TYPE, REASON_CEASED, REASON_NEW

from .areas import joined
from .models import Allocation, CareEpisode, Child, EpisodePlacement, PlacementAddress
from .visibility import ADULT, years_before


@dataclass(frozen=True)
class Lived:
    """One episode as far as it tells of homes."""

    start: date
    end: date | None
    reason_new: str
    reason_ceased: str
    kind: str
    urn: str = ""
    # Encrypted where it comes from the record: it is read only where two homes have to be told apart.
    postcode: Any = ""

    @property
    def is_temporary(self) -> bool:
        return self.kind in PLACEMENT_TYPE and PLACEMENT_TYPE[self.kind].is_temporary

    def is_the_home(self, other: "Lived") -> bool:
        """Whether this is, as far as is known, the other's home."""
        if (self.kind, self.urn) != (other.kind, other.urn):
            return False
        here, there = joined(str(self.postcode)), joined(str(other.postcode))
        return not here or not there or here == there


def brings_other_carers(episode: Any) -> bool:
    """Whether the child came to other carers when this episode began."""
    return episode.reason_new in REASON_NEW and REASON_NEW[episode.reason_new].is_carer_change


def leaves_care(episode: Any) -> bool:
    """Whether care ended with this episode, and not only a legal status or a home."""
    return episode.reason_ceased in REASON_CEASED and REASON_CEASED[episode.reason_ceased].leaves_care


def lived(episode: CareEpisode, placement: EpisodePlacement | None, address: PlacementAddress | None) -> Lived:
    """An episode with what is known of its home."""
    return Lived(
        episode.start,
        episode.end,
        episode.reason_new,
        episode.reason_ceased,
        placement.placement_type if placement else "",
        placement.ofsted_urn if placement else "",
        address.postcode if address else "",
    )


def homes_of(child: Child) -> list[Lived]:
    """Where the child has lived in care, the oldest first. One query."""
    episodes = CareEpisode.unscoped.filter(child=child).select_related("placement", "address").order_by("start", "id")
    return [lived(each, getattr(each, "placement", None), getattr(each, "address", None)) for each in episodes]


def ends_of_homes(homes: Sequence[Lived], *, since: date) -> Iterator[date]:
    """The days on which the home ended in which the child lived on this day, and then each one after it.

    `homes` are in the order of their start. A temporary stay ends no home that the child goes back to.
    """
    home: Lived | None = None
    away = False
    for each in homes:
        if each.start <= since or home is None:
            home = each
        elif not brings_other_carers(each):
            home = home if away else each
        elif away and each.is_the_home(home):
            home, away = each, False
        elif each.is_temporary and not home.is_temporary:
            away = True
        else:
            yield each.start
            home, away = each, False
        if leaves_care(each) and each.end is not None and each.end > since:
            yield each.end
            home = None


def ending_with_the_home(
    homes: Mapping[int, Sequence[Lived]], *, on: Mapping[int, Collection[date]]
) -> list[tuple[Allocation, date]]:
    """The allocations that rest on a home which ended on one of these days, and when. By child; one query.

    From the 18th birthday on nothing rests on the home: the young adult says who goes on.
    """
    days = [day for each in on.values() for day in each]
    rows = Allocation.unscoped.filter(child__in=list(on), role__in=AT_THE_HOME, start__lt=max(days))
    rows = rows.filter(Q(end__isnull=True) | Q(end__gt=min(days))).select_related("account", "child")
    ending = []
    for row in rows.order_by("start", "id"):
        ends = ends_of_homes(homes[row.child_id], since=row.start)
        ended = next((day for day in ends if day in on[row.child_id] and (row.end is None or row.end > day)), None)
        if ended is not None and row.child.birth_date > years_before(ended, ADULT):
            ending.append((row, ended))
    return ending
