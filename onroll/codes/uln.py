"""The unique learner number: ten digits, from the age of 14 and for life."""

NOT_KNOWN = "9999999999"
"""What data says where the number is not known."""


def tidy_uln(text: str) -> str:
    """The number as it should be written: no blanks."""
    return "".join(text.split())


def check_digit(body: str) -> str:
    """The digit that must stand after these nine. Empty if no number can begin with them."""
    remainder = sum(weight * int(digit) for weight, digit in zip(range(10, 1, -1), body, strict=True)) % 11
    return str(10 - remainder) if remainder else ""


def why_not_uln(uln: str) -> str:
    """Why this is not a ULN, in words to show. Empty if it is one."""
    if uln == NOT_KNOWN:
        return f"{uln} is not a ULN. It says that the number is not known."
    if len(uln) != 10 or not (uln.isascii() and uln.isdecimal()):
        return f"{uln} is not a ULN. A ULN has 10 digits."
    expected = check_digit(uln[:9])
    if not expected:
        return f"{uln} is not a ULN. No ULN begins with these nine digits."
    if uln[9] != expected:
        return f"{uln} is not a ULN. Its last digit should be {expected}."
    return ""
