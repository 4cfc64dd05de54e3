"""A data officer with weekly lists, and a small roll to load them onto."""

from datetime import date
from types import SimpleNamespace

import pytest

from onroll.access.actors import Actor
from onroll.access.roles import Role
from onroll.children.models import CareEpisode, Child, Identifiers
from onroll.children.queries import roll
from onroll.children.tests.scene import a_person, a_school, an_authority
from onroll.exchange.engine import FEEDS, Options, apply, preview, undo, why_not_apply
from onroll.exchange.feeds.exchange.exporting import as_text
from onroll.exchange.feeds.exchange.tables import TABLES
from onroll.exchange.feeds.exchange.tables.table import Holdings
from onroll.exchange.reading import Upload

TODAY = date(2026, 11, 13)

HEADINGS = {
    "child_id": "Child Unique ID",
    "family_name": "Surname",
    "given_name": "Forename",
    "known_as": "Known as",
    "birth_date": "Date of Birth",
    "sex": "Gender",
    "ethnicity": "Ethnicity",
    "upn": "UPN",
    "disability": "Disability",
    "uasc": "UASC",
    "care_start": "Date Started to be Looked After",
    "legal_status": "Child's Legal Status",
    "legal_status_on": "Start date of current legal status",
    "category_of_need": "Child's Category of Need",
    "placement_type": "Placement Type",
    "provider": "Placement Provider",
    "placement_start": "Start date of most recent placement",
    "postcode": "Placement Postcode",
    "address": "Placement address",
    "la_code": "LA of Placement",
    "ofsted_urn": "URN of Placement",
    "social_worker": "Allocated Worker",
    "team": "Allocated Team",
    "iro": "IRO",
    "officer": "Virtual School Officer",
    "school": "School",
    "school_start": "School start date",
    "next_review": "Next review date",
    "last_review": "Last review date",
    "care_end": "Date Ceased to be Looked After",
    "reason_ceased": "Reason Ceased to be Looked After",
}


def a_row(child_id: str = "0042", **cells: str) -> dict[str, str]:
    """Mia, as a list tells of her. A day is written like 31/03/2026."""
    mia = {
        "child_id": child_id,
        "family_name": "Dawson",
        "given_name": "Mia",
        "birth_date": "06/05/2014",
        "sex": "Female",
        "care_start": "01/06/2022",
        "legal_status": "C2 - Full care order",
        "category_of_need": "N1",
        "placement_type": "U6",
        "provider": "PR1",
    }
    return mia | cells


def a_list(*rows: dict[str, str]) -> Upload:
    keys = [key for key in HEADINGS if any(key in row for row in rows)]
    lines = [[HEADINGS[key] for key in keys], *([row.get(key, "") for key in keys] for row in rows)]
    return Upload("list.csv", "\n".join(",".join(f'"{cell}"' for cell in line) for line in lines).encode())


@pytest.fixture
def office(db):
    """Ashcombe's data officer, who loads lists and asks what came of them."""
    ashcombe = an_authority()
    actor = Actor.command_line(ashcombe.pk, today=TODAY, user="tester")
    feed = FEEDS["list"]

    def check(*rows, **options):
        return preview(feed, [a_list(*rows)], actor=actor, options=Options(**options))

    def load(*rows, **options):
        return apply(check(*rows, **options), actor=actor)

    def child(number: str = "0042") -> Child:
        return Identifiers.unscoped.select_related("child").get(authority=ashcombe, child_number=number).child

    def episodes(number: str = "0042") -> list[CareEpisode]:
        found = CareEpisode.unscoped.filter(child=child(number)).select_related("placement")
        return list(found.order_by("start", "pk"))

    def export() -> dict[str, str]:
        holdings = Holdings.of(actor)
        return {table.file: as_text(table, holdings) for table in TABLES}

    return SimpleNamespace(
        ashcombe=ashcombe,
        actor=actor,
        check=check,
        load=load,
        why_not=lambda *rows, **options: why_not_apply(check(*rows, **options), actor=actor),
        undo=lambda import_: undo(import_, actor=actor),
        roll=lambda day=TODAY: roll(ashcombe.pk, day),
        child=child,
        episodes=episodes,
        export=export,
    )


@pytest.fixture
def people(office):
    """Two social workers and a reviewing officer with posts in Ashcombe."""
    return SimpleNamespace(
        tom=a_person(office.ashcombe, Role.SOCIAL_WORKER, "Tom Adeyemi")[0],
        ann=a_person(office.ashcombe, Role.SOCIAL_WORKER, "Ann Lee")[0],
        iris=a_person(office.ashcombe, Role.IRO, "Iris Noor")[0],
    )


@pytest.fixture
def schools(db):
    return SimpleNamespace(hillside=a_school("Hillside School"), riverside=a_school("St. Mary's C of E Riverside"))
