"""What people found in a breakdown, kept with its day and its author; and which characteristics nobody looked into yet.

The list of the year answers the plans' question which groups have been analysed (W15, R021).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from onroll.access.actors import Actor
from onroll.codes.years import academic_year, academic_year_of
from onroll.history.changes import change, verb

from .characteristics import CHARACTERISTICS
from .measure import Measure
from .models import Analysis

verb("figure.analysed", "{actor} kept what a breakdown of a figure shows")


def keep_findings(measure: Measure, by: Sequence[str], findings: str, *, actor: Actor, as_at: date) -> Analysis:
    """Keep what the actor found in this breakdown of the measure."""
    with change("figure.analysed", actor=actor) as this:
        return this.create(
            Analysis(
                authority_id=actor.authority,
                measure=measure.id,
                by=",".join(by),
                as_at=as_at,
                findings=findings,
                written_by_id=actor.account,
                written_on=actor.today,
            )
        )


@dataclass(frozen=True)
class Looked:
    """A characteristic, and the newest analysis by it in an academic year. None: nobody has looked yet."""

    key: str
    title: str
    newest: Analysis | None
    count: int


def of_the_year(authority: int, *, on: date) -> list[Looked]:
    """Each characteristic of a cohort, with what was found by it in the academic year of this day. One query."""
    year = academic_year(academic_year_of(on))
    found = Analysis.objects.filter(authority_id=authority, written_on__gte=year.start, written_on__lt=year.end)
    analyses = list(found.select_related("written_by"))
    looked = []
    for key, characteristic in CHARACTERISTICS.items():
        theirs = [analysis for analysis in analyses if key in analysis.keys]
        looked.append(Looked(key, characteristic.title, theirs[0] if theirs else None, len(theirs)))
    return looked


def all_of(authority: int) -> list[Analysis]:
    """Every analysis of the authority, newest first."""
    return list(Analysis.objects.filter(authority_id=authority).select_related("written_by"))
