"""W2 and W3: how many queries a page asks with 25 children on the roll and with 2,000, and how many bytes it is."""

import gzip
from collections.abc import Iterator
from dataclasses import dataclass
from uuid import uuid4

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from onroll.access import scope
from onroll.access.models import Account
from onroll.access.roles import Role
from onroll.access.sessions import SignedIn
from onroll.children.models import Identifiers
from onroll.people.models import Post
from onroll.plans.models import Plan
from onroll.site.demo.cast import MIAS_NUMBER

from .running import Result, Spread

# The most queries of a page, where there is a most beside that it is the same for few children and for many.
MOST_QUERIES = {"home": 10, "roll": 8, "child": 12}
MOST_BYTES = 15_000
_OF_TRANSACTIONS = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE", "ROLLBACK")


@dataclass(frozen=True)
class Seen:
    """What a page took: its queries, and its bytes when they are compressed."""

    queries: int
    bytes: int


def seen(authority: int) -> dict[str, Seen]:
    """Each page as the head of the virtual school opens it for the second time."""
    client = _signed_in(authority)
    found = {}
    for name, path in _paths(authority):
        client.get(path)
        with CaptureQueriesContext(connection) as asked:
            page = client.get(path)
        assert page.status_code == 200, (path, page.status_code)
        queries = [each for each in asked if not each["sql"].startswith(_OF_TRANSACTIONS)]
        found[name] = Seen(len(queries), len(gzip.compress(page.content)))
    return found


def queries(few: dict[str, Seen], many: dict[str, Seen]) -> list[Result]:
    """W2: for many children as for few, and no more than a page of its kind may ask."""
    found = []
    for name in many:
        ours = Spread.of([many[name].queries])
        words = "With 2,000 children on the roll. The yardstick is the same page with 25."
        found.append(Result.of(f"W2 {name}", ours, Spread.of([few[name].queries]), goal=1, unit="queries", notes=words))
        if name in MOST_QUERIES:
            most, words = Spread.of([MOST_QUERIES[name]]), "The yardstick is what such a page may ask."
            found.append(Result.of(f"W2 {name}, at most", ours, most, goal=1, unit="queries", notes=words))
    return found


def weights(many: dict[str, Seen]) -> list[Result]:
    """W3: the bytes of a page on its way, where what stands before Onroll compresses it."""
    most = Spread.of([MOST_BYTES])
    words = "Compressed with gzip, with 2,000 children on the roll. The yardstick is what a page may be."
    return [
        Result.of(f"W3 {name}", Spread.of([page.bytes]), most, goal=1, unit="bytes", notes=words)
        for name, page in many.items()
    ]


def _paths(authority: int) -> Iterator[tuple[str, str]]:
    with scope.in_authority(authority):
        child = Identifiers.unscoped.get(authority_id=authority, child_number=MIAS_NUMBER).child
        plan = Plan.objects.filter(authority_id=authority).order_by("start").last()
    yield "home", reverse("home")
    yield "roll", reverse("children:roll")
    yield "child", reverse("profile:story", args=[child.public_id])
    yield "scorecard", reverse("reports:scorecard")
    if plan is not None:
        yield "plan", plan.get_absolute_url()


def _signed_in(authority: int) -> Client:
    """A browser in which the head of the virtual school has signed in, with both steps."""
    with scope.in_authority(authority):
        post = Post.objects.filter(authority_id=authority, role=Role.VSH).order_by("pk").last()
        assert post is not None
        account = Account.objects.get(pk=post.account_id)
    client = Client(headers={"host": "localhost"})
    client.force_login(account, backend="django.contrib.auth.backends.ModelBackend")
    session, now = client.session, timezone.now().timestamp()
    SignedIn(public_id=str(uuid4()), began=now, seen=now, proved=now, whole=True).keep_in(session)
    session.save()
    return client
