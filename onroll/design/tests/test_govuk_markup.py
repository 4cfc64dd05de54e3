"""The markup that govuk-frontend's styles and script rely on, in small samples of our own."""

import json
from pathlib import Path

import pytest
from django.utils.safestring import SafeString
from lxml import html

from onroll import design
from onroll.design import govuk

HERE = Path(design.__file__).parent
FIXTURES = json.loads((HERE / "fixtures.json").read_text())


def shape(markup):
    """The markup as text that two equal pieces share, whatever their white space and order of attributes."""
    root = html.fragment_fromstring(markup, create_parent="body")
    for element in root.iter():
        element.text = " ".join((element.text or "").split()) or None
        element.tail = " ".join((element.tail or "").split()) or None
        attributes = sorted(element.attrib.items())
        element.attrib.clear()
        element.attrib.update(attributes)
    return html.tostring(root, encoding="unicode")


SAMPLES = {
    "a box with its hint and error": (
        "input",
        {
            "name": "upn",
            "label": {"text": "UPN", "classes": "govuk-label--m"},
            "hint": {"text": "13 characters"},
            "error": {"text": "Enter the UPN"},
            "classes": "govuk-input--width-20",
        },
        '<div class="govuk-form-group govuk-form-group--error">'
        '<label class="govuk-label govuk-label--m" for="upn">UPN</label>'
        '<div id="upn-hint" class="govuk-hint">13 characters</div>'
        '<p id="upn-error" class="govuk-error-message">'
        '<span class="govuk-visually-hidden">Error:</span> Enter the UPN</p>'
        '<input class="govuk-input govuk-input--width-20 govuk-input--error" id="upn" name="upn" type="text"'
        ' aria-describedby="upn-hint upn-error"></div>',
    ),
    "a box with a unit": (
        "input",
        {"name": "hours", "value": "25", "inputmode": "numeric", "suffix": {"text": "hours"}},
        '<div class="govuk-form-group"><div class="govuk-input__wrapper">'
        '<input class="govuk-input" id="hours" name="hours" type="text" value="25" inputmode="numeric">'
        '<div class="govuk-input__suffix" aria-hidden="true">hours</div></div></div>',
    ),
    "choices, one of which opens a question": (
        "radios",
        {
            "name": "why",
            "fieldset": {"legend": {"text": "Why?"}},
            "items": [
                {"value": "moved", "text": "Moved home", "hint": {"text": "planned or not"}},
                {"divider": "or"},
                {"value": "other", "text": "Other", "conditional": SafeString("<p>…</p>"), "checked": True},
            ],
        },
        '<div class="govuk-form-group"><fieldset class="govuk-fieldset">'
        '<legend class="govuk-fieldset__legend">Why?</legend>'
        '<div class="govuk-radios" data-module="govuk-radios">'
        '<div class="govuk-radios__item"><input class="govuk-radios__input" id="why" name="why" type="radio"'
        ' value="moved" aria-describedby="why-item-hint">'
        '<label class="govuk-label govuk-radios__label" for="why">Moved home</label>'
        '<div id="why-item-hint" class="govuk-hint govuk-radios__hint">planned or not</div></div>'
        '<div class="govuk-radios__divider">or</div>'
        '<div class="govuk-radios__item"><input class="govuk-radios__input" id="why-3" name="why" type="radio"'
        ' value="other" checked data-aria-controls="conditional-why-3">'
        '<label class="govuk-label govuk-radios__label" for="why-3">Other</label></div>'
        '<div class="govuk-radios__conditional" id="conditional-why-3"><p>…</p></div>'
        "</div></fieldset></div>",
    ),
    "one of the three boxes of a day": (
        "date-input",
        {"id": "born", "year": False, "month": False, "fieldset": {"legend": {"text": "Born"}}},
        '<div class="govuk-form-group"><fieldset class="govuk-fieldset" role="group">'
        '<legend class="govuk-fieldset__legend">Born</legend><div class="govuk-date-input" id="born">'
        '<div class="govuk-date-input__item"><div class="govuk-form-group">'
        '<label class="govuk-label govuk-date-input__label" for="born-day">Day</label>'
        '<input class="govuk-input govuk-date-input__input govuk-input--width-2" id="born-day" name="day" type="text"'
        ' inputmode="numeric"></div></div></div></fieldset></div>',
    ),
    "a list to choose from": (
        "select",
        {"name": "phase", "value": "p", "items": [{"value": "", "text": "Any"}, {"value": "p", "text": "Primary"}]},
        '<div class="govuk-form-group"><select class="govuk-select" id="phase" name="phase">'
        '<option value="">Any</option><option value="p" selected>Primary</option></select></div>',
    ),
    "what is wrong on the page": (
        "error-summary",
        {"title": "There is a problem", "errors": [{"text": "Enter the UPN", "href": "#upn"}]},
        '<div class="govuk-error-summary" data-module="govuk-error-summary"><div role="alert">'
        '<h2 class="govuk-error-summary__title">There is a problem</h2><div class="govuk-error-summary__body">'
        '<ul class="govuk-list govuk-error-summary__list"><li><a href="#upn">Enter the UPN</a></li></ul>'
        "</div></div></div>",
    ),
    "a button that cannot be pressed twice": (
        "button",
        {"text": "Save", "prevent_double_click": True},
        '<button type="submit" class="govuk-button" data-module="govuk-button" data-prevent-double-click="true">'
        "Save</button>",
    ),
    "a password": (
        "password-input",
        {"name": "password"},
        '<div class="govuk-form-group govuk-password-input" data-module="govuk-password-input">'
        '<div class="govuk-input__wrapper govuk-password-input__wrapper">'
        '<input class="govuk-input govuk-password-input__input govuk-js-password-input-input" id="password"'
        ' name="password" type="password" spellcheck="false" autocomplete="current-password" autocapitalize="none">'
        '<button type="button" class="govuk-button govuk-button--secondary govuk-password-input__toggle'
        ' govuk-js-password-input-toggle" data-module="govuk-button" aria-controls="password"'
        ' aria-label="Show password" hidden>Show</button></div></div>',
    ),
}


@pytest.mark.parametrize("name", SAMPLES)
def test_a_component_is_drawn_as_the_styles_expect(name):
    component, values, expected = SAMPLES[name]

    assert shape(govuk.render(component, **values)) == shape(expected)


def test_words_are_escaped_and_only_what_is_marked_safe_is_html():
    assert "&lt;b&gt;" in govuk.render("inset-text", text="<b>")
    assert "<b>" in govuk.render("inset-text", text=SafeString("<b>425</b>"))
    assert "&quot;" in govuk.render("hint", text="", attributes={"data-x": '"'})


def test_every_component_that_was_proved_against_the_published_examples_still_has_its_template():
    for component, result in FIXTURES["components"].items():
        assert (HERE / "templates" / "design" / "govuk" / f"{component}.html").exists()
        assert result["matching"]


def test_what_does_not_match_the_published_examples_is_known_and_small():
    differing = {name: result["differing"] for name, result in FIXTURES["components"].items() if result["differing"]}

    # Other languages, the interruption panel and slots of the service row: nothing of Onroll uses them.
    assert sorted(differing) == ["character-count", "file-upload", "panel", "password-input", "service-navigation"]
    assert sum(len(names) for names in differing.values()) == 16
