"""Nobody finds out by trying which addresses have an account: the answer, its work and its time are the same."""

import os
import time
from datetime import timedelta
from statistics import NormalDist

import pytest
from django.contrib.auth.hashers import MD5PasswordHasher
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from onroll.access import guessing
from onroll.access.models import Account, Guesses
from onroll.access.roles import Role
from onroll.children.tests.scene import a_person, an_authority, write
from onroll.people.models import Post

from .scene import PASSWORD, can_sign_in, with_password

WRONG = "wrong-wrong-wrong"
KINDS = ("unknown", "wrong", "disabled", "delayed", "delayed with the right password", "invited")
TRIES = 2_000


class Counting(MD5PasswordHasher):
    """Counts how often a password is hashed."""

    made = 0

    def encode(self, password, salt):
        type(self).made += 1
        return super().encode(password, salt)


@pytest.fixture
def tries(db) -> dict[str, tuple[str, str]]:
    """An address and a password of each kind, each tried once before."""
    authority, castlebury = an_authority(), an_authority("998", "Castlebury")
    people = {}
    for kind in KINDS[1:]:
        people[kind] = a_person(authority, Role.VS_ADMIN, f"Pat {kind.split()[0].title()}{len(people)}")[0]
        # Who works for several authorities takes no longer than who works for one.
        write(Post(authority=castlebury, account=people[kind], role=Role.VS_ADMIN, start=timezone.localdate()))
        if kind != "invited":
            can_sign_in(people[kind])
    disabled: Account = people["disabled"]
    disabled.is_active = False
    write(disabled)
    pairs = {kind: (account.email, WRONG) for kind, account in people.items()}
    pairs["delayed with the right password"] = (pairs["delayed with the right password"][0], PASSWORD)
    pairs["unknown"] = ("nobody.here@example.org", WRONG)
    for kind, (email, _) in pairs.items():
        Client().post("/sign-in", {"email": email, "password": WRONG})
        as_before(kind, email)
    return pairs


def as_before(kind: str, email: str) -> None:
    """The counts of wrong tries as they were, so that every try is like the second one."""
    until = timezone.now() + timedelta(minutes=4) if kind.startswith("delayed") else None
    Guesses.objects.exclude(key=guessing.account_key(email)).filter(wrong__gt=1).update(wrong=1)
    Guesses.objects.filter(key=guessing.account_key(email)).update(wrong=1, until=until)


@pytest.mark.proves("AUT-3")
def test_unknown_wrong_disabled_and_delayed_take_the_same_work_and_answer_the_same(tries, settings):
    settings.PASSWORD_HASHERS = [f"{__name__}.Counting"]
    for email, _ in tries.values():
        if account := Account.objects.filter(email=email).exclude(password__startswith="!").first():
            with_password(account)
    seen = {}
    for kind, (email, password) in tries.items():
        Counting.made = 0
        client = Client()
        with CaptureQueriesContext(connection) as queries:
            answer = client.post("/sign-in", {"email": email, "password": password})
        statements = [
            " ".join(query["sql"].split()[:3]) for query in queries.captured_queries if "SAVEPOINT" not in query["sql"]
        ]
        text = answer.text.replace(email, "WHO")
        start, end = text.index("csrfmiddlewaretoken"), text.index("</form>")
        page = text[:start] + text[start + 120 : end] + text[end:]
        headers = {name for name, _ in answer.items()}
        seen[kind] = (answer.status_code, page, headers, sorted(answer.cookies), Counting.made, statements)

    assert seen["unknown"][4] == 1
    for kind in KINDS[1:]:
        for mine, unknown in zip(seen[kind], seen["unknown"], strict=True):
            assert mine == unknown, kind


def separable(one: list[float], other: list[float]) -> float:
    """The p of the rank sum test that two samples of times are of one distribution."""
    ranked = sorted([(each, 0) for each in one] + [(each, 1) for each in other])
    sum_of_ranks = sum(rank for rank, (_, of) in enumerate(ranked, start=1) if of == 0)
    n, m = len(one), len(other)
    mean, deviation = n * (n + m + 1) / 2, (n * m * (n + m + 1) / 12) ** 0.5
    return 2 * (1 - NormalDist().cdf(abs(sum_of_ranks - mean) / deviation))


def test_the_rank_sum_test_tells_samples_apart():
    one = [1 + n / 1000 for n in range(200)]

    assert separable(one, [each + 0.0001 for each in one]) > 0.5
    assert separable(one, [each + 0.05 for each in one]) < 0.001


@pytest.mark.nightly
@pytest.mark.proves("AUT-3")
def test_the_time_of_an_answer_does_not_tell_which_kind_it_was(tries, settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
    for email, _ in tries.values():
        if account := Account.objects.filter(email=email).exclude(password__startswith="!").first():
            with_password(account)
    times: dict[str, list[float]] = {kind: [] for kind in KINDS}
    client = Client()
    for n in range(int(os.environ.get("ONROLL_TRIES", TRIES))):
        # In turn, so that whatever else the machine does meets each kind alike.
        for kind in KINDS[n % len(KINDS) :] + KINDS[: n % len(KINDS)]:
            email, password = tries[kind]
            as_before(kind, email)
            began = time.perf_counter()
            client.post("/sign-in", {"email": email, "password": password})
            times[kind].append(time.perf_counter() - began)

    told = {kind: separable(times[kind], times["unknown"]) for kind in KINDS[1:]}
    assert min(told.values()) > 0.01, told
