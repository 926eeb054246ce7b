"""Homes that mine a tracker, and readers of their store."""

from __future__ import annotations

from dataclasses import dataclass

from miners.plan import HostEnvironment, MiningPlan
from miners.records import RECORDS
from miners.tracker.address import Host, TrackerSource
from miners.tracker.mine import mine_tracker
from tests.support.git.repositories import DAY_ONE, MinedHome

GITHUB, GITLAB = "github", "gitlab"
TOKEN = "ghp_ofTheTests0123456789"
SOURCE = "github.example/ada/orchard#tracker"


@dataclass(frozen=True)
class TrackerHome(MinedHome):
    """A home folder in which trackers are mined without flows."""

    def track(self, fake, path="ada/orchard", run=0, kind=GITHUB, **facts):
        source = tracker_source(fake.url, path, kind, facts)
        plan = MiningPlan(
            store=self.path / "store",
            mirrors=self.path / "mirrors",
            run_id=f"run-{run}",
            observed_at=DAY_ONE,
            host=HostEnvironment(facts.pop("environment", {})),
            **facts,
        )
        return mine_tracker(source, plan, lambda *_: None)

    def live(self, record):
        """Read the newest version of each thing that is not deleted, by its key."""
        newest = {_key(record, row): row for row in self.rows(record).to_dicts()}
        return {key: row for key, row in newest.items() if f"{record}/{key}" not in self.deleted()}

    def deleted(self):
        """Name what is deleted, with its fate and where it went."""
        newest = {_key("tombstones", row): row for row in self.rows("tombstones").to_dicts()}
        return {
            key: (row["fate"], row["moved_to"]) for key, row in newest.items() if row["is_gone"]
        }

    def rejects(self):
        return {_key("rejects", row): row for row in self.rows("rejects").to_dicts()}

    def files(self):
        return sorted(path for path in self.path.rglob("*") if path.is_file())


def tracker_source(url, path="ada/orchard", kind=GITHUB, facts=None):
    """Make a source of a tracker; what it takes of the facts is taken out of them."""
    facts = {} if facts is None else facts
    name = url.partition("://")[2]
    of_host = {n: facts.pop(n) for n in ("app", "ca_file", "token") if n in facts}
    host = Host(name=name, kind=kind, api=facts.pop("api", url), **{"token": TOKEN, **of_host})
    identity = facts.pop("id", SOURCE)
    of_source = {n: facts.pop(n) for n in ("keeps_payloads",) if n in facts}
    return TrackerSource(
        id=identity,
        name=path,
        host=host,
        path=path,
        repository="github.example/ada/orchard",
        **of_source,
    )


def _key(record, row):
    return "/".join(str(row[name]) for name in RECORDS[record].key)
