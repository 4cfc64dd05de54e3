import datetime as dt

import pytest

from onroll.design.dates import read_day


@pytest.mark.parametrize(
    "text", ["18/12/2026", "18-12-2026", "18.12.2026", "18 12 2026", " 18 Dec 2026 ", "18 december 2026", "2026-12-18"]
)
def test_a_day_is_read_however_people_write_it(text):
    assert read_day(text) == dt.date(2026, 12, 18)


@pytest.mark.parametrize(
    "text", ["", "22/13/2026", "31/2/2026", "18/12/26", "tomorrow", "18/12", "18/12/2026/1", "²/1/2026"]
)
def test_what_is_no_day_is_not_guessed_at(text):
    assert read_day(text) is None
