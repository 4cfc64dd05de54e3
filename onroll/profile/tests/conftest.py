"""Mia and the people round her. Every fact that some may not know carries a word that can be looked for."""

from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

import pytest
from django.utils import timezone

from onroll.access.actors import Actor
from onroll.access.models import Account
from onroll.access.roles import SCHOOL_STAFF, Role
from onroll.authorities.models import Authority, CalendarEntry, Team
from onroll.children.models import (
    CareEpisode,
    Characteristics,
    CharacteristicSpell,
    Child,
    Difference,
    EHCPlan,
    FormerName,
    Identifiers,
    MissingEpisode,
    MoveNotice,
    PlacementAddress,
    PlacementArea,
    PreviousPermanence,
    Review,
    SDQScore,
    SENNeed,
    SENProvision,
    Status,
)
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
from onroll.schools.models import School

TODAY = date(2026, 3, 31)


@dataclass
class Cast:
    ashcombe: Authority
    mia: Child
    fernhill: School
    home: CareEpisode | None = None
    people: dict[Role, tuple[Account, Actor]] = field(default_factory=dict)

    def account(self, role: Role) -> Account:
        return self.people[role][0]

    def actor(self, role: Role) -> Actor:
        return self.people[role][1]


def of(child: Child, model: type[Any], **values: Any) -> Any:
    """A row about the child."""
    return write(model(authority_id=child.authority_id, child=child, **values))


def a_home(episode: CareEpisode, address: str, postcode: str, *, area: str, mark: str = "not_to_family") -> None:
    """The address of an episode's home, and what follows from it."""
    child = episode.child
    of(child, PlacementAddress, episode=episode, address=address, postcode=postcode, disclosure=mark)
    of(child, PlacementArea, episode=episode, la_code="998" if area == "out" else "999", distance_miles="23.4")
    episode.placement.area = area
    write(episode.placement)


@pytest.fixture
def today(monkeypatch):
    """The day on which every page is asked for."""
    localdate = timezone.localdate
    monkeypatch.setattr(timezone, "localdate", lambda value=None: localdate(value) if value else TODAY)
    return TODAY


@pytest.fixture
@together()
def cast(db, today) -> Cast:
    ashcombe = an_authority()
    team = write(Team(authority=ashcombe, name="North"))
    earlier = a_school("Canary Primary", phase="primary")
    wexcombe = a_school("Wexcombe High School", la_code="998")
    fernhill = a_school("Fernhill Academy")
    mia = a_child(ashcombe, "Amelia Dawson", known_as="Mia", number="CANARYNUMBER", birth_date=date(2013, 3, 4))
    cast = Cast(ashcombe, mia, fernhill)
    places = {role: {"school": fernhill} for role in SCHOOL_STAFF}
    teams = {Role.SOCIAL_WORKER: {"team": team}, Role.TEAM_MANAGER: {"team": team}}
    names = {Role.SOCIAL_WORKER: "Tom Adeyemi", Role.CARER: "Jean Canarycarer", Role.VS_OFFICER: "Priya Raman"}
    for role in Role:
        if role != Role.DEPUTY_DT:
            cast.people[role] = a_person(
                ashcombe,
                role,
                names.get(role, f"Sam {role.name.title()}"),
                **places.get(role, {}),
                **teams.get(role, {}),
            )
    cast.people[Role.DEPUTY_DT] = a_person(ashcombe, Role.DEPUTY_DT, "Ola Deputy", school=fernhill)
    for role, (account, actor) in cast.people.items():
        cast.people[role] = account, replace(actor, authority_name=ashcombe.name)

    first = an_episode(mia, date(2021, 6, 18), end=date(2022, 3, 15), legal_status="C1", reason_ceased="X1")
    second = an_episode(mia, date(2022, 3, 15), end=date(2025, 1, 20), reason_new="L", reason_ceased="X1")
    third = an_episode(mia, date(2025, 1, 20), reason_new="P", placement_type="K2", source="list")
    cast.home = third
    a_home(first, "1 CANARYOLDROAD", "AS1 1AA", area="in")
    a_home(second, "1 CANARYOLDROAD", "AS1 1AA", area="in")
    a_home(third, "22 CANARYCLOSE", "ZZ9 9ZZ", area="out")

    full_time = {"hours_per_week": 25, "full_time_hours": 25}
    a_place(mia, earlier, date(2018, 9, 3), end=date(2024, 7, 24), leaving_reason="normal_transfer")
    a_place(mia, wexcombe, date(2024, 9, 3), end=date(2025, 2, 3), leaving_reason="unplanned")
    a_place(mia, fernhill, date(2025, 2, 10), why_this_school="Mia asked for it", **full_time)
    for year in range(2017, 2026):
        terms = ((9, 1, 12, 20), (1, 5, 3, 29), (4, 14, 7, 24))
        for term, (m1, d1, m2, d2) in zip(("autumn", "spring", "summer"), terms, strict=True):
            y = year if term == "autumn" else year + 1
            start, end = date(y, m1, d1), date(y, m2, d2)
            write(CalendarEntry(authority=ashcombe, kind="term", academic_year="", term=term, start=start, end=end))

    of(mia, SENProvision, value="K", start=date(2023, 1, 10))
    of(mia, SENNeed, value="SEMH", start=date(2023, 1, 10))
    of(mia, EHCPlan, start=date(2022, 1, 10), end=date(2022, 12, 10))
    of(mia, SDQScore, score=19, start=date(2024, 9, 30))
    of(mia, SDQScore, score=12, start=date(2025, 9, 30))
    of(mia, Review, on=date(2025, 10, 6), participation="PN1")
    of(mia, Review, on=date(2026, 4, 8), held=False)
    of(mia, MissingEpisode, kind="M", start=date(2024, 11, 2), end=date(2024, 11, 4))
    of(mia, PreviousPermanence, kind="P2", date_as_sent="zz/zz/2017")
    of(mia, Status, kind="sgo", start=date(2019, 1, 1), end=date(2021, 6, 18), lawful_basis="CANARYBASIS")
    of(mia, FormerName, given_name="Amelia", family_name="Canaryformer", end=date(2019, 5, 1))
    of(mia, CharacteristicSpell, kind="fsm", value="Yes", start=date(2021, 9, 1))
    of(mia, Difference, part="a", fact=f"child.{mia.pk}.birth_date", kept="2013-03-04", kept_source="person",
       other="2013-04-03", other_source="ssda903", noticed_on=date(2026, 3, 20))  # fmt: skip
    of(mia, MoveNotice, about="both", happens_on=date(2026, 5, 4), why="CANARYWHY", new_home="9 CANARYNEW",
       new_school=wexcombe, told_by=cast.account(Role.SOCIAL_WORKER), told_on=date(2026, 3, 27))  # fmt: skip
    characteristics = Characteristics.unscoped.get(child=mia)
    characteristics.ethnicity, characteristics.religion, characteristics.first_language = (
        "WBRI",
        "Not disclosed",
        "Welsh",
    )
    write(characteristics)
    numbers = Identifiers.unscoped.get(child=mia)
    numbers.upn, numbers.uln = "CANARYUPN0001", "CANARYULN1"
    write(numbers)
    for role in (Role.SOCIAL_WORKER, Role.VS_OFFICER, Role.IRO, Role.CARER):
        an_allocation(mia, cast.account(role), role, date(2025, 1, 20))
    return cast
