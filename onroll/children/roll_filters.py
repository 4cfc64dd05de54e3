"""What a list of children can be narrowed by, and the ready-made views."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.db.models import Count, Exists, OuterRef, Q
from django.http import QueryDict

from onroll.access.actors import Actor
from onroll.access.can import Can, can
from onroll.access.models import Account
from onroll.access.roles import Role
from onroll.access.sections import Section, may_read
from onroll.codes import SEN_PROVISION
from onroll.codes.year_groups import LAST_YEAR, Phase, SchoolYear, born_between
from onroll.design.dates import read_day
from onroll.design.forms import FilterForm

from .disclosure import area_as_marked, may_list_homes
from .models import Allocation, CareEpisode, Child, SchoolPlace, SENProvision, Status
from .queries import SHORT_BREAKS, awaiting_a_real_end, on_the_roll, only_short_breaks_on
from .records import holds_on
from .roll_columns import nothing_this_term
from .searching import matching
from .visibility import known_on

KINDS = {
    "looked_after": "Looked after",
    "short_breaks": "Short breaks only",
    "previously": "Previously looked after",
    "care_leaver": "Care leaver",
    "social_worker": "Has a social worker or kinship care",
    "other_authority": "Another authority’s child",
    "awaiting_end": "End of care to settle",
    "everyone": "Everyone held",
}
_PREVIOUSLY = (Status.Kind.ADOPTED, Status.Kind.SGO, Status.Kind.CAO)
_WITH_A_SOCIAL_WORKER = (Status.Kind.CHILD_IN_NEED, Status.Kind.CHILD_PROTECTION, Status.Kind.KINSHIP)
LEARN = {"in": "In the authority", "out": "In another authority", "none": "No school place"}
LIVE = {"in": "In the authority", "out": "Out of the authority", "not_known": "Not known"}
NO_SEN = "none"
EARLIEST = date(1990, 1, 1)


class RollFilterForm(FilterForm):
    """The panel beside the list. Its free words are sent by POST and never stand in an address."""

    words = forms.CharField(
        label="Name, number or school", max_length=100, widget=forms.TextInput(attrs={"spellcheck": "false"})
    )
    phase = forms.ChoiceField(label="Phase", choices=[("", "Any"), *((p.value, p.label) for p in Phase)])
    year = forms.ChoiceField(
        label="Year group",
        choices=[("", "Any"), *((str(n), SchoolYear(n).label) for n in range(-2, LAST_YEAR + 1))],
    )
    learn = forms.ChoiceField(label="Where they learn", choices=[("", "Any"), *LEARN.items()])
    live = forms.ChoiceField(label="Where they live", choices=[("", "Any"), *LIVE.items()])
    sen = forms.ChoiceField(
        label="SEN", choices=[("", "Any"), (NO_SEN, "None recorded"), *((c.code, c.label) for c in SEN_PROVISION)]
    )
    worker = forms.ChoiceField(label="Social worker")
    officer = forms.ChoiceField(label="Virtual school officer")
    kind = forms.ChoiceField(label="Who is on the list", choices=list(KINDS.items()))

    def __init__(self, *args: Any, actor: Actor, people: Iterable[tuple[str, str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = list(people)
        for name, role in (("worker", Role.SOCIAL_WORKER), ("officer", Role.VS_OFFICER)):
            choices = [(key, words) for kind, key, words in people if kind == role]
            self.fields[name].choices = [("", "Anyone"), *choices]  # type: ignore[attr-defined]
        readable = {
            "learn": Section.SCHOOL,
            "live": Section.PLACEMENT,
            "sen": Section.SEN,
            "worker": Section.PROFESSIONALS,
            "officer": Section.PROFESSIONALS,
            "kind": Section.OTHER_STATUS,
        }
        for name, section in readable.items():
            if not _may_narrow(actor, section):
                del self.fields[name]


@dataclass(frozen=True)
class Choice:
    """What is asked of the list: the day, the narrowing, the order, the columns. Made from an address."""

    as_at: date
    narrowed: dict[str, str] = field(default_factory=dict)
    view: str = ""
    words: str = ""
    sort: str = "name"
    columns: tuple[str, ...] = ()
    size: int = 50
    # What is wrong with the day that was typed, and what was typed.
    wrong_day: str = ""
    typed_day: str = ""

    @classmethod
    def from_address(cls, query: QueryDict, *, today: date, words: str) -> "Choice":
        """The choice an address makes. What it does not understand is left out; a wrong day is today, and said."""
        typed = query.get("as-at", "").strip()
        as_at, wrong = today, ""
        if typed:
            found = read_day(typed)
            if found is None:
                wrong = f"“{typed[:20]}” is not a day. Enter it like 18/12/2026"
            elif found < EARLIEST:
                wrong = f"Nothing is held of days before {EARLIEST.year}"
            elif found > today:
                wrong = "The day is in the future. The roll can be asked for today or a day before"
            else:
                as_at = found
        narrowed = {name: str(query[name]).replace("\x00", " ") for name in NARROWING if query.get(name)}
        return cls(
            as_at=as_at,
            wrong_day=wrong,
            typed_day=typed if wrong else "",
            narrowed=narrowed,
            view=query.get("view", "") if query.get("view", "") in VIEWS else "",
            words=words,
            sort=query.get("sort", "name"),
            columns=tuple(query.getlist("column")),
            size=100 if query.get("size") == "100" else 50,
        )

    def address(self, today: date, *, key: str = "", **changes: Any) -> str:
        """The query part of this choice's address, with changes: fixed choices only, never the words."""
        chosen = replace(self, **changes)
        parts: list[tuple[str, str]] = [("view", chosen.view)] if chosen.view else []
        parts += sorted(chosen.narrowed.items())
        if chosen.as_at != today:
            parts.append(("as-at", chosen.as_at.isoformat()))
        if chosen.sort != "name":
            parts.append(("sort", chosen.sort))
        parts += [("column", column) for column in chosen.columns]
        if chosen.size != 50:
            parts.append(("size", str(chosen.size)))
        if key and chosen.words:
            parts.append(("found", key))
        return f"?{urlencode(parts)}" if parts else "?"


def _kind(kind: str, actor: Actor, day: date) -> Q:
    def with_status(*kinds: str) -> Q:
        return Q(Exists(Status.unscoped.filter(holds_on(day), child=OuterRef("pk"), kind__in=kinds)))

    match kind:
        case "short_breaks":
            return only_short_breaks_on(day)
        case "previously":
            return with_status(*_PREVIOUSLY)
        case "care_leaver":
            return with_status(Status.Kind.CARE_LEAVER)
        case "social_worker":
            return with_status(*_WITH_A_SOCIAL_WORKER)
        case "other_authority":
            return Q(held_as=Child.HeldAs.OTHER_AUTHORITY)
        case "awaiting_end":
            return awaiting_a_real_end(day)
        case "everyone":
            return Q()
    return on_the_roll(day)


def _born(first: int, last: int, day: date) -> Q:
    """Children in the years `first` to `last` on a day."""
    return Q(birth_date__gte=born_between(SchoolYear(last), on=day)[0]) & Q(
        birth_date__lte=born_between(SchoolYear(first), on=day)[1]
    )


def _phase(phase: str, actor: Actor, day: date) -> Q:
    match phase:
        case Phase.EARLY_YEARS:
            return Q(birth_date__gt=born_between(SchoolYear(0), on=day)[1])
        case Phase.POST_16:
            return _born(12, LAST_YEAR, day)
    return _born(0, 11, day)


_YEARS = {str(number) for number in range(-2, LAST_YEAR + 1)}


def _year(year: str, actor: Actor, day: date) -> Q:
    if year not in _YEARS:
        return Q(pk__in=())
    return _born(int(year), int(year), day)


def _learn(where: str, actor: Actor, day: date) -> Q:
    every = SchoolPlace.unscoped.filter(
        SchoolPlace.of_own_school(actor), holds_on(day), child=OuterRef("pk"), kind=SchoolPlace.Kind.MAIN
    )
    if where == "none":
        # A child whose school is kept from the reader has one all the same.
        return ~Q(Exists(every))
    places = every.filter(SchoolPlace.limited_to(actor))
    inside = Q(school__la_code=actor.authority_code)
    return Q(Exists(places.filter(inside if where == "in" else ~inside & ~Q(school__la_code=""))))


def _live(where: str, actor: Actor, day: date) -> Q:
    episodes = CareEpisode.unscoped.filter(holds_on(day), child=OuterRef("pk"))
    return Q(Exists(episodes.annotate(shown=area_as_marked(actor)).filter(shown=where)))


def _sen(code: str, actor: Actor, day: date) -> Q:
    spells = SENProvision.unscoped.filter(holds_on(day), child=OuterRef("pk"))
    return ~Q(Exists(spells)) if code == NO_SEN else Q(Exists(spells.filter(value=code)))


def _person(role: str) -> Any:
    def narrow(key: str, actor: Actor, day: date) -> Q:
        allocations = Allocation.unscoped.filter(holds_on(day), child=OuterRef("pk"), role=role)
        try:
            return Q(Exists(allocations.filter(account__public_id=key)))
        except (ValueError, TypeError, forms.ValidationError):
            return Q(pk__in=())

    return narrow


_RULES: dict[str, tuple[Section, Any]] = {
    "phase": (Section.BASICS, _phase),
    "year": (Section.BASICS, _year),
    "learn": (Section.SCHOOL, _learn),
    "live": (Section.PLACEMENT, _live),
    "sen": (Section.SEN, _sen),
    "worker": (Section.PROFESSIONALS, _person(Role.SOCIAL_WORKER)),
    "officer": (Section.PROFESSIONALS, _person(Role.VS_OFFICER)),
}
NARROWING = [*_RULES, "kind"]


def _may_narrow(actor: Actor, section: Section) -> bool:
    """Whether the role reads the section, and so may narrow a list by it."""
    return may_list_homes(actor) if section is Section.PLACEMENT else may_read(actor, section)


def narrowed(actor: Actor, choice: Choice) -> Any:
    """The children of the actor's reach who fit the choice. What the role may not read can't narrow."""
    found = known_on(actor, choice.as_at)
    kind = choice.narrowed.get("kind", "")
    found = found.filter(_kind(kind if may_read(actor, Section.OTHER_STATUS) else "", actor, choice.as_at))
    for name, (section, rule) in _RULES.items():
        value = choice.narrowed.get(name)
        if value and _may_narrow(actor, section):
            found = found.filter(rule(value, actor, choice.as_at))
    if choice.view and VIEWS[choice.view].is_for(actor):
        found = found.filter(VIEWS[choice.view].rule(actor, choice.as_at))
    return found.filter(matching(actor, choice.words)) if choice.words else found


@dataclass(frozen=True)
class View:
    """A ready-made view of the roll: its words, its rule, and the section it tells about.

    What is not `counted` has a page of its own that leads to it, and no place above the list.
    """

    words: str
    section: Section
    rule: Any
    counted: bool = True
    requires: Can | None = None

    def is_for(self, actor: Actor) -> bool:
        """Whether the actor may narrow a list by it."""
        return _may_narrow(actor, self.section) and (self.requires is None or can(actor, self.requires))


def _mine(actor: Actor, day: date) -> Q:
    return Q(Exists(Allocation.unscoped.filter(holds_on(day), child=OuterRef("pk"), account_id=actor.holder)))


def _new(actor: Actor, day: date) -> Q:
    starts = CareEpisode.unscoped.filter(
        child=OuterRef("pk"), reason_new="S", start__gt=day - timedelta(days=31), start__lte=day
    )
    return Q(Exists(starts.exclude(legal_status__in=SHORT_BREAKS)))


VIEWS: dict[str, View] = {
    "mine": View("My children", Section.PROFESSIONALS, _mine),
    "year-11": View("Year 11", Section.BASICS, lambda actor, day: _born(11, 11, day)),
    "live-out": View("Living out of the authority", Section.PLACEMENT, lambda actor, day: _live("out", actor, day)),
    "no-place": View(
        "No school place", Section.SCHOOL, lambda actor, day: _learn("none", actor, day) & _born(0, 11, day)
    ),
    "new": View("New this month", Section.CARE, _new),
    "nothing": View("Nothing this term", Section.ATTENDANCE, nothing_this_term),
}


def views_for(actor: Actor) -> dict[str, View]:
    """The views the actor's role may have. “Mine” is for those who are allocated to some of those they see."""
    return {
        key: view
        for key, view in VIEWS.items()
        if view.counted and view.is_for(actor) and (key != "mine" or actor.role == Role.VS_OFFICER)
    }


def counts(actor: Actor, day: date) -> dict[str, int]:
    """How many children of the roll stand in each view on a day; "" is everyone. One query."""
    views = views_for(actor)
    wanted = {
        key.replace("-", "_"): Count("pk", filter=view.rule(actor, day), distinct=False) for key, view in views.items()
    }
    base = known_on(actor, day).filter(on_the_roll(day))
    found = base.aggregate(everyone=Count("pk"), **wanted)
    return {"": found["everyone"], **{key: found[key.replace("-", "_")] for key in views}}


def people_round(actor: Actor, day: date) -> list[tuple[str, str, str]]:
    """The social workers and officers with a child in the actor's reach that day: role, id, name. One query."""
    if not may_read(actor, Section.PROFESSIONALS):
        return []
    accounts = (
        Account.objects.filter(
            pk__in=Allocation.visible_to(actor)
            .filter(holds_on(day), role__in=[Role.SOCIAL_WORKER, Role.VS_OFFICER])
            .values("account_id")
        )
        .order_by("family_name", "given_name")
        .values_list("posts__role", "public_id", "given_name", "family_name")
        .distinct()
    )
    return [(role or "", str(key), f"{given} {family}") for role, key, given, family in accounts]


def what_to_take_off(actor: Actor, choice: Choice) -> list[tuple[str, str, int]]:
    """For an empty list: each narrowing whose removal brings children back: its name, its words, how many."""
    found = []
    for name, value in choice.narrowed.items():
        rest = {key: held for key, held in choice.narrowed.items() if key != name}
        count = narrowed(actor, replace(choice, narrowed=rest)).count()
        if count:
            found.append((name, value, count))
    return found
