"""A young person says what they think on a telephone, and the people they choose read it. Without JavaScript."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from onroll.children.tests.scene import an_authority, together, write
from onroll.peps.queries import this_term
from onroll.peps.tests.scene import a_cast, a_pep, a_target, with_terms_around
from onroll.peps.voice.passes import Purpose, give_pass
from onroll.peps.voice.questions import Variant

SMALL = {"width": 390, "height": 800}
# The least that a finger needs on these pages, in CSS pixels.
TARGET = 56


@pytest.fixture
@together()
def cast(transactional_db):
    today = timezone.localdate()
    authority = with_terms_around(an_authority(), today)
    authority.live_from = today - timedelta(days=20)
    cast = a_cast(today, write(authority))
    year, term = this_term(authority.pk, today)
    days = {"opens_on": today - timedelta(days=30), "due_on": today + timedelta(days=60)}
    cast.pep = a_pep(cast.child, academic_year=year, term=term, **days)
    return cast


def small_targets(phone) -> list[str]:
    """What can be pressed and is too small for a finger."""
    return phone.eval_on_selector_all(
        "button, .my-page__choices label, .my-page__way, .my-page__list a, .my-page__code",
        "(found, least) => found"
        ".filter(each => each.getBoundingClientRect().height < least).map(each => each.outerHTML)",
        TARGET,
    )


@pytest.mark.proves("PLT-10", "AUT-8")
def test_a_young_person_answers_on_a_telephone_and_their_teacher_reads_what_they_share(
    page, browser, live_server, cast, sign_in, assert_accessible
):
    sign_in(cast.accounts["teacher"])
    page.goto(f"/children/{cast.child.public_id}/peps/{cast.pep.public_id}/voice")
    expect(page.get_by_text("Nothing is shared with you")).to_be_visible()
    assert_accessible(page)
    page.get_by_role("link", name="Give them a page of their own").click()
    page.get_by_role("button", name="Make a page").click()
    code = page.locator("p.govuk-heading-xl").inner_text()
    code = "".join(each for each in code if each.isdigit())
    link = page.locator("#link").inner_text()
    assert_accessible(page)

    context = browser.new_context(
        base_url=live_server.url, viewport=SMALL, has_touch=True, is_mobile=True, java_script_enabled=False
    )
    phone = context.new_page()
    phone.goto(link[link.index("/v/") :])
    phone.get_by_label("Type the code you were told").fill(code)
    phone.get_by_role("button", name="Open my page").tap()
    expect(phone).to_have_title(re.compile(r"My page, part 1 of \d+"))
    phone.get_by_role("button", name="Start").tap()
    phone.get_by_text("Good", exact=True).tap()
    phone.get_by_text("My school", exact=True).tap()
    phone.get_by_label("Do you want to say more?").fill("Mr Iqbal explains things twice")
    assert small_targets(phone) == []
    phone.get_by_role("button", name="Save and go on").tap()
    phone.get_by_role("link", name="I’d rather not say").tap()
    expect(phone).to_have_title(re.compile(r"My page, part 4 of \d+"))
    phone.goto("/my-page/finish")
    assert small_targets(phone) == []
    phone.get_by_role("button", name="I have finished").tap()
    expect(phone.get_by_role("heading", level=1)).to_have_text("Thank you")
    phone.goto("/my-page/2")
    expect(phone.get_by_label("Type the code you were told")).to_be_visible()
    context.close()

    page.goto(f"/children/{cast.child.public_id}/peps/{cast.pep.public_id}/voice")
    expect(page.get_by_text("Mr Iqbal explains things twice")).to_be_visible()
    assert_accessible(page)


@pytest.mark.proves("PLT-10", "AUT-8")
@pytest.mark.parametrize("variant", ["age_5_10", "communication_support"])
def test_every_kind_of_question_is_for_everyone_and_can_be_hidden_at_once(page, cast, assert_accessible, variant):
    given = give_pass(cast.pep, Variant(variant), actor=cast.actors["worker"])
    page.set_viewport_size(SMALL)
    page.goto(given.link[given.link.index("/v/") :])
    assert_accessible(page)
    page.get_by_label("Type the code you were told").fill("000 000" if given.code != "000000" else "111 111")
    page.get_by_role("button", name="Open my page").click()
    expect(page.get_by_role("alert")).to_contain_text("You can try 4 more times")
    assert_accessible(page)
    page.get_by_label("Type the code you were told").fill(given.code_in_words)
    page.get_by_role("button", name="Open my page").click()
    for number in (1, 2, 3, 5):
        page.goto(f"/my-page/{number}")
        assert small_targets(page) == []
        assert_accessible(page)
    page.goto("/my-page/finish")
    assert_accessible(page)

    page.goto("/my-page/2")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Hide this page now")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page).to_have_title("Blank page")
    assert_accessible(page)


@pytest.mark.proves("PLT-10", "AUT-8")
def test_they_read_the_agreed_plan_on_their_telephone(page, cast, assert_accessible):
    today = timezone.localdate()
    pep = cast.pep
    pep.state, pep.held_on, pep.signed_off_on = "signed_off", today - timedelta(days=9), today
    write(pep)
    a_target(pep, "Swim two lengths", own_words="I will swim two lengths", owner="Mr Lee", due_on=today)
    given = give_pass(pep, Variant.AGE_11_15, purpose=Purpose.READ, actor=cast.actors["teacher"])
    page.set_viewport_size(SMALL)
    page.goto(given.link[given.link.index("/v/") :])
    page.get_by_label("Type the code you were told").fill(given.code)
    page.get_by_role("button", name="Open my page").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("My plan")
    expect(page.get_by_text("I will swim two lengths")).to_be_visible()
    assert small_targets(page) == []
    assert_accessible(page)


@pytest.mark.proves("PLT-10", "LNK-E2")
def test_a_contributor_without_an_account_writes_a_few_lines_that_the_teacher_reads(
    page, browser, live_server, cast, sign_in, assert_accessible
):
    sign_in(cast.accounts["teacher"])
    plan = f"/children/{cast.child.public_id}/peps/{cast.pep.public_id}"
    page.goto(f"{plan}/contributors/ask")
    page.get_by_label("SENCO: Strengths, needs and what helps").check()
    page.get_by_label("What are they called?").fill("Mrs Lowe")
    page.get_by_role("button", name="Make the link and the code").click()
    assert_accessible(page)
    code = "".join(each for each in page.locator("p.govuk-heading-xl").inner_text() if each.isdigit())
    link = page.locator("#link").inner_text()

    context = browser.new_context(base_url=live_server.url, viewport=SMALL, java_script_enabled=False)
    theirs = context.new_page()
    theirs.goto(link[link.index("/c/") :])
    theirs.get_by_label("Type the code you were told").fill(code)
    theirs.get_by_role("button", name="Go on").click()
    theirs.get_by_label("What is Mia good at and proud of?").fill("Patterns and puzzles")
    theirs.get_by_role("button", name="Send").click()
    expect(theirs.get_by_role("heading", level=1)).to_have_text("Thank you")
    context.close()

    page.goto(f"{plan}/sections/strengths")
    expect(page.get_by_text("Patterns and puzzles")).to_be_visible()
    assert_accessible(page)
