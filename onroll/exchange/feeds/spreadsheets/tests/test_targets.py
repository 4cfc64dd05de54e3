"""Last term's targets from a spreadsheet: the plans they make or join, and the review that they open."""

from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from onroll.access.actors import Actor
from onroll.children.models import CareEpisode, Disclosure, Identifiers, PlacementAddress
from onroll.children.tests.scene import a_child, together, write
from onroll.exchange import engine
from onroll.exchange.reading import Upload
from onroll.exchange.sheets import NeedsMatching, remember
from onroll.peps.known import Known
from onroll.peps.models import Pep, PepSettings, PepTarget
from onroll.peps.opening import open_what_is_due
from onroll.peps.tests.scene import TODAY, a_cast, a_pep, a_target

pytestmark = pytest.mark.django_db

HEADINGS = (
    "Child ID,School year,Term,Date of PEP,Subject,SMART target,Baseline,Success criteria,Actions,By whom,Due date,"
    "Outcome\n"
)
READS = (
    "{n},2025/26,Summer,02/06/2026,Reading,Read 80 words correctly in a minute,52 words,A timed page,"
    "Paired reading,Ms Lee,17/07/2026,Partially met\n"
)
COUNTS = "{n},2025/26,summer,02/06/2026,Maths,Know the tables to 12,To 6,,,,,\n"


@pytest.fixture
@together()
def cast():
    return a_cast()


@pytest.fixture
def actor(cast):
    return Actor.command_line(cast.authority.pk, today=TODAY, user="test")


def number_of(child):
    return Identifiers.unscoped.get(child=child).child_number


def sheet(cast, *rows, headings=HEADINGS):
    return (headings + "".join(rows).replace("{n}", number_of(cast.child))).encode()


def preview(actor, data):
    return engine.preview(engine.FEEDS["targets"], [Upload("targets.csv", data)], actor=actor)


def load(actor, data):
    return engine.apply(preview(actor, data), actor=actor)


def test_a_plan_is_made_for_the_targets_held_and_signed_off_on_its_day(cast, actor):
    import_ = load(actor, sheet(cast, READS, COUNTS))

    assert [(each["key"], each["count"], each["children"]) for each in import_.sentences] == [
        ("pep_targets", 2, [number_of(cast.child)]),
        ("peps", 1, [number_of(cast.child)]),
    ]
    pep = Pep.unscoped.get()
    assert (pep.kind, pep.form, pep.state, pep.source) == ("termly", "school_age", "signed_off", "school")
    assert (pep.academic_year, pep.term) == ("2025-26", "summer")
    assert pep.held_on == pep.meeting_on == pep.signed_off_on == date(2026, 6, 2)
    reads, counts = PepTarget.unscoped.filter(pep=pep)
    assert (reads.area, reads.outcome, reads.due_on, reads.owner) == ("english", "partly", date(2026, 7, 17), "Ms Lee")
    assert (reads.baseline, reads.success, reads.action) == ("52 words", "A timed page", "Paired reading")
    assert (counts.area, counts.outcome, counts.place) == ("maths", "", 2)

    engine.undo(import_, actor=actor)
    assert not Pep.unscoped.exists()
    assert not PepTarget.unscoped.exists()


def test_the_same_sheet_again_changes_nothing_and_an_empty_cell_says_nothing(cast, actor):
    load(actor, sheet(cast, READS, COUNTS))

    assert preview(actor, sheet(cast, READS, COUNTS)).would_change == 0
    load(actor, sheet(cast, READS.replace("52 words", "").replace("Partially met", "Met")))
    reads = PepTarget.unscoped.get(area="english")
    assert (reads.baseline, reads.outcome) == ("52 words", "met")


def test_targets_join_the_plan_of_the_term_that_is_here(cast, actor):
    pep = a_pep(cast.child, academic_year="2025-26", term="summer", due_on=date(2026, 6, 12), state="signed_off",
                signed_off_on=date(2026, 6, 18), held_on=date(2026, 6, 9))  # fmt: skip
    held = a_target(pep)

    import_ = load(actor, sheet(cast, COUNTS, READS))

    assert list(Pep.unscoped.all()) == [pep]
    assert [target.place for target in PepTarget.unscoped.filter(pep=pep)] == [1, 2]
    held.refresh_from_db()
    assert (held.baseline, held.outcome) == ("", "")
    assert "is in the plan here already" in import_.problems.get().wrong


def test_what_the_next_plan_said_of_a_target_stays_when_the_sheet_comes_again(cast, actor):
    load(actor, sheet(cast, READS))
    target = PepTarget.unscoped.get()
    target.outcome, target.reviewed_on = "not_met", date(2026, 10, 1)
    write(target)

    assert preview(actor, sheet(cast, READS)).would_change == 0


def test_the_form_is_that_of_the_age_on_the_day(cast, actor):
    ada = a_child(cast.authority, "Ada Birch", birth_date=date(2009, 9, 20), number="A1")
    kit = a_child(cast.authority, "Kit Birch", birth_date=date(2022, 5, 6), number="A2")
    rows = ["A1,,,02/06/2026,,Apply to college,,,,,,\n", "A2,,,02/06/2026,,Share toys,,,,,,\n"]

    load(actor, sheet(cast, *rows, "A1,,,02/10/2026,,Visit the college,,,,,,\n"))

    found = Pep.unscoped.order_by("held_on", "pk").values_list("child", "form", "term", "academic_year")
    assert list(found) == [
        (ada.pk, "school_age", "summer", "2025-26"),
        (kit.pk, "early_years", "summer", "2025-26"),
        (ada.pk, "post_16", "autumn", "2026-27"),
    ]


def test_a_plan_that_was_made_so_opens_nothing_and_its_targets_open_the_next_plan(cast, actor):
    cast.authority.live_from = date(2026, 9, 1)
    write(cast.authority)
    spring = a_pep(cast.child, academic_year="2025-26", term="spring", due_on=date(2026, 3, 6), state="signed_off",
                   signed_off_on=date(2026, 3, 9))  # fmt: skip
    a_target(spring, "Come to school each day")
    load(actor, sheet(cast, READS, COUNTS, "{n},2024/25,summer,03/06/2025,,Come to school each day,,,,,,\n"))

    open_what_is_due(cast.authority, today=TODAY)

    opened = Pep.unscoped.get(source="clock")
    assert (opened.academic_year, opened.term) == ("2026-27", "autumn")
    known = Known(opened, TODAY, PepSettings.of(cast.authority.pk), actor)
    assert sorted(target.area for target in known.to_review) == ["english", "maths"]


def test_a_plan_of_this_term_that_came_finished_is_not_opened_again(cast, actor):
    cast.authority.live_from = date(2026, 9, 1)
    write(cast.authority)
    load(actor, sheet(cast, "{n},2026/27,autumn,22/09/2026,,Join the choir,,,,,,\n"))

    open_what_is_due(cast.authority, today=TODAY)

    assert Pep.unscoped.get().source == "school"


def test_the_next_plans_page_of_targets_shows_those_of_last_term(cast, actor):
    load(actor, sheet(cast, READS))
    pep = a_pep(cast.child)
    client = Client()
    client.force_login(cast.accounts["teacher"])

    page = client.get(reverse("peps:targets", args=[cast.child.public_id, pep.public_id])).content.decode()

    assert "Read 80 words correctly in a minute" in page
    assert "Partly met" in page


@pytest.mark.parametrize(
    ("row", "wrong"),
    [
        ("X1,2025/26,summer,02/06/2026,,Read on,,,,,,\n", "X1 is the number of no child here"),
        ("{n},2025/26,summer,,,Read on,,,,,,\n", "There is nothing here"),
        ("{n},2025/26,summer,02/06/2026,,,,,,,,\n", "There is nothing here"),
        ("{n},2025/27,summer,02/06/2026,,Read on,,,,,,\n", "is not a school year like 2025/26"),
        ("{n},2024/25,summer,02/06/2026,,Read on,,,,,,\n", "2 June 2026 is not in the school year 2024/25"),
        ("{n},2025/26,winter,02/06/2026,,Read on,,,,,,\n", "is not a term. Write one of: Autumn, Spring, Summer"),
        ("{n},2026/27,autumn,02/11/2026,,Read on,,,,,,\n", "2 November 2026 is still to come"),
        ("{n},2025/26,summer,02/06/2026,Sport,Read on,,,,,,\n", "is not an area of targets"),
        ("{n},2025/26,summer,02/06/2026,,Read on,,,,,,Perhaps\n", "is not how a target went"),
    ],
)
def test_a_row_that_does_not_fit_is_left_out_with_its_line_and_why(cast, actor, row, wrong):
    import_ = preview(actor, sheet(cast, row))

    problem = import_.problems.get()
    assert (problem.grade, problem.line) == ("left_out", 2)
    assert wrong in problem.wrong
    assert import_.would_change == 0


def test_a_target_that_stands_twice_is_taken_once(cast, actor):
    import_ = load(actor, sheet(cast, READS, READS))

    assert PepTarget.unscoped.count() == 1
    assert "stands in this plan already, or twice in this file" in import_.problems.get().wrong


def test_no_target_joins_a_plan_that_was_closed_without_being_done(cast, actor):
    a_pep(cast.child, academic_year="2025-26", term="summer", state="missed", closed_on=date(2026, 9, 2))

    import_ = preview(actor, sheet(cast, READS))

    assert "was closed here without being done" in import_.problems.get().wrong
    assert import_.would_change == 0


def test_headings_we_do_not_know_are_matched_once(cast, actor):
    data = sheet(cast, "{n},02/06/2026,Read on\n", headings="Ref,When,What\n")
    with pytest.raises(NeedsMatching, match="Child’s number, Day of the plan, Target"):
        preview(actor, data)

    remember("targets", {"child_id": "Ref", "on": "When", "text": "What"}, actor=actor)

    assert preview(actor, data).would_change == 2


@pytest.mark.proves("ADR-4")
def test_words_that_tell_where_a_marked_child_lives_are_left_out(cast, actor):
    episode = CareEpisode.unscoped.get(child=cast.child)
    keys = {"authority_id": cast.authority.pk, "child": cast.child, "episode": episode}
    write(PlacementAddress(**keys, address="24 Mill Lane, Ashcombe", postcode="AS1 4QQ",
                           disclosure=Disclosure.NOT_TO_FAMILY))  # fmt: skip
    rows = [READS.replace("Paired reading", "A reader at 24 Mill Lane"), COUNTS.replace("To 6", "To 6 in AS1 4QQ")]
    told = "{n},2025/26,summer,02/06/2026,,Walk home to 24 Mill Lane alone,,,,,,\n"

    import_ = load(actor, sheet(cast, *rows, told))

    assert {target.area: (target.baseline, target.action) for target in PepTarget.unscoped.all()} == {
        "english": ("52 words", ""),
        "maths": ("", ""),
    }
    assert "Mill" not in str([problem.wrong for problem in import_.problems.all()])
    assert preview(actor, sheet(cast, *rows, told)).would_change == 0


def test_many_rows_ask_no_more_questions_than_few(cast, actor, django_assert_max_num_queries):
    rows = [COUNTS.replace("12", str(n)).replace("summer", term) for n in range(30) for term in ("summer", "autumn")]
    rows = [row.replace("02/06/2026", "02/11/2025") if "autumn" in row else row for row in rows]

    with django_assert_max_num_queries(40):
        assert preview(actor, sheet(cast, *rows)).would_change == 62
