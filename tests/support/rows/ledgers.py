"""A ledger in a folder, mined as often as a test likes."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import polars as pl

from miners import store
from miners.errors import MiningError
from miners.ledger.address import LedgerSource
from miners.ledger.mine import mine_ledger
from miners.ledger.opening import open_ledger
from miners.ledger.reading import read_ledger
from miners.plan import HostEnvironment, MiningPlan
from miners.records import RECORDS
from tests.support.rows.in_order import in_order

FIRST_LOOK = datetime(2025, 3, 1, 2, 15, tzinfo=UTC)
ID = "ledger#ledger"
# The entry of a ledger in quarry.toml.
LEDGER = '[[sources]]\nlocation = "ledger"\nkind = "ledger"\n'


@dataclass
class Ledger:
    """A ledger's folder, what reads it, and the store it goes to."""

    home: Path
    options: dict = field(default_factory=dict)
    minings: int = 0
    name: str = "ledger"
    first_look: datetime = FIRST_LOOK

    def __post_init__(self):
        self.folder.mkdir(parents=True, exist_ok=True)

    @property
    def folder(self):
        return self.home / self.name

    @property
    def id(self):
        return f"{self.name}#ledger"

    @property
    def source(self):
        given = {"path": self.folder, "time_zone": "Asia/Seoul", **self.options}
        return LedgerSource(id=self.id, name=self.name, location=str(self.folder), **given)

    def write(self, name, content):
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    def read(self):
        return read_ledger(self.source, open_ledger(self.source, {}), FIRST_LOOK)

    def said(self):
        """Return the problems as users read them."""
        reading = self.read()
        wrong = [f"{one.place}: {one.reason}" for one in reading.rejected]
        return [*wrong, *(f"{name}: {why.message}" for name, why in reading.unreadable.items())]

    def facts(self, table):
        """Give the right rows of a table, without columns that are empty."""
        return [
            {name: row[name] for name in (*table_columns(table), "file") if row[name] is not None}
            for (of, _), row in self.read().rows.items()
            if of == table
        ]

    def plan(self, **more):
        self.minings += 1
        at = self.first_look + timedelta(days=self.minings - 1)
        run_id = f"run-{self.minings}"
        folders = self.home / "store", self.home / "mirrors"
        return in_order(MiningPlan, *folders, run_id, at, HostEnvironment({}), **more)

    def mine(self, **more):
        """Mine once: the receipt's row counts by record, or the error."""
        try:
            receipt = mine_ledger(self.source, self.plan(**more), lambda *_: None)
        except MiningError as error:
            return error
        return {file.record: file.rows for file in receipt.files}

    def batches(self):
        return store.batches(self.home / "store", self.id)

    def stored(self, record, *columns):
        """Give every version of a record, batch by batch."""
        paths = [path for batch in self.batches() for path in batch.paths(record)]
        frames = [pl.read_parquet(path, columns=list(columns)) for path in paths]
        return [row for frame in frames for row in frame.select(columns).rows()]


def table_columns(table):
    return [one.name for one in RECORDS[f"ledger_{table}"].fields if one.name != "file"]


def write_here(name, text):
    """Write a file of the ledger that lies where commands are typed."""
    path = Path("ledger", name)
    path.parent.mkdir(exist_ok=True)
    path.write_text(text)


def days(text):
    return date.fromisoformat(text)


def number(text):
    return Decimal(text)


def micros(text):
    """Count the microseconds of an instant."""
    return int(datetime.fromisoformat(text).timestamp()) * 1_000_000


def activity(key, on, kind, **more):
    """State the facts of an activity."""
    return {"activity_id": key, "happened_on": days(on), "kind": kind, **more}
