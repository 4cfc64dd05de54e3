"""The spreadsheet of needs: SEN provision and need, EHC plans, SDQ scores, language, disability, school meals."""

from typing import Any

from onroll.exchange.feeds.exchange.tables.needs import KINDS
from onroll.exchange.feeds.exchange.tables.needs import NEEDS as TABLE
from onroll.exchange.feeds.exchange.tables.table import DoesNotFit, Holdings
from onroll.exchange.feeds.ssda903.cells import day
from onroll.exchange.problems import BadValue
from onroll.exchange.sheets import SheetColumn

from .cells import CHILD, END, START, coded, words
from .mapped import mapped_feed

_WORDS = {
    "sen_provision": "SEN provision",
    "sen_primary_need": "SEN primary need",
    "sdq": "SDQ",
    "eal": "English as an additional language",
    "disability": "Disability",
    "fsm": "Free school meals",
    "ehc_plan": "EHC plan",
}


def _values(row: dict[str, Any], holdings: Holdings) -> dict[str, Any]:
    value = row["value"]
    if row["kind"] == "ehc_plan" and value:
        try:
            value = day(value).isoformat()
        except BadValue as why:
            raise DoesNotFit("Value", str(why).rstrip(".")) from None
    elif row["kind"] in ("sen_provision", "sen_primary_need", "sdq"):
        value = value.upper()
    return {"child_id": row["child_id"], "kind": row["kind"], "value": value, "start": row["start"], "end": row["end"]}


NEEDS = mapped_feed(
    "needs",
    "Needs",
    "A spreadsheet of needs: one row for each need, with the day from which it holds.",
    [
        CHILD,
        SheetColumn(
            "kind",
            "Kind of need",
            coded({kind: _WORDS[kind] for kind in KINDS}, "a kind of need"),
            ("kind",),
            needed=True,
        ),
        SheetColumn(
            "value", "Value", words(60), hint="The code, the score, yes or no; for an EHC plan its next review"
        ),
        START,
        END,
    ],
    TABLE,
    _values,
    source="school",
    order=22,
)
