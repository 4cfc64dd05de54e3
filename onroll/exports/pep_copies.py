"""A personal education plan on paper for a named reader: the whole of it, a summary, a cover page, or one page to keep.

It goes the way of every copy: made by the recipient's row of the table, looked through by a second person where one
has to, logged, and kept a week.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone
from django.utils.timezone import localtime

from onroll.access.actors import Actor
from onroll.access.can import Can, can
from onroll.access.limited import Stopped
from onroll.access.sections import Section, may_read
from onroll.children.contradictions import Refused, refuse_if
from onroll.design import pdfs
from onroll.design.pdfs import Part
from onroll.design.word_files import docx_of
from onroll.design.words import day
from onroll.history.changes import change, verb
from onroll.history.viewing import viewed
from onroll.peps.models import Pep
from onroll.peps.printing import Holds, PlanReader, one_page, parts_of_plan
from onroll.peps.writing import Writing
from onroll.profile.record import Record

from .actions import new_export, put_away, stamp_of, why_not_more, written
from .checking import why_second_for_plan
from .copies import all_told
from .models import Export, as_keys
from .recipients import CARE_REVIEW, CHILD, PEP, Recipient

verb("export.plan_copied", "{actor} put a PEP on paper for a named reader")

NOTHING = "Nothing is written in this plan yet that this reader may have."
NOTHING_OF_THEIRS = "There is no target yet, and nothing said that everyone may read. Write the targets first."


def offered_to(recipient: Recipient) -> list[Holds]:
    """How much of a plan can be put on paper for this recipient, the usual first."""
    if recipient.key == CHILD:
        return [Holds.ONE_PAGE, Holds.SUMMARY, Holds.WHOLE]
    if recipient.key == CARE_REVIEW:
        return [Holds.COVER, Holds.SUMMARY, Holds.WHOLE]
    return [Holds.WHOLE, Holds.SUMMARY]


def reader_of(writing: Writing, recipient: Recipient) -> PlanReader:
    """What this recipient may have of a plan, where this person makes it."""
    actor = writing.actor
    told = all_told(Record(writing.pep.child, actor), recipient)
    return PlanReader(frozenset(recipient.sections_for(actor)), recipient.voice, may_be_told_school=told)


@dataclass(frozen=True)
class Paper:
    """What is put on paper, and the parts of the record in it."""

    title: str
    told: Sequence[str]
    foot: str
    parts: Sequence[Part]
    sections: frozenset[Section]
    told_school: bool = True

    @property
    def texts(self) -> list[str]:
        """Every text that was written by somebody."""
        cells = [cell for part in self.parts for row in part.rows for cell in row]
        return [*cells, *(words for part in self.parts for words in part.text)]

    def as_file(self, format: str) -> bytes:
        if format == Export.Format.DOCX:
            return docx_of(self.title, self.told, self.foot, self.parts)
        try:
            return pdfs.made(self.title, self.told, self.foot, self.parts)
        except pdfs.CannotBeShown as error:
            raise Refused("A PDF can’t show a letter that is in it. Choose Word.") from error
        except Stopped as stopped:
            raise Refused("The PDF could not be made. Choose Word, or try again.") from stopped


def make_plan_copy(
    pep: Pep, recipient: Recipient, holds: Holds, *, reader: str, purpose: str, format: str, actor: Actor
) -> Export:
    """Put a plan on paper for a named reader. Where a second person checks it, it waits for them."""
    assert PEP in recipient.made
    refuse_if("" if can(actor, Can.MAKE_A_COPY) and may_read(actor, Section.PEP) else "Your role does not make copies.")
    refuse_if("" if holds in offered_to(recipient) else "Choose how much of the plan it holds.")
    now = timezone.now()
    refuse_if(why_not_more(actor, now=now))
    export = new_export(
        Export.Kind.PEP,
        actor=actor,
        recipient=recipient.key,
        purpose=purpose,
        at=now,
        reader=reader,
        narrowing=f"{pep.title[:1].upper()}{pep.title[1:]}: {holds.label[:1].lower()}{holds.label[1:]}",
        children=as_keys([pep.child_id]),
        format=format,
    )
    paper = paper_of(pep, export, recipient, holds, actor=actor)
    export.columns = [holds.value, *sorted(section.value for section in paper.sections)]
    export.sections = ",".join(section.value for section in Section if section in paper.sections)
    export.rows = sum(len(part.rows) or 1 for part in paper.parts)
    why = why_second_for_plan(
        pep.child, recipient, paper.sections, paper.texts, told_school=paper.told_school, actor=actor
    )
    data = paper.as_file(format)
    with change("export.plan_copied", actor=actor, child=pep.child) as this:
        put_away(export, data, why_second=why)
        viewed(actor, pep.child, export.sections, route="exports:pep_copy", act="export")
        return written(export, this)


def paper_of(pep: Pep, export: Export, recipient: Recipient, holds: Holds, *, actor: Actor) -> Paper:
    """What stands on the paper. Raises Refused where nothing would."""
    writing = Writing(pep, actor)
    if holds is Holds.ONE_PAGE:
        return _page_to_keep(writing, export)
    may_have = reader_of(writing, recipient)
    parts = parts_of_plan(writing, may_have, holds)
    refuse_if("" if parts else NOTHING)
    stamp = stamp_of(export, recipient, actor=actor)
    titles = {Holds.COVER: "Cover page for the care review", Holds.SUMMARY: "Summary of a personal education plan"}
    return Paper(
        titles.get(holds, "Personal education plan"),
        stamp.lines,
        f"{stamp.foot} · Contains a child’s information",
        [part.on_paper for part in parts],
        frozenset(section for part in parts for section in part.sections),
        may_have.may_be_told_school,
    )


def _page_to_keep(writing: Writing, export: Export) -> Paper:
    """The young person's page says who made it, when and for whom by the names they call each other by."""
    page = one_page(writing)
    refuse_if("" if page.parts else NOTHING_OF_THEIRS)
    at: datetime = localtime(export.made_at)
    name, maker = writing.pep.child.first_name, writing.actor.name.split(" ")[0]
    told = [f"{name} · {day(at.date())}", f"Made with {maker}. Keep it, and show it to whom you like."]
    foot = f"For {name} · Made with {maker} on {day(at.date())} · {str(export.public_id)[:8]}"
    return Paper("My plan", told, foot, page.parts, frozenset({Section.PEP, Section.VIEWS}))
