"""What the files would change in the register as it is held."""

from typing import Any

from onroll.access.actors import Actor
from onroll.exchange.plans import Checked, Options, Plan
from onroll.exchange.problems import Grade, Problem
from onroll.schools.models import Inspection, School, SchoolLink
from onroll.schools.searching import search_words_of

from .rows import Facts, Link, SchoolRow, is_older

# A change of these alone is no news for people, but it is written.
_WORDS_TO_FIND_BY = ("name", "town", "locality", "postcode", "urn", "laestab", "setting_id")


def plan(checked: Checked, *, actor: Actor, options: Options) -> Plan:
    """Schools to add and to change, inspections to add, links to add. Nothing is ended or taken away."""
    facts: Facts = checked.facts
    found = Plan()
    held = {school.setting_id: school for school in School.objects.filter(authority__isnull=True)}
    _schools(facts, held, found)
    _inspections(facts, held, found)
    _links(facts, held, found)
    return found


def _schools(facts: Facts, held: dict[str, School], found: Plan) -> None:
    new = changed = older = closes = 0
    for row in facts.schools.values():
        school = held.get(row.urn)
        if school is None:
            held[row.urn] = found.changes.create(_new_school(row))
            new += 1
        elif is_older(row.changed_on, school.changed_on):
            older += 1
        else:
            was_closed = school.is_closed
            values = dict(row.values)
            if _would_close_before_opening(school, values):
                values["opened_on"] = None
            if _alter(school, values, found):
                changed += 1
                closes += school.is_closed and not was_closed
    same = len(facts.schools) - new - changed - older
    found.sentence("new", new, "schools will be added", "schools were added")
    found.sentence("changed", changed, "schools will be changed", "schools were changed")
    found.sentence("closed", closes, "of these will be marked as closed", "of these were marked as closed")
    found.sentence("same", same, "schools are as they are held", "schools were as they are held")
    found.sentence(
        "older",
        older,
        "schools are held as they were on a later day, and stay so",
        "schools were held as on a later day, and stayed so",
    )


def _new_school(row: SchoolRow) -> School:
    school = School(**row.values)
    school.search_words = search_words_of(school)
    return school


def _alter(school: School, values: dict[str, Any], found: Plan) -> bool:
    altered = found.changes.update(school, **values)
    if altered:
        found.changes.update(school, search_words=search_words_of(school))
    return altered


def _would_close_before_opening(school: School, values: dict[str, Any]) -> bool:
    opened = values.get("opened_on", school.opened_on)
    closed = values.get("closed_on", school.closed_on)
    return bool(opened and closed and closed < opened)


def _inspections(facts: Facts, held: dict[str, School], found: Plan) -> None:
    known = (
        {(each.school_id, each.inspected_on): each for each in Inspection.objects.all()} if facts.inspections else {}
    )
    new = 0
    for said in facts.inspections.values():
        school = held[said.urn]
        inspection = known.get((school.pk, said.on)) if school.pk else None
        if inspection is None:
            found.changes.create(Inspection(school=school, inspected_on=said.on, overall=said.overall))
            new += 1
        elif inspection.overall is None:
            found.changes.update(inspection, overall=said.overall)
            new += 1
    if facts.inspections:
        found.sentence("inspections", new, "inspections will be added", "inspections were added")


def _links(facts: Facts, held: dict[str, School], found: Plan) -> None:
    if not facts.links and not facts.other_links:
        return
    known = {(each.predecessor_id, each.successor_id): each for each in SchoolLink.objects.all()}
    new = same = 0
    unknown = undecided = 0
    for link in facts.links:
        before, after = held.get(link.predecessor), held.get(link.successor)
        if before is None or after is None:
            unknown += 1
            continue
        if not link.is_sure:
            in_order = _by_their_own_dates(before, after)
            if in_order is None:
                undecided += 1
                continue
            before, after = in_order
        stands = known.get((before.pk, after.pk)) if before.pk and after.pk else None
        if stands is None:
            found.changes.create(_new_link(before, after, link))
            new += 1
        # The day of a link can be missing at first, and an end that is loaded later may know it.
        elif found.changes.update(stands, on=link.on or stands.on, words=link.words or stands.words):
            new += 1
        else:
            same += 1
    found.sentence("links", new, "links between schools will be added", "links between schools were added")
    found.sentence("links_same", same, "links are as they are held", "links were as they are held")
    _say(
        found, unknown, "links name a school that the register here does not hold", "Load them again with that school."
    )
    _say(found, undecided, "links do not say which of two schools followed the other", "They were passed over.")
    _say(found, facts.other_links, "links say nothing about which school followed another", "They were passed over.")


def _new_link(before: School, after: School, link: Link) -> SchoolLink:
    return SchoolLink(predecessor=before, successor=after, on=link.on, words=link.words)


def _by_their_own_dates(one: School, other: School) -> tuple[School, School] | None:
    """The two in order of time, where one has closed and the other has not, or opened on the day after."""
    if one.is_closed != other.is_closed:
        return (one, other) if one.is_closed else (other, one)
    if one.opened_on and other.opened_on and one.opened_on != other.opened_on:
        return (one, other) if one.opened_on < other.opened_on else (other, one)
    return None


def _say(found: Plan, count: int, what: str, done: str) -> None:
    if count:
        found.problems.append(Problem(Grade.NOTED, "links", "", None, "", "", f"{count:,} {what}.", done))
