"""Who can see a child: every person whom a link lets in today, by section, and since when (ACC-6).

The rules of `visibility` ask which children a person reaches; here the same links are read the other way round, for one
child and everybody at once. A test holds the two together.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from django.utils.timezone import localtime

from onroll.access.actors import Actor
from onroll.access.models import Account
from onroll.access.roles import AT_THE_HOME, MAY_GO_ON, PARTNERS, REST_ON_CARE, SCHOOL_STAFF, Role
from onroll.access.sections import Section, cell
from onroll.design.words import count_of, day, listed, lower_first
from onroll.people.models import Cover, Post
from onroll.people.posts import actor_for, actor_in_cover
from onroll.schools.models import School

from .contradictions import called, start_of_sentence
from .guard_models import MustNotSee
from .models import Allocation, CareEpisode, Child, CoverChild, Matter, SchoolPlace, ServiceCase, YoungAdultAgreement
from .records import holds_on
from .visibility import ADULT, CASE_DAYS, earliest_end, open_at, years_before

BY_POST = (Role.VSH, Role.DEPUTY_VSH, Role.VS_ADMIN, Role.DATA_OFFICER)
BY_ALLOCATION = (
    Role.VS_OFFICER,
    Role.SOCIAL_WORKER,
    Role.IRO,
    Role.SUPERVISING_SW,
    Role.DIRECTOR,
    Role.PERSONAL_ADVISER,
    Role.EET,
    Role.CARER,
)


@dataclass(frozen=True)
class Reader:
    """A person in one post who can open the record: since when, by what, and the letter of each section."""

    account: int
    name: str
    role: str
    since: date
    by: str
    cells: dict[str, str]
    actor: Actor

    @property
    def role_words(self) -> str:
        return Role(self.role).label

    def reads(self, section: Section) -> bool:
        return self.cells[section.value] in ("W", "R", "C")


@dataclass
class Links:
    """What links people to one child on a day."""

    allocated: dict[tuple[int, str], date] = field(default_factory=dict)
    schools: dict[int, date] = field(default_factory=dict)
    cases: dict[tuple[int, str], date] = field(default_factory=dict)
    agreed_people: set[int] = field(default_factory=set)
    agreed_schools: set[int] = field(default_factory=set)
    in_care: bool = False
    matter: date | None = None


def links_of(child: Child, day: date, at: datetime | None = None) -> Links:
    """The links that count on the day, or at a moment of it. Six queries."""
    links = Links(in_care=CareEpisode.unscoped.filter(holds_on(day), child=child).exists())
    matters = Matter.unscoped.filter(holds_on(day), child=child).order_by("start")
    links.matter = matters.values_list("start", flat=True).first()
    for link in Allocation.unscoped.filter(open_at(day, at), child=child):
        known = links.allocated.get((link.account_id, link.role), link.start)
        links.allocated[link.account_id, link.role] = min(known, link.start)
    places = SchoolPlace.unscoped.filter(holds_on(day), child=child, school__isnull=False)
    if child.held_as == Child.HeldAs.OWN:
        for place in places.exclude(kind=SchoolPlace.Kind.AWAITING):
            links.schools[place.school_id] = min(links.schools.get(place.school_id, place.start), place.start)
    closed = earliest_end(day, CASE_DAYS)
    for case in ServiceCase.unscoped.filter(child=child, start__lte=day):
        if case.end is None or (case.end > case.start and case.end >= closed):
            links.cases[case.account_id, case.service] = case.start
    for agreed in YoungAdultAgreement.unscoped.filter(holds_on(day), child=child):
        if agreed.school_id:
            links.agreed_schools.add(agreed.school_id)
        else:
            links.agreed_people.add(agreed.account_id)
    return links


def readers(child: Child, day: date, links: Links | None = None) -> list[Reader]:
    """Everybody who can open the record on the day, by name. The number of queries does not grow with them."""
    links = links or links_of(child, day)
    posts = list(
        Post.objects.live(day)
        .filter(authority_id=child.authority_id)
        .select_related("account", "authority", "school", "team")
        .order_by("account__family_name", "account__given_name", "pk")
    )
    kept = set(MustNotSee.unscoped.filter(holds_on(day), child=child).values_list("account_id", flat=True))
    posts = [post for post in posts if post.account_id not in kept]
    teams = _teams(posts, links)
    since = {post.pk: _since(post, child, day, links, teams) for post in posts}
    found = [_reader(post, start, _by(post)) for post in posts if (start := since[post.pk]) is not None]
    return [*found, *_in_cover(child, day, kept, {post.pk: post for post in posts if since[post.pk] is not None})]


def _reader(post: Post, since: date, by: str) -> Reader:
    actor = actor_for(post, today=since)
    cells = {section.value: cell(actor, section) for section in Section}
    return Reader(post.account_id, post.account.name, post.role, max(since, post.start), by, cells, actor)


def _by(post: Post) -> str:
    if post.role in BY_POST:
        return "by their post"
    if post.role in SCHOOL_STAFF:
        return f"by the place at {post.school.name}" if post.school else ""
    return "by an open case" if post.role in PARTNERS else "by allocation"


def _in_cover(child: Child, day: date, kept: set[int], seen: dict[int, Post]) -> Iterable[Reader]:
    covers = list(Cover.objects.live(day).filter(post__in=seen))
    named = set(CoverChild.unscoped.filter(child=child, cover__in=covers).values_list("cover_id", flat=True))
    accounts = {
        account.email.lower(): account
        for account in Account.objects.filter(email__in=[cover.email for cover in covers], is_active=True)
    }
    for cover in covers:
        account = accounts.get(cover.email)
        if account is None or account.pk in kept or not (cover.every_child or cover.pk in named):
            continue
        post = seen[cover.post_id]
        actor = actor_in_cover(cover, account, today=day)
        cells = {section.value: cell(actor, section) for section in Section}
        by = f"stands in for {post.account.name}"
        yield Reader(account.pk, account.name, post.role, cover.start, by, cells, actor)


def _teams(posts: Sequence[Post], links: Links) -> dict[tuple[str, int], date]:
    """For each role and team, since when a member of it is allocated to the child."""
    found: dict[tuple[str, int], date] = {}
    for post in posts:
        start = links.allocated.get((post.account_id, post.role))
        if start is not None and post.team_id is not None:
            key = (post.role, post.team_id)
            found[key] = min(found.get(key, start), start)
    return found


def _since(post: Post, child: Child, day: date, links: Links, teams: dict[tuple[str, int], date]) -> date | None:
    """Since when this post opens the child's record on the day. None: it does not."""
    role = post.role
    if role in REST_ON_CARE and child.birth_date <= years_before(day, ADULT):
        at_school = role in SCHOOL_STAFF
        agreed = post.school_id in links.agreed_schools if at_school else post.account_id in links.agreed_people
        if role not in MAY_GO_ON or not agreed:
            return None
    elif role in AT_THE_HOME and not links.in_care:
        return None
    if role in (Role.PERSONAL_ADVISER, Role.EET) and child.birth_date > years_before(day, 16):
        return None
    if role in BY_POST or (role == Role.VS_OFFICER and post.authority.advisers_see_all):
        return post.start
    if role == Role.TEAM_MANAGER:
        return teams.get((Role.SOCIAL_WORKER, post.team_id)) if post.team_id else None
    if role in SCHOOL_STAFF:
        return links.schools.get(post.school_id) if post.school_id else None
    if role == Role.IG:
        return links.matter
    if role in PARTNERS:
        return links.cases.get((post.account_id, role))
    if role not in BY_ALLOCATION:
        return None
    own = links.allocated.get((post.account_id, role))
    if own is None and role == Role.VS_OFFICER and post.team_id:
        return teams.get((role, post.team_id))
    return own


# What a change would open


# More names than these are counted.
NAMED_AT_MOST = 10


def who_gains(before: Sequence[Reader], after: Sequence[Reader]) -> list[str]:
    """In sentences, for how many people a change opens which sections. Empty: for nobody."""
    gained: dict[Section, dict[int, str]] = {}
    for section in Section:
        had = {reader.account for reader in before if reader.reads(section)}
        new = {reader.account: reader.name for reader in after if reader.reads(section)}
        gained[section] = {account: name for account, name in new.items() if account not in had}
    return gains_in_words({section.title: people for section, people in gained.items()})


def gains_in_words(gained: Mapping[str, Mapping[int, str]]) -> list[str]:
    """For how many people which parts open, with their names: one sentence for those who gain the same parts.

    `gained` is by part: its words, and the people by account.
    """
    by_people: dict[frozenset[int], list[str]] = {}
    names = {account: name for people in gained.values() for account, name in people.items()}
    for words, people in gained.items():
        if people:
            by_people.setdefault(frozenset(people), []).append(lower_first(words))
    return [
        f"{count_of(len(people), 'more person', 'more people')} will see {listed(parts)}: "
        f"{listed(_some(sorted(names[each] for each in people)))}."
        for people, parts in by_people.items()
    ]


def _some(names: list[str]) -> list[str]:
    more = len(names) - NAMED_AT_MOST
    return names if more <= 0 else [*names[:NAMED_AT_MOST], count_of(more, "other", "others")]


def gained_by_allocation(child: Child, account: Account, role: str, *, start: date, today: date) -> list[str]:
    """Whom an allocation lets in, from its first day on."""
    day = max(start, today)
    before = links_of(child, day)
    after = links_of(child, day)
    after.allocated.setdefault((account.pk, role), start)
    return who_gains(readers(child, day, before), readers(child, day, after))


def gained_by_place(child: Child, school: School, *, start: date, today: date) -> list[str]:
    """Whom a place at a school lets in, from its first day on."""
    day = max(start, today)
    before, after = links_of(child, day), links_of(child, day)
    if child.held_as == Child.HeldAs.OWN:
        after.schools.setdefault(school.pk, start)
    return who_gains(readers(child, day, before), readers(child, day, after))


def gained_by_case(child: Child, account: Account, service: str, *, start: date, today: date) -> list[str]:
    """Whom a case of a partner service lets in, from its first day on."""
    day = max(start, today)
    before, after = links_of(child, day), links_of(child, day)
    after.cases.setdefault((account.pk, service), start)
    return who_gains(readers(child, day, before), readers(child, day, after))


def gained_by_agreement(
    child: Child, *, school: School | None, account: Account | None, start: date, today: date
) -> list[str]:
    """Who goes on by a young adult's word, from its first day on."""
    day = max(start, today)
    before, after = links_of(child, day), links_of(child, day)
    if school is not None:
        after.agreed_schools.add(school.pk)
    if account is not None:
        after.agreed_people.add(account.pk)
    return who_gains(readers(child, day, before), readers(child, day, after))


# What a change would close


def who_loses(child: Child, ending: Sequence[Allocation], actor: Actor, *, until: datetime | None = None) -> list[str]:
    """In a sentence, who can see the child no more once these allocations have ended. Who may not be told the names of
    carers is told how many they are. `until` is the moment at which the home ended."""
    if not ending:
        return []
    visible = Allocation.of(child, actor).filter(pk__in=[row.pk for row in ending])
    known = set(visible.values_list("pk", flat=True))
    people = [f"{row.account.name}, {lower_first(row.get_role_display())}," for row in ending if row.pk in known]
    kept = len(ending) - len(known)
    people += [count_of(kept, "person at the home", "people at the home")] if kept else []
    later = until is not None and actor.at is not None and until > actor.at
    when = f"from {localtime(until):%H:%M} on {day(localtime(until).date())}" if later else "as soon as you save this"
    return [f"{start_of_sentence(listed(people))} can no longer see {called(child)} {when}."]
