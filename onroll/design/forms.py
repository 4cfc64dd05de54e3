"""Forms in the look and the words of GOV.UK.

`GovukRenderer` draws every Django form with govuk-frontend's markup; `GovukForm` adds errors that say
what to do. How a field looks is said beside the fields:

    class EndPlaceForm(GovukForm):
        ends_on = GovukDateField(label="When does the place end?", asks="the day the place ends")
        reason = forms.ChoiceField(choices=REASONS, widget=forms.RadioSelect)
        hours = forms.IntegerField(label="Hours a week", required=False)

        looks = {
            "reason": Look(legend="m", reveals={"other": "what_else"}),
            "hours": Look(width=2, suffix="hours"),
        }

A page writes `{% error_summary form %}` above its heading and `{{ form }}` or `{{ form.hours.as_field_group }}`
where the fields stand.
"""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.boundfield import BoundField
from django.forms.renderers import DjangoTemplates
from django.forms.utils import pretty_name
from django.forms.widgets import Input
from django.utils.safestring import SafeString, mark_safe

from onroll.design import govuk
from onroll.design.dates import month_number, read_day, real_day
from onroll.design.words import day as day_in_words
from onroll.design.words import lower_first, the

PARTS = ("day", "month", "year")


@dataclass(frozen=True, kw_only=True)
class Look:
    """How one field is drawn. Everything may be left out."""

    label: str = ""
    """The size of the label or legend: s, m, l or xl. Nothing: ordinary words."""
    heading: bool = False
    """The label is the heading of the page."""
    hidden_label: bool = False
    """The label is read out, but not shown: for filters and tables that show it another way."""
    width: int | str = ""
    """2, 3, 4, 5, 10 or 20 characters; or one-half, one-third, two-thirds, one-quarter, full of the column."""
    prefix: str = ""
    suffix: str = ""
    rows: int = 5
    count: int = 0
    """How many characters a text area takes, said below it as one types."""
    inline: bool = False
    small: bool = False
    hints: Mapping[str, str] = field(default_factory=dict)
    """A line below a choice, by its value."""
    reveals: Mapping[str, str | Sequence[str]] = field(default_factory=dict)
    """The field or fields that a choice opens, by its value."""
    or_before: str = ""
    """The value before which the word “or” stands between the choices."""
    alone: str = ""
    """The value of the box that unticks the others, such as “None of these”."""
    autocomplete: str = ""
    inputmode: str = ""
    spellcheck: bool | None = None
    accept: str = ""
    """The kinds of file that can be chosen, as the browser wants them: .csv,.zip"""
    classes: str = ""
    group: str = ""
    """Classes of the field's whole block."""


_PLAIN = Look()


class GovukBoundField(BoundField):
    """A field that draws itself as a govuk-frontend form group."""

    @cached_property
    def look(self) -> Look:
        return getattr(self.form, "looks", {}).get(self.name, _PLAIN)

    @property
    def box_id(self) -> str:
        """The id of the box that an error about this field leads to."""
        if isinstance(self.field.widget, DateBoxes):
            return f"{self.auto_id}_{self._wrong_parts()[0]}"
        return self.auto_id

    def render(self, template_name=None, context=None, renderer=None):
        if template_name or getattr(self.field, "template_name", None):
            return super().render(template_name, context, renderer)
        return self.component()

    def as_widget(self, widget=None, attrs=None, only_initial=False):
        """The bare box, for tables: with its class, without a label."""
        widget = widget or self.field.widget
        attrs = dict(attrs or {})
        base = "govuk-select" if isinstance(widget, forms.Select) else "govuk-input"
        if isinstance(widget, forms.Textarea):
            base = "govuk-textarea"
        wrong = f"{base}--error" if self.errors else ""
        attrs.setdefault("class", govuk.join(base, wrong, self._width(), self.look.classes, widget.attrs.get("class")))
        return super().as_widget(widget, attrs, only_initial)

    def component(self) -> SafeString:
        """The whole form group: label or legend, hint, error and box."""
        widget = self.field.widget
        if widget.is_hidden:
            return self.as_hidden()
        # Classes that draw a subclass differently stand before the class they come from.
        for kind, draw in (
            (DateBoxes, self._date_boxes),
            (forms.PasswordInput, self._password),
            (forms.FileInput, self._file),
            (forms.Textarea, self._textarea),
            (forms.CheckboxSelectMultiple, self._checkboxes),
            (forms.RadioSelect, self._radios),
            (forms.CheckboxInput, self._one_checkbox),
            (forms.Select, self._select),
            (Input, self._input),
        ):
            if isinstance(widget, kind):
                return draw()
        raise TypeError(f"No component is drawn for {type(widget).__name__}.")

    # What every component takes.

    def _common(self) -> dict[str, Any]:
        look = self.look
        return {
            "id": self.auto_id,
            "name": self.html_name,
            "label": {
                "text": self.text,
                "is_page_heading": look.heading,
                "classes": govuk.join(
                    f"govuk-label--{look.label}" if look.label else "",
                    "govuk-visually-hidden" if look.hidden_label else "",
                ),
            },
            "hint": self._hint(),
            "error": self._error(),
            "classes": govuk.join(self._width(), look.classes, self.field.widget.attrs.get("class")),
            "group": {"classes": look.group},
            "attributes": self._attributes(),
            "disabled": self.field.disabled or None,
            "autocomplete": look.autocomplete or None,
            "spellcheck": look.spellcheck,
        }

    @property
    def text(self) -> str:
        """The label, which says so when the question may be left out."""
        marks = getattr(self.form, "mark_optional", False) and not self.field.required
        return f"{self.label} (optional)" if marks and self.label else str(self.label)

    def _fieldset(self) -> dict[str, Any]:
        look = self.look
        return {
            "legend": {
                "text": self.text,
                "is_page_heading": look.heading,
                "classes": govuk.join(
                    f"govuk-fieldset__legend--{look.label}" if look.label else "",
                    "govuk-visually-hidden" if look.hidden_label else "",
                ),
            }
        }

    def _hint(self) -> dict[str, Any] | None:
        return {"text": self.help_text} if self.help_text else None

    def _error(self) -> dict[str, Any] | None:
        return {"text": self.errors[0]} if self.errors else None

    def _width(self) -> str:
        width = self.look.width
        if not width:
            return ""
        return f"govuk-input--width-{width}" if isinstance(width, int) else f"govuk-!-width-{width}"

    def _attributes(self) -> dict[str, Any]:
        """What the form's author put on the widget. The browser's own checks are left out: ours say more."""
        ours = {"class", "maxlength", "minlength", "required", "min", "max", "step", "rows", "cols"}
        return {name: value for name, value in self.field.widget.attrs.items() if name not in ours}

    def _formatted(self) -> Any:
        return self.field.widget.format_value(self.value())

    def _input(self) -> SafeString:
        widget = self.field.widget
        is_number = isinstance(widget, forms.NumberInput)
        is_text = is_number or isinstance(widget, forms.DateInput | forms.TimeInput)
        return govuk.render(
            "input",
            **self._common(),
            type="text" if is_text else getattr(widget, "input_type", "text"),
            value=self._formatted(),
            inputmode=self.look.inputmode or ("numeric" if is_number else None),
            prefix={"text": self.look.prefix},
            suffix={"text": self.look.suffix},
        )

    def _password(self) -> SafeString:
        return govuk.render("password-input", **self._common())

    def _file(self) -> SafeString:
        common = self._common()
        if self.look.accept:
            common["attributes"]["accept"] = self.look.accept
        multiple = getattr(self.field.widget, "allow_multiple_selected", False)
        return govuk.render("file-upload", **common, multiple=multiple)

    def _textarea(self) -> SafeString:
        value = self._formatted()
        if self.look.count:
            return govuk.render(
                "character-count", **self._common(), value=value, rows=self.look.rows, maxlength=self.look.count
            )
        return govuk.render("textarea", **self._common(), value=value, rows=self.look.rows)

    def _options(self) -> list[tuple[str, list[dict[str, Any]]]]:
        """The choices with their headings, which is empty for those that stand by themselves."""
        widget = self.field.widget
        chosen = widget.format_value(self.value())
        groups: list[tuple[str, list[dict[str, Any]]]] = []
        for heading, options, _ in widget.optgroups(self.html_name, chosen, {}):
            items = [
                {"value": str(option["value"]), "text": option["label"], "selected": option["selected"]}
                for option in options
            ]
            if groups and groups[-1][0] == (heading or ""):
                groups[-1][1].extend(items)
            else:
                groups.append((heading or "", items))
        return groups

    def _select(self) -> SafeString:
        return govuk.render("select", **self._common(), groups=self._options())

    def _items(self) -> list[dict[str, Any]]:
        look = self.look
        items: list[dict[str, Any]] = []
        for _, options in self._options():
            for option in options:
                value = option["value"]
                if value == look.or_before and look.or_before:
                    items.append({"divider": "or"})
                items.append(
                    {
                        "value": value,
                        "text": option["text"],
                        "checked": option["selected"],
                        "hint": {"text": look.hints.get(value, "")},
                        "conditional": self._revealed(value),
                        "behaviour": "exclusive" if look.alone and value == look.alone else None,
                        "disabled": self.field.disabled,
                    }
                )
        return items

    def _revealed(self, value: str) -> SafeString:
        names = self.look.reveals.get(value, ())
        names = [names] if isinstance(names, str) else names
        return mark_safe("".join(self.form[name].as_field_group() for name in names))  # noqa: S308 - rendered already

    def _choices(self, component: str) -> SafeString:
        common = self._common()
        kind = f"govuk-{component}"
        common["classes"] = govuk.join(
            common["classes"],
            f"{kind}--inline" if self.look.inline else "",
            f"{kind}--small" if self.look.small else "",
        )
        del common["label"], common["id"]
        return govuk.render(component, **common, id_prefix=self.auto_id, fieldset=self._fieldset(), items=self._items())

    def _radios(self) -> SafeString:
        return self._choices("radios")

    def _checkboxes(self) -> SafeString:
        return self._choices("checkboxes")

    def _one_checkbox(self) -> SafeString:
        common = self._common()
        reveals = self.look.reveals
        item = {
            "value": "on",
            "text": self.label,
            "checked": bool(self.value()),
            "hint": common.pop("hint") or {},
            "attributes": common.pop("attributes"),
            "conditional": self._revealed("on") if reveals else "",
        }
        classes = govuk.join(common["classes"], "govuk-checkboxes--small" if self.look.small else "")
        return govuk.render(
            "checkboxes",
            name=self.html_name,
            id_prefix=self.auto_id,
            error=common["error"],
            classes=classes,
            group=common["group"],
            items=[item],
        )

    def _wrong_parts(self) -> Sequence[str]:
        for error in self.errors.as_data():
            if error.params and error.params.get("parts"):
                return error.params["parts"]
        return PARTS

    def _date_boxes(self) -> SafeString:
        common = self._common()
        del common["label"], common["attributes"]
        value = self.value()
        texts = value if isinstance(value, list) else self.field.widget.decompress(value)
        wrong = self._wrong_parts() if self.errors else ()
        parts = {
            part: {
                "name": f"{self.html_name}_{part}",
                "label": part.capitalize(),
                "id": f"{self.auto_id}_{part}",
                "value": text or None,
                "error": part in wrong,
                "classes": f"govuk-input--width-{4 if part == 'year' else 2}",
                "attributes": {"disabled": True} if self.field.disabled else None,
            }
            for part, text in zip(PARTS, texts, strict=True)
        }
        return govuk.render("date-input", **common, **parts, fieldset=self._fieldset())


class GovukRenderer(DjangoTemplates):
    """Draws forms with govuk-frontend's markup. Named in the setting FORM_RENDERER."""

    form_template_name = "design/forms/form.html"
    formset_template_name = "design/forms/formset.html"
    bound_field_class = GovukBoundField


class GovukForm(forms.Form):
    """A form whose errors say what to do, and whose optional questions say that they are."""

    looks: Mapping[str, Look] = {}
    mark_optional = True
    use_required_attribute = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        for name, form_field in self.fields.items():
            _speak_plainly(form_field, str(form_field.label or pretty_name(name)))

    @property
    def shown_fields(self) -> list[BoundField]:
        """The visible fields but those that stand inside a choice of another."""
        inside = {
            name
            for look in self.looks.values()
            for names in look.reveals.values()
            for name in ([names] if isinstance(names, str) else names)
        }
        return [bound for bound in self.visible_fields() if bound.name not in inside]

    def summary(self) -> list[dict[str, str]]:
        """What is wrong, in the order of the fields, each leading to its box."""
        return summary_of([self])


class FilterForm(GovukForm):
    """The form of a filter panel: everything in it may be left alone, so nothing says so."""

    mark_optional = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for form_field in self.fields.values():
            form_field.required = False


def summary_of(some_forms: Iterable[forms.BaseForm]) -> list[dict[str, str]]:
    """What is wrong in several forms of one page, for one error summary."""
    found: list[dict[str, str]] = []
    for form in some_forms:
        found += [{"text": str(text), "href": ""} for text in form.non_field_errors()]
        for bound in form:
            if bound.errors:
                box = bound.box_id if isinstance(bound, GovukBoundField) else bound.auto_id
                found.append({"text": str(bound.errors[0]), "href": f"#{box}"})
    return found


def _speak_plainly(form_field: forms.Field, label: str) -> None:
    """Django's own messages, where the form's author left them, in words that say what to do."""
    asked = f"Answer “{label}”" if label.endswith("?") else ""
    start = "Your answer" if label.endswith("?") else label
    chosen = isinstance(form_field, forms.ChoiceField | forms.ModelChoiceField)
    verb = "Choose" if chosen or isinstance(form_field, forms.FileField) else "Enter"
    plain = {
        "required": asked or f"{verb} {the(label)}",
        "invalid_choice": "Choose one of the answers in the list",
        "invalid_list": "Choose from the answers in the list",
        "max_length": f"{start} must be %(limit_value)d characters or fewer",
        "min_length": f"{start} must be %(limit_value)d characters or more",
        "max_value": f"{start} must be %(limit_value)s or fewer",
        "min_value": f"{start} must be %(limit_value)s or more",
        "empty": "The file is empty",
    }
    if isinstance(form_field, forms.BooleanField):
        plain["required"] = f"Tick to say: {lower_first(label)}"
    if isinstance(form_field, forms.EmailField):
        plain["invalid"] = "Enter an e-mail address, like name@example.org"
    elif isinstance(form_field, forms.IntegerField):
        plain["invalid"] = f"{start} must be a number, like 12"
    for code, message in plain.items():
        given = form_field.error_messages.get(code)
        if given is None or given == _djangos_own(type(form_field), code):
            form_field.error_messages[code] = message


def _djangos_own(kind: type[forms.Field], code: str) -> Any:
    for parent in kind.__mro__:
        message = getattr(parent, "default_error_messages", {}).get(code)
        if message is not None:
            return message
    return None


class SeveralFilesInput(forms.ClearableFileInput):
    """A box in which several files can be chosen at once."""

    allow_multiple_selected = True


class DateBoxes(forms.MultiWidget):
    """Day, month and year, each in a box of its own."""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(dict.fromkeys(PARTS, forms.TextInput), attrs)

    def decompress(self, value: dt.date | None) -> list[str]:
        return [str(value.day), str(value.month), str(value.year)] if value else ["", "", ""]


class GovukDateField(forms.Field):
    """A day in three boxes.

    `asks` is what the boxes ask for, as it stands in a sentence: "the day the place ends". The errors
    are made of it and mark only the boxes that are wrong.
    """

    widget = DateBoxes

    def __init__(
        self,
        *,
        asks: str = "",
        like: str = "18 12 2026",
        not_before: dt.date | None = None,
        not_after: dt.date | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.asks, self.like, self.not_before, self.not_after = asks, like, not_before, not_after

    @property
    def what(self) -> str:
        label = str(self.label or "")
        return self.asks or ("the day" if not label or label.endswith("?") else the(label))

    def clean(self, value: Any) -> dt.date | None:
        what, texts = self.what, [str(text or "").strip() for text in value or ("", "", "")]
        start = what[:1].upper() + what[1:]
        missing = [part for part, text in zip(PARTS, texts, strict=True) if not text]
        if len(missing) == len(PARTS):
            if not self.required:
                return None
            raise _wrong(f"Enter {what}, like {self.like}", "required", PARTS)
        if missing:
            raise _wrong(f"{start} must include a {' and a '.join(missing)}", "incomplete", missing)
        wrong = self._wrong_parts(*texts)
        if wrong == ["year"]:
            raise _wrong(f"{start} must have a year of 4 numbers, like {self.like}", "year", wrong)
        found = None if wrong else real_day(*texts)
        if found is None:
            raise _wrong(f"{start} must be a real day, like {self.like}", "unreal", wrong or PARTS)
        if self.not_before and found < self.not_before:
            raise _wrong(f"{start} must be {day_in_words(self.not_before)} or later", "too_early", PARTS)
        if self.not_after and found > self.not_after:
            raise _wrong(f"{start} must be {day_in_words(self.not_after)} or earlier", "too_late", PARTS)
        return found

    @staticmethod
    def _wrong_parts(day: str, month: str, year: str) -> list[str]:
        right = {
            "day": day.isdecimal() and 1 <= int(day) <= 31,
            "month": month_number(month) is not None,
            "year": year.isdecimal() and len(year) == 4,
        }
        return [part for part, is_right in right.items() if not is_right]

    def has_changed(self, initial: Any, data: Any) -> bool:
        before = DateBoxes().decompress(initial) if isinstance(initial, dt.date) else ["", "", ""]
        texts = [str(text or "").strip() for text in data or ("", "", "")]
        return before != texts and real_day(*texts) != (initial or None) if any(texts) else bool(initial)


def _wrong(message: str, code: str, parts: Sequence[str]) -> ValidationError:
    return ValidationError(message, code=code, params={"parts": parts})


class DateBox(forms.TextInput):
    """A day in one box, for tables and filters."""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"inputmode": "numeric", "autocomplete": "off", **(attrs or {})})

    def format_value(self, value: Any) -> str | None:
        return f"{value:%d/%m/%Y}" if isinstance(value, dt.date) else value


class GovukOneBoxDateField(forms.Field):
    """A day in one box, dd/mm/yyyy, for tables and filters. Other usual ways of writing it are understood."""

    widget = DateBox

    def __init__(
        self,
        *,
        asks: str = "",
        like: str = "18/12/2026",
        not_before: dt.date | None = None,
        not_after: dt.date | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.asks, self.like, self.not_before, self.not_after = asks, like, not_before, not_after

    def to_python(self, value: Any) -> dt.date | None:
        text = str(value or "").strip()
        if not text:
            return None
        found = read_day(text)
        if found is None:
            raise ValidationError(f"“{text}” is not a day. Enter it like {self.like}", code="unreal")
        return found

    def validate(self, value: dt.date | None) -> None:
        what = self.asks or the(str(self.label or "day"))
        start = what[:1].upper() + what[1:]
        if value is None:
            if self.required:
                raise ValidationError(f"Enter {what}, like {self.like}", code="required")
        elif self.not_before and value < self.not_before:
            raise ValidationError(f"{start} must be {day_in_words(self.not_before)} or later", code="too_early")
        elif self.not_after and value > self.not_after:
            raise ValidationError(f"{start} must be {day_in_words(self.not_after)} or earlier", code="too_late")

    def has_changed(self, initial: Any, data: Any) -> bool:
        return read_day(str(data or "")) != (initial or None)
