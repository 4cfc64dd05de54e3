"""What people do to the register: add a setting of their own, mend it, and record an inspection.

The national register itself comes in by the feed and is not typed.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db.models import Max

from onroll.access.actors import Actor
from onroll.access.can import Can, can
from onroll.codes import EVALUATION_AREA, OVERALL_EFFECTIVENESS, REPORT_CARD_GRADE, SAFEGUARDING_JUDGEMENT
from onroll.codes.postcodes import tidy_postcode
from onroll.design.words import day
from onroll.history.changes import change, verb

from .kinds import kind_by_key
from .models import AreaGrade, Inspection, School
from .searching import search_words_of

verb("school.setting_added", "{actor} added a setting")
verb("school.setting_changed", "{actor} changed a setting")
verb("school.inspection_recorded", "{actor} recorded an inspection")

SAFEGUARDING = "SAF"


class NotNow(Exception):
    """An act on a school that can't be done now, with the reason in words."""


def why_not_keep(school: School | None, *, actor: Actor) -> str:
    """Why the actor can't add or change this setting. Empty if they can."""
    if not can(actor, Can.ADD_A_SETTING):
        return "Your role does not add or change settings."
    if school is not None and school.authority_id != actor.authority:
        return "This school is in the national register, which is not changed here."
    return ""


def add_setting(*, actor: Actor, kind: str, name: str, **values: Any) -> School:
    """A setting of the actor's authority that the national register does not hold. It gets a number of its own."""
    refuse(why_not_keep(None, actor=actor))
    setting = School(authority_id=actor.authority, status=School.Status.OPEN)
    _fill(setting, kind=kind, name=name, **values)
    with change("school.setting_added", actor=actor) as this:
        setting.setting_id = next_setting_id(actor)
        setting.search_words = search_words_of(setting)
        this.create(setting)
    return setting


def change_setting(school: School, *, actor: Actor, kind: str, name: str, **values: Any) -> School:
    """Set what is known of an authority's own setting: also that it has closed."""
    refuse(why_not_keep(school, actor=actor))
    _fill(school, kind=kind, name=name, **values)
    school.search_words = search_words_of(school)
    with change("school.setting_changed", actor=actor) as this:
        this.save(school)
    return school


def _fill(setting: School, *, kind: str, name: str, closed_on: date | None = None, **values: Any) -> None:
    chosen = kind_by_key(kind)
    setting.name = " ".join(name.split())
    setting.type_words, setting.phase = chosen.words, chosen.phase.value
    for field, value in values.items():
        setattr(setting, field, tidy_postcode(value) if field == "postcode" else value)
    setting.closed_on = closed_on
    setting.status = School.Status.CLOSED if closed_on else School.Status.OPEN


def next_setting_id(actor: Actor) -> str:
    """S00001, S00002 and so on within an authority: never like a URN."""
    last = School.objects.filter(authority=actor.authority, setting_id__regex=r"^S[0-9]{5}$").aggregate(
        last=Max("setting_id")
    )["last"]
    return f"S{int(last[1:]) + 1 if last else 1:05}"


def why_not_inspection(
    school: School, inspected_on: date, overall: int | None, areas: Mapping[str, str], *, actor: Actor
) -> str:
    """Why this inspection can't be recorded, in words. Empty if it can."""
    if not can(actor, Can.ADD_A_SETTING):
        return "Your role does not record inspections."
    if school.authority_id not in (None, actor.authority):
        return "This setting is another authority's."
    if inspected_on > actor.today:
        return "The inspection is still to come."
    if overall is None and not any(areas.values()):
        return "Choose the overall grade, or the grades of a report card."
    if overall is not None and not OVERALL_EFFECTIVENESS.get(str(overall), on=inspected_on):
        return f"Ofsted gave no overall grade on {day(inspected_on)}."
    for area, grade in areas.items():
        grades = SAFEGUARDING_JUDGEMENT if area == SAFEGUARDING else REPORT_CARD_GRADE
        if grade and (area not in EVALUATION_AREA or not grades.get(grade, on=inspected_on)):
            return f"Ofsted gave no report card on {day(inspected_on)}."
    if Inspection.objects.filter(school=school, inspected_on=inspected_on).exists():
        return f"An inspection on {day(inspected_on)} is recorded already."
    return ""


def record_inspection(
    school: School,
    *,
    actor: Actor,
    inspected_on: date,
    overall: int | None = None,
    areas: Mapping[str, str] | None = None,
    report: str = "",
) -> Inspection:
    """Write down what an inspection found: one overall grade, or a grade for each area of a report card."""
    areas = {area: grade for area, grade in (areas or {}).items() if grade}
    refuse(why_not_inspection(school, inspected_on, overall, areas, actor=actor))
    with change("school.inspection_recorded", actor=actor) as this:
        inspection = this.create(
            Inspection(school=school, inspected_on=inspected_on, overall=overall, report=report.strip())
        )
        graded = [AreaGrade(inspection=inspection, area=area, grade=grade) for area, grade in areas.items()]
        this.bulk_create(AreaGrade, graded)
    return inspection


def refuse(reason: str) -> None:
    """Stop with this reason, if there is one."""
    if reason:
        raise NotNow(reason)
