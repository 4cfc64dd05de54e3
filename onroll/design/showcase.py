"""What the component page shows: every component in each of its states. Everybody in it is invented."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django import forms

from onroll.design import tags
from onroll.design.charts import Bars, ChartFrame, Columns, Level, Line, Point
from onroll.design.forms import FilterForm, GovukDateField, GovukForm, Look
from onroll.design.story import Bar, Event, Lane, Story
from onroll.design.tables import Cell, Column, GroupRow, Table, TickedRow
from onroll.design.values import (
    AsAt,
    Check,
    ChildHeader,
    Chip,
    Difference,
    Entry,
    Fact,
    Figure,
    ImportSentence,
    Mark,
    Pages,
    PersonChip,
    Side,
    SpellRow,
    SummaryRow,
    Tab,
    Tile,
    Timeline,
    spell_table,
)

TODAY = dt.date(2026, 11, 12)
HERE = "#components"


class ExampleForm(GovukForm):
    family_name = forms.CharField(label="Family name", max_length=60)
    email = forms.EmailField(label="E-mail address", help_text="We use it to tell you that something waits for you.")
    ends_on = GovukDateField(label="When does the place end?", asks="the day the place ends")
    hours = forms.IntegerField(label="Hours a week", required=False, max_value=40)
    reason = forms.ChoiceField(
        label="Why does it end?",
        choices=[("moved", "She moves home"), ("phase", "The phase ends"), ("other", "Something else")],
        widget=forms.RadioSelect,
    )
    other_reason = forms.CharField(label="What else?", required=False)
    full_time = forms.ChoiceField(label="Full time?", choices=[("yes", "Yes"), ("no", "No")], widget=forms.RadioSelect)
    needs = forms.MultipleChoiceField(
        label="What does she need there?",
        choices=[("taxi", "A taxi"), ("meals", "Free meals"), ("none", "None of these")],
        widget=forms.CheckboxSelectMultiple,
    )
    school = forms.ChoiceField(
        label="School",
        choices=[
            ("", "Choose a school"),
            ("In Ashcombe", [("1", "Fernhill Academy"), ("2", "Larkfield Primary School")]),
        ],
    )
    note = forms.CharField(label="What should the school know?", required=False, widget=forms.Textarea)
    letter = forms.FileField(label="The letter", required=False)
    password = forms.CharField(label="Password", widget=forms.PasswordInput)
    sure = forms.BooleanField(label="The social worker has agreed")

    looks = {
        "family_name": Look(width="two-thirds"),
        "email": Look(autocomplete="email", spellcheck=False),
        "ends_on": Look(label="m"),
        "hours": Look(width=2, suffix="hours"),
        "reason": Look(label="m", hints={"phase": "Year 6 in July, for example"}, reveals={"other": "other_reason"}),
        "full_time": Look(inline=True, small=True),
        "needs": Look(or_before="none", alone="none"),
        "note": Look(count=300, rows=3),
        "letter": Look(accept=".pdf,.docx"),
        "password": Look(autocomplete="current-password"),
    }


class ExampleFilter(FilterForm):
    phase = forms.ChoiceField(label="Phase", choices=[("", "Any"), ("early", "Early years"), ("primary", "Primary")])
    where = forms.MultipleChoiceField(
        label="Where they learn",
        choices=[("in", "In Ashcombe"), ("out", "In another authority"), ("none", "No school place")],
        widget=forms.CheckboxSelectMultiple,
    )

    looks = {"where": Look(small=True)}


def example_story() -> Story:
    """Mia Dawson: four homes, three schools, five school days without a place."""
    return Story(
        name="Mia",
        born_on=dt.date(2013, 3, 4),
        today=TODAY,
        description="Came into care in June 2021: four homes and three schools since, with five school days without a "
        "place in February 2025. She has lived with the same carers and gone to the same school for nearly two years.",
        lanes=[
            Lane(
                "Care",
                "care",
                [
                    Bar(dt.date(2021, 6, 18), dt.date(2021, 9, 6), "Accommodated", light=True),
                    Bar(dt.date(2021, 9, 6), dt.date(2022, 3, 20), "Interim care order"),
                    Bar(dt.date(2022, 3, 20), None, "Full care order"),
                ],
            ),
            Lane(
                "Home",
                "home",
                [
                    Bar(dt.date(2021, 6, 18), dt.date(2021, 9, 1), "Emergency carers", light=True),
                    Bar(dt.date(2021, 9, 1), dt.date(2024, 8, 10), "Foster carers, Ashcombe"),
                    Bar(dt.date(2024, 8, 10), dt.date(2025, 1, 20), "Foster carers, Northmere", light=True),
                    Bar(dt.date(2025, 1, 20), None, "Foster carers, Ashcombe"),
                ],
            ),
            Lane(
                "School",
                "school",
                [
                    Bar(dt.date(2017, 9, 4), dt.date(2024, 7, 23), "Larkfield Primary School"),
                    Bar(dt.date(2024, 9, 3), dt.date(2025, 2, 1), "Wexcombe High School", light=True),
                    Bar(dt.date(2025, 2, 1), dt.date(2025, 2, 10), "No school place", gap=True),
                    Bar(dt.date(2025, 2, 10), dt.date(2027, 7, 22), "Fernhill Academy"),
                ],
            ),
            Lane(
                "Needs",
                "needs",
                [Bar(dt.date(2023, 1, 9), None, "SEN support: social, emotional and mental health")],
            ),
        ],
        events=[
            Event(dt.date(2021, 6, 18), "Came into care"),
            Event(dt.date(2024, 11, 6), "Suspended 2 days"),
            Event(dt.date(2025, 2, 3), "5 days no school"),
            Event(dt.date(2027, 1, 19), "Review", plain=True),
        ],
    )


def example_table() -> Table:
    return Table(
        caption="5 children, by name",
        columns=[
            Column("Name", sort="name"),
            Column("Year", sort="year"),
            Column("School", sort="school", stacked_label=False),
            Column("In care", number=True, sort="in-care"),
            Column("SEN"),
            Column("State", stacked_label=False),
            Column("Social worker"),
        ],
        rows=[
            [
                Cell("Croft, Ellie-Mae", href=HERE, note="(Ellie)"),
                "10",
                "Fernhill Academy",
                "7 y 1 m",
                "–",
                Cell("Signed off", tag="green"),
                "T Adeyemi",
            ],
            [
                Cell("Dawson, Mia", href=HERE),
                "9",
                "Fernhill Academy",
                "5 y 4 m",
                "Support",
                Cell("In preparation", tag="blue"),
                "T Adeyemi",
            ],
            [
                Cell("Lockett, Ruby", href=HERE),
                "3",
                Cell("St Anne’s Primary", sub="Castlebury"),
                "0 y 8 m",
                "EHC plan",
                Cell("Due by 27 Nov", tag="grey"),
                "R Singh",
            ],
            GroupRow("No school place"),
            [
                Cell("Voss, Tyler", href=HERE),
                "11",
                "No school place",
                "6 y 5 m",
                "EHC plan",
                Cell("3 days late", tag="red"),
                "A Beck",
            ],
        ],
        stacked="brief",
        sorted_by="name",
        form_id="example-sort",
    )


def example_ticks() -> Table:
    return Table(
        caption="Allocate several children to one social worker",
        caption_hidden=False,
        columns=[Column("Name"), Column("Social worker now"), Column("Since")],
        rows=[
            TickedRow(["Birch, Noah", "R Singh", "3 Sep 2025"], value="1", label="Birch, Noah"),
            TickedRow(["Osei, Daniel", "T Adeyemi", "9 Dec 2025"], value="2", label="Osei, Daniel", ticked=True),
        ],
        tick="children",
    )


def example_wide_table() -> Table:
    return Table(
        caption="Children by year group and term, scrolls sideways on a phone",
        columns=[
            Column("Year"),
            *[Column(term, number=True) for term in ("Autumn 2025", "Spring 2026", "Summer 2026")],
        ],
        rows=[["Reception", "21", "22", "22"], ["Year 1", "24", "23", "25"]],
        stacked="",
    )


def example_charts() -> list[ChartFrame]:
    terms = ["Spring 2025", "Summer 2025", "Autumn 2025", "Spring 2026", "Summer 2026", "Autumn 2026"]
    absent = [23.4, 23.1, None, 22.6, 21.9, 20.6]
    changes = [31, 40, 28, 35, 36, 12]
    phases = [("Early years", None), ("Reception to Year 6", 10.7), ("Years 7 to 11", 28.5)]
    trend = [
        Point(term, value, "hidden" if value is None else f"{value}%")
        for term, value in zip(terms, absent, strict=True)
    ]
    counted = [
        Point(term, value, str(value), going_on=term == terms[-1]) for term, value in zip(terms, changes, strict=True)
    ]
    groups = [Point(phase, value, "hidden" if value is None else f"{value}%") for phase, value in phases]
    england = Level("England", 20.3, "20.3%")
    set_against = [Level("Target", 18, "18.0%", is_target=True), england]
    source = "Source: marks. As at 12 November 2026."
    return [
        ChartFrame(
            "Persistently absent, by term",
            Line(trend, set_against, after="%"),
            _numbers("Persistently absent, by term", "Term", [*trend, *set_against]),
            source,
            ["Counted differently: children looked after for 12 months at 31 March, year to 31 March 2026."],
            id="line",
        ),
        ChartFrame(
            "School changes, by term",
            Columns(counted),
            _numbers("School changes, by term", "Term", counted),
            source,
            id="columns",
        ),
        ChartFrame(
            "Persistently absent, by phase",
            Bars(groups, [england], after="%"),
            _numbers("Persistently absent, by phase", "Phase", [*groups, england]),
            source,
            opened=True,
            id="bars",
        ),
    ]


def _numbers(caption: str, of: str, shown: Sequence[Point | Level]) -> Table:
    return Table(caption, [Column(of), Column("Value", number=True)], [[each.label, each.words] for each in shown])


def showcase() -> dict[str, Any]:
    """Everything that the component page draws."""
    mia: dict[str, Any] = {
        "name": "Mia Dawson",
        "line": "13 years old, born 4 March 2013 · Year 9 · she · Ashcombe number 20417",
        "mark": Mark(
            "Parents and relatives must not be told where Mia lives.",
            "Ring Tom Adeyemi before you share anything with family.",
        ),
    }
    tabs = [Tab(word, HERE, word == "Story") for word in ("Story", "School", "Care and home", "Needs and support")]
    typed = {
        "email": "tom at ashcombe",
        "ends_on_day": "31",
        "ends_on_month": "2",
        "ends_on_year": "2026",
        "hours": "many",
        "reason": "other",
    }
    wrong = ExampleForm({f"wrong-{name}": value for name, value in typed.items()}, prefix="wrong")
    return {
        "today": TODAY,
        "tag_words": [
            ("Due", "grey"),
            ("Booked", "blue"),
            ("In audit", "purple"),
            ("Returned", "orange"),
            ("Signed off", "green"),
            ("Late", "red"),
            ("First PEP by 2 Dec", "yellow"),
            ("Exempt", "none"),
        ],
        "tag_colours": tags.COLOURS,
        "example_form": ExampleForm(prefix="right"),
        "wrong_form": wrong,
        "filter_form": ExampleFilter(prefix="filter"),
        "figures": {
            "value": Figure.of(64, 90, "PEPs", href=HERE),
            "hidden": Figure(state="hidden", why="fewer than 6"),
            "no_data": Figure(state="no_data"),
            "confidential": Figure(state="confidential", why="until 12 January"),
            "stale": Figure(value="91.3%", href=HERE, state="stale", why="as last sent on 2 October"),
        },
        "tiles": [
            Tile.of(
                "PEP up to date", HERE, 352, 378, "children. Target 98%", trend=[88, 90, 91, 89, 92, 91, 93], rag="near"
            ),
            Tile("Good level of development", HERE, "no data", "results in July 2027", rag="no_data"),
        ],
        "trend": [58, 61, 63, 66, 65, 69, 71],
        "charts": example_charts(),
        "people": [
            PersonChip("Tom Adeyemi", "Social worker", since=dt.date(2024, 5, 7)),
            PersonChip("Owen Marsh", "Virtual school adviser", away_until=dt.date(2026, 11, 20)),
            PersonChip("Alice Beck", "Social worker", left_on=dt.date(2024, 5, 6)),
        ],
        "timeline": Timeline(
            [
                Entry(dt.date(2027, 1, 19), "Statutory review.", "Carol Swift", kind="Care", to_come=True),
                Entry(
                    dt.date(2026, 11, 4),
                    "Tom Adeyemi changed the school place.",
                    "Tom Adeyemi, social worker",
                    kind="School",
                    at="14:32",
                    details=["Hours: from 15 to 25", "Ends: from nothing to 22 July 2027"],
                ),
                Entry(dt.date(2025, 2, 10), "Started at Fernhill Academy, Year 7, full time.", "Social care feed"),
            ]
        ),
        "story": example_story(),
        "child": ChildHeader(
            **mia,
            known_as="",
            facts=[
                Fact("Looked after", "5 years 4 months", "since 18 June 2021 · full care order"),
                Fact("Lives", "With foster carers, in Ashcombe", "since 20 January 2025 · 4th placement"),
                Fact("Learns", "Fernhill Academy", "full time since 10 February 2025", href=HERE),
                Fact("Needs", "SEN support", "social, emotional and mental health"),
            ],
            tabs=tabs,
        ),
        "slim_child": ChildHeader(**mia, slim=True, tabs=tabs, possessive="Mia’s slim"),
        "closed_child": ChildHeader(
            name="Caitlin Moor",
            known_as="Cat",
            line="18 years old · Ashcombe number 20233",
            closed="Closed on 2 October 2026: turned 18.",
            slim=True,
        ),
        "table": example_table(),
        "ticks": example_ticks(),
        "wide_table": example_wide_table(),
        "chips": [
            Chip("My children", HERE, 46, current=True),
            Chip("Year 11", HERE, 41),
            Chip("No school place", HERE, 5),
        ],
        "as_at_today": AsAt(TODAY, TODAY, "46 children", days=[("31 August 2026", HERE), ("a year ago", HERE)]),
        "as_at_past": AsAt(dt.date(2026, 3, 31), TODAY, "44 children", back=HERE),
        "as_at_wrong": AsAt(
            TODAY, TODAY, error="“31/2/2026” is not a day. Enter it like 18/12/2026", typed="31/2/2026"
        ),
        "pages": Pages(page=4, size=50, total=427, what="children"),
        "spells": spell_table(
            "School places",
            [
                SpellRow("Fernhill Academy", dt.date(2025, 2, 10), None, ["full time"], href=HERE),
                SpellRow("No school place", dt.date(2025, 2, 1), dt.date(2025, 2, 9), ["5 school days"], gap=True),
                SpellRow("Wexcombe High School", dt.date(2024, 9, 3), dt.date(2025, 1, 31), ["full time"], href=HERE),
            ],
            what="School",
            today=TODAY,
            more=["Hours"],
        ),
        "checks": [
            Check(
                "This leaves Mia without a school from 13 November.", "Add the next place, or say why there is none."
            ),
            Check("The end is after the start, 10 February 2025.", fine=True),
        ],
        "sentences": [
            ImportSentence(380, "children stay as they are", "in both the file and the roll, no difference"),
            ImportSentence(11, "children come into care", "the earliest on 4 November", HERE, "See the 11"),
            ImportSentence(5, "rows match no child on the roll", "left out", HERE, "See the 5", problem=True),
        ],
        "difference": Difference(
            "Ethnicity",
            [
                Side("Return to 31 March 2026", "White and Black Caribbean", "read 11 November 2026", True, "return"),
                Side("Fernhill Academy", "Black Caribbean", "census of 1 October 2026", key="school"),
            ],
            action=HERE,
            key="1",
            child="Mia Dawson",
            child_href=HERE,
        ),
        "rows": [
            SummaryRow("Name", "Mia Dawson", HERE),
            SummaryRow("Born", "4 March 2013", HERE),
            SummaryRow("UPN", "not known", HERE, "Add"),
        ],
    }
