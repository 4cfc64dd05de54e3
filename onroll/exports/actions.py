"""What people do with exports: make a list, a copy or the whole record, check another's, take it away after a week."""

import hashlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count, Q
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.timezone import localdate, localtime

from onroll.access import mails
from onroll.access.actors import Actor, actors_of
from onroll.access.can import Can, can
from onroll.access.limited import Stopped
from onroll.access.models import Account
from onroll.access.roles import LEADS, VIRTUAL_SCHOOL
from onroll.access.scope import in_authority
from onroll.access.sections import Section, may_read
from onroll.children.contradictions import Refused, refuse_if
from onroll.children.matching import left_by_adoption
from onroll.children.models import Child
from onroll.children.roll_columns import Column
from onroll.children.roll_filters import Choice
from onroll.children.visibility import reach
from onroll.design import pdfs
from onroll.design.spreadsheets import csv_bytes, xlsx_bytes
from onroll.design.words import day
from onroll.exchange.feeds.exchange.exporting import as_zip
from onroll.history.changes import ThisChange, change, verb
from onroll.history.viewing import listed, viewed
from onroll.people.models import Post
from onroll.profile.record import Record

from . import storing
from .checking import why_second_for_copy, why_second_for_list
from .copies import TITLE, Part, on_paper, parts_of
from .lists import narrowing_in_words, take_out
from .models import KEPT_FOR, Export, as_keys
from .recipients import COPY, LIST, Recipient
from .tightening import closed_by_a_mark

verb("export.made", "{actor} made a file to leave")
verb("export.copied", "{actor} made a copy of the record for a named reader")
verb("export.agreed", "{actor} checked what was to leave and agreed")
verb("export.refused", "{actor} checked what was to leave and said no")
verb("export.removed", "{actor} removed the file of an export")

mails.register(
    "export_to_check",
    subject="Something waits for your check before it leaves",
    text="A colleague made something that leaves only when a second person has read it:\n\n{address}",
)
mails.register(
    "export_checked",
    subject="What you made was looked through",
    text="A second person has read what you made to leave. Sign in to see whether it may:\n\n{address}",
)

SHORTEST_PURPOSE = 10
# How many files leave in 24 hours, so that nobody carries the record out piece by piece or keeps the others waiting.
MOST_A_DAY, MOST_OF_AN_AUTHORITY = 100, 1_000
# Who makes each kind, and who may be the second person.
MAKES = {
    Export.Kind.LIST: Can.EXPORT_A_LIST,
    Export.Kind.COPY: Can.MAKE_A_COPY,
    Export.Kind.WHOLE: Can.EXPORT_THE_RECORD,
    Export.Kind.PEP: Can.MAKE_A_COPY,
}
CHECKS = {**MAKES, Export.Kind.WHOLE: Can.CHECK_THE_RECORD}


@dataclass(frozen=True)
class Stamp:
    """Who made it, when, for whom and why: the first lines of every file, and the foot of every printed page."""

    lines: tuple[str, ...]

    @property
    def foot(self) -> str:
        return " · ".join(self.lines[:3])


def stamp_of(export: Export, recipient: Recipient, *, actor: Actor) -> Stamp:
    at = localtime(export.made_at)
    return Stamp(
        (
            f"Made by {actor.name}, {actor.authority_name or 'the'} Virtual School",
            f"On {day(at.date())} at {at:%H:%M}",
            f"For {export.for_whom}",
            f"Because: {export.purpose}",
            f"{recipient.printed} Reference {str(export.public_id)[:8]}.",
        )
    )


def why_not_more(actor: Actor, *, now: datetime) -> str:
    """Why the actor can't make one more file today, in words to show them. Empty if they can. One query (PLT-9)."""
    made = Export.objects.filter(authority=actor.authority, made_at__gt=now - timedelta(days=1))
    counts = made.aggregate(all=Count("pk"), own=Count("pk", filter=Q(made_by=actor.account)))
    if counts["own"] >= MOST_A_DAY:
        return f"You made {MOST_A_DAY} files to leave in 24 hours, the most there may be. Go on tomorrow."
    if counts["all"] >= MOST_OF_AN_AUTHORITY:
        return f"Your authority made {MOST_OF_AN_AUTHORITY:,} files to leave in 24 hours, the most there may be."
    return ""


def new_export(kind: str, *, actor: Actor, recipient: str, purpose: str, at: datetime, **fields: Any) -> Export:
    return Export(
        authority_id=actor.authority,
        kind=kind,
        made_by_id=actor.account,
        role=actor.role,
        made_at=at,
        keep_until=at + KEPT_FOR,
        recipient=recipient,
        purpose=purpose,
        **fields,
    )


def put_away(export: Export, data: bytes, *, why_second: str) -> None:
    export.sha256, export.size = hashlib.sha256(data).hexdigest(), len(data)
    export.state = Export.State.WAITING if why_second else Export.State.READY
    storing.keep(export, data)


def written(export: Export, this: ThisChange) -> Export:
    """Write the row, and where it waits tell those who can look it through."""
    this.create(export)
    if export.state == Export.State.WAITING:
        for account in checkers(export, on=localdate(export.made_at)):
            path = reverse("exports:check", args=[export.public_id])
            mails.send("export_to_check", to=account, authority=export.authority_id, path=path)
    return export


def make_list(
    choice: Choice,
    recipient: Recipient,
    columns: Sequence[Column],
    *,
    purpose: str,
    format: str,
    people: list[tuple[str, str, str]],
    actor: Actor,
) -> Export:
    """Make a list for a recipient. It waits for a second person where restricted facts of many children leave."""
    assert LIST in recipient.made
    refuse_if("" if can(actor, Can.EXPORT_A_LIST) else "Your role does not take lists out.")
    refuse_if(why_not_more(actor, now=timezone.now()))
    taken = take_out(choice, recipient, columns, actor=actor)
    refuse_if("" if taken.children else "Nobody is on this list. Take a filter off first.")
    sections = _sections_of_list(recipient, columns)
    export = new_export(
        Export.Kind.LIST,
        actor=actor,
        recipient=recipient.key,
        purpose=purpose,
        at=timezone.now(),
        narrowing=narrowing_in_words(choice, actor, people),
        columns=[column.key for column in columns],
        sections=",".join(section.value for section in sections),
        children=as_keys(taken.children),
        rows=len(taken.rows),
        format=format,
    )
    above = [[line] for line in stamp_of(export, recipient, actor=actor).lines]
    made = (
        csv_bytes(taken.headings, taken.rows, above=above)
        if format == Export.Format.CSV
        else xlsx_bytes(taken.title, taken.headings, taken.rows, above=above)
    )
    why = why_second_for_list(len(taken.children), sections, actor=actor)
    with change("export.made", actor=actor) as this:
        put_away(export, made, why_second=why)
        listed(actor, taken.children, "exports:list", act="export", section=export.sections)
        return written(export, this)


def _sections_of_list(recipient: Recipient, columns: Sequence[Column]) -> list[Section]:
    held = {column.section for column in columns} | ({Section.BASICS} if recipient.names else set())
    return [section for section in Section if section in held]


def make_copy(
    record: Record,
    recipient: Recipient,
    sections: list[Section],
    *,
    reader: str,
    purpose: str,
    format: str,
    actor: Actor,
) -> Export:
    """Make a copy of a child's record for a named reader. Where a second person checks it, it waits for them."""
    assert COPY in recipient.made
    refuse_if("" if can(actor, Can.MAKE_A_COPY) else "Your role does not make copies.")
    refuse_if(why_not_more(actor, now=timezone.now()))
    child: Child = record.child
    parts = parts_of(record, recipient, sections)
    refuse_if("" if parts else "Nothing is recorded in these sections that this reader may have.")
    export = new_export(
        Export.Kind.COPY,
        actor=actor,
        recipient=recipient.key,
        purpose=purpose,
        at=timezone.now(),
        reader=reader,
        columns=[part.section.value for part in parts],
        sections=",".join(part.section.value for part in parts),
        children=as_keys([child.pk]),
        rows=sum(len(part.rows) for part in parts),
        format=format,
    )
    page = page_of(export, recipient, parts, actor=actor)
    why = why_second_for_copy(record.child, recipient, [part.section for part in parts])
    with change("export.copied", actor=actor, child=child) as this:
        put_away(export, page, why_second=why)
        viewed(actor, child, export.sections, route="exports:copy", act="export")
        return written(export, this)


def page_of(export: Export, recipient: Recipient, parts: Sequence[Part], *, actor: Actor) -> bytes:
    """The copy as a PDF, or as one page of HTML that needs nothing else, to print."""
    stamp = stamp_of(export, recipient, actor=actor)
    if export.format == Export.Format.PDF:
        try:
            return pdfs.made(TITLE, stamp.lines, stamp.foot, [on_paper(part) for part in parts])
        except pdfs.CannotBeShown as error:
            raise Refused("A PDF can’t show a letter that is in it. Choose a page to print.") from error
        except Stopped as stopped:
            raise Refused("The PDF could not be made. Choose a page to print, or try again.") from stopped
    return render_to_string("exports/copy_file.html", {"parts": parts, "stamp": stamp}).encode()


def make_whole(*, purpose: str, actor: Actor) -> Export:
    """Make the exchange files of the whole authority. They hold addresses, so a second person always checks."""
    refuse_if("" if can(actor, Can.EXPORT_THE_RECORD) else "Your role does not take the whole record out.")
    refuse_if(why_not_more(actor, now=timezone.now()))
    children = list(reach(actor).order_by("pk").values_list("pk", flat=True))
    held = Child.unscoped.filter(authority=actor.authority, merged_into__isnull=True)
    # What an adoption closed is in no files that leave by a page.
    everyone = held.exclude(left_by_adoption()).count()
    # The files hold everyone, so who must not see one child can't make them.
    refuse_if("" if len(children) == everyone else "Ask the virtual school head who can take the whole record out.")
    export = new_export(
        Export.Kind.WHOLE,
        actor=actor,
        recipient="",
        purpose=purpose,
        at=timezone.now(),
        children=as_keys(children),
        rows=len(children),
        format=Export.Format.ZIP,
    )
    with change("export.made", actor=actor) as this:
        put_away(export, as_zip(actor=actor), why_second="It is the whole record.")
        listed(actor, children, "exports:whole", act="export")
        return written(export, this)


# Who may have it now


def out_of_reach(exports: Collection[Export], *, actor: Actor) -> set[int]:
    """Which of these may not be had any more: they hold a child or a section that the actor may no longer see (ACC-4),
    or something of which fewer may know than when they were made. Three queries.
    """
    keys = {key for export in exports for key in export.keys}
    seen = set(reach(actor).filter(pk__in=keys).values_list("pk", flat=True)) if keys else set()
    return closed_by_a_mark(exports) | {
        export.pk
        for export in exports
        if not seen.issuperset(export.keys) or not all(may_read(actor, part) for part in export.parts if _is_read(part))
    }


def _is_read(part: Section) -> bool:
    """Care and numbers are also had by those with no more than their summary."""
    return part not in (Section.CARE, Section.NUMBERS)


def why_not_take(export: Export, *, actor: Actor, now: datetime) -> str:
    """Why the actor can't have the file now, in words to show them. Empty if they can."""
    if export.made_by_id != actor.account or export.authority_id != actor.authority:
        return "Someone else made this."
    if export.removed_at is not None or export.keep_until <= now:
        return "The file is no longer kept. Make it again if it is still needed."
    if export.state != Export.State.READY:
        return str(Export.State(export.state).label)
    if not can(actor, MAKES[Export.Kind(export.kind)]):
        return "Your role does not take this out."
    if closed_by_a_mark([export]):
        return "Fewer people may know what is in it than when it was made. Make it again."
    if out_of_reach([export], actor=actor):
        return "You no longer see everything that is in it."
    return ""


def why_not_check(export: Export, *, actor: Actor, now: datetime) -> str:
    """Why the actor can't be the second person of this export. Empty if they can."""
    if export.authority_id != actor.authority or not can(actor, CHECKS[Export.Kind(export.kind)]):
        return "Your role does not check this."
    if export.made_by_id == actor.account:
        return "You made it. Someone else checks it."
    if export.state != Export.State.WAITING or export.removed_at is not None or export.keep_until <= now:
        return "It no longer waits to be checked."
    if out_of_reach([export], actor=actor):
        return "You do not see everything that is in it."
    return ""


def to_check(actor: Actor, *, now: datetime) -> list[Export]:
    """What waits for this person as the second one, the oldest first. Four queries."""
    waits = Export.objects.filter(
        authority=actor.authority, state=Export.State.WAITING, keep_until__gt=now, removed_at__isnull=True
    )
    others = [
        export
        for export in waits.exclude(made_by=actor.account).select_related("made_by").order_by("made_at", "pk")
        if can(actor, CHECKS[Export.Kind(export.kind)])
    ]
    closed = out_of_reach(others, actor=actor)
    return [export for export in others if export.pk not in closed]


def checkers(export: Export, *, on: date) -> list[Account]:
    """Who is told that it waits: the heads who may check it. Where there is none, all of the virtual school who may."""
    for roles in (LEADS, VIRTUAL_SCHOOL):
        posts = Post.objects.live(on).filter(authority=export.authority_id, role__in=roles).values("account")
        people = Account.objects.filter(pk__in=posts).exclude(pk=export.made_by_id).order_by("pk")
        if able := [account for account in people if _may_check(export, account, on)]:
            return able
    return []


def _may_check(export: Export, account: Account, on: date) -> bool:
    here = (actor for actor in actors_of(account, on) if actor.authority == export.authority_id)
    return any(not why_not_check(export, actor=actor, now=export.made_at) for actor in here)


def check(export: Export, *, agrees: bool, actor: Actor) -> None:
    """Agree, as the second person, that it may leave, or say no: then the file goes at once."""
    now = timezone.now()
    refuse_if(why_not_check(export, actor=actor, now=now))
    child = export.keys[0] if export.is_of_one_child else None
    with change("export.agreed" if agrees else "export.refused", actor=actor, child=child) as this:
        export.state = Export.State.READY if agrees else Export.State.REFUSED
        export.checked_by_id, export.checked_at = actor.account, now
        if not agrees:
            export.removed_at = now
            storing.forget([export.public_id])
        this.save(export)
        path = reverse("exports:export", args=[export.public_id])
        mails.send("export_checked", to=export.made_by, authority=export.authority_id, path=path)


def remove_old(authority: int, *, now: datetime) -> int:
    """Remove the files of this authority whose week is over. What left stays on record. Answers how many."""
    with in_authority(authority):
        over = list(Export.objects.filter(authority=authority, keep_until__lte=now, removed_at__isnull=True))
    if not over:
        return 0
    with (
        in_authority(authority),
        change("export.removed", actor=Actor.system(authority, today=timezone.localdate(now))) as this,
    ):
        for export in over:
            export.removed_at = now
        this.bulk_update(Export, over, ["removed_at"])
        storing.forget(export.public_id for export in over)
    return len(over)
