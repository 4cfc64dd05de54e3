"""Children on the roll whom the list leaves out: their care would get a provisional end, once a person confirms."""

from datetime import date, timedelta

from onroll.children.queries import SHORT_BREAKS
from onroll.exchange.feeds.ssda903.holdings import Holding

from .comparison import Comparison


def find_missing(comparison: Comparison, before: set[str]) -> None:
    """End, provisionally, the care of those who were on the roll and are not on the list.

    The end is the day after the last list that held the child, where one did, else the day of the list. A part ends
    nothing, nor does a list older than a whole one that has had the word already.
    """
    if comparison.options.part or comparison.whole_from is not None or not comparison.said.children:
        return
    missing = [holding for holding in comparison.holdings.everyone() if _is_missing(comparison, holding, before)]
    last_listed = comparison.last_listed(number for holding in missing for number in holding.numbers)
    for holding in missing:
        days = [last_listed[number] for number in holding.numbers if number in last_listed]
        _end(comparison, holding, max(days) + timedelta(days=1) if days else comparison.on)


def _is_missing(comparison: Comparison, holding: Holding, before: set[str]) -> bool:
    said = comparison.said
    if holding.number not in before or holding.is_new or comparison.is_older(holding):
        return False
    if holding.numbers & (said.children.keys() | said.left_out):
        return False
    # A row whose number can't be read may be about this child.
    return holding.child.birth_date not in said.born_on and holding.identifiers.upn not in said.upns


def _end(comparison: Comparison, holding: Holding, day: date) -> None:
    for episode in holding.all_episodes():
        if not episode.holds_on(comparison.on) or episode.legal_status in SHORT_BREAKS:
            continue
        end = day if day > episode.start else comparison.on
        if end > episode.start:
            comparison.changes.update(episode, end=end, reason_ceased="", provisional_end=True)
            comparison.would_end += 1
            comparison.missing.add(holding.number)
            comparison.mark(holding)
