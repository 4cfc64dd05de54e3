"""Words that tell where a child lives are found however they are spelled, and ordinary texts are left alone (ADR-4)."""

import itertools
import random

import pytest
from django.test import Client
from django.urls import reverse

from onroll.access.roles import Role
from onroll.children.leaks import Secrets, _parts, what_looks_like_an_address, what_tells
from onroll.children.models import Disclosure, LeakKept, PlacementAddress, SchoolPlace
from onroll.people.models import Post

from .scene import a_person, a_place, an_allocation, an_episode, write

HOUSES, _ = _parts("24 Saint Anne's Lane, Northmere")
_, NAMES = _parts("Willow Cottage, Duck End, Northmere")
SECRETS = Secrets(
    postcodes=("ab129zq",),
    houses=tuple(HOUSES),
    names=tuple(NAMES),
    carers=(("brathwaite", "jean"), ("wood", "alan")),
    telephones=("01632960417",),
)
AROUND = (
    "She lives at {}.",
    "Taxi from {} every morning",
    "the new placement ({}) is settled",
    "{}",
    "Ring first: {}!",
)


def variants():
    postcodes = [
        "AB12 9ZQ", "ab12 9zq", "AB129ZQ", "ab129zq", "A B 1 2 9 Z Q", "AB12  9ZQ", "AB12-9ZQ", "AB12.9ZQ",
        "AB12\n9ZQ",        "AB12\u00a09ZQ", "AB12\u200b9ZQ", "ＡＢ１２ ９ＺＱ", "AB12/9ZQ",
        "AbI2 9zq", "(AB12)9ZQ", "AB12_9ZQ", "AB1 29ZQ",
    ]  # fmt: skip
    houses = [
        "24 Saint Anne's Lane", "24 St Anne's Lane", "24 St. Annes Ln", "24, St Anne’s La.", "no 24 Saint Annes Lane",
        "number 24, St Anne's Lane", "twenty four St Annes Lane", "twenty-four Saint Anne's Ln", "24 SAINT ANNES LANE",
        "St Anne's Lane 24", "St Annes Ln, no. 24", "house 24 in Saint Anne's Lane", "24 saint annes lane",
        "24 Saint Annnes Lane", "24 Saint Anes Lane", "24 St-Anne's-Lane", "24  Saint\nAnne's Lane",
        "24 on St Annes Lane", "24 Saïnt Anne`s Lane",
    ]  # fmt: skip
    names = [
        "Willow Cottage", "willow cottage", "WILLOW COTTAGE", "Willow-Cottage", "WillowCottage", "Willow Cotage",
        "Wilow Cottage", "Willow  Cottage", "Willow Cottage's garden", "Willow\u00adCottage", "Willwo Cottage",
    ]  # fmt: skip
    carers = [
        "Mrs Brathwaite", "Jean Brathwaite", "the Brathwaites", "Brathwaite's house", "BRATHWAITE", "Ms. Brathwaite",
        "Brathwate", "Brathwiate", "Brath-waite", "Mr Wood", "Alan Wood", "the Wood family", "carer Wood",
    ]  # fmt: skip
    telephones = [
        "01632 960417", "01632960417", "(01632) 960 417", "+44 1632 960417", "+44 (0)1632 960417", "0044 1632 960417",
        "01632-960-417", "01632.960.417", "01632 960 417",
    ]  # fmt: skip
    said = itertools.chain(postcodes, houses, names, carers, telephones)
    return [around.format(each) for each, around in itertools.product(said, AROUND)]


def ordinary_texts(count=500):
    """Invented sentences as PEPs hold them, with numbers, names, streets and words that come near."""
    chance = random.Random(20260331)
    openings = ("Mia", "Noah", "The class teacher", "Her tutor", "Mrs Price", "Mr Boyle", "The SENCO", "Year 9")
    doings = (
        "reads for 24 minutes a day", "walked through the wood with the class", "has met 4 of 5 targets",
        "is at 101 on the reading test", "moved from set 3 to set 2", "will sit paper 2 in room 12",
        "enjoys art and woodwork", "went to the cottage museum", "has 24 house points", "likes the willow by the lane",
        "scored 12 out of 24", "was late 9 times in the autumn term", "needs 1 hour of mentoring a week",
        "asked to join the Duke of Edinburgh award", "is working towards grade 5", "started at 12.30 on 9 March 2026",
        "visits the farm in Long Lane every Friday", "read a poem on St Anne at assembly", "has an 8 am start",
        "finished Goodnight Mister Tom and began Skellig", "will see the educational psychologist on 24 April",
        "runs for the school at Castle Road playing fields", "gets 25 hours of support", "keeps a sketch book",
        "is proud of the model of a house", "wants to be a nurse", "attended 96.4% of sessions", "met her brother at 4",
        "knows her times tables to 12", "uses a reading pen", "has lunch with Jean from the kitchen",
    )  # fmt: skip
    endings = ("", " and is happy with it", ", as agreed in the last PEP", " with help", " from 2 February", " at last")
    return [f"{chance.choice(openings)} {chance.choice(doings)}{chance.choice(endings)}." for _ in range(count)]


@pytest.mark.proves("ADR-4")
def test_a_part_of_the_address_is_found_however_it_is_spelled():
    spelled = variants()
    missed = [text for text in spelled if not what_tells(text, SECRETS)]

    assert len(spelled) >= 200
    assert len(missed) <= len(spelled) / 100, missed


@pytest.mark.proves("ADR-4")
def test_ordinary_texts_raise_no_alarm():
    texts = ordinary_texts()
    alarms = [text for text in texts if what_tells(text, SECRETS)]
    alarms_of_others = [text for text in texts if what_looks_like_an_address(text)]

    assert len(texts) == 500
    assert len(set(texts)) > 300
    assert len(alarms) <= 10, alarms
    assert len(alarms_of_others) <= 10, alarms_of_others


def test_another_house_in_another_street_is_no_alarm():
    for text in ("24 Mill Lane", "12 St Anne's Lane", "AB12 9ZR", "Mr Woodward", "01632 960418", "Ivy Cottage"):
        assert what_tells(text, SECRETS) == [], text


@pytest.fixture
def flagged(cast):
    episode = an_episode(cast.mia)
    keys = {"authority": cast.ashcombe, "child": cast.mia}
    write(
        PlacementAddress(
            **keys,
            episode=episode,
            address="24 Mill Lane, Northmere",
            postcode="AB12 9ZQ",
            disclosure=Disclosure.ONLY_NAMED_USERS,
        )
    )
    jean, _ = a_person(cast.ashcombe, Role.CARER, "Jean Brathwaite")
    an_allocation(cast.mia, jean, Role.CARER)
    an_allocation(cast.mia, cast.sam, Role.SOCIAL_WORKER)
    cast.place = a_place(cast.mia, cast.hillside)
    return cast


def client_of(actor):
    client = Client()
    client.force_login(Post.objects.get(pk=actor.post).account)
    return client


def waits(why, **more):
    return {
        "end_day": 1, "end_month": 3, "end_year": 2026,
        "leaving_reason": "unplanned", "then": "waits", "why_none": why, **more,
    }  # fmt: skip


@pytest.mark.proves("ADR-4")
def test_saving_stops_at_a_text_that_tells_and_goes_on_without_it(flagged):
    client = client_of(flagged.head)
    address = reverse("children:place_end", args=[flagged.mia.public_id, flagged.place.public_id])

    stopped = client.post(address, waits("Too far from 24 Mill Ln")).content.decode()

    assert "tells something of where the child lives" in stopped
    assert SchoolPlace.unscoped.get(pk=flagged.place.pk).end is None


@pytest.mark.proves("ADR-4")
def test_who_says_why_it_is_right_goes_on_and_it_is_written_down(flagged, settings):
    worker = client_of(flagged.social_worker)
    address = reverse("children:move", args=[flagged.mia.public_id])
    words = {
        "about": "home", "has_happened": "no", "happens_on_day": 1, "happens_on_month": 3, "happens_on_year": 2027,
        "why": "The Brathwaites are moving away",
    }  # fmt: skip

    first = worker.post(address, words)
    short = worker.post(address, words | {"leak": "right", "leak_why": "because"})
    kept = worker.post(address, words | {"leak": "right", "leak_why": "The virtual school must know who moves"})

    assert "the carer’s surname" in first.content.decode()
    assert short.status_code == 200
    assert kept.status_code == 302
    held = LeakKept.unscoped.get()
    assert held.tells == "the carer’s surname"
    assert str(held.why) == "The virtual school must know who moves"
    reported = client_of(flagged.head).get(reverse("children:openings")).content.decode()
    assert "The virtual school must know who moves" in reported


@pytest.mark.proves("ADR-4")
def test_who_may_not_know_the_address_is_warned_of_any_and_so_learns_nothing(flagged):
    client = client_of(flagged.teacher)
    address = reverse("children:place_end", args=[flagged.mia.public_id, flagged.place.public_id])

    answers = [
        "tells something of where" in client.post(address, waits(f"Lives at {house}")).content.decode()
        for house in ("24 Mill Lane", "31 Long Road", "AB12 9ZQ", "ZZ1 1ZZ")
    ]

    assert answers == [True] * 4


def test_an_address_that_is_not_secret_is_looked_for_nowhere(flagged):
    held = PlacementAddress.unscoped.get()
    held.disclosure = Disclosure.ORDINARY
    write(held)
    client = client_of(flagged.head)
    address = reverse("children:place_end", args=[flagged.mia.public_id, flagged.place.public_id])

    assert client.post(address, waits("Too far from 24 Mill Lane")).status_code == 302
