"""Custom report settings reproduce a manual report to the digit."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from flows.settings.report_style import read_style
from tests.support.rows.in_order import in_order
from tests.support.rows.reported_by_hand import manual_data
from tests.support.rows.row_histories import instant
from tests.support.rows.small_reports import report
from warehouse.query.evidence import EvidenceRow
from warehouse.report.compose import documents
from warehouse.report.format.style import KpiStyle, Lines, SectionStyle, Style
from warehouse.report.queries.evidence import FigureRow
from warehouse.report.queries.reported_quarter import ReportFigures, as_reported
from warehouse.report.writers.markdown import as_markdown

EXAMPLE = Path(__file__).parents[3] / "examples" / "report" / "report.toml"
ADHERENCE = (
    "| **Deployment Schedule Adherence (%)** "
    "| 33% | 100% (+67) | 100% (0) | 89% (-11) | **80.5%** |"
)
RECOVERY = "| **Mean Time to Recovery (MTTR)** | 18h 55m | 75h 43m | 0h 30m | 0h 0m | **23h 47m** |"


@pytest.fixture
def manual(reported):
    return manual_data(reported)


def lines(data, style):
    return as_markdown(documents(data, style, ("en",))).splitlines()


def test_the_dashboard_equals_the_manual_one(manual):
    """The manual report has (+8) in the last quarter of the first line: 95 less 88 is 7."""
    report_lines = lines(manual, read_style(EXAMPLE))

    assert report_lines[0] == "# Performance Metrics & Impact in 2024"
    assert [line for line in report_lines if line.startswith("| ")][:7] == [
        "| Metric | Q1 | Q2 | Q3 | Q4 | Annual Average/Total |",
        "| --- | ---: | ---: | ---: | ---: | ---: |",
        "| **Project Completion Rate (%)** | 62% | 75% (+13) | 88% (+13) | 95% (+7) | **80%** |",
        ADHERENCE,
        "| **Test Iterations (count)** | 6 | 0 (-6) | 0 (0) | 0 (0) | **6** |",
        "| **Average Lead Time (days)** | 14 | 37 (+23) | 46 (+9) | 15 (-31) | **28** |",
        "| **Mean Time to Recovery (MTTR)** | 18h 55m | 75h 43m | 0h 30m | 0h 0m | **23h 47m** |",
    ]


def test_the_calculations_equal_the_manual_ones(manual):
    report_lines = lines(manual, read_style(EXAMPLE))
    start = report_lines.index("### Detailed KPI Calculations")

    assert report_lines[start : start + 21] == [
        *("### Detailed KPI Calculations", "", "#### Q1 Performance", ""),
        "- **Project Completion Rate**: 25/40 tasks completed = 62%",
        "  - K-water: 23/36 = 63%",
        "  - Aloha: 1/1 = 100%",
        "  - MiniPC: 1/2 = 50%",
        "  - MyBox: 0/1 = 0%",
        "- **Deployment Schedule Adherence**: 33%",
        "  - Total: 1/3 successful deployments",
        "- **Test Iterations**: 6 tests conducted",
        "- **Average Lead Time**: 14 days",
        "  - Total: 126 days across 9 tasks",
        "  - Range: 1-54 days",
        "- **MTTR**: 18h 55m",
        "  - 2024-03-21 19:22 to 2024-03-22 14:17: 18.92h",
        *("", "#### Q2 Performance", ""),
        "- **Project Completion Rate**: 46/61 tasks completed = 75%",
    ]
    assert "  - testing gap identified" in report_lines
    assert "  - DNA+: 4/7 = 57%" in report_lines
    assert "- **MTTR**: 0h 0m (no reported issues)" in report_lines


def test_a_row_without_times_has_only_its_hours(manual):
    (figure_row,) = manual.evidence.rows
    untimed = replace(figure_row, row=replace(figure_row.row, happened_at=None, value=2_700))
    data = replace(manual, evidence=replace(manual.evidence, rows=(untimed,)))

    custom = read_style(EXAMPLE)
    settings = custom.of("mean_time_to_recovery")
    without_line = replace(settings, details=replace(settings.details, untimed_row=None))
    with_default_line = replace(
        custom, of_kpis={**custom.of_kpis, "mean_time_to_recovery": without_line}
    )

    assert "  - 0.75h" in lines(data, custom)
    assert "  - 0.75 h, without recorded times" in lines(data, with_default_line)


DASHBOARD = (SectionStyle("dashboard"),)
DEFAULT = Style(sections=DASHBOARD, kpis=("project_completion_rate", "mean_time_to_recovery"))


def board(data, style):
    rows = [line for line in lines(data, style) if line.startswith("| **")]
    return [row.split(" | ", 1)[1].removesuffix(" |") for row in rows]


def test_the_default_settings_show_more(manual):
    assert board(manual, DEFAULT) == [
        "62.5% | 75.4% | 88.9% | 95.8% | **95.8%**",
        "18.9 h, n=1 | 3.2 d, n=3 | 30 min, n=1 | no data | **2.1 d**, n=0",
    ]


@pytest.mark.parametrize(
    ("facts", "first", "second"),
    [
        (
            {"is_rounded_down": True, "decimals": 0},
            "62% | 75% | 88% | 95% | **95.7%**",
            "18 h, n=1 | 3 d, n=3 | 30 min, n=1 | no data | **2.0 d**, n=0",
        ),
        (
            {"decimals": 0, "year_decimals": 0},
            "63% | 75% | 89% | 96% | **96%**",
            "19 h, n=1 | 3 d, n=3 | 30 min, n=1 | no data | **2 d**, n=0",
        ),
        (
            {"year": "mean_of_quarters"},
            "62.5% | 75.4% | 88.9% | 95.8% | **80.7%**",
            "18.9 h, n=1 | 3.2 d, n=3 | 30 min, n=1 | no data | **32.1 h**, n=0",
        ),
        (
            {"has_exact_differences": False},
            "62.5% | 75.4% (+12.9 pp) | 88.9% (+13.5 pp) | 95.8% (+6.9 pp) | **95.8%**",
            "18.9 h, n=1 | 3.2 d (+2.4 d), n=3 | 30 min (-3.2 d), n=1 | no data | **2.1 d**, n=0",
        ),
        (
            {"empty_mean_is_zero": True, "has_counts": False},
            "62.5% | 75.4% | 88.9% | 95.8% | **95.8%**",
            "18.9 h | 3.2 d | 30 min | 0 h | **2.1 d**",
        ),
    ],
)
def test_each_setting_changes_the_figures(manual, facts, first, second):
    assert board(manual, replace(DEFAULT, **facts)) == [first, second]


def test_titles_and_columns_are_settings(manual):
    style = replace(
        DEFAULT, metric_title="M", quarter_title="{quarter}/{year}", year_title="Y{year}"
    )

    assert "| M | Q1/2024 | Q2/2024 | Q3/2024 | Q4/2024 | Y2024 |" in lines(manual, style)


def test_each_text_has_a_korean_one(manual):
    """A line without one is that of the other language."""
    completion = KpiStyle(
        details=Lines(title="Work", headline="{value} pieces"), details_ko=Lines(title="작업")
    )
    style = replace(
        DEFAULT,
        metric_title="M",
        metric_title_ko="항목",
        quarter_title="{quarter}/{year}",
        quarter_title_ko="{year}년 {quarter}",
        year_title="Y{year}",
        year_title_ko="{year} 합계",
        quarter_heading="Of {quarter}",
        quarter_heading_ko="{quarter} 내역",
        sections=(SectionStyle("dashboard"), SectionStyle("details")),
        of_kpis={"project_completion_rate": completion},
    )
    written = as_markdown(documents(manual, style, ("ko",))).splitlines()

    columns = [f"2024년 {number}분기" for number in range(1, 5)]
    assert f"| 항목 | {' | '.join(columns)} | 2024 합계 |" in written
    assert "### 1분기 내역" in written
    assert any(line.startswith("- **작업**: ") and line.endswith("pieces") for line in written)


@pytest.mark.parametrize(
    ("facts", "present", "absent"),
    [
        ({"has_difference_units": False}, "100% (+50), 3/3", "pp)"),
        ({"has_year_differences": False}, "**0%**, 0/7 |", "**0%** (±0)"),
        ({"has_states": False}, "| KPI | Q1 | Q2 | Q3 |", "(so far)"),
        ({"has_targets": False}, "| **80%**, 4/5 |", "Target"),
        ({"no_change": "="}, "1 (=)", "±0"),
        ({"has_counts": False}, "50%, missed", "1/2"),
    ],
)
def test_settings_omit_parts_of_the_table(reported, facts, present, absent):
    markdown = as_markdown(report(reported, replace(Style(sections=DASHBOARD), **facts)))
    rows = "\n".join(line for line in markdown.splitlines() if line.startswith("| "))

    assert present in rows
    assert absent not in rows


def test_rows_count_in_their_reported_quarter(manual):
    """An incident that ended in the third quarter and was reported in the second."""
    kpi = "mean_time_to_recovery"
    two, three = instant("2024-07-10T00:00"), instant("2024-08-29T00:00")
    rows = [
        in_order(
            EvidenceRow,
            "s",
            "2024-Q2",
            "a",
            "a",
            None,
            two,
            None,
            "counted",
            None,
            None,
            7200,
            is_sealed=False,
        ),
        in_order(
            EvidenceRow,
            "s",
            "2024-Q3",
            "b",
            "b",
            None,
            three,
            None,
            "counted",
            None,
            None,
            3600,
            is_sealed=False,
        ),
    ]
    reported_rows = [FigureRow(kpi, "MyBox", row) for row in rows]

    figures = as_reported(ReportFigures(manual.year, manual.parts, manual.evidence), reported_rows)

    assert {
        f.period: (f.value, f.n, f.change_from_quarter_before)
        for f in figures.year.figures
        if f.kpi == kpi
    } == {
        "2024-Q1": (None, 0, None),
        "2024-Q2": (2.0, 1, None),
        "2024-Q3": (1.0, 1, -1.0),
        "2024-Q4": (None, 0, None),
        "2024": (1.5, 2, None),
    }
    assert figures.year.figures[0] == manual.year.figures[0]
    assert [row.row.subject_id for row in figures.evidence.rows] == ["a", "b"]
