"""The rules that watch the access log: each says in words what is unusual, then how it is found.

A rule is given what was looked at since the last time and answers with whose looks to look into. It knows entries of
the log by number and never a value of a record, but for the names it compares. What is found elsewhere has only its
words here. An emergency opening is reviewed on a page of its own, so no rule repeats it.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cached_property

from django.db.models import Count
from django.db.models.functions import TruncDate
from django.utils.timezone import get_current_timezone, localdate, localtime, make_aware

from onroll.access.models import Account
from onroll.access.roles import SCHOOL_STAFF, Role
from onroll.authorities.models import Authority
from onroll.children.closing import CLOSED, OPENED
from onroll.children.guards import MUST_NOT_SEE
from onroll.children.models import Child, SchoolPlace
from onroll.children.searching import tidy
from onroll.history.models import Entry
from onroll.people.models import Post

HOUR, TEN_MINUTES, NORM = timedelta(hours=1), timedelta(minutes=10), timedelta(days=30)
# So few are never unusual, whatever the person's norm; and a norm is known after so many days.
FEW, KNOWN_AFTER = 20, 5


@dataclass(frozen=True)
class Found:
    """Looks of one person to look into: the first and the last entry of the log, and the day."""

    account: int
    on: date
    first: int
    last: int


@dataclass(frozen=True)
class Rule:
    """What is unusual. `at_once`: told as soon as it is found; else it waits for the weekly review."""

    key: str
    title: str
    words: str
    at_once: bool = False
    find: "Callable[[Watch], Iterable[Found]] | None" = None


class Watch:
    """What one authority's log holds since the last time, and what came just before."""

    def __init__(self, authority: Authority, new: list[Entry]) -> None:
        self.authority = authority
        self.new = [entry for entry in new if entry.actor_id is not None]
        self.people = {entry.actor_id for entry in self.new}

    @property
    def views(self) -> list[Entry]:
        return [entry for entry in self.new if is_view(entry)]

    @cached_property
    def recent(self) -> dict[int, list[Entry]]:
        """By person, the new entries and those of the twelve hours before them, in order. One query."""
        found: dict[int, list[Entry]] = defaultdict(list)
        if self.new:
            since = min(entry.at for entry in self.new) - timedelta(hours=12)
            entries = Entry.objects.filter(
                authority=self.authority.pk, actor__in=self.people, at__gte=since, number__lte=self.new[-1].number
            )
            for entry in entries.order_by("number"):
                found[entry.actor_id].append(entry)  # type: ignore[index]
        return found

    @cached_property
    def accounts(self) -> dict[int, Account]:
        return Account.objects.in_bulk(self.people)

    @cached_property
    def names(self) -> dict[int, str]:
        """The family names of the children who were opened, tidied."""
        children = Child.unscoped.filter(pk__in={entry.child for entry in self.views})
        return {pk: tidy(name) for pk, name in children.values_list("pk", "family_name") if len(tidy(name)) > 2}

    @cached_property
    def schools(self) -> dict[int, int | None]:
        """The school of each post that someone of a school looked in."""
        posts = {entry.post for entry in self.views if entry.role in SCHOOL_STAFF and entry.post}
        return dict(Post.objects.filter(pk__in=posts).values_list("pk", "school"))

    def is_out_of_hours(self, at: datetime) -> bool:
        here = localtime(at)
        return here.weekday() > 4 or not self.authority.hours_start <= here.hour < self.authority.hours_end

    def night_of(self, at: datetime) -> date:
        """The day to which a look out of hours belongs: the early hours are still the night before."""
        here = localtime(at)
        return here.date() - timedelta(days=1) if here.hour < self.authority.hours_start else here.date()


def is_view(entry: Entry) -> bool:
    return entry.act == "view" and entry.outcome == "shown" and entry.child is not None


def _windows(entries: list[Entry], length: timedelta) -> Iterator[list[Entry]]:
    """For each entry, those of the time before it, itself included."""
    start = 0
    for end, entry in enumerate(entries):
        while entries[start].at <= entry.at - length:
            start += 1
        yield entries[start : end + 1]


def _found(entries: list[Entry]) -> Found:
    last = entries[-1]
    return Found(last.actor_id, localdate(last.at), entries[0].number, last.number)  # type: ignore[arg-type]


def _each_that_tells(act: str) -> "Callable[[Watch], Iterable[Found]]":
    """Finds every entry that was written to tell of this."""
    return lambda watch: [_found([entry]) for entry in watch.new if entry.act == act]


def _many_children(watch: Watch) -> Iterator[Found]:
    limit = watch.authority.watch_children_an_hour
    begun = watch.new[0].number if watch.new else 0
    for entries in watch.recent.values():
        views = [entry for entry in entries if is_view(entry)]
        if len({entry.child for entry in views}) <= limit:
            continue
        full = [
            window
            for window in _windows(views, HOUR)
            if window[-1].number >= begun and len({entry.child for entry in window}) > limit
        ]
        if full:
            yield _found([full[0][0], full[-1][-1]])


def _above_own_norm(watch: Watch) -> Iterator[Found]:
    busy: dict[tuple[int, date], list[Entry]] = {}
    for account in {entry.actor_id for entry in watch.views}:
        day = localdate(next(e for e in reversed(watch.views) if e.actor_id == account).at)
        views = [e for e in watch.recent[account] if is_view(e) and localdate(e.at) == day]  # type: ignore[index]
        if len({entry.child for entry in views}) > FEW:
            busy[account, day] = views  # type: ignore[index]
    norms = _norms(watch, {account for account, _ in busy})
    for (account, day), views in busy.items():
        days = [count for on, count in norms.get(account, {}).items() if on < day]
        usual = sum(days) / len(days) if len(days) >= KNOWN_AFTER else None
        if usual is not None and len({entry.child for entry in views}) > watch.authority.watch_times_the_norm * usual:
            yield _found(views)


def _norms(watch: Watch, accounts: set[int]) -> dict[int, dict[date, int]]:
    """How many children each of these people opened, on each of the last thirty days on which they opened any."""
    found: dict[int, dict[date, int]] = defaultdict(dict)
    if not accounts:
        return found
    entries = Entry.objects.filter(
        authority=watch.authority.pk,
        actor__in=accounts,
        act="view",
        outcome="shown",
        child__isnull=False,
        at__gte=watch.new[0].at - NORM,
    )
    by_day = entries.annotate(day=TruncDate("at")).order_by().values("actor", "day")
    for actor, day, count in by_day.annotate(count=Count("child", distinct=True)).values_list("actor", "day", "count"):
        found[actor][day] = count
    return found


def _name_alike(watch: Watch) -> Iterator[Found]:
    colleagues: dict[int, set[str]] = defaultdict(set)
    schools = {school for school in watch.schools.values() if school}
    for school, surname in Post.objects.filter(school__in=schools).values_list("school", "account__family_name"):
        colleagues[school].add(tidy(surname))
    for entry in watch.views:
        # A carer may well share the name of the child who lives with them.
        if entry.role == Role.CARER or not (name := watch.names.get(entry.child or 0)):
            continue
        account = watch.accounts[entry.actor_id]  # type: ignore[index]
        own = {tidy(account.family_name), *re.split(r"[^a-z]+", account.email.lower().partition("@")[0])}
        at_school = colleagues.get(watch.schools.get(entry.post or 0) or 0, set())
        if name in own | at_school:
            yield _found([entry])


def _refusals(watch: Watch) -> Iterator[Found]:
    begun = watch.new[0].number if watch.new else 0
    for entries in watch.recent.values():
        refused = [entry for entry in entries if entry.outcome == "refused"]
        for window in _windows(refused, TEN_MINUTES):
            if len(window) >= watch.authority.watch_refusals and window[-1].number >= begun:
                yield _found(window)


def _out_of_hours(watch: Watch) -> Iterator[Found]:
    late = {(entry.actor_id, watch.night_of(entry.at)) for entry in watch.new if watch.is_out_of_hours(entry.at)}
    for account, night in late:
        entries = [
            entry
            for entry in watch.recent[account]  # type: ignore[index]
            if (is_view(entry) or entry.act == "export")
            and watch.is_out_of_hours(entry.at)
            and watch.night_of(entry.at) == night
        ]
        if len(_children_of(entries)) > watch.authority.watch_out_of_hours:
            yield _found(entries)


def _children_of(entries: list[Entry]) -> set[int]:
    keys = {entry.child for entry in entries if entry.child is not None}
    return keys | {int(key) for entry in entries for key in entry.children.split(",") if key}


def _exports(watch: Watch) -> Iterator[Found]:
    large = [entry for entry in watch.new if entry.act == "export" and len(_children_of([entry])) > FEW]
    if not large:
        return
    before: dict[int, list[Entry]] = defaultdict(list)
    earlier = Entry.objects.filter(authority=watch.authority.pk, actor__in={entry.actor_id for entry in large})
    for entry in earlier.filter(act="export", at__gte=large[0].at - NORM, number__lt=large[-1].number):
        before[entry.actor_id].append(entry)  # type: ignore[index]
    for entry in large:
        own = [len(_children_of([e])) for e in before[entry.actor_id] if e.number < entry.number]  # type: ignore[index]
        usual = sum(own) / len(own) if own else 0
        if len(_children_of([entry])) > watch.authority.watch_times_the_norm * usual:
            yield _found([entry])


def _leaving_day(watch: Watch) -> Iterator[Found]:
    views = [entry for entry in watch.views if watch.schools.get(entry.post or 0)]
    # A place ends on the first day on which the child has it no more.
    places = SchoolPlace.unscoped.filter(
        child__in={entry.child for entry in views}, end__in={_day_after(entry.at) for entry in views}
    )
    leaving = set(places.values_list("child", "school", "end")) if views else set()
    for entry in views:
        if (entry.child, watch.schools[entry.post], _day_after(entry.at)) in leaving:  # type: ignore[index]
            yield _found([entry])


def _day_after(at: datetime) -> date:
    return localdate(at) + timedelta(days=1)


def start_of(day: date) -> datetime:
    """The first moment of a day in England."""
    return make_aware(datetime.combine(day, time()), get_current_timezone())


ALL = (
    Rule(
        "must_not_see",
        "Tried to open a child whom they must not see",
        "The person and the child are kept apart, for instance as relatives. The page did not open.",
        at_once=True,
        find=_each_that_tells(MUST_NOT_SEE),
    ),
    Rule(
        "many_children",
        "Opened many children in an hour",
        "More children within one hour than the authority’s settings allow without a question.",
        at_once=True,
        find=_many_children,
    ),
    Rule(
        "above_own_norm",
        "Opened far more children than usual",
        "More than the set number of times what the person opened on a usual day of the last thirty days.",
        at_once=True,
        find=_above_own_norm,
    ),
    Rule(
        "name_alike",
        "Opened a child with a name close to them",
        "The child’s family name is the person’s own, in their e-mail address, or a colleague’s at the school.",
        at_once=True,
        find=_name_alike,
    ),
    Rule(
        "after_post",
        "Signed in after their last post ended",
        "The account still lets the person in, though no post does. They saw no child.",
        at_once=True,
    ),
    Rule(
        "sealed_opening",
        "Opened the sealed register",
        "Two custodians opened it together. The reason they gave, and whether they found a record, is on its page.",
        at_once=True,
        find=_each_that_tells(OPENED),
    ),
    Rule(
        "log_altered",
        "The record of who did what has been altered",
        "The nightly check, or the check after a restore, found that the history or the access log is not as written.",
        at_once=True,
    ),
    Rule(
        "out_of_hours",
        "Opened many children out of hours",
        "More children at night or on a weekend day than the authority’s settings allow without a question.",
        find=_out_of_hours,
    ),
    Rule(
        "refusals",
        "Was refused again and again",
        "Within ten minutes the person asked for several pages that do not exist for them.",
        find=_refusals,
    ),
    Rule(
        "large_export",
        "Took out far more than usual",
        "An export of more children than the set number of times the person’s usual one.",
        find=_exports,
    ),
    Rule(
        "adopted",
        "Asked for the old record of an adopted child",
        "The record is closed and did not open. An old bookmark may lead there, or a wish to find the child.",
        find=_each_that_tells(CLOSED),
    ),
    Rule(
        "leaving_day",
        "Opened a child on the day they left the school",
        "A designated teacher’s last look before the record closes to the school.",
        find=_leaving_day,
    ),
)
RULES = {rule.key: rule for rule in ALL}
