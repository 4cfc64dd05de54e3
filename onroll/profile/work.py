"""What is open on a child's record: differences between sources, moves that were told of, care that may have ended."""

from dataclasses import dataclass

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.urls import reverse

from onroll.access.can import Can, can
from onroll.design.words import day, lower_first

from .record import DatedFact, Record
from .story import notice_words
from .words import source_words


@dataclass(frozen=True)
class OpenWork:
    """One thing that someone has still to do: what, why, and where."""

    what: str
    why: str = ""
    url: str = ""


def open_work(record: Record) -> list[OpenWork]:
    """What is open today. A look back shows none: work is of today."""
    if record.is_past:
        return []
    work = []
    if record.is_staff and record.care.provisional:
        work.append(OpenWork("Say whether care ended, and when", "The last return no longer holds this child"))
    for notice in record.facts("notice"):
        if notice.end is None:
            told = f"Told on {day(notice.start)}" + (
                f" by {notice.words[2].strip()}" if notice.words[2].strip() else ""
            )
            work.append(OpenWork(notice_words(notice, record.child.first_name), told))
    settle = reverse("exchange:differences") if can(record.actor, Can.SETTLE_DIFFERENCES) else ""
    for difference in record.facts("difference"):
        sources = f"{source_words(difference.words[2])}, and {lower_first(source_words(difference.words[3]))}"
        work.append(OpenWork(f"Two sources disagree on {fact_words(difference)}", sources, settle))
    return work


def fact_words(difference: DatedFact) -> str:
    """The name of the fact that two sources disagree on, as people say it."""
    model, _, field = difference.words[1].partition(".")
    try:
        return lower_first(str(apps.get_model("children", model)._meta.get_field(field).verbose_name))  # type: ignore[union-attr]
    except (LookupError, FieldDoesNotExist):
        return difference.words[1].replace("_", " ").replace(".", ": ")
