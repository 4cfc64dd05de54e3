"""A young person's voice among the adults: who reads an answer, who is told of a concern, what is written down."""

import csv
import re
from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from onroll.access.models import Mail
from onroll.access.roles import Role
from onroll.authorities.models import Team
from onroll.children.contradictions import Refused
from onroll.children.tests.scene import a_person, an_authority, together, write
from onroll.history.models import Change
from onroll.people.models import Post
from onroll.peps.models import Concern, Share, VoiceAnswer, VoiceOffer, VoicePass
from onroll.peps.queries import this_term
from onroll.peps.tests.scene import a_cast, a_pep, with_terms_around
from onroll.peps.voice import saying
from onroll.peps.voice.concerns import settle, waiting
from onroll.peps.voice.passes import give_pass, the_young_person
from onroll.peps.voice.questions import (
    HELPER,
    START,
    Kind,
    Option,
    Variant,
    asked,
    question_named,
    questions_of,
    shares_of,
    variant_for,
)
from onroll.peps.voice_models import Said

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
    days = {"opens_on": TODAY - timedelta(days=30), "due_on": TODAY + timedelta(days=60)}
    return a_pep(cast.child, academic_year=year, term=term, **days)


@pytest.fixture
def held(cast, pep):
    """The pass of the young person."""
    return give_pass(pep, Variant.AGE_11_15, actor=cast.actors["teacher"]).held


def says(held, words: str, *, share: Share = Share.HELPERS, key: str = "going_well", chosen: tuple[str, ...] = ()):
    """The young person answers a question on their own page."""
    question = question_named(held.variant, key)
    young_person = the_young_person(held.authority_id, TODAY)
    saying.answer(held, question, Said(chosen, words), share, actor=young_person)
    return VoiceAnswer.unscoped.get(pep=held.pep, question_key=key)


def text(answer) -> str:
    return " ".join(answer.content.decode().split())


def address(name: str, pep, *more) -> str:
    return reverse(f"peps:{name}", args=[pep.child.public_id, pep.public_id, *more])


def boxes(name: str, day: date) -> dict[str, str]:
    return {f"{name}_day": str(day.day), f"{name}_month": str(day.month), f"{name}_year": str(day.year)}


# The questions


def test_every_question_of_the_domain_is_asked(shared):
    with (shared / "domain" / "pep" / "voice.csv").open(encoding="utf-8", newline="") as file:
        theirs = [(row["variant"], row["question_key"]) for row in csv.DictReader(file)]
    ours = [(variant.value, each.key) for variant in Variant for each in questions_of(variant)]

    # The page says by itself that it is finished; who helped is asked in every variant.
    assert set(theirs) - set(ours) == {("communication_support", "finish")}
    assert set(ours) - set(theirs) == {("communication_support", HELPER)}


def test_every_variant_begins_with_what_the_page_is_and_ends_with_who_helped():
    for variant in Variant:
        keys = [each.key for each in questions_of(variant)]
        assert keys[0] == START
        assert len(keys) == len(set(keys))
        assert variant is Variant.EARLY_YEARS or keys[-1] == HELPER


def test_every_question_with_choices_has_some_and_the_default_reader_can_be_chosen():
    for variant in Variant:
        assert Share.HELPERS in shares_of(variant)
        for each in questions_of(variant):
            assert bool(each.options) == (each.kind in (Kind.FACES, Kind.ONE, Kind.SEVERAL)), each.key
            assert each.not_safe <= {option.words for option in each.options}


def test_a_sign_before_a_choice_is_drawn_and_no_part_of_the_answer():
    helps = question_named("age_5_10", "helps")

    assert helps.options[1] == Option("A drink of water", "💧")


@pytest.mark.parametrize(
    ("born", "variant"),
    [
        (date(2015, 11, 18), Variant.AGE_5_10),
        (date(2015, 11, 17), Variant.AGE_11_15),
        (date(2010, 11, 18), Variant.AGE_11_15),
        (date(2010, 11, 17), Variant.AGE_16_PLUS),
    ],
)
def test_the_questions_change_on_the_birthday(born, variant):
    assert variant_for(born, early_years=False, on=date(2026, 11, 17)) is variant
    assert variant_for(born, early_years=True, on=date(2026, 11, 17)) is Variant.EARLY_YEARS


def test_what_is_asked_only_of_some_is_not_asked_of_the_others():
    def keys(facts):
        return {each.key for each in asked(Variant.AGE_11_15, facts)}

    assert keys({"options_year", "earlier_plan"}) - keys(set()) == {"options", "last_targets"}


# Who reads an answer


@pytest.mark.django_db
@pytest.mark.proves("SEC-3")
@pytest.mark.parametrize(
    ("share", "readers"),
    [
        (Share.EVERYONE, {"teacher", "carer", "worker", "adviser", "head", "iro"}),
        (Share.SCHOOL, {"teacher", "worker", "adviser", "head", "iro"}),
        (Share.CARER, {"carer", "worker", "adviser", "head", "iro"}),
        (Share.HELPERS, {"worker", "adviser", "head", "iro"}),
        (Share.ASK_FIRST, {"worker", "adviser", "head", "iro"}),
        (Share.NOBODY, set()),
    ],
)
def test_an_answer_is_read_by_those_the_young_person_chose_and_by_nobody_else(client, cast, pep, held, share, readers):
    row = says(held, "I like chess")
    row.share = share
    write(row)

    found = set()
    for name, account in cast.accounts.items():
        client.force_login(account)
        answer = client.get(address("voice", pep))
        if answer.status_code == 200 and "I like chess" in text(answer):
            found.add(name)

    assert found == readers


@pytest.mark.django_db
def test_an_answer_that_nobody_may_read_yet_is_counted_for_those_who_can_ask(client, cast, pep, held):
    row = says(held, "I like chess")
    row.share = Share.NOBODY
    write(row)

    client.force_login(cast.accounts["worker"])
    assert "1 answer nobody may read until Mia says so" in text(client.get(address("voice", pep)))
    client.force_login(cast.accounts["carer"])
    assert "nobody may read" not in text(client.get(address("voice", pep)))


@pytest.mark.django_db
@pytest.mark.proves("SEC-3")
def test_who_may_read_is_changed_at_any_time_and_a_teacher_changes_only_what_they_read(client, cast, pep, held):
    row = says(held, "I like chess")
    client.force_login(cast.accounts["teacher"])
    assert client.get(address("voice_share", pep, row.public_id)).status_code == 404

    client.force_login(cast.accounts["worker"])
    unasked = client.post(address("voice_share", pep, row.public_id), {"share": "everyone"})
    assert "They asked for this themselves" in text(unasked)
    client.post(address("voice_share", pep, row.public_id), {"share": "everyone", "asked": "on"})

    client.force_login(cast.accounts["teacher"])
    assert "I like chess" in text(client.get(address("voice", pep)))


@pytest.mark.django_db
def test_practice_support_and_a_stranger_get_no_page_of_views(client, cast, pep, held):
    says(held, "I like chess", share=Share.EVERYONE)
    stranger, _ = a_person(cast.authority, Role.SOCIAL_WORKER, "Another Worker")

    for account in (cast.accounts["support"], stranger):
        client.force_login(account)
        assert client.get(address("voice", pep)).status_code == 404
        assert client.get(address("voice_pass", pep)).status_code == 404


@pytest.mark.django_db
def test_the_page_of_views_asks_no_more_of_the_database_for_more_answers(
    client, cast, pep, held, django_assert_max_num_queries
):
    client.force_login(cast.accounts["worker"])
    for key in ("going_well", "best_lesson", "better_at", "help_me", "person", "money", "clubs", "future"):
        says(held, "Chess", key=key)

    with django_assert_max_num_queries(40):
        client.get(address("voice", pep))


@pytest.mark.django_db
def test_the_page_of_the_plan_leads_to_what_was_said(client, cast, pep):
    for name in ("teacher", "worker", "iro"):
        client.force_login(cast.accounts[name])
        assert address("voice", pep) in text(client.get(address("pep", pep)))


# Giving a pass and writing down


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["teacher", "worker", "adviser", "carer"])
def test_a_pass_is_made_by_those_around_the_child_and_shown_once(client, cast, pep, name):
    client.force_login(cast.accounts[name])
    assert 'value="age_11_15" checked' in text(client.get(address("voice_pass", pep)))

    shown = text(client.post(address("voice_pass", pep), {"variant": "age_11_15"}))

    link = re.search(r"/v/[\w-]{40,}", shown)[0]
    assert client.get(link).status_code == 200
    again = text(client.get(address("voice_pass", pep)))
    assert link not in again
    assert "has not been opened" in again
    row = VoicePass.unscoped.get()
    assert (row.given_by, row.expires) == (cast.accounts[name], TODAY + timedelta(days=40))


@pytest.mark.django_db
def test_a_pass_is_withdrawn(client, cast, pep, held):
    client.force_login(cast.accounts["adviser"])

    client.post(address("voice_pass", pep), {"act": "withdraw"})

    held.refresh_from_db()
    assert (held.ended_on, held.why) == (TODAY, "withdrawn")


@pytest.mark.django_db
def test_no_pass_is_given_in_the_early_years_or_for_a_closed_plan(cast, pep):
    pep.form = "early_years"
    with pytest.raises(Refused, match="adult watches"):
        give_pass(pep, Variant.AGE_5_10, actor=cast.actors["teacher"])
    pep.form, pep.state = "school_age", "missed"
    with pytest.raises(Refused, match="closed"):
        give_pass(pep, Variant.AGE_5_10, actor=cast.actors["teacher"])


@pytest.mark.django_db
def test_what_was_said_is_written_down_with_the_name_of_who_wrote_it_beside_their_own_answer(client, cast, pep, held):
    says(held, "Chess club")
    client.force_login(cast.accounts["teacher"])
    typed = {"question": "going_well", "words": "Drama too", "given": "told", "share": "school"}

    client.post(address("voice_write", pep), {**typed, **boxes("said_on", TODAY)})

    client.force_login(cast.accounts["worker"])
    shown = text(client.get(address("voice", pep)))
    assert "Chess club" in shown
    assert "Drama too" in shown
    assert "written down by Teacher Doyle" in shown
    pep.refresh_from_db()
    assert pep.voice_recorded is True


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"words": ""}, "Answer “What did they say?”"),
        ({"question": "nothing"}, "Choose"),
        ({"share": "world"}, "Choose"),
        (boxes("said_on", TODAY + timedelta(days=1)), "still to come"),
    ],
)
def test_what_is_written_wrongly_is_refused_and_nothing_kept(client, cast, pep, wrong, words):
    client.force_login(cast.accounts["worker"])
    typed = {"question": "going_well", "words": "Drama", "given": "told", "share": "helpers", **boxes("said_on", TODAY)}

    answer = client.post(address("voice_write", pep), {**typed, **wrong})

    assert words in text(answer)
    assert not VoiceAnswer.unscoped.exists()


@pytest.mark.django_db
def test_who_declines_two_offers_on_two_days_is_heard(client, cast, pep):
    client.force_login(cast.accounts["worker"])
    for days in (7, 7, 0):
        typed = {"words": "Not today", **boxes("offered_on", TODAY - timedelta(days=days))}
        client.post(address("voice_declined", pep), typed)
        if days:
            assert not saying.declined_twice(pep)

    assert VoiceOffer.unscoped.count() == 2
    assert saying.declined_twice(pep)
    assert "They are heard" in text(client.get(address("voice", pep)))
    client.force_login(cast.accounts["teacher"])
    assert "Not today" not in text(client.get(address("voice", pep)))


@pytest.mark.django_db
def test_the_history_says_that_the_young_person_wrote_it_and_holds_no_word_of_it(cast, pep, held):
    says(held, "Chess club")

    assert Change.objects.filter(verb="voice.answered").get().actor_name == "The young person"


# Concerns


@pytest.fixture
def manager(cast):
    """The manager of the social worker's team."""
    team = write(Team(authority=cast.authority, name="North"))
    post = Post.objects.get(account=cast.accounts["worker"])
    post.team = team
    write(post)
    account, actor = a_person(cast.authority, Role.TEAM_MANAGER, "Manager Doyle", team=team)
    cast.accounts["manager"], cast.actors["manager"] = account, actor
    return account


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("key", "chosen", "words", "sign"),
    [
        ("safe", ("No",), "", "not_safe"),
        ("safe", ("Sometimes not",), "", "not_safe"),
        ("safe", ("Mostly",), "", ""),
        ("going_well", (), "My uncle hits me when I am late", "words"),
        ("going_well", (), "I want to DIE.\nI  WANT  TO  DIE", "words"),
        ("going_well", (), "The whites of eggs", ""),
        ("going_well", (), "I like drama", ""),
    ],
)
def test_an_answer_that_says_not_safe_or_has_a_word_of_the_list_opens_an_item_the_same_day(
    held, key, chosen, words, sign
):
    says(held, words, key=key, chosen=chosen)

    assert [(each.sign, each.raised_on) for each in Concern.unscoped.all()] == ([(sign, TODAY)] if sign else [])


@pytest.mark.django_db
def test_an_item_waits_for_social_worker_manager_and_virtual_school_and_for_nobody_else(
    client, cast, manager, pep, held
):
    says(held, "My uncle hits me", share=Share.EVERYONE)
    concern = Concern.unscoped.get()
    address_of = reverse("peps:voice_concern", args=[cast.child.public_id, concern.public_id])

    told = set()
    for name, account in cast.accounts.items():
        client.force_login(account)
        on_home = "An answer needs you today" in text(client.get("/"))
        opens = client.get(address_of).status_code == 200
        assert on_home == opens, name
        told |= {name} if opens else set()

    assert told == {"worker", "manager", "adviser", "head"}
    assert {mail.to for mail in Mail.objects.filter(kind="voice_concern")} == {cast.accounts[name] for name in told}


@pytest.mark.django_db
def test_an_item_holds_what_was_said_also_when_it_is_changed_or_kept_from_everybody(client, cast, pep, held):
    row = says(held, "My uncle hits me", share=Share.HELPERS)
    says(held, "It was a joke")
    row.refresh_from_db()
    row.share = Share.NOBODY
    write(row)
    client.force_login(cast.accounts["worker"])

    shown = text(
        client.get(reverse("peps:voice_concern", args=[cast.child.public_id, Concern.unscoped.get().public_id]))
    )

    assert "My uncle hits me" in shown


@pytest.mark.django_db
def test_an_answer_with_an_item_is_not_taken_back(held):
    row = says(held, "My uncle hits me")

    question = question_named(held.variant, "going_well")
    saying.answer(held, question, Said(), Share.HELPERS, actor=the_young_person(held.authority_id, TODAY))

    assert VoiceAnswer.unscoped.filter(pk=row.pk).exists()


@pytest.mark.django_db
def test_an_item_stays_until_an_outcome_is_recorded(client, cast, pep, held):
    says(held, "My uncle hits me")
    concern = Concern.unscoped.get()
    client.force_login(cast.accounts["adviser"])
    address_of = reverse("peps:voice_concern", args=[cast.child.public_id, concern.public_id])

    assert "10 characters or more" in text(client.post(address_of, {"outcome": "Spoke", "told_school": "no"}))
    assert waiting(cast.actors["worker"]).count() == 1
    client.post(address_of, {"outcome": "Spoke with Mia at once; strategy meeting today", "told_school": "yes"})

    concern.refresh_from_db()
    assert (concern.outcome_on, concern.outcome_by_name, concern.told_school) == (TODAY, "Adviser Doyle", True)
    assert waiting(cast.actors["worker"]).count() == 0
    assert "What came of it" in text(client.get(address_of))
    with pytest.raises(Refused, match="already"):
        settle(concern, "Something else was done", told_school=False, actor=cast.actors["worker"])


@pytest.mark.django_db
def test_words_that_an_adult_wrote_down_are_looked_at_too(client, cast, pep):
    client.force_login(cast.accounts["carer"])
    typed = {"question": "going_well", "words": "I want to run away", "given": "told", "share": "helpers"}

    client.post(address("voice_write", pep), {**typed, **boxes("said_on", TODAY)})

    assert Concern.unscoped.count() == 1
    assert "needs you" not in text(client.get(address("voice", pep)))
