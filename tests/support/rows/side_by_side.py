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
    A warehouse of what many tests tell, each of a tracker and a history of its own.

    Such a test stands in one piece: it tells, then yields queries that choose `where source =
    getvariable('source')`, and is sent their rows.
    """

    def __init__(self, *tables, context=EVERYBODY):
        self.tables, self.context = tables, context
        self.tests = {}

    def __call__(self, tell):
        self.tests[tell.__name__] = tell

        def test():
            told, connection = self._built
            telling, source, query = told[tell.__name__]
            connection.execute("set variable source = $1", [source])
            try:
                while True:
                    query = telling.send(Answer(table(connection, query)))
            except StopIteration:
                pass

        return test

    @functools.cached_property
    def _built(self):
        with tempfile.TemporaryDirectory() as folder:
            told = {name: _told(tell, Path(folder)) for name, tell in self.tests.items()}
            return told, build(Path(folder), self.context, only=self.tables)


def _told(tell, store):
    """Let a test tell: return where it waits, its source, and the query that it waits for."""
    source = f"github.com/o/{tell.__name__}"
    known = {"tracker": TrackerRows(f"{source}#tracker"), "history": HistoryRows(source)}
    named = {name: known[name] for name in inspect.signature(tell).parameters}
    telling = tell(**named)
    query = next(telling)
    for found in named.values():
        found.found(store)
    return telling, source, query
