"""`quarry compare`: our figures beside another system's, as they are printed and for programs."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import asdict

import polars as pl
import pytest

from tests.support.running.shop_home import plain
from warehouse.query.presets import ComparisonRequest, compare

SHOWN = """\
Ours and GitLab, 2024-Q1, project shop

  KPI                           ours      GitLab   difference   name there
RULED
  Days to close            2.5 d n=3   2.5 d n=3           ±0   Lead time
  Project lead time       10.0 d n=1     no data                Cycle time
  Change fail rate         33.3% n=3   33.3% n=3           ±0   Change failure rate
  Mean time to recovery    2.5 d n=1   2.5 d n=1           ±0   Time to restore service

Days to close / GitLab: Lead time
GitLab  Issue created to closed, of the issues closed today, in the quarter of their last closing;
        median.
Why     Ours covers all closings: a later reopening removes nothing from a quarter.
Project lead time / GitLab: Cycle time
GitLab  Earliest commit of the linked merge request to the closing of its issue; median.
Why     Ours starts with the first assignment, label or work, needs no merge request, and is a mean.
Change fail rate / GitLab: Change failure rate
GitLab  Incidents opened in the quarter by its deployments.
Why     Ours counts failed deployments, not incidents, so it never exceeds 100 %, in the quarter of
        the deployment, and a revert is a failure too.
Mean time to recovery / GitLab: Time to restore service
GitLab  Incidents in the quarter of their closing: opened to closed; median.
Why     Ours is the mean, with reverts.
"""
OF_THE_YEAR = """\
Ours and DevLake, 2024, project shop

  quarter   KPI                               ours        DevLake   difference   name there
RULED
  2024-Q1   Change requests merged               3              3           ±0   PRs merged
  2024-Q2   Change requests merged               0              0           ±0   PRs merged
  2024-Q1   Issues closed                        3              3           ±0   Issues completed
  2024-Q2   Issues closed                        0              0           ±0   Issues completed
  2024-Q1   Merge lead time              3.0 d n=3      4.3 d n=3       +1.3 d   PR cycle time
"""


def test_by_default_the_newest_quarter_that_is_complete(quarry):
    code, said, complained = quarry(
        "compare", "--preset", "GitLab", "--project", "shop", columns=100
    )

    assert (code, plain(said), complained) == (0, SHOWN, "")


def test_a_year_is_told_by_its_quarters(quarry):
    said = plain(quarry("compare", "2024", "--preset", "devlake", "--project", "shop")[1])

    assert [line.split() for line in said.splitlines()[:9]] == [
        line.split() for line in OF_THE_YEAR.splitlines()
    ]


def test_of_several_projects_each_has_its_rows(quarry):
    said = plain(quarry("compare", "--preset", "chaoss")[1]).splitlines()

    assert said[0] == "Ours and CHAOSS, 2024-Q1, all projects"
    named = [line[2:9].strip() for line in said if line.startswith(("  lib ", "  shop "))]
    assert named == ["lib", *["shop"] * 6]


def test_where_there_is_nothing_to_compare_it_says_so(quarry):
    said = (
        "2024-Q1, project lib: neither we nor GitLab have a figure to compare. "
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
    said = (
        "compare with which system?\nWrite --preset chaoss, devlake, fourkeys, gitlab, middleware."
    )

    assert quarry("compare") == (1, b"", f"quarry: {said}\n")
