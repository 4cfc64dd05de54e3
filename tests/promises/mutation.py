"""Breaks the guard on purpose, one small piece at a time, so that a test can be seen to notice.

A mutant is the source of one module with one thing changed: a condition turned round, a filter's word left out, a
refusal or an entry in the log not made. It is tried in a copy of the checkout, never in the checkout itself.
"""

import ast
import copy
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[2]
# What one mutant's tests may take, in seconds. A mutant that never ends is noticed too.
LIMIT = 600


@dataclass(frozen=True)
class Mutant:
    """One module, changed in one place."""

    path: str
    line: int
    words: str
    source: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line} {self.words}"


def mutants_of(path: str) -> list[Mutant]:
    """Every mutant of the functions in this module, in the order of its lines."""
    tree = ast.parse((CHECKOUT / path).read_text())
    places = [
        (number, node)
        for number, node in enumerate(ast.walk(tree))
        if isinstance(
            node, ast.Compare | ast.BoolOp | ast.UnaryOp | ast.If | ast.Raise | ast.Expr | ast.Call | ast.Return
        )
        and _in_a_function(tree, node)
    ]
    found = []
    for number, node in places:
        for words, change in _changes(node):
            changed = copy.deepcopy(tree)
            twin = list(ast.walk(changed))[number]
            change(twin, changed)
            found.append(Mutant(path, node.lineno, words, ast.unparse(ast.fix_missing_locations(changed))))
    return sorted(found, key=lambda mutant: (mutant.line, mutant.words))


def _in_a_function(tree: ast.AST, node: ast.AST) -> bool:
    return any(
        isinstance(each, ast.FunctionDef) and any(inner is node for step in each.body for inner in ast.walk(step))
        for each in ast.walk(tree)
    )


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


def _changes(node: ast.AST) -> Iterator[tuple[str, object]]:
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


def killed(mutant: Mutant, tests: list[str], migrated: Path) -> bool:
    """Whether these tests notice the mutant, tried in a copy of the checkout of its own.

    They begin from a copy of the database `migrated`: no mutant changes a migration.
    """
    with tempfile.TemporaryDirectory(prefix="onroll-mutant-") as folder:
        home = Path(folder) / "onroll"
        home.mkdir()
        for name in ("onroll", "tests", "scripts"):
            shutil.copytree(CHECKOUT / name, home / name, ignore=shutil.ignore_patterns("__pycache__"))
        for name in ("conftest.py", "pyproject.toml"):
            shutil.copy(CHECKOUT / name, home / name)
        (home / mutant.path).write_text(mutant.source)
        command = [sys.executable, "-m", "pytest", "-x", "-q", "-n0", "-p", "no:cacheprovider", *tests]
        try:
            ran = subprocess.run(
                command,
                cwd=home,
                env=os.environ | {"ONROLL_MIGRATED": str(migrated)},
                capture_output=True,
                timeout=LIMIT,
                check=False,
            )
        except subprocess.TimeoutExpired:
            return True
    # 1: a test failed. 2 to 4: the module no longer imports, which would be noticed as well.
    return ran.returncode != 0
