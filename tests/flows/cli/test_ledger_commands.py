"""The commands for ledgers: templates, and checks of every cell."""

from __future__ import annotations

import io
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from rich.console import Console

from flows.cli.ledger.check import check_ledgers
from flows.cli.ledger.templates import write_templates
from flows.settings.settings import SettingsError
from miners.ledger.address import TABLE_NAMES
from miners.ledger.tables import TABLES
from tests.support.rows.ledgers import LEDGER, write_here

ROOT = Path(__file__).parents[3]
A_DAY = "expected a day such as 2024-01-31, found "
KEEP = "or begin its name with # for a column of your own."


def checked(workspace, folder=None):
    """Give what is printed, without the spaces at the ends of lines, and whether all is well."""
    out = io.StringIO()
    terminal = Console(file=out, width=100, highlight=False)
    is_sound = check_ledgers(terminal, workspace, folder)
    lines = [line.rstrip() for line in out.getvalue().splitlines() if line.strip()]
    return lines, is_sound


def test_the_templates_are_a_ledger_and_so_are_their_examples(desk):
    said = write_templates(Path("ledger"))
    empty = checked(desk())
    for path in Path("ledger").glob("*.csv"):
        text = path.read_text("utf-8-sig")
        path.write_text(text.replace("\n# ", "\n"), "utf-8-sig")
    filled, is_sound = checked(desk())

    assert 'location = "ledger"\n       kind = "ledger"' in said
    assert empty == (
        [
            f"ledger: {Path.cwd()}/ledger",
            'No errors. No row is filled in yet; rows that begin with "# " are examples.',
        ],
        True,
    )
    assert is_sound
    assert filled[1:] == [
        "  table          rows   rejected   files   days",
        " ───────────────────────────────────────────────────────────────────",
        "  projects          1          0       1   2026-01-01 to 2026-12-31",
        "  tasks             1          0       1   2026-01-05 to 2026-01-15",
        "  deployments       1          0       1   2026-02-02 to 2026-02-04",
        "  incidents         1          0       1   2026-02-04 to 2026-02-04",
        "  activities        1          0       1   2026-03-05 to 2026-03-06",
        "  measurements      1          0       1   2026-03-20 to 2026-03-20",
        "  targets           1          0       1   2026-03-31 to 2026-03-31",
        "Activities: business_trip 1",
        "No errors: 7 rows.",
    ]


def test_the_page_of_the_templates_names_every_column(desk):
    write_templates(Path("a", "ledger"))
    page = Path("a", "ledger", "README.md").read_text("utf-8")

    shown = re.findall(r"^\| `(\w+)` \|", page, re.MULTILINE)
    assert shown == [column for table in TABLES.values() for column in table.columns]
    assert "quarry ledger check a/ledger" in page
    assert "null" not in page
    # What is typed in is of the settings' time zone.
    assert "UTC" not in page
    assert (
        "for its lead time, or both. A task with `planned_on` counts in the project completion"
        in page
    )
    assert tuple(TABLES) == TABLE_NAMES


def test_templates_overwrite_nothing(desk):
    write_here("tasks.csv", "mine")
    with pytest.raises(SettingsError, match=r"ledger/tasks\.csv exists\. Fill it in, or"):
        write_templates(Path("ledger"))

    assert [path.name for path in Path("ledger").iterdir()] == ["tasks.csv"]
    write_here("blocked", "a file")
    with pytest.raises(SettingsError, match=r"Choose another place"):
        write_templates(Path("ledger", "blocked", "x"))


def test_a_check_names_every_wrong_cell_and_what_is_not_read(desk):
    write_here("tasks.csv", "task,planned_on,completed_on\nT-1,2024-13-01,x\nT-2,2024-01-02,\n")
    write_here("activities.csv", "date,kind\n2024-01-05,buisness_trip\n2024-01-06,lunch\n")
    write_here("incidents.csv", "id,started_at\nI-1,2024-03-21T23:30:00Z\n\x1b[31mI-2,x\n")
    write_here("deployments.csv", "id,plnned_on\n")
    write_here("budget.csv", "a\n")

    assert checked(desk()) == (
        [
            f"ledger: {Path.cwd()}/ledger",
            "  table        rows   rejected   files   days",
            " ─────────────────────────────────────────────────────────────────",
            "  tasks           1          1       1   2024-01-02 to 2024-01-02",
            "  incidents       1          1       1   2024-03-22 to 2024-03-22",
            "  activities      2          0       1   2024-01-05 to 2024-01-06",
            "Activities: buisness_trip 1, lunch 1",
            "Not read: budget.csv, because no table is called 'budget'",
            "Activities: 1 of kind 'buisness_trip'; did you mean 'business_trip'?",
            (
                "incidents.csv:3: started_at: expected a date and time such as 2024-03-21 19:22 or "
                "2024-03-21T19:22+09:00, found 'x'"
            ),
            f"tasks.csv:2: planned_on: {A_DAY}'2024-13-01', which does not exist",
            f"tasks.csv:2: completed_on: {A_DAY}'x'",
            f"deployments.csv: line 1: unknown column 'plnned_on'. Write planned_on, {KEEP}",
            "Valid rows: 4; rejected: 2; files that cannot be read: 1.",
        ],
        False,
    )


def test_a_check_asks_about_rows_that_may_say_something_else_than_was_meant(desk):
    write_here(
        "tasks.csv", "task,project,planned_on\nT-1,web,2024-01-02\nT-2,Web Shop,2024-01-02\n"
    )
    write_here(
        "deployments.csv",
        "id,project,deployed_on\nD-1,web-shop,2024-01-02\nD-2,web,2024-01-02\nD-3,,2024-01-02\n",
    )
    write_here(
        "incidents.csv",
        "id,project,started_at,deployment\nI-1,Web,2024-01-02 10:00,D-2\n"
        "I-2,web,2024-01-02 10:00,D-3\nI-3,web,2024-01-02 10:00,D-4\n"
        "I-4,web,2024-01-02 10:00,D-2\n",
    )
    write_here(
        "targets.csv",
        "id,year,project,kpi,unit,target\nG-1,2024,*,lead_tme,,1\nG-2,2024,,commits,Count,1\n"
        "G-3,2024,,bot_share,%,1\nG-4,2024,,lead_time,days,1\nG-5,2024,,posts_written,days,1\n"
        "G-6,2024,,change_fail_rate,,15\nG-7,2024,,bot_share,,15%\nG-8,2024,,bot_share,,0.2\n"
        "G-9,2024,,issue_closure_ratio,ratio,1.1\n",
    )

    lines, is_sound = checked(desk('[[projects]]\nname = "Web-Shop"\nsources = []\n'))
    assert [line for line in lines if ".csv:" in line] == [
        "deployments.csv:2: project: 'web-shop' is another project than 'Web-Shop'",
        "incidents.csv:2: project: 'Web' is another project than 'web'",
        "tasks.csv:3: project: 'Web Shop' is another project than 'Web-Shop'",
        "incidents.csv:2: deployment_id: 'D-2' is of web, the incident is not",
        "incidents.csv:3: deployment_id: 'D-3' is of no project, the incident is not",
        "incidents.csv:4: deployment_id: the ledger has no deployment 'D-4'",
        (
            "targets.csv:2: kpi: 'lead_tme' is not a KPI, so it is a goal of the team's own; did "
            "you mean 'lead_time'?"
        ),
        "targets.csv:5: unit: lead_time is in hours, so no figure is compared with it",
        (
            "targets.csv:7: target: 15 of change_fail_rate may be a percentage, so no figure is "
            "compared with it; write % or ratio in unit"
        ),
    ]
    assert (lines[-1], is_sound) == ("No errors: 18 rows.", True)


def test_a_check_takes_a_folder_or_all_ledgers_or_the_one_that_lies_here(desk):
    write_here("tasks.csv", "task,planned_on\nT-1,2024-01-02\n")
    named = f'{LEDGER}name = "ours"\n[[sources]]\nlocation = "ledger/tasks.csv"\nkind = "ledger"\n'

    first = [line.partition(":")[0] for line in checked(desk(named))[0] if "ledger" in line]
    assert first == ["ours", "tasks"]
    assert checked(desk(named), Path("ledger"))[0][0].startswith("ours: ")
    assert checked(desk(""), Path("ledger/"))[0][0].startswith("ledger: ")
    assert checked(desk(""))[0][0].startswith("ledger: ")
    Path("ledger").rename("elsewhere")
    with pytest.raises(
        SettingsError, match=r"Name a folder, or write one with `quarry ledger init`"
    ):
        checked(desk(""))


def test_the_commands_end_with_the_codes_that_scripts_go_by(tmp_path):
    def quarry(*words):
        return subprocess.run(
            [sys.executable, "-m", "flows.cli.main", *words],
            cwd=tmp_path,
            env={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT)},
            capture_output=True,
            text=True,
            check=False,
        )

    codes = [quarry("ledger", "check").returncode, quarry("ledger", "init").returncode]
    codes.append(quarry("ledger", "check").returncode)
    (tmp_path / "ledger" / "tasks.csv").write_text("task,planned_on\nT-1,soon\n")
    wrong = quarry("ledger", "check", "ledger")

    assert codes == [1, 0, 0]
    assert (wrong.returncode, "tasks.csv:2: planned_on: expected a day" in wrong.stdout) == (
        1,
        True,
    )
