"""After an adoption order: the record is closed, a new one begins, and only the sealed register joins the two."""

from datetime import date, datetime
from types import SimpleNamespace

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from onroll.access.custodians import CannotSeal, WrongPassphrase, become_custodian, custodians, seal, unseal
from onroll.access.roles import Role
from onroll.children.actions.care import end_care
from onroll.children.actions.guards import find_to_open
from onroll.children.actions.identity import NewStatus, add_child, change_name, record_numbers
from onroll.children.actions.merging import why_not_merge
from onroll.children.actions.sealing import become, open_link, seal_link
from onroll.children.closing import TIE
from onroll.children.contradictions import Refused
from onroll.children.matching import find_duplicates, find_possible_matches
from onroll.children.models import Child, Identifiers, SealedLink, SealedOpening, Status
from onroll.children.searching import find
from onroll.history.models import Change, Entry, Event
from onroll.people.models import Post

from .scene import TODAY, a_child, a_person, an_allocation, an_episode, write

AT = datetime(2026, 3, 31, 10, tzinfo=timezone.get_default_timezone())
OLD_UPN, NEW_UPN = "A822432119007", "H801200001001"
ONE, TWO = "correct horse battery", "staple of the register"
REASON = "Asked for by the adult at the age of 21"


@pytest.fixture
def adopted(cast) -> SimpleNamespace:
    """Mia left care by adoption. As Amy, with new numbers, she is followed as previously looked after."""
    cast.governance_account, cast.governance = a_person(cast.ashcombe, Role.IG, "Ivy Gray")
    cast.people = [cast.head, cast.data_officer, cast.social_worker, cast.iro, cast.governance]
    numbers = Identifiers.unscoped.get(child=cast.mia)
    numbers.child_number, numbers.upn = "OLD-1", OLD_UPN
    write(numbers)
    an_episode(cast.mia)
    an_allocation(cast.mia, cast.sam, Role.SOCIAL_WORKER)
    end_care(cast.mia, on=date(2026, 3, 2), reason_ceased="E11", actor=cast.social_worker)
    cast.amy = add_child(
        given_name="Amy",
        family_name="Quillan",
        birth_date=cast.mia.birth_date,
        child_number="NEW-1",
        upn=NEW_UPN,
        held_as=Child.HeldAs.ENQUIRY,
        status=NewStatus(kind=Status.Kind.ADOPTED, start=date(2026, 3, 2)),
        actor=cast.head,
    )
    return cast


def client_of(actor):
    client = Client()
    client.force_login(Post.objects.get(pk=actor.post).account)
    return client


@pytest.mark.proves("ID-2")
def test_an_adoption_order_closes_the_record_to_everyone(adopted):
    for actor in adopted.people:
        assert not Child.visible_to(actor).filter(pk=adopted.mia.pk).exists(), actor.role
    head = client_of(adopted.head)
    for route in ("story", "home", "school", "history"):
        assert head.get(reverse(f"profile:{route}", args=[adopted.mia.public_id])).status_code == 404
    assert find_to_open(child_number="OLD-1", actor=adopted.head) is None


def test_a_record_whose_care_ended_otherwise_is_not_closed(cast):
    an_episode(cast.mia)
    end_care(cast.mia, on=date(2026, 3, 2), reason_ceased="E48", actor=cast.social_worker)

    assert Child.visible_to(cast.head).filter(pk=cast.mia.pk).exists()


@pytest.mark.proves("ID-2")
def test_the_new_record_has_nothing_of_the_old(adopted):
    old, new = (Identifiers.unscoped.get(child=child) for child in (adopted.mia, adopted.amy))

    assert adopted.amy.public_id != adopted.mia.public_id
    assert (new.upn, new.former_upn) == (NEW_UPN, "")
    assert old.upn == OLD_UPN
    assert not Event.objects.filter(child=adopted.amy.pk, payload__contains="Dawson").exists()
    assert not Event.objects.filter(child=adopted.mia.pk, payload__contains="Quillan").exists()


@pytest.mark.proves("ID-2", "ID-4")
def test_a_number_of_the_closed_record_goes_into_no_other(adopted):
    born = {"birth_date": date(2014, 5, 6), "actor": adopted.head}
    with pytest.raises(Refused, match="can’t be used") as refused:
        add_child(given_name="Amy", family_name="Quillan", upn=OLD_UPN, **born)
    with pytest.raises(Refused, match="can’t be used"):
        record_numbers(adopted.amy, child_number="NEW-1", upn=NEW_UPN, former_upn=OLD_UPN, actor=adopted.head)

    assert OLD_UPN not in str(refused.value)
    assert Entry.objects.filter(act=TIE, child__isnull=True).count() == 2


@pytest.mark.proves("ID-4")
def test_no_search_match_or_join_finds_the_other(adopted):
    for actor in (adopted.head, adopted.data_officer):
        assert find(actor, "Dawson").exact == find(actor, "OLD-1").exact == find(actor, OLD_UPN).exact == []
        assert find_duplicates(actor) == []
        asked = {"family_name": "Dawson", "given_name": "Mia", "birth_date": adopted.mia.birth_date, "upn": OLD_UPN}
        assert find_possible_matches(**asked, actor=actor) == []
    assert why_not_merge(adopted.amy, adopted.mia, actor=adopted.head)


@pytest.mark.proves("ID-4")
def test_canaries_of_one_life_are_on_no_page_of_the_other(adopted):
    pages = ["home", "children:roll", "children:duplicates", "children:openings", "children:apart", "children:sealed"]
    for actor in adopted.people:
        client = client_of(actor)
        addresses = [reverse(page) for page in pages]
        for child in (adopted.mia, adopted.amy):
            addresses += [
                reverse(f"profile:{page}", args=[child.public_id])
                for page in ("story", "home", "school", "needs", "people", "history")
            ]
        addresses += [f"{reverse('children:roll')}?kind=everyone", f"{reverse('children:roll')}?as-at=2026-01-05"]
        for address in addresses:
            text = client.get(address).content.decode()
            for canary in ("Dawson", "OLD-1", OLD_UPN):
                assert canary not in text, f"{actor.role} {address}"
    assert "Quillan" in client_of(adopted.head).get(f"{reverse('children:roll')}?kind=everyone").content.decode()


@pytest.mark.proves("ID-1")
def test_before_the_order_the_legal_name_stays_and_a_known_as_name_does_not_need_one(cast):
    names = {"given_name": "Mia", "family_name": "Quillan", "known_as": "", "on": TODAY}
    with pytest.raises(Refused, match="ties the new name to the old record"):
        change_name(cast.mia, **names, actor=cast.head)

    change_name(cast.mia, **names | {"family_name": "Dawson", "known_as": "Amy"}, actor=cast.head)

    assert Child.unscoped.get(pk=cast.mia.pk).name == "Amy Dawson"


def test_the_page_says_what_an_adoption_does_before_it_is_recorded(cast):
    an_episode(cast.mia)
    client = client_of(cast.social_worker)
    an_allocation(cast.mia, cast.sam, Role.SOCIAL_WORKER)
    form = {"on_day": 2, "on_month": 3, "on_year": 2026, "reason_ceased": "E11"}

    page = client.post(reverse("children:care_end", args=[cast.mia.public_id]), form).content.decode()

    assert "An adoption order closes this record" in page


# The sealed register


@pytest.fixture
def sealed(adopted) -> SimpleNamespace:
    become(passphrase=ONE, actor=adopted.head)
    become(passphrase=TWO, actor=adopted.governance)
    adopted.link = seal_link(closed_number="OLD-1", new_number="NEW-1", at=AT, actor=adopted.head)
    return adopted


@pytest.fixture(autouse=True)
def keys_of_its_own(tmp_path, settings):
    """The custodians of one test are not those of the next."""
    settings.KEYS_FOLDER = tmp_path


def asked(**more):
    return {
        "number": "NEW-1", "why": "person", "reason": REASON, "passphrase": ONE,
        "other_passphrase": TWO, "at": AT, **more,
    }  # fmt: skip


@pytest.mark.proves("ID-3")
def test_two_custodians_open_one_link_together_and_it_is_reported(sealed):
    found = open_link(**asked(), actor=sealed.head)

    assert (found.closed, found.new) == ("OLD-1", "NEW-1")
    opening = SealedOpening.objects.get()
    assert {opening.opened_by.name, opening.opened_with.name} == {"Hana Reid", "Ivy Gray"}
    report = client_of(sealed.governance).get(reverse("children:sealed")).content.decode()
    assert REASON in report
    assert "OLD-1" not in report


@pytest.mark.proves("ID-3")
@pytest.mark.parametrize("wrong", [{"passphrase": TWO}, {"other_passphrase": ONE}, {"other_passphrase": ""}])
def test_one_custodian_alone_opens_nothing(sealed, wrong):
    with pytest.raises(Refused, match="passphrases is wrong"):
        open_link(**asked(**wrong), actor=sealed.head)

    assert not SealedOpening.objects.exists()


@pytest.mark.proves("ID-3")
def test_a_reason_in_law_is_stated(sealed):
    for missing in ({"why": "curious"}, {"reason": "because"}):
        with pytest.raises(Refused):
            open_link(**asked(**missing), actor=sealed.head)


@pytest.mark.proves("ID-2", "ID-3")
def test_neither_the_table_nor_the_history_nor_the_log_holds_the_link(sealed):
    open_link(**asked(), actor=sealed.head)

    for secret in ("OLD-1", "NEW-1", str(sealed.mia.public_id), str(sealed.amy.public_id)):
        assert secret not in SealedLink.objects.get().text
        changes = Change.objects.filter(verb__startswith="sealed.")
        assert not Event.objects.filter(change__in=changes, payload__contains=secret).exists()
    assert not Change.objects.filter(verb__startswith="sealed.", child__isnull=False).exists()
    assert not any(field.is_relation and field.related_model is Child for field in SealedLink._meta.get_fields())


@pytest.mark.proves("ID-3")
def test_nobody_but_the_two_named_custodians_has_the_pages(sealed):
    _, deputy = a_person(sealed.ashcombe, Role.DEPUTY_VSH, "Dee Park")

    for route in ("sealed_link", "sealed_open"):
        assert client_of(sealed.head).get(reverse(f"children:{route}")).status_code == 200
        assert client_of(deputy).get(reverse(f"children:{route}")).status_code == 404
        assert client_of(sealed.data_officer).get(reverse(f"children:{route}")).status_code == 404
    assert client_of(deputy).get(reverse("children:sealed_custodian")).status_code == 404


def test_a_link_is_of_a_closed_record_and_an_open_one(sealed):
    other = a_child(sealed.ashcombe, "Noah Wells", number="N-9")

    for closed, new in (("N-9", "NEW-1"), ("OLD-1", "OLD-1"), ("OLD-1", "nobody")):
        with pytest.raises(Refused, match="Check both"):
            seal_link(closed_number=closed, new_number=new, at=AT, actor=sealed.head)
    assert other.pk


def test_a_stolen_key_folder_and_database_open_nothing_without_the_passphrases():
    for account, words in (("one", ONE), ("two", TWO)):
        become_custodian(1, account=account, passphrase=words)
    text = seal(1, b"the link")

    stored = (settings.KEYS_FOLDER / "sealed-authority-1.json").read_bytes()

    assert ONE.encode() not in stored
    assert b"the link" not in text.encode()
    assert unseal(1, [text], {"one": ONE, "two": TWO}) == [b"the link"]
    for passphrases in ({"one": ONE}, {"one": ONE, "two": ONE}, {"one": ONE, "three": TWO}):
        with pytest.raises(WrongPassphrase):
            unseal(1, [text], passphrases)
    with pytest.raises(CannotSeal):
        become_custodian(1, account="three", passphrase=ONE)
    assert len(custodians(1)) == 2
