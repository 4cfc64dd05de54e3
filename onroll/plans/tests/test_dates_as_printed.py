"""Words about dates come to days: what the two plans print, and what anybody may print."""

from calendar import monthrange
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onroll.codes.years import Period, academic_year
from onroll.design.words import MONTHS
from onroll.plans.dates_as_printed import AsPrinted, SchoolYears, due_dates, read

YEAR = academic_year("2018-19")
ASHCOMBE = SchoolYears(
    terms=(
        ("2018-19", "autumn", Period(date(2018, 9, 4), date(2018, 12, 20))),
        ("2018-19", "spring", Period(date(2019, 1, 7), date(2019, 4, 6))),
        ("2018-19", "summer", Period(date(2019, 4, 23), date(2019, 7, 24))),
    ),
    breaks=(("2018-19", "spring", Period(date(2019, 2, 18), date(2019, 2, 23))),),
    holidays=(Period(date(2018, 12, 20), date(2019, 1, 7)), Period(date(2019, 4, 6), date(2019, 4, 23))),
)


@pytest.mark.requirement("R106", "R002")
@pytest.mark.parametrize(
    ("words", "start", "due", "ongoing", "rhythm"),
    [
        ("March 2016", date(2016, 3, 1), date(2016, 3, 31), False, ""),
        ("Feb 2019 (set up)", date(2019, 2, 1), date(2019, 2, 28), False, ""),
        ("April 2019 and ongoing", date(2019, 4, 1), None, True, ""),
        ("August 2018\nApril 2019 and on going", date(2018, 8, 1), None, True, ""),
        ("October 2018 and ongoing (weekly)", date(2018, 10, 1), None, True, "week"),
        ("Autumn 2019 (pilot)\nJanuary 2019 and ongoing", date(2019, 1, 1), None, True, ""),
        ("August 2019\nAutumn 2019", date(2019, 8, 1), date(2019, 12, 31), False, ""),
        ("Spring 2019: procurement complete", date(2019, 1, 7), date(2019, 4, 5), False, ""),
        ("Weekly SSG meeting", None, date(2019, 8, 31), False, "week"),
        ("PEP / reviews 3x year", None, date(2019, 8, 31), False, "term"),
        ("Termly (Autumn, Spring, Summer)", date(2018, 9, 4), date(2019, 8, 31), False, "term"),
        ("Feb half term / key school holidays", date(2019, 2, 18), date(2019, 8, 31), False, "february"),
        ("Sept 2018, school holidays", date(2018, 9, 1), date(2019, 8, 31), False, "holidays"),
        ("Sept 2018 and as per meeting cycle", date(2018, 9, 1), date(2019, 8, 31), False, "meetings"),
        ("arranged for 25 Jan 2016", date(2016, 1, 25), date(2016, 1, 25), False, ""),
        ("requested from BIT on 21.10.15", date(2015, 10, 21), date(2015, 10, 21), False, ""),
        ("launch event on 30 September", date(2018, 9, 30), date(2018, 9, 30), False, ""),
        ("by Dec", date(2018, 12, 1), date(2018, 12, 31), False, ""),
        ("1-1 support SW", None, None, False, ""),
        ("31 February 2019", None, None, False, ""),
        ("", None, None, False, ""),
    ],
)
def test_what_plans_print_comes_to_these_days(words, start, due, ongoing, rhythm):
    assert read(words, within=YEAR, years=ASHCOMBE) == AsPrinted(start, due, ongoing, rhythm)


@given(st.integers(1, 9998), st.integers(1, 12), st.sampled_from(["{} {:04}", "{} {:04} (set up)", "by  {}  {:04}"]))
def test_a_month_ends_on_its_last_day(year, month, form):
    found = read(form.format(MONTHS[month - 1], year))

    assert (found.start, found.due) == (date(year, month, 1), date(year, month, monthrange(year, month)[1]))


@given(st.text(max_size=60) | st.from_regex(r"(\d{1,4}[-/. ]?|[A-Za-z]{3,9} |term |half ){0,6}", fullmatch=True))
def test_no_words_make_it_fail_and_what_starts_is_not_due_before(words):
    found = read(words, within=YEAR, years=ASHCOMBE)

    assert not (found.ongoing and found.due)
    if found.start and found.due and not found.rhythm:
        assert found.start <= found.due


@given(st.sampled_from(["autumn", "spring", "summer"]), st.integers(2000, 2030))
def test_a_term_without_a_calendar_is_the_national_one(term, year):
    found = read(f"{term.title()} term {year}")

    ends = {"autumn": date(year, 12, 31), "spring": date(year, 3, 31), "summer": date(year, 8, 31)}
    assert found.due == ends[term]


@given(st.sampled_from(["week", "month", "half_term", "term", "quarter", "year", "holidays", "february", "meetings"]))
def test_what_comes_round_is_due_within_the_plans_year_in_order(rhythm):
    days = due_dates(rhythm, YEAR, ASHCOMBE)

    assert days == sorted(set(days))
    assert all(day in YEAR for day in days)


@pytest.mark.requirement("R106")
def test_a_rhythm_becomes_due_dates():
    assert due_dates("term", YEAR, ASHCOMBE) == [date(2018, 12, 19), date(2019, 4, 5), date(2019, 7, 23)]
    assert due_dates("half_term", YEAR, ASHCOMBE)[1] == date(2019, 2, 17)
    assert due_dates("february", YEAR, ASHCOMBE) == [date(2019, 1, 6), date(2019, 2, 22), date(2019, 4, 22)]
    assert len(due_dates("week", YEAR)) == 52
    assert due_dates("quarter", YEAR) == [date(2018, 9, 30), date(2018, 12, 31), date(2019, 3, 31), date(2019, 6, 30)]
