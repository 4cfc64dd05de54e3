"""The components and words of Onroll's pages: `{% load design %}`.

A component takes values, never a request. Those that hold other things are block tags with an end:
`{% details "Why?" %}…{% enddetails %}`. A text marked safe is written as HTML, any other is escaped.
"""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django import template
from django.forms import BaseForm
from django.template.loader import get_template
from django.utils.html import conditional_escape, escape, format_html
from django.utils.safestring import SafeString, mark_safe

from onroll.design import govuk, icons, tags, words
from onroll.design.forms import summary_of
from onroll.design.tables import Table

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
    return mark_safe(get_template(f"design/components/{name}.html").render(values))  # noqa: S308 - a template's output


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
def error_summary(*forms: BaseForm) -> SafeString:
    """{% error_summary form %}: what is wrong, each a link to its box. Nothing when nothing is wrong."""
    errors = summary_of(form for form in forms if form and form.is_bound)
    return govuk.render("error-summary", title="There is a problem", errors=errors) if errors else SafeString("")


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
    return govuk.render("back-link", href=href, text=text)


@register.simple_tag
def breadcrumbs(*pairs: str) -> SafeString:
    """{% breadcrumbs "Schools" "/schools" "Fernhill Academy" "" %}: words and addresses in turn; the last has none."""
    items = [{"text": text, "href": href} for text, href in zip(pairs[::2], [*pairs[1::2], ""], strict=False)]
    return govuk.render("breadcrumbs", items=items, collapse_on_mobile=True)
