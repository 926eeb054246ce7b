"""Packages, the order of imports in them, and limits of their size."""

from __future__ import annotations

import ast
from collections import Counter
from functools import cache
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
ROOMS = ("flows", "miners", "warehouse")
CONTRACT = {"miners.records", "miners.store"}
PREFECT_ROOMS = {"flows/orchestration/tasks.py", "flows/nightly.py"}
FILES = sorted(path for room in ROOMS for path in (ROOT / room).rglob("*.py"))
# A module imports from its own group and from earlier lines; groups of one line stay apart.
ORDER = {
    "flows": (
        ("lazy_trackers",),
        ("settings",),
        ("run",),
        ("pipeline", "orchestration"),
        ("nightly",),
        ("serve",),
        ("cli",),
    ),
    "warehouse": (
        ("errors", "sql"),
        ("calendar", "connection", "rules"),
        ("context",),
        ("tables", "graph"),
        ("build",),
        ("seals",),
        ("query",),
        ("exports", "report"),
        ("reconcile",),
        ("explore",),
    ),
}
# The command of a file is registered by main alone; these are what commands share.
SHARED_BY_COMMANDS = {"console", "options", "progress", "tables"}
MOST_PYTHON_FILES, MOST_MODELS, MOST_LINES, MOST_LINES_OF_A_FUNCTION = 22, 25, 250, 40
MOST_AT_ROOT = {"flows": 4, "warehouse": 7}


@cache
def tree_of(path):
    return ast.parse(path.read_text("utf-8"))


def imports(tree):
    """Name every module that is imported anywhere in a file, also for types only."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0
            modules = {alias.name for alias in node.names} if node.module in ROOMS else ()
            yield from (f"{node.module}.{name}" for name in modules) if modules else (node.module,)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_a_room_knows_only_the_rooms_below_it(path):
    room, name = path.relative_to(ROOT).parts[0], path.relative_to(ROOT).as_posix()
    tree = tree_of(path)
    found = set(imports(tree))
    rooms = {module for module in found if module.split(".")[0] in ROOMS}
    others = {module for module in rooms if not module.startswith(f"{room}.")}
    allowed = {"flows": others, "miners": set(), "warehouse": CONTRACT}[room]
    assert others <= allowed
    assert "duckdb" not in found or room == "warehouse"
    words = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    assert words.isdisjoint({"environ", "getenv"}) or name == "flows/settings/environment.py"
    if room != "flows":
        assert found.isdisjoint({"prefect", "typer", "pydantic", "pydantic_settings"})
        assert not {m for m in found if m.startswith("prefect.")}
        assert words.isdisjoint({"now", "utcnow", "today"})
    decorators = {
        name.id
        for node in ast.walk(tree)
        for decorator in getattr(node, "decorator_list", ())
        for name in ast.walk(decorator)
        if isinstance(name, ast.Name)
    }
    assert decorators.isdisjoint({"task", "flow"}) or name in PREFECT_ROOMS


def test_there_are_files_in_every_room():
    assert {path.relative_to(ROOT).parts[0] for path in FILES} == set(ROOMS)


def module_of(path):
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imported_modules(path, modules):
    """Name the modules of the repository that a file imports, also within functions."""
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name in modules)
        elif isinstance(node, ast.ImportFrom):
            for alias in node.names:
                inner = f"{node.module}.{alias.name}"
                yield from modules & {inner, node.module}


@pytest.fixture(scope="module")
def edges():
    """Give each module the modules that it imports."""
    paths = {module_of(path): path for path in FILES}
    return {
        module: {*imported_modules(path, paths.keys())} - {module} for module, path in paths.items()
    }


def place_of(module, room):
    """Give the line of a module's group, and the group."""
    group = module.split(".")[1]
    lines = [line for line, groups in enumerate(ORDER[room]) if group in groups]
    assert lines, f"{module} is in no group of ORDER"
    return lines[0], group


@pytest.mark.parametrize("room", ORDER)
def test_a_module_imports_only_from_its_group_and_earlier_ones(room, edges):
    inside = {module for module in edges if module.startswith(f"{room}.")}
    upward = [
        f"{module} -> {other}"
        for module in sorted(inside)
        for other in sorted(edges[module] & inside)
        if place_of(other, room)[0] >= place_of(module, room)[0]
        and place_of(other, room)[1] != place_of(module, room)[1]
    ]

    assert upward == []


def test_no_imports_go_in_a_circle(edges):
    # A circle is named by its error.
    assert {*TopologicalSorter(edges).static_order()} >= edges.keys()


def test_a_command_imports_no_other_command(edges):
    shared = {f"flows.cli.{name}" for name in SHARED_BY_COMMANDS}
    commands = {
        module
        for module in edges
        if module.startswith("flows.cli.") and module not in {*shared, "flows.cli.main"}
    }
    others = [
        f"{module} -> {other}"
        for module in sorted(commands)
        for other in sorted(edges[module] & commands)
        if not (module.count(".") == other.count(".") == 3)  # parts of one command
    ]

    assert others == []


def test_folders_and_files_stay_small_enough_to_overlook():
    folders = Counter(
        path.parent.relative_to(ROOT).as_posix()
        for room in (*ROOMS, "tests")
        for path in (ROOT / room).rglob("*.py")
    )
    models = Counter(
        path.parent.relative_to(ROOT).as_posix() for path in (ROOT / "sql").rglob("*.sql")
    )
    lines = {module_of(path): len(path.read_text("utf-8").splitlines()) for path in FILES}

    assert {name: count for name, count in folders.items() if count > MOST_PYTHON_FILES} == {}
    assert {name: count for name, count in models.items() if count > MOST_MODELS} == {}
    assert {
        room: folders[room] for room, most in MOST_AT_ROOT.items() if folders[room] > most
    } == {}
    assert {name: count for name, count in lines.items() if count > MOST_LINES} == {}


def test_no_function_is_longer_than_a_screen():
    long = [
        f"{module_of(path)}.{node.name}"
        for path in FILES
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.FunctionDef)
        and node.end_lineno - node.lineno + 1 > MOST_LINES_OF_A_FUNCTION
    ]

    assert long == []
