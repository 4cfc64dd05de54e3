"""What the young people of the demonstration said for their last plan, or that they did not want to, and the people who
were asked for a few lines by a link.

It has dice of its own, so that nothing else of the plans changes by it.
"""

import hashlib
from datetime import timedelta
from typing import Any

from onroll.peps.contributor_models import Contribution, ContributorLink
from onroll.peps.models import Pep, Share, VoiceAnswer, VoiceOffer, VoicePass
from onroll.peps.voice.questions import Variant, variant_for
from onroll.peps.voice_models import Said, last_day
from onroll.peps.workflow import State

from .chance import Chance

SHARES = {Share.EVERYONE: 46, Share.SCHOOL: 16, Share.CARER: 10, Share.HELPERS: 28}
# By variant and question: what was chosen, and the words beside it.
SAID: dict[str, dict[str, tuple[tuple[tuple[str, ...], str], ...]]] = {
    Variant.EARLY_YEARS: {
        "loves": (((), "The water tray, every morning, and the book about the bear."), ((), "Anything with wheels.")),
        "happy_when": (((), "When the drum comes out. Laughs before it starts."), ((), "Outside, in the rain.")),
        "comfort": (((), "The blue blanket, and the key person’s lap."), ((), "Goes and sits beside the guinea pig.")),
        "learning_now": (((), "Putting shoes on without help."), ((), "Counting the steps to the garden.")),
    },
    Variant.AGE_5_10: {
        "school_feel": ((("Good",), ""), (("OK",), "It is better when it is quiet."), (("Great",), "")),
        "best": (((), "When we read about space."), ((), "Football with everybody."), ((), "Painting, it is calm.")),
        "hard": ((("Lunch", "Noise"), "It is too loud in the hall."), (("Writing",), "My hand gets tired.")),
        "learn": ((("Reading",), "I want to read chapter books."), (("Maths",), "The times tables.")),
        "wish": (((), "A dog at school."), ((), "To eat with my two friends."), ((), "More art.")),
        "grow_up": (((), "Work with animals."), ((), "A builder, or on telly."), ((), "I do not know yet.")),
    },
    Variant.AGE_11_15: {
        "school_feel": ((("OK",), "Tuesdays are long."), (("Good",), ""), (("Not good",), "Too many cover lessons.")),
        "going_well": (((), "Drama. I got a part."), ((), "Science, because we do things."), ((), "My friends.")),
        "not_well": ((("Homework",), "There is nowhere quiet."), (("Focus", "Sleep"), ""), (("Being different",), "")),
        "better_at": (((), "Maths. I want to see the steps first."), ((), "Speaking up in class.")),
        "help_me": (((), "Tell me before there is a cover teacher."), ((), "Explain it twice and do not sigh.")),
        "future": (((), "A vet, or something outside."), ((), "Game design."), ((), "No idea, and that is fine.")),
        "meeting": ((("Come to all of it",), ""), (("Come for part",), "The start."), (("Send these answers",), "")),
    },
    Variant.AGE_16_PLUS: {
        "now": ((("Good",), "College is better than school."), (("OK",), "The bus is not.")),
        "well": (((), "I passed my first unit."), ((), "I turn up. That is new.")),
        "hard": ((("Travel",), "Two buses."), (("English or maths",), "I have to do the GCSE again.")),
        "wants": (((), "Finish the portfolio before Easter."), ((), "A Saturday job.")),
        "help": ((("Someone to go with me",), "To the open day."), (("Laptop or internet",), "")),
        "future18": (((), "An apprenticeship, in my own flat."), ((), "University, if I can stay near here.")),
    },
}
DECLINED = ("No.", "I said it all last time.", "Not today, and not tomorrow.", "You write it, you know already.")
HELPED = {"": 50, "Someone at school": 30, "Someone I live with": 20}


class Voices:
    """The rows of the young people's voice, and of those who write by a link."""

    def __init__(self, plans: Any) -> None:
        self.plans, self.writer, self.today = plans, plans.writer, plans.today

    def of(self, pep: Pep, *, is_met_first: bool) -> None:
        """What was said for the last plan of a child, as far as it has come. Of those whom the sign-ins meet first,
        somebody is always asked for a few lines.
        """
        self.chance = Chance(self.plans.seed, f"voices/{self.plans.life.number}")
        if pep.state == State.SIGNED_OFF:
            self._told(pep)
        if pep.state == State.BOOKED:
            self._pass(pep, given=max(self.today - timedelta(days=2), pep.opens_on or self.today))
        elif pep.voice_recorded:
            self._answers(pep)
        elif pep.voice_recorded is False:
            self._declined(pep)
        if pep.state in (State.IN_PREPARATION, State.HELD) and pep.form != Pep.Form.POST_16:
            self._asked_by_link(pep, always=is_met_first)

    def _told(self, pep: Pep) -> None:
        assert pep.signed_off_on is not None
        on, teacher = pep.signed_off_on + timedelta(days=self.chance.randint(1, 4)), self.plans.people.teacher(pep)
        if teacher is not None and on <= self.today and self.chance.happens(0.9):
            pep.told_on, pep.told_by_name = on, teacher.name

    def _variant(self, pep: Pep) -> Variant:
        early = pep.form == Pep.Form.EARLY_YEARS
        return variant_for(pep.child.birth_date, early_years=early, on=pep.held_on or self.today)

    def _pass(self, pep: Pep, *, given: Any, used: Any = None) -> VoicePass | None:
        teacher = self.plans.people.teacher(pep)
        if pep.form == Pep.Form.EARLY_YEARS or teacher is None:
            return None
        row: VoicePass = self._row(
            VoicePass,
            pep,
            variant=self._variant(pep).value,
            # No link and no code has these digests: nobody opens the demonstration's.
            token_hash=self._digest("link", pep),
            code_hash=self._digest("code", pep),
            given_by=teacher.account,
            given_by_name=teacher.name,
            given_on=given,
            expires=last_day(given),
            opened_on=used,
            finished_on=used,
        )
        return row

    def _answers(self, pep: Pep) -> None:
        variant, on = self._variant(pep), (pep.held_on or self.today) - timedelta(days=3)
        teacher = self.plans.people.teacher(pep)
        own_page = self._pass(pep, given=on - timedelta(days=2), used=on) if self.chance.happens(0.65) else None
        helper = self.chance.one_of(HELPED) if own_page else ""
        for key, ways in SAID[variant].items():
            if not self.chance.happens(0.75):
                continue
            chosen, words = self.chance.choice(ways)
            told = VoiceAnswer.Given.OBSERVED if variant is Variant.EARLY_YEARS else VoiceAnswer.Given.TOLD
            row = self._row(
                VoiceAnswer,
                pep,
                voice_pass=own_page,
                variant=variant.value,
                question_key=key,
                given=VoiceAnswer.Given.PAGES if own_page else told,
                helper=helper,
                share=self._share(variant),
                offered_on=on,
                said_on=on,
                written_by=teacher.account if teacher and not own_page else None,
                written_by_name=teacher.name if teacher and not own_page else "",
            )
            row.said = Said(chosen, words)

    def _share(self, variant: Variant) -> str:
        share: str = self.chance.one_of(SHARES)
        return Share.EVERYONE.value if variant is Variant.EARLY_YEARS and share != Share.HELPERS else share

    def _declined(self, pep: Pep) -> None:
        on, teacher = pep.held_on or self.today, self.plans.people.teacher(pep)
        for days in (12, 4):
            row = self._row(
                VoiceOffer,
                pep,
                offered_on=on - timedelta(days=days),
                offered_by=teacher.account if teacher else None,
                offered_by_name=teacher.name if teacher else "The school",
            )
            row.words = self.chance.choice(DECLINED)

    def _asked_by_link(self, pep: Pep, *, always: bool) -> None:
        """The SENCO of every sixth plan that is written now: some have answered."""
        teacher = self.plans.people.teacher(pep)
        if teacher is None or not (always or self.chance.happens(1 / 6)):
            return
        on = self.today - timedelta(days=3)
        answered = pep.state == State.HELD
        link = self._row(
            ContributorLink,
            pep,
            section_key="strengths",
            asked=ContributorLink.Asked.SENCO,
            name="Mrs Lowe",
            token_hash=self._digest("contributor", pep),
            code_hash=self._digest("contributor code", pep),
            given_by=teacher.account,
            given_by_name=teacher.name,
            given_on=on,
            expires=on + timedelta(days=6),
            opened_on=on + timedelta(days=1) if answered else None,
            finished_on=on + timedelta(days=1) if answered else None,
        )
        if answered:
            own = {"link": link, "section_key": "strengths", "part": "g", "written_on": on + timedelta(days=1)}
            row = self._row(Contribution, pep, **own)
            row.answers = {
                "strengths_list": f"{self.plans.child.first_name} thinks in pictures, and explains them well.",
                "helps_list": "A quiet start to the day, and the steps on a card.",
            }

    def _row(self, model: Any, pep: Pep, **fields: Any) -> Any:
        row = self.writer.about(model, self.plans.child, "person", pep=pep, **fields)
        # What is encrypted is closed for the authority of its row.
        row.authority = self.writer.authority
        self.plans.rest[model].append(row)
        return row

    def _digest(self, kind: str, pep: Pep) -> str:
        return hashlib.sha256(f"demonstration/{kind}/{pep.public_id}".encode()).hexdigest()


# In the order in which they are saved.
KINDS = (VoicePass, VoiceAnswer, VoiceOffer, ContributorLink, Contribution)
