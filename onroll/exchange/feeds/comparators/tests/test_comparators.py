"""Published statistics: every layout comes in, marks are not zeros, and the newest release counts."""

import csv
import io
from datetime import date
from decimal import Decimal

import pytest

from onroll.access.actors import Actor
from onroll.children.tests.scene import TODAY, an_authority
from onroll.codes import read_rows
from onroll.exchange.engine import FEEDS, Options, apply, preview, undo
from onroll.exchange.feeds.comparators.loading import check as read_files
from onroll.exchange.problems import Unreadable
from onroll.exchange.reading import Upload
from onroll.measures.models import PublishedFigure

RELEASED = date(2026, 4, 9)


@pytest.fixture
def actor(db):
    """A data officer's reach in Wolverhampton, which has a region and neighbours."""
    return Actor.command_line(
        an_authority("336", "Wolverhampton", region="West Midlands").pk, today=TODAY, user="tester"
    )


def check(actor, *files, on=RELEASED):
    uploads = [Upload(name, text.encode()) for name, text in files]
    return preview(FEEDS["comparators"], uploads, actor=actor, options=Options(as_at=on))


def load(actor, text, *, name="figures.csv", on=RELEASED):
    return apply(check(actor, (name, text), on=on), actor=actor)


def figure(measure, *, place="", year="2024/25", group="CLA_12m"):
    return PublishedFigure.objects.get(measure=measure, place=place, year=year, group=group)


def of_the_release(shared, name, *, rows=lambda row: True):
    """A file as it was published: its headings, and of its rows those asked for."""
    text = (shared / f"data/dfe-statistics/{name}").read_text(encoding="utf-8")
    read = csv.reader(io.StringIO(text))
    headings = next(read)
    out = io.StringIO()
    written = csv.writer(out, lineterminator="\n")
    written.writerow(headings)
    plain = [heading.lstrip("\ufeff") for heading in headings]
    written.writerows(row for row in read if rows(dict(zip(plain, row, strict=True))))
    return out.getvalue()


def of_england(row):
    return row.get("geographic_level", row.get("LA and Regions")) in ("National", "England", "ENGLAND") and of_2025(row)


def of_2025(row):
    return row.get("time_period", row.get("Years")) in ("202425", "202526", "2025", "2024")


@pytest.mark.parametrize(
    ("name", "measure", "group", "year", "value", "marker"),
    [
        ("absence_la.csv", "absence_overall", "CINO", "2024/25", "17.4", ""),
        ("ks2_la.csv", "ks2_rwm_exs", "CLA_12m", "2024/25", "35", ""),
        ("ks2_la.csv", "ks2_progress_maths", "CLA_12m", "2024/25", None, "x"),
        ("ks4_la.csv", "ks4_attainment8", "CLA_12m", "2024/25", "17.3", ""),
        ("la_cla_school_moves.csv", "school_mid_year_move", "CLA_31March", "2024", "8", ""),
        ("cla_number_and_rate_per_10k_children.csv", "cla_number", "CLA_31March", "2025", "81770", ""),
        ("lait_lac_measures_2021_on.csv", "absence_overall", "CLA_12m", "2024/25", "9", ""),
    ],
)
def test_each_layout_says_what_was_published(shared, actor, name, measure, group, year, value, marker):
    load(actor, of_the_release(shared, name, rows=of_england), name=name)

    found = figure(measure, year=year, group=group)
    assert (found.value, found.marker) == (value and Decimal(value), marker)


def test_attendance_of_all_pupils_is_of_a_year_that_is_not_over(shared, actor):
    load(actor, of_the_release(shared, "EES_ytd_data.csv", rows=of_england))

    found = figure("attendance_overall", year="2025/26", group="all_pupils")
    assert 90 < found.value < 96
    assert found.provisional


def test_a_name_with_a_comma_is_one_name_and_only_near_places_are_kept(shared, actor):
    file = of_the_release(shared, "ks4_la.csv", rows=lambda row: of_2025(row) and "," in row["la_name"])
    checked = read_files([Upload("ks4.csv", file.encode())], Options())

    assert {key[3] for key in checked.facts.figures} == {"801", "884", "810", "839"}
    load(actor, file)
    # The one of them that is a statistical neighbour.
    assert set(PublishedFigure.objects.values_list("place", flat=True)) == {"810"}


def test_every_figure_of_a_neighbour_is_that_of_the_national_list(shared, actor):
    """The interactive tool's years and short names are read as the list that comes with Onroll reads them."""
    load(actor, of_the_release(shared, "lait_lac_measures_2021_on.csv", rows=of_2025))
    with (shared / "domain/codes/la_cla_outcomes.csv").open(newline="") as file:
        published = {(r["measure"], r["la_code"], r["year"]): r["value"] for r in csv.DictReader(file)}

    figures = PublishedFigure.objects.filter(level="authority")
    assert figures.count() > 400
    for row in figures:
        said = published[row.measure, row.place, row.year]
        assert (row.value is None) == (said == "")
        assert row.value is None or abs(row.value - Decimal(said)) < Decimal("0.000001")


HEAD = "year,measure,group,value,la_code,provisional,confidential_until\n"


@pytest.mark.parametrize("mark", ["c", "x", "z", "k", "low", "-"])
def test_a_mark_is_never_zero(actor, mark):
    load(actor, f"{HEAD}2024/25,ks2_rwm_exs,CLA_12m,{mark},336,,\n")

    assert (figure("ks2_rwm_exs", place="336").value, figure("ks2_rwm_exs", place="336").marker) == (None, mark)


def test_a_spreadsheets_tail_is_no_part_of_the_figure(actor):
    load(actor, f"{HEAD}2024/25,absence_overall,CLA_12m,8.8000000000000007,,,\n")

    assert figure("absence_overall").value == Decimal("8.8")


def test_the_same_file_again_changes_nothing_and_undo_takes_it_away(actor):
    text = f"{HEAD}2024/25,ks2_rwm_exs,CLA_12m,35,,yes,2027-03-18\n"
    import_ = load(actor, text)

    assert check(actor, ("again.csv", text), on=date(2026, 5, 1)).would_change == 0
    assert figure("ks2_rwm_exs").confidential_until == date(2027, 3, 18)
    undo(import_, actor=actor)
    assert not PublishedFigure.objects.exists()


def test_a_newer_release_takes_the_place_of_an_older_and_never_the_other_way(actor):
    load(actor, f"{HEAD}2024/25,ks2_rwm_exs,CLA_12m,34,,yes,\n", on=date(2025, 12, 1))

    load(actor, f"{HEAD}2024/25,ks2_rwm_exs,CLA_12m,35,,,\n", on=date(2026, 4, 9))
    load(actor, f"{HEAD}2024/25,ks2_rwm_exs,CLA_12m,33,,yes,\n", on=date(2026, 1, 1))

    assert (figure("ks2_rwm_exs").value, figure("ks2_rwm_exs").provisional) == (35, False)


def test_what_comes_with_onroll_can_be_loaded_as_it_is(actor):
    rows = read_rows("national_outcomes.csv")
    out = io.StringIO()
    written = csv.DictWriter(out, rows[0], lineterminator="\n")
    written.writeheader()
    written.writerows(rows)

    load(actor, out.getvalue())

    assert PublishedFigure.objects.count() == len({(r["measure"], r["group"], r["year"]) for r in rows})


def test_a_figure_that_cannot_be_read_is_left_out_and_a_strange_file_refused(actor):
    import_ = check(actor, ("figures.csv", f"{HEAD}2024/25,ks2_rwm_exs,CLA_12m,about 35,,,\n2024/25,a,b,1,,,\n"))
    (problem,) = import_.problems.all()

    assert (problem.grade, problem.line) == ("left_out", 2)
    assert "about 35" in problem.wrong
    with pytest.raises(Unreadable, match="none of the layouts"):
        check(actor, ("other.csv", "a,b\n1,2\n"))


def test_a_column_of_another_name_is_told_and_its_figures_left_out(shared, actor):
    file = of_the_release(shared, "ks4_la.csv", rows=of_2025).replace("pt_l2basics_95", "pt_basics_95", 1)

    import_ = check(actor, ("ks4.csv", file))

    assert [problem.wrong for problem in import_.problems.all()] == ["There is no column pt_l2basics_95."]
