"""
Count the changed lines between blobs, once per pair.

git compares trees, not lists of blobs. So pairs are written into two trees, in which each pair has
a name of its own, and git diff-tree --numstat counts them all. The versions of one file are next to
each other: each is unpacked from the one before it, with a small cache of such bases.
"""

from __future__ import annotations

import shutil
from collections import deque
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from itertools import count
from typing import TYPE_CHECKING, NamedTuple, Self

import polars as pl

from miners.git.command import GitFailed

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from concurrent.futures import Future
    from pathlib import Path
    from types import TracebackType

    from miners.git.command import SafeGit

# Pairs per process: enough to be worth its start, few enough to spread evenly.
_PAIRS_AT_ONCE = 2000
# A picked or rebased commit is near its twin, so not all pairs of a history are kept.
_REQUESTS_KEPT = 8
# The byte before the hash of a side is its kind, as two digits like the hash.
_ABSENT, _FILE, _SUBMODULE = "00", "01", "02"
# Input of git mktree. Permissions do not change a count, but without a difference in them git
# does not print a pair of equal blobs.
_OLD_ENTRY = {_FILE: "100644 blob ", _SUBMODULE: "160000 commit "}
_NEW_ENTRY = _OLD_ENTRY | {_FILE: "100755 blob "}
_COUNTS = {"lines_added": pl.Int64(), "lines_deleted": pl.Int64(), "is_binary": pl.Boolean()}
# git prints no submodule that was only moved.
_OF_THE_MOVED = {"lines_added": 0, "lines_deleted": 0, "is_binary": False}
_NUMSTAT = (
    *("diff-tree", "-z", "--numstat", "--no-renames", "--no-ext-diff", "--no-textconv"),
    *("--no-color", "--submodule=short", "--ignore-submodules=none"),
)


class _CountRequest(NamedTuple):
    pairs: pl.DataFrame
    trees: Path
    results: list[Future[pl.DataFrame]]


class LineCounts:
    """
    Request the counts of files without waiting, and collect them later in the same order.

    Shape:   files have a pair, see `as_pair`, and a path; they are returned with lines_added,
             lines_deleted and is_binary of the record `commit_files`.
    Errors:  GitFailed, when the counts are collected.
    """

    def __init__(self, git: SafeGit, workers: int) -> None:
        self._git = replace(git, flags=(*git.flags, "-c", "core.deltaBaseCacheLimit=16m"))
        self._folder = git.git_dir / "pairs"
        self._pool = ThreadPoolExecutor(workers)
        self._numbers = count()
        self._requests: deque[_CountRequest] = deque()
        self._requested = deque([pl.DataFrame(schema={"pair": pl.Binary()})], _REQUESTS_KEPT)
        # The pairs known when the next files were requested, and those of these files.
        self._counted: deque[pl.DataFrame] = deque(maxlen=_REQUESTS_KEPT + 1)

    def __enter__(self) -> Self:
        shutil.rmtree(self._folder, ignore_errors=True)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._pool.shutdown(cancel_futures=True)
        shutil.rmtree(self._folder, ignore_errors=True)

    def request(self, files: pl.DataFrame) -> None:
        """Start counting the pairs that were not requested before."""
        pairs = (
            files.select("pair", "path")
            .filter(~_is_submodule_that_moved())
            .unique("pair", keep="first", maintain_order=True)
            .join(pl.concat(self._requested), on="pair", how="anti", maintain_order="left")
            .sort("path", maintain_order=True)
            .select("pair")
        )
        self._requested.append(pairs)
        trees = self._folder / str(next(self._numbers))
        git = _with_objects_of_its_own(self._git, trees)
        results = [
            self._pool.submit(_count, git, *names, len(part))
            for part, names in zip(_parts(pairs), _write_trees(git, pairs), strict=True)
        ]
        self._requests.append(_CountRequest(pairs, trees, results))

    def collect(self, files: pl.DataFrame) -> pl.DataFrame:
        """Return the files that were requested first, with their counts."""
        request = self._requests.popleft()
        results = [result.result() for result in request.results]
        shutil.rmtree(request.trees)
        counts = pl.concat([pl.DataFrame(schema=_COUNTS), *results])
        self._counted.append(request.pairs.hstack(counts))
        counted = pl.concat(self._counted)
        has_moved = _is_submodule_that_moved()
        return files.join(counted, on="pair", how="left", maintain_order="left").with_columns(
            pl.when(has_moved).then(pl.lit(value, _COUNTS[name])).otherwise(name).alias(name)
            for name, value in _OF_THE_MOVED.items()
        )


def as_pair() -> pl.Expr:
    """
    Return both sides of changes that have old_mode, old_blob, new_mode and new_blob.

    Shape:   kind and hash of each side, in bytes, because many are kept.
    """
    sides = (_kind("old_mode"), pl.col("old_blob"), _kind("new_mode"), pl.col("new_blob"))
    return pl.concat_str(sides).str.decode("hex").alias("pair")


def _kind(mode: str) -> pl.Expr:
    return pl.col(mode).replace_strict({"000000": _ABSENT, "160000": _SUBMODULE}, default=_FILE)


def _sides() -> tuple[pl.Expr, pl.Expr]:
    pair = pl.col("pair")
    half = pair.bin.size() // 2
    return pair.bin.slice(0, half).alias("old"), pair.bin.slice(half).alias("new")


def _is_submodule_that_moved() -> pl.Expr:
    old, new = _sides()
    return old.bin.starts_with(bytes.fromhex(_SUBMODULE)) & (old == new)


def _parts(pairs: pl.DataFrame) -> Iterator[pl.DataFrame]:
    return pairs.iter_slices(_PAIRS_AT_ONCE)


def _with_objects_of_its_own(git: SafeGit, folder: Path) -> SafeGit:
    """Return git that writes objects into a folder, and reads those of the mirror as well."""
    (folder / "info").mkdir(parents=True)
    (folder / "info/alternates").write_text("../../objects\n", encoding="ascii")
    return replace(git, variables={**git.variables, "GIT_OBJECT_DIRECTORY": str(folder)})


def _write_trees(git: SafeGit, pairs: pl.DataFrame) -> Iterator[tuple[str, str]]:
    """Write two trees for each part of the pairs, and return their names."""
    trees = "".join(f"{tree}\n" for part in _parts(pairs) for tree in trees_of(part))
    names = iter(git.lines("mktree", "--batch", "--missing", stdin=trees.encode()))
    return zip(names, names, strict=True)


def trees_of(pairs: pl.DataFrame) -> tuple[str, str]:
    """Return the trees of all old and of all new sides, as input of git mktree."""
    numbered = pairs.select(pl.int_range(pl.len()).alias("number"), *_sides())
    return _tree(numbered, "old", _OLD_ENTRY), _tree(numbered, "new", _NEW_ENTRY)


def _tree(numbered: pl.DataFrame, side: str, entry_of: Mapping[str, str]) -> str:
    name = pl.col(side).bin.encode("hex")
    kind, number = name.str.head(2), pl.col("number").cast(pl.String).str.zfill(8)
    entry = kind.replace_strict(entry_of, default=None)
    lines = pl.concat_str(entry, name.str.slice(2), pl.lit("\t"), number, pl.lit("\n"))
    text: str = numbered.select(lines.str.join("", ignore_nulls=True)).item()
    return text


def _count(git: SafeGit, old_tree: str, new_tree: str, pair_count: int) -> pl.DataFrame:
    output = git.run(*_NUMSTAT, old_tree, new_tree).decode("ascii")
    return parse_counts(output, pair_count)


def parse_counts(output: str, pair_count: int) -> pl.DataFrame:
    """
    Parse the counts of pairs that are named by their numbers.

    Errors:  GitFailed if a pair is missing.
    """
    lines = pl.Series("line", output.split("\0")[:-1], pl.String)
    fields = lines.str.split_exact("\t", 2).struct.rename_fields(["added", "deleted", "number"])
    counts = fields.struct.unnest()
    if counts["number"].cast(pl.Int64).to_list() != list(range(pair_count)):
        raise GitFailed("diff-tree", 0, f"corrupt output: not the counts of {pair_count} pairs")
    return counts.select(
        pl.col("added").cast(pl.Int64, strict=False).alias("lines_added"),
        pl.col("deleted").cast(pl.Int64, strict=False).alias("lines_deleted"),
        (pl.col("added") == "-").alias("is_binary"),
    )
