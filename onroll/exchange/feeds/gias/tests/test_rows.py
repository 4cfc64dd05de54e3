"""The register is read as it comes: any layout, either encoding, whatever a spreadsheet did to it."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onroll.exchange.feeds.gias import columns
from onroll.exchange.feeds.gias.rows import check, first_day, joined
from onroll.exchange.plans import Options
from onroll.exchange.problems import BadValue, Grade, Unreadable
from onroll.exchange.reading import Upload, gather

NEWEST = ["URN", "LA (code)", "EstablishmentNumber", "EstablishmentName", "TypeOfEstablishment (code)"]
NEWEST += ["EstablishmentStatus (code)", "OpenDate", "CloseDate", "PhaseOfEducation (code)", "Town", "Postcode"]
NEWEST += ["LastChangedDate"]


def read(*lines, headings=NEWEST, encoding="utf-8"):
    text = "\n".join([",".join(f'"{each}"' for each in headings), *lines])
    return check([Upload("edubasealldata20251101.csv", text.encode(encoding))], Options())


def test_a_row_of_the_newest_layout_is_read_without_any_ofsted_column():
    checked = read('106653,370,4027,Fernhill Academy,34,1,01-09-2011,,4,Sheffield,s367bx,"18-10-2025"')

    values = checked.facts.schools["106653"].values
    assert values["laestab"] == "3704027"
    assert values["phase"] == "secondary"
    assert values["status"] == "open"
    assert values["postcode"] == "S36 7BX"
    assert values["opened_on"] == date(2011, 9, 1)
    assert values["changed_on"] == date(2025, 10, 18)
    assert "phone" not in values
    assert checked.problems == []
    assert not checked.facts.inspections


def test_columns_are_found_by_their_headings_wherever_they_stand():
    checked = read('"Fernhill, St Mary\'s",x,106653', headings=["EstablishmentName", "A new column of 2027", "URN"])

    values = checked.facts.schools["106653"].values
    assert values["name"] == "Fernhill, St Mary's"
    assert set(values) == {"urn", "setting_id", "name", "phase"}


def test_windows_1252_is_told_from_utf_8_and_said():
    row = '126416,865,3396,St Thomas à Becket,"02",1,,,2,Salisbury,SP3 4RZ,06-02-2019'

    for encoding, words in (("cp1252", "Schools, Windows-1252"), ("utf-8", "Schools, UTF-8")):
        checked = read(row, encoding=encoding)
        assert checked.facts.schools["126416"].values["name"] == "St Thomas à Becket"
        assert [file.words for file in checked.files] == [words]


@pytest.mark.parametrize("cell", ["31-08-2018", "31/08/2018", "2018-08-31 00:00:00", "2018-08-31"])
def test_a_day_is_read_in_every_form_the_files_have(cell):
    assert columns.day(cell) == date(2018, 8, 31)


@pytest.mark.parametrize("cell", ["31-02-2018", "2018", "soon", "08/2018", "43343"])
def test_what_is_not_a_day_is_refused_in_words(cell):
    with pytest.raises(BadValue, match="is not a day"):
        columns.day(cell)


@pytest.mark.parametrize(
    ("cell", "code"),
    [("01", "01"), ("1", "01"), ("34", "34"), ("Academy - Converter mainstream", "34"), ("free school  16-19", "39")],
)
def test_a_type_is_read_padded_plain_or_in_words(cell, code):
    assert columns.type_code(cell) == code


def test_an_unknown_type_is_refused_in_words_and_none_is_none():
    with pytest.raises(BadValue, match="not a type of school we know"):
        columns.type_code("Castle")
    assert columns.type_code("Not applicable") == ""


@pytest.mark.parametrize(
    ("cell", "status"),
    [
        ("1", "open"),
        ("2", "closed"),
        ("Open, but proposed to close", "open_proposed_to_close"),
        ("3", "open_proposed_to_close"),
        ("proposed to open", "proposed_to_open"),
        ("1.0", "open"),
    ],
)
def test_a_status_is_read_from_its_code_or_its_words(cell, status):
    assert columns.status(cell) == status


def test_a_school_overseas_lies_in_no_authority():
    checked = read("150516,0,6000,Dubai Scholars Private School,37,1,28-09-2023,,0,Dubai,,20-11-2023")

    assert checked.facts.schools["150516"].values["la_code"] == "000"


@pytest.mark.parametrize(
    ("cell", "number"),
    [
        ("1706645522", "01706645522"),
        ("01226762114", "01226762114"),
        ("2072831147.0", "02072831147"),
        ("971047069000", "971047069000"),
        ("01226 762114", "01226 762114"),
        ("", ""),
    ],
)
def test_a_telephone_number_gets_back_the_0_that_a_spreadsheet_took(cell, number):
    assert columns.phone(cell) == number


def test_a_ragged_row_is_read_under_its_headings_and_noted():
    checked = read("148847,354,4005,Oulder Hill,28,4,01-12-2021,,4,Rochdale,OL11 5EF,07-10-2021,0,Not applicable")

    assert checked.facts.schools["148847"].values["status"] == "proposed_to_open"
    assert [(problem.grade, problem.kind) for problem in checked.problems] == [(Grade.NOTED, "ragged row")]
    assert "2 cells more" in checked.problems[0].wrong


def test_a_cell_that_cannot_be_read_is_noted_and_the_rest_of_the_row_is_kept():
    checked = read("106653,370,4027,Fernhill Academy,34,1,01-09-2011,,4,Sheffield,no postcode,18-10-2025")

    values = checked.facts.schools["106653"].values
    assert "postcode" not in values
    assert values["town"] == "Sheffield"
    (problem,) = checked.problems
    assert (problem.grade, problem.line, problem.field) == (Grade.NOTED, 2, "Postcode")


@pytest.mark.parametrize(
    ("row", "wrong"),
    [
        (",370,4027,Fernhill Academy,34,1,,,4,,,", "is not a URN"),
        ("1066A3,370,4027,Fernhill Academy,34,1,,,4,,,", "is not a URN"),
        ("106653,370,4027,,34,1,,,4,,,", "has no name"),
    ],
)
def test_a_row_that_names_no_school_is_left_out_with_the_reason(row, wrong):
    checked = read(row, "106654,370,4028,Larkfield School,1,1,,,2,,,")

    assert list(checked.facts.schools) == ["106654"]
    (problem,) = checked.problems
    assert problem.grade == Grade.LEFT_OUT
    assert wrong in problem.wrong


def test_a_urn_that_stands_twice_in_a_file_is_read_once():
    checked = read("106653,370,4027,First,34,1,,,4,,,", "106653,370,4027,Second,34,1,,,4,,,")

    assert checked.facts.schools["106653"].values["name"] == "First"
    assert "twice" in checked.problems[0].wrong


def test_a_school_that_closes_before_it_opens_is_noted():
    checked = read("106653,370,4027,Fernhill,34,2,01-09-2011,31-08-2010,4,,,")

    values = checked.facts.schools["106653"].values
    assert (values["opened_on"], values["closed_on"]) == (None, date(2010, 8, 31))
    assert "closes before it opens" in checked.problems[0].wrong


@pytest.mark.parametrize(
    ("type_code", "phase_code", "phase"),
    [
        ("14", "0", "pru"),
        ("43", "0", "ap"),
        ("07", "0", "special"),
        ("10", "0", "special"),
        ("15", "1", "early_years"),
        ("18", "6", "post16"),
        ("57", "0", "other"),
        ("01", "3", "primary"),
        ("01", "5", "secondary"),
        ("34", "7", "all_through"),
        ("11", "0", "other"),
    ],
)
def test_the_phase_comes_from_the_type_where_that_says_it_else_from_the_register(type_code, phase_code, phase):
    checked = read(f"106653,370,4027,Fernhill,{type_code},1,,,{phase_code},,,")

    assert checked.facts.schools["106653"].values["phase"] == phase


@pytest.mark.parametrize(
    ("low", "high", "phase"),
    [(2, 5, "early_years"), (3, 13, "primary"), (11, 18, "secondary"), (3, 18, "all_through"), (16, 99, "post16")],
)
def test_an_independent_school_has_the_phase_of_its_ages(low, high, phase):
    headings = ["URN", "EstablishmentName", "TypeOfEstablishment (code)", "StatutoryLowAge", "StatutoryHighAge"]

    checked = read(f"106653,Fernhill,11,{low},{high}", headings=headings)

    assert checked.facts.schools["106653"].values["phase"] == phase


def test_an_overall_grade_is_read_where_a_layout_still_has_it():
    headings = ["URN", "EstablishmentName", "OfstedLastInsp", "OfstedRating (name)"]

    checked = read(
        "106653,Fernhill,10-10-2017,Good",
        "106654,Larkfield,10-10-2017,Special Measures",
        "106655,Elm,10-10-2017,",
        headings=headings,
    )

    assert {key: each.overall for key, each in checked.facts.inspections.items()} == {
        ("106653", date(2017, 10, 10)): 2,
        ("106654", date(2017, 10, 10)): 4,
    }


def test_of_two_layouts_at_once_the_newer_rules_whatever_the_files_are_called():
    old = Upload("z.csv", b"URN,SCHNAME,TOWN,ICLOSE\n106653,Old Name,Old Town,1\n")
    new = Upload("a.csv", b"URN,EstablishmentName,Town,LastChangedDate\n106653,New Name,,01-01-2020\n")

    for uploads in ([old, new], [new, old]):
        values = check(uploads, Options()).facts.schools["106653"].values
        assert (values["name"], values["town"], values["status"]) == ("New Name", "", "open")


def test_files_that_are_not_of_the_register_are_passed_over_and_said():
    other = Upload("premium.csv", b"URN,School Name,Amount\n106653,Fernhill,1\n")
    register = Upload("spine.csv", b"URN,SCHNAME\n106653,Fernhill\n")

    checked = check([other, register, Upload("empty.csv", b"\n")], Options())

    said = {file.name: file.words for file in checked.files}
    assert "Passed over" in said["premium.csv"]
    assert "empty" in said["empty.csv"]
    with pytest.raises(Unreadable, match=r"premium\.csv does not hold the register"):
        check([other], Options())


def links(*rows):
    return joined({(one, other): (kind.lower(), on) for one, other, kind, on in rows})


def test_a_link_that_only_one_end_tells_is_as_good_as_one_that_both_tell():
    both, _ = links(("1", "2", "Successor", None), ("2", "1", "Predecessor", None))
    from_before, _ = links(("1", "2", "Successor", None))
    from_after, _ = links(("2", "1", "Predecessor", None))

    assert both == from_before == from_after
    assert (both[0].predecessor, both[0].successor) == ("1", "2")


def test_the_kind_of_a_link_is_kept_in_words():
    (link,), _ = links(("1", "2", "Successor - Split School", None))

    assert link.words == "split school"


def test_links_that_say_nothing_of_succession_are_counted_and_passed_over():
    found, others = links(("1", "2", "Sixth Form Centre Link", None), ("3", "4", "Other", None))

    assert found == []
    assert others == 2


def test_where_both_ends_say_only_that_they_became_one_their_dates_must_tell():
    (link,), _ = links(("1", "2", "Result of Amalgamation", None), ("2", "1", "Result of Amalgamation", None))

    assert not link.is_sure


@pytest.mark.parametrize(
    ("of_successor", "of_predecessor", "first"),
    [
        (date(2016, 8, 31), date(2016, 9, 1), date(2016, 9, 1)),
        (date(2012, 9, 1), date(2013, 4, 24), date(2012, 9, 1)),
        (None, date(2016, 9, 1), date(2016, 9, 1)),
        (date(2016, 8, 31), None, date(2016, 9, 1)),
        (None, None, None),
    ],
)
def test_a_school_follows_on_its_own_first_day(of_successor, of_predecessor, first):
    assert first_day(of_successor, of_predecessor) == first


@given(st.text(max_size=30), st.sampled_from([*columns.COLUMNS, *columns.LINK_COLUMNS]))
def test_no_cell_breaks_a_reader(cell, column):
    try:
        column.read(" ".join(cell.split()))
    except BadValue:
        assert column.read not in (columns.phone, columns.flag, columns.overall_grade)


def test_the_national_files_are_read_as_they_are(shared):
    folder = shared / "data/schools"

    spine = check(gather([folder / "england_spine_2017-18.csv"]), Options())
    linked = check(gather([folder / "links_edubasealldata20250422.csv"]), Options())
    claim = check(gather([folder / "gias_sample_claim.csv"]), Options())
    mentor = check(gather([folder / "gias_subset_itt-mentor.csv"]), Options())

    assert len(spine.facts.schools) == 26_078
    assert spine.problems == []
    assert sum(row.values["status"] == "closed" for row in spine.facts.schools.values()) == 2_146
    assert all(row.values["type_code"] for row in spine.facts.schools.values())
    assert linked.files[0].words == "Links between schools, Windows-1252"
    assert linked.files[0].rows == 33_801
    assert [problem.kind for problem in claim.problems] == ["ragged row"]
    assert claim.facts.schools["126416"].values["name"].startswith("St Thomas à Becket")
    assert len(claim.facts.schools) == 4
    assert len(mentor.facts.schools) == 8
    assert mentor.problems == []
    assert mentor.facts.schools["126370"].values["status"] == "open_proposed_to_close"
