"""The people of a meeting: who is proposed and asked, what they are told, what they answer, and who came."""

from datetime import date, time, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from onroll.access.mails import subject_of, text_of
from onroll.access.models import Mail
from onroll.access.roles import Role
from onroll.children.contradictions import Refused
from onroll.children.models import Allocation
from onroll.children.tests.scene import a_person, an_allocation, write
from onroll.peps.actions import ask_for_help, book_meeting, hold_meeting
from onroll.peps.meeting.acts import answer, choose_people, say_who_came
from onroll.peps.meeting.mails import send_reminders
from onroll.peps.meeting.people import Names, Part, people_of, proposed
from onroll.peps.models import MeetingPerson, PepSettings
from onroll.peps.queries import Work
from onroll.peps.tests.scene import a_cast, a_pep, as_of
from onroll.peps.writing import Writing

pytestmark = pytest.mark.django_db
TODAY = date(2026, 10, 6)
MEETING = date(2026, 11, 3)


@pytest.fixture
def cast(db):
    return a_cast(TODAY)


@pytest.fixture
def pep(cast):
    return a_pep(cast.child)


def ask(cast, pep, *parts, by="worker"):
    """Ask everybody who is proposed in these parts."""
    actor = cast.actors[by]
    chosen = [each for each in proposed(pep, actor) if not parts or each.part in parts]
    choose_people(pep, chosen, actor=actor)
    return {each.part: each for each in people_of(pep)}


def book(cast, pep, on=MEETING, **fields):
    book_meeting(pep, on, at=time(15, 30), mode="in_person", actor=cast.actors["worker"], **fields)


def told(kind: str) -> set[str]:
    return {mail.to.given_name for mail in Mail.objects.filter(kind=kind).select_related("to")}


def keys(cast, name: str) -> list[str]:
    return [item.turn.key for item in Work(cast.actors[name]).items]


def test_the_people_round_the_child_are_proposed_and_who_is_in_the_list_is_not_proposed_again(cast, pep):
    parts = [each.part for each in proposed(pep, cast.actors["worker"])]
    assert parts == ["young_person", "social_worker", "lead", "carer", "virtual_school", "iro"]

    ask(cast, pep, Part.CARER, Part.YOUNG_PERSON)

    assert [each.part for each in proposed(pep, cast.actors["worker"])] == [
        "social_worker",
        "lead",
        "virtual_school",
        "iro",
    ]


def test_a_receiving_school_belongs_to_the_meeting_of_a_transition_term_alone(cast, pep):
    cast.child.birth_date = date(2016, 5, 6)
    write(cast.child)
    pep.child = cast.child

    assert Part.RECEIVING_SCHOOL in [each.part for each in proposed(pep, cast.actors["worker"])]
    book(cast, pep, TODAY + timedelta(days=8))
    assert "receiving" in keys(cast, "teacher")
    ask(cast, pep, Part.RECEIVING_SCHOOL)
    assert "receiving" not in keys(cast, "teacher")


def test_who_is_asked_before_the_booking_is_told_when_it_is_booked_and_who_comes_later_at_once(cast, pep):
    ask(cast, pep, Part.SOCIAL_WORKER, Part.LEAD)
    assert told("pep_invited") == set()

    book(cast, pep)
    assert told("pep_invited") == {"Worker", "Teacher"}

    ask(cast, pep, Part.CARER)
    assert told("pep_invited") == {"Worker", "Teacher", "Carer"}
    assert Mail.objects.count() == 3


@pytest.mark.proves("ACC-4")
def test_nobody_without_a_live_link_is_told(cast, pep):
    ask(cast, pep, Part.SOCIAL_WORKER, Part.LEAD)
    allocation = Allocation.unscoped.get(child=cast.child, role=Role.SOCIAL_WORKER)
    allocation.end = TODAY
    write(allocation)

    book_meeting(pep, MEETING, actor=cast.actors["teacher"])

    assert told("pep_invited") == {"Teacher"}


@pytest.mark.proves("LNK-E1")
def test_no_message_about_a_meeting_holds_anything_of_the_child_or_of_the_meeting(cast, pep):
    ask(cast, pep)
    book(cast, pep, place="Hillside library")
    book(cast, pep, MEETING + timedelta(days=1))
    send_reminders(cast.authority, today=MEETING - timedelta(days=1))

    assert set(Mail.objects.values_list("kind", flat=True)) == {
        "pep_invited",
        "pep_meeting_moved",
        "pep_reply_reminder",
    }
    for mail in Mail.objects.all():
        said = subject_of(mail) + text_of(mail)
        for words in ("Mia", "Dawson", "Hillside", "PEP", "15:30", "2026", "November", str(pep.public_id)):
            assert words not in said


def test_when_a_meeting_moves_everybody_is_asked_again(cast, pep):
    book(cast, pep)
    person = ask(cast, pep, Part.CARER)["carer"]
    answer(pep, person, "coming", sent_views=False, actor=cast.actors["carer"])

    book(cast, pep, MEETING + timedelta(days=7))

    person.refresh_from_db()
    assert (person.reply, person.replied_on) == ("", None)
    assert told("pep_meeting_moved") == {"Carer"}


def test_a_booking_that_changes_neither_day_nor_time_nor_mode_tells_nobody(cast, pep):
    book(cast, pep)
    person = ask(cast, pep, Part.CARER)["carer"]
    answer(pep, person, "coming", sent_views=False, actor=cast.actors["carer"])

    book(cast, pep, place="Room 4")
    assert told("pep_meeting_moved") == set()

    book_meeting(pep, MEETING, at=time(15, 30), mode="online", actor=cast.actors["worker"])
    person.refresh_from_db()
    assert (told("pep_meeting_moved"), person.reply) == ({"Carer"}, "coming")


def test_who_has_not_replied_is_reminded_once_five_working_days_before(cast, pep):
    book(cast, pep)
    people = ask(cast, pep, Part.CARER, Part.LEAD)
    answer(pep, people["lead"], "coming", sent_views=False, actor=cast.actors["teacher"])
    before = date(2026, 10, 27)

    assert send_reminders(cast.authority, today=before - timedelta(days=1)) == 0
    assert send_reminders(cast.authority, today=before) == 1
    assert told("pep_reply_reminder") == {"Carer"}
    assert send_reminders(cast.authority, today=before + timedelta(days=1)) == 0


def test_an_authority_can_turn_these_messages_off(cast, pep):
    write(PepSettings(authority=cast.authority, mail_invitation=False))
    ask(cast, pep)
    book(cast, pep)

    assert send_reminders(cast.authority, today=MEETING - timedelta(days=1)) == 0
    assert not Mail.objects.exists()


def test_an_invitation_waits_on_the_home_page_of_who_is_asked_until_they_reply(cast, pep, client):
    book(cast, pep, TODAY + timedelta(days=60))
    people = ask(cast, pep)

    for name in ("carer", "iro", "teacher"):
        assert "reply" in keys(cast, name)
    answer(pep, people["iro"], "cannot", sent_views=False, actor=cast.actors["iro"])
    assert "reply" not in keys(cast, "iro")
    assert "reply" in keys(cast, "carer")


def test_one_person_does_not_answer_for_another_unless_they_write_the_plan(cast, pep):
    book(cast, pep)
    people = ask(cast, pep)

    with pytest.raises(Refused, match="Your role does not change"):
        answer(pep, people["lead"], "coming", sent_views=False, actor=cast.actors["carer"])
    answer(pep, people["lead"], "cannot", sent_views=True, actor=cast.actors["worker"])

    people["lead"].refresh_from_db()
    assert (people["lead"].reply, people["lead"].sent_views) == ("cannot", True)


def test_that_a_key_person_cannot_come_waits_for_the_convener_until_views_are_in_or_the_day_is_another(cast, pep):
    book(cast, pep, TODAY + timedelta(days=40))
    people = ask(cast, pep)
    answer(pep, people["iro"], "cannot", sent_views=False, actor=cast.actors["iro"])
    assert "key_person" not in keys(cast, "teacher")

    answer(pep, people["carer"], "cannot", sent_views=False, actor=cast.actors["carer"])
    assert "key_person" in keys(cast, "teacher")
    assert "key_person" not in keys(cast, "worker")

    answer(pep, people["carer"], "cannot", sent_views=True, actor=cast.actors["carer"])
    assert "key_person" not in keys(cast, "teacher")


@pytest.mark.requirement("R142")
def test_help_that_is_asked_for_waits_for_the_adviser_and_after_two_days_for_the_head(cast, pep):
    ask_for_help(pep, "school", None, actor=cast.actors["teacher"])
    assert "help" in keys(cast, "adviser")
    assert "help" not in keys(cast, "head")

    later = as_of(cast.actors["head"], TODAY + timedelta(days=3))
    assert "help" in [item.turn.key for item in Work(later).items]
    ask_for_help(pep, "school", cast.accounts["adviser"], actor=cast.actors["adviser"])
    assert "help" not in keys(cast, "adviser")
    assert "help" not in [item.turn.key for item in Work(later).items]


def test_who_came_decides_what_is_counted_of_the_virtual_school_and_the_young_person(cast, pep):
    people = ask(cast, pep, Part.YOUNG_PERSON, Part.VIRTUAL_SCHOOL)
    came = {people["young_person"].pk: "absent", people["virtual_school"].pk: "came"}

    hold_meeting(pep, TODAY, young_person_attended=True, vs_attended=False, people=came, actor=cast.actors["worker"])
    assert (pep.young_person_attended, pep.vs_attended) == (False, True)

    corrected = {people["virtual_school"].pk: "apologies"}
    next_on = TODAY + timedelta(days=100)
    say_who_came(pep, corrected, named=[("family", "Gran")], next_on=next_on, actor=cast.actors["worker"])
    pep.refresh_from_db()
    assert (pep.vs_attended, pep.next_meeting_on) == (False, next_on)
    assert [(each.name, each.came) for each in people_of(pep) if each.part == "family"] == [("Gran", True)]


def test_without_people_the_two_columns_that_are_counted_are_as_was_said(cast, pep):
    hold_meeting(pep, TODAY, young_person_attended=True, vs_attended=True, actor=cast.actors["worker"])

    assert (pep.young_person_attended, pep.vs_attended) == (True, True)


def test_who_came_stays_in_the_list_and_the_next_meeting_comes_after_this_one(cast, pep):
    person = ask(cast, pep, Part.CARER)["carer"]
    hold = {"young_person_attended": True, "vs_attended": False, "people": {person.pk: "came"}}
    hold_meeting(pep, TODAY, **hold, actor=cast.actors["worker"])

    with pytest.raises(Refused, match="Who came to the meeting stays"):
        choose_people(pep, [], taken_off={person.pk}, actor=cast.actors["worker"])
    with pytest.raises(Refused, match="The next meeting comes after this one"):
        say_who_came(pep, {}, next_on=TODAY, actor=cast.actors["worker"])


def test_the_section_of_the_meeting_reads_the_rows_and_has_no_second_place_to_type(cast, pep):
    book(cast, pep, place="Hillside library")
    ask(cast, pep)
    writing = Writing(pep, cast.actors["worker"])
    lines = {line.question.key: line for line in writing.lines(writing.section("meeting"))}

    said = {key: line.standing.value for key, line in lines.items() if line.standing}
    assert said["meeting_on"] == MEETING.isoformat()
    assert (said["meeting_time"], said["meeting_mode"]) == ("15:30", "In person")
    assert {"person": "Teacher Doyle", "role": "Designated teacher", "asked": "Yes"} in said["meeting_people"]
    assert not any(lines[key].writes for key in ("meeting_on", "meeting_people", "meeting_place"))
    assert lines["meeting_notes"].writes


def test_the_note_about_a_key_person_is_asked_for_only_where_one_did_not_come(cast, pep):
    people = ask(cast, pep, Part.SOCIAL_WORKER, Part.LEAD)
    came = {people["social_worker"].pk: "came", people["lead"].pk: "absent"}
    hold_meeting(pep, TODAY, young_person_attended=True, vs_attended=False, people=came, actor=cast.actors["worker"])
    assert "meeting_absent_note" in [each.asked.question.key for each in Writing(pep, cast.actors["worker"]).missing()]

    say_who_came(pep, {people["lead"].pk: "came"}, next_on=None, actor=cast.actors["worker"])
    assert "meeting_absent_note" not in [
        each.asked.question.key for each in Writing(pep, cast.actors["worker"]).missing()
    ]


@pytest.mark.proves("ADR-2")
def test_who_the_carer_is_stands_in_the_list_for_who_may_know_it_alone(cast, pep):
    ask(cast, pep)
    carer = next(each for each in people_of(pep) if each.part == "carer")

    assert Names(cast.child, cast.actors["worker"]).of_person(carer) == "Carer Doyle"
    assert Names(cast.child, cast.actors["teacher"]).of_person(carer) == "The carer"
    rows = Writing(pep, cast.actors["worker"]).standing["meeting_people"].value
    assert [row["person"] for row in rows if row["role"] == "Carer"] == ["The carer"]
    assert not any("Carer Doyle" in each.name for each in MeetingPerson.unscoped.all())


# Pages


def address(name, pep, *more):
    return reverse(f"peps:{name}", args=[pep.child.public_id, pep.public_id, *more])


def text(answer) -> str:
    return " ".join(answer.content.decode().split())


@pytest.fixture
def enter(client, cast):
    def signed_in(name):
        client.force_login(cast.accounts[name])
        return client

    return signed_in


@pytest.fixture
def soon(cast):
    """A plan of these days, with its meeting booked for next month."""
    from django.utils import timezone

    today = timezone.localdate()
    days = {"opens_on": today - timedelta(days=10), "due_on": today + timedelta(days=40)}
    return a_pep(cast.child, meeting_on=today + timedelta(days=30), meeting_time=time(15, 30), state="booked", **days)


def test_a_teacher_asks_people_by_ticks_and_by_name_and_sees_no_carers_name(enter, cast, soon):
    page = enter("teacher").get(address("people", soon))
    assert "Worker Doyle, social worker" in text(page)
    assert "Carer Doyle" not in text(page)

    form = page.context["form"]
    ticks = [key for key, label in form.fields["people"].choices if "carer" in label or "social" in label]
    typed = {"people": ticks, "name_1": "Ms Grant", "part_1": "other"}
    enter("teacher").post(address("people", soon), typed)

    assert {(each.part, each.name) for each in people_of(soon)} == {
        ("social_worker", ""), ("carer", ""), ("other", "Ms Grant"),
    }  # fmt: skip
    shown = text(enter("teacher").get(address("meeting", soon)))
    assert "Ms Grant" in shown
    assert "Carer Doyle" not in shown


def test_a_name_needs_a_part_and_nothing_is_kept_without_it(enter, soon):
    page = enter("teacher").post(address("people", soon), {"people": [], "name_1": "Ms Grant", "part_1": ""})

    assert "Choose what part they have in the meeting" in text(page)
    assert people_of(soon) == []


def test_a_carer_replies_on_a_page_of_their_own_and_comes_to_no_other_page_of_the_meeting(enter, cast, soon):
    write(MeetingPerson(
        authority=cast.authority, child=cast.child, pep=soon, part="carer",
        account=cast.accounts["carer"], invited_on=soon.opens_on,
    ))  # fmt: skip
    assert "Say whether you can come" in text(enter("carer").get("/"))

    answered = enter("carer").post(address("reply", soon), {"reply": "cannot", "sent_views": "on"})

    assert (answered.status_code, answered.headers["Location"]) == (302, "/")
    person = people_of(soon)[0]
    assert (person.reply, person.sent_views) == ("cannot", True)
    for name in ("meeting", "people", "came", "actions", "meeting_mode"):
        assert enter("carer").get(address(name, soon)).status_code == 404


def test_who_is_not_asked_is_told_so_and_cannot_reply(enter, soon):
    assert "You are not asked to this meeting" in text(enter("iro").get(address("reply", soon)))

    enter("iro").post(address("reply", soon), {"reply": "coming"})
    assert people_of(soon) == []


def test_the_meeting_is_booked_with_its_time_and_a_wrong_one_is_refused_in_words(enter, soon):
    day = soon.meeting_on
    typed = {"on_day": day.day, "on_month": day.month, "on_year": day.year, "mode": "online", "minutes": "45"}

    refused = enter("teacher").post(address("book", soon), {**typed, "time": "noonish"})
    assert "Enter the time like 15:30" in text(refused)
    enter("teacher").post(address("book", soon), {**typed, "time": "4.15pm"})

    soon.refresh_from_db()
    assert (soon.meeting_time, soon.meeting_mode, soon.meeting_minutes) == (time(16, 15), "online", 45)


def test_who_came_is_ticked_when_the_meeting_is_held(enter, cast, soon):
    from django.utils import timezone

    keys = {"authority": cast.authority, "child": cast.child, "pep": soon}
    worker = write(MeetingPerson(**keys, part="social_worker", account=cast.accounts["worker"]))
    write(MeetingPerson(**keys, part="lead", account=cast.accounts["teacher"], reply="cannot"))
    write(MeetingPerson(**keys, part="young_person"))
    today = timezone.localdate()
    page = text(enter("worker").get(address("held", soon)))
    assert "Did the young person take part?" not in page
    assert "Was somebody from the virtual school there?" in page

    typed = {"on_day": today.day, "on_month": today.month, "on_year": today.year, "virtual_school": "no"}
    enter("worker").post(address("held", soon), {**typed, "came": [str(worker.public_id)], "mode": "in_person"})

    assert [each.attendance for each in people_of(soon)] == ["absent", "came", "apologies"]
    soon.refresh_from_db()
    assert (soon.state, soon.young_person_attended) == ("held", False)


def test_the_overview_says_who_comes_in_queries_that_do_not_grow_with_the_people(enter, cast, soon):
    keys = {"authority": cast.authority, "child": cast.child, "pep": soon, "part": "other", "reply": "coming"}
    client = enter("teacher")
    counts = []
    for number in range(10):
        write(MeetingPerson(**keys, name=f"Person {number}"))
        if number in (1, 9):
            client.get(address("pep", soon))
            with CaptureQueriesContext(connection) as asked:
                page = text(client.get(address("pep", soon)))
            counts.append(len(asked))

    assert counts[0] == counts[1]
    assert "10 asked, 10 coming" in page
    assert "Person 7" in page


def test_who_had_the_child_before_is_not_proposed(cast, pep):
    stranger, _ = a_person(cast.authority, Role.SOCIAL_WORKER, "Gone Doyle")
    an_allocation(cast.child, stranger, Role.PERSONAL_ADVISER, date(2024, 1, 1), end=date(2024, 6, 1))

    assert stranger not in [each.account for each in proposed(pep, cast.actors["worker"])]
