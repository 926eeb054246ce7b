"""Homes with models of their own, and the steps of a run."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import duckdb

from miners.batch import BatchWriter
from miners.records import RECORDS
from miners.store import all_batches
from warehouse.build.build_file import building, building_path, swap_in
from warehouse.build.incremental import note_build
from warehouse.build.runner import build_models
from warehouse.context import Context
from warehouse.exports.fingerprint import fingerprint, stamp, stamped_on
from warehouse.exports.snapshot import Unchanged, export_snapshot, publish_snapshot
from warehouse.query.pseudonyms import pseudonym_key
from warehouse.tables.batches import load_batches

if TYPE_CHECKING:
    from pathlib import Path

EVERYTHING = Context()
DAY_ONE = datetime(2024, 1, 1, tzinfo=UTC)


def no_graph(connection):
    """A folder of small models of its own needs no graph of commits."""


@dataclass(frozen=True)
class MemoryHome:
    """A home folder with models of its own, and the steps of a run on it."""

    path: Path

    @property
    def store(self):
        return self.path / "store"

    @property
    def warehouse(self):
        return self.path / "quarry.duckdb"

    @property
    def exports(self):
        return self.path / "exports"

    @property
    def sql(self):
        return self.path / "sql"

    def write_batch(self, source="host/one", day=1, month=1, **rows):
        observed_at = DAY_ONE.replace(month=month, day=day)
        with BatchWriter(self.store, source, f"run-{day}", observed_at) as batch:
            for record, some in rows.items():
                width = len(RECORDS[record].fields)
                batch.add(record, [(*row, *[None] * (width - len(row))) for row in some])
            return batch.finish({})

    def write_model(self, path, sql):
        file = self.sql / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(sql)
        return file

    def describe(self, **meanings):
        lines = "".join(f'{name} = "{meaning}"\n' for name, meaning in meanings.items())
        self.write_model("columns.toml", lines)

    def build(self, context=EVERYTHING, threads=2, export=True):
        key = pseudonym_key(self.path)
        printed = fingerprint(all_batches(self.store), context, folder=self.sql, key=key)
        with building(self.warehouse, threads, folder=self.sql) as connection:
            before = stamped_on(connection, key)
            load_batches(connection, self.store)
            build = build_models(connection, context, folder=self.sql, graph=no_graph)
            note_build(connection, build)
            stamp(connection, printed, key)
            unchanged = Unchanged(before, build.unchanged_tables())
        snapshot = export and export_snapshot(
            building_path(self.warehouse),
            self.exports,
            printed,
            folder=self.sql,
            unchanged=unchanged,
        )
        swap_in(self.warehouse)
        if export:
            publish_snapshot(self.exports)
        return snapshot

    def rows(self, query):
        with duckdb.connect(str(self.warehouse), read_only=True) as connection:
            connection.execute("set timezone = 'UTC'")
            return connection.execute(query).fetchall()


def load(home, threads=2):
    """Load the batches of a home, and count the rows of each record that is new."""
    with building(home.warehouse, threads) as connection:
        counts = load_batches(connection, home.store)
    swap_in(home.warehouse)
    return {record: count for record, count in counts.items() if count}


def ref(name, target):
    return (f"refs/heads/{name}", "branch", target, target, None)


def repository(name):
    return (name, "/there", "sha1", "refs/heads/main", "a", False, None)
