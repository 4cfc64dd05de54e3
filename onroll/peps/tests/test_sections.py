"""Writing a plan: what is asked of whom, what is saved, what two people write at once, and when a part is finished."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from onroll.access.roles import Role
from onroll.children.models import CareEpisode, PlacementAddress
from onroll.children.tests.scene import an_authority, together, write
from onroll.history.models import Change
from onroll.peps.finishing import submit, why_not_submit
from onroll.peps.forms.declarations import FilledBy, Kind
from onroll.peps.forms.reading import active_answers
from onroll.peps.models import Pep, PepAnswers, PepSection, Signature
from onroll.peps.queries import this_term
from onroll.peps.saving import Clash, digest, save_section
from onroll.peps.tests.scene import a_cast, a_pep, a_target, with_terms_around
from onroll.peps.writing import Writing

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
    year, term = this_term(cast.authority.pk, TODAY)
    days = {"opens_on": TODAY - timedelta(days=30), "due_on": TODAY + timedelta(days=30)}
    return a_pep(cast.child, academic_year=year, term=term, **days)


@pytest.fixture
def enter(client, cast):
    def signed_in(name):
        client.force_login(cast.accounts[name])
        return client

    return signed_in


def text(answer) -> str:
    return " ".join(answer.content.decode().split())


def section(pep: Pep, key: str) -> str:
    return reverse("peps:section", args=[pep.child.public_id, pep.public_id, key])


def writing(pep: Pep, actor) -> Writing:
    fresh = Pep.unscoped.select_related("child").get(pk=pep.pk)
    return Writing(fresh, actor)


def say(pep, actor, key, answers, was=None):
    """Save a section as somebody does whose page showed these answers as they stood."""
    now = writing(pep, actor)
    shown = {name: digest(each.value) for name, each in now.standing.items()} if was is None else was
    return save_section(now, key, answers, was=shown)


def test_what_is_written_is_kept_with_who_wrote_it_though_answers_are_missing(enter, cast, pep):
    page = enter("teacher").get(section(pep, "strengths"))
    assert "What has gone well since the last PEP" in text(page)

    answer = enter("teacher").post(section(pep, "strengths"), {"headline": "Reads every day.", "act": "save"})

    assert answer.status_code == 302
    row = PepAnswers.unscoped.get(pep=pep, section_key="strengths")
    assert row.answers == {"headline": "Reads every day."}
    assert (row.saved_by, row.version) == (cast.accounts["teacher"], 1)
    pep.refresh_from_db()
    assert (pep.state, pep.started_on) == ("in_preparation", TODAY)
    assert Change.objects.filter(verb="pep.section_saved").exists()
    assert "Reads every day." in text(enter("worker").get(section(pep, "strengths")))


def test_a_section_is_finished_only_when_what_is_asked_is_there(enter, cast, pep):
    refused = enter("teacher").post(section(pep, "right_place"), {"school_right": "Yes", "act": "finish"})
    assert "Choose an answer to “Is the support Mia gets the right support?”" in text(refused)
    assert not PepSection.unscoped.exists()

    enter("teacher").post(section(pep, "right_place"), {"school_right": "Yes", "support_right": "No", "act": "finish"})
    assert not PepSection.unscoped.exists()
    given = {"school_right": "Yes", "support_right": "No", "support_right_why": "A reader in tests", "act": "finish"}
    enter("teacher").post(section(pep, "right_place"), given)

    assert PepSection.unscoped.get().section_key == "right_place"


def test_a_question_that_an_answer_brings_up_is_asked_on_the_next_page(enter, cast, pep):
    enter("teacher").post(section(pep, "right_place"), {"support_right": "No", "act": "save"})

    assert "What is missing?" in text(enter("teacher").get(section(pep, "right_place")))


@pytest.mark.requirement("R117")
def test_each_person_writes_their_own_part_and_reads_the_others(enter, cast, pep):
    page = text(enter("worker").get(section(pep, "strengths")))
    assert "<textarea" not in page
    assert enter("worker").post(section(pep, "strengths"), {"headline": "Mine"}).status_code == 404

    own = text(enter("worker").get(section(pep, "social_worker_view")))
    assert "<textarea" in own
    assert "<textarea" not in text(enter("teacher").get(section(pep, "social_worker_view")))


def test_the_virtual_school_writes_for_another_on_their_behalf(enter, cast, pep):
    page = text(enter("adviser").get(section(pep, "strengths")))
    assert "written on their behalf" in page

    enter("adviser").post(section(pep, "strengths"), {"headline": "Told by telephone", "act": "save"})

    assert PepAnswers.unscoped.get().saved_by == cast.accounts["adviser"]


def test_a_carer_writes_the_carers_part_and_reads_no_other(enter, cast, pep):
    page = enter("carer").get(section(pep, "carer"))
    assert page.status_code == 200
    enter("carer").post(section(pep, "carer"), {"carer_hopes": "That she stays at this school", "act": "save"})

    assert PepAnswers.unscoped.get().answers == {"carer_hopes": "That she stays at this school"}
    assert "That she stays" in text(enter("carer").get(section(pep, "carer")))
    assert enter("carer").get(section(pep, "strengths")).status_code == 404
    assert enter("carer").get(reverse("peps:targets", args=[pep.child.public_id, pep.public_id])).status_code == 404


def test_answers_of_health_are_read_by_those_who_read_health_alone(enter, cast, pep):
    say(pep, cast.actors["worker"], "care", {"care_move_expected": "No", "care_aim": "Return home"})

    assert "Return home" in text(enter("iro").get(section(pep, "care")))
    assert "Return home" not in text(enter("teacher").get(section(pep, "care")))


def test_two_people_in_one_section_lose_no_word(cast, pep):
    teacher, adviser = cast.actors["teacher"], cast.actors["adviser"]
    shown = {"headline": "", "friends": ""}
    say(pep, teacher, "strengths", {"headline": "From the teacher"}, was=shown)

    say(pep, adviser, "strengths", {"headline": "", "friends": "From the adviser"}, was=shown)

    answers = PepAnswers.unscoped.get().answers
    assert answers == {"headline": "From the teacher", "friends": "From the adviser"}


def test_two_people_in_one_answer_are_both_shown_and_nothing_of_the_second_is_kept(cast, pep):
    shown = {"headline": ""}
    say(pep, cast.actors["teacher"], "strengths", {"headline": "From the teacher"}, was=shown)

    with pytest.raises(Clash) as clash:
        say(pep, cast.actors["adviser"], "strengths", {"headline": "From the adviser", "friends": "Two"}, was=shown)

    (answer,) = clash.value.answers
    assert (answer.mine, answer.theirs) == ("From the adviser", "From the teacher")
    assert PepAnswers.unscoped.get().answers == {"headline": "From the teacher"}


def test_the_page_of_a_clash_shows_both_texts_and_keeps_what_was_made_of_them(enter, cast, pep):
    say(pep, cast.actors["teacher"], "strengths", {"headline": "Reads a lot"})

    refused = enter("adviser").post(
        section(pep, "strengths"), {"headline": "Reads much", "was-headline": "", "act": "save"}
    )

    assert refused.status_code == 409
    page = text(refused)
    assert "Teacher Doyle saved this section" in page
    assert "Reads much" in page
    assert "Reads a lot" in page
    joined = refused.context["boxes"][0]
    kept = {"headline": "Reads a lot, and much", "was-headline": joined.was, "act": "save"}
    assert enter("adviser").post(section(pep, "strengths"), kept).status_code == 302
    assert PepAnswers.unscoped.get().answers == {"headline": "Reads a lot, and much"}


def test_saving_as_one_types_answers_with_the_time_and_what_is_kept_now(enter, cast, pep):
    client = enter("teacher")
    quietly = {"HTTP_X_ONROLL": "autosave"}

    answer = client.post(section(pep, "strengths"), {"headline": "One", "was-headline": ""}, **quietly)

    told = answer.json()
    assert (answer.status_code, told["state"]) == (200, "saved")
    again = {"headline": "One two", "was-headline": told["was"]["headline"]}
    assert client.post(section(pep, "strengths"), again, **quietly).status_code == 200
    stale = client.post(section(pep, "strengths"), {"headline": "Three", "was-headline": "0000"}, **quietly)
    assert (stale.status_code, stale.json()["state"]) == (409, "clash")


def test_twenty_saves_of_pages_that_were_shown_at_once_lose_nothing_that_was_acknowledged(cast, pep):
    keys = ["headline", "strengths_list", "helps_list", "friends"]
    shown = dict.fromkeys(keys, "")
    acknowledged = {}
    for n in range(20):
        key = keys[n % len(keys)]
        try:
            say(pep, cast.actors["teacher"], "strengths", {key: f"Text {n}"}, was=shown)
        except Clash:
            continue
        acknowledged[key] = f"Text {n}"

    assert PepAnswers.unscoped.get().answers == acknowledged
    assert set(acknowledged) == set(keys)


def test_a_text_that_tells_where_the_child_lives_stops_until_there_is_a_reason(enter, cast, pep):
    episode = CareEpisode.unscoped.get(child=cast.child)
    address = {"address": "24 Mill Lane, Northmere", "postcode": "AB12 9ZQ"}
    write(PlacementAddress(authority=cast.authority, child=cast.child, episode=episode, **address))
    tells = {"headline": "The bus from AB12 9ZQ is late", "act": "save"}

    stopped = enter("worker").post(section(pep, "social_worker_view"), {"sw_do": "Fetch from AB12 9ZQ", "act": "save"})
    assert "tells something of where the child lives" in text(stopped)
    assert not PepAnswers.unscoped.exists()
    quiet = enter("teacher").post(section(pep, "strengths"), tells, HTTP_X_ONROLL="autosave")
    assert quiet.status_code == 422
    why = {"leak": "right", "leak_why": "The school has to fetch her from there"}
    enter("worker").post(section(pep, "social_worker_view"), {"sw_do": "Fetch from AB12 9ZQ", **why, "act": "save"})

    assert PepAnswers.unscoped.get().answers["sw_do"] == "Fetch from AB12 9ZQ"


def test_answers_carry_forward_and_are_marked_until_they_are_changed(enter, cast, pep):
    year = f"{int(pep.academic_year[:4]) - 1}-{pep.academic_year[2:4]}"
    old = a_pep(cast.child, academic_year=year, term="summer", opens_on=None, due_on=TODAY - timedelta(days=120))
    say(old, cast.actors["teacher"], "strengths", {"strengths_list": "Swims", "headline": "Old news"})

    page = text(enter("teacher").get(section(pep, "strengths")))

    assert "Swims" in page
    assert f"Carried over from {old.title}" in page
    assert "Old news" not in page
    assert not PepAnswers.unscoped.filter(pep=pep).exists()


def test_the_plan_is_handed_in_when_nothing_of_the_school_is_missing_and_waits_for_social_care(enter, cast, pep):
    fill_in(pep, cast)
    pep.refresh_from_db()
    pep.state, pep.held_on, pep.meeting_on = "held", TODAY, TODAY
    write(pep)
    assert why_not_submit(writing(pep, cast.actors["teacher"])) == []

    answer = enter("teacher").post(reverse("peps:submit", args=[pep.child.public_id, pep.public_id]), follow=True)
    assert "The plan goes to the virtual school when social care’s part is finished" in text(answer)
    pep.refresh_from_db()
    assert (pep.state, pep.submitted_on) == ("held", None)

    pep.social_worker_part_on, pep.school_right, pep.support_right = TODAY, "", ""
    write(pep)
    assert submit(writing(pep, cast.actors["teacher"])) is True
    pep.refresh_from_db()
    assert (pep.state, pep.submitted_on) == ("submitted", TODAY)
    assert (pep.school_right, pep.support_right) == ("yes", "yes"), "An answer from before stands in its column too."
    assert Signature.unscoped.filter(signed_as="lead").count() == 1


def fill_in(pep, cast, leave_out=""):
    """Answer everything that is asked of the school, as a machine would, but for one answer."""
    actor = cast.actors["teacher"]
    for area in ("english", "maths", "semh"):
        a_target(pep, f"From 2 to 8 in {area} by the next plan", area=area, owner="Mrs Adeyemi", need="Reading",
                 baseline="2", success="8", action="Reading together", when="Mornings", where="Library",
                 how_often="3 times a week", due_on=TODAY + timedelta(days=60))  # fmt: skip
    for _ in range(4):
        now = writing(pep, actor)
        for each in now.shown:
            answers = {
                asked.question.key: an_answer(asked.question)
                for asked in each.asked
                if asked.is_missing and asked.row is None and asked.question.filled_by is FilledBy.DESIGNATED_TEACHER
                and not asked.question.kind.is_list and asked.question.key != leave_out
            }  # fmt: skip
            if answers:
                say(pep, actor, each.section.key, answers)


def an_answer(question):
    choices = question.options.choices()
    match question.kind:
        case Kind.YES_NO:
            return "Yes"
        case Kind.CHOICE:
            return choices[0][0] if choices else "Something"
        case Kind.MULTI_CHOICE:
            return [choices[0][0]] if choices else ["No target needs money"]
        case Kind.DATE:
            return TODAY.isoformat()
        case Kind.NUMBER:
            return "25"
        case Kind.TABLE:
            return [{column.name: cell_answer(column) for column in question.columns}]
    return "Words"


def cell_answer(column):
    choices = column.options.choices()
    if choices:
        return choices[0][0]
    kinds = {Kind.YES_NO: "Yes", Kind.DATE: TODAY.isoformat(), Kind.NUMBER: "3"}
    return kinds.get(column.kind, "Words")


def test_a_plan_whose_record_is_up_to_date_asks_the_teacher_for_few_answers(cast, pep):
    """The figure of this part alone; with every fact held the rule gives 24 (test_forms)."""
    fill_in(pep, cast)
    now = writing(pep, cast.actors["teacher"])

    count = len(active_answers(now.shown, FilledBy.DESIGNATED_TEACHER))

    assert count <= 25


def test_a_later_save_of_the_school_takes_its_signature_away(enter, cast, pep):
    pep.state, pep.held_on = "held", TODAY
    write(pep)
    write(Signature(authority=cast.authority, child=cast.child, pep=pep, signed_as="lead", on=TODAY))

    answer = enter("teacher").post(section(pep, "strengths"), {"headline": "New", "act": "save"}, follow=True)

    assert "What was signed before is signed no more" in text(answer)
    assert not Signature.unscoped.exists()


def test_the_social_workers_save_leaves_the_schools_signature(enter, cast, pep):
    pep.state, pep.held_on = "held", TODAY
    write(pep)
    write(Signature(authority=cast.authority, child=cast.child, pep=pep, signed_as="lead", on=TODAY))

    enter("worker").post(section(pep, "social_worker_view"), {"sw_do": "New", "act": "save"})

    assert Signature.unscoped.exists()


def test_a_plan_that_is_handed_in_is_written_no_more(enter, cast, pep):
    pep.state, pep.submitted_on = "submitted", TODAY
    write(pep)

    assert "<textarea" not in text(enter("teacher").get(section(pep, "strengths")))
    assert enter("teacher").post(section(pep, "strengths"), {"headline": "Late"}).status_code == 404


def test_a_deputy_has_the_designated_teachers_part(cast, pep):
    deputy = replace(cast.actors["teacher"], role=Role.DEPUTY_DT)

    say(pep, deputy, "strengths", {"headline": "From the deputy"})

    assert PepAnswers.unscoped.get().answers["headline"] == "From the deputy"


# Answers that are columns too


def test_whether_school_and_support_are_right_is_counted_from_the_answer(cast, pep):
    given = {"school_right": "Yes", "support_right": "Partly"}
    say(pep, cast.actors["teacher"], "right_place", given)

    pep.refresh_from_db()
    assert (pep.school_right, pep.support_right) == ("yes", "partly")

    say(pep, cast.actors["teacher"], "right_place", {"school_right": ""})
    pep.refresh_from_db()
    assert (pep.school_right, pep.support_right) == ("", "partly")


def test_a_column_that_came_another_way_is_the_answer_that_the_section_shows(cast, pep):
    say(pep, cast.actors["teacher"], "right_place", {"school_right": "Yes"})
    shown = {name: digest(each.value) for name, each in writing(pep, cast.actors["teacher"]).standing.items()}
    pep.refresh_from_db()
    pep.school_right, pep.support_right = "no", "partly"
    write(pep)

    now = writing(pep, cast.actors["teacher"])
    assert (now.standing["school_right"].value, now.standing["support_right"].value) == ("No", "Partly")
    # Who was shown the older answer is told of the newer, as wherever two write.
    with pytest.raises(Clash):
        say(pep, cast.actors["teacher"], "right_place", {"school_right": "Partly"}, was=shown)
