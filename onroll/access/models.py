"""The sign-in account of a person: staff, teacher or carer. One person has one, whatever posts they hold."""

import uuid
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower

from .classes import Classes


class AccountManager(BaseUserManager["Account"]):
    def get_by_natural_key(self, username: str | None) -> "Account":
        return self.get(email__iexact=username)

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "Account":
        """An account with this e-mail. Without a password nobody can sign in to it."""
        account = self.model(email=email.strip(), **fields)
        account.set_password(password)
        account.save()
        return account


class Account(AbstractBaseUser):
    """A person known to the installation. The account opens nothing by itself: posts and links do."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    email = models.EmailField("E-mail address", max_length=254)
    given_name = models.CharField(max_length=100)
    family_name = models.CharField(max_length=100)
    phone = models.CharField(max_length=40, blank=True)
    is_active = models.BooleanField(default=True)

    objects = AccountManager()

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: list[str] = []

    classes = Classes(section=None, default="P1")
    # A password's digest and the time of a sign-in are not facts about the record.
    history_omits = ("password", "last_login")

    class Meta:
        constraints = [models.UniqueConstraint(Lower("email"), name="one_account_per_email_address")]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        return f"{self.given_name} {self.family_name}".strip() or self.email
