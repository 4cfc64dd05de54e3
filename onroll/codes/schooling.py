"""What the register of schools and Ofsted say about a school, and how a child is registered there."""

from dataclasses import dataclass

from .code_sets import Code, read_code_set


@dataclass(frozen=True, kw_only=True)
class EstablishmentType(Code):
    type_group: str
    sector_for_reporting: str
    state_funded: bool

    @property
    def is_special(self) -> bool:
        return "special" in self.sector_for_reporting

    @property
    def is_alternative_provision(self) -> bool:
        return self.sector_for_reporting == "alternative provision"

    @property
    def is_independent(self) -> bool:
        return self.sector_for_reporting.startswith("independent")

    @property
    def is_post_16(self) -> bool:
        return self.sector_for_reporting == "post-16"

    @property
    def is_nursery(self) -> bool:
        return self.sector_for_reporting == "nursery"

    @property
    def is_secure(self) -> bool:
        return self.sector_for_reporting == "secure"


@dataclass(frozen=True, kw_only=True)
class SchoolStatus(Code):
    @property
    def is_open(self) -> bool:
        """Open today, also if it is to close."""
        return self.label.startswith("Open")


@dataclass(frozen=True, kw_only=True)
class Grade(Code):
    rank: int
    note: str


@dataclass(frozen=True, kw_only=True)
class EvaluationArea(Code):
    applies_to: str


@dataclass(frozen=True, kw_only=True)
class ActivityAfter16(Code):
    """What a young person does, as national client data (NCCIS) counts it."""

    group: str


ESTABLISHMENT_TYPE = read_code_set(EstablishmentType, "gias_establishment_type.csv", "a type of school")
ESTABLISHMENT_TYPE_GROUP = read_code_set(Code, "gias_type_group.csv", "a group of types of school")
SCHOOL_STATUS = read_code_set(SchoolStatus, "gias_status.csv", "whether a school is open")
SCHOOL_PHASE = read_code_set(Code, "gias_phase.csv", "a phase of education")
SCHOOL_GENDER = read_code_set(Code, "gias_gender.csv", "whom a school admits")
ENROLMENT_STATUS = read_code_set(Code, "enrolment_status.csv", "how a pupil is registered")
NCCIS_ACTIVITY = read_code_set(ActivityAfter16, "nccis_activity.csv", "what a young person does")

# Old and new grades are never turned into each other, so each framework is a set of its own.
OVERALL_EFFECTIVENESS = read_code_set(
    Grade, "ofsted_grade.csv", "an overall Ofsted grade", where={"framework": "overall effectiveness"}
)
SUB_JUDGEMENT = read_code_set(
    Grade, "ofsted_grade.csv", "an Ofsted judgement", where={"framework": "four sub-judgements only"}
)
REPORT_CARD_GRADE = read_code_set(Grade, "ofsted_grade.csv", "a report card grade", where={"framework": "report card"})
SAFEGUARDING_JUDGEMENT = read_code_set(
    Grade, "ofsted_grade.csv", "a safeguarding judgement", where={"framework": "report card safeguarding"}
)
EVALUATION_AREA = read_code_set(EvaluationArea, "ofsted_evaluation_area.csv", "an area of a report card")
