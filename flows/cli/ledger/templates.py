"""CSV templates of a ledger's tables, and a page about them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flows.settings.settings import SettingsError
from miners.ledger.tables import BETTER, KINDS, REMARK, STATUSES, TABLES
from miners.records import DATE, DECIMAL, INSTANT, INTEGER, TEXT

if TYPE_CHECKING:
    from pathlib import Path

    from miners.ledger.tables import LedgerTable
    from miners.records import Field

README = "README.md"
# Excel reads a file without this mark in the encoding of its country.
_ENCODING = "utf-8-sig"
_EXAMPLES = {
    "projects": "web,Web shop,웹 상점,2026-01-01,2026-12-31,3,Example Ltd.,https://example.org/web,",
    "tasks": "T-1,web,Move the login,로그인 이전,2026-01-15,2026-01-05,2026-01-14,,,"
    "https://example.org/T-1,",
    "deployments": "D-1,web,Seoul,2026-02-02,2026-02-04,2,succeeded,,https://example.org/D-1,"
    "the first attempt met a full disk",
    "incidents": "I-1,web,checkout,Seoul,Payments fail,결제 실패,2026-02-04 19:22,"
    "2026-02-04T20:07:00+09:00,D-1,,,https://example.org/I-1,",
    "activities": "A-1,2026-03-05,2026-03-06,business_trip,web,Seoul,Visit the client,고객 방문,"
    "16,,https://example.org/A-1,",
    "measurements": "M-1,web,start-up time,시작 시간,s,17,7,lower,2026-03-20,"
    "https://example.org/M-1,",
    "targets": "G-1,2026,Q1,web,blog_post,Blog posts,블로그 글,count,6,5,higher,2026-03-31,"
    '"two a month, or nearly"',
}
_VALUES = {
    "kind": f"such as {', '.join(KINDS)}",
    "better": " or ".join(BETTER),
    "status": ", ".join(STATUSES),
    "link": "https://example.org/page",
    "quarter": "Q1 or 2026-Q1",
    "reported_quarter": "2026-Q1",
}
_USES = {
    "projects": "The values in `quarry.toml` override these.",
    "tasks": "A task with `planned_on` counts in the project completion rate, one with "
    "`completed_on` or `reported_days` in the project lead time.",
    "deployments": "One with `planned_on` counts in the deployment schedule adherence, one that "
    "succeeded or was rolled back in the deployment frequency, the change fail rate and the "
    "rework rate if `deployments` of `[rules]` has `ledger`.",
    "incidents": "It counts in the mean time to recovery and, with a start, in the uptime of its "
    "project.",
    "activities": "An activity of the kind `test_iteration` counts in the test iterations.",
    "targets": "A target of one of Quarry's KPIs is shown with its figures.",
}
_FORMS = {
    TEXT: "text",
    INTEGER: "1",
    DECIMAL: "12.5",
    DATE: "2026-01-31",
    INSTANT: "2026-01-31 19:22, or with its offset: 2026-01-31T19:22+09:00",
}
_HEAD = """\
# Ledger

Data that no repository and no tracker has. There is one CSV file per table: open it in any
spreadsheet, and save it as *CSV UTF-8*. Then check that every cell is valid:

    quarry ledger check {folder}

- Delete the tables and columns that you do not need; cells may be empty.
- A row whose first cell begins with `{remark} ` is not read: the example in each table is one.
- A column whose name begins with `{remark}` is yours, and is not read.
- `tasks-2025.csv` and `tasks-2026.csv`, or a folder `tasks`, can replace `tasks.csv`; TOML
  (`[[tasks]]`), Parquet and workbooks (`.xlsx`, a sheet per table) can replace CSV.
- Calendars (`.ics`) and feeds of blogs (`.rss`, `.atom`) in this folder become activities.
- A changed row is stored as a new version, and a deleted row as removed: nothing is lost.
"""


def write_templates(folder: Path) -> str:
    """
    Write a table of each kind with an example in it, and return what to do next.

    Errors:  SettingsError if one of the files exists; nothing is overwritten.
    """
    texts = {f"{name}.csv": _csv(table) for name, table in TABLES.items()}
    present = next((name for name in (*texts, README) if (folder / name).exists()), None)
    if present:
        raise SettingsError(f"{folder / present} exists. Fill it in, or name another folder.")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, text in texts.items():
            (folder / name).write_text(text, _ENCODING, newline="")
        (folder / README).write_text(_page(folder), "utf-8")
    except OSError as error:
        raise SettingsError(f"{folder}: {error.strerror}. Choose another place.") from error
    return (
        f"Wrote {len(texts)} tables and {README} to {folder}. Now:\n"
        "  1. Fill in the tables that you need, in a spreadsheet, and save each as CSV UTF-8.\n"
        f"  2. Run `quarry ledger check {folder}`.\n"
        "  3. Name the ledger in quarry.toml:\n\n"
        "       [[sources]]\n"
        f'       location = "{folder.as_posix()}"\n'
        '       kind = "ledger"\n\n'
        "  4. Run `quarry run`."
    )


def _csv(table: LedgerTable) -> str:
    # As spreadsheets write it, so that their first save changes no line.
    return f"{','.join(table.columns)}\r\n{REMARK} {_EXAMPLES[table.name]}\r\n"


def _page(folder: Path) -> str:
    parts = [_HEAD.format(folder=folder.as_posix(), remark=REMARK)]
    for name, table in TABLES.items():
        fields = [field for field in table.record.fields if field.name in table.columns]
        rows = "".join(f"| `{f.name}` | {_meaning(f)} | {_form(f)} |\n" for f in fields)
        head = "| column | meaning | format |\n| --- | --- | --- |\n"
        meaning = f"{table.record.meaning} {_USES.get(name, '')}".rstrip()
        parts.append(f"\n## {name}.csv\n\n{meaning}\n\n{head}{rows}")
    return "".join(parts)


def _meaning(field: Field) -> str:
    # The format states the time zone of an instant.
    return field.meaning.replace("null", "empty").replace(" (UTC)", "")


def _form(field: Field) -> str:
    return _VALUES.get(field.name, _FORMS[field.type])
