"""Up-to-date plans by phase: each month against its target, as it was closed, and as a file without a child in it."""

import csv
import io
from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse

from onroll.access.roles import Role
from onroll.children.tests.scene import a_child, a_person, an_episode, write
from onroll.measures.keeping import keep_closed
from onroll.measures.models import KeptFigure, Target
from onroll.peps.completion import as_rows, lines_of, months_of
from onroll.peps.definitions.peps_up_to_date import MEASURE
from onroll.peps.tests.scene import a_cast, a_pep, as_of

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 9)
OCTOBER = date(2026, 10, 1)
# Of each phase: a birth date, how many children, how many of them with a plan that is signed off.
CHILDREN = {
    "early_years": (date(2023, 2, 1), 2, 1),
    "primary": (date(2017, 2, 1), 3, 3),
    "post16": (date(2009, 11, 1), 1, 0),
}


@pytest.fixture
def cast(db):
    """Mia, of secondary age and without a plan, and six more children of the other phases."""
    cast = a_cast(TODAY)
    for born, count, done in CHILDREN.values():
        for number in range(count):
            child = a_child(cast.authority, f"Ada {'ABC'[number]}{born.year}", birth_date=born)
            an_episode(child)
            days = {"meeting_on": date(2026, 9, 20), "held_on": date(2026, 9, 20), "signed_off_on": date(2026, 9, 30)}
            if number < done:
                a_pep(child, state="signed_off", **days)
    return cast


def aimed(cast, phase: str, value: int) -> Target:
    own = {"authority": cast.authority, "measure": MEASURE.id, "start": date(2026, 9, 1), "end": date(2027, 9, 1)}
    group = {"characteristic": "phase" if phase else "", "group": phase}
    days = {"due_on": date(2027, 8, 31), "set_on": TODAY, "period": "2026/27"}
    return write(Target(**own, **group, **days, value=Decimal(value), better="higher"))


def october(actor):
    return {
        line.phase: line for line in lines_of(actor, [month for month in months_of(actor) if month.start == OCTOBER])
    }


@pytest.mark.requirement("R029")
def test_each_phase_stands_against_its_own_target(cast):
    aimed(cast, "early_years", 70)
    aimed(cast, "primary", 80)
    aimed(cast, "", 60)

    lines = october(cast.actors["head"])

    assert {phase: line.amount.part_words for phase, line in lines.items() if line.amount} == {
        "early_years": "1 of 2 children",
        "primary": "3 of 3 children",
        "secondary": "0 of 1 children",
        "post16": "0 of 1 children",
        "": "4 of 7 children",
    }
    assert lines["early_years"].judged.state == "off_track"
    assert lines["primary"].judged.state == "on_track"
    assert lines["secondary"].judged is None, "It has no target, and that of another phase is not its own."
    assert lines[""].target_words == "60.0%"


@pytest.mark.requirement("R029")
def test_a_month_is_closed_once_by_phase_and_says_what_was_corrected_since(cast):
    keep_closed(cast.authority, today=TODAY)
    kept = KeptFigure.objects.filter(measure=MEASURE.id, start=OCTOBER)
    assert set(kept.values_list("group", "part", "whole")) == {
        ("", Decimal(4), 7),
        ("early_years", Decimal(1), 2),
        ("primary", Decimal(3), 3),
        ("secondary", Decimal(0), 1),
        ("post16", Decimal(0), 1),
    }
    assert keep_closed(cast.authority, today=TODAY) == 0

    days = {"meeting_on": date(2026, 9, 20), "held_on": date(2026, 9, 20), "signed_off_on": date(2026, 9, 30)}
    a_pep(cast.child, state="signed_off", **days)

    lines = october(cast.actors["head"])
    assert [phase for phase, line in lines.items() if line.differs] == ["secondary", ""]
    assert (lines["secondary"].closed.part, lines["secondary"].amount.part) == (0, 1)


def test_the_page_shows_a_month_and_leads_to_the_others(cast, client):
    keep_closed(cast.authority, today=TODAY)
    client.force_login(cast.accounts["head"])

    page = " ".join(client.get(reverse("peps:completion"), {"month": "nonsense"}).content.decode().split())

    assert "Up-to-date PEPs by phase" in page
    assert "Years 12 and 13" in page
    assert "This month is not over" in page


@pytest.mark.requirement("R029")
def test_business_intelligence_takes_the_figures_without_seeing_a_child(cast, client):
    """An analyst sees no child, so what few children stand behind is not in the file; nor is a month that goes on."""
    account, analyst = a_person(cast.authority, Role.ANALYST, "Noor Hale")
    rows = as_rows(lines_of(as_of(analyst, TODAY), months_of(as_of(analyst, TODAY))))
    assert len(rows) == 12 * 5
    by_phase = [row for row in rows if row[1] != "All phases"]
    assert not any(cell is not None for row in by_phase for cell in (row[2], row[3], row[4], row[7], row[8]))

    client.force_login(account)
    answer = client.get(reverse("peps:completion_file", args=["csv"]))

    assert "pep-completion" in answer["Content-Disposition"]
    lines = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert lines[0][:3] == ["Month", "Phase", "With an up-to-date PEP"]
    assert "Ada" not in answer.content.decode()
    assert client.get(reverse("peps:completion_file", args=["xlsx"])).content[:2] == b"PK"
    assert client.get(reverse("peps:completion_file", args=["pdf"])).status_code == 404


def test_who_has_no_figures_has_no_such_page(cast, client):
    client.force_login(cast.accounts["carer"])
    for address in (reverse("peps:completion"), reverse("peps:completion_file", args=["csv"])):
        assert client.get(address).status_code == 404


def test_twelve_months_are_read_in_as_many_queries_as_one(cast, django_assert_max_num_queries):
    head = cast.actors["head"]
    months = months_of(head)
    with django_assert_max_num_queries(45):
        lines_of(head, months)
