"""The unique pupil number: a check letter, then twelve characters that a school gave the child once for life."""

import re

LETTERS = "ABCDEFGHJKLMNPQRTUVWXYZ"
"""The 23 letters a UPN can hold. Each stands for its place here, from 0."""

_FORM = re.compile(rf"[{LETTERS}][0-9]{{11}}[0-9{LETTERS}]")
# The guide lists UN1 to UN5. Returns have held UN6 and UN7 in some years too, and none of them is a UPN.
_UNKNOWN = re.compile(r"UN[1-7]")


def tidy_upn(text: str) -> str:
    """The number as it should be written: capitals, no blanks."""
    return "".join(text.split()).upper()


def is_code_for_unknown(text: str) -> bool:
    """Does this say why there is no UPN (UN1 and so on), instead of being one?"""
    return _UNKNOWN.fullmatch(text) is not None


def check_letter(body: str) -> str:
    """The letter that must stand before these twelve characters."""
    values = [int(each) if each.isdecimal() else LETTERS.index(each) for each in body]
    return LETTERS[sum(weight * value for weight, value in enumerate(values, start=2)) % 23]


def why_not_form(upn: str) -> str:
    """Why this cannot be a UPN at all, whatever its check letter. Empty if it can."""
    if is_code_for_unknown(upn):
        return f"{upn} is not a UPN. It says why there is none."
    if len(upn) != 13:
        return f"{upn} is not a UPN. A UPN has 13 characters."
    if not _FORM.fullmatch(upn):
        return f"{upn} is not a UPN. A UPN is a letter (never I, O or S), then 12 digits; the last can be a letter."
    return ""


def why_not_upn(upn: str) -> str:
    """Why this is not a UPN, in words to show. Empty if it is one.

    Whoever must keep a UPN with a wrong check letter, as a return that holds one must be read, asks `why_not_form`.
    """
    problem = why_not_form(upn)
    if problem:
        return problem
    expected = check_letter(upn[1:])
    if upn[0] != expected:
        return f"{upn} is not a UPN. Its first letter should be {expected}."
    return ""


def is_temporary(upn: str) -> bool:
    """A temporary UPN ends in a letter. It is given until the real one is found."""
    return not why_not_form(upn) and upn[-1] in LETTERS
