"""A copy of a child's record: what a recipient may have, the second person, and what is pointed out to them."""

import re
from datetime import timedelta

import pytest
from django.db import IntegrityError
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from onroll.access import mails
from onroll.access.models import Mail
from onroll.access.roles import Role
from onroll.children.contradictions import Refused
from onroll.children.models import Disclosure, MustNotSee, Named, PlacementAddress, SDQScore
from onroll.children.tests.scene import a_person, an_allocation, write
from onroll.exports import actions, storing
from onroll.exports.actions import check, make_whole, remove_old
from onroll.exports.checking import Highlighter
from onroll.exports.models import Export
from onroll.exports.recipients import recipients
from onroll.history.erasing import dispose
from onroll.history.models import Entry

from .scene import a_copy

PURPOSE = "The review on Tuesday"
READER = "Gail Dawson, mother"


def make(cast, recipient="parent", who="head", **typed):
    address = reverse("exports:copy", args=[cast.mia.public_id]) + f"?for={recipient}"
    words = {"reader": READER, "sections": ["a", "c", "d"], "purpose": PURPOSE, "format": "html", **typed}
    answer = cast.client(who).post(address, words)
    assert answer.status_code == 302, answer.content.decode()
    return Export.objects.latest("pk")


def address_of(export, route):
    return reverse(f"exports:{route}", args=[export.public_id])


def mark_home(cast, mark):
    held = PlacementAddress.unscoped.get(child=cast.mia)
    held.disclosure = mark
    write(held)


def must_not_see(cast, who):
    pair = {"child": cast.mia, "account": cast.accounts[who], "tie": "relative"}
    write(MustNotSee(authority=cast.ashcombe, start=cast.today - timedelta(days=1), **pair))


def a_file(cast, sections):
    """A copy of Mia's record with these sections, that nobody has downloaded yet."""
    return a_copy(cast.mia, cast.accounts["head"], sections=sections)


def opens(cast, export):
    return cast.client("head").get(address_of(export, "file")).status_code == 200


@pytest.mark.proves("ACC-4", "ADR-1")
def test_a_mark_that_became_stricter_closes_the_files_that_hold_what_it_guards(cast):
    holds, holds_school, holds_neither = (a_file(cast, parts) for parts in ("a,n", "a,d", "a,b"))
    others = a_copy(cast.noah, cast.accounts["head"], sections="a,n")
    assert opens(cast, holds)

    mark_home(cast, Disclosure.ONLY_NAMED_USERS)

    assert not opens(cast, holds)
    assert not opens(cast, holds_school)
    assert opens(cast, holds_neither)
    assert opens(cast, others)
    page = cast.client("head").get(address_of(holds, "export")).content.decode()
    assert "Fewer people may know" in page
    assert opens(cast, a_copy(cast.mia, cast.accounts["head"], sections="a,n", made_at=timezone.now()))


@pytest.mark.proves("ACC-4", "ADR-1")
def test_someone_who_was_named_behind_a_mark_closes_files_and_a_looser_mark_does_not(cast):
    mark_home(cast, Disclosure.NOT_TO_FAMILY)
    holds = a_copy(cast.mia, cast.accounts["head"], sections="a,n", made_at=timezone.now())
    mark_home(cast, Disclosure.ORDINARY)
    assert opens(cast, holds)

    write(Named(authority=cast.ashcombe, child=cast.mia, about="home", knows=False, words="An uncle", start=cast.today))

    assert not opens(cast, holds)


@pytest.mark.proves("EXP-2", "ADR-1")
def test_nobody_agrees_to_a_file_whose_mark_became_stricter(cast):
    waits = a_copy(cast.mia, cast.accounts["head"], sections="a,n", state=Export.State.WAITING)
    check_page = address_of(waits, "check")
    assert cast.client("deputy").get(check_page).status_code == 200

    mark_home(cast, Disclosure.ONLY_NAMED_USERS)

    assert cast.client("deputy").get(check_page).status_code == 404


@pytest.mark.proves("EXP-1", "EXP-4")
def test_a_copy_holds_its_sections_and_says_who_when_for_whom_on_each_page(cast):
    export = make(cast)
    text = storing.kept(export).decode()

    assert export.state == Export.State.READY
    for words in ("Mia Dawson", "Hillside", READER, PURPOSE, "Made by Hana Reid", f"{export.made_at:%Y}"):
        assert words in text
    for words in ("Mill Lane", "AB12", "Boyle", "00417", "<script", "http://", "https://"):
        assert words not in text
    foot = re.search("<footer>(.*)</footer>", text, re.DOTALL)
    assert foot is not None
    assert "Hana Reid" in foot[1]
    assert READER in foot[1]
    assert "footer{position:fixed" in text


@pytest.mark.proves("EXP-1")
def test_a_section_that_the_recipient_may_not_have_is_refused_even_when_it_is_sent(cast):
    address = reverse("exports:copy", args=[cast.mia.public_id]) + "?for=parent"

    answer = cast.client("head").post(address, {"reader": READER, "sections": ["b"], "purpose": PURPOSE})

    assert "There is a problem" in answer.content.decode()
    assert not Export.objects.exists()


@pytest.mark.proves("EXP-2", "ADR-2")
def test_a_marked_school_is_in_no_copy_for_a_parent_and_a_second_person_checks(cast):
    cast.place.disclosure = Disclosure.NOT_TO_FAMILY
    write(cast.place)

    export = make(cast)

    assert export.state == Export.State.WAITING
    assert "Hillside" not in storing.kept(export).decode()
    assert "Hillside" in storing.kept(make(cast, "school")).decode()


@pytest.mark.proves("EXP-2")
@pytest.mark.parametrize("mark", [each for each in Disclosure if each != Disclosure.ORDINARY])
def test_of_a_child_with_any_mark_a_copy_for_a_parent_waits_for_a_second_person(cast, mark):
    mark_home(cast, mark)

    assert make(cast).state == Export.State.WAITING
    assert make(cast, "carer").state == Export.State.READY


@pytest.mark.proves("EXP-2")
def test_an_address_that_is_not_known_yet_counts_as_marked(cast):
    write_nothing = PlacementAddress.unscoped.filter(child=cast.mia)
    from onroll.access.actors import Actor
    from onroll.history.changes import change

    with change("test.set_up", actor=Actor.command_line(0, today=cast.today, user="test")) as this:
        this.delete(write_nothing)

    assert make(cast).state == Export.State.WAITING


@pytest.mark.proves("EXP-2")
def test_a_copy_with_restricted_facts_waits_for_a_second_person_whoever_reads_it(cast):
    write(SDQScore(authority=cast.ashcombe, child=cast.mia, score=17, start=cast.today - timedelta(days=9)))

    assert make(cast, "child", sections=["a", "k"]).state == Export.State.WAITING
    assert make(cast, "child", sections=["a"]).state == Export.State.READY


@pytest.mark.proves("EXP-2")
def test_until_the_second_person_agrees_nobody_has_the_copy(cast):
    mark_home(cast, Disclosure.NOT_TO_FAMILY)
    export = make(cast)
    head, deputy = cast.client("head"), cast.client("deputy")

    for route in ("file", "print", "check"):
        assert head.get(address_of(export, route)).status_code == 404
    assert deputy.get(address_of(export, "file")).status_code == 404
    answer = deputy.post(address_of(export, "check"), {"agrees": "yes"})

    assert answer.status_code == 302
    assert head.get(address_of(export, "file")).status_code == 200
    assert "Mia Dawson" in head.get(address_of(export, "print")).content.decode()
    assert deputy.get(address_of(export, "file")).status_code == 404
    export.refresh_from_db()
    assert export.checked_by == cast.accounts["deputy"]


@pytest.mark.proves("EXP-2", "LNK-E1")
def test_the_heads_are_told_that_it_waits_and_the_maker_what_became_of_it_with_nothing_of_the_child(cast):
    mark_home(cast, Disclosure.NOT_TO_FAMILY)
    export = make(cast)

    mail = Mail.objects.get()
    assert (mail.to, mail.kind, mail.path) == (cast.accounts["deputy"], "export_to_check", address_of(export, "check"))
    home = cast.client("deputy").get("/").content.decode()
    assert "1 copy waits for your check" in home
    assert "waits for your check" not in cast.client("head").get("/").content.decode()
    check(export, agrees=True, actor=cast.actor("deputy"))

    told = Mail.objects.latest("pk")
    assert (told.to, told.kind, told.path) == (cast.accounts["head"], "export_checked", address_of(export, "export"))
    for each in (mail, told):
        for words in ("Mia", "Dawson", "00417", READER, "Hillside", PURPOSE, "Reid"):
            assert words not in mails.subject_of(each) + mails.text_of(each)
    assert "waits for your check" not in cast.client("deputy").get("/").content.decode()


@pytest.mark.proves("EXP-2", "AWK-1")
def test_who_must_not_see_the_child_is_not_told_and_the_rest_of_the_virtual_school_is(cast):
    mark_home(cast, Disclosure.NOT_TO_FAMILY)
    must_not_see(cast, "deputy")

    make(cast)

    assert {mail.to for mail in Mail.objects.all()} == {cast.accounts["officer"]}
    assert "waits for your check" not in cast.client("deputy").get("/").content.decode()


def test_what_needs_no_second_person_tells_nobody(cast):
    make(cast)

    assert not Mail.objects.exists()


@pytest.mark.proves("EXP-2")
def test_nobody_checks_their_own(cast):
    export = a_copy(cast.mia, cast.accounts["head"], state=Export.State.WAITING)

    with pytest.raises(Refused, match="You made it"):
        check(export, agrees=True, actor=cast.actor("head"))
    export.checked_by, export.checked_at = export.made_by, timezone.now()
    with pytest.raises(IntegrityError):
        write(export)


def test_a_no_of_the_second_person_deletes_the_file(cast, django_capture_on_commit_callbacks):
    export = a_copy(cast.mia, cast.accounts["head"], state=Export.State.WAITING)

    with django_capture_on_commit_callbacks(execute=True):
        cast.client("deputy").post(address_of(export, "check"), {"agrees": "no"})

    assert not storing.path_of(export.public_id).exists()
    assert cast.client("head").get(address_of(export, "file")).status_code == 404


@pytest.mark.proves("EXP-2")
def test_the_second_person_sees_the_text_with_surnames_addresses_and_places_marked(cast):
    name = "Mia Dawson of Hillside lives at 24 Mill Lane, AB12 9ZQ, with Jean Boyle; or at 7 Oak Road, ZE1 0AA"
    export = a_copy(cast.mia, cast.accounts["head"], name=name, state=Export.State.WAITING)

    text = cast.client("deputy").get(address_of(export, "check")).content.decode()
    marked = re.findall(r'<mark><span class="govuk-visually-hidden">(\w+): </span>([^<]+)</mark>', text)

    assert marked == [
        ("surname", "Dawson"),
        ("place", "Hillside"),
        ("address", "24 Mill Lane"),
        ("address", "AB12 9ZQ"),
        ("surname", "Boyle"),
        ("address", "7 Oak Road"),
        ("address", "ZE1 0AA"),
    ]
    pieces = Highlighter([cast.mia.pk]).pieces(name)
    assert "".join(piece.text for piece in pieces) == name


@pytest.mark.proves("ADR-4")
def test_what_is_typed_onto_the_copy_may_not_tell_the_address(cast):
    mark_home(cast, Disclosure.NOT_TO_FAMILY)
    address = reverse("exports:copy", args=[cast.mia.public_id]) + "?for=parent"

    answer = cast.client("head").post(
        address, {"reader": READER, "sections": ["a"], "purpose": "They asked about 24 Mill Lane"}
    )

    assert "would stand on the copy" in answer.content.decode()
    assert not Export.objects.exists()


@pytest.mark.proves("EXP-4", "LOG-1")
def test_making_downloading_and_printing_each_stand_in_the_access_log(cast):
    export = make(cast)
    client = cast.client("head")
    client.get(address_of(export, "file"))
    client.get(address_of(export, "file"))
    client.get(address_of(export, "print"))

    acts = [entry.act for entry in Entry.objects.order_by("pk") if entry.act in ("export", "download", "print")]
    assert acts == ["export", "download", "download", "print"]
    assert {entry.children for entry in Entry.objects.filter(act="download")} == {str(cast.mia.pk)}


def test_the_page_to_print_allows_its_own_style_and_nothing_else(cast):
    export = make(cast)

    policy = cast.client("head").get(address_of(export, "print")).headers["Content-Security-Policy"]

    assert "default-src 'none'" in policy
    assert "unsafe-inline" not in policy
    assert "script-src" not in policy


# ACC-4: what ends a link ends the export


@pytest.fixture
def by_worker(cast):
    """A copy that Mia's social worker made."""
    cast.link = an_allocation(cast.mia, cast.accounts["worker"], Role.SOCIAL_WORKER)
    cast.export = a_copy(cast.mia, cast.accounts["worker"])
    return cast


@pytest.mark.proves("ACC-4")
def test_a_link_that_ended_closes_the_file_at_the_next_request(by_worker):
    client = by_worker.client("worker")
    assert client.get(address_of(by_worker.export, "file")).status_code == 200

    by_worker.link.end = by_worker.today
    write(by_worker.link)

    for route in ("file", "print"):
        assert client.get(address_of(by_worker.export, route)).status_code == 404
    page = client.get(address_of(by_worker.export, "export")).content.decode()
    assert "Dawson" not in page
    assert "No longer open to you" in client.get(reverse("exports:exports")).content.decode()


@pytest.mark.proves("ACC-4")
def test_one_child_out_of_reach_closes_a_list_of_many(by_worker):
    export = by_worker.export
    export.children = f",{by_worker.mia.pk},{by_worker.noah.pk},"
    write(export)

    assert by_worker.client("worker").get(address_of(export, "file")).status_code == 404


@pytest.mark.proves("ACC-3")
def test_the_export_of_another_person_or_authority_does_not_exist(by_worker):
    for who in ("head", "deputy", "officer"):
        assert by_worker.client(who).get(address_of(by_worker.export, "export")).status_code == 404
        assert by_worker.client(who).get(address_of(by_worker.export, "file")).status_code == 404


# A week


@pytest.mark.proves("EXP-4")
def test_after_seven_days_the_file_is_gone_and_what_left_is_still_on_record(cast, django_capture_on_commit_callbacks):
    export = a_copy(cast.mia, cast.accounts["head"])
    over = export.keep_until

    assert (export.keep_until - export.made_at) == timedelta(days=7)
    assert remove_old(cast.ashcombe.pk, now=over - timedelta(seconds=1)) == 0
    with django_capture_on_commit_callbacks(execute=True):
        assert remove_old(cast.ashcombe.pk, now=over) == 1

    assert not storing.path_of(export.public_id).exists()
    export.refresh_from_db()
    assert export.removed_at == over
    assert export.keys == [cast.mia.pk]
    assert cast.client("head").get(address_of(export, "file")).status_code == 404


@pytest.mark.proves("EXP-4")
def test_past_its_time_the_file_is_refused_before_any_job_has_run(cast):
    at = timezone.now() - timedelta(days=8)
    export = a_copy(cast.mia, cast.accounts["head"], made_at=at, keep_until=at + timedelta(days=7))

    assert cast.client("head").get(address_of(export, "file")).status_code == 404


def test_with_a_child_who_is_erased_goes_the_copy(cast, django_capture_on_commit_callbacks):
    export = a_copy(cast.mia, cast.accounts["head"])

    with django_capture_on_commit_callbacks(execute=True):
        dispose([cast.mia.pk], actor=cast.actor("head"), reason="Kept long enough")

    assert not storing.path_of(export.public_id).exists()
    assert not Export.objects.filter(pk=export.pk).exists()


# The whole record


@pytest.mark.proves("EXP-4")
def test_the_whole_record_leaves_when_a_second_person_agrees(cast):
    import io
    import zipfile

    officer, head = cast.client("officer"), cast.client("head")
    answer = officer.post(reverse("exports:whole"), {"purpose": "The move to another system"})
    assert answer.status_code == 302, answer.content.decode()
    export = Export.objects.get()

    assert export.state == Export.State.WAITING
    assert officer.get(address_of(export, "file")).status_code == 404
    shown = head.get(address_of(export, "check")).content.decode()
    assert "children.csv" in shown
    assert "Dawson" not in shown
    head.post(address_of(export, "check"), {"agrees": "yes"})

    with zipfile.ZipFile(io.BytesIO(officer.get(address_of(export, "file")).content)) as archive:
        assert "Dawson" in archive.read("children.csv").decode()
    assert head.get(reverse("exports:whole")).status_code == 404


@pytest.mark.proves("AWK-1")
def test_who_must_not_see_a_child_does_not_take_the_whole_record_out(cast):
    must_not_see(cast, "officer")

    with pytest.raises(Refused):
        make_whole(purpose=PURPOSE, actor=cast.actor("officer"))
    assert not Export.objects.exists()


def test_the_page_of_exports_asks_as_often_for_many_as_for_few(cast):
    from django.db import connection

    client, counts = cast.client("head"), []
    client.get(reverse("exports:exports"))
    for more in (1, 6):
        for _ in range(more):
            a_copy(cast.mia, cast.accounts["head"])
            a_copy(cast.noah, cast.accounts["deputy"], state=Export.State.WAITING)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(reverse("exports:exports")).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_a_person_of_another_authority_checks_nothing_here(cast):
    from onroll.children.tests.scene import an_authority

    elsewhere = an_authority("998", "Castlebury")
    export = a_copy(cast.mia, cast.accounts["head"], state=Export.State.WAITING)
    from .conftest import signed_in

    theirs = signed_in(a_person(elsewhere, Role.VSH, "Eve Long")[0])

    assert theirs.get(address_of(export, "check")).status_code == 404


@pytest.mark.parametrize(
    ("limit", "words"), [("MOST_A_DAY", "You made 1 files"), ("MOST_OF_AN_AUTHORITY", "Your auth")]
)
def test_no_more_than_so_many_files_leave_in_a_day(cast, monkeypatch, limit, words):
    monkeypatch.setattr(actions, limit, 1)
    now = timezone.now()
    a_copy(cast.mia, cast.accounts["head"], made_at=now - timedelta(hours=25))
    assert actions.why_not_more(cast.actor("head"), now=now) == ""
    a_copy(cast.mia, cast.accounts["head"])

    assert actions.why_not_more(cast.actor("head"), now=now).startswith(words)
    assert bool(actions.why_not_more(cast.actor("deputy"), now=now)) is (limit != "MOST_A_DAY")
    with pytest.raises(Refused, match="in 24 hours"):
        make_whole(purpose=PURPOSE, actor=cast.actor("officer")) if limit != "MOST_A_DAY" else make_a_list(cast)


def make_a_list(cast):
    nothing = {"choice": None, "recipient": recipients()["own_team"], "columns": [], "people": []}
    actions.make_list(**nothing, purpose=PURPOSE, format="csv", actor=cast.actor("head"))
