"""Who can see a child: every person whom a link lets in today, by section, and since when (ACC-6).

The rules of `visibility` ask which children a person reaches; here the same links are read the other way round, for one
child and everybody at once. A test holds the two together.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from onroll.access.models import Account
from onroll.access.roles import MAY_GO_ON, PARTNERS, REST_ON_CARE, SCHOOL_STAFF, Role
from onroll.access.sections import Section, cell
from onroll.design.words import count_of, listed, lower_first
from onroll.people.models import Cover, Post
from onroll.people.posts import actor_for
from onroll.schools.models import School

from .guard_models import MustNotSee
from .models import Allocation, CareEpisode, Child, CoverChild, Matter, SchoolPlace, ServiceCase, YoungAdultAgreement
from .records import holds_on
from .visibility import ADULT, CASE_DAYS, earliest_end, years_before

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


def links_of(child: Child, day: date) -> Links:
    """The links that count on the day. Six queries."""
    links = Links(in_care=CareEpisode.unscoped.filter(holds_on(day), child=child).exists())
    matters = Matter.unscoped.filter(holds_on(day), child=child).order_by("start")
    links.matter = matters.values_list("start", flat=True).first()
    for link in Allocation.unscoped.filter(holds_on(day), child=child):
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
    return Reader(post.account_id, post.account.name, post.role, max(since, post.start), by, cells)


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
        actor = actor_for(post, today=day)
        only = cover.only_sections
        cells = {s.value: cell(actor, s) if only is None or s.value in only else "" for s in Section}
        by = f"stands in for {post.account.name}"
        yield Reader(account.pk, account.name, post.role, cover.start, by, cells)


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
    elif role == Role.CARER and not links.in_care:
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


def who_gains(before: Sequence[Reader], after: Sequence[Reader]) -> list[str]:
    """In sentences, for how many people a change opens which sections. Empty: for nobody."""
    gained: dict[str, set[int]] = {}
    names: dict[int, str] = {}
    for section in Section:
        had = {reader.account for reader in before if reader.reads(section)}
        new = {reader.account for reader in after if reader.reads(section)} - had
        names |= {reader.account: reader.name for reader in after if reader.account in new}
        if new:
            gained[section.value] = new
    if not gained:
        return []
    by_people: dict[frozenset[int], list[str]] = {}
    for letter, people in gained.items():
        by_people.setdefault(frozenset(people), []).append(lower_first(Section(letter).title))
    return [
        f"{count_of(len(people), 'more person', 'more people')} will see {listed(titles)}: "
        f"{listed(sorted(names[each] for each in people))}."
        for people, titles in by_people.items()
    ]


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
