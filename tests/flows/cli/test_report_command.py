"""`quarry report` as a user types it, and its style file."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from dataclasses import fields
from pathlib import Path
from typing import get_args

import pytest

from flows.run.report import formats_of, name_of
from flows.settings.report_style import ReportSectionSettings, ReportSettings, read_style
from flows.settings.settings import SettingsError
from tests.support.expected.known_kpis import title_of
from tests.support.git.repositories import Repository
from tests.support.running.commands import call_quarry
from warehouse.query.scope import Period, Scope
from warehouse.report.format.style import SECTIONS, Style

ROOT = Path(__file__).parents[3]
EXAMPLE = ROOT / "examples" / "report" / "report.toml"
OBSERVED_SECOND = "1720000000"


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A home in which one repository was mined."""
    folder = tmp_path_factory.mktemp("report")
    repository = Repository.make(folder / "river")
    for name in ("one", "two", "three"):
        repository.commit(name.encode(), {"a": name.encode()})
    assert quarry(folder, "run", "river")[0] == 0
    return folder


def quarry(folder, *arguments):
    return call_quarry(folder, *arguments, SOURCE_DATE_EPOCH=OBSERVED_SECOND)


def quarry_elsewhere(folder, *arguments):
    """Call it in a process of its own, in which sets come in an order of their own."""
    return subprocess.run(
        [sys.executable, "-m", "flows.cli.main", *map(str, arguments)],
        cwd=folder,
        env={
            "PATH": os.environ["PATH"],
            "PYTHONPATH": str(ROOT),
            "SOURCE_DATE_EPOCH": OBSERVED_SECOND,
        },
        capture_output=True,
        text=True,
        check=False,
    )


def hashes(folder):
    return {p.name: hashlib.sha256(p.read_bytes()).hexdigest() for p in folder.iterdir()}


def test_a_report_is_three_files_of_the_same_bytes_each_time(folder):
    code, said, complained = quarry(folder, "report", "2024", "--lang", "both")
    made = hashes(folder / "data" / "reports" / "2024")
    again = quarry_elsewhere(folder, "report", "2024", "--lang", "both", "--out", "elsewhere")

    assert code == again.returncode == 0, complained + again.stderr
    assert said.splitlines() == [
        f"data/reports/2024/2024-en-ko.{form}" for form in ("html", "md", "xlsx")
    ]
    assert hashes(folder / "elsewhere") == made


def test_a_quarter_of_a_project_in_one_form(folder):
    options = ("--quarter", "Q1", "--project", "river", "--format", "md", "--out", "one")
    _, said, _ = quarry(folder, "report", "2024", *options)

    assert said == "one/2024-Q1-river-en.md\n"
    text = (folder / "one" / "2024-Q1-river-en.md").read_text("utf-8")
    assert text.startswith("# KPI report Q1 2024\n\nproject river\n")
    assert f"| **{title_of('commits')}** | 3 |" in text


def test_the_style_next_to_the_settings_is_that_of_the_team(folder):
    style = folder / "report.toml"
    style.write_text('title = "Our {year}"\n', "utf-8")
    try:
        quarry(folder, "report", "--format", "md", "--out", "styled")
    finally:
        style.unlink()

    assert (folder / "styled" / "2024-en.md").read_text("utf-8").startswith("# Our 2024\n")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--format", "pdf"), "unknown value 'pdf'. Use some of html,md,xlsx"),
        (("--lang", "fr"), "unknown value 'fr'. Use en, ko or both."),
        (("2031",), "The nearest with figures is 2024."),
        (("--style", "none.toml"), "Correct the path."),
    ],
)
def test_what_cannot_be_is_answered_with_what_can(folder, arguments, said):
    code, _, complained = quarry(folder, "report", *arguments)

    assert code == 1
    assert said in complained


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('roundin = "up"', "roundin: unknown setting; did you mean 'rounding'?"),
        ('rounding = "dwn"', "found 'dwn'"),
        ('[[sections]]\nname = "dashbord"', "did you mean 'dashboard'?"),
        ('[[kpis]]\nname = "leed_time"', "unknown KPI 'leed_time'; did you mean 'lead_time'?"),
        ('[[kpis]]\nname = "lead_time"\ntitel = "x"', "kpis.0.titel: unknown setting"),
        ('[dashboard]\nkpis = ["comits"]', "did you mean 'commits'?"),
        ('[activities]\nkinds = ["Business trip"]', "activities.kinds.0"),
        ('[[kinds]]\nname = "seminar"\n[[kinds]]\nname = "seminar"', "seminar is listed twice"),
        ('[[sections]]\nname = "years"\n[[sections]]\nname = "years"', "years is listed twice"),
        ('title = "{yaer}"', "unknown field {yaer}; use period, quarter, year"),
        ('title = "{year"', "write {{ for a brace"),
        ("decimals = 9", "too large (found 9); use at most 4"),
        ("title = ", "not TOML"),
    ],
)
def test_a_wrong_style_is_named_with_what_was_meant(tmp_path, text, said):
    file = tmp_path / "report.toml"
    file.write_text(text, "utf-8")

    with pytest.raises(SettingsError) as error:
        read_style(file)

    assert said in str(error.value)
    assert str(file) in str(error.value)


def test_every_option_is_in_the_example_and_changes_the_style():
    usual, house = Style(), read_style(EXAMPLE)
    same = {
        one.name for one in fields(Style) if getattr(usual, one.name) == getattr(house, one.name)
    }

    assert read_style(None) == usual
    assert same == {"year_decimals", "evidence_rows", "history_quarters"}
    assert set(_keys(ReportSettings)) - set(_written()) == set()


def test_the_sections_are_those_that_can_be_made():
    assert get_args(ReportSectionSettings.model_fields["name"].annotation) == SECTIONS


def test_formats_are_a_list():
    assert formats_of("md, html,md") == ("md", "html")
    with pytest.raises(SettingsError):
        formats_of(",")


@pytest.mark.parametrize(
    ("project", "name"),
    [
        ("river", "2024-river-en"),
        ("강", "2024-강-en"),
        ("a/b", "2024-a-b-c14cdd-en"),
        ("../../etc", "2024-etc-"),
        ("*", "2024-en"),
    ],
)
def test_a_name_of_a_file_holds_no_path(project, name):
    class Found:
        scope = Scope(project, "*", (), is_chosen=True)
        period = Period(2024, None)

    found = name_of(Found, ("en",))

    assert found.startswith(name)
    assert "/" not in found


def _written():
    lines = (line.lstrip("# ") for line in EXAMPLE.read_text("utf-8").splitlines())
    return [line.partition(" = ")[0] for line in lines]


def _keys(model):
    for name, field in model.model_fields.items():
        inner = [field.annotation, *get_args(field.annotation)]
        models = [one for one in inner if hasattr(one, "model_fields")]
        if models:
            yield from _keys(models[0])
        else:
            yield name
