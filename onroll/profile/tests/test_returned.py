"""What a return answered of sensitive kinds stands on the child's own pages, for readers of its section alone."""

from datetime import date

import pytest

from onroll.access.roles import Role
from onroll.children.models import ReturnedHealthFacts, ReturnedSafeguardingFacts
from onroll.history.changes import change
from onroll.history.models import Entry

ON = date(2025, 3, 31)


@pytest.fixture
def kept(cast):
    """A return was loaded that answered all of it."""
    keys = {"authority": cast.ashcombe, "child": cast.mia, "on": ON}
    with change("test.set_up", actor=cast.actor(Role.DATA_OFFICER), child=cast.mia) as this:
        health = "HEALTH_ASSESSMENT=1;TEETH_CHECK=0"
        this.create(ReturnedHealthFacts(**keys, kind="health_checks", answers=health))
        this.create(ReturnedSafeguardingFacts(**keys, kind="convictions", answers="CONVICTED=1"))
        adopters = "DATE_MATCH=2025-02-01;LS_ADOPTR=L11;NB_ADOPTR=2"
        this.create(ReturnedSafeguardingFacts(**keys, kind="adopters", answers=adopters))


def text_of(client, cast, role, page):
    client.force_login(cast.account(role))
    return client.get(f"/children/{cast.mia.public_id}{page}").content.decode()


def test_a_reader_of_both_sections_reads_the_answers_in_words(client, cast, kept):
    needs = text_of(client, cast, Role.SOCIAL_WORKER, "/needs")
    home = text_of(client, cast, Role.SOCIAL_WORKER, "/home")

    assert "Health checks, from the statutory return" in needs
    assert "Dental check" in needs
    assert "Convicted or cautioned" in home
    assert "1 February 2025" in home
    assert "Different gender married couple" in home
    assert "Convicted" not in needs


@pytest.mark.parametrize("role", [Role.DESIGNATED_TEACHER, Role.CARER])
def test_a_school_and_a_carer_read_none_of_it(client, cast, kept, role):
    for page in ("/needs", "/home", "", "/history"):
        text = text_of(client, cast, role, page)
        assert "from the statutory return" not in text
        assert "Dental check" not in text
        assert "Convicted" not in text


def test_the_data_officer_reads_health_and_not_convictions_or_adopters(client, cast, kept):
    assert "Dental check" in text_of(client, cast, Role.DATA_OFFICER, "/needs")
    assert "ealth facts of a return added" in text_of(client, cast, Role.DATA_OFFICER, "/history")
    for page in ("/home", "/history"):
        text = text_of(client, cast, Role.DATA_OFFICER, page)
        assert "Convict" not in text
        assert "afeguarding facts" not in text
        assert "dopters" not in text


def test_the_history_says_that_they_were_recorded_and_not_what(client, cast, kept):
    text = text_of(client, cast, Role.VSH, "/history")

    assert "afeguarding facts of a return added" in text
    assert "CONVICTED" not in text
    assert "L11" not in text


def test_a_look_back_shows_the_years_that_had_ended(client, cast, kept):
    assert "Convicted" not in text_of(client, cast, Role.VSH, "/home?as-at=2025-03-30")
    assert "Convicted" in text_of(client, cast, Role.VSH, "/home?as-at=2025-03-31")


def test_where_nothing_is_kept_the_pages_are_silent_and_nobody_looked_at_safeguarding(client, cast):
    assert "from the statutory return" not in text_of(client, cast, Role.VSH, "/home")
    assert Entry.objects.get().section == "b,b2,d2,n,o"


def test_the_access_log_says_that_safeguarding_was_read(client, cast, kept):
    text_of(client, cast, Role.VSH, "/home")

    assert Entry.objects.get().section == "b,b2,d2,n,o,l"
