"""Every page is looked at by axe on a phone, a tablet and a desk, and none is wider than its screen."""

import pytest
from django.urls import reverse

from onroll.access.roles import Role
from tests.promises.scene import LIVE
from tests.promises.test_pages import arguments, declared, routes

# What answers with a file or a style has nothing to look at, nor has what leads to another's page and back.
NO_PAGE = {
    "access:sso",
    "access:sso_back",
    "authority_style",
    "authority_logo",
    "documents:download",
    "documents:preview",
    "peps:blank_form",
    "peps:calendar",
    "peps:voice_picture",
    "peps:completion_file",
    "plans:document",
    "exports:file",
    "reports:scorecard_file",
    "reports:plan_file",
    "exchange:problems_file",
    "looks:exposure_file",
    "administration:review_file",
    # These open by a pass alone, and are looked at in their own journey.
    "peps:contribute_door",
    "peps:contribute_code",
    "peps:contribute",
    "peps:voice_door",
    "peps:voice_code",
    "peps:voice_question",
    "peps:voice_finish",
    "peps:voice_plan",
    "peps:voice_own_picture",
}

# The pages on which each role sees something of its own.
ROLES_OWN = {
    Role.SOCIAL_WORKER: ("home", "children:roll", "profile:story", "profile:home", "children:move"),
    Role.DESIGNATED_TEACHER: ("home", "children:roll", "profile:story", "profile:school", "profile:needs"),
    Role.CARER: ("home", "profile:story"),
    Role.IG: (
        "home",
        "looks:alerts",
        "looks:alert",
        "looks:exposure",
        "looks:matters",
        "looks:open_matter",
        "profile:looks",
    ),
    Role.ADMINISTRATOR: ("home", "authorities:calendar", "administration:people", "administration:contacts"),
}


def addresses(scene):
    for name, row in declared().items():
        pattern = routes()[name]
        view = pattern.callback.view_class
        if name not in NO_PAGE and hasattr(view, "get") and "get" in view.http_method_names:
            yield name, row, reverse(name, kwargs=arguments(name, pattern, scene))


@pytest.mark.proves("PLT-10")
@pytest.mark.parametrize("part", [0, 1, 2])
def test_every_page_is_for_everyone(page, scene, sign_in, assert_accessible, part):
    """In three parts, so that they are looked at side by side."""
    sign_in(scene.people[Role.VSH, LIVE])
    wrong = []
    for name, row, address in list(addresses(scene))[part::3]:
        if row["object"] == "account" or not {"anyone", Role.VSH} & set(row["roles"].split()):
            continue
        answer = page.goto(address)
        if answer.status != 200:
            wrong.append(f"{name} answered {answer.status}")
        try:
            assert_accessible(page)
        except AssertionError as why:
            wrong.append(f"{name}: {why}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.proves("PLT-10")
@pytest.mark.parametrize("role", list(ROLES_OWN))
def test_the_pages_of_each_role_are_for_everyone(page, scene, sign_in, assert_accessible, role):
    sign_in(scene.people[role, LIVE])
    for name in ROLES_OWN[role]:
        page.goto(reverse(name, kwargs=arguments(name, routes()[name], scene)))
        assert_accessible(page)


@pytest.mark.proves("PLT-10")
def test_signing_in_is_for_everyone(page, transactional_db, assert_accessible):
    page.goto("/sign-in")
    assert_accessible(page)
    page.get_by_role("button", name="Continue").click()
    assert page.get_by_role("alert").inner_text().startswith("There is a problem")
    assert_accessible(page)
