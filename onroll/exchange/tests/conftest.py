"""A data officer of Ashcombe who is signed in, and a small return to load."""

from types import SimpleNamespace

import pytest

from onroll.access.roles import Role
from onroll.children.tests.scene import a_person, an_authority, together
from onroll.exchange.engine import FEEDS, Options, apply, preview
from onroll.exchange.feeds.ssda903.tests.conftest import MIA, MIA_IN_CARE, episodes, headers


@pytest.fixture
@together()
def cast(db, client):
    ashcombe = an_authority()
    account, actor = a_person(ashcombe, Role.DATA_OFFICER, "Joanne Pike")
    client.force_login(account)

    def check(*uploads, **options):
        return preview(FEEDS["ssda903"], uploads or A_RETURN, actor=actor, options=Options(**options))

    def load(*uploads, **options):
        return apply(check(*uploads, **options), actor=actor)

    return SimpleNamespace(
        ashcombe=ashcombe, data_officer=actor, account=account, client=client, check=check, load=load
    )


A_RETURN = (headers(MIA), episodes(MIA_IN_CARE))
THE_NEXT_YEAR = (
    headers("0043,1,01/02/2010,,,,"),
    episodes(MIA_IN_CARE.replace("0042,10/06/2016", "0043,10/06/2017")),
)
