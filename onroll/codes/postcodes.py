"""Postcodes: how they are written. Which authority one lies in only a postcode directory can say, never its letters."""

import re

_FORM = re.compile(
    r"""
    (?: [A-PR-UWYZ] [0-9]{1,2}              # M1 1AA, B33 8TH
      | [A-PR-UWYZ] [A-HK-Y] [0-9]{1,2}     # CR2 6XH, DN55 1PT
      | [A-PR-UWYZ] [0-9] [A-HJKPSTUW]      # W1A 1HQ
      | [A-PR-UWYZ] [A-HK-Y] [0-9] [A-Z]    # EC1A 1BB
    )
    [ ] [0-9] [ABD-HJLNP-UW-Z]{2}
    """,
    re.VERBOSE,
)


def tidy_postcode(text: str) -> str:
    """The postcode as it should be written: capitals, one blank before the last three characters.

    What does not have the form of a postcode comes back in capitals, with its blanks made single.
    """
    joined = "".join(text.split()).upper()
    tidied = f"{joined[:-3]} {joined[-3:]}"
    return tidied if has_form(tidied) else " ".join(text.split()).upper()


def has_form(postcode: str) -> bool:
    """Is this, tidied, in the form of a postcode of the United Kingdom? It may still not exist."""
    return _FORM.fullmatch(postcode) is not None


def why_not_postcode(postcode: str) -> str:
    """Why this, tidied, is not a postcode, in words to show. Empty if it may be one."""
    return "" if has_form(postcode) else f"{postcode} is not a postcode. A postcode is like SW1A 1AA."
