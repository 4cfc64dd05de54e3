"""A partner service reads a fact of P4 only where somebody let it out to its own open case, and said why."""

from dataclasses import replace
from datetime import date, timedelta
from types import SimpleNamespace

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from onroll.access.roles import Role
from onroll.children.actions.care import Placement, change_legal_status, move_placement
from onroll.children.actions.links import close_case, give_cover
from onroll.children.actions.marks import name_someone, set_mark
from onroll.children.actions.releases import release, why_not_release, withdraw
from onroll.children.contradictions import Refused
from onroll.children.disclosure import HOME
from onroll.children.models import Disclosure, PlacementAddress, Release, SDQScore, ServiceCase
from onroll.children.releases import released_to
from onroll.history.models import Entry
from onroll.people.models import Cover
from onroll.people.posts import actor_in_cover

from .scene import a_child, a_person, an_allocation, an_episode, confirmed, write

WHY = "The distance decides the application"


@pytest.fixture
def today():
    return timezone.localdate()


@pytest.fixture
def cases(cast, today) -> SimpleNamespace:
    """Mia lives at Mill Lane. Ada of admissions and Eve, an educational psychologist, each have a case with her."""
    episode = an_episode(cast.mia)
    keys = {"authority": cast.ashcombe, "child": cast.mia}
    address = write(PlacementAddress(**keys, episode=episode, address="24 Mill Lane", postcode="AB12 9ZQ"))
    write(SDQScore(**keys, start=date(2025, 9, 30), score=19))
    write(SDQScore(**keys, start=date(2026, 3, 1), score=12))
    an_allocation(cast.mia, cast.sam, Role.SOCIAL_WORKER)
    made = SimpleNamespace(mia=cast.mia, cast=cast, address=address)
    for name, role, words in (("ada", Role.ADMISSIONS, "Ada Lunt"), ("eve", Role.EP, "Eve Moor")):
        account, actor = a_person(cast.ashcombe, role, words)
        case = ServiceCase(**keys, account=account, service=role, about="Case", start=today - timedelta(days=9))
        setattr(made, f"{name}_account", account)
        setattr(made, name, replace(actor, today=today))
        setattr(made, f"{name}s_case", write(case))
    made.worker, made.head = replace(cast.social_worker, today=today), replace(cast.head, today=today)
    return made


def client_of(account):
    client = Client()
    client.force_login(account)
    return client


def pages_of(cases, account):
    """Everything of Mia that this person can open, as one text."""
    names = ("story", "school", "home", "needs", "people", "documents", "released")
    client = client_of(account)
    return "".join(client.get(reverse(f"profile:{name}", args=[cases.mia.public_id])).text for name in names)


@pytest.mark.proves("PAR-1")
def test_a_case_reads_an_address_only_as_it_was_let_out_to_it(cases):
    assert "Mill Lane" not in pages_of(cases, cases.ada_account)

    held = release(cases.adas_case, why=WHY, actor=cases.worker)

    assert (held.start, held.released_by, held.why) == (cases.worker.today, cases.cast.sam, WHY)
    text = client_of(cases.ada_account).get(reverse("profile:released", args=[cases.mia.public_id])).text
    assert "24 Mill Lane, AB12 9ZQ" in text
    assert WHY in text
    assert "Sam Doyle" in text
    assert pages_of(cases, cases.ada_account).count("Mill Lane") == 1
    assert "Mill Lane" not in pages_of(cases, cases.eve_account)
    look = Entry.objects.filter(route="profile:released", child=cases.mia.pk, actor_id=cases.ada.account).latest("pk")
    assert look.section == "a,n"


@pytest.mark.proves("PAR-1")
def test_a_commission_reads_the_totals_and_nothing_else_of_health(cases):
    assert released_to(cases.mia, cases.eve).totals == []

    release(cases.eves_case, why="Asked for in the commission", actor=cases.head)

    assert released_to(cases.mia, cases.eve).totals == [(date(2026, 3, 1), 12), (date(2025, 9, 30), 19)]
    assert released_to(cases.mia, cases.ada).totals == []
    assert "SDQ total on 1 March 2026" in pages_of(cases, cases.eve_account)


@pytest.mark.proves("PAR-1")
def test_it_ends_with_the_case_and_when_it_is_taken_back(cases):
    release(cases.eves_case, why="Asked for in the commission", actor=cases.head)
    held = release(cases.adas_case, why=WHY, actor=cases.worker)

    withdraw(held, actor=cases.worker)
    close_case(cases.eves_case, end=cases.head.today, actor=cases.head)

    assert released_to(cases.mia, cases.ada).release is None
    # The record stays open for five working days, to finish. What was let out does not.
    assert client_of(cases.eve_account).get(reverse("profile:story", args=[cases.mia.public_id])).status_code == 200
    assert released_to(cases.mia, cases.eve).release is None
    assert [row.why for row in Release.unscoped.order_by("pk")] == ["Asked for in the commission", WHY]


@pytest.mark.proves("PAR-1")
def test_who_stands_in_for_the_person_of_the_case_does_not_read_it(cases):
    release(cases.adas_case, why=WHY, actor=cases.worker)
    days = {"start": cases.ada.today, "end": cases.ada.today + timedelta(days=3)}
    bo, _ = a_person(cases.cast.ashcombe, Role.ADMISSIONS, "Bo Cole")
    give_cover(email=bo.email, **days, actor=cases.ada)

    in_cover = actor_in_cover(Cover.objects.get(), bo, today=cases.ada.today)

    assert released_to(cases.mia, in_cover).release is None


@pytest.mark.proves("PAR-1", "ADR-1")
@pytest.mark.parametrize("mark", [Disclosure.ONLY_NAMED_USERS, Disclosure.SEALED])
def test_what_only_named_people_know_is_let_out_to_nobody(cases, mark):
    held = release(cases.adas_case, why=WHY, actor=cases.worker)
    cases.address.disclosure = mark
    write(cases.address)

    found = released_to(cases.mia, cases.ada)
    assert (found.address, found.withheld) == ("", True)
    assert "Mill Lane" not in pages_of(cases, cases.ada_account)
    withdraw(held, actor=cases.worker)
    with pytest.raises(Refused):
        release(cases.adas_case, why=WHY, actor=cases.worker)


@pytest.mark.proves("PAR-1", "ADR-1")
def test_who_is_named_as_one_who_must_not_know_reads_nothing(cases):
    cases.address.child = cases.mia
    set_mark(cases.address, HOME, Disclosure.NOT_TO_NAMED_PEOPLE, reason="", at=timezone.now(), actor=cases.worker)
    name_someone(cases.address, HOME, knows=False, account=cases.ada_account, actor=cases.worker)

    assert "does not let it out" in why_not_release(cases.adas_case, actor=cases.worker)


def test_the_address_of_another_home_was_not_let_out(cases):
    release(cases.adas_case, why=WHY, actor=cases.worker)
    change_legal_status(cases.mia, on=cases.head.today - timedelta(days=2), legal_status="C1", actor=cases.head)
    assert released_to(cases.mia, cases.ada).address == "24 Mill Lane"

    moved = Placement(placement_type="U4", provider="PR1", address="1 Elm Row", postcode="AB1 2DE")
    move_placement(cases.mia, on=cases.head.today, placement=moved, reason_place_change="CARPL", actor=cases.head)

    found = released_to(cases.mia, cases.ada)
    assert (found.address, found.withheld) == ("", True)


def test_nothing_is_let_out_without_a_reason_twice_or_by_who_does_not_read_it(cases):
    with pytest.raises(Refused, match="Say why"):
        release(cases.adas_case, why=" ", actor=cases.worker)
    release(cases.adas_case, why=WHY, actor=cases.worker)

    assert "already" in why_not_release(cases.adas_case, actor=cases.worker)
    officer = replace(cases.cast.data_officer, today=cases.head.today)
    assert "Your role" in why_not_release(cases.eves_case, actor=officer)
    other = a_child(cases.cast.ashcombe, "Leo Marsh")
    assert released_to(other, cases.ada).release is None


@pytest.mark.proves("PAR-1", "ACC-6")
def test_the_page_says_who_will_see_what_and_the_record_says_what_is_out(cases):
    client = client_of(cases.cast.sam)
    page = reverse("children:release", args=[cases.mia.public_id, cases.adas_case.public_id])

    said, _ = confirmed(client, page, {"why": WHY})

    assert "1 more person will see where Mia lives: Ada Lunt." in said
    assert "The mark on the address goes with it: parents and relatives must not be told." in said
    people = client.get(reverse("profile:people", args=[cases.mia.public_id])).text
    assert "Where the child lives" in people
    back = reverse("children:release_end", args=[cases.mia.public_id, Release.unscoped.get().public_id])
    assert WHY in client.get(back).text
    client.post(back)
    assert Release.unscoped.get().end == cases.worker.today
