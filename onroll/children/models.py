"""The record of a child: what is stored, and what can never be true of it.

Each table belongs to one section of the need-to-know table, so that who may see a row is one question. What people
must not see by default (an address, an SDQ score) stands in a table of its own behind its own section.
"""

import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q

from onroll.access.actors import Actor
from onroll.access.classes import Classes
from onroll.access.encryption import EncryptedTextField
from onroll.access.roles import PARTNERS, SCHOOL_STAFF, Role
from onroll.access.sections import Section, may_read
from onroll.authorities.models import Authority, SensitiveKind
from onroll.history.apart import Apart
from onroll.people.models import Cover
from onroll.schools.models import School

# What guards a record stands in a file of its own, and is part of these models.
from .guard_models import (  # noqa: F401
    ClosedNames,
    Disclosure,
    LeakKept,
    MarkRequest,
    MustNotSee,
    Named,
    Note,
    Opening,
    SealedLink,
    SealedOpening,
)
from .records import ChildRecord, ChildSpell, RecordQuerySet, ends_after_it_starts


class Child(models.Model):
    """A child whose education the virtual school promotes, or has been asked about.

    Names may be empty: the statutory return holds none, and the weekly list brings them.
    """

    class HeldAs(models.TextChoices):
        OWN = "own", "The authority's own"
        OTHER_AUTHORITY = "other_authority", "Another authority's child who lives or learns here"
        ENQUIRY = "enquiry", "For an enquiry or programme with a lawful basis"

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    authority = models.ForeignKey(Authority, on_delete=models.PROTECT, related_name="+")
    given_name = models.CharField(max_length=100, blank=True)
    family_name = models.CharField(max_length=100, blank=True)
    known_as = models.CharField(max_length=100, blank=True)
    birth_date = models.DateField()
    held_as = models.CharField(max_length=16, choices=HeldAs, default=HeldAs.OWN)
    merged_into = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    source = models.CharField(max_length=20, default="person")
    search_words = models.CharField(max_length=400, blank=True, editable=False)

    unscoped = RecordQuerySet.as_manager()

    classes = Classes(section=Section.BASICS, default="P2")

    class Meta:
        default_manager_name = "unscoped"
        base_manager_name = "unscoped"
        verbose_name_plural = "children"
        indexes = [models.Index(fields=["authority", "family_name", "given_name"], name="child_by_name")]
        constraints = [
            models.CheckConstraint(
                condition=Q(merged_into__isnull=True) | ~Q(merged_into=models.F("id")),
                name="a_child_is_not_merged_into_itself",
            )
        ]

    def __str__(self) -> str:
        return f"child {self.pk}"

    @classmethod
    def section(cls) -> Section:
        return Section.BASICS

    @classmethod
    def visible_to(cls, actor: Actor, section: Section = Section.BASICS) -> Any:
        """The children whom the actor may see today, if the role reads this section."""
        from .visibility import reach

        return reach(actor) if may_read(actor, section) else cls.unscoped.none()

    @property
    def first_name(self) -> str:
        """What the child is called: known-as, else the given name."""
        return self.known_as or self.given_name or "This child"

    @property
    def name(self) -> str:
        """Known-as first, then the family name; words that say so where no name has come yet."""
        return f"{self.known_as or self.given_name} {self.family_name}".strip() or "Name not yet known"

    @property
    def sorted_name(self) -> str:
        """Family name first, for sorted tables."""
        if not self.family_name:
            return self.given_name or "Name not yet known"
        return f"{self.family_name}, {self.given_name}" if self.given_name else self.family_name

    @property
    def title_name(self) -> str:
        """For titles of pages: known-as and the first letter of the surname."""
        return f"{self.first_name} {self.family_name[:1]}".strip()


class Identifiers(ChildRecord):
    """The numbers a child is known by: the authority's own, UPN, former UPN, ULN."""

    child = models.OneToOneField(Child, on_delete=models.PROTECT, related_name="+")
    child_number = models.CharField("Authority's number", max_length=20)
    upn = models.CharField("UPN", max_length=13, blank=True, db_index=True)
    upn_unknown = models.CharField("Why there is no UPN", max_length=3, blank=True)
    former_upn = models.CharField("Former UPN", max_length=13, blank=True)
    uln = models.CharField("ULN", max_length=10, blank=True)

    classes = Classes(section=Section.NUMBERS, default="P3")

    class Meta(ChildRecord.Meta):
        verbose_name = "numbers"
        constraints = [
            models.UniqueConstraint(fields=["authority", "child_number"], name="one_child_of_a_number_in_an_authority")
        ]


class Characteristics(ChildRecord):
    """What the child is, as the statistics ask. Empty is not known; "not disclosed" is an answer of its own."""

    NOT_DISCLOSED = "Not disclosed"

    child = models.OneToOneField(Child, on_delete=models.PROTECT, related_name="+")
    sex = models.CharField(max_length=1, blank=True)
    ethnicity = models.CharField(max_length=4, blank=True)
    first_language = models.CharField(max_length=60, blank=True)
    religion = models.CharField(max_length=60, blank=True)
    uasc = models.BooleanField("Unaccompanied asylum-seeking child", null=True, blank=True)
    uasc_until = models.DateField(null=True, blank=True)
    disability = models.BooleanField(null=True, blank=True)
    fsm = models.BooleanField("Free school meals", null=True, blank=True)

    classes = Classes(section=Section.CHARACTERISTICS, default="P3")

    class Meta(ChildRecord.Meta):
        verbose_name = "characteristics"
        verbose_name_plural = "characteristics"


class CharacteristicSpell(ChildSpell):
    """A characteristic with dates: English as an additional language, disability, free school meals."""

    class Kind(models.TextChoices):
        EAL = "eal", "English as an additional language"
        DISABILITY = "disability", "Disability"
        FSM = "fsm", "Free school meals"

    kind = models.CharField(max_length=12, choices=Kind)
    value = models.CharField(max_length=60)

    classes = Classes(section=Section.CHARACTERISTICS, default="P3")

    class Meta(ChildSpell.Meta):
        verbose_name = "dated characteristic"
        constraints = [ends_after_it_starts("a_characteristic")]


class FormerName(ChildSpell):
    """A name the child had before. Kept with its dates and why it changed."""

    given_name = models.CharField(max_length=100, blank=True)
    family_name = models.CharField(max_length=100, blank=True)
    known_as = models.CharField(max_length=100, blank=True)
    reason = models.CharField(max_length=200, blank=True)
    start = models.DateField(null=True, blank=True)  # type: ignore[assignment]

    classes = Classes(section=Section.NUMBERS, default="P3")

    class Meta(ChildSpell.Meta):
        verbose_name = "former name"


class CareEpisode(ChildSpell):
    """A spell of care with one legal status and one placement, as the SSDA903 return counts them.

    Overlaps and odd ends are kept as a return sent them: the day's roll counts a child once. A provisional end is one
    that a later return only implied: the roll leaves the child out, and a person has still to give the date.
    """

    legal_status = models.CharField(max_length=2)
    reason_new = models.CharField("Reason for the new episode", max_length=1, blank=True)
    reason_ceased = models.CharField("Reason the episode ceased", max_length=4, blank=True)
    category_of_need = models.CharField(max_length=2, blank=True)
    reason_place_change = models.CharField("Reason for the change of placement", max_length=8, blank=True)
    provisional_end = models.BooleanField("The end is provisional", default=False)

    classes = Classes(section=Section.CARE, default="P3")

    class Meta(ChildSpell.Meta):
        verbose_name = "care episode"
        indexes = [
            models.Index(fields=["authority", "start"], name="episode_by_start"),
            models.Index(fields=["child", "start"], name="episode_of_a_child"),
        ]


class EpisodePlacement(ChildRecord):
    """Where the child lived during an episode, without the address: kind of home, who provides it."""

    class Area(models.TextChoices):
        IN = "in", "In the authority"
        OUT = "out", "Out of the authority"
        NOT_KNOWN = "not_known", "Not known"

    episode = models.OneToOneField(CareEpisode, on_delete=models.PROTECT, related_name="placement")
    placement_type = models.CharField(max_length=3, blank=True)
    provider = models.CharField(max_length=3, blank=True)
    ofsted_urn = models.CharField("Ofsted's number of the placement", max_length=10, blank=True)
    area = models.CharField(max_length=9, choices=Area, default=Area.NOT_KNOWN)

    classes = Classes(section=Section.PLACEMENT, default="P3", fields={"area": "P4"})

    class Meta(ChildRecord.Meta):
        verbose_name = "placement"


class PlacementAddress(ChildRecord):
    """The address of an episode's placement, encrypted, and who must not know it."""

    episode = models.OneToOneField(CareEpisode, on_delete=models.PROTECT, related_name="address")
    address = EncryptedTextField(blank=True)
    postcode = EncryptedTextField(blank=True)
    home_postcode = EncryptedTextField("Postcode of the family home", blank=True)
    disclosure = models.CharField(max_length=20, choices=Disclosure, default=Disclosure.NOT_TO_FAMILY)

    classes = Classes(section=Section.ADDRESS, default="P4")

    class Meta(ChildRecord.Meta):
        verbose_name = "placement address"
        verbose_name_plural = "placement addresses"


class PlacementArea(ChildRecord):
    """What is counted from an address: the authority it lies in and the distance from home. Never in a search."""

    episode = models.OneToOneField(CareEpisode, on_delete=models.PROTECT, related_name="area_facts")
    la_code = models.CharField(max_length=3, blank=True)
    la_stated = models.BooleanField("A source named the authority", default=False)
    distance_miles = models.DecimalField(max_digits=5, decimal_places=1, null=True, blank=True)

    classes = Classes(section=Section.ADDRESS, default="P4")

    class Meta(ChildRecord.Meta):
        verbose_name = "placement area"


class SchoolPlace(ChildSpell):
    """A place at a school or setting, or the wait for one. Main places of a child never overlap."""

    class Kind(models.TextChoices):
        MAIN = "main", "Main school"
        SUBSIDIARY = "subsidiary", "Second school"
        AP = "ap", "Alternative provision"
        AWAITING = "awaiting", "Waiting for a place"

    class LeavingReason(models.TextChoices):
        PLANNED_MOVE = "planned_move", "Planned move"
        UNPLANNED = "unplanned", "Unplanned move"
        EXCLUDED = "excluded", "Excluded"
        NORMAL_TRANSFER = "normal_transfer", "Normal age of transfer"

    school = models.ForeignKey(School, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    kind = models.CharField(max_length=10, choices=Kind, default=Kind.MAIN)
    hours_per_week = models.DecimalField(max_digits=4, decimal_places=1, null=True, blank=True)
    full_time_hours = models.DecimalField(max_digits=4, decimal_places=1, null=True, blank=True)
    leaving_reason = models.CharField(max_length=16, choices=LeavingReason, blank=True)
    disclosure = models.CharField(max_length=20, choices=Disclosure, default=Disclosure.ORDINARY)
    why_this_school = models.CharField(max_length=500, blank=True)
    confirmed_on = models.DateField(null=True, blank=True)
    follows_closure = models.BooleanField("Passed on from a school that closed", default=False)

    classes = Classes(section=Section.SCHOOL, default="P2", fields={"why_this_school": "P3", "disclosure": "P3"})
    kept_apart = (
        Apart("main_places", of=("child",), only={"kind": "main"}, words="A child has one main school at a time."),
    )

    class Meta(ChildSpell.Meta):
        verbose_name = "school place"
        indexes = [
            models.Index(fields=["school", "start"], name="place_at_a_school"),
            models.Index(fields=["child", "start"], name="place_of_a_child"),
        ]
        constraints = [
            ends_after_it_starts("a_school_place"),
            models.CheckConstraint(
                condition=Q(kind="awaiting") | Q(school__isnull=False), name="only_a_wait_for_a_place_has_no_school"
            ),
        ]

    @classmethod
    def limited_to(cls, actor: Actor) -> Q:
        from .disclosure import SCHOOL, kept_by_mark

        # A school knows its own place, whatever its mark says to others.
        return cls.of_own_school(actor) if actor.role in SCHOOL_STAFF else ~kept_by_mark(actor, SCHOOL)

    @classmethod
    def of_own_school(cls, actor: Actor) -> Q:
        """For a school its own period only (SEC-1), for others every place: whatever the marks say."""
        return Q(school_id=actor.school) if actor.role in SCHOOL_STAFF else Q()


class SENProvision(ChildSpell):
    """The special educational provision recorded for the child: none, SEN support, EHC plan (code set)."""

    value = models.CharField(max_length=1)

    classes = Classes(section=Section.SEN, default="P3")

    class Meta(ChildSpell.Meta):
        verbose_name = "SEN provision"
        constraints = [ends_after_it_starts("an_sen_provision")]


class SENNeed(ChildSpell):
    """A special educational need (code set). The primary need is the one that counts."""

    value = models.CharField(max_length=4)

    classes = Classes(section=Section.SEN, default="P3")

    class Meta(ChildSpell.Meta):
        verbose_name = "SEN need"
        constraints = [ends_after_it_starts("an_sen_need")]


class EHCPlan(ChildSpell):
    """An education, health and care plan: issued on `start`, ceased on `end`."""

    review_on = models.DateField("Next annual review", null=True, blank=True)
    la_code = models.CharField("Responsible authority", max_length=3, blank=True)

    classes = Classes(section=Section.SEN, default="P3")

    class Meta(ChildSpell.Meta):
        verbose_name = "EHC plan"
        constraints = [ends_after_it_starts("an_ehc_plan")]


class SDQScore(ChildSpell):
    """A strengths and difficulties score of 0 to 40 from `start` on, or the code for why there is none."""

    score = models.PositiveSmallIntegerField(null=True, blank=True)
    reason = models.CharField(max_length=4, blank=True)

    classes = Classes(section=Section.HEALTH, default="P4")

    class Meta(ChildSpell.Meta):
        verbose_name = "SDQ score"
        constraints = [
            models.CheckConstraint(condition=Q(score__isnull=True) | Q(score__lte=40), name="an_sdq_score_is_0_to_40")
        ]


class Allocation(ChildSpell):
    """A person who works with the child, in one role, with dates. It is what opens the record to them.

    `ended_at` is the moment on the day `end` at which a home ended in an emergency: until then the carer sees the
    child, and from then on no more. Without it the allocation opens nothing from the first moment of its last day.
    """

    account = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    role = models.CharField(max_length=20, choices=Role)
    ended_at = models.DateTimeField("Ended in an emergency at", null=True, blank=True)

    classes = Classes(section=Section.PROFESSIONALS, default="P2")
    kept_apart = (
        Apart(
            "social_workers",
            of=("child",),
            only={"role": "social_worker"},
            words="A child has one social worker at a time.",
        ),
    )

    class Meta(ChildSpell.Meta):
        verbose_name = "allocation"
        indexes = [
            models.Index(fields=["account", "role", "start"], name="allocation_of_a_person"),
            models.Index(fields=["child", "role", "start"], name="allocation_of_a_child"),
        ]
        constraints = [
            ends_after_it_starts("an_allocation"),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | Q(end__isnull=False),
                name="an_allocation_that_ended_at_a_moment_has_an_end",
            ),
        ]

    @classmethod
    def limited_to(cls, actor: Actor) -> Q:
        # Who the carers are is a section of its own, stricter than the other people round a child. A carer knows of
        # no carer but themselves: not who had the child before, and not who has it now.
        if actor.role == Role.CARER:
            return ~Q(role=Role.CARER) | Q(account_id=actor.holder)
        if not may_read(actor, Section.CARER):
            return ~Q(role=Role.CARER)
        # The mark on the address where the child lives covers who the carers are.
        from .disclosure import HOME, kept_by_mark

        homes = PlacementAddress.unscoped.filter(child=models.OuterRef("child_id"), episode__end__isnull=True)
        kept = homes.filter(kept_by_mark(actor, HOME, child="child_id"))
        return ~Q(role=Role.CARER) | ~Q(models.Exists(kept))


class Status(ChildSpell):
    """Another status that the duty covers, or the lawful basis on which a child is held for an enquiry."""

    class Kind(models.TextChoices):
        ADOPTED = "adopted", "Previously looked after: adopted"
        SGO = "sgo", "Previously looked after: special guardianship order"
        CAO = "cao", "Previously looked after: child arrangements order"
        CARE_LEAVER = "care_leaver", "Care leaver"
        CHILD_IN_NEED = "child_in_need", "Child in need"
        CHILD_PROTECTION = "child_protection", "Child protection plan"
        KINSHIP = "kinship", "Kinship care"
        OTHER_AUTHORITY = "other_authority", "Looked after by another authority"
        UASC = "uasc", "Unaccompanied asylum-seeking child"

    kind = models.CharField(max_length=16, choices=Kind)
    lawful_basis = models.CharField(max_length=200, blank=True)
    other_authority = models.CharField(max_length=3, blank=True)
    notified_on = models.DateField(null=True, blank=True)
    notified_of = models.CharField(max_length=500, blank=True)

    classes = Classes(section=Section.OTHER_STATUS, default="P3")

    class Meta(ChildSpell.Meta):
        verbose_name = "status"
        verbose_name_plural = "statuses"
        constraints = [ends_after_it_starts("a_status")]


class Review(ChildRecord):
    """A statutory review of the child's care: held, or planned next."""

    on = models.DateField()
    participation = models.CharField(max_length=3, blank=True)
    held = models.BooleanField(default=True)

    classes = Classes(section=Section.OTHER_STATUS, default="P3")

    class Meta(ChildRecord.Meta):
        verbose_name = "care review"


class MissingEpisode(ChildSpell):
    """A time when the child was missing from care, or away without authorisation."""

    kind = models.CharField(max_length=1)

    classes = Classes(section=Section.OTHER_STATUS, default="P3")

    class Meta(ChildSpell.Meta):
        verbose_name = "missing episode"


class PreviousPermanence(ChildRecord):
    """A permanence arrangement that ended before this time in care. The date is kept as sent: parts may be unknown."""

    kind = models.CharField(max_length=2, blank=True)
    la_code = models.CharField(max_length=3, blank=True)
    date_as_sent = models.CharField(max_length=10, blank=True)

    classes = Classes(section=Section.OTHER_STATUS, default="P3")

    class Meta(ChildRecord.Meta):
        verbose_name = "previous permanence"


class ReturnedFacts(ChildRecord):
    """What a return answered of one sensitive kind in one collection year, where the authority keeps that kind.

    The answers are `COLUMN=value` joined by semicolons, as the return codes them, days as 2017-11-22. They are read on
    the child's page alone: no list, search, spreadsheet or exchange file holds them.
    """

    kind = models.CharField("Kind of fact", max_length=16, choices=SensitiveKind)
    on = models.DateField(help_text="The last day of the collection year that tells it")
    answers = EncryptedTextField()

    class Meta(ChildRecord.Meta):
        abstract = True

    def said(self) -> dict[str, str]:
        """Each answer by its column."""
        return dict(part.partition("=")[::2] for part in self.answers.split(";"))

    @staticmethod
    def together(said: dict[str, str]) -> str:
        """Answers as they are stored: the same for the same answers, in whatever order they came."""
        return ";".join(f"{column}={said[column]}" for column in sorted(said))


class ReturnedHealthFacts(ReturnedFacts):
    """Health checks and substance misuse, as a return answered them: read with the rest of the child's health."""

    classes = Classes(section=Section.HEALTH, default="P4", fields={"on": "P3"})

    class Meta(ReturnedFacts.Meta):
        verbose_name = "health facts of a return"
        verbose_name_plural = "health facts of returns"


class ReturnedSafeguardingFacts(ReturnedFacts):
    """Convictions, adopters' details and a mother's child, as a return answered them.

    They stand with safeguarding, the strictest section that anybody reads: of people who see the child it leaves out
    schools, carers and the data officer. Offending is P4 and belongs to no health section. The adopters' details name
    nobody and no new identity (that is sealed, P5); they stay with the record in care and are closed with it, and are
    never carried to the record that follows an adoption. A mother's child is another child's fact.
    """

    classes = Classes(section=Section.SAFEGUARDING, default="P4", fields={"on": "P3"})

    class Meta(ReturnedFacts.Meta):
        verbose_name = "safeguarding facts of a return"
        verbose_name_plural = "safeguarding facts of returns"


class CareLeaverContact(ChildRecord):
    """What was known of a care leaver around a birthday: in touch, activity, accommodation."""

    on = models.DateField(help_text="The last day of the collection year that tells it")
    in_touch = models.CharField(max_length=4, blank=True)
    activity = models.CharField(max_length=2, blank=True)
    accommodation = models.CharField(max_length=2, blank=True)

    classes = Classes(section=Section.OTHER_STATUS, default="P3")

    class Meta(ChildRecord.Meta):
        verbose_name = "care leaver contact"


class Difference(ChildRecord):
    """Two sources that disagree on one fact. The record keeps the more trusted one until a person settles it."""

    part = models.CharField("Section of the record", max_length=2, choices=[(s.value, s.title) for s in Section])
    fact = models.CharField(max_length=60, help_text="Which fact, as a key: characteristics.sex")
    kept = EncryptedTextField(blank=True)
    kept_source = models.CharField(max_length=20)
    other = EncryptedTextField(blank=True)
    other_source = models.CharField(max_length=20)
    noticed_on = models.DateField()
    settled_on = models.DateField(null=True, blank=True)
    settled_as = models.CharField(max_length=5, blank=True, choices=[("kept", "Kept"), ("other", "Changed")])

    classes = Classes(section=Section.BASICS, default="P4")

    class Meta(ChildRecord.Meta):
        verbose_name = "difference between sources"
        indexes = [models.Index(fields=["authority", "settled_on"], name="difference_to_settle")]
        constraints = [
            models.CheckConstraint(
                condition=Q(settled_on__isnull=True, settled_as="") | (Q(settled_on__isnull=False) & ~Q(settled_as="")),
                name="a_difference_is_settled_exactly_when_it_has_a_date",
            ),
            models.UniqueConstraint(
                fields=["child", "fact", "other_source"],
                condition=Q(settled_on__isnull=True),
                name="one_open_difference_on_a_fact_with_a_source",
            ),
        ]

    @classmethod
    def limited_to(cls, actor: Actor) -> Q:
        return Q(part__in=[section.value for section in Section if may_read(actor, section)])


class MoveNotice(ChildRecord):
    """A social worker's word that a child is moving home or school: a plan or a fact, put before the virtual school."""

    class About(models.TextChoices):
        HOME = "home", "Home"
        SCHOOL = "school", "School"
        BOTH = "both", "Home and school"

    about = models.CharField(max_length=6, choices=About)
    happens_on = models.DateField()
    has_happened = models.BooleanField(default=False)
    why = models.CharField(max_length=500, blank=True)
    new_home = EncryptedTextField("Where the child will live", blank=True)
    new_school = models.ForeignKey(School, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    told_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    told_on = models.DateField()
    seen_on = models.DateField(null=True, blank=True)

    classes = Classes(section=Section.SCHOOL, default="P3", fields={"new_home": "P4"})

    class Meta(ChildRecord.Meta):
        verbose_name = "notice of a move"


class Matter(ChildSpell):
    """A request, an incident or a review about a child: while it is open, information governance may see who looked.

    It opens the child's name and the access log to the authority's information governance officers, and no more.
    """

    class Kind(models.TextChoices):
        REQUEST = "request", "A request to see what is held"
        INCIDENT = "incident", "An incident"
        REVIEW = "review", "A review of who looked"

    kind = models.CharField(max_length=10, choices=Kind)
    reference = models.CharField("Your reference", max_length=30)
    reason = models.CharField(max_length=300)
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    classes = Classes(section=Section.LOOKS, default="P3")

    class Meta(ChildSpell.Meta):
        verbose_name = "matter"
        constraints = [
            ends_after_it_starts("a_matter"),
            models.CheckConstraint(condition=Q(end__isnull=False), name="a_matter_has_a_last_day"),
        ]


class CoverChild(ChildRecord):
    """A child to whom a cover is limited, where it is not given for every child of the post."""

    cover = models.ForeignKey(Cover, on_delete=models.PROTECT, related_name="+")

    classes = Classes(section=Section.PROFESSIONALS, default="P2")

    class Meta(ChildRecord.Meta):
        verbose_name = "child of a cover"
        constraints = [models.UniqueConstraint(fields=["cover", "child"], name="a_cover_names_a_child_once")]


class ServiceCase(ChildSpell):
    """A partner service's case with the child: what opens the record to one person of that service (2.6).

    Closed on `end`. The record stays open to them for five working days more, to finish.
    """

    service = models.CharField(max_length=20, choices=[(role.value, role.label) for role in PARTNERS])
    account = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    about = models.CharField("What the case is", max_length=200)

    classes = Classes(section=Section.PROFESSIONALS, default="P2", fields={"about": "P3", "service": "P3"})

    class Meta(ChildSpell.Meta):
        verbose_name = "case of a partner service"
        indexes = [models.Index(fields=["account", "service", "start"], name="case_of_a_person")]
        constraints = [ends_after_it_starts("a_case")]


class Release(ChildSpell):
    """A fact of P4 that one open case needs, let out to the person of that case: what, why, by whom, since when.

    It is read, and no more, while the case is open and until it is taken back on `end`. `row` is the address that was
    let out: of another home it says nothing.
    """

    class What(models.TextChoices):
        ADDRESS = "address", "Where the child lives"
        SDQ = "sdq", "Total SDQ scores"

    case = models.ForeignKey(ServiceCase, on_delete=models.PROTECT, related_name="+")
    what = models.CharField(max_length=7, choices=What)
    row = models.UUIDField(null=True, blank=True)
    why = EncryptedTextField("Why the case needs it")
    released_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    classes = Classes(
        section=Section.ADDRESS,
        default="P4",
        fields={"case": "P2", "released_by": "P1", **dict.fromkeys(("what", "row", "start", "end"), "P3")},
    )

    class Meta(ChildSpell.Meta):
        verbose_name = "release to a partner service"
        verbose_name_plural = "releases to partner services"
        constraints = [
            ends_after_it_starts("a_release"),
            models.CheckConstraint(
                condition=Q(what="address", row__isnull=False) | Q(what="sdq", row__isnull=True),
                name="a_release_of_an_address_names_the_address",
            ),
            models.UniqueConstraint(
                fields=["case", "what"], condition=Q(end__isnull=True), name="a_case_is_given_a_fact_once"
            ),
        ]

    @classmethod
    def limited_to(cls, actor: Actor) -> Q:
        return Q() if may_read(actor, Section.HEALTH) else ~Q(what="sdq")


class YoungAdultAgreement(ChildSpell):
    """What a young adult agreed to from 18 on: that a school or college, or a person, goes on seeing the record.

    `told` says how the young adult said it. Withdrawn on `end`.
    """

    school = models.ForeignKey(School, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    account = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    told = models.CharField("How they said it", max_length=300)

    classes = Classes(section=Section.PROFESSIONALS, default="P2", fields={"told": "P3"})

    class Meta(ChildSpell.Meta):
        verbose_name = "agreement of a young adult"
        constraints = [
            ends_after_it_starts("an_agreement_of_a_young_adult"),
            models.CheckConstraint(
                condition=Q(school__isnull=False, account__isnull=True) | Q(school__isnull=True, account__isnull=False),
                name="a_young_adult_agrees_to_a_school_or_a_person",
            ),
        ]


class RollNotice(ChildRecord):
    """A school's head teacher or designated teacher was told that the child is on its roll and looked after (R116).

    The day, to whom, and whether a message of Onroll did it or a person. Who told is empty for a message.
    """

    class To(models.TextChoices):
        HEAD_TEACHER = "head_teacher", "Head teacher"
        DESIGNATED_TEACHER = "designated_teacher", "Designated teacher"

    class How(models.TextChoices):
        MESSAGE = "message", "By a message"
        PERSON = "person", "By somebody"

    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="+")
    to = models.CharField("Who was told", max_length=18, choices=To)
    told_on = models.DateField("Told")
    how = models.CharField("How", max_length=7, choices=How)
    told_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    classes = Classes(section=Section.SCHOOL, default="P2", fields={"told_by": "P1"})

    class Meta(ChildRecord.Meta):
        verbose_name = "notice to a school"
        verbose_name_plural = "notices to schools"
        indexes = [models.Index(fields=["child", "school"], name="notice_to_a_school")]

    @classmethod
    def limited_to(cls, actor: Actor) -> Q:
        """With the place that it tells of: who may not know the school does not learn it from here."""
        places = SchoolPlace.unscoped.filter(
            SchoolPlace.limited_to(actor), child=models.OuterRef("child"), school=models.OuterRef("school")
        )
        return Q(models.Exists(places))


class SettingTold(ChildRecord):
    """A setting was told of the child's mental health, SEN or disability: what, to whom, when, why, by whom (R115).

    `text` is written for the school: what it must do. It is all that the school reads of the health section (SEC-2).
    """

    class About(models.TextChoices):
        HEALTH = "health", "Mental health"
        SEN = "sen", "Special educational needs"
        DISABILITY = "disability", "Disability"

    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="+")
    told_on = models.DateField()
    about = models.CharField(max_length=30, help_text="The kinds of need, with commas")
    to_whom = EncryptedTextField("Who was told")
    text = EncryptedTextField("What the school must do")
    why = EncryptedTextField("Why the school needs it")
    told_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")

    classes = Classes(
        section=Section.HEALTH,
        default="P4",
        fields={"school": "P2", "told_on": "P3", "about": "P3", "told_by": "P1"},
    )

    class Meta(ChildRecord.Meta):
        verbose_name = "telling of a setting"
        indexes = [models.Index(fields=["child", "school", "told_on"], name="telling_of_a_setting")]

    @property
    def kinds(self) -> list[str]:
        return [self.About(kind).label for kind in self.about.split(",") if kind in self.About.values]


class SavedView(models.Model):
    """A person's own way of looking at the roll: filters, columns and order, by name. Holds no child."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    authority = models.ForeignKey(Authority, on_delete=models.PROTECT, related_name="+")
    account = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=60)
    query = models.CharField(max_length=500, help_text="The fixed choices, as in the page's address")

    classes = Classes(section=None, default="P1")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["account", "authority", "name"], name="one_saved_view_of_a_name")
        ]

    def __str__(self) -> str:
        return self.name
