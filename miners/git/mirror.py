"""Our own bare copy of a repository: made aside, renamed when whole, refreshed by fetch."""

from __future__ import annotations

import shutil
from contextlib import suppress
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path
from typing import TYPE_CHECKING

from miners.errors import SourceDenied
from miners.git.command import SafeGit
from miners.store import source_folder

if TYPE_CHECKING:
    from collections.abc import Sequence

    from miners.git.address import GitSource
    from miners.plan import HostEnvironment

# HEAD is fetched too: when detached, no other ref may lead to its commits.
HEAD_REF = "refs/quarry/head"
_PATTERNS = (
    "refs/heads/*",
    "refs/tags/*",
    "refs/pull/*/head",
    "refs/merge-requests/*/head",
)
_EMPTY_TREES = {
    "sha1": "4b825dc642cb6eb9a060e54bf8d69288fbee4904",
    "sha256": "6ef19b41225c5369f1c104d45d8d85efa9b057b53b14b4b9b939dd74decc5321",
}
_SHA1_LENGTH = 40
# What serves a repository of this machine takes no flags of ours, but this from its command line.
_WITHOUT_GRAFTS = ("--upload-pack=GIT_GRAFT_FILE=/dev/null git-upload-pack",)


@dataclass(frozen=True)
class Offer:
    """What a repository offers: its refs and where HEAD points."""

    refs: dict[str, str]
    default_branch: str | None
    default_branch_hash: str | None

    @property
    def object_format(self) -> str:
        sample = next(iter(self.refs.values()), "")
        return "sha256" if len(sample) > _SHA1_LENGTH else "sha1"


class Mirror:
    """The mirror of one source, under a folder of mirrors."""

    def __init__(
        self, mirrors: Path, source: GitSource, host: HostEnvironment, timeout_seconds: float
    ) -> None:
        self.path = source_folder(mirrors, source.id).with_suffix(".git")
        self.source = source
        self._host, self._timeout_seconds = host, timeout_seconds

    @property
    def patterns(self) -> tuple[str, ...]:
        """Name the refs that are mirrored, as patterns in which * stands for anything."""
        return (*_PATTERNS, *self.source.extra_refs)

    def survey(self) -> Offer:
        """
        Ask the source for its refs; nothing is fetched.

        Source:  git ls-remote --symref.
        """
        _refuse_unsafe(self.source)
        self.path.parent.mkdir(parents=True, exist_ok=True)
        remote = self._git(self.path, remote=True)
        lines = remote.lines("ls-remote", "--symref", "--end-of-options", self.source.location)
        return parse_offer(lines, self.patterns)

    def refresh(self, offer: Offer) -> SafeGit:
        """
        Make the mirror hold what is offered, and return git on it for reading.

        Errors:  GitFailed; a mirror that was begun is not there afterwards.
        """
        if offer.refs and not self._has_format(offer.object_format):
            self.discard()
        if not self.path.exists():
            self._make(offer)
        else:
            _remove_stale_locks(self.path)
            self._fetch(self.path, offer)
        return self.reader(offer)

    def _has_format(self, object_format: str) -> bool:
        """Tell whether the mirror suits; one made of an empty repository may not."""
        config = self.path / "config"
        is_sha256 = config.exists() and "sha256" in config.read_text("utf-8", "replace")
        return is_sha256 == (object_format == "sha256")

    def reader(self, offer: Offer) -> SafeGit:
        """Return git on the mirror, with no way to reach anything else."""
        return self._git(self.path, object_format=offer.object_format)

    def discard(self) -> None:
        """Remove the mirror; the next refresh makes it anew."""
        if self.path.exists():
            self.path.replace(self._begun())

    def _begun(self) -> Path:
        """Name the folder aside in which a mirror is made or thrown away, never half of one."""
        begun = self.path.with_suffix(".begun")
        shutil.rmtree(begun, ignore_errors=True)
        return begun

    def _make(self, offer: Offer) -> None:
        begun = self._begun()
        self._git(begun).run(
            "init", "--quiet", "--bare", "--template=", f"--object-format={offer.object_format}"
        )
        self._fetch(begun, offer)
        begun.rename(self.path)

    def _fetch(self, path: Path, offer: Offer) -> None:
        head = [f"+HEAD:{HEAD_REF}"] if offer.default_branch_hash else []
        remote = self._git(path, remote=True, object_format=offer.object_format)
        remote.run(
            "fetch",
            "--quiet",
            "--prune",
            "--no-tags",
            "--no-write-fetch-head",
            # Without it a shallow source gives nothing and calls it success.
            "--update-shallow",
            *(_WITHOUT_GRAFTS if self.source.protocol == "file" else ()),
            "--end-of-options",
            self.source.location,
            *(f"+{pattern}:{pattern}" for pattern in self.patterns),
            *head,
        )
        if (path / "shallow").exists():
            shutil.rmtree(path)
            raise SourceDenied(self.source.id, "the repository is shallow", _UNSHALLOW)

    def _git(self, path: Path, *, remote: bool = False, object_format: str = "sha1") -> SafeGit:
        attributes = {"GIT_ATTR_SOURCE": _EMPTY_TREES[object_format]}
        if not remote:
            return SafeGit(
                git_dir=path,
                host=self._host,
                protocol="none",
                variables=attributes,
                flags=(),
                timeout_seconds=self._timeout_seconds,
            )
        variables = {**attributes, **self.source.secrets, **self._trusted_owner()}
        helper = self.source.credential_helper
        flags = ("-c", f"credential.helper={helper}") if helper else ()
        protocol = self.source.protocol
        return SafeGit(
            git_dir=path,
            host=self._host,
            protocol=protocol,
            variables=variables,
            flags=flags,
            timeout_seconds=self._timeout_seconds,
        )

    def _trusted_owner(self) -> dict[str, str]:
        """Tell git's helper process, which takes no flags of ours, whose repository we trust."""
        if not self.source.is_owner_trusted:
            return {}
        settings = self.path.with_suffix(".gitconfig")
        # git asks about the folder with the objects, which for a worktree is not the one named.
        place = Path(self.source.location)
        folders = {str(place), str(place / ".git"), str(_git_dir(place) or place)}
        quoted = [folder.replace("\\", "\\\\").replace('"', '\\"') for folder in sorted(folders)]
        lines = "".join(f'\tdirectory = "{folder}"\n' for folder in quoted)
        settings.write_text(f"[safe]\n{lines}", encoding="utf-8")
        return {"GIT_CONFIG_GLOBAL": str(settings)}


_UNSHALLOW = "Fetch its whole history there with git fetch --unshallow, then run again"


def parse_offer(lines: list[str], patterns: Sequence[str]) -> Offer:
    """Read the answer of git ls-remote --symref, keeping the refs that Quarry mirrors."""
    default_branch, head_hash = None, None
    refs: dict[str, str] = {}
    for line in lines:
        value, _, name = line.partition("\t")
        if name == "HEAD" and value.startswith("ref: "):
            default_branch = value.removeprefix("ref: ")
        elif name == "HEAD":
            head_hash = value
        elif is_mirrored(name, patterns):
            refs[name] = value
    if head_hash:
        refs["HEAD"] = head_hash
    return Offer(refs, default_branch, head_hash)


def is_mirrored(ref: str, patterns: Sequence[str]) -> bool:
    """Tell whether a ref is one of those that Quarry fetches."""
    is_peeled = ref.endswith("^{}")
    return not is_peeled and any(fnmatchcase(ref, pattern) for pattern in patterns)


def ref_kind(ref: str) -> str:
    """Name the kind of a ref: head, branch, tag, change_request or other."""
    if ref == "HEAD":
        return "head"
    if ref.startswith("refs/heads/"):
        return "branch"
    if ref.startswith("refs/tags/"):
        return "tag"
    is_request = ref.startswith(("refs/pull/", "refs/merge-requests/"))
    return "change_request" if is_request else "other"


def _remove_stale_locks(path: Path) -> None:
    """Remove what a killed git left; the run's own lock says that no other is at work."""
    for lock in [*path.glob("*.lock"), *path.glob("refs/**/*.lock")]:
        lock.unlink(missing_ok=True)
    for garbage in path.glob("objects/pack/tmp_*"):
        garbage.unlink(missing_ok=True)


def _refuse_unsafe(source: GitSource) -> None:
    if source.protocol != "file":
        return
    path = Path(source.location)
    if not path.exists():
        raise SourceDenied(source.id, "there is nothing at this path", _CORRECT_PATH)
    git_dir = _git_dir(path)
    if git_dir is None:
        raise SourceDenied(source.id, "this is not a Git repository", _CORRECT_PATH)
    if (git_dir / "shallow").exists():
        raise SourceDenied(source.id, "the repository is shallow", _UNSHALLOW)
    if (git_dir / "objects/info/alternates").exists():
        raise SourceDenied(source.id, "the repository borrows objects of another", _REPACK)
    if any(git_dir.glob("objects/pack/*.promisor")):
        raise SourceDenied(source.id, "the repository is a partial clone", _COMPLETE)


_CORRECT_PATH = "Correct the path, or remove the source from quarry.toml"
_REPACK = "Make it whole with git repack -a -d and remove objects/info/alternates there"
_COMPLETE = "Mine a complete clone of it instead"


def _git_dir(path: Path) -> Path | None:
    """Find the folder with the objects of a worktree, a linked worktree or a bare repository."""
    dot_git = path / ".git"
    with suppress(OSError):
        if dot_git.is_file():
            pointed = dot_git.read_text("utf-8").partition("gitdir:")[2].strip()
            linked = (path / pointed).resolve()
            common = linked / "commondir"
            return (linked / common.read_text().strip()).resolve() if common.exists() else linked
    return next((p for p in (dot_git, path) if (p / "objects").is_dir()), None)
