"""Compare nightly mining with mining once, and with recorded observations."""

from __future__ import annotations

import random
import shutil
from dataclasses import dataclass, field
from datetime import timedelta

import pytest

from flows.run.publish import publish
from flows.settings.workspace import context_of, open_workspace
from tests.support.git.random_histories import RandomHistory
from tests.support.git.repositories import DAY_ONE, MinedHome, Repository
from tests.support.rows.some_models import BUILDERS, copy_models, models_of
from tests.support.running.examples import count_of
from tests.support.running.no_progress import NoProgress
from warehouse.connection import open_for_reading

HISTORIES, MOST_NIGHTS = count_of(10), 5
# What only those know who looked before: everything else about a commit must be the same.
OBSERVED = (
    "first_observed_at",
    "on_default_branch_since_at",
    "left_default_branch_at",
    "unreachable_since_at",
)


READ = (
    *("facts.commits", "facts.commit_files", "facts.merges", "facts.refs"),
    *("marts.velocity_quarterly", "marts.merge_lead_time_quarterly"),
)


@pytest.fixture
def only_read_models(tmp_path):
    """Build what the test reads."""
    with models_of(copy_models(tmp_path / "sql", *READ), BUILDERS):
        yield


@dataclass
class Expected:
    """Observations of each commit by night, recorded without Quarry."""

    first_seen: dict = field(default_factory=dict)
    landed: dict = field(default_factory=dict)
    left: dict = field(default_factory=dict)
    lost: dict = field(default_factory=dict)

    def observe(self, night, history):
        now, on_default = history.reachable(), history.reachable_from_default_branch()
        for commit in now | self.first_seen.keys():
            self.first_seen.setdefault(commit, night)
            if commit in now:
                self.lost.pop(commit, None)
            else:
                self.lost.setdefault(commit, night)
            if commit in on_default:
                self.landed.setdefault(commit, night)
                self.left.pop(commit, None)
            elif commit in self.landed:
                self.left[commit] = night
                del self.landed[commit]


def mine_night_by_night(seed, folder, home):
    """Let a history grow, mining it now and then; return it as it should be known."""
    dice = random.Random(seed)
    history = RandomHistory(Repository.make(folder / f"history-{seed}", bare=True), dice)
    history.repository.seconds -= 4 * 365 * 24 * 3600
    expected = Expected()
    for night in range(dice.randint(3, MOST_NIGHTS)):
        history.step()
        if dice.random() < 0.1:
            history.clean_up()
            shutil.rmtree(home.path / "mirrors", ignore_errors=True)
        home.mine(history.repository.path, day=night)
        expected.observe(night, history)
    home.mine(history.repository.path, day=MOST_NIGHTS)
    return history, expected


def built(home):
    """Build a home's warehouse, and return how to read tables of it."""
    workspace = open_workspace(None, home.path)
    assert publish(workspace, context_of(workspace), NoProgress())

    def read(table):
        with open_for_reading(workspace.warehouse) as connection:
            cursor = connection.execute(f"select * from {table}")
            names = [column[0] for column in cursor.description]
            return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]

    return read


def at(night):
    return DAY_ONE + timedelta(days=night) if night is not None else None


def without(row, names):
    return {name: value for name, value in row.items() if name not in names}


def by(rows, *names):
    found = {tuple(row[name] for name in names): row for row in rows}
    assert len(found) == len(rows)
    return found


def test_random_histories(tmp_path, only_read_models):
    """Whole rows of facts and marts, from two homes: mined every night, and mined once."""
    nightly, once = MinedHome(tmp_path / "nightly"), MinedHome(tmp_path / "once")
    histories = {}
    for seed in range(HISTORIES):
        history, expected = mine_night_by_night(seed, tmp_path, nightly)
        once.mine(history.repository.path, day=MOST_NIGHTS)
        histories[str(history.repository.path)] = history, expected
    left, right = built(nightly), built(once)

    commits = by(left("facts.commits"), "source", "commit_hash")
    for key, row in by(right("facts.commits"), "source", "commit_hash").items():
        assert without(commits[key], OBSERVED) == without(row, OBSERVED)
    for source, (history, expected) in histories.items():
        known = {name for where, name in commits if where == source}
        assert known == expected.first_seen.keys()
        on_default = history.reachable_from_default_branch()
        for commit in known:
            row = commits[source, commit]
            assert row["is_reachable"] == (commit not in expected.lost)
            assert row["is_on_default_branch"] == (commit in on_default)
            assert [row[name] for name in OBSERVED] == [
                at(expected.first_seen[commit]),
                at(expected.landed.get(commit)),
                at(expected.left.get(commit)),
                at(expected.lost.get(commit)),
            ]

    for table, key in (("commit_files", "commit_hash"), ("merges", "merge_hash")):
        shared = [r for r in left(f"facts.{table}") if is_in_reach(r, key, commits)]
        assert in_order(shared) == in_order(right(f"facts.{table}"))
    for mart in ("marts.velocity_quarterly", "marts.merge_lead_time_quarterly"):
        assert in_order(left(mart)) == in_order(right(mart))
    assert len(right("marts.velocity_quarterly")) > len(histories)
    currently = [r for r in left("facts.refs") if r["is_current"]]
    named = ("version_number", "valid_from_at")
    assert in_order(without(r, named) for r in currently) == in_order(
        without(r, named) for r in right("facts.refs")
    )


def is_in_reach(row, key, commits):
    return commits[row["source"], row[key]]["is_reachable"]


def in_order(rows):
    return sorted(map(repr, rows))
