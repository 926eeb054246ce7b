"""Bare mirror of a repository, created atomically and refreshed by fetch."""

from __future__ import annotations

import os
import shutil
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from miners.errors import SourceDenied
from miners.git.command import GitFailed, SafeGit, one_per_line
from miners.git.failures import (
    is_refused_object,
    missing_object,
    refused_fault,
    tolerated_faults,
)
from miners.git.hardening import WITHOUT_FSCK
from miners.git.local_repository import UNSHALLOW, git_dir_of, refuse_unsafe
from miners.git.refs import HEAD_REF, PATTERNS, packed_refs, parse_advertisement
from miners.store import make_folder, source_folder, write_atomically

if TYPE_CHECKING:
    from miners.git.address import GitSource
    from miners.git.refs import RefAdvertisement
    from miners.plan import HostEnvironment

_EMPTY_TREES = {
    "sha1": "4b825dc642cb6eb9a060e54bf8d69288fbee4904",
    "sha256": "6ef19b41225c5369f1c104d45d8d85efa9b057b53b14b4b9b939dd74decc5321",
}
# The process that serves a local repository ignores our settings, except on its command line.
_WITHOUT_GRAFTS = ("--upload-pack=GIT_GRAFT_FILE=/dev/null git-upload-pack",)
# git writes a file for each ref that it fetches; above this number all are kept in one file.
_MOST_LOOSE_REFS = 1000
_REPAIR = "Point the branch to a commit that is there, then run again"


class Mirror:
    """The mirror of one source, in a folder of mirrors."""

    def __init__(
        self, mirrors: Path, source: GitSource, host: HostEnvironment, timeout_seconds: float
    ) -> None:
        self.path = source_folder(mirrors, source.id).with_suffix(".git")
        self.source = source
        self._host, self._timeout_seconds = host, timeout_seconds
        # How many objects of the last fetch have which fault, by git's names.
        self.faults: Counter[str] = Counter()
        # The refs that the last fetch skipped, because their objects are not in the source.
        self.broken: frozenset[str] = frozenset()

    @property
    def patterns(self) -> tuple[str, ...]:
        """Return the patterns of mirrored refs, in which * is any text."""
        return (*PATTERNS, *self.source.extra_refs)

    def survey(self) -> RefAdvertisement:
        """
        Ask the source for its refs; nothing is fetched.

        Source:  git ls-remote --symref.
        """
        if self.source.protocol == "file":
            refuse_unsafe(self.source.id, Path(self.source.location))
        make_folder(self.path.parent)
        # In a folder that never exists, so that a damaged mirror is not in the way.
        remote = self._git(self.path.with_suffix(".none"), remote=True)
        lines = remote.lines("ls-remote", "--symref", "--end-of-options", self.source.location)
        return parse_advertisement(lines, self.patterns)

    def refresh(self, advertised: RefAdvertisement) -> SafeGit:
        """
        Fetch what is advertised, and return git on the mirror for reading.

        Errors:  GitFailed; an unfinished mirror is removed.
        """
        is_usable = self.path.is_dir() and not (self.path / "shallow").exists()
        has_format = not advertised.refs or self._has_format(advertised.object_format)
        if not is_usable or not has_format:
            self.discard()
        if not self.path.exists():
            self._make(advertised)
        else:
            _remove_stale_locks(self.path)
            self._fetch(self.path, advertised)
            self._pack_refs()
        return self.reader(advertised)

    def _has_format(self, object_format: str) -> bool:
        """Return whether the mirror has the right object format; an empty source may change it."""
        config = self.path / "config"
        is_sha256 = config.is_file() and "sha256" in config.read_text("utf-8", "replace")
        return is_sha256 == (object_format == "sha256")

    def reader(self, advertised: RefAdvertisement) -> SafeGit:
        """Return git on the mirror, without access to anything else."""
        return self._git(self.path, object_format=advertised.object_format)

    def is_readable(self) -> bool:
        """Return whether git can list the refs of the mirror."""
        try:
            self._git(self.path).run("for-each-ref", "--format=%(objectname)")
        except GitFailed:
            return False
        return True

    def discard(self) -> None:
        """Remove the mirror; the next refresh creates it again."""
        if os.path.lexists(self.path):
            self.path.replace(self._temporary())

    def _temporary(self) -> Path:
        """Return the folder in which a mirror is created or removed, so that none is incomplete."""
        begun = self.path.with_suffix(".begun")
        if begun.is_dir() and not begun.is_symlink():
            shutil.rmtree(begun, ignore_errors=True)
        else:
            begun.unlink(missing_ok=True)
        return begun

    def _make(self, advertised: RefAdvertisement) -> None:
        begun = self._temporary()
        self._git(begun).run(
            "init",
            "--quiet",
            "--bare",
            "--template=",
            f"--object-format={advertised.object_format}",
        )
        try:
            self._fetch(begun, advertised, is_new=True)
        except BaseException:
            self._temporary()
            raise
        begun.rename(self.path)

    def _fetch(self, path: Path, advertised: RefAdvertisement, *, is_new: bool = False) -> None:
        """Fetch all refs but broken ones, which would stop the others."""
        self.broken, suspects = advertised.broken, set[str]()
        is_packed = is_new and len(advertised.refs) > _MOST_LOOSE_REFS
        while True:
            try:
                if is_packed:
                    return self._fetch_packed(path, advertised)
                return self._run_fetch(path, advertised, self._refspecs(advertised))
            except GitFailed as failure:
                missing = missing_object(failure)
                names = {name for name, target in advertised.refs.items() if target == missing}
                if not names:
                    raise
                # A branch may move between the listing and the fetch: it is asked for twice.
                if missing in suspects:
                    self._skip(frozenset(names), advertised)
                suspects.add(str(missing))

    def _refspecs(self, advertised: RefAdvertisement) -> list[str]:
        head = [f"+HEAD:{HEAD_REF}"] if "HEAD" in advertised.refs else []
        patterns = (f"+{pattern}:{pattern}" for pattern in self.patterns)
        return [*patterns, *(f"^{name}" for name in sorted(self.broken)), *head]

    def _fetch_packed(self, path: Path, advertised: RefAdvertisement) -> None:
        """Fetch the objects that refs name, then write all refs as one file."""
        refs = {name: oid for name, oid in advertised.refs.items() if name not in self.broken}
        self._run_fetch(path, advertised, sorted(set(refs.values())))
        write_atomically(path / "packed-refs", packed_refs(refs))

    def _pack_refs(self) -> None:
        """Keep many refs in one file: git reads thousands of files slowly."""
        if sum(len(files) for *_, files in os.walk(self.path / "refs")) > _MOST_LOOSE_REFS:
            self._git(self.path).run("pack-refs", "--all")

    def _skip(self, names: frozenset[str], advertised: RefAdvertisement) -> None:
        if {"HEAD", advertised.default.ref} & names or self.broken >= names:
            problem = f"{max(names)} refers to an object that is not there"
            raise SourceDenied(self.source.id, problem, _REPAIR)
        self.broken |= names

    def _run_fetch(self, path: Path, advertised: RefAdvertisement, refspecs: list[str]) -> None:
        remote = self._git(path, remote=True, object_format=advertised.object_format)
        arguments = (
            "fetch",
            "--quiet",
            "--prune",
            "--no-tags",
            "--no-write-fetch-head",
            # Without it git fetches nothing from a shallow source and reports success.
            "--update-shallow",
            *(_WITHOUT_GRAFTS if self.source.protocol == "file" else ()),
            "--stdin",
            "--end-of-options",
            self.source.location,
        )
        stdin = one_per_line(refspecs)
        try:
            self.faults = tolerated_faults(remote.warnings(*arguments, stdin=stdin))
        except GitFailed as failure:
            if not is_refused_object(failure):
                raise
            unchecked = replace(remote, flags=(*remote.flags, *WITHOUT_FSCK))
            unchecked.run(*arguments, stdin=stdin)
            self.faults = Counter({refused_fault(failure): 1})
        if (path / "shallow").exists():
            shutil.rmtree(path)
            raise SourceDenied(self.source.id, "the repository is shallow", UNSHALLOW)

    def _git(self, path: Path, *, remote: bool = False, object_format: str = "sha1") -> SafeGit:
        variables = {"GIT_ATTR_SOURCE": _EMPTY_TREES[object_format]}
        git = SafeGit(
            git_dir=path,
            host=self._host,
            variables=variables,
            timeout_seconds=self._timeout_seconds,
        )
        if not remote:
            return git
        helper = self.source.credential_helper
        return replace(
            git,
            protocol=self.source.protocol,
            variables={**variables, **self.source.secrets, **self._trusted_owner()},
            flags=("-c", f"credential.helper={helper}") if helper else (),
        )

    def _trusted_owner(self) -> dict[str, str]:
        """Set the trusted owner for git's helper process, which accepts no other settings."""
        if not self.source.is_owner_trusted:
            return {}
        settings = self.path.with_suffix(".gitconfig")
        # git checks the folder with the objects, which for a worktree is another one.
        place = Path(self.source.location)
        folders = {str(place), str(place / ".git"), str(git_dir_of(place) or place)}
        quoted = [folder.replace("\\", "\\\\").replace('"', '\\"') for folder in sorted(folders)]
        lines = "".join(f'\tdirectory = "{folder}"\n' for folder in quoted)
        settings.write_text(f"[safe]\n{lines}", encoding="utf-8")
        return {"GIT_CONFIG_GLOBAL": str(settings)}


def _remove_stale_locks(path: Path) -> None:
    """Remove locks of a killed git; the run's own lock excludes other runs."""
    for lock in [*path.glob("*.lock"), *path.glob("refs/**/*.lock")]:
        lock.unlink(missing_ok=True)
    for garbage in path.glob("objects/pack/tmp_*"):
        garbage.unlink(missing_ok=True)
