"""Which models the database records, and what it needs to know of each.

A model of Onroll is recorded unless it stands in NOT_RECORDED with its reason.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from django.apps import apps as installed
from django.core.exceptions import ImproperlyConfigured
from django.db import models

from .apart import KeptApart, kept_apart
from .model_numbers import NUMBERS

NOT_RECORDED = {
    "history.Change": "is the history",
    "history.Event": "is the history",
    "history.Seal": "is the history",
    "history.Head": "is the history",
    "history.Salt": "is the history; an erased salt must not be found in an event",
    "history.Entry": "is the access log, append-only and chained by itself",
    "history.EntryHead": "is the access log",
    "looks.Watched": "is how far the rules have read the access log, and can be read again",
    "access.Session": "is a browser's sign-in, which comes and goes; the access log has signing in and out",
    "access.Guesses": "is a count of wrong tries, forgotten after a day",
    "access.KeptWords": "is what was typed when a sign-in was over, forgotten within a day",
    "access.Mail": "is a message on its way; what it tells of is recorded",
    "access.RefusedAddress": "is what a mail server answered",
    "exchange.ImportProblem": "is what a check said of a file; the file is kept and its load is recorded",
    "authorities.Postcode": "is a directory that can be loaded again; the load is recorded",
}


@dataclass(frozen=True)
class Column:
    name: str
    kind: str = "plain"  # see kind_of


@dataclass(frozen=True)
class Link:
    """A foreign key to a row that has an authority too: the two must be the same."""

    column: str
    table: str
    key: str


@dataclass(frozen=True)
class Table:
    """One recorded table, as the triggers see it."""

    label: str
    name: str
    number: int
    key: str
    columns: tuple[Column, ...]
    omits: bool
    authority: str | None
    child: str | None
    links: tuple[Link, ...]
    apart: tuple[KeptApart, ...] = ()


def is_recorded(model: type[models.Model]) -> bool:
    options = model._meta
    return (
        is_ours(model)
        and options.managed
        and not (options.abstract or options.proxy or options.swapped)
        and options.label not in NOT_RECORDED
    )


def is_ours(model: type[models.Model]) -> bool:
    try:
        return installed.get_app_config(model._meta.app_label).name.startswith("onroll.")
    except LookupError:
        return False


def recorded_models(apps: Any = installed) -> list[type[models.Model]]:
    """Every recorded model, also the explicit tables between two models."""
    return [model for model in apps.get_models(include_auto_created=True) if is_recorded(model)]


def recorded_tables(apps: Any = installed) -> list[Table]:
    return sorted((table_of(model) for model in recorded_models(apps)), key=lambda table: table.name)


def number_of(model: type[models.Model]) -> int:
    try:
        return NUMBERS[model._meta.label]
    except KeyError:
        raise ImproperlyConfigured(
            f"{model._meta.label} has no number in onroll/history/model_numbers.py. Run makemigrations, which adds it."
        ) from None


@cache
def model_numbered(number: int) -> type[models.Model] | None:
    """The model with this number, if it still exists."""
    for label, its_number in NUMBERS.items():
        if its_number == number:
            try:
                return installed.get_model(label)
            except LookupError:
                continue
    return None


def omitted(model: type[models.Model]) -> frozenset[str]:
    """Columns whose values the history leaves out, as the model says in `history_omits`."""
    return frozenset(_declared(model, "history_omits"))


def _declared(model: type[models.Model], name: str) -> tuple[Any, ...]:
    """What the model's class says under this name. The models that a migration sees carry nothing of their own."""
    try:
        return tuple(getattr(installed.get_model(model._meta.label), name, ()))
    except LookupError:
        return ()


def fields_of(model: type[models.Model]) -> list[Any]:
    """The fields whose columns are recorded."""
    out = omitted(model)
    return [
        field
        for field in model._meta.local_concrete_fields
        if field.name not in out and not getattr(field, "generated", False)
    ]


def table_of(model: type[models.Model]) -> Table:
    options = model._meta
    fields = fields_of(model)
    columns = {field.column for field in fields}
    authority = "authority_id" if "authority_id" in columns else None
    child = "child_id" if "child_id" in columns else None
    key = str(options.pk.column)
    if options.label == "authorities.Authority":
        authority = key
    if options.label == "children.Child":
        child = key
    return Table(
        label=options.label,
        name=options.db_table,
        number=number_of(model),
        key=key,
        columns=tuple(Column(field.column, kind_of(field)) for field in fields),
        omits=bool(omitted(model)),
        authority=authority,
        child=child,
        links=tuple(_links(fields)) if authority and authority != key else (),
        apart=kept_apart(model, _declared(model, "kept_apart")),
    )


def kind_of(field: models.Field) -> str:
    """How a column's value gets into JSON: "plain", "json", "bytes" or "real"."""
    if isinstance(field, models.JSONField):
        return "json"
    if isinstance(field, models.FloatField):
        return "real"
    return "bytes" if isinstance(field, models.BinaryField) else "plain"


def _links(fields: list[Any]) -> Iterable[Link]:
    for field in fields:
        target: Any = field.related_model
        if target is not None and any(f.column == "authority_id" for f in target._meta.local_concrete_fields):
            yield Link(field.column, target._meta.db_table, field.target_field.column)


NUMBERS_FILE = Path(__file__).with_name("model_numbers.py")


def number_new_models(path: Path = NUMBERS_FILE) -> list[str]:
    """Write a number for every recorded model that has none. Returns their names."""
    new = [model._meta.label for model in recorded_models() if model._meta.label not in NUMBERS]
    next_number = max(NUMBERS.values(), default=0) + 1
    lines = [f'    "{label}": {next_number + at},\n' for at, label in enumerate(new)]
    if new:
        text = path.read_text()
        end = text.rindex("}")
        path.write_text(text[:end] + "".join(lines) + text[end:])
        NUMBERS.update({label: next_number + at for at, label in enumerate(new)})
    return new
