import datetime as dt
import re
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from onroll.design.showcase import TODAY, example_story
from onroll.design.story import Bar, Event, Lane, Story

BORN = dt.date(2013, 3, 4)


def a_story(*bars, events=(), today=TODAY):
    return Story(name="Mia", born_on=BORN, today=today, lanes=[Lane("Care", "care", bars)], events=events)


def told(svg):
    """The words of each bar and mark, as a pointer resting on it reads them."""
    return [title.text for title in etree.fromstring(svg).findall(".//{*}title")][1:]


def rectangles(svg):
    return [rect for rect in etree.fromstring(svg).findall(".//{*}rect") if rect.find("{*}title") is not None]


def test_the_story_begins_with_the_school_year_of_coming_into_care():
    story = a_story(Bar(dt.date(2021, 6, 18), None, "Full care order"))

    assert story.first == dt.date(2020, 9, 1)
    assert "Year 3" in story.wide


def test_what_still_holds_ends_at_today_and_what_is_planned_is_dashed_beyond_it():
    story = a_story(Bar(dt.date(2025, 9, 1), dt.date(2027, 7, 1), "Fernhill Academy"))

    held, planned = sorted(rectangles(story.wide), key=lambda rect: rect.get("stroke-dasharray") is None, reverse=True)
    assert held.get("stroke-dasharray") is None
    assert planned.get("stroke-dasharray")
    assert float(planned.get("x")) >= float(held.get("x")) + float(held.get("width"))


def test_two_places_at_once_stand_below_each_other():
    story = a_story(
        Bar(dt.date(2025, 9, 1), None, "Main school"), Bar(dt.date(2025, 10, 1), dt.date(2026, 2, 1), "Unit")
    )

    assert len({rect.get("y") for rect in rectangles(story.wide)}) == 2


def test_time_without_a_school_is_outlined_and_told():
    story = example_story()

    assert "No school place: 1 February 2025 to 10 February 2025" in told(story.wide)


def test_the_picture_says_what_it_shows_to_those_who_cannot_see_it():
    root = etree.fromstring(example_story().wide)

    assert root.get("role") == "img"
    named_by = root.get("aria-labelledby").split()
    assert named_by == [root.find("{*}title").get("id"), root.find("{*}desc").get("id")]
    assert "four homes and three schools" in root.find("{*}desc").text


def test_two_drawings_of_one_story_share_no_id():
    story = example_story()

    ids = re.findall(r'id="([^"]+)"', story.wide + story.narrow)

    assert len(ids) == len(set(ids))


def test_the_phone_shows_the_present_phase_and_leaves_out_what_ended_before():
    story = example_story()

    assert story.is_cut
    assert story.lately == dt.date(2024, 9, 1)
    assert not any("Larkfield" in words for words in told(story.narrow))


def test_names_in_the_story_are_escaped():
    story = a_story(Bar(dt.date(2025, 9, 1), None, "<script>"), events=[Event(dt.date(2025, 9, 1), "<b>")], today=TODAY)

    assert "<script>" not in story.wide
    assert "<b>" not in story.wide


@pytest.mark.parametrize("width", ["wide", "narrow"])
def test_no_two_events_are_written_over_each_other(width):
    days = [dt.date(2025, 9, 1) + dt.timedelta(days=9 * number) for number in range(20)]
    story = a_story(Bar(days[0], None, "Care"), events=[Event(on, "Moved home again") for on in days])

    texts = [text for text in etree.fromstring(getattr(story, width)).findall(".//{*}text") if text.text[:5] == "Moved"]
    lines = {}
    for text in texts:
        room = len(text.text) * 6.9
        left = float(text.get("x")) - (room if text.get("text-anchor") else 0)
        lines.setdefault(text.get("y"), []).append((left, left + room))
    for line in lines.values():
        line.sort()
        assert all(before[1] <= after[0] for before, after in pairwise(line))


@given(
    st.lists(
        st.tuples(st.dates(dt.date(2013, 3, 4), dt.date(2028, 1, 1)), st.none() | st.integers(1, 4000)), max_size=12
    )
)
def test_any_spells_make_a_picture_that_stays_inside_its_frame(spells):
    bars = [Bar(start, start + dt.timedelta(days=days) if days else None, "Foster carers") for start, days in spells]

    for svg in (a_story(*bars).wide, a_story(*bars).narrow):
        root = etree.fromstring(svg)
        for rect in rectangles(svg):
            assert float(rect.get("x")) >= 0
            assert float(rect.get("x")) + float(rect.get("width")) <= float(root.get("width")) + 0.1
            assert float(rect.get("y")) + float(rect.get("height")) <= float(root.get("height"))
