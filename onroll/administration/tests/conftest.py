"""Ashcombe and Castlebury, and the people of Ashcombe whom Kiran, its administrator, looks after."""

from dataclasses import dataclass, field, replace
from datetime import date

import pytest
from django.utils import timezone

from onroll.access.actors import Actor
from onroll.access.models import Account
from onroll.access.roles import Role
from onroll.authorities.models import Authority, CalendarEntry, Team
from onroll.children.models import Child
from onroll.children.tests.scene import a_child, a_person, a_place, a_school, an_authority, together, write
from onroll.schools.models import School

TODAY = date(2026, 3, 31)


@dataclass
class Cast:
    ashcombe: Authority
    castlebury: Authority
    fernhill: School
    hillside: School
    team: Team
    mia: Child
    people: dict[str, tuple[Account, Actor]] = field(default_factory=dict)

    def account(self, name: str) -> Account:
        return self.people[name][0]

    def actor(self, name: str) -> Actor:
        return self.people[name][1]

    def add(self, name: str, role: Role, authority: Authority | None = None, **post) -> Account:
        account, actor = a_person(authority or self.ashcombe, role, f"Pat {name.title()}", **post)
        self.people[name] = account, replace(actor, today=TODAY, team=getattr(post.get("team"), "pk", None))
        return account


@pytest.fixture
def today(monkeypatch):
    """The day on which every page is asked for."""
    localdate = timezone.localdate
    monkeypatch.setattr(timezone, "localdate", lambda value=None: localdate(value) if value else TODAY)
    return TODAY


@pytest.fixture
@together()
def cast(db, today) -> Cast:
    ashcombe, castlebury = an_authority(), an_authority("998", "Castlebury")
    fernhill, hillside = a_school("Fernhill Academy"), a_school("Hillside School")
    team = write(Team(authority=ashcombe, name="Children in care 1"))
    mia = a_child(ashcombe, "Mia Dawson", number="A1")
    a_place(mia, fernhill)
    term = {"kind": "term", "academic_year": "2025-26", "term": "spring"}
    write(CalendarEntry(authority=ashcombe, **term, start=date(2026, 1, 5), end=date(2026, 4, 3)))
    cast = Cast(ashcombe, castlebury, fernhill, hillside, team, mia)
    cast.add("kiran", Role.ADMINISTRATOR)
    cast.add("head", Role.VSH)
    cast.add("manager", Role.TEAM_MANAGER, team=team)
    cast.add("worker", Role.SOCIAL_WORKER, team=team)
    cast.add("teacher", Role.DESIGNATED_TEACHER, school=fernhill)
    return cast
