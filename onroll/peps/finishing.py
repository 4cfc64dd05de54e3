"""Finishing a section and a part, and handing the plan in: only then is asked for what is missing."""

from typing import Any

from django.utils import timezone

from onroll.access.actors import Actor
from onroll.children.contradictions import Refused, refuse_if
from onroll.design.words import count_of
from onroll.history.changes import ThisChange, verb

from .actions import signature_of, why_not, why_not_instead
from .activities import why_not_this_old
from .assessing import keep_results
from .forms.declarations import FilledBy
from .forms.reading import (
    Missing,
    Origin,
    values_of,
)
from .forms.values import is_nothing
from .holding import at_once, not_written
from .models import Pep, PepAnswers, PepSection, Signature
from .promoted import keep_columns
from .saving import keep_version
from .turns import Who, lead_of
from .workflow import Act, State
from .writing import CARRIED, LATER, Writing, may_write, part_of, who_writes

verb("pep.section_finished", "{actor} finished a section of a PEP")


def finish_section(writing: Writing, key: str) -> list[Missing]:
    """Say that a section is finished. Returns what is still missing of what this person gives: then it is not.

    When the last section of a person's part is finished, the part is.
    """
    section = writing.section(key)
    if section is None or not writing.is_open:
        raise Refused("The plan is not being written now.")
    if not may_write(section.owner, writing.actor) and not any(line.writes for line in writing.lines(section)):
        raise Refused("This section is another person’s to finish.")
    own = [each for each in writing.missing(section=key) if may_write(each.asked.question.filled_by, writing.actor)]
    if own:
        return own
    pep, actor = writing.pep, writing.actor
    with at_once("pep.section_finished", pep, actor=actor) as this:
        refuse_if("" if writing.is_open else not_written(pep))
        finished = PepSection.unscoped.filter(pep=pep, section_key=key).exists()
        # Of another's section only the own answers are done; nobody but the young person owns their views.
        owns = may_write(section.owner, actor) or section.owner is FilledBy.YOUNG_PERSON
        if owns and not finished:
            this.create(
                PepSection(
                    authority_id=pep.authority_id,
                    child=pep.child,
                    pep=pep,
                    section_key=key,
                    finished_on=actor.today,
                    finished_by_id=actor.account,
                )
            )
            writing.finished.add(key)
        note_parts(this, writing)
    return []


PART_COLUMNS = {
    Who.LEAD: "lead_part_on",
    Who.SOCIAL_WORKER: "social_worker_part_on",
    Who.VIRTUAL_SCHOOL: "virtual_school_part_on",
}


def note_parts(this: ThisChange, writing: Writing) -> None:
    """Write down which parts are finished: all sections said to be, and no required answer missing."""
    pep = writing.pep
    before = {column: getattr(pep, column) for column in (*PART_COLUMNS.values(), "carer_part_on")}
    for who, column in PART_COLUMNS.items():
        done = _part_is_done(writing, lambda filled_by, who=who: who_writes(filled_by) is who)
        setattr(pep, column, (getattr(pep, column) or writing.actor.today) if done else None)
    carer = _part_is_done(writing, lambda filled_by: filled_by is FilledBy.CARER)
    pep.carer_part_on = (pep.carer_part_on or writing.actor.today) if carer else None
    if before != {column: getattr(pep, column) for column in before}:
        this.save(pep, list(before))
    lead_signed = Signature.unscoped.filter(pep=pep, signed_as=Signature.As.LEAD)
    if pep.social_worker_part_on and pep.state in (State.HELD, State.RETURNED) and lead_signed.exists():
        # The school was ready and waited for social care alone.
        hand_in(this, pep, writing.actor)


def _part_is_done(writing: Writing, theirs: Any) -> bool:
    own = [each for each in writing.shown if each.section.key not in LATER and theirs(each.owner)]
    missing_ones = [
        asked
        for each in writing.shown
        for asked in each.asked
        if each.section.key not in LATER and asked.is_missing and theirs(asked.question.filled_by)
    ]
    return bool(own) and not missing_ones and all(each.section.key in writing.finished for each in own)


# Handing in


def why_not_submit(writing: Writing) -> list[tuple[str, str]]:
    """What stands in the way of handing the plan in: the section, and what to do. Nothing is asked of the school that
    the young person, the carer or social care did not do.
    """
    lead = lead_of(writing.pep)
    found = [
        (each.section.key, each.words)
        for each in writing.missing()
        if who_writes(each.asked.question.filled_by) is lead and each.section.key not in LATER
    ]
    old = why_not_this_old(writing)
    return [*found, old] if old else found


def submit(writing: Writing, *, instead: str = "") -> bool:
    """Hand the education part in, with the lead's signature. Returns whether the whole plan is handed in by it.

    Where social care's part is still open, and the authority waits for it, the plan waits for that alone, and its day
    is the later of the two. `instead`: why somebody else than who leads it signs.
    """
    pep, actor = writing.pep, writing.actor
    with at_once(Act.SUBMIT.verb, pep, actor=actor) as this:
        refuse_if(why_not(pep, Act.SUBMIT, actor=actor))
        # What others saved up to this moment counts.
        now = Writing(pep, actor)
        if open_ones := why_not_submit(now):
            raise Refused(f"{count_of(len(open_ones), 'thing')} to do first. {open_ones[0][1]}.")
        refuse_if(why_not_instead(pep, Signature.As.LEAD, instead, actor=actor))
        _freeze(this, now)
        if not Signature.unscoped.filter(pep=pep, signed_as=Signature.As.LEAD).exists():
            this.create(signature_of(pep, Signature.As.LEAD, instead.strip(), actor=actor))
        _all_finished(this, now)
        pep.lead_part_on = pep.lead_part_on or actor.today
        whole = pep.social_worker_part_on is not None or not writing.settings.wait_for_social_care
        if whole:
            hand_in(this, pep, actor)
        else:
            this.save(pep, ["lead_part_on"])
    return whole


def _all_finished(this: ThisChange, writing: Writing) -> None:
    """What the school hands in is finished, whether it said so of each section or not."""
    pep, lead = writing.pep, lead_of(writing.pep)
    for each in writing.shown:
        if who_writes(each.owner) is lead and each.section.key not in (*LATER, *writing.finished):
            keys = {"authority_id": pep.authority_id, "child": pep.child, "pep": pep, "section_key": each.section.key}
            row = PepSection(**keys, finished_on=writing.actor.today, finished_by_id=writing.actor.account)
            this.create(row)


def hand_in(this: ThisChange, pep: Pep, actor: Actor) -> None:
    """The plan is with the virtual school. The day is kept from the first time."""
    pep.state = State.SUBMITTED
    pep.submitted_on = pep.submitted_on or actor.today
    this.save(pep, ["state", "submitted_on", "lead_part_on"])


def _freeze(this: ThisChange, writing: Writing) -> None:
    """Keep the answers that were carried over or taken from the record as this plan's own, so that it stays whole."""
    pep, at = writing.pep, timezone.now()
    keep_version(this, writing)
    rows = {(row.section_key, row.part): row for row in PepAnswers.unscoped.filter(pep=pep)}
    touched: set[tuple[str, str]] = set()
    for each in writing.shown:
        for asked in each.asked:
            found = writing.standing.get(asked.question.key)
            if asked.row is not None or found is None or found.origin is Origin.GIVEN or is_nothing(found.value):
                continue
            part = part_of(asked.question)
            row = rows.get((each.section.key, part))
            if row is None:
                keys = {"authority_id": pep.authority_id, "child": pep.child, "pep": pep}
                row = PepAnswers(**keys, section_key=each.section.key, part=part, saved_at=at)
                rows[each.section.key, part] = row
            held = row.answers
            if asked.question.key in held:
                continue
            held[asked.question.key] = found.value
            held[CARRIED] = sorted({*held.get(CARRIED, []), asked.question.key})
            row.answers, row.version = held, row.version + 1
            touched.add((each.section.key, part))
    for key in touched:
        this.save(rows[key])
    frozen = [asked.question for each in writing.shown for asked in each.asked if asked.row is None]
    frozen = [each for each in frozen if each.key in writing.standing and each.key not in writing.given]
    keep_results(this, pep, frozen, values_of({each.key: writing.standing[each.key] for each in frozen}), {})
    asked_now = {each.question.key for section in writing.shown for each in section.asked if each.row is None}
    answers = {key: value for key, value in values_of(writing.standing).items() if key in asked_now}
    keep_columns(this, pep, writing.form.questions(), answers, only_empty=True)
