"""The forms: what they hold, what one plan asks of whom, and how many answers a designated teacher gives."""

import csv
import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from onroll.access.sections import Section
from onroll.codes import NCCIS_ACTIVITY
from onroll.peps.clock import Form as FormOfTheClock
from onroll.peps.forms import conditions, declarations, fingerprints, reading, values
from onroll.peps.forms.declarations import (
    CODE_FILES,
    DATA,
    FilledBy,
    Form,
    Kind,
    Question,
    Readers,
    form,
    named,
    option_sources,
    question_of,
    rows,
    words,
)
from onroll.peps.forms.fingerprints import fingerprint
from onroll.peps.forms.reading import (
    Asked,
    Meter,
    Origin,
    ShownSection,
    Standing,
    active_answers,
    meter,
    missing,
    shown,
    standing,
    values_of,
)
from onroll.peps.forms.values import check_value, is_nothing

YEAR = 2026
KINDS = [each.value for each in FormOfTheClock]
YEARS = sorted(int(path.stem.removeprefix("kinds_")) for path in DATA.glob("kinds_*.csv"))
EVERY_FORM = [form(kind, initial=initial, year=year) for year in YEARS for kind in KINDS for initial in (False, True)]
by_key = pytest.mark.parametrize("each", EVERY_FORM, ids=lambda each: each.key)
SCHOOL_AGE = form("school_age", initial=False, year=YEAR)
TEACHER = FilledBy.DESIGNATED_TEACHER


def question(key: str, of: Form = SCHOOL_AGE) -> Question:
    return next(each for each in of.questions() if each.key == key)


def keys(sections: list[ShownSection]) -> list[str]:
    return [each.question.key for section in sections for each in section.asked]


def published(shared: Path, file: str) -> list[dict[str, str]]:
    with (shared / "domain/pep" / file).open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


# What the forms hold


def test_every_question_that_the_field_wrote_down_is_declared_as_it_was_written(shared):
    asked_for = {}
    for row in published(shared, "forms.csv"):
        del row["section_title"]
        asked_for.setdefault(row.pop("form"), []).append(row)

    assert sum(map(len, asked_for.values())) == 319
    for name, theirs in asked_for.items():
        ours = rows("shared_2026" if name == "shared" else name)
        assert list(ours[: len(theirs)]) == theirs
        # What follows in the file of first plans stands in the place of a shared question.
        replaced = {row["question_key"] for row in ours[len(theirs) :]}
        assert replaced <= {row["question_key"] for row in asked_for["shared"]}
        assert not replaced or name == "initial_2026"


@pytest.mark.requirement("R030")
def test_the_sections_of_every_form_are_those_of_the_field_in_their_order(shared):
    ours = [dict(row) for row in rows("sections_2026")]
    for row in ours:
        place = row.pop("place")
        row["note"] = f"{place}: {row['note']}" if place else row["note"]
    theirs = published(shared, "form-sections.csv")
    for row in theirs:
        del row["order"]

    assert ours == theirs
    for kind in KINDS:
        of_the_form = [(row["section_key"], row["title"]) for row in theirs if row["form"] == f"{kind}_2026"]
        declared = form(kind, initial=False, year=YEAR)
        assert [(section.key, section.title) for section in declared.sections] == of_the_form


def test_every_title_of_a_section_is_that_of_its_questions(shared):
    theirs = {(row["section_key"], row["section_title"]) for row in published(shared, "forms.csv")}

    assert theirs <= {(row["section_key"], row["title"]) for row in rows("sections_2026")}


@by_key
def test_no_section_of_a_form_is_empty_and_no_key_comes_twice(each):
    all_keys = [question.key for question in each.questions()]

    assert all(section.questions for section in each.sections)
    assert len(all_keys) == len(set(all_keys))


@by_key
def test_a_question_left_out_is_not_there(each):
    plain = each.key.removesuffix("_initial")
    year = plain[-4:]
    names = {plain} if plain == each.key else {plain, f"initial_{year}"}
    left_out = {
        (row["section_key"], key)
        for row in rows(f"sections_{year}")
        if row["form"] in names
        for key in row["questions_left_out"].split()
    }

    assert left_out.isdisjoint((question.section, question.key) for question in each.questions())


def test_a_first_plan_asks_what_is_new_and_not_how_the_last_one_went():
    first = form("school_age", initial=True, year=YEAR)
    sections = [section.key for section in first.sections]

    assert sections[sections.index("about") + 1] == "start"
    assert sections[sections.index("strengths") - 1] == "baseline"
    assert not {"carried", "review"} & set(sections)
    assert "money_last" not in {each.key for each in first.questions()}
    assert question("target_list", first).limits.setting == "target_minimum_initial"
    assert question("target_list").limits.setting == "target_minimum"
    assert "target[].ambitious" not in {part.key for part in question("target_list", first).parts}


def test_a_first_plan_may_not_know_yet_whether_the_school_is_right():
    first = form("school_age", initial=True, year=YEAR)
    answers = {"school_right": "Not known yet"}

    assert not check_value(question("school_right", first), "Not known yet")
    assert check_value(question("school_right"), "Not known yet")
    assert "school_right_why" not in keys(shown(first, {}, answers))
    assert "school_right_why" in keys(shown(first, {}, {"school_right": "Partly"}))


def test_a_first_plan_asks_for_hopes_without_requiring_them():
    first = form("school_age", initial=True, year=YEAR)

    assert not question("asp_ambition", first).required.holds({})
    assert question("asp_ambition").required.holds({})


def test_who_leads_in_the_setting_answers_what_the_setting_is_asked():
    leads = {kind: form(kind, initial=True, year=YEAR).lead for kind in KINDS}

    assert leads == {
        "early_years": FilledBy.SETTING_LEAD,
        "school_age": FilledBy.DESIGNATED_TEACHER,
        "post_16": FilledBy.SETTING_LEAD,
        "not_on_roll": FilledBy.VIRTUAL_SCHOOL,
    }
    for each in EVERY_FORM:
        assert question("headline", each).filled_by is each.lead
        baseline = [section.filled_by for section in each.sections if section.key == "baseline"]
        assert baseline == ([each.lead] if each.key.endswith("initial") else [])


@by_key
def test_a_condition_asks_only_facts_and_questions_before_it(each):
    known = {row["fact"] for row in rows("facts")}
    for section in each.sections:
        assert {comparison.key for comparison in section.shown_when.comparisons} <= known
        for asked in section.questions:
            for here in (asked, *asked.parts):
                for condition in (here.shown_when, here.required):
                    assert {comparison.key for comparison in condition.comparisons} <= known, here.key
                known.add(here.key)


@by_key
def test_a_condition_compares_with_what_can_be_said(each):
    facts = {row["fact"]: row["values"] for row in rows("facts")}
    asked = {question.key: question for question in each.questions()}
    for question in asked.values():
        for comparison in (*question.shown_when.comparisons, *question.required.comparisons):
            if comparison.key in facts:
                possible = facts[comparison.key].split("|")
            else:
                possible = [value for value, _ in asked[comparison.key].options.choices()]
            numbers = possible == ["number"]
            assert all(value.isdigit() if numbers else value in possible for value in comparison.values), str(
                comparison
            )


def test_no_fact_is_named_like_a_question():
    facts = [row["fact"] for row in rows("facts")]

    assert len(facts) == len(set(facts))
    for each in EVERY_FORM:
        assert not set(facts) & {question.key for question in each.questions()}


@by_key
def test_every_choice_has_something_to_choose(each):
    for question in each.questions():
        options = question.options
        if question.kind in (Kind.CHOICE, Kind.MULTI_CHOICE):
            assert len(options.choices()) > 1 or options.source, question.key
            assert len(set(options.choices())) == len(options.choices())


def test_a_source_of_options_that_nobody_wrote_down_would_stand_out():
    # A lone word among the options is a source that `option_sources.csv` does not name.
    for each in EVERY_FORM:
        for question in each.questions():
            for options in (question.options, *(column.options for column in question.columns)):
                assert len(options.words) != 1 or options.source, question.key
    assert set(option_sources()) == {
        options.source
        for each in EVERY_FORM
        for question in each.questions()
        for options in (question.options, *(column.options for column in question.columns))
        if options.source
    }


def test_what_is_only_shown_is_never_required_and_a_list_is_never_carried_forward():
    for each in EVERY_FORM:
        for question in each.questions():
            if question.kind is Kind.SHOWN:
                assert question.required == conditions.NEVER
            if question.kind.is_list:
                assert not question.carried_forward
                assert question.parts


def test_a_code_set_of_the_country_gives_its_codes_with_their_words():
    intent = question("tr_p16_intent")

    assert intent.options.choices() == NCCIS_ACTIVITY.choices()
    assert not check_value(intent, "220")
    assert check_value(intent, "Full-time education: sixth form college")
    assert CODE_FILES


def test_a_table_has_columns_with_kinds_and_choices():
    areas = question("ey_areas", form("early_years", initial=False, year=YEAR))

    assert [(column.name, column.kind) for column in areas.columns] == [
        ("area", Kind.CHOICE),
        ("now", Kind.CHOICE),
        ("example", Kind.TEXT),
    ]
    assert "Personal, social and emotional development" in areas.columns[0].options.words
    assert question("assess_enter").columns[2].title == "On track"


def test_each_answer_says_which_section_of_the_record_its_readers_read():
    assert question("headline").readers == Readers(Section.PEP)
    assert question("health_for_school").readers == Readers(Section.HEALTH, and_of_summary=True)
    assert question("care_safety").readers == Readers(Section.CONTACT, and_of_summary=True)
    assert question("meeting_place").readers == Readers(None)


def test_the_words_carry_the_name_that_the_young_person_is_known_by():
    assert words(question("school_right"), "Kit") == "Is this the right school or setting for Kit?"
    assert named("Ask {known_as} first.", "{known_as}") == "Ask {known_as} first."
    for each in EVERY_FORM:
        for asked in each.questions():
            assert not re.search(r"[{}]", words(asked, "Kit") + named(asked.hint, "Kit"))


@pytest.mark.parametrize(
    ("column", "cell"),
    [
        ("required_at_submission", "when"),
        ("required_at_submission", "maybe"),
        ("kind", "slider"),
        ("who_may_read", "everyone"),
        ("filled_by", "parent"),
        ("shown_when", "eal is yes"),
        ("options", "codes/no_such_list.csv"),
    ],
)
def test_a_row_that_cannot_be_read_is_refused(column, cell):
    row = next(row for row in rows("shared_2026") if row["question_key"] == "school_right")

    with pytest.raises(ValueError):
        question_of({**row, column: cell}, FilledBy.DESIGNATED_TEACHER)


def test_no_question_is_known_by_name_to_the_code():
    # The kinds of lists are called as the one list of their kind is.
    names = {question.key for each in EVERY_FORM for question in each.questions()} - {each.value for each in Kind}
    for module in (conditions, declarations, fingerprints, reading, values):
        code = Path(module.__file__).read_text(encoding="utf-8")
        said = set(re.findall(r"[a-z]\w*(?:\[\]\.\w+)?", code))
        assert not names & said, module.__name__


# A form that has been used never changes


@by_key
def test_a_form_that_has_been_used_never_changes(each):
    kept = {row["form"]: row["fingerprint"] for row in rows("fingerprints")}

    assert kept.get(each.key) == fingerprint(each), "People write in this form. Change the next year's, not this one."


def test_every_file_of_a_year_is_read_by_a_form():
    of_a_year = {path.stem for path in DATA.glob("*_2*.csv")}

    assert of_a_year == {
        f"{name}_{year}" for year in YEARS for name in ("kinds", "sections", "shared", "initial", *KINDS)
    }


@given(st.data())
def test_any_change_of_a_cell_changes_the_fingerprint(data):
    row = data.draw(st.sampled_from(rows("school_age_2026")))
    column = data.draw(st.sampled_from(["question", "hint", "promoted_to", "early_sign_off_notes", "shown_when_words"]))
    changed = question_of({**row, column: row[column] + "x"}, TEACHER)

    assert fingerprints._said_by(changed) != fingerprints._said_by(question_of(row, TEACHER))


# What is asked


def test_a_section_is_there_when_something_in_it_is_asked():
    at_16 = form("post_16", initial=False, year=YEAR)

    def sections(route: str) -> set[str]:
        return {each.section.key for each in shown(at_16, {}, {"route": route})}

    assert {"p16_neet"} <= sections("neet")
    assert not {"p16_college", "right_place"} & sections("neet")
    assert {"p16_college", "right_place"} <= sections("sixth_form_or_college")
    assert "carer" not in sections("neet")
    assert "carer" in {each.section.key for each in shown(at_16, {"lives_with_carer": True}, {})}


def test_an_answer_left_behind_by_a_question_no_longer_asked_decides_nothing():
    facts = {"grant_eligible": "yes"}
    answers = {"money_needed": ["Read every day"], "request_list": [{}]}

    assert "request[].amount" in keys(shown(SCHOOL_AGE, facts, answers))
    assert not {"request_list", "request[].amount"} & set(keys(shown(SCHOOL_AGE, {}, answers)))


def test_the_cards_of_a_list_are_asked_one_by_one():
    facts = {"previous_targets": 2}
    cards = [{"outcome": "Met"}, {"outcome": "Not met", "approved_amount": 120}]

    review = next(each for each in shown(SCHOOL_AGE, facts, {"review_list": cards}) if each.section.key == "review")

    asked = [(each.row, each.question.name) for each in review.asked]
    assert asked == [
        (None, "review_list"),
        *((0, name) for name in ("outcome", "evidence", "effect", "next")),
        *((1, name) for name in ("outcome", "evidence", "effect", "next", "change", "spent")),
    ]
    assert [each.required for each in review.asked if each.question.name == "change"] == [True]


# What is missing


def test_what_is_missing_is_said_to_the_one_who_is_to_give_it():
    facts = {"previous_targets": 1}
    answers = {
        "review_list": [{"outcome": "Met", "evidence": " "}],
        "target_list": [{"text": "Read", "who": "Ms Shah"}],
    }

    said = {each.asked.question.key: each for each in missing(shown(SCHOOL_AGE, facts, answers), "Kit")}

    assert said["meeting_on"].words == "Enter the date for “When is the meeting?”"
    assert said["meeting_on"].section.key == "meeting"
    assert said["school_right"].words == "Choose an answer to “Is this the right school or setting for Kit?”"
    assert said["review[].evidence"].words == "Review 1: answer “What shows it?”"
    assert "review[].outcome" not in said
    assert said["target_list"].words.startswith("Add 2 more to “")
    assert said["target_list"].too_few
    assert said["target_list"].asked.question.filled_by is TEACHER
    assert "meeting_notes" not in said


def test_how_many_targets_a_plan_needs_is_a_setting():
    answers = {"target_list": [{}, {}]}

    def too_few(facts: dict[str, object], of: Form = SCHOOL_AGE) -> bool:
        return "target_list" in {each.asked.question.key for each in missing(shown(of, facts, answers), "Kit")}

    assert too_few({})
    assert not too_few({"target_minimum": 2})
    assert not too_few({}, form("school_age", initial=True, year=YEAR))


def test_the_meter_of_a_section_counts_required_answers():
    answers = {"school_right": "Partly", "support_right": "Yes"}

    right_place = next(each for each in shown(SCHOOL_AGE, {}, answers) if each.section.key == "right_place")

    assert meter(right_place.asked) == Meter(answered=2, required=3)
    assert not meter(right_place.asked).is_full
    assert right_place.owner is TEACHER


def test_the_teacher_is_asked_in_the_young_persons_section_too():
    voice = next(each for each in shown(SCHOOL_AGE, {}, {}) if each.section.key == "voice")

    assert voice.owner is FilledBy.YOUNG_PERSON
    assert [each.question.key for each in voice.of(TEACHER)] == ["voice_effect", "voice_answer_back"]
    assert meter(voice.of(TEACHER)) == Meter(answered=0, required=1)


@settings(deadline=None, max_examples=30)
@given(st.data())
def test_any_facts_and_answers_can_be_read(data):
    of = data.draw(st.sampled_from(EVERY_FORM))
    facts = {row["fact"]: data.draw(a_fact(row["values"])) for row in rows("facts") if data.draw(st.booleans())}
    some = data.draw(st.lists(st.sampled_from(list(of.questions())), max_size=12))
    answers = {each.key: data.draw(ANYTHING) for each in some}

    sections = shown(of, facts, answers)

    still = missing(sections, "Kit")
    whole = meter(each for section in sections for each in section.asked)
    assert whole.required - whole.answered == len(still)
    assert [section.section for section in sections] == [
        section for section in of.sections if section in [each.section for each in sections]
    ]
    for each in some:
        assert isinstance(check_value(each, answers[each.key]), str)


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=6) | st.sampled_from(["Yes", "No", "Met", "neet"]),
    lambda inside: (
        st.lists(inside, max_size=3) | st.dictionaries(st.sampled_from(["outcome", "text", "what"]), inside, max_size=2)
    ),
    max_leaves=5,
)


def a_fact(values: str) -> st.SearchStrategy:
    return st.integers(0, 18) if values == "number" else st.sampled_from(values.split("|"))


# Where an answer comes from


def test_an_answer_given_goes_before_the_record_and_the_record_before_the_last_plan():
    previous = {"care_travel": "By taxi", "strengths_list": "Drawing", "headline": "Went well"}
    from_record = {"care_travel": "By bus", "headline": "Never filled from the record"}

    found = standing(SCHOOL_AGE, {}, previous=previous, from_record=from_record)

    assert found == {
        "care_travel": Standing("By bus", Origin.RECORD),
        "strengths_list": Standing("Drawing", Origin.CARRIED),
    }
    given = {"care_travel": "On foot", "strengths_list": ""}
    found = standing(SCHOOL_AGE, given, previous=previous, from_record=from_record)
    assert values_of(found) == given
    assert {each.origin for each in found.values()} == {Origin.GIVEN}


def test_an_answer_that_the_form_no_longer_takes_is_not_carried_forward():
    found = standing(SCHOOL_AGE, {}, previous={"care_aim": "Boarding", "asp_device": "Both"}, from_record={})

    assert list(found) == ["asp_device"]


# What can be an answer


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("headline", "Two good terms.\nMore maths."),
        ("headline", "x" * 4000),
        ("meeting_no_meeting_reason", "x" * 300),
        ("school_right", "Partly"),
        ("sign_lead", "Yes"),
        ("carer_home", ["Tutor", "Library or books"]),
        ("meeting_on", "2026-02-28"),
        ("school_hours", "26.5"),
        ("school_hours", 25),
        ("needs_list", [{"need": "Reading", "looks_like": "Skips words", "since": "2025-09-01"}, {}]),
        ("target_list", [{"text": "Read 40 words", "who": "Ms Shah", "due": "2026-07-10", "area": "english"}]),
        ("money_needed", ["No target needs money"]),
        ("request_list", [{"amount": "120", "target": "Anything while nobody says which there are"}]),
        ("asp_clubs", None),
        ("asp_clubs", []),
        ("meeting_on", ""),
    ],
)
def test_a_good_answer_is_taken(key, value):
    assert check_value(question(key), value) == ""


@pytest.mark.parametrize(
    ("key", "value", "said"),
    [
        ("headline", "x" * 4001, "Use 4,000 characters or fewer: this is 1 too long."),
        ("meeting_no_meeting_reason", "x" * 310, "Use 300 characters or fewer: this is 10 too long."),
        ("headline", ["words"], "Enter words."),
        ("headline", "a\0b", "Take out what is not text."),
        ("headline", "a\ud800b", "Take out what is not text."),
        ("school_right", "Perhaps", "Choose one of the options: “Perhaps” is not one."),
        ("school_right", ["Yes"], "Choose one of the options."),
        ("sign_lead", "yes", "Choose yes or no."),
        ("carer_home", ["Tutor", "Television"], "Choose one of the options: “Television” is not one."),
        ("carer_home", ["Tutor", "Tutor"], "Choose each option once."),
        ("carer_home", "Tutor", "Choose from the options."),
        ("meeting_on", "2026-02-30", "Enter a date that there is, as day, month and year."),
        ("meeting_on", "20260228", "Enter a date that there is, as day, month and year."),
        ("meeting_on", 20260228, "Enter a date that there is, as day, month and year."),
        ("school_hours", "twenty", "Enter a number, like 12 or 12.5."),
        ("school_hours", "-3", "Enter a number, like 12 or 12.5."),
        ("school_hours", "nan", "Enter a number, like 12 or 12.5."),
        ("school_hours", True, "Enter a number, like 12 or 12.5."),
        ("about_facts", "Kit", "This is shown here, and answered elsewhere."),
        ("voice", "words", "This is shown here, and answered elsewhere."),
        ("audit_ticks", [{"tick": "Yes"}], "This is shown here, and answered elsewhere."),
        ("needs_list", "Reading", "Enter this line by line."),
        ("needs_list", [{}, {"since": "May"}], "Line 2, Since: Enter a date that there is, as day, month and year."),
        ("needs_list", [{"secret": "x"}], "Line 1, there is something that the form does not ask."),
        ("needs_list", [{"need": "Reading"}] * 101, "Keep to 100 at most: there are 101."),
        ("target_list", [{"text": "x"}] * 6, "Keep to 5 at most: there are 6."),
        ("target_list", [{}, {"area": "music"}], "Target 2, Choose one of the options: “music” is not one."),
    ],
)
def test_what_cannot_be_an_answer_is_told_in_a_sentence(key, value, said):
    assert check_value(question(key), value) == said


def test_an_option_of_the_product_is_taken_while_it_is_offered():
    target = question("request_list")
    offered = {"targets of this PEP": ["Read every day"]}

    assert not check_value(target, [{"target": "Read every day"}], offered)
    assert check_value(target, [{"target": "Another child's"}], offered)
    assert not check_value(question("money_needed"), ["No target needs money"], offered)


@pytest.mark.parametrize("value", [None, "", " \n", [], [{}], [{"text": ""}], {}])
def test_nothing_is_nothing(value):
    assert is_nothing(value)


def test_what_is_nested_without_end_is_no_answer():
    value: list = []
    for _ in range(5000):
        value = [value]

    assert not is_nothing(value)
    for each in SCHOOL_AGE.questions():
        assert check_value(each, value), each.key
    assert shown(SCHOOL_AGE, {}, {each.key: value for each in SCHOOL_AGE.questions()})


@pytest.mark.parametrize("value", [0, "0", False, "No", [{"text": "x"}]])
def test_a_nought_and_a_no_are_something(value):
    assert not is_nothing(value)


# How many answers a designated teacher gives


FACTS = {
    "pep_kind": "termly",
    "term": "spring",
    "age": 12,
    "year_group": 8,
    "previous_pep": "yes",
    "previous_targets": 3,
    "previous_money": "yes",
    "on_roll": "yes",
    "sen_provision": "N",
    "ehc_review_due": "no",
    "eal": "no",
    "uasc": "no",
    "disability": "no",
    "safety_flag": "no",
    "sdq_in_date": "yes",
    "sdq_band": "normal",
    "attendance_below_line": "no",
    "suspensions_since_last": 0,
    "part_time_timetable": "no",
    "alternative_provision": "no",
    "assessment_returned": "yes",
    "voice_recorded": "yes",
    "key_person_absent": "no",
    "grant_eligible": "yes",
    "starts_reception": "no",
    "moves_to_secondary": "no",
    "chooses_options": "no",
    "leaves_year_11": "no",
    "school_move": "no",
    "returns_to_school": "no",
    "permanence_plan": "no",
    "transition_shown": "no",
    "lives_with_carer": "yes",
    "sampled": "no",
    "returned": "no",
    "late": "no",
}
ANSWERS = {
    "school_right": "Yes",
    "support_right": "Yes",
    "att_risk": "No",
    "review_list": [{"outcome": "Met"}] * 3,
    "target_list": [{}] * 3,
    "money_needed": ["First target"],
    "request_list": [{}],
}


def counted(facts: dict[str, object] | None = None, answers: dict[str, object] | None = None) -> list[Asked]:
    return active_answers(shown(SCHOOL_AGE, {**FACTS, **(facts or {})}, {**ANSWERS, **(answers or {})}), TEACHER)


def test_a_designated_teacher_gives_the_24_answers_that_the_field_counted(shared):
    theirs = [(row["question_key"], int(row["times"])) for row in published(shared, "dt-answer-count.csv")]
    ours: dict[str, int] = {}
    for each in counted():
        ours[each.question.key] = ours.get(each.question.key, 0) + 1

    assert len(theirs) == 14
    assert ours == dict(theirs)
    assert len(counted()) == 24


@pytest.mark.parametrize(
    ("facts", "answers", "more"),
    [
        ({}, {"review_list": [{"outcome": "Met"}, {"outcome": "Met"}, {"outcome": "Not met"}]}, 1),
        ({}, {"review_list": [{"outcome": "Partly met"}] * 3}, 3),
        ({}, {"request_list": [{}, {}]}, 1),
        ({}, {"money_needed": ["No target needs money"], "request_list": []}, -1),
        ({"assessment_returned": "no"}, {}, 1),
        ({"attendance_below_line": "yes"}, {}, 2),
        ({"suspensions_since_last": 1}, {}, 2),
        ({"part_time_timetable": "yes"}, {}, 3),
        ({"alternative_provision": "yes"}, {}, 2),
        ({"ehc_review_due": "yes"}, {}, 1),
        ({"voice_recorded": "no"}, {}, 1),
        ({}, {"school_right": "Partly"}, 1),
        ({}, {"support_right": "No"}, 1),
        ({"returns_to_school": "yes"}, {}, 3),
        ({"year_group": 6, "term": "autumn", "moves_to_secondary": "yes"}, {}, 3),
        ({"year_group": 6, "term": "summer", "moves_to_secondary": "yes"}, {}, 5),
        ({"chooses_options": "yes"}, {}, 3),
        ({"year_group": 11, "term": "autumn", "leaves_year_11": "yes"}, {}, 3),
        ({"year_group": 11, "term": "spring", "leaves_year_11": "yes"}, {}, 4),
        ({"year_group": 11, "term": "summer", "leaves_year_11": "yes"}, {}, 5),
    ],
)
def test_what_adds_to_the_answers_of_a_designated_teacher(facts, answers, more):
    assert len(counted(facts, answers)) == 24 + more


def test_where_there_is_no_plan_before_nothing_is_carried_forward():
    sections = shown(SCHOOL_AGE, FACTS, ANSWERS)

    asked = [each.question.key for each in active_answers(sections, TEACHER, after_a_plan=False)]

    # What the record fills stays filled: the tutor, the hours, the needs.
    carried = ["strengths_list", "helps_list", "asp_steps", "asp_study"]
    assert sorted(asked) == sorted([*(each.question.key for each in counted()), *carried])


def test_what_the_record_does_not_hold_yet_the_teacher_answers():
    sections = shown(SCHOOL_AGE, FACTS, ANSWERS)

    all_held = active_answers(sections, TEACHER)
    without_the_bank = active_answers(sections, TEACHER, not_held={"interventions.area"})

    assert len(without_the_bank) == len(all_held) + 3
