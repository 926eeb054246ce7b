"""One row with an odd date keeps no other from being published."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

import duckdb
import pytest

from miners.batch import BatchWriter
from miners.records import (
    BOOLEAN,
    BYTES,
    DATE,
    DECIMAL,
    INSTANT,
    INTEGER,
    RECORDS,
    TEXT,
    Record,
    git,
)
from tests.support.rows.deliveries import incident, release
from tests.support.rows.ledgers import Ledger
from tests.support.rows.row_histories import HistoryRows, build, instant, micros, rows
from tests.support.rows.trackers import REPOSITORY, TRACKER, TrackerRows
from tests.support.running.examples import IS_LONG
from warehouse.context import Context, Project
from warehouse.rules import rule
from warehouse.tables.batches import load_batches

LOOKED_AT = instant("2024-08-01")
DATES = {
    "later in the quarter": "2024-08-15T12:00",
    "in a coming quarter": "2024-11-15T12:00",
    "at the end of the calendar": "2105-12-31T12:00",
    "before everything": "1970-01-02T12:00",
    "before the calendar": "0001-01-01T12:00",
    "after the calendar": "9999-12-31T12:00",
}
# By the type of a field: values that no tracker and no ledger should have there.
VALUES = {
    "most": {INTEGER: 2**63 - 1, DECIMAL: Decimal("999999999999.999999"), TEXT: "9" * 30},
    "least": {INTEGER: -(2**63), DECIMAL: Decimal("-999999999999.999999"), TEXT: ""},
    "nothing": {INTEGER: None, DECIMAL: None, TEXT: None, BOOLEAN: None, INSTANT: None},
    "long": {TEXT: "Fixes #" + "9" * 30 + "x" * 100_000},
    "of an address": {TEXT: "https://github.com/o/r/pull/" + "9" * 30},
    "broken": {TEXT: '{"a": ["b", 1, null'},
    "of a list": {TEXT: '["a", 1, null, {"b": []}]'},
    "not printable": {TEXT: "a\r\n\t\x0b\x85\u2028\u202e\N{SYMBOL FOR NULL}"},
}
RULES = (
    *(rule("deployments", kind) for kind in ("deployment", "release", "tag", "ledger")),
    *(rule("deployment_tags", "v*"), rule("environments", "production")),
    *(rule("incident_labels", "incident"), rule("test_titles", "It")),
)
SETTINGS = Context(
    projects=(Project(name="app", title="App", sources=(REPOSITORY,), rules=RULES),), rules=RULES
)
LEDGER = {
    "projects": "project,name,active_from\nled,Led,2024-01-01",
    "tasks": "task_id,project,planned_on,started_on,completed_on\n"
    "T-1,led,2024-02-01,2024-01-10,2024-02-10",
    "deployments": "deployment_id,project,planned_on,deployed_on\nD-1,led,2024-02-01,2024-02-01",
    "incidents": "incident_id,project,started_at,recovered_at\n"
    "I-1,led,2024-02-02 10:00,2024-02-03 10:00",
    "measurements": "measurement_id,project,measure,before,after\nM-1,led,load,1,2",
    "targets": "target_id,year,kpi,target\nG-1,2024,commits,5",
    "activities": "activity_id,project,kind,happened_on\nA-1,led,test_iteration,2024-02-02",
}
# What a row has of a record that the world has none of.
PLAIN = {
    TEXT: "c1",
    INTEGER: 1,
    BOOLEAN: True,
    DECIMAL: Decimal(1),
    BYTES: b"x",
    INSTANT: instant("2024-03-01T12:00"),
    DATE: date(2024, 3, 1),
}
COMMITS = (
    "select value from marts.kpi_quarterly where kpi = 'commits' and project = 'app' "
    "and source = '*' and quarter = '2024-Q2'"
)
# Their rows are written with a history that reaches them.
OF_GIT = {record.name for record in vars(git).values() if isinstance(record, Record)}


def history(*times):
    made = HistoryRows(source=REPOSITORY, looked_at=LOOKED_AT)
    made.commit("c1", at="2024-01-10T12:00", files=[("a", 5, 0)])
    for number, at in enumerate(times):
        made.commit(f"odd{number}", made.head, at=at, files=[("a", 1, 1)])
        made.add("refs", f"refs/tags/v{number}", "tag", made.head, made.head, None)
    made.commit("c2", made.head, at="2024-05-10T12:00", files=[("a", 5, 0)])
    return made


def tracker():
    made = TrackerRows(looked_at=LOOKED_AT)
    release(made, "1.0", "2024-02-01T00:00", "c1")
    closed = {"state": "closed", "closed_at": "2024-03-10T00:00"}
    incident(made, 1, "2024-02-02T00:00", "2024-02-04T00:00", labels=["doing"])
    made.issue(2, ("assigned", "2024-02-01T00:00", {"new_value": "ann"}), milestone_title="M")
    made.change_request(11, ("merged", "2024-03-10T00:00"), merged_at="2024-03-10T00:00", **closed)
    made.commit(11, "c1", "2024-01-10T00:00")
    made.review(11, "bob", "2024-03-09T00:00", "approved")
    made.comment(2, "bob", "2024-02-03T00:00")
    known = {"created_at": "2024-02-01T00:00", "updated_at": "2024-02-01T00:00"}
    done = {"status": "success", "succeeded_at": "2024-02-01T00:00", "commit_hash": "c1"}
    made.add("deployments", deployment_id="1", environment="production", **known, **done)
    made.add("milestones", milestone_id="1", title="M", due_on="2024-03-10", state="open")
    made.add("pipeline_runs", pipeline_run_id="1", status="completed", **known)
    return made


def world(home, *times):
    history(*times).found(home / "store")
    tracker().found(home / "store")
    ledger = Ledger(home, first_look=LOOKED_AT)
    for name, text in LEDGER.items():
        ledger.write(f"{name}.csv", text)
    ledger.mine()
    return ledger


def on_dates(at):
    """Put an instant, or its day, where there are instants and days."""
    day = datetime.fromisoformat(at).date()

    def odd(field):
        if field.name in {"due_on", "start_on"}:
            return [str(day)]
        return {INSTANT: [micros(at)], DATE: [day]}.get(field.type, [])

    return odd


def on_types(values):
    """Put a value where its type is, but in the JSON that miners write themselves."""

    def odd(field):
        is_json = field.type == TEXT and "JSON" in field.meaning
        return [values[field.type]] if field.type in values and not is_json else []

    return odd


def odd_fields(odd):
    return [
        (record, number, value)
        for record in RECORDS.values()
        if record.key and record.name not in OF_GIT
        for number, field in enumerate(record.fields)
        for value in odd(field)
        if value is not None or field.name not in record.key
    ]


def add_odd_rows(home, ledger, odd):
    """Add for each field of each record a row that has something odd there."""
    plain = duckdb.connect()
    load_batches(plain, home / "store")
    added = {TRACKER: {}, ledger.id: {}}
    for count, (record, number, value) in enumerate(odd_fields(odd)):
        source = ledger.id if record.name.startswith("ledger_") else TRACKER
        names = ", ".join(f'"{known.name}"' for known in record.fields)
        found = plain.execute(f"select {names} from raw.{record.name} limit 1").fetchone()
        row = list(found or (PLAIN[known.type] for known in record.fields))
        key = [known.name for known in record.fields].index(record.key[-1])
        is_number = record.fields[key].type == INTEGER
        row[key] = 1000 + count if is_number else f"{row[key]}-{count}"
        row = [_written(known, value) for known, value in zip(record.fields, row, strict=True)]
        row[number] = value
        added[source].setdefault(record.name, []).append(tuple(row))
    for source, records in added.items():
        with BatchWriter(home / "store", source, "run", LOOKED_AT) as batch:
            for record, odd_rows in records.items():
                batch.add(record, odd_rows)
            batch.finish({})


def _written(field, value):
    return int(value.timestamp() * 1_000_000) if isinstance(value, datetime) else value


@pytest.mark.parametrize("name", DATES if IS_LONG else ("in a coming quarter", "before everything"))
def test_no_date_keeps_the_rest_from_being_published(name, tmp_path):
    at = DATES[name]
    add_odd_rows(tmp_path, world(tmp_path, at), on_dates(at))

    assert rows(build(tmp_path / "store", SETTINGS), COMMITS) == [(1.0,)]


@pytest.mark.parametrize("name", VALUES if IS_LONG else ("most", "least", "nothing"))
def test_no_value_keeps_the_rest_from_being_published(name, tmp_path):
    add_odd_rows(tmp_path, world(tmp_path), on_types(VALUES[name]))

    assert rows(build(tmp_path / "store", SETTINGS), COMMITS) == [(1.0,)]


def test_a_release_to_come_counts_once_it_has_come(tmp_path):
    """Excluded with a reason until a poll reaches its instant."""
    question = (
        "select subject_id, quarter, reason from figures.kpi_evidence "
        "where kpi = 'deployment_frequency' and project = 'app' order by all"
    )
    only = ["marts.kpi_quarterly", "marts.kpi_yearly", "figures.kpi_evidence"]
    history().found(tmp_path / "store")
    made = TrackerRows(looked_at=LOOKED_AT)
    release(made, "1.0", "2024-02-01T00:00", "c1")
    release(made, "2.0", "2024-08-15T00:00", "c1")
    release(made, "3.0", "2024-11-15T00:00", "c1")
    made.found(tmp_path / "store")
    first, second, third = (f"{REPOSITORY}/releases/{n}.0" for n in (1, 2, 3))

    assert rows(build(tmp_path / "store", SETTINGS, only=only), question) == [
        (first, "2024-Q1", "counted"),
        (second, "2024-Q3", "after_last_poll"),
        (third, "2024-Q4", "after_last_poll"),
    ]
    later = instant("2024-08-20")
    HistoryRows(source=REPOSITORY, looked_at=later).write(tmp_path / "store")
    TrackerRows(looked_at=later).write(tmp_path / "store")
    assert rows(build(tmp_path / "store", SETTINGS, only=only), question) == [
        (first, "2024-Q1", "counted"),
        (second, "2024-Q3", "counted"),
        (third, "2024-Q4", "after_last_poll"),
    ]
