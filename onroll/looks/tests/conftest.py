"""Two authorities' worth of looks: Mia and Noah of Ashcombe, and the people who look at them."""

from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime

import pytest
from django.utils import timezone

from onroll.access.actors import Actor
from onroll.access.models import Account
from onroll.access.roles import Role
from onroll.authorities.models import Authority
from onroll.children.models import Child
from onroll.children.tests.scene import a_child, a_person, a_place, a_school, an_authority, an_episode, together
from onroll.history import viewing
from onroll.schools.models import School

TODAY = date(2026, 3, 31)
# A Tuesday in term, in working hours.
NOON = datetime(2026, 3, 31, 11, 0, tzinfo=UTC)


@dataclass
class Cast:
    ashcombe: Authority
    castlebury: Authority
    fernhill: School
    mia: Child
    noah: Child
    stranger: Child
    people: dict[str, tuple[Account, Actor]] = field(default_factory=dict)

    def account(self, name: str) -> Account:
        return self.people[name][0]

    def actor(self, name: str) -> Actor:
        return self.people[name][1]


@pytest.fixture
def today(monkeypatch):
    """The day on which every page is asked for."""
    localdate = timezone.localdate
    monkeypatch.setattr(timezone, "localdate", lambda value=None: localdate(value) if value else TODAY)
    return TODAY


@pytest.fixture
def clock(monkeypatch):
    """Says at what moment the looks that follow were."""

    def at(moment: datetime) -> None:
        monkeypatch.setattr(timezone, "now", lambda: moment)

    at(NOON)
    return at


@pytest.fixture
@together()
def cast(db, today, clock) -> Cast:
    ashcombe, castlebury = an_authority(), an_authority("998", "Castlebury")
    fernhill = a_school("Fernhill Academy")
    mia, noah = a_child(ashcombe, "Mia Dawson", number="A1"), a_child(ashcombe, "Noah Birch", number="A2")
    stranger = a_child(castlebury, "Zed Elsewhere", number="A3")
    for child in (mia, noah, stranger):
        an_episode(child)
    a_place(mia, fernhill)
    cast = Cast(ashcombe, castlebury, fernhill, mia, noah, stranger)
    for name, role, post in (
        ("head", Role.VSH, {}),
        ("deputy", Role.DEPUTY_VSH, {}),
        ("officer", Role.DATA_OFFICER, {}),
        ("ig", Role.IG, {}),
        ("teacher", Role.DESIGNATED_TEACHER, {"school": fernhill}),
    ):
        account, actor = a_person(ashcombe, role, f"Pat {name.title()}man", **post)
        cast.people[name] = account, replace(actor, today=TODAY)
    return cast


def look(cast: Cast, name: str, child: Child, section: str = "a") -> int:
    return viewing.viewed(cast.actor(name), child, section, route="profile:story")
