"""What is kept of figures: closed periods as they were counted, and what people found."""

from datetime import date

import pytest

from onroll.access.roles import Role
from onroll.children.models import EpisodePlacement
from onroll.children.tests.scene import TODAY, a_child, a_person, an_authority, an_episode, write
from onroll.measures.analyses import of_the_year
from onroll.measures.keeping import keep_closed
from onroll.measures.models import Analysis, KeptFigure

pytestmark = pytest.mark.django_db
MEASURE = "living-out-of-authority"
IN_APRIL = date(2026, 4, 2)


@pytest.fixture
def authority():
    authority = an_authority()
    for number in range(4):
        child = a_child(authority, f"Child Number{number}")
        episode = an_episode(child)
        episode.placement.area = "out" if number == 0 else "in"
        write(episode.placement)
    return authority


def test_a_period_that_is_over_is_counted_once_and_kept(authority):
    first = keep_closed(authority, today=IN_APRIL)

    march = KeptFigure.objects.get(authority=authority, measure=MEASURE, start=date(2026, 3, 1))
    assert first > 20
    assert (march.part, march.whole, march.end) == (1, 4, date(2026, 4, 1))
    assert keep_closed(authority, today=IN_APRIL) == 0
    assert not KeptFigure.objects.filter(end__gt=IN_APRIL).exists()


def test_nothing_is_kept_from_before_the_authority_is_live():
    late = an_authority("998")
    late.live_from = date(2026, 3, 1)
    write(late)

    keep_closed(late, today=IN_APRIL)

    assert set(KeptFigure.objects.filter(authority=late).values_list("start", flat=True)) >= {date(2026, 3, 1)}
    assert not KeptFigure.objects.filter(authority=late, start__lt=date(2026, 3, 1)).exists()


def test_a_correction_after_the_period_shows_as_a_revision(client, authority):
    keep_closed(authority, today=TODAY)
    placement = EpisodePlacement.unscoped.filter(authority=authority, area="in").first()
    placement.area = "out"
    write(placement)
    account, _ = a_person(authority, Role.VSH)
    client.force_login(account)

    page = client.get(f"/figures/{MEASURE}?as-at=31/03/2026").content.decode()

    assert "February 2026 was kept as 1 of 4 on 31 March 2026: the records were corrected since" in page


@pytest.mark.requirement("R021")
def test_a_finding_is_kept_with_its_author_and_day_and_the_year_shows_what_is_left(client, authority):
    account, _ = a_person(authority, Role.VS_OFFICER, name="Priya Raman")
    client.force_login(account)
    address = f"/figures/{MEASURE}/findings?by=sex"

    empty = client.post(address, {"findings": " "})
    kept = client.post(address, {"findings": "Girls live nearer."}, follow=True).content.decode()

    assert empty.status_code == 422
    assert "Write what the breakdown shows" in empty.content.decode()
    assert "Girls live nearer." in kept
    assert "Priya Raman" in kept
    analysis = Analysis.objects.get()
    looked = {each.key: each.count for each in of_the_year(authority.pk, on=analysis.written_on)}
    assert (looked["sex"], looked["phase"]) == (1, 0)


def test_without_a_breakdown_there_is_nothing_to_keep(client, authority):
    account, _ = a_person(authority, Role.VSH)
    client.force_login(account)
    address = f"/figures/{MEASURE}/findings"

    assert "Break the figure down first" in client.get(address).content.decode()
    assert client.post(address, {"findings": "Nothing."}).status_code == 422
    assert not Analysis.objects.exists()
