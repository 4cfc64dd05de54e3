"""Answers that may mean that somebody is not safe: what points to one, who is told the same day, what came of it.

A choice that says "not safe", or words of the list `data/concern_words.csv`, open an item. It is seen by the social
worker, their manager and the virtual school, never by the carer or the school, and stays until an outcome is recorded.
The list is in English and looks for words, not for meaning: a person decides, and no item never means that all is well.
"""

import csv
import re
from functools import cache
from typing import Any

from onroll.access import mails
from onroll.access.actors import Actor
from onroll.access.models import Account
from onroll.access.roles import LEADS, Role
from onroll.children.contradictions import Refused
from onroll.children.models import Allocation, Child
from onroll.children.records import holds_on
from onroll.history.changes import change, verb
from onroll.people.models import Post

from ..voice_models import Concern, VoiceAnswer
from .questions import DATA, Question

verb("voice.concern_raised", "{actor} pointed to an answer that may mean that somebody is not safe")
verb("voice.concern_settled", "{actor} recorded what came of an answer that may mean that somebody is not safe")

mails.register(
    "voice_concern",
    subject="{service}: an answer needs you today",
    text="An answer needs you today. Sign in to read it and to record what came of it:\n\n{address}",
)
LEAST_OUTCOME = 10


@cache
def _words() -> re.Pattern[str]:
    with (DATA / "concern_words.csv").open(encoding="utf-8", newline="") as file:
        words = [re.escape(row["words"]).replace(r"\ ", r"\s+") for row in csv.DictReader(file)]
    return re.compile(rf"\b(?:{'|'.join(words)})\b", re.IGNORECASE)


def sign_in(question: Question, row: VoiceAnswer) -> str:
    """What in an answer points to somebody not being safe. Empty: nothing that a rule can see."""
    said = row.said
    if question.not_safe.intersection(said.chosen):
        return Concern.Sign.NOT_SAFE
    # Words beside each other, whatever mark of apostrophe somebody's keyboard has.
    return Concern.Sign.WORDS if _words().search(said.words.replace("’", "'")) else ""


# Between what was said first and what was said after it.
AND_THEN = "\n\nThen: "


def look_at(row: VoiceAnswer, question: Question, *, actor: Actor) -> None:
    """Open an item for an answer that points to harm, and tell who has to act. In the change that saves it.

    Where one is open already and more is said, the new words stand beside the first and the same people are told again.
    """
    sign = sign_in(question, row)
    if not sign:
        return
    told = people_to_tell(row.child, actor)
    open_one = Concern.unscoped.filter(answer=row, outcome_on__isnull=True).first()
    if open_one is not None:
        if row.said.text in open_one.words.split(AND_THEN):
            return
        open_one.words = f"{open_one.words}{AND_THEN}{row.said.text}"
        with change("voice.concern_raised", actor=actor, child=row.child_id) as this:
            this.save(open_one, ["words"])
        _tell(told, row)
        return
    made = Concern(
        authority_id=row.authority_id,
        child_id=row.child_id,
        pep=row.pep,
        answer=row,
        sign=sign,
        # Kept as it was said: whoever holds the telephone later can change the answer.
        words=row.said.text,
        raised_on=actor.today,
        told=", ".join(dict.fromkeys(words for _, words in told)),
    )
    with change("voice.concern_raised", actor=actor, child=row.child_id) as this:
        this.create(made)
    _tell(told, row)


def _tell(told: list[tuple[Account, str]], row: VoiceAnswer) -> None:
    for account, _ in told:
        mails.send("voice_concern", to=account, authority=row.authority_id, path="/")


def people_to_tell(child: Child, actor: Actor) -> list[tuple[Account, str]]:
    """Whoever has to act on the same day, with what they are: social worker, manager, adviser, heads. Nobody twice."""
    allocated = Allocation.unscoped.filter(
        holds_on(actor.today), child=child, role__in=(Role.SOCIAL_WORKER, Role.VS_OFFICER)
    ).select_related("account")
    found = [(each.account, str(Role(each.role).label)) for each in allocated]
    workers = [each.account_id for each in allocated if each.role == Role.SOCIAL_WORKER]
    posts = Post.objects.live(actor.today).filter(authority_id=child.authority_id).select_related("account")
    teams = posts.filter(account__in=workers, role=Role.SOCIAL_WORKER).values("team")
    managers = posts.filter(role=Role.TEAM_MANAGER, team__in=teams)
    found += [(post.account, str(Role(post.role).label)) for post in managers]
    found += [(post.account, str(Role(post.role).label)) for post in posts.filter(role__in=LEADS)]
    return list({account.pk: (account, words) for account, words in reversed(found) if account.is_active}.values())[
        ::-1
    ]


def is_looked_at(row: VoiceAnswer) -> bool:
    """Whether somebody is, or was, asked to act on this answer."""
    return Concern.unscoped.filter(answer=row).exists()


def waiting(actor: Actor) -> Any:
    """The items without an outcome about children of this reader, the oldest first."""
    found = Concern.visible_to(actor).filter(outcome_on__isnull=True)
    return found.select_related("child").order_by("raised_on", "pk")


def settle(concern: Concern, outcome: str, *, told_school: bool, actor: Actor) -> None:
    """Record what came of an item. `told_school`: whether it was decided that the safeguarding lead be told.

    Raises Refused where an outcome stands already, or is not in words.
    """
    if not concern.is_open:
        raise Refused("An outcome is recorded already.")
    if len(outcome.strip()) < LEAST_OUTCOME:
        raise Refused(f"Say what was done, in {LEAST_OUTCOME} characters or more.")
    concern.outcome, concern.told_school = outcome.strip(), told_school
    concern.outcome_on, concern.outcome_by_id, concern.outcome_by_name = actor.today, actor.account, actor.name
    with change("voice.concern_settled", actor=actor, child=concern.child_id) as this:
        this.save(concern)
