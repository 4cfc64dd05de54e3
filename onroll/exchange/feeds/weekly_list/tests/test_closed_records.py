"""A list that carries both lives of an adopted child ties nothing, and its report says neither (ID-4)."""

import os
from contextlib import suppress
from datetime import date

import pytest
from django.db.models import Q
from django.forms import model_to_dict
from django.utils import timezone
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from onroll.access.actors import Actor
from onroll.children.actions.identity import record_numbers
from onroll.children.actions.merging import merge_children
from onroll.children.closing import TIE
from onroll.children.contradictions import Refused
from onroll.children.matching import find_duplicates, find_possible_matches
from onroll.children.models import CareEpisode, Characteristics, Child, ClosedNames, Difference, FormerName, Identifiers
from onroll.children.tests.scene import a_child, an_episode, write
from onroll.exchange.feeds.exchange.exporting import export
from onroll.exchange.models import ImportProblem
from onroll.history.models import Entry

from .conftest import TODAY, a_row
from .test_properties import gone_afterwards

OLD_UPN = "A822432119007"


@pytest.fixture
def closed(office) -> Child:
    """Mia Dawson, number 0007, whom an adoption order parted from this record."""
    child = a_child(office.ashcombe, "Mia Dawson", number="0007")
    numbers = Identifiers.unscoped.get(child=child)
    numbers.upn = OLD_UPN
    write(numbers)
    an_episode(child, date(2022, 6, 1), end=date(2026, 3, 2), reason_ceased="E11")
    return child


@pytest.mark.proves("ID-4")
def test_a_row_with_the_upn_of_a_closed_record_is_refused_whole(office, closed):
    other = a_row("0043", given_name="Noah", family_name="Birch")
    import_ = office.load(a_row(given_name="Amy", family_name="Quillan", upn=OLD_UPN), other)

    assert set(Identifiers.unscoped.values_list("child_number", flat=True)) == {"0007", "0043"}
    assert not Child.unscoped.filter(family_name="Quillan").exists()
    assert CareEpisode.unscoped.count() == 2
    assert "0042" not in str(import_.sentences)
    assert Identifiers.unscoped.get(child=closed).upn == OLD_UPN
    (problem,) = ImportProblem.objects.filter(of=import_, kind="sealed")
    told = str(model_to_dict(problem))
    for secret in (OLD_UPN, "Quillan", "Dawson", "0042", "0007"):
        assert secret not in told
    assert Entry.objects.filter(act=TIE, child__isnull=True, outcome="refused").count() == 1


@pytest.mark.proves("ID-4")
def test_a_row_of_a_held_child_with_the_upn_of_a_closed_record_is_refused_whole(office, closed):
    office.load(a_row(given_name="Amy", family_name="Quillan", sex="Female"))

    office.load(a_row(given_name="Amy", family_name="Quillan", sex="Male", placement_type="K2", upn=OLD_UPN))

    amy = office.child()
    assert Identifiers.unscoped.get(child=amy).upn == ""
    assert Characteristics.unscoped.get(child=amy).sex == "F"
    assert [episode.placement.placement_type for episode in office.episodes()] == ["U6"]


@pytest.mark.proves("ID-4")
def test_the_load_that_closes_a_record_takes_neither_its_new_name_nor_its_upn_elsewhere(office):
    office.load(a_row("0007", upn=OLD_UPN))
    adopted = {"care_end": "02/03/2026", "reason_ceased": "E11"}

    office.load(
        a_row("0007", upn=OLD_UPN, given_name="Amy", family_name="Quillan", **adopted),
        a_row("0042", given_name="Amy", family_name="Quillan", upn=OLD_UPN),
    )

    assert not Child.unscoped.filter(family_name="Quillan").exists()
    assert not Identifiers.unscoped.filter(child_number="0042").exists()

    office.load(a_row("0007", upn=OLD_UPN, **adopted))
    assert [episode.reason_ceased for episode in office.episodes("0007")] == ["E11"]


@pytest.mark.proves("ID-4")
def test_the_new_name_does_not_come_into_the_closed_record_by_a_list(office, closed):
    office.load(a_row("0007", given_name="Amy", family_name="Quillan", upn="H801200001001", sex="Male"))

    held = Child.unscoped.get(pk=closed.pk)
    assert (held.given_name, held.family_name) == ("Mia", "Dawson")
    assert Identifiers.unscoped.get(child=closed).upn == OLD_UPN
    assert not FormerName.unscoped.filter(child=closed).exists()
    assert not Difference.unscoped.filter(child=closed).exists()
    assert "Quillan" not in held.search_words
    assert Characteristics.unscoped.get(child=closed).sex == ""


def test_a_list_without_a_tie_says_nothing_of_closed_records(office, closed):
    import_ = office.load(a_row(upn="H801200001001"))

    assert not ImportProblem.objects.filter(of=import_, kind="sealed").exists()
    assert Identifiers.unscoped.get(child=office.child()).upn == "H801200001001"


@pytest.mark.proves("ID-5")
def test_a_list_that_still_has_a_closed_name_does_not_bring_it_back(office):
    office.load(a_row(given_name="Noah", family_name="Birch"))
    child = office.child()
    keys = {"authority": office.ashcombe, "child": child}
    write(ClosedNames(**keys, closed_at=timezone.now(), why="asked"))

    import_ = office.load(a_row(given_name="Nora", family_name="Marsh", placement_type="K2"))

    held = office.child()
    assert (held.given_name, held.family_name) == ("Noah", "Birch")
    assert not FormerName.unscoped.filter(child=child).exists()
    assert not Difference.unscoped.filter(child=child, fact__startswith="child.").exists()
    assert office.episodes()[-1].placement.placement_type == "K2"
    assert "Marsh" not in str(model_to_dict(ImportProblem.objects.get(of=import_, kind="sealed")))


@pytest.mark.proves("ID-4")
def test_exchange_files_leave_closed_records_out(office, closed, tmp_path):
    office.load(a_row())

    export(tmp_path / "usual", actor=office.actor)
    export(tmp_path / "custodians", actor=office.actor, with_closed=True)

    def words(folder: str) -> str:
        return "".join(path.read_text() for path in sorted((tmp_path / folder).iterdir()))

    for of_the_closed in ("0007", OLD_UPN, "E11"):
        assert of_the_closed not in words("usual")
        assert of_the_closed in words("custodians")
    assert "0042" in words("usual")


# Whatever comes in whatever order

OLD, NEW = "A822432119007", "H801200001001"
rows = st.fixed_dictionaries(
    {
        "child_id": st.sampled_from(["0007", "0042", "0043"]),
        "family_name": st.sampled_from(["Dawson", "Quillan"]),
        "given_name": st.sampled_from(["Mia", "Amy"]),
        "upn": st.sampled_from(["", OLD, NEW]),
        "reason_ceased": st.sampled_from(["", "", "E11"]),
    }
)
steps = st.lists(
    st.one_of(
        st.tuples(st.just("load"), st.lists(rows, min_size=1, max_size=3, unique_by=lambda row: row["child_id"])),
        st.tuples(st.just("join"), st.permutations(["0007", "0042", "0043"])),
        st.tuples(st.just("numbers"), st.tuples(st.sampled_from(["0042", "0043"]), st.sampled_from([OLD, NEW]))),
    ),
    min_size=1,
    max_size=4,
)


@pytest.mark.proves("ID-4")
@settings(
    max_examples=1_000 if os.environ.get("ONROLL_NIGHTLY") == "1" else 15,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(steps=steps)
def test_no_sequence_of_loads_joins_and_searches_ties_the_two(office, closed, steps):
    """Amy's new life stays apart from Mia's closed record: no number, name or match leads from one to the other."""
    head = Actor.system(office.ashcombe.pk, today=TODAY)
    with gone_afterwards():
        for act, told in steps:
            with suppress(Refused):
                _take(office, head, act, told)
            _assert_apart(office, closed, head)


def _take(office, head, act, told) -> None:
    held = {row.child_number: row.child for row in Identifiers.unscoped.select_related("child")}
    if act == "load":
        ends = {"care_end": "02/03/2026"}
        office.load(*[a_row(**row, **(ends if row["reason_ceased"] else {})) for row in told], confirm_endings=True)
    elif act == "join" and {told[0], told[1]} <= set(held):
        merge_children(held[told[0]], held[told[1]], actor=head)
    elif act == "numbers" and told[0] in held:
        record_numbers(held[told[0]], child_number=told[0], upn="", former_upn=told[1], actor=head)


def _assert_apart(office, closed, head) -> None:
    mia = Child.unscoped.get(pk=closed.pk)
    assert (mia.given_name, mia.family_name, mia.merged_into) == ("Mia", "Dawson", None)
    assert Identifiers.unscoped.get(child=mia).upn == OLD
    others = Identifiers.unscoped.exclude(child=mia)
    assert not others.filter(Q(upn=OLD) | Q(former_upn=OLD)).exists()
    assert not Child.unscoped.filter(merged_into=mia).exists()
    assert not FormerName.unscoped.filter(child=mia).exists()
    assert not Difference.unscoped.filter(child=mia, fact__startswith="child.").exists()
    assert not [pair for pair in find_duplicates(head) if mia.pk in (pair.first.pk, pair.second.pk)]
    asked = {"given_name": "Mia", "family_name": "Dawson", "birth_date": mia.birth_date, "upn": OLD}
    assert mia.pk not in [match.child.pk for match in find_possible_matches(**asked, actor=head)]
    assert "0007" not in str(ImportProblem.objects.filter(kind="sealed").values())
