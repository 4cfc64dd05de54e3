"""What the checker says of a target: every example with a label, one that trips each rule and one that passes it."""

import csv
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onroll.peps.targets.bank import Area
from onroll.peps.targets.checker import ALL_RULES, DEFAULTS, check_target, is_weak
from onroll.peps.targets.reading import WORDS
from onroll.peps.targets.rules import VERSION, Settings, Severity
from onroll.peps.targets.target_rules import RULES, Earlier, Kind, Outcome, Target
from onroll.peps.tests.test_clock_cases import the_calendar

EXAMPLES = Path(__file__).resolve().parents[4] / "shared" / "domain" / "pep" / "target-examples.csv"
EVERYTHING = replace(ALL_RULES, is_school_day=the_calendar().is_school_day)
TEXTS = ("text", "baseline", "success", "what", "when", "where", "who", "how_often", "money_for")

MEETING, DUE, NEXT_PEP = date(2026, 2, 3), date(2026, 6, 5), date(2026, 6, 12)
GOOD = Target(
    text="Rowan will move from a reading age of 8y2m to 8y8m",
    baseline="8y2m in January",
    success="8y8m on the same test",
    what="Paired reading from a book that Rowan chose",
    when="Registration",
    where="Library",
    who="Mrs Adeyemi",
    how_often="20 minutes, 3 times a week",
    meeting_on=MEETING,
    due_on=DUE,
    next_pep_due=NEXT_PEP,
    area=Area.ENGLISH,
    need="Reading",
    known_as="Rowan",
)


def target(**given):
    return replace(GOOD, **given)


def fired(checked, rules=EVERYTHING):
    return [finding.rule for finding in check_target(checked, rules)]


def examples():
    if not EXAMPLES.exists():
        return []
    with EXAMPLES.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def example(row):
    days = {name: date.fromisoformat(row[name]) if row[name] else None for name in ("meeting_on", "due_on")}
    return Target(
        **{name: row[name] for name in (*TEXTS, "area", "need", "known_as", "previous_text", "previous_change")},
        **days,
        next_pep_due=date.fromisoformat(row["next_pep_due"]),
        kind=Kind(row["kind"]),
        money=Decimal(row["money"]),
        previous_outcome=Outcome(row["previous_outcome"]) if row["previous_outcome"] else None,
        other_names=[name.strip() for name in row["other_names"].split(";") if name.strip()],
    )


@pytest.mark.parametrize("row", examples(), ids=lambda row: row["id"])
def test_an_example_fires_exactly_the_rules_it_is_labelled_with(row):
    found = check_target(example(row), EVERYTHING)

    assert [finding.rule for finding in found] == row["rules_fired"].split()
    assert is_weak(found) is (row["label"] == "weak")


def test_a_good_target_fires_nothing():
    assert fired(GOOD) == []


FIFTEEN = "Rowan will read one page of a book that he chose to 4 friends"
FIFTY_FIVE = f"{FIFTEEN} {'and then the very next page of it ' * 6}"
LAST_TERM = {"previous_text": GOOD.text, "previous_outcome": Outcome.NOT_MET}

# A rule, a target that trips it, and one that passes.
PAIRS = [
    (
        "T01",
        {"text": "Rowan will feel better about reading", "success": "He is happy"},
        {"text": "Rowan will read a page aloud to the class without help", "success": "He is happy"},
    ),
    ("T02", {"due_on": None}, {"due_on": DUE}),
    ("T03", {"due_on": date(2026, 11, 27)}, {"due_on": DUE}),
    (
        "T04",
        {"baseline": "tbc", "text": "Rowan will write 10 correct sentences"},
        {"baseline": "tbc", "text": "Rowan will go from 2 to 8 correct sentences"},
    ),
    ("T05", {"text": "Rowan will move from 8y2m to 8y2m in reading"}, {"text": "Rowan will move from 8y2m to 8y8m"}),
    (
        "T05",
        {"text": "Rowan will have 6 incidents or under a week", "baseline": "4 incidents", "success": "6 or under"},
        {"text": "Rowan will go from 6 incidents to 2 a week"},
    ),
    ("T06", {"who": "Class teacher"}, {"who": "Mrs Adeyemi"}),
    (
        "T07",
        {"text": "Rowan will improve his confidence", "success": ""},
        {"text": "Rowan will raise his hand twice in each lesson", "success": ""},
    ),
    ("T08", {"text": "Improve reading"}, {"text": "Read 80 words correctly in a minute"}),
    ("T09", {"text": FIFTY_FIVE}, {"text": FIFTEEN}),
    (
        "T10",
        {"text": "Rowan will improve his reading age and his maths score"},
        {"text": "Rowan will move from a reading age of 8y2m to 8y8m"},
    ),
    (
        "T11",
        {"text": "Rowan will receive 12 sessions of tuition"},
        {"text": "Rowan will score 14 of 20 on fractions, up from 6"},
    ),
    (
        "T12",
        {"text": f"By the next PEP {GOOD.text}", "previous_text": GOOD.text},
        {"text": "Rowan will answer 6 of 8 questions about a story", "previous_text": GOOD.text},
    ),
    ("T13", LAST_TERM, LAST_TERM | {"previous_change": "Moved from one-to-one to a partner"}),
    ("T14", {"how_often": "Regularly"}, {"how_often": "15 minutes, 4 times a week"}),
    ("T15", {"what": "TA support"}, {"what": "Five words a day, one-minute check, chart kept by Rowan"}),
    (
        "T16",
        {"money": 300, "money_for": "Drama club, 10 sessions", "success": "He enjoys it"},
        {"money": 300, "money_for": "Drama club, 10 sessions", "success": "8 of 10 sessions attended"},
    ),
    (
        "T17",
        {"money": 500, "money_for": "Taxi transport"},
        {"money": 420, "money_for": "12 hours of maths tuition at 35 pounds"},
    ),
    ("T18", {"need": ""}, {"need": "Reading"}),
    (
        "T19",
        {"baseline": "Rowan is lazy"},
        {"baseline": "Rowan finds it hard to start; a first step on a card helps"},
    ),
    (
        "T20",
        {"text": "Rowan will join 3 games a week without help from the ELSA"},
        {"text": "Rowan will join 3 games a week without help from the emotional support assistant"},
    ),
    (
        "T21",
        {"text": "Rowan will stop shouting out in lessons"},
        {"text": "Rowan will raise a hand instead of calling out, 4 times in 5"},
    ),
    (
        "T22",
        {"text": "Rowan will be in class every single day"},
        {"text": "Rowan will be in class by 9.00, 4 days in 5"},
    ),
    (
        "T23",
        {"text": "Rowan will move from a reading age of 6y6m to 9y0m"},
        {"text": "Rowan will move from a reading age of 6y6m to 7y2m"},
    ),
    ("T24", {"due_on": date(2026, 6, 6)}, {"due_on": DUE}),
    (
        "T25",
        {"text": "Rowan will read 10 books from the library near AB12 3CD"},
        {"text": "Rowan will read 10 books from the town library"},
    ),
    (
        "T26",
        {"text": "Leo will move from 12 to 18 right words", "other_names": ["Mina", "Leo"]},
        {"text": "Rowan will move from 12 to 18 right words", "other_names": ["Mina", "Leo"]},
    ),
]


@pytest.mark.parametrize(("rule", "trips", "passes"), PAIRS, ids=[pair[0] for pair in PAIRS])
def test_each_rule_has_a_target_that_trips_it_and_one_that_passes(rule, trips, passes):
    assert rule in fired(target(**trips))
    assert rule not in fired(target(**passes))


def test_every_rule_is_tried():
    assert {pair[0] for pair in PAIRS} == {rule.id for rule in RULES}
    assert [rule.id for rule in RULES] == [f"T{number:02}" for number in range(1, 27)]


# The edges of the rules


@pytest.mark.parametrize(
    ("due_on", "kind", "outside"),
    [
        (MEETING + timedelta(days=13), Kind.IN_TERM, True),
        (MEETING + timedelta(days=14), Kind.IN_TERM, False),
        (NEXT_PEP + timedelta(days=14), Kind.IN_TERM, False),
        (NEXT_PEP + timedelta(days=15), Kind.IN_TERM, True),
        (MEETING + timedelta(days=13), Kind.END_OF_YEAR, True),
        (date(2026, 8, 31), Kind.END_OF_YEAR, False),
        (date(2026, 9, 1), Kind.END_OF_YEAR, True),
    ],
)
def test_a_date_is_judged_by_the_meeting_and_by_the_next_plan_or_the_year(due_on, kind, outside):
    assert ("T03" in fired(target(due_on=due_on, kind=kind))) is outside


def test_what_is_not_known_yet_is_not_judged():
    checked = target(meeting_on=None, next_pep_due=None, due_on=date(2030, 1, 5))

    assert fired(checked, ALL_RULES) == []


@pytest.mark.parametrize(
    "text", ["Rowan can now write 2 of 5 sentences, and will write 4", "At present 2 of 5; Rowan will write 4 of 5"]
)
def test_a_start_told_in_the_sentence_is_a_starting_point(text):
    assert "T04" not in fired(target(baseline="", text=text))


def test_now_without_a_measure_is_no_starting_point():
    assert "T04" in fired(target(baseline="", text="Rowan is shy now and will say more in class"))


@pytest.mark.parametrize(("goal", "no_better"), [("85%", True), ("91%", True), ("92%", False), ("95 marks", False)])
def test_a_goal_is_measured_against_the_start_where_the_two_count_the_same(goal, no_better):
    checked = target(text="Ines will be in lessons more often this term", baseline="91% last term", success=goal)

    assert ("T05" in fired(checked)) is no_better


def test_fewer_is_better_of_what_nobody_wants_more_of():
    text = "Rowan will have few incidents in class this term"
    more, same, fewer = (target(text=text, baseline="7 a week", success=f"{n} a week") for n in (8, 7, 6))

    assert "T05" in fired(more)
    assert "T05" in fired(same)
    assert "T05" not in fired(fewer)


@pytest.mark.parametrize(("words", "rule"), [(5, "T08"), (6, ""), (45, ""), (46, "T09")])
def test_a_target_has_six_words_and_at_most_forty_five(words, rule):
    text = "Rowan - - - reads " + "8 " * (words - 2)

    assert {"T08", "T09"} & set(fired(target(text=text))) == ({rule} if rule else set())


@pytest.mark.parametrize(
    ("text", "phrase"),
    [
        ("Rowan will try to make good progress in class", "try to"),
        ("Rowan will make good progress in class", "make good progress"),
        ("Rowan will be readier in class and lessons", ""),
    ],
)
def test_the_vague_phrase_that_comes_first_is_named(text, phrase):
    found = {finding.rule: finding for finding in check_target(target(text=text, success=""), EVERYTHING)}

    assert (found["T07"].phrase if "T07" in found else "") == phrase
    if phrase:
        assert found["T07"].message.startswith(f'"{phrase}" alone cannot be checked.')


@pytest.mark.parametrize(
    ("text", "two"),
    [
        ("Rowan will read 20 words, write 5 sentences and spell 10 words", False),
        ("Rowan will read 20 words as well as attend 4 days", True),
        ("Rowan will tidy 5 books; he will do 8 fractions plus 3 sums", False),
        ("Rowan will read 20 words; he will do 8 fractions", True),
        ("Rowan will read 20 words about number bonds with friends", False),
    ],
)
def test_two_targets_in_one_are_of_areas_with_nothing_in_common(text, two):
    assert ("T10" in fired(target(text=text))) is two


@pytest.mark.parametrize(
    ("how_often", "said"),
    [
        ("Each fortnight", True),
        ("Fortnightly", True),
        ("An hour per half-term", True),
        ("Some minutes a lesson", True),
        ("TWICE", True),
        ("Termly", True),
        ("10 minutes", True),
        ("", False),
        ("As needed", False),
        ("A daydream", False),
        ("Nonce", False),
    ],
)
def test_how_often_is_a_number_or_a_word_that_says_so(how_often, said):
    assert ("T14" not in fired(target(how_often=how_often))) is said


@pytest.mark.parametrize(
    ("money_for", "refused"),
    [("", True), ("Resources", True), ("New school uniform", True), ("Resources for 10 lessons of phonics", False)],
)
def test_money_says_what_it_buys_and_buys_nothing_that_is_owed_already(money_for, refused):
    assert ("T17" in fired(target(money=Decimal("0.50"), money_for=money_for))) is refused
    assert "T17" not in fired(target(money=0, money_for=money_for))


@pytest.mark.parametrize(
    ("text", "initials"),
    [
        ("Rowan will pass 3 GCSEs and a BTEC by 5 PM", ""),
        ("Rowan will meet 2 TAs before the EHCP review", "TA"),
        ("Rowan will reach KS2 level with 3 books", ""),
        ("Rowan will write ABCDEFG on 3 cards", ""),
    ],
)
def test_initials_that_not_everybody_knows_are_named(text, initials):
    found = [finding for finding in check_target(target(text=text), EVERYTHING) if finding.rule == "T20"]

    assert [finding.phrase for finding in found] == [initials] * bool(initials)
    assert [finding.message for finding in found] == [f'Write "{initials}" in words.'] * bool(initials)


@pytest.mark.parametrize(
    ("text", "only_stops"),
    [
        ("Rowan will reduce shouting in lessons to 2 times", True),
        ("Rowan won’t shout in lessons more than 2 times", True),
        ("Rowan will not shout; he will ask for a break 4 times in 5", False),
        ("Rowan will end 5 sentences with a capital and a full stop.", False),
        ("Rowan will be calm in 4 lessons, restless in 1", False),
    ],
)
def test_a_target_that_only_stops_something_is_asked_what_starts(text, only_stops):
    assert ("T21" in fired(target(text=text))) is only_stops


@pytest.mark.parametrize(
    ("area", "baseline", "success", "odd"),
    [
        (Area.ATTENDANCE, "70%", "86%", True),
        (Area.ATTENDANCE, "70%", "85%", False),
        (Area.MATHS, "70%", "86%", False),
        (Area.MATHS, "grade 3", "grade 6", True),
        (Area.MATHS, "grade 3", "grade 5", False),
        (Area.ENGLISH, "8y2m", "8y4m", True),
        (Area.ENGLISH, "8 years 2 months", "8 years 5 months", False),
        (Area.ENGLISH, "8y2m", "9y6m", False),
        (Area.ENGLISH, "8y2m", "9y7m", True),
    ],
)
def test_a_step_is_measured_by_the_time_there_is(area, baseline, success, odd):
    checked = target(text="Rowan will do better on the test this year", area=area, baseline=baseline, success=success)

    assert ("T23" in fired(checked)) is odd


@pytest.mark.parametrize("field", ["text", "baseline", "what", "success", "money_for"])
@pytest.mark.parametrize("said", ["07700 900123", "(01632) 960 001", "mum@example.org", "ab12 3cd", "+44 7700 900123"])
def test_an_address_or_a_number_stops_a_target_wherever_it_is_written_and_is_not_repeated(field, said):
    found = {f.rule: f for f in check_target(target(**{field: f"Ring 3 times {said} please or write"}), EVERYTHING)}

    assert found["T25"].severity is Severity.STOP
    assert said not in repr(found["T25"])


@pytest.mark.parametrize(
    "text",
    [
        "Rowan will be in Y4 3rd in line on 4 days",
        "Rowan will be up by 07.30 on 20 of 25 days",
        "By 05-06-2026 10 of 12 words are right",
        "From 6y6m to 7y2m @ school",
        "Rowan will get from 0 1 2 3 4 5 6 7 8 9 10 to 20",
    ],
)
def test_what_only_looks_like_an_address_or_a_number_stops_nothing(text):
    assert "T25" not in fired(target(text=text))


def test_a_name_is_a_name_in_capitals_and_as_a_whole_word():
    names = ["Will", "Leo"]

    assert "T26" not in fired(target(text="Rowan will see a leopard, a Leonberger and 3 dogs", other_names=names))
    found = {f.rule: f for f in check_target(target(text="Leo's goal: 3 of 5 words right", other_names=names))}
    assert found["T26"].message == "Is this Leo's target? Check that you are in the right plan."


def test_a_target_is_compared_with_the_most_alike_of_last_term():
    one = Earlier(text="Rowan will learn 12 times tables", outcome=Outcome.MET)
    other = Earlier(text="Rowan will read 80 words in a minute", outcome=Outcome.PARTLY, change="With a partner")

    checked = Target(text="Rowan will read 90 words in a minute").following([one, other])

    assert (checked.previous_text, checked.previous_outcome, checked.previous_change) == (
        other.text,
        Outcome.PARTLY,
        "With a partner",
    )
    assert GOOD.following([]) == GOOD


def test_a_new_number_alone_is_no_change_after_a_target_that_was_not_met():
    text, previous = "Rowan will read 85 words in a minute", "Rowan will read 80 words in a minute"

    again = target(text=text, previous_text=previous, previous_outcome=Outcome.PARTLY)

    assert fired(again) == ["T13"]
    assert fired(replace(again, previous_outcome=Outcome.MET)) == []


# What an authority sets


def test_eight_rules_and_the_guard_of_other_children_are_on_until_an_authority_says_otherwise():
    worst = Target(text="Leo is lazy at 07700 900123", money=5, other_names=["Leo"], previous_text="")

    assert fired(worst, DEFAULTS) == ["T02", "T04", "T06", "T16", "T25", "T26"]
    on = sorted(rule for rule in DEFAULTS.on if rule.startswith("T"))
    assert on == ["T01", "T02", "T03", "T04", "T06", "T12", "T16", "T25", "T26"]


def test_an_authority_turns_rules_on_and_off_and_says_how_much_they_weigh():
    weak = target(who="School", how_often="")
    own = Settings(on=frozenset({"T14"}), severities={"T14": Severity.HINT})

    found = check_target(weak, own)

    assert [(finding.rule, finding.severity) for finding in found] == [("T14", Severity.HINT)]
    assert is_weak(check_target(weak)) is True
    assert is_weak(found) is False


def test_an_authority_words_a_message_and_what_is_in_braces_is_only_what_was_found():
    own = replace(ALL_RULES, messages={"T20": "{initials}? {text.__class__} {0} {settings}"})

    found = check_target(target(text="Rowan will ask the ELSA 3 times a week"), own)

    assert [finding.message for finding in found if finding.rule == "T20"] == ["ELSA? {text.__class__} {0} {settings}"]


def test_an_authority_has_its_own_lists_of_words():
    own = replace(EVERYTHING, words=replace(WORDS, generic_owner=("mrs adeyemi",)))

    assert fired(GOOD, own) == ["T06"]
    assert fired(target(who="School"), own) == []


def test_a_finding_tells_by_which_version_of_the_rules_it_was_made():
    assert {finding.version for finding in check_target(Target())} == {VERSION}


# Any text


SNIPPETS = [
    "from",
    "to",
    "2",
    "8y2m",
    "1:1",
    "will",
    "grade",
    "half",
    "of",
    "year",
    "by",
    "18 July",
    "%",
    "stop ",
    "AB1",
]
TEXT = st.one_of(st.text(max_size=60), st.lists(st.sampled_from(SNIPPETS), max_size=12).map(" ".join))


@given(st.fixed_dictionaries(dict.fromkeys((*TEXTS, "previous_text", "known_as"), TEXT)), st.lists(TEXT, max_size=3))
def test_any_text_is_read_and_told_in_the_order_of_the_rules(texts, names):
    checked = Target(**texts, money=1, meeting_on=MEETING, due_on=DUE, other_names=names)

    found = fired(checked)

    assert found == sorted(set(found))
    assert fired(checked, DEFAULTS) == [rule for rule in found if rule in DEFAULTS.on]


@given(TEXT, TEXT)
def test_a_date_in_the_text_is_never_taken_for_a_measure(text, success):
    checked = target(text=text, success=success)
    dated = target(text=f"{text} by 18 July 2026", success=success)

    assert ("T01" in fired(dated)) is ("T01" in fired(checked))


@pytest.mark.parametrize(
    "piece",
    [
        "from 1 to ",
        "1,",
        "a@",
        "0123 ",
        "read,maths;",
        "y1 ",
        "1",
        "reads ",
        "and ",
        "AB1 ",
        "8y2m ",
        "1 of ",
        "\u0300\u0316",
    ],
)
def test_a_hostile_text_is_read_too(piece):
    """Longer than any field: what grew with the square of the length would not come to an end."""
    text = piece * (20_000 // len(piece))

    assert "T09" in fired(Target(text=text)) or " " not in piece
