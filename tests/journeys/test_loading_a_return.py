"""A data officer loads two returns in a row, reads what each will do, applies them, and takes the second back."""

import pytest
from playwright.sync_api import expect

from onroll.access.roles import Role
from onroll.children.tests.scene import a_child, a_person, an_authority, an_episode
from onroll.exchange.feeds.ssda903.tests.conftest import MIA, MIA_IN_CARE, episodes, headers

ANOTHER_YEAR = (
    headers("0043,1,01/02/2010,UNKN,3412,,"),
    episodes(MIA_IN_CARE.replace("0042,10/06/2016,S,C2", "0043,10/06/2017,S,C2")),
)


@pytest.fixture
def data_officer(transactional_db, sign_in):
    ashcombe = an_authority()
    noah = a_child(ashcombe, "Noah Birch", number="0050")
    an_episode(noah)
    account, _ = a_person(ashcombe, Role.DATA_OFFICER, "Joanne Pike")
    sign_in(account)
    return account


def choose(page, *files):
    page.goto("/data")
    page.locator('a[href="/data/load/ssda903"]').click()
    page.get_by_label("Choose the files, or one zip of them").set_input_files(
        [{"name": file.name, "mimeType": "text/csv", "buffer": file.data} for file in files]
    )
    page.get_by_role("button", name="Check the files").click()


def test_a_data_officer_loads_a_return_and_takes_it_back(page, data_officer, assert_accessible):
    page.goto("/data")
    expect(page.get_by_role("heading", name="No return has been loaded")).to_be_visible()

    choose(page, headers(MIA), episodes(MIA_IN_CARE))
    expect(page.get_by_role("heading", name="Here is what these files will do")).to_be_visible()
    expect(page.get_by_text("child comes onto the roll")).to_be_visible()
    assert_accessible(page)
    page.get_by_role("button", name="Apply the whole load").click()
    expect(page.get_by_text("child came onto the roll")).to_be_visible()
    assert_accessible(page)

    choose(page, *ANOTHER_YEAR)
    expect(page.get_by_text("has care that this return leaves out")).to_be_visible()
    page.get_by_role("button", name="Apply the whole load").click()
    expect(page.get_by_role("alert")).to_contain_text("Tick to end what these files leave out")
    assert_accessible(page)
    page.get_by_label("End what these files leave out").check()
    page.get_by_label("I am sure, though").check()
    page.get_by_role("button", name="Apply the whole load").click()
    expect(page.get_by_role("heading", name="Here is what these files did")).to_be_visible()

    page.get_by_role("link", name="one by one").click()
    expect(page.get_by_text("“3412” is not a UPN")).to_be_visible()
    assert_accessible(page)
    page.go_back()

    page.get_by_role("button", name="Undo this load").click()
    expect(page.get_by_role("heading", name="before they were undone")).to_be_visible()
    page.goto("/data")
    expect(page.get_by_text("Undone")).to_be_visible()
    assert_accessible(page)
