"""List all paths of a commit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from miners.git.command import GitFailed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from miners.git.command import SafeGit

_BLOCK_BYTES = 1 << 20
# Far above the largest repositories; a few trees that contain each other have billions of paths.
MOST_PATHS = 20_000_000


def list_paths(git: SafeGit, commit: str) -> Iterator[tuple[bytes, bytes]]:
    """
    Yield the mode, kind and blob of each path of a commit, and the path.

    Errors:  GitFailed, also for more paths than any repository has.
    Source:  git ls-tree -r -z.
    """
    count, rest = 0, b""
    with git.stream("ls-tree", "-r", "-z", "--full-tree", commit) as output:
        while block := output.read(_BLOCK_BYTES):
            *entries, rest = (rest + block).split(b"\0")
            count += len(entries)
            if count > MOST_PATHS:
                raise GitFailed("ls-tree", 0, f"fatal: too many paths, more than {MOST_PATHS:,}")
            for entry in entries:
                facts, _, path = entry.partition(b"\t")
                yield facts, path
