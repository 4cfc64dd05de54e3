"""What figures are counted from: the spells of an authority's children, each table read once, for every day alike.

For the system: no person's reach is applied here (`cohorts` applies it). Times are spells `[start, end)`, so one
reading serves any day and any number of measures.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import date
from functools import cached_property
from typing import Any, NamedTuple, TypeVar

from onroll.access.actors import Actor
from onroll.access.models import Account
from onroll.access.roles import Role
from onroll.authorities.calendar import Calendar
from onroll.authorities.models import Authority, Team
from onroll.children.disclosure import HOME, SCHOOL, kept_by_mark
from onroll.children.models import (
    Allocation,
    CareEpisode,
    Characteristics,
    CharacteristicSpell,
    Child,
    CoverChild,
    EHCPlan,
    Identifiers,
    MustNotSee,
    PlacementAddress,
    RollNotice,
    SchoolPlace,
    SDQScore,
    SENProvision,
    SettingTold,
)
from onroll.children.records import holds_on
from onroll.people.models import Post
from onroll.schools.models import Inspection, School

from .days import Day


class Born(NamedTuple):
    """A child as far as figures need one."""

    birth_date: date
    own: bool


class Episode(NamedTuple):
    """An episode of care with the kind of home and where it lies: "in", "out" or "not_known"."""

    pk: int
    start: date
    end: date | None
    legal_status: str
    reason_new: str
    placement_type: str
    area: str

    @property
    def placement(self) -> "Episode":
        """An episode as `children.queries` reads one has its placement beside it."""
        return self


class Place(NamedTuple):
    """A place at a school, or the wait for one."""

    start: date
    end: date | None
    kind: str
    school: int | None
    leaving_reason: str
    why_this_school: str
    confirmed_on: date | None
    follows_closure: bool


class Setting(NamedTuple):
    """A school as figures need one. `la_code` is the authority it lies in."""

    setting_id: str
    name: str
    phase: str
    la_code: str


class Characteristic(NamedTuple):
    """What the child is, as the statistics ask. Empty or None is not known."""

    sex: str
    ethnicity: str
    religion: str
    disability: bool | None


class Spell(NamedTuple):
    """A value with dates."""

    start: date
    end: date | None
    value: str


class Held(NamedTuple):
    """An allocation, or a post: whose, and since when."""

    start: date
    end: date | None
    account: int
    role: str
    team: int | None = None


class Told(NamedTuple):
    """That a setting was told of needs: which, and when."""

    on: date
    school: int
    about: frozenset[str]


class Notice(NamedTuple):
    """That somebody of a school was told that the child is on its roll: when, and who."""

    on: date
    school: int
    to: str


class Score(NamedTuple):
    """An SDQ score from a day on. None where there is only a reason for having none."""

    start: date
    end: date | None
    score: int | None


Part = TypeVar("Part")
S = TypeVar("S", Episode, Place, Spell, Held, Score)


def holding(spells: Iterable[S], day: date) -> list[S]:
    """Those of the spells that hold on this day, in their order."""
    return [spell for spell in spells if spell.start <= day and (spell.end is None or spell.end > day)]


class Facts:
    """The facts of one authority. Each table is read when the first measure asks for it."""

    def __init__(self, authority: int) -> None:
        self.authority = authority
        self._days: dict[date, Day] = {}
        self._of_parts: dict[Any, Any] = {}

    def of_part(self, read: Callable[["Facts"], Part]) -> Part:
        """What a part above this one counts from: made when its first measure asks, and kept as these facts are."""
        if read not in self._of_parts:
            self._of_parts[read] = read(self)
        return self._of_parts[read]

    def on(self, day: date) -> Day:
        """What they say of each child on a day."""
        if day not in self._days:
            self._days[day] = Day(self, day)
        return self._days[day]

    @cached_property
    def calendar(self) -> Calendar:
        return Calendar.of(self.authority)

    @cached_property
    def settings(self) -> Authority:
        """The authority and how it is set."""
        return Authority.objects.get(pk=self.authority)

    @property
    def authority_code(self) -> str:
        return self.settings.code

    @cached_property
    def children(self) -> dict[int, Born]:
        """Every child of the authority that was not merged into another."""
        rows = Child.unscoped.filter(authority_id=self.authority, merged_into__isnull=True)
        found = rows.order_by("pk").values_list("pk", "birth_date", "held_as")
        return {child: Born(born, held == Child.HeldAs.OWN) for child, born, held in found.iterator()}

    @cached_property
    def episodes(self) -> dict[int, list[Episode]]:
        """By child, oldest first."""
        rows = self._of(CareEpisode).values_list(
            "child_id", "pk", "start", "end", "legal_status", "reason_new", "placement__placement_type",
            "placement__area",
        )  # fmt: skip
        found: dict[int, list[Episode]] = defaultdict(list)
        for child, pk, start, end, status, reason, kind, area in rows.iterator():
            found[child].append(Episode(pk, start, end, status, reason, kind or "", area or "not_known"))
        return found

    @cached_property
    def places(self) -> dict[int, list[Place]]:
        """By child, oldest first."""
        rows = self._of(SchoolPlace).values_list(
            "child_id", "start", "end", "kind", "school_id", "leaving_reason", "why_this_school", "confirmed_on",
            "follows_closure",
        )  # fmt: skip
        found: dict[int, list[Place]] = defaultdict(list)
        for child, *place in rows.iterator():
            found[child].append(Place(*place))
        return found

    @cached_property
    def schools(self) -> dict[int, Setting]:
        """The schools at which a child of the authority has or had a place."""
        attended = SchoolPlace.unscoped.filter(authority_id=self.authority).values("school_id")
        rows = School.objects.filter(pk__in=attended).values_list("pk", "setting_id", "name", "phase", "la_code")
        return {pk: Setting(*rest) for pk, *rest in rows.iterator()}

    @cached_property
    def inspections(self) -> dict[int, list[tuple[date, int]]]:
        """The inspections of those schools that gave an overall grade, oldest first: the day, and 1 to 4."""
        attended = SchoolPlace.unscoped.filter(authority_id=self.authority).values("school_id")
        rows = Inspection.objects.filter(school_id__in=attended).order_by("inspected_on", "pk")
        found: dict[int, list[tuple[date, int]]] = defaultdict(list)
        for school, on, overall in rows.values_list("school_id", "inspected_on", "overall").iterator():
            if overall is not None:
                found[school].append((on, overall))
        return found

    @cached_property
    def characteristics(self) -> dict[int, Characteristic]:
        rows = Characteristics.unscoped.filter(authority_id=self.authority)
        fields = ("sex", "ethnicity", "religion", "disability")
        return {child: Characteristic(*rest) for child, *rest in rows.values_list("child_id", *fields).iterator()}

    @cached_property
    def disabilities(self) -> dict[int, list[Spell]]:
        return self._spells(CharacteristicSpell, kind=CharacteristicSpell.Kind.DISABILITY)

    @cached_property
    def sen(self) -> dict[int, list[Spell]]:
        """The SEN provision of each child: the code set's letters."""
        return self._spells(SENProvision)

    @cached_property
    def ehc_plans(self) -> dict[int, list[Spell]]:
        return self._spells(EHCPlan, value="")

    @cached_property
    def sdq_scores(self) -> dict[int, list[Score]]:
        """By child, oldest first."""
        found: dict[int, list[Score]] = defaultdict(list)
        for child, *score in self._of(SDQScore).values_list("child_id", "start", "end", "score").iterator():
            found[child].append(Score(*score))
        return found

    @cached_property
    def told(self) -> dict[int, list[Told]]:
        """Of what each child's settings were told."""
        rows = SettingTold.unscoped.filter(authority_id=self.authority)
        found: dict[int, list[Told]] = defaultdict(list)
        for child, on, school, about in rows.values_list("child_id", "told_on", "school_id", "about").iterator():
            found[child].append(Told(on, school, frozenset(about.split(","))))
        return found

    @cached_property
    def roll_notices(self) -> dict[int, list[Notice]]:
        """What each child's schools were told of the child being on their roll, oldest first."""
        rows = RollNotice.unscoped.filter(authority_id=self.authority).order_by("told_on", "pk")
        found: dict[int, list[Notice]] = defaultdict(list)
        for child, on, school, to in rows.values_list("child_id", "told_on", "school_id", "to").iterator():
            found[child].append(Notice(on, school, to))
        return found

    @cached_property
    def allocations(self) -> dict[int, list[Held]]:
        """Who works with each child, oldest first."""
        found: dict[int, list[Held]] = defaultdict(list)
        rows = self._of(Allocation).values_list("child_id", "start", "end", "account_id", "role")
        for child, start, end, account, role in rows.iterator():
            found[child].append(Held(start, end, account, role))
        return found

    @cached_property
    def posts(self) -> dict[int, list[Held]]:
        """The posts in a team that each account holds or held."""
        found: dict[int, list[Held]] = defaultdict(list)
        rows = Post.objects.filter(authority_id=self.authority, team__isnull=False).order_by("start", "pk")
        for account, start, end, role, team in rows.values_list("account_id", "start", "end", "role", "team_id"):
            found[account].append(Held(start, end, account, role, team))
        return found

    @cached_property
    def teams(self) -> dict[int, tuple[str, str]]:
        """The public id and the name of each team."""
        rows = Team.objects.filter(authority_id=self.authority).values_list("pk", "public_id", "name")
        return {pk: (str(public_id), name) for pk, public_id, name in rows}

    @cached_property
    def officers(self) -> dict[int, tuple[str, str]]:
        """The public id and the name of each officer of the virtual school who has or had a child allocated."""
        theirs = Allocation.unscoped.filter(authority_id=self.authority, role=Role.VS_OFFICER).values("account_id")
        rows = Account.objects.filter(pk__in=theirs).values_list("pk", "public_id", "given_name", "family_name")
        return {pk: (str(public_id), f"{given} {family}") for pk, public_id, given, family in rows}

    @cached_property
    def numbers(self) -> dict[int, str]:
        """The authority's own number of each child."""
        return dict(Identifiers.unscoped.filter(authority_id=self.authority).values_list("child_id", "child_number"))

    def apart_from(self, actor: Actor) -> frozenset[int]:
        """The children who must not be seen by this person."""
        pairs = MustNotSee.unscoped.filter(holds_on(actor.today), account_id__in=actor.people)
        return frozenset(pairs.filter(authority_id=self.authority).values_list("child_id", flat=True))

    def marked_for(self, actor: Actor) -> frozenset[int]:
        """The children of whom a mark keeps from this person where they live or learn, or did."""
        homes = PlacementAddress.unscoped.filter(kept_by_mark(actor, HOME), authority_id=self.authority)
        schools = SchoolPlace.unscoped.filter(kept_by_mark(actor, SCHOOL), authority_id=self.authority)
        return frozenset(homes.values_list("child_id", flat=True)) | frozenset(
            schools.values_list("child_id", flat=True)
        )

    def named_in_cover(self, cover: int) -> frozenset[int]:
        """The children to whom a cover is limited."""
        return frozenset(CoverChild.unscoped.filter(cover=cover).values_list("child_id", flat=True))

    def team_of(self, account: int, role: str, day: date) -> int | None:
        """The team in which this account holds a post of this role on a day."""
        teams = [post.team for post in holding(self.posts.get(account, []), day) if post.role == role]
        return teams[-1] if teams else None

    def worker_of(self, child: int, role: Role, day: date) -> int | None:
        """The account allocated to the child in this role on a day: the newest, where there are several."""
        theirs = [held.account for held in holding(self.allocations.get(child, []), day) if held.role == role]
        return theirs[-1] if theirs else None

    def grade_of(self, school: int, day: date) -> int | None:
        """The judgement in force on a day: of the latest inspection by then that gave an overall grade. None: none."""
        grades = [grade for on, grade in self.inspections.get(school, []) if on <= day]
        return grades[-1] if grades else None

    def _of(self, model: Any) -> Any:
        return model.unscoped.filter(authority_id=self.authority).order_by("start", "pk")

    def _spells(self, model: Any, *, value: str = "value", **only: Any) -> dict[int, list[Spell]]:
        found: dict[int, list[Spell]] = defaultdict(list)
        fields = ["child_id", "start", "end", *([value] if value else [])]
        for child, start, end, *rest in self._of(model).filter(**only).values_list(*fields).iterator():
            found[child].append(Spell(start, end, rest[0] if rest else ""))
        return found
