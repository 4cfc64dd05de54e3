"""What a return says, once it has been read: plain values, still unknown to the record."""

from dataclasses import dataclass, field
from datetime import date


@dataclass(slots=True)
class Header:
    """Who a child is. Empty text: not known."""

    child: str
    birth_date: date
    sex: str
    ethnicity: str
    upn: str
    upn_unknown: str
    file: str
    line: int


@dataclass(slots=True)
class Episode:
    """One care episode. `end` None: still open, whatever reason for ceasing the row gave."""

    child: str
    start: date
    reason_new: str
    legal_status: str
    category_of_need: str
    placement_type: str
    provider: str
    end: date | None
    reason_ceased: str
    reason_place_change: str
    home_postcode: str
    postcode: str
    ofsted_urn: str
    file: str
    line: int


@dataclass(slots=True)
class Review:
    child: str
    on: date
    participation: str
    file: str
    line: int


@dataclass(slots=True)
class SDQ:
    """The questionnaire of the collection year: a score, or why there is none."""

    child: str
    score: int | None
    reason: str
    file: str
    line: int


@dataclass(slots=True)
class AsylumSeeking:
    child: str
    until: date | None
    file: str
    line: int


@dataclass(slots=True)
class Contact:
    """What was known of a care leaver in the collection year."""

    child: str
    in_touch: str
    activity: str
    accommodation: str
    file: str
    line: int


@dataclass(slots=True)
class Permanence:
    child: str
    kind: str
    la_code: str
    date_as_sent: str
    file: str
    line: int


@dataclass(slots=True)
class Missing:
    child: str
    kind: str
    start: date
    end: date | None
    file: str
    line: int


@dataclass(slots=True)
class Sensitive:
    """What a row says of one sensitive kind, each column as it was sent: whether any is kept is the authority's choice.

    Nothing is judged here, so that of a kind that is read past not even a problem is told.
    """

    child: str
    kind: str
    cells: dict[str, str]
    file: str
    line: int


@dataclass
class Return:
    """The good rows of one return, by table, and the collection year they speak for."""

    headers: dict[str, Header] = field(default_factory=dict)
    episodes: list[Episode] = field(default_factory=list)
    reviews: list[Review] = field(default_factory=list)
    sdq: list[SDQ] = field(default_factory=list)
    asylum_seeking: list[AsylumSeeking] = field(default_factory=list)
    contacts: list[Contact] = field(default_factory=list)
    permanence: list[Permanence] = field(default_factory=list)
    missing: list[Missing] = field(default_factory=list)
    # By kind and child.
    sensitive: dict[tuple[str, str], Sensitive] = field(default_factory=dict)
    # Children with a row that stops: named in the file, but nothing of them is taken.
    stopped: set[str] = field(default_factory=set)
    year_start: date = date.min
    year_end: date = date.max

    @property
    def children(self) -> set[str]:
        """Every child the return says something of."""
        side = (self.reviews, self.sdq, self.asylum_seeking, self.contacts, self.permanence, self.missing)
        named = {fact.child for facts in side for fact in facts}  # type: ignore[attr-defined]
        return named | set(self.headers) | {episode.child for episode in self.episodes}
