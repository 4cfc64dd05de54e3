"""The sample of plans that are audited: drawn by stated rules, the same for the same seed."""

from collections import Counter
from dataclasses import replace
from fractions import Fraction

import hypothesis
import pytest
from hypothesis import given
from hypothesis import strategies as st

from onroll.peps.audit.rubric_files import declared
from onroll.peps.audit.sampling import (
    Audited,
    Candidate,
    Cover,
    Risk,
    Settings,
    Strategy,
    agreement,
    marked_twice,
    not_covered,
    sample,
    size_of,
)

RANDOM = Settings(strategies=(Strategy.RANDOM,))
BY_RISK = Settings(strategies=(Strategy.RISK_WEIGHTED,))


def plans(count: int, **same: object) -> list[Candidate]:
    """Plans of as many children, over five schools and seven social workers."""
    return [
        replace(Candidate(f"P{n}", f"C{n}", school=f"S{n % 5}", social_worker=f"W{n % 7}"), **same)
        for n in range(count)
    ]


def keys(picks) -> list[str]:
    return [each.candidate.key for each in picks]


# How many


@pytest.mark.parametrize(
    ("submitted", "audited"), [(0, 0), (5, 5), (12, 12), (100, 12), (120, 12), (121, 13), (300, 30)]
)
def test_a_tenth_is_audited_and_at_least_twelve(submitted, audited):
    assert size_of(submitted, Settings()) == audited
    assert len(sample(plans(submitted), Settings(), seed="2026-11")) == audited


def test_an_authority_may_audit_every_plan():
    picks = sample(plans(40), Settings(strategies=(Strategy.ALL,)), seed="2026-11")

    assert sorted(keys(picks)) == sorted(each.key for each in plans(40))
    assert {each.reason for each in picks} == {"Every submitted plan is audited."}


# Coverage


def test_every_school_and_every_social_worker_comes_before_chance():
    # One school and one social worker have a single plan among three hundred.
    alone = [Candidate("school", "C900", school="small"), Candidate("worker", "C901", social_worker="new")]

    picks = sample([*plans(300), *alone], Settings(), seed="2026-11")

    assert {each.candidate.school for each in picks} >= {"S0", "S1", "S2", "S3", "S4", "small"}
    assert {each.candidate.social_worker for each in picks} >= {*(f"W{n}" for n in range(7)), "new"}
    reasons = {each.candidate.key: each.reason for each in picks}
    assert reasons["school"] == "No plan of its school was audited yet in this school year."
    assert reasons["worker"] == "No plan of its social worker was audited yet in this term."


def test_who_was_audited_already_is_not_covered_again():
    audited = Audited(
        schools=frozenset(f"S{n}" for n in range(5)),
        social_workers=frozenset(f"W{n}" for n in range(7)),
        children=frozenset(f"C{n}" for n in range(299)),
    )

    picks = sample(plans(300), Settings(), seed="2026-11", audited=audited)

    by_reason = Counter(each.reason for each in picks)
    assert by_reason == {"No plan of this child was audited in the last twelve months.": 1, "Drawn at random.": 29}
    assert "C299" in {each.candidate.child for each in picks}


def test_a_child_is_covered_by_one_plan():
    twice = [replace(each, child="C1", school="S1", social_worker="W1") for each in plans(30)]

    picks = sample(twice, Settings(at_least=5), seed="2026-11")

    assert [each.reason for each in picks] == [Cover.SCHOOL.words, *["Drawn at random."] * 4]


def test_a_sample_that_is_too_small_for_coverage_says_whom_it_leaves():
    many = [replace(each, school=each.key) for each in plans(20)]

    picks = sample(many, Settings(), seed="2026-11")

    assert len(picks) == 12
    left = not_covered(many, picks, Cover.SCHOOL, Audited())
    assert left == {each.key for each in many} - set(keys(picks))
    assert len(left) == 8


# Risk


def test_a_plan_at_risk_is_drawn_more_often_by_its_weight():
    risky = [Candidate("R", "C", risks=frozenset({Risk.LATE, Risk.WEAK_TARGETS}))]
    settings = replace(BY_RISK, share=Fraction(0), at_least=1)

    drawn = Counter(keys(sample([*risky, *plans(3)], settings, seed=str(n)))[0] for n in range(600))

    # Three tickets of six.
    assert 270 <= drawn["R"] <= 330
    assert all(70 <= drawn[f"P{n}"] <= 130 for n in range(3))


def test_the_reason_names_the_risks_and_nobody():
    risks = frozenset({Risk.WEAK_TARGETS, Risk.FIRST_PLAN})
    (pick,) = sample([Candidate("P", "C", "Hillside", "Ms Reid", risks)], BY_RISK, seed="2026-11")

    assert pick.reason == "Drawn with 3 tickets: first plan, weak targets."
    (pick,) = sample([pick.candidate], RANDOM, seed="2026-11")
    assert pick.reason == "Drawn at random."


def test_risk_decides_the_order_of_coverage_too():
    settings = Settings(share=Fraction(0), at_least=1)
    pair = [Candidate("P", "C0", school="S"), Candidate("R", "C1", school="S", risks=frozenset({Risk.NEET}))]

    drawn = Counter(keys(sample(pair, settings, seed=str(n)))[0] for n in range(400))

    assert 270 <= drawn["R"] <= 330


# For any plans

SOME = st.sampled_from(["a", "b", "c", None])
CANDIDATES = st.lists(
    st.builds(
        Candidate,
        key=st.integers(0, 60).map(str),
        child=st.sampled_from("xyz"),
        school=SOME,
        social_worker=SOME,
        risks=st.frozensets(st.sampled_from(list(Risk))),
    ),
    max_size=40,
    unique_by=lambda each: each.key,
)
SETTINGS = st.builds(
    Settings,
    strategies=st.lists(st.sampled_from(list(Strategy)), min_size=1, max_size=3, unique=True).map(tuple),
    share=st.fractions(0, 1),
    at_least=st.integers(0, 10),
    cover=st.lists(st.sampled_from(list(Cover)), unique=True).map(tuple),
)
SEEDS = st.text(max_size=5)


@hypothesis.settings(max_examples=40, deadline=None)
@given(CANDIDATES, SETTINGS, SEEDS)
def test_a_sample_has_its_size_and_no_plan_twice(candidates, settings, seed):
    picks = sample(candidates, settings, seed=seed)

    assert len(picks) == size_of(len(candidates), settings) <= len(candidates)
    assert len(set(keys(picks))) == len(picks)
    assert all(each.candidate in candidates and each.reason.endswith(".") for each in picks)


@hypothesis.settings(max_examples=40, deadline=None)
@given(CANDIDATES, SETTINGS, SEEDS, st.randoms())
def test_the_same_seed_gives_the_same_sample_in_whatever_order_the_plans_come(candidates, settings, seed, chance):
    picks = sample(candidates, settings, seed=seed)
    chance.shuffle(candidates)

    assert sample([*candidates, *candidates], settings, seed=seed) == picks


@hypothesis.settings(max_examples=40, deadline=None)
@given(CANDIDATES, SEEDS, st.sampled_from(list(Cover)))
def test_what_is_covered_is_left_out_only_where_the_sample_is_full(candidates, seed, cover):
    settings = Settings(strategies=(Strategy.COVERAGE,), cover=(cover,), share=Fraction(1, 5), at_least=1)

    picks = sample(candidates, settings, seed=seed)

    if not_covered(candidates, picks, cover, Audited()):
        assert {each.reason for each in picks} == {cover.words}


def test_another_seed_gives_another_sample_and_a_known_seed_a_known_one():
    first, second = (keys(sample(plans(300), RANDOM, seed=seed)) for seed in ("2026-11", "2026-12"))

    assert set(first) != set(second)
    # Anybody who knows the seed can draw again, in any later version too.
    assert first[:3] == ["P282", "P123", "P258"]


# Marking twice


def test_a_tenth_of_the_audited_plans_is_marked_twice():
    audited = [each.key for each in plans(41)]

    twice = marked_twice(audited, seed="2026-11")

    assert len(twice) == 5
    assert twice < set(audited)
    assert marked_twice(reversed(audited), seed="2026-11") == twice
    assert marked_twice([], seed="2026-11") == frozenset()
    assert marked_twice(audited, seed="2026-11", share=Fraction(1)) == set(audited)


def marks(*pairs: str):
    rubric = declared().rubrics["four_grade_2026"]
    grades = {"O": "outstanding", "G": "good", "R": "requires_improvement", "I": "inadequate"}
    return [(rubric.grade(grades[first]), rubric.grade(grades[second])) for first, second in pairs]


def test_agreement_is_counted_exactly_and_within_one_grade():
    found = agreement(marks("GG", "GR", "OO", "IG"))

    assert (found.pairs, found.exact, found.within_one) == (4, Fraction(1, 2), Fraction(3, 4))
    # By chance: good 2 by 2 and outstanding 1 by 1, of 16.
    assert found.kappa == (Fraction(1, 2) - Fraction(5, 16)) / Fraction(11, 16)
    assert not found.is_shown
    assert agreement(marks(*["GG"] * 10)).is_shown


def test_no_pairs_are_no_agreement_and_one_grade_alone_says_nothing_beyond_chance():
    assert agreement([]).exact is None
    assert (agreement(marks("GG", "GG")).exact, agreement(marks("GG", "GG")).kappa) == (1, None)
    assert agreement(marks("OI", "IO")).kappa == -1


@hypothesis.settings(max_examples=40, deadline=None)
@given(st.lists(st.sampled_from([first + second for first in "OGRI" for second in "OGRI"]), min_size=1))
def test_who_marked_first_changes_no_agreement(pairs):
    found = agreement(marks(*pairs))

    assert agreement(marks(*(pair[::-1] for pair in pairs))) == found
    assert 0 <= found.exact <= found.within_one <= 1
    assert found.kappa is None or -1 <= found.kappa <= 1
