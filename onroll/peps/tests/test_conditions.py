"""The language of "shown when", and every condition that a form is written with."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onroll.peps.forms.conditions import ALWAYS, NEVER, AllOf, AnyOf, Comparison, NotACondition, parse

keys = st.from_regex(r"[a-z][a-z0-9_]{0,8}(\[\]\.[a-z0-9_]{1,8})?", fullmatch=True)
words = st.from_regex(r"[A-Za-z0-9][A-Za-z0-9,:' ]{0,20}[A-Za-z0-9]", fullmatch=True)
# A value that itself reads like " and key in ..." would begin the next comparison.
words = words.filter(lambda value: " in " not in value)
comparisons = st.one_of(
    st.builds(
        lambda key, operator, value: Comparison(key, operator, (value,)), keys, st.sampled_from(("=", "!=")), words
    ),
    st.builds(
        lambda key, values: Comparison(key, " in ", tuple(values)), keys, st.lists(words, min_size=1, max_size=3)
    ),
    st.builds(
        lambda key, operator, number: Comparison(key, operator, (str(number),)),
        keys,
        st.sampled_from((">", "<", ">=", "<=")),
        st.integers(-99, 999),
    ),
)
several = st.lists(comparisons, min_size=2, max_size=4).map(tuple)
conditions = st.one_of(st.just(ALWAYS), comparisons, st.builds(AllOf, several), st.builds(AnyOf, several))
anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.decimals() | st.text(max_size=8),
    lambda inside: st.lists(inside, max_size=3) | st.dictionaries(st.text(max_size=4), inside, max_size=2),
    max_leaves=6,
)


@pytest.mark.parametrize(
    ("condition", "known", "holds"),
    [
        ("pep_kind=termly", {"pep_kind": "termly"}, True),
        ("pep_kind=termly", {"pep_kind": "initial"}, False),
        ("pep_kind!=termly", {"pep_kind": "initial"}, True),
        ("year_group=0", {"year_group": 0}, True),
        ("year_group>=10", {"year_group": 9}, False),
        ("year_group>=10", {"year_group": 10}, True),
        ("hours<25", {"hours": "24.5"}, True),
        ("hours<=25", {"hours": Decimal("25.0")}, True),
        ("hours>25", {"hours": "many"}, False),
        ("hours>9", {"hours": "10"}, True),
        ("eal=yes", {"eal": True}, True),
        ("eal=no", {"eal": False}, True),
        ("route in neet|custody", {"route": "custody"}, True),
        ("route in neet|custody", {"route": "apprenticeship"}, False),
        ("outcome in Partly met|Not met", {"outcome": "Partly met"}, True),
        ("year_group=11 and term=autumn", {"year_group": 11, "term": "autumn"}, True),
        ("year_group=11 and term=autumn", {"year_group": 11, "term": "spring"}, False),
        ("eal=yes or uasc=yes", {"eal": "no", "uasc": "yes"}, True),
        ("eal=yes or uasc=yes", {"eal": "no", "uasc": "no"}, False),
        ("", {}, True),
    ],
)
def test_a_condition_holds_of_what_is_known(condition, known, holds):
    assert parse(condition).holds(known) is holds


@pytest.mark.parametrize(
    ("condition", "value"),
    [
        ("mode=No meeting: written review", "No meeting: written review"),
        ("mode=In person, or online and by telephone", "In person, or online and by telephone"),
        ("mode=Stay with relatives or friends", "Stay with relatives or friends"),
        ("mode=4 or above", "4 or above"),
        ("mode=Goes on, changed", "Goes on, changed"),
    ],
)
def test_a_value_may_hold_spaces_commas_colons_and_the_words_and_and_or(condition, value):
    assert parse(condition) == Comparison("mode", "=", (value,))


def test_after_such_a_value_another_comparison_may_follow():
    assert parse("mode=No meeting: written review and eal=yes") == AllOf(
        (Comparison("mode", "=", ("No meeting: written review",)), Comparison("eal", "=", ("yes",)))
    )


@pytest.mark.parametrize("operator", ["=x", "!=x", ">1", ">=1", "<1", "<=1", " in x|y"])
@pytest.mark.parametrize("known", [{}, {"key": None}, {"key": ""}, {"key": "  "}, {"key": []}])
def test_what_is_not_held_decides_nothing(operator, known):
    assert not parse(f"key{operator}").holds(known)


def test_ticks_equal_each_of_them_and_differ_from_the_others():
    ticked = {"needed": ["First target", "Second target"]}

    assert parse("needed=Second target").holds(ticked)
    assert not parse("needed!=Second target").holds(ticked)
    assert parse("needed!=No target").holds(ticked)


@pytest.mark.parametrize(
    "words",
    [
        "eal",
        "eal=",
        "=yes",
        "eal==yes",
        "eal = yes",
        "(eal=yes)",
        "Eal=yes",
        "route in ",
        "route in neet||custody",
        "age>old",
        "age>NaN",
        "eal=yes and uasc=yes or age>4",
    ],
)
def test_what_cannot_be_read_is_refused_in_a_sentence(words):
    with pytest.raises(NotACondition, match="“"):
        parse(words)


@given(conditions)
def test_a_condition_reads_back_as_it_is_written(condition):
    assert parse(str(condition)) == condition


@given(conditions, st.dictionaries(keys, anything, max_size=4))
def test_any_facts_give_a_yes_or_a_no(condition, known):
    assert condition.holds(known) in (True, False)


@given(comparisons, anything)
def test_equal_and_unequal_never_both_hold(comparison, value):
    equal, unequal = (Comparison(comparison.key, operator, comparison.values) for operator in ("=", "!="))

    assert not (equal.holds({comparison.key: value}) and unequal.holds({comparison.key: value}))


@given(several, st.dictionaries(keys, anything, max_size=4))
def test_all_holds_if_each_does_and_any_if_one_does(parts, known):
    assert AllOf(parts).holds(known) == all(part.holds(known) for part in parts)
    assert AnyOf(parts).holds(known) == any(part.holds(known) for part in parts)


def test_nothing_written_is_always_and_never_is_never():
    assert ALWAYS.holds({})
    assert not NEVER.holds({})
