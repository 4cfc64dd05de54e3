"""What is applied is what was previewed; it is applied whole, by those who may, and can be taken back."""

import pytest
from django.conf import settings

from onroll.access.roles import Role
from onroll.children.models import CareEpisode, Characteristics, Child
from onroll.children.tests.scene import an_actor, an_authority, write
from onroll.exchange import engine, storing
from onroll.exchange.models import Import, ImportProblem
from onroll.exchange.problems import Refused, Unreadable
from onroll.exchange.reading import Upload
from onroll.history.models import Change, Event

from .conftest import A_RETURN, THE_NEXT_YEAR


def test_a_preview_changes_nothing_and_keeps_the_files_encrypted(cast):
    import_ = cast.check()

    assert import_.state == Import.State.PREVIEWED
    assert Child.unscoped.count() == 0
    kept = next((settings.FILES_FOLDER / "imports").glob(f"{import_.public_id}*"))
    assert "0042" not in kept.read_text()
    assert kept.stat().st_mode & 0o077 == 0
    assert storing.kept(public_id=import_.public_id, authority=cast.ashcombe.pk) == list(A_RETURN)


@pytest.mark.proves("UPL-5")
def test_what_was_applied_is_one_change_with_a_name(cast):
    import_ = cast.load()

    change = Change.objects.get(pk=import_.change_id)
    assert (change.verb, change.actor_id) == ("import.applied", cast.account.pk)
    assert set(Event.objects.filter(change=change).values_list("act", flat=True)) == {"i"}
    assert import_.applied_by == "Joanne Pike"


def test_a_load_in_another_process_reads_the_kept_files_again(cast):
    import_ = Import.objects.get(pk=cast.check().pk)

    engine.apply(import_, actor=cast.data_officer)

    assert Child.unscoped.count() == 1


def test_a_file_that_was_altered_since_is_not_applied(cast):
    import_ = Import.objects.get(pk=cast.check().pk)
    kept = settings.FILES_FOLDER / "imports" / f"{import_.public_id}.sealed"
    kept.write_text(kept.read_text()[:-8] + "AAAAAAA=")

    with pytest.raises(Refused, match="no longer kept as it was"):
        engine.apply(import_, actor=cast.data_officer)
    assert Child.unscoped.count() == 0


@pytest.mark.proves("UPL-5")
def test_a_record_that_changed_since_is_not_written_over(cast):
    cast.load()
    traits = Characteristics.unscoped.get()
    traits.ethnicity = ""
    write(traits)
    import_ = cast.check()
    traits.ethnicity = "WIRI"
    traits.source = "person"
    write(traits)

    with pytest.raises(Refused, match="The record has changed since this was checked"):
        engine.apply(import_, actor=cast.data_officer)
    assert Characteristics.unscoped.get().ethnicity == "WIRI"


def test_a_load_is_applied_once(cast):
    import_ = cast.load()

    with pytest.raises(Refused, match="This load is applied"):
        engine.apply(import_, actor=cast.data_officer)


def test_a_load_that_is_left_is_not_kept(cast):
    import_ = engine.leave(cast.check(), actor=cast.data_officer)

    assert import_.state == Import.State.LEFT
    with pytest.raises(Refused, match="no longer kept"):
        storing.kept(public_id=import_.public_id, authority=cast.ashcombe.pk)
    with pytest.raises(Refused):
        engine.apply(import_, actor=cast.data_officer)


@pytest.mark.proves("UPL-6")
def test_undoing_puts_back_what_was_there_and_the_load_says_so(cast):
    cast.load()
    before = list(CareEpisode.unscoped.values())

    second = cast.load(*THE_NEXT_YEAR, confirm_endings=True)
    engine.undo(second, actor=cast.data_officer)

    assert list(CareEpisode.unscoped.values()) == before
    second.refresh_from_db()
    assert (second.state, second.undone_by) == (Import.State.UNDONE, "Joanne Pike")
    with pytest.raises(Refused):
        engine.undo(second, actor=cast.data_officer)


def test_what_something_was_built_on_is_not_undone_and_the_words_say_what(cast):
    import_ = cast.load()
    child = Child.unscoped.get()
    child.given_name = "Mia"
    write(child)

    reason = engine.why_not_undo(import_, actor=cast.data_officer)

    assert reason.startswith("Other work stands on it. 1 child of it was changed since")
    with pytest.raises(Refused):
        engine.undo(import_, actor=cast.data_officer)
    assert Child.unscoped.get().given_name == "Mia"


@pytest.mark.proves("REL-1", "UPL-5")
def test_an_error_in_the_middle_leaves_nothing(cast, monkeypatch):
    import_ = cast.check()
    monkeypatch.setattr("onroll.exchange.plans.Changes.write", lambda self, this: write_half(self))

    def write_half(changes):
        from onroll.exchange.writing import insert

        for model, rows in list(changes.creates.items())[:2]:
            insert(model, rows)
        raise RuntimeError("the machine stops")

    with pytest.raises(RuntimeError):
        engine.apply(import_, actor=cast.data_officer)

    assert Child.unscoped.count() == 0
    import_.refresh_from_db()
    assert import_.state == Import.State.PREVIEWED


def test_a_file_that_cannot_be_read_keeps_nothing(cast):
    with pytest.raises(Unreadable):
        cast.check(Upload("a.csv", b"NAME\nMia\n"))

    assert Import.objects.count() == ImportProblem.objects.count() == 0


@pytest.mark.parametrize("role", [Role.SOCIAL_WORKER, Role.VS_ADMIN, Role.ANALYST, Role.ADMINISTRATOR])
def test_who_does_not_run_feeds_neither_checks_nor_applies_nor_undoes(cast, role):
    somebody = an_actor(cast.ashcombe, role)
    import_ = cast.check()

    with pytest.raises(Refused):
        engine.preview(engine.FEEDS["ssda903"], A_RETURN, actor=somebody)
    for act in (engine.apply, engine.undo, engine.leave):
        with pytest.raises(Refused):
            act(import_, actor=somebody)


def test_another_authority_neither_applies_nor_undoes_it(cast):
    somebody = an_actor(an_authority("998", "Castlebury"), Role.DATA_OFFICER)
    import_ = cast.check()

    with pytest.raises(Refused, match="for another authority"):
        engine.apply(import_, actor=somebody)
    with pytest.raises(Refused):
        engine.leave(import_, actor=somebody)


def test_two_feeds_cannot_have_one_name():
    with pytest.raises(ValueError, match="Two feeds are called ssda903"):
        engine.register(engine.Feed("ssda903", "Other", "", check=None, plan=None))
