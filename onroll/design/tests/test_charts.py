"""Charts: what a picture of figures holds, and what can never be in one."""

import json
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from onroll.design.charts import Bars, ChartFrame, Columns, Level, Line, Point
from onroll.design.charts.charts import scale_for
from onroll.design.charts.drawing import draw
from onroll.design.tables import Column, Table
from onroll.design.tests.reading import fragment, select, words

TERMS = ["Autumn 2025", "Spring 2026", "Summer 2026", "Autumn 2026"]
TARGET = Level("Target", 18, "18.0%", is_target=True)
ENGLAND = Level("England", 20.3, "20.3%")


def a_line(*values, levels=()):
    points = [Point(t, v, "hidden" if v is None else f"{v}%") for t, v in zip(TERMS, values, strict=True)]
    return Line(points, levels, after="%")


def framed(chart, **more):
    table = Table("Absent, by term", [Column("Term")], [["Autumn 2026"]])
    return fragment(str(ChartFrame("Absent, by term", chart, table, "Source: marks.", **more)))


def written(chart):
    return words(fragment(draw(chart.spec()).inside))


def test_a_line_names_its_first_and_last_figure_and_all_it_is_set_against():
    drawn = written(a_line(23.4, 22.1, 21.9, 20.6, levels=[TARGET, ENGLAND]))

    for said in ("23.4%", "20.6%", "Target 18.0%", "England 20.3%"):
        assert said in drawn


def test_a_target_is_dashed_and_a_published_figure_dotted():
    rules = select(fragment(draw(a_line(23, 22, 21, 20, levels=[TARGET, ENGLAND]).spec()).inside), "line")

    assert {rule.get("stroke-dasharray") for rule in rules} >= {"9,5", "2,4"}


def test_what_is_hidden_is_a_gap_and_a_word_and_stands_in_no_spec():
    chart = a_line(23.4, 22.1, None, 20.6)

    (line,) = (path for path in select(fragment(draw(chart.spec()).inside), "path") if path.get("stroke"))

    assert line.get("d").count("M") == 2
    assert "hidden" in written(chart)
    assert "Summer 2026: hidden." in chart.description
    assert '"value": null' in json.dumps(chart.spec())


def test_the_last_of_columns_that_goes_on_is_an_outline():
    points = [Point("2024/25", 30, "30"), Point("2025/26", 25, "25"), Point("2026/27, so far", 9, "9", going_on=True)]

    fills = [path.get("fill") for path in select(fragment(draw(Columns(points).spec()).inside), "path")]

    assert fills == ["#17524f", "#17524f", "#fff"]


def test_words_from_a_record_stay_words():
    evil = "</svg><script>alert(1)</script> & {{ datum }} https://example.org/x.png"
    chart = Bars([Point(evil, 3, evil), Point("b", 4, "4")], [Level("Everyone", 3.5, "3.5")])

    page = framed(chart)

    assert not select(page, "script, image, a, foreignObject")
    assert "alert(1)" in written(chart)


KINDS = [
    a_line(23, None, 21, 20, levels=[TARGET, ENGLAND]),
    Columns(a_line(1, 2, 3, 4).points),
    Bars(a_line(1, None, 3, 4).points, [ENGLAND]),
]


@pytest.mark.parametrize("chart", KINDS)
def test_a_picture_is_shapes_and_words_without_style_link_or_font(chart):
    inside = draw(chart.spec()).inside

    assert set(re.findall(r"<(\w+)", inside)) <= {"g", "path", "line", "rect", "text", "tspan"}
    assert not re.search(r"style|href|url|font-family|class|role|aria|xmlns|http", inside)


@pytest.mark.parametrize("sign", ["\x01", "\x1f", "\ud800", "\uffff"], ids=ascii)
def test_a_sign_that_no_picture_can_hold_is_a_blank(sign):
    bars = Bars([Point(f"Park{sign}Road", 3, "3"), Point("Hill", 4, "4")])

    assert "Park Road" in written(bars)


def test_a_frame_is_one_picture_with_a_name_a_description_and_its_table():
    page = framed(a_line(23.4, 22.1, 21.9, 20.6, levels=[TARGET]), notes=["Counted differently: all pupils."], id="one")

    (picture,) = select(page, "svg[role=img]")
    assert picture.get("aria-labelledby") == "one-title one-description"
    assert words(select(page, "#one-description")[0]).startswith("From 23.4% in Autumn 2025 to 20.6% in Autumn 2026.")
    assert select(page, "details table")
    assert select(page, ".onroll-scroll[tabindex='0'][role=region][aria-label]")
    assert "Counted differently: all pupils." in words(page)
    assert "The scale begins at 18%, not at 0." in words(page)
    assert "Source: marks." in words(page)


def test_bars_and_columns_begin_at_nought():
    high = [Point("a", 97, "97"), Point("b", 98, "98")]

    assert Bars(high).begins_at == Columns(high).begins_at == ""
    assert Line(high).begins_at == "75"


def test_a_chart_is_not_set_against_more_than_three_others():
    with pytest.raises(ValueError, match="at most 3"):
        a_line(1, 2, 3, 4, levels=[TARGET, ENGLAND, ENGLAND, ENGLAND])


def test_one_figure_alone_is_no_picture():
    assert not a_line(None, None, None, 20.6).has_points
    assert a_line(None, 21.0, None, 20.6).has_points


def test_the_same_figures_are_drawn_once():
    assert draw(a_line(1, 2, 3, 4).spec()) is draw(a_line(1, 2, 3, 4).spec())
    assert draw(a_line(1, 2, 3, 4).spec()) != draw(a_line(1, 2, 3, 5).spec())


TENTHS = st.integers(0, 10_000_000).map(lambda tenths: tenths / 10)


@settings(max_examples=50, deadline=None)
@given(st.lists(TENTHS, min_size=1, max_size=8), st.booleans(), st.booleans())
def test_an_axis_holds_every_value_on_few_round_ticks(values, from_0, whole):
    scale = scale_for(values, from_0=from_0, whole=whole)

    assert scale.first <= min(values)
    assert scale.last >= max(values)
    assert 2 <= len(scale.ticks) <= 8
    assert scale.last - scale.first >= max(values) / 5 - 1e-6
    assert not from_0 or scale.first == 0
