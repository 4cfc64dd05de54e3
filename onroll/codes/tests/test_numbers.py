import csv
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onroll.codes import uln, upn
from onroll.codes.postcodes import has_form, tidy_postcode, why_not_postcode

DIGITS = st.text("0123456789", min_size=11, max_size=11)


@pytest.mark.parametrize(
    "number", ["H801200001001", "Z203299910123", "K300400500612", "G42000090001A", "Z999000124001"]
)
def test_a_upn_with_the_right_check_letter_is_one(number):
    assert upn.why_not_upn(number) == ""
    assert upn.is_temporary(number) == number.endswith("A")


@given(DIGITS, st.sampled_from("0123456789" + upn.LETTERS), st.sampled_from(upn.LETTERS))
def test_a_upn_has_one_check_letter_and_every_other_is_refused_by_name(digits, last, first):
    body = digits + last
    expected = upn.check_letter(body)

    assert upn.why_not_upn(expected + body) == ""
    assert upn.why_not_form(first + body) == ""
    if first != expected:
        assert upn.why_not_upn(first + body).endswith(f"Its first letter should be {expected}.")


@given(DIGITS, st.integers(min_value=0, max_value=10), st.integers(min_value=1, max_value=9))
def test_one_mistyped_digit_is_always_noticed(digits, place, more):
    body = digits + "1"
    mistyped = body[:place] + str((int(body[place]) + more) % 10) + body[place + 1 :]

    assert upn.check_letter(mistyped) != upn.check_letter(body)


@pytest.mark.parametrize(
    ("number", "says"),
    [
        ("H80120000100", "13 characters"),
        ("", "13 characters"),
        ("S801200001001", "never I, O or S"),
        ("H80120000100I", "never I, O or S"),
        ("H8012000010A1", "then 12 digits"),
        ("h801200001001", "then 12 digits"),
        ("H80120000100١", "then 12 digits"),
        ("UN4", "says why there is none"),
        ("UN7", "says why there is none"),
    ],
)
def test_what_is_not_a_upn_is_refused_in_words(number, says):
    assert says in upn.why_not_form(number)
    assert says in upn.why_not_upn(number)
    assert not upn.is_temporary(number)


def test_a_typed_upn_is_tidied():
    assert upn.tidy_upn(" h8012 0000 1001 ") == "H801200001001"


@pytest.mark.parametrize("number", ["1000000019", "1234567899", "9999999998"])
def test_a_uln_with_the_right_last_digit_is_one(number):
    assert uln.why_not_uln(number) == ""


@given(st.text("0123456789", min_size=9, max_size=9))
def test_nine_digits_have_one_last_digit_or_none(body):
    good = [last for last in "0123456789" if not uln.why_not_uln(body + last) and body + last != uln.NOT_KNOWN]

    assert good == [each for each in [uln.check_digit(body)] if each]


@pytest.mark.parametrize(
    ("number", "says"),
    [
        ("9999999999", "is not known"),
        ("123456789", "10 digits"),
        ("12345678A9", "10 digits"),
        ("1234567890", "last digit should be 9"),
        ("0000000000", "No ULN begins"),
    ],
)
def test_what_is_not_a_uln_is_refused_in_words(number, says):
    assert says in uln.why_not_uln(number)


def test_a_typed_uln_is_tidied():
    assert uln.tidy_uln(" 1000 000 019 ") == "1000000019"


@pytest.mark.parametrize(
    ("typed", "tidied"),
    [
        ("sw1a1aa", "SW1A 1AA"),
        (" m1  1ae ", "M1 1AE"),
        ("B338TH", "B33 8TH"),
        ("CR26XH", "CR2 6XH"),
        ("dn55 1pt", "DN55 1PT"),
        ("W1A 1 HQ", "W1A 1HQ"),
        ("ec1a 1bb", "EC1A 1BB"),
    ],
)
def test_a_postcode_is_tidied_to_its_own_form(typed, tidied):
    assert tidy_postcode(typed) == tidied
    assert has_form(tidied)
    assert why_not_postcode(tidied) == ""


@pytest.mark.parametrize("typed", ["", "SW1A", "1AA SW1", "SW1A 1CC", "Q1 1AA", "AB CDE", "M1 1AA4", "no fixed abode"])
def test_what_lacks_the_form_of_a_postcode_is_kept_and_refused_in_words(typed):
    assert tidy_postcode(typed) == typed.upper()
    assert "is not a postcode" in why_not_postcode(tidy_postcode(typed))


@given(st.text(max_size=12))
def test_tidying_a_postcode_twice_changes_nothing_more(text):
    assert tidy_postcode(tidy_postcode(text)) == tidy_postcode(text)


def test_every_postcode_of_the_national_register_has_the_form(shared):
    with (shared / "data/schools/england_spine_2017-18.csv").open(encoding="utf-8", newline="") as lines:
        postcodes = [row["POSTCODE"] for row in csv.DictReader(lines) if row["POSTCODE"]]

    without_blanks = [each.replace(" ", "").lower() for each in random.Random(1).sample(postcodes, 2000)]
    assert [each for each in postcodes if not has_form(each)] == []
    assert {tidy_postcode(each) for each in without_blanks} <= set(postcodes)


def test_about_one_in_23_random_check_letters_of_the_sample_return_is_right(shared):
    with (shared / "data/ssda903/csc-validator/header.csv").open(encoding="utf-8", newline="") as lines:
        numbers = [row["UPN"] for row in csv.DictReader(lines)]

    assert sum(not upn.why_not_upn(each) for each in numbers) == 107
