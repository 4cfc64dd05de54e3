"""Breaks the guard on purpose, one small piece at a time, so that a test can be seen to notice.

A mutant is one function with one thing changed: a condition turned round, a filter's word left out, a refusal or an
entry in the log not made. `python -m pytest -p tests.promises.mutation --mutants-of MODULE TESTS` runs the tests once
as they are, then once for each mutant, in a fork of the process with a copy of the database. The checkout is never
changed.
"""

import ast
import copy
import functools
import gc
import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from types import CodeType, FunctionType

import pytest
from _pytest.runner import runtestprotocol
from django.db import connections

CHECKOUT = Path(__file__).resolve().parents[2]
# What one mutant's tests may take of a processor, in seconds. A mutant that never ends is noticed too; one that only
# waits its turn on a busy machine is not.
LIMIT = 300
# How the process of a mutant ends that did not come as far as its tests.
NOT_TRIED = 3
AS_IT_IS = "as it is"


@dataclass(frozen=True)
class Mutant:
    """One function of a module, changed in one place."""

    path: str
    line: int
    words: str
    # The function at the top of its module or class, by its qualified name.
    function: str
    source: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line} {self.words}"


def mutants_of(path: str) -> list[Mutant]:
    """Every mutant of the functions in this module, in the order of its lines."""
    tree = ast.parse((CHECKOUT / path).read_text())
    functions = dict(_functions(tree))
    found = []
    for number, node in enumerate(ast.walk(tree)):
        function = next((name for name, each in functions.items() if _holds(each, node)), None)
        if function is None:
            continue
        for words, change in _changes(node):
            changed = copy.deepcopy(tree)
            twin = list(ast.walk(changed))[number]
            change(twin, changed)
            source = ast.unparse(ast.fix_missing_locations(changed))
            found.append(Mutant(path, node.lineno, words, function, source))
    return sorted(found, key=lambda mutant: (mutant.line, mutant.words))


def nothing_changed(mutant: Mutant) -> Mutant:
    """The same function as it is: what notices this one notices everything."""
    source = ast.unparse(ast.parse((CHECKOUT / mutant.path).read_text()))
    return Mutant(mutant.path, 0, AS_IT_IS, mutant.function, source)


def _functions(tree: ast.Module | ast.ClassDef, prefix: str = "") -> Iterator[tuple[str, ast.FunctionDef]]:
    for node in tree.body:
        if isinstance(node, ast.FunctionDef):
            yield prefix + node.name, node
        elif isinstance(node, ast.ClassDef):
            yield from _functions(node, f"{prefix}{node.name}.")


def _holds(function: ast.FunctionDef, node: ast.AST) -> bool:
    return any(inner is node for step in function.body for inner in ast.walk(step))


OPPOSITE = {
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Lt: ast.GtE,
    ast.GtE: ast.Lt,
    ast.Gt: ast.LtE,
    ast.LtE: ast.Gt,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
}
# Calls that narrow what is read: each word in them is a piece of the guard.
NARROWING = {"filter", "exclude", "get", "Q"}


def _changes(node: ast.AST) -> Iterator[tuple[str, Callable]]:
    if isinstance(node, ast.Compare) and len(node.ops) == 1:
        yield "turns the comparison round", lambda twin, tree: twin.ops.__setitem__(0, OPPOSITE[type(twin.ops[0])]())
    elif isinstance(node, ast.BoolOp):
        yield (
            "swaps and with or",
            lambda twin, tree: setattr(twin, "op", ast.Or() if isinstance(twin.op, ast.And) else ast.And()),
        )
    elif isinstance(node, ast.If) and not isinstance(node.test, ast.Compare):
        yield "turns the condition round", lambda twin, tree: setattr(twin, "test", ast.UnaryOp(ast.Not(), twin.test))
    elif isinstance(node, ast.Raise):
        yield "does not refuse", lambda twin, tree: _replace(tree, twin, ast.Pass())
    elif isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
        yield "leaves the call out", lambda twin, tree: _replace(tree, twin, ast.Pass())
    elif isinstance(node, ast.Call) and _name(node.func) in NARROWING:
        for index, word in enumerate(node.keywords):
            yield f"leaves out {word.arg}=", lambda twin, tree, index=index: twin.keywords.pop(index)
        for index in range(len(node.args)):
            yield f"leaves out condition {index + 1}", lambda twin, tree, index=index: twin.args.pop(index)
    elif isinstance(node, ast.Return) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, bool):
        yield "answers the opposite", lambda twin, tree: setattr(twin.value, "value", not twin.value.value)


def _name(function: ast.expr) -> str:
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")


def _replace(tree: ast.AST, old: ast.stmt, new: ast.stmt) -> None:
    for node in ast.walk(tree):
        for field in ("body", "orelse", "finalbody"):
            steps = getattr(node, field, None)
            if isinstance(steps, list) and old in steps:
                steps[steps.index(old)] = ast.copy_location(new, old)


def put_in(mutant: Mutant) -> None:
    """Give every function that is this one, wherever it is held, the code of the mutant."""
    changed = _code_of(compile(mutant.source, mutant.path, "exec"), mutant.function)
    held = [
        each
        for each in gc.get_objects()
        if type(each) is FunctionType  # Not isinstance, which wakes lazy objects.
        and each.__code__.co_qualname == mutant.function
        and each.__code__.co_filename == str(CHECKOUT / mutant.path)
    ]
    if not held:
        raise LookupError(f"{mutant.function} of {mutant.path} is not in use")
    for function in held:
        names = function.__code__.co_freevars
        function.__code__ = changed if changed.co_freevars == names else changed.replace(co_freevars=names)
    for each in gc.get_objects():
        # What an answer of before would hide.
        if type(each) is functools._lru_cache_wrapper and str(each.__module__).startswith("onroll."):
            each.cache_clear()


def _code_of(module: CodeType, name: str) -> CodeType:
    code = module
    for part in name.split("."):
        code = next(each for each in code.co_consts if isinstance(each, CodeType) and each.co_name == part)
    return code


class Tries:
    """A plugin of pytest that tries one test after another on each mutant, as many at once as there are processors."""

    def __init__(self, mutants: list[Mutant], as_it_is: Mutant) -> None:
        self.mutants = mutants
        self.as_it_is = as_it_is

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        if len(session.items) < 2:
            # Pytest would keep the one test set up for itself, and could not begin it anew.
            pytest.exit("Give two tests or more.", returncode=2)
        failed = self._failing(session.items)
        if failed or self._all_tried([self.as_it_is], session):
            _say(failed)
            pytest.exit("A test fails before anything is broken.", returncode=2)
        self._all_tried(self.mutants, session)
        return True

    def _all_tried(self, mutants: list[Mutant], session: pytest.Session) -> int:
        """How many were noticed. Each is told of as soon as it is known."""
        running: dict[int, Mutant] = {}
        noticed = 0
        for mutant in [*mutants, *[None] * (os.cpu_count() or 1)]:
            if running and (mutant is None or len(running) == os.cpu_count()):
                pid, status = os.wait()
                tried = running.pop(pid)
                for left in Path(connections["default"].settings_dict["NAME"]).parent.glob(f"*.{pid}*"):
                    left.unlink()
                if os.waitstatus_to_exitcode(status) == NOT_TRIED:
                    pytest.exit(f"{tried} could not be tried.", returncode=2)
                noticed += status != 0
                session.config.get_terminal_writer().line(f"{'noticed ' if status else 'survived'} {tried}", flush=True)
            if mutant is not None:
                running[self._begin(mutant, session.items)] = mutant
        return noticed

    def _begin(self, mutant: Mutant, items: list[pytest.Item]) -> int:
        """A process that ends with 1 as soon as a test notices, and with 0 when none does."""
        if pid := os.fork():
            return pid
        answer = NOT_TRIED
        try:
            take_a_copy_of_the_database()
            put_in(mutant)
            signal.setitimer(signal.ITIMER_PROF, LIMIT)
            failed = self._failing(items)
            if mutant is self.as_it_is:
                _say(failed)
            answer = int(failed is not None)
        finally:
            os._exit(answer)

    @staticmethod
    def _failing(items: list[pytest.Item]) -> pytest.TestReport | None:
        """What the first test that fails has to say."""
        # After the last one comes the first again, so that what all share is kept for the next round.
        for item, following in zip(items, [*items[1:], items[0]], strict=True):
            item._initrequest()
            for report in runtestprotocol(item, log=False, nextitem=following):
                if report.failed:
                    return report
        return None


def _say(failed: pytest.TestReport | None) -> None:
    """Which test failed that was to pass, and why."""
    if failed:
        print(f"{failed.nodeid} failed ({failed.when}):\n{failed.longreprtext}", flush=True)  # noqa: T201


def take_a_copy_of_the_database() -> None:
    """Go on with a copy that bears the number of this process, and leave the other alone."""
    settings = connections["default"].settings_dict
    connections.close_all()
    copied = f"{settings['NAME']}.{os.getpid()}"
    # Not a copy of the file, which would leave out what has not been written into it yet.
    with closing(sqlite3.connect(settings["NAME"])) as source, closing(sqlite3.connect(copied)) as taken:
        source.backup(taken)
    settings["NAME"] = copied


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--mutants-of", metavar="MODULE", help="try the tests on each mutant of this module")
    parser.addoption("--mutant", action="append", default=[], help="only the mutants with these words")


def pytest_configure(config: pytest.Config) -> None:
    words = config.getoption("--mutant")
    if path := config.getoption("--mutants-of"):
        every = mutants_of(path)
        wanted = [mutant for mutant in every if not words or mutant.words in words]
        config.pluginmanager.register(Tries(wanted, nothing_changed(every[0])))


def survivors(path: str, tests: list[str], *words: str) -> list[str]:
    """The mutants of this module that none of the tests notices, of those with these words, or of all."""
    command = [sys.executable, "-m", "pytest", "-q", "-s", "-n0", "-p", "no:cacheprovider", "-p", __name__]
    command += ["--mutants-of", path, *(f"--mutant={each}" for each in words), *tests]
    # At their everyday sizes: the nightly ones take minutes, and there are hundreds of mutants.
    everyday = {name: value for name, value in os.environ.items() if name != "ONROLL_NIGHTLY"}
    ran = subprocess.run(command, cwd=CHECKOUT, env=everyday, capture_output=True, text=True, check=False)
    if ran.returncode not in (0, 1):
        raise RuntimeError(ran.stdout[-2000:] + ran.stderr[-2000:])
    lines = (line.split(" ", 1) for line in ran.stdout.splitlines() if line.startswith("survived "))
    return [mutant for _, mutant in lines if not mutant.endswith(AS_IT_IS)]
