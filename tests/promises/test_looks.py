"""Every page that shows a child stands in the access log: who, which child, which sections. Not one route is left out.

The log is read back against the pages themselves: what an answer shows of a child must be in the entries it made.
"""

import re

import pytest
from django.db import DatabaseError
from django.urls import reverse

from onroll.access.roles import Role
from onroll.history.models import Entry
from onroll.history.tests.tampering import a_full_log

from .scene import LIVE, MARKERS
from .test_pages import arguments, client_of, declared, routes, scene, share_of  # noqa: F401 -- the scene is a fixture

LOOKERS = (Role.VSH, Role.DATA_OFFICER, Role.SOCIAL_WORKER, Role.DESIGNATED_TEACHER, Role.CARER, Role.IG)
# Lists: the children stand in one entry. The others are about the child in their address.
LISTS = {"home", "children:roll", "children:many", "children:moves", "children:split"}
LISTS |= {"exports:export", "exports:file", "exports:print", "exports:check"}
LISTS |= {"schools:school", "exchange:differences", "looks:matters", "looks:close_matter"}
LISTS |= {"children:cover", "children:openings", "peps:tracker", "peps:to_file"}


def entries_of(client, address):
    """The answer, and the entries of the log that it made."""
    before = Entry.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    answer = client.get(address)
    return answer, list(Entry.objects.filter(pk__gt=before).order_by("pk"))


def text_of(answer) -> str:
    return answer.content.decode(errors="replace")


@pytest.mark.proves("LOG-1", "LOG-2")
@pytest.mark.parametrize("role", LOOKERS)
def test_each_page_of_a_child_makes_one_entry_with_child_section_and_route(scene, role):  # noqa: F811
    """Shown: the child, the section of the table and the post. Refused: the child and that it was refused."""
    client, wrong = client_of(scene, role, LIVE), []
    for name, row in declared().items():
        if row["object"] != "child":
            continue
        answer, entries = entries_of(client, reverse(name, kwargs=arguments(name, routes()[name], scene)))
        # After the route may stand which of the child's documents it was.
        own = [entry for entry in entries if entry.child == scene.child.pk and entry.route.split()[0] == name]
        outcome = {200: "shown", 302: "shown", 404: "refused"}[answer.status_code]
        if [entry.outcome for entry in own][-1:] != [outcome] or not own[0].request_id:
            wrong.append(f"{name}: {[(entry.outcome, entry.route) for entry in entries]}")
            continue
        # Any one of several opens some pages; where a document is added the table names none.
        told = not row["section"] or set(row["section"].split("|")) & set(own[-1].section.split(","))
        if outcome == "shown" and not (told and own[-1].post):
            wrong.append(f"{name}: section {own[-1].section}")
    assert wrong == []


@pytest.mark.proves("LOG-1")
@pytest.mark.parametrize("role", LOOKERS)
def test_no_page_names_a_child_who_is_not_in_the_log(scene, role):  # noqa: F811
    """Whatever the route is called: an answer that holds the child's marker has an entry with the child's key."""
    client, wrong, walked = client_of(scene, role, LIVE), [], share_of(declared(), role)
    for name, row in declared().items():
        if (
            name not in walked
            or row["roles"] == "anyone"
            or "get" not in routes()[name].callback.view_class.http_method_names
        ):
            continue
        answer, entries = entries_of(client, reverse(name, kwargs=arguments(name, routes()[name], scene)))
        if MARKERS_OF_NAMES & set(re.findall(r"zq\w+?qz", text_of(answer).lower())):
            shown = {str(entry.child) for entry in entries} | {key for e in entries for key in e.children.split(",")}
            if str(scene.child.pk) not in shown:
                wrong.append(name)
    assert wrong == []


MARKERS_OF_NAMES = set(MARKERS.values())


@pytest.mark.proves("LOG-2")
def test_no_entry_holds_a_value_of_the_record(scene):  # noqa: F811
    client = client_of(scene, Role.VSH, LIVE)
    for name, row in declared().items():
        if row["roles"] != "anyone":
            client.get(reverse(name, kwargs=arguments(name, routes()[name], scene)))

    written = " ".join(str(value) for entry in Entry.objects.values_list() for value in entry).lower()
    assert [marker for marker in MARKERS.values() if marker in written] == []
    assert str(scene.child.public_id) not in written


@pytest.mark.proves("LOG-5")
def test_without_its_entry_no_page_of_a_child_is_shown(scene):  # noqa: F811
    """The log takes no entry: then no page of a child, no list and no export shows anything."""
    client, shown = client_of(scene, Role.VSH, LIVE), []
    for name, row in declared().items():
        if row["object"] != "child" and name not in LISTS:
            continue
        with a_full_log():
            try:
                answer = client.get(reverse(name, kwargs=arguments(name, routes()[name], scene)))
            except DatabaseError:
                continue
        if answer.status_code == 200 or any(marker in text_of(answer) for marker in MARKERS.values()):
            shown.append(name)
    assert shown == []
