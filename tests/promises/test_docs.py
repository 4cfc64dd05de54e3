"""What is written beside the code leads somewhere."""

import csv
import re
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).resolve().parents[2]
PAGES = sorted([*CHECKOUT.glob("*.md"), *(CHECKOUT / "docs").rglob("*.md")])


@pytest.mark.parametrize("page", PAGES, ids=lambda path: str(path.relative_to(CHECKOUT)))
def test_every_link_to_a_page_or_file_of_ours_leads_there(page):
    links = re.findall(r"\]\((?!https?:|#)([^)#]+)", page.read_text())

    assert [link for link in links if not (page.parent / link).exists()] == []


def test_every_decision_is_listed():
    folder = CHECKOUT / "docs" / "decisions"
    listed = re.findall(r"\((\d{4}-[a-z-]+\.md)\)", (folder / "README.md").read_text())

    assert listed == sorted(path.name for path in folder.glob("0*.md"))


OF_THE_PLANS = CHECKOUT.parent / "shared" / "plans" / "requirements.csv"

#: The areas of which every requirement stands in our list, whether a test shows it yet or not.
WHOLE = ("plan", "reporting")


@pytest.mark.skipif(not OF_THE_PLANS.exists(), reason="the plans' own list is not here")
def test_the_list_of_what_the_plans_ask_is_whole_and_in_words_of_our_own():
    """That a test names no other id is one of the checks, as of the security register."""
    with (CHECKOUT / "docs" / "plan-requirements.csv").open(encoding="utf-8", newline="") as file:
        ours = {row["id"]: row["what"] for row in csv.DictReader(file)}
    with OF_THE_PLANS.open(encoding="utf-8", newline="") as file:
        theirs = {row["id"]: row for row in csv.DictReader(file)}

    assert [id for id, row in theirs.items() if row["area"] in WHOLE and id not in ours] == []
    assert list(ours) == [id for id in theirs if id in ours], "in the order of the plans, and no other id"
    assert [id for id, what in ours.items() if what in (theirs[id]["capability"], theirs[id]["source_quote"])] == []
