"""Compare a manually reported year with the report from its sources."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from tests.end_to_end.year_by_hand.known import BESIDE, CONTRADICTIONS, DIFFERENCES, OTHER_WORDS
from tests.end_to_end.year_by_hand.world import HERE, make_world
from tests.support.fakes.fake_github import fake_github

ROOT = Path(__file__).parents[3]
STYLE = ROOT / "examples" / "report" / "report.toml"
BY_HAND = (HERE / "report.md").read_text("utf-8").splitlines()
QUARTERS = ("Q1", "Q2", "Q3", "Q4")


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """The home of the year: everything was mined once, through git and over HTTP."""
    folder = tmp_path_factory.mktemp("year")
    with fake_github() as fake:
        make_world(folder, fake)
        done = quarry(folder, "run")
    assert done.returncode == 0, done.stderr
    return folder


@pytest.fixture(scope="module")
def printed(folder):
    """The report in the team's style, line by line."""
    assert quarry(folder, "report", "2024", "--style", STYLE, "--format", "md").returncode == 0
    (path,) = (folder / "home" / "reports" / "2024").glob("*.md")
    return path.read_text("utf-8").splitlines()


@pytest.fixture(scope="module")
def ask(folder):
    with duckdb.connect(str(folder / "home" / "quarry.duckdb"), read_only=True) as connection:
        yield lambda sql: connection.execute(sql).fetchall()


def quarry(folder, *arguments):
    return subprocess.run(
        [sys.executable, "-m", "flows.cli.main", *map(str, arguments)],
        cwd=folder,
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "YEAR_TOKEN": "ghp_" + "y" * 36},
        capture_output=True,
        text=True,
        check=False,
    )


def dashboard(lines):
    return [re.sub(r"-{2,}|(?<=-):", "-", line) for line in lines if line.startswith("| **")]


def calculations(lines):
    """Find the lines of each quarter's calculations; deeper lines stand as deep as the others."""
    begins = lines.index("### Detailed KPI Calculations")
    ends = next(n for n, line in enumerate(lines[begins:], begins) if line.startswith("## "))
    parts = "\n".join(lines[begins:ends]).split("\n#### ")[1:]
    found = {part[:2]: part.splitlines()[1:] for part in parts}
    return {q: [re.sub("^ {4}", "  ", one) for one in of if one] for q, of in found.items()}


def test_the_dashboard_comes_out_to_the_digit(printed):
    by_hand = [line.replace("95% (+8)", "95% (+7)") for line in dashboard(BY_HAND)]

    assert dashboard(printed)[:5] == by_hand


@pytest.mark.parametrize("quarter", QUARTERS)
def test_the_calculations_come_out_to_the_digit(printed, quarter):
    made = calculations(printed)[quarter]
    missing = [line for line in calculations(BY_HAND)[quarter] if line not in made]

    assert missing == [line for of, line in OTHER_WORDS if of == quarter]
    for line in missing:
        others = OTHER_WORDS[quarter, line]
        assert set(others) <= set(made)
        assert not others or set(re.findall(r"[\d.]+", line)) <= {
            figure for one in others for figure in re.findall(r"[\d.]+", one)
        }


def test_what_the_team_changes_is_next_to_the_default(printed):
    begins = printed.index("## Custom report settings")
    rows = [line[2:-2].split(" | ") for line in printed[begins:] if line.startswith("| ")][2:16]

    assert [tuple(row) for row in rows] == BESIDE


def test_what_the_calculations_say_of_sites_is_in_the_ledger(ask):
    assert ask(
        "select site, max(attempt), min(deployed_on - planned_on) from facts.ledger_deployments "
        "where quarter = '2024-Q1' group by site order by site"
    ) == [("North River", 3, 0), ("South Waterworks", 1, 9)]


def test_reconcile_lists_what_contradicts_itself_and_nothing_else(folder):
    command = ("reconcile", HERE / "report.md", "--style", STYLE, "--format", "json")
    done = quarry(folder, *command)
    rows = json.loads(done.stdout)

    assert done.returncode == 1
    assert [(row["line"], row["says"], row["should_be"]) for row in rows] == CONTRADICTIONS
    assert {row["state"] for row in rows} == {"contradicts"}


def test_by_their_dates_the_rows_say_otherwise(folder):
    """The same rows without the team's style: what reconcile finds as well as the ten."""
    done = quarry(folder, "reconcile", HERE / "report.md", "--format", "json")
    rows = json.loads(done.stdout)

    assert [
        (row["line"], row["says"], row["should_be"]) for row in rows if row["state"] == "differs"
    ] == DIFFERENCES


def test_commits_and_issues_come_from_git_and_the_trackers(ask):
    assert ask(
        "select quarter, value from marts.kpi_quarterly where kpi = 'commits' and project = '*' "
        "and quarter between '2023-Q4' and '2024-Q4' order by quarter"
    ) == [("2023-Q4", 38), ("2024-Q1", 149), ("2024-Q2", 10), ("2024-Q3", 54), ("2024-Q4", 90)]
    assert ask(
        "select quarter, project, numerator, denominator from marts.kpi_quarterly "
        "where kpi = 'issue_resolution_ratio' and source = '*' and denominator > 0 "
        "and fiscal_year = 2024 order by quarter, project"
    ) == [
        ("2024-Q1", "*", 5, 10),
        ("2024-Q1", "Lakeside", 5, 10),
        ("2024-Q2", "*", 4, 9),
        ("2024-Q2", "Lakeside", 4, 9),
        ("2024-Q3", "*", 7, 11),
        ("2024-Q3", "Helix+", 4, 5),
        ("2024-Q3", "Lakeside", 3, 4),
        ("2024-Q3", "Stage and Screen", 0, 2),
        ("2024-Q4", "*", 4, 8),
        ("2024-Q4", "Lakeside QC", 4, 8),
    ]
    assert ask(
        "select value from marts.kpi_quarterly where kpi = 'issues_remaining' "
        "and project = 'Lakeside' and source = '*' and fiscal_year = 2024 order by quarter"
    ) == [(14,), (10,), (1,), (1,)]


def test_trips_meetings_and_measures_come_from_the_ledger(ask):
    assert ask(
        "select quarter, count(*) from facts.ledger_activities "
        "where activity_kind = 'business_trip' group by quarter order by quarter"
    ) == [("2024-Q1", 10), ("2024-Q2", 47), ("2024-Q3", 19), ("2024-Q4", 11)]
    assert ask(
        "select activity_kind, count(*) from facts.ledger_activities "
        "where activity_kind != 'business_trip' group by 1 order by 1"
    ) == [
        ("seminar", 1),
        ("strategy_meeting", 2),
        ("technical_meeting", 27),
        ("test_iteration", 6),
        ("weekly_planning", 49),
    ]
    assert ask(
        "select measure, change_in_unit, round(change_percent, 1) from facts.ledger_measurements "
        "order by measure"
    ) == [
        ("CPU usage with the new model", -170, -51.5),
        ("Docker update package", -18, -60),
        ("GPU usage with the new model", 48, 129.7),
        ("package transfer time at 400 KB/s", -10, -58.8),
    ]


def test_the_targets_for_the_next_year_are_in_the_language_of_the_page(folder):
    said = quarry(folder, "report", "2024", "--lang", "both", "--format", "md", "--out", "both")
    lines = next((folder / "both").iterdir()).read_text("utf-8").splitlines()

    assert said.returncode == 0
    assert [line for line in lines if "| 2025 |" in line or "| 2025년 |" in line] == [
        "| Automation level | all projects | 2025 | 100% | higher is better |",
        "| Blog post | all projects | 2025 | 24 | higher is better |",
        "| Service availability | all projects | 2025 | 100% | higher is better |",
        "| Standardization application | all projects | 2025 | 100% | higher is better |",
        "| 자동화 수준 | 전체 프로젝트 | 2025년 | 100% | 높을수록 좋음 |",
        "| 블로그 글 | 전체 프로젝트 | 2025년 | 24 | 높을수록 좋음 |",
        "| 서비스 가용성 | 전체 프로젝트 | 2025년 | 100% | 높을수록 좋음 |",
        "| 표준화 적용 | 전체 프로젝트 | 2025년 | 100% | 높을수록 좋음 |",
    ]
