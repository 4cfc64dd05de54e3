"""Words of a file that tell where a child lives are left out, and said so without them (ADR-4)."""

import pytest

from onroll.children.models import SchoolPlace
from onroll.exchange.feeds.exchange.tests.test_round_trip import FILES, actor, load, uploads  # noqa: F401

PLACES = FILES["school_places.csv"]


@pytest.mark.proves("ADR-4")
@pytest.mark.parametrize("address", ["9 Birch Way, Ashcombe", "ZZ2 2ZZ"])
def test_why_a_school_was_chosen_does_not_tell_a_marked_address(actor, address):  # noqa: F811
    care = FILES["care_episodes.csv"].replace("only_named_users,,", 'only_named_users,"9 Birch Way, Ashcombe",')
    places = PLACES.replace("near her friends", f'"near {address}"')

    import_ = load(uploads(care_episodes=care, school_places=places), actor)

    assert not SchoolPlace.unscoped.exclude(why_this_school="").exists()
    problem = import_.problems.get(kind="tells")
    assert problem.number == "00417"
    assert "why this school" in problem.wrong
    for secret in ("Birch Way", "ZZ2", "near"):
        assert secret not in f"{problem.wrong}{problem.done}"


def test_words_that_tell_nothing_are_taken(actor):  # noqa: F811
    load(uploads(), actor)

    assert SchoolPlace.unscoped.filter(why_this_school="near her friends").exists()


@pytest.mark.proves("ADR-4")
def test_a_later_load_is_looked_through_with_the_address_that_is_held(actor):  # noqa: F811
    load(uploads(), actor)

    load(uploads(school_places=PLACES.replace("near her friends", "so close to ZZ22ZZ")), actor)

    assert SchoolPlace.unscoped.filter(why_this_school="near her friends").exists()
    assert not SchoolPlace.unscoped.filter(why_this_school__contains="close").exists()
