"""What holds for any return: the roll is a plain recount, the same again changes nothing, undoing leaves no trace."""

from datetime import date, timedelta
from itertools import count

import pytest
from django.apps import apps
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from onroll.exchange.engine import undo
from onroll.history.recorded import is_recorded

from .conftest import an_office, episodes, headers

YEAR = date(2016, 4, 1), date(2017, 3, 31)
DAYS = st.dates(date(2015, 1, 1), YEAR[1])


@st.composite
def a_return(draw, numbers=("1", "02", "003", "4A", "5", "6")):
    """Children and their episodes: chains, gaps, overlaps, open ends, short breaks, as they fall."""
    children = draw(st.lists(st.sampled_from(numbers), unique=True, min_size=1))
    header_rows, rows, spells = [], [], []
    for child in children:
        born = draw(st.dates(date(1996, 1, 1), date(2016, 12, 31)))
        header_rows.append(f"{child},{draw(st.sampled_from('12'))},{born:%d/%m/%Y},WBRI,,,")
        for start in draw(st.lists(DAYS, unique=True, max_size=4)):
            last = draw(st.none() | st.integers(1, 500))
            end = start + timedelta(days=last) if last else None
            end = None if end and end > YEAR[1] + timedelta(days=1) else end
            status = draw(st.sampled_from(["C1", "C2", "V2", "V3", "V4"]))
            rows.append(
                f"{child},{start:%d/%m/%Y},{draw(st.sampled_from('SLPTBU'))},{status},N1,U6,PR1,"
                f"{end.strftime('%d/%m/%Y') if end else ''},{'X1' if end else ''},,,AB1 2DE,"
            )
            spells.append((child, born, start, end, status))
    # The year of a return is that of its latest first day, so one child always begins in it.
    header_rows.append("anchor,1,01/01/2008,WBRI,,,")
    rows.append("anchor,31/03/2017,S,C2,N1,U6,PR1,,,,,,")
    spells.append(("anchor", date(2008, 1, 1), YEAR[1], None, "C2"))
    return headers(*header_rows), episodes(*rows), spells


def naive_roll(spells, day):
    """Whom the spells put on the roll of a day, counted the simplest way."""
    oldest = date(day.year - (18 if day.month >= 9 else 19), 9, 1)
    return sorted(
        {
            child
            for child, born, start, end, status in spells
            if start <= day and (end is None or end > day) and status not in ("V3", "V4") and born >= oldest
        }
    )


def everything_held():
    """Every recorded row but the loads themselves."""
    return {
        model._meta.label: list(model._base_manager.order_by("pk").values())
        for model in apps.get_models()
        if is_recorded(model) and model._meta.label != "exchange.Import"
    }


CODES = (f"{number:03}" for number in count(1))


@pytest.mark.django_db
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(first=a_return(), second=a_return(), day=DAYS)
def test_any_return_is_counted_once_and_taken_back_whole(first, second, day):
    office = an_office(next(CODES))

    office.load(*first[:2])
    assert office.roll(day).children == naive_roll(first[2], day)
    assert office.roll(YEAR[1]).children == naive_roll(first[2], YEAR[1])
    assert office.load(*first[:2]).would_change == 0

    held = everything_held()
    later = office.load(*second[:2], confirm_endings=True)
    named = {spell[0] for spell in second[2]}
    assert [child for child in office.roll(YEAR[1]).children if child in named] == naive_roll(second[2], YEAR[1])
    undo(later, actor=office.actor)
    assert everything_held() == held

    office.load(*second[:2], confirm_endings=True)
    assert office.load(*second[:2], confirm_endings=True).would_change == 0
