"""A small town of schools, and the people who look them up."""

from datetime import date

import pytest

from onroll.access.actors import Actor
from onroll.access.roles import Role
from onroll.authorities.models import Authority
from onroll.history.changes import change
from onroll.schools.models import School, SchoolLink
from onroll.schools.searching import search_words_of

TODAY = date(2026, 3, 31)


@pytest.fixture
def ashcombe(db):
    authority = Authority(code="999", name="Ashcombe", live_from=date(2025, 9, 1))
    return _write(authority)


@pytest.fixture
def castlebury(db):
    authority = Authority(code="998", name="Castlebury", live_from=date(2025, 9, 1))
    return _write(authority)


@pytest.fixture
def officer(ashcombe):
    """Practice support of Ashcombe's virtual school."""
    return _actor(ashcombe, Role.VS_ADMIN)


@pytest.fixture
def social_worker(ashcombe):
    return _actor(ashcombe, Role.SOCIAL_WORKER)


@pytest.fixture
def officer_of_castlebury(castlebury):
    return _actor(castlebury, Role.VS_ADMIN)


@pytest.fixture
def a_school(db):
    """Makes a school of the national register, or with an authority a setting of its own."""
    numbers = iter(range(100001, 200000))

    def make(name: str, **values) -> School:
        urn = values.pop("urn", str(next(numbers)))
        school = School(name=name, urn=urn, setting_id=values.pop("setting_id", urn), **values)
        school.search_words = search_words_of(school)
        return _write(school)

    return make


@pytest.fixture
def a_link(db):
    def make(predecessor: School, successor: School, on: date | None = None, words: str = "") -> SchoolLink:
        return _write(SchoolLink(predecessor=predecessor, successor=successor, on=on, words=words))

    return make


@pytest.fixture
def national_register(db, shared):
    """The 26,078 schools of the register of 2017-18."""
    from onroll.exchange.feeds.gias.rows import check
    from onroll.exchange.plans import Options
    from onroll.exchange.reading import gather

    checked = check(gather([shared / "data/schools/england_spine_2017-18.csv"]), Options())
    schools = [School(**row.values) for row in checked.facts.schools.values()]
    for school in schools:
        school.search_words = search_words_of(school)
    with change("test.set_up", actor=Actor.system(0, today=TODAY)) as this:
        return this.bulk_create(School, schools)


def _actor(authority, role):
    return Actor(
        authority=authority.pk,
        role=role,
        today=TODAY,
        name="Sam Doyle",
        authority_code=authority.code,
        authority_name=authority.name,
    )


def _write(record):
    somebody = Actor.system(0, today=TODAY)
    with change("test.set_up", actor=somebody) as this:
        return this.create(record)
