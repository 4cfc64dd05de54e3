"""What is written of a young person's voice: answers, who may read them, offers they declined."""

from datetime import date
from typing import Any

from onroll.access.actors import Actor
from onroll.children.contradictions import Refused, refuse_if
from onroll.children.models import SchoolPlace
from onroll.codes.year_groups import year_group_of
from onroll.design.words import day
from onroll.history.changes import ThisChange, change, verb

from ..holding import at_once
from ..models import Pep
from ..voice_models import LONGEST_WORDS, Said, VoiceAnswer, VoiceOffer, VoicePass
from ..workflow import CLOSED, State
from .concerns import is_looked_at, look_at
from .pictures import Picture, keep_picture, remove_picture
from .questions import Question, Variant, asked, question_named, shares_of
from .reading import ENOUGH_OFFERS, real_offers

verb("voice.answered", "{actor} answered on their own page")
verb("voice.taken_back", "{actor} took an answer back on their own page")
verb("voice.helped", "{actor} said who helped them")
verb("voice.finished", "{actor} finished their page")
verb("voice.written_down", "{actor} wrote down what a young person said")
verb("voice.share_changed", "{actor} changed who may read an answer, as the young person asked")
verb("voice.told", "{actor} wrote down that the young person was told what was decided")
verb("voice.offer_declined", "{actor} wrote down that a young person did not want to give their views")

# Year groups in which options and next steps are chosen, and the months before a transfer at the end of Year 6.
OPTIONS_YEARS, TRANSFER_YEAR, SUMMER = range(8, 12), 6, range(4, 9)


def facts_for(pep: Pep, *, today: date) -> set[str]:
    """What is so of the child, of what `asked_when` names. Nobody is asked about a new school who has none to come."""
    born, found = pep.child.birth_date, set[str]()
    year = year_group_of(born, on=today).number
    if year in OPTIONS_YEARS:
        found.add("options_year")
    if (year == TRANSFER_YEAR and today.month in SUMMER) or SchoolPlace.unscoped.filter(
        child=pep.child_id, start__gt=today
    ).exists():
        found.add("new_school")
    if Pep.unscoped.filter(child=pep.child_id, submitted_on__isnull=False).exclude(pk=pep.pk).exists():
        found.add("earlier_plan")
    return found


def questions_for(pep: Pep, variant: Variant, *, today: date) -> list[Question]:
    """The questions of one young person, in their order."""
    return asked(variant, facts_for(pep, today=today))


def _refuse_what_does_not_fit(question: Question, said: Said, share: str, variant: Variant) -> None:
    if any(each not in {option.words for option in question.options} for each in said.chosen):
        raise Refused("Choose from the answers on the page.")
    if len(said.words) > LONGEST_WORDS:
        raise Refused(f"That is a lot of words. Write {LONGEST_WORDS:,} letters or fewer.")
    if share not in shares_of(variant):
        raise Refused("Choose who can see this answer.")


# On the young person's own pages


def on_the_pages_of(held: VoicePass) -> Any:
    """The answers that were given with one pass."""
    return VoiceAnswer.unscoped.filter(voice_pass=held, given=VoiceAnswer.Given.PAGES)


def answer(
    held: VoicePass,
    question: Question,
    said: Said,
    share: str,
    *,
    picture: Picture | None = None,
    without_picture: bool = False,
    actor: Actor,
) -> None:
    """Keep what a young person said to a question, and who may read it. Nothing said takes an earlier answer back.

    `picture` is one they added; `without_picture`: they take out the one that is there. Raises Refused where a choice
    is not on the page, or the picture can't be used.
    """
    variant = Variant(held.variant)
    _refuse_what_does_not_fit(question, said, share, variant)
    row = on_the_pages_of(held).filter(question_key=question.key).first()
    stays = row is not None and row.picture is not None and not without_picture
    if not said and picture is None and not stays:
        # What may be about somebody's safety stays with what came of it. Pages that show nothing take nothing back.
        if row is not None and not held.borrowed and not is_looked_at(row):
            with change("voice.taken_back", actor=actor, child=held.child_id) as this:
                remove_picture(row, actor=actor)
                this.delete(row)
        return
    row = row or VoiceAnswer(
        authority_id=held.authority_id,
        child_id=held.child_id,
        pep=held.pep,
        voice_pass=held,
        question_key=question.key,
        given=VoiceAnswer.Given.PAGES,
        offered_on=held.given_on,
    )
    row.variant, row.said, row.share, row.said_on = held.variant, said, share, actor.today
    with change("voice.answered", actor=actor, child=held.child_id) as this:
        if picture is not None:
            keep_picture(held, row, question, picture, actor=actor)
            this.save(held, ["pictures"])
        elif without_picture:
            remove_picture(row, actor=actor)
        this.save(row)
        look_at(row, question, actor=actor)


def say_who_helped(held: VoicePass, helper: str, *, actor: Actor) -> None:
    """Keep who helped with the page, beside every answer on it."""
    rows = on_the_pages_of(held)
    with change("voice.helped", actor=actor, child=held.child_id) as this:
        for row in rows:
            row.helper = helper
            this.save(row, ["helper"])


def finish(held: VoicePass, *, actor: Actor) -> None:
    """The young person says that they are done. They can come back with the code while the pass lasts."""
    with change("voice.finished", actor=actor, child=held.child_id) as this:
        held.finished_on = actor.today
        this.save(held, ["finished_on"])
        _views_are_there(this, held.pep)


def _views_are_there(this: ThisChange, pep: Pep) -> None:
    """The plan says that the young person's views are there, once something was said."""
    if not pep.voice_recorded and VoiceAnswer.unscoped.filter(pep=pep).exists():
        pep.voice_recorded = True
        this.save(pep, ["voice_recorded"])


# Written down by an adult


def why_not_write_down(pep: Pep) -> str:
    """Why nothing more of the young person's voice can be written into this plan."""
    return "The plan is closed. What is said now belongs to the next one." if pep.state in CLOSED else ""


def write_down(
    pep: Pep,
    question_key: str,
    words: str,
    *,
    variant: Variant,
    share: str,
    given: VoiceAnswer.Given,
    said_on: date,
    actor: Actor,
) -> VoiceAnswer:
    """Keep what a young person said to an adult, or showed, with the name of who wrote it down.

    Raises Refused where the plan is closed, the day is to come, or the question is none of the variant.
    """
    refuse_if(why_not_write_down(pep))
    question = question_named(variant.value, question_key)
    if question is None or not question.is_asked_of_adults:
        raise Refused("Choose a question from the list.")
    said = Said(words=words.strip())
    if not said:
        raise Refused("Write down what was said.")
    _refuse_what_does_not_fit(question, said, share, variant)
    if said_on > actor.today:
        raise Refused("Choose today or an earlier day: this is still to come.")
    row = VoiceAnswer(
        authority_id=pep.authority_id,
        child_id=pep.child_id,
        pep=pep,
        variant=variant.value,
        question_key=question_key,
        given=given,
        share=share,
        offered_on=said_on,
        said_on=said_on,
        written_by_id=actor.account,
        written_by_name=actor.name,
    )
    row.said = said
    with change("voice.written_down", actor=actor, child=pep.child_id) as this:
        this.create(row)
        look_at(row, question, actor=actor)
        _views_are_there(this, pep)
    return row


def change_share(row: VoiceAnswer, share: str, *, actor: Actor) -> None:
    """Let others read an answer, or fewer, as the young person asked. Copies that were made stay as they are."""
    if share not in shares_of(Variant(row.variant)):
        raise Refused("Choose who can see this answer.")
    row.share = share
    with change("voice.share_changed", actor=actor, child=row.child_id) as this:
        this.save(row, ["share"])


def decline(pep: Pep, words: str, *, offered_on: date, actor: Actor) -> None:
    """Keep that a young person was asked and did not want to say anything, in their own words.

    Raises Refused where there are none of their words, or the day is to come or had an offer already.
    """
    refuse_if(why_not_write_down(pep))
    if not words.strip():
        raise Refused("Write what they said, in their own words. “No” is enough.")
    if offered_on > actor.today:
        raise Refused("Choose today or an earlier day: this is still to come.")
    if VoiceOffer.unscoped.filter(pep=pep, offered_on=offered_on).exists():
        raise Refused("An offer of that day is written down already. Two offers are made on two days.")
    made = VoiceOffer(
        authority_id=pep.authority_id,
        child_id=pep.child_id,
        pep=pep,
        offered_on=offered_on,
        words=words.strip(),
        offered_by_id=actor.account,
        offered_by_name=actor.name,
    )
    with change("voice.offer_declined", actor=actor, child=pep.child_id) as this:
        this.create(made)


def declined_twice(pep: Pep) -> bool:
    """Whether the young person declined two real offers. They are heard, and the plan's voice can be good."""
    return len(real_offers(VoiceOffer.unscoped.filter(pep=pep))) >= ENOUGH_OFFERS


# What was decided, told to the young person


def why_not_told(pep: Pep) -> str:
    """Why it can't be written down now that the young person was told what was decided."""
    if pep.told_on is not None:
        return f"They were told on {day(pep.told_on)}, by {pep.told_by_name}."
    return "" if pep.state == State.SIGNED_OFF else "The plan is not signed off yet. What is in it can still change."


def note_told(pep: Pep, *, on: date, actor: Actor) -> None:
    """Keep that the young person was told what was decided, and by whom.

    Raises Refused where the plan is not agreed, they were told already, or the day is none on which they can have been.
    """
    with at_once("voice.told", pep, actor=actor) as this:
        refuse_if(why_not_told(pep))
        if on > actor.today:
            raise Refused("Choose today or an earlier day: this is still to come.")
        if pep.signed_off_on is not None and on < pep.signed_off_on:
            raise Refused(f"Choose {day(pep.signed_off_on)} or a later day: the plan was signed off then.")
        pep.told_on, pep.told_by_name = on, actor.name
        this.save(pep, ["told_on", "told_by_name"])
