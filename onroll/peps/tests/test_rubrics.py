"""The quality audit: the grade that follows from ticks, what is left to people, and what sends no plan back."""

import json
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from onroll.peps.audit.facts import BadDeclaration, Condition, FactKind, condition
from onroll.peps.audit.rubric_files import DECLARED, declared, read
from onroll.peps.audit.rubrics import (
    Criterion,
    Money,
    National,
    Owner,
    Rubric,
    Source,
    criteria_of,
    facts_wanted,
    grade_of,
    grades_of,
    money_of,
    overall,
    still_needs,
    ticks_from_data,
    to_put_right,
)
from onroll.peps.clock import Form

FOUR, RAG, GOLD = "four_grade_2026", "rag_2026", "gold_2026"
KEYS = (FOUR, RAG, GOLD)
VOICE = {FOUR: "voice", RAG: "voice", GOLD: "views"}

# A termly plan of a Year 8 pupil, as far as conditions ask.
FACTS = {
    "pep_kind": "termly",
    "term": "spring",
    "age": 12,
    "year_group": 8,
    "on_roll": True,
    "lives_with_carer": True,
    "grant_eligible": True,
    "sen_provision": "N",
    "transition_shown": False,
    "leaves_year_11": False,
    "previous_pep": True,
    "previous_targets": 3,
    "previous_money": True,
    "late": False,
}

# For each: the grade of the criteria, those with another grade, those that do not apply, the overall grade.
EVERY = {
    FOUR: "timeliness people voice needs attainment review targets support money inclusion wellbeing aspirations home",
    RAG: "people voice review attainment needs targets support money home inclusion",
    GOLD: "meeting about education attainment views attendance targets money aspiration",
}
WORKED = (
    (FOUR, "good", {}, "", "good"),
    (FOUR, "outstanding", {"targets": "good"}, "", "good"),
    (FOUR, "outstanding", {}, "", "outstanding"),
    (FOUR, "good", {"voice": "inadequate"}, "", "inadequate"),
    (FOUR, "inadequate", {"voice": "good", "targets": "good", "money": "good"}, "", "requires_improvement"),
    (FOUR, "good", {"transition": "inadequate"}, "", "inadequate"),
    (FOUR, "good", {}, "money", "good"),
    (RAG, "green", {}, "", "green"),
    (RAG, "green", {"home": "red"}, "", "amber"),
    (RAG, "green", {"voice": "red"}, "", "red"),
    (RAG, "amber", {}, "", "amber"),
    (RAG, "green", {"needs": "red", "home": "red", "inclusion": "red"}, "", "red"),
    (RAG, "green", {"needs": "amber", "home": "amber", "inclusion": "amber"}, "", "green"),
    (GOLD, "gold", {"money": "green"}, "", "gold"),
    (GOLD, "gold", {"views": "green", "money": "green"}, "", "green"),
    (GOLD, "green", {"attendance": "amber"}, "", "green"),
    (GOLD, "green", {"meeting": "amber", "attendance": "amber"}, "", "amber"),
    (GOLD, "gold", {"targets": "red"}, "", "red"),
    (GOLD, "gold", {"attainment": "red"}, "", "gold"),
)


def worked(rubric: str, grade: str, others: dict[str, str], without: str) -> dict[str, str]:
    return {key: grade for key in EVERY[rubric].split() if key != without} | others


def rubric_of(key: str) -> Rubric:
    return declared().rubrics[key]


def overall_of(key: str, grades: dict[str, str]) -> str | None:
    rubric = rubric_of(key)
    found = overall(rubric, {each: rubric.grade(grade) for each, grade in grades.items()})
    return found.key if found else None


def criteria(key: str, phase: Form = Form.SCHOOL_AGE, **facts: object) -> dict[str, Criterion]:
    return {each.key: each for each in criteria_of(rubric_of(key), phase, FACTS | facts)}


def keys_of(ticks) -> set[str]:
    return {each.key for each in ticks}


def up_to(criterion: Criterion, grade: str) -> set[str]:
    """The ticks that a grade needs, with those of the lower grades."""
    found: set[str] = set()
    for level in criterion.levels:
        found |= keys_of(level.ticks)
        if level.grade.key == grade:
            break
    return found


def passing(key: str, **facts: object) -> set[str]:
    """The ticks of a plan whose every criterion has just the grade that passes."""
    rubric = rubric_of(key)
    good = next(each for each in rubric.scale if each.national == National.GOOD)
    return set().union(*(up_to(each, good.key) for each in criteria(key, **facts).values()))


# The overall grade


@pytest.mark.parametrize(("rubric", "grade", "others", "without", "expected"), WORKED)
def test_the_overall_grade_is_that_of_the_worked_example(rubric, grade, others, without, expected):
    assert overall_of(rubric, worked(rubric, grade, others, without)) == expected


def test_the_worked_examples_are_those_that_the_field_wrote_down(shared):
    written = json.loads((shared / "domain" / "pep" / "rubrics.json").read_text())["worked_examples"]

    ours = [(key, worked(key, grade, others, without), overall) for key, grade, others, without, overall in WORKED]
    assert ours == [(each["rubric"], each["grades"], each["overall"]) for each in written]


def test_half_a_grade_is_rounded_down():
    good = worked(FOUR, "good", {}, "")
    half = dict.fromkeys(("voice", "targets", "money", "needs", "people"), "outstanding")
    # Eleven of the 22 weights are outstanding and the others good: a mean of three and a half.
    weights = {each.key: each.weight for each in rubric_of(FOUR).criteria}
    assert sum(weights[key] for key in good) == 22
    assert sum(weights[key] for key in half) == 11

    assert overall_of(FOUR, good | half) == "good"
    assert overall_of(FOUR, good | half | {"home": "outstanding"}) == "outstanding"


def test_the_best_grade_may_ask_for_criteria_that_are_not_critical():
    content = json.loads(DECLARED.read_text())
    content["rubrics"][0]["aggregation"]["best_requires"].append("home")
    asking = read(json.dumps(content)).rubrics[FOUR]
    grades = worked(FOUR, "outstanding", {"home": "good"}, "")

    assert overall(asking, {key: asking.grade(grade) for key, grade in grades.items()}).key == "good"
    assert overall_of(FOUR, grades) == "outstanding"


@pytest.mark.parametrize("key", KEYS)
def test_there_is_no_overall_grade_while_a_critical_criterion_has_none(key):
    grades = worked(key, "green" if key != FOUR else "good", {}, VOICE[key])

    assert overall_of(key, grades) is None


def test_a_critical_criterion_that_the_plan_has_is_waited_for_too():
    rubric = rubric_of(FOUR)
    asked = criteria(FOUR, transition_shown=True)
    made = passing(FOUR, transition_shown=True)
    grades = grades_of(asked.values(), made)
    without = {key: grade for key, grade in grades.items() if key != "transition"}

    assert overall(rubric, grades, asked.values()).key == "good"
    assert overall(rubric, without, asked.values()) is None


def test_a_rubric_may_cap_the_counts_by_the_critical_criteria_too():
    content = json.loads(DECLARED.read_text())
    next(each for each in content["rubrics"] if each["key"] == GOLD)["aggregation"]["cap_by_critical"] = True
    capped = read(json.dumps(content)).rubrics[GOLD]
    grades = worked(GOLD, "green", {"views": "amber"}, "")

    assert overall(capped, {key: capped.grade(grade) for key, grade in grades.items()}).key == "amber"
    assert overall_of(GOLD, grades) == "green"


# The grade of a criterion


def test_a_grade_needs_its_ticks_and_those_of_every_lower_grade():
    targets = criteria(FOUR)["targets"]
    good = up_to(targets, "good")

    assert grade_of(targets, good).key == "good"
    assert grade_of(targets, good - {"ta_some"}).key == "inadequate"
    assert grade_of(targets, good - {"ta_base"}).key == "requires_improvement"
    assert grade_of(targets, keys_of(targets.ticks)).key == "outstanding"


@pytest.mark.parametrize("key", KEYS)
def test_a_young_person_who_declined_after_two_real_offers_is_heard(key):
    voice = criteria(key)[VOICE[key]]
    facts = {"voice_offers_declined": 2, "voice_declined_words": True}

    made = {tick for tick, so in ticks_from_data([voice], Form.SCHOOL_AGE, FACTS | facts).items() if so}

    assert made == {"vo_declined"}
    assert grade_of(voice, made).national == National.GOOD
    assert to_put_right(rubric_of(key), [voice], made, by=Owner.LEAD) == ()
    assert grade_of(voice, set()) == voice.levels[0].grade


@pytest.mark.parametrize(
    ("offers", "words"), [(1, True), (2, False), (0, True)], ids=["one offer", "no words", "no offer"]
)
def test_less_than_two_offers_and_own_words_is_not_being_heard(offers, words):
    voice = criteria(FOUR)["voice"]
    facts = {"voice_offers_declined": offers, "voice_declined_words": words}

    assert ticks_from_data([voice], Form.SCHOOL_AGE, FACTS | facts)["vo_declined"] is False


def test_what_a_better_grade_still_needs_is_said_in_words():
    voice = criteria(FOUR)["voice"]
    made = {"vo_there", "vo_new", "vo_own"}

    good, outstanding = still_needs(voice, made)

    assert good.words == (
        "Still needed for “Good”: It says what will change because of them."
        " Or instead: The young person declined after two real offers, recorded in their own words."
    )
    assert keys_of(outstanding.ticks) == {"vo_target", "vo_told"}
    assert still_needs(voice, keys_of(voice.ticks)) == ()


# What applies


def test_a_criterion_and_a_tick_are_left_out_where_the_record_says_that_they_do_not_apply():
    assert set(criteria(FOUR)) == set(EVERY[FOUR].split())
    assert "sen" in criteria(FOUR, sen_provision="K")
    assert "money" not in criteria(FOUR, grant_eligible=False)
    assert "new_start" in criteria(FOUR, pep_kind="initial")
    assert "education_now" in criteria(FOUR, Form.NOT_ON_ROLL, on_roll=False)
    assert "education_now" not in criteria(FOUR, Form.SCHOOL_AGE, on_roll=False)
    assert "education_now" in criteria(FOUR, Form.POST_16, route="neet")
    assert "education_now" not in criteria(FOUR, Form.POST_16, route="employment")
    assert "tm_reason" not in keys_of(criteria(FOUR)["timeliness"].ticks)
    assert "tm_reason" in keys_of(criteria(FOUR, late=True)["timeliness"].ticks)


def test_what_the_record_does_not_hold_leaves_nothing_out_and_is_asked_for():
    facts = {key: value for key, value in FACTS.items() if key != "grant_eligible"}
    rubric = rubric_of(FOUR)

    assert "money" in {each.key for each in criteria_of(rubric, Form.SCHOOL_AGE, facts)}
    assert [each.key for each in facts_wanted(rubric, Form.SCHOOL_AGE, facts)] == ["grant_eligible"]
    assert facts_wanted(rubric, Form.SCHOOL_AGE, FACTS) == ()


# Ticks from data


def test_a_fact_that_is_not_held_leaves_the_tick_for_a_person():
    people = criteria(FOUR)["people"]

    said = ticks_from_data([people], Form.SCHOOL_AGE, FACTS | {"lead_came": True, "carer_came": False})

    assert said == {"pe_lead": True, "pe_sw": None, "pe_carer": None, "pe_child": None}
    assert {tick.key for tick in people.ticks if tick.source is Source.PERSON} == {"pe_sw_or_views", "pe_chosen"}


@pytest.mark.parametrize(
    ("rule", "facts", "expected"),
    [
        ("carer", {"carer_came": False, "carer_part_complete": True}, True),
        ("voice", {"voice_answers": 2, "voice_helper": True, "voice_form": True, "voice_variant": "age_5_10",
                   "voice_observations": 0}, False),
        ("voice", {"voice_answers": 2, "voice_helper": True, "voice_form": True,
                   "voice_variant": "communication_support"}, True),
        ("voice", {"voice_answers": 5, "voice_helper": False}, False),
        ("assess", {"phase": "early_years", "prime_areas_without_entry": 0}, True),
        ("assess", {"phase": "school_age", "subjects_without_assessment": 1}, False),
        ("assess", {"phase": "school_age"}, None),
        ("t_count", {"targets_missing": 1}, False),
        ("t_number", {"targets": 0, "fired_t01": 0}, False),
        ("pp_linked", {"requests": 0, "money_need_met": True}, True),
        ("pp_linked", {"requests": 0, "requests_unlinked": 0, "money_need_met": False}, False),
        ("sdq", {"sdq_in_date": True, "sdq_concern": True, "sdq_action": False, "sdq_reason": False}, False),
        ("sdq", {"sdq_in_date": False, "sdq_reason": True, "sdq_concern": False}, True),
        ("needs", {"needs": 1, "sen_provision": "E"}, True),
        ("needs", {"needs": 1, "sen_provision": "K"}, False),
        ("place_plan", {"on_roll": False, "planned_start": False, "dated_actions": 3}, True),
        ("sen_fit", {"sen_provision": "E", "sen_support": True, "sen_ehc_fit": False}, False),
    ],
)  # fmt: skip
def test_a_rule_says_of_the_record_what_its_words_say(rule, facts, expected):
    rules = {tick.rule.key: tick.rule for tick in declared().ticks.values() if tick.rule}

    assert rules[rule].holds(facts) is expected


# Returned, and money


@pytest.mark.parametrize("key", KEYS)
def test_what_the_young_person_or_another_agency_did_not_do_sends_no_plan_back_and_holds_no_money(key):
    facts = {"transition_shown": True, "pep_kind": "initial"}
    asked = criteria(key, **facts).values()
    others = {tick.key for each in asked for tick in each.ticks if tick.owed_by is not Owner.LEAD}
    made = passing(key, **facts) - others

    assert {"pe_sw", "pe_child", "pe_carer"} <= others
    assert to_put_right(rubric_of(key), asked, made, by=Owner.LEAD) == ()
    assert money_of(rubric_of(key), asked, made) is Money.RELEASED


def test_a_plan_without_voice_goes_back_with_what_is_lacking_to_the_one_who_owes_it():
    asked = criteria(FOUR).values()
    made = passing(FOUR) - {"vo_there", "vo_effect", "as_hope"}
    rubric = rubric_of(FOUR)

    back = to_put_right(rubric, asked, made, by=Owner.LEAD)

    assert [(each.criterion.key, keys_of(each.ticks)) for each in back] == [
        ("voice", {"vo_there", "vo_effect"}),
        ("aspirations", {"as_hope"}),
    ]
    assert money_of(rubric, asked, made) is Money.HELD
    assert to_put_right(rubric, asked, made, by=Owner.SOCIAL_CARE) == ()


def test_social_care_is_asked_for_its_own_part_alone():
    asked = criteria(RAG).values()
    made = passing(RAG) - {"pe_sw_or_views", "ta_some"}

    (back,) = to_put_right(rubric_of(RAG), asked, made, by=Owner.SOCIAL_CARE)

    assert (back.criterion.key, keys_of(back.ticks)) == ("people", {"pe_sw_or_views"})


def test_a_red_section_goes_back_even_where_the_plan_is_green():
    asked = criteria(GOLD).values()
    rubric = rubric_of(GOLD)
    made = passing(GOLD) - {"at_some"}

    (back,) = to_put_right(rubric, asked, made, by=Owner.LEAD)

    assert overall(rubric, grades_of(asked, made), asked).key == "green"
    assert back.criterion.key == "attainment"


def test_money_waits_for_a_decision_between_the_grades():
    asked = criteria(FOUR).values()
    made = passing(FOUR) - {"ta_base"}

    assert money_of(rubric_of(FOUR), asked, made) is Money.BY_DECISION


# For any ticks

RUBRICS = st.sampled_from(KEYS)
SITUATIONS = st.fixed_dictionaries(
    {
        "grant_eligible": st.booleans(),
        "transition_shown": st.booleans(),
        "previous_targets": st.integers(0, 3),
        "sen_provision": st.sampled_from(["N", "K", "E", None]),
        "pep_kind": st.sampled_from(["initial", "termly"]),
        "year_group": st.integers(0, 13),
    }
)
TICKS = st.sets(st.sampled_from(sorted(declared().ticks)), max_size=92)
PHASES = st.sampled_from(list(Form))


@settings(max_examples=40, deadline=None)
@given(RUBRICS, PHASES, SITUATIONS, TICKS, TICKS)
def test_more_ticks_never_lower_a_grade_nor_ask_for_more(key, phase, facts, some, more):
    rubric = rubric_of(key)
    asked = criteria_of(rubric, phase, FACTS | facts)

    before, after = grades_of(asked, some), grades_of(asked, some | more)

    assert all(before[each.key].order <= after[each.key].order for each in asked)
    assert overall(rubric, before, asked).order <= overall(rubric, after, asked).order
    lacking = {each.criterion.key for each in to_put_right(rubric, asked, some, by=Owner.LEAD)}
    assert lacking >= {each.criterion.key for each in to_put_right(rubric, asked, some | more, by=Owner.LEAD)}


@settings(max_examples=40, deadline=None)
@given(RUBRICS, st.lists(st.sampled_from(sorted(declared().ticks))), st.randoms())
def test_the_order_of_the_ticks_and_of_the_grades_changes_nothing(key, made, chance):
    rubric, asked = rubric_of(key), list(criteria(key).values())
    shuffled, others = list(made), list(asked)
    chance.shuffle(shuffled)
    chance.shuffle(others)

    grades = grades_of(asked, made)

    assert grades_of(others, shuffled + shuffled) == grades
    assert overall(rubric, grades_of(others, shuffled), others) == overall(rubric, grades, asked)


@settings(max_examples=40, deadline=None)
@given(RUBRICS, PHASES, SITUATIONS, TICKS)
def test_making_what_a_grade_still_needs_gives_that_grade(key, phase, facts, made):
    for criterion in criteria_of(rubric_of(key), phase, FACTS | facts):
        gathered = set(made)
        for need in still_needs(criterion, made):
            gathered |= keys_of(need.ticks)
            assert grade_of(criterion, gathered).order >= need.grade.order


@settings(max_examples=40, deadline=None)
@given(RUBRICS, PHASES, SITUATIONS, TICKS, st.sampled_from(list(Owner)))
def test_what_goes_back_is_owed_by_the_one_it_goes_back_to_and_is_enough(key, phase, facts, made, owner):
    rubric = rubric_of(key)
    asked = criteria_of(rubric, phase, FACTS | facts)

    back = [tick for each in to_put_right(rubric, asked, made, by=owner) for tick in each.ticks]

    assert all(tick.owed_by is owner and tick.key not in made for tick in back)
    assert to_put_right(rubric, asked, made | keys_of(back), by=owner) == ()


@settings(max_examples=40, deadline=None)
@given(SITUATIONS, TICKS)
def test_a_plan_is_not_good_in_four_grades_while_a_critical_criterion_is_not(facts, made):
    rubric = rubric_of(FOUR)
    asked = criteria_of(rubric, Form.SCHOOL_AGE, FACTS | facts)
    grades = grades_of(asked, made)

    if any(each.critical and not grades[each.key].passes for each in asked):
        assert not overall(rubric, grades, asked).passes


# Declarations


def test_the_declared_rubrics_are_those_that_the_field_wrote_down(shared):
    written = json.loads((shared / "domain" / "pep" / "rubrics.json").read_text())

    for theirs in written["rubrics"]:
        rubric = rubric_of(theirs["key"])
        assert {each.key: each.national for each in rubric.scale} == {
            each["key"]: each["as_exchange"] for each in theirs["scale"]
        }
        assert [each.key for each in rubric.criteria] == [each["key"] for each in theirs["criteria"]]
        for ours, each in zip(rubric.criteria, theirs["criteria"], strict=True):
            assert (ours.title, ours.weight, ours.critical) == (each["title"], each["weight"], each["critical"])
            assert ours.phases == {Form(form) for form in each["forms"]}
            assert sorted((tick.key, level.grade.key) for level in ours.levels for tick in level.ticks) == sorted(
                (tick["tick"], tick["needed_for"]) for tick in each["ticks"]
            )
    ticks = declared().ticks
    assert set(ticks) - {each["key"] for each in written["ticks"]} == {"vo_declined"}
    for each in written["ticks"]:
        rule = ticks[each["key"]].rule
        assert (f"A_{rule.key}" if rule else None) == each["auto"]


def changed(path: list, value: object) -> str:
    content = json.loads(DECLARED.read_text())
    place = content
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = value
    return json.dumps(content)


@pytest.mark.parametrize(
    ("path", "value", "said"),
    [
        (["rubrics", 0, "criteria", 0, "weight"], 0, "weight"),
        (["rubrics", 0, "criteria", 0, "levels", 1, "ticks"], [], "ticks of its own"),
        (["rubrics", 0, "criteria", 0, "levels", 1, "ticks"], ["tm_none"], "tm_none is no tick"),
        (["rubrics", 0, "criteria", 0, "levels", 1, "ticks"], ["tm_between"], "twice"),
        (["rubrics", 0, "criteria", 0, "levels", 1, "grade"], "superb", "what each grade"),
        (["rubrics", 0, "criteria", 0, "applies_when"], "is_it=yes", "no fact"),
        (["rubrics", 0, "criteria", 1, "key"], "timeliness", "declared twice"),
        (["rubrics", 0, "scale", 0, "passes"], False, "pass"),
        (["rubrics", 0, "scale", 0, "order"], 7, "1, 2, 3"),
        (["rubrics", 0, "scale", 0, "national"], "inadequate", "exchanged"),
        (["rubrics", 0, "aggregation", "best_requires"], ["luck"], "luck is no criterion"),
        (["rubrics", 0, "aggregation", "cap_by_critical"], False, "cap"),
        (["rubrics", 0, "aggregation", "rule"], "counts", "worst_if_at_least is missing"),
        (["rubrics", 0, "aggregation", "rule"], "weighted", "no aggregation"),
        (["rubrics", 1, "aggregation", "points", "red"], 2, "points"),
        (["rubrics", 2, "criteria", 4, "outside_overall"], True, "critical"),
        (["ticks", 0, "owed_by"], "nobody", "nobody is no owner"),
        (["ticks", 2, "rule"], "guess", "guess is no rule"),
        (["rules", 0, "made_when"], [], "no condition"),
    ],
)
def test_a_rubric_that_could_not_be_graded_as_it_says_is_refused_in_words(path, value, said):
    with pytest.raises(BadDeclaration, match=said):
        read(changed(path, value))


@pytest.mark.parametrize(
    "text",
    [
        "targets>=1 and late=yes or on_roll=no",
        "late>=yes",
        "late=perhaps",
        "targets=1|2",
        "targets=-1",
        "targets=07",
        "targets>=late",
        "targets in 1|late",
        "route=work",
        "late",
        "",
    ],
)
def test_a_condition_that_cannot_be_asked_is_refused(text):
    with pytest.raises(BadDeclaration):
        condition(text, declared().facts)


def test_a_fact_of_another_kind_is_a_mistake_and_no_answer():
    late = declared().facts["late"]

    assert late.kind is FactKind.YES_NO
    with pytest.raises(ValueError, match="late"):
        late.of({"late": "yes"})


FACTS_ASKED = {"late": st.booleans(), "targets": st.integers(0, 4), "needs": st.integers(0, 4)}


@settings(max_examples=40, deadline=None)
@given(
    st.fixed_dictionaries(FACTS_ASKED),
    st.sets(st.sampled_from(sorted(FACTS_ASKED))),
    st.sampled_from(["late=yes or targets>=2", "late=no and targets<2 and needs!=0", "targets in 1|2", "always"]),
)
def test_an_answer_from_a_part_of_the_facts_is_that_of_all_of_them(facts, hidden, text):
    asked: Condition = condition(text, declared().facts)

    known = asked.holds({key: value for key, value in facts.items() if key not in hidden})

    assert known in (None, asked.holds(facts))
    assert asked.holds(facts) is not None


def test_the_points_and_cut_points_are_exact():
    assert rubric_of(RAG).aggregation.best_at == Fraction(3, 4)
