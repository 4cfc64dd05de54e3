"""The scorecard: for each audience its own measures, of the children whom the reader's figures are about."""

import hashlib
import io
import zipfile
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from django.utils import timezone
from lxml import html

from onroll.access.actors import Actor
from onroll.access.roles import Role
from onroll.authorities.models import Team
from onroll.children.models import Child
from onroll.children.tests.scene import (
    TODAY,
    a_child,
    a_person,
    a_place,
    a_school,
    an_actor,
    an_allocation,
    an_authority,
    an_episode,
    write,
)
from onroll.design.pdfs import text_of
from onroll.measures.catalogue import CATALOGUE
from onroll.measures.measure import Unit
from onroll.measures.models import Target
from onroll.measures.showing import moved_words
from onroll.people.models import Cover, Post
from onroll.people.posts import find_actor
from onroll.reports.models import Audience, ScorecardMeasure
from onroll.reports.papers import as_file, row_of, scorecard_of
from onroll.reports.scorecards import USUAL, choose, chosen, lines_of
from onroll.reports.tiles import tiles_for

pytestmark = pytest.mark.django_db


@pytest.fixture
def authority():
    authority = an_authority()
    for number in range(8):
        child = a_child(authority, f"Child Number{number}", birth_date=date(2014, 5, 6))
        episode = an_episode(child)
        episode.placement.area = "out" if number < 2 else "in"
        write(episode.placement)
    return authority


def written(scorecard, kind):
    """All the words of the scorecard as a file of this kind."""
    data = as_file(scorecard.paper, kind)
    if kind == "pdf":
        return " ".join(text_of(data))
    if kind == "html":
        return data.decode()
    with zipfile.ZipFile(io.BytesIO(data)) as parts:
        return " ".join(parts.read(name).decode() for name in parts.namelist())


def test_a_head_sees_the_usual_measures_with_target_and_state(authority):
    year = {"period": "2025/26", "start": date(2025, 9, 1), "end": date(2026, 9, 1), "due_on": date(2026, 8, 31)}
    write(Target(authority=authority, measure="living-out-of-authority", value=Decimal(20), better="lower",
                 set_on=TODAY, **year))  # fmt: skip

    scorecard = scorecard_of(an_actor(authority, Role.VSH), as_at=TODAY)

    assert [line.measure.id for line in scorecard.lines] == list(USUAL[Audience.VIRTUAL_SCHOOL])
    line = next(line for line in scorecard.lines if line.measure.id == "living-out-of-authority")
    assert row_of(line)[:5] == ["Children living out of the authority", "25.0%", "2 of 8 children", "20.0%", "Near"]
    assert len(line.trend) == 7


def test_a_team_managers_scorecard_is_of_the_teams_children(authority):
    team = write(Team(authority=authority, name="North"))
    worker, _ = a_person(authority, Role.SOCIAL_WORKER, team=team)
    an_allocation(Child.unscoped.filter(authority=authority).first(), worker, Role.SOCIAL_WORKER)

    scorecard = scorecard_of(an_actor(authority, Role.TEAM_MANAGER, team=team), as_at=TODAY)

    assert [line.measure.id for line in scorecard.lines] == list(USUAL[Audience.TEAM])
    assert scorecard.lines[0].part == "child"


def test_what_leaves_the_circle_has_its_small_numbers_hidden_in_every_file(authority):
    director = an_actor(authority, Role.DIRECTOR)

    scorecard = scorecard_of(director, as_at=date(2026, 2, 28))

    for kind in ("pdf", "docx", "xlsx", "html"):
        words = written(scorecard, kind)
        assert "Children living out of the authority" in words
        assert "hidden" in words
        assert "25.0%" not in words


def test_the_files_hold_the_lines_of_the_page(authority):
    scorecard = scorecard_of(Actor.command_line(authority.pk, today=TODAY, user="test"), as_at=TODAY)

    pdf, *others = [written(scorecard, kind) for kind in ("pdf", "html", "xlsx", "docx")]

    for line in scorecard.lines:
        assert all(line.measure.title in words for words in others)
        assert line.measure.title.split()[0] in pdf


def test_the_head_chooses_the_measures_of_an_audience(client, authority):
    account, _ = a_person(authority, Role.VSH)
    client.force_login(account)

    client.post("/figures/scorecard/school/measures", {"measures": ["good-schools", "children-on-roll"]})

    assert [each.id for each in chosen(authority.pk, Audience.SCHOOL)] == ["children-on-roll", "good-schools"]
    assert [each.id for each in chosen(authority.pk, Audience.TEAM)] == list(USUAL[Audience.TEAM])
    assert "Choose at least one measure" in client.post("/figures/scorecard/school/measures", {}).content.decode()
    assert client.get("/figures/scorecard/nobody/measures").status_code == 404


def test_an_adviser_does_not_choose_for_others(client, authority):
    account, _ = a_person(authority, Role.VS_OFFICER)
    client.force_login(account)

    assert client.get("/figures").status_code == 200
    assert client.get("/figures/scorecard/school/measures").status_code == 404


def test_choosing_again_replaces_what_was_chosen(authority):
    head = an_actor(authority, Role.VSH)

    choose(Audience.TEAM, ["school-changes"], actor=head)
    choose(Audience.TEAM, ["children-on-roll"], actor=head)

    assert [each.id for each in chosen(authority.pk, Audience.TEAM)] == ["children-on-roll"]


@pytest.mark.parametrize("kind", ["xlsx", "pdf", "docx"])
def test_the_page_gives_the_file_and_writes_down_that_it_left(client, authority, kind):
    from onroll.history.models import Entry

    account, _ = a_person(authority, Role.VSH)
    client.force_login(account)

    answer = client.get(f"/figures/scorecard.{kind}")

    assert answer.status_code == 200
    assert 'filename="scorecard-' in answer["Content-Disposition"]
    entry = Entry.objects.get(act="report", actor_id=account.pk)
    digest = hashlib.sha256(answer.content).hexdigest()[:16]
    assert entry.route == f"reports:scorecard_file {timezone.localdate().isoformat()} {kind} {digest}"
    assert client.get("/figures/scorecard.exe").status_code == 404


def test_the_scorecard_takes_few_queries(client, authority, django_assert_max_num_queries):
    account, _ = a_person(authority, Role.VSH)
    client.force_login(account)
    client.get("/figures")

    with django_assert_max_num_queries(60):
        client.get("/figures")


# The figures on the home page of the heads


def test_the_home_page_of_a_head_shows_the_chosen_figures_as_links(client, authority):
    client.force_login(a_person(authority, Role.VSH)[0])

    answer = client.post("/figures/scorecard/home/measures", {"measures": ["living-out-of-authority"]})

    assert answer["Location"] == "/"
    page = html.fromstring(client.get("/").content)
    tile = page.xpath("//li[@class='onroll-tile']")
    assert [each.xpath(".//a/@href")[0] for each in tile] == ["/figures/living-out-of-authority"]
    assert "25.0%" in tile[0].text_content()
    assert "2 of 8 children" in tile[0].text_content()


def test_a_home_page_holds_six_figures_at_most(client, authority):
    client.force_login(a_person(authority, Role.VSH)[0])

    answer = client.post("/figures/scorecard/home/measures", {"measures": [each.id for each in list(CATALOGUE)[:7]]})

    assert answer.status_code == 422
    assert "Choose up to 6 measures. You chose 7" in answer.content.decode()
    assert not ScorecardMeasure.objects.exists()


def test_a_tile_is_right_at_the_next_change_and_asks_once_until_then(authority, django_assert_num_queries):
    actor = an_actor(authority, Role.VSH)
    before = next(tile for tile in tiles_for(actor) if tile.name == "Children living out of the authority")
    with django_assert_num_queries(1):
        assert before in tiles_for(actor)

    an_episode(a_child(authority, "Newly Come"))

    after = next(tile for tile in tiles_for(actor) if tile.name == before.name)
    assert (before.note, after.note) == ("2 of 8 children", "2 of 9 children")


def test_only_heads_have_figures_on_their_home_page(authority):
    assert tiles_for(an_actor(authority, Role.VS_OFFICER)) == []
    assert tiles_for(an_actor(authority, Role.DIRECTOR)) == []


def test_a_figure_that_grows_over_the_year_is_not_set_against_a_whole_one_to_say_how_it_went(authority):
    children = list(Child.unscoped.filter(authority=authority).order_by("pk"))
    # Last year one child had changed by this day and two more by the summer; this year two have.
    for child, on in zip(children, [date(2025, 1, 8), date(2025, 6, 4), date(2025, 6, 4), date(2026, 1, 8),
                                    date(2026, 1, 8)], strict=False):  # fmt: skip
        a_place(child, a_school(), start=date(2024, 9, 3), end=on)

    lines = {line.measure.id: line for line in lines_of(an_actor(authority, Role.VSH), as_at=TODAY)}

    assert lines["school-changes"].travel == "up 12.5 on the same day last year, worse"
    assert [point.seen.total.words for point in lines["school-changes"].earlier if point][-1:] == ["37.5%"]
    assert lines["children-on-roll"].travel == "no change"


def test_who_stands_in_for_a_head_without_the_section_of_figures_has_none(authority):
    account, _ = a_person(authority, Role.VSH)
    stand_in, _ = a_person(authority, Role.SOCIAL_WORKER, "Sia Standin")
    keys = {"authority": authority, "post": Post.objects.get(account=account), "email": stand_in.email}
    cover = write(Cover(**keys, sections="a d", start=TODAY, end=TODAY + timedelta(days=7)))

    acting = find_actor(stand_in, f"cover:{cover.pk}", TODAY)

    assert acting is not None
    assert acting.role == Role.VSH
    assert tiles_for(acting) == []


def test_who_is_given_no_figure_yet_is_led_to_the_last_month_that_is_over(client, authority):
    client.force_login(a_person(authority, Role.DIRECTOR)[0])
    last = timezone.localdate().replace(day=1) - timedelta(days=1)

    page = client.get("/figures").content.decode()

    assert f'href="?as-at={last.isoformat()}">See them as at' in page
    assert "See them as at" not in client.get(f"/figures?as-at={last.isoformat()}").content.decode()


def test_a_change_is_what_lies_between_the_figures_as_they_are_written():
    # 36.46 and 35.95 are written 36.5 and 36.0, and half a point apart.
    assert moved_words(Fraction("36.46"), Fraction("35.95"), Unit.PERCENT) == "down 0.5"
    assert moved_words(Fraction("36.46"), Fraction("36.54"), Unit.PERCENT) == "no change"
