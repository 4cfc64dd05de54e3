"""The pages of plans: who gets there, what they show, and what each act does."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from onroll.children.tests.scene import a_child, a_place, a_school, an_authority, an_episode, together, write
from onroll.codes.years import academic_year_of
from onroll.history.models import Change
from onroll.peps.models import Pep, PepSettings, Signature
from onroll.peps.queries import this_term
from onroll.peps.tests.scene import a_cast, a_pep, a_target, with_terms_around

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()


@pytest.fixture
@together()
def cast(db):
    authority = with_terms_around(an_authority(), TODAY)
    authority.live_from = TODAY - timedelta(days=20)
    return a_cast(TODAY, write(authority))


@pytest.fixture
def pep(cast):
    """The plan of this term, open for a month and due in another."""
    year, term = this_term(cast.authority.pk, TODAY)
    days = {"opens_on": TODAY - timedelta(days=30), "due_on": TODAY + timedelta(days=30)}
    return a_pep(cast.child, academic_year=year, term=term, **days)


@pytest.fixture
def enter(client, cast):
    """Sign in as one of the cast."""

    def signed_in(name):
        client.force_login(cast.accounts[name])
        return client

    return signed_in


def text(answer) -> str:
    return " ".join(answer.content.decode().split())


def address(name: str, pep: Pep) -> str:
    return reverse(f"peps:{name}", args=[pep.child.public_id, pep.public_id])


def boxes(name: str, day) -> dict[str, str]:
    return {f"{name}_day": str(day.day), f"{name}_month": str(day.month), f"{name}_year": str(day.year)}


def test_a_plan_goes_from_due_to_signed_off_by_several_people(enter, cast, pep):
    tomorrow = TODAY + timedelta(days=1)
    enter("teacher").post(address("book", pep), boxes("on", tomorrow))
    pep.refresh_from_db()
    assert (pep.state, pep.meeting_on) == ("booked", tomorrow)

    held = {**boxes("on", TODAY), "young_person": "yes", "virtual_school": "no", "outside_lessons": "yes"}
    enter("worker").post(address("held", pep), held)
    pep.refresh_from_db()
    assert (pep.state, pep.held_on, pep.young_person_attended, pep.vs_attended) == ("held", TODAY, True, False)


def test_a_plan_that_was_handed_in_is_agreed_by_social_care_and_signed_off(enter, cast, pep):
    hand_in(pep)
    assert "It is social care’s turn" in text(enter("teacher").get(address("pep", pep)))
    assert "It is your turn" in text(enter("head").get(address("pep", pep)))

    refused = enter("adviser").post(address("sign_off", pep), {"without": ""})
    assert "Not signed by social care" in text(refused)
    enter("worker").post(address("sign", pep), {"agreed": "on"})
    enter("adviser").post(address("sign_off", pep), {"without": ""})

    pep.refresh_from_db()
    assert (pep.state, pep.signed_off_on) == ("signed_off", TODAY)
    assert set(Signature.unscoped.values_list("signed_as", flat=True)) == {"lead", "social_worker", "virtual_school"}
    assert Change.objects.filter(verb="pep.sign_off").exists()


def last_year() -> str:
    return academic_year_of(TODAY - timedelta(days=366))


def hand_in(pep):
    pep.state, pep.held_on, pep.submitted_on = "submitted", TODAY, TODAY
    write(pep)
    write(Signature(authority_id=pep.authority_id, child_id=pep.child_id, pep=pep, signed_as="lead", on=TODAY))


def test_a_returned_plan_says_what_to_put_right_and_waits_for_the_school(enter, cast, pep):
    hand_in(pep)

    short = enter("adviser").post(address("return", pep), {"reason": "No"})
    assert "Give the reason in 10 characters or more" in text(short)
    enter("adviser").post(address("return", pep), {"reason": "Target 2 has no number to see it by."})

    pep.refresh_from_db()
    assert (pep.state, pep.submitted_on) == ("returned", TODAY)
    assert not Signature.unscoped.exists()
    home = text(enter("teacher").get("/"))
    assert "Put the plan right and send it again" in home
    assert "Target 2 has no number" in home


def test_each_person_finds_their_own_turns_on_their_home_page_and_nobody_elses(enter, cast, pep):
    pep.due_on = TODAY + timedelta(days=3)
    write(pep)

    teacher, worker = text(enter("teacher").get("/")), text(enter("worker").get("/"))

    assert "Book the meeting" in teacher
    assert "Write the education part" in teacher
    assert "Write the social worker’s part" not in teacher
    assert "Write the social worker’s part" in worker
    assert "Book the meeting" not in worker


def test_a_carer_finds_their_own_part_on_their_home_page(enter, cast, pep):
    pep.meeting_on = TODAY + timedelta(days=8)
    write(pep)

    page = text(enter("carer").get("/"))

    assert "Say what you see at home, and what you need" in page
    assert reverse("peps:section", args=[cast.child.public_id, pep.public_id, "carer"]) in page
    pep.carer_part_on = TODAY
    write(pep)
    assert "Say what you see at home" not in text(enter("carer").get("/"))


@pytest.mark.requirement("R161")
def test_the_tracker_counts_by_state_and_puts_the_late_ones_first(enter, cast, pep):
    late = a_child(cast.authority, "Zoe Last")
    an_episode(late)
    a_pep(late, academic_year=pep.academic_year, term=pep.term, due_on=TODAY - timedelta(days=7))

    page = text(enter("head").get(reverse("peps:tracker")))

    assert "0 of 2 plans signed off, 0 handed in, 1 late" in page
    assert page.index("Zoe Last") < page.index("Mia Dawson")
    only = text(enter("head").get(reverse("peps:tracker") + "?state=late"))
    assert "Zoe Last" in only
    assert "Mia Dawson" not in only


def test_who_has_only_the_summary_sees_the_state_and_no_word_that_was_written(enter, cast, pep):
    pep.return_reason, pep.state, pep.returned_on = "Zqx words", "returned", TODAY
    write(pep)

    page = text(enter("support").get(address("pep", pep)))

    assert "Due" in page
    assert "Zqx words" not in page
    assert enter("support").get(address("book", pep)).status_code == 404


def test_who_may_not_write_finds_no_page_of_an_act(enter, cast, pep):
    for name in ("iro", "support", "carer"):
        for route in ("book", "held", "help", "sign", "return", "sign_off", "hold", "exempt", "missed", "amend"):
            assert enter(name).get(address(route, pep)).status_code == 404, (name, route)
    assert enter("teacher").get(address("return", pep)).status_code == 404
    assert enter("adviser").get(address("hold", pep)).status_code == 404


def test_a_plan_is_closed_as_missed_only_from_the_next_term_on(enter, cast, pep):
    page = text(enter("head").get(address("missed", pep)))
    assert "from the first day of the next term on" in page

    old = a_pep(cast.child, academic_year=last_year(), term="autumn", due_on=TODAY - timedelta(days=150))
    enter("head").post(address("missed", old), {"reason": "The school closed before it was written."})

    old.refresh_from_db()
    assert (old.state, old.closed_on) == ("missed", TODAY)


def test_the_head_sets_the_clock(enter, cast, pep):
    client = enter("head")
    page = client.get(reverse("peps:settings"))
    shown = page.context["form"].initial
    settings = {name: value for name, value in shown.items() if value is not None and value is not False}

    client.post(reverse("peps:settings"), {**settings, "complete_within": "25"})
    assert not PepSettings.objects.exists()
    client.post(reverse("peps:settings"), {**settings, "complete_within": "15", "new_school": ""})

    saved = PepSettings.objects.get()
    assert (saved.complete_within, saved.new_school) == (15, None)


def test_the_tab_lists_the_plans_and_says_when_the_next_opens(enter, cast, pep):
    pep.state, pep.submitted_on, pep.signed_off_on = "signed_off", TODAY, TODAY
    write(pep)

    page = text(enter("teacher").get(reverse("profile:peps", args=[cast.child.public_id])))

    assert pep.title[1:] in page
    assert "The next plan opens by itself on" in page


@pytest.mark.requirement("R142")
def test_a_meeting_that_needs_the_virtual_school_says_so_and_who_goes(enter, cast, pep):
    enter("teacher").post(address("help", pep), {"asked": "school", "who": ""})
    pep.refresh_from_db()
    assert (pep.support_required, pep.support_by) == ("school", None)

    enter("head").post(address("help", pep), {"asked": "school", "who": str(cast.accounts["adviser"].pk)})
    pep.refresh_from_db()
    assert pep.support_by == cast.accounts["adviser"]

    enter("head").post(address("help", pep), {"asked": "no", "who": str(cast.accounts["adviser"].pk)})
    pep.refresh_from_db()
    assert pep.support_by is None


def test_who_signs_in_place_of_the_school_says_why(enter, cast, pep):
    pep.state, pep.held_on, pep.submitted_on = "submitted", TODAY, TODAY
    write(pep)

    refused = enter("adviser").post(address("sign", pep), {"agreed": "on", "instead": ""})
    assert "You sign in place of somebody else. Say why" in text(refused)
    why = "The designated teacher is away until spring."
    enter("adviser").post(address("sign", pep), {"agreed": "on", "instead": why})

    assert Signature.unscoped.get().instead == why


# The tracker, narrowed


def ids_of(answer) -> list[str]:
    """The names in the table of the tracker, in their order."""
    table = answer.context["table"]
    return [row[0].text for row in table.rows] if table else []


@pytest.fixture
def three(cast, pep):
    """Mia's plan; Zoe's, seven days late and graded; Ada's, without anybody."""
    term = {"academic_year": pep.academic_year, "term": pep.term}
    zoe, ada = a_child(cast.authority, "Zoe Last"), a_child(cast.authority, "Ada Lind")
    for child in (zoe, ada):
        an_episode(child)
    a_place(zoe, a_school("Fernhill"))
    a_pep(zoe, **term, due_on=TODAY - timedelta(days=21), grade="good")
    a_pep(ada, **term, due_on=TODAY + timedelta(days=40))
    return cast


@pytest.mark.requirement("R161")
def test_the_tracker_is_narrowed_by_people_school_grade_and_days_late(enter, three):
    address, client = reverse("peps:tracker"), enter("head")
    worker, officer = three.accounts["worker"].public_id, three.accounts["adviser"].public_id

    def found(**asked):
        return sorted(ids_of(client.get(address, asked)))

    assert found() == ["Ada Lind", "Mia Dawson", "Zoe Last"]
    assert found(worker=worker) == found(officer=officer) == found(school=three.school.public_id) == ["Mia Dawson"]
    assert found(worker="none") == ["Ada Lind", "Zoe Last"]
    assert found(school="none") == ["Ada Lind"]
    assert found(grade="good") == ["Zoe Last"]
    assert found(grade="none") == ["Ada Lind", "Mia Dawson"]
    assert found(late="10") == ["Zoe Last"]
    assert found(late="20") == []
    assert found(late="many", grade="gold") == ["Ada Lind", "Mia Dawson", "Zoe Last"]


@pytest.mark.requirement("R161")
def test_whoever_works_with_children_finds_their_own_plans(enter, three):
    answer = enter("adviser").get(reverse("peps:tracker"), {"mine": "1"})

    assert ids_of(answer) == ["Mia Dawson"]
    assert "mine" in answer.context["filters"].fields
    assert "mine" not in enter("head").get(reverse("peps:tracker")).context["filters"].fields


def test_what_a_list_is_narrowed_by_stays_in_its_address(enter, three):
    answer = enter("head").get(reverse("peps:tracker"), {"grade": "good", "state": "late"})

    chips = [chip.href for chip in answer.context["chips"]]
    assert all("grade=good" in href for href in chips)
    assert "1 late" in text(answer)
    assert 'name="state" value="late"' in text(answer)
    assert "grade" not in answer.context["clear"]
    assert "No plan fits" in text(enter("head").get(reverse("peps:tracker"), {"grade": "inadequate"}))


def test_a_childs_plans_stand_side_by_side_with_their_days_targets_and_grades(enter, cast, pep):
    old = {"academic_year": last_year(), "term": "autumn", "state": "signed_off", "grade": "good"}
    days = {"due_on": TODAY - timedelta(days=150), "submitted_on": TODAY - timedelta(days=140)}
    before = a_pep(cast.child, **old, **days, signed_off_on=TODAY - timedelta(days=139))
    for outcome in ("met", "met", "partly"):
        a_target(before, outcome=outcome)
    a_target(pep)

    page = text(enter("teacher").get(reverse("profile:peps", args=[cast.child.public_id])))

    assert "2 of 3" in page
    assert "1 partly" in page
    assert "1 target<" in page
    assert "Good" in page
    support = text(enter("support").get(reverse("profile:peps", args=[cast.child.public_id])))
    assert "2 of 3" not in support
    assert "Targets met" not in support
