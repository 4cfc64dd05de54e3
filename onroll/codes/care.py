"""What the return of children looked after (SSDA903) says about care: legal status, placement, and why."""

from dataclasses import dataclass

from .code_sets import Code, read_code_set


@dataclass(frozen=True, kw_only=True)
class LegalStatus(Code):
    group: str
    looked_after_statistics: bool
    note: str

    @property
    def is_short_breaks(self) -> bool:
        """Agreed short breaks (V3, V4): the child is held, but is not on the virtual school's roll."""
        return self.group == "Short-term breaks (respite)"

    @property
    def is_care_order(self) -> bool:
        return self.group == "Care order"

    @property
    def is_youth_justice(self) -> bool:
        return self.group == "Youth justice"


@dataclass(frozen=True, kw_only=True)
class PlacementType(Code):
    group: str
    provider_required: bool
    ofsted_urn_required: bool
    note: str

    @property
    def is_temporary(self) -> bool:
        """A few days elsewhere (T0 to T4), after which the child goes back. Never counted as a placement."""
        return self.group == "Temporary"

    @property
    def is_foster(self) -> bool:
        return self.group.startswith("Foster")

    @property
    def is_with_relative_or_friend(self) -> bool:
        return self.group == "Foster: relative or friend"

    @property
    def is_with_parents(self) -> bool:
        return self.group == "Parents"

    @property
    def is_residential(self) -> bool:
        return self.group.startswith("Residential")

    @property
    def is_independent(self) -> bool:
        return self.group == "Independent / supported"

    @property
    def is_adoption(self) -> bool:
        return self.group == "Adoption"

    @property
    def is_adoption_by_current_carers(self) -> bool:
        """The foster carers become the adopters: the child does not move, so no new placement is counted."""
        return self.code in ("A3", "A5")


@dataclass(frozen=True, kw_only=True)
class ReasonNew(Code):
    is_placement_change: bool
    is_carer_change: bool
    is_legal_status_change: bool

    @property
    def starts_care(self) -> bool:
        """A period of care begins here."""
        return self.code == "S"


@dataclass(frozen=True, kw_only=True)
class ReasonCeased(Code):
    leaves_care: bool
    group: str
    makes_previously_looked_after: bool

    @property
    def is_adoption(self) -> bool:
        return self.group == "adoption"

    @property
    def is_death(self) -> bool:
        return self.group == "died"


@dataclass(frozen=True, kw_only=True)
class ReviewParticipation(Code):
    @property
    def child_attended(self) -> bool:
        return self.label.startswith("Attends")


@dataclass(frozen=True, kw_only=True)
class Activity(Code):
    full_or_part_time: str
    in_education_employment_or_training: bool
    group: str
    note: str


@dataclass(frozen=True, kw_only=True)
class Accommodation(Code):
    suitability: str

    @property
    def is_suitable(self) -> bool | None:
        """Whether the authority judged it suitable; None where it is not known."""
        return self.suitability == "suitable" if self.suitability else None


LEGAL_STATUS = read_code_set(LegalStatus, "legal_status.csv", "a legal status")
PLACEMENT_TYPE = read_code_set(PlacementType, "placement_type.csv", "a type of placement")
PLACEMENT_PROVIDER = read_code_set(Code, "placement_provider.csv", "a provider of placements")
REASON_NEW = read_code_set(ReasonNew, "reason_new_episode.csv", "why an episode began")
REASON_CEASED = read_code_set(ReasonCeased, "reason_episode_ceased.csv", "why an episode ended")
REASON_PLACEMENT_CHANGE = read_code_set(Code, "reason_placement_change.csv", "why a placement changed")
CATEGORY_OF_NEED = read_code_set(Code, "category_of_need.csv", "a category of need")
REVIEW_PARTICIPATION = read_code_set(ReviewParticipation, "review_participation.csv", "taking part in a review")
MISSING_TYPE = read_code_set(Code, "missing_type.csv", "being missing or away")
SDQ_REASON = read_code_set(Code, "sdq_reason.csv", "why there is no SDQ score")
ADOPTERS_SEX = read_code_set(Code, "adoption_codes.csv", "the sex of the adopters", where={"field": "SEX_ADOPTR"})
ADOPTERS_LEGAL_STATUS = read_code_set(
    Code, "adoption_codes.csv", "the legal status of the adopters", where={"field": "LS_ADOPTR"}
)
PREVIOUS_PERMANENCE = read_code_set(Code, "previous_permanence.csv", "an earlier permanence")
OC3_IN_TOUCH = read_code_set(Code, "oc3_in_touch.csv", "being in touch with a care leaver")
OC3_ACTIVITY = read_code_set(Activity, "oc3_activity.csv", "what a care leaver does")
OC3_ACCOMMODATION = read_code_set(Accommodation, "oc3_accommodation.csv", "where a care leaver lives")
SOCIAL_WORKER_CHANGE_REASON = read_code_set(Code, "sw_change_reason.csv", "why a social worker changed")
