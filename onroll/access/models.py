"""The sign-in account of a person, and what signing in needs to remember. One person has one account, whatever posts.

Only the account itself is recorded in the history. The rest comes and goes with signing in, and the access log says
who signed in and when.
"""

import secrets
import uuid
from datetime import datetime
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models
from django.db.models.functions import Lower

from .classes import Classes
from .encryption import INSTALLATION, EncryptedTextField


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


class Session(AbstractBaseSession):
    """One browser's sign-in. It knows whose it is, so that a person can see and end their own."""

    # Not unique: when the id of a session changes, the row that follows stands beside the old one for a moment.
    public_id = models.UUIDField(default=uuid.uuid4, db_index=True, editable=False)
    account = models.ForeignKey(Account, on_delete=models.CASCADE, null=True, related_name="+")

    classes = Classes(section=None, default="P1")

    @classmethod
    def get_session_store_class(cls) -> Any:
        from .sessions import SessionStore

        return SessionStore


class Guesses(models.Model):
    """How often somebody was wrong: about one account, one second factor, or from one address.

    The key is a digest, so the table does not list what people typed.
    """

    key = models.CharField(max_length=64, unique=True)
    wrong = models.PositiveIntegerField(default=0, help_text="How many tries in a row, or in this window, were wrong")
    since = models.DateTimeField(help_text="When the first of them was")
    until = models.DateTimeField(null=True, help_text="Before this moment every try is refused")

    classes = Classes(section=None, default="P1")


class KeptWords(models.Model):
    """What a person typed when their sign-in was over, kept until they are back. For an hour or so, never longer."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="+")
    kept_at = models.DateTimeField()
    words = EncryptedTextField(help_text="The address and the fields of the form, as JSON")

    classes = Classes(section=None, default="P1", fields={"words": "P4"})
    authority_id = INSTALLATION


def a_reference() -> str:
    """Random, and easy to read out: 8 letters and figures that are not taken for each other."""
    return "".join(secrets.choice("23456789ABCDEFGHJKMNPQRSTUVWXYZ") for _ in range(8))


class Mail(models.Model):
    """A message to one person, from its writing in the same transaction as what it tells of until it was sent."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    reference = models.CharField(max_length=8, unique=True, default=a_reference)
    authority = models.PositiveBigIntegerField(help_text="The authority it speaks for; 0 is the installation")
    to = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="+")
    address = models.EmailField(max_length=254)
    kind = models.CharField(max_length=40)
    path = EncryptedTextField(blank=True, help_text="The page it leads to. Forgotten once the message was sent")
    written_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    taken_until = models.DateTimeField(null=True, help_text="Until then one process is sending it, or waits to retry")
    tries = models.PositiveSmallIntegerField(default=0)
    stopped = models.CharField(max_length=200, blank=True, help_text="Why it is not sent any more")

    classes = Classes(section=None, default="P1")
    authority_id = INSTALLATION

    class Meta:
        indexes = [models.Index(fields=["sent_at", "taken_until"], name="mail_to_send")]

    def is_due(self, now: datetime) -> bool:
        return self.sent_at is None and not self.stopped and (self.taken_until is None or self.taken_until <= now)


class RefusedAddress(models.Model):
    """An address whose server said for good that it takes no messages. Nothing more is sent there for this authority
    until somebody of it has confirmed the address. Each authority learns it from its own messages.
    """

    authority = models.PositiveBigIntegerField(help_text="The authority whose message came back; 0 is the installation")
    address = models.EmailField(max_length=254, help_text="In lower case")
    code = models.PositiveSmallIntegerField(help_text="What the server answered, from 500 to 599")
    refused_at = models.DateTimeField()

    classes = Classes(section=None, default="P1")
    authority_id = INSTALLATION

    class Meta:
        constraints = [models.UniqueConstraint(fields=["authority", "address"], name="one_refusal_of_an_address")]
