"""Who may know where a child lives or learns: the mark, the names behind it, and what follows from it (section 3)."""

from dataclasses import replace
from datetime import datetime, timedelta
from types import SimpleNamespace

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from onroll.access.roles import Role
from onroll.access.sections import Section
from onroll.children.actions.marks import decide, marked_now, name_someone, set_mark, unname, who_would_know
from onroll.children.actions.school import NewPlace, start_place
from onroll.children.contradictions import Refused, why_not_start_place
from onroll.children.disclosure import HOME, SCHOOL, Names, named_of
from onroll.children.models import Allocation, Disclosure, MarkRequest, PlacementAddress, SchoolPlace
from onroll.children.searching import find
from onroll.history.models import Entry
from onroll.people.models import Post
from onroll.profile.record import Record

from .scene import TODAY, a_person, a_place, an_allocation, an_episode, confirmed, write

AT = datetime(2026, 3, 31, 10, tzinfo=timezone.get_default_timezone())


@pytest.fixture
def marked(cast) -> SimpleNamespace:
    """Mia lives at an address and learns at Fernhill; both have the usual marks. Hillside was her school before."""
    episode = an_episode(cast.mia)
    keys = {"authority": cast.ashcombe, "child": cast.mia}
    write(PlacementAddress(**keys, episode=episode, address="24 Mill Lane", postcode="AB12 9ZQ"))
    cast.before = a_place(cast.mia, cast.hillside, start=TODAY - timedelta(days=800), end=TODAY - timedelta(days=90))
    cast.place = a_place(cast.mia, cast.fernhill, start=TODAY - timedelta(days=90))
    an_allocation(cast.mia, cast.sam, Role.SOCIAL_WORKER)
    jean, cast.carer = a_person(cast.ashcombe, Role.CARER, "Jean Boyle")
    an_allocation(cast.mia, jean, Role.CARER)
    _, cast.deputy = a_person(cast.ashcombe, Role.DEPUTY_VSH, "Dee Park")
    cast.manager_account, cast.manager = a_person(cast.ashcombe, Role.TEAM_MANAGER, "Max Hall")
    return cast


def mark(cast, about, value, actor=None):
    row = marked_now(cast.mia, about, on=TODAY)
    row.child = cast.mia
    return set_mark(row, about, value, reason="Asked for in the review", at=AT, actor=actor or cast.social_worker)


def keep_school(cast, value=Disclosure.ONLY_NAMED_USERS):
    cast.place.disclosure = value
    write(cast.place)


def client_of(actor):
    client = Client()
    client.force_login(Post.objects.get(pk=actor.post).account)
    return client


def today(actor):
    """The same person on the day on which the pages are asked."""
    return replace(actor, today=timezone.localdate())


@pytest.mark.proves("ADR-1", "ADR-2")
def test_a_school_that_is_kept_is_on_no_page_list_search_or_history(marked):
    address = reverse("profile:story", args=[marked.mia.public_id])
    pages = [
        address,
        reverse("profile:school", args=[marked.mia.public_id]),
        reverse("profile:people", args=[marked.mia.public_id]),
        reverse("profile:history", args=[marked.mia.public_id]),
        reverse("children:entries", args=[marked.mia.public_id]),
        reverse("children:roll"),
        reverse("home"),
    ]
    head = client_of(marked.head)
    assert "Fernhill" in head.get(address).content.decode()

    keep_school(marked)

    for page in pages:
        answer = head.get(page)
        assert answer.status_code == 200, page
        assert "Fernhill" not in answer.content.decode(), page
    school = head.get(reverse("schools:school", args=[marked.fernhill.public_id])).content.decode()
    assert "Dawson" not in school
    assert find(today(marked.head), "Fernhill").exact == []
    assert find(today(marked.head), "Dawson").exact != []


@pytest.mark.proves("ADR-2")
def test_that_a_school_is_kept_is_not_told_as_no_school(marked):
    keep_school(marked)
    head = client_of(marked.head)
    story = head.get(reverse("profile:story", args=[marked.mia.public_id])).content.decode()

    assert "No school place" not in story
    assert "with no place" not in story
    assert (
        "No school place"
        not in head.get(f"{reverse('children:roll')}?view=no-place&kind=everyone")
        .content.decode()
        .partition("<table")[2]
    )
    assert Record(marked.mia, marked.head).keeps_a_place


@pytest.mark.proves("ADR-1")
def test_the_social_worker_and_the_school_itself_know_a_school_that_is_kept(marked):
    keep_school(marked)
    _, teacher = a_person(marked.ashcombe, Role.DESIGNATED_TEACHER, "Fay Lunn", school=marked.fernhill)

    for actor in (marked.social_worker, teacher):
        assert SchoolPlace.of(marked.mia, actor).filter(pk=marked.place.pk).exists()
    for actor in (marked.head, marked.deputy, marked.data_officer, marked.iro, marked.carer):
        assert not SchoolPlace.of(marked.mia, actor).filter(pk=marked.place.pk).exists()


@pytest.mark.proves("ADR-3")
def test_the_former_school_learns_of_the_new_one_nowhere(marked):
    keep_school(marked, Disclosure.NOT_TO_NAMED_PLACES)
    a_place(marked.mia, marked.hillside, kind="subsidiary", start=TODAY - timedelta(days=90))
    teacher = client_of(marked.teacher)

    for route in ("story", "school", "home", "people"):
        answer = teacher.get(reverse(f"profile:{route}", args=[marked.mia.public_id]))
        assert answer.status_code == 200
        assert "Fernhill" not in answer.content.decode(), route
    refusal = why_not_start_place(
        marked.mia, school=marked.hillside, kind="main", start=TODAY, actor=marked.teacher, among=[marked.place]
    )
    assert "Fernhill" not in refusal
    assert refusal


def test_a_refusal_does_not_name_a_school_that_is_kept(marked):
    keep_school(marked)
    asked = {"school": marked.hillside, "kind": "main", "start": TODAY, "among": [marked.place]}

    assert "Fernhill" not in why_not_start_place(marked.mia, **asked, actor=marked.head)
    assert "Fernhill" in why_not_start_place(marked.mia, **asked, actor=marked.social_worker)


@pytest.mark.proves("ADR-1")
def test_a_sealed_school_or_address_is_read_by_nobody(marked):
    mark(marked, HOME, Disclosure.SEALED)
    mark(marked, SCHOOL, Disclosure.SEALED)

    for actor in (marked.head, marked.social_worker, marked.manager, marked.carer):
        record = Record(marked.mia, actor)
        assert record.place is None
        assert record.addresses == {}


@pytest.mark.proves("ADR-1")
def test_named_people_and_places_must_not_know(marked):
    row = marked_now(marked.mia, HOME, on=TODAY)
    row.child = marked.mia
    mark(marked, HOME, Disclosure.NOT_TO_NAMED_PEOPLE)
    head = Post.objects.get(pk=marked.head.post).account
    assert Record(marked.mia, marked.head).addresses

    name_someone(row, HOME, knows=False, account=head, actor=marked.social_worker)

    assert Record(marked.mia, marked.head).addresses == {}
    assert Record(marked.mia, marked.deputy).addresses


@pytest.mark.proves("ADR-1", "ADR-2")
def test_only_named_users_know_the_address_and_the_carer(marked):
    mark(marked, HOME, Disclosure.ONLY_NAMED_USERS, marked.head)

    assert Record(marked.mia, marked.head).addresses, "who keeps it is named"
    for actor, knows in ((marked.deputy, False), (marked.social_worker, True), (marked.head, True)):
        record = Record(marked.mia, actor)
        assert bool(record.addresses) == knows
        assert Allocation.of(marked.mia, actor).filter(role=Role.CARER).exists() == knows
        assert bool(record.area_of(record.home)) is False or knows


@pytest.mark.proves("ADR-5", "ADR-6")
def test_the_mark_is_told_with_what_to_do_to_those_who_know_and_to_no_one_else(marked):
    keep_school(marked)
    address = reverse("profile:story", args=[marked.mia.public_id])

    assert (
        "Only named people may know which school Mia goes to"
        in client_of(marked.social_worker).get(address).content.decode()
    )
    assert "Only named people may know which school" not in client_of(marked.head).get(address).content.decode()


# Loosening


@pytest.mark.proves("ADR-1")
def test_loosening_needs_a_reason(marked):
    row = marked_now(marked.mia, HOME, on=TODAY)
    row.child = marked.mia

    with pytest.raises(Refused, match="Say why"):
        set_mark(row, HOME, Disclosure.ORDINARY, reason=" ", at=AT, actor=marked.social_worker)
    set_mark(row, HOME, Disclosure.ORDINARY, reason="The order ended", at=AT, actor=marked.social_worker)

    assert PlacementAddress.unscoped.get().disclosure == Disclosure.ORDINARY


@pytest.mark.proves("ADR-1")
@pytest.mark.parametrize("about", [HOME, SCHOOL])
def test_a_strict_mark_is_loosened_by_two(marked, about):
    mark(marked, about, Disclosure.ONLY_NAMED_USERS)

    request = mark(marked, about, Disclosure.NOT_TO_FAMILY)

    assert marked_now(marked.mia, about, on=TODAY).disclosure == Disclosure.ONLY_NAMED_USERS
    with pytest.raises(Refused, match="does not decide"):
        decide(request, agreed=True, at=AT, actor=marked.social_worker)
    decide(request, agreed=True, at=AT, actor=marked.deputy)
    assert marked_now(marked.mia, about, on=TODAY).disclosure == Disclosure.NOT_TO_FAMILY


@pytest.mark.proves("ADR-1")
def test_who_asks_does_not_agree(marked):
    mark(marked, HOME, Disclosure.ONLY_NAMED_USERS, marked.head)
    request = mark(marked, HOME, Disclosure.ORDINARY, marked.head)

    with pytest.raises(Refused, match="Someone else"):
        decide(request, agreed=True, at=AT, actor=marked.head)
    decide(request, agreed=False, at=AT, actor=marked.deputy)

    assert MarkRequest.unscoped.get().agreed is False
    assert PlacementAddress.unscoped.get().disclosure == Disclosure.ONLY_NAMED_USERS


@pytest.mark.proves("ADR-1", "ACC-6")
def test_who_will_know_is_said_before(marked):
    """By part of the record: practice support reads who the carers are, and not where they live."""
    a_person(marked.ashcombe, Role.VS_ADMIN, "Pat Sagar")
    mark(marked, HOME, Disclosure.ONLY_NAMED_USERS)
    row = marked_now(marked.mia, HOME, on=TODAY)
    names = named_of([marked.mia.pk], HOME, marked.social_worker)[marked.mia.pk]

    gaining = who_would_know(row, HOME, mark=Disclosure.NOT_TO_FAMILY, names=names, actor=marked.social_worker)

    told = {section: set(people.values()) for section, people in gaining.items()}
    assert told == {
        Section.ADDRESS: {"Hana Reid", "Dee Park", "Dan Poole", "Jean Boyle"},
        Section.CARER: {"Hana Reid", "Dee Park", "Jean Boyle", "Pat Sagar"},
        Section.PLACEMENT: {"Hana Reid", "Dee Park", "Dan Poole", "Jean Boyle", "Pat Sagar"},
    }
    worker = client_of(marked.social_worker)
    page = worker.post(
        reverse("children:mark", args=[marked.mia.public_id, "home"]),
        {"mark": "not_to_family", "reason": "The order ended"},
    ).content.decode()
    assert "4 more people will see where Mia lives: Dan Poole, Dee Park, Hana Reid and Jean Boyle." in page
    assert "4 more people will see who the carers are: Dee Park, Hana Reid, Jean Boyle and Pat Sagar." in page
    assert "5 more people will see whether the home lies in the authority" in page
    assert "A second person has to agree first" in page
    assert not MarkRequest.unscoped.exists()


@pytest.mark.proves("ACC-6")
def test_who_will_know_is_said_where_the_address_is_written_too(marked):
    mark(marked, HOME, Disclosure.NOT_TO_NAMED_PEOPLE)
    row = marked_now(marked.mia, HOME, on=TODAY)
    row.child = marked.mia
    head = Post.objects.get(pk=marked.head.post).account
    name_someone(row, HOME, knows=False, account=head, actor=marked.social_worker)
    worker, page = client_of(marked.social_worker), reverse("children:address", args=[marked.mia.public_id])
    typed = {"address": "24 Mill Lane", "postcode": "AB12 9ZQ", "disclosure": "not_to_family", "reason": "She may know"}

    said, _ = confirmed(worker, page, typed)

    parts = "whether the home lies in the authority, where Mia lives and who the carers are"
    assert f"1 more person will see {parts}: Hana Reid." in said
    assert PlacementAddress.unscoped.get().disclosure == Disclosure.NOT_TO_FAMILY


@pytest.mark.proves("ACC-6")
def test_who_will_know_a_school_is_said_before(marked):
    keep_school(marked, Disclosure.NOT_TO_NAMED_PEOPLE)
    row = marked_now(marked.mia, SCHOOL, on=TODAY)
    row.child = marked.mia
    head = Post.objects.get(pk=marked.head.post).account
    name_someone(row, SCHOOL, knows=False, account=head, actor=marked.social_worker)
    page = reverse("children:mark", args=[marked.mia.public_id, "school"])

    said = client_of(marked.social_worker).post(page, {"mark": "ordinary", "reason": "She may know"}).text

    assert "1 more person will see where Mia learns: Hana Reid." in said
    assert marked_now(marked.mia, SCHOOL, on=TODAY).disclosure == Disclosure.NOT_TO_NAMED_PEOPLE


@pytest.mark.proves("ADR-1")
def test_no_correction_and_no_new_place_loosens_a_mark(marked):
    keep_school(marked)
    worker = client_of(marked.social_worker)
    write(Post(authority=marked.ashcombe, account=marked.sam, role=Role.VS_OFFICER, start=TODAY))
    page = reverse("children:entry_correct", args=[marked.mia.public_id, "place", marked.place.public_id])
    assert 'name="disclosure"' not in worker.get(page).content.decode()
    marked.place.end = TODAY
    write(marked.place)

    following = start_place(NewPlace(child=marked.mia, school=marked.hillside, start=TODAY), actor=marked.data_officer)

    assert following.disclosure == Disclosure.ONLY_NAMED_USERS


def test_a_name_is_taken_away_with_a_reason(marked):
    mark(marked, HOME, Disclosure.ONLY_NAMED_USERS)
    row = marked_now(marked.mia, HOME, on=TODAY)
    row.child = marked.mia
    deputy = Post.objects.get(pk=marked.deputy.post).account
    named = name_someone(row, HOME, knows=True, account=deputy, actor=marked.social_worker)
    assert Record(marked.mia, marked.deputy).addresses

    with pytest.raises(Refused, match="Say why"):
        unname(named, row, reason="", actor=marked.social_worker)
    unname(named, row, reason="No longer works with Mia", actor=marked.social_worker)

    assert Record(marked.mia, marked.deputy).addresses == {}
    assert named_of([marked.mia.pk], HOME, marked.head)[marked.mia.pk] == Names(
        may_know=frozenset({marked.social_worker.account})
    )


def test_who_may_not_know_has_no_page_on_who_may(marked):
    keep_school(marked)
    page = reverse("children:mark", args=[marked.mia.public_id, "school"])

    assert client_of(marked.head).get(page).status_code == 404
    assert client_of(marked.social_worker).get(page).status_code == 200
    assert not Entry.objects.filter(route__contains="Fernhill").exists()
