"""Files stay small, are named by what they hold, and hide no import."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("pmo", "projects", "portfolio")
HOLDALLS = {"utils", "util", "helpers", "misc", "common"}
LONGEST = 400


def files(*patterns, under):
    for folder in under:
        for pattern in patterns:
            for path in sorted((ROOT / folder).rglob(pattern)):
                if not {"vendor", "migrations", "__pycache__"} & set(path.relative_to(ROOT).parts):
                    yield path


def name(path):
    return str(path.relative_to(ROOT))


PYTHON = list(files("*.py", under=PACKAGES))
EVERYTHING = [
    *PYTHON,
    *files("*.py", under=("tests", "benchmarks", "tools")),
    *files("*.html", under=("templates",)),
    *files("*.css", "*.js", under=("static",)),
]


def test_the_walk_finds_the_product():
    assert len(PYTHON) > 50


def test_no_file_is_longer_than_one_thing_needs():
    long = {name(path): lines for path in EVERYTHING if (lines := path.read_bytes().count(b"\n")) > LONGEST}
    assert long == {}, "look for the second thing in each of these"


def test_no_module_is_a_holdall():
    assert [name(path) for path in PYTHON if HOLDALLS & {part.removesuffix(".py") for part in path.parts}] == []


def test_every_package_file_is_empty():
    assert [
        name(path) for path in PYTHON if path.name == "__init__.py" and path.stat().st_size and not exports(path)
    ] == []


def exports(path):
    """A models package names its models for Django, and nothing else."""
    body = ast.parse(path.read_text()).body
    plain = (ast.ImportFrom, ast.Assign, ast.Expr)
    return path.parent.name == "models" and all(isinstance(node, plain) for node in body)


@pytest.mark.parametrize("package", PACKAGES)
def test_an_import_stands_at_the_top_of_its_file(package):
    """An import inside a function is still an import, of a circle the contracts would otherwise show."""
    hidden = [
        f"{name(path)}:{node.lineno}"
        for path in files("*.py", under=(package,))
        if path.name != "apps.py"
        for function in ast.walk(ast.parse(path.read_text()))
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef)
        for node in ast.walk(function)
        if imports_ours(node)
    ]
    assert hidden == []


def imports_ours(node):
    if isinstance(node, ast.ImportFrom):
        return node.level > 0 or (node.module or "").split(".")[0] in PACKAGES
    return isinstance(node, ast.Import) and any(alias.name.split(".")[0] in PACKAGES for alias in node.names)


def test_no_name_of_one_machine_is_in_the_product():
    """A path of somebody's own machine works nowhere else."""
    marks = ["/" + folder + "/" for folder in ("root", "work", "farm", "home")]
    found = [
        f"{name(path)}: {mark}"
        for path in EVERYTHING
        if path.parent.name != "ops"
        for mark in marks
        if any(quote + mark in path.read_text(encoding="utf-8") for quote in "\"'` ")
    ]
    assert found == []
