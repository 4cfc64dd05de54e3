"""Care episodes with their placements, and the other dated facts of care."""

from collections.abc import Iterable
from typing import Any

from onroll.children.areas import area_of, look_up
from onroll.children.models import (
    CareEpisode,
    CareLeaverContact,
    Disclosure,
    EpisodePlacement,
    MissingEpisode,
    PlacementAddress,
    PlacementArea,
    PreviousPermanence,
    Review,
    Status,
)
from onroll.codes import (
    CATEGORY_OF_NEED,
    LEGAL_STATUS,
    LOCAL_AUTHORITY,
    MISSING_TYPE,
    OC3_ACCOMMODATION,
    OC3_ACTIVITY,
    OC3_IN_TOUCH,
    OUTSIDE_ENGLAND,
    PLACEMENT_PROVIDER,
    PLACEMENT_TYPE,
    REASON_CEASED,
    REASON_NEW,
    REASON_PLACEMENT_CHANGE,
    REVIEW_PARTICIPATION,
)
from onroll.codes import (
    PREVIOUS_PERMANENCE as PERMANENCE,
)
from onroll.exchange.plans import Changes

from ..cells import code, day, one_of, text, yes_no
from .table import Held, Holdings, Table, facts_of_a_child

_EPISODE = (
    "start",
    "end",
    "legal_status",
    "reason_new",
    "reason_ceased",
    "category_of_need",
    "reason_place_change",
    "provisional_end",
)


def _episodes(holdings: Holdings) -> Iterable[Held]:
    rows = CareEpisode.unscoped.filter(authority_id=holdings.actor.authority).select_related(
        "placement", "address", "area_facts"
    )
    for episode in rows.order_by("start", "id"):
        number = holdings.numbers.get(episode.child_id)
        if number is None:
            continue
        placement, address, area = (getattr(episode, name, None) for name in ("placement", "address", "area_facts"))
        yield Held(
            {
                "child_id": number,
                **{name: getattr(episode, name) for name in _EPISODE},
                "placement_type": placement.placement_type if placement else "",
                "placement_provider": placement.provider if placement else "",
                "placement_urn": placement.ofsted_urn if placement else "",
                "placement_la_code": area.la_code if area and area.la_stated else "",
                "placement_postcode": address.postcode if address else "",
                "disclosure": address.disclosure if address else "",
                "address": address.address if address else "",
                "home_postcode": address.home_postcode if address else "",
            },
            (episode, placement, address, area),
        )


def _look_up(rows: list[dict[str, Any]], holdings: Holdings, changes: Changes) -> None:
    """Every postcode of the file in the directory, in one query."""
    holdings.directory = look_up(row[name] or "" for row in rows for name in ("placement_postcode", "home_postcode"))


def _placement(values: dict[str, Any], holdings: Holdings) -> tuple[dict[str, Any], dict[str, Any], dict[str, Any]]:
    """What the row says of the home: its kind, its address, and what follows from where it lies."""
    where = area_of(
        holdings.authority.code,
        postcode=values["placement_postcode"],
        home_postcode=values["home_postcode"],
        la_code=values["placement_la_code"],
        directory=holdings.directory,
    )
    kind = {
        "placement_type": values["placement_type"],
        "provider": values["placement_provider"],
        "ofsted_urn": values["placement_urn"],
        "area": where.area,
    }
    address = {
        "address": values["address"],
        "postcode": values["placement_postcode"],
        "home_postcode": values["home_postcode"],
        # A mark that is missing means the default; no load loosens one (ADR-1).
        "disclosure": values["disclosure"] or Disclosure.NOT_TO_FAMILY,
    }
    facts = {"la_code": where.la_code, "la_stated": where.la_stated, "distance_miles": where.distance_miles}
    return kind, address, facts


def _says_something(values: dict[str, Any]) -> bool:
    """Whether the row says anything of where the home lies, or of who must not know."""
    names = ("address", "placement_postcode", "home_postcode", "placement_la_code", "disclosure")
    return any(values[name] for name in names)


def _new_episode(values: dict[str, Any], holdings: Holdings, changes: Changes) -> None:
    common = {
        "authority_id": holdings.actor.authority,
        "child": holdings.child(values["child_id"]),
        "source": holdings.source,
    }
    kind, address, facts = _placement(values, holdings)
    episode = changes.create(CareEpisode(**common, **{name: values[name] for name in _EPISODE}))
    changes.create(EpisodePlacement(**common, episode=episode, **kind))
    if _says_something(values):
        changes.create(PlacementAddress(**common, episode=episode, **address))
        changes.create(PlacementArea(**common, episode=episode, **facts))


_STRICTNESS = {mark: place for place, mark in enumerate(Disclosure.values)}


def _alter_episode(held: Held, values: dict[str, Any], holdings: Holdings, changes: Changes) -> None:
    episode, placement, held_address, area = held.records
    kind, address, facts = _placement(values, holdings)
    if held_address is not None and _STRICTNESS[address["disclosure"]] < _STRICTNESS[held_address.disclosure]:
        address["disclosure"] = held_address.disclosure
    changes.update(episode, **{name: values[name] for name in _EPISODE})
    common = {
        "authority_id": episode.authority_id,
        "child": episode.child,
        "source": holdings.source,
        "episode": episode,
    }
    for model, record, told in (
        (EpisodePlacement, placement, kind),
        (PlacementAddress, held_address, address),
        (PlacementArea, area, facts),
    ):
        if record is not None:
            changes.update(record, **told)
        elif model is EpisodePlacement or _says_something(values):
            changes.create(model(**common, **told))


CARE_EPISODES = Table(
    "care_episodes",
    "Care episodes",
    (
        text("child_id", 20, needed=True),
        day("start", needed=True),
        day("end"),
        code("legal_status", LEGAL_STATUS, needed=True),
        code("reason_new", REASON_NEW),
        code("reason_ceased", REASON_CEASED),
        code("placement_type", PLACEMENT_TYPE),
        code("placement_provider", PLACEMENT_PROVIDER),
        code("placement_la_code", (LOCAL_AUTHORITY, OUTSIDE_ENGLAND)),
        text("placement_postcode", 20),
        text("placement_urn", 10),
        one_of("disclosure", Disclosure.values),
        text("address", 500),
        text("home_postcode", 20),
        code("category_of_need", CATEGORY_OF_NEED),
        code("reason_place_change", REASON_PLACEMENT_CHANGE),
        yes_no("provisional_end", empty=False),
    ),
    ("child_id", "start"),
    _episodes,
    _new_episode,
    _alter_episode,
    prepare=_look_up,
)

STATUSES = facts_of_a_child(
    "statuses",
    "Other statuses",
    Status,
    (
        text("child_id", 20, needed=True),
        one_of("kind", Status.Kind.values, needed=True),
        day("start", needed=True),
        day("end"),
        text("lawful_basis", 200),
        text("other_authority", 3),
        day("notified_on"),
        text("notified_of", 500),
    ),
    key=("child_id", "kind", "start"),
)

REVIEWS = facts_of_a_child(
    "reviews",
    "Care reviews",
    Review,
    (
        text("child_id", 20, needed=True),
        day("on", needed=True),
        yes_no("held", empty=True, spelled=True),
        code("participation", REVIEW_PARTICIPATION),
    ),
)

MISSING = facts_of_a_child(
    "missing",
    "Missing episodes",
    MissingEpisode,
    (
        text("child_id", 20, needed=True),
        code("kind", MISSING_TYPE),
        day("start", needed=True),
        day("end"),
    ),
    key=("child_id", "kind", "start"),
)

PREVIOUS_PERMANENCE = facts_of_a_child(
    "previous_permanence",
    "Earlier permanence",
    PreviousPermanence,
    (
        text("child_id", 20, needed=True),
        code("kind", PERMANENCE),
        text("la_code", 3),
        text("date", 10),
    ),
    fields={"date": "date_as_sent"},
)

CARE_LEAVER_CONTACTS = facts_of_a_child(
    "care_leaver_contacts",
    "Contacts of care leavers",
    CareLeaverContact,
    (
        text("child_id", 20, needed=True),
        day("on", needed=True),
        code("in_touch", OC3_IN_TOUCH),
        code("activity", OC3_ACTIVITY),
        code("accommodation", OC3_ACCOMMODATION),
    ),
)
