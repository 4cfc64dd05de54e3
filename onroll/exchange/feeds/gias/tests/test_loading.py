"""The register goes in whole, again without a trace, and out again."""

from datetime import date

import pytest

from onroll.exchange.engine import FEEDS, preview, undo
from onroll.exchange.reading import Upload
from onroll.history.model_numbers import NUMBERS
from onroll.history.models import Change, Event
from onroll.schools.models import Inspection, School, SchoolLink
from onroll.schools.queries import succession_of, successor_of
from onroll.schools.searching import find

pytestmark = pytest.mark.django_db


@pytest.fixture
def write(tmp_path):
    """Writes a file of the register and answers its path."""

    def write_file(name, *lines):
        path = tmp_path / name
        path.write_text("\n".join(lines), encoding="utf-8")
        return path

    return write_file


def count(import_, key):
    return import_.sentence(key)["count"]


def test_a_school_is_added_changed_and_then_left_as_it_is(load, write):
    heading = "URN,EstablishmentName,Town,LastChangedDate"

    first = load(write("a.csv", heading, "106653,Fernhill School,Sheffield,01-01-2020"))
    second = load(write("b.csv", heading, "106653,Fernhill Academy,Sheffield,01-01-2021"))
    third = load(write("c.csv", heading, "106653,Fernhill Academy,Sheffield,01-01-2021"))

    school = School.objects.get(setting_id="106653")
    assert (count(first, "new"), count(second, "changed"), count(third, "same")) == (1, 1, 1)
    assert (school.name, school.search_words) == ("Fernhill Academy", "fernhillacademy sheffield 106653")
    assert third.would_change == 0
    # The first load inserted it, the second updated it, the third wrote only its own rows.
    assert Event.objects.filter(record=school.pk, model=NUMBERS["schools.School"]).count() == 2


def test_a_row_older_than_what_is_held_changes_nothing(load, write):
    load(write("a.csv", "URN,EstablishmentName,CloseDate,LastChangedDate", "106653,Fernhill,,01-01-2021"))

    older = load(write("b.csv", "URN,EstablishmentName,CloseDate,LastChangedDate", "106653,Old,31-08-2018,01-01-2019"))
    undated = load(write("c.csv", "URN,SCHNAME", "106653,Older", "106654,Larkfield"))

    assert School.objects.get(setting_id="106653").name == "Fernhill"
    assert count(older, "older") == count(undated, "older") == 1
    assert count(undated, "new") == 1


def test_a_school_that_a_file_does_not_hold_stays(load, write):
    load(write("a.csv", "URN,EstablishmentName", "106653,Fernhill", "106654,Larkfield"))

    load(write("b.csv", "URN,EstablishmentName", "106653,Fernhill"))

    assert School.objects.count() == 2


def test_a_school_that_closed_and_its_successor_come_in_one_load(load, write):
    load(write("a.csv", "URN,EstablishmentName,EstablishmentStatus (code)", "106653,Fernhill School,1"))

    import_ = load(
        write(
            "b.csv",
            "URN,EstablishmentName,EstablishmentStatus (code),OpenDate,CloseDate",
            "106653,Fernhill School,2,,31-08-2025",
            "150001,Fernhill Academy,1,01-09-2025,",
        ),
        write(
            "links.csv", "URN,LinkURN,LinkName,LinkType,LinkEstablishedDate", "150001,106653,F,Predecessor,14-10-2025"
        ),
    )

    school = School.objects.get(urn="106653")
    assert count(import_, "closed") == 1
    assert count(import_, "links") == 1
    assert successor_of(school, date(2026, 1, 1)).urn == "150001"
    assert succession_of(school, date(2026, 1, 1))[0].first_day == date(2025, 9, 1)


def test_a_link_to_a_school_that_is_not_held_is_said_once_and_made_when_it_is(load, write, data_officer):
    links = write("links.csv", "URN,LinkURN,LinkName,LinkType,LinkEstablishedDate", "106653,150001,F,Successor,")
    load(write("a.csv", "URN,EstablishmentName", "106653,Fernhill School"))

    first = load(links)
    assert "1 links name a school that the register here does not hold" in first.problems.get().wrong
    assert not SchoolLink.objects.exists()

    load(write("b.csv", "URN,EstablishmentName", "150001,Fernhill Academy"))
    load(links)
    assert SchoolLink.objects.get().successor.urn == "150001"


def test_two_schools_that_became_one_are_put_in_order_by_which_of_them_closed(load, write):
    import_ = load(
        write(
            "a.csv", "URN,SCHNAME,ICLOSE", "1,x,1", "106653,Infants,2", "106654,Primary,1", "106655,A,1", "106656,B,1"
        ),
        write(
            "links.csv",
            "URN,LinkURN,LinkType",
            "106654,106653,Result of Amalgamation",
            "106653,106654,Result of Amalgamation",
            "106655,106656,Result of Amalgamation",
        ),
    )

    link = SchoolLink.objects.get()
    assert (link.predecessor.name, link.successor.name) == ("Infants", "Primary")
    assert import_.problems.filter(wrong__contains="do not say which of two schools").exists()


def test_an_inspection_of_an_older_layout_is_kept_when_a_newer_one_has_lost_the_column(load, write):
    load(
        write(
            "a.csv",
            "URN,EstablishmentName,OfstedLastInsp,OfstedRating (name),LastChangedDate",
            "106653,Fernhill,10-10-2017,Good,18-10-2018",
        )
    )

    import_ = load(write("b.csv", "URN,EstablishmentName,LastChangedDate", "106653,Fernhill Academy,18-10-2025"))

    inspection = Inspection.objects.get()
    assert (inspection.inspected_on, inspection.overall) == (date(2017, 10, 10), 2)
    assert import_.sentence("inspections") is None


def test_undoing_a_load_puts_the_register_back(load, write, data_officer):
    load(write("a.csv", "URN,EstablishmentName,LastChangedDate", "106653,Fernhill School,01-01-2020"))
    second = load(
        write("b.csv", "URN,EstablishmentName,LastChangedDate", "106653,Fernhill Academy,01-01-2021", "106654,Lark,"),
    )

    undo(second, actor=data_officer)

    assert [(school.urn, school.name) for school in School.objects.all()] == [("106653", "Fernhill School")]


def test_a_preview_changes_nothing_in_the_register(data_officer):
    import_ = preview(FEEDS["gias"], [Upload("a.csv", b"URN,SCHNAME\n106653,Fernhill\n")], actor=data_officer)

    assert import_.would_change == 1
    assert not School.objects.exists()


@pytest.mark.large
def test_the_national_register_its_links_and_both_samples_load_in_order(load, shared, data_officer):
    folder = shared / "data/schools"
    spine, links = folder / "england_spine_2017-18.csv", folder / "links_edubasealldata20250422.csv"

    first = load(spine)
    linked = load(links)
    claim = load(folder / "gias_sample_claim.csv")
    mentor = load(folder / "gias_subset_itt-mentor.csv")
    linked_again = load(links)

    assert count(first, "new") == School.objects.filter(urn__in=_urns(spine)).count() == 26_078
    assert School.objects.filter(status=School.Status.CLOSED, closed_on__isnull=False).count() >= 2_146
    # LAESTAB is no key: a school keeps its number when it becomes an academy.
    assert 26_078 - School.objects.values("laestab").distinct().count() > 1_200
    # Most links name a school that had gone before the register of 2017-18; two wait for a school of the samples.
    assert count(linked, "links") == 2_104
    assert count(linked_again, "links") == 2
    assert SchoolLink.objects.count() == 2_106
    assert count(claim, "new") + count(claim, "changed") == 4
    assert count(mentor, "new") + count(mentor, "changed") == 8
    assert School.objects.get(urn="150516").la_code == "000"
    # The samples are read again without a change, and the older register changes nothing of what they say.
    again = preview(FEEDS["gias"], _files(spine, links, folder / "gias_subset_itt-mentor.csv"), actor=data_officer)
    assert again.would_change == 0
    assert find(data_officer, "100000").exact[0].name == "The Aldgate School"


def _urns(path):
    with path.open(encoding="utf-8") as lines:
        return [line[:6] for line in lines][1:]


def _files(*paths):
    from onroll.exchange.reading import gather

    return gather(list(paths))


def test_every_load_is_one_change_with_a_name(load, write):
    import_ = load(write("a.csv", "URN,EstablishmentName", "106653,Fernhill School"))

    made = Change.objects.get(pk=import_.change_id)
    assert made.verb == "import.applied"
    assert made.actor_name.startswith("Command line")
