"""Damaged documents for every parser of bytes from outside."""

from __future__ import annotations

import io
import json
from contextlib import suppress
from pathlib import Path

import openpyxl
import polars as pl
import pytest
from hypothesis import HealthCheck, given
from hypothesis import strategies as st

from flows.run.run_records import read_runs
from flows.settings.settings import SettingsError
from flows.settings.workspace import context_of, open_workspace, resolve_sources
from miners.errors import MalformedRecord, MiningError, StoreDamaged
from miners.git.changes import as_files, parse_changes
from miners.git.command import GitFailed
from miners.git.notes import agents_in
from miners.git.objects import parse_commit, parse_tag
from miners.git.path_attributes import _macros, _rows
from miners.git.refs import PATTERNS, packed_refs, parse_advertisement
from miners.git.trailers import parse_trailers
from miners.github import activity, delivery
from miners.github import translate as github
from miners.gitlab import translate as gitlab
from miners.mailmap import parse_mailmap
from miners.records import RECORDS
from miners.store import finished_in
from tests.faults.damaged_bytes import damaged, damaged_text, odd_objects
from tests.support.rows.ledgers import Ledger
from tests.support.running.examples import examples
from warehouse.errors import SealRefused, WarehouseError
from warehouse.exports.manifest import read_manifest
from warehouse.reconcile.findings import reconcile
from warehouse.seals.seal_file import read_seal

NAME = "ab" * 20
# Drawing is slow on a busy machine.
SLOW = (HealthCheck.too_slow, HealthCheck.data_too_large)
COMMIT = (
    f"tree {NAME}\nparent {NAME}\nauthor Ada <a@x> 1700000000 +0900\ncommitter Ada <a@x> "
    "1700000001 -0530\nencoding EUC-KR\ngpgsig -----BEGIN PGP SIGNATURE-----\n \n x\n\n"
    "Subject 가\n\nBody\n\nCo-authored-by: Bob <b@x>\nReviewed-by: Eve\n <e@x>\n"
).encode()
TAG = f"object {NAME}\ntype commit\ntag v1\ntagger Ada <a@x> 1700000000 +0000\n\nv1\n".encode()
ENTRY = f"100644 100755 {NAME} {NAME}".encode()
ATTRIBUTES = "[attr]lib linguist-vendored -diff\n*.min.js linguist-generated\n/docs/** lib !text\n"
MAILMAP = "# people\nAda Lovelace <ada@x> <a@x>\nBob <bob@x> Bobby <b@x>\n<eve@x> <e@x>\n"
NOTE = 'a.py\n  1-2 ab\n---\n{"prompts": {"a": {"agent_id": {"tool": "cursor"}}}}\n'
ADVERTISED = f"ref: refs/heads/main\tHEAD\n{NAME}\tHEAD\n{NAME}\trefs/heads/main\n"
RECEIPT = json.dumps(
    {"source": "s", "batch": 1, "run_id": "r", "observed_at": "2024-01-01T00:00:00+00:00"}
    | {"cursor": {}, "files": [], "is_partial": False, "format": 1}
).encode()
AT = "2024-01-01T00:00:00Z"
USER = {"login": "ada", "id": 1, "type": "User"}
ISSUE = {
    "id": 1,
    "number": 1,
    "html_url": "https://h/1",
    "title": "t",
    "body": "b",
    "user": USER,
    "state": "open",
    "state_reason": None,
    "labels": [{"name": "x"}],
    "assignees": [USER],
    "milestone": {"id": 1, "title": "m"},
    "locked": False,
    "type": {"name": "Bug"},
    "created_at": AT,
    "updated_at": AT,
    "closed_at": None,
    "closed_by": USER,
    "comments": 2,
    "draft": False,
    "base": {"ref": "m", "sha": NAME},
    "head": {"ref": "t", "sha": NAME},
    "requested_reviewers": [USER],
    "merged_at": AT,
    "merge_commit_sha": NAME,
    "event": "closed",
    "actor": USER,
    "submitted_at": AT,
    "commit_id": NAME,
    "name": "n",
    "tag_name": "v1",
    "author": USER,
    "prerelease": False,
    "published_at": AT,
    "environment": "p",
    "sha": NAME,
    "status": "completed",
    "conclusion": "success",
    "run_started_at": AT,
    "due_on": AT,
    "iid": 1,
    "web_url": "https://h/1",
    "description": "d",
    "confidential": False,
    "source_branch": "s",
    "target_branch": "m",
    "merge_user": USER,
    "user_notes_count": 1,
}
TOML = """home = "data"
[calendar]
first_month = 4
time_zone = "Asia/Seoul"
[mining]
source_timeout_minutes = 60
[[sources]]
location = "https://github.com/o/r"
token_env = "T"
[[projects]]
name = "p"
sources = ["https://github.com/o/r"]
[rules]
bug_labels = ["bug"]
"""
REPORT = """# 2024-Q1
| project | commits | days to close |
| --- | ---: | ---: |
| shop | 1,234 | 2d 3h |
| **all** | 1,234 (+5 %) | 51 h |

Commits: 12 → 15 (+25 %). See [issue](https://x/1) and `code`.
"""
CALENDAR = """BEGIN:VCALENDAR
VERSION:2.0
PRODID:x
BEGIN:VEVENT
UID:1
DTSTAMP:20240101T000000Z
DTSTART;TZID=Asia/Seoul:20240102T090000
DTEND:20240102T110000Z
RRULE:FREQ=WEEKLY;COUNT=3
EXDATE:20240109T000000Z
SUMMARY:Talk
CATEGORIES:talk,web
END:VEVENT
END:VCALENDAR
""".replace("\n", "\r\n")
FEED = """<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom"><title>t</title>
<entry><id>1</id><title>Post</title><updated>2024-01-01T00:00:00Z</updated>
<link href="https://x/1"/><category term="talk"/></entry></feed>"""


def workbook():
    book, out = openpyxl.Workbook(), io.BytesIO()
    book.active.title = "tasks"
    for row in (("task", "planned_on"), ("T-1", "2024-01-02"), ("T-2", 45000)):
        book.active.append(row)
    book.save(out)
    return out.getvalue()


def parquet():
    out = io.BytesIO()
    pl.DataFrame({"task": ["T-1", "T-2"], "planned_on": ["2024-01-02", None]}).write_parquet(out)
    return out.getvalue()


LEDGERS = {
    "tasks.csv": b'task,planned_on,title\nT-1,2024-01-02,"a ""b"", c"\nT-2,2024. 1. 3.,=1+1\n',
    "tasks.toml": b'[[tasks]]\ntask = "T-1"\nplanned_on = 2024-01-02\ntitle = """a\nb"""\n',
    "talks.ics": CALENDAR.encode(),
    "posts.rss": FEED.encode(),
    "tasks.xlsx": workbook(),
    "tasks.parquet": parquet(),
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A folder whose files each example writes over."""
    return tmp_path_factory.mktemp("damaged")


@examples(40, suppress_health_check=SLOW)
@given(damaged(COMMIT, TAG))
def test_objects_of_git(raw):
    for parse, record in ((parse_commit, "commits"), (parse_tag, "tags")):
        with suppress(MalformedRecord, GitFailed):
            fits(record, parse(NAME, raw, "latin-1"))


@examples(40, suppress_health_check=SLOW)
@given(damaged(b"path/to/a file"), damaged(b"old"), st.integers(0, 400))
def test_the_stream_of_changed_files(path, old, length):
    """git writes all of it but the paths, and may be cut off anywhere."""
    names = [name.replace(b"\0", b"") or b"a" for name in (path, path, old, path)]
    stream = b"%b\0\n:%b M\0%b\0:%b R090\0%b\0%b\0" % (
        NAME.encode(),
        ENTRY,
        names[0],
        ENTRY,
        *names[2:],
    )
    with suppress(GitFailed):
        for change in parse_changes(iter(stream[:length].split(b"\0")[:-1])):
            as_files([change])


@examples(40, suppress_health_check=SLOW)
@given(damaged_text(MAILMAP, NOTE, ATTRIBUTES, COMMIT.decode("utf-8")))
def test_texts_of_a_repository(text):
    parse_mailmap(text)
    parse_trailers(text)
    agents_in(text)
    list(_rows("", text, _macros(text)))


@examples(40, suppress_health_check=SLOW)
@given(damaged(ADVERTISED.encode()))
def test_what_a_repository_advertises(raw):
    lines = raw.decode("utf-8", "backslashreplace").split("\n")
    advertised = parse_advertisement(lines, PATTERNS)
    assert packed_refs(advertised.refs).count(b"\n") == 1 + len(advertised.refs)


@examples(60, suppress_health_check=SLOW)
@given(odd_objects(ISSUE))
def test_items_of_a_tracker(raw):
    calls = (
        lambda: github.issue(raw, is_kept=True),
        lambda: github.change_request(raw, raw, raw, is_kept=True),
        lambda: github.item(raw),
        lambda: activity.event(raw, "issue", 1, is_kept=True),
        lambda: activity.review(raw, 1, is_kept=True),
        lambda: activity.commit(raw, 1, 1),
        lambda: activity.comment(raw, "issue", is_kept=True),
        lambda: delivery.milestone(raw, is_kept=True),
        lambda: delivery.label(raw),
        lambda: delivery.release(raw, is_kept=True),
        lambda: delivery.deployment(raw, [raw], is_kept=True),
        lambda: delivery.workflow_run(raw, is_kept=True),
        lambda: gitlab.issue(raw, is_kept=True),
        lambda: gitlab.change_request(raw, "o/r", is_kept=True),
        lambda: gitlab.item("issue", raw),
    )
    for call in calls:
        with suppress(MalformedRecord):
            row = call()
            if hasattr(row, "values"):
                fits(row.record, row.values)


def fits(record, values):
    """Write a row as a batch does, without the columns that a batch adds."""
    schema = dict(list(RECORDS[record].polars_schema.items())[-len(values) :])
    pl.DataFrame([values], schema=schema, orient="row").write_parquet(io.BytesIO())


@pytest.mark.parametrize("name", LEDGERS)
def test_files_of_a_ledger(name, folder):
    @examples(25, suppress_health_check=SLOW)
    @given(damaged(LEDGERS[name]))
    def read(data):
        ledger = Ledger(folder)
        for path in ledger.folder.iterdir():
            path.unlink()
        ledger.write(name, data)
        ledger.write("projects.csv", "project\nweb\n")
        assert ("projects", "web") in ledger.read().rows
        ledger.said()

    read()


@examples(40, suppress_health_check=SLOW)
@given(damaged(TOML.encode()))
def test_the_settings(folder, data):
    path = folder / "quarry.toml"
    path.write_bytes(data)
    with suppress(SettingsError, WarehouseError, MiningError):
        workspace = open_workspace(path, None)
        context_of(workspace)
        resolve_sources(workspace)


@examples(40, suppress_health_check=SLOW)
@given(damaged_text(REPORT))
def test_reports_to_reconcile(text):
    reconcile(text)


@examples(40, suppress_health_check=SLOW)
@given(damaged(RECEIPT))
def test_what_a_home_keeps(folder, data):
    (folder / "000001").mkdir(exist_ok=True)
    for name in ("000001/receipt.json", "seal.json", "manifest.json"):
        (folder / name).write_bytes(data)
    with suppress(StoreDamaged):
        finished_in(folder)
    with suppress(SealRefused):
        read_seal(folder)
    read_manifest(folder / "manifest.json")
    read_runs(Path(folder))
