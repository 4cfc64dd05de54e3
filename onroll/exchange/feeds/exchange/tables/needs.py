"""needs.csv: one row for a need of any kind. Each kind is held in a table of its own, behind its own section."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from onroll.children.models import CharacteristicSpell, EHCPlan, SDQScore, SENNeed, SENProvision
from onroll.codes import SDQ_REASON, SEN_NEED, SEN_PROVISION
from onroll.exchange.plans import Changes

from ..cells import day, one_of, text
from .table import DoesNotFit, Held, Holdings, Table

_CODED: dict[str, Any] = {"sen_provision": (SENProvision, SEN_PROVISION), "sen_primary_need": (SENNeed, SEN_NEED)}
_TRAITS = CharacteristicSpell.Kind.values
KINDS = [*_CODED, "sdq", *_TRAITS, "ehc_plan"]


def _model(kind: str) -> Any:
    if kind in _CODED:
        return _CODED[kind][0]
    return {"sdq": SDQScore, "ehc_plan": EHCPlan}.get(kind, CharacteristicSpell)


def _fields(kind: str, value: str) -> dict[str, Any]:
    """The value as the fields of its kind. DoesNotFit for a code, a score or a day that is none."""
    if kind in _CODED:
        if value not in _CODED[kind][1]:
            raise DoesNotFit("value", f"“{value[:40]}” is not a code for {_CODED[kind][1].name}")
        return {"value": value}
    if kind == "sdq":
        if value in SDQ_REASON:
            return {"score": None, "reason": value}
        if not (value.isascii() and value.isdecimal() and int(value) <= 40):
            raise DoesNotFit("value", f"“{value[:40]}” is neither a score from 0 to 40 nor a reason for having none")
        return {"score": int(value), "reason": ""}
    if kind == "ehc_plan":
        try:
            return {"review_on": date.fromisoformat(value) if value else None}
        except ValueError:
            raise DoesNotFit("value", f"“{value[:40]}” is not the day of the next review, like 2026-03-31") from None
    return {"kind": kind, "value": value}


def _value(kind: str, row: Any) -> str:
    if kind == "sdq":
        return row.reason if row.score is None else str(row.score)
    if kind == "ehc_plan":
        return row.review_on.isoformat() if row.review_on else ""
    return str(row.value)


def _needs(holdings: Holdings) -> Iterable[Held]:
    for kind in KINDS:
        rows = _model(kind).unscoped.filter(authority_id=holdings.actor.authority)
        if kind in _TRAITS:
            rows = rows.filter(kind=kind)
        for row in rows.order_by("start", "id"):
            if row.child_id in holdings.numbers:
                told = {"child_id": holdings.numbers[row.child_id], "kind": kind, "value": _value(kind, row)}
                yield Held({**told, "start": row.start, "end": row.end}, (row,))


def _new_need(values: dict[str, Any], holdings: Holdings, changes: Changes) -> None:
    kind = values["kind"]
    changes.create(
        _model(kind)(
            authority_id=holdings.actor.authority,
            child=holdings.child(values["child_id"]),
            start=values["start"],
            end=values["end"],
            source=holdings.source,
            **_fields(kind, values["value"]),
        )
    )


def _alter_need(held: Held, values: dict[str, Any], holdings: Holdings, changes: Changes) -> None:
    changes.update(held.records[0], end=values["end"], **_fields(values["kind"], values["value"]))


NEEDS = Table(
    "needs",
    "Needs",
    (
        text("child_id", 20, needed=True),
        one_of("kind", KINDS, needed=True),
        text("value", 60),
        day("start", needed=True),
        day("end"),
    ),
    ("child_id", "kind", "start"),
    _needs,
    _new_need,
    _alter_need,
)
