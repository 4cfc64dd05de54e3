"""What is stored around a plan's meeting: the people of it, and what they agreed to do."""

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import Q

from onroll.access.classes import Classes
from onroll.access.sections import Section
from onroll.children.records import ChildRecord


class MeetingPerson(ChildRecord):
    """One of the people of a plan's meeting: asked when, what they answered, and whether they came.

    Who has an account is known by it, and is told by e-mail and on their home page. Others have a name or only what
    they are, and are asked by whoever invites. A carer is named by the account alone, since who the carers are has
    fewer readers than a plan. `reminded_on` is the day of the one reminder.
    """

    class Part(models.TextChoices):
        YOUNG_PERSON = "young_person", "Young person"
        SOCIAL_WORKER = "social_worker", "Social worker"
        LEAD = "lead", "Designated teacher"
        CARER = "carer", "Carer"
        VIRTUAL_SCHOOL = "virtual_school", "Virtual school"
        REVIEWING_OFFICER = "iro", "Reviewing officer"
        RECEIVING_SCHOOL = "receiving", "Receiving school"
        FAMILY = "family", "Parent or family"
        OTHER = "other", "Somebody else"

    class Reply(models.TextChoices):
        COMING = "coming", "Coming"
        CANNOT = "cannot", "Cannot come"

    class Attendance(models.TextChoices):
        CAME = "came", "Came"
        APOLOGIES = "apologies", "Sent apologies"
        ABSENT = "absent", "Did not come"

    pep = models.ForeignKey("peps.Pep", on_delete=models.PROTECT, related_name="+")
    part = models.CharField("Part in the meeting", max_length=14, choices=Part)
    account = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    name = models.CharField("Name", max_length=200, blank=True)
    invited_on = models.DateField("Asked", null=True, blank=True)
    reply = models.CharField("Reply", max_length=6, choices=Reply, blank=True)
    replied_on = models.DateField("Replied", null=True, blank=True)
    reminded_on = models.DateField("Reminded", null=True, blank=True)
    sent_views = models.BooleanField("Sent views", default=False)
    attendance = models.CharField("Whether they came", max_length=9, choices=Attendance, blank=True)

    classes = Classes(section=Section.PEP, default="P3")

    class Meta(ChildRecord.Meta):
        verbose_name = "person of a PEP meeting"
        verbose_name_plural = "people of PEP meetings"
        indexes = [models.Index(fields=["account", "reply"], name="asked_to_a_meeting")]
        constraints = [
            models.UniqueConstraint(fields=["public_id"], name="a_meeting_person_has_an_id_of_its_own"),
            models.UniqueConstraint(
                fields=["pep", "account"],
                condition=Q(account__isnull=False),
                name="an_account_is_asked_to_a_meeting_once",
            ),
            models.CheckConstraint(
                condition=~Q(part="carer") | Q(name=""), name="a_carer_is_named_by_their_account_alone"
            ),
        ]

    @property
    def is_key(self) -> bool:
        """Whether the meeting can hardly do without them."""
        return self.part in KEY_PARTS

    @property
    def came(self) -> bool | None:
        """Whether they came. None: nobody said."""
        return self.attendance == self.Attendance.CAME if self.attendance else None


KEY_PARTS = (MeetingPerson.Part.SOCIAL_WORKER, MeetingPerson.Part.LEAD, MeetingPerson.Part.CARER)


class PepAction(ChildRecord):
    """What somebody said they would do, outside the targets: by when, and whether it was done or dropped, and why.

    The owner is a person with an account, else words. An action stays open beyond its plan until one of the two.
    """

    pep = models.ForeignKey("peps.Pep", on_delete=models.PROTECT, related_name="+")
    what = models.TextField("What")
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    owner_words = models.CharField("Who, without an account", max_length=200, blank=True)
    due_on = models.DateField("By when", null=True, blank=True)
    done_on = models.DateField("Done", null=True, blank=True)
    dropped_on = models.DateField("Dropped", null=True, blank=True)
    reason = models.CharField("Why it was dropped", max_length=500, blank=True)

    classes = Classes(section=Section.PEP, default="P3")

    class Meta(ChildRecord.Meta):
        verbose_name = "action of a PEP"
        verbose_name_plural = "actions of PEPs"
        ordering = ["due_on", "pk"]
        indexes = [
            models.Index(fields=["owner", "due_on"], name="actions_of_an_owner"),
            models.Index(fields=["child", "due_on"], name="actions_of_a_child"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["public_id"], name="an_action_of_a_pep_has_an_id_of_its_own"),
            models.CheckConstraint(
                condition=Q(done_on__isnull=True) | Q(dropped_on__isnull=True),
                name="an_action_of_a_pep_is_done_or_dropped",
            ),
            models.CheckConstraint(
                condition=Q(dropped_on__isnull=True) | ~Q(reason=""), name="a_dropped_action_of_a_pep_says_why"
            ),
        ]

    @property
    def is_open(self) -> bool:
        return self.done_on is None and self.dropped_on is None

    def is_late(self, on: date) -> bool:
        return self.is_open and self.due_on is not None and self.due_on < on

    @property
    def state(self) -> str:
        """As the form writes it."""
        return "Done" if self.done_on else "Dropped" if self.dropped_on else "Not started"


def open_actions() -> Q:
    """Actions that are neither done nor dropped."""
    return Q(done_on__isnull=True, dropped_on__isnull=True)
