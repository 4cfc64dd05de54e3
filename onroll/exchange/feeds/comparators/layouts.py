"""The layouts in which statistics are published: what each column says, and under which name the figure is kept.

Columns are found by their headings, of which a later release may use another: all that were met stand here. The names
of measures and groups are those of the list of national outcomes that comes with Onroll.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache

from onroll.codes import REGION, read_rows

Row = dict[str, str]


@dataclass(frozen=True)
class Value:
    """A column of values: the measure it is of, its headings, and those of the counts behind it."""

    measure: str
    headings: tuple[str, ...]
    part: tuple[str, ...] = ()
    whole: tuple[str, ...] = ()


@dataclass(frozen=True)
class Figure:
    """One figure of a row: where to find it, and what it is of."""

    measure: str
    group: str
    value: str
    part: str = ""
    whole: str = ""


@dataclass(frozen=True)
class Layout:
    """One kind of file: the headings by which it is known, and the figures of each row."""

    release: str
    known_by: frozenset[str]
    values: tuple[Value, ...]
    figures: Callable[["Layout", Row], Iterator[Figure]]
    place: Callable[[Row], tuple[str, str] | None]
    year: Callable[[Row, str], str]
    provisional: Callable[[Row], bool] = lambda row: False

    def first(self, row: Row, headings: tuple[str, ...]) -> str:
        return next((row[heading] for heading in headings if heading in row), "")

    def missing(self, headings: list[str]) -> list[Value]:
        """The values for which the file has no column."""
        return [value for value in self.values if not set(value.headings) & set(headings)]


GROUPS = {
    "CLA 12 months at 31 March": "CLA_12m",
    "CINO at 31 March": "CINO",
    "CPPO at 31 March": "CPPO",
    "CLA on 31 March": "CLA_31March",
    "CLA 2 years on 31 March": "CLA_2_years",
}
_LEVELS = {"National": "england", "Regional": "region", "Local authority": "authority"}


def _place(row: Row) -> tuple[str, str] | None:
    """The level and place of a row. None for an authority without a number: it did not exist in that year."""
    level = _LEVELS.get(row.get("geographic_level", ""))
    if level == "england":
        return level, ""
    if level == "region":
        return level, row.get("region_name", "")
    code = row.get("old_la_code", "")
    return ("authority", code.zfill(3)) if level and code.isdecimal() else None


def _year(row: Row, measure: str) -> str:
    """“202425” is an academic year, “2024” the year to 31 March 2024."""
    said = row.get("time_period", "")
    return f"{said[:4]}/{said[4:]}" if len(said) == 6 else said


def _each_value(suffix: str, layout: Layout, row: Row, group: str) -> Iterator[Figure]:
    for value in layout.values:
        if set(value.headings) & row.keys():
            yield Figure(
                value.measure + suffix,
                group,
                layout.first(row, value.headings),
                layout.first(row, value.part),
                layout.first(row, value.whole),
            )


def _of_a_group(layout: Layout, row: Row) -> Iterator[Figure]:
    group = GROUPS.get(row["social_care_group"])
    return _each_value("", layout, row, group) if group else iter(())


_PHASES = {
    "Total": "",
    "State-funded primary": "_primary",
    "State-funded secondary": "_secondary",
    "Special": "_special",
    "State-funded alternative provision school": "_ap",
    "Primary": "_primary",
    "Secondary": "_secondary",
}


def _of_a_phase(layout: Layout, row: Row) -> Iterator[Figure]:
    group, suffix = GROUPS.get(row["social_care_group"]), _PHASES.get(row["phase_type_grouping"])
    return iter(()) if group is None or suffix is None else _each_value(suffix, layout, row, group)


ABSENCE = Layout(
    "Outcomes for children in need, including children looked after: absence",
    frozenset({"social_care_group", "phase_type_grouping", "pt_overall"}),
    (
        Value("absence_overall", ("pt_overall",), ("t_sess_overall",), ("t_sess_possible",)),
        Value("absence_authorised", ("pt_sess_authorised",), ("t_sess_authorised",), ("t_sess_possible",)),
        Value("absence_unauthorised", ("pt_sess_unauthorised",), ("t_sess_unauthorised",), ("t_sess_possible",)),
        Value("absence_persistent_10pc", ("pt_pupils_pa_10_exact",), ("t_pupils_pa_10_exact",), ("t_pupils",)),
        Value("absence_severe_50pc", ("pt_pupils_pa_50_exact",), ("t_pupils_pa_50_exact",), ("t_pupils",)),
    ),
    _of_a_phase,
    _place,
    _year,
)


def _expected(measure: str, subject: str) -> Value:
    met = f"{subject}_met_expected_standard"
    return Value(measure, (f"pt_{met}",), (f"t_{met}",), (f"t_{subject}_eligible_pupils",))


def _progress(measure: str, subject: str) -> Value:
    name = f"{subject}_progress"
    return Value(measure, (f"avg_{name}_score",), (f"t_{name}_score",), (f"t_{name}_eligible_pupils",))


def _is_provisional(row: Row) -> bool:
    return row.get("version", "").lower() == "provisional"


KEY_STAGE_2 = Layout(
    "Outcomes for children in need, including children looked after: key stage 2",
    frozenset({"social_care_group", "t_rwm_eligible_pupils"}),
    (
        _expected("ks2_reading_exs", "read"),
        _expected("ks2_writing_exs", "writta"),
        _expected("ks2_maths_exs", "mat"),
        _expected("ks2_rwm_exs", "rwm"),
        _expected("ks2_gps_exs", "gps"),
        _expected("ks2_science_exs", "scita"),
        _progress("ks2_progress_reading", "read"),
        _progress("ks2_progress_writing", "writta"),
        _progress("ks2_progress_maths", "mat"),
    ),
    _of_a_group,
    _place,
    _year,
    _is_provisional,
)

KEY_STAGE_4 = Layout(
    "Outcomes for children in need, including children looked after: key stage 4",
    frozenset({"social_care_group", "avg_att8"}),
    (
        Value("ks4_attainment8", ("avg_att8",), ("t_att8",), ("t_pupils",)),
        Value("ks4_english_maths_9_5", ("pt_l2basics_95",), ("t_l2basics_95",), ("t_pupils",)),
        Value("ks4_english_maths_9_4", ("pt_l2basics_94",), ("t_l2basics_94",), ("t_pupils",)),
        Value("ks4_ebacc_entered", ("pt_ebacc_e_ptq_ee",), ("t_ebacc_e_ptq_ee",), ("t_pupils",)),
        Value("ks4_ebacc_aps", ("avg_ebaccaps",), ("t_ebaccaps",), ("t_pupils",)),
        Value("ks4_progress8", ("avg_p8score",), ("t_p8score",), ("t_inp8calc",)),
    ),
    _of_a_group,
    _place,
    _year,
    _is_provisional,
)


def _moves(layout: Layout, row: Row) -> Iterator[Figure]:
    group = GROUPS.get(row["cla_group"])
    if group and row["school_stability"].startswith("With one or more"):
        measure = "school_mid_year_move" if row["move_measure"] == "Mid-year moves" else "school_move"
        yield Figure(measure, group, layout.first(row, layout.values[0].headings), row.get("number", ""))


MOVES = Layout(
    "Children looked after in England: school moves",
    frozenset({"cla_group", "move_measure", "school_stability"}),
    (Value("school_move", ("percentage",), ("number",)),),
    _moves,
    _place,
    _year,
)

_POPULATIONS = {
    "Children looked after on 31 March each year": ("cla_number", "cla_rate_per_10000", "CLA_31March"),
    "Children starting to be looked after each year": ("cla_started_in_year", "cla_started_rate", "CLA_in_year"),
    "Children ceasing to be looked after each year": ("cla_ceased_in_year", "cla_ceased_rate", "CLA_in_year"),
}


def _numbers(layout: Layout, row: Row) -> Iterator[Figure]:
    if found := _POPULATIONS.get(row["population_type"]):
        number, rate, group = found
        count = layout.first(row, layout.values[0].headings)
        population = row.get("population_estimate", "")
        yield Figure(number, group, count)
        yield Figure(rate, group, layout.first(row, layout.values[1].headings), count, population)


NUMBERS = Layout(
    "Children looked after in England: numbers and rates",
    frozenset({"population_type", "population_estimate"}),
    (
        Value("cla_number", ("children_count", "number")),
        Value("cla_rate_per_10000", ("rate_per_10000", "rate_per_10k", "rate_per_10k_children")),
    ),
    _numbers,
    _place,
    _year,
)


def _all_pupils(layout: Layout, row: Row) -> Iterator[Figure]:
    suffix = _PHASES.get(row["education_phase"])
    return iter(()) if suffix is None else _each_value(suffix, layout, row, "all_pupils")


ATTENDANCE = Layout(
    "Pupil attendance in schools, the year to date",
    frozenset({"education_phase", "attendance_perc", "possible_sessions"}),
    (
        Value("attendance_overall", ("attendance_perc",), ("overall_attendance",), ("possible_sessions",)),
        Value("absence_overall", ("overall_absence_perc",), ("overall_absence",), ("possible_sessions",)),
        Value("absence_authorised", ("authorised_absence_perc",), ("authorised_absence",), ("possible_sessions",)),
        Value(
            "absence_unauthorised", ("unauthorised_absence_perc",), ("unauthorised_absence",), ("possible_sessions",)
        ),
        Value("absence_persistent_10pc", ("pa_perc",)),
    ),
    _all_pupils,
    _place,
    _year,
    # Of a year that is not over.
    lambda row: True,
)

# By their short names, which carry stray blanks; the column that should say what they are is empty.
_SHORT = {
    "LAC_Fixed_Ex": "suspension_one_or_more",
    "LACDistance": "placed_over_20_miles_outside_la",
    "LAC": "cla_rate_per_10000",
    "LACnum": "cla_number",
    "LAC_Over_Abs": "absence_overall",
    "LAC_Pers_Abs": "absence_persistent_10pc",
    "LAC_Unauth": "absence_unauthorised",
    "Emotional_LAC": "sdq_average_score",
    "LAC_19_HE": "care_leavers_higher_education",
    "LAC_SEN": "sen_support",
    "LAC_SEN_Statement": "sen_ehcp_or_statement",
    "LAC_KS2_ExpStd_R": "ks2_reading_exs",
    "LAC_KS2_ExpStd_W": "ks2_writing_exs",
    "LAC_KS2_ExpStd_M": "ks2_maths_exs",
    "LAC_KS2_ExpStd_GPS": "ks2_gps_exs",
    "LAC_KS2_ExpStd_RWM": "ks2_rwm_exs",
    "LAC_KS2_AVG_Prog8_R": "ks2_progress_reading",
    "LAC_KS2_AVG_Prog8_W": "ks2_progress_writing",
    "LAC_KS2_AVG_Prog8_M": "ks2_progress_maths",
    "LAC_KS4_AVG_Attain8": "ks4_attainment8",
    "LAC_KS4_AVG_Prog8": "ks4_progress8",
    "LAC_EngMaths9-4": "ks4_english_maths_9_4",
    "LACStable_2016on": "placements_3_or_more",
    "LAC_LongStable%": "placement_stability_2_years",
}


@cache
def _of_looked_after() -> dict[str, tuple[str, bool]]:
    """For each measure its group of looked-after children, and whether its years are academic ones."""
    return {
        row["measure"]: (row["group"], "/" in row["year"])
        for row in read_rows("national_outcomes.csv")
        if row["group"].startswith(("CLA", "care_leavers"))
    }


def _interactive(layout: Layout, row: Row) -> Iterator[Figure]:
    measure = _SHORT.get("".join(row["Short Desc"].split()))
    if measure:
        yield Figure(measure, _of_looked_after()[measure][0], row["Values"])


_REGIONS = {code.code: code.label for code in REGION}


def _interactive_place(row: Row) -> tuple[str, str] | None:
    """The numbers of England, the regions and the authorities stand in one column, with a decimal point."""
    code = row["LA Number"].split(".")[0]
    if code in _REGIONS:
        return ("england", "") if _REGIONS[code] == "England" else ("region", _REGIONS[code])
    return ("authority", code.zfill(3)) if code.isdecimal() and int(code) < 970 else None


def _interactive_year(row: Row, measure: str) -> str:
    """2025 stands for the academic year 2024/25 and for the year to 31 March 2025."""
    year = row["Years"]
    return f"{int(year) - 1}/{year[2:]}" if _of_looked_after()[measure][1] and year.isdecimal() else year


INTERACTIVE_TOOL = Layout(
    "Local Authority Interactive Tool",
    frozenset({"Short Desc", "LA Number", "Values"}),
    (),
    _interactive,
    _interactive_place,
    _interactive_year,
)


def _plain(layout: Layout, row: Row) -> Iterator[Figure]:
    value = row["value"] or row.get("symbol", "")
    yield Figure(row["measure"], row["group"], value, row.get("numerator", ""), row.get("denominator", ""))


def _plain_place(row: Row) -> tuple[str, str] | None:
    if code := row.get("la_code", ""):
        return "authority", code.zfill(3)
    return ("region", row["region"]) if row.get("region") else ("england", "")


PLAIN = Layout(
    "A list of published figures",
    frozenset({"year", "measure", "group", "value"}),
    (),
    _plain,
    _plain_place,
    lambda row, measure: row["year"],
    lambda row: row.get("provisional", "").lower() in ("yes", "true"),
)

LAYOUTS = (ABSENCE, KEY_STAGE_2, KEY_STAGE_4, MOVES, NUMBERS, ATTENDANCE, INTERACTIVE_TOOL, PLAIN)

COLUMNS = (
    *(
        (layout.release, " or ".join(value.headings), value.measure.replace("_", " "))
        for layout in LAYOUTS
        for value in layout.values
    ),
    *(
        (PLAIN.release, name, words)
        for name, words in (
            ("year", "2024/25 for an academic year, 2025 for a year to 31 March"),
            ("measure", "Its name in Onroll, like ks2_rwm_exs"),
            ("group", "CLA_12m, CLA_31March, all_pupils and so on"),
            ("value", "The number, or c, x, z, k or low"),
            ("la_code or region", "Empty: England"),
            ("provisional", "yes or no"),
            ("confidential_until", "The first day on which it may be shown outside, like 2027-03-18"),
        )
    ),
)
