"""Statutory reviews of a listed child: the last one held, and the next."""

from onroll.children.models import Review
from onroll.exchange.feeds.ssda903.holdings import Holding
from onroll.exchange.writing import new

from .comparison import Comparison
from .rows import Listed


def compare_reviews(comparison: Comparison) -> None:
    """Add the reviews that the record does not hold; a planned one that was held is so; another day moves the plan."""
    told = [(h, said) for h, said in comparison.children if said.last_review or said.next_review]
    held = comparison.holdings.theirs(Review) if told else {}
    for holding, listed in told:
        if not comparison.is_older(holding):
            _compare(comparison, holding, listed, held.get(holding.child.pk, []))


def _compare(comparison: Comparison, holding: Holding, listed: Listed, held: list[Review]) -> None:
    own, on = comparison.own(holding.child), comparison.on
    last, following = listed.last_review, listed.next_review
    if last is not None and last <= on:
        same = [review for review in held if review.on == last]
        if not same:
            comparison.changes.create(new(Review, **own, on=last))
            comparison.mark(holding)
        elif not any(review.held for review in same):
            comparison.mark(holding, comparison.changes.update(same[0], held=True))
    if following is None or following <= on or any(review.on == following for review in held):
        return
    planned = [review for review in held if not review.held and review.on > on]
    if planned:
        comparison.merge(holding, min(planned, key=lambda review: review.on), {"on": following}, listed)
        return
    comparison.changes.create(new(Review, **own, on=following, held=False))
    comparison.mark(holding)
