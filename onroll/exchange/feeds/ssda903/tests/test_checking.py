"""Each row is checked by itself, and every problem says where it is, what is wrong and what was done."""

from datetime import date

import pytest

from onroll.exchange.feeds.ssda903.checking import check
from onroll.exchange.plans import Options
from onroll.exchange.problems import Grade, Unreadable
from onroll.exchange.reading import Upload

from .conftest import EPISODES, MIA, MIA_IN_CARE, a_file, episodes, headers


def checked(*files, **options):
    return check(list(files), Options(**options))


def the_problem(found, kind):
    problems = [problem for problem in found.problems if problem.kind == kind]
    assert len(problems) == 1, found.problems
    return problems[0]


def test_a_clean_return_has_no_problem_and_keeps_leading_zeros():
    found = checked(headers(MIA), episodes(MIA_IN_CARE))

    assert found.problems == []
    header, episode = found.facts.headers["0042"], found.facts.episodes[0]
    assert (header.birth_date, header.sex, header.upn) == (date(2009, 5, 6), "F", "H801200001001")
    assert (episode.start, episode.end, episode.ofsted_urn) == (date(2016, 6, 10), None, "SC123456")
    assert (found.speaks_from, found.speaks_to) == (date(2016, 4, 1), date(2017, 3, 31))
    assert found.speaks_words.endswith("the latest first day of an episode, 10 June 2016")


@pytest.mark.parametrize(
    ("row", "field", "wrong"),
    [
        ("0042,,S,C2,N1,U6,PR1,,,,,,", "DECOM", "There is no first day of the episode"),
        ("0042,31/02/2016,S,C2,N1,U6,PR1,,,,,,", "DECOM", "“31/02/2016” is not a day of the calendar"),
        ("0042,10/06/2016,S,,N1,U6,PR1,,,,,,", "LS", "There is no legal status"),
        ("0042,10/06/2016,S,C9,N1,U6,PR1,,,,,,", "LS", "“C9” is not a code for a legal status"),
        ("0042,10/06/2016,*DUMMY*,C2,N1,U6,PR1,,,,,,", "RNE", "“*DUMMY*” is not a code for why an episode began"),
        ("0042,10/06/2016,S,C2,N1,XX,PR1,,,,,,", "PLACE", "“XX” is not a code for a type of placement"),
        (",10/06/2016,S,C2,N1,U6,PR1,,,,,,", "CHILD", "There is no child's number"),
        ("1.2E+12,10/06/2016,S,C2,N1,U6,PR1,,,,,,", "CHILD", "“1.2E+12” is a number that a spreadsheet has changed"),
    ],
)
def test_an_episode_that_cannot_be_understood_stops_the_load(row, field, wrong):
    found = checked(headers(MIA), episodes(row))

    problem = next(problem for problem in found.problems if problem.grade is Grade.STOPS)
    assert (problem.file, problem.line, problem.field) == ("episodes.csv", 2, field)
    assert problem.wrong.startswith(wrong)
    assert found.facts.episodes == []


def test_a_child_with_two_dates_of_birth_stops_and_is_left_out_whole():
    other = "0043,1,01/02/2010,WBRI,,,"
    reviews = a_file("reviews.csv", "CHILD,DOB,REVIEW,REVIEW_CODE", "0042,06/05/2009,01/07/2016,PN1")
    found = checked(
        headers(MIA, MIA.replace("06/05", "07/05"), other), episodes(MIA_IN_CARE), reviews, as_at=date(2017, 3, 31)
    )

    problem = the_problem(found, "two_birth_dates")
    assert problem.grade is Grade.STOPS
    assert problem.wrong == "This child was born on 7 May 2009 here and on 6 May 2009 in line 2"
    assert list(found.facts.headers) == ["0043"]
    assert found.facts.stopped == {"0042"}
    assert found.facts.episodes == found.facts.reviews == []


@pytest.mark.parametrize(
    ("row", "kind", "field"),
    [
        ("0042,2,06/05/2009,WBRI,A801200001001,,", "upn_check_letter", "UPN"),
        ("0042,2,06/05/2009,WBRI,3412,,", "upn_form", "UPN"),
        ("0042,2,06/05/2009,UNKN,,,", "unknown_code", "ETHNIC"),
        ("0042,7,06/05/2009,WBRI,,,", "unknown_code", "SEX"),
    ],
)
def test_a_doubtful_detail_of_a_child_is_only_noted(row, kind, field):
    found = checked(headers(row))

    problem = the_problem(found, kind)
    assert (problem.grade, problem.field, problem.line, problem.child) == (Grade.NOTED, field, 2, "0042")
    assert "0042" in found.facts.headers


def test_a_wrong_check_letter_is_kept_and_what_is_no_upn_is_not():
    kept = checked(headers(MIA.replace("H8012", "A8012"))).facts.headers["0042"]
    empty = checked(headers(MIA.replace("H801200001001", "3412"))).facts.headers["0042"]
    none = checked(headers(MIA.replace("H801200001001", "un6"))).facts.headers["0042"]

    assert (kept.upn, empty.upn, none.upn, none.upn_unknown) == ("A801200001001", "", "", "UN6")


def test_postcodes_that_are_none_are_noted_without_being_shown():
    found = checked(headers(MIA), episodes(MIA_IN_CARE.replace("AB3 4EF", "2TR")))

    problem = the_problem(found, "postcode")
    assert problem.field == "PL_POST"
    assert "2TR" not in problem.wrong + problem.done
    assert found.facts.episodes[0].postcode == "2TR"


def test_an_open_episode_is_read_from_its_blank_last_day_whatever_reason_it_gives():
    found = checked(headers(MIA), episodes(MIA_IN_CARE.replace("PR1,,,", "PR1,,E4A,")))

    assert the_problem(found, "reason_of_an_open_episode").grade is Grade.NOTED
    assert found.facts.episodes[0].end is None
    assert found.facts.episodes[0].reason_ceased == ""


def test_overlapping_episodes_are_kept_and_noted_with_their_days():
    later = "0042,01/09/2016,P,C2,N1,U6,PR1,,,,,,"
    found = checked(headers(MIA), episodes(MIA_IN_CARE.replace("PR1,,,", "PR1,10/10/2016,X1,"), later))

    assert the_problem(found, "overlap").wrong == (
        "The episode from 1 September 2016 overlaps the one from 10 June 2016 to 10 October 2016"
    )
    assert len(found.facts.episodes) == 2


def test_the_same_episode_twice_is_left_out_and_of_two_on_one_day_the_longer_stays():
    same = checked(headers(MIA), episodes(MIA_IN_CARE, MIA_IN_CARE))
    shorter = MIA_IN_CARE.replace("PR1,,,", "PR1,11/06/2016,X1,")
    two = checked(headers(MIA), episodes(MIA_IN_CARE, shorter))

    assert the_problem(same, "duplicate").grade is Grade.LEFT_OUT
    assert the_problem(two, "two_on_one_day").line == 3
    assert [episode.end for episode in two.facts.episodes] == [None]


def test_rows_of_side_files_that_cannot_be_placed_are_left_out():
    reviews = a_file(
        "reviews.csv",
        "CHILD,DOB,REVIEW,REVIEW_CODE",
        "0042,06/05/2009,22/13/2016,PN1",
        "0042,06/05/2009,01/07/2016,PN1",
        "0042,06/05/2009,01/07/2016,PN1",
        "0042,07/05/2009,01/08/2016,PN9",
    )
    found = checked(headers(MIA), episodes(MIA_IN_CARE), reviews)

    told = [(problem.grade, problem.kind, problem.line) for problem in found.problems]
    assert told == [
        (Grade.LEFT_OUT, "unreadable_day", 2),
        (Grade.LEFT_OUT, "duplicate", 4),
        (Grade.NOTED, "birth_date_differs", 5),
        (Grade.NOTED, "unknown_code", 5),
    ]
    assert [(review.on, review.participation) for review in found.facts.reviews] == [
        (date(2016, 7, 1), "PN1"),
        (date(2016, 8, 1), ""),
    ]


def test_a_score_that_is_none_is_noted_without_being_shown():
    oc2 = a_file("oc2.csv", "CHILD,DOB,SDQ_SCORE,SDQ_REASON", "0042,06/05/2009,77,", "0043,06/05/2009,14.0,")
    found = checked(headers(MIA), episodes(MIA_IN_CARE), oc2)

    assert "77" not in the_problem(found, "sdq_score").wrong
    assert [(fact.child, fact.score) for fact in found.facts.sdq] == [("0043", 14)]


def test_earlier_permanence_keeps_a_date_with_unknown_parts():
    rows = a_file("pp.csv", "CHILD,DOB,PREV_PERM,LA_PERM,DATE_PERM", "0042,06/05/2009,P1,999,zz/ZZ/2011")
    fact = checked(headers(MIA), rows).facts.permanence[0]

    assert (fact.kind, fact.la_code, fact.date_as_sent) == ("P1", "", "zz/zz/2011")


@pytest.mark.parametrize("code", ["H5", "Z1", "K3", "Z13"])
def test_placement_codes_of_every_year_are_read(code):
    found = checked(headers(MIA), episodes(MIA_IN_CARE.replace("U6", code)))

    assert found.facts.episodes[0].placement_type == code
    assert all(problem.grade is Grade.NOTED for problem in found.problems)


def test_files_are_known_by_their_columns_in_any_order_and_by_no_name():
    shuffled = a_file("page 3.csv", "pl_post, DEC ,child,decom,rne,ls,place", "AB1 2DE,,0042,10/06/2016,S,C2,U6")
    found = checked(shuffled, Upload("x.txt", headers(MIA).data))

    assert found.facts.episodes[0].postcode == "AB1 2DE"
    assert found.facts.headers["0042"].sex == "F"


@pytest.mark.parametrize(
    "encode",
    [
        lambda text: text.encode("utf-8-sig"),
        lambda text: text.encode("cp1252"),
        lambda text: text.encode("utf-16"),
        lambda text: text.replace("\n", "\r\n").encode(),
        lambda text: text.replace(",", ";").encode(),
        lambda text: text.rstrip("\n").encode(),
    ],
)
def test_every_usual_way_of_saving_a_file_is_read(encode):
    found = checked(
        Upload("header.csv", encode(headers(MIA.replace("WBRI", "Wbri")).data.decode() + "0043é,1,01/02/2010,,,,\n"))
    )

    assert set(found.facts.headers) == {"0042", "0043é"}
    assert found.facts.headers["0042"].ethnicity == "WBRI"


def test_what_is_not_of_the_return_is_read_past_and_said():
    found = checked(
        headers(MIA),
        Upload("ad1.csv", b"\n"),
        a_file("pupils.csv", "URN,NAME", "1,A"),
        a_file("adopters.csv", "CHILD,DOB,DATE_INT,DATE_MATCH", "0042,06/05/2009,,"),
        Upload("notes.docx", b"PK\x03\x04 [Content_Types].xml"),
        Upload("returns.xml", b"<EXPSSDA903></EXPSSDA903>"),
    )

    assert [problem.kind for problem in found.problems] == [
        "empty_file",
        "file_read_past",
        "file_read_past",
        "file_read_past",
    ]
    assert {file.name: file.words for file in found.files}["ad1.csv"] == "empty"


@pytest.mark.parametrize(
    ("files", "words"),
    [
        ([Upload("a.csv", b"NAME\nMia\n")], "No file here holds a table of the return (a.csv)"),
        (
            [a_file("e.csv", "CHILD,DECOM,RNE,LS,PLACE", "1,2,3,4,5")],
            "e.csv looks like the table Episodes but has no column DEC",
        ),
        ([headers(MIA), Upload("two.csv", headers(MIA).data)], "each hold the table Header. A return has one"),
        ([a_file("e.csv", f"{EPISODES},DEC", "")], "e.csv has two columns called DEC"),
        ([Upload("a.csv", b'CHILD,DOB,UPN\n"1,2,3\n')], "can't be read as CSV"),
        ([Upload("a.csv", b"CHILD,DOB,UPN\n\x00,2,3\n")], "holds bytes that no text has"),
        ([Upload("a.csv", b"CHILD,DOB,UPN\n\x81,2,3\n")], "a.csv line 2 has a character in no encoding we know"),
        ([Upload("a.xlsx", b"PK\x03\x04[Content_Types].xml")], "is an Excel workbook"),
        ([Upload("a.xml", b"<R><CHILD></R>")], "a.xml line 1 can't be read as XML"),
        ([Upload("a.xml", b"<R/>")], "a.xml holds no CHILD elements"),
        (
            [Upload("a.xml", b'<!DOCTYPE R [<!ENTITY x "y">]><R><CHILD>&x;</CHILD></R>')],
            "has a document type (DOCTYPE)",
        ),
        ([a_file("oc2.csv", "CHILD,DOB,SDQ_SCORE", "1,01/02/2010,12")], "These files name no year"),
    ],
)
def test_what_cannot_be_read_says_which_file_where_and_what_to_do(files, words):
    with pytest.raises(Unreadable) as refusal:
        checked(*files)

    assert words in str(refusal.value)


def test_an_xml_return_gives_the_same_facts_as_its_csv():
    xml = (
        "<?xml version='1.0'?><EXPSSDA903><CHILD><HEADER><CHILDID>0042</CHILDID><SEX>2</SEX><DOB>06/05/2009</DOB>"
        "<ETHNIC>WBRI</ETHNIC><UPN>H801200001001</UPN><UASC>1</UASC><DUC>01/02/2017</DUC>"
        "<AREVIEW><REVIEW>01/07/2016</REVIEW><REVIEW_CODE>PN1</REVIEW_CODE></AREVIEW>"
        "<OC2><SDQ_SCORE>14</SDQ_SCORE></OC2><PERMANENCE><PREV_PERM>Z1</PREV_PERM></PERMANENCE></HEADER>\n"
        "<EPISODE><DECOM>10/06/2016</DECOM><RNE>S</RNE><LS>C2</LS><CIN>N1</CIN><PL>U6</PL>"
        "<PLACE_PROVIDER>PR1</PLACE_PROVIDER><DEC/><HOME_POST>AB1 2DE</HOME_POST><PL_POST>AB3 4EF</PL_POST>"
        "<URN>SC123456</URN></EPISODE></CHILD></EXPSSDA903>"
    )
    facts = checked(Upload("a.xml", xml.encode())).facts
    same = checked(headers(MIA), episodes(MIA_IN_CARE)).facts

    named = ("child", "start", "end", "legal_status", "placement_type", "postcode", "ofsted_urn")
    assert [getattr(facts.episodes[0], name) for name in named] == [getattr(same.episodes[0], name) for name in named]
    assert facts.episodes[0].line == 2
    assert facts.headers["0042"].upn == same.headers["0042"].upn
    assert (facts.reviews[0].on, facts.sdq[0].score, facts.permanence[0].kind) == (date(2016, 7, 1), 14, "Z1")
    assert facts.asylum_seeking[0].until == date(2017, 2, 1)
