"""Test `quarry explain`: the evidence of every figure, and its sum."""

from __future__ import annotations

import csv
import io
import json
import re
import shutil

import duckdb
import polars as pl
import pytest

from flows.cli.explain import _details
from tests.support.expected.known_kpis import KNOWN_KPIS, title_of
from tests.support.expected.pages import compare_page, compares_page
from tests.support.running.shop_home import plain
from warehouse.query.evidence import EvidenceRequest, explanation_of
from warehouse.query.figures import Figure
from warehouse.query.query import open_for_queries
from warehouse.query.recalculate import is_same_figure, recalculate
from warehouse.sql import sql_folder

POPULATION = """
    select kpi, quarter, project, counts_in_all, count(*) from figures.kpi_evidence group by all
"""
PUBLISHED = """
    select kpi, project, coalesce(quarter, fiscal_year::varchar), value, n, left_out_count
    from (from marts.kpi_quarterly union all by name from marts.kpi_yearly)
    where source = '*' and project != 'lib'
"""


def shop(quarry, *arguments, **options):
    code, said, complained = quarry("explain", *arguments, "--project", "shop", **options)
    assert (code, complained) == (0, "")
    return plain(said)


@compares_page
def test_a_figure_its_definition_sql_rows_and_sum(quarry):
    """By default of the newest quarter in which rows count."""
    said = shop(quarry, "lead_time")
    without_sql = shop(quarry, "lead_time", "2024q1", "--no-sql")
    compare_page("explain.txt", without_sql)
    definition, counted, rows = without_sql.partition("\nCounted rows")
    with_sql = said.removeprefix(definition).removesuffix(counted + rows)

    assert said == definition + with_sql + counted + rows
    file = (sql_folder() / "kpis/change_requests/lead_time.sql").read_text("utf-8")
    assert with_sql == "\nSQL: sql/kpis/change_requests/lead_time.sql\n" + re.sub(
        r"\A(--.*\n)+", "", file
    )


@compares_page
def test_where_there_is_no_room_an_address_is_shown_once(quarry):
    wide = shop(quarry, title_of("lead_time", "ko"), "--no-sql", "--rows", "1", columns=80)
    narrow = shop(quarry, title_of("lead_time"), "--no-sql", "--rows", "1", columns=64)

    assert "Addresses below" not in wide
    compare_page("explain_narrow.txt", narrow)


@compares_page
def test_what_is_about_an_end_is_of_a_years_last_quarter(quarry):
    compare_page("explain_year.txt", shop(quarry, "uptime_streak", "2024", "--no-sql"))


def test_reasons_are_counted_and_explained(quarry):
    said = shop(quarry, "throughput", "2024-Q1", "--no-sql", "--rows", "0")

    assert said.endswith("""
Counted rows: 5
None shown: --rows 5 shows all, --format csv writes all

Excluded rows: 2

  rows   reason        meaning
RULED
     1   not_planned   closed as not planned
     1   still_open    still open when the quarter ended


Recalculated from the rows
5 rows count.
The published figure is the same: 5.
""")
    assert (
        "1   unknown_start   the start of its work is not known (should count, but data is missing"
        in (shop(quarry, "project_lead_time", "2024-Q1", "--no-sql"))
    )


def test_every_figure_follows_from_the_rows_that_it_shows(with_all_kpis):
    """Of every KPI in every quarter and in the year, of a project and of all, without exception."""
    with open_for_queries(with_all_kpis.warehouse) as connection:
        published = connection.execute(PUBLISHED).fetchall()
        rows = connection.execute(POPULATION).fetchall()
        assert sum(kpi in KNOWN_KPIS for kpi, *_ in published) == 180
        for kpi, project, period, value, n, left_out in published:
            found = explanation_of(connection, EvidenceRequest(kpi, period, project))
            counted = [row for row in found.rows if row.reason == "counted"]
            population = sum(
                count
                for of_kpi, quarter, owner, counts_in_all, count in rows
                if of_kpi == kpi and quarter in found.quarters
                if (counts_in_all if project == "*" else owner == project)
            )
            assert (len(counted), len(found.rows) - len(counted)) == (n, left_out), (kpi, period)
            assert len(found.rows) == population, (kpi, period)
            assert is_same_figure(recalculate(found.kpi, found.rows).value, value), (
                kpi,
                project,
                period,
            )


def test_a_figure_that_does_not_follow_is_shouted(quarry, home, tmp_path):
    """Also to programs, by the exit code."""
    aside = tmp_path / "quarry.duckdb"
    shutil.copy(home.warehouse, aside)
    with duckdb.connect(str(aside)) as connection:
        connection.execute("update marts.kpi_quarterly set value = 7 where kpi = 'throughput'")
    code, said, _ = quarry(
        *("explain", "throughput", "2024-Q1", "--project", "shop", "--no-sql", "--home", tmp_path),
    )

    assert code == 1
    assert plain(said).endswith(
        "\nMISMATCH: published 7.0, recalculated 5.0. This is a bug. Rebuild with `quarry replay`, "
        "and report it if it remains.\n"
    )


@pytest.mark.parametrize("form", ["csv", "json", "parquet"])
def test_programs_get_all_rows_as_the_facts_have_them(quarry, home, form):
    code, said, _ = quarry("explain", "throughput", "2024", "--project", "shop", "--format", form)
    assert code == 0

    found = {
        "csv": lambda: list(csv.DictReader(io.StringIO(said.decode()))),
        "json": lambda: json.loads(said),
        "parquet": lambda: pl.read_parquet(io.BytesIO(said)).to_dicts(),
    }[form]()
    with duckdb.connect(str(home.warehouse), read_only=True) as connection:
        cursor = connection.execute(
            "from figures.kpi_evidence where kpi = 'throughput' and project = 'shop'"
        )
        names = [column[0] for column in cursor.description]
        expected = cursor.fetchall()
    assert list(found[0]) == names
    key = [names.index(name) for name in ("quarter", "subject_id", "reason")]
    assert sorted((r["quarter"], r["subject_id"], r["reason"]) for r in found) == sorted(
        tuple(row[i] for i in key) for row in expected
    )


ALL_KPIS = f"`quarry kpi --all` lists all {len(KNOWN_KPIS)}."
WRONG = {
    ("leadtime",): (
        "there is no KPI 'leadtime'.\nDid you mean 'lead_time' or 'change_lead_time' or "
        f"'project_lead_time'? {ALL_KPIS}\n"
    ),
    ("comits",): (f"there is no KPI 'comits'.\nDid you mean 'commits'? {ALL_KPIS}\n"),
    # The name of which it is a part goes before names that look alike.
    ("uptime",): (f"there is no KPI 'uptime'.\nDid you mean 'uptime_streak'? {ALL_KPIS}\n"),
    ("commits", "2023-Q4"): (
        "there are no figures of commits in 2023-Q4.\nThe nearest with figures is 2024-Q1: "
        "there are 2024-Q1 to 2024-Q2.\n"
    ),
    ("commits", "2025"): (
        "there are no figures of commits in 2025.\nThe nearest with figures is 2024. There are: "
        "2024.\n"
    ),
    ("commits", "soon"): (
        "'soon' is neither a quarter nor a year.\nWrite one such as 2024-Q2 or 2024.\n"
    ),
    ("issues_closed", "--project", "lib"): (
        "there are no figures of issues_closed of project lib yet.\nMine what it needs with "
        "`quarry run`; `quarry rules` explains what counts.\n"
    ),
    ("commits", "--project", "shoop"): "there is no project 'shoop'.\nDid you mean 'shop'? ",
}


@pytest.mark.parametrize("arguments", WRONG, ids=" ".join)
def test_what_there_is_not_is_named_with_the_nearest(quarry, arguments):
    code, said, complained = quarry("explain", *arguments)

    assert (code, said) == (1, b"")
    assert complained.startswith(f"quarry: {WRONG[arguments]}")


def test_the_figure_of_reports_is_stated_where_their_settings_show_another(quarry, tmp_path):
    style = tmp_path / "down.toml"
    style.write_text('rounding = "down"\ndecimals = 0\n', "utf-8")

    said = shop(quarry, "days_to_close", "2024-Q1", "--no-sql", "--style", str(style))

    assert "2.5 d: 3 counted" in said
    assert "In reports: 2 d. Rounded down; to the nearest: 3 d." in said


def test_the_target_of_a_figure_without_data_has_none():
    figure = Figure.of_target("lead_time", "2024", 5.0, "no_data")

    assert _details(figure, "hours") == "0 counted, 0 excluded; target 5.0 h: no data"
