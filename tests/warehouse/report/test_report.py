"""A whole report of a small warehouse, in each output format."""

from __future__ import annotations

import base64
import hashlib
import io
import shutil
from collections import Counter
from dataclasses import replace

import duckdb
import openpyxl
import pytest
from selectolax.lexbor import LexborHTMLParser

from tests.support.expected.known_kpis import title_of
from tests.support.expected.pages import compare_page, compares_page
from tests.support.rows.small_reports import (
    CALM,
    PROJECTS,
    USUAL,
    found_in,
    masked_page,
    report,
    warehouse,
)
from tests.support.rows.trackers import REPOSITORY
from warehouse.context import Project
from warehouse.errors import QueryFailed
from warehouse.report.format.style import SECTIONS, SectionStyle, Style
from warehouse.report.queries.report_data import ReportRequest, newest_quarter
from warehouse.report.writers.html import as_html
from warehouse.report.writers.markdown import as_markdown
from warehouse.report.writers.workbook import as_workbook

EVERYTHING = Style(sections=tuple(SectionStyle(name) for name in SECTIONS))
MEGABYTE = 1_000_000


@pytest.fixture(scope="module")
def page(reported):
    return as_html(report(reported, EVERYTHING, ("en", "ko")))


@pytest.fixture(scope="module")
def tree(page):
    return LexborHTMLParser(page)


@pytest.fixture(scope="module")
def book(reported):
    made = as_workbook(report(reported, row_count=200))
    return openpyxl.load_workbook(io.BytesIO(made))


@compares_page
@pytest.mark.parametrize("language", ["en", "ko"])
def test_the_markdown_equals_its_page(reported, language):
    compare_page(f"report.{language}.md", masked_page(reported, language))


def test_a_definition_is_in_the_language_of_the_report(reported):
    style = replace(EVERYTHING, sections=(SectionStyle("definitions"),))
    report_lines = as_markdown(report(reported, style, ("ko",))).splitlines()
    lines, left = (
        report_lines.index(f"### {title_of(kpi, 'ko')}")
        for kpi in ("lines_changed", "issues_remaining")
    )

    assert report_lines[lines + 2 : lines + 4] == [
        "- **질문**: 분기에 추가되고 삭제된 라인은 몇 줄입니까?",
        (
            "- **판단 기준**: 커밋으로 집계되는 커밋을 대상으로 하며, 프로젝트에 경로가 있으면 "
            "그 안의 파일만 셉니다. 바이너리 파일에는 라인이 없습니다. 생성되었거나 외부에서 "
            "가져온 파일의 라인은 세지 않습니다. 그런 파일은 .gitattributes(linguist-generated, "
            "linguist-vendored)에 따르고, 거기에 없으면 잠금 파일, 축소된 파일, 외부 코드 폴더를 "
            "나타내는 규칙 generated에 따릅니다. 여러 저장소에 있는 커밋의 라인은 프로젝트에서 "
            "한 번, 전체에서 한 번만 셉니다."
        ),
    ]
    assert (
        report_lines[left + 4] == "- **편향**: 아무도 다루지 않을 이슈도 다른 이슈와 똑같이 셉니다."
    )


def test_each_sheet_prints_one_page_wide_with_its_head_and_page_numbers(book):
    for sheet in book.worksheets:
        setup = sheet.page_setup
        assert (setup.orientation, setup.paperSize) == ("landscape", 9)
        # One page wide is the default of a sheet that is fitted.
        assert (sheet.sheet_properties.pageSetUpPr.fitToPage, setup.fitToWidth) == (True, None)
        assert setup.fitToHeight == 0
        assert (sheet.print_title_rows, sheet.oddFooter.right.text) == ("$1:$1", "&P / &N")


def test_the_same_warehouse_gives_the_same_bytes(reported, page):
    once = report(reported, EVERYTHING, ("en", "ko"))
    found_in.cache_clear()
    again = report(reported, EVERYTHING, ("en", "ko"))

    assert as_html(again) == page
    assert as_workbook(again) == as_workbook(once)


def test_the_page_requests_nothing_and_runs_nothing(page, tree):
    style = tree.css_first("style").text()
    policy = tree.css_first('meta[http-equiv="Content-Security-Policy"]').attributes["content"]
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()

    assert policy == (
        f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    )
    assert "url(" not in style
    assert "@import" not in style
    assert not tree.css("script, iframe, object, embed, link, base, img, form, svg a, svg style")
    assert len(page.encode()) < 3 * MEGABYTE


def test_every_jump_has_an_anchor(tree):
    ids = Counter(node.attributes["id"] for node in tree.css("[id]"))
    jumps = {node.attributes["href"] for node in tree.css('a[href^="#"]')}

    assert max(ids.values()) == 1
    assert {jump.removeprefix("#") for jump in jumps} - ids.keys() == set()
    assert {"#en-commits-2024-q1", "#ko-lead_time"} <= jumps


def test_a_jump_to_evidence_unfolds_it(tree):
    """The anchor of a jump is inside a fold, which browsers open for it."""
    target = tree.css_first("#en-commits-2024-q1")

    assert [node.tag for node in (target.parent, target)] == ["details", "div"]
    assert "c1" in target.text()


def test_the_page_is_made_for_all_readers(tree):
    levels = [int(node.tag[1]) for node in tree.css("#en-report h1, #en-report h2, #en-report h3")]

    assert [node.attributes["lang"] for node in tree.css(".report")] == ["en", "ko"]
    assert levels[:2] == [1, 2]
    assert levels.count(1) == 1
    for table in tree.css("table"):
        assert table.css_first("caption").text().strip()
        assert all(node.attributes.get("scope") for node in table.css("th"))
        assert table.parent.attributes["tabindex"] == "0"
    pictures = tree.css('[role="img"]')
    assert pictures
    assert all(node.attributes["aria-label"] for node in pictures)
    assert len(tree.css("main")) == len(tree.css("nav")) == len(tree.css("a.skip")) == 2


def test_a_picture_holds_shapes_and_texts_in_the_colours_of_the_page(tree):
    tags = {node.tag for svg in tree.css("svg") for node in svg.css("*")}
    colours = {
        node.attributes[name]
        for node in tree.css("svg *")
        for name in ("fill", "stroke")
        if node.attributes.get(name)
    }

    assert tags == {"svg", "g", "path", "line", "text"}
    assert {colour for colour in colours if not colour.startswith("var(--")} <= {"none"}


def test_a_figure_has_its_change_sample_size_and_status(tree):
    row = next(
        r for r in tree.css("#en-dashboard tbody tr") if title_of("days_to_close") in r.text()
    )
    second = row.css("td")[2]

    assert second.css_first(".figure").text() == "36.0 h"
    assert second.css_first(".change").text() == "\N{MINUS SIGN}12.0 h (better)"
    assert second.css_first(".note").text() == "n=3"


def test_the_workbook_has_numbers_as_numbers(book):
    sheet = book["KPI dashboard"]
    head = [cell.value for cell in sheet[1]]
    rows = {row[0].value: [cell.value for cell in row] for row in sheet.iter_rows(min_row=2)}

    assert book.sheetnames == [
        *("KPI dashboard", "Issues opened, closed and remai", "Activities"),
        *("By project and site", "All activities", "Project by project"),
        *("Projects active in each quarter", "Shares", "Means and medians"),
        *("Targets and results", "Custom goals with measurements"),
        *("Goals for 2025", "Before and after", "New in Git"),
        *("New technologies and commits", "Restatements", "Data quality"),
        *("Observations and incomplete qua", "Evidence", "Evidence rows"),
    ]
    assert head[:4] == ["KPI", "Q1", "Q1 change", "Q1 note"]
    assert rows[title_of("issue_closure_ratio")][1:5] == [0.5, "", "1/2", "missed"]
    assert rows[title_of("days_to_close")][head.index("Q2")] == 1.5
    assert sheet.cell(2, 2).number_format == "#,##0.##"


def test_the_workbook_has_the_evidence_rows(book):
    rows = list(book["Evidence rows"].iter_rows(min_row=2))
    closed = [row for row in rows if row[0].value == title_of("mean_time_to_recovery")]

    assert [
        (row[4].hyperlink.target, row[6].value.isoformat(), row[9].value, row[10].value)
        for row in closed
    ] == [("https://github.com/o/r/issues/5", "2024-05-03T06:30:00", 30.5, "counts")]


def test_a_report_of_a_quarter_ends_with_it(reported):
    (document,) = report(reported, request=ReportRequest(None, "q2", "RIVER"))
    board = next(s for s in document.sections if s.name == "dashboard").blocks[0]

    assert (document.title, document.subtitle) == ("KPI report Q2 2024", "project River")
    assert [column.title for column in board.columns] == ["KPI", "Trend", "Q1", "Q2", "Target"]
    assert "quarry explain commits 2024-Q2 --project river" in as_markdown([document])
    assert newest_quarter(reported) == "2024-Q3"


def test_measurements_are_listed_before_and_after(reported, tmp_path):
    file = shutil.copy(reported, tmp_path / "quarry.duckdb")
    with duckdb.connect(str(file)) as connection:
        connection.execute(
            "insert into facts.ledger_measurements by name from (values "
            "('1', 'river', 'CPU | usage', '%', 330.0, 160.0, 'lower'), "
            "('2', 'river', 'package', 'GB', 30, 12.5, 'lower'), "
            "('3', 'calm', 'hands', null, null, 3, 'neither')) as measurements("
            "measurement_id, project, measure, measurement_unit, before_value, after_value, better)"
        )
    style = replace(USUAL, sections=(SectionStyle("improvements"),))

    assert as_markdown(report(file, style)).splitlines()[-11:] == [
        "| Measure | Before | After | Change | In percent | Measured on | Note |",
        "| --- | ---: | ---: | ---: | ---: | --- | --- |",
        "| Visits | no data | 30 |  |  | Apr 1, 2024 |  |",
        "| **Calm** |  |  |  |  |  |  |",
        "| Speed | 12 FPS | 30 FPS | +18 FPS | +150% | May 1, 2024 |  |",
        "| Hands | no data | 3 |  |  |  |  |",
        "| **River** |  |  |  |  |  |  |",
        "| Automation level | 20% | 85% | +65 pp | +325% | Jun 1, 2024 | by hand before |",
        "| [Memory](https://example.org/memory) | 330% | 160% | -170 pp | -51.5% |  |  |",
        "| CPU \\| usage | 330% | 160% | -170 pp | -51.5% |  |  |",
        "| Package | 30 GB | 12.5 GB | -17.5 GB | -58.3% |  |  |",
    ]


@pytest.mark.parametrize(
    ("wanted", "message"),
    [
        (ReportRequest("2031"), "nearest with figures is 2024"),
        (ReportRequest("2024", "Q4"), "nearest with figures is 2024-Q3"),
        (ReportRequest("2024", "4"), "nearest with figures is 2024-Q3"),
        (ReportRequest("2024", "q4"), "nearest with figures is 2024-Q3"),
        (ReportRequest("2024", "Q7"), "neither a quarter nor a year"),
        (ReportRequest(project="rivers"), "Did you mean 'river'"),
    ],
)
def test_an_unknown_name_suggests_a_known_one(reported, wanted, message):
    with pytest.raises(QueryFailed, match=message):
        report(reported, request=wanted)


def test_a_missing_section_has_no_jumps(reported):
    style = replace(USUAL, sections=(SectionStyle("summary"), SectionStyle("dashboard")))
    alone = replace(USUAL, sections=(SectionStyle("evidence"),))

    for section_style in (style, alone):
        page = LexborHTMLParser(as_html(report(reported, section_style)))
        ids = {node.attributes["id"] for node in page.css("[id]")}
        assert {a.attributes["href"][1:] for a in page.css('a[href^="#"]')} <= ids


def test_sections_have_the_order_of_the_settings(reported):
    wanted = (SectionStyle("targets", "Goals", "목표"), SectionStyle("dashboard", level=3))
    style = replace(USUAL, sections=wanted)
    english, korean = report(reported, style, ("en", "ko"))

    assert [(s.title, s.level) for s in english.sections] == [("Goals", 2), ("KPI dashboard", 3)]
    assert [s.title for s in korean.sections] == ["목표", "KPI 현황"]


def test_parts_that_share_commits_are_not_stacked(reported, tmp_path):
    """A stack of them would be longer than the commits that there are."""
    both = Project(name="both", title="Both", sources=(REPOSITORY, CALM))
    shared = warehouse(tmp_path, projects=(*PROJECTS, both))
    style = Style(sections=(SectionStyle("activity"),))
    pages = [as_markdown(report(file, style)) for file in (reported, shared)]

    assert [
        (page.count("Commits by project"), page.count("what several have counts in each"))
        for page in pages
    ] == [(1, 0), (1, 1)]
