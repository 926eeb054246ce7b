"""Checks of a repository on this machine before git reads it."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from miners.errors import SourceDenied

if TYPE_CHECKING:
    from collections.abc import Iterator

UNSHALLOW = "Fetch its whole history there with git fetch --unshallow, then run again"
NO_PATH, NO_REPOSITORY = "this path does not exist", "this is not a Git repository"
_CORRECT_PATH = "Correct the path, or remove the source from quarry.toml"
_REPACK = (
    "Mine the repository that has them, or copy them into it with git repack -a -d and remove "
    "objects/info/alternates"
)
_GRANT = "Give the user of the run the right to read it"
_COMPLETE = "Mine a complete clone of it instead"


def refuse_unsafe(source: str, path: Path) -> None:
    """
    Refuse a path without a whole repository of its own.

    Errors:  SourceDenied; git would copy the objects of any repository that a folder refers to.
    """
    try:
        refusal = _refusal(path)
    except OSError as error:
        refusal = f"it cannot be read ({error.strerror})", _GRANT
    if refusal:
        raise SourceDenied(source, *refusal)


def _refusal(path: Path) -> tuple[str, str] | None:
    """Return why a path is refused, and what to do."""
    if not path.exists():
        return NO_PATH, _CORRECT_PATH
    git_dir = git_dir_of(path)
    if git_dir is None:
        return NO_REPOSITORY, _CORRECT_PATH
    if (git_dir / "shallow").exists():
        return "the repository is shallow", UNSHALLOW
    if borrowed := next(_borrowed(git_dir), None):
        return f"the repository borrows objects of another ({borrowed})", _REPACK
    if any(git_dir.glob("objects/pack/*.promisor")):
        return "the repository is a partial clone", _COMPLETE
    return None


def git_dir_of(path: Path) -> Path | None:
    """Return the folder with the objects of a worktree, a linked worktree or a bare repository."""
    dot_git = path / ".git"
    with suppress(OSError):
        if dot_git.is_file():
            pointed = dot_git.read_text("utf-8").partition("gitdir:")[2].strip()
            linked = _real(path / pointed)
            common = _common_dir(linked)
            # A linked worktree is inside its repository; any other one would borrow.
            return common if common and linked.is_relative_to(common) else linked
    return next((p for p in (dot_git, path) if (p / "objects").is_dir()), None)


def _common_dir(git_dir: Path) -> Path | None:
    common = git_dir / "commondir"
    return _real(git_dir / common.read_text("utf-8").strip()) if common.exists() else None


def _borrowed(git_dir: Path) -> Iterator[str]:
    """List what makes git read objects outside a repository."""
    for name in ("commondir", "objects/info/alternates"):
        if (git_dir / name).exists():
            yield name
    inside, objects = _real(git_dir), git_dir / "objects"
    for link in [objects] if objects.is_symlink() else _links(objects):
        if not _real(link).is_relative_to(inside):
            yield str(link.relative_to(git_dir))


def _links(folder: Path) -> Iterator[Path]:
    """List the links below a folder; a listing says which these are."""
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.is_symlink():
                yield Path(entry.path)
            elif entry.is_dir():
                yield from _links(Path(entry.path))


def _real(path: Path) -> Path:
    """Follow links; unlike Path.resolve, a loop of links is no error."""
    return Path(os.path.realpath(path))
