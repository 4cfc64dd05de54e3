"""After an adoption order: the record is closed, a new one begins, and only the sealed register joins the two."""

from datetime import date, datetime, timedelta
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
from onroll.children.actions.sealing import (
    READ_FOR,
    become,
    close_openings,
    open_link,
    prepare_to_follow,
    replace_custodian,
    seal_link,
)
from onroll.children.closing import CLOSED, OPENED, TIE, opened_record
from onroll.children.contradictions import Refused
from onroll.children.matching import find_duplicates, find_possible_matches
from onroll.children.models import Child, FormerName, Identifiers, SealedLink, SealedOpening, Status
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


# Reading the closed record


@pytest.fixture
def opened(sealed) -> SimpleNamespace:
    """Both custodians have opened Mia's closed record a moment ago."""
    sealed.found = open_link(**asked(at=timezone.now()), actor=sealed.head)
    sealed.page = reverse("profile:closed_record", args=[sealed.found.opening.public_id])
    return sealed


@pytest.mark.proves("ID-2", "ID-3")
def test_both_custodians_read_the_closed_record_and_nobody_else(opened):
    _, deputy = a_person(opened.ashcombe, Role.DEPUTY_VSH, "Dee Park")
    for custodian in (opened.head, opened.governance):
        page = client_of(custodian).get(opened.page)
        assert page.status_code == 200
        for told in ("Mia", "Dawson", "OLD-1", OLD_UPN, "E11"):
            assert told in page.content.decode(), told
        for of_the_new_life in ("Amy", "Quillan", "NEW-1", NEW_UPN):
            assert of_the_new_life not in page.content.decode()
    for other in (deputy, opened.data_officer, opened.social_worker, opened.iro):
        assert client_of(other).get(opened.page).status_code == 404, other.role


@pytest.mark.proves("ID-3", "LOG-1")
def test_each_look_at_a_closed_record_is_logged_with_its_opening(opened):
    client_of(opened.governance).get(opened.page)

    entry = Entry.objects.get(act="view", child=opened.mia.pk, outcome="shown")
    assert str(opened.found.opening.public_id) in entry.route
    assert {"a", "a3", "b"} <= set(entry.section.split(","))


@pytest.mark.proves("ID-3")
def test_a_closed_record_is_read_only_and_every_other_page_of_it_stays_closed(opened):
    client = client_of(opened.head)

    assert client.post(opened.page).status_code == 405
    for route in ("profile:story", "profile:home", "children:address", "children:identity_correct"):
        assert client.get(reverse(route, args=[opened.mia.public_id])).status_code == 404
    assert not Child.visible_to(opened.head).filter(pk=opened.mia.pk).exists()


@pytest.mark.proves("ID-3")
def test_the_opening_ends_with_its_hour_with_the_next_one_and_when_it_is_closed(opened):
    opening = opened.found.opening
    shown = {"actor": opened.head, "opening": opening.public_id}
    assert opened_record(**shown, now=opening.until - timedelta(seconds=1)) is not None
    assert opened_record(**shown, now=opening.until) is None
    assert opening.until - opening.opened_at == READ_FOR

    words = {"passphrase": TWO, "other_passphrase": ONE, "at": timezone.now()}
    another = open_link(**asked(**words), actor=opened.governance)
    assert opened_record(**shown, now=timezone.now()) is None

    client_of(opened.head).post(reverse("children:sealed_close"))
    gone = opened_record(opened.head, another.opening.public_id, now=timezone.now())
    assert gone is None


@pytest.mark.proves("ID-3")
def test_a_closed_record_without_a_new_one_opens_by_its_own_number(sealed):
    left = a_child(sealed.ashcombe, "Tia Moss", number="OLD-2")
    an_episode(left, end=date(2026, 1, 2), reason_ceased="E12")

    found = open_link(**asked(number="OLD-2"), actor=sealed.head)

    assert (found.closed, found.new) == ("OLD-2", "")
    assert open_link(**asked(number="NEW-9"), actor=sealed.head) is None


@pytest.mark.proves("ID-3")
def test_an_opening_is_told_to_those_who_watch(opened):
    entry = Entry.objects.get(act=OPENED)

    assert entry.child is None
    assert entry.children == ""
    assert str(opened.found.opening.public_id) in entry.route


@pytest.mark.proves("LOG-7")
def test_who_asks_for_a_closed_record_is_written_down(adopted):
    client_of(adopted.iro).get(reverse("profile:story", args=[adopted.mia.public_id]))
    client_of(adopted.iro).get(reverse("profile:story", args=["00000000-0000-4000-8000-000000000000"]))

    assert Entry.objects.get(act=CLOSED).child == adopted.mia.pk


# Names that a person had before


@pytest.fixture
def renamed(cast) -> SimpleNamespace:
    """Noah Birch was Nora Marsh until a deed changed it, and wants the former name closed."""
    cast.governance_account, cast.governance = a_person(cast.ashcombe, Role.IG, "Ivy Gray")
    become(passphrase=ONE, actor=cast.head)
    become(passphrase=TWO, actor=cast.governance)
    cast.noah = a_child(cast.ashcombe, "Nora Marsh", number="N-7")
    an_episode(cast.noah)
    names = {"given_name": "Noah", "family_name": "Birch", "known_as": "", "on": TODAY, "event": "deed"}
    change_name(cast.noah, **names, actor=cast.head)
    cast.pages = [
        reverse(f"profile:{page}", args=[cast.noah.public_id])
        for page in ("story", "home", "school", "needs", "people", "history")
    ]
    cast.pages += [reverse("children:entries", args=[cast.noah.public_id]), reverse("children:roll")]
    return cast


def pages_that_tell(cast, word) -> list[str]:
    head = client_of(cast.head)
    return [page for page in cast.pages if word in head.get(page).content.decode()]


@pytest.mark.proves("ID-5")
def test_a_former_name_that_is_closed_stands_in_the_sealed_register_alone(renamed):
    assert reverse("profile:history", args=[renamed.noah.public_id]) in pages_that_tell(renamed, "Marsh")

    done = client_of(renamed.head).post(
        reverse("children:names_close", args=[renamed.noah.public_id]), {"why": "asked"}
    )

    assert done.status_code == 302
    assert pages_that_tell(renamed, "Marsh") == pages_that_tell(renamed, "Nora") == []
    assert find(renamed.head, "Marsh").exact == []
    assert find(renamed.head, "Birch").exact != []
    assert not FormerName.unscoped.filter(child=renamed.noah).exists()
    assert "Marsh" not in SealedLink.objects.get().text
    found = open_link(**asked(number="N-7"), actor=renamed.head)
    assert found.names == ["Nora Marsh, until 31 March 2026"]
    assert open_link(**asked(number="N-8"), actor=renamed.head) is None


@pytest.mark.proves("ID-5")
def test_an_ordinary_change_of_name_keeps_its_history(renamed):
    assert FormerName.unscoped.get(child=renamed.noah).family_name == "Marsh"
    assert len(pages_that_tell(renamed, "Marsh")) > 1


@pytest.mark.proves("ID-5")
def test_only_a_custodian_closes_names_and_only_where_there_are_some(renamed):
    address = reverse("children:names_close", args=[renamed.noah.public_id])
    _, deputy = a_person(renamed.ashcombe, Role.DEPUTY_VSH, "Dee Park")

    for other in (deputy, renamed.data_officer, renamed.governance, renamed.social_worker):
        assert client_of(other).post(address, {"why": "asked"}).status_code == 404, other.role
    assert FormerName.unscoped.filter(child=renamed.noah).exists()
    nothing = client_of(renamed.head).get(reverse("children:names_close", args=[renamed.mia.public_id]))
    assert "No former name is recorded" in nothing.content.decode()
    story = reverse("profile:story", args=[renamed.noah.public_id])
    assert [address in client_of(who).get(story).content.decode() for who in (renamed.head, deputy)] == [True, False]


# Following a custodian


@pytest.mark.proves("ID-3")
@pytest.mark.parametrize("by", ["passphrase", "printed words"])
def test_a_custodian_is_followed_by_another_and_the_links_open_to_them_alone(adopted, by):
    become(passphrase=ONE, actor=adopted.head)
    printed = become(passphrase=TWO, actor=adopted.governance)
    seal_link(closed_number="OLD-1", new_number="NEW-1", at=AT, actor=adopted.head)
    deputy_account, deputy = a_person(adopted.ashcombe, Role.DEPUTY_VSH, "Dee Park")
    prepare_to_follow(passphrase="a third long passphrase", actor=deputy)
    secret = TWO if by == "passphrase" else printed.lower().replace("-", " ")
    who = {"leaving": str(adopted.governance_account.public_id), "to": str(deputy_account.public_id)}

    with pytest.raises(Refused, match="passphrases is wrong"):
        replace_custodian(**who, secret="a guess that is long", other_passphrase=ONE, actor=adopted.head)
    with pytest.raises(Refused, match="passphrases is wrong"):
        replace_custodian(**who, secret=secret, other_passphrase="a guess that is long", actor=adopted.head)
    with pytest.raises(Refused, match="Your role"):
        replace_custodian(**who, secret=secret, other_passphrase=ONE, actor=deputy)
    assert {each.account for each in custodians(adopted.ashcombe.pk)} != {who["to"]}

    replace_custodian(**who, secret=secret, other_passphrase=ONE, actor=adopted.head)

    assert len(custodians(adopted.ashcombe.pk)) == 2
    assert open_link(**asked(other_passphrase="a third long passphrase"), actor=adopted.head).new == "NEW-1"
    assert who["leaving"] not in SealedLink.objects.get().text
    with pytest.raises(Refused, match="not a custodian"):
        open_link(**asked(), actor=adopted.governance)


@pytest.mark.proves("ID-3")
def test_printed_words_hand_over_and_open_nothing(adopted):
    become(passphrase=ONE, actor=adopted.head)
    printed = become(passphrase=TWO, actor=adopted.governance)
    seal_link(closed_number="OLD-1", new_number="NEW-1", at=AT, actor=adopted.head)

    with pytest.raises(Refused, match="passphrases is wrong"):
        open_link(**asked(other_passphrase=printed), actor=adopted.head)


@pytest.mark.proves("ID-3")
def test_a_hand_over_that_breaks_off_leaves_a_register_that_opens(sealed, monkeypatch):
    account, deputy = a_person(sealed.ashcombe, Role.DEPUTY_VSH, "Dee Park")
    prepare_to_follow(passphrase="a third long passphrase", actor=deputy)
    who = {"leaving": str(sealed.governance_account.public_id), "to": str(account.public_id)}
    words = {"secret": TWO, "other_passphrase": ONE, "actor": sealed.head}

    def power_cut(*args, **kwargs):
        raise OSError("the power went")

    with monkeypatch.context() as broken:
        broken.setattr("onroll.children.actions.sealing.follow", power_cut)
        with pytest.raises(OSError, match="power"):
            replace_custodian(**who, **words)
    assert open_link(**asked(), actor=sealed.head).new == "NEW-1"

    replace_custodian(**who, **words)
    assert open_link(**asked(other_passphrase="a third long passphrase"), actor=sealed.head).new == "NEW-1"


def test_the_pages_of_the_register_lead_from_the_key_to_the_hand_over(sealed):
    _, deputy = a_person(sealed.ashcombe, Role.DEPUTY_VSH, "Dee Park")
    words = {"passphrase": "a third long passphrase", "again": "a third long passphrase"}
    ready = client_of(deputy).post(reverse("children:sealed_follow"), words).content.decode()
    assert "Print these words now" in ready
    account = Post.objects.get(pk=deputy.post).account
    form = {
        "leaving": sealed.governance_account.public_id, "to": account.public_id,
        "secret": TWO, "other_passphrase": ONE,
    }  # fmt: skip
    head = client_of(sealed.head)
    assert "Dee Park" in head.get(reverse("children:sealed_hand_over")).content.decode()

    assert head.post(reverse("children:sealed_hand_over"), form).status_code == 302
    assert "Custodians: Dee Park and Hana Reid" in head.get(reverse("children:sealed")).content.decode()
    close_openings(actor=sealed.head, at=AT)
