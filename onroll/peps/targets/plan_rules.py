"""What makes a plan as a whole weak: eight rules (domain `pep/target-checks.md`, “Rules for the plan as a whole”)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from onroll.design.words import count_of, listed
from onroll.peps.targets.bank import Area, Phase
from onroll.peps.targets.reading import empty, norm
from onroll.peps.targets.rules import HINT, STOP, WEAK, Rule, Settings
from onroll.peps.targets.target_rules import Earlier, Target

MANY_TARGETS = 3
EHC_PLAN = "E"


@dataclass(frozen=True, kw_only=True)
class Plan:
    """A plan as it stands.

    `said_wants`: the young person answered what they want to get better at, want to have done, or want more of.
    `from_voice`: a target comes from what they said. `last_targets`: those of the last plan that are to be reviewed.
    `requests` are in pounds. `english_held` and `maths_held`: at 16 and over, whether the qualification is there.
    """

    phase: Phase
    known_as: str
    targets: Sequence[Target] = ()
    is_initial: bool = False
    reason_for_fewer: str = ""
    said_wants: bool = False
    from_voice: bool = False
    last_targets: Sequence[Earlier] = ()
    requests: Sequence[Decimal | int] = ()
    sen_provision: str = ""
    sen_ehc_fit: str = ""
    english_held: bool = False
    maths_held: bool = False


@dataclass(frozen=True)
class ReadPlan:
    """A plan beside the settings by which it is judged."""

    plan: Plan
    settings: Settings


def _too_few(read: ReadPlan) -> str:
    plan, settings = read.plan, read.settings
    fewest = settings.target_minimum_initial if plan.is_initial else settings.target_minimum
    if len(plan.targets) >= fewest or not empty(plan.reason_for_fewer, settings.words):
        return ""
    return count_of(len(plan.targets), "target")


def _missing_areas(read: ReadPlan) -> str:
    """The areas of the phase's core pair that no target is about, as they are said."""
    return listed(list(_missing(read.plan, {target.area for target in read.plan.targets})))


def _missing(plan: Plan, areas: set[str]) -> Iterable[str]:
    if plan.phase is Phase.EARLY_YEARS:
        if Area.ENGLISH not in areas:
            yield "communication"
        if not areas - {Area.ENGLISH}:
            yield "one other area"
        return
    if plan.phase is Phase.POST_16:
        not_held = {Area.ENGLISH: not plan.english_held, Area.MATHS: not plan.maths_held}
        asked = [area for area, missing in not_held.items() if missing]
        if asked and areas.isdisjoint(asked):
            yield " or ".join(_SAID[area] for area in asked)
        if Area.ASPIRATION not in areas:
            yield _SAID[Area.ASPIRATION]
        return
    yield from (_SAID[area] for area in (Area.ENGLISH, Area.MATHS) if area not in areas)


_SAID = {Area.ENGLISH: "English", Area.MATHS: "maths", Area.ASPIRATION: "aspirations"}


def _unheard(read: ReadPlan) -> str:
    plan = read.plan
    return (plan.known_as or "The young person") if plan.said_wants and not plan.from_voice else ""


def _no_change(read: ReadPlan) -> bool:
    return any(each.was_not_met and empty(each.change, read.settings.words) for each in read.plan.last_targets)


def _one_person_does_all(read: ReadPlan) -> bool:
    who = {norm(target.who) for target in read.plan.targets}
    return len(read.plan.targets) >= MANY_TARGETS and len(who) == 1 and who != {""}


def _above_the_guide(read: ReadPlan) -> str:
    guide = read.settings.guide_amount
    return f"£{guide:,}" if guide is not None and sum(read.plan.requests) > guide else ""


PLAN_RULES: tuple[Rule[ReadPlan], ...] = (
    Rule("P01", WEAK, "too few targets", _too_few, "The plan has {n}. Add one or say why."),
    Rule("P02", WEAK, "a core area without a target", _missing_areas, "No target for {area}."),
    Rule(
        "P03",
        WEAK,
        "nothing from what the young person said",
        _unheard,
        "{known_as} said what they want. Link a target, or say why not.",
    ),
    Rule(
        "P04",
        STOP,
        "a target of last term without outcome",
        lambda read: any(each.outcome is None for each in read.plan.last_targets),
        "Say how last term's target went.",
    ),
    Rule("P05", WEAK, "not met, and no change recorded", _no_change, "What will be done differently?"),
    Rule(
        "P06",
        HINT,
        "one person for all targets",
        _one_person_does_all,
        "One person does everything. Can someone share?",
    ),
    Rule(
        "P07",
        HINT,
        "more money than the guide",
        _above_the_guide,
        "Above the guide of {amount}; the panel will look at it.",
    ),
    Rule(
        "P08",
        WEAK,
        "no link to the EHC plan",
        lambda read: read.plan.sen_provision == EHC_PLAN and empty(read.plan.sen_ehc_fit, read.settings.words),
        "Link the plan to the EHC plan outcomes.",
    ),
)
