"""The access log is kept as long as the record, and longer: nothing in the product can take an entry out of it."""

import ast
from datetime import date

import pytest
from django.db import connection, transaction
from django.db.utils import ProgrammingError

from onroll.access.actors import Actor
from onroll.access.roles import Role
from onroll.children.tests.scene import a_child, an_actor, an_authority
from onroll.history.changes import Refused
from onroll.history.erasing import dispose
from onroll.history.models import Entry
from onroll.history.viewing import verify_log, viewed

from .test_single_door import sources

TODAY = date(2026, 3, 31)
TABLES = ("history_entry", "history_entryhead")
TAKES_OUT = ("delete", "_raw_delete", "update", "bulk_update")


def takes_entries_out(tree: ast.AST) -> list[int]:
    """Lines where entries are deleted or altered, by the query layer or in SQL."""
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in TAKES_OUT:
            named = {each.id for each in ast.walk(node.func) if isinstance(each, ast.Name)}
            found += [node.lineno] if "Entry" in named else []
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            words = " ".join(node.value.lower().replace('"', "").split())
            found += [node.lineno for act in ("delete from", "truncate", "update") if f"{act} history_entry " in words]
    return found


@pytest.mark.proves("LOG-8")
def test_no_module_takes_an_entry_out_or_alters_one():
    assert {name: lines for name, tree in sources() if (lines := takes_entries_out(tree))} == {}


@pytest.mark.parametrize(
    "planted",
    ["Entry.objects.filter(at__lt=day).delete()", 'cursor.execute("DELETE FROM history_entry WHERE at < %s")'],
)
def test_what_would_take_one_out_is_found(planted):
    assert takes_entries_out(ast.parse(planted)) == [1]


@pytest.fixture
def looked(db):
    ashcombe = an_authority()
    child = a_child(ashcombe)
    viewed(an_actor(ashcombe, Role.VSH), child, "a,n", route="profile:story")
    return child


@pytest.mark.proves("LOG-8", "LOG-3")
@pytest.mark.parametrize("statement", ["DELETE FROM history_entry", "UPDATE history_entry SET route = ''"])
def test_the_database_refuses_it_too(looked, statement):
    with pytest.raises((Refused, ProgrammingError)), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)

    assert Entry.objects.get(child=looked.pk).section == "a,n"


@pytest.mark.proves("LOG-8")
def test_a_record_that_is_erased_leaves_who_looked_at_it(looked):
    key = looked.pk
    dispose([key], actor=Actor.system(looked.authority_id, today=TODAY), reason="Kept as long as it had to be")

    assert Entry.objects.get(child=key).section == "a,n"
    assert verify_log() == []
