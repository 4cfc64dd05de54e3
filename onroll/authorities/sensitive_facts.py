"""The sensitive facts that the SSDA903 return asks for besides: what each kind is, and which the authority keeps.

A return is read past all of them unless the virtual school head switched a kind on, with a reason. What the return
asks stands here once, for the feed that reads it and the pages that show it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from onroll.access.sections import Section
from onroll.codes import ADOPTERS_LEGAL_STATUS, ADOPTERS_SEX

from .models import KeptFacts, SensitiveKind

YES_NO = {"0": "No", "1": "Yes"}


@dataclass(frozen=True)
class Question:
    """One column of the return: what it asks, and its answers in words. No answers: it asks for a day."""

    column: str
    words: str
    answers: Mapping[str, str] | None


@dataclass(frozen=True)
class SensitiveFacts:
    """One kind: where the return has it, what it asks, and the section of the record that would hold it."""

    kind: SensitiveKind
    # What one child’s answers are called, in a sentence.
    called: str
    table: str
    section: Section
    asks: str
    why_sensitive: str
    questions: tuple[Question, ...]

    @property
    def columns(self) -> tuple[str, ...]:
        return tuple(question.column for question in self.questions)


ALL = (
    SensitiveFacts(
        kind=SensitiveKind.HEALTH_CHECKS,
        called="health checks",
        table="OC2",
        section=Section.HEALTH,
        asks="Whether the child’s health assessment, immunisations, dental check and, under the age of 5, "
        "developmental checks were done. Yes or no, once a year.",
        why_sensitive="It is about the child’s health.",
        questions=(
            Question("HEALTH_ASSESSMENT", "Health assessment", YES_NO),
            Question("IMMUNISATIONS", "Immunisations up to date", YES_NO),
            Question("TEETH_CHECK", "Dental check", YES_NO),
            Question("HEALTH_CHECK", "Developmental checks (under 5)", YES_NO),
        ),
    ),
    SensitiveFacts(
        kind=SensitiveKind.SUBSTANCE_MISUSE,
        called="answers on substance misuse",
        table="OC2",
        section=Section.HEALTH,
        asks="Whether a substance misuse problem was identified and, if so, whether help was received or offered. "
        "Yes or no, once a year.",
        why_sensitive="It is about the child’s health, and may follow them for years.",
        questions=(
            Question("SUBSTANCE_MISUSE", "Substance misuse identified", YES_NO),
            Question("INTERVENTION_RECEIVED", "Help received", YES_NO),
            Question("INTERVENTION_OFFERED", "Help offered", YES_NO),
        ),
    ),
    SensitiveFacts(
        kind=SensitiveKind.CONVICTIONS,
        called="answers on convictions",
        table="OC2",
        section=Section.SAFEGUARDING,
        asks="Whether a child aged 10 or over was convicted or cautioned in the year. Yes or no, once a year.",
        why_sensitive="It is about offending, which a record must not spread.",
        questions=(Question("CONVICTED", "Convicted or cautioned", YES_NO),),
    ),
    SensitiveFacts(
        kind=SensitiveKind.ADOPTERS,
        called="details of adopters",
        table="AD1",
        section=Section.SAFEGUARDING,
        asks="When adoption was decided and the child matched, how many adopters there are, their sex and legal "
        "status, and whether they were the foster carers. It names nobody.",
        why_sensitive="It helps to tell which family adopted the child.",
        questions=(
            Question("DATE_INT", "Adoption decided", None),
            Question("DATE_MATCH", "Matched with adopters", None),
            Question("FOSTER_CARE", "Adopted by the foster carers", YES_NO),
            Question("NB_ADOPTR", "Number of adopters", {"1": "1", "2": "2"}),
            Question("SEX_ADOPTR", "Sex of the adopters", dict(ADOPTERS_SEX.choices())),
            Question("LS_ADOPTR", "Legal status of the adopters", dict(ADOPTERS_LEGAL_STATUS.choices())),
        ),
    ),
    SensitiveFacts(
        kind=SensitiveKind.MOTHERS_CHILD,
        called="answers on being a mother",
        table="Header",
        section=Section.SAFEGUARDING,
        asks="Whether a looked-after girl is a mother, and her child’s date of birth.",
        why_sensitive="It tells of another child, who may not be known to anybody here.",
        questions=(
            Question("MOTHER", "Is a mother", YES_NO),
            Question("MC_DOB", "Her child’s date of birth", None),
        ),
    ),
)
BY_KIND = {facts.kind.value: facts for facts in ALL}


def kept_on(authority: int, day: date) -> dict[str, KeptFacts]:
    """The kinds that the authority keeps on this day, each with since when and why."""
    return {held.kind: held for held in KeptFacts.objects.on(day).filter(authority_id=authority)}
