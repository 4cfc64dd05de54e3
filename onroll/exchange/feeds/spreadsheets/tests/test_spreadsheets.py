import io
from datetime import date

import pytest
import xlsxwriter

from onroll.access.actors import Actor
from onroll.authorities.actions import set_up_authority
from onroll.children.models import Allocation, EHCPlan, SchoolPlace, SDQScore
from onroll.exchange import engine
from onroll.exchange.feeds.exchange.tests.test_round_trip import load as load_exchange
from onroll.exchange.feeds.exchange.tests.test_round_trip import uploads
from onroll.exchange.reading import Upload
from onroll.exchange.sheets import NeedsMatching, remember
from onroll.people.models import Post

TODAY = date(2026, 11, 12)


@pytest.fixture
def actor(db):
    authority = set_up_authority("336", today=TODAY, user="test")
    actor = Actor.command_line(authority.pk, today=TODAY, user="test")
    load_exchange(uploads(), actor)
    return actor


def preview(feed, data, actor, name="sheet.csv"):
    data = data.encode() if isinstance(data, str) else data
    return engine.preview(engine.FEEDS[feed], [Upload(name, data)], actor=actor)


def load(feed, data, actor, name="sheet.csv"):
    return engine.apply(preview(feed, data, actor, name), actor=actor)


def a_workbook(rows) -> bytes:
    file = io.BytesIO()
    book = xlsxwriter.Workbook(file)
    sheet, as_day = book.add_worksheet(), book.add_format({"num_format": "dd/mm/yyyy"})
    for at, row in enumerate(rows):
        for column, cell in enumerate(row):
            if isinstance(cell, date):
                sheet.write_datetime(at, column, cell, as_day)
            else:
                sheet.write(at, column, cell)
    book.close()
    return file.getvalue()


def test_a_place_is_found_by_the_name_of_the_school(actor):
    import_ = load(
        "places",
        "Child ID,School,Start date,Hours\n00418,larkfield primary  school,02/11/2026,12.5\n",
        actor,
    )

    place = SchoolPlace.unscoped.get(kind="main", child__known_as="Nono")
    assert (place.school.name, place.start, str(place.hours_per_week)) == (
        "Larkfield Primary School",
        date(2026, 11, 2),
        "12.5",
    )
    assert place.source == "school"
    engine.undo(import_, actor=actor)
    assert not SchoolPlace.unscoped.filter(kind="main", child__known_as="Nono").exists()


def test_an_excel_workbook_reads_as_the_same_sheet_in_csv(actor):
    sheet = a_workbook([["Child ID", "Kind", "Value", "From"], ["00418", "SDQ", 17, date(2026, 10, 1)]])

    load("needs", sheet, actor, "needs.xlsx")

    assert SDQScore.unscoped.get(child__known_as="Nono").score == 17


def test_the_same_sheet_again_changes_nothing(actor):
    sheet = "child,kind,value,start\n00418,EHC plan,01/09/2027,01/10/2026\n"
    load("needs", sheet, actor)

    assert preview("needs", sheet, actor).would_change == 0
    assert EHCPlan.unscoped.get(child__known_as="Nono").review_on == date(2027, 9, 1)


def test_a_person_is_found_by_name_either_way_round(actor):
    load("allocations", 'Child ID,Worker,Role,Start\n00418,"Adeyemi, Tom",Social worker,01/11/2026\n', actor)

    assert Allocation.unscoped.get(child__known_as="Nono").account.email == "tom.adeyemi@example.org"


def test_a_designated_teacher_gets_a_post_at_the_school(actor):
    load(
        "teachers",
        "URN,First name,Surname,Email,Start\n900001,Ann,Lee,ann.lee@example.org,01/09/2026\n",
        actor,
    )

    post = Post.objects.get(account__email="ann.lee@example.org")
    assert (post.role, post.school.name) == ("designated_teacher", "Larkfield Primary School")
    assert not post.account.has_usable_password()


@pytest.mark.parametrize(
    ("feed", "row", "wrong"),
    [
        ("places", "child,school,start\n00418,Nowhere School,01/09/2026\n", "No school is known as"),
        ("places", "child,school,start\n00418,900001,31/02/2026\n", "not a day of the calendar"),
        ("places", "child,school,start\n4.18E+05,900001,01/02/2026\n", "a spreadsheet has changed"),
        ("places", "child,school,start\nX1,900001,01/02/2026\n", "X1 is in no row"),
        ("allocations", "child,person,role,start\n00418,Nobody Known,Wizard,01/02/2026\n", "is not a role"),
        ("allocations", "child,person,role,start\n00418,Nobody Known,iro,01/02/2026\n", "No one of this name"),
        ("needs", "child,kind,value,start\n00418,SDQ,41,01/02/2026\n", "neither a score"),
        ("teachers", "urn,first name,surname,email,start\n900001,A,B,nothing,01/02/2026\n", "not an e-mail"),
    ],
)
def test_a_row_that_does_not_fit_is_left_out_with_its_line_and_why(actor, feed, row, wrong):
    import_ = preview(feed, row, actor)

    problem = import_.problems.get()
    assert (problem.grade, problem.line) == ("left_out", 2)
    assert wrong in problem.wrong
    assert import_.would_change == 0


def test_headings_we_do_not_know_are_matched_once_and_remembered(actor):
    sheet = "Ref,Where,Since\n00418,900001,02/11/2026\n"
    with pytest.raises(NeedsMatching, match="Child’s number, Start") as found:
        preview("places", sheet, actor)
    assert found.value.headings == ["Ref", "Where", "Since"]

    remember("places", {"child_id": "Ref", "school": "Where", "start": "Since"}, actor=actor)

    assert preview("places", sheet, actor).would_change == 1


def test_a_second_main_school_at_the_same_time_stops_the_load(actor):
    import_ = preview("places", "child,school,start\n00417,900001,01/11/2026\n", actor)

    assert import_.problems.get().grade == "stops"
    with pytest.raises(engine.Refused):
        engine.apply(import_, actor=actor)


def test_one_file_ends_a_place_and_starts_the_next(actor):
    sheet = "child,school,start,end\n00417,900002,10/02/2025,01/11/2026\n00417,900001,01/11/2026,\n"

    load("places", sheet, actor)

    places = SchoolPlace.unscoped.filter(child__given_name="Mia", kind="main").order_by("start")
    assert [(place.school.name, place.end) for place in places][1:] == [
        ("Fernhill Academy", date(2026, 11, 1)),
        ("Larkfield Primary School", None),
    ]
