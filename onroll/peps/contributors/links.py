"""Asking a contributor: who can be asked for which section, how a link is made, renewed and withdrawn."""

import csv
from datetime import date, timedelta
from functools import cache
from pathlib import Path

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.urls import reverse

from onroll.access import mails
from onroll.access.actors import Actor
from onroll.access.models import Account
from onroll.children.contradictions import Refused, refuse_if
from onroll.codes.working_days import add_working_days
from onroll.history.changes import change, verb
from onroll.people.domains import allowed_domains

from ..contributor_models import LINK_DAYS, ContributorLink
from ..forms import conditions
from ..forms.declarations import FilledBy
from ..forms.reading import Asked, ShownSection
from ..models import Pep
from ..voice.passes import Given, code_digest, digest, new_code, new_link
from ..voice_models import DAYS_AFTER_MEETING, PASS_DAYS, Pass
from ..workflow import WRITTEN_IN
from ..writing import NOT_IN_A_BOX, TARGETS, Writing

verb("contributor.asked", "{actor} asked somebody without an account for a few lines to a PEP")
verb("contributor.link_renewed", "{actor} made a new link and code for a contributor to a PEP")
verb("contributor.link_withdrawn", "{actor} withdrew the link of a contributor to a PEP")

CONTRIBUTOR = "pep_contributor"
mails.register(
    CONTRIBUTOR,
    subject="{service}: something needs you",
    text=(
        "You are asked for a few lines. The code comes to you another way. The link works for seven days:\n\n{address}"
    ),
    elsewhere=True,
)
# Whose questions can be put to a contributor. What a young person is asked is theirs alone.
ASKABLE = (FilledBy.SETTING_LEAD, FilledBy.DESIGNATED_TEACHER, FilledBy.SOCIAL_WORKER, FilledBy.CARER)


@cache
def sections_of(asked: str) -> tuple[str, ...]:
    """The keys of the sections for which somebody can be asked."""
    with (Path(__file__).parent / "data" / "sections.csv").open(encoding="utf-8", newline="") as file:
        return tuple(row["section"] for row in csv.DictReader(file) if row["asked"] == asked)


def questions_for(section: ShownSection) -> list[Asked]:
    """The questions of a section that a contributor is shown: those that everybody is asked.

    A question that is asked only of some would tell by standing there what the record, or somebody's answer, says.
    """
    return [
        each
        for each in section.asked
        if each.row is None
        and each.question.kind not in NOT_IN_A_BOX
        and each.question.filled_by in ASKABLE
        and each.question.shown_when == conditions.ALWAYS
        and each.question.options.source != TARGETS
    ]


def askable(writing: Writing) -> list[tuple[str, ShownSection]]:
    """Who can be asked for which section of this plan, of the sections that the asker sees."""
    found = {each.section.key: each for each in writing.shown if writing.lines(each) and questions_for(each)}
    return [
        (asked.value, found[key]) for asked in ContributorLink.Asked for key in sections_of(asked.value) if key in found
    ]


def why_not_ask(pep: Pep) -> str:
    """Why nobody can be asked now."""
    if pep.state in WRITTEN_IN:
        return ""
    return f"The plan is {pep.get_state_display().lower()} now. Its sections are not written any more."


def why_not_mail(address: str, pep: Pep) -> str:
    """Why nothing is sent to this address: the link can then be handed over by the person who asks."""
    try:
        validate_email(address)
    except ValidationError:
        return "Enter an e-mail address in the right form, like name@example.sch.uk"
    if not allowed_domains(pep.authority_id).allow(address, pep.school_id):
        return "This address is under no domain that your authority allows. Leave it empty and hand the link over"
    if mails.refused(address, authority=pep.authority_id):
        return "Messages to this address come back. Check it, or leave it empty and hand the link over"
    return ""


def ask(writing: Writing, asked: str, section_key: str, *, name: str, address: str = "") -> Given:
    """Ask somebody for a few lines. An earlier link of theirs to the same section ends.

    With an address the link goes there and is shown to nobody; without it, it is shown once to who asks. Raises Refused
    where the plan is not written, or they can't be asked for this section, or nothing is sent to the address.
    """
    pep, actor = writing.pep, writing.actor
    refuse_if(why_not_ask(pep))
    if (asked, section_key) not in [(who, each.section.key) for who, each in askable(writing)]:
        raise Refused("Choose a section for which they can be asked.")
    if not name.strip():
        raise Refused("Enter who is asked.")
    if address:
        refuse_if(why_not_mail(address, pep))
    made = ContributorLink(
        authority_id=pep.authority_id,
        child=pep.child,
        pep=pep,
        section_key=section_key,
        asked=asked,
        name=name.strip(),
        mailed_to=address,
        given_by_id=actor.account,
        given_by_name=actor.name,
        given_on=actor.today,
    )
    link, code = _opens_with(made, actor)
    with change("contributor.asked", actor=actor, child=pep.child) as this:
        same = ContributorLink.unscoped.filter(pep=pep, asked=asked, section_key=section_key, ended_on__isnull=True)
        for earlier in same.filter(name=made.name):
            earlier.ended_on, earlier.why = actor.today, Pass.Ended.REPLACED
            this.save(earlier, ["ended_on", "why"])
        this.create(made)
        _send(made, link, actor)
    return Given(made, _address(link), code)


def renew(held: ContributorLink, *, actor: Actor) -> Given:
    """Make a new link with a new code in place of one. Those before open nothing any more; what was written stays.

    Raises Refused where it was withdrawn or replaced, or the plan is not written any more.
    """
    refuse_if(why_not_ask(held.pep))
    if held.why not in ("", Pass.Ended.CODES):
        raise Refused("This link was taken back. Ask again.")
    held.ended_on, held.why, held.tries, held.device_hash, held.refused = None, "", 0, "", 0
    link, code = _opens_with(held, actor)
    with change("contributor.link_renewed", actor=actor, child=held.child_id) as this:
        this.save(held)
        _send(held, link, actor)
    return Given(held, _address(link), code)


def withdraw(held: ContributorLink, *, actor: Actor) -> None:
    """End a link at once. What was written stays."""
    with change("contributor.link_withdrawn", actor=actor, child=held.child_id) as this:
        held.ended_on, held.why = actor.today, Pass.Ended.WITHDRAWN
        this.save(held, ["ended_on", "why"])


def _opens_with(held: ContributorLink, actor: Actor) -> tuple[str, str]:
    link, code = new_link(held.authority_id), new_code()
    held.token_hash = digest("link", link)
    held.code_hash = code_digest(held.token_hash, code)
    held.expires = _last_day(held, actor)
    return link, code


def _last_day(held: ContributorLink, actor: Actor) -> date:
    if held.asked != ContributorLink.Asked.CARER:
        return actor.today + timedelta(days=LINK_DAYS - 1)
    meeting = held.pep.held_on or held.pep.meeting_on
    return add_working_days(meeting, DAYS_AFTER_MEETING) if meeting else actor.today + timedelta(days=PASS_DAYS)


def _send(held: ContributorLink, link: str, actor: Actor) -> None:
    if held.mailed_to:
        to = Account.objects.get(pk=actor.account)
        path = reverse("peps:contribute_door", args=[link])
        mails.send(CONTRIBUTOR, to=to, authority=held.authority_id, path=path, address=str(held.mailed_to))


def _address(link: str) -> str:
    return f"{settings.ONROLL_ADDRESS}{reverse('peps:contribute_door', args=[link])}"
