"""Messages about plans: who gets which, on which days, and that no child is in any."""

from datetime import date, timedelta

import pytest

from onroll.access.mails import subject_of, text_of
from onroll.access.models import Mail
from onroll.access.roles import Role
from onroll.children.tests.scene import a_person, an_allocation, together, write
from onroll.peps.actions import give_back, sign_off
from onroll.peps.models import PepSettings, Signature
from onroll.peps.notices import send_digests
from onroll.peps.tests.scene import a_cast, a_pep

pytestmark = pytest.mark.django_db
MONDAY = date(2026, 11, 16)


@pytest.fixture
@together()
def cast(db):
    return a_cast(MONDAY)


@pytest.fixture
def pep(cast):
    return a_pep(cast.child, due_on=MONDAY + timedelta(days=4))


def told() -> set[str]:
    return {mail.to.given_name for mail in Mail.objects.select_related("to")}


def test_on_mondays_and_thursdays_those_with_something_waiting_are_told_once(cast, pep):
    assert send_digests(cast.authority, today=MONDAY) == 3
    assert told() == {"Teacher", "Worker", "Carer"}

    assert send_digests(cast.authority, today=MONDAY) == 0
    assert send_digests(cast.authority, today=MONDAY + timedelta(days=1)) == 0


def test_who_has_nothing_waiting_is_told_nothing(cast, pep):
    pep.due_on = MONDAY + timedelta(days=100)
    write(pep)

    assert send_digests(cast.authority, today=MONDAY) == 0


def test_an_authority_can_turn_the_digest_off(cast, pep):
    write(PepSettings(authority=cast.authority, mail_digest=False))

    assert send_digests(cast.authority, today=MONDAY) == 0


def test_a_returned_plan_is_told_to_those_who_write_it_and_have_a_live_link(cast, pep):
    gone, _ = a_person(cast.authority, Role.SOCIAL_WORKER, "Gone Doyle")
    an_allocation(cast.child, gone, Role.SOCIAL_WORKER, date(2024, 1, 1), end=date(2024, 6, 1))
    pep.state, pep.submitted_on = "submitted", MONDAY
    write(pep)

    give_back(pep, "Target 2 has no number to see.", actor=cast.actors["adviser"])

    assert told() == {"Teacher", "Worker"}


def test_no_message_holds_anything_of_the_child(cast, pep):
    pep.state, pep.submitted_on = "submitted", MONDAY
    write(pep)
    for signed_as in ("lead", "social_worker"):
        write(Signature(authority=cast.authority, child=cast.child, pep=pep, signed_as=signed_as, on=MONDAY))
    sign_off(pep, actor=cast.actors["adviser"])
    send_digests(cast.authority, today=MONDAY)

    for mail in Mail.objects.all():
        said = subject_of(mail) + text_of(mail)
        assert "Ashcombe" in said
        assert not any(words in said for words in ("Mia", "Dawson", "Hillside", "autumn", "2026", str(pep.public_id)))
