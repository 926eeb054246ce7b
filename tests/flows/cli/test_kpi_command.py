"""Test `quarry kpi`: the printed table and the machine formats."""

from __future__ import annotations

import csv
import io
import json
import re

import duckdb
import polars as pl
import pytest
from rich.cells import cell_len

from tests.support.expected.known_kpis import title_of
from tests.support.expected.pages import compare_page, compares_page
from tests.support.running.shop_home import plain
from warehouse.errors import QueryFailed
from warehouse.query.names import choose

MARTS = """
    select
        figures.kpi, figures.project, figures.source, coalesce(quarter, fiscal_year::varchar),
        figures.value, n, left_out_count, coverage_ratio, target_status, is_sealed
    from (
        select * from marts.kpi_quarterly union all by name select * from marts.kpi_yearly
    ) as figures
    inner join marts.dim_kpis using (kpi)
    where project = 'shop' and source = '*' and fiscal_year = 2024
    order by position, quarter nulls last
"""
COMPARED = (
    *("kpi", "project", "source", "period", "value", "n", "left_out_count", "coverage_ratio"),
    *("target_status", "is_sealed"),
)


def rows(warehouse, query):
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        return connection.execute(query).fetchall()


@compares_page
def test_the_table_of_a_year(quarry):
    code, said, complained = quarry("kpi", "2024", "--project", "shop")

    assert (code, complained) == (0, "")
    compare_page("kpi.txt", plain(said))


@compares_page
def test_the_table_in_korean_is_in_line(quarry):
    code, said, _ = quarry("kpi", "--project", "shop", "--lang", "ko")

    assert code == 0
    compare_page("kpi.ko.txt", plain(said))


def test_both_titles_stand_below_each_other(quarry, home):
    """Every KPI's; all else is in English."""
    said = plain(quarry("kpi", "--project", "shop", "--lang", "both", "--all")[1])
    said = said[: said.rindex("\n\n")]
    titles = rows(home.warehouse, "select title, title_ko from marts.dim_kpis order by position")

    found = [re.split("  +", line[2:])[0] for line in said.splitlines()[5:]]
    assert [title for title in found if title] == [title for pair in titles for title in pair]


@pytest.mark.parametrize("language", ["en", "ko", "both"])
def test_a_narrow_terminal_shows_all_of_it(quarry, home, language):
    """No title and no figure is lost, and no line is too long."""
    wide = quarry("kpi", "--project", "shop", "--lang", language)[1].decode()
    narrow = quarry("kpi", "--project", "shop", "--lang", language, columns=64)[1].decode()

    assert max(cell_len(line) for line in narrow.splitlines()[:-1]) <= 64
    assert "…" not in narrow
    assert sorted(re.findall(r"\S+", narrow.replace("─", ""))) == sorted(
        re.findall(r"\S+", wide.replace("─", ""))
    )


def test_what_would_give_data_is_said_and_all_can_be_shown(quarry):
    said = plain(quarry("kpi", "--project", "shop")[1])
    table, _, below = said.rpartition("\n\n")
    whole = plain(quarry("kpi", "--project", "shop", "--all")[1])

    assert "Test iterations" not in table
    assert "No data: Project completion rate, Test iterations. Write the ledger tables" in below
    assert "`quarry ledger init`" in below
    assert "Test iterations" in whole.rpartition("\n\n")[0]


@pytest.mark.parametrize("form", ["csv", "json", "parquet"])
def test_programs_get_the_rows_of_the_marts(quarry, home, form):
    code, said, complained = quarry("kpi", "2024", "--project", "shop", "--format", form)
    assert (code, complained) == (0, "")

    expected = [dict(zip(COMPARED, row, strict=True)) for row in rows(home.warehouse, MARTS)]
    if form == "csv":
        found = list(csv.DictReader(io.StringIO(said.decode())))
        expected = [{k: _as_csv(v) for k, v in row.items()} for row in expected]
    else:
        found = json.loads(said) if form == "json" else pl.read_parquet(io.BytesIO(said)).to_dicts()
    assert len(expected) == 90
    assert [{name: row[name] for name in COMPARED} for row in found] == expected


def _as_csv(value):
    return "" if value is None else str(value).lower() if isinstance(value, bool) else str(value)


def test_of_several_projects_all_are_together_and_it_says_how_to_choose(quarry):
    code, said, _ = quarry("kpi")
    *_, hint = plain(said).splitlines()

    assert (code, plain(said).splitlines()[0]) == (0, "KPIs of 2024, all projects")
    assert hint == "All projects together. Choose one with --project: lib, shop."
    assert b"Choose one" not in quarry("kpi", "--project", "*")[1]


def test_one_repository_by_its_name(quarry):
    said = plain(quarry("kpi", "--source", "lib")[1]).splitlines()

    assert said[0] == "KPIs of 2024, github.com/o/lib in lib"
    assert said[5].split() == [*title_of("commits").split(), "1", "0", "1"]


WRONG = {
    "2031": ("there are no figures of 2031.", "The nearest with figures is 2024. There are: 2024."),
    "24": ("'24' is not a year.", "Write one such as 2024."),
    "--project=shopp": (
        "there is no project 'shopp'.",
        "Did you mean 'shop'? There are: lib, shop.",
    ),
    "--source=libs": (
        "there is no source 'libs'.",
        "Did you mean 'github.com/o/lib'? There are: github.com/o/lib, github.com/o/shop.",
    ),
    "--lang=fr": ("--lang: unknown value 'fr'. Use en, ko or both.",),
    "--format=xlsx": ("--format: unknown value 'xlsx'.", "Use table, csv, json or parquet."),
}


def test_a_long_list_of_names_is_that_of_a_command():
    known = [f"quite-a-long-name-{n}" for n in range(30)]

    with pytest.raises(QueryFailed) as caught:
        choose("project", "zzz", known)

    assert str(caught.value) == "there is no project 'zzz'.\n`quarry rules` lists all 30."


@pytest.mark.parametrize("argument", WRONG)
def test_what_there_is_not_is_named_with_the_nearest(quarry, argument):
    complained = "\n".join(WRONG[argument])

    assert quarry("kpi", argument) == (1, b"", f"quarry: {complained}\n")
