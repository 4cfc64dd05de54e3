"""Care of a listed child beside the episodes held: the same, another legal status, another home, begun or over.

A list tells what holds on its day and since when. So a new legal status or home ends the open episode and begins the
next, on the day the list gives, else on its own. A day that lies before the open episode began is a disagreement about
what is held, and no change: the order of trust decides. First days are never moved, since returns find episodes by
them: another first day is put in the list of differences.
"""

from collections import defaultdict
from datetime import date, timedelta

from onroll.children.actions.care import SAME_DAY, STATUS_AFTER
from onroll.children.models import CareEpisode, Status
from onroll.children.queries import SHORT_BREAKS, periods_of_care
from onroll.codes import REASON_CEASED, REASON_NEW
from onroll.exchange.feeds.ssda903.holdings import Holding
from onroll.exchange.writing import new

from .comparison import Comparison
from .homes import Homes
from .rows import Listed


def compare_care(comparison: Comparison) -> None:
    """Bring the care of every listed child up to the list."""
    care = _Care(comparison)
    for holding, listed in comparison.children:
        if not comparison.is_older(holding):
            care.compare(holding, listed)


class _Care:
    def __init__(self, comparison: Comparison) -> None:
        self.comparison = comparison
        self.on = comparison.on
        self.homes = Homes(comparison)
        self._statuses: set[tuple[int, str, date]] | None = None

    def compare(self, holding: Holding, listed: Listed) -> None:
        episodes = sorted(holding.all_episodes(), key=lambda episode: (episode.start, episode.pk))
        if episodes and episodes[-1].start > self.on:
            wrong = "The record holds an episode that began after the day of the list"
            self.comparison.note("later_episode", "care_start", listed, wrong)
            return
        looked_after = [e for e in episodes if e.legal_status not in SHORT_BREAKS]
        if listed.legal_status in SHORT_BREAKS:
            looked_after = looked_after if any(e.holds_on(self.on) for e in looked_after) else episodes
        open_now = [episode for episode in looked_after if episode.holds_on(self.on)]
        if listed.care_end and listed.care_end <= self.on:
            self._has_left(holding, listed, looked_after, listed.care_end)
        elif open_now:
            self._is_still(holding, listed, looked_after, open_now[-1])
        else:
            self._is_again(holding, listed, episodes, looked_after)

    # In care in the list, not in the record

    def _is_again(
        self, holding: Holding, listed: Listed, episodes: list[CareEpisode], looked_after: list[CareEpisode]
    ) -> None:
        last = max(looked_after, key=lambda episode: (episode.end, episode.start), default=None)
        if last is None or last.end is None or listed.care_start >= last.end:
            for episode in episodes:
                if episode not in looked_after and episode.holds_on(listed.care_start):
                    # Short breaks give way to being looked after.
                    self.comparison.changes.update(episode, end=listed.care_start, reason_ceased=SAME_DAY)
            self._begin(holding, listed, last, self._left_out_since())
        elif last.provisional_end:
            if self.comparison.whole_from is None:
                self.comparison.changes.update(last, end=None, reason_ceased="", provisional_end=False)
                self.comparison.reopened.add(holding.number)
                self.comparison.mark(holding)
                self._is_still(holding, listed, looked_after, last)
        else:
            # A person or a return gave that end: whether the list is late or they were wrong, a person decides.
            self.comparison.differ(holding, last, "end", None, listed)

    def _left_out_since(self) -> date | None:
        """The provisional end for a child whom a newer whole list does not hold: the day after this list's."""
        return self.on + timedelta(days=1) if self.comparison.whole_from else None

    def _begin(
        self,
        holding: Holding,
        listed: Listed,
        last: CareEpisode | None,
        provisional: date | None = None,
        end: date | None = None,
        why: str = "",
    ) -> None:
        """A new period of care. Where the child lived before the present home began, the list does not say."""
        moved_on, before = listed.placement_start, self.homes.of(last) if last else None
        if moved_on is not None and listed.care_start < moved_on <= self.on and (end is None or moved_on < end):
            first = self._episode(
                holding, listed.care_start, "S", listed.legal_status, listed.category_of_need, end=moved_on
            )
            first.reason_ceased = SAME_DAY
            self.homes.begin(holding, first, None, before, care_goes_on=False)
            before = self.homes.of(first)
            latest = self._episode(holding, moved_on, "P", listed.legal_status, listed.category_of_need)
        else:
            latest = self._episode(holding, listed.care_start, "S", listed.legal_status, listed.category_of_need)
        latest.end, latest.provisional_end, latest.reason_ceased = end or provisional, provisional is not None, why
        self.homes.begin(holding, latest, listed, before, care_goes_on=False)
        self.comparison.mark(holding)

    def _episode(
        self, holding: Holding, start: date, why: str, status: str, need: str, end: date | None = None, source: str = ""
    ) -> CareEpisode:
        own = self.comparison.own(holding.child)
        own["source"] = source or own["source"]
        episode = new(
            CareEpisode, **own, start=start, end=end, reason_new=why, legal_status=status, category_of_need=need
        )
        holding.episodes[start].append(episode)
        return self.comparison.changes.create(episode)

    # In care in both

    def _is_still(self, holding: Holding, listed: Listed, episodes: list[CareEpisode], current: CareEpisode) -> None:
        self._compare_first_day(holding, listed, episodes, current)
        first, known = _first_of_the_home(episodes, current)
        previous = max((e for e in episodes if e.start < current.start), key=lambda e: e.start, default=None)
        status_on = self._status_changed_on(listed, current, previous)
        before = max((e for e in episodes if e.start < first.start), key=lambda e: e.start, default=None)
        moved_on = self._moved_on(listed, current, before)
        merge = self.comparison.merge
        merge(holding, current, {"category_of_need": listed.category_of_need}, listed)
        if status_on is None:
            merge(holding, current, {"legal_status": listed.legal_status}, listed)
        if moved_on is None:
            self.homes.bring(holding, current, listed)
            began = listed.placement_start
            if known and began and listed.care_start <= began <= self.on and began != first.start:
                self.comparison.differ(holding, first, "start", began, listed)
        given = min((d for d in (status_on, moved_on) if d and d != _UNDATED), default=self.on)
        days: dict[date, set[str]] = defaultdict(set)
        for what, on in (("status", status_on), ("home", moved_on)):
            if on is not None:
                days[given if on == _UNDATED else on].add(what)
        for on in sorted(days):
            current = self._next(holding, listed, current, on, days[on])

    def _compare_first_day(
        self, holding: Holding, listed: Listed, episodes: list[CareEpisode], current: CareEpisode
    ) -> None:
        period = next(period for period in periods_of_care(episodes) if current in period.episodes)
        first = period.episodes[0]
        reason = REASON_NEW.get(first.reason_new)
        began_before = reason is not None and not reason.starts_care
        if listed.care_start == first.start or (began_before and listed.care_start < first.start):
            return
        self.comparison.differ(holding, first, "start", listed.care_start, listed)

    def _status_changed_on(self, listed: Listed, current: CareEpisode, previous: CareEpisode | None) -> date | None:
        if listed.legal_status == current.legal_status:
            return None
        on = listed.legal_status_on
        if on is not None and on <= self.on:
            return on if on > current.start else None
        late = previous is not None and previous.legal_status == listed.legal_status
        return self._undated(current, current.source, late)

    def _moved_on(self, listed: Listed, current: CareEpisode, before: CareEpisode | None) -> date | None:
        home, on = self.homes.of(current), listed.placement_start
        another = home.is_another(listed)
        if on is not None and on <= self.on:
            says_so = any((listed.placement_type, listed.postcode, listed.ofsted_urn))
            moved = another or (says_so and not home.is_surely_the_same(listed))
            return on if moved and on > current.start else None
        if not another:
            return None
        late = before is not None and not self.homes.of(before).is_another(listed)
        return self._undated(current, home.source, late)

    def _undated(self, current: CareEpisode, source: str, late: bool) -> date | None:
        """Since when something else holds, where the list gives no day. None: it is only late, or a disagreement.

        A list that still has what a more trusted source has ended is late.
        """
        if current.start >= self.on or (late and not self.comparison.trust.is_trusted_over(source)):
            return None
        return _UNDATED

    def _next(self, holding: Holding, listed: Listed, before: CareEpisode, on: date, what: set[str]) -> CareEpisode:
        """The open episode ends on this day and the next begins."""
        comparison = self.comparison
        status = listed.legal_status if "status" in what else before.legal_status
        episode = self._episode(
            holding,
            on,
            "B" if len(what) == 2 else "L" if "status" in what else "P",
            status,
            listed.category_of_need or before.category_of_need,
            end=before.end,
            # A status that the list disputes stays the word of the source that gave it.
            source="" if status == listed.legal_status else before.source,
        )
        episode.reason_ceased, episode.provisional_end = before.reason_ceased, before.provisional_end
        ends = {"end": on, "reason_ceased": SAME_DAY, "provisional_end": False}
        if before.pk is None:
            before.__dict__.update(ends)
        else:
            comparison.changes.update(before, **ends)
        held = self.homes.of(before)
        if "home" in what:
            self.homes.begin(holding, episode, listed, held)
            comparison.moved.add(holding.number)
        else:
            self.homes.carry_over(holding, episode, held)
        if "status" in what:
            comparison.new_status.add(holding.number)
        comparison.mark(holding)
        return episode

    # Left care, by the list's own word

    def _has_left(self, holding: Holding, listed: Listed, episodes: list[CareEpisode], on: date) -> None:
        reason = REASON_CEASED.get(listed.reason_ceased)
        why = reason.code if reason is not None and reason.leaves_care else ""
        ends = {"end": on, "reason_ceased": why, "provisional_end": False}
        last = max(episodes, key=lambda episode: (episode.end or date.max, episode.start), default=None)
        if on <= listed.care_start:
            self.comparison.note("care_end", "care_end", listed, "Care ends before it begins")
            return
        if last is None or (last.end is not None and last.end <= listed.care_start):
            self._begin(holding, listed, last, end=on, why=why)
        elif last.end is None or last.end > self.on or last.provisional_end:
            if on <= last.start:
                wrong = "The record holds an episode that began on or after the day care ended"
                self.comparison.note("later_episode", "care_end", listed, wrong)
                return
            for episode in episodes:
                if episode is last or (episode.start < on and episode.holds_on(self.on)):
                    self.comparison.mark(holding, self.comparison.changes.update(episode, **ends))
        else:
            self.comparison.merge(holding, last, {"end": on, "reason_ceased": why}, listed)
            return
        self._record_status_after(holding, why, on)

    def _record_status_after(self, holding: Holding, why: str, on: date) -> None:
        """A child who left care by a special guardianship or child arrangements order is previously looked after."""
        kind = STATUS_AFTER.get(REASON_CEASED[why].group) if why else None
        if kind is None:
            return
        if self._statuses is None:
            held = self.comparison.holdings.theirs(Status)
            self._statuses = {(child, row.kind, row.start) for child, rows in held.items() for row in rows}
        if (holding.child.pk, kind, on) not in self._statuses:
            self.comparison.changes.create(new(Status, **self.comparison.own(holding.child), kind=kind, start=on))


# A change of which the list does not give the day.
_UNDATED = date.min


def _first_of_the_home(episodes: list[CareEpisode], current: CareEpisode) -> tuple[CareEpisode, bool]:
    """The episode with which the child came to the present home, and whether it is held."""
    first = current
    while True:
        reason = REASON_NEW.get(first.reason_new)
        if reason is None or reason.is_placement_change or reason.starts_care:
            return first, reason is not None
        earlier = next((e for e in episodes if e.end == first.start and e.start < first.start), None)
        if earlier is None:
            return first, False
        first = earlier
