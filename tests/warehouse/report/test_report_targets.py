"""Targets in a report: met, not met, open and without data."""

from __future__ import annotations

import pytest

from tests.support.rows.small_reports import LEDGER, report, warehouse
from warehouse.report.format.style import SectionStyle, Style
from warehouse.report.queries.report_data import ReportRequest
from warehouse.report.writers.markdown import as_markdown

# Of test_iterations and deployment_schedule_adherence nothing is known.
TARGETS = """year,quarter,project,kpi,target
2024,,river,test_iterations,6
2024,,,deployment_schedule_adherence,0.8
2024,,calm,commits,1
"""
HEAD = "| KPI | Project | Target | Q1 | Q2 | Q3 (so far) | 2024 (so far) | Accepted until |"
EACH = "all projects"
OF_CALM = "| Commits | Calm | 1 | 1, met | 1, met | 0, open | 2, met |  |"


@pytest.fixture(scope="module")
def file(tmp_path_factory):
    return warehouse(tmp_path_factory.mktemp("targets"), ledger={**LEDGER, "targets.csv": TARGETS})


def lines(file, section, begin, **more):
    style = Style(sections=(SectionStyle(section),))
    text = as_markdown(report(file, style, **more))
    return [line for line in text.splitlines() if line.startswith(begin)]


def test_a_target_of_a_kpi_without_figures_has_no_data(file):
    head, _separator, *rows = lines(file, "targets", "| ")[:8]

    assert [head, *rows] == [
        HEAD,
        OF_CALM,
        "| Commits | River | 9 | 3, missed | 2, missed | 0, open | 5, open |  |",
        f"| Issue closure ratio | {EACH} | 80% | 50%, missed | 100%, met | no data | 80%, met |  |",
        f"| Issues remaining | {EACH} | 0 | {' | '.join(['1, accepted'] * 4)} | Jan 31, 2025 |",
        "| Deployment schedule adherence | all projects | 80% |  |  |  | no data |  |",
        "| Test iterations | River | 6 |  |  |  | no data |  |",
    ]


def test_a_project_has_its_own_targets_and_those_of_each_project(file):
    request = ReportRequest("2024", project="calm")
    head, _separator, *rows = lines(file, "targets", "| ", request=request)[:4]

    assert [head, *rows] == [
        HEAD,
        OF_CALM,
        "| Deployment schedule adherence | Calm | 80% |  |  |  | no data |  |",
    ]


def test_the_summary_separates_open_targets_and_those_without_data(file):
    """What can still be reached is not missed, and what has no data neither."""
    (line,) = lines(file, "summary", "- Targets")

    assert line == (
        "- Targets met: 2 of 6. Not met: Issues remaining (accepted). Open until the period ends: "
        "Commits of River. Without data: 2."
    )


def test_a_kpi_with_a_target_and_no_figure_is_in_the_dashboard(file):
    request = ReportRequest("2024", project="river")
    rows = lines(file, "dashboard", "| **Test iterations**", request=request)

    assert rows == [
        "| **Test iterations** | no data | no data | no data | **no data** | 6, no data |",
    ]


def test_the_target_of_one_quarter_is_shown_with_it(tmp_path):
    targets = "year,quarter,project,kpi,target\n2024,Q2,calm,commits,1\n"
    file = warehouse(tmp_path, ledger={**LEDGER, "targets.csv": targets})
    request = ReportRequest("2024", project="calm")

    (row,) = lines(file, "dashboard", "| **Commits", request=request)
    assert row == "| **Commits** | 1 | 1 (±0), met | 0 | **2** | 1 (Q2), met |"
