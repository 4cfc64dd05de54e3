"""Plans come in as councils print them, again change nothing, and go as one act. The real ones are read too."""

import io
from datetime import date
from pathlib import Path

import pytest
import xlsxwriter

from onroll.access.actors import Actor
from onroll.authorities.models import CalendarEntry
from onroll.children.tests.scene import TODAY, an_authority, write
from onroll.exchange.engine import FEEDS, apply, preview, undo, why_not_apply
from onroll.exchange.feeds.exchange.exporting import as_text
from onroll.exchange.feeds.exchange.tables.plan_facts import OF_PLANS
from onroll.exchange.feeds.exchange.tables.table import Holdings
from onroll.exchange.problems import Unreadable
from onroll.exchange.reading import Upload, gather
from onroll.history.recorded import recorded_models
from onroll.plans.models import Action, Goal, Milestone, Plan, Rated, Section, Serves

REAL = Path(__file__).resolve().parents[6] / "shared" / "plans"
WORK_PLAN = """\
Section,Corp. Plan Ref,Action Title,Responsible Officer,Anticipated Outcome/Result,Proposed Start Date,\
Proposed End Date,Performance Measures,Progress Update,RAG Rating
Attendance,Every child in school,Ring schools on the first day,"Dan Whitlock
Priya Raman",Fewer days lost,July 2026,March 2027,"Absence under 5%
Calls made",Calls began in July.,in progress
Attendance,,Keep a list of children without a place,,,September 2026,December 2026,,,
PEPs,,Read every plan twice,Amara Nwosu,,April 2026,October 2026,,,Amber
"""
IMPROVEMENT_PLAN = """\
Priority or strand,Strand / action,Date / frequency,Lead person,Milestones,Monitoring
Finance,Pay within ten days,October 2026 and ongoing (weekly),VHT,"Dec 2026: panel meets
Spring 2027: contract let",Weekly list
Finance,Review the panel,Termly,"VHT
VDHT",,
Projects,Reading club,Feb half term / key school holidays,VSO,,Registers
"""
GOALS = """\
Priorities,Success criteria
Every child reads,
,Nobody waits for a book
"""
DUTIES = """\
Ref,Lead-in,Expectation
D03,ensure that:,an up-to-date roll
X1,and,a thing of our own
"""


@pytest.fixture
def actor(db):
    authority = an_authority()
    spring = {"kind": "term", "academic_year": "2026-27", "term": "spring"}
    write(CalendarEntry(authority=authority, start=date(2027, 1, 5), end=date(2027, 3, 26), **spring))
    return Actor.command_line(authority.pk, today=TODAY, user="tester")


def check(actor, **files):
    uploads = [Upload(f"{name.replace('_', '-')}.csv", text.encode()) for name, text in files.items()]
    return preview(FEEDS["plan"], uploads, actor=actor)


def load(actor, **files):
    return apply(check(actor, **files), actor=actor)


def exported(actor) -> dict[str, str]:
    return {table.name: as_text(table, Holdings.of(actor)) for table in OF_PLANS}


@pytest.mark.requirement("R001", "R002", "R003", "R004", "R005")
def test_a_work_plan_keeps_its_words_and_gets_its_days(actor):
    load(actor, Ashcombe_work_plan_2026_27=WORK_PLAN)

    plan = Plan.objects.get()
    assert (plan.number, plan.title) == ("ashcombe-work-plan-2026-27", "Ashcombe work plan 2026-27")
    assert (plan.start, plan.end) == (date(2026, 4, 1), date(2027, 4, 1))
    assert list(Section.objects.values_list("title", flat=True)) == ["Attendance", "PEPs"]
    ring = Action.objects.get(words__startswith="Ring")
    assert [lead.words for lead in ring.leads.all()] == ["Dan Whitlock", "Priya Raman"]
    assert (ring.end_printed, ring.starts_on, ring.due_on) == ("March 2027", date(2026, 7, 1), date(2027, 3, 31))
    assert (ring.rating, ring.reported) == (Rated.IN_PROGRESS, "Calls began in July.")
    assert ring.serves.get().words == "Every child in school"
    assert not Action.objects.get(words__startswith="Keep").leads.exists()


@pytest.mark.requirement("R103", "R106", "R137", "R170")
def test_an_improvement_plan_gets_the_days_that_its_words_come_to(actor):
    load(actor, Ashcombe_2026_27=IMPROVEMENT_PLAN)

    pay, review, club = Action.objects.order_by("number")
    assert (pay.ongoing, pay.due_on, pay.rhythm, pay.starts_on) == (True, None, "week", date(2026, 10, 1))
    assert (review.due_on, review.rhythm) == (date(2027, 8, 31), "term")
    assert club.rhythm == "february"
    dates = list(Milestone.objects.order_by("position").values_list("due_on", "kind", "warn_weeks"))
    assert dates == [(date(2026, 12, 31), "step", 0), (date(2027, 3, 25), "contract", 4)]


@pytest.mark.requirement("R103", "R104")
def test_goals_and_duties_beside_a_plan_are_its_own(actor):
    load(actor, Ashcombe_plan_2026_27=IMPROVEMENT_PLAN, Ashcombe_priorities=GOALS, Ashcombe_duties=DUTIES)

    assert list(Goal.objects.values_list("kind", "words")) == [
        ("criterion", "Nobody waits for a book"),
        ("priority", "Every child reads"),
    ]
    quoted = Serves.objects.filter(plan=Plan.objects.get(), kind="duty")
    assert set(quoted.values_list("code", "words")) == {
        ("D03", "ensure that: an up-to-date roll"),
        ("", "and a thing of our own"),
    }


def test_goals_that_could_be_of_two_plans_stop_the_load(actor):
    load(actor, Ashcombe_one=WORK_PLAN, Castlebury_two=IMPROVEMENT_PLAN)

    import_ = check(actor, priorities=GOALS)

    assert "not clear which plan" in import_.problems.get().wrong
    assert why_not_apply(import_, actor=actor)
    assert check(actor, Castlebury_priorities=GOALS).would_change == 2


def test_the_same_files_again_change_nothing_and_one_act_undoes_them(actor):
    before = exported(actor)
    files = {"A_plan_2026_27": IMPROVEMENT_PLAN, "A_goals": GOALS, "A_duties": DUTIES}
    import_ = load(actor, **files)

    assert check(actor, **files).would_change == 0
    undo(import_, actor=actor)
    assert exported(actor) == before


def test_what_was_decided_here_is_not_written_over_by_the_same_file(actor):
    load(actor, A_plan=WORK_PLAN)
    keep = Action.objects.get(words__startswith="Keep")
    keep.rating, keep.outcome, keep.due_on = Rated.OFF_TRACK, "Nobody is forgotten", date(2027, 1, 31)
    write(keep)

    assert check(actor, A_plan=WORK_PLAN).would_change == 0
    load(actor, A_plan=WORK_PLAN.replace("Calls began in July.", "Calls go well."))

    keep.refresh_from_db()
    assert (keep.rating, keep.due_on) == (Rated.OFF_TRACK, date(2027, 1, 31))
    assert Action.objects.get(words__startswith="Ring").reported == "Calls go well."


def test_a_plan_loaded_again_with_another_rating_says_it_on_that_day_and_keeps_what_it_had_printed(actor):
    load(actor, Ashcombe_work_plan_2026_27=WORK_PLAN)
    load(actor, Ashcombe_work_plan_2026_27=WORK_PLAN.replace(",in progress", ",Completed"))

    ring = Action.objects.get(words__startswith="Ring")
    assert (ring.rating, ring.rating_printed) == (Rated.COMPLETED, Rated.IN_PROGRESS)
    assert list(ring.ratings.values_list("on", "rating", "by")) == [(TODAY, "Completed", "Command line (tester)")]


def test_a_rating_of_another_scale_and_a_row_without_an_action_are_said(actor):
    import_ = check(actor, A_plan=WORK_PLAN + "PEPs,,,Somebody,,,,,,\nPEPs,,Read every plan twice,,,,,,,\n")

    said = {(problem.line, problem.field): problem.wrong for problem in import_.problems.all()}
    assert said[6, "RAG Rating"] == "“Amber” is not one of Off Track, In Progress, Completed."
    assert "nothing here" in said[7, "Action Title"]
    assert "stands under this heading already" in said[8, "Action Title"]
    apply(import_, actor=actor)
    assert Action.objects.count() == 3


def test_a_file_that_is_no_plan_is_refused(actor):
    with pytest.raises(Unreadable, match="no table of a plan"):
        check(actor, children="child_id,upn\n1,2\n")


@pytest.mark.requirement("R002")
def test_a_workbook_of_the_same_columns_is_the_same_plan(actor):
    import csv

    book = io.BytesIO()
    with xlsxwriter.Workbook(book) as workbook:
        sheet = workbook.add_worksheet()
        for at, row in enumerate(csv.reader(io.StringIO(WORK_PLAN))):
            sheet.write_row(at, 0, row)
    load(actor, A_plan=WORK_PLAN)

    again = preview(FEEDS["plan"], [Upload("A-plan.xlsx", book.getvalue())], actor=actor)

    assert again.would_change == 0


@pytest.mark.skipif(not REAL.exists(), reason="the two real plans are not beside this checkout")
@pytest.mark.requirement("R001", "R002", "R003", "R103", "R104", "R105", "R106", "R137", "R170")
def test_the_two_real_plans_come_in_as_they_are(actor):
    names = ("wolverhampton-work-plan-2015-16", "medway-improvement-plan-2018-19", "medway-priorities", "medway-duties")
    files = gather([REAL / f"{name}.csv" for name in names])
    import_ = preview(FEEDS["plan"], files, actor=actor)
    assert not import_.problems.exists()
    apply(import_, actor=actor)

    work, improvement = Plan.objects.order_by("start")
    assert (work.start, work.end) == (date(2015, 4, 1), date(2016, 4, 1))
    assert (improvement.start, improvement.end) == (date(2018, 9, 1), date(2019, 9, 1))
    assert (work.sections.count(), work.lines.count()) == (5, 23)
    assert (improvement.sections.count(), improvement.lines.count()) == (9, 30)
    assert (improvement.goals.count(), improvement.serves.filter(code__startswith="D").count()) == (11, 13)
    quality = Action.objects.get(words="Improve the quality of Personal Education Plans (PEPs)")
    assert [each.measure for each in quality.measures.all()] == ["W16", "W17", "W18", "W19", "W20", "W21"]
    assert quality.due_on == date(2016, 3, 31)
    assert {each.measure for each in Action.objects.get(words="NAVSH").measures.all()} == {"M93"}
    late = Action.objects.get(words__startswith="Secure extension to contract")
    assert [each.due_on for each in late.milestones.all()] == [date(2018, 8, 31), date(2019, 3, 31), date(2019, 4, 30)]
    assert preview(FEEDS["plan"], files, actor=actor).would_change == 0


@pytest.mark.skipif(not REAL.exists(), reason="the two real plans are not beside this checkout")
def test_the_real_plans_go_out_and_into_an_empty_authority_byte_for_byte(actor):
    files = gather([REAL / "wolverhampton-work-plan-2015-16.csv", REAL / "medway-improvement-plan-2018-19.csv"])
    apply(preview(FEEDS["plan"], files, actor=actor), actor=actor)
    first = exported(actor)
    elsewhere = Actor.command_line(an_authority("998", "Castlebury").pk, today=TODAY, user="tester")

    apply(
        preview(FEEDS["exchange"], [Upload(f"{n}.csv", t.encode()) for n, t in first.items()], actor=elsewhere),
        actor=elsewhere,
    )

    assert exported(elsewhere) == first


def test_every_record_of_a_plan_is_recorded_in_the_history():
    ours = {model.__name__ for model in recorded_models() if model._meta.app_label == "plans"}
    assert {"Plan", "Action", "Update", "Rating", "DutyAnswer"} <= ours
