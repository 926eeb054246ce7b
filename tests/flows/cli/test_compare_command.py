"""Test `quarry compare`: figures next to those of another system."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import asdict

import polars as pl
import pytest

from tests.support.expected.pages import compare_page, compares_page
from tests.support.running.shop_home import plain
from warehouse.query.presets import ComparisonRequest, compare


@compares_page
def test_by_default_the_newest_quarter_that_is_complete(quarry):
    code, said, complained = quarry(
        "compare", "--preset", "GitLab", "--project", "shop", columns=100
    )

    assert (code, complained) == (0, "")
    compare_page("compare.txt", plain(said))


@compares_page
def test_a_year_is_shown_by_its_quarters(quarry):
    said = plain(quarry("compare", "2024", "--preset", "devlake", "--project", "shop")[1])

    compare_page("compare_year.txt", said)


def test_of_several_projects_each_has_its_rows(quarry):
    said = plain(quarry("compare", "--preset", "chaoss")[1]).splitlines()

    assert said[0] == "Ours and CHAOSS, 2024-Q1, all projects"
    named = [line[2:9].strip() for line in said if line.startswith(("  lib ", "  shop "))]
    assert named == ["lib", *["shop"] * 6]


def test_where_there_is_nothing_to_compare_it_says_so(quarry):
    said = (
        "2024-Q1, project lib: neither Quarry nor GitLab has a figure to compare. "
        "Choose another quarter, project or --preset.\n"
    )
    assert quarry("compare", "--preset", "gitlab", "--project", "lib") == (0, said.encode(), "")


@pytest.mark.parametrize("form", ["csv", "json", "parquet"])
def test_programs_get_every_row_with_its_reason(quarry, home, form):
    asked = ("--preset", "fourkeys", "--project", "shop", "--format", form)
    code, said, _ = quarry("compare", "2024", *asked)
    rows = [
        asdict(row)
        for row in compare(home.warehouse, ComparisonRequest("fourkeys", "2024", "shop")).rows
    ]

    assert (code, len(rows)) == (0, 6)
    found = {
        "csv": lambda: list(csv.DictReader(io.StringIO(said.decode()))),
        "json": lambda: json.loads(said),
        "parquet": lambda: pl.read_parquet(io.BytesIO(said)).to_dicts(),
    }[form]()
    if form == "csv":
        rows = [{k: "" if v is None else str(v) for k, v in row.items()} for row in rows]
    assert found == rows


def test_a_system_that_is_not_named_is_asked_for(quarry):
    said = "--preset: missing.\nUse chaoss, devlake, fourkeys, gitlab or middleware."

    assert quarry("compare") == (1, b"", f"quarry: {said}\n")
