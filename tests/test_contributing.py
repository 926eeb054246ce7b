"""Test the lists of CONTRIBUTING.md by executing them."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.docs_build.messages import renewed, untranslated
from tests.support.fakes import fake_forge
from tests.support.fakes.hosts import host
from tests.support.rows import shop
from tests.support.rows.some_models import models_of
from tests.support.running.commands import call_quarry
from tests.support.running.shop_home import make_home
from warehouse.exports.metrics_page import metrics_page
from warehouse.sql import sql_folder

ROOT = Path(__file__).parents[1]
LISTS = (ROOT / "CONTRIBUTING.md").read_text("utf-8").partition("## How to add")[2]
NIGHT_COMMITS = """\
-- How many commits landed at night?
--
-- Those that count as commits do, before six in the morning in UTC.
--
-- Bias: Clocks of machines are not those of people.
--
-- title: Night commits
-- position: 110
-- unit: nightly commits
-- kind: sum
-- better: lower
-- needs: commits
-- version: 1
select
    project,
    source,
    quarter,
    'commit' as subject_type,
    commit_hash as subject_id,
    happened_at,
    human_reason as reason,
    1 as value
from intermediate.kpi_commits
where date_part('hour', happened_at at time zone 'UTC') < 6
"""
FORGE = """
from miners.forge.implementation import FORGE
KINDS["forge"] = FORGE
"""


def section(title):
    return LISTS.partition(f"### {title}\n")[2].partition("\n### ")[0]


def numbered(title):
    """List the file that each numbered line of a section begins with."""
    return re.findall(r"^\d+\. `([^`]+)`", section(title), re.MULTILINE)


def existing_part(file):
    """Return the file, or the folder above the first name that is to be chosen."""
    return file.partition("<")[0].rpartition("/")[0] if "<" in file else file


@pytest.mark.parametrize("title", re.findall(r"^### (.+)", LISTS, re.MULTILINE))
def test_the_listed_files_exist(title):
    files = re.findall(r"`([a-z_]+/[^`]*|[\w-]+\.\w+)`", section(title))

    assert numbered(title)
    assert [file for file in files if not (ROOT / existing_part(file)).exists()] == []


@pytest.fixture(scope="module")
def night_commits(tmp_path_factory):
    """Add a KPI as the list says, and build the shop's home with it."""
    folder = tmp_path_factory.mktemp("kpi")
    models = folder / "sql"
    shutil.copytree(sql_folder(), models)
    (path,) = numbered("A KPI")
    name = path.replace("<subject>", "git").replace("<kpi>", "night_commits")
    (folder / name).write_text(NIGHT_COMMITS, "utf-8")
    with models_of(models):
        yield make_home(folder, shop.first_look)


def call(home, *arguments):
    code, output, problems = call_quarry(home.folder, *arguments, COLUMNS="120", **AT_FIRST_LOOK)
    assert code == 0, problems
    return output


AT_FIRST_LOOK = {"SOURCE_DATE_EPOCH": str(int(shop.FIRST_LOOK.timestamp()))}


def test_the_figures_of_a_new_kpi_are_in_the_marts(night_commits):
    """All commits of the shop are at midnight, but for the last; one is a bot's."""
    query = (
        "select quarter, value, n from marts.kpi_quarterly "
        "where kpi = 'night_commits' and project = 'shop' and source = '*' order by quarter"
    )

    assert json.loads(call(night_commits, "query", query, "--format", "json")) == [
        {"quarter": "2024-Q1", "value": 4.0, "n": 4},
        {"quarter": "2024-Q2", "value": 0.0, "n": 0},
    ]


@pytest.mark.parametrize("language", ["en", "ko", "both"])
def test_commands_print_a_new_kpi(night_commits, language):
    """Next to the KPI with the same position, in English where there is no other title."""
    lines = call(night_commits, "kpi", "--project", "shop", "--lang", language).splitlines()
    row = next(line.split() for line in lines if "Night commits" in line)
    explained = call(night_commits, "explain", "Night commits", "2024-Q1", "--project", "shop")

    assert row[:5] == ["Night", "commits", "4", "0", "4"]
    assert "sql/kpis/git/night_commits.sql" in explained
    assert "How many commits landed at night?" in explained


def test_a_new_kpi_is_a_section_of_the_metrics_page(night_commits):
    page = metrics_page()

    assert "| [night_commits](#night_commits) | Night commits |  | nightly commits |" in page
    assert "**Night commits**. How many commits landed at night?" in page
    assert "[sql/kpis/git/night_commits.sql](../sql/kpis/git/night_commits.sql)" in page


@pytest.mark.parametrize("language", ["en", "ko"])
def test_reports_show_a_new_kpi_in_english(night_commits, language):
    call(night_commits, "report", "2024", "--lang", language, "--format", "md", "--out", language)
    (path,) = (night_commits.folder / language).iterdir()
    page = path.read_text("utf-8")

    assert "| **Night commits** |" in page
    assert "How many commits landed at night?" in page
    assert "nightly commits" in page


def test_missing_translations_of_a_new_kpi_are_listed(night_commits):
    """Its title by its file, which the test has elsewhere, and its texts by the catalogue."""
    catalogue = "warehouse/report/catalogues/ko/LC_MESSAGES/quarry.po"
    texts = (
        "Clocks of machines are not those of people.",
        "How many commits landed at night?",
        "Those that count as commits do, before six in the morning in UTC.",
        "nightly commits",
    )

    assert {*untranslated("ko")} >= {
        "night_commits.sql: title_ko",
        *(f"{catalogue}: {text}" for text in texts),
    }
    assert all(text in renewed("ko") for text in texts)


@pytest.fixture(scope="module")
def code_with_a_forge(tmp_path_factory):
    """Copy the code, and add a tracker kind to it as the list says."""
    folder = tmp_path_factory.mktemp("code")
    for room in ("flows", "miners", "warehouse", "sql"):
        shutil.copytree(ROOT / room, folder / room, ignore=shutil.ignore_patterns("__pycache__"))
    added = {
        "miners/<kind>/__init__.py": "",
        "miners/<kind>/implementation.py": Path(fake_forge.__file__).read_text("utf-8"),
        "miners/tracker/kinds.py": (ROOT / "miners/tracker/kinds.py").read_text("utf-8") + FORGE,
    }
    assert numbered("A tracker kind") == [*added]
    for name, content in added.items():
        path = folder / name.replace("<kind>", "forge")
        path.parent.mkdir(exist_ok=True)
        path.write_text(content, "utf-8")
    return folder


def test_a_new_tracker_kind_is_mined(code_with_a_forge, tmp_path):
    issue = {
        "number": 1,
        "is_change": False,
        "title": "Broken",
        "author": "ann",
        "created_at": "2024-01-02T00:00:00Z",
        "updated_at": "2024-01-05T00:00:00Z",
        "closed_at": "2024-01-05T00:00:00Z",
    }
    answer = fake_forge.forge("o/r", [issue], "https://forge.example/o/r")

    def quarry(*arguments):
        return subprocess.run(
            [sys.executable, "-m", "flows.cli.main", *arguments],
            cwd=tmp_path,
            env={
                "PATH": os.environ["PATH"],
                "PYTHONPATH": f"{code_with_a_forge}:{ROOT}",
                "OWN_TOKEN": "forge-token-of-the-tests",
            },
            capture_output=True,
            text=True,
            check=False,
        )

    with host(tmp_path / "www", answer) as (url, _):
        (tmp_path / "quarry.toml").write_text(f"""
            [[hosts]]
            name = "{url.removeprefix("http://")}"
            kind = "forge"
            api = "{url}/rest"
            token_env = "OWN_TOKEN"
            [[sources]]
            location = "{url}/o/r"
            kind = "tracker"
        """)
        done = quarry("run")
    assert done.returncode == 0, done.stderr
    issues = quarry("query", "select issue_number, state from facts.issues", "--format", "csv")
    assert issues.stdout.splitlines()[1:] == ["1,closed"]
