"""Test runs and settings with ledgers next to other sources."""

from __future__ import annotations

import html
import io
import json
import re
from pathlib import Path

import pytest
from rich.console import Console

from flows.cli.console import console
from flows.cli.ledger.templates import write_templates
from flows.cli.plan import print_estimate
from flows.cli.rules import print_rules
from flows.cli.run import print_run
from flows.cli.status import print_status
from flows.run.estimate import estimate_run
from flows.run.run_records import COMPLETED, COMPLETED_WITH_FAILURES, EMPTY, FAILED, NEW, UNCHANGED
from flows.run.setup_checks import check_setup
from flows.settings.ledgers import ledgers_of
from flows.settings.settings import SettingsError
from tests.support.rows.ledgers import LEDGER, write_here
from tests.support.rows.small_reports import report
from tests.support.running.runs import run_once
from warehouse.query.query import query
from warehouse.report.format.style import SectionStyle, Style
from warehouse.report.writers.markdown import as_markdown

WHOSE = "whose rows name their projects"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            f'{LEDGER}table = "taks"',
            "sources.0.table: unknown table 'taks'; did you mean 'tasks'?",
        ),
        (f"{LEDGER}tracker = false", "sources.0: a ledger has no tracker; remove it"),
        (
            f'{LEDGER}token_env = "T"',
            "sources.0: a ledger in a folder needs no token_env; remove it",
        ),
        (
            '[[sources]]\nlocation = "."\nproject = "web"',
            "sources.0: only a ledger has project; remove it",
        ),
        (
            f'{LEDGER}[[projects]]\nname = "web"\nsources = ["ledger"]',
            f"projects: web: 'ledger' is a ledger, {WHOSE}; remove it from sources",
        ),
    ],
    ids=["table", "tracker", "token", "project", "owned"],
)
def test_settings_that_make_no_sense_are_named(desk, text, said):
    with pytest.raises(SettingsError) as refused:
        desk(text)

    assert str(refused.value).splitlines()[1:] == [f"  {said}"]


def test_settings_say_what_a_ledger_is_and_what_words_mean_in_it(desk, monkeypatch):
    monkeypatch.setenv("SHEET_TOKEN", "t0ken")
    workspace = desk(
        '[[sources]]\nlocation = "https://docs.example.com/d/s3cret/pub?output=csv"\n'
        'kind = "ledger"\ntable = "tasks"\nproject = "app"\ntoken_env = "SHEET_TOKEN"\n'
        'event_kinds = { "출장*" = "business_trip" }\nevent_projects = { "*물*" = "web" }\n'
        '[[projects]]\nname = "web"\ntitle_ko = "웹 상점"\nsources = []\n'
    )
    (ledger,) = ledgers_of(workspace.settings, workspace.base)

    assert re.fullmatch(r"docs\.example\.com/[0-9a-f]{10}#ledger", ledger.id)
    assert (ledger.name, ledger.location) == ("tasks", "https://docs.example.com/…")
    assert (ledger.table, ledger.project, ledger.time_zone) == ("tasks", "app", "Asia/Seoul")
    assert ledger.patterns.kinds == {"출장*": "business_trip"}
    assert ledger.patterns.projects == {"web": "web", "웹 상점": "web", "*물*": "web"}
    assert "s3cret" not in repr(ledger)
    assert "t0ken" not in repr(ledger)
    monkeypatch.delenv("SHEET_TOKEN")
    (refused,) = ledgers_of(workspace.settings, workspace.base)
    assert str(refused) == (
        "https://docs.example.com/…: $SHEET_TOKEN is not set. Put the token into it"
    )


def doctor_and_plan(workspace):
    """Give what doctor and plan say of the ledger."""
    of_ledger = next(f for f in check_setup(None, None) if f.subject.endswith("#ledger"))
    out = io.StringIO()
    print_estimate(Console(file=out, width=100), estimate_run(workspace), "json")
    return of_ledger.detail, json.loads(out.getvalue())["sources"][0]


def test_a_project_that_only_a_ledger_names_is_explained_and_not_asked_about(desk):
    workspace = desk()
    write_here("projects.csv", "project,name,active_from\nweb,Web shop,2024-01-01\n")
    write_here(
        "deployments.csv", "id,project,deployed_on\nD-1,web,2024-01-02\nD-2,other,2024-01-02\n"
    )
    run_once(workspace)
    out = io.StringIO()
    print_rules(Console(file=out, width=160), workspace, "web", "table")

    lines = [line.rstrip() for line in out.getvalue().splitlines()]
    assert lines[:2] == ["web - Web shop (not in the settings)", "  in ledgers: ledger"]
    assert [line.split()[-3:] for line in lines if line.split()[:1] == ["ledger"]] == [
        ["1", "row", "default"]
    ]
    assert "  Active from 2024-01-01; nothing at other times counts." in lines
    assert [one.subject for one in check_setup(None, None) if one.subject.startswith("rules")] == []


@pytest.mark.usefixtures("few_models")
def test_a_run_mines_a_ledger_like_any_source_and_says_what_is_wrong(desk, capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", "200")
    workspace = desk()
    write_here("tasks.csv", "task,planned_on\nT-1,2024-01-02\nT-2,soon\n")
    before = doctor_and_plan(workspace)
    first = run_once(workspace)
    print_run(console(), first, workspace, [])
    printed = capsys.readouterr().out
    second = run_once(workspace)
    after = doctor_and_plan(workspace)
    write_here("projects.csv", "name\n")
    write_here("taks.csv", "task\n")
    third = run_once(workspace)
    print_status(console(), workspace, 3)

    wrong = "1 row rejected. `quarry ledger check` lists every wrong cell."
    source = f"{Path.cwd()}/ledger#ledger"
    assert [run.state for run in (first, second, third)] == [
        COMPLETED,
        COMPLETED,
        COMPLETED_WITH_FAILURES,
    ]
    assert [run.outcomes[0].state for run in (first, second, third)] == [NEW, UNCHANGED, FAILED]
    assert first.outcomes[0].rows == {"ledger_tasks": 1, "ledgers": 1, "rejects": 1}
    assert first.notes == second.notes == third.notes == (f"ledger: {wrong}",)
    assert re.search(r"source +new commits +files +refs changed +ledger rows +rejected", printed)
    assert before[0] == "1 row, 1 rejected; a run would read what is new"
    assert after[0] == "1 row, 1 rejected; nothing new since the last run"
    assert (before[1]["kind"], before[1]["is_first"], after[1]["is_first"]) == (
        "ledger",
        True,
        False,
    )
    assert third.outcomes[0].problem == "taks.csv: no table is called 'taks'"
    out = io.BytesIO()
    query(
        workspace.warehouse, "select source, task_id, planned_on from raw.ledger_tasks", "csv", out
    )
    assert out.getvalue().decode().splitlines()[1:] == [f"{source},T-1,2024-01-02"]
    assert wrong in capsys.readouterr().out


@pytest.mark.usefixtures("few_models")
def test_a_ledger_without_rows_is_empty(desk):
    write_templates(Path("ledger"))

    assert [outcome.state for outcome in run_once(desk()).outcomes] == [EMPTY]


def test_what_would_not_count_is_in_the_notes_of_the_run_and_of_the_report(desk):
    dates = '[[projects]]\nname = "web"\nsources = []\nactive_from = 2024-02-01\n'
    workspace = desk(f"{LEDGER}{dates}")
    write_here("activities.csv", "date,kind,project\n2024-02-05,출장,web\n2024-01-05,seminar,web\n")
    write_here("tasks.csv", "task,project,planned_on\nT-1,web,2024-02-10\n")
    write_here("budget.csv", "a\n")
    first, second = run_once(workspace), run_once(workspace)
    (document,) = report(workspace.warehouse, Style(sections=(SectionStyle("quality"),)))

    found = [
        "Not read: budget.csv, because no table is called 'budget'",
        "Activities: 1 of kind '출장'; did you mean 'business_trip'?",
        (
            "Outside the dates of the project (from 2024-02-01): activities: 1 row of 'web'; "
            "the first is activities.csv:3"
        ),
    ]
    notes = [found[0] + ".", found[1], found[2] + "."]
    assert first.notes == second.notes == tuple(f"ledger: {note}" for note in notes)
    text = html.unescape(as_markdown([document])).replace("\\", "")
    assert [line for line in text.splitlines() if line.startswith("- **ledger**")] == [
        f"- **ledger**: {finding}" for finding in found
    ]
