"""Rows of the records of a Git repository, in field order."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

import polars as pl

from miners.errors import MalformedRecord
from miners.git.command import one_per_line
from miners.git.history import blob_at
from miners.git.objects import parse_commit, parse_tag, read_objects
from miners.git.path_attributes import read_path_attributes
from miners.git.refs import ref_kind
from miners.git.trailers import parse_trailers
from miners.mailmap import parse_mailmap

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from miners.git.address import GitSource
    from miners.git.command import SafeGit
    from miners.git.history import Difference, RefSnapshot

Row = tuple[Any, ...]
# Where a cursor has the hash of the path attributes.
ATTRIBUTES = "attributes"
_COMMIT_HASH, _BODY = 0, 12


@dataclass(frozen=True)
class TipFiles:
    """The files of the default branch that Quarry reads: their hashes, null if there are none."""

    mailmap: str | None
    attributes: str | None
    attribute_rows: list[Row]

    @classmethod
    def read(cls, git: SafeGit, commit: str | None) -> Self:
        return cls(blob_at(git, commit, ".mailmap"), *read_path_attributes(git, commit))

    def to_cursor(self) -> dict[str, str | None]:
        return {"mailmap": self.mailmap, ATTRIBUTES: self.attributes}


def repository(source: GitSource, object_format: str, now: RefSnapshot, files: TipFiles) -> Row:
    """Return the row of the repository itself."""
    return (
        source.name,
        source.location,
        object_format,
        now.default.ref,
        now.tip,
        not now.refs,
        files.mailmap,
        now.default.evidence,
        files.attributes,
    )


def refs(before: RefSnapshot, now: RefSnapshot) -> Iterator[Row]:
    """Yield the refs that are new, point elsewhere, or were deleted (with no target)."""
    for name, ref in sorted(now.refs.items()):
        symbolic = now.head_branch if name == "HEAD" else None
        is_same_head = name != "HEAD" or before.head_branch == now.head_branch
        if before.refs.get(name) != ref or not is_same_head:
            yield name, ref_kind(name), ref.target, ref.commit, symbolic
    for name in sorted(before.refs.keys() - now.refs.keys()):
        yield name, ref_kind(name), None, None, None


def reachability(difference: Difference) -> pl.DataFrame:
    """List the commits that became reachable, or unreachable, by scope."""
    parts = (
        ("any_ref", difference.added, True),
        ("any_ref", difference.removed, False),
        ("default_branch", difference.landed, True),
        ("default_branch", difference.left, False),
    )
    return pl.concat(
        commits.to_frame("commit_hash").select(
            pl.lit(scope).alias("scope"), "commit_hash", pl.lit(is_reachable).alias("is_reachable")
        )
        for scope, commits, is_reachable in parts
    )


def mailmap_entries(git: SafeGit, mailmap: str) -> Iterator[Row]:
    """Yield the lines of a repository's .mailmap."""
    text = git.run("cat-file", "blob", mailmap).decode("utf-8", errors="replace")
    for line in parse_mailmap(text):
        yield (
            mailmap,
            line.line_number,
            line.proper_name,
            line.proper_email,
            line.commit_name,
            line.commit_email,
        )


def commits(git: SafeGit, hashes: Collection[str], fallback: str) -> Iterator[tuple[str, Row]]:
    """Yield (record, row) for commits and their trailers."""
    for name, _, raw in _objects(git, hashes):
        try:
            row = parse_commit(name, raw, fallback)
        except MalformedRecord as malformed:
            yield "rejects", ("commits", name, malformed.reason, malformed.payload)
            continue
        yield "commits", row
        for number, (token, value) in enumerate(parse_trailers(row[_BODY]), start=1):
            yield "commit_trailers", (row[_COMMIT_HASH], number, token, value)


def tags(git: SafeGit, hashes: Collection[str], fallback: str) -> Iterator[tuple[str, Row]]:
    """Yield (record, row) for annotated tags, and for the tags that these name."""
    for name, kind, raw in _objects(git, hashes):
        if kind != "tag":
            continue
        try:
            row = parse_tag(name, raw, fallback)
        except MalformedRecord as malformed:
            yield "rejects", ("tags", name, malformed.reason, malformed.payload)
            continue
        yield "tags", row
        _, _, target, target_kind, *_ = row
        if target_kind == "tag":
            yield from tags(git, [target], fallback)


def _objects(git: SafeGit, hashes: Collection[str]) -> Iterator[tuple[str, str, bytes]]:
    if len(hashes):
        with git.stream("cat-file", "--batch", stdin=one_per_line(hashes)) as output:
            yield from read_objects(output)
