"""Compare our components with the examples that govuk-frontend publishes for each of its own.

For maintainers, with the npm package unpacked (see scripts/vendor_govuk_frontend.py):

    python scripts/check_govuk_fixtures.py package            says which examples match, fails if fewer than before
    python scripts/check_govuk_fixtures.py package --write    keeps the result in onroll/design/fixtures.json
    python scripts/check_govuk_fixtures.py package input      shows what differs in one component

Two pieces of HTML match when they have the same elements in the same order, each with the same
attributes, the same classes in any order and the same words, apart from white space.
"""

import json
import re
import sys
from pathlib import Path
from typing import Any

CHECKOUT = Path(__file__).resolve().parents[1]
RESULT = CHECKOUT / "onroll" / "design" / "fixtures.json"
COMPONENTS = [
    "back-link",
    "breadcrumbs",
    "button",
    "character-count",
    "checkboxes",
    "date-input",
    "details",
    "error-message",
    "error-summary",
    "fieldset",
    "file-upload",
    "hint",
    "input",
    "inset-text",
    "label",
    "notification-banner",
    "pagination",
    "panel",
    "password-input",
    "phase-banner",
    "radios",
    "select",
    "service-navigation",
    "skip-link",
    "summary-list",
    "table",
    "tag",
    "textarea",
    "warning-text",
]
RENAMED = {
    "error_message": "error",
    "form_group": "group",
    "error_list": "errors",
    "title_text": "title",
    "description_text": "description",
    "summary_text": "summary",
    "before_input": "before",
    "before_inputs": "before",
    "after_input": "after",
    "after_inputs": "after",
}
"""Names of ours that are not govuk-frontend's own in our spelling."""


def snake(name: str) -> str:
    return re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()


def ours(options: Any, component: str) -> Any:
    """An example's options under the names, and in the shapes, that our templates take."""
    from django.utils.safestring import mark_safe

    if isinstance(options, list):
        return [ours(item, component) for item in options]
    if not isinstance(options, dict):
        return options
    values: dict[str, Any] = {}
    for name, value in options.items():
        if name == "attributes":
            values["attributes"] = plain_attributes(value)
        elif name == "values":
            values["values"] = value
        elif name.lower().endswith("html") and isinstance(value, str) and value:
            key = snake(name)
            key = "text" if key == "html" else RENAMED.get(key.replace("html", "text"), key.replace("html", "text"))
            values[key] = mark_safe(value)  # noqa: S308 - a published example
        else:
            key = RENAMED.get(snake(name), snake(name))
            if key not in values:
                is_value = key == "value" and isinstance(value, bool)
                values[key] = spelled(value) if is_value else ours(value, component)
    for side in ("before", "after"):
        if isinstance(values.get(side), dict):
            values[side] = values[side].get("text", "")
    if isinstance(values.get("actions"), dict):
        values["actions"]["links"] = values["actions"].pop("items", [])
    if "conditional" in values:
        values["conditional"] = (values["conditional"] or {}).get("text", "")
    return values


def plain_attributes(values: Any) -> Any:
    """Attributes as ours are: govuk-frontend spells out true and false, and leaves out what is marked optional."""
    if not isinstance(values, dict):
        return values
    plain: dict[str, Any] = {}
    for name, value in values.items():
        if isinstance(value, dict):
            kept = value.get("value")
            optional = value.get("optional") is True
            plain[name] = kept if optional else spelled(kept)
        else:
            plain[name] = spelled(value)
    return plain


def spelled(value: Any) -> str:
    return "" if value is None else str(value).lower() if isinstance(value, bool) else str(value)


def whole_component(component: str, values: dict[str, Any]) -> dict[str, Any]:
    """What one component alone calls otherwise."""
    if component == "notification-banner" and hasattr(values.get("text"), "__html__"):
        values["html"] = values.pop("text")
    return values


def normal(markup: str) -> Any:
    """The HTML as nested tuples that compare equal when the two match."""
    import lxml.html

    root = lxml.html.fragment_fromstring(markup, create_parent="body")
    return shape(root)


def shape(element: Any) -> Any:
    attributes = {
        name: tuple(sorted(value.split())) if name == "class" else " ".join(value.split())
        for name, value in element.attrib.items()
    }
    children: list[Any] = [words(element.text)]
    for child in element:
        if isinstance(child.tag, str):
            children.append(shape(child))
        children.append(words(child.tail))
    return (element.tag, tuple(sorted(attributes.items())), tuple(child for child in children if child))


def words(text: str | None) -> str:
    return " ".join((text or "").split())


def compare(package: Path, component: str, *, show: bool = False) -> tuple[list[str], list[str]]:
    """The names of the examples that match, and of those that do not."""
    from onroll.design import govuk

    source = package / "dist" / "govuk" / "components" / component / "fixtures.json"
    matching: list[str] = []
    differing: list[str] = []
    for example in json.loads(source.read_text())["fixtures"]:
        values = whole_component(component, ours(example["options"], component))
        try:
            drawn = str(govuk.render(component, **values))
        except Exception as problem:  # one example must not hide the others
            drawn = f"<!-- {problem!r} -->"
        same = normal(drawn) == normal(example["html"])
        (matching if same else differing).append(example["name"])
        if show and not same:
            print(f"\n── {example['name']}\n{example['options']}\n{example['html']}\n── ours\n{drawn}")
    return matching, differing


def main() -> None:
    sys.path.insert(0, str(CHECKOUT))
    import django
    from django.conf import settings

    settings.configure(
        INSTALLED_APPS=["onroll.design"],
        TEMPLATES=[{"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True}],
        FORM_RENDERER="onroll.design.forms.GovukRenderer",
    )
    django.setup()
    arguments = [argument for argument in sys.argv[1:] if argument != "--write"]
    if not arguments:
        raise SystemExit("Name the folder of the unpacked npm package.")
    package = Path(arguments[0])
    version = json.loads((package / "package.json").read_text())["version"]
    before = json.loads(RESULT.read_text())["components"] if RESULT.exists() else {}
    result: dict[str, Any] = {}
    lost = []
    for component in arguments[1:] or COMPONENTS:
        matching, differing = compare(package, component, show=len(arguments) > 1)
        result[component] = {"matching": matching, "differing": differing}
        lost += [f"{component}: {name}" for name in before.get(component, {}).get("matching", []) if name in differing]
        note = f" · not: {', '.join(differing)}" if differing else ""
        print(f"{component:22}{len(matching):3} of {len(matching) + len(differing)}{note}")
    total = sum(len(each["matching"]) for each in result.values())
    every = total + sum(len(each["differing"]) for each in result.values())
    print(f"{'together':22}{total:3} of {every}")
    if "--write" in sys.argv and len(arguments) == 1:
        RESULT.write_text(
            json.dumps({"govuk-frontend": version, "components": result}, indent=1, ensure_ascii=False) + "\n"
        )
    elif lost:
        raise SystemExit("These matched before: " + "; ".join(lost))


if __name__ == "__main__":
    main()
