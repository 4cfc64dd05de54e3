"""A row of any recorded model, made from what the model says of itself, so that a new model is tested at once."""

import itertools
import uuid
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import models

from onroll.access.actors import Actor
from onroll.access.encryption import EncryptedTextField, make_key_ring
from onroll.authorities.models import Authority
from onroll.history.changes import ThisChange
from onroll.history.recorded import omitted

SAM = Actor.command_line(1, today=date(2026, 3, 31), user="sam")

# What a model's constraints ask for, where a plain value would not do.
ASKED: dict[str, dict[str, Any]] = {
    "children.SchoolPlace": {"kind": "awaiting"},
    "attainment.Result": {"stage": "termly", "term": "autumn", "academic_year": "2025-26"},
    "people.Post": {"role": "vs_officer"},
    "children.SDQScore": {"score": 12},
    "schools.Inspection": {"overall": 2},
    "children.Named": {"knows": False},
    "authorities.KeptFacts": {"end": date(9000, 1, 1), "ended_by": "Sam"},
    "children.Release": {"what": "sdq"},
    "measures.PublishedFigure": {"value": 12},
    "children.Matter": {"start": date(2026, 3, 31), "end": date(2026, 4, 30)},
}

# Links that may be empty and not all at once.
NEEDED = {"children.YoungAdultAgreement": {"school"}, "plans.Serves": {"action"}}

_numbers = itertools.count(1)


class Rows:
    """Makes rows of one authority, and those that they must point to."""

    def __init__(self, this: ThisChange, authority: Authority | None = None) -> None:
        self.this = this
        self.authority = authority or this.create(
            Authority(code=f"{next(_numbers) % 1000:03}", name=f"Authority {uuid.uuid4()}", live_from=date(2020, 1, 1))
        )
        make_key_ring(self.authority.pk)

    def build(self, model: type[models.Model], **values: Any) -> Any:
        """An unsaved row of this model, with the rows it needs saved."""
        given = ASKED.get(model._meta.label, {}) | values
        row = model()
        if any(field.name == "authority" for field in model._meta.local_fields):
            row.authority_id = self.authority.pk
        child = None
        for field in model._meta.local_concrete_fields:
            if field.name in given or field.primary_key or field.name == "authority":
                continue
            if field.related_model:
                needed = not field.null or field.name in NEEDED.get(model._meta.label, ())
                if needed:
                    if field.name == "child":
                        child = self.make(field.related_model)
                        row.child = child
                    else:
                        also = {"child": child} if child and _has_child(field.related_model) else {}
                        setattr(row, field.name, self.make(field.related_model, **also))
            elif not field.has_default() and not field.null:
                setattr(row, field.name, self.value(field))
        for name, value in given.items():
            setattr(row, name, value)
        return row

    def make(self, model: type[models.Model], **values: Any) -> Any:
        if model is Authority:
            return self.authority
        return self.this.create(self.build(model, **values))

    def value(self, field: models.Field) -> Any:
        """A value that this field can hold, another one each time."""
        number = next(_numbers)
        if isinstance(field, EncryptedTextField):
            return f"secret {number}"
        if field.choices:
            return "" if field.blank else next(iter(field.flatchoices))[0]
        if isinstance(field, models.EmailField):
            return f"person{number}@example.org"
        if isinstance(field, models.UUIDField):
            return uuid.uuid4()
        if isinstance(field, models.DateTimeField):
            return datetime(2026, 1, 2, 3, 4, 5, 678900, tzinfo=UTC) + timedelta(days=number)
        if isinstance(field, models.DateField):
            return date(2020, 1, 1) + timedelta(days=number)
        if isinstance(field, models.BooleanField):
            return bool(number % 2)
        if isinstance(field, models.DecimalField):
            return Decimal(number % 90) + Decimal("0.5")
        if isinstance(field, models.FloatField):
            return number / 7
        if isinstance(field, models.IntegerField):
            return 1 + number % 29
        if isinstance(field, models.JSONField):
            return {"number": number, "words": ["é", None, True, 1.5]}
        return str(number)[-(field.max_length or 20) :]


def _has_child(model: type[models.Model]) -> bool:
    return any(field.name == "child" for field in model._meta.local_fields)


def changeable(model: type[models.Model]) -> str:
    """The name of a field that a test can alter without breaking a rule of the model."""
    asked = set(ASKED.get(model._meta.label, {})) | omitted(model)
    links = {name for constraint in model._meta.constraints for name in _names_in(constraint)}
    for field in model._meta.local_concrete_fields:
        plain = isinstance(field, models.CharField | models.TextField) and not isinstance(field, EncryptedTextField)
        if plain and not field.choices and not field.unique and field.name not in asked | links:
            return field.name
    # An encrypted text is bound to the public id of its row, which then never changes.
    bound = any(isinstance(field, EncryptedTextField) for field in model._meta.local_concrete_fields)
    for field in model._meta.local_concrete_fields:
        if (field.name == "public_id" and not bound) or (
            isinstance(field, models.BooleanField) and field.name not in links
        ):
            return field.name
    for field in model._meta.local_concrete_fields:
        if isinstance(field, models.DateField) and field.name not in links:
            return field.name
    raise AssertionError(f"{model._meta.label} has no field that a test can alter: say how in rows.py")


def _names_in(constraint: Any) -> set[str]:
    names = set(getattr(constraint, "fields", ()))
    condition = getattr(constraint, "condition", None)
    if condition is not None:
        names |= set(str(condition).replace("'", " ").replace("(", " ").split())
        names |= {name.split("__")[0] for name in names}
    return names
