"""Who a record is closed to and open to beyond roles and allocations, and which settings were told of a need.

Each of these opens or closes a record, as a post does, so none is loaded by a person: from the command line alone.
What closes is never loosened by a load.
"""

from typing import Any

from onroll.children.models import MustNotSee, Named, ServiceCase, SettingTold, YoungAdultAgreement
from onroll.exchange.problems import BadValue

from ..cells import Column, day, one_of, text, yes_no
from .table import DoesNotFit, Held, Holdings, facts_of_a_child

_CHILD = text("child_id", 20, needed=True)
_EMAIL = text("email", 254)
_SETTING = text("setting_id", 20)
_START, _END = day("start", needed=True), day("end")


def _command_line_alone(held: Held | None, values: dict[str, Any], holdings: Holdings) -> None:
    if holdings.actor.is_person:
        raise DoesNotFit("child_id", "opens or closes a record, so these rows are loaded from the command line alone")


def _never_opens(held: Held | None, values: dict[str, Any], holdings: Holdings) -> None:
    _command_line_alone(held, values, holdings)
    if held is None or held.values.get("knows"):
        return
    was, now = held.values["end"], values["end"]
    if now is not None and (was is None or now < was):
        raise DoesNotFit("end", "is earlier than what is held: a load opens nothing that was closed")


def _one_of_two(held: Held | None, values: dict[str, Any], holdings: Holdings) -> None:
    _command_line_alone(held, values, holdings)
    if bool(values["email"]) == bool(values["setting_id"]):
        raise DoesNotFit("email", "and setting_id: an agreement names a person or a school, and not both")


def _named(held: Held | None, values: dict[str, Any], holdings: Holdings) -> None:
    _never_opens(held, values, holdings)
    if values["knows"] and not values["email"]:
        raise DoesNotFit("email", "is empty: who may know is someone with an account")


def _kinds(name: str) -> Column:
    """The kinds of need that a setting was told of, with `;` between."""

    def read(cell: str) -> str:
        for kind in cell.split(";"):
            if kind not in SettingTold.About.values:
                raise BadValue(f"“{kind[:40]}” is not one of {', '.join(SettingTold.About.values)}")
        return cell.replace(";", ",")

    return Column(name, read, lambda value: str(value).replace(",", ";"), needed=True)


LINKS_CLOSED = facts_of_a_child(
    "links_closed",
    "People who must not see a child",
    MustNotSee,
    (
        _CHILD,
        text("email", 254, needed=True),
        one_of("tie", MustNotSee.Tie.values, needed=True),
        yes_no("declared", empty=False, spelled=True),
        _START,
        _END,
    ),
    key=("child_id", "email", "start"),
    fields={"email": "account"},
    refuse=_never_opens,
)

NAMED = facts_of_a_child(
    "named",
    "People and places behind marks",
    Named,
    (
        _CHILD,
        one_of("about", Named.About.values, needed=True),
        yes_no("knows", empty=False, spelled=True),
        _EMAIL,
        _SETTING,
        text("words", 2000),
        _START,
        _END,
    ),
    key=("child_id", "about", "knows", "email", "setting_id", "words", "start"),
    fields={"email": "account", "setting_id": "school"},
    refuse=_named,
)

SERVICE_CASES = facts_of_a_child(
    "service_cases",
    "Cases of partner services",
    ServiceCase,
    (
        _CHILD,
        text("email", 254, needed=True),
        one_of("service", [str(key) for key, _ in ServiceCase._meta.get_field("service").choices or ()], needed=True),
        text("about", 200, needed=True),
        _START,
        _END,
    ),
    key=("child_id", "email", "service", "start"),
    fields={"email": "account"},
    refuse=_command_line_alone,
)

YOUNG_ADULT_AGREEMENTS = facts_of_a_child(
    "young_adult_agreements",
    "What young adults agreed to",
    YoungAdultAgreement,
    (_CHILD, _EMAIL, _SETTING, text("told", 300, needed=True), _START, _END),
    key=("child_id", "email", "setting_id", "start"),
    fields={"email": "account", "setting_id": "school"},
    refuse=_one_of_two,
)

SETTINGS_TOLD = facts_of_a_child(
    "settings_told",
    "Settings that were told of a need",
    SettingTold,
    (
        _CHILD,
        text("setting_id", 20, needed=True),
        day("told_on", needed=True),
        _kinds("about"),
        text("to_whom", 2000),
        text("text", 4000, needed=True),
        text("why", 4000),
        text("told_by", 254),
    ),
    key=("child_id", "setting_id", "told_on", "about"),
    fields={"setting_id": "school"},
    refuse=_command_line_alone,
)
