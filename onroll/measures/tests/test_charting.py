"""The charts on the page of a figure: what they are set against, and that nothing hidden is in one."""

from datetime import date
from decimal import Decimal

import pytest

from onroll.access.roles import Role
from onroll.children.tests.scene import a_child, a_person, an_actor, an_authority, an_episode, write
from onroll.design.tests.reading import fragment, select, words
from onroll.history.changes import change
from onroll.measures.beside import Beside, beside
from onroll.measures.catalogue import CATALOGUE
from onroll.measures.charting import breakdown_chart, levels_of, trend_chart
from onroll.measures.cohorts import Cohort
from onroll.measures.comparators import Comparator
from onroll.measures.engine import read
from onroll.measures.models import PublishedFigure
from onroll.measures.periods import up_to
from onroll.measures.showing import points, seen
from onroll.measures.targets import new_target, set_target
from onroll.measures.views import _trend_table

pytestmark = pytest.mark.django_db


@pytest.fixture
def authority():
    """Four children in care since 2022 and nine since January 2026, two of those nine living outside."""
    authority = an_authority()
    for number in range(13):
        child = a_child(authority, f"Child Number{number}", birth_date=date(2014 + number % 2 * 4, 5, 6))
        episode = an_episode(child, date(2022, 6, 1) if number < 4 else date(2026, 1, 8))
        episode.placement.area = "out" if number > 10 else "in"
        write(episode.placement)
    return authority


def a_target(authority, measure, value):
    _, head = a_person(authority, Role.VSH)
    target = new_target(head, on=head.today)
    target.measure, target.better, target.value = measure, "lower", value
    set_target(target, actor=head)


def england_says(authority, measure, value):
    with change("test.set_up", actor=an_actor(authority, Role.VSH)) as this:
        this.create(
            PublishedFigure(
                authority=authority,
                measure=measure,
                group="CLA_31March",
                level="england",
                year="2025",
                value=value,
                release="A release",
                released_on=date(2025, 11, 20),
            )
        )


def charted(authority, role, measure_id):
    """The reading's own page parts: the trend's chart, and what it is set against."""
    measure, actor = CATALOGUE.find(measure_id), an_actor(authority, role)
    cohort = Cohort.for_actor(actor, as_at=actor.today)
    reading = read(measure, cohort.over(up_to(measure.period, actor.today, cohort.calendar)))
    against, trend = beside(reading), points(measure, reading.cohort, count=7)
    return trend_chart(measure, trend, against, _trend_table(measure, trend)), levels_of(measure, against)


def test_a_trend_is_set_against_its_target_and_englands_figure_which_stand_in_the_table_too(client, authority):
    a_target(authority, "three-or-more-homes", 9)
    england_says(authority, "placements_3_or_more", 10)
    account, head = a_person(authority, Role.VSH)
    client.force_login(account)

    page = fragment(client.get(f"/figures/three-or-more-homes?as-at={head.today:%d/%m/%Y}").content.decode())

    (frame,) = select(page, "figure")
    said = words(frame)
    assert "Target: 9.0%. England: 10.0%." in words(select(frame, "desc")[0])
    assert "Counted differently: children looked after on 31 March, year to 31 March 2025." in said
    rows = [words(row) for row in select(frame, "details tbody tr")]
    assert rows[-2:] == ["Target––9.0%", "England––10.0%"]
    assert f"As at {head.today.day}" in said


def test_a_figure_that_grows_over_its_period_is_set_against_neither_its_end_nor_a_full_year(authority):
    a_target(authority, "school-changes", 12)
    england_says(authority, CATALOGUE.find("school-changes").comparator, 8)

    _, levels = charted(authority, Role.VSH, "school-changes")

    assert levels == []


def test_a_published_count_is_of_other_children_and_no_line_beside_ours():
    published = Comparator("england", "England", Decimal(82_000), "", "2025", "children looked after", "")

    assert levels_of(CATALOGUE.find("children-on-roll"), Beside(None, None, None, [published])) == []


def test_a_hidden_number_is_a_gap_in_the_line_and_stands_in_no_spec(authority):
    whole, _ = charted(authority, Role.VSH, "children-on-roll")
    outside, _ = charted(authority, Role.DIRECTOR, "children-on-roll")

    assert [point.value for point in whole.chart.points] == [4, 4, 4, 4, 13, 13, 13]
    assert [(point.value, point.words) for point in outside.chart.points] == [
        *[(None, "hidden")] * 4,
        (13, "13"),
        (13, "13"),
    ]
    values = [
        row["value"] for layer in outside.chart.spec()["layer"] for row in layer["data"]["values"] if "value" in row
    ]
    assert set(values) == {None, 13}
    assert "hidden" in words(fragment(outside.table.__html__()))


def test_a_breakdown_of_which_all_is_hidden_has_no_bars(authority):
    actor = an_actor(authority, Role.DIRECTOR)
    measure = CATALOGUE.find("living-out-of-authority")
    cohort = Cohort.for_actor(actor, as_at=date(2026, 2, 28))
    reading = read(measure, cohort.over(up_to(measure.period, date(2026, 2, 28), cohort.calendar)), by=["phase"])
    shown = seen(reading)

    assert all(amount.hidden for _, amount in shown.groups)
    assert breakdown_chart(measure, shown, _trend_table(measure, [])) is None


def test_a_breakdown_is_bars_with_its_table_in_sight(client, authority):
    account, _ = a_person(authority, Role.VSH)
    client.force_login(account)

    page = fragment(client.get("/figures/living-out-of-authority?by=phase").content.decode())

    frame = select(page, "figure")[-1]
    assert select(frame, "details[open] table")
    assert "Everyone: 15.4%." in words(select(frame, "desc")[0])
    assert len(select(page, "#trend-title")) == len(select(page, "#divided-title")) == 1
