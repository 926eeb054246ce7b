"""
Read the changed files of commits from git's byte stream.

Source:  git log --raw -z, whose format is in git-log(1). Paths end with NUL and have a known
         position, so that no path, whatever its bytes, can be read as something else.
"""

from __future__ import annotations

from collections import deque
from itertools import islice
from typing import IO, TYPE_CHECKING, NamedTuple

import polars as pl

from miners.git.command import GitFailed, one_per_line
from miners.git.counts import LineCounts, as_pair
from miners.records import RECORDS
from miners.text import decode_path

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from miners.git.command import SafeGit

_BLOCK_BYTES = 1 << 20
# git log keeps every commit that it has printed in memory.
_COMMITS_AT_ONCE = 20_000
# Portions grow: counting begins at once, and later most versions of a file are in one portion.
_FEWEST_FILES, _MOST_FILES = 1 << 11, 1 << 15
# The number of portions that are counted while the next is read.
_PORTIONS_AHEAD = 2
_RAW = (
    *("log", "--no-walk=unsorted", "--stdin", "-z", "--raw", "--no-abbrev", "-M", "--root"),
    *("--no-ext-diff", "--no-textconv", "--no-color", "--no-show-signature"),
    *("--submodule=short", "--ignore-submodules=none", "--format=%H"),
)
_CHANGES = {
    "A": "added",
    "C": "copied",
    "D": "deleted",
    "M": "modified",
    "R": "renamed",
    "T": "type_changed",
}
_KINDS = {
    "100644": "file",
    "100664": "file",
    "100755": "executable",
    "120000": "symlink",
    "160000": "submodule",
}
_ENTRY = ["old_mode", "new_mode", "old_blob", "new_blob", "status"]
_OWN = [field.name for field in RECORDS["commit_files"].fields]


class FileChange(NamedTuple):
    """One file of one commit, as git log --raw prints it; place counts the commits up to it."""

    place: int
    commit_hash: str
    file_number: int
    entry: bytes
    old_path: bytes | None
    path: bytes


def read_changes(
    git: SafeGit, commits: pl.Series, workers: int, take: Callable[[pl.DataFrame, int], None]
) -> None:
    """
    Pass the changed files of all commits to `take` in portions, with the number of commits done.

    Shape:   fields of the record `commit_files`, in the order of the commits, which must not be
             merges.
    Errors:  GitFailed; the portions passed before are then invalid.
    """
    requested: deque[pl.DataFrame] = deque()
    with LineCounts(git, workers) as counts:

        def collect() -> None:
            files = counts.collect(requested.popleft())
            take(files.select(_OWN), files["place"][-1])

        for portion in _portions(_changes(git, commits)):
            requested.append(as_files(portion))
            counts.request(requested[-1])
            if len(requested) > _PORTIONS_AHEAD:
                collect()
        while requested:
            collect()


def _changes(git: SafeGit, commits: pl.Series) -> Iterator[FileChange]:
    for done in range(0, len(commits), _COMMITS_AT_ONCE):
        stdin = one_per_line(commits[done : done + _COMMITS_AT_ONCE])
        with git.stream(*_RAW, stdin=stdin) as output:
            yield from parse_changes(_tokens(output), done)


def parse_changes(tokens: Iterator[bytes], done: int = 0) -> Iterator[FileChange]:
    """
    Parse the NUL-separated stream of git log --raw -z --format=%H, after so many commits.

    Errors:  GitFailed if it ends in the middle of an entry.
    """
    place, commit, number = done, "", 0
    for token in tokens:
        if token[:1] not in {b":", b"\n"}:
            place, commit, number = place + 1, token.decode("ascii"), 0
            continue
        is_in_two_parts = token[token.rfind(b" ") + 1 :][:1] in {b"R", b"C"}
        old_path = next(tokens, None) if is_in_two_parts else None
        path = next(tokens, None)
        if not path:
            raise GitFailed("log", 0, f"corrupt output: a file of {commit} has no path")
        number += 1
        yield FileChange(place, commit, number, token, old_path, path)


def _portions(changes: Iterator[FileChange]) -> Iterator[list[FileChange]]:
    size = _FEWEST_FILES
    while portion := list(islice(changes, size)):
        yield portion
        size = min(2 * size, _MOST_FILES)


def as_files(changes: Sequence[FileChange]) -> pl.DataFrame:
    """
    Return changes with the fields of the record `commit_files` that are not counts.

    Shape:   these fields, place, and the pair that LineCounts needs.
    """
    places, commits, numbers, entries, old_paths, paths = zip(*changes, strict=True)
    decoded = [decode_path(path) for path in paths]
    decoded_old = [decode_path(path) if path else (None, None) for path in old_paths]
    entry = pl.Series("entry", entries, pl.Binary).cast(pl.String).str.strip_chars_start("\n:")
    fields = entry.str.split_exact(" ", 4).struct.rename_fields(_ENTRY).struct.unnest()
    status = pl.col("status").str.head(1)
    is_deleted = status == "D"
    mode = pl.when(is_deleted).then("old_mode").otherwise("new_mode")
    return fields.select(
        pl.Series("place", places, pl.Int64),
        pl.Series("commit_hash", commits, pl.String),
        pl.Series("file_number", numbers, pl.Int64),
        pl.Series("path", [text for text, _ in decoded], pl.String),
        pl.Series("path_bytes", [raw for _, raw in decoded], pl.Binary),
        pl.Series("old_path", [text for text, _ in decoded_old], pl.String),
        pl.Series("old_path_bytes", [raw for _, raw in decoded_old], pl.Binary),
        status.replace_strict(_CHANGES, default="modified").alias("change"),
        mode.replace_strict(_KINDS, default="file").alias("file_kind"),
        as_pair(),
    )


def _tokens(stream: IO[bytes]) -> Iterator[bytes]:
    pending = b""
    while block := stream.read(_BLOCK_BYTES):
        *whole, pending = (pending + block).split(b"\0")
        yield from whole
    if pending.strip(b"\n"):
        yield pending
