"""Recorder of file operations, and of files not yet flushed."""

from __future__ import annotations

import os
import threading
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pytest

MADE = ("mkdir", "rename", "replace", "link", "symlink")


@dataclass(frozen=True)
class Step:
    """
    One call: fsync, or one that gives a name to a file or folder.

    Shape:   source is what had been written before it was renamed, with all that was in it then.
    """

    kind: str
    path: Path
    source: Path | None = None
    inside: tuple[Path, ...] = ()
    is_folder: bool = False

    def __str__(self):
        return f"{self.kind} {self.path.name}"


@contextmanager
def recorded():
    """Record what this process does with os, in order, from all threads."""
    steps, guard = [], threading.Lock()
    with pytest.MonkeyPatch.context() as patch:
        for kind, step in (("fsync", _flush), *((kind, partial(_named, kind)) for kind in MADE)):
            patch.setattr(os, kind, _recorder(steps, guard, getattr(os, kind), step))
        yield steps


def unsafe(steps, commits=()):
    """
    Name the steps after which a crash could leave half of something, or lose what was finished.

    What is renamed was flushed with all that is in it, files before folders; the folder of a new
    name is flushed after it; what commits the files next to it comes after all of them.
    """
    found = []
    for place, step in enumerate(steps):
        before, after = steps[:place], steps[place + 1 :]
        if step.source:
            found += [f"{step}: {path.name} was not flushed" for path in _unflushed(before, step)]
        if step.kind in MADE and not _is_kept(step, after):
            found.append(f"{step}: {step.path.parent.name} is not flushed afterwards")
        if step.path.name in commits and step.kind in MADE:
            found += _uncommitted(before, step)
    return found


def _unflushed(before, step):
    """List what was renamed, and what is in it, that was not flushed after its last change."""
    flushed = {done.path: place for place, done in enumerate(before) if done.kind == "fsync"}
    named = {}
    for place, done in enumerate(before):
        if not done.is_folder:
            named[done.path.parent] = place
    return [
        path
        for path in (step.source, *step.inside)
        if not _is_link(before, path) and flushed.get(path, -1) < named.get(path, 0)
    ]


def _is_link(before, path):
    """Return whether a path is another name of a file that was flushed under its first one."""
    return any(done.kind in {"link", "symlink"} and done.path == path for done in before)


def _is_kept(step, after):
    """Return whether the folder of a new name is flushed afterwards, or renamed with the name."""
    folder = step.path.parent
    for done in after:
        if done.kind == "fsync" and done.path == folder:
            return True
        if done.source in {step.path, *step.path.parents}:
            return True
    return False


def _uncommitted(before, step):
    folder = step.path.parent
    flushed = {done.path for done in before if done.kind == "fsync"}
    others = [path for path in folder.iterdir() if path != step.path] if folder.is_dir() else []
    missing = [path for path in (*others, folder) if path not in flushed]
    return [f"{step}: {path.name} was not flushed before" for path in missing]


def _recorder(steps, guard, call, step):
    def record(*arguments, **more):
        noted = step(*arguments)
        result = call(*arguments, **more)
        with guard:
            steps.append(noted)
        return result

    return record


def _flush(handle):
    path = Path(f"/proc/self/fd/{handle}").readlink()
    return Step("fsync", path, is_folder=path.is_dir())


def _named(kind, first, second=None, *_):
    if kind == "mkdir":
        return Step(kind, Path(first))
    if kind in {"link", "symlink"}:
        return Step(kind, Path(second))
    source = Path(first)
    if source.is_symlink():
        # It has no content of its own.
        return Step(kind, Path(second))
    inside = tuple(sorted(source.rglob("*"))) if source.is_dir() else ()
    return Step(kind, Path(second), source, inside)
