"""There is one door to children's records, to SQL and to unescaped text. Each rule finds the example planted for it."""

import ast
import re
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).resolve().parents[2]

# Where records about children may be read past the gate, and why that shows nobody a child.
PAST_THE_GATE = {
    "onroll/measures/facts.py": "counts children; a cohort narrows them to the reader’s reach",
    "onroll/site/bench/": "invented children of an installation that is made for a benchmark and thrown away",
    "onroll/administration/contacts.py": "says of a school that children learn there, and never which or how many",
    "onroll/administration/leavers.py": "counts the children of a person who leaves, and names none",
    "onroll/children/actions/": "acts on a child whom the page reached through the gate",
    "onroll/children/closing.py": "which records an adoption closed, asked so that nothing ties them to another",
    "onroll/children/guards.py": "openings and pairs that decide what the gate lets through",
    "onroll/children/leaks.py": "looks in the child's own addresses, of the child that the page reached",
    "onroll/children/releases.py": "what was let out of the child whom the page reached through the gate",
    "onroll/children/resting.py": "homes and carers' allocations of children whom an act or a load writes about",
    "onroll/children/reviewing.py": "openings and requests by reference, for those who review them",
    "onroll/children/disclosure.py": "who stands behind a mark, which decides what the gate lets through",
    "onroll/children/record_views/guards.py": "openings, by their keys, of the person who opened them",
    "onroll/children/record_views/marks.py": "requests about the child whom the page reached through the gate",
    "onroll/children/roll_notices.py": "tells the schools of an authority's children, and of the one the page reached",
    "onroll/children/telling.py": "what settings were told of children whose keys the caller took from the gate",
    "onroll/children/who_sees.py": "who could see the child whom the page reached through the gate",
    "onroll/children/forms/links.py": "places of the child that the form was given by its page",
    "onroll/children/record_views/links.py": "the children of a cover, for the one who gave it and the one who has it",
    "onroll/children/contradictions.py": "compares what is written with what that child's record holds",
    "onroll/children/matching.py": "looks for a record of the same child, and the caller asks who may see it",
    "onroll/children/models.py": "the gate's own words for each kind of record",
    "onroll/children/moves.py": "notices about children of the actor's reach, by their keys",
    "onroll/children/queries.py": "answers about children whose keys the caller took from the gate",
    "onroll/children/record_views/merging.py": "the second of two records that are joined, which has left every list",
    "onroll/children/records.py": "the gate itself",
    "onroll/children/roll_columns.py": "columns of children whose keys the caller took from the gate",
    "onroll/children/roll_filters.py": "conditions put on what came through the gate",
    "onroll/children/searching.py": "conditions put on what came through the gate",
    "onroll/children/visibility.py": "the gate itself",
    "onroll/documents/": "versions and traces of a document that the page reached through the gate, and their files",
    "onroll/attainment/": "results of a child whom the page reached through the gate",
    "onroll/peps/": "plans of children whom the page reached through the gate, and the clock that opens them",
    "onroll/looks/": "children by their keys in the access log, for those who review it",
    "onroll/site/visits.py": "the key of the child in an address that was refused, for the access log",
    "onroll/exchange/": "files are compared with the whole record of one authority by those who run feeds",
    "onroll/exports/actions.py": "counts the children of an authority, to refuse who may not see them all",
    "onroll/exports/checking.py": "marks of a child in reach, and words pointed out in a text that its reader has",
    "onroll/exports/lists.py": "marks of children whose keys came from the gate, to keep more back",
    "onroll/history/": "keeps and gives back the rows of whatever model, by their keys",
    "onroll/profile/closed_record.py": "a closed record, for its two custodians in an opening of the sealed register",
    "onroll/profile/record.py": "facts of the child whom the page reached through the gate",
    "onroll/site/demo/": "writes the demonstration",
    "onroll/site/home.py": "counts over children whose keys came from the gate",
}
RAW_SQL = (
    "onroll/history/",
    "onroll/exchange/writing.py",
    "onroll/exchange/feeds/postcodes/loading.py",
    "onroll/site/backup.py",
    "onroll/site/deployment.py",
    # What figures are timed against, on invented children in a database that is made for it and thrown away.
    "onroll/site/bench/",
)
# Of access, the square code for a phone, which a library draws.
UNESCAPED = ("onroll/design/", "onroll/access/account_views.py")


@cache
def sources() -> list[tuple[str, ast.Module]]:
    found = []
    for path in sorted(CHECKOUT.glob("onroll/**/*.py")):
        name = str(path.relative_to(CHECKOUT))
        if "/tests/" not in name and "/migrations/" not in name:
            found.append((name, ast.parse(path.read_text())))
    return found


def attributes(tree: ast.AST, *names: str) -> Iterator[int]:
    return (node.lineno for node in ast.walk(tree) if isinstance(node, ast.Attribute) and node.attr in names)


def calls(tree: ast.AST, *names: str) -> Iterator[int]:
    return (node.lineno for node in ast.walk(tree) if isinstance(node, ast.Call) and ast.unparse(node.func) in names)


def past_the_gate(name: str, tree: ast.AST) -> Iterator[int]:
    return iter(()) if name.startswith(tuple(PAST_THE_GATE)) else attributes(tree, "unscoped", "_base_manager")


def raw_sql(name: str, tree: ast.AST) -> Iterator[int]:
    if name.startswith(RAW_SQL):
        return
    yield from attributes(tree, "cursor", "raw", "extra", "executescript")
    yield from calls(tree, "RawSQL")


def unescaped(name: str, tree: ast.AST) -> Iterator[int]:
    if not name.startswith(UNESCAPED):
        yield from calls(tree, "mark_safe", "SafeString", "safestring.mark_safe")


def without_a_token(name: str, tree: ast.AST) -> Iterator[int]:
    return (node.lineno for node in ast.walk(tree) if isinstance(node, ast.Name) and node.id == "csrf_exempt")


def evaluated(name: str, tree: ast.AST) -> Iterator[int]:
    yield from calls(
        tree, "eval", "exec", "compile", "pickle.loads", "pickle.load", "yaml.load", "os.system", "os.popen"
    )
    for node in ast.walk(tree):
        if isinstance(node, ast.keyword) and node.arg == "shell":
            yield node.value.lineno


Rule = Callable[[str, ast.AST], Iterator[int]]
RULES: dict[Rule, str] = {
    past_the_gate: "shown = SchoolPlace.unscoped.all()",
    raw_sql: "with connection.cursor() as cursor:\n    cursor.execute('SELECT 1')",
    unescaped: "from django.utils.safestring import mark_safe\nhtml = mark_safe(words)",
    without_a_token: "from django.views.decorators.csrf import csrf_exempt\npage = csrf_exempt(page)",
    evaluated: "subprocess.run(words, shell=True)",
}


@pytest.mark.proves("PLT-3", "ACC-1")
@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_no_module_goes_round_the_one_door(rule):
    assert [f"{name}:{line}" for name, tree in sources() for line in rule(name, tree)] == []


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_the_rule_finds_the_example_planted_for_it(rule):
    assert list(rule("onroll/profile/views.py", ast.parse(RULES[rule])))


UNSAFE_TEMPLATE = re.compile(r"\|\s*safe\b|\|\s*safeseq\b|autoescape\s+off")


@pytest.mark.proves("PLT-3")
def test_no_template_takes_text_unescaped():
    pages = CHECKOUT.glob("onroll/**/templates/**/*.html")
    assert [str(page.relative_to(CHECKOUT)) for page in pages if UNSAFE_TEMPLATE.search(page.read_text())] == []
    assert UNSAFE_TEMPLATE.search("<p>{{ words|safe }}</p>")


def test_every_reason_to_go_past_the_gate_is_still_needed():
    used = {name for name, tree in sources() if list(attributes(tree, "unscoped", "_base_manager"))}

    assert [place for place in PAST_THE_GATE if not any(name.startswith(place) for name in used)] == []
