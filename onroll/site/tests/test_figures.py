"""Figures and reports from a terminal, as the contract has them."""

from datetime import date

import pytest

from onroll.access.actors import Actor
from onroll.access.roles import Role
from onroll.children.tests.scene import TODAY, a_child, an_actor, an_authority, an_episode, write
from onroll.measures.catalogue import CATALOGUE, not_yet
from onroll.site import figures
from onroll.site.installation import Refused

pytestmark = pytest.mark.django_db
NO_PERIOD = {"as_at": None, "first": None, "last": None, "year": "", "term": ""}


@pytest.fixture
def terminal():
    """The person at the terminal of an authority with eight children, two of whom live out of it."""
    authority = an_authority()
    for number in range(8):
        child = a_child(authority, f"Child Number{number}", number=f"N{number}", birth_date=date(2014, 5, 6))
        episode = an_episode(child)
        episode.placement.area = "out" if number < 2 else "in"
        write(episode.placement)
    return Actor.command_line(authority.pk, today=TODAY, user="test")


def asked(actor, key, *, by=(), children="", **period):
    return figures.figure(key, actor, by=list(by), children=children, **{**NO_PERIOD, **period})


def test_a_figure_has_the_keys_of_the_contract(terminal):
    answer = asked(terminal, "living-out-of-authority", as_at=TODAY, by=["sex"], children="part")

    assert answer["as_at"] == answer["to"] == TODAY
    assert answer["from"] == date(2026, 3, 1)
    assert (answer["part"], answer["whole"], answer["value"], answer["unit"]) == (2, 8, 25, "percent")
    assert answer["breakdown"] == [{"group": "", "words": "Not recorded", "part": 2, "whole": 8, "value": 25}]
    assert answer["children"] == ["N0", "N1"]
    assert asked(terminal, "living-out-of-authority", as_at=TODAY, children="whole")["children"] == [
        f"N{number}" for number in range(8)
    ]


def test_a_count_has_no_whole_and_its_value_is_its_part(terminal):
    answer = asked(terminal, "children-on-roll", as_at=TODAY)

    assert (answer["part"], answer["whole"], answer["value"]) == (8, None, 8)


def test_nobody_to_count_is_no_value(terminal):
    answer = asked(terminal, "M70", as_at=date(2001, 1, 1))
    percent = asked(terminal, "W34", as_at=date(2001, 1, 1))

    assert answer["value"] == 0
    assert (percent["whole"], percent["value"]) == (0, None)


@pytest.mark.parametrize(
    ("period", "first", "last"),
    [
        ({"as_at": date(2026, 3, 10)}, "2025-09-01", "2026-03-10"),
        ({"first": date(2026, 1, 5), "last": date(2026, 2, 10)}, "2026-01-05", "2026-02-10"),
        ({"year": "2025-26"}, "2025-09-01", "2026-08-31"),
        ({"year": "2025-26", "term": "spring"}, "2025-09-01", "2026-03-31"),
    ],
)
def test_each_way_to_name_a_period_has_its_first_and_last_day(terminal, period, first, last):
    answer = asked(terminal, "W35", **period)

    assert (answer["from"], answer["to"]) == (date.fromisoformat(first), date.fromisoformat(last))


@pytest.mark.parametrize(
    ("key", "words", "said"),
    [
        ("W00", {}, "There is no measure “W00”"),
        ("W34", {"first": TODAY}, "Give both days"),
        ("W34", {"as_at": TODAY, "year": "2025-26"}, "Ask for one period"),
        ("W34", {"term": "spring"}, "Name the year of the term too"),
        ("W34", {"year": "2025"}, "is not a year"),
        ("W34", {"first": TODAY, "last": date(2026, 1, 1)}, "ends before it begins"),
        ("W34", {"by": ["shoes"]}, "is not among what this can be divided by"),
    ],
)
def test_what_cannot_be_answered_is_refused_with_the_reason(terminal, key, words, said):
    with pytest.raises(Refused, match=said):
        asked(terminal, key, **words)


def test_a_person_is_told_no_more_than_their_page_shows(terminal):
    from onroll.authorities.models import Authority

    authority = Authority.objects.get(pk=terminal.authority)
    director = an_actor(authority, Role.DIRECTOR)

    hidden = asked(director, "living-out-of-authority", as_at=date(2026, 2, 28))

    assert (hidden["part"], hidden["value"], hidden["hidden"]) == (None, None, True)
    with pytest.raises(Refused, match="does not show the numbers of children"):
        asked(director, "living-out-of-authority", as_at=date(2026, 2, 28), children="whole")
    with pytest.raises(Refused, match="period is over"):
        asked(director, "living-out-of-authority", as_at=TODAY)
    with pytest.raises(Refused, match="does not show figures"):
        asked(an_actor(authority, Role.CARER), "W34", as_at=TODAY)


def test_the_catalogue_lists_every_measure_in_words():
    listed = figures.catalogue()

    assert {each["id"] for each in listed} == {measure.id for measure in CATALOGUE}
    assert set(listed[0]) == {"id", "title", "part", "whole", "unit", "period", "answers"}
    assert not {answer for each in listed for answer in each["answers"]} & set(not_yet())


@pytest.mark.parametrize("kind", ["html", "xlsx", "pdf", "docx"])
def test_a_scorecard_is_written_in_each_kind(terminal, kind):
    title, data = figures.report("scorecard", terminal, year="2025-26", kind=kind)

    assert title == "Scorecard, 31 March 2026"
    assert data[:4] in (b"<!DO", b"PK\x03\x04", b"%PDF")


def test_a_report_that_cannot_be_made_says_why(terminal):
    with pytest.raises(Refused, match="No plan ran in 2025-26"):
        figures.report("plan", terminal, year="2025-26", kind="html")
    with pytest.raises(Refused, match="is not a year"):
        figures.report("scorecard", terminal, year="26", kind="html")


@pytest.mark.sqlite
def test_the_commands_answer_as_data_and_in_words(installation):
    words = ("measure", "W34", "--authority", "336", "--by", "sex", "--by", "phase", "--children", "part")

    answer = installation.data(*words)
    listed = installation.data("measures")

    assert (answer["id"], answer["value"], answer["children"]) == ("three-or-more-homes", None, [])
    assert len(listed) > 20
    assert "is not a year" in installation.refused("measure", "W34", "--authority", "336", "--year", "26")
    out = installation.home / "scorecard.html"
    installation.data(
        "report", "scorecard", "--authority", "336", "--year", "2025-26", "--format", "html", "--out", out
    )
    assert "<h1>Scorecard" in out.read_text()
    assert "Looked-after children at each school" in installation.done("measure", "M70", "--authority", "336")
