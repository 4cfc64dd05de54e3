"""The audit of a personal education plan as one file, for the child's social care record.

It goes the way of every copy. Its name is made by one rule that holds nothing of the child: the reference of the audit,
the term of the plan, and the day on which the file was made.
"""

from django.utils import timezone

from onroll.access.actors import Actor
from onroll.access.can import Can, can
from onroll.access.sections import Section, may_read
from onroll.children.contradictions import refuse_if
from onroll.history.changes import change, verb
from onroll.history.viewing import viewed
from onroll.peps.audit.rubric_files import declared
from onroll.peps.audit_actions import current_audit, mine_to_mark
from onroll.peps.audit_printing import parts_of_audit, texts_written
from onroll.peps.models import Pep
from onroll.peps.writing import Writing

from .actions import new_export, put_away, stamp_of, why_not_more, written
from .checking import why_second_for_plan
from .models import AUDIT, Export, as_keys
from .pep_copies import Paper
from .recipients import recipients

verb("export.audit_made", "{actor} put the audit of a PEP into one file")

TITLE = "Quality audit of a personal education plan"
SECTIONS = frozenset({Section.BASICS, Section.PEP})


def why_not_audit_paper(pep: Pep, *, actor: Actor) -> str:
    """Why this actor can't have the audit of a plan as a file now."""
    if not can(actor, Can.MAKE_A_COPY) or not may_read(actor, Section.PEP):
        return "Your role does not make copies."
    audit = current_audit(pep)
    if audit is None or audit.audited_on is None or audit.rubric not in declared().rubrics:
        return "This plan has no audit yet."
    mine = mine_to_mark(pep, actor=actor)
    if mine is not None and mine.second and mine.audited_on is None:
        return "You may still mark this plan as the second marker, so the first grade is not shown to you."
    return ""


def make_audit_paper(pep: Pep, *, format: str, actor: Actor) -> Export:
    """Put the result of a plan's audit into one file. Where a second person checks it, it waits for them."""
    refuse_if(why_not_audit_paper(pep, actor=actor))
    now, recipient = timezone.now(), recipients()["case_record"]
    refuse_if(why_not_more(actor, now=now))
    audit, second = current_audit(pep), current_audit(pep, second=True)
    assert audit is not None
    export = new_export(
        Export.Kind.PEP,
        actor=actor,
        recipient=recipient.key,
        purpose="To be filed on the social care record",
        at=now,
        narrowing=f"{pep.title[:1].upper()}{pep.title[1:]}: its audit",
        children=as_keys([pep.child_id]),
        format=format,
    )
    writing = Writing(pep, actor)
    parts = parts_of_audit(writing, audit, second if second and second.audited_on else None)
    stamp = stamp_of(export, recipient, actor=actor)
    paper = Paper(TITLE, stamp.lines, f"{stamp.foot} · Contains a child’s information", parts, SECTIONS)
    export.columns = [AUDIT, audit.reference, f"{pep.term}-{pep.academic_year}"]
    export.sections = ",".join(section.value for section in Section if section in SECTIONS)
    export.rows = sum(len(part.rows) or 1 for part in parts)
    said = texts_written(writing, audit)
    why = why_second_for_plan(pep.child, recipient, SECTIONS, said, told_school=True, actor=actor)
    data = paper.as_file(format)
    with change("export.audit_made", actor=actor, child=pep.child) as this:
        put_away(export, data, why_second=why)
        viewed(actor, pep.child, export.sections, route="exports:audit_paper", act="export")
        return written(export, this)
