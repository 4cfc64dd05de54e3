"""Sensitive facts of a return: read past by default, kept encrypted where the authority switched their kind on."""

from dataclasses import replace
from datetime import date
from itertools import count

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from onroll.access.roles import Role
from onroll.authorities.actions import start_keeping, stop_keeping
from onroll.authorities.models import SensitiveKind
from onroll.authorities.sensitive_facts import ALL
from onroll.children.models import Child, Difference, ReturnedHealthFacts, ReturnedSafeguardingFacts, SDQScore
from onroll.children.tests.scene import a_person
from onroll.exchange.engine import undo
from onroll.exchange.problems import Refused, Unreadable

from .conftest import HEADER, MIA, MIA_IN_CARE, a_file, an_office, episodes, headers, year_of
from .test_any_return import everything_held

OC2 = (
    "CHILD,DOB,SDQ_SCORE,SDQ_REASON,CONVICTED,HEALTH_CHECK,IMMUNISATIONS,TEETH_CHECK,HEALTH_ASSESSMENT,"
    "SUBSTANCE_MISUSE,INTERVENTION_RECEIVED,INTERVENTION_OFFERED"
)
AD1 = "CHILD,DOB,DATE_INT,DATE_MATCH,FOSTER_CARE,NB_ADOPTR,SEX_ADOPTR,LS_ADOPTR"
MIAS_OC2 = "0042,06/05/2009,12,,1,,1,0,1.0,1,0,1"
MIAS_AD1 = "0042,06/05/2009,22/11/2016,01/02/2017,0,2,MF,L11"
REASON = "Agreed with health and the Caldicott guardian"


def oc2(row: str = MIAS_OC2):
    return a_file("oc2.csv", OC2, row)


def ad1(row: str = MIAS_AD1):
    return a_file("ad1.csv", AD1, row)


def the_return():
    mother = MIA.removesuffix(",,") + ",1,05/06/2016"
    return headers(mother), episodes(MIA_IN_CARE), oc2(), ad1()


def switch_on(office, *kinds: str):
    head = a_person(office.ashcombe, Role.VSH)[1]
    for kind in kinds or SensitiveKind.values:
        start_keeping(kind, REASON, actor=head)
    return head


def kept() -> dict[str, dict[str, str]]:
    rows = [*ReturnedHealthFacts.unscoped.all(), *ReturnedSafeguardingFacts.unscoped.all()]
    return {row.kind: row.said() for row in rows}


def test_by_default_they_are_read_past_and_not_stored(office):
    load = office.load(*the_return())

    assert kept() == {}
    assert SDQScore.unscoped.get().score == 12
    sentence = load.sentence("read_past")
    assert (sentence["count"], sentence["did"]) == (15, "sensitive answers were read past, and not stored")
    assert "health checks: 3" in sentence["small"]
    # Not even a cell that can't be read is told of.
    wrong = office.check(headers(MIA), episodes(MIA_IN_CARE), oc2(MIAS_OC2.replace(",1.0,", ",X,")), ad1("?,,X,,,,,"))
    assert not wrong.problems.exists()


def test_a_kind_that_is_switched_on_is_kept_and_the_preview_says_why(office):
    switch_on(office, "health_checks")

    load = office.load(*the_return())

    assert kept() == {"health_checks": {"HEALTH_ASSESSMENT": "1", "IMMUNISATIONS": "1", "TEETH_CHECK": "0"}}
    row = ReturnedHealthFacts.unscoped.get()
    assert (row.on, row.source) == (date(2017, 3, 31), "ssda903")
    sentence = load.sentence("kept_health_checks")
    assert (sentence["count"], sentence["will"]) == (1, "child’s health checks will be kept")
    assert sentence["small"] == f"because the authority has kept them since 31 March 2026: “{REASON}”"
    assert sentence["children"] == []
    assert "health checks" not in load.sentence("read_past")["small"]
    assert load.sentence("read_past")["count"] == 12


def test_each_kind_goes_to_its_own_section(office):
    switch_on(office)

    load = office.load(*the_return())

    assert set(ReturnedHealthFacts.unscoped.values_list("kind", flat=True)) == {"health_checks", "substance_misuse"}
    assert set(ReturnedSafeguardingFacts.unscoped.values_list("kind", flat=True)) == {
        "convictions",
        "adopters",
        "mothers_child",
    }
    assert kept()["adopters"] == {
        "DATE_INT": "2016-11-22",
        "DATE_MATCH": "2017-02-01",
        "FOSTER_CARE": "0",
        "LS_ADOPTR": "L11",
        "NB_ADOPTR": "2",
        "SEX_ADOPTR": "MF",
    }
    assert kept()["mothers_child"] == {"MC_DOB": "2016-06-05", "MOTHER": "1"}
    assert load.sentence("read_past")["count"] == 0


@pytest.mark.parametrize("model", [ReturnedHealthFacts, ReturnedSafeguardingFacts])
def test_the_database_holds_no_answer_that_can_be_read(office, model):
    switch_on(office)
    office.load(*the_return())

    with connection.cursor() as cursor:
        cursor.execute(f"SELECT answers FROM {model._meta.db_table}")
        assert all(text.startswith("v1.") and "=1" not in text for (text,) in cursor.fetchall())


def test_the_same_return_again_changes_nothing_and_a_corrected_one_corrects(office):
    switch_on(office)
    office.load(*the_return())

    again = office.load(*the_return())
    corrected = office.load(oc2(MIAS_OC2.replace("12,,1,,1,0", "12,,,,1,1")), as_at=date(2017, 3, 31))

    assert again.would_change == 0
    assert again.sentence("kept_health_checks")["count"] == 0
    assert corrected.would_change == 1
    assert kept()["health_checks"]["TEETH_CHECK"] == "1"
    # What the later file is silent about stands.
    assert kept()["convictions"] == {"CONVICTED": "1"}
    assert not Difference.unscoped.exists()


def test_the_next_year_is_kept_beside_it(office):
    switch_on(office, "convictions")
    office.load(*the_return())

    office.load(oc2(), as_at=date(2018, 3, 31))

    years = ReturnedSafeguardingFacts.unscoped.order_by("on").values_list("on", flat=True)
    assert list(years) == [date(2017, 3, 31), date(2018, 3, 31)]


def test_switched_off_nothing_more_is_stored_and_what_is_stored_stays(office):
    head = switch_on(office, "convictions")
    office.load(*the_return())
    stop_keeping("convictions", actor=head)

    office.load(oc2(), as_at=date(2018, 3, 31))

    assert ReturnedSafeguardingFacts.unscoped.get().on == date(2017, 3, 31)


def test_a_file_checked_before_the_switch_was_turned_is_checked_again(office):
    from onroll.exchange.engine import apply

    import_ = office.check(*the_return())
    switch_on(office, "convictions")

    with pytest.raises(Refused, match="has changed since"):
        apply(import_, actor=office.actor)
    assert not Child.unscoped.exists()


def test_the_switch_counts_on_the_day_of_the_load(office):
    head = a_person(office.ashcombe, Role.VSH)[1]
    start_keeping("convictions", REASON, actor=replace(head, today=date(2026, 4, 1)))

    office.load(*the_return())

    assert kept() == {}


def test_an_answer_that_can_not_be_read_is_left_out_and_its_words_are_not_repeated(office):
    switch_on(office)

    load = office.load(
        headers(MIA), episodes(MIA_IN_CARE), oc2(MIAS_OC2.replace(",1.0,", ",SECRET,")), ad1("0042,,SOON,,,,,")
    )

    assert "HEALTH_ASSESSMENT" not in kept()["health_checks"]
    assert "adopters" not in kept()
    found = {problem.field: problem for problem in load.problems.all()}
    assert set(found) == {"HEALTH_ASSESSMENT", "DATE_INT"}
    assert not any("SECRET" in problem.wrong or "SOON" in problem.wrong for problem in found.values())


def test_facts_of_a_child_who_is_not_held_are_left_out(office):
    switch_on(office)

    load = office.load(headers(MIA), episodes(MIA_IN_CARE), ad1(MIAS_AD1.replace("0042", "0099")))

    assert load.problems.get().kind == "unknown_child"
    assert kept() == {}


def test_files_that_name_no_year_are_refused_once_something_of_them_is_kept(office):
    office.load(headers(MIA), episodes(MIA_IN_CARE))
    assert office.load(ad1()).would_change == 0

    switch_on(office)
    with pytest.raises(Unreadable, match="name no year"):
        office.load(ad1())


def test_xml_is_read_alike(office):
    from onroll.exchange.reading import Upload

    switch_on(office)
    office.load(headers(MIA), episodes(MIA_IN_CARE))
    xml = (
        "<EXPSSDA903><CHILD><HEADER><CHILDID>0042</CHILDID><SEX>2</SEX><DOB>06/05/2009</DOB><MOTHER>0</MOTHER>"
        "<DATE_INT>22/11/2016</DATE_INT><OC2><SDQ_SCORE>14</SDQ_SCORE><CONVICTED>0</CONVICTED></OC2></HEADER>"
        "</CHILD></EXPSSDA903>"
    )

    office.load(Upload("return.xml", xml.encode()), part=True, as_at=date(2017, 3, 31))

    assert kept() == {
        "mothers_child": {"MOTHER": "0"},
        "convictions": {"CONVICTED": "0"},
        "adopters": {"DATE_INT": "2016-11-22"},
    }


CODES = (f"{number:03}" for number in count(700))
FLAG = st.sampled_from(["", "0", "1", "1.0", "X"])


@st.composite
def an_oc2(draw):
    rows = [
        ",".join([child, "", "5", "", *draw(st.lists(FLAG, min_size=8, max_size=8))])
        for child in draw(st.lists(st.sampled_from(["1", "02", "3"]), unique=True))
    ]
    return a_file("oc2.csv", OC2, *rows)


@pytest.mark.django_db
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(first=an_oc2(), second=an_oc2(), kinds=st.sets(st.sampled_from(SensitiveKind.values)))
def test_whatever_is_kept_the_same_again_changes_nothing_and_undoing_leaves_no_trace(first, second, kinds):
    office = an_office(next(CODES))
    if kinds:
        switch_on(office, *kinds)
    day = date(2017, 3, 31)
    base = a_file("header.csv", HEADER, *(f"{child},1,01/01/2008,WBRI,,0," for child in ("1", "02", "3")))
    office.load(base, first, as_at=day)
    assert office.load(base, first, as_at=day).would_change == 0
    held = everything_held()

    later = office.load(base, second, as_at=day)
    assert {row.kind for row in ReturnedHealthFacts.unscoped.filter(authority=office.ashcombe)} <= kinds
    if later.would_change:
        undo(later, actor=office.actor)

    assert everything_held() == held


@pytest.mark.large
@pytest.mark.nightly
def test_the_public_return_with_everything_kept(office, shared):
    switch_on(office)
    folder = shared / "data/ssda903/csc-validator"

    load = office.load(folder)

    assert office.roll(date(2018, 3, 31)).count == 1201
    for each in ALL:
        model = ReturnedHealthFacts if each.section.value == "k" else ReturnedSafeguardingFacts
        assert model.unscoped.filter(kind=each.kind).count() == load.sentence(f"kept_{each.kind}")["count"]
    assert ReturnedHealthFacts.unscoped.filter(kind="health_checks").count() == 2675
    assert office.load(folder).would_change == 0
    undo(load, actor=office.actor)
    assert not ReturnedHealthFacts.unscoped.exists()
    assert not ReturnedSafeguardingFacts.unscoped.exists()


@pytest.mark.large
def test_three_returns_with_everything_kept_come_to_the_same_rolls(office, shared):
    switch_on(office)
    rolls = []
    for year in (2017, 2018, 2019):
        load = office.load(*year_of(shared / "data/ssda903/demand-model", year), confirm_endings=True)
        rolls.append(office.roll(load.speaks_to).count)

    assert rolls == [367, 195, 135]
