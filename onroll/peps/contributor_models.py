"""What is stored of people without an account who are asked for a few lines: their link, and what they wrote."""

import json
from datetime import date, timedelta
from typing import Any

from django.db import models
from django.db.models import Q

from onroll.access.actors import Actor
from onroll.access.classes import Classes
from onroll.access.encryption import EncryptedTextField
from onroll.access.sections import Section
from onroll.children.records import ChildRecord

from .voice_models import Pass, is_after_the_meeting
from .workflow import WRITTEN_IN

# A link lasts seven days with the day on which it was made; what was asked lapses so long after the meeting.
LINK_DAYS, DAYS_AFTER_MEETING = 7, 14


class ContributorLink(Pass):
    """What lets somebody without an account write to one section of one plan: a link, and a code told another way.

    A link lasts seven days and is renewed with a new code while the plan is written. A carer's lasts until five working
    days after the meeting.
    """

    class Asked(models.TextChoices):
        SENCO = "senco", "SENCO"
        CAMHS = "camhs", "Mental health service (CAMHS)"
        IRO = "iro", "Reviewing officer"
        RECEIVING = "receiving", "The school they move to"
        CARER = "carer", "Carer without an account"

    section_key = models.CharField("Section of the form", max_length=40)
    asked = models.CharField("Asked as", max_length=9, choices=Asked)
    name = models.CharField("Who is asked", max_length=80)
    mailed_to = EncryptedTextField("E-mail address", blank=True)
    # Texts of theirs that told, or seemed to tell, where somebody lives. Nobody tries out addresses here.
    refused = models.PositiveSmallIntegerField("Texts refused", default=0)

    classes = Classes(section=Section.PEP, default="P3")

    class Meta(ChildRecord.Meta):
        verbose_name = "link of a contributor"
        verbose_name_plural = "links of contributors"
        constraints = [
            models.UniqueConstraint(fields=["token_hash"], name="a_contributor_has_a_link_of_their_own"),
            models.UniqueConstraint(fields=["public_id"], name="a_contributors_link_has_an_id_of_its_own"),
            models.CheckConstraint(
                condition=Q(ended_on__isnull=True) | ~Q(why=""), name="an_ended_contributors_link_says_why"
            ),
        ]

    @property
    def holder(self) -> str:  # type: ignore[override]
        return f"{self.get_asked_display()} by a link ({self.name})"

    def is_over(self, today: date) -> bool:
        if super().is_over(today) or self.pep.state not in WRITTEN_IN:
            return True
        if self.asked == self.Asked.CARER:
            return is_after_the_meeting(self.pep, today)
        meeting = self.pep.held_on or self.pep.meeting_on
        return meeting is not None and today > meeting + timedelta(days=DAYS_AFTER_MEETING)


class Contribution(ChildRecord):
    """What a contributor wrote for one part of the record, by question. Who writes the section takes over what fits."""

    link = models.ForeignKey(ContributorLink, on_delete=models.PROTECT, related_name="+")
    pep = models.ForeignKey("peps.Pep", on_delete=models.PROTECT, related_name="+")
    section_key = models.CharField("Section of the form", max_length=40)
    part = models.CharField("Part of the record", max_length=5)
    words = EncryptedTextField("Answers", blank=True)
    written_on = models.DateField("Written")

    classes = Classes(section=Section.PEP, default="P3", fields={"words": "P4"})

    class Meta(ChildRecord.Meta):
        verbose_name = "contribution to a PEP"
        verbose_name_plural = "contributions to PEPs"
        constraints = [models.UniqueConstraint(fields=["link", "part"], name="a_contributor_has_one_row_for_a_part")]

    @classmethod
    def limited_to(cls, actor: Actor) -> Q:
        from .models import parts_read_by

        return Q(part__in=parts_read_by(actor))

    @property
    def answers(self) -> dict[str, Any]:
        """The answers by the keys of their questions."""
        return json.loads(self.words) if self.words else {}

    @answers.setter
    def answers(self, given: dict[str, Any]) -> None:
        self.words = json.dumps(given, ensure_ascii=False, sort_keys=True) if given else ""
