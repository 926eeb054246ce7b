"""Real Git repositories with a fixed clock, and homes that mine them."""

from __future__ import annotations

import os
import subprocess
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import polars as pl

from miners import store
from miners.git.address import GitSource, parse_location, short_name
from miners.git.mine import mine_git
from miners.plan import HostEnvironment, MiningPlan
from miners.records import RECORDS

FIRST_SECOND = 1_704_067_200  # 2024-01-01T00:00:00Z
DAY_ONE = datetime(2024, 6, 1, tzinfo=UTC)
PLAIN = {
    "PATH": os.environ["PATH"],
    "HOME": "/nonexistent",
    "LC_ALL": "C.UTF-8",
    "TZ": "UTC",
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_CONFIG_GLOBAL": "/dev/null",
    "GIT_TERMINAL_PROMPT": "0",
}
HOST = HostEnvironment({"PATH": os.environ["PATH"]}, ())


def git(folder, *arguments, stdin=b"", env=None):
    """Run git as a user without settings would; its output, or the error it ended with."""
    done = subprocess.run(
        ["git", *arguments],
        cwd=folder,
        input=stdin,
        env={**PLAIN, **(env or {})},
        capture_output=True,
        check=False,
    )
    if done.returncode:
        raise AssertionError(f"git {arguments}: {done.stderr.decode(errors='replace')}")
    return done.stdout


@dataclass
class Repository:
    """A repository built by plumbing: every byte of every object is as the test says."""

    path: Path
    seconds: int = FIRST_SECOND
    blobs: dict = field(default_factory=dict)

    @classmethod
    def make(cls, path, *options, bare=False):
        path.mkdir(parents=True)
        kind = ["--bare"] if bare else []
        git(path, "init", "--quiet", "--initial-branch=main", "--template=", *kind, *options)
        return cls(path)

    def git(self, *arguments, stdin=b"", **env):
        return git(self.path, *arguments, stdin=stdin, env=env)

    def text(self, *arguments, stdin=b""):
        return self.git(*arguments, stdin=stdin).decode().strip()

    def tick(self):
        """Move the clock on by an hour."""
        self.seconds += 3600
        return self.seconds

    def blob(self, content):
        if content not in self.blobs:
            self.blobs[content] = self.text("hash-object", "-w", "--stdin", stdin=content)
        return self.blobs[content]

    def tree(self, files):
        """Write a tree of {path: content, (mode, content) or (mode, None, object name)}."""
        entries = b""
        for path, entry in files.items():
            mode, content, *name = entry if isinstance(entry, tuple) else ("100644", entry)
            blob = name[0] if name else self.blob(content)
            raw = path if isinstance(path, bytes) else path.encode()
            entries += f"{mode} {blob}\t".encode() + raw + b"\0"
        index = {"GIT_INDEX_FILE": str(self.path / "index.of.test")}
        git(self.path, "read-tree", "--empty", env=index)
        git(self.path, "update-index", "-z", "--index-info", stdin=entries, env=index)
        return git(self.path, "write-tree", env=index).decode().strip()

    def commit(self, message=b"change", files=None, parents=None, **parts):
        """Write a commit of these files; without parents it follows the branch main."""
        at = b"Ada <ada@example.org> %d +0000" % self.tick()
        raw = self.raw_commit(
            self.tree(files or {}),
            self._parents(parents),
            parts.get("author", at),
            parts.get("committer", at),
            message,
            parts.get("headers", b""),
        )
        name = self.text("hash-object", "-t", "commit", "-w", "--literally", "--stdin", stdin=raw)
        self.ref(parts.get("ref", "refs/heads/main"), name)
        return name

    @staticmethod
    def raw_commit(tree, parents, author, committer, message, headers=b""):
        lines = [b"tree " + tree.encode(), *(b"parent " + parent.encode() for parent in parents)]
        lines += [b"author " + author] if author is not None else []
        lines += [b"committer " + committer] if committer is not None else []
        return b"\n".join(lines) + b"\n" + headers + b"\n" + message

    def ref(self, name, target):
        git(self.path, "update-ref", "--no-deref", "--", name, target)

    def tag(self, name, target, kind="commit", message=b"a tag\n", tagger=None):
        by = tagger or b"Ada <ada@example.org> %d +0000" % self.tick()
        raw = f"object {target}\ntype {kind}\ntag {name}\ntagger ".encode() + by + b"\n\n" + message
        made = self.text("hash-object", "-t", "tag", "-w", "--literally", "--stdin", stdin=raw)
        self.ref(f"refs/tags/{name}", made)
        return made

    def _parents(self, parents):
        if parents is not None:
            return parents
        found = self.text("for-each-ref", "--format=%(objectname)", "refs/heads/main")
        return [found] if found else []


@dataclass(frozen=True)
class MinedHome:
    """A home folder, mined without flows."""

    path: Path

    def mine(self, location, day=0, **facts):
        identity, where, protocol = parse_location(str(location), Path.cwd())
        of_plan = {
            k: facts.pop(k) for k in ("timeout_seconds", "is_full", "host", "workers") if k in facts
        }
        named = {"id": identity, "name": short_name(identity)} | facts
        source = GitSource(location=where, protocol=protocol, **named)
        plan = MiningPlan(
            store=self.path / "store",
            mirrors=self.path / "mirrors",
            run_id=f"run-{day}",
            observed_at=DAY_ONE + timedelta(days=day),
            **{"host": HOST, **of_plan},
        )
        return mine_git(source, plan, lambda *_: None)

    def rows(self, record, batch=None):
        """Read what is stored of one kind of record, whole or of one batch."""
        found = store.all_batches(self.path / "store")
        kept = [b for b in found if batch in {None, b.receipt.batch}]
        frames = [pl.read_parquet(path) for b in kept for path in b.paths(record)]
        return pl.concat([pl.DataFrame(schema=RECORDS[record].polars_schema), *frames])

    def commits(self):
        """Read all commits by hash."""
        return {row["commit_hash"]: row for row in self.rows("commits").to_dicts()}

    def reachable(self, scope="any_ref"):
        """Name the commits in reach, by the newest observation of each."""
        rows = self.rows("reachability").filter(scope=scope)
        newest = rows.unique(["source", "commit_hash"], keep="last", maintain_order=True)
        return set(newest.filter(is_reachable=True)["commit_hash"])

    def refs(self):
        """Name the refs that are there, with the commits behind them."""
        rows = self.rows("refs").unique("ref_name", keep="last", maintain_order=True).to_dicts()
        return {row["ref_name"]: row["commit_hash"] for row in rows if row["target_hash"]}

    def mirror(self):
        (found,) = (self.path / "mirrors").glob("*.git")
        return found
