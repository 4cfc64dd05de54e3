"""What the checker says of a plan as a whole."""

from dataclasses import replace

import pytest

from onroll.peps.targets.bank import Area, Phase
from onroll.peps.targets.checker import DEFAULTS, check_plan, is_weak
from onroll.peps.targets.plan_rules import Plan
from onroll.peps.targets.rules import Severity
from onroll.peps.targets.target_rules import Earlier, Outcome, Target


def about(*areas, who="Mrs Adeyemi"):
    return tuple(Target(area=area, who=f"{who} {number}") for number, area in enumerate(areas))


GOOD = Plan(
    phase=Phase.PRIMARY,
    known_as="Rowan",
    targets=about(Area.ENGLISH, Area.MATHS, Area.SEMH),
    said_wants=True,
    from_voice=True,
    last_targets=(Earlier(outcome=Outcome.MET), Earlier(outcome=Outcome.STOPPED)),
    requests=(100, 200),
    sen_provision="E",
    sen_ehc_fit="Outcome 2: reads for pleasure",
)
GUIDED = replace(DEFAULTS, guide_amount=1000)


def found(**given):
    return {finding.rule: finding for finding in check_plan(replace(GOOD, **given), GUIDED)}


def test_a_good_plan_fires_nothing():
    assert found() == {}


@pytest.mark.parametrize(
    ("given", "rule", "severity", "message"),
    [
        ({"last_targets": [Earlier()]}, "P04", Severity.STOP, "Say how last term's target went."),
        (
            {"last_targets": [Earlier(outcome=Outcome.PARTLY, change="n/a")]},
            "P05",
            Severity.WEAK,
            "What will be done differently?",
        ),
        (
            {"requests": (500, 501)},
            "P07",
            Severity.HINT,
            "Above the guide of £1,000; the panel will look at it.",
        ),
        ({"sen_ehc_fit": " "}, "P08", Severity.WEAK, "Link the plan to the EHC plan outcomes."),
        (
            {"from_voice": False},
            "P03",
            Severity.WEAK,
            "Rowan said what they want. Link a target, or say why not.",
        ),
        (
            {
                "targets": tuple(
                    Target(area=area, who=who)
                    for area, who in zip(
                        (Area.ENGLISH, Area.MATHS, Area.SEMH),
                        ("Mrs Adeyemi", "mrs adeyemi ", "Mrs  Adeyemi"),
                        strict=True,
                    )
                )
            },
            "P06",
            Severity.HINT,
            "One person does everything. Can someone share?",
        ),
    ],
)
def test_a_rule_of_the_plan_fires_alone_and_says_what_to_do(given, rule, severity, message):
    fired = found(**given)

    assert list(fired) == [rule]
    assert (fired[rule].severity, fired[rule].message) == (severity, message)
    assert is_weak(list(fired.values())) is (severity is not Severity.HINT)


@pytest.mark.parametrize(
    "given",
    [
        {"said_wants": False, "from_voice": False},
        {"last_targets": [Earlier(outcome=Outcome.NOT_MET, change="With a partner")]},
        {"requests": (500, 500)},
        {"sen_provision": "K", "sen_ehc_fit": ""},
        {"targets": about(Area.ENGLISH, Area.MATHS), "is_initial": True},
        {"targets": about(Area.ENGLISH, Area.MATHS), "reason_for_fewer": "Two weeks before the move"},
    ],
)
def test_what_is_as_it_should_be_fires_nothing(given):
    assert found(**given) == {}


def test_too_few_targets_are_counted():
    assert found(targets=about(Area.ENGLISH, Area.MATHS))["P01"].message == (
        "The plan has 2 targets. Add one or say why."
    )
    assert found(targets=about(Area.MATHS), is_initial=True)["P01"].message.startswith("The plan has 1 target. ")
    assert "P01" in found(targets=about(Area.ENGLISH, Area.MATHS), reason_for_fewer="n/a")


@pytest.mark.parametrize(
    ("phase", "areas", "held", "missing"),
    [
        (Phase.EARLY_YEARS, [Area.ENGLISH, Area.SEMH], "", ""),
        (Phase.EARLY_YEARS, [Area.SEMH], "", "communication"),
        (Phase.EARLY_YEARS, [Area.ENGLISH], "", "one other area"),
        (Phase.EARLY_YEARS, [], "", "communication and one other area"),
        (Phase.PRIMARY, [Area.ENGLISH], "", "maths"),
        (Phase.SECONDARY, [Area.SEMH], "", "English and maths"),
        (Phase.POST_16, [Area.MATHS, Area.ASPIRATION], "", ""),
        (Phase.POST_16, [Area.ENGLISH, Area.ASPIRATION], "", ""),
        (Phase.POST_16, [Area.ENGLISH, Area.ASPIRATION], "english", "maths"),
        (Phase.POST_16, [Area.ASPIRATION], "", "English or maths"),
        (Phase.POST_16, [Area.SEMH], "", "English or maths and aspirations"),
        (Phase.POST_16, [Area.ASPIRATION], "english maths", ""),
        (Phase.POST_16, [Area.ENGLISH], "english maths", "aspirations"),
    ],
)
def test_each_phase_has_a_core_pair(phase, areas, held, missing):
    fired = found(
        phase=phase, targets=about(*areas), english_held="english" in held, maths_held="maths" in held, is_initial=True
    )

    assert (fired["P02"].message if "P02" in fired else "") == (f"No target for {missing}." if missing else "")


def test_without_a_guide_no_sum_is_high_and_without_a_name_nobody_shares():
    assert check_plan(replace(GOOD, requests=(10**6,)), DEFAULTS) == []
    assert "P06" not in found(targets=tuple(replace(each, who="") for each in GOOD.targets))
