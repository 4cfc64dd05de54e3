"""The columns of a whole-roll list: the headings they are known by, and how a cell of each kind is read."""

import re
from collections import defaultdict
from collections.abc import Callable
from typing import Any

from onroll.codes import CodeSet, sex_of
from onroll.exchange.feeds.ssda903.cells import quoted
from onroll.exchange.problems import BadValue
from onroll.exchange.sheets import SheetColumn


def _column(key: str, heading: str, *others: str, needed: bool = False, hint: str = "") -> SheetColumn:
    return SheetColumn(key, heading, str, others, needed, hint)


COLUMNS = (
    _column(
        "child_id",
        "Child’s number",
        "child id", "child", "child unique id", "unique id", "person id", "client id", "lcs id", "mosaic id",
        needed=True,
        hint="The authority’s own number of the child, as in the SSDA903 return",
    ),
    _column("family_name", "Family name", "surname", "last name"),
    _column("given_name", "Given name", "first name", "forename", "given names", "forenames"),
    _column("known_as", "Known as", "preferred name", "preferred first name"),
    _column("birth_date", "Date of birth", "birth date", "dob", hint="Needed for a child who is new to Onroll"),
    _column("sex", "Sex", "gender"),
    _column("ethnicity", "Ethnicity", "ethnic", "ethnic origin", "ethnic group", "ethnicity code"),
    _column("upn", "UPN", "unique pupil number", hint="Or the code for why there is none"),
    _column("disability", "Disability", "disabled", "does the child have a disability"),
    _column(
        "uasc",
        "UASC",
        "unaccompanied asylum seeking child",
        "unaccompanied asylum seeking child uasc",
        "unaccompanied asylum seeking child uasc y n",
        "uasc y n",
    ),
    _column(
        "care_start",
        "Date started to be looked after",
        "date started being looked after", "date became looked after", "looked after from", "care start",
        "care start date", "start of care", "lac start date", "start date of looked after", "date became cla",
        needed=True,
        hint="The first day of this period of care",
    ),
    _column(
        "legal_status",
        "Legal status",
        "childs legal status", "current legal status", "legal status code", "ls",
        needed=True,
        hint="The code of the return, alone or with its words, such as C2 - Full care order",
    ),
    _column(
        "legal_status_on",
        "Date of legal status",
        "start date of current legal status", "legal status date", "legal status start", "legal status start date",
        "legal status from", "date of current legal status",
    ),
    _column("category_of_need", "Category of need", "childs category of need", "category of need code", "cin code"),
    _column(
        "placement_type",
        "Placement type",
        "type of placement", "current placement type", "placement type code", "placement",
        hint="The code of the return, alone or with its words",
    ),
    _column("provider", "Placement provider", "provider", "type of provider", "placement provider code"),
    _column(
        "placement_start",
        "Placement start date",
        "start date of most recent placement", "start date of current placement", "placement start",
        "placement from", "date of placement", "placement date",
    ),
    _column("postcode", "Placement postcode", "postcode of placement", "current placement postcode"),
    _column("address", "Placement address", "address of placement", "current placement address"),
    _column(
        "la_code",
        "Placement authority",
        "la of placement", "placement la", "local authority of placement", "placement local authority",
        "placement la code",
        hint="The authority the home lies in: its code or its name",
    ),
    _column("ofsted_urn", "Ofsted URN", "urn of placement", "placement urn", "ofsted urn of placement"),
    _column("social_worker", "Social worker", "allocated worker", "allocated social worker", hint="Name or e-mail"),
    _column("team", "Team", "allocated team", "social work team", hint="Tells two people of one name apart"),
    _column("iro", "IRO", "independent reviewing officer", "reviewing officer", hint="Name or e-mail"),
    _column(
        "officer",
        "Virtual school officer",
        "virtual school adviser", "education adviser", "virtual school worker", "vs officer",
        hint="Name or e-mail",
    ),
    _column(
        "school",
        "School",
        "school name", "current school", "school urn", "name of school", "establishment", "laestab", "setting",
        hint="URN, LAESTAB, or the name where only one open school has it",
    ),
    _column("school_start", "School start date", "school start", "date started at school", "school from"),
    _column("next_review", "Next review date", "date of next review", "next review", "next lac review", "review due"),
    _column(
        "last_review",
        "Last review date",
        "date of last review", "last review", "last lac review", "date of latest statutory review",
        "date of latest statutory review of case",
    ),
    _column(
        "care_end",
        "Date ceased to be looked after",
        "looked after until", "care end", "care end date", "end of care", "lac end date",
        hint="A child who has one by the day of the list has left care",
    ),
    _column("reason_ceased", "Reason ceased to be looked after", "reason ceased", "reason for leaving care"),
)  # fmt: skip


def plain(text: str) -> str:
    """Letters and numbers alone, small: how words are compared."""
    return re.sub(r"[^a-z0-9]+", "", text.lower())


_CODE_FIRST = re.compile(r"\W*(\w+)(?:\W|$)")
_CODE_LAST = re.compile(r"\((\w+)\)$")
_AFTER_A_DASH = re.compile(r"\s*(?:[-–—:]|\))\s+")


def code_or_words(codes: "CodeSet[Any]") -> Callable[[str], str]:
    """A reader of “C2”, of “C2 - Full care order”, and of the words alone where only one code has them."""
    known: dict[str, set[str]] = defaultdict(set)
    for each in codes:
        known[plain(each.label)].add(each.code)

    def read(cell: str) -> str:
        in_words = [known.get(plain(part), set()) for part in (cell, _AFTER_A_DASH.split(cell, maxsplit=1)[-1])]
        for found in (_CODE_FIRST.match(cell), _CODE_LAST.search(cell)):
            if found and found[1].upper() in codes:
                return found[1].upper()
        for those in in_words:
            if len(those) == 1:
                return next(iter(those))
        raise BadValue(f"{quoted(cell)} is not a code for {codes.name}.")

    return read


_YES, _NO = {"yes", "y", "true", "1", "ayes"}, {"no", "n", "false", "0", "none", "bno"}
_SEXES = {"male": "M", "boy": "M", "female": "F", "girl": "F", "unknown": "U", "notknown": "U"}


def yes_or_no(cell: str) -> bool:
    word = plain(cell)
    if word in _YES or word in _NO:
        return word in _YES
    raise BadValue(f"{quoted(cell)} is neither yes nor no.")


def sex(cell: str) -> str:
    """M, F or U, as a code of any year or in words."""
    first = _CODE_FIRST.match(cell)
    found = sex_of(first[1].upper()) if first else None
    if found is not None:
        return str(found.code)
    if plain(cell) in _SEXES:
        return _SEXES[plain(cell)]
    raise BadValue(f"{quoted(cell)} is not a code for sex.")
