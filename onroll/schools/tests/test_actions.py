"""Adding and mending settings, and recording inspections."""

from datetime import date

import pytest

from onroll.schools.actions import (
    NotNow,
    add_setting,
    change_setting,
    record_inspection,
    why_not_inspection,
    why_not_keep,
)
from onroll.schools.models import School

pytestmark = pytest.mark.django_db


def test_practice_support_adds_a_setting_of_their_authority(officer, ashcombe):
    setting = add_setting(
        actor=officer, kind="unregistered", name="  Meadow  Boxing Gym ", town="Ashcombe", postcode="sw1a1aa"
    )

    assert setting.authority == ashcombe
    assert (setting.setting_id, setting.urn) == ("S00001", "")
    assert (setting.name, setting.postcode) == ("Meadow Boxing Gym", "SW1A 1AA")
    assert setting.phase == School.Phase.AP
    assert add_setting(actor=officer, kind="employer", name="Reid and Daughter").setting_id == "S00002"


def test_each_authority_numbers_its_own_settings(officer, officer_of_castlebury):
    first = add_setting(actor=officer, kind="college", name="Northmere Skills")
    other = add_setting(actor=officer_of_castlebury, kind="college", name="Castlebury Skills")

    assert first.setting_id == other.setting_id == "S00001"


def test_a_social_worker_does_not_add_settings(social_worker):
    with pytest.raises(NotNow, match="Your role does not add or change settings"):
        add_setting(actor=social_worker, kind="college", name="Northmere Skills")

    assert not School.objects.exists()


def test_a_setting_is_closed_and_opened_again(officer):
    setting = add_setting(actor=officer, kind="nursery", name="Little Larks")

    change_setting(setting, actor=officer, kind="nursery", name="Little Larks", closed_on=date(2026, 3, 1))
    setting.refresh_from_db()
    assert setting.is_closed
    assert setting.closed_on == date(2026, 3, 1)

    change_setting(setting, actor=officer, kind="nursery", name="Little Larks")
    setting.refresh_from_db()
    assert setting.status == School.Status.OPEN
    assert setting.closed_on is None


def test_a_school_of_the_register_and_anothers_setting_are_not_changed(officer, officer_of_castlebury, a_school):
    setting = add_setting(actor=officer, kind="nursery", name="Little Larks")
    register = a_school("Fernhill Academy")

    assert why_not_keep(setting, actor=officer) == ""
    assert "national register" in why_not_keep(register, actor=officer)
    with pytest.raises(NotNow):
        change_setting(setting, actor=officer_of_castlebury, kind="nursery", name="Other")


def test_an_inspection_of_2023_gives_one_overall_grade(officer, a_school):
    school = a_school("Fernhill Academy")

    inspection = record_inspection(school, actor=officer, inspected_on=date(2023, 5, 4), overall=2)

    assert school.inspections.get() == inspection
    assert not inspection.area_grades.exists()


def test_an_inspection_of_2026_gives_a_report_card_and_no_overall_grade(officer, a_school):
    school = a_school("Fernhill Academy")
    areas = {"INC": "STR", "SAF": "MET", "P16": ""}

    inspection = record_inspection(school, actor=officer, inspected_on=date(2026, 2, 3), areas=areas)

    assert inspection.overall is None
    assert dict(inspection.area_grades.values_list("area", "grade")) == {"INC": "STR", "SAF": "MET"}


@pytest.mark.parametrize(
    ("inspected_on", "overall", "areas", "reason"),
    [
        (date(2026, 4, 1), 2, {}, "still to come"),
        (date(2024, 10, 1), 2, {}, "no overall grade on 1 October 2024"),
        (date(2023, 5, 4), None, {}, "Choose the overall grade"),
        (date(2023, 5, 4), None, {"INC": ""}, "Choose the overall grade"),
        (date(2025, 10, 1), None, {"INC": "STR"}, "no report card on 1 October 2025"),
        (date(2026, 2, 3), None, {"INC": "MET"}, "no report card"),
        (date(2026, 2, 3), None, {"XX": "STR"}, "no report card"),
    ],
)
def test_what_ofsted_did_not_give_that_day_is_refused(officer, a_school, inspected_on, overall, areas, reason):
    school = a_school("Fernhill Academy")

    assert reason in why_not_inspection(school, inspected_on, overall, areas, actor=officer)
    with pytest.raises(NotNow, match=reason):
        record_inspection(school, actor=officer, inspected_on=inspected_on, overall=overall, areas=areas)


def test_an_inspection_is_recorded_once_and_only_by_the_virtual_school(officer, social_worker, a_school):
    school = a_school("Fernhill Academy")
    record_inspection(school, actor=officer, inspected_on=date(2023, 5, 4), overall=2)

    again = why_not_inspection(school, date(2023, 5, 4), 2, {}, actor=officer)
    other = why_not_inspection(school, date(2022, 5, 4), 2, {}, actor=social_worker)

    assert "recorded already" in again
    assert "Your role" in other
