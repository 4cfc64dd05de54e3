"""Attacks on the whole product, each by someone with a real sign-in and patience. None of them gets anything."""

import io
import logging
import zipfile
from dataclasses import replace
from datetime import date, timedelta
from types import SimpleNamespace

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from onroll.access.actors import Actor
from onroll.access.encryption import Ciphertext
from onroll.access.models import Session
from onroll.access.roles import Role
from onroll.access.tests.scene import PASSWORD, can_sign_in, code_of, sign_in
from onroll.children import models as roll
from onroll.children.actions.care import Placement, move_placement
from onroll.children.actions.identity import doubts_about_numbers
from onroll.children.matching import find_possible_matches
from onroll.children.tests.scene import (
    a_child,
    a_person,
    a_place,
    a_school,
    an_allocation,
    an_authority,
    an_episode,
    together,
    write,
)
from onroll.design.spreadsheets import csv_bytes, xlsx_bytes
from onroll.exchange import engine
from onroll.exchange.problems import Unreadable
from onroll.exchange.reading import Upload
from onroll.exchange.sheets import read_sheet
from onroll.history.models import Entry
from onroll.people.models import Post
from onroll.people.posts import actor_for
from onroll.schools.models import School, SchoolLink
from onroll.site.installation import Refused
from onroll.site.invitations import invite
from onroll.site.logs import NoChildren

from . import test_pages as pages

ROLL = "/children"


@pytest.fixture
@together()
def cast(db):
    """Two authorities. Mia of Ashcombe has lived in two homes and been in care before; Noah is nobody's here."""
    today = timezone.localdate()
    ashcombe, castlebury = an_authority(), an_authority("998", "Castlebury")
    hillside, fernhill = a_school("Hillside"), a_school("Fernhill")
    mia = a_child(ashcombe, "Mia Dawson", birth_date=today - timedelta(days=10 * 365))
    noah = a_child(ashcombe, "Noah Birch", number="SECRET1", birth_date=today - timedelta(days=9 * 365))
    stranger = a_child(castlebury, "Zed Elsewhere", birth_date=today - timedelta(days=9 * 365))
    first = an_episode(mia, today - timedelta(days=2000), end=today - timedelta(days=1500), placement_type="K2")
    now = an_episode(mia, today - timedelta(days=400))
    an_episode(noah, today - timedelta(days=400))
    a_place(mia, hillside, today - timedelta(days=300))
    people = {
        role: a_person(ashcombe, role, f"Pat {role.label.title()}")
        for role in (Role.VSH, Role.VS_OFFICER, Role.VS_ADMIN, Role.DATA_OFFICER, Role.SOCIAL_WORKER, Role.CARER)
    }
    people[Role.DESIGNATED_TEACHER] = a_person(ashcombe, Role.DESIGNATED_TEACHER, "Tess Boyle", school=hillside)
    for role in (Role.SOCIAL_WORKER, Role.VS_OFFICER, Role.CARER):
        an_allocation(mia, people[role][0], role, today - timedelta(days=200))
    return SimpleNamespace(
        today=today,
        ashcombe=ashcombe,
        castlebury=castlebury,
        hillside=hillside,
        fernhill=fernhill,
        mia=mia,
        noah=noah,
        stranger=stranger,
        first=first,
        now=now,
        account={role: account for role, (account, _) in people.items()},
        actor={role: replace(actor, today=today) for role, (_, actor) in people.items()},
    )


def as_(cast, role: Role) -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(cast.account[role])
    return client


def a_home(episode, *, area: str, mark: str):
    keys = {"authority_id": episode.authority_id, "child_id": episode.child_id, "episode": episode}
    write(roll.PlacementAddress(**keys, address="22 Elm Close", postcode="ZZ9 9ZZ", disclosure=mark))
    episode.placement.area = area
    write(episode.placement)


def text_of(answer) -> str:
    return answer.content.decode(errors="replace")


# Lists as oracles


@pytest.mark.parametrize("query", ["view=live-out", "view=new", "live=out", "sen=K", "kind=everyone", "sort=legal"])
def test_a_teacher_cannot_narrow_or_sort_by_what_a_school_may_not_read(cast, query):
    """With and without the question the list is the same, whatever the answer would be."""
    a_home(cast.now, area="out", mark="ordinary")
    teacher = as_(cast, Role.DESIGNATED_TEACHER)

    assert ("Dawson, Mia" in text_of(teacher.get(f"{ROLL}?{query}"))) is ("sen" not in query)


@pytest.mark.parametrize("role", [Role.DESIGNATED_TEACHER, Role.CARER])
def test_a_look_back_ends_where_the_readers_own_link_began(cast, role):
    """Else day after day would tell of earlier times in care, and of every kind of home."""
    client, child = as_(cast, role), cast.mia.public_id
    before = (cast.today - timedelta(days=1800)).isoformat()
    since = (cast.today - timedelta(days=100)).isoformat()

    assert "Dawson, Mia" not in text_of(client.get(f"{ROLL}?as-at={before}&column=since"))
    assert "Dawson, Mia" in text_of(client.get(f"{ROLL}?as-at={since}"))
    for page in ("profile:story", "profile:home", "profile:school"):
        address = reverse(page, args=[child])
        assert "Choose a day on which this record was open to you" in text_of(client.get(f"{address}?as-at={before}"))
    assert "Choose a day" not in text_of(client.get(f"{reverse('profile:home', args=[child])}?as-at={since}"))


@pytest.mark.parametrize(
    ("role", "mark", "told"),
    [
        (Role.VSH, "only_named_users", False),
        (Role.DATA_OFFICER, "only_named_users", False),
        (Role.VS_ADMIN, "not_to_named_people", False),
        (Role.VS_ADMIN, "not_to_named_places", False),
        (Role.VSH, "not_to_named_people", True),
        (Role.SOCIAL_WORKER, "only_named_users", True),
        (Role.VS_ADMIN, "not_to_family", True),
    ],
)
@pytest.mark.proves("ADR-2")
def test_a_marked_home_is_neither_in_nor_out_for_who_may_not_know(cast, role, mark, told):
    a_home(cast.now, area="out", mark=mark)
    client = as_(cast, role)

    assert ("Out of the authority" in _table(client.get(f"{ROLL}?column=home"))) is told
    assert ("Dawson, Mia" in text_of(client.get(f"{ROLL}?live=out"))) is told
    assert ("Dawson, Mia" in text_of(client.get(f"{ROLL}?live=not_known"))) is not told
    assert ("Dawson, Mia" in text_of(client.get(f"{ROLL}?view=live-out"))) is told


def _table(answer) -> str:
    return text_of(answer).partition("<tbody")[2].partition("</table>")[0]


def test_a_carer_learns_of_no_home_and_no_carer_but_their_own(cast):
    """Also when the allocation outlived a move."""
    other = a_person(cast.ashcombe, Role.CARER, "Olga Earlier")[0]
    an_allocation(cast.mia, other, Role.CARER, cast.today - timedelta(days=390), end=cast.today - timedelta(days=200))
    newer = a_person(cast.ashcombe, Role.CARER, "Nell Newer")[0]
    an_allocation(cast.mia, newer, Role.CARER, cast.today - timedelta(days=5))
    a_home(cast.now, area="out", mark="ordinary")
    carer, child = as_(cast, Role.CARER), cast.mia.public_id

    for page in ("story", "school", "home", "people"):
        shown = text_of(carer.get(reverse(f"profile:{page}", args=[child])))
        assert "Olga" not in shown, page
        assert "Nell" not in shown, page
    assert "Out of the authority" not in _table(carer.get(f"{ROLL}?column=home&column=year"))
    assert "Dawson, Mia" in text_of(carer.get(f"{ROLL}?live=in"))


# What a form or a warning tells


def test_a_teacher_does_not_learn_by_a_warning_whether_another_school_follows(cast):
    place = roll.SchoolPlace.unscoped.get(child=cast.mia)
    address = reverse("children:place_end", args=[cast.mia.public_id, place.public_id])
    end = cast.today + timedelta(days=5)
    typed = {"end_day": end.day, "end_month": end.month, "end_year": end.year}
    typed |= {"leaving_reason": "planned_move", "then": "none"}

    answer = as_(cast, Role.DESIGNATED_TEACHER).post(address, typed)

    assert answer.status_code == 302


def test_a_social_worker_who_adds_a_child_learns_of_no_child_out_of_reach(cast):
    born = cast.noah.birth_date
    typed = {"given_name": "Noah", "family_name": "Birch", "held_as": "own", "child_number": "", "upn": ""}
    typed |= {"birth_date_day": born.day, "birth_date_month": born.month, "birth_date_year": born.year}

    answer = as_(cast, Role.SOCIAL_WORKER).post(reverse("children:add"), typed)

    assert answer.status_code == 302, "nothing was asked"


@pytest.mark.proves("ADR-1")
def test_a_move_of_home_takes_the_mark_along(cast):
    """Less strict it becomes by an act of its own, with a reason."""
    a_home(cast.now, area="out", mark="only_named_users")
    home = Placement(placement_type="U6", provider="PR1", address="1 Oak Lane", disclosure="ordinary")

    move_placement(cast.mia, on=cast.today, placement=home, reason_place_change="CARPL", actor=cast.actor[Role.VSH])

    newest = roll.PlacementAddress.unscoped.filter(child=cast.mia).latest("episode__start")
    assert (newest.episode.start, newest.disclosure) == (cast.today, "only_named_users")


# Writing beyond the reach


def test_an_adviser_passes_on_no_child_of_another_adviser(cast):
    a_place(cast.noah, cast.hillside, cast.today - timedelta(days=300))
    cast.hillside.status, cast.hillside.closed_on = "closed", cast.today - timedelta(days=3)
    write(cast.hillside)
    write(SchoolLink(predecessor=cast.hillside, successor=cast.fernhill, on=cast.today - timedelta(days=2)))
    client, address = as_(cast, Role.VS_OFFICER), reverse("children:pass_on", args=[cast.hillside.public_id])

    assert "1 child" in text_of(client.get(address))
    client.post(address)

    moved = roll.SchoolPlace.unscoped.filter(school=cast.fernhill)
    assert [place.child for place in moved] == [cast.mia]


@pytest.mark.proves("ACC-2")
def test_what_was_not_asked_for_is_not_taken(cast):
    """More fields in a form than it has: the authority, the link of a joined record, the one who acted."""
    born = cast.mia.birth_date
    typed = {
        "given_name": "Mia",
        "family_name": "Dawson",
        "birth_date_day": born.day,
        "birth_date_month": born.month,
        "birth_date_year": born.year,
        "reason": "Spelling",
        "authority": cast.castlebury.pk,
        "authority_id": cast.castlebury.pk,
        "merged_into": cast.noah.pk,
        "held_as": "enquiry",
        "source": "ssda903",
        "public_id": "00000000-0000-4000-8000-000000000000",
    }

    as_(cast, Role.SOCIAL_WORKER).post(reverse("children:identity_correct", args=[cast.mia.public_id]), typed)

    now = roll.Child.unscoped.get(pk=cast.mia.pk)
    kept = ("authority_id", "merged_into_id", "held_as", "source", "public_id")
    assert [getattr(now, name) for name in kept] == [getattr(cast.mia, name) for name in kept]


@pytest.mark.proves("ACC-3", "ACC-5")
def test_nobody_is_reached_through_a_child_who_is_not_theirs(cast):
    """An entry of Noah through Mia's address; ticked children of another authority; a stranger's look."""
    place = a_place(cast.noah, cast.hillside, cast.today - timedelta(days=300))
    head, mia = as_(cast, Role.VSH), cast.mia.public_id
    for route in ("place_end", "place_hours", "place_confirm"):
        address = reverse(f"children:{route}", args=[mia, place.public_id])
        assert (head.get(address).status_code, head.post(address).status_code) == (404, 404), route
    for route in ("entry_correct", "entry_remove"):
        assert head.post(reverse(f"children:{route}", args=[mia, "place", place.public_id])).status_code == 404
    assert head.get(reverse("children:join", args=[mia, cast.stranger.public_id])).status_code == 404
    ticked = {"act": "allocate", "child": [str(mia), str(cast.stranger.public_id)]}
    assert "Zed" not in text_of(head.post(reverse("children:many"), ticked))


def test_nobody_gives_themselves_a_post_by_a_file(cast):
    """The exchange format moves a whole authority, with its posts. No page takes it, and a person's load makes none."""
    account = cast.account[Role.DATA_OFFICER]
    files = {
        "authority.csv": "code,name,region\n999,Ashcombe,\n",
        "people.csv": "email,given_name,family_name,role,team,setting_id,start,end\n"
        f"{account.email},A,B,vsh,,,2020-01-01,\n",
    }
    uploads = [SimpleUploadedFile(name, text.encode()) for name, text in files.items()]
    assert as_(cast, Role.DATA_OFFICER).post("/data/load/exchange", {"uploads": uploads}).status_code == 404

    post = Post.objects.select_related("account", "authority").get(account=account)
    officer = actor_for(post, today=timezone.localdate())
    given = [Upload(name, text.encode()) for name, text in files.items()]
    load = engine.preview(engine.FEEDS["exchange"], given, actor=officer)

    assert "command line alone" in "".join(load.problems.values_list("wrong", flat=True))
    with pytest.raises(engine.Refused):
        engine.apply(load, actor=officer, good_rows=True, confirm_endings=True)
    assert [post.role for post in Post.objects.filter(account=account)] == ["data_officer"]


@pytest.mark.parametrize("person", ["{0.email}", "{0.name}"])
@pytest.mark.proves("TEN-3")
def test_a_file_does_not_tell_who_works_for_another_authority(cast, person):
    """By e-mail or by name: someone from elsewhere is as unknown as nobody."""
    other = a_person(cast.castlebury, Role.SOCIAL_WORKER, "Xanthe Quill")[0]
    number = roll.Identifiers.unscoped.get(child=cast.mia).child_number
    told = []
    for who in (person.format(other), person.format(other).replace("x", "y").replace("a", "o")):
        text = f"child_id,person,role,start\n{number},{who},iro,2026-01-05\n"
        upload = SimpleUploadedFile("a.csv", text.encode())
        client = as_(cast, Role.DATA_OFFICER)
        answer = client.post("/data/load/allocations", {"uploads": upload}, follow=True)
        assert answer.redirect_chain, text_of(answer)
        problems = client.get(f"{answer.redirect_chain[-1][0]}/problems")
        told.append(text_of(problems).partition("<tbody")[2].partition("</tbody>")[0].replace(who, "WHO"))

    assert told[0]
    assert told[0] == told[1]


def test_a_post_of_another_person_cannot_be_acted_in(cast):
    head = Post.objects.get(account=cast.account[Role.VSH])
    teacher = as_(cast, Role.DESIGNATED_TEACHER)

    assert teacher.post("/posts", {"post": str(head.public_id)}).status_code == 404
    assert teacher.session["post"] != head.pk


# What is said around the pages


@pytest.mark.parametrize("path", ["/", ROLL, "/schools", "/data", "/nothing-here", "/sign-in"])
@pytest.mark.proves("PLT-1")
def test_every_answer_carries_the_headers_and_is_not_kept(cast, path):
    answer = as_(cast, Role.VSH).get(path)

    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    for directive in ("frame-ancestors 'none'", "base-uri 'none'", "form-action 'self'", "object-src 'none'"):
        assert directive in policy
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["X-Frame-Options"] == "DENY"
    assert answer.headers["Referrer-Policy"] == "same-origin"
    assert answer.headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "no-store" in answer.headers["Cache-Control"]
    assert "style=" not in text_of(answer)
    assert "<script>" not in text_of(answer)


@pytest.mark.proves("PLT-2")
def test_no_form_is_taken_without_its_token(cast):
    """Every route, posted to as the head of the virtual school, from another site."""
    client = Client(enforce_csrf_checks=True, raise_request_exception=False)
    client.force_login(cast.account[Role.VSH])
    known = {
        "name": "council",
        "key": "roll",
        "feed": "places",
        "kind": "csv",
        "token": "wrong",
        "page": 1,
        "number": 1,
    }
    for name, pattern in pages.routes().items():
        if "post" not in pattern.callback.view_class.http_method_names:
            continue
        given = {each: known.get(each, cast.mia.public_id) for each in pattern.pattern.converters}
        answer = client.post(reverse(name, kwargs=given), {"given_name": "X", "act": "undo"})
        assert answer.status_code == 403, f"{name} answered {answer.status_code}"


@pytest.mark.parametrize(
    "next_page",
    [
        "https://evil.example/",
        "//evil.example/",
        "/\\evil.example",
        "\\/evil.example",
        "///evil.example",
        "javascript:alert(1)",
        "/\t/evil.example",
        " //evil.example",
    ],
)
@pytest.mark.proves("PLT-2")
def test_sign_in_sends_nobody_elsewhere(db, next_page):
    person = a_person(an_authority(), Role.VSH)[0]
    secret = can_sign_in(person)

    answer = sign_in(Client(), person, secret, next=next_page)

    assert (answer.status_code, answer.headers["Location"]) == (302, "/")


@pytest.mark.proves("AUT-4")
def test_a_session_is_new_at_sign_in_and_worth_nothing_after(cast):
    person = cast.account[Role.VSH]
    secret = can_sign_in(person)
    client = Client()
    session = client.session
    session["planted"] = "1"
    session.save()
    planted = session.session_key
    client.post("/sign-in", {"email": person.email, "password": PASSWORD})
    half_way = client.session.session_key
    client.post("/sign-in/second-step", {"code": code_of(secret)})
    signed_in = client.session.session_key
    assert len({planted, half_way, signed_in}) == 3
    assert "planted" not in client.session

    client.post("/sign-out")
    thief = Client()
    thief.cookies["sessionid"] = signed_in
    assert thief.get(ROLL).status_code == 302


@pytest.mark.proves("ACC-4")
def test_an_ended_post_ends_at_the_next_click(cast):
    client = as_(cast, Role.VSH)
    assert client.get(ROLL).status_code == 200
    post = Post.objects.get(account=cast.account[Role.VSH])
    post.end = cast.today
    write(post)

    assert client.get(ROLL).headers["Location"].startswith(reverse("access:sign_in"))
    assert not Session.objects.filter(account=cast.account[Role.VSH]).exists()


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "evil.example:80"])
def test_a_host_that_is_not_ours_is_not_answered(cast, host):
    assert as_(cast, Role.VSH).get("/", headers={"host": host}).status_code == 400


@pytest.mark.parametrize(
    "query",
    [
        "year=99999999",
        "year=-99999",
        "as-at=0001-01-01",
        "as-at=9999-12-31",
        "page=-1",
        "page=99999999999999999999",
        "worker=x",
        "officer=%00",
        "sen=%00",
        "live=%00&learn=%00",
        "view=%00&sort=%00&column=%00",
        "found=%00",
        "kind=%00",
        "phase=%00",
    ],
)
def test_an_odd_address_is_no_error(cast, query):
    assert as_(cast, Role.VSH).get(f"{ROLL}?{query}").status_code == 200


def test_odd_words_are_no_error(cast):
    head = as_(cast, Role.VSH)
    for typed in ("\x00", "a\x00b", "%_\\", "'; --", "x" * 5000):
        assert head.post("/children/find", {"words": typed}, follow=True).status_code == 200
        assert head.post(ROLL, {"words": typed}, follow=True).status_code == 200
        assert head.post("/schools", {"words": typed}, follow=True).status_code in (200, 302)
    assert head.post("/data/differences", {"difference": "x", "keep": "kept"}).status_code == 404
    assert head.post("/children/many", {"act": "allocate", "child": "x"}).status_code == 404


# Who looked


def test_the_list_of_moves_is_in_the_access_log(cast):
    keys = {"authority": cast.ashcombe, "child": cast.mia, "told_by": cast.account[Role.SOCIAL_WORKER]}
    write(roll.MoveNotice(**keys, about="home", happens_on=cast.today, told_on=cast.today))

    as_(cast, Role.VSH).get(reverse("children:moves"))

    assert Entry.objects.get(route="children:moves").children == str(cast.mia.pk)


@pytest.mark.proves("LOG-1")
def test_who_signed_in_and_who_was_refused_is_in_the_access_log(cast):
    person = cast.account[Role.SOCIAL_WORKER]
    secret = can_sign_in(person)
    client = Client(headers={"user-agent": "Mozilla/5.0 (iPhone) Mobile"})
    for email, password in ((person.email, "wrong"), ("nobody@example.org", "wrong"), (person.email, PASSWORD)):
        client.post("/sign-in", {"email": email, "password": password})
    client.post("/sign-in/second-step", {"code": "000000"})
    client.post("/sign-in/second-step", {"code": code_of(secret)})
    client.get(reverse("profile:story", args=[cast.noah.public_id]))
    client.post("/sign-out")

    said = [
        (entry.act, entry.outcome, entry.actor_id, entry.route)
        for entry in Entry.objects.order_by("pk")
        if entry.outcome != "shown"
    ]
    assert said == [
        ("sign_in", "refused", person.pk, ""),
        ("sign_in", "refused", None, ""),
        ("second_step", "refused", person.pk, ""),
        ("sign_in", "done", person.pk, "password and app"),
        ("view", "refused", person.pk, "profile:story"),
        ("sign_out", "done", person.pk, ""),
    ]
    entry = Entry.objects.latest("pk")
    assert (entry.device, entry.address, len(entry.request_id)) == ("phone", "127.0.0.1", 16)


@pytest.mark.proves("LOG-9", "CLS-3")
def test_a_technical_log_names_no_child(cast, caplog):
    as_(cast, Role.SOCIAL_WORKER).get(reverse("profile:story", args=[cast.noah.public_id]))
    try:
        raise ValueError("duplicate key\nDETAIL:  Key (child_number)=(SECRET1) already exists.")
    except ValueError:
        logging.getLogger("onroll").exception("It went wrong")

    written = "\n".join(NoChildren().format(record) for record in caplog.records)
    assert "/children/id-" in written
    assert str(cast.noah.public_id) not in written
    assert "duplicate key" in written
    assert "SECRET1" not in written.partition("ValueError: duplicate")[2]
    assert settings.LOGGING["handlers"]["console"]["formatter"] == "plain"


def written_of(*records: logging.LogRecord) -> str:
    return "\n".join(NoChildren().format(record) for record in records)


@pytest.mark.proves("LOG-9")
@pytest.mark.parametrize(
    ("text", "canary"),
    [
        ("Not Found: /children?found=CANARY", "CANARY"),
        ("Bad Request: /looks/exposure?of=CANARY&page=2", "CANARY"),
        ("Not Found: /welcome/6f1c9e0e-0000-4000-8000-000000000000/c7w2kq-CANARY0123456789abcdef", "CANARY"),
        ("No account for mia.canary@example.org", "canary"),
        ("Two children have H801200001001", "H801200001001"),
        ("Not Found: /children/6F1C9E0E-0000-4000-8000-000000000000/looks", "6F1C9E0E"),
    ],
)
def test_a_technical_log_leaves_out_what_tells_of_a_person(text, canary):
    record = logging.LogRecord("django.request", logging.WARNING, "", 1, text, (), None)

    assert canary not in written_of(record)
    assert text.partition(":")[0].split()[0] in written_of(record)


@pytest.mark.proves("LOG-9")
def test_a_technical_log_leaves_out_what_an_error_quotes(caplog):
    for typed in ("Mia CANARY", 'O"CANARY'):
        try:
            date.fromisoformat(typed)
        except ValueError:
            logging.getLogger("onroll").exception("It went wrong")

    written = written_of(*caplog.records)
    assert "ValueError: Invalid isoformat string" in written
    assert written.count("CANARY") == 0


@pytest.mark.proves("LOG-9")
def test_what_is_typed_writes_no_line_of_its_own(caplog):
    Client(raise_request_exception=False).get(
        "/nothing%0aERROR%20Everything%20is%20fine%0d%0aagain%E2%80%A8and%20again"
    )
    logging.getLogger("onroll").warning("Sent: %s", "a\nCRITICAL b\x1b[31m\x00")

    written = written_of(*caplog.records)
    assert len(written.splitlines()) == len(caplog.records) == 2


# Files


def a_workbook(*cells: str) -> Upload:
    """A workbook whose one sheet holds an x in each of these cells."""
    ns = "http://schemas.openxmlformats.org"
    main, office = f"{ns}/spreadsheetml/2006/main", f"{ns}/officeDocument/2006/relationships"
    rows = "".join(
        f'<row r="{"".join(filter(str.isdigit, at))}"><c r="{at}" t="inlineStr"><is><t>x</t></is></c></row>'
        for at in cells
    )
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as book:
        book.writestr("[Content_Types].xml", f'<Types xmlns="{ns}/package/2006/content-types"/>')
        book.writestr(
            "_rels/.rels",
            f'<Relationships xmlns="{ns}/package/2006/relationships"><Relationship Id="r1" '
            f'Type="{office}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        )
        book.writestr(
            "xl/workbook.xml",
            f'<workbook xmlns="{main}" xmlns:r="{office}"><sheets><sheet name="S" sheetId="1" r:id="r1"/></sheets>'
            "</workbook>",
        )
        book.writestr(
            "xl/_rels/workbook.xml.rels",
            f'<Relationships xmlns="{ns}/package/2006/relationships"><Relationship Id="r1" Type="{office}/worksheet" '
            'Target="worksheets/sheet1.xml"/></Relationships>',
        )
        book.writestr(
            "xl/worksheets/sheet1.xml", f'<worksheet xmlns="{main}"><sheetData>{rows}</sheetData></worksheet>'
        )
    return Upload("list.xlsx", data.getvalue())


@pytest.mark.proves("UPL-4")
def test_a_small_workbook_cannot_make_a_table_that_fills_the_machine():
    """Two cells at the far corners: whoever makes the table of it is killed, with the server."""
    assert read_sheet(a_workbook("A1", "C3")).rows == [(3, ["", "", "x"])]
    for far in ("XFD1048576", "SF199999", "A1048576", "ZZZZZZZZ9"):
        with pytest.raises(Unreadable, match="more rows or columns"):
            read_sheet(a_workbook("A1", far))


@pytest.mark.proves("UPL-4")
def test_a_workbook_that_lies_about_its_size_is_not_unpacked():
    upload = a_workbook(*(f"A{row}" for row in range(1, 200_000)))
    # The directory claims that the sheet has one byte.
    at = upload.data.rindex(b"PK\x01\x02")
    lying = bytearray(upload.data)
    lying[at + 24 : at + 28] = (1).to_bytes(4, "little")

    with pytest.raises(Unreadable):
        read_sheet(Upload("list.xlsx", bytes(lying)))


@pytest.mark.parametrize("name", ["../../evil.csv", "/etc/passwd", "a\x00b.csv", "x\r\nSet-Cookie: a=b.csv"])
def test_the_name_of_a_file_leads_nowhere(cast, name):
    upload = SimpleUploadedFile("x.csv", b"CHILD,DOB\n1,01/01/2010\n")
    upload.name, upload._name = name, name

    answer = as_(cast, Role.VSH).post("/data/load/ssda903", {"uploads": upload})

    assert answer.status_code < 500


FORMULAS = ("=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1", "＋1", "－1", "＠x")


@pytest.mark.proves("EXP-3")
def test_no_cell_of_a_file_that_leaves_runs():
    lines = csv_bytes(["Name"], [[text] for text in FORMULAS]).decode("utf-8-sig").split("\r\n")
    for line in lines[1:-1]:
        assert line.lstrip('"').startswith("'"), line
    with zipfile.ZipFile(io.BytesIO(xlsx_bytes("Children", ["Name"], [[text] for text in FORMULAS]))) as book:
        assert b"<f>" not in book.read("xl/worksheets/sheet1.xml")
        assert not [name for name in book.namelist() if "comments" in name or "externalLink" in name]


@pytest.mark.proves("PLT-5")
def test_an_encrypted_value_does_not_open_in_another_row(cast):
    a_home(cast.now, area="out", mark="ordinary")
    taken = roll.PlacementAddress.unscoped.values_list("address", flat=True).get(episode=cast.now)
    assert isinstance(taken, Ciphertext)
    assert "Elm" not in taken

    other = roll.PlacementAddress(authority=cast.ashcombe, child=cast.mia, episode=cast.first, address=taken)

    with pytest.raises(ValueError, match="moved from another row"):
        str(other.address)


@pytest.mark.proves("ID-4")
def test_an_adopted_childs_number_ties_no_new_record_to_the_old(cast):
    """Neither record tells of the other, whichever is looked at."""
    today = cast.today
    adopted = a_child(cast.ashcombe, "Old Name", birth_date=cast.noah.birth_date)
    an_episode(adopted, today - timedelta(days=900), end=today - timedelta(days=500), reason_ceased="E12")
    numbers = roll.Identifiers.unscoped.get(child=adopted)
    numbers.upn = "A123456789012"
    write(numbers)
    head = cast.actor[Role.VSH]

    for child in (cast.noah, adopted):
        said = doubts_about_numbers(child, upn="A123456789012", actor=head)
        assert not [sentence for sentence in said if "record" in sentence]
    assert (
        find_possible_matches(
            given_name="Old", family_name="Name", birth_date=adopted.birth_date, upn="A123456789012", actor=head
        )
        == []
    )


def test_a_setting_of_another_authority_is_nobodys_school_here(cast):
    """Each authority numbers its own settings from one."""
    write(School(authority=cast.castlebury, setting_id="S00001", name="Theirs", phase="ap"))
    actor = Actor.command_line(cast.ashcombe.pk, today=cast.today, user="test")
    options = {"role": Role.DESIGNATED_TEACHER, "authority": cast.ashcombe, "actor": actor, "setting": "S00001"}

    with pytest.raises(Refused):
        invite("dt@example.org", **options)
    ours = write(School(authority=cast.ashcombe, setting_id="S00001", name="Ours", phase="ap"))
    post, _ = invite("dt@example.org", **options)
    assert Post.objects.get(account=post.account).school == ours


def test_practice_support_writes_no_other_status_by_adding_a_child(cast):
    born = cast.noah.birth_date
    typed = {"given_name": "Una", "family_name": "Vale", "held_as": "enquiry", "enquiry": "child_protection"}
    typed |= {"lawful_basis": "Asked", "birth_date_day": born.day, "birth_date_month": born.month}
    typed |= {"birth_date_year": born.year}

    answer = as_(cast, Role.VS_ADMIN).post(reverse("children:add"), typed)

    assert answer.status_code == 200
    assert not roll.Child.unscoped.filter(given_name="Una").exists()


@pytest.mark.proves("PLT-3")
def test_what_people_type_is_never_markup(cast):
    evil = '"><img src=x onerror=alert(1)>'
    cast.mia.given_name = cast.mia.family_name = cast.mia.known_as = evil
    cast.hillside.name = evil
    for record in (cast.mia, cast.hillside):
        write(record)
    keys = {"authority": cast.ashcombe, "child": cast.mia, "told_by": cast.account[Role.SOCIAL_WORKER]}
    write(roll.MoveNotice(**keys, about="home", why=evil, new_home=evil, happens_on=cast.today, told_on=cast.today))
    head, child = as_(cast, Role.VSH), [cast.mia.public_id]
    addresses = [
        "/",
        ROLL,
        "/schools",
        reverse("children:moves"),
        reverse("schools:school", args=[cast.hillside.public_id]),
    ]
    addresses += [reverse(f"profile:{page}", args=child) for page in ("story", "school", "home", "people", "history")]
    addresses += [reverse(f"children:{page}", args=child) for page in ("entries", "identity_correct", "place_start")]
    for address in addresses:
        shown = text_of(head.get(address))
        assert "<img src=x" not in shown, address
        assert "&lt;img src=x" in shown or address in ("/", "/schools"), address
