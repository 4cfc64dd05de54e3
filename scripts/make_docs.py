"""Write docs/map.md and docs/generated/ from the code, so that they cannot say anything else than it does.

With --check nothing is written: exits 1 and names the pages that are no longer true.
"""

import ast
import contextlib
import csv
import io
import json
import os
import re
import sys
import tempfile
import tomllib
from collections.abc import Callable, Iterable
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[1]
DOCS = CHECKOUT / "docs"
NOTE = "<!-- Made by `make docs` from the code. Do not edit. -->\n"

# What each file of a part is for, in the order in which a reader wants them.
FILES = {
    "models.py": "what is stored, and what can never be true of it",
    "actions.py": "what people do: the only code that writes",
    "queries.py": "questions that take more than one line to ask",
    "workflow.py": "states and steps",
    "views.py": "pages",
    "urls.py": "addresses",
}


def main() -> int:
    # Settings make a home for keys and data: a thrown-away one, so that writing docs leaves no trace.
    with tempfile.TemporaryDirectory(prefix="onroll-docs-") as home:
        os.environ |= {"ONROLL_HOME": home, "DJANGO_SETTINGS_MODULE": "onroll.site.settings"}
        os.environ.pop("DATABASE_URL", None)
        import django

        django.setup()
        made = {DOCS / name: f"{NOTE}\n{make().strip()}\n" for name, make in PAGES.items()}
    made[DOCS / "generated" / "sbom.cdx.json"] = bill_of_materials()
    stale = [path for path, text in made.items() if not path.exists() or path.read_text() != text]
    if "--check" in sys.argv:
        for path in stale:
            print(f"{path.relative_to(CHECKOUT)} no longer says what the code does. Write it again with: make docs")
        return 1 if stale else 0
    for path in stale:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(made[path])
        print(f"Written: {path.relative_to(CHECKOUT)}")
    return 0


def the_map() -> str:
    contract = tomllib.loads((CHECKOUT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"][0]
    lines = [
        "# The map",
        "",
        "Onroll is made of parts. A part uses only the parts below it in this list; a test holds them to it, by imports"
        " and by foreign keys. Each part has the same files, so whoever knows one knows them all.",
    ]
    for part in contract["layers"]:
        folder = CHECKOUT / "onroll" / part
        lines += ["", f"## [{part}](../onroll/{part}/)", "", first_paragraph(folder / "__init__.py"), ""]
        modules = [path for path in folder.glob("*.py") if path.name not in ("__init__.py", "apps.py")]
        known = list(FILES)
        modules.sort(key=lambda path: (known.index(path.name) if path.name in known else len(known), path.name))
        lines += [f"- [{path.name}](../onroll/{part}/{path.name}): {words_for(path)}" for path in modules]
        packages = sorted(path.parent for path in folder.glob("*/__init__.py"))
        for package in packages:
            if package.name not in ("tests", "migrations", "management", "templatetags"):
                words = first_paragraph(package / "__init__.py")
                lines.append(f"- [{package.name}/](../onroll/{part}/{package.name}/){': ' + words if words else ''}")
    return "\n".join(lines)


def words_for(path: Path) -> str:
    return first_paragraph(path) or FILES.get(path.name, "")


def first_paragraph(path: Path) -> str:
    docstring = ast.get_docstring(ast.parse(path.read_text())) or ""
    return " ".join(docstring.split("\n\n")[0].split())


def commands() -> str:
    from onroll.site.command_line import parser

    # Not argparse's own help, whose form changes from one Python to the next.
    whole = parser()
    lines = ["# The command line", "", "Exits 0 when done, 1 when refused (nothing changed) and 2 on wrong usage."]
    for action in whole._subparsers._group_actions:  # type: ignore[union-attr]
        for name, command in action.choices.items():  # type: ignore[union-attr]
            words = command.description or ""
            lines += ["", f"## onroll {name}", "", f"{words[0].upper()}{words[1:]}.", ""]
            rows = []
            for option in command._actions:
                if option.dest != "help":
                    value = option.metavar or ("" if option.nargs == 0 else "/".join(option.choices or ()))
                    called = f"`{' '.join([*option.option_strings[:1], *([str(value)] if value else [])])}`"
                    needed = option.required and option.nargs not in ("*", "?")
                    rows.append((called, option.help or "", "yes" if needed else ""))
            if rows:
                lines += table(("words", "meaning", "needed"), rows)
    return "\n".join(lines)


def who_may_do_what() -> str:
    from onroll.access.can import Can
    from onroll.access.roles import Role

    lines = [
        "# What each role may do",
        "",
        "Which children, and which parts of a record, is decided apart from this.",
        "",
    ]
    rows = [
        (act.words, ", ".join(role.label for role in Role if role in act.roles) or "no sign-in needed") for act in Can
    ]
    return "\n".join(lines + table(("act", "roles"), rows))


def who_may_see_what() -> str:
    from onroll.access.explaining import explained
    from onroll.access.roles import Role
    from onroll.access.sections import Section, letter_of

    lines = [
        "# Which parts of a record each role may see",
        "",
        "W read and write, R read, C write and read their own part, S a summary written for that reader. Every cell"
        " needs a live link between the person and the child.",
        "",
    ]
    roles = [role for role in Role if any(letter_of(section, role) for section in Section)]
    head = ("section", "class", *(role.label for role in roles))
    rows = [(section.title, section.data_class, *(letter_of(section, role) for role in roles)) for section in Section]
    why = [(role.label, each.opened_by, each.reason) for role, each in explained().items()]
    return "\n".join(
        [
            *lines,
            *table(head, rows),
            "",
            "## What opens a child to each role, and why it sees no more",
            "",
            *table(("role", "opened by", "why"), why),
        ]
    )


def what_is_stored() -> str:
    from django.apps import apps

    lines = [
        "# What is stored",
        "",
        "Every model and field, with its class: P0 open, P1 staff, P2 basic, P3 sensitive, P4 restricted, P5 sealed.",
    ]
    for config in apps.get_app_configs():
        models = [model for model in config.get_models() if model.__module__.startswith("onroll.")]
        if models:
            lines += ["", f"## {config.label}"]
        for model in models:
            classes = getattr(model, "classes", None)
            words = " ".join((model.__doc__ or "").split("\n\n")[0].split())
            section = f" Section: {classes.section.title}." if classes and classes.section else ""
            lines += ["", f"### {model.__name__}", "", words + section, ""]
            rows = [
                (
                    field.name,
                    field.related_model._meta.label
                    if field.related_model
                    else type(field).__name__.removesuffix("Field"),
                    classes.of(field.name) if classes else "",
                )
                for field in model._meta.concrete_fields
            ]
            lines += table(("field", "kind", "class"), rows)
    return "\n".join(lines)


def code_sets() -> str:
    from onroll import codes

    sets = [value for name in codes.__all__ if isinstance(value := getattr(codes, name), codes.CodeSet)]
    rows = [(each.name, str(len(list(each))), each.source) for each in sets]
    lines = [
        "# National code sets",
        "",
        "Each code has the days on which it could be given. Retired codes stay readable.",
        "",
    ]
    return "\n".join(lines + table(("set", "codes", "source"), rows))


def acts_in_the_history() -> str:
    from importlib import import_module

    from onroll.history.verbs import registered

    for path in sorted((CHECKOUT / "onroll").rglob("*.py")):
        # Verbs are registered where they are used.
        if "verb(" in path.read_text() and "tests" not in path.parts and "migrations" not in path.parts:
            with contextlib.redirect_stdout(io.StringIO()):
                import_module(".".join(path.relative_to(CHECKOUT).with_suffix("").parts))
    rows = [(f"`{name}`", words) for name, words in sorted(registered().items()) if not name.startswith("test.")]
    lines = [
        "# What can happen to a record",
        "",
        "Every write names one of these acts, and the history reads it as a sentence.",
        "",
    ]
    return "\n".join(lines + table(("act", "sentence"), rows))


def table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> list[str]:
    def row(cells: Iterable[str]) -> str:
        return f"| {' | '.join(str(cell).replace('|', '/') for cell in cells)} |"

    head = tuple(head)
    return [row(head), row("---" for _ in head), *(row(cells) for cells in rows)]


def security_register() -> str:
    with (DOCS / "security-requirements.csv").open(encoding="utf-8", newline="") as file:
        wanted = {row["id"]: row["what"] for row in csv.DictReader(file)}
    proofs = tests_by_mark("proves")
    unknown = sorted(set(proofs) - set(wanted))
    if unknown:
        sys.exit(f"Tests name requirements that docs/security-requirements.csv does not have: {', '.join(unknown)}")
    without = [id for id in wanted if id not in proofs]
    lines = [
        "# The security register",
        "",
        "What must be true of Onroll for the children in it to be safe, each with the tests that prove it. A test says"
        " so itself, with the mark `proves`. All of them pass on every change, or it does not land.",
        "",
        f"{len(wanted) - len(without)} of {len(wanted)} have a proof.",
        "",
        "## Without a proof",
        "",
        *[f"- **{id}** {wanted[id]}" for id in without],
        "",
        "## With a proof",
    ]
    for id in wanted:
        if id in proofs:
            lines += ["", f"**{id}** {wanted[id]}", "", *[f"- {test}" for test in proofs[id]]]
    return "\n".join(lines)


def requirements_of_plans() -> str:
    with (DOCS / "plan-requirements.csv").open(encoding="utf-8", newline="") as file:
        wanted = {row["id"]: row["what"] for row in csv.DictReader(file)}
    shown = tests_by_mark("requirement")
    unknown = sorted(set(shown) - set(wanted))
    if unknown:
        sys.exit(f"Tests name requirements that docs/plan-requirements.csv does not have: {', '.join(unknown)}")
    later = [id for id in wanted if id not in shown]
    lines = [
        "# What plans and reports must do",
        "",
        "What two councils’ plans ask of a virtual school’s system about plans and reports, each with the tests and"
        " journeys that show it. A test says so itself, with the mark `requirement`.",
        "",
        f"{len(wanted) - len(later)} of {len(wanted)} are shown. Later: {', '.join(later) or 'none'}.",
    ]
    for id in wanted:
        if id in shown:
            lines += ["", f"**{id}** {wanted[id]}", "", *[f"- {test}" for test in shown[id]]]
    return "\n".join(lines)


def tests_by_mark(mark: str) -> dict[str, list[str]]:
    """The tests that carry a mark, as links, by each id it names."""
    found: dict[str, list[str]] = {}
    for path in sorted([*CHECKOUT.glob("onroll/**/test_*.py"), *CHECKOUT.glob("tests/**/test_*.py")]):
        tree = ast.parse(path.read_text())
        for test in tree.body:
            if isinstance(test, ast.FunctionDef) and test.name.startswith("test_"):
                words = test.name.removeprefix("test_").replace("_", " ")
                address = f"../../{path.relative_to(CHECKOUT)}"
                for id in sorted({id for each in test.decorator_list for id in ids_in(each, mark)}):
                    found.setdefault(id, []).append(f"[{words}]({address})")
    return found


def ids_in(decorator: ast.expr, mark: str) -> list[str]:
    if not (isinstance(decorator, ast.Call) and ast.unparse(decorator.func) == f"pytest.mark.{mark}"):
        return []
    return [ast.literal_eval(id) for id in decorator.args]


def bill_of_materials() -> str:
    """What Onroll is made of, in CycloneDX: the packages that run, and govuk-frontend, whose files are copied here.

    Nothing in it changes from one day to the next: no serial number and no time.
    """
    onroll = tomllib.loads((CHECKOUT / "pyproject.toml").read_text())["project"]
    front_end = next((CHECKOUT / "onroll" / "design" / "static").glob("**/LICENCE-govuk-frontend.txt")).read_text()
    packages = locked(CHECKOUT / "requirements" / "base.txt")
    own = f"pkg:pypi/onroll@{onroll['version']}"
    copied = f"pkg:npm/govuk-frontend@{front_end.split()[1]}"
    refs = {name: f"pkg:pypi/{name}@{version}" for name, (version, _) in packages.items()}
    needs: dict[str, list[str]] = {own: [copied], **{ref: [] for ref in refs.values()}, copied: []}
    for name, (_, wanted_by) in packages.items():
        for other in wanted_by:
            # The file of what we ask for ourselves stands for us.
            needs[refs.get(other, own)].append(refs[name])
    parts = [(ref, *ref.partition(":")[2].partition("/")[2].split("@")) for ref in (*refs.values(), copied)]
    bill = {
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {
            "component": {
                "type": "application",
                "bom-ref": own,
                "name": onroll["name"],
                "version": onroll["version"],
                "licenses": [{"license": {"id": onroll["license"]}}],
            }
        },
        "components": [
            {"type": "library", "bom-ref": ref, "name": name, "version": version, "purl": ref}
            for ref, name, version in parts
        ],
        "dependencies": [{"ref": ref, "dependsOn": sorted(set(wanted))} for ref, wanted in needs.items()],
    }
    return json.dumps(bill, indent=2) + "\n"


def locked(lock: Path) -> dict[str, tuple[str, list[str]]]:
    """The packages of a lock by name: the version, and what wanted it."""
    found: dict[str, tuple[str, list[str]]] = {}
    for line in lock.read_text().splitlines():
        if head := re.match(r"([a-z0-9][a-z0-9._-]*)(?:\[[^]]*\])?==(\S+)", line, re.IGNORECASE):
            wanted_by: list[str] = []
            found[head[1].lower()] = (head[2], wanted_by)
        elif (wants := re.match(r" {4}# +(?:via +)?(\S+)", line)) and wants[1] != "via":
            wanted_by.append(re.sub(r"\[.*", "", wants[1]).lower())
    return found


PAGES: dict[str, Callable[[], str]] = {
    "map.md": the_map,
    "generated/commands.md": commands,
    "generated/what-each-role-may-do.md": who_may_do_what,
    "generated/what-each-role-may-see.md": who_may_see_what,
    "generated/what-is-stored.md": what_is_stored,
    "generated/code-sets.md": code_sets,
    "generated/acts.md": acts_in_the_history,
    "generated/security-register.md": security_register,
    "generated/requirements.md": requirements_of_plans,
}


if __name__ == "__main__":
    sys.exit(main())
