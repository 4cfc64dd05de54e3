"""Whatever small lists come, in whatever order: the same again changes nothing, and undoing is as if it never came."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta

import pytest
from django.apps import apps
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from onroll.access.roles import Role
from onroll.children.models import PlacementAddress
from onroll.children.tests.scene import a_child, a_place, an_allocation, an_episode, write

from .conftest import TODAY, a_row

DAYS = [date(2022, 6, 1), date(2024, 3, 1), date(2026, 10, 1), date(2026, 11, 5), TODAY, date(2026, 12, 1)]


def maybe(*values: str) -> st.SearchStrategy[str]:
    return st.sampled_from(("", *values))


a_day = st.sampled_from([f"{day:%d/%m/%Y}" for day in DAYS])
a_day_or_none = st.one_of(st.just(""), a_day)

cells = st.fixed_dictionaries(
    {
        "child_id": st.sampled_from(["open", "moved", "ended", "breaks", "gone", "new", "newer", "4E+07"]),
        "family_name": maybe("Dawson", "Marsh"),
        "given_name": maybe("Mia", "MIA", "Noah"),
        "birth_date": maybe("06/05/2014", "07/05/2014", "soon"),
        "sex": maybe("F", "Male", "U"),
        "ethnicity": maybe("WBRI", "NOBT"),
        "upn": maybe("H801200001001", "A801200001001", "UN4"),
        "care_start": st.one_of(a_day, a_day_or_none),
        "legal_status": st.sampled_from(["C2", "C1", "V2", "V4", "Q7"]),
        "legal_status_on": a_day_or_none,
        "category_of_need": maybe("N1", "N4"),
        "placement_type": maybe("U6", "K2", "T4"),
        "placement_start": a_day_or_none,
        "postcode": maybe("AB1 2CD", "AB3 4EF"),
        "address": maybe("4 Elm Row"),
        "la_code": maybe("336", "999"),
        "ofsted_urn": maybe("SC1", "SC2"),
        "social_worker": maybe("Tom Adeyemi", "Ann Lee", "Nobody"),
        "school": maybe("Hillside School", "St Marys CofE Riverside", "Nowhere"),
        "school_start": a_day_or_none,
        "next_review": a_day_or_none,
        "last_review": a_day_or_none,
        "care_end": st.one_of(st.just(""), st.just(""), a_day_or_none),
        "reason_ceased": maybe("E45", "E8"),
    }
)
lists = st.lists(cells, min_size=1, max_size=4)


@pytest.fixture
def roll(office, people, schools):
    """Children whom a person, a return and nobody have told of, in all states that a list can meet."""
    children = {name: a_child(office.ashcombe, number=name) for name in ("open", "moved", "ended", "breaks", "gone")}
    home = an_episode(children["open"], source="ssda903")
    write(PlacementAddress(authority=office.ashcombe, child=children["open"], episode=home, postcode="AB1 2CD"))
    an_episode(children["moved"], end=date(2026, 11, 5), reason_ceased="X1", legal_status="C1")
    an_episode(children["moved"], date(2026, 11, 5), reason_new="B", placement_type="K2")
    an_episode(children["ended"], end=date(2024, 3, 1))
    an_episode(children["breaks"], legal_status="V4")
    an_episode(children["gone"], end=date(2026, 10, 1), provisional_end=True, reason_ceased="")
    a_place(children["open"], schools.hillside)
    a_place(children["moved"], schools.hillside, end=date(2026, 11, 5), source="list")
    a_place(children["moved"], schools.riverside, date(2026, 11, 5))
    an_allocation(children["open"], people.tom, Role.SOCIAL_WORKER)
    an_allocation(children["moved"], people.ann, Role.SOCIAL_WORKER, TODAY)
    return office


def everything() -> dict[str, list]:
    """Every row about a child, as it is stored."""
    models = apps.get_app_config("children").get_models()
    return {model.__name__: list(model._base_manager.order_by("pk").values()) for model in models}


@contextmanager
def gone_afterwards() -> Iterator[None]:
    """Whatever is written here is written to a database that forgets it, as between two tests."""
    outer = transaction.atomic()
    outer._from_testcase = True
    with outer:
        yield
        transaction.set_rollback(True)


@settings(
    max_examples=20,
    deadline=None,
    # To make a failing list smaller would take minutes, and it is small.
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(first=lists, second=lists, days_later=st.sampled_from([7, 0, -7]))
def test_a_list_again_changes_nothing_and_undone_it_never_was(roll, first, second, days_later):
    on = TODAY - timedelta(days=7)
    with gone_afterwards():
        for rows, day in ((first, on), (second, on + timedelta(days=days_later))):
            named = [a_row(**row) for row in rows]
            options = {"as_at": day, "confirm_endings": True}
            before = everything()
            import_ = roll.load(*named, **options)

            again = roll.check(*named, **options)

            assert (again.would_change, again.would_end) == (0, 0), again.sentences
        roll.undo(import_)
        assert everything() == before
