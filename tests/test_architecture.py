"""The rooms, and who may know whom."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
ROOMS = ("flows", "miners", "warehouse")
CONTRACT = {"miners.records", "miners.store"}
PREFECT_ROOMS = {"flows/orchestration/tasks.py", "flows/nightly.py"}
FILES = sorted(path for room in ROOMS for path in (ROOT / room).rglob("*.py"))


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
    tree = ast.parse(path.read_text("utf-8"))
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
