"""The command `onroll`: what an operator or a data officer does from a terminal.

Exits 0 when done, 1 when refused (the reasons on standard error, nothing changed) and 2 on wrong usage.
Without --as, a command acts as the named actor "Command line (operating system user)". Nothing of the product
is loaded until a command needs it.
"""

import argparse
import getpass
import json
import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from onroll.access.actors import Actor
    from onroll.authorities.models import Authority

DONE, REFUSED = 0, 1
DEFAULT_PORT = 8000


def main(words: list[str] | None = None) -> int:
    given = parser().parse_args(words)
    # What is written here is for the user who runs it, and for no other on the machine.
    os.umask(0o077)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "onroll.site.settings")
    if given.command is not bench:
        return carry_out(given)
    from .bench import throwaway

    with throwaway.home():
        return carry_out(given)


def carry_out(given: argparse.Namespace) -> int:
    """Do what was asked, in the installation that the environment names."""
    import django

    django.setup()
    from onroll.access import scope
    from onroll.authorities.actions import Refused as SetUpRefused
    from onroll.children.contradictions import Refused as RecordRefused
    from onroll.exchange.problems import Refused as ImportRefused
    from onroll.exchange.problems import Unreadable
    from onroll.history.triggers import HistoryNotInPlace
    from onroll.history.walls import NotTheOwner

    from .installation import Refused

    try:
        with ExitStack() as given.until_done:
            given.until_done.enter_context(scope.nowhere())
            return given.command(given)
    except (Refused, SetUpRefused, ImportRefused, RecordRefused, Unreadable, NotTheOwner) as refusal:
        complain(str(refusal))
        return REFUSED
    except HistoryNotInPlace:
        complain(why_not_in_place())
        return REFUSED
    except KeyboardInterrupt:
        complain("Stopped.")
        return REFUSED


def why_not_in_place() -> str:
    from onroll.history.triggers import unguarded

    from .installation import NOTHING_HERE, has_tables

    with unguarded():
        if not has_tables():
            return NOTHING_HERE
    return "The database is not in step with this version of Onroll. `onroll start` puts it in step."


def parser() -> argparse.ArgumentParser:
    whole = argparse.ArgumentParser(prog="onroll", description="The virtual school management system.")
    commands = whole.add_subparsers(title="commands", metavar="COMMAND", required=True)

    def add(name: str, command: Callable[[argparse.Namespace], int], words: str) -> argparse.ArgumentParser:
        added = commands.add_parser(name, help=words, description=words)
        added.set_defaults(command=command)
        return added

    def add_authority(to: argparse.ArgumentParser) -> None:
        to.add_argument("--authority", required=True, metavar="CODE", help="the authority's three digits, such as 336")

    def add_as(to: argparse.ArgumentParser) -> None:
        to.add_argument("--as", dest="as_email", metavar="EMAIL", help="act as this person, with no more than they may")

    def add_json(to: argparse.ArgumentParser) -> None:
        to.add_argument("--json", action="store_true", help="print data as JSON")

    init_ = add("init", init, "make an empty installation with this authority")
    add_authority(init_)
    add_json(init_)

    demo_ = add("demo", demo, "make a demonstration authority with years of invented history")
    demo_.add_argument("--size", choices=("small", "large", "england"), default="small", help="how many children")
    demo_.add_argument("--seed", type=int, default=1, metavar="N", help="the same seed makes the same people")
    add_json(demo_)

    start_ = add("start", start, "start the web server and the background jobs")
    start_.add_argument("--port", type=int, default=DEFAULT_PORT, metavar="N")

    import_ = add("import", import_file, "check a file and load it")
    import_.add_argument("feed", metavar="FEED", help="what kind of file it is, such as ssda903")
    import_.add_argument("path", metavar="PATH", type=Path, help="a file, a folder or a zip")
    add_authority(import_)
    add_as(import_)
    import_.add_argument("--as-at", type=day, metavar="DATE", help="the last day the file speaks for")
    import_.add_argument("--check", action="store_true", help="say what it would do, and change nothing")
    import_.add_argument("--confirm-endings", action="store_true", help="also end what the file leaves out")
    import_.add_argument("--part", action="store_true", help="the file is a part: add and update, and end nothing")
    import_.add_argument("--good-rows", action="store_true", help="leave out the children with a row that stops")
    add_json(import_)

    undo_ = add("undo", undo, "undo one import")
    undo_.add_argument("import_id", metavar="IMPORT_ID")
    add_as(undo_)
    add_json(undo_)

    export_ = add("export", export, "write the records out")
    export_.add_argument("format", choices=("exchange",))
    export_.add_argument("folder", metavar="DIR", type=Path)
    export_.add_argument(
        "--with-closed",
        choices=("person", "court", "life", "return"),
        metavar="WHY",
        help="also the records that an adoption closed: the person asks, a court orders it, life is in danger, or a"
        " duty in law to report it (person, court, life, return). Both custodians type their passphrase",
    )
    export_.add_argument("--reason", default="", help="the reason in words, with --with-closed")
    add_authority(export_)
    add_as(export_)
    add_json(export_)

    invite_ = add("invite", invite, "make an account and print its one-time link")
    invite_.add_argument("email", metavar="EMAIL")
    invite_.add_argument("--role", required=True, metavar="R", help="the post they are given, such as data_officer")
    add_authority(invite_)
    invite_.add_argument("--setting", metavar="ID", help="the school of a designated teacher")
    invite_.add_argument("--given-name", default="", metavar="NAME")
    invite_.add_argument("--family-name", default="", metavar="NAME")
    invite_.add_argument("--port", type=int, default=DEFAULT_PORT, metavar="N", help="the port that Onroll answers on")
    add_json(invite_)

    roll_ = add("roll", roll, "say who is on the roll on a day")
    add_authority(roll_)
    add_as(roll_)
    roll_.add_argument("--as-at", type=day, metavar="DATE", help="today when not given")
    add_json(roll_)

    measures_ = add("measures", measures, "list the measures: what each counts, and which plan measures it answers")
    add_json(measures_)

    measure_ = add("measure", measure, "say one figure, its breakdown and the children behind it")
    measure_.add_argument("id", metavar="ID", help="the measure's id, or a plan measure that it answers, such as W34")
    add_authority(measure_)
    add_as(measure_)
    measure_.add_argument("--as-at", type=day, metavar="DATE", help="the period that holds this day, up to it")
    measure_.add_argument("--from", dest="first", type=day, metavar="DATE", help="the first day of the period")
    measure_.add_argument("--to", dest="last", type=day, metavar="DATE", help="the last day of the period")
    measure_.add_argument("--year", default="", metavar="YEAR", help="an academic year, like 2025-26")
    measure_.add_argument("--term", default="", choices=("autumn", "spring", "summer"), help="a term of that year")
    measure_.add_argument(
        "--by", action="append", default=[], metavar="WHAT", help="divide it, such as sex or phase; twice for two"
    )
    measure_.add_argument(
        "--children",
        nargs="?",
        const="whole",
        default="",
        choices=("whole", "part"),
        help="also name the children behind the figure, or with “part” those in its part",
    )
    add_json(measure_)

    report_ = add("report", report, "write a report to a file")
    report_.add_argument("name", metavar="NAME", choices=("scorecard", "plan"), help="scorecard or plan")
    add_authority(report_)
    add_as(report_)
    report_.add_argument("--year", required=True, metavar="YEAR", help="the academic year, like 2025-26")
    report_.add_argument("--format", required=True, choices=("html", "pdf", "docx", "xlsx"), help="what kind of file")
    report_.add_argument("--out", required=True, type=Path, metavar="FILE", help="the file to write")
    add_json(report_)

    backup_ = add("backup", backup, "back up the database and the files, without the keys")
    backup_.add_argument("file", metavar="FILE", type=Path, nargs="?")
    backup_.add_argument("--keys", type=Path, metavar="FILE", help="write the keys to this other file")
    add_json(backup_)

    restore_ = add("restore", restore, "restore a backup into an empty installation")
    restore_.add_argument("file", metavar="FILE", type=Path)
    restore_.add_argument("--keys", type=Path, metavar="FILE", help="the keys that `backup --keys` wrote")
    add_json(restore_)

    keys_ = add("keys", keys, "give an authority a new key, or close stored files with the newest")
    keys_.add_argument("act", choices=("rotate", "close-again"), help="close-again goes on where rotate was stopped")
    add_authority(keys_)
    add_json(keys_)

    check_ = add("check", check, "say whether the installation is fit to serve")
    add_json(check_)

    verify_ = add("verify", verify, "prove that the history has not been altered")
    add_json(verify_)

    bench_ = add("bench", bench, "measure how fast this machine does the work, on data made for it and thrown away")
    bench_.add_argument("names", metavar="NAME", nargs="*", help="what to measure, such as M1; all when not given")
    add_json(bench_)
    return whole


def day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text} is not a date like 2026-03-31") from None


def init(given: argparse.Namespace) -> int:
    from . import installation

    installation.prepare()
    added = installation.add_authority(given.authority, user=getpass.getuser())
    tell(
        given,
        {"authority": added.code, "name": added.name, "region": added.region},
        f"{added.name} ({added.code}) is set up, with no children yet. Next: make the first account with\n"
        f"  onroll invite EMAIL --role data_officer --authority {added.code}",
    )
    return DONE


def demo(given: argparse.Namespace) -> int:
    from . import installation

    installation.prepare()
    if not installation.is_empty():
        if installation.is_demonstration():
            raise installation.Refused("There is a demonstration here already. Remove it first, or set ONROLL_HOME.")
        raise installation.Refused("This is a real installation, and can't become a demonstration. Set ONROLL_HOME.")
    sign_ins = build_demonstration(size=given.size, seed=given.seed)
    tell(given, sign_ins, sign_in_words(sign_ins))
    return DONE


def build_demonstration(*, size: str = "small", seed: int = 1) -> list[dict[str, Any]]:
    """Make the demonstration and keep its sign-ins, with a progress bar on standard error."""
    from django.utils import timezone

    from . import installation
    from .demo import build

    with progress_bar("Building the demonstration") as progress:
        made = build(size=size, seed=seed, today=timezone.localdate(), progress=progress)
    sign_ins = [dict(sign_in) for sign_in in made]
    installation.keep_sign_ins(sign_ins)
    return sign_ins


def sign_in_words(sign_ins: list[dict[str, Any]]) -> str:
    from onroll.access.roles import Role

    rows = [(Role(each["role"]).label, each["email"], each["password"]) for each in sign_ins]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return "\n".join(
        "  " + "  ".join(f"{cell:<{width}}" for cell, width in zip(row, widths, strict=True)) for row in rows
    )


def start(given: argparse.Namespace) -> int:
    from . import installation
    from .fit_secrets import why_unfit

    if wrong := why_unfit():
        raise installation.Refused("\n".join(wrong))
    installation.prepare()
    if installation.is_empty():
        raise installation.Refused(installation.NOTHING_HERE)
    serve(given.port)
    return DONE


def serve(port: int) -> None:
    from . import installation, serving

    def say_where(address: str) -> None:
        say(f"Onroll is at {address}, on this machine only. Ctrl-C stops it.")
        if sign_ins := installation.sign_ins():
            say(f"Sign in with one of these:\n{sign_in_words(sign_ins)}")

    serving.serve(port, when_ready=say_where)


def import_file(given: argparse.Namespace) -> int:
    from onroll.exchange import engine
    from onroll.exchange.reading import gather

    _, actor = acting(given)
    feed = engine.FEEDS.get(given.feed)
    if feed is None:
        complain(f"There is no feed called {given.feed}. The feeds are: {', '.join(sorted(engine.FEEDS))}.")
        return 2
    options = engine.Options(
        as_at=given.as_at, part=given.part, good_rows=given.good_rows, confirm_endings=given.confirm_endings
    )
    import_ = engine.preview(feed, gather([given.path]), actor=actor, options=options)
    refusal = engine.why_not_apply(import_, actor=actor)
    if not given.check:
        if refusal:
            engine.leave(import_, actor=actor)
        else:
            engine.apply(import_, actor=actor)
    tell_import(given, import_, refusal)
    if refusal and not given.check:
        complain(refusal)
        return REFUSED
    return DONE


def tell_import(given: argparse.Namespace, import_: Any, refusal: str) -> None:
    applied = import_.state == import_.State.APPLIED
    problems = list(import_.problems.all())
    data = {
        "import": str(import_.public_id),
        "feed": import_.feed,
        "state": import_.state,
        "speaks_from": import_.speaks_from,
        "speaks_to": import_.speaks_to,
        "files": import_.files,
        "sentences": [
            {
                "key": s["key"],
                "count": s["count"],
                "words": s["did"] if applied else s["will"],
                "children": s["children"],
            }
            for s in import_.sentences
        ],
        "would_end": import_.would_end,
        "refused": refusal,
        "counts": import_.counts,
        "problems": [
            {key: getattr(problem, key) for key in ("grade", "kind", "file", "line", "field", "wrong")}
            | {"done": problem.what_we_did, "child": problem.number}
            for problem in problems
        ],
    }
    lines = [f"{file['name']}: {file['words']}" for file in import_.files]
    lines += [import_.speaks_words] if import_.speaks_words else []
    lines += [f"  {s['count']:>7,}  {s['words']}" for s in data["sentences"]]
    lines += [import_.summary] if import_.summary else []
    for problem in problems[:20]:
        # A problem of the whole load stands in no one place.
        wrong = ": ".join(filter(None, (problem.outcome, problem.place, problem.wrong.removesuffix("."))))
        lines.append(f"{wrong}. {problem.what_we_did}")
    if len(problems) > 20:
        lines.append(f"... and {len(problems) - 20:,} more problems (--json lists them all)")
    lines.append(f"Import {import_.public_id}: {import_.get_state_display()}.")
    tell(given, data, "\n".join(lines))


def undo(given: argparse.Namespace) -> int:
    from uuid import UUID

    from onroll.access import scope
    from onroll.exchange import engine

    from . import installation

    try:
        wanted = UUID(given.import_id)
    except ValueError:
        raise installation.Refused(f"{given.import_id} is not the id of an import.") from None
    for authority in installation.authorities():
        given.until_done.enter_context(scope.in_authority(authority.pk))
        import_ = engine.Import.objects.filter(public_id=wanted).select_related("authority").first()
        if import_ is not None:
            break
    else:
        raise installation.Refused(f"There is no import {given.import_id} here.")
    engine.undo(import_, actor=actor_in(import_.authority, given.as_email))
    tell(given, {"import": str(wanted), "state": import_.state}, f"Import {wanted} is undone.")
    return DONE


def export(given: argparse.Namespace) -> int:
    from django.utils import timezone

    from onroll.access.can import Can, can
    from onroll.children.actions.sealing import open_all
    from onroll.exchange.feeds.exchange.exporting import export as write

    from .installation import Refused

    _, actor = acting(given)
    if not can(actor, Can.RUN_FEEDS):
        raise Refused("Your role does not write the whole record out.")
    if given.with_closed:
        open_all(
            why=given.with_closed,
            reason=given.reason,
            passphrase=getpass.getpass("Your passphrase: "),
            other_passphrase=getpass.getpass("The passphrase of the other custodian: "),
            at=timezone.now(),
            actor=actor,
        )
    names = [path.name for path in write(given.folder, actor=actor, with_closed=bool(given.with_closed))]
    words = f"Written to {given.folder}: {', '.join(names)}. Whoever has these files has the whole record."
    if not given.with_closed:
        words += "\nRecords that an adoption closed are left out. Custodians of the sealed register can add them."
    tell(given, {"folder": str(given.folder), "files": names}, words)
    return DONE


def invite(given: argparse.Namespace) -> int:
    from .invitations import invite as invite_person

    authority, actor = acting(given)
    address = f"http://127.0.0.1:{given.port}"
    post, path = invite_person(
        given.email,
        role=given.role,
        authority=authority,
        setting=given.setting,
        given_name=given.given_name,
        family_name=given.family_name,
        actor=actor,
    )
    account = post.account
    if post.waits:
        words = (
            f"{account.email} is of no e-mail domain that {authority} allows. Nothing is sent and nothing is open to "
            "them until somebody who keeps people has confirmed it, on the page People, “Addresses to confirm”."
        )
    elif path:
        words = f"Give this link to {account.email}. It opens once, to choose a password:\n{address}{path}"
    else:
        words = f"{account.email} already has a password, and now holds this post too."
    tell(given, {"email": account.email, "role": given.role, "link": f"{address}{path}" if path else None}, words)
    return DONE


def roll(given: argparse.Namespace) -> int:
    from django.utils import timezone

    from onroll.access.sections import Section, may_read
    from onroll.children.models import Child
    from onroll.children.queries import roll as roll_of
    from onroll.history.viewing import listed

    from .installation import Refused

    authority, actor = acting(given)
    if not may_read(actor, Section.NUMBERS):
        raise Refused("Your role does not show the numbers of children.")
    as_at = given.as_at or timezone.localdate()
    reach = Child.visible_to(actor) if given.as_email else None
    found = roll_of(authority.pk, as_at, among=reach)
    listed(actor, found.keys, route="onroll roll")
    data = {
        "as_at": as_at,
        "count": found.count,
        "by_phase": found.by_phase,
        "children": found.children,
        "short_breaks": found.short_breaks,
    }
    phases = found.by_phase
    words = [
        f"On the roll of {authority.name} on {as_at:%-d %B %Y}: {found.count:,} children,",
        f"  {phases['early_years']:>6,}  early years",
        f"  {phases['school_age']:>6,}  Reception to Year 11",
        f"  {phases['post16']:>6,}  Years 12 and 13",
        f"Only short breaks, so not on the roll: {found.short_breaks:,}.",
    ]
    if found.awaiting_a_real_end:
        words.append(f"Left out until a person gives the day their care ended: {found.awaiting_a_real_end:,}.")
    tell(given, data, "\n".join(words))
    return DONE


def measures(given: argparse.Namespace) -> int:
    from . import figures

    found = figures.catalogue()
    lines = [
        f"{each['id']:<34} {each['title']}" + f" ({', '.join(each['answers'])})" * bool(each["answers"])
        for each in found
    ]
    tell(given, found, "\n".join(lines))
    return DONE


def measure(given: argparse.Namespace) -> int:
    from . import figures

    _, actor = acting(given)
    found = figures.figure(
        given.id,
        actor,
        by=given.by,
        children=given.children,
        as_at=given.as_at,
        first=given.first,
        last=given.last,
        year=given.year,
        term=given.term,
    )
    tell(given, found, figures.in_words(found))
    return DONE


def report(given: argparse.Namespace) -> int:
    from . import figures

    _, actor = acting(given)
    paper, data = figures.report(given.name, actor, year=given.year, kind=given.format)
    given.out.write_bytes(data)
    tell(given, {"report": given.name, "title": paper, "file": str(given.out)}, f"{paper} is in {given.out}.")
    return DONE


def backup(given: argparse.Namespace) -> int:
    from . import backup as backing_up
    from . import installation

    if not (given.file or given.keys):
        complain("Name the file to write: onroll backup FILE. Nothing was written.")
        return 2
    if installation.is_empty():
        raise installation.Refused("There is nothing to back up yet.")
    data: dict[str, Any] = {}
    if given.file:
        manifest = backing_up.back_up(given.file)
        data |= {"file": str(given.file), "keys_needed": manifest["keys"], "files": len(manifest["files"])}
        say(f"Backed up to {given.file}. It holds no keys: it can be opened only beside a copy of them.", given)
    if given.keys:
        data |= {"keys_file": str(given.keys), "keys": backing_up.write_keys(given.keys)}
        say(f"The keys are in {given.keys}. Keep it apart from every backup.", given)
    if given.json:
        print_json(data)
    return DONE


def restore(given: argparse.Namespace) -> int:
    from . import backup as backing_up

    data = backing_up.restore(given.file, keys=given.keys)
    tell(given, data, f"Restored what was backed up on {data['made_at']}, and the history is whole.")
    return DONE


def keys(given: argparse.Namespace) -> int:
    from onroll.access.encryption import add_key, current_key, key_ids
    from onroll.documents import storing as documents
    from onroll.exports import storing as exports
    from onroll.plans import storing as plans

    authority, _ = acting(given)
    if given.act == "rotate":
        add_key(authority.pk)
    with progress_bar("Closing the files with the new key") as progress:
        closed = documents.close_again(authority.pk, progress=progress) + exports.close_again(authority.pk)
        closed += plans.close_again(authority.pk)
    ids = key_ids(authority.pk)
    data = {
        "authority": authority.code,
        "current": current_key(authority.pk),
        "keys": ids,
        "files_closed_again": closed,
    }
    words = f"Key {data['current']} closes what is written from now on. {closed:,} files were closed with it again."
    if given.act == "rotate":
        words += f"\nThe {len(ids) - 1} older stay, for what was written before."
        words += " Write all of them to a safe place: onroll backup --keys FILE"
    tell(given, data, words)
    return DONE


def check(given: argparse.Namespace) -> int:
    from . import deployment
    from .readiness import why_not_ready

    reasons = why_not_ready() or deployment.problems()
    advice = [] if reasons else deployment.advice()
    if given.json:
        print_json({"ready": not reasons, "reasons": reasons, "advice": advice})
    elif not reasons:
        say("This installation is fit to serve.")
        for words in advice:
            say(f"Advice: {words}")
    for reason in reasons:
        complain(reason)
    return REFUSED if reasons else DONE


def verify(given: argparse.Namespace) -> int:
    from django.utils import timezone

    from .databases import as_owner
    from .heads import verify_and_tell

    with as_owner():
        findings = verify_and_tell(now=timezone.now())
    if given.json:
        print_json({"whole": not findings, "findings": findings})
    elif not findings:
        say("The history and the access log are whole: nothing in them was altered, added or taken out.")
    for finding in findings:
        complain(finding)
    return REFUSED if findings else DONE


def bench(given: argparse.Namespace) -> int:
    from dataclasses import asdict

    from django.utils import timezone

    from . import installation
    from .bench import NAMES, throwaway
    from .bench.running import table
    from .bench.workloads import measured

    if unknown := [name for name in given.names if name not in NAMES]:
        complain(f"There is no benchmark called {unknown[0]}. The benchmarks are: {', '.join(NAMES)}.")
        return 2
    today = timezone.localdate()

    @contextmanager
    def invented(children: int) -> Iterator[int]:
        from onroll.authorities.models import Authority

        from .demo import invent, write

        with throwaway.database():
            installation.prepare()
            with progress_bar(f"Inventing an authority with {children:,} children") as progress:
                write(invent(children, seed=1, today=today), progress)
            yield Authority.objects.get().pk

    results = measured(given.names or NAMES, today=today, invented=invented)
    tell(given, [asdict(result) for result in results], table(results))
    return DONE


def acting(given: argparse.Namespace) -> "tuple[Authority, Actor]":
    """The authority a command is about, in whose scope it is from now on, and who acts in it."""
    from onroll.access import scope

    from . import installation

    authority = installation.authority(given.authority)
    given.until_done.enter_context(scope.in_authority(authority.pk))
    return authority, actor_in(authority, getattr(given, "as_email", None))


def actor_in(authority: "Authority", email: str | None) -> "Actor":
    from django.utils import timezone

    from onroll.access.actors import Actor
    from onroll.access.models import Account
    from onroll.people.posts import actor_for, live_posts

    from . import installation

    today = timezone.localdate()
    if not email:
        return Actor.command_line(authority.pk, today=today, user=getpass.getuser())
    account = Account.objects.filter(email__iexact=email).first()
    posts = [post for post in live_posts(account, on=today) if post.authority_id == authority.pk] if account else []
    if not posts:
        raise installation.Refused(f"{email} holds no post in {authority.name} today.")
    return actor_for(posts[0], today=today)


def tell(given: argparse.Namespace, data: Any, words: str) -> None:
    """The outcome, as data for a program or in words for a person."""
    if given.json:
        print_json(data)
    else:
        say(words)


def print_json(data: Any) -> None:
    print(json.dumps(data, default=str, ensure_ascii=False, indent=2), flush=True)


def say(words: str, given: argparse.Namespace | None = None) -> None:
    if given is None or not given.json:
        print(words, flush=True)


def complain(words: str) -> None:
    print(words, file=sys.stderr, flush=True)


@contextmanager
def progress_bar(title: str) -> Iterator[Callable[[float, str], None]]:
    """A bar on standard error, drawn as `progress(share, words)` is called with a share from 0 to 1.

    Where standard error is not a terminal, a line each time another tenth is done.
    """
    began = time.monotonic()
    on_terminal = sys.stderr.isatty()
    tenths_told = -1

    def draw(share: float, words: str = "") -> None:
        nonlocal tenths_told
        share = min(max(share, 0.0), 1.0)
        if on_terminal:
            bar = "#" * int(share * 30)
            print(f"\r{title} [{bar:<30}] {share:4.0%} {words[:40]:<40}", end="", file=sys.stderr, flush=True)
        elif int(share * 10) > tenths_told:
            tenths_told = int(share * 10)
            complain(f"{title}: {share:.0%} {words}".rstrip())

    yield draw
    draw(1.0)
    if on_terminal:
        complain("")
    complain(f"{title} took {time.monotonic() - began:.0f} seconds.")


if __name__ == "__main__":
    sys.exit(main())
