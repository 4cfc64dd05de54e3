"""An entry of a record in words, for lists and above forms."""

from collections.abc import Callable
from typing import Any

from onroll.codes import LEGAL_STATUS, MISSING_TYPE, SDQ_REASON, SEN_NEED, SEN_PROVISION

from .holding import words_of
from .models import (
    Allocation,
    CareEpisode,
    CharacteristicSpell,
    EHCPlan,
    FormerName,
    MissingEpisode,
    Review,
    SchoolPlace,
    SDQScore,
    SENNeed,
    SENProvision,
    Status,
)
from .records import ChildRecord

_SAYS: dict[type[ChildRecord], Callable[[Any], str]] = {
    CareEpisode: lambda e: words_of(LEGAL_STATUS, e.legal_status),
    SchoolPlace: lambda e: f"{e.get_kind_display()}: {e.school.name}" if e.school else e.get_kind_display(),
    SENProvision: lambda e: words_of(SEN_PROVISION, e.value),
    SENNeed: lambda e: words_of(SEN_NEED, e.value),
    EHCPlan: lambda e: "EHC plan",
    SDQScore: lambda e: f"SDQ score {e.score}" if e.score is not None else words_of(SDQ_REASON, e.reason),
    CharacteristicSpell: lambda e: f"{e.get_kind_display()}: {e.value}",
    Allocation: lambda e: f"{e.get_role_display()}: {e.account.name}",
    Status: lambda e: e.get_kind_display(),
    FormerName: lambda e: f"{e.given_name} {e.family_name}".strip() or e.known_as,
    Review: lambda e: "Review held" if e.held else "Review planned",
    MissingEpisode: lambda e: words_of(MISSING_TYPE, e.kind),
}


def sentence_of(entry: ChildRecord) -> str:
    """What the entry says, without its days."""
    return _SAYS[type(entry)](entry)
