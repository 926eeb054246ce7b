"""Languages and tools that are new to a project, by file names."""

from __future__ import annotations

from collections import Counter

import pytest

from tests.support.rows.row_histories import HistoryRows, build
from warehouse.context import Context, Project
from warehouse.query.scope import Scope
from warehouse.report.queries.technologies import read_arrivals, read_technologies
from warehouse.rules import rule

ALL = Scope("*", "*", (), is_chosen=False)
TABLES = ("facts.commit_files", "intermediate.kpi_commits", "intermediate.project_parts")
QUARTERS = ("2024-Q1", "2024-Q2")


def arrivals(store, *commits, **of):
    """List the arrivals of commits: (project, kind, technology, quarter, commit)."""
    rows = read(store, *commits, **of)
    return [
        (arrival.project, arrival.kind, arrival.technology, arrival.quarter, arrival.commit_hash)
        for arrival in rows
    ]


def read(store, *commits, projects=(), quarters=QUARTERS, scope=ALL):
    history = HistoryRows()
    for number, (day, *paths) in enumerate(commits):
        before = [f"c{number - 1}"] if number else []
        files = [(path, 1, 0) for path in paths]
        history.commit(f"c{number}", *before, at=f"{day}T12:00", files=files)
    history.found(store)
    connection = build(store, Context(projects=projects), only=TABLES)
    return read_arrivals(connection, scope, quarters)


def test_a_technology_is_new_by_its_first_change_in_the_period(tmp_path):
    rows = arrivals(
        tmp_path,
        ("2023-12-31", "old.py"),
        ("2024-01-01", "src/more.py", "src/Main.GO"),
        ("2024-02-01", "again.go", "web/.github/workflows/x.yml", "go"),
        ("2024-04-01", ".github/workflows/x.yml", "deploy/Dockerfile"),
        ("2024-07-01", "late.rs"),
    )

    assert rows == [
        ("host/one", "language", "Go", "2024-Q1", "c1"),
        ("host/one", "tool", "Docker", "2024-Q2", "c3"),
        ("host/one", "tool", "GitHub Actions", "2024-Q2", "c3"),
    ]


@pytest.mark.parametrize(
    "path", ["node_modules/a/b.js", "x/vendor/b.go", "Third_Party/b.c", ".py", "py", "a.unheard"]
)
def test_foreign_and_unknown_files_are_ignored(tmp_path, path):
    assert arrivals(tmp_path, ("2024-01-01", path)) == []


def test_a_path_similar_to_a_foreign_one_counts(tmp_path):
    assert [name for _, _, name, *_ in arrivals(tmp_path, ("2024-01-01", "vendors/a.go"))] == ["Go"]


def test_a_part_of_a_repository_has_only_its_own_files(tmp_path):
    projects = (
        Project(name="web", title="Web", sources=("host/one",), rules=(rule("paths", "web/*"),)),
        Project(name="all", title="All", sources=("host/one",)),
    )
    commits = (("2024-01-01", "api/a.py"), ("2024-02-01", "web/a.ts", "api/b.go"))

    assert arrivals(tmp_path, *commits, projects=projects) == [
        ("all", "language", "Python", "2024-Q1", "c0"),
        ("all", "language", "Go", "2024-Q1", "c1"),
        ("all", "language", "TypeScript", "2024-Q1", "c1"),
        ("web", "language", "TypeScript", "2024-Q1", "c1"),
    ]


def test_a_technology_of_another_project_is_not_new_to_all(tmp_path):
    projects = (
        Project(name="web", title="Web", sources=("host/one",), rules=(rule("paths", "web/*"),)),
        Project(name="api", title="Api", sources=("host/one",), rules=(rule("paths", "api/*"),)),
    )
    commits = (("2024-01-01", "api/a.py"), ("2024-02-01", "web/a.py", "web/b.go"))
    rows = read(tmp_path, *commits, projects=projects)

    assert [(arrival.project, arrival.technology, arrival.is_first) for arrival in rows] == [
        ("api", "Python", True),
        # The repository itself, of which both own a part.
        ("host/one", "Python", False),
        ("host/one", "Go", True),
        ("web", "Go", False),
        ("web", "Python", False),
    ]


def test_each_pattern_has_one_technology():
    patterns = read_technologies()
    keys = Counter(zip(patterns.parts, patterns.keys, strict=True))

    assert [key for key, count in keys.items() if count > 1] == []
    assert [key for key in patterns.keys if key != key.lower()] == []
