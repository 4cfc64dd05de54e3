"""Who looked at a child, what a person was shown, and reviewing: by those who may, about those they may."""

import csv
import io
import re
from dataclasses import replace
from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.urls import reverse

from onroll.access.openings import LiveOpening
from onroll.access.sessions import SignedIn
from onroll.children.models import CareEpisode, Child, Matter
from onroll.children.tests.scene import a_child, write
from onroll.history import viewing
from onroll.history.models import Change, Entry
from onroll.looks.actions import raise_alert
from onroll.looks.forms import child_numbered
from onroll.looks.models import Alert

from .conftest import NOON, TODAY, look


def page(client, cast, name, route, *args, **query):
    client.force_login(cast.account(name))
    return client.get(reverse(route, args=args), query)


def text(response) -> str:
    html = response if isinstance(response, str) else response.content.decode()
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def main(response) -> str:
    """What the page itself says, without the frame around it."""
    html = response.content.decode()
    return text(html[html.index("<main") : html.index("</main")])


def a_matter(cast, child=None, **fields):
    values = {"kind": "review", "reference": "IG/7", "reason": "A question by the child", "start": TODAY}
    values |= {"end": TODAY + timedelta(days=30), "opened_by": cast.account("ig"), **fields}
    return write(Matter(authority=cast.ashcombe, child=child or cast.mia, **values))


# Who has looked at this child


@pytest.mark.proves("LOG-6")
def test_the_head_sees_who_looked_at_what_and_when(client, cast):
    look(cast, "teacher", cast.mia, "a,d")
    look(cast, "teacher", cast.mia, "j")
    viewing.listed(cast.actor("officer"), [cast.noah.pk, cast.mia.pk], "children:roll")
    look(cast, "officer", cast.noah)

    said = main(page(client, cast, "head", "profile:looks", cast.mia.public_id))

    assert "Tuesday 31 March 2026" in said
    assert "Pat Teacherman Designated teacher Opened 2 pages Name and birth, school and SEN In their post" in said
    assert "Pat Officerman Data officer Shown in 1 list" in said
    assert "Opened 1 page" in said, "The head's own look"


def test_a_key_that_only_holds_the_childs_is_another_child(client, cast):
    other = int(f"1{cast.mia.pk}")
    viewing.listed(cast.actor("officer"), [other], "children:roll")

    assert "Officerman" not in main(page(client, cast, "head", "profile:looks", cast.mia.public_id))


@pytest.mark.proves("LOG-6")
def test_the_looks_are_narrowed_by_person_part_way_and_day(client, cast, clock):
    clock(NOON - timedelta(days=100))
    look(cast, "officer", cast.mia, "k")
    clock(NOON)
    look(cast, "teacher", cast.mia, "d")
    viewing.refused(cast.actor("deputy"), "profile:story", child=cast.mia)

    def said(**query):
        response = page(client, cast, "head", "profile:looks", cast.mia.public_id, **query)
        table = response.content.decode()
        return table[table.index("<h2") : table.index("<aside")]

    assert "Officerman" not in said()
    by_day = {"start": "1/12/2025", "end": "1/1/2026"}
    assert "Officerman" in said(**by_day)
    assert "Teacherman" not in said(**by_day)
    by = str(cast.account("teacher").public_id)
    assert "Teacherman" in said(by=by)
    assert "Deputyman" not in said(by=by)
    assert "Teacherman" in said(part="d")
    assert "Teacherman" not in said(part="k")
    assert "Deputyman" in said(way="refused")
    assert "Teacherman" not in said(way="refused")


def test_a_day_that_is_none_is_an_error_and_the_usual_days_are_shown(client, cast):
    wrong = {"start": "31/2/2026"}
    response = page(client, cast, "head", "profile:looks", cast.mia.public_id, **wrong)

    assert "Enter a day like 31/3/2026" in text(response)
    assert "Headman" in text(response)


def test_an_emergency_opening_and_cover_are_told(client, cast):
    teacher = cast.actor("teacher")
    viewing.viewed(replace(teacher, opening=an_opening(cast.mia)), cast.mia, "a")
    viewing.viewed(replace(teacher, behalf_of=cast.account("deputy").pk), cast.mia, "a")

    said = main(page(client, cast, "head", "profile:looks", cast.mia.public_id))

    assert "Emergency opening" in said
    assert "Cover for Pat Deputyman" in said


@pytest.mark.parametrize("name", ["officer", "teacher"])
def test_who_has_looked_is_not_for_everyone(client, cast, name):
    assert page(client, cast, name, "profile:looks", cast.mia.public_id).status_code == 404
    assert "Who has looked" not in text(page(client, cast, name, "profile:story", cast.mia.public_id))


@pytest.mark.proves("LOG-6")
def test_information_governance_sees_the_looks_while_a_matter_is_open(client, cast):
    assert page(client, cast, "ig", "profile:looks", cast.mia.public_id).status_code == 404

    matter = a_matter(cast)
    response = page(client, cast, "ig", "profile:looks", cast.mia.public_id)
    assert response.status_code == 200
    assert "Mia" in text(response)
    assert page(client, cast, "ig", "profile:looks", cast.noah.public_id).status_code == 404
    assert page(client, cast, "ig", "profile:story", cast.mia.public_id).status_code == 404

    matter.start, matter.end = TODAY - timedelta(days=2), TODAY
    write(matter)
    assert page(client, cast, "ig", "profile:looks", cast.mia.public_id).status_code == 404


def test_the_page_asks_no_more_for_many_looks_than_for_few(client, cast, django_assert_max_num_queries):
    def load(times):
        for _ in range(times):
            look(cast, "teacher", cast.mia)
            look(cast, "officer", cast.mia)

    load(2)
    page(client, cast, "head", "profile:looks", cast.mia.public_id)
    with django_assert_max_num_queries(30):
        page(client, cast, "head", "profile:looks", cast.mia.public_id)
    load(60)
    with django_assert_max_num_queries(30):
        page(client, cast, "head", "profile:looks", cast.mia.public_id)


def an_opening(child):
    return LiveOpening(5, child.public_id, "EO-5", child.pk, child.public_id, until=NOON + timedelta(hours=2))


# A matter


def typed(**also):
    until = {"until_day": "30", "until_month": "4", "until_year": "2026"}
    return {
        "number": "A1",
        "kind": "request",
        "reference": "SAR/12",
        "reason": "Mia has asked who read her record",
        **until,
        **also,
    }


def test_a_matter_is_opened_by_an_exact_number_and_closed(client, cast):
    client.force_login(cast.account("ig"))

    client.post(reverse("looks:open_matter"), typed())

    matter = Matter.unscoped.get()
    assert (matter.child, matter.end, matter.opened_by) == (cast.mia, date(2026, 5, 1), cast.account("ig"))
    assert Change.objects.get(verb="looks.matter_opened").child == cast.mia.pk
    assert "Mia Dawson" in text(client.get(reverse("looks:matters")))
    client.post(reverse("looks:close_matter", args=[matter.public_id]))
    assert "Mia Dawson" not in text(client.get(reverse("looks:matters")))


def test_the_reference_of_an_alert_opens_a_matter_too(client, cast):
    client.force_login(cast.account("ig"))
    client.post(reverse("looks:open_matter"), typed(number=str(cast.noah.public_id)))

    assert Matter.unscoped.get().child == cast.noah


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"number": "A"}, "No child of your authority has this number"),
        ({"number": "A3"}, "No child of your authority has this number"),
        ({"reason": "Because"}, "Write at least 20 characters"),
        ({"until_year": "2027"}, "or an earlier day"),
        ({"until_month": "3", "until_day": "30"}, "Enter today or a later day"),
    ],
)
def test_a_matter_that_cannot_be_opened_says_why(client, cast, wrong, words):
    client.force_login(cast.account("ig"))
    response = client.post(reverse("looks:open_matter"), typed(**wrong))

    assert words in text(response)
    assert not Matter.unscoped.exists()


# Alerts


def an_alert(cast, name="teacher", rule="name_alike"):
    entry = look(cast, name, cast.mia)
    return raise_alert(
        rule, authority=cast.ashcombe.pk, account=cast.account(name).pk, at=NOON, first=entry, last=entry
    )


def test_an_alert_waits_on_the_home_page_until_it_is_reviewed(client, cast):
    alert = an_alert(cast)
    for name in ("head", "deputy", "ig"):
        assert "1 alert about looks to review" in text(page(client, cast, name, "home"))
    assert "alert about looks" not in text(page(client, cast, "officer", "home"))

    client.force_login(cast.account("ig"))
    client.post(reverse("looks:alert", args=[alert.public_id]), {"state": "question", "note": "I asked her"})

    alert.refresh_from_db()
    assert (alert.state, alert.note, alert.reviewed_by) == ("question", "I asked her", cast.account("ig"))
    assert "alert about looks" not in text(page(client, cast, "head", "home"))
    reviewed = page(client, cast, "head", "looks:alerts", state="reviewed")
    assert "A question" in text(reviewed)


def test_an_alert_shows_a_child_by_name_only_to_who_may_see_the_child(client, cast):
    alert = an_alert(cast)

    to_the_head = main(page(client, cast, "head", "looks:alert", alert.public_id))
    to_ig = main(page(client, cast, "ig", "looks:alert", alert.public_id))

    assert "Dawson, Mia" in to_the_head
    assert "Dawson" not in to_ig
    assert str(cast.mia.public_id) in to_ig
    a_matter(cast)
    assert "Dawson, Mia" in main(page(client, cast, "ig", "looks:alert", alert.public_id))


def test_nobody_reviews_their_own_looks(client, cast):
    alert = an_alert(cast, "head")
    client.force_login(cast.account("head"))

    assert "Someone else reviews it" in text(client.get(reverse("looks:alert", args=[alert.public_id])))
    client.post(reverse("looks:alert", args=[alert.public_id]), {"state": "right", "note": "It was me"})

    assert Alert.objects.get().state == "new"


def test_a_review_says_what_and_why(client, cast):
    alert = an_alert(cast)
    client.force_login(cast.account("head"))
    response = client.post(reverse("looks:alert", args=[alert.public_id]), {})

    assert "Choose what you find" in text(response)
    assert "Write why" in text(response)
    assert Alert.objects.get().state == "new"


def test_another_authoritys_alert_does_not_exist(client, cast):
    alert = raise_alert("refusals", authority=cast.castlebury.pk, at=NOON)

    assert page(client, cast, "head", "looks:alert", alert.public_id).status_code == 404


# What a person was shown


def asked(client, cast, name, email="", start="1 3 2026", end="31 3 2026", **more):
    client.force_login(cast.account(name))
    parts = ("day", "month", "year")
    days = {f"start_{part}": typed for part, typed in zip(parts, start.split(), strict=True)}
    days |= {f"end_{part}": typed for part, typed in zip(parts, end.split(), strict=True)}
    return client.post(reverse("looks:exposure"), {"email": email, **days, **more}, follow=True)


@pytest.mark.proves("SAR-5")
def test_the_children_a_person_was_shown_with_their_parts(client, cast, clock):
    clock(NOON - timedelta(days=60))
    look(cast, "teacher", cast.noah)
    clock(NOON)
    look(cast, "teacher", cast.mia, "a,j")
    viewing.listed(cast.actor("teacher"), [cast.mia.pk], "children:roll")
    viewing.refused(cast.actor("teacher"), "profile:story", child=cast.noah)

    response = asked(client, cast, "head", cast.account("teacher").email)

    assert "was shown 1 child" in text(response)
    assert "Dawson, Mia Name and birth and SEN 1 1" in main(response)
    assert "Noah" not in main(response)
    assert cast.account("teacher").email not in response.request["QUERY_STRING"]


def test_information_governance_sees_references_in_place_of_names(client, cast):
    look(cast, "teacher", cast.mia)

    said = main(asked(client, cast, "ig", cast.account("teacher").email))

    assert "Dawson" not in said
    assert str(cast.mia.public_id) in said


def test_the_report_goes_into_a_spreadsheet_and_that_is_logged(client, cast):
    child = a_child(cast.ashcombe, "Evil =HYPERLINK", number="E1")
    look(cast, "teacher", child)
    response = asked(client, cast, "head", cast.account("teacher").email)

    file = client.get(reverse("looks:exposure_file", args=["csv"]), {"of": response.request["QUERY_STRING"][3:]})

    rows = list(csv.reader(io.StringIO(file.content.decode("utf-8-sig"))))
    assert rows[1][0] == "Pat Teacherman"
    assert rows[1][1].startswith("'=HYPERLINK")
    assert Entry.objects.latest("pk").act == "export"


@pytest.mark.proves("SAR-5")
def test_to_whom_a_page_was_shown(client, cast):
    for who in ("teacher", "officer"):
        look(cast, who, cast.mia)
    look(cast, "teacher", cast.noah)
    viewing.viewed(cast.actor("deputy"), cast.mia, "a", route="profile:home")
    link = "https://school.example" + reverse("profile:story", args=[cast.mia.public_id]) + "?as-at=2026-03-01"

    said = asked(client, cast, "head", address=link)

    assert "2 people were shown 1 child" in text(said)
    for name in ("Pat Teacherman", "Pat Officerman", "Dawson, Mia"):
        assert name in main(said)
    for other in ("Pat Deputyman", "Noah"):
        assert other not in main(said)


@pytest.mark.proves("SAR-5")
@pytest.mark.parametrize(
    ("page", "entries"),
    [
        ("documents:document", ("documents:document {}", "documents:download {}", "documents:page {}")),
        ("exports:export", ("exports:view {}", "exports:download {}", "exports:print {}")),
    ],
)
def test_to_whom_a_document_or_an_export_was_shown_on_whatever_page(client, cast, page, entries):
    key, other = uuid4(), uuid4()
    for route, who in zip(entries, ("teacher", "officer", "deputy"), strict=True):
        viewing.viewed(cast.actor(who), cast.mia, "j", route=route.format(key))
    viewing.viewed(cast.actor("ig"), cast.noah, "j", route=entries[0].format(other))
    keys = [cast.mia.public_id, key] if page.startswith("documents") else [key]

    said = main(asked(client, cast, "head", address=reverse(page, args=keys)))

    for name in ("Pat Teacherman", "Pat Officerman", "Pat Deputyman", "SEN"):
        assert name in said
    assert "Noah" not in said


@pytest.mark.proves("SAR-5")
def test_a_person_and_a_page_narrow_each_other(client, cast):
    for who in ("teacher", "officer"):
        look(cast, who, cast.mia)
    look(cast, "teacher", cast.noah)
    page = reverse("profile:story", args=[cast.mia.public_id])

    said = asked(client, cast, "head", cast.account("teacher").email, address=page)

    assert "Pat Teacherman was shown 1 child" in text(said)


@pytest.mark.parametrize(
    ("address", "wrong"),
    [
        ("", "Enter the e-mail address of a person, or the address of a page"),
        ("https://example.org/gossip", "This is no page of Onroll"),
        ("/children/00000000-0000-4000-8000-000000000000", "No record of your authority"),
    ],
)
def test_an_address_that_leads_nowhere_is_said_so(client, cast, address, wrong):
    assert wrong in text(asked(client, cast, "head", address=address))


@pytest.mark.proves("AUT-5")
@pytest.mark.parametrize("page", ["exposure", "matters", "open_matter"])
def test_exposure_and_matters_ask_again_who_one_is(client, cast, page):
    client.force_login(cast.account("ig"))
    assert client.get(reverse(f"looks:{page}")).status_code == 200
    session = client.session
    held = SignedIn.of(session)
    replace(held, proved=held.proved - 3600).keep_in(session)
    session.save()

    asked_again = client.get(reverse(f"looks:{page}"))

    assert asked_again.status_code == 302
    assert asked_again.headers["Location"].startswith(reverse("access:prove_again"))


def test_a_closed_record_answers_a_matter_as_one_that_never_was(client, cast):
    episode = CareEpisode.unscoped.get(child=cast.mia)
    episode.end, episode.reason_ceased = date(2026, 3, 2), "E11"
    write(episode)

    assert child_numbered("A1", cast.ashcombe.pk) is None
    assert child_numbered(str(cast.mia.public_id), cast.ashcombe.pk) is None


def test_nobody_of_another_authority_is_asked_about(client, cast):
    response = asked(client, cast, "head", "nobody@example.org")

    assert "Nobody with this address" in text(response)


def test_the_days_stand_in_order(client, cast):
    response = asked(client, cast, "head", cast.account("teacher").email, start="31 3 2026", end="1 3 2026")

    assert "The last day must be the first day or later" in text(response)


def test_a_child_who_went_is_said_so(client, cast):
    viewing.listed(cast.actor("teacher"), [999999], "children:roll")

    assert not Child.unscoped.filter(pk=999999).exists()
    assert "No longer held" in main(asked(client, cast, "head", cast.account("teacher").email))
