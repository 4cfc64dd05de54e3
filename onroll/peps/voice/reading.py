"""What a young person said for a plan, as it stands on the pages of the plan: for one reader, beside the questions that
it helps to answer, and as an answer itself where everyone at the meeting may read it.
"""

from collections.abc import Iterable
from typing import Any

from onroll.access.actors import Actor
from onroll.design.words import day, listed

from ..voice_models import Concern, Share, VoiceAnswer, VoiceOffer
from .questions import Kind

# How the young person wants to take part, as the form of a plan says it. What says neither yes nor no fills nothing.
_TAKES_PART = {
    "Comes for all of it": (
        *("Yes, all of it", "Come to all of it", "Yes"),
        *("Face to face", "Online", "On the phone", "A walk or a coffee"),
    ),
    "Comes for part of it": (*("Yes, some of it", "I want to show something I made", "Come for part", "A short time"),),
    "Runs all or part of it": ("Run some of it", "I will run it"),
    "Sends views and does not come": (
        *("No, you tell them", "Send these answers", "Send a recording", "Someone speaks for me", "By message", "No"),
    ),
    "Chose not to take part": ("Not take part", "Not this time"),
}
# Who helped, as the form of a plan says it.
_HELPED = {
    **dict.fromkeys(("No, just me", "No", "Nobody"), "Nobody"),
    "Someone I live with": "Carer",
    **dict.fromkeys(("My teacher", "Someone at school", "College or work"), "Teacher or teaching assistant"),
    "My key person": "Key person",
    **dict.fromkeys(("An advocate", "Advocate"), "Advocate"),
    "Friend": "Friend",
    "Interpreter": "Interpreter",
}
SOMEONE_ELSE = "Someone else"
_GIVEN = {
    VoiceAnswer.Given.PAGES: "Typed",
    VoiceAnswer.Given.TOLD: "Said and written down",
    VoiceAnswer.Given.SHOWN: "Symbols or pictures",
    VoiceAnswer.Given.OBSERVED: "Watched and described by an adult",
}
# Two offers make sure that somebody really asked.
ENOUGH_OFFERS = 2
PICTURE = "Photo"
HOPE, SCHOOL_ADULT, MEETING, MEETING_WHO = "hope", "school_adult", "meeting", "meeting_who"


def said_to(pep: Any, actor: Actor) -> list[VoiceAnswer]:
    """The answers for a plan that the young person lets this reader see, in the order in which they were given."""
    return [each for each in VoiceAnswer.shared_with(pep.child, actor).filter(pep=pep) if each.says_something]


def said_to_everyone(pep: Any) -> list[VoiceAnswer]:
    """The answers for a plan that everyone at the meeting may read. What somebody had to act on is not among them."""
    rows = VoiceAnswer.unscoped.filter(pep=pep, share=Share.EVERYONE)
    return [
        each for each in rows.exclude(pk__in=Concern.unscoped.filter(pep=pep).values("answer")) if each.says_something
    ]


def feeding(answers: Iterable[VoiceAnswer], *keys: str) -> list[VoiceAnswer]:
    """The answers that help with one of these questions of the plan; a part of a list is named like `target[].text`."""
    return [each for each in answers if each.question and set(keys) & set(each.question.feeds)]


def words_of_theme(answers: Iterable[VoiceAnswer], theme: str) -> str:
    """What was said on a theme, one answer after the other."""
    said = [each.said.text.rstrip(". ") for each in answers if each.question and each.question.theme == theme]
    return ". ".join(filter(None, said))


def trusted_adult(answers: Iterable[VoiceAnswer]) -> str:
    """Whom they go to at school, where they wrote it in their own words."""
    rows = feeding(answers, SCHOOL_ADULT)
    return next((each.said.words for each in rows if each.question and each.question.kind is Kind.WORDS), "")


def takes_part(answers: Iterable[VoiceAnswer]) -> str:
    """How they want to take part in the meeting, as the form's choice. Empty: they did not say, or do not know yet."""
    for each in answers:
        if each.question_key == MEETING:
            chosen = set(each.said.chosen)
            return next((part for part, ways in _TAKES_PART.items() if chosen & set(ways)), "")
    return ""


def who_at_the_meeting(answers: Iterable[VoiceAnswer]) -> str:
    """Whom they want there and whom not, in their words."""
    return next((each.said.text for each in answers if each.question_key == MEETING_WHO), "")


def helper_of(answers: Iterable[VoiceAnswer]) -> str:
    """Who helped, as the form's choice. Empty: nobody said."""
    helped = next((each.helper for each in answers if each.helper), "")
    return _HELPED.get(helped, SOMEONE_ELSE) if helped else ""


def ways_of(answers: Iterable[VoiceAnswer]) -> list[str]:
    """In what ways the views were given, as the form's choices."""
    ways = [_GIVEN[VoiceAnswer.Given(each.given)] for each in answers]
    return list(dict.fromkeys([*ways, *(PICTURE for each in answers if each.picture)]))


def heard_without_words(pep: Any, known_as: str) -> str:
    """The sentence of a plan whose young person said no to two real offers. Empty where there were fewer."""
    days = real_offers(VoiceOffer.unscoped.filter(pep=pep))
    if len(days) < ENOUGH_OFFERS:
        return ""
    return (
        f"{known_as} was asked {listed([f'on {day(each)}' for each in days])} and said no, in their own words. "
        "They are heard: that alone can be good at the audit."
    )


def real_offers(offers: Iterable[VoiceOffer]) -> list[Any]:
    """The days on which an offer was declined in words that were written down, each day once."""
    return sorted({each.offered_on for each in offers if each.words.strip()})
