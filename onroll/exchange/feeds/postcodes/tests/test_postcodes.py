from datetime import date
from decimal import Decimal

import pytest

from onroll.access.actors import Actor
from onroll.authorities.actions import set_up_authority
from onroll.authorities.models import Postcode
from onroll.children.models import EpisodePlacement, PlacementArea
from onroll.exchange import engine
from onroll.exchange.feeds.exchange.tests.test_round_trip import load as load_exchange
from onroll.exchange.feeds.exchange.tests.test_round_trip import uploads
from onroll.exchange.problems import Unreadable
from onroll.exchange.reading import Upload

TODAY = date(2026, 11, 12)

# ZZ postcodes are in no real directory. E08000031 is Wolverhampton (336), E08000025 Birmingham (330), W is in Wales.
DIRECTORY = """pcds,oslaua,oscty,oseast1m,osnrth1m
ZZ1 1ZZ,E08000031,E99999999,390000,300000
ZZ2 2ZZ,E08000025,E99999999,400000,300000
ZZ9 9ZZ,E08000031,E99999999,390000,300000
ZZ3 3ZZ,W06000015,W99999999,318000,176000
what,E08000031,E99999999,1,1
"""


@pytest.fixture
def actor(db):
    authority = set_up_authority("336", today=TODAY, user="test")
    return Actor.command_line(authority.pk, today=TODAY, user="test")


def load(text, actor):
    import_ = engine.preview(engine.FEEDS["postcodes"], [Upload("zz.csv", text.encode())], actor=actor)
    return engine.apply(import_, actor=actor)


def areas() -> list[str]:
    return list(EpisodePlacement.unscoped.order_by("episode__start").values_list("area", flat=True))


def test_a_home_lies_in_or_out_by_the_directory_and_is_not_known_without_one(actor):
    unstated = uploads()
    text = next(u for u in unstated if u.name == "care_episodes.csv").data.decode()
    load_exchange(uploads(care_episodes=text.replace(",336,ZZ1", ",,ZZ1").replace(",341,ZZ2", ",,ZZ2")), actor)
    assert set(areas()) == {"not_known"}

    load(DIRECTORY, actor)

    assert areas() == ["in", "not_known", "out", "not_known"]
    distances = PlacementArea.unscoped.order_by("episode__start").values_list("distance_miles", flat=True)
    assert list(distances) == [Decimal("0.0"), Decimal("6.2"), None]


def test_the_authority_that_a_source_names_comes_before_the_directory(actor):
    load_exchange(uploads(), actor)

    load(DIRECTORY, actor)

    codes = PlacementArea.unscoped.order_by("episode__start").values_list("la_code", flat=True)
    assert list(codes) == ["336", "341", ""]


def test_the_same_directory_again_changes_nothing(actor):
    load_exchange(uploads(), actor)
    load(DIRECTORY, actor)

    again = engine.preview(engine.FEEDS["postcodes"], [Upload("zz.csv", DIRECTORY.encode())], actor=actor)

    assert again.would_change == 0
    assert [sentence["count"] for sentence in again.sentences] == [0, 0]


def test_a_line_that_is_no_postcode_is_left_out_and_named(actor):
    import_ = load(DIRECTORY, actor)

    assert import_.problems.get().grade == "left_out"
    assert Postcode.objects.count() == 4
    assert Postcode.objects.get(pk="ZZ33ZZ").la_code == ""


def test_undoing_the_load_puts_the_homes_back(actor):
    load_exchange(uploads(), actor)
    import_ = load(DIRECTORY, actor)

    engine.undo(import_, actor=actor)

    distances = PlacementArea.unscoped.values_list("distance_miles", flat=True)
    assert set(distances) == {None}


def test_newer_editions_with_the_year_in_their_headings_are_read(actor):
    load("pcd8,lad24cd,cty24cd,east1m,north1m\nZZ1 1ZZ,E08000031,E99999999,390000,300000\n", actor)

    assert Postcode.objects.get().la_code == "336"


def test_another_file_is_refused_in_words(actor):
    with pytest.raises(Unreadable, match="postcode directory"):
        engine.preview(engine.FEEDS["postcodes"], [Upload("x.csv", b"a,b\n1,2\n")], actor=actor)
