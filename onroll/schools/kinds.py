"""The kinds of setting that an authority can add, because the national register has no place for them."""

from dataclasses import dataclass

from .models import School


@dataclass(frozen=True)
class Kind:
    """A kind of setting: its words, the phase it counts as, and a line that says when to choose it."""

    key: str
    words: str
    phase: School.Phase
    hint: str = ""
    registered: bool = True


KINDS = (
    Kind("nursery", "Nursery, pre-school or childminder", School.Phase.EARLY_YEARS, "Not the nursery of a school"),
    Kind("alternative", "Alternative provider", School.Phase.AP, "Teaches on some days, or instead of a school"),
    Kind(
        "unregistered",
        "Unregistered provision",
        School.Phase.AP,
        "Not registered with the Department for Education or Ofsted",
        registered=False,
    ),
    Kind("tuition", "Tutor or tuition service", School.Phase.AP),
    Kind("college", "College or training provider", School.Phase.POST16, "One that the register does not hold"),
    Kind("employer", "Employer", School.Phase.POST16, "An apprenticeship or a job with training"),
    Kind("hospital", "Hospital or health setting", School.Phase.OTHER),
    Kind("secure", "Secure home or custody", School.Phase.OTHER),
    Kind("elsewhere", "School outside England", School.Phase.OTHER),
    Kind("other", "Another kind of setting", School.Phase.OTHER),
)
_BY_KEY = {kind.key: kind for kind in KINDS}
_BY_WORDS = {kind.words: kind for kind in KINDS}


def kind_by_key(key: str) -> Kind:
    return _BY_KEY[key]


def kind_of(school: School) -> Kind | None:
    """The kind that an authority gave its own setting. None for a school of the register."""
    return _BY_WORDS.get(school.type_words) if school.authority_id else None
