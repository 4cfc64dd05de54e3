"""Reads the worked example in the docstring of a measure, and sets its children up.

A line tells of one child: `Ada: born 2012-05-01; care 2023-01-10 -> 1 of 1`. Each fact is a word, a spell or a day,
and what else there is as `name=value`. `school` lines come first; `term` lines give the calendar, `deadline` lines the
days on which plans are due in it. What a part above tells of a child, it reads itself.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from onroll.authorities.models import Authority, CalendarEntry
from onroll.children.models import (
    Characteristics,
    CharacteristicSpell,
    Child,
    EHCPlan,
    RollNotice,
    SchoolPlace,
    SDQScore,
    SENProvision,
    SettingTold,
)
from onroll.children.tests.scene import a_child, a_place, a_school, an_episode, write
from onroll.codes.years import Period, academic_year_of, term_of
from onroll.schools.models import Inspection, School

LEFT_OUT = "left out"


@dataclass
class Example:
    """A worked example: the days it is read for, and what each child adds up to. None: the child is left out."""

    period: Period
    expected: dict[str, tuple[int, int | None] | None] = field(default_factory=dict)
    total: tuple[int, int | None] = (0, None)
    lines: list[tuple[str, list[str]]] = field(default_factory=list)
    given: list[str] = field(default_factory=list)


def example_in(docstring: str) -> Example:
    """The worked example of a docstring."""
    head = re.search(r"Worked example, (?:on (\S+)|from (\S+) to (\S+)):", docstring)
    assert head, "the measure has no worked example"
    first, last = head[2] or head[1], head[3] or head[1]
    example = Example(Period(date.fromisoformat(first), date.fromisoformat(last) + timedelta(days=1)))
    for line in docstring[head.end() :].strip().splitlines():
        words = line.strip()
        if words.startswith(("school ", "term ", "deadline ")):
            example.given.append(words)
        elif words.startswith("all: "):
            example.total = _amount(words.removeprefix("all: "))
        else:
            told, _, amount = words.partition(" -> ")
            name, _, facts = told.partition(": ")
            example.expected[name] = None if amount == LEFT_OUT else _amount(amount)
            example.lines.append((name, facts.split("; ")))
    return example


Told = Callable[[Child, str, list[str], dict[str, str]], bool]


def nothing_else(child: Child, kind: str, plain: list[str], named: dict[str, str]) -> bool:
    """No fact but those of the roll."""
    return False


def set_up(example: Example, authority: Authority, *, told: Told = nothing_else) -> dict[str, Child]:
    """Write what the example tells, and return its children by name. `told` writes a fact of its part, if it is one."""
    schools: dict[str, School] = {}
    for line in example.given:
        kind, _, rest = line.partition(" ")
        if kind in ("term", "deadline"):
            start, end = _spell(rest)
            named = {"academic_year": academic_year_of(start), "term": term_of(start)}
            kind, end = ("term", end) if kind == "term" else ("pep_deadline", start + timedelta(days=1))
            write(CalendarEntry(authority=authority, kind=kind, **named, start=start, end=end))
        else:
            name, _, facts = rest.partition(": ")
            schools[name] = _a_school(name, facts.split("; "))
    return {name: _a_child(authority, name, facts, schools, told) for name, facts in example.lines}


def _a_school(name: str, facts: list[str]) -> School:
    values: dict[str, Any] = {"phase": "primary"}
    for fact in facts:
        if fact.startswith("in "):
            values["la_code"] = fact.removeprefix("in ")
        elif " " not in fact:
            values["phase"] = fact
    school = a_school(name, **values)
    for grade, on in re.findall(r"graded (\w+) on ([\d-]+)", "; ".join(facts)):
        overall = None if grade == "none" else int(grade)
        write(Inspection(school=school, inspected_on=date.fromisoformat(on), overall=overall))
    return school


def _a_child(
    authority: Authority, name: str, facts: list[str], schools: dict[str, School], told_by_part: Told
) -> Child:
    told = {"sex": "", "ethnicity": "", "religion": ""}
    told |= dict(fact.split(" ", 1) for fact in facts if fact.split(" ")[0] in told)
    born = next(fact.removeprefix("born ") for fact in facts if fact.startswith("born "))
    child = a_child(authority, f"{name} Example", birth_date=date.fromisoformat(born), number=name)
    disability = {"disability yes": True, "disability no": False}
    known = next((disability[fact] for fact in facts if fact in disability), None)
    characteristics = Characteristics.unscoped.get(child=child)
    for key, value in {**told, "disability": known}.items():
        setattr(characteristics, key, value)
    write(characteristics)
    keys = {"authority": authority, "child": child}
    for fact in facts:
        kind, *words = fact.split(" ")
        named = dict(word.split("=") for word in words if "=" in word)
        plain = [word for word in words if "=" not in word]
        match kind:
            case "care":
                _an_episode(child, plain[0], named)
            case "place":
                _a_place(child, schools.get(plain[0]), plain[1], named)
            case "sen":
                start, end = _spell(plain[1])
                write(SENProvision(**keys, value=plain[0], start=start, end=end))
            case "ehc":
                start, end = _spell(plain[0])
                write(EHCPlan(**keys, start=start, end=end))
            case "sdq":
                write(SDQScore(**keys, score=int(plain[0]), start=date.fromisoformat(plain[1])))
            case "disabled":
                start, end = _spell(plain[0])
                write(CharacteristicSpell(**keys, kind="disability", value="yes", start=start, end=end))
            case "told":
                on = date.fromisoformat(plain[1])
                write(SettingTold(**keys, school=schools[plain[0]], told_on=on, about=plain[2]))
            case "notice":
                on = date.fromisoformat(plain[1])
                write(RollNotice(**keys, school=schools[plain[0]], told_on=on, to=plain[2], how="person"))
            case "born" | "sex" | "ethnicity" | "religion" | "disability":
                pass
            case _:
                assert told_by_part(child, kind, plain, named), f"“{fact}” is not a fact that an example can tell."
    return child


def _an_episode(child: Child, spell: str, named: dict[str, str]) -> None:
    start, end = _spell(spell)
    episode = an_episode(
        child,
        start,
        end=end,
        reason_new=named.get("reason", "S"),
        legal_status=named.get("status", "C2"),
        placement_type=named.get("type", "U6"),
        reason_ceased="" if end is None else "X1",
    )
    episode.placement.area = named.get("area", "in")
    write(episode.placement)


def _a_place(child: Child, school: School | None, spell: str, named: dict[str, str]) -> None:
    start, end = _spell(spell)
    confirmed = named.get("confirmed")
    a_place(
        child,
        school,
        start,
        end=end,
        kind=named.get("kind", SchoolPlace.Kind.MAIN),
        leaving_reason=named.get("leaving", ""),
        why_this_school=named.get("why", ""),
        confirmed_on=date.fromisoformat(confirmed) if confirmed else None,
    )


def _spell(words: str) -> tuple[date, date | None]:
    start, _, end = words.partition("..")
    return date.fromisoformat(start), date.fromisoformat(end) if end else None


def _amount(words: str) -> tuple[int, int | None]:
    part, _, whole = words.partition(" of ")
    return int(part), int(whole) if whole else None
