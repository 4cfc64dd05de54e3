"""govuk-frontend's components, drawn by templates of our own from plain values.

`render("input", id="email", label={"text": "E-mail address"})` gives the markup that govuk-frontend
documents for those values; scripts/check_govuk_fixtures.py compares every one with its published
examples. What a template cannot work out by itself (which boxes describe a field, how items are
numbered) is worked out here. A text that is marked safe is written as HTML, any other is escaped.
"""

from collections.abc import Callable, Iterable
from typing import Any

from django.template.loader import get_template
from django.utils.safestring import SafeString, mark_safe

Params = dict[str, Any]


def render(component: str, /, **params: Any) -> SafeString:
    """One component as HTML."""
    prepare = PREPARED.get(component)
    context = prepare(params) if prepare else params
    return mark_safe(get_template(f"design/govuk/{component}.html").render(context))  # noqa: S308 - a template's output


def join(*classes: str | None) -> str:
    """The classes that are there, with one space between them."""
    return " ".join(name for name in classes if name)


def _named(params: Params) -> Params:
    """A field with its id, its error's hidden word, and the ids of what describes it."""
    params = dict(params)
    params["id"] = identifier = params.get("id") or params.get("name") or ""
    return _described(params, identifier)


def _described(params: Params, identifier: str) -> Params:
    described_by = [params.get("described_by")]
    if params.get("hint"):
        params["hint_id"] = f"{identifier}-hint"
        described_by.append(params["hint_id"])
    if params.get("error"):
        params["error"] = _error(params["error"])
        params["error_id"] = f"{identifier}-error"
        described_by.append(params["error_id"])
    params["described_by"] = join(*described_by)
    return params


def _error(error: Params) -> Params:
    return {"visually_hidden_text": "Error", **error}


def _spelled(value: bool | None) -> str | None:
    """How a yes or no is written in an attribute that spells it out."""
    return None if value is None else str(value).lower()


def _input(params: Params) -> Params:
    params = _named(params)
    group = params.get("group") or {}
    params["input_classes"] = join(
        "govuk-input", params.get("classes"), "govuk-input--error" if params.get("error") else None
    )
    params["wrapped"] = any(
        [
            (params.get("prefix") or {}).get("text"),
            (params.get("suffix") or {}).get("text"),
            group.get("before"),
            group.get("after"),
        ]
    )
    params["optional"] = {
        "spellcheck": _spelled(params.get("spellcheck")),
        "value": params.get("value"),
        "disabled": params.get("disabled"),
        "aria-describedby": params["described_by"] or None,
        "autocomplete": params.get("autocomplete"),
        "autocapitalize": params.get("autocapitalize"),
        "pattern": params.get("pattern"),
        "inputmode": params.get("inputmode"),
    }
    return params


def _box(params: Params) -> Params:
    """A textarea, a list to choose from, a file: what they share."""
    params = _named(params)
    params["optional"] = {
        "spellcheck": _spelled(params.get("spellcheck")),
        "disabled": params.get("disabled") or None,
        "multiple": params.get("multiple") or None,
        "aria-describedby": params["described_by"] or None,
        "autocomplete": params.get("autocomplete") or None,
    }
    return params


def _select(params: Params) -> Params:
    params = _box(params)
    chosen = params.get("value")

    def option(item: Params) -> Params:
        value = item.get("value", item.get("text"))
        selected = item.get("selected")
        if selected is None:
            selected = bool(chosen) and value == chosen
        has_value = "value" in item
        return {
            **item,
            "selected": selected,
            "value_attribute": {"value": "" if item["value"] is None else str(item["value"])} if has_value else {},
        }

    groups = params.get("groups") or [("", params.get("items") or [])]
    params["groups"] = [(heading, [option(item) for item in items if item]) for heading, items in groups]
    return params


def _choices(kind: str, type_: str) -> Callable[[Params], Params]:
    def prepare(params: Params) -> Params:
        params = dict(params)
        prefix = params.get("id_prefix") or params.get("name") or ""
        fieldset = params.get("fieldset")
        if fieldset and fieldset.get("described_by"):
            params["described_by"] = fieldset["described_by"]
        outer = params.get("described_by")
        params = _described(params, prefix)
        # Only checkboxes repeat the description on each box when no fieldset carries it.
        carried = "" if fieldset or type_ == "radio" else params["described_by"]
        if type_ == "radio" and not fieldset:
            params["described_by"] = outer
        params["block_class"] = kind
        params["type"] = type_
        params["items"] = [
            _choice(item, number, params, prefix, carried)
            for number, item in enumerate(params.get("items") or [], 1)
            if item
        ]
        return params

    return prepare


def _choice(item: Params, number: int, params: Params, prefix: str, carried: str) -> Params:
    if item.get("divider"):
        return item
    identifier = item.get("id") or (f"{prefix}-{number}" if number > 1 else prefix)
    checked = item.get("checked")
    if checked is None:
        chosen = params.get("values") if params["type"] == "checkbox" else params.get("value")
        checked = bool(chosen) and (
            item.get("value") in chosen if isinstance(chosen, list) else item["value"] == chosen
        )
    hint_id = f"{identifier}-item-hint"
    has_hint = bool((item.get("hint") or {}).get("text"))
    return {
        **item,
        "id": identifier,
        "name": item.get("name") or params.get("name"),
        "hint_id": hint_id,
        "checked": checked,
        "optional": {
            "checked": checked or None,
            "disabled": item.get("disabled") or None,
            "data-aria-controls": f"conditional-{identifier}" if item.get("conditional") else None,
            "data-behaviour": item.get("behaviour"),
            "aria-describedby": join(carried, hint_id if has_hint else "") or None,
        },
    }


def _date_input(params: Params) -> Params:
    params = dict(params)
    fieldset = params.get("fieldset")
    if fieldset:
        params["described_by"] = fieldset.get("described_by")
        # Without this role one widely used screen reader leaves out the hint and the error.
        params["fieldset"] = {**fieldset, "role": "group"}
    identifier = params.get("id") or ""
    params = _described(params, identifier)
    single: dict[str, Params] = {
        name: params.get(name) or {"name": name, "classes": f"govuk-input--width-{4 if name == 'year' else 2}"}
        for name in ("day", "month", "year")
        if params.get(name) is not False
    }
    listed = [item for item in params.get("items") or [] if item]
    parts = [(_kind_of(item, single), item) for item in listed] or list(single.items())
    values = params.get("values") or {}
    marked = any(_is_wrong(part) for _, part in parts)
    prefix = f"{params['name_prefix']}-" if params.get("name_prefix") else ""
    boxes = []
    for kind, part in parts:
        name = part.get("name") or kind
        classes = part.get("classes") or ""
        value = part.get("value")
        if value is None:
            value = single.get(kind, {}).get("value")
        wrong = _is_wrong(part) or (part.get("error") is not False and bool(params.get("error")) and not marked)
        width = "4" if kind == "year" else "2"
        boxes.append(
            render(
                "input",
                id=part.get("id") or f"{identifier}-{name}",
                name=prefix + name,
                label={"text": part.get("label") or name.capitalize(), "classes": "govuk-date-input__label"},
                classes=join(
                    "govuk-date-input__input",
                    "govuk-input--error" if wrong and "govuk-input--error" not in classes else "",
                    f"govuk-input--width-{width}" if "govuk-input--width-" not in classes else "",
                    classes,
                ),
                value=values.get(prefix + name) if value is None else value,
                inputmode=part.get("inputmode") or "numeric",
                autocomplete=part.get("autocomplete"),
                pattern=part.get("pattern"),
                attributes=part.get("attributes"),
            )
        )
    params["items"] = boxes
    return params


def _kind_of(item: Params, single: dict[str, Params]) -> str:
    """Whether a listed part is the day, the month or the year; nothing if it is none of them."""
    for kind, part in single.items():
        if item.get("name") and item["name"] in (kind, part.get("name")):
            return kind
    return ""


def _is_wrong(part: Params) -> bool:
    return bool(part.get("error")) or "govuk-input--error" in (part.get("classes") or "")


def _character_count(params: Params) -> Params:
    identifier = params.get("id") or params.get("name") or ""
    limit = params.get("maxwords") or params.get("maxlength")
    what = "words" if params.get("maxwords") or params.get("count_type") == "words" else "characters"
    group = params.get("group") or {}
    message = render(
        "hint",
        id=f"{identifier}-info",
        classes=join("govuk-character-count__message", (params.get("count_message") or {}).get("classes")),
        text=(params.get("textarea_description_text") or f"You can enter up to %{{count}} {what}").replace(
            "%{count}", str(limit)
        )
        if limit
        else "",
    )
    attributes = {
        "data-module": "govuk-character-count",
        "data-maxlength": params.get("maxlength"),
        "data-maxwords": params.get("maxwords"),
        "data-threshold": params.get("threshold"),
        "data-count-type": params.get("count_type") or ("words" if params.get("maxwords") else None),
        **(group.get("attributes") or {}),
    }
    return _box(
        {
            **params,
            "id": identifier,
            "described_by": f"{identifier}-info",
            "classes": join("govuk-js-character-count", params.get("classes")),
            "group": {
                "classes": join("govuk-character-count", group.get("classes")),
                "attributes": attributes,
                "before": group.get("before") or "",
                "after": mark_safe(message + (group.get("after") or "")),  # noqa: S308 - both are rendered already
            },
        }
    )


def _password_input(params: Params) -> Params:
    identifier = params.get("id") or params.get("name") or ""
    group = params.get("group") or {}
    toggle = render(
        "button",
        type="button",
        classes=join(
            "govuk-button--secondary govuk-password-input__toggle govuk-js-password-input-toggle",
            (params.get("button") or {}).get("classes"),
        ),
        text="Show",
        attributes={"aria-controls": identifier, "aria-label": "Show password", "hidden": True},
    )
    return _input(
        {
            **params,
            "id": identifier,
            "type": "password",
            "spellcheck": False,
            "autocapitalize": "none",
            "autocomplete": params.get("autocomplete") or "current-password",
            "classes": join("govuk-password-input__input govuk-js-password-input-input", params.get("classes")),
            "input_wrapper": {"classes": "govuk-password-input__wrapper"},
            "group": {
                "classes": join("govuk-password-input", group.get("classes")),
                "attributes": {"data-module": "govuk-password-input", **(group.get("attributes") or {})},
                "before": group.get("before") or "",
                "after": mark_safe(toggle + (group.get("after") or "")),  # noqa: S308 - both are rendered already
            },
        }
    )


def _button(params: Params) -> Params:
    return {
        **params,
        "button_classes": join(
            "govuk-button", params.get("classes"), "govuk-button--start" if params.get("is_start_button") else None
        ),
        "text_is_html": isinstance(params.get("text"), SafeString),
        "optional": {
            "value": params.get("value") or None,
            "name": params.get("name") or None,
            "disabled": params.get("disabled") or None,
            "aria-disabled": "true" if params.get("disabled") else None,
            "data-prevent-double-click": _spelled(params.get("prevent_double_click")),
        },
    }


def _error_message(params: Params) -> Params:
    return _error(params)


def _with_auto_focus(params: Params) -> Params:
    attributes = dict(params.get("attributes") or {})
    if params.get("disable_auto_focus") is not None:
        attributes["data-disable-auto-focus"] = _spelled(params["disable_auto_focus"])
    return {**params, "attributes": attributes}


def _notification_banner(params: Params) -> Params:
    params = _with_auto_focus(params)
    success = params.get("type") == "success"
    return {
        **params,
        "role": params.get("role") or ("alert" if success else "region"),
        "title": params.get("title") or ("Success" if success else "Important"),
        "title_id": params.get("title_id") or "govuk-notification-banner-title",
    }


def _pagination(params: Params) -> Params:
    items = [item for item in params.get("items") or [] if item]
    return {
        **params,
        "block_level": not items and bool(params.get("previous") or params.get("next")),
        "items": [
            {**item, "label": item.get("visually_hidden_text") or f"Page {item.get('number')}"} for item in items
        ],
    }


def _panel(params: Params) -> Params:
    return {**params, "is_interruption": "govuk-panel--interruption" in (params.get("classes") or "")}


def _summary_list(params: Params) -> Params:
    rows = [row for row in params.get("rows") or [] if row]
    any_actions = any((row.get("actions") or {}).get("links") for row in rows)
    return {
        **params,
        "rows": [{**row, "no_actions": any_actions and not (row.get("actions") or {}).get("links")} for row in rows],
    }


def _table(params: Params) -> Params:
    def cells(row: Iterable[Params]) -> list[Params]:
        return [{**cell, "spans": {"colspan": cell.get("colspan"), "rowspan": cell.get("rowspan")}} for cell in row]

    return {
        **params,
        "head": cells(params.get("head") or []),
        "rows": [cells(row) for row in params.get("rows") or [] if row],
    }


def _service_navigation(params: Params) -> Params:
    navigation = [item for item in params.get("navigation") or [] if item]
    menu = params.get("menu_button_text") or "Menu"
    label = params.get("menu_button_label")
    collapse = params.get("collapse_navigation_on_mobile")
    return {
        **params,
        "navigation": navigation,
        "navigation_id": params.get("navigation_id") or "navigation",
        "menu_button_text": menu,
        "menu_button_label": label if label != menu else "",
        "collapse_navigation_on_mobile": len(navigation) > 1 if collapse is None else collapse,
        "element": "section" if params.get("service_name") else "div",
    }


PREPARED: dict[str, Callable[[Params], Params]] = {
    "input": _input,
    "textarea": _box,
    "file-upload": _box,
    "select": _select,
    "radios": _choices("govuk-radios", "radio"),
    "checkboxes": _choices("govuk-checkboxes", "checkbox"),
    "date-input": _date_input,
    "character-count": _character_count,
    "password-input": _password_input,
    "button": _button,
    "error-message": _error_message,
    "error-summary": _with_auto_focus,
    "notification-banner": _notification_banner,
    "pagination": _pagination,
    "panel": _panel,
    "summary-list": _summary_list,
    "table": _table,
    "service-navigation": _service_navigation,
}
