"""The small cast of the tests of a child's record. What they set up is written under a change like all else."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date
from typing import Any

from onroll.access.actors import Actor
from onroll.access.encryption import make_key_ring
from onroll.access.models import Account
from onroll.access.roles import PARTNERS, Role
from onroll.authorities.models import Authority
from onroll.children.models import (
    Allocation,
    CareEpisode,
    Characteristics,
    Child,
    EpisodePlacement,
    Identifiers,
    SchoolPlace,
)
from onroll.children.searching import search_words_of
from onroll.history.changes import ThisChange, change
from onroll.people.models import Post, SharingAgreement
from onroll.schools.models import School
from onroll.schools.searching import search_words_of as words_of_school

TODAY = date(2026, 3, 31)
_being_set_up: ContextVar[ThisChange | None] = ContextVar("being set up", default=None)


@contextmanager
def together() -> Iterator[ThisChange]:
    """What is written inside is one act. To seal each row of a cast by itself takes most of the time it takes."""
    if this := _being_set_up.get():
        yield this
        return
    with change("test.set_up", actor=Actor.command_line(0, today=TODAY, user="test")) as this:
        token = _being_set_up.set(this)
        try:
            yield this
        finally:
            _being_set_up.reset(token)


def write(record: Any) -> Any:
    """Save a record of the scene."""
    with together() as this:
        return this.save(record)


def an_authority(code: str = "999", name: str = "Ashcombe", **fields: Any) -> Authority:
    authority = write(Authority(code=code, name=name, live_from=date(2020, 1, 1), **fields))
    make_key_ring(authority.pk)
    return authority


def a_school(name: str = "Hillside", **fields: Any) -> School:
    number = str(100000 + School.objects.count())
    school = School(**{"name": name, "setting_id": number, "urn": number, "la_code": "999", **fields})
    school.search_words = words_of_school(school)
    return write(school)


@together()
def a_person(authority: Authority, role: Role, name: str = "Sam Doyle", **post: Any) -> tuple[Account, Actor]:
    """A person with a live post, and the actor they are in it."""
    given, family = name.split(" ", 1)
    email = f"{role}.{Account.objects.count()}@example.org"
    account = write(Account(email=email, given_name=given, family_name=family))
    if role in PARTNERS:
        post.setdefault("agreement", an_agreement(authority))
    held = write(Post(**{"authority": authority, "account": account, "role": role, "start": date(2020, 1, 1), **post}))
    return account, Actor(
        authority=authority.pk,
        role=role,
        today=TODAY,
        name=account.name,
        account=account.pk,
        post=held.pk,
        team=held.team_id,
        school=held.school_id,
        authority_code=authority.code,
    )


def an_agreement(authority: Authority, **fields: Any) -> SharingAgreement:
    """An agreement with a partner service, in force."""
    values = {"title": "Sharing with services", "parties": "Ashcombe", "purpose": "Education", "lawful_basis": "Duty"}
    days = {"start": date(2020, 1, 1), "review_on": date(2030, 1, 1)}
    return write(SharingAgreement(authority=authority, **{**values, **days, **fields}))


def an_actor(authority: Authority, role: Role, **post: Any) -> Actor:
    return a_person(authority, role, **post)[1]


@together()
def a_child(authority: Authority, name: str = "Mia Dawson", *, number: str = "", **fields: Any) -> Child:
    given, _, family = name.partition(" ")
    child = Child(
        **{
            "authority": authority,
            "given_name": given,
            "family_name": family,
            "birth_date": date(2014, 5, 6),
            **fields,
        }
    )
    child.search_words = search_words_of(child)
    write(child)
    keys = {"authority": authority, "child": child}
    write(Identifiers(**keys, child_number=number or f"N{child.pk}"))
    write(Characteristics(**keys))
    return child


@together()
def an_episode(child: Child, start: date = date(2022, 6, 1), **fields: Any) -> CareEpisode:
    """A spell of care in a foster home, open unless `end` is given."""
    home = {name: fields.pop(name) for name in ("placement_type", "provider") if name in fields}
    keys = {"authority_id": child.authority_id, "child": child}
    values = {"legal_status": "C2", "reason_new": "S", "category_of_need": "N1", **fields}
    if values.get("end"):
        values.setdefault("reason_ceased", "E8")
    episode = write(CareEpisode(**keys, start=start, **values))
    write(EpisodePlacement(**keys, episode=episode, **{"placement_type": "U6", "provider": "PR1", **home}))
    return episode


def a_place(child: Child, school: School | None, start: date = date(2024, 9, 3), **fields: Any) -> SchoolPlace:
    return write(SchoolPlace(authority_id=child.authority_id, child=child, school=school, start=start, **fields))


def an_allocation(
    child: Child, account: Account, role: Role, start: date = date(2025, 1, 6), **fields: Any
) -> Allocation:
    return write(
        Allocation(authority_id=child.authority_id, child=child, account=account, role=role, start=start, **fields)
    )


def confirmed(client: Any, url: str, typed: dict[str, Any], **options: Any) -> tuple[str, Any]:
    """Post a form that says first what it opens, then tick and post it again: the first page, and the last answer."""
    asked = client.post(url, typed).content.decode()
    told = re.search(r'name="told" value="(\w+)"', asked)
    assert told, "the page did not say what this would open"
    return asked, client.post(url, {**typed, "confirmed": "on", "told": told[1]}, **options)
