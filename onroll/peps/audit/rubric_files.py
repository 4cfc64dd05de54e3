"""The rubrics as they are declared: read, and refused in words where they could not be graded as they say."""

import json
from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

from onroll.peps.audit.facts import BadDeclaration, Fact, FactKind, condition
from onroll.peps.audit.rubrics import (
    Aggregation,
    Counts,
    Criterion,
    Grade,
    Instead,
    Level,
    LowestCritical,
    National,
    Owner,
    Releases,
    Returns,
    Rubric,
    Rubrics,
    Rule,
    Tick,
    Weighted,
)
from onroll.peps.clock import Form

DECLARED = Path(__file__).parent / "data" / "rubrics.json"


@cache
def declared() -> Rubrics:
    """The rubrics that every authority can choose from."""
    return read(DECLARED.read_text(encoding="utf-8"))


def read(text: str) -> Rubrics:
    """Rubrics as JSON declares them. Refuses, in words, what could not be graded as it says."""
    try:
        return _rubrics(json.loads(text, parse_float=Fraction))
    except KeyError as missing:
        raise BadDeclaration(f"{missing.args[0]} is missing.") from missing


def _rubrics(of: dict[str, Any]) -> Rubrics:
    facts = _by_key("fact", (_fact(each) for each in of["facts"]))
    rules = _by_key("rule", (_rule(each, facts) for each in of["rules"]))
    ticks = _by_key("tick", (_tick(each, rules, facts) for each in of["ticks"]))
    rubrics = _by_key("rubric", (_rubric(each, ticks, facts) for each in of["rubrics"]))
    return Rubrics(of["version"], tuple(of["how_it_works"]), facts, ticks, rubrics)


def _by_key(what: str, items: Iterable[Any]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for each in items:
        if each.key in found:
            raise BadDeclaration(f"The {what} {each.key} is declared twice.")
        found[each.key] = each
    return found


def _known(what: str, key: str, known: Mapping[str, Any]) -> Any:
    if key not in known:
        raise BadDeclaration(f"{key} is no {what} that is declared.")
    return known[key]


def _one_of(kind: type[StrEnum], text: str) -> Any:
    return kind(_known(kind.__name__.lower(), text, {each.value: each for each in kind}))


def _fact(of: dict[str, Any]) -> Fact:
    return Fact(of["key"], _one_of(FactKind, of["kind"]), of["words"], tuple(of.get("values", ())))


def _rule(of: dict[str, Any], facts: Mapping[str, Fact]) -> Rule:
    if not of["made_when"]:
        raise BadDeclaration(f"The rule {of['key']} has no condition.")
    return Rule(of["key"], of["words"], tuple(condition(each, facts) for each in of["made_when"]))


def _tick(of: dict[str, Any], rules: Mapping[str, Rule], facts: Mapping[str, Fact]) -> Tick:
    rule = _known("rule", of["rule"], rules) if of["rule"] else None
    applies_when = condition(of["applies_when"], facts)
    return Tick(of["key"], of["words"], _one_of(Owner, of["owed_by"]), applies_when, rule)


def _rubric(of: dict[str, Any], ticks: Mapping[str, Tick], facts: Mapping[str, Fact]) -> Rubric:
    scale = _scale(of)
    grades = {each.key: each for each in scale}
    criteria = _by_key("criterion", (_criterion(each, scale, ticks, facts) for each in of["criteria"]))
    counted = [each for each in criteria.values() if not each.outside_overall]
    if not any(each.is_for_every_plan for each in counted):
        raise BadDeclaration(f"The rubric {of['key']} has no criterion that counts for every plan.")
    for each in criteria.values():
        if each.critical and each.outside_overall:
            raise BadDeclaration(f"The criterion {each.key} is critical and yet outside the overall grade.")
    aggregation = of["aggregation"]
    if aggregation["rule"] == "lowest_critical" and not aggregation["cap_by_critical"]:
        raise BadDeclaration(f"The rubric {of['key']} takes the lowest critical grade without its cap.")

    def grade(key: str | None) -> Grade | None:
        return _known("grade of the scale", key, grades) if key else None

    returns, money = of["returns"], of["money"]
    return Rubric(
        key=of["key"],
        title=of["title"],
        scale=scale,
        aggregation=_aggregation(aggregation, scale, criteria),
        aggregation_words=aggregation["words"],
        capped=aggregation["cap_by_critical"],
        returns=Returns(returns["words"], grade(returns["overall"]), grade(returns["critical"]), grade(returns["any"])),
        money=Releases(
            money["words"], _known("grade of the scale", money["released_from"], grades), grade(money["decided_from"])
        ),
        criteria=tuple(criteria.values()),
    )


def _scale(of: dict[str, Any]) -> tuple[Grade, ...]:
    grades = (Grade(**{**each, "national": _one_of(National, each["national"])}) for each in of["scale"])
    scale = tuple(sorted(_by_key("grade", grades).values(), key=lambda grade: grade.order))
    if [each.order for each in scale] != list(range(1, len(scale) + 1)) or len(scale) < 2:
        raise BadDeclaration(f"The scale of {of['key']} does not count its grades 1, 2, 3 and so on.")
    passes = [each.passes for each in scale]
    if passes != sorted(passes) or not passes[-1] or passes[0]:
        raise BadDeclaration(
            f"In the scale of {of['key']} grades are to pass from one on: the best passes, the worst does not."
        )
    nationals = [list(National).index(each.national) for each in scale]
    if nationals != sorted(nationals):
        raise BadDeclaration(f"In the scale of {of['key']} a better grade is exchanged as a worse one.")
    return scale


def _criterion(
    of: dict[str, Any], scale: Sequence[Grade], ticks: Mapping[str, Tick], facts: Mapping[str, Fact]
) -> Criterion:
    key = of["key"]
    levels = {each["grade"]: each for each in of["levels"]}
    if len(of["levels"]) != len(scale) or set(levels) != {each.key for each in scale}:
        raise BadDeclaration(f"The criterion {key} does not say what each grade of the scale looks like.")
    used = [tick for each in of["levels"] for tick in each["ticks"]] + [each["tick"] for each in of["instead"]]
    if len(used) != len(set(used)):
        raise BadDeclaration(f"The criterion {key} has a tick twice.")
    if levels[scale[0].key]["ticks"] or not all(levels[each.key]["ticks"] for each in scale[1:]):
        raise BadDeclaration(f"In the criterion {key} each grade but the worst needs ticks of its own.")
    weight = of["weight"]
    if not isinstance(weight, int) or weight < 1:
        raise BadDeclaration(f"The criterion {key} has no whole weight from 1 on.")
    grades = {each.key: each for each in scale}
    return Criterion(
        key=key,
        title=of["title"],
        sections=tuple(of["sections"]),
        phases=frozenset(_one_of(Form, each) for each in of["phases"]),
        applies_when=condition(of["applies_when"], facts),
        weight=weight,
        critical=of["critical"],
        outside_overall=of["outside_overall"],
        levels=tuple(
            Level(
                each,
                levels[each.key]["looks_like"],
                tuple(_known("tick", tick, ticks) for tick in levels[each.key]["ticks"]),
            )
            for each in scale
        ),
        instead=tuple(
            Instead(_known("tick", each["tick"], ticks), _known("grade of the scale", each["reaches"], grades))
            for each in of["instead"]
        ),
        example_good=of["example_good"],
        example_weak=of["example_weak"],
    )


def _aggregation(of: dict[str, Any], scale: Sequence[Grade], criteria: Mapping[str, Criterion]) -> Aggregation:
    match of["rule"]:
        case "lowest_critical":
            return LowestCritical(tuple(_known("criterion", each, criteria).key for each in of["best_requires"]))
        case "weighted" if len(scale) == 3:
            points = {each.key: Fraction(of["points"][each.key]) for each in scale}
            if list(points.values()) != sorted(points.values()):
                raise BadDeclaration("A better grade has fewer points than a worse one.")
            return Weighted(
                points,
                Fraction(of["best_at"]),
                of["worst_if_at_least"],
                of["worst_if_critical_worst"],
                of["best_forbids_worst"],
            )
        case "counts" if len(scale) == 4:
            return Counts(of["worst_if_at_least"], of["poor_if_at_least"], of["best_all_but"])
    raise BadDeclaration(f"{of['rule']} is no aggregation for a scale of {len(scale)} grades.")
