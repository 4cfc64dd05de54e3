"""What is stored of a young person's voice: the pass that opens their pages, their answers, offers they declined, and
answers about which somebody has to do something today.
"""

import json
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q

from onroll.access.actors import Actor
from onroll.access.classes import Classes
from onroll.access.encryption import EncryptedTextField
from onroll.access.roles import DESIGNATED_TEACHERS, Role
from onroll.access.sections import Section, has_summary, may_read
from onroll.children.models import Child
from onroll.children.records import ChildRecord
from onroll.codes.working_days import add_working_days
from onroll.design.words import day_short

from .voice.questions import Question, Variant, question_named, shares_of
from .workflow import CLOSED, State

PASS_DAYS = 40
# The longest that a page to read lasts where no next plan opens.
READING_DAYS = 200
# Working days after the meeting for which a pass still opens (security-requirements 2.2).
DAYS_AFTER_MEETING = 5
TRIES = 5
LONGEST_WORDS = 4000


class Share(models.TextChoices):
    """Who may read an answer, as the young person chose. The people who help with the plan are the virtual school, the
    social worker and the reviewing officer; they read all but what nobody may read yet.
    """

    EVERYONE = "everyone", "Everyone at the meeting: also school and carer"
    SCHOOL = "school", "School as well"
    CARER = "home", "The carer as well"
    HELPERS = "helpers", "Only the people who help with the plan"
    ASK_FIRST = "ask_first", "Only the people who help with the plan, and ask first"
    NOBODY = "nobody", "Nobody yet"


class Pass(ChildRecord):
    """What lets somebody without an account onto a page about one plan: a link, and a code told another way.

    Of the link, the code and the device only digests are kept. `expires` is the last day on which it opens, whatever
    else ends it sooner. `tries` counts wrong codes since the last right one.
    """

    class Ended(models.TextChoices):
        CODES = "codes", "The code was wrong too often"
        REPLACED = "replaced", "Another pass was given"
        WITHDRAWN = "withdrawn", "It was withdrawn"

    pep = models.ForeignKey("peps.Pep", on_delete=models.PROTECT, related_name="+")
    token_hash = models.CharField("Digest of the link", max_length=64)
    code_hash = models.CharField("Digest of the code", max_length=64)
    device_hash = models.CharField("Digest of the first device", max_length=64, blank=True)
    tries = models.PositiveSmallIntegerField("Wrong codes", default=0)
    given_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    given_by_name = models.CharField("Given by", max_length=150)
    given_on = models.DateField("Given")
    expires = models.DateField("Last day")
    opened_on = models.DateField("First opened", null=True, blank=True)
    finished_on = models.DateField("Finished", null=True, blank=True)
    ended_on = models.DateField("Ended", null=True, blank=True)
    why = models.CharField("Why it ended", max_length=9, choices=Ended, blank=True)

    # Who acts on the pages that it opens, as the history names them.
    holder = ""

    class Meta(ChildRecord.Meta):
        abstract = True

    def is_over(self, today: date) -> bool:
        """Whether it opens nothing any more, whoever has the code."""
        return self.ended_on is not None or today > self.expires


class VoicePass(Pass):
    """What lets a young person without an account onto their pages of one plan. The code is told face to face.

    One to say something lasts while the plan is written. One to read lasts from the plan's sign-off until the next plan
    opens, and shows the plan on one page in their words. On a device that is `borrowed` from an adult, who may know the
    code, the pages never show again what was said on them.
    """

    class Purpose(models.TextChoices):
        SAY = "say", "To say something for the plan"
        READ = "read", "To read the plan on one page"

    purpose = models.CharField("What it is for", max_length=4, choices=Purpose, default=Purpose.SAY)
    variant = models.CharField("Questions", max_length=25, choices=[(each.value, each.words) for each in Variant])
    borrowed = models.BooleanField("Opened on an adult’s device", default=False)
    pictures = models.PositiveSmallIntegerField("Pictures added", default=0)

    classes = Classes(section=Section.PEP, default="P3")
    holder = "The young person"

    class Meta(ChildRecord.Meta):
        verbose_name = "voice pass"
        verbose_name_plural = "voice passes"
        constraints = [
            models.UniqueConstraint(fields=["token_hash"], name="a_voice_pass_has_a_link_of_its_own"),
            models.CheckConstraint(
                condition=Q(ended_on__isnull=True) | ~Q(why=""), name="an_ended_voice_pass_says_why"
            ),
        ]

    def is_over(self, today: date) -> bool:
        if super().is_over(today):
            return True
        if self.purpose == self.Purpose.READ:
            return self.pep.state != State.SIGNED_OFF or self._next_has_opened(today)
        return self.pep.state in CLOSED or is_after_the_meeting(self.pep, today)

    def _next_has_opened(self, today: date) -> bool:
        later = type(self.pep).unscoped.filter(child=self.child_id, opens_on__gt=self.given_on, opens_on__lte=today)
        return bool(later.exclude(state=State.EXEMPT).exists())


def is_after_the_meeting(pep: Any, today: date) -> bool:
    """Whether the meeting of a plan lies more working days back than a pass lasts after it."""
    meeting = pep.held_on or pep.meeting_on
    return meeting is not None and today > add_working_days(meeting, DAYS_AFTER_MEETING)


@dataclass(frozen=True)
class Said:
    """What an answer says: the choices that were made, and the words beside them."""

    chosen: tuple[str, ...] = ()
    words: str = ""

    def __bool__(self) -> bool:
        return bool(self.chosen or self.words)

    @property
    def text(self) -> str:
        """In one line for adults to read."""
        return ". ".join([*([", ".join(self.chosen)] if self.chosen else []), *([self.words] if self.words else [])])


class VoiceAnswer(ChildRecord):
    """What a young person said to one question of a plan, in their words, and who may read it.

    On the pages of one pass a question has one answer, which they may change. A new pass begins with empty pages: else
    whoever gave it could read, or write over, what was said on the pages before. What an adult wrote down for them
    stands in rows of its own for the same reason. `picture` is a document of the same section, drawn anew and closed
    like every document. It is read with the answer by those who were chosen; where it was removed the answer stays.
    """

    class Given(models.TextChoices):
        PAGES = "pages", "On their own page"
        TOLD = "told", "Said, and written down"
        SHOWN = "shown", "Shown by signs, symbols or objects"
        OBSERVED = "observed", "Watched"

    pep = models.ForeignKey("peps.Pep", on_delete=models.PROTECT, related_name="+")
    voice_pass = models.ForeignKey(VoicePass, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    variant = models.CharField("Questions", max_length=25, choices=[(each.value, each.words) for each in Variant])
    question_key = models.CharField("Question", max_length=40)
    words = EncryptedTextField("Answer", blank=True)
    picture = models.UUIDField("Drawing or photo", null=True, blank=True, help_text="The id of a document")
    given = models.CharField("How it was given", max_length=8, choices=Given)
    helper = models.CharField("Who helped", max_length=150, blank=True)
    share = models.CharField("Who may read it", max_length=9, choices=Share, default=Share.HELPERS)
    offered_on = models.DateField("Offered")
    said_on = models.DateField("Said")
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    written_by_name = models.CharField("Written down by", max_length=150, blank=True)

    classes = Classes(section=Section.VIEWS, default="P3", fields={"words": "P4"})

    class Meta(ChildRecord.Meta):
        verbose_name = "answer of a young person"
        verbose_name_plural = "answers of young people"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["public_id"], name="a_voice_answer_has_an_id_of_its_own"),
            models.UniqueConstraint(
                fields=["voice_pass", "question_key"], condition=Q(given="pages"), name="one_answer_on_their_own_page"
            ),
        ]
        indexes = [models.Index(fields=["pep", "question_key"], name="answers_of_a_voice")]

    @classmethod
    def limited_to(cls, actor: Actor) -> Q:
        return Q(share__in=shares_read_by(actor))

    @classmethod
    def shared_with(cls, child: Child, actor: Actor) -> Any:
        """The answers about this child, who was reached through the gate, that the young person lets this reader see.

        Schools and carers have no more than the summary of the section, which is what was shared with them. What may be
        about somebody's safety is never theirs by the share: it goes to those who act on it.
        """
        if may_read(actor, cls.section()):
            return cls.of(child, actor)
        if child.authority_id != actor.authority or not has_summary(actor, cls.section()):
            return cls.unscoped.none()
        harm = Concern.unscoped.filter(answer=models.OuterRef("pk"))
        return cls.unscoped.filter(cls.limited_to(actor), ~models.Exists(harm), child=child)

    @property
    def said(self) -> Said:
        """What was said."""
        if not self.words:
            return Said()
        held = json.loads(self.words)
        return Said(tuple(held.get("chosen", ())), held.get("words", ""))

    @said.setter
    def said(self, given: Said) -> None:
        held = {"chosen": list(given.chosen), "words": given.words}
        self.words = json.dumps(held, ensure_ascii=False) if given else ""

    @property
    def says_something(self) -> bool:
        return bool(self.said) or self.picture is not None

    @property
    def question(self) -> Question | None:
        return question_named(self.variant, self.question_key)

    @property
    def share_words(self) -> str:
        """Who may read it, in the words the young person chose."""
        return shares_of(Variant(self.variant)).get(self.share) or self.get_share_display()

    @property
    def read_by_words(self) -> str:
        """Under the words on the pages of a plan, so that nobody passes on what was said to few."""
        return f"{self.get_given_display()}, {day_short(self.said_on)}. May be read by: {self.share_words}"

    @property
    def asked_of_readers(self) -> str:
        """The same beside another question than the one that was answered."""
        asked = self.question
        return f"To “{asked.question}”. May be read by: {self.share_words}" if asked else ""


def shares_read_by(actor: Actor) -> tuple[Share, ...]:
    """The choices by which this role reads an answer. A school and a carer read what was shared with them."""
    if may_read(actor, Section.VIEWS):
        return (Share.EVERYONE, Share.SCHOOL, Share.CARER, Share.HELPERS, Share.ASK_FIRST)
    if not has_summary(actor, Section.VIEWS):
        return ()
    if actor.role in DESIGNATED_TEACHERS:
        return (Share.EVERYONE, Share.SCHOOL)
    return (Share.EVERYONE, Share.CARER) if actor.role == Role.CARER else ()


class VoiceOffer(ChildRecord):
    """That a young person was asked for their views and did not want to give them, in their own words.

    Two of these, each a real offer, and they have been heard: their silence is not held against the plan.
    """

    pep = models.ForeignKey("peps.Pep", on_delete=models.PROTECT, related_name="+")
    offered_on = models.DateField("Offered")
    words = EncryptedTextField("What they said")
    offered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    offered_by_name = models.CharField("Offered by", max_length=150)

    classes = Classes(section=Section.VIEWS, default="P3", fields={"words": "P4"})

    class Meta(ChildRecord.Meta):
        verbose_name = "declined offer to a young person"
        verbose_name_plural = "declined offers to young people"


class Concern(ChildRecord):
    """An answer that may mean that somebody is not safe. It waits for the social worker, their manager and the virtual
    school, and never for the helper or the carer, until one of them records what came of it.

    A person decides; the product only points. `told` says who was told by a message on the day.
    """

    class Sign(models.TextChoices):
        NOT_SAFE = "not_safe", "They chose an answer that says they are not safe"
        WORDS = "words", "Words that may tell of harm"

    pep = models.ForeignKey("peps.Pep", on_delete=models.PROTECT, related_name="+")
    answer = models.ForeignKey(VoiceAnswer, on_delete=models.PROTECT, related_name="+")
    sign = models.CharField("What pointed to it", max_length=8, choices=Sign)
    words = EncryptedTextField("What they said on that day")
    raised_on = models.DateField("Raised")
    told = models.CharField("Who was told", max_length=500, blank=True)
    outcome = EncryptedTextField("What came of it", blank=True)
    outcome_on = models.DateField("Outcome recorded", null=True, blank=True)
    outcome_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    outcome_by_name = models.CharField("Outcome recorded by", max_length=150, blank=True)
    told_school = models.BooleanField("The school’s safeguarding lead was told", null=True, blank=True)

    classes = Classes(section=Section.SAFEGUARDING, default="P3", fields={"words": "P4", "outcome": "P4"})

    class Meta(ChildRecord.Meta):
        verbose_name = "answer that needs somebody today"
        verbose_name_plural = "answers that need somebody today"
        constraints = [
            models.UniqueConstraint(fields=["public_id"], name="a_concern_has_an_id_of_its_own"),
            models.UniqueConstraint(
                fields=["answer"], condition=Q(outcome_on__isnull=True), name="an_answer_has_one_open_concern"
            ),
            models.CheckConstraint(
                condition=Q(outcome_on__isnull=True) | ~Q(outcome=""), name="a_settled_concern_says_what_came_of_it"
            ),
        ]

    @property
    def is_open(self) -> bool:
        return self.outcome_on is None


def last_day(given_on: date, purpose: str = VoicePass.Purpose.SAY) -> date:
    """The last day on which a pass given on this day opens."""
    return given_on + timedelta(days=READING_DAYS if purpose == VoicePass.Purpose.READ else PASS_DAYS)
