"""The codes of the return in the words that people use of a child, who may read them one day."""

from onroll.access.sections import Section
from onroll.children.models import CareEpisode
from onroll.children.queries import placement_type_of
from onroll.codes import LEGAL_STATUS, PLACEMENT_TYPE, REASON_CEASED
from onroll.design.words import lower_first

# Where a fact came from, as the record keeps it.
SOURCES = {
    "person": "Entered by hand",
    "school": "Told by the school",
    "list": "Weekly list",
    "ssda903": "Statutory return (SSDA903)",
    "exchange": "Brought over from another system",
    "demo": "Demonstration",
}

# With whom or in what a child lives: the word before it, then the home itself.
_HOMES = {
    "A3": ("with", "adoptive parents, who were the foster carers"),
    "A4": ("with", "adoptive parents"),
    "A5": ("with", "adoptive parents, who were the foster carers"),
    "A6": ("with", "adoptive parents"),
    "H5": ("in", "semi-independent accommodation"),
    "K1": ("in", "a secure children’s home"),
    "K2": ("in", "a children’s home"),
    "K3": ("in", "supported accommodation"),
    "P1": ("with", "parents"),
    "P2": ("in", "independent living"),
    "P3": ("in", "residential employment"),
    "R1": ("in", "a residential care home"),
    "R2": ("in", "a place that gives medical or nursing care"),
    "R3": ("in", "a family centre or mother and baby unit"),
    "R5": ("in", "a young offender institution"),
    "S1": ("at", "a residential school"),
    "U1": ("with", "family or friends who foster"),
    "U2": ("with", "family or friends who foster"),
    "U3": ("with", "family or friends who foster"),
    "U4": ("with", "foster carers"),
    "U5": ("with", "foster carers who may adopt"),
    "U6": ("with", "foster carers"),
}

# How a legal status stands in a sentence: "came into care …".
_LEGAL = {
    "C1": "under an interim care order",
    "C2": "under a full care order",
    "D1": "under a freeing order",
    "E1": "under a placement order",
    "V2": "by agreement (section 20)",
    "V3": "for agreed short breaks",
    "V4": "for agreed short breaks",
    "J1": "on remand",
    "J2": "from police custody",
    "J3": "under a youth rehabilitation order",
    "L1": "under police protection",
    "L2": "under an emergency protection order",
    "L3": "under a child assessment order",
}
_LEGAL_SHORT = {
    "D1": "Freeing order",
    "E1": "Placement order",
    "V2": "By agreement (section 20)",
    "V3": "Short breaks",
    "V4": "Short breaks",
    "J1": "Remand",
    "J2": "From police custody",
    "J3": "Youth rehabilitation order",
    "L1": "Police protection",
    "L3": "Child assessment order",
}

# How care ended, by the group of the reason.
_LEFT = {
    "adoption": "adopted",
    "transfer": "another local authority took over",
    "returned home": "went home to family",
    "relatives/friends": "went to live with family or friends",
    "CAO": "a child arrangements order was made",
    "SGO": "a special guardianship order was made",
    "independent": "moved to independent living",
    "adult care": "moved to care from adult services",
    "custody": "sentenced to custody",
    "remand ended": "remand ended",
    "age assessed 18+": "assessed to be 18 or over",
    "abroad": "moved abroad",
    "aged 18": "turned 18 and stayed with the same carers",
}

PARTICIPATION = {
    "PN0": "under 4 at the time",
    "PN1": "came and spoke",
    "PN2": "came, and an advocate spoke",
    "PN3": "came, and showed their views without words",
    "PN4": "came and did not speak",
    "PN5": "did not come, and briefed an advocate",
    "PN6": "did not come, and sent their views",
    "PN7": "did not come, and no views were passed on",
}

PARTS = {section.value: section.short for section in Section}


def source_words(source: str) -> str:
    """Where a fact came from."""
    return SOURCES.get(source, source)


def home_words(episode: CareEpisode) -> str:
    """The home itself: “foster carers”, “a children’s home”. Empty where no kind of home is recorded."""
    return _home(episode)[1]


def living_words(episode: CareEpisode) -> str:
    """“with foster carers”, “in a children’s home”. Empty where no kind of home is recorded."""
    before, home = _home(episode)
    return f"{before} {home}" if home else ""


def _home(episode: CareEpisode) -> tuple[str, str]:
    code = placement_type_of(episode)
    if code in _HOMES:
        return _HOMES[code]
    kind = PLACEMENT_TYPE.get(code)
    if kind is None:
        return ("", "")
    return ("in", lower_first(kind.label)) if kind.is_temporary else ("in", "another kind of home")


def legal_words(code: str) -> str:
    """“under a full care order”."""
    return _LEGAL.get(code, "")


def legal_label(code: str) -> str:
    """“Full care order”: short enough to stand in a picture."""
    if code in _LEGAL_SHORT:
        return _LEGAL_SHORT[code]
    status = LEGAL_STATUS.get(code)
    return status.label if status else "Legal status not known"


def left_words(episode: CareEpisode) -> str:
    """How care ended with this episode. Empty where the reason says no more than that it did."""
    reason = REASON_CEASED.get(episode.reason_ceased)
    return _LEFT.get(reason.group, "") if reason else ""


def ordinal(number: int) -> str:
    """1st, 2nd, 3rd, 11th."""
    if number % 100 in (11, 12, 13):
        return f"{number}th"
    return f"{number}{ {1: 'st', 2: 'nd', 3: 'rd'}.get(number % 10, 'th') }"
