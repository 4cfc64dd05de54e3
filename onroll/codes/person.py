"""What is said about a person: sex, ethnicity, special educational needs, the SDQ band."""

from dataclasses import dataclass

from .code_sets import Code, read_code_set


@dataclass(frozen=True, kw_only=True)
class Sex(Code):
    code_before_2024_25: str
    note: str


@dataclass(frozen=True, kw_only=True)
class Ethnicity(Code):
    group: str
    ssda903_valid: bool
    school_census_valid: bool

    @property
    def not_disclosed(self) -> bool:
        """The person was asked and would not say. That is an answer: the record is complete."""
        return self.code == "REFU"

    @property
    def not_yet_obtained(self) -> bool:
        """Nobody has asked yet. The record is not complete."""
        return self.code == "NOBT"


@dataclass(frozen=True, kw_only=True)
class SENProvision(Code):
    @property
    def is_plan(self) -> bool:
        """An education, health and care plan, or the statement that came before it."""
        return self.code in ("E", "S")

    @property
    def is_support(self) -> bool:
        """Help in school without a plan: SEN support, or the school action that came before it."""
        return self.code in ("K", "A", "P")


@dataclass(frozen=True, kw_only=True)
class SENNeed(Code):
    area_of_need: str
    note: str


@dataclass(frozen=True, kw_only=True)
class UPNUnknown(Code):
    check: str


@dataclass(frozen=True, kw_only=True)
class SDQBand(Code):
    min_score: int
    max_score: int


SEX = read_code_set(Sex, "sex.csv", "sex")
ETHNICITY = read_code_set(Ethnicity, "ethnicity.csv", "ethnicity")
SEN_PROVISION = read_code_set(SENProvision, "sen_provision.csv", "SEN provision")
SEN_NEED = read_code_set(SENNeed, "sen_need.csv", "a special educational need")
POST_LOOKED_AFTER_ARRANGEMENTS = read_code_set(
    Code, "post_looked_after_arrangements.csv", "what came after being looked after"
)
UPN_UNKNOWN = read_code_set(UPNUnknown, "upn_unknown.csv", "why there is no UPN")
SDQ_BAND = read_code_set(SDQBand, "sdq_band.csv", "an SDQ band")

_SEX_BY_OLDER_CODE = {each.code_before_2024_25: each for each in SEX if each.code_before_2024_25}


def sex_of(code: str) -> Sex | None:
    """The sex that a return of any year means: M, F and U, or 1 and 2 before 2024-25."""
    return SEX.get(code) or _SEX_BY_OLDER_CODE.get(code)


def sdq_band_of(score: int) -> SDQBand:
    """The band of a total score of the carer's Strengths and Difficulties Questionnaire."""
    for band in SDQ_BAND:
        if band.min_score <= score <= band.max_score:
            return band
    raise ValueError(f"An SDQ score is from 0 to 40, not {score}.")
