"""Each component of a page, drawn from values."""

import datetime as dt

import pytest
from django.template import engines

from onroll.design import pictures, tags
from onroll.design.showcase import showcase
from onroll.design.tests.reading import fragment, select, words
from onroll.design.values import (
    AsAt,
    ChildHeader,
    Chip,
    Entry,
    Mark,
    Pages,
    PersonChip,
    SpellRow,
    Tab,
    Timeline,
    spell_table,
)

TODAY = dt.date(2026, 11, 12)


def drawn(source, **context):
    markup = engines["django"].from_string("{% load design %}" + source).render(context)
    return fragment(markup)


def test_a_tag_says_its_word_in_a_colour_that_has_a_meaning():
    (tag,) = select(drawn('{% tag "Returned" "orange" %}'), "strong")

    assert words(tag) == "Returned"
    assert tag.get("class") == "govuk-tag govuk-tag--orange"
    assert tags.tag("Exempt", "none").count("onroll-tag--none") == 1
    with pytest.raises(ValueError, match="No tag is pink"):
        tags.tag("Late", "pink")


def test_the_notice_after_an_act_takes_the_focus_and_a_standing_one_does_not():
    (after,) = select(drawn('{% notice "The place ends." %}'), "[tabindex='-1']")
    (standing,) = select(drawn('{% notice "As at 31 March." "past" focus=False %}'), ".onroll-notice")

    assert after.get("data-onroll-focus") is not None
    assert standing.get("data-onroll-focus") is None
    assert after.get("role") == "status"


def test_a_page_has_one_heading_with_its_links_beside_it():
    page = drawn('{% page_head_with "Children" sub="46" %}<a href="/x">Export</a>{% endpage_head_with %}')

    assert [words(heading) for heading in select(page, "h1")] == ["Children"]
    assert select(page, ".onroll-actions a")[0].get("href") == "/x"


def test_blocks_keep_the_html_within_them_and_escape_words_from_a_record():
    page = drawn(
        "{% details name %}<b>It counts.</b>{% enddetails %}{% panel name %}<b>Tom</b>{% endpanel %}", name="<i>Why?"
    )

    assert len(select(page, "b")) == 2
    assert not select(page, "i")


def test_breadcrumbs_end_with_the_page_one_is_on():
    page = drawn('{% breadcrumbs "Schools" "/schools" "Fernhill Academy" "" %}')

    assert [words(item) for item in select(page, "li")] == ["Schools", "Fernhill Academy"]
    assert select(page, "li")[-1].get("aria-current") == "page"


def test_the_saved_view_shown_is_marked_as_the_current_one():
    page = drawn("{% chips chips %}", chips=[Chip("My children", "?a", 46, current=True), Chip("Year 11", "?b", 0)])

    mine, year_11 = select(page, "a")
    assert mine.get("aria-current") == "true"
    assert year_11.get("aria-current") is None
    assert words(year_11) == "Year 11 0"


def test_the_day_a_list_speaks_for_is_said_when_it_is_past():
    bar = AsAt(dt.date(2026, 3, 31), TODAY, "44 children", keep={"view": "mine"}, back="/children")

    page = drawn("{% as_at bar %}", bar=bar)

    assert "44 children as at 31 March 2026: changes since are not shown." in words(page)
    assert select(page, "input[type=hidden]")[0].get("value") == "mine"
    assert select(page, "label")[0].get("for") == select(page, "input[type=text]")[0].get("id")
    assert not select(drawn("{% as_at bar %}", bar=AsAt(TODAY, TODAY)), ".onroll-asat--past")


@pytest.mark.parametrize(
    ("page", "shown"),
    [
        (1, "1 2 … 9"),
        (3, "1 2 3 4 … 9"),
        (5, "1 … 4 5 6 … 9"),
        (9, "1 … 8 9"),
    ],
)
def test_the_pages_to_choose_from_are_the_first_the_last_and_those_near_by(page, shown):
    items = Pages(page=page, size=50, total=427).items

    assert " ".join("…" if item.get("ellipsis") else str(item["number"]) for item in items) == shown


def test_a_list_of_one_page_says_how_many_there_are_and_offers_no_pages():
    page = drawn("{% pagination pages %}", pages=Pages(1, 50, 46, what="children"))

    assert words(page) == "1 to 46 of 46 children"
    assert not select(page, "nav")
    assert words(drawn("{% pagination pages %}", pages=Pages(1, 50, 0))) == ""


def test_a_page_of_a_list_keeps_the_view_and_the_filters():
    page = drawn("{% pagination pages %}", pages=Pages(1, 50, 427, keep={"view": "mine", "where": ["in", "out"]}))

    assert select(page, "a[rel=next]")[0].get("href") == "?view=mine&where=in&where=out&page=2"


def test_a_child_without_a_mark_has_neither_the_mark_nor_a_gap():
    page = drawn("{% child_header child %}", child=ChildHeader("Mia Dawson", tabs=[Tab("Story", "/x", current=True)]))

    assert not select(page, ".onroll-mark")
    assert select(page, "nav")[0].get("aria-label") == "Mia’s record"
    assert select(page, "[aria-current=page]")


def test_a_mark_says_in_words_what_must_not_happen_and_whom_to_ring():
    mark = Mark("School must not be told where Jayden lives.", "Ring Alice Beck, 01632 960 131.")

    page = drawn("{% child_header child %}", child=ChildHeader("Jayden Pryce", mark=mark, slim=True))

    assert "School must not be told where Jayden lives. Ring Alice Beck, 01632 960 131." in words(page)
    assert select(page, ".onroll-mark svg")[0].get("aria-hidden") == "true"


def test_the_initials_of_a_person_are_not_read_out():
    page = drawn("{% person_chip person %}", person=PersonChip("Tom Adeyemi", "Social worker", dt.date(2024, 5, 7)))

    (initials,) = select(page, "[aria-hidden=true]")
    assert words(initials) == "TA"
    assert "Social worker · since 7 May 2024" in words(page)
    away = PersonChip("Owen Marsh", "Adviser", away_until=dt.date(2026, 11, 20))
    assert away.line == "Adviser · away until 20 Nov 2026"


def test_a_long_story_stands_under_its_years():
    entries = [Entry(dt.date(2026 - number // 12, 6, 1), "Something happened") for number in range(31)]

    assert [year for year, _ in Timeline(entries).groups] == ["2026", "2025", "2024"]
    assert [year for year, _ in Timeline(entries[:30]).groups] == [""]


def test_each_thing_that_happened_has_its_day_for_machines_too():
    page = drawn("{% timeline t %}", t=Timeline([Entry(dt.date(2026, 11, 4), "<b>Moved", "Tom", kind="Care")]))

    (time,) = select(page, "ol li time")
    assert time.get("datetime") == "2026-11-04"
    assert words(time) == "4 November 2026 Care"
    assert not select(page, "li b")


def test_a_spell_that_still_holds_is_told_until_today():
    table = spell_table(
        "School places", [SpellRow("Fernhill Academy", dt.date(2025, 2, 10), None)], what="School", today=TODAY
    )

    assert [str(cell) for cell in table.rows[0]] == ["Fernhill Academy", "10 Feb 2025", "now", "1 y 9 m"]


def test_hidden_no_data_and_a_value_are_different_words_and_only_a_value_opens():
    page = drawn(
        "{% figure f.value %}|{% figure f.hidden %}|{% figure f.no_data %}|{% figure f.confidential %}",
        f=showcase()["figures"],
    )

    assert words(page) == "64 of 90 PEPs|hidden, fewer than 6|no data|confidential, until 12 January"
    assert len(select(page, "a")) == 1


def test_a_trend_of_two_points_is_no_trend():
    assert pictures.sparkline([1, 2], what="Trend") == ""
    (line,) = select(fragment(pictures.sparkline([88, 90, 91], what="Trend", target=98)), "svg")
    assert line.get("aria-label") == "Trend: 88, 90, 91; target 98"


def test_a_meter_and_a_rag_say_their_word():
    assert words(drawn("{% meter 11 14 %}{% rag 'near' %}")) == "11 of 14Near"
    assert pictures.meter(0, 0)


def test_a_difference_is_settled_by_a_button_that_names_what_it_keeps():
    page = drawn("{% difference d csrf_token='t' %}", d=showcase()["difference"])

    assert select(page, "form")[0].get("method") == "post"
    assert words(select(page, "button[value=school]")[0]) == "Keep this one: Black Caribbean, Fernhill Academy"


def test_filters_with_free_words_are_sent_by_post_so_that_no_word_gets_into_an_address():
    context = {"form": showcase()["filter_form"]}

    assert select(drawn("{% filter_panel form %}", **context), "form")[0].get("method") == "get"
    by_post = drawn("{% filter_panel form csrf_token='t' %}", **context)
    assert select(by_post, "form")[0].get("method") == "post"
    assert select(by_post, "[name=csrfmiddlewaretoken]")[0].get("value") == "t"


def test_a_summary_row_says_what_its_link_changes():
    page = drawn("{% summary_list rows %}", rows=showcase()["rows"])

    assert words(select(page, "a")[0]) == "Change name"
    assert words(select(page, "a")[2]) == "Add UPN"


def test_an_import_tells_number_and_words_together():
    page = drawn("{% import_sentences lines %}", lines=showcase()["sentences"])

    assert words(select(page, "li")[1]) == "11children come into carethe earliest on 4 NovemberSee the 11"
