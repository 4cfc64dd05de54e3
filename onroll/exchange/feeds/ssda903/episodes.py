"""Care episodes of a return beside those held: which are new, which say something else, which it leaves out."""

from datetime import date
from typing import Any

from onroll.children.actions.care import STATUS_AFTER
from onroll.children.models import CareEpisode, EpisodePlacement, Status
from onroll.codes import REASON_CEASED, REASON_NEW
from onroll.exchange.writing import new

from . import facts
from .comparison import Comparison, place_of
from .holdings import Holding
from .homes import Homes


def compare_episodes(comparison: Comparison) -> None:
    """Add the episodes the record does not hold, and bring those it holds up to what the return says."""
    homes = Homes(comparison)
    for said in comparison.said.episodes:
        holding = comparison.holding_of(said, stops=True)
        if holding is None:
            continue
        held = holding.episodes.get(said.start)
        if held:
            _update(comparison, homes, holding, held[-1], said)
        else:
            _new(comparison, homes, holding, said)
    _record_statuses_after_care(comparison)


def _new(comparison: Comparison, homes: Homes, holding: Holding, said: facts.Episode) -> None:
    end, provisional = said.end, False
    if end is None and comparison.newer_from is not None:
        # A newer return, applied already, does not hold it: it had ended by the start of that year.
        end, provisional = comparison.newer_from, True
    own = comparison.own(holding.child)
    episode = comparison.changes.create(
        new(
            CareEpisode,
            **own,
            start=said.start,
            end=end,
            provisional_end=provisional,
            legal_status=said.legal_status,
            reason_new=said.reason_new,
            reason_ceased=said.reason_ceased,
            category_of_need=said.category_of_need,
            reason_place_change=said.reason_place_change,
        )
    )
    placement = comparison.changes.create(new(EpisodePlacement, **own, episode=episode, **_kind_of_home(said)))
    homes.new(holding, episode, placement, said)
    holding.episodes[said.start].append(episode)
    comparison.mark(holding, True)
    reason = REASON_NEW.get(said.reason_new)
    if not holding.is_new and reason is not None and reason.is_placement_change:
        comparison.moved.add(holding.number)


def _kind_of_home(said: facts.Episode) -> dict[str, Any]:
    return {"placement_type": said.placement_type, "provider": said.provider, "ofsted_urn": said.ofsted_urn}


def _update(comparison: Comparison, homes: Homes, holding: Holding, episode: CareEpisode, said: facts.Episode) -> None:
    older = comparison.newer_from is not None and reaches(episode, comparison.newer_from)
    place = place_of(holding, said)
    values = {
        "legal_status": said.legal_status,
        "reason_new": said.reason_new,
        "category_of_need": said.category_of_need,
        "reason_place_change": said.reason_place_change,
    }
    changed = comparison.trust.merge(episode, values, **place, fill_only=older)
    if not older:
        changed |= _update_end(comparison, holding, episode, said)
    placement = comparison.holdings.placements.get(episode.pk)
    if placement is None:
        placement = new(EpisodePlacement, **comparison.own(holding.child), episode=episode, **_kind_of_home(said))
        comparison.changes.create(placement)
        changed = True
    else:
        placement._state.fields_cache["child"] = holding.child
        changed |= comparison.trust.merge(placement, _kind_of_home(said), **place, fill_only=older)
    changed |= homes.update(holding, episode, placement, said, fill_only=older)
    comparison.mark(holding, changed)


def _update_end(comparison: Comparison, holding: Holding, episode: CareEpisode, said: facts.Episode) -> bool:
    """The end of an episode held already. A blank one says only that it was open at the end of the year."""
    place = place_of(holding, said)
    if said.end is not None and said.end == episode.end and not episode.provisional_end:
        return comparison.trust.merge(episode, {"reason_ceased": said.reason_ceased}, **place)
    if said.end is None and (
        episode.end is None or episode.end > comparison.told_on or comparison.newer_from is not None
    ):
        return False
    if not episode.provisional_end and not comparison.trust.is_trusted_over(episode.source):
        comparison.trust.differ(episode, "end", said.end, **place)
        return False
    return comparison.changes.update(episode, end=said.end, reason_ceased=said.reason_ceased, provisional_end=False)


def _record_statuses_after_care(comparison: Comparison) -> None:
    """A child who left care by a special guardianship or child arrangements order is previously looked after."""
    leaving = [
        (said, said.end, kind)
        for said in comparison.said.episodes
        if said.end and said.reason_ceased and (kind := STATUS_AFTER.get(REASON_CEASED[said.reason_ceased].group))
    ]
    if not leaving:
        return
    held = {(child, row.kind, row.start) for child, rows in comparison.holdings.theirs(Status).items() for row in rows}
    for said, end, kind in leaving:
        holding = comparison.holdings.by_number.get(said.child)
        if holding is None or (holding.child.pk, kind, end) in held:
            continue
        if any(episode.holds_on(end) for episode in holding.all_episodes()):
            # In care again, or still, on that very day.
            continue
        if holding.child.pk:
            held.add((holding.child.pk, kind, end))
        comparison.changes.create(new(Status, **comparison.own(holding.child), kind=kind, start=end))
        comparison.mark(holding, True)


def find_implied_endings(comparison: Comparison) -> None:
    """Episodes of an earlier load that reach into this year and that this return leaves out.

    One from before the year is given a provisional end at its start: a person has still to give the day. One that
    began in the year came with an earlier load of the same year, and is taken away again.
    """
    if comparison.options.part or not comparison.said.episodes:
        return
    told = {(episode.child, episode.start) for episode in comparison.said.episodes}
    for holding in comparison.holdings.everyone():
        if holding.is_new or holding.numbers & comparison.said.stopped:
            continue
        for episode in holding.all_episodes():
            is_told = any((number, episode.start) in told for number in holding.numbers)
            if episode.pk is not None and not is_told and _reaches_into_the_year(comparison, episode):
                _end_or_take_away(comparison, holding, episode)


def _reaches_into_the_year(comparison: Comparison, episode: CareEpisode) -> bool:
    if episode.start > comparison.said.year_end:
        return False
    if episode.end is not None and episode.end <= comparison.said.year_start:
        return False
    # A newer return, applied already, has had the word on it.
    return comparison.newer_from is None or not reaches(episode, comparison.newer_from)


def _end_or_take_away(comparison: Comparison, holding: Holding, episode: CareEpisode) -> None:
    first, holdings = comparison.said.year_start, comparison.holdings
    if not comparison.trust.is_trusted_over(episode.source):
        if episode.start < first and episode.end is None:
            comparison.trust.differ(episode, "end", first, number=holding.number, place=("", None))
        return
    comparison.implied.append((holding, episode))
    comparison.mark(holding, True)
    if episode.start < first:
        comparison.changes.update(episode, end=first, reason_ceased="", provisional_end=True)
        return
    for rows in (holdings.placements, holdings.addresses, holdings.areas):
        if episode.pk in rows:
            comparison.changes.delete(rows[episode.pk])
    comparison.changes.delete(episode)


def reaches(episode: CareEpisode, year_start: date) -> bool:
    """Whether the return of the year that begins then had the word on this episode: it holds into that year."""
    if episode.end == year_start:
        return not episode.provisional_end
    return episode.end is None or episode.end > year_start
