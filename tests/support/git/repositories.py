"""Real Git repositories with a fixed clock, and homes that mine them."""

from __future__ import annotations

import hashlib
import os
import subprocess
import zlib
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cached_property
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
    """
    A repository of which every byte of every object is as the test says.

    Objects are written here and not by git: a commit would take seven processes.
    """

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
            self.blobs[content] = self.write_object("blob", content)
        return self.blobs[content]

    def write_object(self, kind, content):
        """Write a loose object of any content; return its name."""
        whole = f"{kind} {len(content)}\0".encode() + content
        name = hashlib.new(self._algorithm, whole).hexdigest()
        path = self._git_dir / "objects" / name[:2] / name[2:]
        if not path.exists():
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(zlib.compress(whole, 1))
            path.chmod(0o444)
        return name

    def tree(self, files):
        """Write a tree of {path: content, (mode, content) or (mode, None, object name)}."""
        entries = {}
        for path, entry in files.items():
            mode, content, *name = entry if isinstance(entry, tuple) else ("100644", entry)
            blob = name[0] if name else self.blob(content)
            entries[path if isinstance(path, bytes) else path.encode()] = mode, blob
        return self._tree_of(entries)

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
        name = self.write_object("commit", raw)
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
        made = self.write_object("tag", raw)
        self.ref(f"refs/tags/{name}", made)
        return made

    def _parents(self, parents):
        if parents is not None:
            return parents
        main = self._git_dir / "refs" / "heads" / "main"
        if main.is_file():
            return [main.read_text().strip()]
        found = self.text("for-each-ref", "--format=%(objectname)", "refs/heads/main")
        return [found] if found else []

    @cached_property
    def _git_dir(self):
        inner = self.path / ".git"
        return inner if inner.is_dir() else self.path

    @cached_property
    def _algorithm(self):
        config = (self._git_dir / "config").read_text("utf-8").lower()
        return "sha256" if "objectformat = sha256" in config else "sha1"

    def _tree_of(self, entries):
        """Write a tree of {path: (mode, object name)}, and those of its folders."""
        files, folders = {}, {}
        for path, entry in entries.items():
            name, is_deeper, rest = path.partition(b"/")
            if is_deeper:
                folders.setdefault(name, {})[rest] = entry
            else:
                files[name] = entry
        # Git sorts a folder as if its name ended with a slash.
        items = [(name, name, *entry) for name, entry in files.items()]
        items += [(n + b"/", n, "40000", self._tree_of(inner)) for n, inner in folders.items()]
        lines = (
            mode.encode() + b" " + name + b"\0" + bytes.fromhex(made)
            for _, name, mode, made in sorted(items)
        )
        return self.write_object("tree", b"".join(lines))


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
