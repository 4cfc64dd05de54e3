"""Each column of the register that is read: its headings in every layout, and how a cell becomes a value."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from onroll.codes import ESTABLISHMENT_TYPE, SCHOOL_STATUS
from onroll.codes.postcodes import has_form, tidy_postcode
from onroll.exchange.problems import BadValue
from onroll.schools.models import School


@dataclass(frozen=True)
class Column:
    """One thing a file can say. `headings` are what it is called, the newest layout first."""

    name: str
    headings: tuple[str, ...]
    read: Callable[[str], Any]
    words: str


# What the register writes where there is nothing to say.
_NOTHING = frozenset({"not applicable", "does not apply", "not recorded", "-", "n/a"})


def text(longest: int) -> Callable[[str], str]:
    """Words as they stand, with single blanks, cut to what there is room for."""

    @lru_cache(maxsize=65_536)
    def read(cell: str) -> str:
        words = " ".join(cell.split())
        return "" if words.lower() in _NOTHING else words[:longest]

    return read


def urn(cell: str) -> str:
    number = whole_number(cell)
    if not re.fullmatch(r"[0-9]{6}", number):
        raise BadValue(f"“{cell[:20]}” is not a URN. A URN has 6 digits.")
    return number


@lru_cache(maxsize=1024)
def la_code(cell: str) -> str:
    """Three digits. 0 is the register's word for a school in no authority, as one overseas: it is kept as 000."""
    number = whole_number(cell)
    if not number:
        return ""
    if not re.fullmatch(r"[0-9]{1,3}", number):
        raise BadValue(f"“{cell[:20]}” is not a local authority's number. It has 3 digits.")
    return number.zfill(3)


def four_digits(cell: str) -> str:
    number = whole_number(cell)
    if number and not re.fullmatch(r"[0-9]{1,4}", number):
        raise BadValue(f"“{cell[:20]}” is not a school's number within its authority. It has 4 digits.")
    return number.zfill(4) if number else ""


def ukprn(cell: str) -> str:
    number = whole_number(cell)
    if number and not re.fullmatch(r"[0-9]{8}", number):
        raise BadValue(f"“{cell[:20]}” is not a UKPRN. A UKPRN has 8 digits.")
    return number


def postcode(cell: str) -> str:
    found = tidy_postcode(cell)
    if found and not has_form(found):
        raise BadValue(f"“{cell[:20]}” is not a postcode.")
    return found


@lru_cache(maxsize=65_536)
def day(cell: str) -> date | None:
    """31-08-2018, 31/08/2018 or 2018-08-31 00:00:00."""
    if not cell:
        return None
    match = re.fullmatch(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})(?: 0?0:00(?::00)?)?", cell)
    if match:
        parts = match.group(3, 2, 1)
    elif match := re.fullmatch(r"(\d{4})-(\d{2})-(\d{2})(?:[T ]00:00(?::00)?)?", cell):
        parts = match.group(1, 2, 3)
    else:
        raise BadValue(f"“{cell[:20]}” is not a day. A day is like 31-08-2018.")
    try:
        return date(int(parts[0]), int(parts[1]), int(parts[2]))
    except ValueError:
        raise BadValue(f"“{cell[:20]}” is not a day of the calendar.") from None


@lru_cache(maxsize=65_536)
def phone(cell: str) -> str:
    """A telephone number. A spreadsheet takes away the 0 it begins with, so a number of 9 or 10 digits gets it back."""
    number = whole_number(cell)
    if re.fullmatch(r"[1-9][0-9]{8,9}", number):
        return f"0{number}"
    return " ".join(cell.split())[:30]


def age(cell: str) -> int | None:
    number = whole_number(cell)
    if not number:
        return None
    if not number.isdecimal() or int(number) > 120:
        raise BadValue(f"“{cell[:20]}” is not an age.")
    return int(number)


def metres(cell: str) -> int | None:
    """A coordinate of the national grid."""
    number = whole_number(cell)
    if not number or number == "0":
        return None
    if not number.isdecimal() or len(number) > 7:
        raise BadValue(f"“{cell[:20]}” is not a coordinate of the national grid.")
    return int(number)


def whole_number(cell: str) -> str:
    """The digits of a number as they were, also after a spreadsheet has put “.0” behind them."""
    return cell[:-2] if cell.endswith(".0") else cell


_TYPES = {each.label.lower(): each.code for each in ESTABLISHMENT_TYPE} | {
    # What the school performance tables call the types.
    "academy - converter mainstream": "34",
    "academy sponsor led mainstream": "28",
    "academy - converter special school": "44",
    "academy - sponsor led special school": "33",
    "academy 16-19 sponsor led": "46",
    "free school - mainstream": "35",
    "free school - special": "36",
    "free school - alternative provision": "38",
    "free school 16-19": "39",
    "studio school": "41",
    "general further education college": "18",
    "sixth form college": "18",
    "agriculture and horticulture college": "18",
    "specialist designated college": "18",
    "art, design and performing art college": "18",
    "sixth form centre/consortia": "31",
    "service childrens education": "26",
}


@lru_cache(maxsize=1024)
def type_code(cell: str) -> str:
    """The type of school, from its code (padded with a 0 or not) or from its words in any year."""
    words = " ".join(cell.split()).lower()
    if words in _TYPES:
        return _TYPES[words]
    number = whole_number(cell).zfill(2)
    if cell and number in ESTABLISHMENT_TYPE:
        return number
    if cell and words not in _NOTHING:
        raise BadValue(f"“{cell[:60]}” is not a type of school we know.")
    return ""


_STATUSES = {
    "1": School.Status.OPEN,
    "2": School.Status.CLOSED,
    "3": School.Status.OPEN_PROPOSED_TO_CLOSE,
    "4": School.Status.PROPOSED_TO_OPEN,
}
_STATUSES_BY_WORDS = {each.label.lower(): _STATUSES[each.code] for each in SCHOOL_STATUS}


@lru_cache(maxsize=64)
def status(cell: str) -> str:
    """Open, closed, to close or to open: by the register's code or by its words, of which one holds a comma."""
    words = " ".join(cell.split()).lower()
    found = _STATUSES_BY_WORDS.get(words) or _STATUSES.get(whole_number(words))
    if found is None:
        raise BadValue(f"“{cell[:40]}” does not say whether the school is open.")
    return found.value


def flag(cell: str) -> bool:
    return whole_number(cell) == "1"


_GRADES = {
    "outstanding": 1,
    "good": 2,
    "requires improvement": 3,
    "satisfactory": 3,
    "inadequate": 4,
    "serious weaknesses": 4,
    "special measures": 4,
}


@lru_cache(maxsize=64)
def overall_grade(cell: str) -> int | None:
    """Ofsted's one overall grade, in the layouts that still had it."""
    return _GRADES.get(" ".join(cell.split()).lower())


COLUMNS = (
    Column("urn", ("URN",), urn, "6 digits, needed"),
    Column("name", ("EstablishmentName", "SCHNAME"), text(200), "words, needed"),
    Column("la_code", ("LA (code)", "LA"), la_code, "3 digits; 0 is no authority, as for a school overseas"),
    Column("number", ("EstablishmentNumber", "ESTAB"), four_digits, "4 digits; with the authority's it is the LAESTAB"),
    Column("ukprn", ("UKPRN",), ukprn, "8 digits"),
    Column("type_code", ("TypeOfEstablishment (code)", "NFTYPE"), type_code, "a type of school, its code or its words"),
    Column("type_words", ("TypeOfEstablishment (name)", "NFTYPE"), text(100), "words"),
    Column("status", ("EstablishmentStatus (code)", "ICLOSE"), status, "1 to 4"),
    Column("status_words", ("EstablishmentStatus (name)",), status, "words, where there is no code"),
    Column("opened_on", ("OpenDate",), day, "a day"),
    Column("closed_on", ("CloseDate",), day, "a day, the last on which it was open"),
    Column("phase_code", ("PhaseOfEducation (code)",), whole_number, "0 to 7"),
    Column("is_primary", ("ISPRIMARY",), flag, "1 or 0"),
    Column("is_secondary", ("ISSECONDARY",), flag, "1 or 0"),
    Column("is_post_16", ("ISPOST16",), flag, "1 or 0"),
    Column("age_low", ("StatutoryLowAge", "AGEL"), age, "years"),
    Column("age_high", ("StatutoryHighAge", "AGEH"), age, "years"),
    Column("gender", ("Gender (name)", "GENDER"), text(20), "words"),
    Column("trust_name", ("Trusts (name)",), text(200), "words"),
    Column("street", ("Street",), text(120), "words"),
    Column("locality", ("Locality",), text(120), "words"),
    Column("town", ("Town",), text(80), "words"),
    Column("county", ("County (name)",), text(80), "words"),
    Column("postcode", ("Postcode",), postcode, "a postcode"),
    Column("phone", ("TelephoneNum", "TELNUM"), phone, "a telephone number"),
    Column("website", ("SchoolWebsite",), text(200), "an address of the web"),
    Column("easting", ("Easting",), metres, "metres"),
    Column("northing", ("Northing",), metres, "metres"),
    Column("changed_on", ("LastChangedDate",), day, "a day: an older row than the one held changes nothing"),
    Column("inspected_on", ("OfstedLastInsp",), day, "a day, in layouts that have it"),
    Column("overall", ("OfstedRating (name)",), overall_grade, "an overall grade, in layouts that have it"),
)

LINK_COLUMNS = (
    Column("urn", ("URN",), urn, "6 digits, needed"),
    Column("other_urn", ("LinkURN",), urn, "6 digits, needed"),
    Column("kind", ("LinkType",), text(100), "what the other school is to this one, needed"),
    Column("on", ("LinkEstablishedDate",), day, "a day"),
)
