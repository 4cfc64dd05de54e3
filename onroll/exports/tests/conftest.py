from dataclasses import replace
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.test import Client
from django.utils import timezone

from onroll.access.models import Account
from onroll.access.roles import Role
from onroll.access.sessions import SignedIn
from onroll.children.models import Disclosure, PlacementAddress
from onroll.children.tests.scene import (
    a_child,
    a_person,
    a_place,
    a_school,
    an_allocation,
    an_authority,
    an_episode,
    together,
    write,
)
from onroll.people.posts import actor_for


def signed_in(account: Account) -> Client:
    client = Client()
    client.force_login(account)
    return client


def proved_an_hour_ago(client: Client) -> Client:
    """The same sign-in, an hour after its second step."""
    session = client.session
    held = SignedIn.of(session)
    assert held is not None
    replace(held, proved=(timezone.now() - timedelta(hours=1)).timestamp()).keep_in(session)
    session.save()
    return client


@pytest.fixture
@together()
def cast(db):
    """Mia, at Hillside, lives at 24 Mill Lane with Jean Boyle; Noah is at Riverside."""
    today = timezone.localdate()
    ashcombe = an_authority()
    start = today - timedelta(days=300)
    mia, noah = a_child(ashcombe, "Mia Dawson", number="00417"), a_child(ashcombe, "Noah Birch", number="00418")
    episode = an_episode(mia, start)
    an_episode(noah, start)
    keys = {"authority": ashcombe, "child": mia}
    write(
        PlacementAddress(
            **keys,
            episode=episode,
            address="24 Mill Lane, Thornby",
            postcode="AB12 9ZQ",
            disclosure=Disclosure.ORDINARY,
        )
    )
    place = a_place(mia, a_school("Hillside", town="Thornby"), start)
    a_place(noah, a_school("Riverside"), start)
    jean = a_person(ashcombe, Role.CARER, "Jean Boyle")[0]
    an_allocation(mia, jean, Role.CARER)
    accounts = {
        "head": a_person(ashcombe, Role.VSH, "Hana Reid")[0],
        "deputy": a_person(ashcombe, Role.DEPUTY_VSH, "Dee Park")[0],
        "adviser": a_person(ashcombe, Role.VS_OFFICER, "Ada Lowe")[0],
        "officer": a_person(ashcombe, Role.DATA_OFFICER, "Ola Finch")[0],
        "worker": a_person(ashcombe, Role.SOCIAL_WORKER, "Sam Doyle")[0],
    }

    def actor(name: str):
        post = accounts[name].posts.select_related("account", "authority").get()
        return actor_for(post, today=today)

    return SimpleNamespace(
        ashcombe=ashcombe,
        mia=mia,
        noah=noah,
        place=place,
        episode=episode,
        today=today,
        accounts=accounts,
        actor=actor,
        client=lambda name: signed_in(accounts[name]),
    )
