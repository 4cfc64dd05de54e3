"""A data officer and small returns, written as the guide writes them."""

from datetime import date
from types import SimpleNamespace

import pytest

from onroll.access.actors import Actor
from onroll.children.models import CareEpisode, Identifiers
from onroll.children.queries import roll
from onroll.children.tests.scene import an_authority
from onroll.exchange.engine import FEEDS, Options, apply, preview, why_not_apply
from onroll.exchange.reading import Upload, gather

TODAY = date(2026, 3, 31)

HEADER = "CHILD,SEX,DOB,ETHNIC,UPN,MOTHER,MC_DOB"
EPISODES = "CHILD,DECOM,RNE,LS,CIN,PLACE,PLACE_PROVIDER,DEC,REC,REASON_PLACE_CHANGE,HOME_POST,PL_POST,URN"


def a_file(name: str, *lines: str) -> Upload:
    return Upload(name, ("\n".join(lines) + "\n").encode())


def headers(*rows: str) -> Upload:
    return a_file("header.csv", HEADER, *rows)


def episodes(*rows: str) -> Upload:
    return a_file("episodes.csv", EPISODES, *rows)


MIA = "0042,2,06/05/2009,WBRI,H801200001001,,"
MIA_IN_CARE = "0042,10/06/2016,S,C2,N1,U6,PR1,,,,AB1 2DE,AB3 4EF,SC123456"


def year_of(folder, year: int):
    """The files of one return of the demand model."""
    return sorted(folder.glob(f"{year}-*.csv"))


@pytest.fixture
def office(db):
    return an_office()


def an_office(code: str = "999") -> SimpleNamespace:
    """An authority's data officer, who can load files and ask who is on the roll."""
    ashcombe = an_authority(code)
    actor = Actor.command_line(ashcombe.pk, today=TODAY, user="tester")
    feed = FEEDS["ssda903"]

    def check(files, **options):
        uploads = files if isinstance(files[0], Upload) else gather(files)
        return preview(feed, uploads, actor=actor, options=Options(**options))

    def load(*files, **options):
        return apply(check(list(files), **options), actor=actor)

    def why_not(*files, **options):
        return why_not_apply(check(list(files), **options), actor=actor)

    def episode_of(number: str) -> CareEpisode:
        child = Identifiers.unscoped.get(authority=ashcombe, child_number=number).child_id
        return CareEpisode.unscoped.get(child_id=child)

    return SimpleNamespace(
        ashcombe=ashcombe,
        actor=actor,
        check=lambda *files, **options: check(list(files), **options),
        load=load,
        why_not=why_not,
        roll=lambda day: roll(ashcombe.pk, day),
        episode_of=episode_of,
    )
