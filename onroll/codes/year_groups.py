"""Age, year group, phase, key stage and compulsory school age: all from the date of birth and a day."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from .code_sets import read_rows


class Phase(StrEnum):
    """The three phases that the roll is counted in."""

    EARLY_YEARS = "early_years"
    SCHOOL_AGE = "school_age"
    POST_16 = "post16"

    @property
    def label(self) -> str:
        return {"early_years": "Early years", "school_age": "Reception to Year 11", "post16": "Years 12 and 13"}[self]


_NAMED_YEARS = {int(row["number"]): row for row in read_rows("year_groups.csv")}
LAST_YEAR = max(_NAMED_YEARS)


@dataclass(frozen=True, order=True)
class SchoolYear:
    """A national curriculum year: 0 is Reception, 1 is Year 1, -1 and -2 are the nursery years."""

    number: int

    @property
    def label(self) -> str:
        if self.number > LAST_YEAR:
            return f"Beyond Year {LAST_YEAR}"
        return _NAMED_YEARS[self.number]["label"] if self.number in _NAMED_YEARS else "Below nursery age"

    @property
    def code(self) -> str:
        """How school data writes it: N1, N2, R, 1 to 13. Empty where there is no such year."""
        return _NAMED_YEARS[self.number]["code"] if self.number in _NAMED_YEARS else ""

    @property
    def key_stage(self) -> str:
        """EYFS, KS1 to KS4 or Post-16. Empty where there is none."""
        return _NAMED_YEARS[self.number]["key_stage"] if self.number in _NAMED_YEARS else ""

    @property
    def phase(self) -> Phase | None:
        """The phase of the roll, from birth. None beyond Year 13, when a child has left the roll."""
        if self.number > LAST_YEAR:
            return None
        if self.number >= 12:
            return Phase.POST_16
        return Phase.SCHOOL_AGE if self.number >= 0 else Phase.EARLY_YEARS

    def __str__(self) -> str:
        return self.label


def age_on(born_on: date, *, on: date) -> int:
    """Age in whole years. Someone born on 29 February turns a year older on 1 March in other years."""
    return on.year - born_on.year - ((on.month, on.day) < (born_on.month, born_on.day))


def year_group_of(born_on: date, *, on: date) -> SchoolYear:
    """The national curriculum year, on a day, of someone born on this date."""
    year_began = on.year if on.month >= 9 else on.year - 1
    return SchoolYear(age_on(born_on, on=date(year_began, 8, 31)) - 4)


def phase_of(born_on: date, *, on: date) -> Phase | None:
    """Early years, school age or post-16 on a day. None beyond Year 13."""
    return year_group_of(born_on, on=on).phase


def born_between(year: SchoolYear, *, on: date) -> tuple[date, date]:
    """The first and last birth date of those who are in this year on a day, so that a list can be asked for them."""
    born = (on.year if on.month >= 9 else on.year - 1) - year.number - 4
    return date(born - 1, 9, 1), date(born, 8, 31)


def compulsory_school_age_from(born_on: date) -> date:
    """The first 31 August, 31 December or 31 March on or after the fifth birthday."""
    fifth_birthday = _birthday(born_on, 5)
    year = fifth_birthday.year
    return next(day for day in (date(year, 3, 31), date(year, 8, 31), date(year, 12, 31)) if day >= fifth_birthday)


def compulsory_school_age_to(born_on: date) -> date:
    """The last day of compulsory school age: the last Friday in June of the school year of the sixteenth birthday."""
    sixteenth_birthday = _birthday(born_on, 16)
    end_of_june = date(sixteenth_birthday.year + (sixteenth_birthday.month >= 9), 6, 30)
    return end_of_june - timedelta(days=(end_of_june.weekday() - 4) % 7)


def is_of_compulsory_school_age(born_on: date, *, on: date) -> bool:
    return compulsory_school_age_from(born_on) <= on <= compulsory_school_age_to(born_on)


def _birthday(born_on: date, age: int) -> date:
    try:
        return born_on.replace(year=born_on.year + age)
    except ValueError:
        return date(born_on.year + age, 3, 1)
