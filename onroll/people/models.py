"""The posts that people hold: what gives a person a role, where, from when to when."""

import uuid
from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from onroll.access.classes import Classes
from onroll.access.roles import Role
from onroll.authorities.models import Authority, Team
from onroll.history.apart import Apart
from onroll.schools.models import School


class PostQuerySet(models.QuerySet["Post"]):
    def live(self, on: date) -> "PostQuerySet":
        """Posts held on this day."""
        return self.filter(Q(end__isnull=True) | Q(end__gt=on), start__lte=on, account__is_active=True)


class Post(models.Model):
    """One person's post: a role in an authority's team, at a school, or as a carer. `[start, end)`.

    A post alone opens no child's record, but for the roles whose reach is the whole authority.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    authority = models.ForeignKey(Authority, on_delete=models.PROTECT, related_name="+")
    account = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="posts")
    role = models.CharField(max_length=20, choices=Role)
    team = models.ForeignKey(Team, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    school = models.ForeignKey(School, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    start = models.DateField()
    end = models.DateField(null=True, blank=True)
    source = models.CharField(max_length=20, default="person")

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
                condition=~Q(role__in=["designated_teacher", "deputy_dt"]) | Q(school__isnull=False),
                name="a_designated_teacher_has_a_school",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.account_id} {self.role}"

    def is_live(self, on: date) -> bool:
        return self.start <= on and (self.end is None or self.end > on)
