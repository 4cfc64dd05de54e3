"""What a mark keeps from whom: one record asked for by itself, and the same in a list, say the same of every mark."""

from dataclasses import replace
from datetime import timedelta

import pytest

from onroll.access.actors import Actor
from onroll.access.roles import Role
from onroll.access.sections import Section, may_read
from onroll.children.disclosure import (
    HOME,
    NO_NAMES,
    SCHOOL,
    Names,
    area_as_marked,
    kept_by_mark,
    mark_lets,
    may_know_address,
    may_know_area,
    may_list_homes,
    named_of,
    names_for,
)
from onroll.children.models import CareEpisode, Disclosure, Named, PlacementAddress

from .scene import TODAY, a_child, a_person, an_episode, write

DAY = timedelta(days=1)
ROLES = (Role.VSH, Role.SOCIAL_WORKER, Role.CARER, Role.VS_ADMIN, Role.HEAD_TEACHER, Role.IRO, Role.EP)


def name(child, about=HOME, *, knows=False, start=TODAY, end=None, **who):
    keys = {"authority_id": child.authority_id, "child": child, "about": about, "knows": knows}
    return write(Named(**keys, start=start, end=end, **who))


@pytest.fixture
def home(cast):
    """Mia lives outside the authority, at an address whose mark each test chooses."""
    episode = an_episode(cast.mia)
    episode.placement.area = "out"
    write(episode.placement)
    keys = {"authority": cast.ashcombe, "child": cast.mia, "episode": episode}
    return write(PlacementAddress(**keys, address="24 Mill Lane", postcode="AB12 9ZQ"))


def marked(home, mark):
    home.disclosure = mark
    write(home)


def knows_in_a_list(actor) -> bool:
    return not PlacementAddress.unscoped.filter(kept_by_mark(actor, HOME)).exists()


def test_each_mark_lets_know_whom_it_names_and_keeps_from_whom_it_names(cast, home):
    knows, must_not, nobody = (a_person(cast.ashcombe, Role.VSH, f"Vera {each}")[1] for each in ("Ash", "Bell", "Cole"))
    cover = replace(nobody, behalf_of=must_not.account, cover=1)
    elsewhere = replace(cast.teacher, school=cast.fernhill.pk)
    name(cast.mia, knows=True, account_id=knows.account)
    name(cast.mia, account_id=must_not.account)
    name(cast.mia, school=cast.hillside)
    everyone = {
        "named as one who may know": knows,
        "named as one who must not": must_not,
        "stands in for one who must not": cover,
        "not named": nobody,
        "at the school that must not": cast.teacher,
        "at another school": elsewhere,
        "social worker": cast.social_worker,
        "command line": Actor.command_line(cast.ashcombe.pk, today=TODAY, user="sam"),
    }
    kept_from = {
        Disclosure.ORDINARY: set(),
        Disclosure.NOT_TO_FAMILY: set(),
        Disclosure.NOT_TO_NAMED_PEOPLE: {"named as one who must not", "stands in for one who must not"},
        Disclosure.NOT_TO_NAMED_PLACES: {"at the school that must not"},
        Disclosure.ONLY_NAMED_USERS: set(everyone) - {"named as one who may know", "social worker", "command line"},
        Disclosure.SEALED: set(everyone) - {"command line"},
    }
    for mark in Disclosure:
        marked(home, mark)
        alone = {
            who for who, actor in everyone.items() if mark_lets(actor, mark, names_for(cast.mia.pk, HOME, mark, actor))
        }
        listed = {who for who, actor in everyone.items() if knows_in_a_list(actor)}
        assert set(everyone) - alone == kept_from[mark], mark
        assert set(everyone) - listed == kept_from[mark], f"{mark} in a list"


def test_a_name_counts_on_its_days_for_its_child_and_for_what_it_is_about(cast, home):
    other = a_child(cast.ashcombe, "Noah Wells")
    account = cast.head.account
    name(cast.mia, SCHOOL, account_id=account)
    name(other, account_id=account)
    name(cast.mia, account_id=account, start=TODAY - 9 * DAY, end=TODAY)
    marked(home, Disclosure.NOT_TO_NAMED_PEOPLE)

    assert knows_in_a_list(cast.head)
    assert named_of([cast.mia.pk], HOME, cast.head) == {cast.mia.pk: NO_NAMES}

    name(cast.mia, account_id=account)
    name(cast.mia, knows=True, account_id=cast.sam.pk)
    name(cast.mia, school=cast.hillside)

    assert not knows_in_a_list(cast.head)
    assert named_of([cast.mia.pk], HOME, cast.head)[cast.mia.pk] == Names(
        may_know=frozenset({cast.sam.pk}), people=frozenset({account}), schools=frozenset({cast.hillside.pk})
    )


def test_who_may_know_is_not_kept_and_who_is_kept_does_not_know(cast, home):
    """To be named as one who may know closes nothing, and to be named as one who must not opens nothing."""
    name(cast.mia, knows=True, account_id=cast.head.account)
    name(cast.mia, knows=True, account_id=cast.teacher.account, school=cast.hillside)
    name(cast.mia, account_id=cast.iro.account)

    for mark, actor, knows in (
        (Disclosure.NOT_TO_NAMED_PEOPLE, cast.head, True),
        (Disclosure.NOT_TO_NAMED_PLACES, cast.teacher, True),
        (Disclosure.ONLY_NAMED_USERS, cast.iro, False),
    ):
        marked(home, mark)
        assert knows_in_a_list(actor) == knows, mark


def test_the_area_is_told_of_one_home_and_in_a_list_to_the_same_people(cast, home):
    for role in ROLES:
        actor = replace(cast.head, role=role)
        for mark in Disclosure:
            marked(home, mark)
            told = may_know_area(actor, mark, names_for(cast.mia.pk, HOME, mark, actor))
            shown = CareEpisode.unscoped.annotate(shown=area_as_marked(actor)).get().shown
            assert shown == ("out" if told else "not_known"), f"{role} {mark}"
            reads = may_read(actor, Section.PLACEMENT)
            lets = may_read(actor, Section.ADDRESS) and mark_lets(actor, mark, NO_NAMES)
            assert may_know_address(actor, mark, NO_NAMES) == lets, f"{role} {mark}"
            assert told == (reads and (lets or mark in ("ordinary", "not_to_family"))), f"{role} {mark}"


def test_lists_tell_of_homes_to_those_who_read_of_them_but_not_to_a_carer(cast):
    for role in Role:
        actor = replace(cast.head, role=role)
        assert may_list_homes(actor) == (may_read(actor, Section.PLACEMENT) and role != Role.CARER), role
