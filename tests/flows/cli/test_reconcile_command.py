"""Test `quarry reconcile`: its output, files and exit codes."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from rich.console import Console

from flows.cli.progress import ProgressLines
from flows.pipeline import run
from flows.run.engines import LocalEngine
from flows.run.job import Job
from flows.run.run_records import COMPLETED
from flows.settings.workspace import open_workspace
from tests.support.expected.known_kpis import title_of
from tests.support.git.repositories import Repository

ROOT = Path(__file__).parents[3]
REPORT = """\
# Report 2024

- **Q1**: 5 commits (3 here + 1 there)
- Done: 25/40 = 62%
"""
PAGE = ROOT / "docs" / "RECONCILE.md"
EXAMPLE = re.compile(r"```markdown\n(.*?)```.*?```console\n.*?\n(.*?)```", re.DOTALL)
COLUMNS = [
    *("document", "line", "figure", "says", "should_be", "state", "rule", "rounding"),
    *("why", "command"),
]


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "report.md").write_text(REPORT, "utf-8")
    return tmp_path


@pytest.fixture
def reconcile(folder):
    """Call quarry reconcile in a folder with a report; its exit code and all that it says."""

    def call(*arguments, stdin=None, **variables):
        done = subprocess.run(
            [sys.executable, "-m", "flows.cli.main", "reconcile", *map(str, arguments)],
            cwd=folder,
            env={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), **variables},
            input=stdin,
            capture_output=True,
            text=True,
            check=False,
        )
        assert "Traceback" not in done.stderr, done.stderr
        return done.returncode, done.stdout + done.stderr

    return call


def lines(text):
    return [line.rstrip() for line in text.strip().splitlines()]


def test_the_page_shows_what_the_command_prints(reconcile, folder):
    report, shown = EXAMPLE.search(PAGE.read_text("utf-8")).groups()
    (folder / "report.md").write_text(report, "utf-8")
    code, said = reconcile("report.md")

    assert lines(said) == lines(shown)
    assert code == 1


def test_a_report_that_holds_in_korean(reconcile):
    code, said = reconcile("-", "--lang", "ko", stdin="- 완료: 30/40 = 75%\n")

    assert lines(said)[:2] == [
        "stdin: 모순되는 수치가 없습니다.",
        "수치 2건: 모순 0건, 일치 2건, 반올림으로 설명됨 0건, 이해하지 못함 0건.",
    ]
    assert code == 0


def test_programs_read_every_figure(reconcile):
    code, said = reconcile("report.md", "--all", "--format", "json")
    by_says = {one["says"]: one for one in json.loads(said)}
    _, as_csv = reconcile("report.md", "--format", "csv")

    assert code == 1
    assert by_says["62%"] == {
        "document": "report.md",
        "line": 4,
        "figure": "Done",
        "says": "62%",
        "should_be": "62.5%",
        "state": "rounding",
        "rule": "percent_of_parts",
        "rounding": "both",
        "why": "25/40 = 62.5 %; rounded",
        "command": None,
    }
    assert list(by_says) == ["5", "3", "1", "25/40", "62%"]
    assert list(csv.reader(io.StringIO(as_csv))) == [
        COLUMNS,
        [
            "report.md",
            "3",
            "Report 2024, Q1",
            "5",
            "4",
            "contradicts",
            "total",
            "",
            "3 + 1 = 4",
            "",
        ],
    ]


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["gone.md"], "gone.md: No such file or directory. Name a Markdown file."),
        (["bytes.md"], "bytes.md: not text in UTF-8, at byte 1. Save it as UTF-8 Markdown."),
        (["report.md", "--lang", "fr"], "--lang: unknown value 'fr'. Use en or ko."),
        (
            ["report.md", "--format", "xml"],
            "--format: unknown value 'xml'. Use table, csv or json.",
        ),
    ],
)
def test_what_cannot_be_read_is_reported(reconcile, folder, arguments, expected):
    (folder / "bytes.md").write_bytes(b"a\xff")

    assert reconcile(*arguments) == (1, f"quarry: {expected}\n")


def test_with_a_warehouse_the_rows_of_a_difference_are_named(reconcile, folder):
    made = Repository.make(folder / "shop")
    for _ in range(3):
        made.commit(b"work")  # in January 2024
    (folder / "quarry.toml").write_text('[[projects]]\nname = "shop"\nsources = ["shop"]\n')
    workspace = open_workspace(folder / "quarry.toml", None)
    ended = run(Job(workspace, ()), LocalEngine(1), ProgressLines(Console(file=io.StringIO())))
    code, said = reconcile("-", stdin="# 2024\n\n- **Q1**: 4 commits\n- **Q2**: 2 trips\n")

    assert ended.state == COMPLETED
    assert code == 1
    assert "Warehouse (project shop): 1 compared, 1 differing." in said
    assert "quarry explain commits 2024-Q1 --project shop" in said
    assert [line.split()[3:] for line in lines(said) if "2024, Q1" in line] == [
        ["4", "3", "the", "warehouse:", *f"{title_of('commits')},".split(), "2024-Q1,", "shop"]
    ]
