"""Git histories as literal rows, built into a warehouse."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import partial

import duckdb

from flows.settings.workspace import tracker_kinds
from miners.batch import BatchWriter
from miners.records import RECORDS
from tests.support.rows.some_models import models_with
from tests.support.running.blank_warehouses import connect
from warehouse.build.checks import read_checks, run_checks, run_these
from warehouse.build.model import Model
from warehouse.build.runner import build_models, tables_read
from warehouse.context import Context
from warehouse.tables.batches import load_batches

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
START = datetime(2024, 1, 1, tzinfo=UTC)
SOURCE = "host/one"
LOOKED_AT = datetime(2024, 8, 1, tzinfo=UTC)
ANN = ("Ann", "ann@example.org")
BOB = ("Bob", "bob@example.org")
EVERYBODY = Context()
ROBOT = ("merge[bot]", "robot@example.org")


def days(number):
    """Name the instant some days after 2024 began."""
    return (START + timedelta(days=number)).strftime("%Y-%m-%dT%H:%M")


def instant(text):
    """Read 2024-01-31T12:00 as UTC; None stays None."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC) if text else None


def micros(text):
    at = instant(text)
    return None if at is None else (at - EPOCH) // timedelta(microseconds=1)


@dataclass
class HistoryRows:
    """What one look at one source found; branches and reachability follow from the commits."""

    source: str = SOURCE
    looked_at: datetime = LOOKED_AT
    rows: dict = field(default_factory=dict)
    parents: dict = field(default_factory=dict)
    head: str | None = None
    mailmap: str | None = None
    attributes: str | None = None

    def add(self, record, *row):
        """Add a row; the last fields may be left away, as a miner without them would."""
        missing = len(RECORDS[record].fields) - len(row)
        self.rows.setdefault(record, []).append((*row, *[None] * missing))

    def commit(
        self,
        name,
        *parents,
        at="2024-02-01T12:00",
        written="as committed",
        by=ANN,
        through=None,
        subject="Work",
        body="",
        files=(),
        trailers=(),
        tree="tree",
    ):
        written = micros(at if written == "as committed" else written)
        who = (*by, written, 0, *(through or by), micros(at), 0)
        text = (subject, body, None, False, None, None)
        self.add("commits", name, tree, " ".join(parents), *who, *text)
        self.parents[name] = parents
        for number, (path, added, deleted) in enumerate(files, 1):
            lines = ("modified", "file", added, deleted, added is None)
            self.add("commit_files", name, number, path, None, None, None, *lines)
        for number, trailer in enumerate(trailers, 1):
            self.add("commit_trailers", name, number, *trailer)
        self.head = name
        return name

    def branch(self, name, target):
        self.add("refs", f"refs/heads/{name}", "branch", target, target, None)

    def reach(self, scope, *names, is_reachable=True):
        for name in names:
            self.add("reachability", scope, name, is_reachable)

    def reached_from(self, name):
        found, waiting = set(), [name] if name else []
        while waiting:
            commit = waiting.pop()
            if commit in self.parents and commit not in found:
                found.add(commit)
                waiting += self.parents[commit]
        return sorted(found)

    def write(self, store, run_id="run"):
        with BatchWriter(store, self.source, run_id, self.looked_at) as batch:
            for record, rows in self.rows.items():
                batch.add(record, rows)
            return batch.finish({})

    def found(self, store):
        """Write the commits with a default branch at the head, of which all others are part."""
        self.add(
            "repositories",
            *(self.source, f"https://{self.source}", "sha1", "refs/heads/main", self.head),
            *(self.head is None, self.mailmap, "head" if self.head else None, self.attributes),
        )
        self.reach("default_branch", *self.reached_from(self.head))
        self.reach("any_ref", *self.parents)
        return self.write(store)


def build(
    store,
    context=EVERYBODY,
    *,
    connection=None,
    known_at=None,
    is_checked=True,
    only=None,
    kpis=(),
):
    """
    Build the project's own models in memory, all or some, and hold them to its checks.

    With kpis there are no others: each takes as long to build as many facts.
    """
    models = models_with(*kpis)
    connection = connection or (connect(models) if only is None else duckdb.connect())
    connection.execute("set timezone = 'UTC'")
    connection.execute("set threads = 1")  # for a few rows, more of them only cost
    load_batches(connection, store)
    context = replace(context, tracker_kinds=tracker_kinds())
    made = build_models(connection, context, known_at=known_at, only=only, folder=models)
    if is_checked and only is None:
        run_checks(connection, made)
    elif is_checked:
        check_what_is_there(connection, made)
    return connection


def built_file(folder, context, tables):
    """Build some tables from the store of a folder into a warehouse file, and check them."""
    file = folder / "quarry.duckdb"
    with duckdb.connect(str(file)) as connection:
        connection.execute("set timezone = 'UTC'")
        connection.execute("set threads = 1")
        load_batches(connection, folder / "store")
        check_what_is_there(connection, build_models(connection, context, only=tables))
    return file


def check_what_is_there(connection, made=None):
    """Run those of the project's checks that read nothing but what was built."""
    there = {
        row[0]
        for row in connection.execute(
            "select schema_name || '.' || table_name from duckdb_columns() where not internal"
        ).fetchall()
    }
    readers = [
        (c, Model(schema="checks", name=c.name, path=c.path, header=None, sql=c.sql))
        for c in read_checks()
    ]
    asked = [check for check, reader in readers if tables_read(connection, reader) <= there]
    run_these(connection, asked, made)


def builder(*tables, kpis=()):
    """Make a build of some tables, with all that they are made from, which is much faster."""
    return partial(build, only=tables, kpis=kpis)


def table(connection, query):
    """Return rows as dictionaries."""
    cursor = connection.execute(query)
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def rows(connection, query):
    """Return rows without the names of their columns."""
    return [tuple(row.values()) for row in table(connection, query)]


def column(connection, name, query="facts.commits", key="commit_hash"):
    """Return one column by the key of its rows."""
    found = table(connection, f"select {key} as key, {name} as value from {query} order by 1")
    return {row["key"]: row["value"] for row in found}


def evidence(connection, kpi, project, *columns):
    """List what a KPI considered: (subject, quarter, reason, value if it counts, columns)."""
    counted = "if(is_counted, coalesce(value, numerator), null)"
    found = connection.execute(
        f"select {', '.join(['subject_id', 'quarter', 'reason', counted, *columns])} "
        "from figures.kpi_evidence where kpi = $1 and project = $2 order by quarter, 1",
        [kpi, project],
    )
    return found.fetchall()


def figures(connection, kpi, project, quarters=("2024-Q1",)):
    """List (value, n, excluded rows, coverage) of a KPI in a project, by quarter."""
    found = connection.execute(
        "select value, n, left_out_count, coverage_ratio from marts.kpi_quarterly "
        "where kpi = $1 and project = $2 and source = '*' and quarter in $3 order by quarter",
        [kpi, project, quarters],
    )
    return found.fetchall()
