"""Whatever is altered, taken out, put in or moved in the history is found; what is whole is never accused."""

import os
import random
from dataclasses import replace
from datetime import UTC, datetime
from uuid import uuid4

import pytest
from django.db import DatabaseError, connection, transaction

from onroll.access.actors import Actor
from onroll.access.openings import LiveOpening
from onroll.authorities.models import Team
from onroll.children.models import CareEpisode, Child, PlacementAddress, Review
from onroll.history import sealing, viewing
from onroll.history.changes import Refused, change
from onroll.history.erasing import dispose
from onroll.history.models import Change, Entry, EntryHead, Event, Head, Salt, Seal
from onroll.history.recorded import recorded_models
from onroll.history.sealing import heads, verify

from . import tampering
from .rows import SAM, Rows

TIMES = 1000 if os.environ.get("ONROLL_NIGHTLY") == "1" else 60

# How many entries the log has that is tampered with.
LOOKS = 100_000 if os.environ.get("ONROLL_NIGHTLY") == "1" else 30

CANARY = "CANARY-7F3A"


def a_history(authorities: int = 2, changes: int = 8) -> list[Rows]:
    every = []
    for _ in range(authorities):
        with change("test.set_up", actor=SAM, reason="The start") as this:
            rows = Rows(this)
        actor = Actor.command_line(rows.authority.pk, today=SAM.today, user="sam")
        with change("test.set_up", actor=actor) as this:
            rows.this = this
            rows.child = rows.make(Child, given_name=CANARY)
        for n in range(changes):
            with change("test.set_up", actor=actor, child=rows.child, reason=f"{CANARY} {n}", batch="b") as this:
                rows.this = this
                rows.make(Review, child=rows.child)
                with change("test.set_up", actor=SAM) as inner:
                    inner.create(Team(name=f"Team {n}", authority=rows.authority))
                rows.child.known_as = f"{CANARY}{n}"
                this.save(rows.child)
        every.append(rows)
    return every


def test_a_history_as_it_was_written_is_whole(db):
    a_history()
    assert verify() == []
    assert verify(kept=heads()) == []
    assert Seal.objects.count() == Change.objects.count()
    assert sum(Seal.objects.values_list("count", flat=True)) == Event.objects.count()


TAMPERINGS = [
    tampering.alter_text("history_event", "payload"),
    tampering.alter_text("history_event", "act"),
    tampering.alter_number("history_event", "child"),
    tampering.alter_number("history_event", "record"),
    tampering.alter_number("history_event", "model"),
    tampering.alter_number("history_event", "authority"),
    tampering.remove("history_event"),
    tampering.insert_copy("history_event", "act", "change_id, authority, model, record, child, payload, digest", "act"),
    tampering.swap("history_event", "payload"),
    tampering.alter_text("history_change", "verb"),
    tampering.alter_text("history_change", "reason"),
    tampering.alter_text("history_change", "actor_name"),
    tampering.alter_number("history_change", "post"),
    tampering.alter_number("history_change", "child"),
    tampering.remove("history_change"),
    tampering.insert_copy(
        "history_change",
        "verb",
        "authority, actor_id, actor_name, role, post, child, within_id, at, reason, batch, words_digest, xact",
        "verb",
    ),
    tampering.alter_text("history_seal", "hash"),
    tampering.alter_text("history_seal", "content"),
    tampering.alter_number("history_seal", "number"),
    tampering.alter_number("history_seal", "count"),
    tampering.remove("history_seal"),
    tampering.swap("history_seal", "content"),
    tampering.remove("history_head", "authority"),
]


@pytest.mark.django_db(transaction=True)
def test_every_single_tampering_is_found():
    a_history()
    chance = random.Random(7)
    with tampering.without_triggers():
        assert verify() == []
        for n in range(TIMES):
            tamper = TAMPERINGS[n % len(TAMPERINGS)]
            with tampering.tampered(tamper, chance):
                assert verify(), tamper.__name__
        assert verify() == []


@pytest.mark.django_db(transaction=True)
def test_a_tail_that_was_cut_is_found_by_the_heads_that_were_kept_elsewhere():
    rows, _ = a_history()
    kept = heads()
    authority = rows.authority.pk
    with tampering.without_triggers(), connection.cursor() as cursor:
        seal = Seal.objects.filter(authority=authority).latest("number")
        before = Seal.objects.get(authority=authority, number=seal.number - 1)
        cursor.execute("DELETE FROM history_event WHERE change_id = %s", [seal.change_id])
        cursor.execute("DELETE FROM history_change WHERE id = %s OR within_id = %s", [seal.change_id] * 2)
        cursor.execute("DELETE FROM history_seal WHERE id = %s", [seal.pk])
        cursor.execute(
            "UPDATE history_head SET number = %s, hash = %s WHERE authority = %s",
            [before.number, before.hash, authority],
        )
        found = verify(kept=kept)
    assert any(f.authority == authority and "shorter than the head" in f.what for f in found)


@pytest.mark.django_db(transaction=True)
def test_a_history_written_anew_is_found_by_the_heads_that_were_kept_elsewhere():
    a_history(authorities=1)
    kept = {authority: (number, "0" * 64) for authority, (number, _) in heads().items()}
    assert any("kept elsewhere" in finding.what for finding in verify(kept=kept))


def test_two_changes_of_one_transaction_are_sealed_in_ascending_order_of_authority(db):
    low, high = (Actor.command_line(n, today=SAM.today, user="sam") for n in (5, 900))
    with change("test.set_up", actor=high), change("test.set_up", actor=low):
        pass
    assert list(Seal.objects.order_by("pk").values_list("authority", flat=True)) == [5, 900]
    assert verify() == []


# Erasing -------------------------------------------------------------------------------------------------------------


def whole_database() -> str:
    text = []
    with connection.cursor() as cursor:
        tables = {model._meta.db_table for model in recorded_models()}
        for table in [*tables, "history_event", "history_change", "history_salt", "history_entry"]:
            cursor.execute(f'SELECT * FROM "{table}"')
            text.append(repr(cursor.fetchall()))
    return "".join(text)


@pytest.mark.proves("RET-3")
def test_a_disposed_record_leaves_no_word_and_the_chain_whole(db):
    rows, other = a_history()
    child, salt = rows.child.pk, Salt.objects.get(pk=rows.child.pk).salt
    with change("test.set_up", actor=SAM) as this:
        rows.this = this
        episode = rows.make(CareEpisode, child=rows.child)
        rows.make(PlacementAddress, child=rows.child, episode=episode, address=CANARY)
    kept = heads()

    erased = dispose([child], actor=SAM, reason="Its time was over")

    assert erased == Event.objects.filter(child=child).exclude(digest="").count() > 20
    assert not Event.objects.filter(child=child).exclude(payload="").exists()
    assert not Child.unscoped.filter(pk=child).exists()
    left = whole_database()
    assert salt not in left
    assert CANARY in left, "The other child is still there"
    dispose([other.child.pk], actor=SAM, reason="Its time was over")
    assert CANARY not in whole_database()
    assert verify() == []
    assert verify(kept=kept) == []
    assert Change.objects.latest("pk").reason == "Its time was over"


def test_many_records_are_disposed_of_in_one_change(db):
    every = a_history(authorities=4, changes=2)
    dispose([rows.child.pk for rows in every], actor=SAM, reason="Their time was over")
    assert CANARY not in whole_database()
    assert verify() == []


def test_nothing_is_erased_outside_a_disposal(db):
    (rows,) = a_history(authorities=1, changes=1)
    erase = "UPDATE history_event SET payload = '', digest = %s WHERE child = %s"
    for verb in (None, "test.set_up"):
        with pytest.raises(Exception, match=r"never changes|permission denied|only the disposal"):
            _erase_under(verb, erase, rows.child.pk)
    if connection.vendor == "postgresql":
        with pytest.raises(Refused, match="only the disposal"), change("test.set_up", actor=SAM):
            run("SELECT history_erase(ARRAY[%s]::bigint[])", rows.child.pk)
    assert verify() == []


def _erase_under(verb, erase, child) -> None:
    if verb is None:
        with transaction.atomic():
            run(erase, "0" * 64, child)
    else:
        with change(verb, actor=SAM):
            run(erase, "0" * 64, child)


def run(sql: str, *parameters) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)


def test_a_false_digest_is_found(transactional_db):
    (rows,) = a_history(authorities=1, changes=2)
    dispose([rows.child.pk], actor=SAM, reason="Its time was over")
    with tampering.without_triggers():
        event = Event.objects.exclude(digest="").first()
        Event.objects.filter(pk=event.pk).update(digest="0" * 64)
        assert verify()


# The access log ------------------------------------------------------------------------------------------------------


def a_log(looks: int = 30) -> None:
    for authority in (1, 2):
        actor = Actor.command_line(authority, today=SAM.today, user="sam")
        for n in range(looks // 2):
            viewing.viewed(actor, 40 + n, "a", route="children:child")
        viewing.listed(actor, [1, 2, 3], "children:roll")
        viewing.listed(actor, [], "children:roll")
        viewing.refused(actor, "children:child")
    viewing.noted(None, "sign_in", outcome="wrong_password")


@pytest.mark.proves("LOG-3")
def test_the_log_numbers_each_authority_and_is_whole(db):
    with viewing.visiting(viewing.Visit(request_id="r1", address="192.0.2.1", device="phone")):
        a_log()
    assert viewing.verify_log() == []
    assert viewing.verify_log(kept=viewing.log_heads()) == []
    assert list(Entry.objects.filter(authority=2).order_by("number").values_list("number", flat=True)) == list(
        range(1, 18)
    )
    entry = Entry.objects.get(authority=1, number=16)
    assert (entry.children, entry.act, entry.request_id, entry.address) == ("1,2,3", "list", "r1", "192.0.2.1")
    assert Entry.objects.get(authority=0).outcome == "wrong_password"


LOG_TAMPERINGS = [
    tampering.alter_text("history_entry", "route", "route <> ''"),
    tampering.alter_text("history_entry", "act"),
    tampering.alter_text("history_entry", "outcome"),
    tampering.alter_text("history_entry", "role", "role <> ''"),
    tampering.alter_text("history_entry", "hash"),
    tampering.alter_number("history_entry", "child"),
    tampering.alter_number("history_entry", "number"),
    tampering.alter_number("history_entry", "authority"),
    tampering.remove("history_entry"),
    tampering.swap("history_entry", "at"),
    tampering.insert_copy(
        "history_entry",
        "number",
        "authority, at, actor_id, actor_name, role, post, on_behalf_of, child, children, section, act, outcome, route, "
        "request_id, address, device, break_glass, hash",
        "number + 1000",
    ),
    tampering.remove("history_entryhead", "authority"),
]


@pytest.mark.proves("LOG-3", "LOG-4")
@pytest.mark.django_db(transaction=True)
def test_every_single_tampering_with_the_log_is_found():
    a_log(LOOKS)
    chance = random.Random(7)
    with tampering.without_triggers():
        for n in range(TIMES):
            tamper = LOG_TAMPERINGS[n % len(LOG_TAMPERINGS)]
            with tampering.tampered(tamper, chance):
                assert viewing.verify_log(), tamper.__name__
        assert viewing.verify_log() == []


@pytest.mark.proves("LOG-4")
@pytest.mark.django_db(transaction=True)
def test_the_first_bad_number_of_the_log_comes_first():
    a_log()
    with tampering.without_triggers():
        for number in (12, 5, 9):
            Entry.objects.filter(authority=2, number=number).update(outcome="hidden")

        assert [finding.number for finding in viewing.verify_log()] == [5, 9, 12]


@pytest.mark.proves("LOG-4")
@pytest.mark.django_db(transaction=True)
def test_a_log_that_was_cut_is_found_by_the_heads_that_were_kept_elsewhere():
    a_log()
    kept = viewing.log_heads()
    with tampering.without_triggers():
        Entry.objects.filter(authority=1, number__gt=10).delete()
        last = Entry.objects.get(authority=1, number=10)
        EntryHead.objects.filter(pk=1).update(number=10, hash=last.hash)

        assert viewing.verify_log() == []
        assert [(found.authority, found.number) for found in viewing.verify_log(kept=kept)] == [(1, kept[1][0])]


def test_a_log_that_goes_on_growing_is_whole(db, monkeypatch):
    """After its heads were kept elsewhere, and between the reading of its heads and of its entries."""
    a_log()
    kept = viewing.log_heads()
    viewing.viewed(Actor.command_line(2, today=SAM.today, user="sam"), 1, "a")

    assert viewing.verify_log(kept=kept) == []
    monkeypatch.setattr(viewing, "log_heads", lambda: kept)
    assert viewing.verify_log() == []


def test_where_a_request_came_from_is_said_of_its_own_entries_alone(db):
    actor = Actor.command_line(1, today=SAM.today, user="sam")
    with viewing.visiting(viewing.Visit(request_id="r1", address="192.0.2.1")):
        viewing.viewed(actor, 1, "a")
    viewing.viewed(actor, 1, "a")

    assert list(Entry.objects.order_by("number").values_list("address", flat=True)) == ["192.0.2.1", ""]


@pytest.mark.proves("LOG-9")
def test_what_a_look_says_is_one_clean_line(db):
    actor = Actor.command_line(1, today=SAM.today, user="sam\nfaked: entry\x1f")
    viewing.viewed(actor, 1, "a", route="x" * 500)
    entry = Entry.objects.get()
    assert entry.actor_name == "Command line (sam faked: entry )"
    assert len(entry.route) == 100
    assert viewing.verify_log() == []


def test_an_entry_names_the_opening_and_whose_cover_the_looker_is(db):
    until = datetime(2026, 3, 31, 12, tzinfo=UTC)
    opening = LiveOpening(7, uuid4(), "E-0", child=1, child_public_id=uuid4(), until=until)
    covering = replace(Actor.command_line(1, today=SAM.today, user="sam"), opening=opening, behalf_of=9)

    viewing.viewed(covering, 1, "a")

    assert Entry.objects.values_list("break_glass", "on_behalf_of").get() == (7, 9)
    assert viewing.verify_log() == []


def test_a_change_made_on_a_page_stands_in_the_log_too(db):
    with (
        viewing.visiting(viewing.Visit(request_id="r1", address="192.0.2.1")),
        change("test.set_up", actor=SAM) as outer,
        change("test.set_up", actor=SAM),
    ):
        outer.create(Team(name="North", authority=Rows(outer).authority))

    entry = Entry.objects.get()
    assert (entry.act, entry.route, entry.outcome, entry.request_id) == ("change", "test.set_up", "done", "r1")


@pytest.mark.proves("LOG-5")
def test_what_cannot_be_logged_is_not_written(db):
    with change("test.set_up", actor=SAM) as this:
        authority = Rows(this).authority

    with (
        pytest.raises(DatabaseError, match="disk is full"),
        tampering.a_full_log(),
        viewing.visiting(viewing.Visit(request_id="r1")),
        change("test.set_up", actor=SAM) as this,
    ):
        this.create(Team(name="Unlogged", authority=authority))

    assert not Team.objects.filter(name="Unlogged").exists()


def test_head_and_seal_agree(db):
    a_history()
    for head in Head.objects.all():
        assert Seal.objects.get(authority=head.authority, number=head.number).hash == head.hash
    assert sealing.heads() == {head.authority: (head.number, head.hash) for head in Head.objects.all()}
