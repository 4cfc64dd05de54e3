"""The columns a list of children can have. Each belongs to a section: who may not read it has no such column.

Later parts add their own (`register_column`), such as the latest attendance held.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import CharField, Exists, F, Min, OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce, Concat
from django.urls import reverse

from onroll.access.actors import Actor
from onroll.access.can import Can, can
from onroll.access.roles import Role
from onroll.access.sections import Section, has_summary, may_read
from onroll.codes import ETHNICITY, LEGAL_STATUS, PLACEMENT_TYPE, SEN_PROVISION, SEX
from onroll.codes.year_groups import age_on, year_group_of
from onroll.design import tables as design
from onroll.design.tables import Cell, Table, TickedRow
from onroll.design.words import day_short, length_of_time

from .disclosure import area_as_marked, may_list_homes
from .models import (
    Allocation,
    CareEpisode,
    Characteristics,
    Child,
    EpisodePlacement,
    Identifiers,
    SchoolPlace,
    SENProvision,
)
from .queries import SHORT_BREAKS
from .records import holds_on


@dataclass(frozen=True)
class Column:
    """A column: its key, its heading, the section it belongs to, and where its value comes from.

    `annotate` gives the database expressions it needs, under the names that `cell` reads from the row. `sort` is the
    expression to order by. `summary_will_do` shows it also to a role that has the section's summary. What no
    expression says is given by `look_up`: a cell for each of these children, all at once; what it works out for
    several columns it keeps in the dict that it is given. Without the act `requires` there is no such column. One that
    is `apart` leaves to those recipients alone that name it.
    """

    key: str
    heading: str
    section: Section
    cell: Callable[[Any, date], Cell] = lambda row, day: Cell("–")
    annotate: Callable[[Actor, date], dict[str, Any]] = lambda actor, day: {}
    look_up: Callable[[Actor, Sequence[int], date, dict[str, Any]], dict[int, Cell]] | None = None
    requires: Can | None = None
    apart: bool = False
    sort: str = ""
    numeric: bool = False
    summary_will_do: bool = False

    def is_for(self, actor: Actor) -> bool:
        """Whether the actor's role may see this column at all."""
        if self.requires is not None and not can(actor, self.requires):
            return False
        if self.section is Section.PLACEMENT and not may_list_homes(actor):
            return False
        if self.summary_will_do:
            return has_summary(actor, self.section)
        return may_read(actor, self.section)


COLUMNS: dict[str, Column] = {}
USUAL = ["year", "school", "since", "sen", "social_worker"]


def register_column(column: Column) -> None:
    """Add a column that lists of children can have."""
    COLUMNS[column.key] = column


def columns_for(actor: Actor, keys: list[str]) -> list[Column]:
    """The chosen columns that the actor may see, in the order of the register; the usual ones where none is chosen."""
    wanted = set(keys) or set(USUAL)
    return [column for column in COLUMNS.values() if column.key in wanted and column.is_for(actor)]


def _nothing(actor: Actor, day: date) -> dict[str, Any]:
    return {}


def _year(row: Any, day: date) -> Cell:
    year = year_group_of(row.birth_date, on=day)
    if year.code:
        return Cell(year.code)
    return Cell(f"Age {age_on(row.birth_date, on=day)}")


def main_place(actor: Actor, day: date) -> Any:
    """The main place of the child of an outer query on a day, as far as the actor reads places."""
    return SchoolPlace.unscoped.filter(
        SchoolPlace.limited_to(actor), holds_on(day), child=OuterRef("pk"), kind=SchoolPlace.Kind.MAIN
    ).order_by("-start")[:1]


def _school(actor: Actor, day: date) -> dict[str, Any]:
    place = main_place(actor, day)
    return {
        "school_name": Subquery(place.values("school__name")),
        "school_town": Subquery(place.values("school__town")),
        "school_la": Subquery(place.values("school__la_code")),
        "authority_code": F("authority__code"),
        "had_a_place": Exists(_every_place(actor)),
        "has_a_place": Exists(_every_place(actor).filter(holds_on(day), kind=SchoolPlace.Kind.MAIN)),
    }


def _every_place(actor: Actor) -> Any:
    """The places of the child of an outer query, also those that a mark keeps from the reader."""
    return SchoolPlace.unscoped.filter(SchoolPlace.of_own_school(actor), child=OuterRef("pk"))


def _school_cell(row: Any, day: date) -> Cell:
    if not row.school_name:
        # Of a child whose school the reader may not know it is not said that there is none.
        return Cell("No school place" if row.had_a_place and not row.has_a_place else "None recorded")
    elsewhere = row.school_la and row.school_la != row.authority_code
    return Cell(row.school_name, sub=row.school_town if elsewhere else "")


def care_since(day: date) -> Any:
    """When the present period of care began: the latest start of care by then, else the first episode."""
    episodes = CareEpisode.unscoped.filter(child=OuterRef("pk"), start__lte=day).exclude(legal_status__in=SHORT_BREAKS)
    starts = episodes.filter(reason_new="S").order_by("-start").values("start")[:1]
    first = episodes.order_by().values("child").annotate(first=Min("start")).values("first")
    return Coalesce(Subquery(starts), Subquery(first))


def open_episode(day: date) -> Any:
    """The open episode of the child of an outer query on a day, short breaks apart."""
    episodes = CareEpisode.unscoped.filter(holds_on(day), child=OuterRef("pk")).exclude(legal_status__in=SHORT_BREAKS)
    return episodes.order_by("-start", "-id")[:1]


def _worker(role: str, name: str) -> Callable[[Actor, date], dict[str, Any]]:
    def annotate(actor: Actor, day: date) -> dict[str, Any]:
        theirs = Allocation.unscoped.filter(holds_on(day), child=OuterRef("pk"), role=role).order_by("-start", "-id")
        full_name = Concat("account__given_name", Value(" "), "account__family_name")
        return {name: Subquery(theirs.values(full=full_name)[:1], output_field=CharField())}

    return annotate


def _home(actor: Actor, day: date) -> dict[str, Any]:
    episode = open_episode(day)
    return {
        "home_kind": Subquery(episode.values("placement__placement_type")),
        "home_area": Subquery(episode.annotate(shown=area_as_marked(actor)).values("shown"), output_field=CharField()),
    }


def _one_to_one(model: Any, field: str, name: str) -> Callable[[Actor, date], dict[str, Any]]:
    def annotate(actor: Actor, day: date) -> dict[str, Any]:
        return {name: Subquery(model.unscoped.filter(child=OuterRef("pk")).values(field)[:1])}

    return annotate


def _sen(actor: Actor, day: date) -> dict[str, Any]:
    spells = SENProvision.unscoped.filter(holds_on(day), child=OuterRef("pk")).order_by("-start", "-id")
    return {"sen_code": Subquery(spells.values("value")[:1])}


# The words of the code set are too long for a column that is read down.
_SEN_SHORT = {"N": "None", "K": "Support", "E": "EHC plan"}


def _sen_cell(row: Any, day: date) -> Cell:
    code = row.sen_code or ""
    return Cell(_SEN_SHORT.get(code) or _label(SEN_PROVISION, code))


@dataclass(frozen=True)
class Latest:
    """What a part holds of a child's work at school: its newest value in words, and whether there is one this term."""

    words: Callable[[Actor, date], Any]
    this_term: Callable[[Actor, date], Q]


# Filled at start by the parts that hold personal education plans, attendance and attainment.
LATEST: dict[str, Latest] = {}


def _latest(kind: str) -> Callable[[Actor, date], dict[str, Any]]:
    def annotate(actor: Actor, day: date) -> dict[str, Any]:
        return {f"latest_{kind}": LATEST[kind].words(actor, day)} if kind in LATEST else {}

    return annotate


def _latest_cell(kind: str) -> Callable[[Any, date], Cell]:
    return lambda row, day: Cell(getattr(row, f"latest_{kind}", None) or "None held")


def nothing_this_term(actor: Actor, day: date) -> Q:
    """Children of whom nothing is held this term, neither attendance nor attainment."""
    held = Q(pk__in=())
    for latest in LATEST.values():
        held |= latest.this_term(actor, day)
    return ~held


def _label(codes: Any, code: str | None) -> str:
    found = codes.get(code) if code else None
    return found.label if found else (code or "–")


_AREAS = dict(EpisodePlacement.Area.choices)

for _column in (
    Column("number", "Number", Section.NUMBERS, lambda r, d: Cell(r.number or "–"),
           _one_to_one(Identifiers, "child_number", "number"), sort="number"),
    Column("year", "Year", Section.BASICS, _year, _nothing, sort="-birth_date"),
    Column("school", "School", Section.SCHOOL, _school_cell, _school, sort="school_name"),
    Column("since", "In care", Section.CARE, lambda r, d: Cell(length_of_time(r.since, d, short=True) or "–"),
           lambda a, d: {"since": care_since(d)}, sort="since", numeric=True, summary_will_do=True),
    Column("legal_status", "Legal status", Section.CARE, lambda r, d: Cell(_label(LEGAL_STATUS, r.legal)),
           lambda a, d: {"legal": Subquery(open_episode(d).values("legal_status"))}, sort="legal"),
    Column("home", "Home", Section.PLACEMENT,
           lambda r, d: Cell(_label(PLACEMENT_TYPE, r.home_kind), sub=_AREAS.get(r.home_area or "", "")),
           _home, sort="home_kind"),
    Column("sen", "SEN", Section.SEN, _sen_cell, _sen, sort="sen_code"),
    Column("social_worker", "Social worker", Section.PROFESSIONALS, lambda r, d: Cell(r.worker or "–"),
           _worker(Role.SOCIAL_WORKER, "worker"), sort="worker"),
    Column("officer", "Virtual school officer", Section.PROFESSIONALS, lambda r, d: Cell(r.officer or "–"),
           _worker(Role.VS_OFFICER, "officer"), sort="officer"),
    Column("iro", "Reviewing officer", Section.PROFESSIONALS, lambda r, d: Cell(r.iro or "–"),
           _worker(Role.IRO, "iro"), sort="iro"),
    Column("born", "Born", Section.BASICS, lambda r, d: Cell(day_short(r.birth_date)), _nothing, sort="birth_date"),
    Column("sex", "Sex", Section.CHARACTERISTICS, lambda r, d: Cell(_label(SEX, r.sex_code)),
           _one_to_one(Characteristics, "sex", "sex_code"), sort="sex_code"),
    Column("ethnicity", "Ethnicity", Section.CHARACTERISTICS, lambda r, d: Cell(_label(ETHNICITY, r.ethnicity_code)),
           _one_to_one(Characteristics, "ethnicity", "ethnicity_code"), sort="ethnicity_code"),
    Column("upn", "UPN", Section.NUMBERS, lambda r, d: Cell(r.upn_held or "–"),
           _one_to_one(Identifiers, "upn", "upn_held"), sort="upn_held"),
    Column("pep", "Latest PEP", Section.PEP, _latest_cell("pep"), _latest("pep")),
    Column("attendance", "Latest attendance", Section.ATTENDANCE, _latest_cell("attendance"), _latest("attendance")),
    Column("attainment", "Latest attainment", Section.ATTAINMENT, _latest_cell("attainment"), _latest("attainment")),
):  # fmt: skip
    register_column(_column)


@dataclass(frozen=True)
class Row:
    """One child in a list, and a cell for each column."""

    child: Child
    cells: list[Cell]

    @property
    def name(self) -> Cell:
        """The child's name, leading to the record, with what they are called where that differs."""
        child = self.child
        known_as = f"({child.known_as})" if child.known_as and child.known_as != child.given_name else ""
        return Cell(child.sorted_name, href=reverse("profile:story", args=[child.public_id]), note=known_as)


def rows_of(actor: Actor, keys: list[int], columns: list[Column], day: date) -> list[Row]:
    """The rows of a list in the order of `keys`, which went through the gate. One query, and those of a look-up."""
    annotations: dict[str, Any] = {}
    for column in columns:
        annotations |= column.annotate(actor, day)
    found = {row.pk: row for row in Child.unscoped.filter(pk__in=keys).annotate(**annotations)}
    kept: dict[str, Any] = {}
    looked_up = {c.key: c.look_up(actor, keys, day, kept) for c in columns if c.look_up is not None}
    return [
        Row(found[key], [looked_up[c.key][key] if c.key in looked_up else c.cell(found[key], day) for c in columns])
        for key in keys
        if key in found
    ]


def table_of(rows: list[Row], columns: list[Column], *, caption: str, **options: Any) -> Table:
    """The rows as a table. `options` are the table's: its order, what sorting keeps, ticking."""
    sortable = "sorted_by" in options
    heads = [design.Column("Name", sort="name" if sortable else "")]
    heads += [
        design.Column(
            column.heading,
            number=column.numeric,
            sort=column.key if sortable and column.sort else "",
            stacked_label=column.key != "school",
        )
        for column in columns
    ]
    cells = [[row.name, *row.cells] for row in rows]
    if options.get("tick"):
        ticked = [
            TickedRow(each, value=str(row.child.public_id), label=f"Tick {row.child.name}")
            for row, each in zip(rows, cells, strict=True)
        ]
        return Table(caption=caption, columns=heads, rows=ticked, stacked="brief", **options)
    return Table(caption=caption, columns=heads, rows=cells, stacked="brief", **options)
