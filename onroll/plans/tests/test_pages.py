"""The pages of plans: who gets there, what they show, and what happens when something is written."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from onroll.access.roles import Role
from onroll.children.tests.scene import a_child, a_person, an_authority, an_episode, write
from onroll.history.models import Change
from onroll.measures.models import Target
from onroll.plans.models import Action, Asked, DutyAnswer, Goal, Meeting, Milestone, Plan, Rating, Update
from onroll.plans.reference import DUTIES, PRINCIPLES
from onroll.plans.tests.scene import a_plan, a_whole_plan, an_action

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()


@pytest.fixture
def ashcombe(db):
    return an_authority()


@pytest.fixture
def head(client, ashcombe):
    account, _ = a_person(ashcombe, Role.VSH, "Hana Reid")
    client.force_login(account)
    return account


@pytest.fixture
def plan(ashcombe):
    days = {"start": TODAY - timedelta(days=100), "end": TODAY + timedelta(days=200)}
    return a_plan(ashcombe, service="Children looked after", accountable="Hana Reid", **days)


def text(answer) -> str:
    return " ".join(answer.content.decode().split())


def address(name: str, plan: Plan, line=None, **more) -> str:
    keys = {"plan": plan.public_id, **more}
    if line:
        keys["action"] = line.action.public_id
    return reverse(f"plans:{name}", kwargs=keys)


def boxes(name: str, day: date) -> dict[str, str]:
    return {f"{name}_day": str(day.day), f"{name}_month": str(day.month), f"{name}_year": str(day.year)}


@pytest.mark.requirement("R001", "R003")
def test_a_plan_shows_its_actions_under_its_own_headings(client, head, plan):
    an_action(plan, "Ring schools", section="Attendance", lead="VSO", reference="2.1", due_on=TODAY)
    an_action(plan, "Read PEPs", section="PEPs", lead=head)

    page = text(client.get(plan.get_absolute_url()))

    assert page.index(">Attendance</th>") < page.index("Ring schools") < page.index(">PEPs</th>")
    assert "VSO · by" in page
    assert "Hana Reid" in page


@pytest.mark.requirement("R105")
def test_each_lead_finds_their_own_actions(client, head, plan):
    an_action(plan, "Read PEPs", lead=head)
    an_action(plan, "Ring schools", lead="VSO")

    mine = text(client.get(f"{plan.get_absolute_url()}?view=mine"))
    by_lead = text(client.get(f"{plan.get_absolute_url()}?view=lead"))

    assert "Read PEPs" in mine
    assert "Ring schools" not in mine
    assert ">VSO</th>" in by_lead
    assert ">Hana Reid</th>" in by_lead


def test_what_is_late_is_what_is_past_its_day_and_not_completed(client, head, plan):
    past = TODAY - timedelta(days=1)
    an_action(plan, "Still open", due_on=past)
    an_action(plan, "Long done", due_on=past, rating="Completed")
    an_action(plan, "Due today", due_on=TODAY)
    an_action(plan, "Goes on", ongoing=True)

    page = text(client.get(f"{plan.get_absolute_url()}?view=late"))

    assert "Still open" in page
    assert not any(words in page for words in ("Long done", "Due today", "Goes on"))


@pytest.mark.requirement("R004")
def test_a_lead_writes_an_update_with_a_rating_and_evidence(client, head, plan):
    line = an_action(plan)
    words = {"words": "Two schools had help.\r\nOne is to come.", "rating": "In Progress", **boxes("on", TODAY)}
    evidence = {"evidence": "Minutes", "address": "https://ashcombe.example/minutes"}

    answer = client.post(address("action", plan, line), {**words, **evidence}, follow=True)

    line.action.refresh_from_db()
    assert line.action.rating == "In Progress"
    update = Update.objects.get()
    assert (update.words, update.by) == ("Two schools had help.\nOne is to come.", "Hana Reid")
    page = text(answer)
    assert "The update is written down." in page
    assert 'href="https://ashcombe.example/minutes"' in page
    assert "Rated In Progress" in page
    assert Change.objects.filter(verb="plan.update_written", actor=head).exists()


@pytest.mark.requirement("R004")
def test_the_history_of_ratings_says_what_it_was_before(client, head, plan):
    line = an_action(plan, rating="Off Track")
    write(Rating(authority=plan.authority, action=line.action, on=TODAY - timedelta(days=9), rating="Off Track"))

    client.post(address("action", plan, line), {"rating": "Completed", **boxes("on", TODAY)})

    page = text(client.get(address("action", plan, line)))
    assert "Rated Completed, before Off Track" in page
    assert not Update.objects.exists()


@pytest.mark.parametrize(
    ("typed", "wrong"),
    [
        ({"rating": "as it is"}, "Say what happened, or choose a rating"),
        ({"rating": "Green", "words": "x"}, "Choose one of the answers in the list"),
        ({"rating": "as it is", "words": "x", "evidence": "Minutes"}, "Enter where the evidence is kept"),
        ({"rating": "as it is", "words": "x", "evidence": "M", "address": "not one"}, "Enter an address like https://"),
    ],
)
def test_an_update_that_is_not_right_says_what_to_do_and_keeps_nothing(client, head, plan, typed, wrong):
    line = an_action(plan)

    answer = client.post(address("action", plan, line), {**boxes("on", TODAY), **typed})

    assert "There is a problem" in text(answer)
    assert wrong in text(answer)
    assert not Update.objects.exists()
    assert not Rating.objects.exists()


def test_an_update_of_tomorrow_is_refused(client, head, plan):
    line = an_action(plan)

    answer = client.post(
        address("action", plan, line), {"words": "x", "rating": "as it is", **boxes("on", TODAY + timedelta(days=1))}
    )

    assert "or earlier" in text(answer)
    assert not Update.objects.exists()


@pytest.mark.requirement("R005", "R104", "R105", "R106", "R107", "R123")
def test_the_head_writes_an_action_with_all_that_it_serves(client, head, plan):
    typed = {
        "section": "PEPs",
        "reference": "1.1",
        "words": "PEPs graded good or better reach 75%",
        "people": [str(head.public_id)],
        "others": "VSO\nIRO manager",
        "end_printed": f"March {TODAY.year + 1}",
        "measures": "W16, M17",
        "objectives": "Every child ready for school",
        "principles": ["P5"],
        "duties": ["D07"],
        "analysis": "Audit of autumn 2025",
    }

    answer = client.post(address("action_new", plan), typed, follow=True)

    action = Action.objects.get()
    assert "The action is in the plan." in text(answer)
    assert action.due_on == date(TODAY.year + 1, 3, 31)
    assert action.end_printed == f"March {TODAY.year + 1}"
    assert [(lead.words, lead.account) for lead in action.leads.all()] == [
        ("Hana Reid", head),
        ("VSO", None),
        ("IRO manager", None),
    ]
    page = text(client.get(address("action", plan, plan.lines.get())))
    for words in ("Every child ready for school", PRINCIPLES["P5"].label, DUTIES["D07"].label, "Audit of autumn 2025"):
        assert words in page


def test_a_measure_that_does_not_exist_is_refused(client, head, plan):
    answer = client.post(address("action_new", plan), {"section": "PEPs", "words": "x", "measures": "W16 W100"})

    assert "There is no measure called W100" in text(answer)
    assert not Action.objects.exists()


def test_an_action_that_is_saved_as_it_is_changes_nothing(client, head, plan):
    line = an_action(plan, lead="VSO", measures=("W16",), end_printed="March 2026", reference="1.2")
    form = client.get(address("action_change", plan, line)).context["form"]
    typed = {name: value for name, value in form.initial.items() if value and name != "due_on"}
    before = list(line.action.leads.values_list("pk", flat=True))

    client.post(address("action_change", plan, line), typed)

    assert list(line.action.leads.values_list("pk", flat=True)) == before
    assert [each.measure for each in line.action.measures.all()] == ["W16"]


def test_a_due_date_that_was_chosen_stays_when_the_action_is_saved_again(client, head, plan):
    line = an_action(plan, end_printed="when ready", due_on=date(2026, 5, 5))
    form = client.get(address("action_change", plan, line)).context["form"]

    assert form.initial["due_on"] == date(2026, 5, 5)
    line.action.end_printed = "5 May 2026"
    write(line.action)
    again = client.get(address("action_change", plan, line)).context["form"]
    assert again.initial["due_on"] is None


@pytest.mark.requirement("R005", "R105")
def test_the_records_fill_an_action_in_and_suggest_a_sentence(client, head, plan, ashcombe):
    for at in range(12):
        an_episode(a_child(ashcombe, f"Child {at}"), TODAY - timedelta(days=40))
    line = an_action(plan, measures=("W34", "W01"))

    page = text(client.get(address("action", plan, line)))
    used = text(client.get(f"{address('action', plan, line)}?use=1"))

    assert "0 of 12 children" in page
    sentence = "Children with three or more homes in twelve months: 0.0% (0 of 12 children) on"
    assert page.count(sentence) == 1
    assert used.count(sentence) == 2
    assert "Measure W01. Not counted yet" in page


@pytest.mark.requirement("R170")
def test_a_contract_that_ends_soon_is_warned_of_before(client, head, plan):
    line = an_action(plan, "Extend the contract")
    client.post(
        address("milestone_new", plan, line),
        {
            "words": "Attendance contract ends",
            "kind": "contract_end",
            "warn_weeks": "8",
            **boxes("due_on", TODAY + timedelta(weeks=7)),
        },
    )
    milestone = Milestone.objects.get()

    assert "Milestones that are near or past" in text(client.get(plan.get_absolute_url()))

    client.post(
        address("milestone", plan, line, milestone=milestone.public_id),
        {
            "words": milestone.words,
            "kind": "contract_end",
            "warn_weeks": "8",
            **boxes("due_on", milestone.due_on),
            **boxes("achieved_on", TODAY),
        },
    )
    assert "Milestones that are near or past" not in text(client.get(plan.get_absolute_url()))
    assert "Achieved: Attendance contract ends" in text(client.get(address("action", plan, line)))


@pytest.mark.requirement("R024")
def test_a_meeting_is_moved_and_cancelled_and_keeps_its_first_day_and_its_next_steps(client, head, plan):
    line = an_action(plan)
    first, later = TODAY + timedelta(days=7), TODAY + timedelta(days=21)
    typed = {"title": "PEP working group", "working_group": "on", "state": "arranged"}
    client.post(address("meeting_new", plan, line), {**typed, **boxes("on", first)})
    meeting = Meeting.objects.get()
    page = address("meeting", plan, line, meeting=meeting.public_id)

    client.post(page, {**typed, **boxes("on", later)})
    client.post(page, {"act": "step", "step-words": "Bring three PEPs", "step-who": "Ines Cole"})

    meeting.refresh_from_db()
    assert (meeting.first_on, meeting.on, meeting.working_group) == (first, later, True)
    shown = text(client.get(address("action", plan, line)))
    assert "moved from" in shown
    assert "Bring three PEPs (Ines Cole)" in shown
    step = meeting.steps.get()
    client.post(page, {"act": f"done:{step.public_id}"})
    assert "Bring three PEPs (Ines Cole)" not in text(client.get(address("action", plan, line)))
    client.post(page, {**typed, "state": "cancelled", **boxes("on", later)})
    assert "cancelled, was to be on" in text(client.get(address("action", plan, line)))


def test_data_that_an_action_waits_for_is_written_down_and_comes(client, head, plan):
    line = an_action(plan, "Put early years into the scorecard")
    asked = TODAY - timedelta(days=30)
    typed = {"item": "PEPs of the youngest", "asked_of": "Business intelligence", **boxes("requested_on", asked)}

    waits = client.post(address("asked_new", plan, line), typed, follow=True)

    assert "PEPs of the youngest" in text(waits)
    assert "30 days so far" in text(waits)
    page = address("asked", plan, line, asked=Asked.objects.get().public_id)
    too_early = client.post(page, {**typed, **boxes("supplied_on", asked - timedelta(days=1))})
    assert "The data was supplied before it was asked for" in text(too_early)
    came = client.post(page, {**typed, **boxes("supplied_on", asked + timedelta(days=12))}, follow=True)
    assert "12 days" in text(came)
    assert "so far" not in text(came)
    assert client.get(address("asked", plan, an_action(plan), asked=Asked.objects.get().public_id)).status_code == 404


def test_a_meeting_to_come_was_not_held(client, head, plan):
    line = an_action(plan)

    answer = client.post(
        address("meeting_new", plan, line),
        {"title": "Group", "state": "held", **boxes("on", TODAY + timedelta(days=1))},
    )

    assert "still to come has not been held" in text(answer)
    assert not Meeting.objects.exists()


@pytest.mark.requirement("R061")
def test_one_action_stands_in_two_plans_with_one_set_of_updates(client, head, plan, ashcombe):
    other = a_plan(ashcombe, "Youth justice plan")
    line = an_action(plan, "Meet monthly about every case")
    client.post(address("action_share", plan, line), {"plan": str(other.public_id), "section": "Education"})
    there = other.lines.get()

    client.post(address("action", other, there), {"words": "Met in May", "rating": "In Progress", **boxes("on", TODAY)})

    page = text(client.get(address("action", plan, line)))
    assert "Met in May" in page
    assert "Youth justice plan" in page
    client.post(address("action_take_out", plan, line))
    assert Action.objects.get().lines.get() == there


@pytest.mark.requirement("R107")
def test_a_priority_says_which_duty_and_analysis_it_comes_from(client, head, plan):
    typed = {"kind": "priority", "words": "Close the gap", "duties": ["D02"], "analysis": "Results of 2025"}

    client.post(address("goal_new", plan), typed)

    goal = Goal.objects.get()
    assert set(goal.serves.values_list("kind", "code", "words")) == {
        ("duty", "D02", ""),
        ("analysis", "", "Results of 2025"),
    }
    assert "Close the gap" in text(client.get(plan.get_absolute_url()))
    client.post(address("goal", plan, goal=goal.public_id), {"act": "remove"})
    assert not Goal.objects.exists()


@pytest.mark.requirement("R104")
def test_a_duty_is_met_when_the_head_says_so_and_how_they_know(client, head, ashcombe):
    page = reverse("plans:duty", args=["D03"])

    answer = client.post(page, {"met": "yes", "proof": "The roll was checked on Monday"}, follow=True)

    assert "1 of 13 are met today" in text(answer)
    client.post(page, {"met": "no", "proof": "Two settings are missing"})
    assert "0 of 13 are met today" in text(client.get(reverse("plans:duties")))
    assert DutyAnswer.objects.count() == 2
    assert client.get(reverse("plans:duty", args=["D99"])).status_code == 404


@pytest.mark.parametrize("begin", ["template:work-plan", "template:improvement-plan"])
def test_a_plan_begins_from_a_template(client, head, ashcombe, begin):
    days = {**boxes("first_day", date(2026, 9, 1)), **boxes("last_day", date(2027, 8, 31))}

    client.post(reverse("plans:new"), {"begin": begin, "title": "Plan 2026/27", **days})

    plan = Plan.objects.get()
    assert (plan.start, plan.end) == (date(2026, 9, 1), date(2027, 9, 1))
    expected = {"template:work-plan": (5, 23), "template:improvement-plan": (9, 30)}[begin]
    assert (plan.sections.count(), plan.lines.count()) == expected
    assert not any(action.leads.exists() or action.due_on for action in Action.objects.all())
    assert any(action.measures.exists() for action in Action.objects.all())


def test_a_new_year_begins_with_what_the_old_one_left_unfinished(client, head, plan):
    open_line = an_action(plan, "Still open", section="PEPs")
    an_action(plan, "Done", section="Money", rating="Completed")
    write(Goal(authority=plan.authority, plan=plan, kind="priority", position=1, words="Close the gap"))
    days = {**boxes("first_day", TODAY), **boxes("last_day", TODAY + timedelta(days=364))}

    client.post(reverse("plans:new"), {"begin": f"plan:{plan.public_id}", "title": "Next year", **days})

    new = Plan.objects.get(title="Next year")
    assert new.follows == plan.number
    assert [line.action for line in new.lines.all()] == [open_line.action]
    assert [section.title for section in new.sections.all()] == ["PEPs", "Money"]
    assert new.goals.get().words == "Close the gap"


def test_a_published_plan_stays_as_it_was(client, head, plan):
    line = an_action(plan, "Read every PEP twice")
    client.post(address("publish", plan))
    line.action.words = "Read every PEP once"
    write(line.action)

    published = plan.published.get()
    page = text(client.get(address("published", plan, published=published.public_id)))

    assert "Read every PEP twice" in page
    assert "Read every PEP once" not in page
    assert "as published on" in text(client.get(plan.get_absolute_url()))


def test_what_moved_in_a_month_is_told_in_sentences(client, head, plan):
    line = an_action(plan, "Read PEPs", reference="1.1")
    own = {"authority": plan.authority, "action": line.action}
    write(Update(**own, on=date(2026, 2, 3), words="Half are read", by="Ines Cole"))
    write(Rating(**own, on=date(2026, 1, 9), rating="Off Track", by="Ines Cole"))
    write(Rating(**own, on=date(2026, 2, 3), rating="In Progress", by="Ines Cole"))
    write(Milestone(**own, position=1, words="All trained", due_on=date(2026, 2, 1), achieved_on=date(2026, 2, 20)))

    page = text(client.get(f"{address('moved', plan)}?month=2026-02"))

    assert "3 February 2026. Ines Cole: Half are read" in page
    assert "Ines Cole rates it In Progress, before Off Track." in page
    assert "Achieved: All trained, due 1 February 2026." in page
    assert "Half are read" not in text(client.get(f"{address('moved', plan)}?month=2026-03"))
    assert client.get(f"{address('moved', plan)}?month=nonsense").status_code == 200


def test_one_page_to_print_has_every_action_with_who_and_by_when(client, head, plan):
    an_action(plan, "Read PEPs", lead="VHT", due_on=date(2026, 3, 31), reported="A third are good")

    page = text(client.get(address("one_page", plan)))

    for words in ("Read PEPs", "VHT", "31 March 2026", "Not rated", "A third are good", "Hana Reid"):
        assert words in page


def test_pages_ask_as_often_for_many_actions_as_for_few(client, head, plan, django_assert_max_num_queries):
    for at in range(30):
        an_action(plan, f"Action {at}", lead="VHT", measures=("W16", "W34"))
    client.get(plan.get_absolute_url())

    with django_assert_max_num_queries(48):
        client.get(plan.get_absolute_url())


@pytest.mark.parametrize("role", [Role.VS_OFFICER, Role.SOCIAL_WORKER])
def test_who_does_not_keep_plans_finds_no_page_to_change_one(client, plan, ashcombe, role):
    account, _ = a_person(ashcombe, role)
    client.force_login(account)
    line = an_action(plan)

    for name in ("change", "publish", "goal_new", "action_new"):
        assert client.get(address(name, plan)).status_code == 404
        assert client.post(address(name, plan)).status_code == 404
    assert client.get(address("action", plan, line)).status_code == (200 if role is Role.VS_OFFICER else 404)


def test_a_plan_of_another_authority_does_not_exist(client, head):
    other = a_whole_plan(an_authority("998", "Castlebury"), TODAY)
    line = other.lines.get()

    answers = [client.get(other.get_absolute_url()), client.get(address("action", other, line))]
    answers.append(client.post(address("action", other, line), {"words": "x", "rating": "as it is"}))

    assert {answer.status_code for answer in answers} == {404}
    assert Update.objects.count() == 1


def test_where_there_is_no_plan_the_page_says_how_to_begin(client, head):
    page = text(client.get(reverse("plans:plans")))

    assert "There is no plan yet" in page
    assert reverse("plans:new") in page


@pytest.fixture
def far_from_its_target(plan, ashcombe, head):
    """An action in progress whose figure is off its target: nobody may have three homes, and the one child has."""
    child, start = a_child(ashcombe), TODAY - timedelta(days=300)
    for at, days in enumerate((0, 60, 120)):
        end = start + timedelta(days=days + 60) if at < 2 else None
        moved = {"reason_new": "P" if at else "S", "reason_ceased": "X1" if end else ""}
        an_episode(child, start + timedelta(days=days), end=end, **moved)
    days = {"start": TODAY - timedelta(days=30), "end": TODAY + timedelta(days=30), "due_on": TODAY}
    setting = {"better": "lower", "value": 0, "set_by": head, "set_on": TODAY}
    write(Target(authority=ashcombe, measure="three-or-more-homes", **setting, **days))
    return an_action(plan, "Fewer homes", measures=("W34",), rating="In Progress")


@pytest.mark.requirement("R004")
def test_what_the_lead_says_and_what_the_measures_say_stand_side_by_side(client, head, plan, far_from_its_target):
    other = an_action(plan, "Nothing to count", rating="Off Track")

    page = text(client.get(address("action", plan, far_from_its_target)))
    apart = text(client.get(f"{plan.get_absolute_url()}?view=disagree"))

    assert "In Progress" in page
    assert "100% against the target of 0%" in page
    assert "The lead and the measures say different things" in page
    assert "Fewer homes" in apart
    assert other.action.words not in apart


def test_a_lead_who_says_off_track_too_agrees_with_the_measures(client, head, plan, far_from_its_target):
    far_from_its_target.action.rating = "Off Track"
    write(far_from_its_target.action)

    page = text(client.get(f"{plan.get_absolute_url()}?view=disagree"))

    assert "Leads and measures agree" in page


def test_each_figure_of_a_plan_leads_to_what_stands_behind_it(client, head, ashcombe, plan):
    an_episode(a_child(ashcombe))
    an_action(plan, "Fewer moves", measures=["W34"])

    page = text(client.get(plan.get_absolute_url()))

    assert '<b>0.0%</b>, 0 of 1 children: <a class="govuk-link" href="/figures/three-or-more-homes">' in page
