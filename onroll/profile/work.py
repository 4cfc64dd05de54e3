"""What is open on a child's record: differences between sources, moves that were told of, care that may have ended."""

from dataclasses import dataclass

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.urls import reverse

from onroll.access.can import Can, can
from onroll.access.sections import Section, may_write
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
        episode = next(each for each in reversed(record.care.episodes) if each.provisional_end)
        url = record.act_url("children:care_real_end", episode.public_id) if record.may_change(Section.CARE) else ""
        work.append(OpenWork("Say whether care ended, and when", "The last return no longer holds this child", url))
    takes_up = can(record.actor, Can.ACT_ON_MANY) and may_write(record.actor, Section.SCHOOL)
    for notice in record.facts("notice"):
        if notice.end is None:
            told = f"Told on {day(notice.start)}" + (
                f" by {notice.words[2].strip()}" if notice.words[2].strip() else ""
            )
            url = record.act_url("children:move_seen", notice.public_id) if takes_up else ""
            work.append(OpenWork(notice_words(notice, record.child.first_name), told, url))
    settle = reverse("exchange:differences") if can(record.actor, Can.SETTLE_DIFFERENCES) else ""
    for difference in record.facts("difference"):
        sources = f"{source_words(difference.words[2])}, and {lower_first(source_words(difference.words[3]))}"
        work.append(OpenWork(f"Two sources disagree on {fact_words(difference)}", sources, settle))
    return work


def fact_words(difference: DatedFact) -> str:
    """The name of the fact that two sources disagree on, as people say it."""
    # A fact is named by its kind of record, the key of the row and the field: child.218.birth_date.
    model, *_, field = difference.words[1].split(".")
    try:
        return lower_first(str(apps.get_model("children", model)._meta.get_field(field).verbose_name))
    except (LookupError, FieldDoesNotExist):
        return difference.words[1].replace("_", " ").replace(".", ": ")
