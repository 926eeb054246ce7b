"""
The files of every commit, from git's byte stream.

Source: git log --raw --numstat -z, whose format is in git-log(1). Paths end with NUL and stand in
a known place, so that no path, whatever its bytes, can be taken for something else.
"""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import IO, TYPE_CHECKING, Any

from miners.git.command import GitFailed, one_per_line
from miners.text import decode_path

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from miners.git.command import SafeGit

_BLOCK_BYTES = 1 << 20
_FEWEST_COMMITS = 1000
_CHANGES = {
    b"A": "added",
    b"C": "copied",
    b"D": "deleted",
    b"M": "modified",
    b"R": "renamed",
    b"T": "type_changed",
}
_KINDS = {
    b"100644": "file",
    b"100664": "file",
    b"100755": "executable",
    b"120000": "symlink",
    b"160000": "submodule",
}

Row = tuple[Any, ...]


def read_changes(
    git: SafeGit, commits: Sequence[str], workers: int, take: Callable[[list[Row], int], None]
) -> None:
    """
    Hand the changed files of all commits to `take`, with the number of commits, in portions.

    Shape:   fields of the record `commit_files`; commits must not be merges.
    Errors:  GitFailed; what was taken before is then worth nothing.
    """
    ranges = Ranges(len(commits), workers)
    guard = threading.Lock()

    def work(worker: int) -> None:
        while span := ranges.take(worker):
            rows = _changes_of(git, commits[span.start : span.stop])
            with guard:
                take(rows, len(span))

    with ThreadPoolExecutor(workers) as pool:
        for done in [pool.submit(work, worker) for worker in range(workers)]:
            done.result()


class Ranges:
    """
    Hand out contiguous ranges of 0..total to workers, each from its own share first.

    git's cache of delta bases lives on neighbours, so a worker keeps to one stretch of history; it
    takes half of what is left of it at a time, and half of the largest other share when dry.
    """

    def __init__(self, total: int, workers: int) -> None:
        bounds = [total * worker // workers for worker in range(workers + 1)]
        self._shares = [range(bounds[i], bounds[i + 1]) for i in range(workers)]
        self._guard = threading.Lock()

    def take(self, worker: int) -> range:
        """Return the next range for a worker; an empty one when all is handed out."""
        with self._guard:
            if not self._shares[worker]:
                self._steal(worker)
            share = self._shares[worker]
            size = max(_FEWEST_COMMITS, len(share) // 2)
            self._shares[worker] = share[size:]
            return share[:size]

    def _steal(self, worker: int) -> None:
        victim = max(range(len(self._shares)), key=lambda other: len(self._shares[other]))
        share = self._shares[victim]
        kept = len(share) // 2 if len(share) > _FEWEST_COMMITS else 0
        self._shares[victim], self._shares[worker] = share[:kept], share[kept:]


def _changes_of(git: SafeGit, commits: Sequence[str]) -> list[Row]:
    arguments = (
        *("log", "--no-walk=unsorted", "--stdin", "-z", "--raw", "--no-abbrev", "--numstat", "-M"),
        *("--root", "--no-ext-diff", "--no-textconv", "--no-color", "--no-show-signature"),
        *("--submodule=short", "--ignore-submodules=none", "--format=%H"),
    )
    with git.stream(*arguments, stdin=one_per_line(commits)) as output:
        return list(parse_changes(_tokens(output)))


def parse_changes(tokens: Iterator[bytes]) -> Iterator[Row]:
    """
    Read the NUL-separated stream of git log --raw --numstat -z --format=%H.

    Errors:  GitFailed when the two halves of a commit's answer do not fit together.
    """
    token = next(tokens, None)
    while token:
        commit = token.decode("ascii")
        token = next(tokens, None)
        entries = []
        while token and token.lstrip(b"\n").startswith(b":"):
            status = token.rpartition(b" ")[2][:1]
            old_path = next(tokens) if status in b"RC" else None
            entries.append((token, status, old_path, next(tokens)))
            token = next(tokens, None)
        for number, entry in enumerate(entries, start=1):
            if token is None:
                raise GitFailed("log", 0, f"corrupt answer: no counts for {commit}")
            yield _row(commit, number, entry, _counts(token, tokens, entry[2:]))
            token = next(tokens, None)


def _counts(
    token: bytes, tokens: Iterator[bytes], paths: tuple[bytes | None, bytes]
) -> list[bytes]:
    added, deleted, path = token.split(b"\t", 2)
    found = (None, path) if path else (next(tokens), next(tokens))
    if found != paths:
        raise GitFailed("log", 0, "corrupt answer: paths and counts do not fit together")
    return [added, deleted]


def _row(
    commit: str, number: int, entry: tuple[bytes, bytes, bytes | None, bytes], counts: list[bytes]
) -> Row:
    modes, status, raw_old_path, raw_path = entry
    old_mode, new_mode = modes.lstrip(b"\n").split(b" ", 2)[:2]
    mode = old_mode[1:] if status == b"D" else new_mode
    path, path_bytes = decode_path(raw_path)
    old_path, old_path_bytes = decode_path(raw_old_path) if raw_old_path else (None, None)
    is_binary = counts[0] == b"-"
    return (
        commit,
        number,
        path,
        path_bytes,
        old_path,
        old_path_bytes,
        _CHANGES.get(status, "modified"),
        _KINDS.get(mode, "file"),
        None if is_binary else int(counts[0]),
        None if is_binary else int(counts[1]),
        is_binary,
    )


def _tokens(stream: IO[bytes]) -> Iterator[bytes]:
    rest = b""
    while block := stream.read(_BLOCK_BYTES):
        *whole, rest = (rest + block).split(b"\0")
        yield from whole
    if rest.strip(b"\n"):
        yield rest
