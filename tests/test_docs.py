"""The documents say what the program does."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from flows.cli.main import app
from flows.settings.settings import Settings
from flows.settings.template import settings_template
from miners.ledger.files import MOST_BYTES, MOST_ROWS
from miners.ledger.tables import KINDS, TABLES
from tests.docs_build.pages import (
    BEGIN,
    END,
    METRICS,
    README,
    ROOT,
    masked,
    metrics_page,
    transcript,
)

PAGES = [README, *sorted((ROOT / "docs").glob("*.md"))]


def test_the_readme_shows_what_the_commands_print(tmp_path):
    shown = README.read_text("utf-8").partition(BEGIN)[2].partition(END)[0].strip()

    assert masked(shown) == masked(transcript(tmp_path).strip())


def test_every_figure_is_defined_in_metrics():
    assert METRICS.read_text("utf-8") == metrics_page(), "write it again with `make docs`"


def _commands(within=app, path=""):
    """Name every command, those of groups with their group."""
    yield from (f"{path}{c.callback.__name__}" for c in within.registered_commands)
    for group in within.registered_groups:
        inner = group.typer_instance
        yield from _commands(inner, f"{path}{inner.info.name} ")


@pytest.mark.parametrize("command", list(_commands()))
def test_every_command_has_help_and_is_in_the_documents(command):
    quarry = Path(sys.executable).with_name("quarry")
    words = [quarry, *command.split(), "--help"]
    done = subprocess.run(words, capture_output=True, text=True, check=True)

    assert f"Usage: quarry {command}" in done.stdout
    assert any(f"quarry {command}" in page.read_text("utf-8") for page in PAGES)


def test_every_setting_is_in_the_file_that_init_writes():
    template = settings_template()
    sections = ("calendar", "people", "mining", "sources", "projects")
    models = [Settings.model_fields[name].annotation for name in sections]
    keys = {key for model in models for key in _fields(model)} | {"home", "engine"}

    shown = set(re.findall(r"^(?:# )?(\w+) = ", template, re.MULTILINE))

    assert keys - shown == set()


def test_every_table_column_and_kind_of_a_ledger_is_in_the_documents():
    page = (ROOT / "docs" / "OPERATING.md").read_text("utf-8")
    rows = dict(re.findall(r"^\| `(\w+)` \| (`\w+id`.*?|`project`.*?) \|", page, re.MULTILINE))
    everywhere = {"note", "link"}
    columns = {name: {*re.findall(r"`(\w+)`", listed)} for name, listed in rows.items()}

    assert columns == {name: {*table.columns} - everywhere for name, table in TABLES.items()}
    assert {*KINDS} <= {*re.findall(r"`(\w+)`", page)}
    assert f"{MOST_BYTES >> 20} MiB and {MOST_ROWS:,} rows" in page


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_within_the_documents_lead_somewhere(page):
    links = re.findall(r"\]\((?!https?:)([^)#]+)", page.read_text("utf-8"))

    assert [link for link in links if not (page.parent / link).exists()] == []


def _fields(annotation):
    model = getattr(annotation, "__args__", [annotation])[0]
    return model.model_fields


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_paths_of_the_code_in_the_documents_exist(page):
    paths = re.findall(
        r"`((?:flows|miners|warehouse|sql|tests|docs|examples)/[^`\s<>*{}]*)`",
        page.read_text("utf-8"),
    )

    assert [path for path in paths if not (ROOT / path).exists()] == []
