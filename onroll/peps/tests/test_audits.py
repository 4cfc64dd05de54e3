"""The quality audit of plans: what the record ticks, the grade that follows, the sample, and who sees what of it."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from onroll.access.roles import Role
from onroll.authorities.models import Team
from onroll.children.contradictions import Refused
from onroll.children.models import CareEpisode, Disclosure, PlacementAddress
from onroll.children.tests.scene import a_child, a_person, an_allocation, an_authority, an_episode, together, write
from onroll.peps.audit.providers import PROVIDERS, as_read_by, facts_of_plan
from onroll.peps.audit.rubric_files import declared
from onroll.peps.audit_actions import (
    Marking,
    agree_grade,
    audit_plan,
    current_audit,
    draw_sample,
    file_audits,
    mine_to_mark,
    why_not_agree,
)
from onroll.peps.audit_queries import agreement_until, own_team, sample_of, themes_of
from onroll.peps.candidates import candidates_of
from onroll.peps.models import Pep, PepAnswers, PepAudit, PepSettings
from onroll.peps.tests.scene import a_cast, a_pep, a_target, with_terms_around
from onroll.peps.voice_models import VoiceOffer
from onroll.peps.writing import Writing

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()
MONTH = TODAY.replace(day=1)


@pytest.fixture
@together()
def cast(db):
    return a_cast(TODAY, write(with_terms_around(an_authority(), TODAY)))


@pytest.fixture
def pep(cast):
    """A plan that is in audit, handed in today, in time."""
    return drawn(handed_in(cast.child))


@pytest.fixture
def enter(client, cast):
    def signed_in(name):
        client.force_login(cast.accounts[name])
        return client

    return signed_in


def handed_in(child, **fields) -> Pep:
    year = f"20{fields.pop('year', 26)}-27"
    days = {"opens_on": TODAY - timedelta(days=60), "due_on": TODAY + timedelta(days=9), "submitted_on": TODAY}
    return a_pep(child, **{"academic_year": year, "state": "submitted", **days, **fields})


def drawn(pep: Pep, *, twice: bool = False) -> Pep:
    pep.state = "in_audit"
    write(pep)
    for second in (False, True) if twice else (False,):
        own = {"authority_id": pep.authority_id, "child_id": pep.child_id}
        write(PepAudit(**own, pep=pep, second=second, drawn_on=TODAY, why_drawn="Drawn at random."))
    return pep


def answered(pep: Pep, section: str, part: str = "g", **answers) -> None:
    row = PepAnswers(authority_id=pep.authority_id, child=pep.child, pep=pep, section_key=section, part=part)
    row.answers, row.saved_at = answers, timezone.now()
    write(row)


def writing(pep: Pep, actor) -> Writing:
    return Writing(Pep.unscoped.select_related("child").get(pk=pep.pk), actor)


def an_adviser(cast, name: str = "Petra Voss"):
    account, actor = a_person(cast.authority, Role.VS_OFFICER, name)
    an_allocation(cast.child, account, Role.VS_OFFICER)
    return account, replace(actor, today=TODAY)


def text(answer) -> str:
    return " ".join(answer.content.decode().split())


def address(name: str, pep: Pep) -> str:
    return reverse(f"peps:{name}", args=[pep.child.public_id, pep.public_id])


# What the record says


def test_every_provider_answers_a_fact_that_the_rubrics_declare(cast, pep):
    facts = facts_of_plan(writing(pep, cast.actors["adviser"]))

    assert set(PROVIDERS) <= set(declared().facts)
    for key, value in facts.items():
        assert declared().facts[key].of(facts) == value


def test_what_was_written_in_a_plan_ticks_what_a_rule_can_see(cast, pep):
    answered(
        pep,
        "meeting",
        meeting_child_part="Sends views and does not come",
        meeting_people=[
            {"person": "Wen Doyle", "role": "Social worker", "came": "Yes"},
            {"person": "Tam Doyle", "role": "Designated teacher", "came": "No"},
        ],
    )
    answered(pep, "voice", voice_effect="She reads to the little ones in Year 2 on Fridays")
    answered(pep, "strengths", needs_list=[{"need": "Reading"}, {"need": "Maths"}])
    a_target(pep, "Read 80 words in a minute, from 60", need="Reading", from_voice=True, ambitious=True)

    facts = facts_of_plan(writing(pep, cast.actors["adviser"]))

    assert (facts["social_worker_came"], facts["lead_came"]) == (True, False)
    assert "carer_came" not in facts, "No carer stands in the list: nobody knows."
    assert (facts["young_person_part"], facts["voice_effect_words"], facts["needs"]) == ("sends_views", 11, 2)
    assert (facts["targets"], facts["targets_from_voice"], facts["targets_without_need"]) == (1, 1, 0)
    assert (facts["fired_t04"], facts["targets_missing"], facts["done_in_time"]) == (1, 2, True)


def test_a_rule_that_the_writer_set_aside_is_left_to_the_auditor(cast, pep):
    target = a_target(pep, "Feel calmer about exams")
    actor = cast.actors["adviser"]
    assert facts_of_plan(writing(pep, actor))["fired_t04"] == 1

    target.set_aside = {"T04": "She told us that she does not want a scale for it"}
    write(target)

    assert "fired_t04" not in facts_of_plan(writing(pep, actor))


def test_a_young_person_who_declined_twice_in_own_words_is_heard(cast, pep):
    own = {"authority_id": pep.authority_id, "child_id": pep.child_id, "pep": pep}
    for days in (9, 2):
        write(VoiceOffer(**own, offered_on=TODAY - timedelta(days=days), words="No thanks", offered_by_name="Tam"))

    marking = Marking.of(writing(pep, cast.actors["adviser"]))

    voice = marking.grades(marking.made(()))["voice"]
    assert voice.key == "good"


def test_a_school_is_not_told_by_a_tick_what_it_does_not_read(cast, pep):
    facts = {"sdq_concern": True, "sdq_in_date": True, "targets": 3}

    assert as_read_by(facts, cast.actors["teacher"]) == {"targets": 3}
    assert as_read_by(facts, cast.actors["worker"]) == facts


# The grade that follows


def every_tick(marking: Marking) -> set[str]:
    return {tick.key for each in marking.criteria for tick in each.ticks}


def test_the_grade_follows_from_the_ticks_and_is_the_plans(cast, pep):
    actor = cast.actors["adviser"]
    marking = Marking.of(writing(pep, actor))

    kept = audit_plan(writing(pep, actor), ticks=[], strong="  The headline ", feedback={"voice": "Ask her"})

    pep.refresh_from_db()
    assert kept.grade == pep.grade == "inadequate"
    assert (kept.rubric, kept.rubric_version) == ("four_grade_2026", declared().version)
    assert set(kept.grades) == {each.key for each in marking.criteria}
    assert (kept.strong, kept.feedback, kept.audited_on) == ("The headline", {"voice": "Ask her"}, TODAY)


def test_what_the_record_decides_no_ticking_changes(cast, pep):
    """A plan without targets has no target that can be measured, whatever an auditor ticks."""
    actor = cast.actors["adviser"]
    marking = Marking.of(writing(pep, actor))

    kept = audit_plan(writing(pep, actor), ticks=every_tick(marking) | {"no_such_tick"})

    refused = {key for key, made in marking.from_data.items() if not made}
    assert {"ta_number", "ta_count"} <= refused
    assert not refused & set(kept.ticks)
    assert "no_such_tick" not in kept.ticks
    assert "pe_chosen" in kept.ticks


def test_an_authority_chooses_its_rubric_and_the_national_grade_is_kept(cast, pep):
    write(PepSettings(authority=cast.authority, rubric="rag_2026"))

    kept = audit_plan(writing(pep, cast.actors["adviser"]), ticks=[])

    assert (kept.rubric, kept.grade) == ("rag_2026", "inadequate")
    assert set(kept.grades.values()) <= {"red", "amber", "green"}


def test_the_rubrics_to_choose_from_are_those_that_are_declared():
    assert set(PepSettings.Rubric.values) == set(declared().rubrics)


@pytest.mark.requirement("R025")
def test_a_kept_audit_says_since_when_it_is_before_those_who_work_with_the_child(cast, pep):
    kept = audit_plan(writing(pep, cast.actors["adviser"]), ticks=[])

    assert (kept.iro_sent_on, kept.sw_sent_on, kept.dt_sent_on) == (TODAY, TODAY, TODAY)
    assert kept.filed_on_case_record is None


def test_nobody_is_said_to_have_the_result_who_is_not_there(cast):
    child = a_child(cast.authority, "Ada Lind", birth_date=date(2014, 3, 1))
    an_episode(child)
    an_allocation(child, cast.accounts["adviser"], Role.VS_OFFICER)

    kept = audit_plan(writing(drawn(handed_in(child)), cast.actors["adviser"]), ticks=[])

    assert (kept.iro_sent_on, kept.sw_sent_on, kept.dt_sent_on) == (None, None, None)


def test_only_the_virtual_school_audits_and_only_what_was_drawn(cast, pep):
    for name in ("teacher", "worker", "iro", "carer"):
        with pytest.raises(Refused):
            audit_plan(writing(pep, cast.actors[name]), ticks=[])
    pep.state = "submitted"
    write(pep)
    with pytest.raises(Refused, match="audited once it is drawn"):
        audit_plan(writing(pep, cast.actors["adviser"]), ticks=[])


def test_an_audit_of_an_older_text_is_not_the_audit_of_a_plan_that_came_back(cast, pep):
    actor = cast.actors["adviser"]
    first = audit_plan(writing(pep, actor), ticks=[])
    pep.refresh_from_db()
    pep.returned_on = TODAY
    write(pep)

    _, other = an_adviser(cast)
    again = audit_plan(writing(pep, other), ticks=[])

    assert again.pk != first.pk
    assert PepAudit.unscoped.get(pk=first.pk).audited_on == TODAY


@pytest.mark.requirement("R026")
def test_an_audit_is_filed_once_it_is_done(cast, pep):
    assert file_audits([pep], actor=cast.actors["adviser"]) == 0, "It is not done yet."

    kept = audit_plan(writing(pep, cast.actors["adviser"]), ticks=[])
    with pytest.raises(Refused):
        file_audits([pep], actor=cast.actors["teacher"])
    assert file_audits([pep], actor=cast.actors["head"]) == 1

    assert PepAudit.unscoped.get(pk=kept.pk).filed_on_case_record is True
    assert file_audits([pep], actor=cast.actors["head"]) == 0


@pytest.mark.requirement("R026")
def test_practice_support_files_audits_that_it_does_not_read(enter, cast, pep):
    other = drawn(handed_in(cast.child, year=7))
    for each in (pep, other):
        audit_plan(writing(each, cast.actors["adviser"]), ticks=[], strong="The headline")
    first, second = current_audit(pep), current_audit(other)

    home = text(enter("support").get(reverse("home")))
    page = text(enter("support").get(reverse("peps:to_file")))
    assert "2 audits of PEPs to file" in home
    assert first.reference in page
    assert second.reference in page
    assert "The headline" not in page
    assert "Inadequate" not in page
    assert "Tick the audits that you filed" in text(enter("support").post(reverse("peps:to_file"), {}))

    answer = enter("support").post(reverse("peps:to_file"), {"filed": [first.reference, "no-such"]}, follow=True)

    assert "1 audit filed on the social care record" in text(answer)
    assert first.reference not in text(answer)
    assert second.reference in text(answer)
    assert (current_audit(pep).filed_on_case_record, current_audit(other).filed_on_case_record) == (True, None)
    for name in ("teacher", "worker", "iro", "carer"):
        assert enter(name).get(reverse("peps:to_file")).status_code == 404


def test_an_audit_from_before_the_authoritys_first_day_is_not_asked_for(enter, cast, pep):
    audit_plan(writing(pep, cast.actors["adviser"]), ticks=[])
    cast.authority.live_from = TODAY + timedelta(days=1)
    write(cast.authority)

    assert "Nothing waits to be filed" in text(enter("support").get(reverse("peps:to_file")))


def test_the_list_to_file_asks_as_many_questions_for_many_audits_as_for_one(
    enter, cast, pep, django_assert_max_num_queries
):
    for at in range(5):
        audit_plan(writing(drawn(handed_in(cast.child, year=at)), cast.actors["adviser"]), ticks=[])
    client = enter("support")
    client.get(reverse("peps:to_file"))
    with django_assert_max_num_queries(22):
        client.get(reverse("peps:to_file"))


# Against the record


def test_what_the_record_says_is_changed_by_the_auditor_with_a_reason_that_is_kept(enter, cast, pep):
    actor = cast.actors["adviser"]
    marking = Marking.of(writing(pep, actor))
    assert marking.from_data["ta_count"] is False
    with pytest.raises(Refused, match="Say in 10 characters or more"):
        audit_plan(writing(pep, actor), ticks=[], changed={"ta_count": "So"})

    why = "The three targets stand in the file that is attached"
    kept = audit_plan(
        writing(pep, actor), ticks=[], changed={"ta_count": why, "pe_chosen": "Not for the record to say"}
    )

    assert "ta_count" in kept.ticks
    assert kept.changed_ticks == {"ta_count": why}
    assert why in text(enter("worker").get(address("audit", pep)))


def test_the_page_turns_a_tick_of_the_record_round_where_the_reason_is_given(enter, cast, pep):
    short = enter("adviser").post(address("audit", pep), {"act": "keep", "against-ta_count": "So"})
    assert "Say in 10 characters or more why it is not as the record has it" in text(short)
    assert current_audit(pep).audited_on is None

    why = "They stand in the file that is attached"
    tried = enter("adviser").post(address("audit", pep), {"act": "work_out", "against-ta_count": why})
    assert f"Changed by the auditor: {why}" in text(tried)
    enter("adviser").post(address("audit", pep), {"act": "keep", "against-ta_count": why})

    assert "ta_count" in current_audit(pep).ticks


# Each target


@pytest.mark.requirement("R162")
def test_each_target_has_a_grade_of_its_own(enter, cast, pep):
    good, weak = a_target(pep, "Read 80 words in a minute"), a_target(pep, "Be happier", area="semh")
    without = enter("adviser").post(address("audit", pep), {"act": "keep"})
    assert "Choose a grade for target 1" in text(without)
    assert current_audit(pep).audited_on is None

    given = {f"grade-{good.key}": "good", f"grade-{weak.key}": "inadequate", f"note-{weak.key}": "Nothing to count"}
    enter("adviser").post(address("audit", pep), {"act": "keep", **given})

    good.refresh_from_db()
    weak.refresh_from_db()
    assert (good.audit_grade, weak.audit_grade) == ("good", "inadequate")
    assert current_audit(pep).target_grades[weak.key] == {"grade": "inadequate", "note": "Nothing to count"}
    assert "Nothing to count" in text(enter("teacher").get(address("audit", pep)))


def test_a_targets_grade_on_another_scale_is_kept_as_the_one_that_is_exchanged(cast, pep):
    write(PepSettings(authority=cast.authority, rubric="gold_2026"))
    target = a_target(pep)

    audit_plan(
        writing(pep, cast.actors["adviser"]), ticks=[], targets={target.key: ("gold", ""), "another": ("red", "")}
    )

    target.refresh_from_db()
    assert target.audit_grade == "outstanding"


# The second marker


def test_a_second_marker_has_a_row_of_their_own_and_leaves_the_grade(cast, pep):
    write(PepAudit(authority=cast.authority, child=cast.child, pep=pep, second=True, drawn_on=TODAY))
    first = audit_plan(writing(pep, cast.actors["adviser"]), ticks=[])
    _, other = an_adviser(cast)

    marking = Marking.of(writing(pep, other))
    second = audit_plan(writing(pep, other), ticks=every_tick(marking))

    pep.refresh_from_db()
    assert second.second
    assert second.pk != first.pk
    assert pep.grade == first.grade == PepAudit.unscoped.get(pk=first.pk).grade
    # The result is before the same people, whoever marked.
    assert (second.iro_sent_on, second.dt_sent_on, second.sw_sent_on) == (TODAY, TODAY, TODAY)
    # Neither marks the other's, and a third person marks neither.
    assert mine_to_mark(pep, actor=cast.actors["adviser"]).pk == first.pk
    assert mine_to_mark(pep, actor=other).pk == second.pk
    assert mine_to_mark(pep, actor=an_adviser(cast, "Una Brand")[1]) is None


def test_a_second_marker_does_not_see_the_first_grade(enter, cast, pep, client):
    write(PepAudit(authority=cast.authority, child=cast.child, pep=pep, second=True, drawn_on=TODAY))
    words = "The line about the library"
    audit_plan(writing(pep, cast.actors["adviser"]), ticks=[], strong=words)
    cast.accounts["other"], _ = an_adviser(cast)

    page = text(enter("other").get(address("audit", pep)))
    listed = text(enter("other").get(reverse("peps:audits")))
    assert "Second marker" in page
    assert words not in page
    assert "Waits for a second marker" in listed
    assert "Inadequate" not in listed

    own = text(enter("adviser").get(reverse("peps:audits")))
    assert "Inadequate" in own


def test_agreement_is_counted_from_plans_that_two_people_marked(cast):
    grades = ["good"] * 8 + ["requires_improvement", "inadequate"]
    for at, second in enumerate(grades):
        plan = handed_in(cast.child, year=at, state="signed_off", signed_off_on=TODAY)
        own = {"authority": cast.authority, "child": cast.child, "pep": plan, "rubric": "four_grade_2026"}
        write(PepAudit(**own, audited_on=TODAY, grade="good"))
        write(PepAudit(**own, audited_on=TODAY, grade=second, second=True))

    found = agreement_until(cast.actors["head"], TODAY + timedelta(days=1))

    assert found.is_shown
    assert (found.pairs, float(found.exact), float(found.within_one)) == (10, 0.8, 0.9)


def two_grades(cast, pep):
    """A plan that two people marked, with two grades; who marked second."""
    write(PepAudit(authority=cast.authority, child=cast.child, pep=pep, second=True, drawn_on=TODAY))
    audit_plan(writing(pep, cast.actors["adviser"]), ticks=[])
    cast.accounts["other"], other = an_adviser(cast)
    row = current_audit(pep, second=True)
    audit_plan(writing(pep, other), ticks=[])
    row.refresh_from_db()
    row.grade = "good"
    write(row)
    return other


def test_two_markers_agree_a_grade_and_both_that_they_gave_stay(enter, cast, pep):
    other = two_grades(cast, pep)
    file_audits([pep], actor=cast.actors["head"])
    before = agreement_until(other, TODAY + timedelta(days=1))
    listed = text(enter("adviser").get(reverse("peps:audits")))
    assert "the grades differ, settle one" in listed

    given = {"grade": "requires_improvement", "why": "The targets can be counted, the review says little"}
    answer = enter("other").post(address("agree", pep), given, follow=True)

    assert "The grade is settled" in text(answer)
    assert "The first marker gave: inadequate" in text(answer)
    first, second = current_audit(pep), current_audit(pep, second=True)
    assert (first.grade, second.grade) == ("inadequate", "good")
    assert (first.agreed_grade, first.agreed_on, first.agreed_by_name) == ("requires_improvement", TODAY, "Petra Voss")
    assert Pep.unscoped.get(pk=pep.pk).grade == "requires_improvement"
    assert agreement_until(other, TODAY + timedelta(days=1)) == before
    # What was agreed rests on both as they were: neither marks again. And it is to be filed as it is now.
    assert mine_to_mark(pep, actor=cast.actors["adviser"]) is None
    assert first.filed_on_case_record is None
    assert "The grade was settled" in text(enter("adviser").get(reverse("peps:audits")))


def test_a_grade_is_settled_only_when_there_are_two_that_differ_or_by_a_head(enter, cast, pep):
    adviser, head = cast.actors["adviser"], cast.actors["head"]
    assert why_not_agree(pep, actor=adviser) == "The plan is not audited yet."
    write(PepAudit(authority=cast.authority, child=cast.child, pep=pep, second=True, drawn_on=TODAY))
    audit_plan(writing(pep, adviser), ticks=[])
    assert why_not_agree(pep, actor=head) == "The second marker has not marked it yet."
    assert "inadequate" not in text(enter("head").get(address("agree", pep)))

    _, other = an_adviser(cast)
    audit_plan(writing(pep, other), ticks=[])
    pep.refresh_from_db()

    assert "There are no two grades to settle" in why_not_agree(pep, actor=adviser)
    with pytest.raises(Refused):
        agree_grade(pep, "good", "It reads better than its ticks", actor=adviser)
    with pytest.raises(Refused, match="Give the reason"):
        agree_grade(pep, "good", "Better", actor=head)
    with pytest.raises(Refused, match="of the scale"):
        agree_grade(pep, "gold", "It reads better than its ticks", actor=head)
    agree_grade(pep, "good", "It reads better than its ticks", actor=head)
    assert Pep.unscoped.get(pk=pep.pk).grade == "good"
    for name in ("teacher", "worker", "iro"):
        assert why_not_agree(pep, actor=cast.actors[name])
        assert enter(name).get(address("agree", pep)).status_code == 404


# The sample


@pytest.mark.requirement("R023")
def test_the_sample_takes_plans_of_the_month_into_audit_and_says_why(cast):
    write(PepSettings(authority=cast.authority, sample_at_least=2, sample_share=1, second_share=100))
    plans = [handed_in(cast.child, year=at) for at in range(5)]
    early = handed_in(cast.child, year=9, submitted_on=MONTH - timedelta(days=1))

    assert draw_sample(cast.authority.pk, MONTH, actor=cast.actors["head"]) == 2

    states = [Pep.unscoped.get(pk=plan.pk).state for plan in plans]
    assert sorted(states) == ["in_audit"] * 2 + ["submitted"] * 3
    assert Pep.unscoped.get(pk=early.pk).state == "submitted"
    rows = PepAudit.unscoped.filter(second=False)
    assert all(row.why_drawn and row.drawn_on == TODAY and row.audited_on is None for row in rows)
    # Everything that is drawn is marked twice here.
    assert PepAudit.unscoped.filter(second=True).count() == rows.count() == 2


def test_a_sample_is_drawn_once_and_grows_with_the_plans_handed_in(cast):
    write(PepSettings(authority=cast.authority, sample="all"))
    handed_in(cast.child, year=1)
    head = cast.actors["head"]
    assert draw_sample(cast.authority.pk, MONTH, actor=head) == 1
    with pytest.raises(Refused, match="waits to be drawn"):
        draw_sample(cast.authority.pk, MONTH, actor=head)

    handed_in(cast.child, year=2)
    assert draw_sample(cast.authority.pk, MONTH, actor=head) == 1


def test_a_full_sample_is_not_drawn_beyond_its_size(cast):
    write(PepSettings(authority=cast.authority, sample_at_least=1, sample_share=1))
    for at in range(3):
        handed_in(cast.child, year=at)
    draw_sample(cast.authority.pk, MONTH, actor=cast.actors["head"])

    with pytest.raises(Refused, match="sample of this month is drawn"):
        draw_sample(cast.authority.pk, MONTH, actor=cast.actors["head"])


def test_who_is_not_of_the_virtual_school_draws_nothing(cast):
    handed_in(cast.child)
    for name in ("teacher", "worker", "iro"):
        with pytest.raises(Refused):
            draw_sample(cast.authority.pk, MONTH, actor=cast.actors[name])


def test_a_risk_is_seen_from_the_record(cast):
    handed_in(cast.child, year=1, grade="inadequate", state="signed_off", signed_off_on=TODAY, due_on=date(2001, 1, 1))
    late = handed_in(cast.child, year=2, due_on=TODAY - timedelta(days=1), kind="initial")
    a_target(late, "Be happier")

    found = candidates_of(cast.actors["head"], MONTH)

    assert {risk.value for risk in found.waiting[0].risks} == {
        "first_plan",
        "late",
        "last_below_pass",
        "weak_targets",
        "new_designated_teacher",
    } - (set() if _teacher_is_new(cast) else {"new_designated_teacher"})
    assert found.waiting[0].social_worker == str(cast.accounts["worker"].pk)


def _teacher_is_new(cast) -> bool:
    return cast.accounts["teacher"].posts.get().start > TODAY - timedelta(days=183)


def test_the_number_of_queries_does_not_grow_with_the_plans(cast, django_assert_max_num_queries):
    for at in range(4):
        a_target(handed_in(cast.child, year=at))
    with django_assert_max_num_queries(14):
        candidates_of(cast.actors["head"], MONTH)


def test_themes_are_the_sides_that_were_most_often_below_good(cast, pep):
    audit_plan(writing(pep, cast.actors["adviser"]), ticks=[])

    found = themes_of(sample_of(cast.actors["head"], MONTH))

    assert found[0].below == found[0].of == 1
    assert "New targets" in {each.title for each in found}


# A team's own grades


def a_manager(cast):
    team = write(Team(authority=cast.authority, name="East"))
    account, actor = a_person(cast.authority, Role.TEAM_MANAGER, "Rosa Lund", team=team)
    post = cast.accounts["worker"].posts.get()
    post.team = team
    write(post)
    return account, replace(actor, today=TODAY, team=team.pk)


def audited(cast, count: int, first: int = 0) -> None:
    for at in range(first, first + count):
        plan = handed_in(cast.child, year=at, state="signed_off", signed_off_on=TODAY)
        own = {"authority": cast.authority, "child": cast.child, "pep": plan, "rubric": "four_grade_2026"}
        write(PepAudit(**own, audited_on=TODAY, grade="good" if at else "inadequate"))


@pytest.mark.requirement("R027")
def test_a_persons_share_is_told_to_their_manager_from_five_audits_on(cast):
    _, manager = a_manager(cast)
    audited(cast, 4)
    assert [(each.audits, each.good) for each in own_team(manager)] == [(4, None)]

    audited(cast, 1, first=4)
    assert [(each.name, each.audits, each.good) for each in own_team(manager)] == [("Worker Doyle", 5, 4)]


def test_nobody_else_sees_the_grades_of_a_person(enter, cast, client):
    account, manager = a_manager(cast)
    audited(cast, 5)

    assert own_team(cast.actors["head"]) == []
    assert own_team(replace(manager, team=None)) == []
    assert "Worker Doyle" not in text(enter("head").get(reverse("peps:audits")))
    client.force_login(account)
    assert "Worker Doyle" in text(client.get(reverse("peps:audits")))
    assert client.post(reverse("peps:audits")).status_code == 404
    assert enter("worker").get(reverse("peps:audits")).status_code == 404


# The pages


def test_an_adviser_works_the_grade_out_and_keeps_the_audit(enter, cast, pep):
    page = enter("adviser").get(address("audit", pep))
    assert "Grade from your ticks" in text(page)
    assert "Found by rule" in text(page)

    tried = enter("adviser").post(address("audit", pep), {"act": "work_out", "tick": ["pe_chosen"], "strong": "Warm"})
    assert tried.status_code == 200
    assert "Warm" in text(tried)
    assert current_audit(pep).audited_on is None

    given = {"act": "keep", "tick": ["pe_chosen"], "strong": "Warm", "feedback-voice": "Ask her", "to_do": ""}
    kept = enter("adviser").post(address("audit", pep), given, follow=True)
    assert "The audit is kept. The grade from its ticks is inadequate." in text(kept)
    assert address("sign_off", pep) in text(kept)
    assert current_audit(pep).feedback == {"voice": "Ask her"}


def test_a_text_that_tells_where_the_child_lives_stops_the_audit(enter, cast, pep):
    home = {"address": "24 Mill Lane, Northmere", "postcode": "AB12 9ZQ", "disclosure": Disclosure.ONLY_NAMED_USERS}
    episode = CareEpisode.unscoped.get(child=cast.child)
    write(PlacementAddress(authority=cast.authority, child=cast.child, episode=episode, **home))

    given = {"act": "keep", "feedback-voice": "Lives at 24 Mill Lane, AB12 9ZQ"}
    stopped = enter("adviser").post(address("audit", pep), given)

    assert "Take it out, or say why it is right" in text(stopped)
    assert current_audit(pep).audited_on is None


def test_readers_of_a_plan_see_the_result_and_nobody_else_marks(enter, cast, pep):
    for name in ("teacher", "worker", "iro"):
        assert "This plan has no audit" in text(enter(name).get(address("audit", pep)))
        assert enter(name).post(address("audit", pep), {"act": "keep"}).status_code == 404
    audit_plan(writing(pep, cast.actors["adviser"]), ticks=[], to_do="A number in each target")
    for name in ("teacher", "worker", "iro"):
        page = text(enter(name).get(address("audit", pep)))
        assert "A number in each target" in page
        assert "It is filed on the social care record" not in page
        assert enter(name).post(address("audit", pep), {"act": "file"}).status_code == 404
    for name in ("carer", "support"):
        assert enter(name).get(address("audit", pep)).status_code == 404


def test_the_head_files_the_result(enter, cast, pep):
    audit_plan(writing(pep, cast.actors["adviser"]), ticks=[])
    answer = enter("head").post(address("audit", pep), {"act": "file"}, follow=True)

    assert "filed on the social care record" in text(answer)
    assert current_audit(pep).filed_on_case_record


def test_the_school_sees_the_auditors_criteria_before_it_sends_the_plan(enter, cast):
    plan = a_pep(cast.child, due_on=TODAY + timedelta(days=20))
    page = text(enter("teacher").get(address("self_check", plan)))

    assert "Not found by rule: there are as many targets as the authority asks for" in page
    assert "Still needed for" in page
    assert address("targets", plan) in page
    assert enter("iro").get(address("self_check", plan)).status_code == 404


def test_the_sample_is_drawn_from_its_page(enter, cast):
    handed_in(cast.child)
    answer = enter("head").post(f"{reverse('peps:audits')}?month={MONTH:%Y-%m}", follow=True)

    assert "1 plan drawn" in text(answer)
    assert "No plan of its school was audited yet" in text(answer)
    again = enter("head").post(reverse("peps:audits"), follow=True)
    assert "waits to be drawn" in text(again)


def test_a_month_that_is_none_shows_this_one(enter, cast):
    for month in ("", "2026-13", "9999-01", "x"):
        answer = enter("head").get(reverse("peps:audits"), {"month": month})
        assert f"{TODAY:%B %Y}" in text(answer)
