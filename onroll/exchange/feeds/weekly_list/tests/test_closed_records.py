"""A list that carries both lives of an adopted child ties nothing, and its report says neither (ID-4)."""

from datetime import date

import pytest
from django.forms import model_to_dict

from onroll.children.closing import TIE
from onroll.children.models import Child, Difference, FormerName, Identifiers
from onroll.children.tests.scene import a_child, an_episode, write
from onroll.exchange.models import ImportProblem
from onroll.history.models import Entry

from .conftest import a_row

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
def test_the_upn_of_a_closed_record_comes_into_no_other_by_a_list(office, closed):
    import_ = office.load(a_row(given_name="Amy", family_name="Quillan", upn=OLD_UPN))

    assert Identifiers.unscoped.get(child=office.child()).upn == ""
    assert Identifiers.unscoped.get(child=closed).upn == OLD_UPN
    (problem,) = ImportProblem.objects.filter(of=import_, kind="sealed")
    told = str(model_to_dict(problem))
    for secret in (OLD_UPN, "Quillan", "Dawson", "0042", "0007"):
        assert secret not in told
    assert Entry.objects.filter(act=TIE, child__isnull=True, outcome="refused").count() == 1


@pytest.mark.proves("ID-4")
def test_the_new_name_does_not_come_into_the_closed_record_by_a_list(office, closed):
    office.load(a_row("0007", given_name="Amy", family_name="Quillan", upn="H801200001001"))

    held = Child.unscoped.get(pk=closed.pk)
    assert (held.given_name, held.family_name) == ("Mia", "Dawson")
    assert Identifiers.unscoped.get(child=closed).upn == OLD_UPN
    assert not FormerName.unscoped.filter(child=closed).exists()
    assert not Difference.unscoped.filter(child=closed).exists()
    assert "Quillan" not in held.search_words


def test_a_list_without_a_tie_says_nothing_of_closed_records(office, closed):
    import_ = office.load(a_row(upn="H801200001001"))

    assert not ImportProblem.objects.filter(of=import_, kind="sealed").exists()
    assert Identifiers.unscoped.get(child=office.child()).upn == "H801200001001"
