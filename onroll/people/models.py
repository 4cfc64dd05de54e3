"""The posts that people hold: what gives a person a role, where, from when to when. And who stands in for whom."""

import uuid
from datetime import date, timedelta

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from onroll.access.classes import Classes
from onroll.access.roles import PARTNERS, SCHOOL_STAFF, Role
from onroll.authorities.models import Authority, Team
from onroll.history.apart import Apart
from onroll.schools.models import School

# A post without an end is looked at again within this time, and lapses so long after that day (LNK-1).
REVIEWED_WITHIN = timedelta(days=365)
WARNING = timedelta(days=30)
# Cover is for an absence, and no longer than this (AWK-4).
LONGEST_COVER = timedelta(days=28)


class SharingAgreement(models.Model):
    """What the authority and a partner service agreed: who shares what, why, on which lawful basis. `[start, end)`.

    A partner service's post counts only while the agreement that it names is in force.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    authority = models.ForeignKey(Authority, on_delete=models.PROTECT, related_name="+")
    title = models.CharField(max_length=200)
    parties = models.CharField(max_length=400)
    purpose = models.CharField(max_length=1000)
    lawful_basis = models.CharField(max_length=400)
    start = models.DateField()
    end = models.DateField(null=True, blank=True)
    review_on = models.DateField()

    classes = Classes(section=None, default="P1")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(end__isnull=True) | Q(end__gte=F("start")), name="an_agreement_ends_after_it_starts"
            )
        ]

    def __str__(self) -> str:
        return self.title

    def is_in_force(self, on: date) -> bool:
        return self.start <= on and (self.end is None or self.end > on)


def a_year_ahead() -> date:
    """When a post written today is looked at again, unless whoever writes it says an earlier day."""
    return timezone.localdate() + REVIEWED_WITHIN


class PostQuerySet(models.QuerySet["Post"]):
    def live(self, on: date) -> "PostQuerySet":
        """Posts held on this day: begun, not ended, not lapsed, the account on, a partner's agreement in force, and
        waiting for nobody.
        """
        return self.filter(
            Q(end__isnull=True) | Q(end__gt=on),
            Q(end__isnull=False) | Q(role=Role.CARER) | Q(review_on__gt=on - WARNING),
            ~Q(role__in=PARTNERS)
            | (Q(agreement__end__isnull=True) | Q(agreement__end__gt=on)) & Q(agreement__start__lte=on),
            start__lte=on,
            account__is_active=True,
            waits=False,
        )

    def waiting(self, on: date) -> "PostQuerySet":
        """Posts that open nothing until a second person has confirmed the address they were given to."""
        return self.filter(Q(end__isnull=True) | Q(end__gt=on), waits=True, account__is_active=True)


class Post(models.Model):
    """One person's post: a role in an authority's team, at a school, or as a carer. `[start, end)`.

    A post alone opens no child's record, but for the roles whose reach is the whole authority. A post of staff
    without an end lapses when nobody has confirmed it by `review_on` nor in the thirty days of warning after it.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    authority = models.ForeignKey(Authority, on_delete=models.PROTECT, related_name="+")
    account = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="posts")
    role = models.CharField(max_length=20, choices=Role)
    team = models.ForeignKey(Team, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    school = models.ForeignKey(School, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    start = models.DateField()
    end = models.DateField(null=True, blank=True)
    review_on = models.DateField("To be confirmed by", default=a_year_ahead)
    agreement = models.ForeignKey(SharingAgreement, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    source = models.CharField(max_length=20, default="person")
    reason = models.CharField("Why the post was given", max_length=200, blank=True)
    waits = models.BooleanField(
        "Waits for a second person", default=False, help_text="The address is of no domain that is allowed here"
    )
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="Who can't be the second person. Nobody: it was asked from the command line",
    )

    objects = PostQuerySet.as_manager()

    classes = Classes(section=None, default="P1")
    # Before a person acts in any authority, they find the posts they can act in.
    found_by_account = "account"
    kept_apart = (
        Apart(
            "posts",
            of=("account", "authority", "role", "school", "team"),
            words="A person holds a post once at a time.",
        ),
    )

    class Meta:
        indexes = [models.Index(fields=["authority", "role"], name="post_authority_role")]
        constraints = [
            models.CheckConstraint(
                condition=Q(end__isnull=True) | Q(end__gte=F("start")), name="a_post_ends_after_it_starts"
            ),
            models.CheckConstraint(
                condition=~Q(role__in=list(SCHOOL_STAFF)) | Q(school__isnull=False),
                name="a_post_at_a_school_names_the_school",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.account_id} {self.role}"

    @property
    def lapses_on(self) -> date | None:
        """From which day the post no longer counts unless it is confirmed. None where it has an end of its own."""
        return None if self.end is not None or self.role == Role.CARER else self.review_on + WARNING

    def is_due(self, on: date) -> bool:
        """Whether somebody should have confirmed the post by now."""
        return self.lapses_on is not None and self.review_on <= on

    def is_live(self, on: date) -> bool:
        """The same as `live()`, but for whether the account is on."""
        if self.waits or self.start > on or (self.end is not None and self.end <= on):
            return False
        if self.lapses_on is not None and self.lapses_on <= on:
            return False
        return self.role not in PARTNERS or (self.agreement is not None and self.agreement.is_in_force(on))


class SchoolDomains(models.Model):
    """The e-mail domains of a school, as one authority knows them: its staff are invited there without a second person.

    A school of the national register may have other ones for another authority, so each keeps its own.
    """

    authority = models.ForeignKey(Authority, on_delete=models.PROTECT, related_name="+")
    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="+")
    domains = models.CharField(
        "E-mail domains", max_length=300, blank=True, help_text="What stands after the @, with spaces between"
    )

    classes = Classes(section=None, default="P1")

    class Meta:
        verbose_name_plural = "domains of schools"
        constraints = [models.UniqueConstraint(fields=["authority", "school"], name="one_list_of_domains_for_a_school")]

    def __str__(self) -> str:
        return self.domains


class CoverQuerySet(models.QuerySet["Cover"]):
    def live(self, on: date) -> "CoverQuerySet":
        """Cover on this day, while whoever gave it holds the post."""
        return self.filter(start__lte=on, end__gt=on, post__in=Post.objects.live(on))


class Cover(models.Model):
    """Somebody stands in for the holder of a post, for at most 28 days. `[start, end)`.

    It is given to an e-mail address, so that giving it tells nobody who has an account. It opens what the giver's post
    opens that day and never more: fewer children where `every_child` is off, fewer sections where `sections` names any.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    authority = models.ForeignKey(Authority, on_delete=models.PROTECT, related_name="+")
    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="+")
    email = models.EmailField("Their e-mail address", max_length=254)
    every_child = models.BooleanField(default=True)
    sections = models.CharField(max_length=60, blank=True, help_text="Letters of sections, with spaces; empty is all")
    start = models.DateField()
    end = models.DateField()
    reason = models.CharField(max_length=200, blank=True)

    objects = CoverQuerySet.as_manager()

    # Who may have cover in an authority where they hold no post finds it before they act anywhere.
    found_by_email = "email"
    classes = Classes(section=None, default="P1")

    class Meta:
        indexes = [models.Index(fields=["email", "start"], name="cover_of_an_address")]
        constraints = [
            models.CheckConstraint(condition=Q(end__gte=F("start")), name="cover_ends_after_it_starts"),
            models.CheckConstraint(condition=Q(email=models.functions.Lower("email")), name="cover_is_lower_case"),
        ]

    def __str__(self) -> str:
        return f"cover {self.pk}"

    @property
    def only_sections(self) -> frozenset[str] | None:
        return frozenset(self.sections.split()) or None
