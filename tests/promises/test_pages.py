"""Every address says who it is for; nobody gets further than the table of need to know."""

import csv
import io
import os
import re
import zipfile
from pathlib import Path

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from onroll.access.can import Can
from onroll.access.pages import PAGES, Page
from onroll.access.roles import Role
from onroll.access.sections import Section
from onroll.documents.models import DocumentVersion
from onroll.people.account_views import new_address
from onroll.peps.writing import form_of

from . import scene as scenes
from .scene import ENDED, FOR_SCHOOLS, FROM_16, LIVE, MARKERS, NEVER, NOT_YET

TABLE = Path(__file__).parent / "routes.csv"
CELLS = Path(__file__).parents[2] / "onroll" / "access" / "sections.csv"


def routes() -> dict[str, URLPattern]:
    """Every route of the product by its full name."""
    found: dict[str, URLPattern] = {}

    def walk(patterns, names):
        for pattern in patterns:
            if isinstance(pattern, URLResolver):
                walk(pattern.url_patterns, [*names, pattern.namespace] if pattern.namespace else names)
            else:
                assert pattern.name, f"{pattern.pattern} has no name"
                found[":".join([*names, pattern.name])] = pattern

    walk(get_resolver().url_patterns, [])
    return found


def declared() -> dict[str, dict[str, str]]:
    with TABLE.open(newline="") as file:
        return {row["route"]: row for row in csv.DictReader(file)}


def cells() -> dict[tuple[str, str], str]:
    with CELLS.open(newline="") as file:
        return {(row["section"], role): row[role] for row in csv.DictReader(file) for role in Role}


@pytest.mark.proves("ACC-1")
def test_every_route_is_a_page_that_says_what_it_requires():
    for name, pattern in routes().items():
        view = getattr(pattern.callback, "view_class", None)
        assert view is not None, f"{name} is not a page"
        assert issubclass(view, Page), name
        assert isinstance(view.__dict__.get("requires"), Can), name


def test_every_page_has_an_address():
    routed = {pattern.callback.view_class for pattern in routes().values()}
    ours = {page for page in PAGES if page.__module__.startswith("onroll.") and ".tests." not in page.__module__}

    assert ours == routed & ours


def test_every_route_stands_in_the_table_of_who_gets_there():
    assert set(declared()) == set(routes())


@pytest.fixture(scope="module")
def scene(django_db_setup, django_db_blocker):
    """Built once; the tests here only read."""
    from django.db import connection, transaction

    with django_db_blocker.unblock():
        outer = transaction.atomic()
        outer.__enter__()
        try:
            # An outermost change insists on committing; inside a test it may not.
            outer._from_testcase = True
            connection.atomic_blocks[-1]._from_testcase = True
            yield scenes.build()
        finally:
            transaction.set_rollback(True)
            outer.__exit__(None, None, None)


def without_tokens(page: str) -> str:
    """The page without the tokens of its forms, in whose random letters a marker could stand by chance."""
    return re.sub(r'name="csrfmiddlewaretoken" value="[^"]*"', "", page)


def arguments(name: str, pattern: URLPattern, scene) -> dict[str, str]:
    """The arguments of a route, from the scene. A new kind of argument must be taught here."""
    known = {
        "child": scene.child.public_id,
        "second": scene.second.public_id,
        "school": scene.hillside.public_id,
        "view": scene.records["view"].public_id,
        "measure": "children-on-roll",
        "import": scene.records["import"].public_id,
        "key": "roll",
        "feed": "places",
        "kind": "csv",
        "account_id": scene.people[Role.VSH, LIVE].public_id,
        "token": "wrong",
        "words": scene.records["words"].public_id,
        "name": "council",
        "entry": scene.records["entry"].public_id,
        "place": scene.records["children.SchoolPlace"].public_id,
        "episode": scene.records["children.CareEpisode"].public_id,
        "allocation": scene.records["children.Allocation"].public_id,
        "notice": scene.records["children.MoveNotice"].public_id,
        "plan": scene.records["children.EHCPlan"].public_id,
        "alert": scene.records["alert"].public_id,
        "matter": scene.records["children.Matter"].public_id,
        "case": scene.records["children.ServiceCase"].public_id,
        "release": scene.records["children.Release"].public_id,
        "agreement": scene.records["children.YoungAdultAgreement"].public_id,
        "cover": scene.records["children.CoverChild"].cover.public_id,
        "status": scene.records["children.Status"].public_id,
        "opening": scene.records["children.Opening"].public_id,
        "named": scene.records["children.Named"].public_id,
        "asked": scene.records["children.MarkRequest"].public_id,
        "about": "home",
        "unsealed": scene.records["sealed opening"].public_id,
        "pair": scene.records["children.MustNotSee"].public_id,
        "document": scene.records["documents.Document"].public_id,
        "version": scene.records["documents.DocumentVersion"].public_id,
        "page": 1,
        "person": scene.people[Role.VS_OFFICER, LIVE].public_id,
        "post": scene.records["post"].public_id,
        "team": scene.team.public_id,
        "review": scene.records["review"].public_id,
        "group": "name",
        "export": scene.records["export"].public_id,
        "target": scene.records["target"].public_id,
    }
    if name.startswith("reports:"):
        known |= {"kind": "docx", "audience": "team", "plan": scene.records["plan"].public_id}
    if name.startswith("plans:"):
        plan = scene.records["plan"]
        known |= {
            "plan": plan.public_id,
            "published": plan.published.get().public_id,
            "goal": plan.goals.get().public_id,
            "action": plan.lines.get().action.public_id,
            "milestone": plan.lines.get().action.milestones.get().public_id,
            "meeting": plan.lines.get().action.meetings.get().public_id,
            "asked": plan.lines.get().action.asked.get().public_id,
            "update": plan.lines.get().action.updates.get().public_id,
            "document": plan.lines.get().action.updates.get().documents.get().public_id,
            "duty": "D03",
        }
    if name.startswith("peps:"):
        peps = scene.records["peps"]
        known |= {"pep": peps.pep.public_id, "key": "care", "target": peps.target.public_id}
        known |= {"rule": "T07"}
        known |= {"answer": peps.answer.public_id, "concern": peps.concern.public_id, "number": 1}
        known |= {"link": peps.link.public_id}
        known |= {"form": "school_age", "kind": "csv" if name == "peps:completion_file" else "docx"}
        known |= {"person": peps.person.public_id, "action": peps.action.public_id}
    if name == "peps:plan_in_review":
        known["review"] = scene.records["children.Review"].public_id
    if name == "peps:own_question":
        known["key"] = "local_1"
    if name in ("exports:pep_copy", "exports:audit_paper"):
        known["pep"] = scene.records["peps"].pep.public_id
    if name == "peps:review_target":
        known["target"] = scene.records["peps"].before_target.public_id
    if name == "people:confirm_email":
        head = scene.people[Role.VSH, LIVE]
        known["token"] = new_address.sign_object([head.pk, head.email, "another@example.org"])
    if name == "administration:agreement":
        known["agreement"] = scene.agreement.public_id
    if name == "exports:check":
        known["export"] = scene.records["export to check"].public_id
    if name in ("children:entry_correct", "children:entry_remove"):
        known |= {"kind": "place", "entry": scene.records["children.SchoolPlace"].public_id}
    if name == "authorities:sensitive_fact":
        known["kind"] = "convictions"
    if name == "children:care_real_end":
        known["episode"] = scene.records["provisional"].public_id
    if name == "children:split":
        known["second"] = scene.joined.public_id
    if name == "children:pass_on":
        known["school"] = scene.closed.public_id
    if name == "schools:change":
        known["school"] = scene.own_setting.public_id
    for each in pattern.pattern.converters:
        assert each in known, f"teach tests/promises/test_pages.py what <{each}> is"
    return {each: known[each] for each in pattern.pattern.converters}


def said_in(answer) -> str:
    """What an answer says, also where it is a workbook or a Word document: the words of its parts."""
    if answer.content[:4] != b"PK\x03\x04":
        return answer.content.decode(errors="replace")
    with zipfile.ZipFile(io.BytesIO(answer.content)) as parts:
        return " ".join(parts.read(name).decode(errors="replace") for name in parts.namelist())


def client_of(scene, role, link) -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(scene.people[role, link])
    return client


def gets_there(row: dict[str, str], role: Role, table) -> bool:
    """What the tables say: the role is listed for the route, and its cell of the section is enough."""
    if role not in row["roles"].split() or (role in FROM_16 and row["object"] == "child"):
        return False
    enough = {"read": "RW", "write": "W", "summary": "RWS"}.get(row["cell"], "")
    # Some pages open with any of several sections.
    return not enough or any(cell_in(table, section, role) in tuple(enough) for section in row["section"].split("|"))


def cell_in(table, section: str, role: Role) -> str:
    if role in (Role.VSH, Role.DEPUTY_VSH, Role.VS_OFFICER) and section in ("n", "o", "k"):
        return "W"
    return table.get((section, role), "")


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.proves("ACC-1", "ADR-5")
def test_each_role_gets_to_its_own_pages_and_reads_its_own_sections_on_them_alone(scene, role):
    """Every route once: a live link gives what the tables say, and for the rest the page does not exist.

    The canary: there is a marker in every field, and no page shows one of a section that the role may not read.
    """
    client, table, wrong = client_of(scene, role, LIVE), cells(), []
    allowed = {section for section in Section if table.get((section.value, role)) in ("R", "W")}
    readers = {section.value for section in allowed}
    allowed |= {key for key in FOR_SCHOOLS if key[:2] in readers or role.at_a_school}
    for name, row in declared().items():
        answer = client.get(reverse(name, kwargs=arguments(name, routes()[name], scene)))
        there, anyone = answer.status_code != 404, row["roles"] == "anyone"
        if answer.status_code >= 500 or (not anyone and there != gets_there(row, role, table)):
            wrong.append(f"{name}: {answer.status_code}")
        text = without_tokens(said_in(answer)).lower()
        wrong += [
            f"{name} shows {section}" for section, each in MARKERS.items() if section not in allowed and each in text
        ]
    assert wrong == []


def share_of(names, role: Role) -> set[str]:
    """By day a third of the routes for each role, so that together the roles walk each of them; at night all.

    For walks beside the one that takes every route with every role.
    """
    ordered = sorted(names)
    return set(ordered if os.environ.get("ONROLL_NIGHTLY") == "1" else ordered[list(Role).index(role) % 3 :: 3])


# An ended link and one that has not begun are proved at the guard in full; here on a page of each kind.
A_FEW = {"profile:story", "profile:home", "children:place_end", "children:address"}


@pytest.mark.parametrize("link", [ENDED, NEVER, NOT_YET])
@pytest.mark.parametrize("role", list(Role))
@pytest.mark.proves("ACC-1", "ACC-4")
def test_without_a_live_link_the_child_does_not_exist(scene, role, link):
    client, walked = client_of(scene, role, link), share_of(declared(), role)
    for name, row in declared().items():
        if row["object"] != "child" or name not in (walked if link == NEVER else A_FEW):
            continue
        address = reverse(name, kwargs=arguments(name, routes()[name], scene))
        answer = client.get(address)
        # A person whose only post has ended is sent away from every page alike.
        assert answer.status_code in (404, 302), f"{name} answered {answer.status_code}"
        if answer.status_code == 302:
            assert answer.headers["Location"] == reverse("access:no_post"), name
        for each in MARKERS.values():
            assert each not in without_tokens(answer.content.decode(errors="replace")), f"{name} shows {each}"


def body(answer) -> str:
    """What the answer says, without the form token that is another on every page."""
    return re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", answer.content.decode())


@pytest.mark.parametrize("role", [Role.VSH, Role.SOCIAL_WORKER, Role.DESIGNATED_TEACHER])
@pytest.mark.proves("TEN-3")
def test_a_child_of_another_authority_answers_as_one_that_never_was(scene, role):
    client = client_of(scene, role, LIVE)

    theirs = client.get(reverse("profile:story", args=[scene.stranger.public_id]))
    nobody = client.get(reverse("profile:story", args=["00000000-0000-4000-8000-000000000000"]))

    assert body(theirs) == body(nobody)
    assert theirs.status_code == 404


def test_without_a_sign_in_every_page_answers_the_same(scene):
    client = Client(raise_request_exception=False)
    for name, row in declared().items():
        if row["roles"] == "anyone":
            continue
        answer = client.get(reverse(name, kwargs=arguments(name, routes()[name], scene)))
        assert answer.status_code == 302, name
        assert answer.headers["Location"].startswith(reverse("access:sign_in")), name


@pytest.mark.proves("ACC-3", "UPL-2")
@pytest.mark.parametrize("role", list(Role))
def test_a_document_is_read_by_those_who_read_its_section(scene, role):
    """Its page and its file, for every section. Of a home, an address and a carer a carer is told in no document."""
    client, table, wrong = client_of(scene, role, LIVE), cells(), []
    see = set(declared()["documents:document"]["roles"].split()) - set(FROM_16)
    not_told = (Section.PLACEMENT, Section.ADDRESS, Section.CARER) if role is Role.CARER else ()
    for section, document in scene.documents.items():
        reads = role in see and table[section.value, role] in ("R", "W") and section not in not_told
        version = DocumentVersion.unscoped.get(document=document)
        keys = [scene.child.public_id, document.public_id]
        page = client.get(reverse("documents:document", args=keys))
        file = client.get(reverse("documents:download", args=[*keys, version.public_id]))
        if (page.status_code, file.status_code) != ((200, 200) if reads else (404, 404)):
            wrong.append(f"{section}: {page.status_code}, {file.status_code}")
    assert wrong == []


@pytest.mark.proves("ACC-1", "ACC-3")
@pytest.mark.parametrize("role", list(Role))
def test_each_section_of_a_plan_shows_a_reader_the_parts_of_the_record_that_they_read(scene, role):
    """A section of the form holds answers of several parts of the record: each is read by its own row of the table."""
    client, table, wrong = client_of(scene, role, LIVE), cells(), []
    plan = scene.records["peps"]
    walked = share_of([section.key for section in form_of(plan.pep).sections], role)
    for section in form_of(plan.pep).sections:
        if section.key not in walked:
            continue
        answer = client.get(reverse("peps:section", args=[scene.child.public_id, plan.pep.public_id, section.key]))
        said = without_tokens(answer.content.decode(errors="replace"))
        for part in plan.parts:
            reads = cell_in(table, part.value, role) in ("R", "W")
            if not reads and MARKERS[part] in said:
                wrong.append(f"{section.key} shows {part}")
    assert wrong == []


def test_the_parts_of_a_plan_are_shown_to_who_reads_them(scene):
    """So that the promise above is not kept by showing nothing."""
    client, found = client_of(scene, Role.VSH, LIVE), ""
    plan = scene.records["peps"]
    for section in form_of(plan.pep).sections:
        answer = client.get(reverse("peps:section", args=[scene.child.public_id, plan.pep.public_id, section.key]))
        found += answer.content.decode()

    assert [part for part in plan.parts if MARKERS[part] not in found] == []


def test_the_canary_would_find_a_leak(scene):
    client = client_of(scene, Role.VSH, LIVE)

    text = client.get(reverse("profile:story", args=[scene.child.public_id])).content.decode()

    assert MARKERS[Section.BASICS] in text
