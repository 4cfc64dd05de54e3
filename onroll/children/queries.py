"""Questions about the roll and about a child's care: who, where, since when, on any day."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from onroll.codes import LEGAL_STATUS, PLACEMENT_TYPE, REASON_CEASED, REASON_NEW
from onroll.codes.year_groups import LAST_YEAR, Phase, SchoolYear, born_between, phase_of

from .models import CareEpisode, Child, Identifiers, SchoolPlace, SDQScore, SENProvision
from .records import holds_on

SHORT_BREAKS = [code.code for code in LEGAL_STATUS if code.is_short_breaks]
TEMPORARY = [code.code for code in PLACEMENT_TYPE if code.is_temporary]


def looked_after_on(day: date) -> Q:
    """Children with an open episode on this day that is not an agreed short break (domain 06, 6.4.1).

    An episode that ends on the day is over: the child had ceased to be looked after by the end of it.
    """
    episodes = CareEpisode.unscoped.filter(holds_on(day), child=OuterRef("pk"))
    return Q(Exists(episodes.exclude(legal_status__in=SHORT_BREAKS)))


def on_the_roll(day: date) -> Q:
    """The authority's own looked-after children on this day, from birth to Year 13."""
    oldest = born_between(SchoolYear(LAST_YEAR), on=day)[0]
    return looked_after_on(day) & Q(held_as=Child.HeldAs.OWN, birth_date__gte=oldest, merged_into__isnull=True)


def only_short_breaks_on(day: date) -> Q:
    """Children whose open episodes on this day are all agreed short breaks: held, and not on the roll."""
    episodes = CareEpisode.unscoped.filter(holds_on(day), child=OuterRef("pk"))
    return (
        Q(Exists(episodes.filter(legal_status__in=SHORT_BREAKS)))
        & ~looked_after_on(day)
        & Q(held_as=Child.HeldAs.OWN, merged_into__isnull=True)
    )


def awaiting_a_real_end(day: date) -> Q:
    """Children whom the roll leaves out on this day because a return only implied that their care ended."""
    provisional = CareEpisode.unscoped.filter(child=OuterRef("pk"), provisional_end=True, end__lte=day)
    return Q(Exists(provisional)) & ~looked_after_on(day) & Q(merged_into__isnull=True)


@dataclass(frozen=True)
class Roll:
    """The roll of an authority on a day. `children` are the authority's own numbers, `keys` ours, both in order."""

    as_at: date
    children: list[str]
    keys: list[int]
    by_phase: dict[str, int]
    short_breaks: int
    awaiting_a_real_end: int

    @property
    def count(self) -> int:
        return len(self.children)


def roll(authority_id: int, as_at: date, *, among: QuerySet[Child] | None = None) -> Roll:
    """The roll on a day, for the system: no person's reach is applied. Four queries, whatever the size.

    For a person, `among` is the children that they may see.
    """
    own = Child.unscoped.filter(authority_id=authority_id)
    if among is not None:
        own = own.filter(pk__in=among.values("pk"))
    listed = dict(own.filter(on_the_roll(as_at)).values_list("pk", "birth_date"))
    by_phase = dict.fromkeys((phase.value for phase in Phase), 0)
    for born_on in listed.values():
        phase = phase_of(born_on, on=as_at)
        assert phase is not None
        by_phase[phase.value] += 1
    numbers = Identifiers.unscoped.filter(authority_id=authority_id).values_list("child_id", "child_number")
    return Roll(
        as_at=as_at,
        children=sorted(number for child, number in numbers if child in listed),
        keys=sorted(listed),
        by_phase=by_phase,
        short_breaks=own.filter(only_short_breaks_on(as_at)).count(),
        awaiting_a_real_end=own.filter(awaiting_a_real_end(as_at)).count(),
    )


# A child's care


@dataclass
class PeriodOfCare:
    """A chain of episodes from coming into care to leaving it. `end` is None while it goes on."""

    episodes: list[CareEpisode]

    @property
    def start(self) -> date:
        return self.episodes[0].start

    @property
    def end(self) -> date | None:
        if any(episode.end is None for episode in self.episodes):
            return None
        return max(episode.end for episode in self.episodes if episode.end)


@dataclass
class Home:
    """A placement as people mean it: episodes in one home, not broken by a move. Temporary stays are left out."""

    episodes: list[CareEpisode]

    @property
    def start(self) -> date:
        return self.episodes[0].start

    @property
    def end(self) -> date | None:
        return self.episodes[-1].end

    @property
    def latest(self) -> CareEpisode:
        return self.episodes[-1]


def periods_of_care(episodes: Iterable[CareEpisode]) -> list[PeriodOfCare]:
    """The episodes, oldest first, gathered into periods of care (domain 06, 6.3).

    A period begins with an episode that starts care, or after a gap.
    """
    periods: list[PeriodOfCare] = []
    for episode in sorted(episodes, key=lambda each: (each.start, each.pk)):
        current_end = periods[-1].end if periods else None
        gap = current_end is not None and episode.start > current_end
        if not periods or starts_care(episode) or gap:
            periods.append(PeriodOfCare([episode]))
        else:
            periods[-1].episodes.append(episode)
    return periods


def placement_type_of(episode: CareEpisode) -> str:
    """The kind of home of an episode that was read with its placement. Empty where none is recorded."""
    placement = getattr(episode, "placement", None)
    return placement.placement_type if placement is not None else ""


def homes(episodes: Iterable[CareEpisode]) -> list[Home]:
    """The homes of the episodes, oldest first: runs not broken by a move (reasons S, P, T, B, U; exchange format).

    Temporary placements T0 to T4 are left out, and the return from one is no move. Becoming adopted by the present
    carers is no move either.
    """
    found: list[Home] = []
    for episode in sorted(episodes, key=lambda each: (each.start, each.pk)):
        kind = PLACEMENT_TYPE.get(placement_type_of(episode))
        if kind is not None and kind.is_temporary:
            continue
        reason = REASON_NEW.get(episode.reason_new)
        # A reason that is not known breaks no run; time between two homes does.
        gap = bool(found) and found[-1].end is not None and episode.start > found[-1].end
        moved = gap if reason is None else reason.is_placement_change or reason.starts_care
        if found and moved and _back_from_a_temporary_stay(found[-1], episode):
            moved = False
        if found and moved and kind is not None and kind.is_adoption_by_current_carers:
            moved = False
        if found and not moved:
            found[-1].episodes.append(episode)
        else:
            found.append(Home([episode]))
    return found


def _back_from_a_temporary_stay(home: Home, episode: CareEpisode) -> bool:
    """The child went back to the same kind of home, and the gap before was a temporary stay (domain 06, 6.3)."""
    before = home.latest
    return (
        before.end is not None
        and before.end < episode.start
        and episode.reason_new == "P"
        and placement_type_of(before) == placement_type_of(episode)
    )


def homes_in(episodes: Iterable[CareEpisode], start: date, end: date) -> list[Home]:
    """The homes a child had at any time in the days from `start` up to, and not on, `end`."""
    return [home for home in homes(episodes) if home.start < end and (home.end is None or home.end > start)]


def a_year_before(day: date) -> date:
    """The same day a year earlier; 28 February for 29 February."""
    return day.replace(year=day.year - 1, day=28 if (day.month, day.day) == (2, 29) else day.day)


def continuously_looked_after(episodes: Iterable[CareEpisode], on: date) -> bool:
    """Looked after without a break for the twelve months that end on this day, short breaks apart (06, 6.4.3)."""
    for period in periods_of_care(episodes):
        if any(LEGAL_STATUS[e.legal_status].is_short_breaks for e in period.episodes if e.legal_status in LEGAL_STATUS):
            continue
        if period.start <= a_year_before(on) + timedelta(days=1) and (period.end is None or period.end > on):
            return True
    return False


@dataclass
class CareFacts:
    """What a child's episodes say on a day. Dates are true dates; `homes` counts this period of care only."""

    since: date | None = None
    left_on: date | None = None
    first_ever: date | None = None
    episode: CareEpisode | None = None
    home: Home | None = None
    homes: int = 0
    provisional: bool = False
    episodes: list[CareEpisode] = field(default_factory=list)

    @property
    def looked_after(self) -> bool:
        return self.episode is not None


def care_facts(child_ids: Iterable[int], as_at: date) -> dict[int, CareFacts]:
    """The care of these children on a day, from one query. For the system: the caller has passed the gate."""
    episodes = (
        CareEpisode.unscoped.filter(child_id__in=list(child_ids), start__lte=as_at)
        .select_related("placement")
        .order_by("child_id", "start", "id")
    )
    by_child: dict[int, list[CareEpisode]] = defaultdict(list)
    for episode in episodes:
        by_child[episode.child_id].append(episode)
    return {child: facts_of(theirs, as_at) for child, theirs in by_child.items()}


def facts_of(episodes: Sequence[CareEpisode], as_at: date) -> CareFacts:
    """What one child's episodes say on a day. Those that start later are left out."""
    known = [episode for episode in episodes if episode.start <= as_at]
    if not known:
        return CareFacts()
    periods = periods_of_care(known)
    latest = periods[-1]
    open_now = [episode for episode in known if episode.holds_on(as_at) and episode.legal_status not in SHORT_BREAKS]
    theirs = homes(latest.episodes)
    return CareFacts(
        since=latest.start if open_now else None,
        left_on=None if open_now else latest.end,
        first_ever=periods[0].start,
        episode=open_now[-1] if open_now else None,
        home=theirs[-1] if theirs else None,
        homes=len(theirs),
        provisional=not open_now and any(episode.provisional_end for episode in known),
        episodes=known,
    )


def starts_care(episode: CareEpisode) -> bool:
    """Whether the reason for the episode says that the child came into care with it."""
    reason = REASON_NEW.get(episode.reason_new)
    return reason is not None and reason.starts_care


def leaves_care(episode: CareEpisode) -> bool:
    """Whether the reason the episode ceased says that the child left care."""
    reason = REASON_CEASED.get(episode.reason_ceased)
    return reason is not None and reason.leaves_care


# School


def main_places(child_ids: Iterable[int], as_at: date) -> dict[int, SchoolPlace]:
    """The main school place of each child on a day, with its school, from one query. The caller passed the gate."""
    places = SchoolPlace.unscoped.filter(
        holds_on(as_at), child_id__in=list(child_ids), kind=SchoolPlace.Kind.MAIN
    ).select_related("school")
    return {place.child_id: place for place in places}


def school_moves_in(places: Iterable[SchoolPlace], start: date, end: date) -> int:
    """Changes of main school with their last day in `[start, end)`. Passing to a successor is no move."""
    ordered = sorted((p for p in places if p.kind == SchoolPlace.Kind.MAIN), key=lambda place: place.start)
    passed_on = {place.start for place in ordered if place.follows_closure}
    return sum(1 for p in ordered if p.end is not None and start <= p.end < end and p.end not in passed_on)


def school_area(la_code: str, authority_code: str) -> str:
    """Whether a school lies in the authority: "in", "out" or "not_known" (the register's word)."""
    if not la_code:
        return "not_known"
    return "in" if la_code == authority_code else "out"


# Needs


def sen_on(child_ids: Iterable[int], as_at: date) -> dict[int, str]:
    """The SEN provision code of each child on a day. The caller passed the gate and the section."""
    return dict(
        SENProvision.unscoped.filter(holds_on(as_at), child_id__in=list(child_ids))
        .order_by("start", "id")
        .values_list("child_id", "value")
    )


def latest_sdq(child_ids: Iterable[int], as_at: date) -> dict[int, SDQScore]:
    """The newest SDQ score of each child by a day. The caller passed the gate and the section."""
    scores: dict[int, Any] = {}
    for score in SDQScore.unscoped.filter(child_id__in=list(child_ids), start__lte=as_at).order_by("start", "id"):
        scores[score.child_id] = score
    return scores
