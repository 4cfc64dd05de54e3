"""The data officer's way: choose the files, read what they would do, apply, take back, settle."""

import csv
import io
import re
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from onroll.access.roles import Role
from onroll.children.models import CareEpisode, Child, Difference
from onroll.children.tests.scene import a_child, a_person, a_place, a_school, an_authority, an_episode, write
from onroll.exchange.feeds.ssda903.tests.conftest import MIA, MIA_IN_CARE, a_file, episodes, headers
from onroll.exchange.models import Import
from onroll.history.models import Entry

from .conftest import A_RETURN, THE_NEXT_YEAR

DATA = reverse("exchange:data")
CHOOSE = reverse("exchange:choose_files", args=["ssda903"])


def send(cast, *uploads, **values):
    files = [SimpleUploadedFile(upload.name, upload.data) for upload in uploads]
    return cast.client.post(CHOOSE, {"uploads": files, **values}, follow=True)


def words_of(response) -> str:
    """What is read on the page, without its markup."""
    return " ".join(re.sub(r"<[^>]+>", " ", response.text.partition("<main")[2]).split())


def test_before_the_first_load_the_page_says_what_works(cast):
    response = cast.client.get(DATA)

    assert response.status_code == 200
    assert "No return has been loaded" in response.text
    assert CHOOSE in response.text


def test_a_data_officer_checks_applies_and_undoes_a_return(cast):
    response = send(cast, *A_RETURN)

    words = words_of(response)
    assert "Here is what these files will do" in words
    assert "nothing has changed yet" in words
    assert "1 child comes onto the roll" in words
    assert "The roll on 31 March 2017 goes from 0 to 1 child." in words
    assert Child.unscoped.count() == 0

    import_ = Import.objects.get()
    response = cast.client.post(import_.get_absolute_url(), {"act": "apply"}, follow=True)
    assert "1 child came onto the roll" in words_of(response)
    assert CareEpisode.unscoped.count() == 1

    response = cast.client.post(import_.get_absolute_url(), {"act": "undo"}, follow=True)
    assert "before they were undone" in words_of(response)
    assert Child.unscoped.count() == 0


def test_the_page_leads_to_records_that_may_be_of_one_child(cast):
    assert reverse("children:duplicates") in cast.client.get(DATA).text


def test_a_load_can_be_left(cast):
    send(cast, *A_RETURN)
    import_ = Import.objects.get()

    response = cast.client.post(import_.get_absolute_url(), {"act": "leave"}, follow=True)

    assert "Nothing was changed, and the files are not kept." in words_of(response)
    import_.refresh_from_db()
    assert import_.state == Import.State.LEFT
    assert "would have done" in words_of(cast.client.get(import_.get_absolute_url()))


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("a.csv", b"NAME\nMia\n", "No file here holds a table of the return (a.csv)"),
        ("a.zip", b"PK\x03\x04 broken", "a.zip is damaged: it can&#x27;t be opened as a zip."),
        ("header.csv", b'CHILD,DOB,UPN\n"1', "header.csv line 2 can&#x27;t be read as CSV"),
    ],
)
def test_a_file_that_cannot_be_read_is_told_where_it_was_chosen(cast, name, data, words):
    response = cast.client.post(CHOOSE, {"uploads": SimpleUploadedFile(name, data)})

    assert words in response.text
    assert "There is a problem" in response.text
    assert not Import.objects.exists()


def test_no_file_chosen_and_a_day_that_is_none_are_told(cast):
    response = cast.client.post(CHOOSE, {"as_at_day": "31", "as_at_month": "2", "as_at_year": "2017"})

    assert "Choose at least one file" in response.text
    assert "31" in response.text


def test_the_last_day_and_the_part_are_taken_from_the_form(cast):
    send(cast, *A_RETURN, as_at_day="31", as_at_month="3", as_at_year="2018", part="on")

    import_ = Import.objects.get()
    assert (import_.as_at, import_.part, import_.speaks_to) == (date(2018, 3, 31), True, date(2018, 3, 31))


@pytest.mark.proves("UPL-7")
def test_endings_need_a_tick_and_many_of_them_two(cast):
    cast.load()
    send(cast, *THE_NEXT_YEAR)
    import_ = Import.objects.filter(state="previewed").get()

    page = cast.client.get(import_.get_absolute_url())
    assert "End what these files leave out" in page.text
    assert "I am sure, though 100% of the children on the roll leave it" in page.text

    response = cast.client.post(import_.get_absolute_url(), {"act": "apply", "confirm_endings": "on"})
    assert "Tick to say that you are sure" in response.text
    assert CareEpisode.unscoped.filter(provisional_end=True).count() == 0

    ticked = {"act": "apply", "confirm_endings": "on", "sure": "on"}
    cast.client.post(import_.get_absolute_url(), ticked, follow=True)
    assert CareEpisode.unscoped.filter(provisional_end=True).count() == 1
    assert "ended by a return’s silence alone" in cast.client.get(DATA).text


def test_rows_that_stop_are_shown_first_and_good_rows_need_a_tick(cast):
    bad = "0043,1,,WBRI,,,"
    response = send(cast, headers(MIA, bad), episodes(MIA_IN_CARE))

    words = words_of(response)
    assert "1 row stops this load" in words
    assert "There is no date of birth" in words
    import_ = Import.objects.get()
    refusal = cast.client.post(import_.get_absolute_url(), {"act": "apply"})
    assert "Tick to leave out the children with a row that stops" in refusal.text
    assert Child.unscoped.count() == 0
    applied = cast.client.post(import_.get_absolute_url(), {"act": "apply", "good_rows": "on"}, follow=True)
    assert Child.unscoped.count() == 1
    # What stopped the load before stops nothing now: the child was left out.
    assert "Left this child out whole" in words_of(applied)
    assert "Nothing is applied unless" not in words_of(applied)


def test_problems_are_listed_one_by_one_and_as_files_without_live_formulas(cast):
    import_ = cast.check(headers(MIA.replace("WBRI", "=1+1").replace("H8012", "A8012")), episodes(MIA_IN_CARE))

    page = cast.client.get(reverse("exchange:problems", args=[import_.public_id]))
    noted = cast.client.get(reverse("exchange:problems", args=[import_.public_id]) + "?grade=stops")
    as_csv = cast.client.get(reverse("exchange:problems_file", args=[import_.public_id, "csv"]))
    as_xlsx = cast.client.get(reverse("exchange:problems_file", args=[import_.public_id, "xlsx"]))

    assert "header.csv 2" in page.text
    assert "Nothing is wrong" in noted.text
    rows = list(csv.reader(io.StringIO(as_csv.content.decode("utf-8-sig"))))
    assert rows[0] == ["Grade", "File", "Line", "Child", "Field", "What is wrong", "What we did"]
    assert len(rows) == 3
    assert not any(cell.startswith(("=", "+", "-", "@")) for row in rows for cell in row)
    assert as_xlsx.content.startswith(b"PK")
    assert "attachment" in as_xlsx["Content-Disposition"]


def test_the_children_of_a_sentence_are_listed_and_the_look_is_written_down(cast):
    import_ = cast.load()

    response = cast.client.get(reverse("exchange:children", args=[import_.public_id, "came"]))

    assert "Name not yet known" in response.text
    assert "0042" in response.text
    assert Entry.objects.filter(route="exchange:children").count() == 1
    assert cast.client.get(reverse("exchange:children", args=[import_.public_id, "nothing"])).status_code == 404


def test_how_each_column_is_read_is_said(cast):
    response = cast.client.get(reverse("exchange:columns", args=["ssda903"]))

    assert "Kept as sent where its check letter does not fit" in response.text
    assert cast.client.get(reverse("exchange:columns", args=["nonesuch"])).status_code == 404


def a_difference(cast) -> Difference:
    mia = a_child(cast.ashcombe, number="0042", birth_date=date(2009, 5, 6))
    an_episode(mia, date(2016, 6, 10), legal_status="C1")
    cast.load()
    return Difference.unscoped.get()


@pytest.mark.parametrize(("keep", "legal_status"), [("kept", "C1"), ("other", "C2")])
def test_a_person_settles_what_two_sources_disagree_on(cast, keep, legal_status):
    difference = a_difference(cast)
    page = cast.client.get(reverse("exchange:differences"))
    assert "Mia Dawson" in page.text
    assert "Interim care order" in page.text
    assert "Full care order" in page.text

    answer = {"difference": difference.public_id, "keep": keep}
    response = cast.client.post(reverse("exchange:differences"), answer, follow=True)

    assert "All sources agree" in response.text
    assert CareEpisode.unscoped.get().legal_status == legal_status
    # Settled is settled: the same return again does not ask again.
    assert cast.load().would_change == 0
    assert Difference.unscoped.filter(settled_on=None).count() == 0
    assert cast.client.post(reverse("exchange:differences"), answer).status_code == 404


def test_headings_of_ones_own_are_matched_on_a_page_and_then_known(cast):
    choose, match = reverse("exchange:choose_files", args=["places"]), reverse("exchange:match", args=["places"])
    headings = ["Pupil", "Where", "From"]
    a_child(cast.ashcombe, number="0042")

    def send_sheet(**values):
        sheet = SimpleUploadedFile("places.csv", b"Pupil,Where,From\n0042,,01/09/2024\n")
        return cast.client.post(choose, {"uploads": [sheet], **values}, follow=True)

    asked = send_sheet()
    nothing = cast.client.post(match, {"heading": headings})
    twice = cast.client.post(match, {"heading": headings, "child_id": "Pupil", "start": "Pupil"})
    answer = {"heading": headings, "child_id": "Pupil", "school": "Where", "start": "From"}
    remembered = cast.client.post(match, answer, follow=True)
    known = send_sheet()
    again = send_sheet(match="on")

    assert "Match the columns" in asked.text
    assert "Choose the heading of: Child’s number" in nothing.text
    assert "is chosen for" in twice.text
    assert "Choose the same files again" in remembered.text
    assert "Here is what these files will do" in known.text
    assert '<option value="Pupil" selected>' in again.text
    assert cast.client.get(match).status_code == 302
    assert cast.client.get(reverse("exchange:match", args=["ssda903"])).status_code == 404


def test_a_difference_about_a_link_shows_the_name_of_what_it_leads_to_and_is_settled(cast):
    mia = a_child(cast.ashcombe)
    fernhill, alder = a_school("Fernhill Academy"), a_school("Alder School")
    place = a_place(mia, fernhill, date(2024, 9, 1))
    difference = a_difference_on(place, "school", kept=str(fernhill.pk), other=str(alder.pk))

    page = cast.client.get(reverse("exchange:differences"))
    answer = {"difference": difference.public_id, "keep": "other"}
    settled = cast.client.post(reverse("exchange:differences"), answer, follow=True)

    assert "Fernhill Academy" in page.text
    assert "Alder School" in page.text
    assert "All sources agree" in settled.text
    place.refresh_from_db()
    assert place.school == alder


@pytest.mark.parametrize(
    ("field", "other"), [("school", "0"), ("school", "Alder School"), ("start", "soon"), ("end", "2020-01-01")]
)
def test_what_cannot_be_taken_is_refused_in_words(cast, field, other):
    place = a_place(a_child(cast.ashcombe), a_school("Fernhill Academy"), date(2024, 9, 1))
    difference = a_difference_on(place, field, kept="", other=other)

    answer = {"difference": difference.public_id, "keep": "other"}
    response = cast.client.post(reverse("exchange:differences"), answer)

    assert "Change the record by hand" in response.text


def a_difference_on(row, field: str, *, kept: str, other: str) -> Difference:
    return write(
        Difference(
            authority_id=row.authority_id,
            child=row.child,
            part=row.section().value,
            fact=f"{row._meta.model_name}.{row.pk}.{field}",
            kept=kept,
            kept_source="person",
            other=other,
            other_source="list",
            noticed_on=date(2026, 11, 1),
            source="list",
        )
    )


def test_nothing_is_settled_without_saying_which_is_right(cast):
    difference = a_difference(cast)

    response = cast.client.post(reverse("exchange:differences"), {"difference": difference.public_id})

    assert "Choose which of the two is right." in response.text


@pytest.mark.parametrize("role", [Role.SOCIAL_WORKER, Role.IRO, Role.ADMINISTRATOR, Role.ANALYST])
def test_for_other_roles_these_pages_do_not_exist(cast, role):
    import_ = cast.check()
    cast.client.force_login(a_person(cast.ashcombe, role, "Una Reed")[0])

    pages = [DATA, CHOOSE, import_.get_absolute_url(), reverse("exchange:differences")]
    assert [cast.client.get(page).status_code for page in pages] == [404] * 4
    assert cast.client.post(import_.get_absolute_url(), {"act": "apply"}).status_code == 404
    assert Child.unscoped.count() == 0


def test_practice_support_sees_when_feeds_came_and_loads_nothing(cast):
    import_ = cast.load()
    cast.client.force_login(a_person(cast.ashcombe, Role.VS_ADMIN, "Una Reed")[0])

    page = cast.client.get(DATA)
    assert "Last loaded" in page.text
    assert import_.get_absolute_url() not in page.text
    assert cast.client.get(import_.get_absolute_url()).status_code == 404


def test_a_load_of_another_authority_does_not_exist(cast):
    import_ = cast.check()
    elsewhere = an_authority("998", "Castlebury")
    cast.client.force_login(a_person(elsewhere, Role.DATA_OFFICER, "Una Reed")[0])

    for name in ("import", "problems"):
        assert cast.client.get(reverse(f"exchange:{name}", args=[import_.public_id])).status_code == 404
    assert str(import_.public_id) not in cast.client.get(DATA).text


def test_the_number_of_queries_does_not_grow(cast):
    many = [f"{n:04},2,06/05/2009,WBRI,A801200001001,," for n in range(60)]
    import_ = cast.load(headers(*many), episodes(*(MIA_IN_CARE.replace("0042", f"{n:04}") for n in range(60))))
    for _ in range(15):
        cast.check(a_file("h.csv", "CHILD,DOB,UPN", "0042,06/05/2009,"))

    for page in (
        DATA,
        import_.get_absolute_url(),
        reverse("exchange:problems", args=[import_.public_id]),
        reverse("exchange:children", args=[import_.public_id, "came"]),
        reverse("exchange:differences"),
    ):
        with CaptureQueriesContext(connection) as queries:
            assert cast.client.get(page).status_code == 200
        asked = [query["sql"] for query in queries if not query["sql"].startswith(("SAVEPOINT", "RELEASE", "BEGIN"))]
        # Beside whose sign-in it is, which every page asks.
        own = [sql for sql in asked if 'FROM "access_session"' not in sql and 'FROM "access_account"' not in sql]
        assert len(own) <= 8, (page, own)
