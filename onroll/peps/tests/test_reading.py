"""How the words of a target are read: what is a measure, what is a date, what a value is worth."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onroll.peps.targets import reading, target_rules
from onroll.peps.targets.reading import (
    WORDS,
    Value,
    from_to,
    jaccard,
    measure,
    norm,
    phrases,
    strip_dates,
    tokens,
    value,
)


def test_quotes_dashes_spaces_and_capitals_do_not_count():
    assert norm(" He  can’t\u00a0read “Ｗords” – YET ") == 'he can\'t read "words" - yet'


@pytest.mark.parametrize(
    "text",
    [
        "18 July",
        "by the 3rd of May 2026",
        "1 Sept",
        "July 2026",
        "5/6/26",
        "05.06.2026",
        "in 2027",
        "Year 4",
        "yr 10",
        "Y6",
        "key stage 3",
        "KS2",
        "set 1",
        "class 12",
        "Room 7",
        "phase 5",
        "stage 2",
        "1:1",
        "1–1",
        "1 to 1",
        "improve",
        "grade of h",
        "someone",
        "halfway",
    ],
)
def test_a_date_a_group_or_a_plain_word_is_no_measure(text):
    assert not measure(f"Rowan {text} reads")


@pytest.mark.parametrize(
    "text",
    [
        "10 words",
        "year 100",
        "1 to 10",
        "11:15",
        "32 July",
        "July 5",
        "1899",
        "grade C",
        "five",
        "twenty-one",
        "on his own",
        "age-related",
        "Merit",
        "8y2m",
    ],
)
def test_a_number_a_grade_or_something_to_see_is_a_measure(text):
    assert measure(f"Rowan {text} reads")


def test_a_date_leaves_a_space_behind():
    assert strip_dates("by 5 june 2026 rowan") == "by   rowan"


def test_phrases_are_whole_words_in_the_order_of_the_text():
    listed = ("read", "read more", "be", "stop ")

    assert phrases("be ready: read more, stop now", listed) == ["be", "read more", "read", "stop "]
    assert phrases("rebel reader, full stop", listed) == []


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("Move from 2 to 8 words", ("2", "8 words")),
        ("Move from Year 3 to 8 words", None),
        ("Move from home to school", None),
        ("Go from the table to the door, from 2 to 3", None),
        (f"From 2 {'so ' * 20} to 8", None),
        ("Two to five", None),
    ],
)
def test_from_and_to_are_both_measures(text, parts):
    assert from_to(text) == parts


@pytest.mark.parametrize(
    ("text", "kind", "number"),
    [
        ("8y2m on the test, 80%", "age", 98),
        ("8 years 2 months", "age", 98),
        ("8 years and 2 months", "age", 98),
        ("92.5% of days", "pct", 92.5),
        ("90 per cent", "pct", 90),
        ("18/20", "ratio", 0.9),
        ("18 of 20", "ratio", 0.9),
        ("18 of the 20 words", "ratio", 0.9),
        ("4 out of her 5 days", "ratio", 0.8),
        ("grade 5 in 3 papers", "grade", 5),
        ("70 words in January", "num:words", 70),
        ("7 incidents", "num:incid", 7),
        ("score 95, 3 times", "num:times", 3),
        ("1,200 steps", "num:steps", 1200),
        ("0 of 0 marks", "num:of", 0),
    ],
)
def test_a_value_is_the_first_kind_that_the_text_has(text, kind, number):
    assert value(text) == Value(kind, pytest.approx(number))


@pytest.mark.parametrize("text", ["", "95", "two of five", "Year 4", "from the start"])
def test_a_number_of_nothing_is_no_value(text):
    assert value(text) is None


def test_two_targets_are_compared_without_dates_small_words_and_the_childs_name():
    assert tokens("By 5 June Rowan's book will be read: 8y2m", known_as="Rowan") == {"book", "read", "8y2m"}
    assert jaccard(frozenset("ab"), frozenset("bc")) == pytest.approx(1 / 3)
    assert jaccard(frozenset(), frozenset()) == 0


@given(st.text(max_size=50), st.text(max_size=50))
def test_alikeness_is_the_same_both_ways_and_whole_with_itself(one, other):
    first, second = tokens(one), tokens(other)

    assert jaccard(first, second) == jaccard(second, first)
    assert jaccard(first, first) == (1 if first else 0)


ESCAPES_AND_CLASSES = re.compile(r"\\.|\[[^\]]*\]")


def test_every_repeat_in_a_pattern_ends():
    """What is tried at one place of a text is bounded, so that reading it takes time that grows with its length."""
    patterns = [
        each for part in (reading, target_rules) for each in vars(part).values() if isinstance(each, re.Pattern)
    ]
    assert len(patterns) > 10

    for pattern in (*patterns, WORDS.dates):
        operators = ESCAPES_AND_CLASSES.sub("", pattern.pattern)
        assert not re.search(r"[*+]|,\}", operators), pattern.pattern
        assert all(int(times) <= 64 for times in re.findall(r"(\d+)\}", operators)), pattern.pattern
