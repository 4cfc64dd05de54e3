"""Read the directory, find what it changes, and work out again where each home lies."""

from dataclasses import dataclass
from typing import Any

from onroll.access.actors import Actor
from onroll.authorities.models import Authority, Postcode
from onroll.children.areas import area_of, joined
from onroll.children.models import EpisodePlacement, PlacementAddress, PlacementArea
from onroll.codes import LOCAL_AUTHORITY
from onroll.exchange.plans import Changes, Checked, FileRead, Options, Plan
from onroll.exchange.problems import Grade, Problem, Unreadable
from onroll.exchange.reading import Upload, read_csv

# Editions differ in their names; the newer ones carry the year: lad24cd, east1m.
_POSTCODE = ("pcds", "pcd", "pcd7", "pcd8", "postcode")
_DISTRICT = ("oslaua", "laua", "lad")
_COUNTY = ("oscty", "cty")
_EAST = ("oseast1m", "east1m", "easting")
_NORTH = ("osnrth1m", "north1m", "northing")

_BY_GSS = {each.gss_code: each.code for each in LOCAL_AUTHORITY if each.gss_code}


@dataclass(frozen=True)
class Facts:
    """Lines by postcode without its blank: the authority (empty outside England), easting, northing."""

    lines: dict[str, tuple[str, int | None, int | None]]


def _place(headings: list[str], names: tuple[str, ...]) -> int | None:
    lowered = [heading.lower() for heading in headings]
    for name in names:
        for at, heading in enumerate(lowered):
            if heading == name or (heading.startswith(name) and heading[len(name) :].rstrip("cd").isdigit()):
                return at
    return None


def check(uploads: list[Upload], options: Options) -> Checked:
    """The lines of every file. A line whose postcode cannot be one is left out and named."""
    checked = Checked(facts=Facts({}))
    for upload in uploads:
        sheet = read_csv(upload)
        at = {name: _place(sheet.headings, names) for name, names in _COLUMNS.items()}
        if at["postcode"] is None or at["district"] is None:
            raise Unreadable(
                f"{upload.name} is not a postcode directory: it needs a postcode (pcds) and an authority (oslaua)."
            )
        checked.files.append(FileRead(upload.name, len(sheet.rows), f"Postcodes, {sheet.encoding}"))
        for number, cells in sheet.rows:
            held = {name: cells[place] if place is not None else "" for name, place in at.items()}
            key = joined(held["postcode"])
            if not 5 <= len(key) <= 7 or not key.isalnum():
                wrong = f"“{held['postcode'][:12]}” is not a postcode."
                checked.problems.append(
                    Problem(
                        Grade.LEFT_OUT, "postcode", upload.name, number, "", "postcode", wrong, "The line was left out."
                    )
                )
                continue
            # In a shire the schools are the county's, so its code comes before the district's.
            la_code = _BY_GSS.get(held["county"]) or _BY_GSS.get(held["district"]) or ""
            checked.facts.lines[key] = (la_code, _number(held["east"]), _number(held["north"]))
    return checked


_COLUMNS = {"postcode": _POSTCODE, "district": _DISTRICT, "county": _COUNTY, "east": _EAST, "north": _NORTH}


def _number(cell: str) -> int | None:
    return int(cell) if cell.isdecimal() else None


def plan(checked: Checked, *, actor: Actor, options: Options) -> Plan:
    """How many lines are new or different, and which homes then lie elsewhere or become known."""
    lines = checked.facts.lines
    held = {row.postcode: (row.la_code, row.easting, row.northing) for row in Postcode.objects.all().iterator()}
    changed = sum(1 for key, told in lines.items() if held.get(key) != told)
    found = Plan(extra=lines)
    _place_homes(found.changes, {**held, **lines}, actor)
    homes = len(found.changes.updates.get(EpisodePlacement, {}))
    found.sentence(
        "lines",
        changed,
        f"{changed:,} postcodes are new or lie elsewhere",
        f"{changed:,} postcodes were new or lay elsewhere",
        small=f"{len(lines) - changed:,} are as held.",
    )
    found.sentence(
        "homes",
        homes,
        f"{homes:,} homes will be known to lie in or out of the authority, or change",
        f"{homes:,} homes became known to lie in or out of the authority, or changed",
    )
    return found


def _place_homes(changes: Changes, directory: dict[str, tuple[str, int | None, int | None]], actor: Actor) -> None:
    """Plan where each home of the authority's children lies by this directory."""
    own = Authority.objects.values_list("code", flat=True).get(pk=actor.authority)
    mine = {"authority_id": actor.authority}
    areas = {row.episode_id: row for row in PlacementArea.unscoped.filter(**mine)}
    placements = {row.episode_id: row for row in EpisodePlacement.unscoped.filter(**mine)}
    for address in PlacementAddress.unscoped.filter(**mine).iterator():
        area, placement = areas.get(address.episode_id), placements.get(address.episode_id)
        where = area_of(
            own,
            postcode=address.postcode,
            home_postcode=address.home_postcode,
            la_code=area.la_code if area is not None and area.la_stated else "",
            directory={
                key: Postcode(key, *directory[key])
                for key in (joined(address.postcode), joined(address.home_postcode))
                if key in directory
            },
        )
        told: dict[str, Any] = {"la_code": where.la_code, "distance_miles": where.distance_miles}
        if area is not None:
            changes.update(area, **told)
        elif where.la_code or where.distance_miles is not None:
            changes.create(
                PlacementArea(
                    **mine, child_id=address.child_id, episode_id=address.episode_id, source="directory", **told
                )
            )
        if placement is not None:
            changes.update(placement, area=where.area)


def write(plan: Plan, *, actor: Actor, this: Any) -> None:
    """Put the lines in, whatever was held of the same postcodes, and write where the homes lie."""
    rows = [Postcode(key, *told) for key, told in plan.extra.items()]
    Postcode.objects.bulk_create(
        rows,
        batch_size=5_000,
        update_conflicts=True,
        unique_fields=["postcode"],
        update_fields=["la_code", "easting", "northing"],
    )
    plan.changes.write(this)
