"""Who works with a listed child: social worker, reviewing officer, virtual school officer, beside who is held."""

from collections import defaultdict

from onroll.access.roles import Role
from onroll.children.models import Allocation
from onroll.exchange.feeds.ssda903.cells import quoted
from onroll.exchange.feeds.ssda903.holdings import Holding
from onroll.exchange.writing import new
from onroll.people.models import Post

from .columns import plain
from .comparison import Comparison

_COLUMNS = (("social_worker", Role.SOCIAL_WORKER), ("iro", Role.IRO), ("officer", Role.VS_OFFICER))


def compare_people(comparison: Comparison) -> None:
    """End the allocation of another person and start that of the one on the list."""
    told = [
        (holding, listed, key, role)
        for holding, listed in comparison.children
        if not comparison.is_older(holding)
        for key, role in _COLUMNS
        if getattr(listed, key)
    ]
    if not told:
        return
    people = _People(comparison)
    held = comparison.holdings.theirs(Allocation)
    for holding, listed, key, role in told:
        cell = getattr(listed, key)
        found = people.called(cell, role, listed.team)
        if len(found) == 1:
            theirs = [row for row in held.get(holding.child.pk, []) if row.role == role]
            _compare(comparison, holding, next(iter(found)), role, theirs)
            continue
        many = f"More than one person is called {quoted(cell)}: give the e-mail address"
        wrong = many if found else f"Nobody called {quoted(cell)} has a post here: add the person first"
        comparison.note("person", key, listed, wrong, "Left who works with the child as the record holds it")


def _compare(comparison: Comparison, holding: Holding, account: int, role: Role, held: list[Allocation]) -> None:
    on = comparison.on
    now = [row for row in held if row.holds_on(on)]
    if any(row.account_id == account for row in now) or any(row.start > on for row in held):
        return
    latest = max(now, key=lambda row: row.start, default=None)
    if latest is not None and not comparison.trust.is_trusted_over(latest.source):
        before = [row for row in held if row.end == latest.start]
        if latest.start == on or any(row.account_id == account for row in before):
            # The list is late: someone who is trusted more has allocated another since.
            return
    comparison.mark(holding)
    if latest is not None and latest.start == on:
        comparison.changes.update(latest, account_id=account)
        return
    end = latest.end if latest is not None else None
    for row in now:
        comparison.changes.update(row, end=on)
    own = comparison.own(holding.child)
    comparison.changes.create(new(Allocation, **own, account_id=account, role=role.value, start=on, end=end))


class _People:
    """The people with a post in the authority, by e-mail and by name either way round. One query."""

    def __init__(self, comparison: Comparison) -> None:
        self.by_name: dict[str, set[int]] = defaultdict(set)
        self.by_role: dict[str, set[int]] = defaultdict(set)
        self.by_team: dict[str, set[int]] = defaultdict(set)
        self.live: set[int] = set()
        for post in Post.objects.filter(authority=comparison.authority).select_related("account", "team"):
            person = post.account
            self.by_name[person.email.lower()].add(person.pk)
            for name in (
                f"{person.given_name} {person.family_name}",
                f"{person.family_name} {person.given_name}",
            ):
                self.by_name[plain(name)].add(person.pk)
            if post.is_live(comparison.on):
                self.live.add(person.pk)
                self.by_role[post.role].add(person.pk)
                if post.team:
                    self.by_team[plain(post.team.name)].add(person.pk)

    def called(self, cell: str, role: Role, team: str) -> set[int]:
        """Whom a cell means. Of several: who has the role today, then who is in the team."""
        found = self.by_name.get(cell.lower() if "@" in cell else plain(cell), set())
        for narrower in (self.live, self.by_role[role], self.by_team.get(plain(team), set())):
            if len(found) > 1 and found & narrower:
                found = found & narrower
        return found
