"""One engine for every feed: read, check every row, preview in sentences, apply in one act, undo as one act.

A feed is declared in its own folder of `feeds/` as a `Feed` called FEED: its words, how its files are checked
(`check`: bytes in, facts and problems out, without looking at the record) and how the facts compare with the record
(`plan`: what would change, without changing it). The engine does the rest:

    import_ = preview(FEEDS["ssda903"], uploads, actor=actor, options=Options(as_at=day))
    apply(import_, actor=actor, confirm_endings=True)
    undo(import_, actor=actor)

`preview` changes nothing in the record. `apply` reads the kept file again, plans again, and refuses if the plan is no
longer the one that was shown. The same file again plans no change and so writes nothing.
"""

import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace

from django.utils import timezone

from onroll.access.actors import Actor
from onroll.access.can import Can, can
from onroll.history import undoing
from onroll.history.changes import change, verb

from . import closed, resting, storing, telling
from .models import Import, ImportProblem
from .plans import Changes, Checked, Options, Plan
from .problems import Grade, Problem, Refused, stopped_children
from .reading import Upload
from .sheets import SheetColumn, remembered
from .writing import insert, new

verb("import.previewed", "{actor} checked a file before loading it")
verb("import.applied", "{actor} loaded a file")
verb("import.kept", "{actor} noted what became of a file", note=True)
verb("import.left", "{actor} left a file without loading it")


@dataclass(frozen=True)
class Feed:
    """One kind of file that Onroll reads.

    `check(uploads, options)` answers a `Checked`; `plan(checked, actor=, options=)` answers a `Plan`. A feed whose
    rows are not models of its plan's `changes` gives a `write(plan, actor=, this=)` of its own.
    """

    name: str
    title: str
    words: str
    check: Callable[[list[Upload], Options], Checked]
    plan: Callable[..., Plan]
    write: Callable[..., None] | None = None
    # How each column is read, in words, for the page that says so: file, column, words.
    columns: tuple[tuple[str, str, str], ...] = ()
    # The columns that an officer can match to the headings of their own spreadsheet.
    matched_columns: tuple[SheetColumn, ...] = ()
    # The kinds of file it takes, and the day it speaks for when no other is given, as the form says them.
    kinds: str = "CSV or zip"
    as_at_otherwise: str = "today"
    # Whether a load may be a part of the whole, may leave out bad rows, and speaks for a day or a period.
    may_be_part: bool = False
    may_leave_bad_rows: bool = False
    has_as_at: bool = False
    # How old the last load may be before the Data page calls the feed stale. None: never.
    stale_after_days: int | None = None
    # Where it stands on the Data page, and the page that takes its files where that is not the common one.
    order: int = 50
    choose_page: str = ""
    # Whether it is offered on pages at all: the exchange format carries everything, so it goes by the command line.
    on_pages: bool = True


FEEDS: dict[str, Feed] = {}
_GRADES = list(Grade)


def register(feed: Feed) -> Feed:
    """Make a feed known. Each folder of `feeds/` is asked for its FEED at start."""
    if FEEDS.setdefault(feed.name, feed) is not feed:
        raise ValueError(f"Two feeds are called {feed.name}.")
    return feed


def feed_of(import_: Import) -> Feed:
    return FEEDS[import_.feed]


def preview(feed: Feed, uploads: Sequence[Upload], *, actor: Actor, options: Options | None = None) -> Import:
    """Read, check and plan, and keep the answer with the file. The record stays as it is.

    Raises Unreadable when a file can't be read at all, and then keeps nothing.
    """
    options = options or Options()
    _require(actor)
    if feed.matched_columns:
        matched = remembered(feed.name, authority=actor.authority)
        options = replace(options, own={"columns": matched, **options.own})
    began = time.monotonic()
    uploads = list(uploads)
    checked = feed.check(uploads, options)
    plan = _planned(feed, checked, actor=actor, options=options)
    closed.report(closed.keep_apart(plan, actor), actor)
    telling.take_out(plan, actor)
    # What stops comes first, wherever the problems are listed.
    problems = sorted(checked.problems + plan.problems, key=lambda problem: _GRADES.index(problem.grade))
    import_ = Import(
        authority_id=actor.authority,
        feed=feed.name,
        files=[asdict(file) for file in checked.files],
        digest=storing.digest_of(uploads),
        plan_digest=plan.digest(),
        planned_on=actor.today,
        seconds=round(time.monotonic() - began, 2),
        as_at=options.as_at,
        speaks_from=checked.speaks_from,
        speaks_to=checked.speaks_to,
        speaks_words=checked.speaks_words,
        part=options.part,
        good_rows=options.good_rows,
        confirm_endings=options.confirm_endings,
        own_options=options.own,
        sentences=[asdict(sentence) for sentence in plan.sentences],
        summary=plan.summary,
        would_change=plan.changes.count(),
        would_end=plan.would_end,
        share_ended=plan.share_ended,
        share_unmatched=plan.share_unmatched,
        counts=dict(Counter(str(problem.grade) for problem in problems)),
        previewed_at=timezone.now(),
        previewed_by=actor.name,
    )
    storing.keep(uploads, public_id=import_.public_id, authority=actor.authority)
    try:
        with change("import.previewed", actor=actor, batch=str(import_.public_id)) as this:
            this.create(import_)
            insert(ImportProblem, [_problem_row(import_, problem) for problem in problems])
    except BaseException:
        storing.forget(import_.public_id)
        raise
    # Applying in the same breath need not read the same bytes twice.
    import_._checked = checked  # type: ignore[attr-defined]
    return import_


def _problem_row(import_: Import, problem: Problem) -> ImportProblem:
    return new(
        ImportProblem,
        of=import_,
        authority_id=import_.authority_id,
        grade=problem.grade,
        kind=problem.kind,
        file=problem.file[:200],
        line=problem.line,
        number=problem.child[:40],
        field=problem.field,
        wrong=problem.wrong[:400],
        done=problem.done,
    )


def _planned(feed: Feed, checked: Checked, *, actor: Actor, options: Options) -> Plan:
    plan = feed.plan(checked, actor=actor, options=options)
    resting.end_with_homes(plan)
    return plan


def why_not_apply(
    import_: Import, *, actor: Actor, confirm_endings: bool | None = None, good_rows: bool | None = None
) -> str:
    """Why this import can't be applied now, in words. Empty when it can."""
    confirm_endings = import_.confirm_endings if confirm_endings is None else confirm_endings
    good_rows = import_.good_rows if good_rows is None else good_rows
    if not can(actor, Can.RUN_FEEDS):
        return "Your role does not load files."
    if import_.authority_id != actor.authority:
        return "This file was loaded for another authority."
    if import_.state != Import.State.PREVIEWED:
        return f"This load is {import_.get_state_display().lower()}."
    stops = import_.counts.get(Grade.STOPS, 0)
    feed = feed_of(import_)
    if stops and not (good_rows and feed.may_leave_bad_rows):
        rows = "1 row stops" if stops == 1 else f"{stops:,} rows stop"
        ask = ", or choose to apply the good rows" if feed.may_leave_bad_rows else ""
        return f"{rows} this load. Mend the file{ask}."
    if import_.would_end and not confirm_endings:
        number = "1 fact" if import_.would_end == 1 else f"{import_.would_end:,} facts"
        return f"This file would end {number} only by leaving them out. Confirm the endings, or load it as a part."
    return ""


def apply(
    import_: Import, *, actor: Actor, confirm_endings: bool | None = None, good_rows: bool | None = None
) -> Import:
    """Do what the preview said, whole or not at all, as one change that can be undone.

    Refused when a row stops, when endings are not confirmed, or when the record has changed so that the plan would
    now be another.
    """
    refusal = why_not_apply(import_, actor=actor, confirm_endings=confirm_endings, good_rows=good_rows)
    if refusal:
        raise Refused(refusal)
    feed = feed_of(import_)
    options = Options(
        as_at=import_.as_at,
        part=import_.part,
        good_rows=import_.good_rows,
        confirm_endings=import_.confirm_endings,
        own=import_.own_options,
    )
    checked = getattr(import_, "_checked", None) or _check_again(feed, import_, options)
    with change("import.applied", actor=actor, reason=feed.title, batch=str(import_.public_id)) as this:
        held = Import.objects.select_for_update().get(pk=import_.pk)
        if held.state != Import.State.PREVIEWED:
            raise Refused(f"This load is {held.get_state_display().lower()}.")
        plan = _planned(feed, checked, actor=replace(actor, today=import_.planned_on), options=options)
        closed.keep_apart(plan, actor)
        telling.take_out(plan, actor)
        if plan.digest() != import_.plan_digest:
            raise Refused("The record has changed since this was checked. Load the file again to see what it does now.")
        if feed.write:
            feed.write(plan, actor=actor, this=this)
        else:
            plan.changes.write(this)
        # The import's own row is a change of its own: undoing the facts leaves it standing.
        with change("import.kept", actor=actor, batch=str(import_.public_id)) as note:
            import_.state = Import.State.APPLIED
            import_.good_rows = import_.good_rows or bool(good_rows)
            import_.confirm_endings = import_.confirm_endings or bool(confirm_endings)
            import_.applied_at = timezone.now()
            import_.applied_by = actor.name
            import_.change_id = this.id
            note.save(import_)
    return import_


def _check_again(feed: Feed, import_: Import, options: Options) -> Checked:
    uploads = storing.kept(public_id=import_.public_id, authority=import_.authority_id)
    if storing.digest_of(uploads) != import_.digest:
        raise Refused("The file is no longer the one that was checked. Load it again.")
    return feed.check(uploads, options)


def leave(import_: Import, *, actor: Actor) -> Import:
    """Decide not to apply: nothing was changed, and the file is not kept."""
    _require(actor)
    if import_.authority_id != actor.authority:
        raise Refused("This file was loaded for another authority.")
    if import_.state != Import.State.PREVIEWED:
        raise Refused(f"This load is {import_.get_state_display().lower()}.")
    with change("import.left", actor=actor, batch=str(import_.public_id)) as this:
        import_.state = Import.State.LEFT
        this.save(import_)
    storing.forget(import_.public_id)
    return import_


def why_not_undo(import_: Import, *, actor: Actor) -> str:
    """Why this import can't be undone now, in words: most often what was built on it. Empty when it can."""
    if not can(actor, Can.RUN_FEEDS):
        return "Your role does not undo a load."
    if import_.authority_id != actor.authority:
        return "This file was loaded for another authority."
    if import_.state != Import.State.APPLIED:
        return f"This load is {import_.get_state_display().lower()}."
    return undoing.why_not_undo(import_.change_id or 0)


def undo(import_: Import, *, actor: Actor) -> Import:
    """Put every fact back as it was before this import, as one act."""
    refusal = why_not_undo(import_, actor=actor)
    if refusal:
        raise Refused(refusal)
    with change("import.kept", actor=actor, batch=str(import_.public_id)) as this:
        undoing.undo(import_.change_id or 0, actor=actor, reason=feed_of(import_).title)
        import_.state = Import.State.UNDONE
        import_.undone_at = timezone.now()
        import_.undone_by = actor.name
        this.save(import_)
    return import_


def _require(actor: Actor) -> None:
    if not can(actor, Can.RUN_FEEDS):
        raise Refused("Your role does not load files.")


__all__ = [
    "FEEDS",
    "Changes",
    "Checked",
    "Feed",
    "Import",
    "Options",
    "Plan",
    "Refused",
    "apply",
    "leave",
    "preview",
    "register",
    "stopped_children",
    "undo",
    "why_not_apply",
    "why_not_undo",
]
