"""Store with its warehouse and a sealed quarter."""

from __future__ import annotations

import hashlib
from contextlib import contextmanager

import duckdb
import pytest

from tests.support.rows.row_histories import BOB, HistoryRows, check_what_is_there, instant, table
from tests.support.rows.some_models import models_with
from tests.support.rows.trackers import REPOSITORY
from warehouse.build import build_file
from warehouse.build.build_file import building, swap_in
from warehouse.build.runner import build_models
from warehouse.calendar import quarter_named, quarters
from warehouse.context import Context, MailmapEntry, Project
from warehouse.rules import rule
from warehouse.seals.seal_file import seal_folders, seals_to_load
from warehouse.seals.write import draft_seal, keep_seal
from warehouse.tables.batches import load_batches
from warehouse.tables.sealed import load_sealed

QUARTER = "2024-Q1"
NEEDED = (
    *("marts.kpi_quarterly", "marts.kpi_yearly", "marts.kpi_restatements"),
    "marts.kpi_leaves_quarterly",
    *("figures.kpi_restated_rows", "figures.kpi_evidence"),
)
RULES = tuple(rule("left_out_authors", who) for who in ("bot", "ai_agent"))
SETTINGS = Context(projects=(Project(name="app", title="App", sources=(REPOSITORY,), rules=RULES),))
# It makes Bob the same person as Ann.
SAME_PERSON = MailmapEntry(
    line_number=1,
    proper_name="Ann",
    proper_email="ann@example.org",
    commit_name=None,
    commit_email="bob@example.org",
)
RESTATED = """
    select kpi, cause, was_value, is_value, difference, came_count, went_count, changed_count
    from marts.kpi_restatements
    where project = 'app' and source = '*' and kpi in ({})
    order by kpi, cause_number
"""


@contextmanager
def _only_what_is_built():
    """Begin without the empty tables of the models that are not asked for: checks read these."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(build_file, "open_blank", lambda *_: None)
        yield


class SealedHome:
    """A store, the warehouse built from it, all KPIs or some, and its seals."""

    def __init__(self, path, sealed_in="seals", kpis=()):
        self.kpis = kpis
        self.store, self.seals = path / "store", path / sealed_in
        self.file = path / f"{sealed_in}.duckdb"

    def build(self, context=SETTINGS):
        models = models_with(*self.kpis)
        with _only_what_is_built(), building(self.file, threads=1, folder=models) as connection:
            load_batches(connection, self.store)
            load_sealed(connection, seals_to_load(seal_folders(self.seals)))
            build_models(connection, context, only=NEEDED, folder=models)
            check_what_is_there(connection)
        swap_in(self.file)

    def seal(self, context=SETTINGS, name=QUARTER, on="2024-04-15"):
        quarter = quarter_named(quarters(context.calendar), name)
        at = instant(on)
        keep_seal(
            draft_seal(self.file, self.seals, quarter, sealed_at=at, store_hash="of the store")
        )

    def ask(self, query):
        with duckdb.connect(str(self.file), read_only=True) as connection:
            connection.execute("set timezone = 'UTC'")
            return table(connection, query)

    def restated(self, *kpis):
        return [
            tuple(row.values()) for row in self.ask(RESTATED.format(", ".join(map(repr, kpis))))
        ]

    def sealed_bytes(self):
        paths = sorted((self.seals / QUARTER).iterdir())
        return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in paths}


def first_look():
    history = HistoryRows(source=REPOSITORY, looked_at=instant("2024-04-10"))
    history.commit("c1", at="2024-01-10T12:00", files=[("a", 5, 0)])
    history.commit("c2", "c1", at="2024-02-10T12:00", by=BOB, files=[("a", 3, 1)])
    history.commit("c3", "c2", at="2024-03-10T12:00", files=[("b", 7, 0)])
    return history


def second_look(head, *, late=(), left=()):
    """A later poll: new commits, and others that are deleted."""
    history = HistoryRows(source=REPOSITORY, looked_at=instant("2024-05-10"))
    for name, parent, at, who in late:
        history.commit(name, parent, at=at, by=who, files=[("late", 1, 0)])
    location = f"https://{REPOSITORY}"
    history.add("repositories", REPOSITORY, location, "sha1", "refs/heads/main", head, False, None)
    history.reach("default_branch", *history.parents)
    history.reach("any_ref", *history.parents)
    history.reach("default_branch", *left, is_reachable=False)
    return history
