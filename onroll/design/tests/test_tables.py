from onroll.design.tables import Cell, Column, GroupRow, Table, TickedRow
from onroll.design.tests.reading import fragment, select


def drawn(table):
    return fragment(table)


def a_table(**more):
    columns = [Column("Name", sort="name"), Column("School", sort="school"), Column("In care", number=True)]
    rows = [[Cell("Dawson, Mia", href="/children/1"), Cell("Fernhill Academy", sub="Castlebury"), "5 y 4 m"]]
    return Table(**{"caption": "1 child", "columns": columns, "rows": rows, **more})


def test_the_order_shown_is_said_and_asking_again_turns_it_round():
    page = drawn(a_table(sorted_by="name", keep={"view": "mine", "where": ["in", "out"]}))

    name, school, _ = select(page, "thead th")
    assert name.get("aria-sort") == "ascending"
    assert select(name, "button")[0].get("value") == "-name"
    assert school.get("aria-sort") is None
    assert select(school, "button")[0].get("value") == "school"
    assert [(box.get("name"), box.get("value")) for box in select(page, "form input")] == [
        ("view", "mine"),
        ("where", "in"),
        ("where", "out"),
    ]
    assert {button.get("form") for button in select(page, "thead button")} == {select(page, "form")[0].get("id")}


def test_a_table_that_stacks_on_a_phone_stays_a_table_and_names_its_values():
    page = drawn(a_table())

    assert select(page, "table")[0].get("role") == "table"
    assert select(page, "tbody th")[0].get("role") == "rowheader"
    assert [cell.get("data-l") for cell in select(page, "tbody td")] == ["School", "In care"]


def test_a_table_that_scrolls_sideways_is_a_region_with_a_name_that_can_be_focused():
    (region,) = select(drawn(a_table(stacked="")), "div[role=region]")

    assert (region.get("tabindex"), region.get("aria-label")) == ("0", "1 child")
    assert not select(region, "td[role]")


def test_words_from_a_record_are_escaped_wherever_they_stand():
    danger = '"><script>x</script>'
    page = drawn(
        Table(
            caption=danger,
            columns=[Column(danger, sort=danger), Column(danger)],
            rows=[
                GroupRow(danger),
                [Cell(danger, href=danger, sub=danger, note=danger), Cell(danger, tag="red")],
                TickedRow([danger, danger], value=danger, label=danger),
            ],
            keep={danger: danger},
            sorted_by=danger,
            tick=danger,
            stacked="",
        )
    )

    assert not select(page, "script")


def test_ticked_rows_are_sent_with_the_form_that_acts_on_them():
    rows = [TickedRow(["Dawson, Mia", "", ""], value="k1", label="Dawson, Mia", ticked=True)]

    page = drawn(a_table(rows=rows, tick="children", tick_form="allocate"))

    (box,) = select(page, "tbody input")
    assert (box.get("name"), box.get("value"), box.get("form")) == ("children", "k1", "allocate")
    assert box.get("aria-label") == "Dawson, Mia"
    assert box.get("checked") is not None


def test_only_the_first_cell_of_a_row_names_it():
    page = drawn(a_table())

    assert [cell.tag for cell in select(page, "tbody tr")[0]] == ["th", "td", "td"]
