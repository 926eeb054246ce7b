"""Many small histories and trackers in one warehouse, built once."""

from __future__ import annotations

import functools
import inspect
import tempfile
from pathlib import Path

from tests.support.rows.row_histories import EVERYBODY, HistoryRows, build, table
from tests.support.rows.trackers import TrackerRows


class Answer(list):
    """Rows as tuples, and named: as dictionaries."""

    def __init__(self, named):
        super().__init__(tuple(row.values()) for row in named)
        self.named = named


class SideBySide:
    """
    A warehouse of many tests, each with a tracker and a history of its own.

    Such a test is one generator: it records, then yields queries that choose `where source =
    getvariable('source')`, and is sent their rows.
    """

    def __init__(self, *tables, context=EVERYBODY):
        self.tables, self.context = tables, context
        self.tests = {}

    def __call__(self, record):
        self.tests[record.__name__] = record

        def test():
            recorded, connection = self._built
            waiting, source, query = recorded[record.__name__]
            connection.execute("set variable source = $1", [source])
            try:
                while True:
                    query = waiting.send(Answer(table(connection, query)))
            except StopIteration:
                pass

        return test

    @functools.cached_property
    def _built(self):
        with tempfile.TemporaryDirectory() as folder:
            recorded = {
                name: _recorded(record, Path(folder)) for name, record in self.tests.items()
            }
            return recorded, build(Path(folder), self.context, only=self.tables)


def _recorded(record, store):
    """Let a test record: return where it waits, its source, and the query that it waits for."""
    source = f"github.com/o/{record.__name__}"
    known = {"tracker": TrackerRows(f"{source}#tracker"), "history": HistoryRows(source)}
    named = {name: known[name] for name in inspect.signature(record).parameters}
    waiting = record(**named)
    query = next(waiting)
    for found in named.values():
        found.found(store)
    return waiting, source, query
