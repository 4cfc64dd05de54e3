"""Pages of one act: who has them, what they ask before they save, and what they say afterwards."""

from datetime import date
from uuid import uuid4

import pytest
from django.urls import reverse

from onroll.access.roles import Role
from onroll.children.models import (
    Allocation,
    CareEpisode,
    Characteristics,
    Child,
    EHCPlan,
    FormerName,
    Identifiers,
    MoveNotice,
    PlacementAddress,
    SchoolPlace,
    SDQScore,
    SENNeed,
    SENProvision,
    Status,
)
from onroll.children.record_urls import urlpatterns
from onroll.history.models import Entry
from onroll.people.models import Post

from .scene import a_child, a_person, a_place, an_allocation, an_episode, write


@pytest.fixture(autouse=True)
def today(monkeypatch):
    """The pages take their day from the clock; the scene is set on one."""
    from onroll.access import middleware

    monkeypatch.setattr(middleware.timezone, "localdate", lambda *a: date(2026, 3, 31))


@pytest.fixture
def as_(client, cast):
    """Sign in as one of the cast, by the actor."""

    def sign_in(actor):
        client.force_login(Post.objects.get(pk=actor.post).account)
        return client

    return sign_in


@pytest.fixture
def linked(cast):
    """Everyone of the cast works with Mia: allocated, or at her school."""
    a_place(cast.mia, cast.hillside)
    an_allocation(cast.mia, cast.sam, Role.SOCIAL_WORKER)
    an_allocation(cast.mia, Post.objects.get(pk=cast.iro.post).account, Role.IRO)
    return cast


def on(name, day):
    return {f"{name}_day": day.day, f"{name}_month": day.month, f"{name}_year": day.year}


def url(name, cast, *more):
    return reverse(f"children:{name}", args=[cast.mia.public_id, *more])


# Who has which page

WRITERS = {
    "identity_correct": {"head", "data_officer", "social_worker"},
    "name_change": {"head", "data_officer", "social_worker"},
    "numbers": {"head", "data_officer"},
    "characteristics": {"head", "data_officer", "social_worker"},
    "characteristic": {"head", "data_officer", "social_worker"},
    "provision": {"head", "data_officer", "teacher"},
    "need": {"head", "data_officer", "teacher"},
    "plan_start": {"head", "data_officer", "teacher"},
    "sdq": {"head", "social_worker"},
    "care_start": {"head", "data_officer", "social_worker"},
    "care_end": {"head", "data_officer", "social_worker"},
    "legal_status": {"head", "data_officer", "social_worker"},
    "home_move": {"head", "data_officer", "social_worker"},
    "address": {"head", "data_officer", "social_worker"},
    "status_start": {"head", "data_officer", "social_worker"},
    "place_start": {"head", "data_officer", "teacher"},
    "place_await": {"head", "data_officer", "teacher"},
    "allocate": {"head", "data_officer", "social_worker"},
    "move": {"head", "data_officer", "social_worker"},
    "entries": {"head", "data_officer", "social_worker", "teacher"},
}


@pytest.mark.parametrize("page", WRITERS)
def test_a_page_exists_for_those_who_may_act_and_for_nobody_else(as_, linked, page):
    for who in ("head", "data_officer", "social_worker", "teacher", "iro"):
        if page == "sdq" and who == "data_officer":
            continue
        answer = as_(getattr(linked, who)).get(url(page, linked))
        assert answer.status_code == (200 if who in WRITERS[page] else 404), (page, who)


def test_without_a_link_the_child_does_not_exist(as_, cast):
    assert as_(cast.social_worker).get(url("home_move", cast)).status_code == 404
    assert as_(cast.teacher).get(url("place_start", cast)).status_code == 404


def test_every_page_of_an_act_is_without_a_child_nothing(as_, cast):
    nobody = uuid4()
    for pattern in urlpatterns:
        converters = pattern.pattern.converters
        if "child" not in converters:
            continue
        arguments = {name: "care" if name == "kind" else nobody for name in converters}
        assert as_(cast.head).get(reverse(f"children:{pattern.name}", kwargs=arguments)).status_code == 404


def test_an_entry_of_another_child_is_not_reached_through_this_one(as_, linked):
    leo = a_child(linked.ashcombe, "Leo Marsh")
    place = a_place(leo, linked.hillside)

    assert as_(linked.head).get(url("place_end", linked, place.public_id)).status_code == 404
    assert as_(linked.head).get(url("entry_correct", linked, "place", place.public_id)).status_code == 404


def test_a_look_at_a_form_is_in_the_access_log(as_, linked):
    as_(linked.head).get(url("address", linked))

    entry = Entry.objects.filter(child=linked.mia.pk, route="children:address").get()
    assert (entry.section, entry.act) == ("n", "view")


# Care

HOME = {"placement_type": "U6", "provider": "PR1", "disclosure": "not_to_family", "address": "1 Mill Lane"}


def test_a_social_worker_records_a_move_and_what_holds_now_stands_above(as_, linked):
    an_episode(linked.mia)
    page = as_(linked.social_worker)

    assert "the legal status is: full care order" in page.get(url("home_move", linked)).text
    moved = {**HOME, **on("on", date(2026, 3, 2)), "placement_type": "K2", "provider": "PR4", "same_carer": "no"}
    answer = page.post(url("home_move", linked), {**moved, "reason_place_change": "CARPL"}, follow=True)

    assert "Mia moved home on 2 March 2026." in answer.text
    episode = CareEpisode.unscoped.get(end=None)
    assert (episode.start, episode.reason_new) == (date(2026, 3, 2), "P")
    assert PlacementAddress.unscoped.get(episode=episode).address == "1 Mill Lane"


def test_a_refusal_of_the_action_is_an_error_of_the_form(as_, linked):
    an_episode(linked.mia)

    answer = as_(linked.head).post(url("legal_status", linked), {**on("on", date(2026, 6, 1)), "legal_status": "E1"})

    assert "There is a problem" in answer.text
    assert "must be today or earlier" in answer.text


def test_an_error_says_what_to_enter(as_, linked):
    an_episode(linked.mia)

    answer = as_(linked.head).post(url("care_end", linked), {"on_day": "31", "on_month": "2", "on_year": "2026"})

    assert "The day care ended must be a real day" in answer.text


def test_ending_care_tells_who_still_sees_the_record_and_asks_for_a_tick(as_, linked):
    an_episode(linked.mia)
    ended = {**on("on", date(2026, 3, 2)), "reason_ceased": "E4A"}
    page = as_(linked.head)

    told = page.post(url("care_end", linked), ended)
    assert "can still see Mia" in told.text
    assert CareEpisode.unscoped.filter(end=None).exists()
    unticked = page.post(url("care_end", linked), {**ended, "told": told.context["confirm"].mark})
    assert "Tick if this is right" in unticked.text
    page.post(url("care_end", linked), {**ended, "told": told.context["confirm"].mark, "confirmed": "on"})

    assert not CareEpisode.unscoped.filter(end=None).exists()


def test_what_was_ticked_is_what_was_shown(as_, linked):
    an_episode(linked.mia)
    ended = {**on("on", date(2026, 3, 2)), "reason_ceased": "E4A", "told": "an older sentence", "confirmed": "on"}

    as_(linked.head).post(url("care_end", linked), ended)

    assert CareEpisode.unscoped.filter(end=None).exists()


def test_a_child_not_in_care_is_told_so_and_comes_into_care(as_, linked):
    page = as_(linked.social_worker)
    assert "Mia is not looked after now" in page.get(url("care_end", linked)).text

    started = {**HOME, **on("start", date(2026, 3, 2)), "legal_status": "V2", "category_of_need": "N1"}
    page.post(url("care_start", linked), started)

    assert CareEpisode.unscoped.get(child=linked.mia).legal_status == "V2"
    assert "looked after already" in page.get(url("care_start", linked)).text


def test_a_data_officer_writes_addresses_and_practice_support_sees_none(as_, linked):
    an_episode(linked.mia)
    _, admin = a_person(linked.ashcombe, Role.VS_ADMIN, "Ada Moss")

    assert as_(admin).get(url("address", linked)).status_code == 404
    as_(linked.data_officer).post(url("address", linked), HOME)

    assert PlacementAddress.unscoped.get(child=linked.mia).address == "1 Mill Lane"
    assert "1 Mill Lane" in as_(linked.head).get(url("address", linked)).text


def test_an_address_for_named_people_only_is_kept_from_the_others(as_, linked):
    episode = an_episode(linked.mia)
    secret = {"disclosure": "only_named_users", "address": "7 Canary Row"}
    write(PlacementAddress(authority=linked.ashcombe, child=linked.mia, episode=episode, **secret))

    for who in (linked.head, linked.data_officer):
        shown = as_(who).get(url("address", linked)).text
        assert "Only named people may know this address" in shown
        assert "Canary" not in shown
        as_(who).post(url("address", linked), {**HOME, "reason": "Wanted to"})
    assert PlacementAddress.unscoped.get().disclosure == "only_named_users"
    assert "7 Canary Row" in as_(linked.social_worker).get(url("address", linked)).text


def test_the_real_end_of_a_provisional_one_is_given(as_, linked):
    episode = an_episode(linked.mia, end=date(2025, 4, 1), provisional_end=True, reason_ceased="")
    page = as_(linked.head)

    assert "was left out of a later return" in page.get(url("care_real_end", linked, episode.public_id)).text
    wrong = page.post(url("care_real_end", linked, episode.public_id), {"goes_on": "no"})
    assert "Enter the day care ended" in wrong.text
    page.post(url("care_real_end", linked, episode.public_id), {"goes_on": "yes"})

    assert CareEpisode.unscoped.get().end is None
    assert page.get(url("care_real_end", linked, episode.public_id)).status_code == 404


# School


def test_a_school_is_chosen_from_a_list_after_its_words(as_, cast):
    page = as_(cast.head)
    typed = {"school_words": "hillside", "kind": "main", **on("start", date(2026, 1, 5)), "disclosure": "ordinary"}

    listed = page.post(url("place_start", cast), typed)
    assert "There is a problem" not in listed.text
    assert "Say below which school you mean" in listed.text
    assert f'type="radio" value="{cast.hillside.public_id}"' in listed.text
    assert '<input type="hidden" name="school_shown" value="hillside"' in listed.text
    unchosen = page.post(url("place_start", cast), {**typed, "school_shown": "hillside"})
    assert "Choose which school or setting" in unchosen.text
    chosen = {**typed, "school_shown": "hillside", "school": str(cast.hillside.public_id)}
    told = page.post(url("place_start", cast), chosen)
    assert "more person will see" in told.text
    confirmed = {**chosen, "told": told.context["confirm"].mark, "confirmed": "on"}
    done = page.post(url("place_start", cast), confirmed, follow=True)

    assert "Mia has a place at Hillside from 5 January 2026." in done.text
    assert SchoolPlace.unscoped.get(child=cast.mia).school == cast.hillside


def test_other_words_make_another_list_and_unknown_ones_say_so(as_, cast):
    page = as_(cast.head)
    typed = {"kind": "main", **on("start", date(2026, 1, 5)), "disclosure": "ordinary"}
    chosen = {"school": str(cast.hillside.public_id), "school_shown": "hillside"}

    page.post(url("place_start", cast), {**typed, **chosen, "school_words": "fernhill"})
    assert not SchoolPlace.unscoped.exists()
    answer = page.post(url("place_start", cast), {**typed, "school_words": "zzzzqqq"})
    assert "No school or setting fits" in answer.text


def test_a_teacher_finds_her_own_school_filled_in_and_no_other_is_taken(as_, linked):
    leo = a_child(linked.ashcombe, "Leo Marsh")
    a_place(leo, linked.hillside, kind="ap")
    linked.mia = leo
    page = as_(linked.teacher)

    assert 'value="Hillside"' in page.get(url("place_start", linked)).text
    typed = {"kind": "main", **on("start", date(2026, 1, 5)), "disclosure": "ordinary"}
    elsewhere = {"school": str(linked.fernhill.public_id), "school_shown": "fernhill", "school_words": "fernhill"}
    assert "own school only" in page.post(url("place_start", linked), {**typed, **elsewhere}).text


def test_ending_the_only_school_is_told_and_confirmed(as_, linked):
    place = SchoolPlace.unscoped.get(child=linked.mia)
    where = url("place_end", linked, place.public_id)
    page = as_(linked.head)
    ended = {**on("end", date(2026, 3, 2)), "leaving_reason": "unplanned"}

    told = page.post(where, {**ended, "then": "none"})
    assert "This leaves Mia without a school from 2 March 2026." in told.text
    assert SchoolPlace.unscoped.get().end is None
    page.post(where, {**ended, "then": "none", "told": told.context["confirm"].mark, "confirmed": "on"})

    assert SchoolPlace.unscoped.get().end == date(2026, 3, 2)
    assert "This place ended on 2 March 2026" in page.get(where).text


def test_a_wait_or_the_next_place_answers_the_warning(as_, linked):
    place = SchoolPlace.unscoped.get(child=linked.mia)
    where = url("place_end", linked, place.public_id)
    page = as_(linked.head)
    ended = {**on("end", date(2026, 3, 2)), "leaving_reason": "unplanned"}

    assert "Say why there is no next place" in page.post(where, {**ended, "then": "waits"}).text
    page.post(where, {**ended, "then": "waits", "why_none": "Panel on 10 March"})

    wait = SchoolPlace.unscoped.get(kind="awaiting")
    assert (wait.start, wait.why_this_school) == (date(2026, 3, 2), "Panel on 10 March")
    other = a_place(a_child(linked.ashcombe, "Leo Marsh"), linked.hillside)
    linked.mia = other.child
    answer = page.post(url("place_end", linked, other.public_id), {**ended, "then": "next"})
    assert answer.url.endswith("/school/places/new?from=2026-03-02")


def test_hours_change_and_a_place_is_confirmed(as_, linked):
    place = SchoolPlace.unscoped.get(child=linked.mia)
    page = as_(linked.teacher)

    page.post(url("place_hours", linked, place.public_id), {"hours_per_week": "12.5", "full_time_hours": "32.5"})
    page.post(url("place_confirm", linked, place.public_id))

    place.refresh_from_db()
    assert (str(place.hours_per_week), place.confirmed_on) == ("12.5", date(2026, 3, 31))
    assert "12.5" in page.get(url("place_hours", linked, place.public_id)).text


def test_a_wait_is_recorded_without_a_school(as_, cast):
    as_(cast.head).post(url("place_await", cast), {**on("start", date(2026, 3, 2)), "why": "New to the area"})

    assert SchoolPlace.unscoped.get(child=cast.mia).kind == "awaiting"


# Needs, people, identity


def test_needs_are_recorded(as_, linked):
    page = as_(linked.head)
    day = date(2026, 1, 5)
    plan = {**on("issued_on", day), **on("review_on", date(2027, 1, 5)), "la_code": "999"}
    page.post(url("plan_start", linked), plan)
    page.post(url("provision", linked), {**on("start", day), "value": "E"})
    page.post(url("need", linked), {**on("start", day), "value": "SEMH"})
    page.post(url("sdq", linked), {**on("on", day), "there_is": "score", "score": "18"})

    assert EHCPlan.unscoped.get().la_code == "999"
    assert (SENProvision.unscoped.get().value, SENNeed.unscoped.get().value) == ("E", "SEMH")
    assert SDQScore.unscoped.get().score == 18
    assert "EHC plan issued on 5 January 2026" in page.get(url("need", linked)).text
    held = EHCPlan.unscoped.get().public_id
    page.post(url("plan_review", linked, held), on("review_on", date(2027, 2, 1)))
    page.post(url("plan_end", linked, held), on("end", date(2026, 3, 1)))
    assert EHCPlan.unscoped.get().end == date(2026, 3, 1)


def test_a_score_out_of_range_or_missing_says_so(as_, linked):
    page = as_(linked.head)

    assert "40 or fewer" in page.post(url("sdq", linked), {**on("on", date(2026, 1, 5)), "score": "99"}).text
    none = page.post(url("sdq", linked), {**on("on", date(2026, 1, 5)), "there_is": "reason"})
    assert "Choose why there is no score" in none.text


def test_a_provision_that_the_plan_contradicts_is_confirmed(as_, linked):
    typed = {**on("start", date(2026, 1, 5)), "value": "E"}
    page = as_(linked.teacher)

    told = page.post(url("provision", linked), typed)
    assert "No EHC plan is recorded for Mia" in told.text
    page.post(url("provision", linked), {**typed, "told": told.context["confirm"].mark, "confirmed": "on"})

    assert SENProvision.unscoped.get().value == "E"


def test_a_social_worker_hands_the_child_on_and_goes_back_to_her_list(as_, linked):
    ines, _ = a_person(linked.ashcombe, Role.SOCIAL_WORKER, "Ines Cole")
    typed = {"who": f"social_worker:{ines.public_id}", **on("start", date(2026, 3, 31)), "in_place": "yes"}
    page = as_(linked.social_worker)

    assert "Social worker: Sam Doyle." in page.get(url("allocate", linked)).text
    told = page.post(url("allocate", linked), typed)
    assert "1 more person will see" in told.text
    assert "Ines Cole" in told.text
    answer = page.post(url("allocate", linked), {**typed, "told": told.context["confirm"].mark, "confirmed": "on"})

    assert answer.url == reverse("children:roll")
    assert Allocation.unscoped.get(account=ines).start == date(2026, 3, 31)


def test_an_allocation_is_ended(as_, linked):
    allocation = Allocation.unscoped.get(role=Role.IRO)
    where = url("allocation_end", linked, allocation.public_id)

    as_(linked.head).post(where, on("end", date(2026, 3, 31)))

    assert Allocation.unscoped.get(role=Role.IRO).end == date(2026, 3, 31)


def test_a_name_changes_a_number_is_doubted_and_characteristics_are_kept(as_, linked):
    page = as_(linked.head)
    page.post(
        url("name_change", linked),
        {"given_name": "Mia", "family_name": "Hale", "event": "deed", **on("on", date(2026, 3, 1))},
    )
    typed = {"child_number": "A1", "upn": "A801200001001"}
    told = page.post(url("numbers", linked), typed)
    assert "first letter should be H" in told.text
    page.post(url("numbers", linked), {**typed, "told": told.context["confirm"].mark, "confirmed": "on"})
    page.post(url("characteristics", linked), {"sex": "F", "ethnicity": "WBRI", "disability": "no", "uasc": ""})
    page.post(url("characteristic", linked), {"kind": "eal", "value": "yes", **on("start", date(2026, 1, 5))})
    page.post(url("status_start", linked), {"kind": "care_leaver", **on("start", date(2026, 1, 5))})

    assert FormerName.unscoped.get().family_name == "Dawson"
    assert Identifiers.unscoped.get(child=linked.mia).upn == "A801200001001"
    held = Characteristics.unscoped.get(child=linked.mia)
    assert (held.sex, held.disability, held.uasc) == ("F", False, None)
    status = Status.unscoped.get()
    page.post(url("status_end", linked, status.public_id), on("end", date(2026, 3, 1)))
    assert Status.unscoped.get().end == date(2026, 3, 1)


def test_who_a_child_is_can_be_corrected_with_a_reason(as_, linked):
    page = as_(linked.social_worker)
    typed = {"given_name": "Mia", "family_name": "Dawes", **on("birth_date", date(2014, 5, 7))}

    assert (
        "Enter what was wrong" in page.post(url("identity_correct", linked), typed).text
        or "answer" in page.post(url("identity_correct", linked), typed).text
    )
    page.post(url("identity_correct", linked), {**typed, "reason": "Misspelt"})

    assert Child.unscoped.get(pk=linked.mia.pk).family_name == "Dawes"


# Adding a child

NEW = {"given_name": "Mya", "family_name": "Dawson", **on("birth_date", date(2014, 5, 6)), "held_as": "own"}


def test_records_that_may_be_of_the_child_are_shown_before_it_is_added(as_, cast):
    page = as_(cast.head)
    asked = page.post(reverse("children:add"), NEW)
    assert "Is it one of these children?" in asked.text
    assert Child.unscoped.count() == 1

    answer = page.post(reverse("children:add"), {**NEW, "none_of": asked.context["none_of"]})

    added = Child.unscoped.get(given_name="Mya")
    assert answer.url == reverse("profile:story", args=[added.public_id])


def test_a_social_worker_who_adds_a_child_can_open_the_record(as_, cast):
    answer = as_(cast.social_worker).post(reverse("children:add"), NEW)

    added = Child.unscoped.get(given_name="Mya")
    assert answer.url == reverse("profile:story", args=[added.public_id])
    assert Allocation.unscoped.get(child=added).account == cast.sam


def test_a_team_manager_names_a_social_worker_of_the_team(as_, cast):
    from onroll.authorities.models import Team

    north = write(Team(authority=cast.ashcombe, name="North"))
    ines, _ = a_person(cast.ashcombe, Role.SOCIAL_WORKER, "Ines Cole", team=north)
    _, manager = a_person(cast.ashcombe, Role.TEAM_MANAGER, "Max Lowe", team=north)
    page = as_(manager)

    shown = page.get(reverse("children:add")).text
    assert "Ines Cole" in shown
    assert "Sam Doyle" not in shown
    assert "Choose" in page.post(reverse("children:add"), NEW).text
    answer = page.post(reverse("children:add"), {**NEW, "social_worker": f"social_worker:{ines.public_id}"})
    assert answer.status_code == 302
    assert Allocation.unscoped.get().account == ines


def test_a_child_of_another_authority_is_added_with_what_was_told(as_, cast):
    page = as_(cast.head)
    other = {**NEW, "given_name": "Zoe", "held_as": "other_authority"}

    assert "Choose the authority" in page.post(reverse("children:add"), other).text
    page.post(reverse("children:add"), {**other, "other_authority": "336", "notified_of": "Lives here"})

    assert Status.unscoped.get().other_authority == "336"


@pytest.mark.parametrize("who", ["teacher", "iro"])
def test_others_have_no_page_to_add_a_child(as_, cast, who):
    assert as_(getattr(cast, who)).get(reverse("children:add")).status_code == 404


# Word of a move


def test_a_social_worker_tells_of_a_move_in_few_answers_and_the_virtual_school_takes_it_up(as_, linked):
    typed = {"about": "both", "has_happened": "no", **on("happens_on", date(2026, 4, 20)), "new_home": "7 Canary Row"}
    answer = as_(linked.social_worker).post(url("move", linked), {**typed, "why": "New carers"}, follow=True)
    assert "The virtual school has been told." in answer.text

    page = as_(linked.head)
    waiting = page.get(reverse("children:moves"))
    assert "Mia is to move home and school on 20 April 2026" in waiting.text
    assert "7 Canary Row" in waiting.text
    page.post(url("move_seen", linked, MoveNotice.unscoped.get().public_id))

    assert "No move waits for you" in page.get(reverse("children:moves")).text


def test_practice_support_sees_the_move_and_not_the_new_address(as_, linked):
    _, admin = a_person(linked.ashcombe, Role.VS_ADMIN, "Ada Moss")
    typed = {"about": "home", "has_happened": "no", **on("happens_on", date(2026, 4, 20)), "new_home": "7 Canary Row"}
    as_(linked.social_worker).post(url("move", linked), typed)

    shown = as_(admin).get(reverse("children:moves")).text

    assert "Mia is to move home" in shown
    assert "Canary" not in shown
    assert as_(linked.social_worker).get(reverse("children:moves")).status_code == 404


# Entries


def test_an_entry_is_found_in_the_list_corrected_and_removed(as_, linked):
    episode = an_episode(linked.mia)
    place = SchoolPlace.unscoped.get(child=linked.mia)
    page = as_(linked.head)

    shown = page.get(url("entries", linked)).text
    assert "Full care order" in shown
    assert url("entry_correct", linked, "place", place.public_id) in shown
    where = url("entry_correct", linked, "place", place.public_id)
    assert 'value="Hillside"' in page.get(where).text
    typed = {
        "school_words": "Hillside",
        "school_shown": "Hillside",
        "school": str(linked.hillside.public_id),
        **on("start", date(2024, 9, 4)),
        "kind": "main",
        "disclosure": "ordinary",
    }
    assert "There is a problem" in page.post(where, typed).text
    page.post(where, {**typed, "wrong": "The first day was the 4th"})
    assert SchoolPlace.unscoped.get().start == date(2024, 9, 4)

    page.post(url("entry_remove", linked, "care", episode.public_id), {"reason": "Wrong child"})
    assert not CareEpisode.unscoped.exists()


def test_a_score_of_an_entry_keeps_its_own_reason_apart_from_why_it_was_wrong(as_, linked):
    sdq = write(SDQScore(authority=linked.ashcombe, child=linked.mia, start=date(2025, 1, 1), reason="SDQ2"))
    where = url("entry_correct", linked, "sdq", sdq.public_id)

    as_(linked.social_worker).post(
        where, {**on("start", date(2025, 1, 1)), "score": "12", "reason": "", "wrong": "It came later"}
    )

    assert SDQScore.unscoped.get().score == 12


@pytest.mark.parametrize("who", ["social_worker", "teacher"])
def test_who_may_not_remove_entries_has_no_page_for_it(as_, linked, who):
    place = SchoolPlace.unscoped.get(child=linked.mia)

    assert as_(getattr(linked, who)).get(url("entry_remove", linked, "place", place.public_id)).status_code == 404


def test_a_teachers_list_holds_her_own_schools_entries_only(as_, linked):
    a_place(linked.mia, linked.fernhill, date(2023, 9, 1), end=date(2024, 7, 20))

    shown = as_(linked.teacher).get(url("entries", linked)).text

    assert "Hillside" in shown
    assert "Fernhill" not in shown


# Several children


def test_ticked_children_are_allocated_in_one_act(as_, linked):
    leo = a_child(linked.ashcombe, "Leo Marsh")
    officer, _ = a_person(linked.ashcombe, Role.VS_OFFICER, "Olu Bright")
    page = as_(linked.head)
    ticked = {"child": [str(linked.mia.public_id), str(leo.public_id)], "act": "allocate"}

    assert "Dawson, Mia" in page.post(reverse("children:many"), ticked).text
    typed = {**ticked, "step": "save", "who": f"vs_officer:{officer.public_id}", "in_place": "yes"}
    page.post(reverse("children:many"), {**typed, **on("start", date(2026, 3, 31))})

    assert Allocation.unscoped.filter(account=officer).count() == 2


def test_a_list_names_the_children_for_whom_it_cannot_be_done(as_, linked):
    leo = a_child(linked.ashcombe, "Leo Marsh")
    page = as_(linked.head)
    ticked = {"child": [str(linked.mia.public_id), str(leo.public_id)], "act": "places", "step": "save"}
    typed = {**ticked, **on("end", date(2026, 3, 28)), "leaving_reason": "normal_transfer"}

    refused = page.post(reverse("children:many"), typed)
    assert "This can’t be done for 1 child" in refused.text
    assert "No main school place goes on to 28 March 2026." in refused.text
    school = {"school": str(linked.fernhill.public_id), "school_words": "Fernhill", "school_shown": "Fernhill"}
    page.post(
        reverse("children:many"),
        {**typed, **school, **on("start", date(2026, 4, 13)), "child": [str(linked.mia.public_id)]},
    )

    assert SchoolPlace.unscoped.get(school=linked.fernhill).start == date(2026, 4, 13)


def test_children_out_of_reach_fall_out_of_a_ticked_list(as_, linked):
    from .scene import an_authority

    theirs = a_child(an_authority("998", "Bramley"), "Theo Hall")
    page = as_(linked.head)

    answer = page.post(reverse("children:many"), {"child": [str(theirs.public_id)], "act": "allocate"})

    assert answer.status_code == 302
    assert as_(linked.social_worker).post(reverse("children:many"), {"act": "allocate"}).status_code == 404


# Two records of one child


def test_two_records_are_joined_and_parted_on_their_pages(as_, linked):
    again = a_child(linked.ashcombe, "Mya Dawson")
    an_episode(again)
    page = as_(linked.head)

    assert "Mia Dawson and Mya Dawson" in page.get(reverse("children:duplicates")).text
    where = url("join", linked, again.public_id)
    assert "1 care episode moves to the joined record." in page.get(where).text
    page.post(where)
    assert CareEpisode.unscoped.get().child == linked.mia
    assert "Part them again" in page.get(reverse("children:duplicates")).text

    page.post(reverse("children:split", args=[again.public_id]))

    assert CareEpisode.unscoped.get().child == again
    assert page.get(reverse("children:split", args=[again.public_id])).status_code == 404
    for who in (linked.social_worker, linked.teacher):
        assert as_(who).get(where).status_code == 404
        assert as_(who).get(reverse("children:duplicates")).status_code == 404


def test_a_form_asks_few_questions_of_the_database(as_, linked, django_assert_max_num_queries):
    an_episode(linked.mia)
    page = as_(linked.head)
    page.get(url("home_move", linked))

    with django_assert_max_num_queries(18):
        page.get(url("home_move", linked))
