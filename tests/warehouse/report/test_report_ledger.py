"""Ledger sections of a report, with custom quarters and titles."""

from __future__ import annotations

import io
import shutil
from dataclasses import replace
from types import MappingProxyType

import duckdb
import openpyxl
import pytest
from selectolax.lexbor import LexborHTMLParser

from miners.ledger import tables
from tests.support.rows.in_order import in_order
from tests.support.rows.kept_ledgers import SEOUL, kept
from tests.support.rows.row_histories import builder, instant
from tests.support.rows.small_reports import found_in, report
from warehouse.report.blocks import Chart
from warehouse.report.compose import documents
from warehouse.report.format.style import KindStyle, SectionStyle, Style
from warehouse.report.queries.activity import INCIDENTS, Incident
from warehouse.report.queries.breakdowns import HistoricFigure
from warehouse.report.queries.projects import ACTIVE
from warehouse.report.queries.report_data import ReportRequest
from warehouse.report.sections.ledger_activities import KINDS
from warehouse.report.writers.html import as_html
from warehouse.report.writers.markdown import as_markdown
from warehouse.report.writers.workbook import as_workbook

ACTIVITIES = Style(sections=(SectionStyle("activities"),))
recovery = builder(
    *("figures.kpi_evidence", "facts.projects", "facts.quarters"),
    *("facts.ledger_activities", "facts.ledger_tasks"),
    *("facts.ledger_deployments", "facts.ledger_incidents"),
    kpis=("mean_time_to_recovery", "deployment_frequency"),
)


FIRST_QUARTERS = ("2024-Q1", "2024-Q2")


def lines(file, style=ACTIVITIES, **more):
    """Return the rows of all tables in a report, without separator lines."""
    (document,) = report(file, style, **more)
    return rows_of(document)


def rows_of(document):
    markdown_lines = as_markdown([document]).splitlines()
    return [line for line in markdown_lines if line.startswith("| ") and "---" not in line]


def test_every_kind_that_quarry_knows_has_a_title():
    assert sorted(KINDS) == sorted(tables.KINDS)


def test_a_row_counts_in_its_reported_quarter_only_with_that_setting(reported):
    by_date = lines(reported)
    as_reported = lines(reported, has_reported_quarters=True)

    assert "| **Code retreat** | 0 (±0) | 0 (±0) | 1 | **1** |" in by_date
    assert "| **Code retreat** | 0 (±0) | 1 (+1) | 0 | **1** |" in as_reported


def test_settings_choose_kinds_and_their_titles(reported):
    style = replace(
        ACTIVITIES,
        activity_kinds=("writing", "seminar"),
        of_kinds=MappingProxyType({"writing": KindStyle("Posts", "블로그 글")}),
        has_counts=False,
    )

    assert lines(reported, style)[:4] == [
        "| Activity | Q1 | Q2 | Q3 (so far) | 2024 (so far) |",
        "| **Posts** | 2 (+1) | 0 (-2) | 0 | **2** |",
        "| Posts, hours | 4.5 (-1.5) | 0 (-4.5) | 0 | **4.5** |",
        "| **Seminars** | 0 (±0) | 0 (±0) | 0 | **0** |",
    ]
    assert lines(reported, style, languages=("ko",))[1].startswith("| **블로그 글** | 2건 (+1건) |")


def test_a_quarter_without_a_ledger_is_not_zero(reported):
    data = found_in(reported)
    without_third_quarter = replace(
        data,
        ledger=replace(
            data.ledger,
            covered={"2024-Q1": True, "2024-Q2": True},
            recorded=frozenset(row for row in data.ledger.recorded if row[1] in FIRST_QUARTERS),
        ),
    )
    (document,) = documents(
        without_third_quarter, replace(ACTIVITIES, activity_kinds=("writing",)), ("en",)
    )

    assert rows_of(document)[:3] == [
        "| Activity | Q1 | Q2 | Q3 | 2024 |",
        "| **Writing** | 2 | 0 (-2) | no data | **2** |",
        "| Writing, hours | 4.5, n=1 | 0 (-4.5) | no data | **4.5**, n=1 |",
    ]


def test_a_kind_that_a_kpi_counts_has_data_where_the_kpi_has(reported):
    """Its first row is of the second quarter, so that the KPI has no figure before."""
    data = found_in(reported)
    facts = ("2024-Q2", 1.0, 1, True), ("2024-Q3", 0.0, 0, False)
    (presentation,) = (row for row in data.ledger.activities if row.kind == "presentation")
    tests = replace(presentation, kind="test_iteration", hours=None)
    with_tests = replace(
        data,
        ledger=replace(data.ledger, activities=(*data.ledger.activities, tests)),
        history=(
            *data.history,
            *(in_order(HistoricFigure, "test_iterations", *figure) for figure in facts),
        ),
    )
    kinds = replace(ACTIVITIES, activity_kinds=("presentation", "test_iteration"))
    (document,) = documents(with_tests, kinds, ("en",))

    assert rows_of(document)[1:4] == [
        "| **Presentations** | 0 (±0) | 1 (+1) | 0 | **1** |",
        "| Presentations, hours | 0 (±0) | 63 (+63) | 0 | **63** |",
        "| **Test iterations** | no data | 1 | 0 | **1** |",
    ]


def test_a_project_and_a_year_have_their_own_activities(reported):
    """Before the first activity of a ledger or project nobody kept any: no data, and no change."""
    assert lines(reported, request=ReportRequest("2024", project="calm"))[:2] == [
        "| Activity | Q1 | Q2 | Q3 (so far) | 2024 (so far) |",
        "| **Business trips** | no data | 1 | 0 | **1** |",
    ]
    assert lines(reported, request=ReportRequest("2023"))[:3] == [
        "| Activity | Q2 | Q3 | Q4 | 2023 |",
        "| **Writing** | no data | no data | 1 | **1** |",
        "| Writing, hours | no data | no data | 6 | **6** |",
    ]


@pytest.mark.parametrize("language", ["en", "ko"])
def test_a_page_folds_each_kind_and_has_allowed_links(reported, language):
    page = as_html(report(reported, ACTIVITIES, languages=(language,)))
    days = {
        "en": ["Q1: Jan 8, 2024; Jan 22, 2024", "Q2: Apr 8, 2024"],
        "ko": ["1분기: 2024. 1. 8.; 2024. 1. 22.", "2분기: 2024. 4. 8."],
    }[language]
    title = {"en": "Sidecars", "ko": "사이드카란?"}[language]

    assert f'<a href="https://blog.example.org/sidecars" rel="noopener noreferrer">{title}' in page
    tree = LexborHTMLParser(page)
    assert len(tree.css("details")) == 6
    assert [node.text().strip() for node in tree.css("details.for-pages li")] == days


def test_one_project_is_described_and_not_counted(reported):
    style = Style(sections=(SectionStyle("projects"),))

    assert lines(
        reported, style, languages=("ko",), request=ReportRequest("2024", project="river")
    ) == [
        "| 프로젝트 | 고객 | 팀 인원 | 시작일 |",
        "| [강](https://example.org/river) | Water Board | 3명 | 2023. 12. 1. |",
    ]


def test_the_workbook_holds_every_activity_with_its_numbers(reported):
    book = openpyxl.load_workbook(io.BytesIO(as_workbook(report(reported, ACTIVITIES))))
    head, *rows = book["All activities"].iter_rows()
    counts = [[cell.value for cell in row[:3]] for row in book["Activities"].iter_rows()]

    assert [cell.value for cell in head] == [
        *("Activity", "When", "Project", "Site", "Title", "Hours", "Note"),
    ]
    assert len(rows) == 10
    (sidecars,) = (row for row in rows if row[4].value == "Sidecars")
    assert (sidecars[1].value.isoformat(), sidecars[5].value) == ("2024-02-20T00:00:00", 4.5)
    assert sidecars[4].hyperlink.target == "https://blog.example.org/sidecars"
    assert counts[:2] == [["Activity", "Q1", "Q1 change"], ["Business trips", 2, "+2"]]


def test_incidents_are_drawn_to_their_end_and_those_without_dates_are_named(reported):
    """One of a ledger has the name of its project; an open one reaches the last poll."""
    data = found_in(reported)
    page = "https://github.com/o/r/issues/7"
    given = [
        ("river/1", None, instant("2024-03-22T05:17"), 68_100, False),
        ("o/r#7", page, instant("2024-05-01T00:00"), None, True),
        ("river/2", None, None, 84_600, False),
    ]
    found = tuple(
        Incident(
            kpi="mean_time_to_recovery",
            project="river",
            subject_id=name,
            subject_url=url,
            happened_at=at,
            seconds=seconds,
            is_open=is_open,
        )
        for name, url, at, seconds, is_open in given
    )
    with_incidents = replace(data, activity=replace(data.activity, incidents=found))
    style = Style(sections=(SectionStyle("incidents"),))
    (document,) = documents(with_incidents, style, ("ko",))
    text = as_markdown([document])
    (plot,) = (b.plot for b in document.sections[0].blocks if isinstance(b, Chart))

    assert [(shown.label, shown.starts_at, shown.ends_at) for shown in plot.intervals] == [
        ("강", instant("2024-03-21T10:22"), instant("2024-03-22T05:17")),
        ("#7", instant("2024-05-01T00:00"), instant("2024-08-01T00:00")),
    ]
    assert "- **장애 지속 기간**: 장애 2건; 배포 0건; 강: 18.9시간; #7: 진행 중" in text
    assert "날짜가 없어 그리지 않은 장애: 강 23.5시간." in text


INCIDENT_ROWS = """
    id,project,started_at,recovered_at,reported_hours,reported_quarter
    I-1,web,2024-02-04 19:22,2024-02-05 20:22,,
    I-2,web,,,23.5,2024-Q1
    I-3,web,2023-12-01 00:00,,,
    I-4,web,2024-05-01 00:00,,,
    I-5,web,,,2,2024-Q2
    I-6,down,2024-08-04 01:00,,,
"""


def test_open_incidents_and_those_known_by_hours_are_of_the_period(tmp_path):
    ledger = kept(tmp_path, incidents=INCIDENT_ROWS)
    with recovery(ledger.home / "store", SEOUL) as connection:
        bounds = (instant("2023-12-31T15:00"), instant("2024-03-31T15:00"))
        rows = connection.execute(INCIDENTS, ["*", "*", *bounds, "2024-Q1", "2024-Q1"]).fetchall()
        quarters = [f"2024-Q{number}" for number in range(1, 5)]
        active = connection.execute(ACTIVE, ["*", quarters, False]).fetchall()
    assert [(row[2], row[5], row[6]) for row in rows] == [
        ("I-3", None, True),
        ("I-1", 90_000, False),
        ("I-2", 84_600, False),
    ]
    # An incident alone is work of its project, also one without an end.
    assert active == [("2024-Q1", "web"), ("2024-Q2", "web"), ("2024-Q3", "down")]


@pytest.mark.parametrize(
    ("first", "last", "quarters"),
    [
        ("2024-03-31", "2024-04-01", ["| Q1 | 2 |", "| Q2 | 2 (±0) |", "| Q3 (so far) | 0 |"]),
        ("2024-04-01", "2024-06-30", ["| Q1 | 1 |", "| Q2 | 2 (+1) |", "| Q3 (so far) | 0 |"]),
        (None, "2024-03-31", ["| Q1 | 2 |", "| Q2 | 1 (-1) |", "| Q3 (so far) | 0 |"]),
        ("2024-07-01", None, ["| Q1 | 1 |", "| Q2 | 1 (±0) |", "| Q3 (so far) | 1 |"]),
    ],
)
def test_a_project_is_active_in_the_quarters_of_its_period(
    reported, tmp_path, first, last, quarters
):
    file = shutil.copy(reported, tmp_path / "quarry.duckdb")
    with duckdb.connect(str(file)) as connection:
        connection.execute(
            "update facts.projects set active_from = $1, active_until = $2 where project = 'river'",
            [first, last],
        )
    rows = lines(file, Style(sections=(SectionStyle("projects"),)))

    assert [f"{row.rpartition(' | ')[0]} |" for row in rows if row.startswith("| Q")] == quarters
