"""Every part depends only on the parts below it, also by its foreign keys, which imports cannot show."""

import tomllib
from pathlib import Path

import pytest
from django.apps import apps

CHECKOUT = Path(__file__).resolve().parents[2]
CONTRACT = tomllib.loads((CHECKOUT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"][0]
# Upper first: a part may point only to itself and to those after it.
PARTS = CONTRACT["layers"]


def part_of(model) -> str:
    return model.__module__.split(".")[1] if model.__module__.startswith("onroll.") else ""


def foreign_keys():
    for model in apps.get_models(include_auto_created=True):
        for field in model._meta.get_fields(include_parents=False):
            if part_of(model) and field.is_relation and not field.auto_created and field.related_model:
                yield pytest.param(field, id=f"{part_of(model)}.{model.__name__}.{field.name}")


def test_every_part_is_in_the_list():
    folders = {path.parent.name for path in (CHECKOUT / "onroll").glob("*/__init__.py")}

    assert folders == set(PARTS)


@pytest.mark.parametrize("field", list(foreign_keys()))
def test_a_foreign_key_points_to_its_own_part_or_to_one_below(field):
    pointing, pointed_to = part_of(field.model), part_of(field.related_model)

    assert pointed_to in PARTS, f"{field} points out of Onroll"
    assert PARTS.index(pointed_to) >= PARTS.index(pointing), f"{field} points up, to {pointed_to}"
