"""Two copies of records on their way out: one that waits for a second person, and one that was read and agreed to."""

import hashlib
from datetime import datetime, time, timedelta

from django.utils import timezone

from onroll.access.actors import actors_of
from onroll.access.models import Account
from onroll.access.roles import Role
from onroll.access.sections import Section
from onroll.children.models import Child, PlacementAddress
from onroll.children.records import holds_on
from onroll.exports import storing
from onroll.exports.actions import page_of
from onroll.exports.checking import is_marked
from onroll.exports.copies import parts_of
from onroll.exports.models import KEPT_FOR, Export, as_keys
from onroll.exports.recipients import PARENT, recipients
from onroll.history.changes import ThisChange
from onroll.profile.record import Record

from .cast import MIAS_NUMBER
from .chance import Chance
from .lives import Life
from .staff import Staff
from .writing import Writer

_SECTIONS = [Section.BASICS, Section.CARE, Section.PROFESSIONALS, Section.SCHOOL]


def write_exports(
    writer: Writer, this: ThisChange, children: list[Child], lives: list[Life], staff: Staff, *, seed: int
) -> None:
    """An adviser made a copy for a mother yesterday; the head made one for a school two days ago, and it left."""
    head, deputy, adviser = (staff.of(role)[0].account for role in (Role.VSH, Role.DEPUTY_VSH, Role.VS_OFFICER))
    mia = next(child for child, life in zip(children, lives, strict=True) if life.number == MIAS_NUMBER)
    chance = Chance(seed, "exports")
    homes = PlacementAddress.unscoped.filter(holds_on(writer.today, "episode__")).values_list("child_id", flat=True)
    in_care = {*homes}
    marked = next(child for child in children if child.pk in in_care and child.pk != mia.pk and is_marked(child))
    _copy(
        writer,
        this,
        marked,
        adviser,
        PARENT,
        "Dawn Priest, mother",
        "For the review of contact next week",
        ago=1,
        chance=chance,
    )
    _copy(
        writer,
        this,
        mia,
        head,
        "school",
        "Marcus Bell, designated teacher",
        "To plan the term",
        ago=2,
        chance=chance,
        by=deputy,
    )


def _copy(
    writer: Writer,
    this: ThisChange,
    child: Child,
    maker: Account,
    recipient: str,
    reader: str,
    purpose: str,
    *,
    ago: int,
    chance: Chance,
    by: Account | None = None,
) -> None:
    (actor,) = actors_of(maker, writer.today)
    at = timezone.make_aware(datetime.combine(writer.today - timedelta(days=ago), time(15, 20)))
    known = recipients()[recipient]
    parts = parts_of(Record(child, actor), known, _SECTIONS)
    export = writer.of(
        Export,
        authority_id=writer.authority.pk,
        kind=Export.Kind.COPY,
        state=Export.State.READY if by else Export.State.WAITING,
        made_by=maker,
        role=actor.role,
        made_at=at,
        keep_until=at + KEPT_FOR,
        recipient=recipient,
        reader=reader,
        purpose=purpose,
        columns=[part.section.value for part in parts],
        sections=",".join(part.section.value for part in parts),
        children=as_keys([child.pk]),
        rows=sum(len(part.rows) for part in parts),
        format=Export.Format.HTML,
        checked_by=by,
        checked_at=at + timedelta(minutes=50) if by else None,
        lock=chance.uuid(),
    )
    page = page_of(export, known, parts, actor=actor)
    export.sha256, export.size = hashlib.sha256(page).hexdigest(), len(page)
    storing.keep(export, page)
    this.create(export)
