"""The skeleton of every page, the error pages, and what they weigh."""

import gzip
import re
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.contrib.messages import constants
from django.template.loader import get_template
from lxml import html

from onroll import design
from onroll.design.showcase import showcase
from onroll.design.tests.reading import select

STATIC = Path(design.__file__).parent / "static" / "design"
FRAME = SimpleNamespace(
    service_name="Ashcombe Virtual School",
    person="Priya Raman",
    post="Education adviser",
    several_posts=True,
    can_find_child=True,
    banners=["This is a demonstration."],
    nav=[
        SimpleNamespace(label="Your work", url="/", current=False),
        SimpleNamespace(label="Children", url="/children", current=True),
    ],
)


def drawn(template, **context):
    return html.fromstring(get_template(template).render(context))


def test_a_signed_in_page_says_who_acts_and_where_they_are():
    page = drawn("404.html", page=FRAME)

    header = " ".join(select(page, "header")[0].text_content().split())
    assert "Ashcombe Virtual School" in header
    assert "Priya Raman Education adviser" in header
    assert select(page, "nav[aria-label=Main] [aria-current=page]")[0].text_content() == "Children"
    assert select(page, "a.govuk-skip-link")[0].get("href") == "#main"
    assert len(select(page, "h1")) == 1


def test_finding_a_child_and_signing_out_put_nothing_into_an_address():
    page = drawn("404.html", page=FRAME)

    assert [form.get("method") for form in select(page, "header form")] == ["post", "post"]


def test_signed_out_there_is_nobody_in_the_header_and_nothing_to_find():
    page = drawn("404.html", page=SimpleNamespace(service_name="Onroll"))

    assert not select(page, "header form, nav[aria-label=Main]")


@pytest.mark.parametrize("name", ["400.html", "403_csrf.html", "404.html", "500.html", "503.html"])
def test_an_error_page_needs_nothing_to_be_drawn(name):
    page = drawn(name)

    assert len(select(page, "h1")) == 1
    assert select(page, "main a")


def test_a_server_error_gives_a_number_to_read_out():
    assert "7Q4K 2PRX" in drawn("500.html", reference="7Q4K 2PRX").text_content()


def test_what_an_act_left_to_say_stands_first_on_the_page():
    message = SimpleNamespace(message="The place ends.", level_tag="success", level=constants.SUCCESS)

    page = drawn("404.html", messages=[message])

    assert "The place ends." in select(page, "main > *")[0].text_content()


def test_no_page_carries_a_style_or_a_script_of_its_own():
    markup = get_template("design/components.html").render({**showcase(), "page": FRAME})
    page = html.fromstring(markup)

    assert not select(page, "[style], style")
    assert all(script.get("src") and not (script.text or "").strip() for script in select(page, "script"))
    assert not [name for element in page.iter() for name in element.attrib if name.startswith("on")]


def test_no_two_things_on_the_component_page_have_the_same_id():
    page = html.fromstring(get_template("design/components.html").render({**showcase(), "page": FRAME}))

    ids = [element.get("id") for element in page.iter() if element.get("id")]
    assert sorted(ids) == sorted(set(ids))


def weight(*names):
    return sum(len(gzip.compress((STATIC / name).read_bytes(), 9)) for name in names)


def test_the_styles_and_the_script_stay_within_their_weight():
    assert weight("onroll.css") <= 8_000
    assert weight("vendor/govuk-frontend.min.css") <= 17_000
    assert weight("onroll.js", "vendor/govuk-frontend.min.js") <= 35_000


def test_what_is_served_names_no_other_host_and_no_font_licensed_to_others():
    for path in STATIC.rglob("*.css"):
        text = path.read_text()
        assert "@font-face" not in text
        assert "GDS Transport" not in text
        assert "sourceMappingURL" not in text
        assert not re.search(r"url\((?!data:)", text)


def test_the_licence_of_govuk_frontend_stands_beside_it():
    notice = (STATIC / "vendor" / "LICENCE-govuk-frontend.txt").read_text()

    assert "MIT License" in notice
    assert "Crown Copyright" in notice
