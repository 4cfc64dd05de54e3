"""Days as people type them: three boxes, or one box, read the same way."""

import datetime as dt
import re

from onroll.design.words import MONTHS

_MONTH_NUMBERS = {name.lower(): number for number, name in enumerate(MONTHS, 1)} | {
    name[:3].lower(): number for number, name in enumerate(MONTHS, 1)
}
_MONTH_NUMBERS["sept"] = 9


def month_number(text: str) -> int | None:
    """12, December or Dec as 12; anything else as nothing."""
    text = text.strip().lower().rstrip(".")
    if text.isdecimal():
        return int(text) if 1 <= int(text) <= 12 else None
    return _MONTH_NUMBERS.get(text)


def real_day(day: str, month: str, year: str) -> dt.date | None:
    """The day that the three texts name, if there is such a day. The year needs its four digits."""
    number = month_number(month)
    if number is None or not day.strip().isdecimal() or not re.fullmatch(r"\d{4}", year.strip()):
        return None
    try:
        return dt.date(int(year), number, int(day))
    except ValueError:
        return None


def read_day(text: str) -> dt.date | None:
    """18/12/2026, 18-12-2026, 18.12.2026, 18 12 2026, 18 Dec 2026 or 2026-12-18, if it is a real day."""
    parts = re.split(r"[\s/.\-]+", text.strip())
    if len(parts) != 3:
        return None
    if re.fullmatch(r"\d{4}", parts[0]):
        parts.reverse()
    return real_day(*parts)
