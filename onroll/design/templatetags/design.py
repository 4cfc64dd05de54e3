"""The components and words of Onroll's pages: `{% load design %}`.

A component takes values, never a request. Those that hold other things are block tags with an end:
`{% details "Why?" %}…{% enddetails %}`. A text marked safe is written as HTML, any other is escaped.
"""

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from django import template
from django.forms import BaseForm
from django.template.loader import get_template
from django.utils.html import conditional_escape, escape, format_html
from django.utils.safestring import SafeString, mark_safe

from onroll.design import govuk, icons, pictures, tags, words
from onroll.design.forms import summary_of
from onroll.design.story import Story
from onroll.design.tables import Table
from onroll.design.values import (
    AsAt,
    Check,
    ChildHeader,
    Chip,
    Difference,
    Figure,
    ImportSentence,
    Mark,
    Pages,
    PersonChip,
    SummaryRow,
    Tile,
    Timeline,
)

register = template.Library()


# ── words ───────────────────────────────────────────────────────────────────────────────────────


@register.filter
def day(on: dt.date | None) -> str:
    return words.day(on)


@register.filter
def day_short(on: dt.date | None) -> str:
    return words.day_short(on)


@register.filter
def day_in_term(on: dt.date | None) -> str:
    """12 Nov: for days of the present term."""
    return words.day_short(on, without_year=True)


@register.filter
def weekday(on: dt.date | None) -> str:
    return words.weekday(on)


@register.filter
def length_of_time(start: dt.date | None, end: dt.date | None) -> str:
    """{{ since|length_of_time:today }}"""
    return words.length_of_time(start, end)


@register.filter
def length_of_time_short(start: dt.date | None, end: dt.date | None) -> str:
    return words.length_of_time(start, end, short=True)


@register.filter
def number(value: int) -> str:
    return words.number(value)


@register.filter
def count_of(count: int, noun: str) -> str:
    """{{ n|count_of:"child,children" }} or, when the plural is the usual one, {{ n|count_of:"place" }}."""
    one, _, many = noun.partition(",")
    return words.count_of(count, one, many)


@register.filter
def percent(part: int, whole: int) -> str:
    return words.percent(part, whole)


@register.filter
def part_of_whole(part: int, whole: int) -> str:
    return words.part_of_whole(part, whole)


# ── the ground ──────────────────────────────────────────────────────────────────────────────────


@register.filter
def attributes(values: Mapping[str, Any] | None) -> SafeString:
    """The values as attributes of an element: True alone as its name, None and False not at all."""
    if not values:
        return SafeString("")
    written = [
        f" {escape(name)}" if value is True else f' {escape(name)}="{conditional_escape(value)}"'
        for name, value in values.items()
        if value is not None and value is not False
    ]
    return mark_safe("".join(written))  # noqa: S308 - every name and value is escaped above


def _rendered(name: str, **values: Any) -> SafeString:
    drawn = get_template(f"design/components/{name}.html").render(values)
    # A component can stand inside a sentence, so the file's last line break must not become a space.
    return mark_safe(drawn.strip())  # noqa: S308 - a template's output


# ── core ────────────────────────────────────────────────────────────────────────────────────────


@register.simple_tag
def tag(text: Any, colour: str = "grey") -> SafeString:
    """{% tag "Returned" "orange" %}: a state. The colours and whose turn they mean are in design.tags."""
    return tags.tag(text, colour)


@register.simple_tag
def table(table: Table) -> SafeString:
    """{% table children %}: a prepared design.tables.Table."""
    return table.__html__()


NOTICES = {
    "success": ("success", "tick"),
    "warning": ("warning", "warning"),
    "error": ("error", "warning"),
    "past": ("past", "clock"),
}


@register.simple_tag
def notice(text: Any, kind: str = "success", more: Any = "", focus: bool = True) -> SafeString:
    """{% notice "Signed off as good." %}: after an act. Kinds: success, warning, error, past (as at a past day)."""
    name, icon_name = NOTICES.get(kind, NOTICES["success"])
    return _rendered("notice", text=text, kind=name, icon=icons.icon(icon_name), more=more, focus=focus)


@register.simple_tag
def error_summary(*forms: BaseForm, focus: bool = True) -> SafeString:
    """{% error_summary form %}: what is wrong, each a link to its box. Nothing when nothing is wrong."""
    # A form that a page has only sometimes is empty text where it has it not.
    errors = summary_of(form for form in forms if isinstance(form, BaseForm) and form.is_bound)
    if not errors:
        return SafeString("")
    stay = None if focus else True
    return govuk.render("error-summary", title="There is a problem", errors=errors, disable_auto_focus=stay)


@register.simple_tag
def button(text: Any, kind: str = "", href: str = "", **options: Any) -> SafeString:
    """{% button "Save" %}, {% button "Check" "secondary" name="check" value="1" %}, {% button "End" "warning" %}.

    With href it is a link that looks like a button. It can't be pressed twice in a second by mistake.
    """
    classes = f"govuk-button--{kind}" if kind else ""
    once = None if href else True
    return govuk.render("button", text=text, href=href, classes=classes, prevent_double_click=once, **options)


@register.simple_block_tag
def actions(content: str) -> SafeString:
    """{% actions %}{% button "Save" %}{% button "Check" "secondary" %}{% endactions %}: acts beside each other."""
    return format_html('<div class="govuk-button-group">{}</div>', mark_safe(content))  # noqa: S308


@register.simple_block_tag
def fieldset(content: str, legend: str, size: str = "m", heading: bool = False) -> SafeString:
    """{% fieldset "Where the child lives" %}…fields…{% endfieldset %}"""
    return govuk.render(
        "fieldset",
        legend={"text": legend, "classes": f"govuk-fieldset__legend--{size}", "is_page_heading": heading},
        text=mark_safe(content),  # noqa: S308 - the content of the block is rendered already
    )


@register.simple_tag
def page_head(title: str, sub: Any = "", caption: Any = "", size: str = "l") -> SafeString:
    """{% page_head "Children" sub="46 on the roll" %}: the one h1 of a page."""
    return _rendered("page-head", title=title, sub=sub, caption=caption, size=size)


@register.simple_block_tag
def page_head_with(content: str, title: str, sub: Any = "", caption: Any = "", size: str = "l") -> SafeString:
    """{% page_head_with "Children" %}<a class="govuk-link" …>Export</a>{% endpage_head_with %}: with links."""
    inner = mark_safe(content)  # noqa: S308 - the content of a block is rendered already
    return _rendered("page-head", title=title, sub=sub, caption=caption, size=size, content=inner)


@register.simple_tag
def back_link(href: str, text: str = "Back") -> SafeString:
    """{% back_link url "Mia’s school" %}: on a page that is one step of a task."""
    # Everything on a page stands in a landmark, so that it can be reached by going through them.
    return format_html('<nav aria-label="Back">{}</nav>', govuk.render("back-link", href=href, text=text))


@register.simple_tag
def breadcrumbs(*pairs: str) -> SafeString:
    """{% breadcrumbs "Schools" "/schools" "Fernhill Academy" "" %}: words and addresses in turn; the last has none."""
    items = [{"text": text, "href": href} for text, href in zip(pairs[::2], [*pairs[1::2], ""], strict=False)]
    return govuk.render("breadcrumbs", items=items, collapse_on_mobile=True)


@register.simple_tag
def warning_text(text: Any) -> SafeString:
    """{% warning_text "This ends all access now." %}"""
    return govuk.render("warning-text", text=text)


@register.simple_block_tag
def inset(content: str) -> SafeString:
    """{% inset %}The roll goes from <b>425 to 427</b> children.{% endinset %}"""
    return govuk.render("inset-text", text=mark_safe(content))  # noqa: S308 - a block is rendered already


@register.simple_block_tag
def details(content: str, summary: str, open: bool = False) -> SafeString:
    """{% details "Why am I seeing this?" %}…{% enddetails %}"""
    return govuk.render("details", summary=summary, open=open, text=mark_safe(content))  # noqa: S308


@register.simple_tag
def summary_list(rows: Iterable[SummaryRow], card: str = "") -> SafeString:
    """{% summary_list rows %}: questions and answers, each with a link that changes it; with `card` in a titled box."""
    drawn = [
        {
            "key": {"text": row.key},
            "value": {"text": row.value},
            "actions": {
                "links": [{"href": row.href, "text": row.act, "visually_hidden_text": words.lower_first(row.key)}]
                if row.href
                else []
            },
        }
        for row in rows
    ]
    return govuk.render("summary-list", rows=drawn, card={"title": {"text": card}} if card else None)


@register.simple_tag
def confirmation(title: str, text: Any = "") -> SafeString:
    """{% confirmation "Imported" %}: the large green panel at the end of a task, with the page's h1."""
    return govuk.render("panel", title=title, text=text)


@register.simple_tag
def phase_banner(phase: str, text: Any) -> SafeString:
    return govuk.render("phase-banner", tag={"text": phase}, text=text)


@register.simple_block_tag
def panel(content: str, title: str = "", tint: bool = False, level: int = 2) -> SafeString:
    """{% panel "People" %}…{% endpanel %}: side matter in a thin border."""
    inner = mark_safe(content)  # noqa: S308 - a block is rendered already
    return _rendered("panel", title=title, tint=tint, level=level, content=inner)


# ── lists ───────────────────────────────────────────────────────────────────────────────────────


@register.simple_tag
def filter_panel(
    form: BaseForm,
    title: str = "Filter this list",
    action: str = "",
    csrf_token: str = "",
    keep: Mapping[str, Any] | None = None,
    live: str = "",
    clear_href: str = "",
    button: str = "Show",
    id: str = "filters",
) -> SafeString:
    """{% filter_panel form csrf_token=csrf_token %}: beside the list; on a phone opened by {% filter_opener %}.

    With a token it is sent by POST, as it must be where words are typed; without one by GET, for fixed choices.
    `live` is the id of the part of the page that its answer replaces while one types.
    """
    return _rendered(
        "filter-panel",
        form=form,
        title=title,
        action=action,
        csrf_token=csrf_token,
        kept=(keep or {}).items(),
        live=live,
        clear_href=clear_href,
        button=button,
        id=id,
    )


@register.simple_tag
def filter_opener(text: str = "Filter this list", id: str = "filters") -> SafeString:
    """Above the list, for phones: opens the filter panel with that id."""
    return _rendered("filter-opener", text=text, id=id)


@register.simple_tag
def chips(chips: Iterable[Chip], label: str = "Saved views", save_href: str = "") -> SafeString:
    """{% chips views %}: saved views or filters in a row, the current one filled."""
    return _rendered("chips", chips=chips, label=label, save_href=save_href)


@register.simple_tag
def as_at(bar: AsAt, id: str = "as-at") -> SafeString:
    """{% as_at bar %}: the day a list speaks for; yellow on a past day."""
    return _rendered("as-at", bar=bar, id=id)


@register.simple_tag
def pagination(pages: Pages) -> SafeString:
    """{% pagination pages %}: 1 to 50 of 427, and the pages when there are several."""
    if not pages.total:
        return SafeString("")
    links = ""
    if pages.last > 1:
        links = govuk.render(
            "pagination",
            landmark_label="Pages",
            items=pages.items,
            previous={"href": pages.address(pages.page - 1)} if pages.page > 1 else None,
            next={"href": pages.address(pages.page + 1)} if pages.page < pages.last else None,
        )
    return _rendered("pages", words=pages.words, links=links)


@register.simple_tag
def count_pill(number: int, what: str = "items", quiet: bool = False) -> SafeString:
    """{% count_pill 3 "decisions" %}: beside the heading of a list. Quiet when nothing in it waits for you."""
    return _rendered("count-pill", number=number, what=what, quiet=quiet)


@register.simple_tag
def empty(
    title: str, text: Any = "", href: str = "", act: str = "", button: bool = False, level: int = 2
) -> SafeString:
    """{% empty "No return has been loaded" "A folder or a zip…" href=url act="Choose the files" button=True %}"""
    return _rendered("empty", title=title, text=text, href=href, act=act, button=button, level=level)


# ── a child ─────────────────────────────────────────────────────────────────────────────────────


@register.simple_tag
def child_header(child: ChildHeader, level: int = 1) -> SafeString:
    """{% child_header header %}: who the page is about, with the row of tabs. It holds the page's h1."""
    return _rendered("child-header", child=child, level=level, mark=disclosure_mark(child.mark) if child.mark else "")


@register.simple_tag
def disclosure_mark(mark: Mark) -> SafeString:
    """What must not be told, and whom to ring. Only for those who may know."""
    return _rendered("disclosure-mark", mark=mark, icon=icons.icon("lock"))


@register.simple_tag
def person_chip(person: PersonChip) -> SafeString:
    """{% person_chip person %}: initials, name, role and since when. In lists: <ul class="onroll-people">."""
    return _rendered("person-chip", person=person)


@register.simple_tag
def timeline(timeline: Timeline) -> SafeString:
    """{% timeline what_happened %}"""
    return _rendered("timeline", timeline=timeline)


@register.simple_block_tag
def story(content: str, story: Story) -> SafeString:
    """{% story picture %}<p>…a link to the same as a table…</p>{% endstory %}"""
    return _rendered("story", story=story, content=mark_safe(content))  # noqa: S308 - a block is rendered already


@register.simple_tag
def quote(words: str, about: str = "") -> SafeString:
    """{% quote "I want to be a vet." "11 June 2026" %}: the child's own words."""
    return _rendered("quote", words=words, about=about)


# ── figures ─────────────────────────────────────────────────────────────────────────────────────


@register.simple_tag
def figure(figure: Figure) -> SafeString:
    """{% figure peps %}: a number in a sentence, which opens."""
    return _rendered("figure", figure=figure)


@register.simple_tag
def tile(tile: Tile, level: int = 3) -> SafeString:
    """{% tile measure %}, inside <ul class="onroll-tiles">."""
    trend = pictures.sparkline(tile.trend, what="Trend", target=tile.target)
    return _rendered("tile", tile=tile, level=level, trend=trend, rag=pictures.rag(tile.rag) if tile.rag else "")


@register.simple_tag
def rag(state: str, words: str = "") -> SafeString:
    """{% rag "near" %}: on_track, near, off_track or no_data."""
    return pictures.rag(state, words)


@register.simple_tag
def sparkline(values: list[float], what: str, target: float | None = None) -> SafeString:
    """{% sparkline values "Attendance, last 7 half-terms" %}: never without the number beside it."""
    return pictures.sparkline(values, what=what, target=target, width=160, height=40)


@register.simple_tag
def meter(done: int, whole: int, words: str = "") -> SafeString:
    """{% meter 11 14 %}"""
    return pictures.meter(done, whole, words)


@register.simple_tag
def progress(text: str, done: int = 0, whole: int = 0, more: Any = "", id: str = "work") -> SafeString:
    """{% progress "Reading the files" done=3 whole=8 %}: for work that takes longer than a second."""
    return _rendered("progress", text=text, done=done, whole=whole, more=more, id=id)


# ── data ────────────────────────────────────────────────────────────────────────────────────────


@register.simple_tag
def import_sentences(lines: Iterable[ImportSentence]) -> SafeString:
    """{% import_sentences sentences %}: what a file will do or did, a count and a sentence each."""
    return _rendered("import-sentences", lines=lines)


@register.simple_tag
def difference(difference: Difference, csrf_token: str = "", level: int = 2) -> SafeString:
    """{% difference one csrf_token=csrf_token %}: one fact, what each source says, and the button that keeps one."""
    return _rendered("difference", difference=difference, csrf_token=csrf_token, level=level)


@register.simple_tag
def checks(checks: Iterable[Check], label: str = "") -> SafeString:
    """{% checks found "What this would contradict" %}"""
    drawn = [(icons.icon("done" if check.fine else "warning"), check) for check in checks]
    return _rendered("checks", checks=drawn, label=label)
