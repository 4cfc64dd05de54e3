"""The demonstration: believable, the same for a seed, and nothing of it real."""

import re
from collections import Counter
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import pytest
from django.contrib.auth import authenticate
from django.db import models, transaction
from django.test import RequestFactory

from onroll.access.roles import Role
from onroll.authorities.models import Authority, CalendarEntry, Postcode
from onroll.children.models import (
    Child,
    Difference,
    PlacementAddress,
)
from onroll.children.queries import care_facts, roll
from onroll.codes import (
    CATEGORY_OF_NEED,
    LEGAL_STATUS,
    LOCAL_AUTHORITY,
    PLACEMENT_PROVIDER,
    PLACEMENT_TYPE,
    REASON_CEASED,
)
from onroll.codes.postcodes import has_form
from onroll.codes.uln import why_not_uln
from onroll.codes.upn import why_not_upn
from onroll.codes.year_groups import age_on, phase_of, year_group_of
from onroll.history.models import Change, Event
from onroll.history.recorded import recorded_models
from onroll.people.models import Post
from onroll.peps.audit.rubric_files import declared
from onroll.peps.audit.rubrics import criteria_of, grades_of, overall
from onroll.peps.clock import Form as FormOfPlan
from onroll.peps.forms.values import check_value
from onroll.peps.models import Pep, PepAnswers, PepAudit, PepTarget, Signature
from onroll.peps.opening import Opened, open_what_is_due
from onroll.peps.workflow import State
from onroll.peps.writing import form_of, part_of
from onroll.schools.models import School
from onroll.site.demo import SIZES, Invented, build, invent, write
from onroll.site.demo.lives import Life
from onroll.site.demo.places import AREAS, ASHCOMBE, FAR
from onroll.site.demo.schools import CLOSED, FERNHILL, SUCCESSOR
from onroll.site.installation import Refused

TODAY = date(2026, 11, 12)
FEW = 24
# The letters that postcodes in real use begin with.
REAL_POSTCODE_AREAS = (
    "AB AL B BA BB BD BF BH BL BN BR BS BT BX CA CB CF CH CM CO CR CT CV CW DA DD DE DG DH DL DN DT DY E EC EH EN EX "
    "FK FY G GL GU GY HA HD HG HP HR HS HU HX IG IM IP IV JE KA KT KW KY L LA LD LE LL LN LS LU M ME MK ML N NE NG NN "
    "NP NR NW OL OX PA PE PH PL PO PR RG RH RM S SA SE SG SK SL SM SN SO SP SR SS ST SW SY TA TD TF TN TQ TR TS TW UB "
    "W WA WC WD WF WN WR WS WV XX YO ZE"
)


@pytest.fixture(scope="module")
def small() -> Invented:
    return invent(420, seed=1, today=TODAY)


@pytest.fixture
def few(db: None) -> list[Any]:
    return list(write(invent(FEW, seed=1, today=TODAY), lambda share, words: None))


def in_care(invented: Invented) -> list[Life]:
    """Those who are looked after today, without short breaks."""
    return [life for life in invented.lives if is_in_care(life)]


def is_in_care(life: Life) -> bool:
    return bool(life.periods) and life.left_on is None and life.periods[-1].episodes[-1].legal_status != "V4"


def at_school_age(invented: Invented) -> list[Life]:
    return [life for life in in_care(invented) if phase_of(life.born_on, on=invented.today) == "school_age"]


def home_of(life: Life) -> Any:
    return life.periods[-1].episodes[-1].stay


def share(part: int, whole: int) -> float:
    return 100 * part / whole


def test_the_small_demonstration_has_420_children_in_care_and_as_many_in_each_of_its_three_years(small):
    assert len(in_care(small)) == 420
    for day in (TODAY - timedelta(days=365), TODAY - timedelta(days=730), TODAY - timedelta(days=1090)):
        then = [
            life
            for life in small.lives
            if any(
                period.start <= day and (period.end is None or period.end > day) and period.legal[0][1] != "V4"
                for period in life.periods
            )
        ]
        assert 340 <= len(then) <= 480


def test_the_children_are_near_the_national_figures(small):
    lives, school_age = in_care(small), at_school_age(small)
    count = len(lives)

    ages = Counter(min(age_on(life.born_on, on=TODAY) // 5, 3) for life in lives)
    assert 13 <= share(ages[0], count) <= 25
    assert 13 <= share(ages[1], count) <= 24
    assert 50 <= share(sum(life.sex == "M" for life in lives), count) <= 61
    assert 58 <= share(sum(life.ethnicity == "WBRI" for life in lives), count) <= 73
    assert 4 <= share(sum(life.asylum for life in lives), count) <= 11

    statuses = Counter(life.periods[-1].episodes[-1].legal_status for life in lives)
    assert 50 <= share(statuses["C2"], count) <= 68
    assert 11 <= share(statuses["C1"], count) <= 24
    assert 13 <= share(statuses["V2"], count) <= 28
    assert 2 <= share(statuses["E1"], count) <= 8

    kinds = Counter(home_of(life).placement_type for life in lives)
    assert 58 <= share(sum(n for code, n in kinds.items() if code[0] == "U"), count) <= 76
    assert 8 <= share(kinds["K2"] + kinds["K1"], count) <= 18
    assert 4 <= share(kinds["K3"], count) <= 12
    assert 3 <= share(kinds["P1"], count) <= 10
    areas = [home_of(life).address.spot.area for life in lives]
    assert 33 <= share(sum(area is not ASHCOMBE for area in areas), count) <= 47
    assert 12 <= share(sum(area in FAR for area in areas), count) <= 25

    provision = Counter(life.sen[-1][1] for life in school_age if life.sen)
    assert 29 <= share(provision["E"], len(school_age)) <= 38
    assert 22 <= share(provision["K"], len(school_age)) <= 32
    needs = Counter(life.need for life in school_age if life.need)
    assert needs.most_common(1)[0][0] == "SEMH"

    scores = [life.sdq[-1][1] for life in lives if life.sdq and life.sdq[-1][1] is not None]
    assert 13 <= sum(scores) / len(scores) <= 17


def test_children_come_and_leave_and_move_as_often_as_they_do_nationally(small):
    year = TODAY - timedelta(days=365)
    own = [life for life in small.lives if life.periods and life.periods[-1].legal[0][1] != "V4"]

    starts = sum(period.start > year for life in own for period in life.periods)
    ends = sum(bool(period.end and period.end > year) for life in own for period in life.periods)
    assert 30 <= share(starts, 420) <= 50
    assert 28 <= share(ends, 420) <= 50

    many = 0
    for life in in_care(small):
        stays = life.periods[-1].stays
        ends_of = [stay.start for stay in stays[1:]] + [None]
        many += sum(end is None or end > year for end in ends_of) >= 3
    assert 4 <= share(many, 420) <= 15


def test_some_have_no_school_and_some_a_short_week_and_tyler_waits_for_one(small):
    school_age = at_school_age(small)
    without = [life for life in school_age if not any(place.end is None for place in life.main_places)]
    short = [p for life in school_age for p in life.places if p.end is None and p.hours and p.hours < p.full_time]

    assert 3 <= len(without) <= 7
    assert "Tyler" in {life.given_name for life in without}
    assert len(short) >= 8
    kinds = Counter(place.kind for life in small.lives for place in life.places if place.end is None)
    assert kinds["ap"]
    assert kinds["subsidiary"]
    assert 1 <= kinds["awaiting"] <= len(without)


def test_the_episodes_obey_the_rules_of_the_return(small):
    for life in small.lives:
        opens = 0
        for period in life.periods:
            episodes = period.episodes
            assert episodes[0].reason_new == "S"
            assert all(episode.reason_new != "S" for episode in episodes[1:])
            for before, after in pairwise(episodes):
                assert before.end == after.start > before.start
                assert before.reason_ceased == "X1"
                new_status = before.legal_status != after.legal_status
                assert (after.reason_new in "LBU") == new_status
                assert (after.reason_new in "PTBU") == (after.stay is not before.stay)
                if after.reason_new in "PB" and not after.stay.is_temporary and not before.stay.is_temporary:
                    assert before.reason_place_change
            last = episodes[-1]
            assert (last.end is None) == (last.reason_ceased == "")
            assert last.end is None or (last.end > last.start and REASON_CEASED[last.reason_ceased].leaves_care)
            opens += last.end is None
            for episode in episodes:
                kind = PLACEMENT_TYPE.on(episode.start)[episode.stay.placement_type]
                assert bool(episode.stay.provider) == kind.provider_required
                assert not episode.stay.provider or episode.stay.provider in PLACEMENT_PROVIDER
                assert not kind.ofsted_urn_required or episode.stay.urn
                assert episode.legal_status in LEGAL_STATUS
                assert episode.category_of_need in CATEGORY_OF_NEED
                assert life.born_on <= episode.start <= TODAY
        for before, after in pairwise(life.periods):
            assert before.end is not None
            assert before.end < after.start
        assert opens <= 1


def test_main_places_never_overlap_and_the_closed_school_passed_its_children_on(small):
    passed = 0
    closed_on = small.register[CLOSED].record.closed_on
    for life in small.lives:
        places = sorted(life.main_places, key=lambda place: place.start)
        for before, after in pairwise(places):
            assert before.end is not None
            assert before.start < before.end <= after.start
            if after.follows_closure:
                passed += 1
                assert before.setting.name == CLOSED
                assert after.setting.name == SUCCESSOR
                assert before.end == after.start
        for place in places:
            assert place.start <= TODAY
            if place.setting.name == CLOSED:
                assert place.end is not None
                assert place.start <= closed_on
            if place.setting.name == SUCCESSOR:
                assert place.start > closed_on
    assert passed


def test_every_child_in_care_has_a_social_worker_a_reviewing_officer_and_an_adviser(small):
    cases: Counter[str] = Counter()
    for life, people in zip(small.lives, small.allocated, strict=True):
        now = Counter(role for _, role, _, end in people if end is None)
        if is_in_care(life):
            assert now[Role.SOCIAL_WORKER] == now[Role.IRO] == now[Role.VS_OFFICER] == 1
        for person, role, start, end in people:
            assert person.role == role
            assert person.start <= start
            assert person.end is None or (end is not None and end <= person.end)
            if end is None:
                cases[person.name] += 1
    assert 40 <= cases["Priya Raman"] <= 52


def test_mias_story_is_the_one_in_the_pictures(small):
    mia = next(life for life in small.lives if life.number == "20417")

    assert (mia.given_name, mia.family_name, mia.born_on) == ("Mia", "Dawson", date(2013, 3, 4))
    assert mia.in_care_since == date(2021, 6, 18)
    assert year_group_of(mia.born_on, on=TODAY).label == "Year 9"
    assert len(mia.periods[0].stays) == 4
    assert [place.setting.name for place in mia.places] == [
        "Larkfield Primary School",
        "Wexcombe High School",
        FERNHILL,
    ]
    assert mia.periods[0].episodes[-1].legal_status == "C2"
    assert mia.sdq[-1][1] == 12
    assert (mia.sen[-1][1], mia.need) == ("K", "SEMH")


def test_marcus_bell_finds_the_six_children_of_the_pictures_at_fernhill(small):
    here = {
        f"{life.given_name} {life.family_name}"
        for life in small.lives
        for place in life.places
        if place.end is None and place.setting and place.setting.name == FERNHILL
    }

    assert here == {"Mia Dawson", "Ellie-Mae Croft", "Leila Haddad", "Daniel Osei", "Reece Holt", "Kian Doyle"}


def test_nothing_of_it_is_real(small):
    names = [authority.label for authority in LOCAL_AUTHORITY]
    words = [area.name for area in AREAS] + [town for area in AREAS for town in area.towns]
    words += [setting.name for setting in small.register.settings]

    for text in words:
        for name in names:
            assert not re.search(rf"\b{re.escape(name)}\b", text), f"{text} holds {name}"
    for area in AREAS:
        assert area.la_code not in LOCAL_AUTHORITY
        assert area.letters not in REAL_POSTCODE_AREAS.split()
        assert all(has_form(spot.postcode) for spot in small.country.spots[area])
    for person in small.staff.people:
        assert person.account.email.endswith(".example")
        assert person.account.phone.startswith("07700 900")
    assert all(setting.record.urn[:2] in ("", "99") for setting in small.register.settings)


def test_the_numbers_of_the_children_are_whole_and_given_once(small):
    numbers = [life.number for life in small.lives]
    upns = [life.upn for life in small.lives if life.upn]

    assert len(set(numbers)) == len(numbers)
    assert len(set(upns)) == len(upns)
    assert not [upn for upn in upns if why_not_upn(upn)]
    assert not [life.uln for life in small.lives if life.uln and why_not_uln(life.uln)]


def test_two_seeds_make_two_rolls_with_the_same_cast():
    one, other = (invent(FEW, seed=seed, today=TODAY) for seed in (1, 2))
    cast = {"Mia Dawson", "Tyler Voss", "Ava Thornley", "Jayden Pryce", "Samir Qureshi", "Ruby Lockett"}

    names = [{f"{life.given_name} {life.family_name}" for life in invented.lives} for invented in (one, other)]
    assert cast <= names[0] & names[1]
    assert names[0] != names[1]


@pytest.mark.parametrize(
    "today", [date(2026, 9, 3), date(2027, 1, 4), date(2027, 8, 30), date(2028, 2, 29), date(2031, 6, 1)]
)
def test_on_any_day_it_holds_nothing_that_is_still_to_come(today):
    invented = invent(60, seed=3, today=today)

    for life in invented.lives:
        facts = [place.start for place in life.places] + [start for start, _ in life.sen]
        facts += [on for on, _, _ in life.sdq] + [on for on, _, held in life.reviews if held]
        facts += [episode.start for period in life.periods for episode in period.episodes]
        facts += [start for start, _, _ in life.missing] + [name["end"] for name in life.former_names]
        assert all(day <= today for day in facts)
        assert life.left_on is None or life.left_on <= today
    mia = next(life for life in invented.lives if life.family_name == "Dawson" and life.given_name == "Mia")
    assert year_group_of(mia.born_on, on=today).number == 9
    assert len(in_care(invented)) == 60


def test_england_is_refused_and_so_is_an_installation_that_is_not_empty(db, few):
    with pytest.raises(Refused, match="england"):
        build(size="england", today=TODAY)
    with pytest.raises(Refused, match="an authority here already"):
        build(today=TODAY)


def test_every_role_has_a_sign_in_that_opens_its_post(few):
    assert [sign_in["role"] for sign_in in few] == list(Role)
    request = RequestFactory().post("/sign-in")
    for sign_in in few:
        account = authenticate(request, username=sign_in["email"], password=sign_in["password"])
        assert account is not None
        assert Post.objects.live(TODAY).filter(account=account, role=sign_in["role"]).exists()


def test_nobody_else_can_sign_in(few):
    emails = {sign_in["email"] for sign_in in few}
    others = Post.objects.exclude(account__email__in=emails).select_related("account")

    assert others
    assert not any(post.account.has_usable_password() for post in others)


def test_what_was_invented_is_what_the_record_answers(few):
    authority = Authority.objects.get(demonstration=True)
    found = roll(authority.pk, TODAY)

    assert found.count == FEW
    assert found.short_breaks >= 1
    assert "20417" in found.children
    mia = Child.unscoped.get(given_name="Mia", family_name="Dawson")
    facts = care_facts([mia.pk], TODAY)[mia.pk]
    assert facts.since == date(2021, 6, 18)
    assert facts.homes == 4
    assert mia.search_words == "mia dawson"
    assert all(School.objects.values_list("search_words", flat=True))
    assert CalendarEntry.objects.filter(kind="pep_deadline", start=date(2026, 11, 27)).exists()


def test_where_homes_lie_is_worked_out_from_the_invented_directory(few):
    addresses = PlacementAddress.unscoped.select_related("episode__placement", "episode__area_facts")
    directory = {line.postcode: line.la_code for line in Postcode.objects.all()}

    for address in addresses:
        if not address.postcode:
            assert address.episode.placement.area == "not_known"
            continue
        la_code = directory[address.postcode.replace(" ", "")]
        assert address.episode.area_facts.la_code == la_code
        assert address.episode.placement.area == ("in" if la_code == "999" else "out")
    stored = PlacementAddress.unscoped.exclude(postcode="").values_list("postcode", flat=True)
    assert all(text.startswith("v1.") for text in stored)


def test_its_history_says_that_it_is_a_demonstration(few):
    assert {change.verb for change in Change.objects.all()} == {"demo.made"}
    assert {change.actor_name for change in Change.objects.all()} == {"Onroll"}
    mia = Child.unscoped.get(given_name="Mia", family_name="Dawson")
    assert Event.objects.filter(child=mia.pk).count() > 30


def test_a_dozen_differences_wait_to_be_settled(few):
    open_ones = Difference.unscoped.filter(settled_on=None).select_related("authority")

    assert open_ones.count() == 12
    for difference in open_ones:
        assert re.fullmatch(r"(characteristics|child)\.\d+\.[a-z_]+", difference.fact)
        assert difference.kept != difference.other
        # The record shows the one that comes first in the order of trust.
        trust = difference.authority.trust
        assert trust(difference.kept_source) < trust(difference.other_source)


def test_the_same_seed_makes_the_same_records(db):
    snapshots = []
    for _ in range(2):
        before = transaction.savepoint()
        write(invent(FEW, seed=7, today=TODAY), lambda share, words: None)
        snapshots.append(snapshot())
        transaction.savepoint_rollback(before)

    differing = [model for model in snapshots[0] if snapshots[0][model] != snapshots[1].get(model)]
    assert differing == []
    assert snapshots[0].keys() == snapshots[1].keys()
    assert len(snapshots[0]["children.CareEpisode"]) > FEW


def snapshot() -> dict[str, list[tuple[Any, ...]]]:
    """Every recorded row as plain values; a key as its place among the rows of its table."""
    recorded = recorded_models()
    rows = {model: list(model._base_manager.order_by("pk")) for model in recorded}
    places = {model: {row.pk: at for at, row in enumerate(rows[model])} for model in recorded}

    def plain(row: models.Model, field: models.Field) -> Any:
        value = getattr(row, field.attname)
        if field.primary_key or field.name in ("password", "log"):
            # The log of an alert is named by the key of its authority.
            return None
        if field.is_relation and value is not None:
            return places[field.related_model].get(value)  # type: ignore[index]
        if field.name in ("fact", "children"):
            return re.sub(r"\d+", "#", value)
        return str(value) if field.get_internal_type() == "TextField" else value

    return {
        model._meta.label: [tuple(plain(row, field) for field in model._meta.concrete_fields) for row in rows[model]]
        for model in recorded
        if rows[model]
    }


def test_the_command_makes_a_demonstration_once_and_no_real_authority_joins_it(prepared):
    sign_ins = prepared.data("demo", "--seed", "5")

    assert [sign_in["role"] for sign_in in sign_ins] == list(Role)
    assert len({sign_in["password"] for sign_in in sign_ins}) == 1
    assert prepared.data("roll", "--authority", "999")["count"] == 420
    assert prepared.data("verify")["whole"]
    assert "There is a demonstration here already" in prepared.refused("demo")
    assert "can't become a real one" in prepared.refused("init", "--authority", "336")


def test_it_tells_how_far_it_is(db, monkeypatch):
    monkeypatch.setitem(SIZES, "small", FEW)
    told: list[tuple[float, str]] = []

    build(seed=1, today=TODAY, progress=lambda share, words: told.append((share, words)))

    shares = [share for share, _ in told]
    assert shares == sorted(shares)
    assert (shares[0], shares[-1]) == (0.0, 1.0)
    assert all(words for _, words in told)


def test_every_value_is_one_that_its_field_allows(few):
    for model in recorded_models():
        for row in model._base_manager.all():
            row.clean_fields(exclude=["password"])


def test_its_plans_are_those_that_the_clock_would_have_opened(few):
    """The daily run finds nothing to open, to move or to close; three years of terms are there for who was in care."""
    authority = Authority.objects.get(demonstration=True)

    assert open_what_is_due(authority, today=TODAY) == Opened()

    mias = Pep.unscoped.filter(child__given_name="Mia", child__family_name="Dawson").order_by("due_on")
    assert len({(pep.academic_year, pep.term) for pep in mias}) == 10
    now = mias[len(mias) - 1]
    assert (now.term, now.state) == ("autumn", State.HELD)
    assert Pep.unscoped.filter(state=State.SIGNED_OFF).count() > 2 * FEW
    assert not Change.objects.exclude(verb="demo.made").exists()


def test_what_is_written_in_its_plans_is_what_the_forms_and_the_rubric_allow(few):
    answered = PepAnswers.unscoped.select_related("pep")
    assert answered
    for row in answered:
        asked = {each.key: each for each in form_of(row.pep).questions()}
        for key, value in row.answers.items():
            assert row.part == part_of(asked[key])
            assert check_value(asked[key], value) == ""
    audits = PepAudit.unscoped.select_related("pep").exclude(audited_on=None)
    assert audits
    rubric = declared().rubrics["four_grade_2026"]
    for audit in audits:
        criteria = criteria_of(rubric, FormOfPlan(audit.pep.form), {})
        grades = grades_of(criteria, audit.ticks)
        assert {key: grade.key for key, grade in grades.items()} == audit.grades
        assert overall(rubric, grades, criteria).key == audit.grade == audit.pep.grade
    assert all(target.text and target.baseline for target in PepTarget.unscoped.all())
    reviewed = PepTarget.unscoped.exclude(outcome="").values_list("outcome", "evidence", "change_recorded")
    assert {outcome for outcome, _, _ in reviewed} == {"met", "partly", "not_met"}
    assert all(evidence and (outcome == "met" or change) for outcome, evidence, change in reviewed)


@pytest.mark.parametrize("today", [date(2026, 9, 3), date(2027, 8, 30), date(2028, 2, 29)])
def test_on_any_day_its_plans_tell_of_nothing_that_is_still_to_come(db, today):
    write(invent(12, seed=3, today=today), lambda share, words: None)

    days = ("started_on", "held_on", "submitted_on", "returned_on", "signed_off_on", "closed_on", "opens_on")
    for pep in Pep.unscoped.all():
        told = [day for day in (getattr(pep, name) for name in days) if day]
        assert max(told) <= today
        way = [day for day in (pep.opens_on, pep.held_on, pep.submitted_on, pep.signed_off_on) if day]
        assert way == sorted(way)
    assert not Signature.unscoped.filter(on__gt=today).exists()
    assert not PepTarget.unscoped.filter(reviewed_on__gt=today).exists()
    assert open_what_is_due(Authority.objects.get(demonstration=True), today=today) == Opened()
