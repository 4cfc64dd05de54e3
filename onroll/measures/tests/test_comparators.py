"""What was published, beside a reading: of whom, of when, and never as if it were counted alike."""

from datetime import date
from decimal import Decimal

import pytest

from onroll.access.actors import Actor
from onroll.children.tests.scene import TODAY, an_authority
from onroll.codes.years import Period, academic_year
from onroll.history.changes import change
from onroll.measures.catalogue import CATALOGUE
from onroll.measures.comparators import comparators_for, neighbours_of, why_counted_otherwise
from onroll.measures.models import PublishedFigure

pytestmark = pytest.mark.django_db

HOMES = "three-or-more-homes"


@pytest.fixture
def authority():
    return an_authority("336", "Wolverhampton", region="West Midlands")


def publish(authority, *figures):
    with change("test.set_up", actor=Actor.system(authority.pk, today=TODAY)) as this:
        this.bulk_create(
            PublishedFigure,
            [
                PublishedFigure(
                    **{
                        "authority": authority,
                        "measure": "placements_3_or_more",
                        "group": "CLA_31March",
                        "level": level,
                        "place": place,
                        "year": "2025",
                        "value": None if value is None else Decimal(value),
                        "marker": "c" if value is None else "",
                        "release": "A release",
                        "released_on": date(2025, 11, 20),
                        **more,
                    }
                )
                for level, place, value, more in figures
            ],
        )


def shown(authority, *, as_at=TODAY, inside=True, measure=HOMES, period=None):
    found = comparators_for(
        CATALOGUE.find(measure), authority, as_at=as_at, today=TODAY, inside=inside, period=period
    )  # fmt: skip
    return {each.key: each for each in found}


def test_england_the_region_the_neighbours_and_the_own_figure_stand_beside_a_reading(authority):
    near = neighbours_of(authority)
    publish(
        authority,
        ("england", "", 10, {}),
        ("region", "West Midlands", 9, {}),
        ("authority", "336", 12, {}),
        *[("authority", code, value, {}) for code, value in zip(near, [8, 9, 16, None], strict=False)],
        ("england", "", 4, {"year": "2024"}),
    )

    found = shown(authority)

    assert len(near) == 10
    assert [(key, each.value) for key, each in found.items()] == [
        ("england", 10),
        ("region", 9),
        ("neighbours_median", 9),
        ("neighbours_mean", 11),
        ("own", 12),
    ]
    assert (found["neighbours_mean"].of, found["neighbours_mean"].with_figure) == (10, 3)


def test_a_hidden_figure_has_its_reason_and_no_value(authority):
    publish(authority, ("england", "", 10, {}), ("authority", "336", None, {}))

    own = shown(authority)["own"]

    assert (own.value, own.marker) == (None, "hidden, because the numbers are small")


def test_a_year_that_is_not_over_is_no_comparator(authority):
    publish(authority, ("england", "", 10, {"year": "2026"}))

    assert shown(authority, as_at=date(2026, 3, 30)) == {}
    assert set(shown(authority, as_at=date(2026, 3, 31))) == {"england"}


def test_what_is_confidential_is_shown_inside_alone_until_its_day(authority):
    publish(authority, ("england", "", 10, {"confidential_until": date(2027, 3, 18)}))

    assert shown(authority)["england"].confidential_until == date(2027, 3, 18)
    assert shown(authority, inside=False) == {}


def test_each_says_how_it_was_counted_otherwise(authority):
    day = Period(date(2026, 3, 31), date(2026, 4, 1))

    assert why_counted_otherwise("CLA_31March", "2026", day) == ""
    assert why_counted_otherwise("CLA_31March", "2025", day) == (
        "Counted differently: children looked after on 31 March, year to 31 March 2025."
    )
    year = academic_year("2024-25")
    assert why_counted_otherwise("CLA_12m", "2024/25", year, twelve_months=True) == ""
    assert why_counted_otherwise("CLA_12m", "2024/25", day, twelve_months=True) == (
        "Of another time: the full year 2024/25."
    )
    assert why_counted_otherwise("CLA_12m", "2024/25", day) == (
        "Counted differently: children looked after for 12 months at 31 March, full year 2024/25."
    )


def test_all_pupils_come_after_and_say_so(authority):
    publish(authority, ("england", "", 10, {}), ("england", "", 3, {"group": "all_pupils"}))

    assert [each.title for each in shown(authority).values()] == ["England", "England, all pupils"]


def test_another_authoritys_figures_and_a_measure_without_a_published_one_have_none(authority):
    publish(authority, ("england", "", 10, {}))

    assert shown(an_authority("999", "Ashcombe")) == {}
    assert shown(authority, measure="children-on-roll") == {}


def test_every_comparator_of_the_catalogue_is_a_name_of_the_published_list():
    from onroll.codes import read_rows

    names = {row["measure"] for row in read_rows("national_outcomes.csv")}

    assert {measure.comparator for measure in CATALOGUE} - {""} <= names
