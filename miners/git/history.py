"""Find new commits by reachability, never by date."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple, Self

import polars as pl

from miners.git.command import one_per_line
from miners.git.refs import DETACHED, HEAD, HEAD_REF, DefaultBranch, is_mirrored, ref_kind

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

    from miners.git.command import SafeGit
    from miners.git.refs import RefAdvertisement

# Output is read in such blocks: as text it takes many times the memory of what is kept.
_BLOCK_BYTES = 1 << 20


class Ref(NamedTuple):
    """The object of a ref, and its commit (none for a tag of a tree or blob)."""

    target: str
    commit: str | None


@dataclass(frozen=True)
class RefSnapshot:
    """All refs of a repository at one instant; everything is read for this state."""

    refs: Mapping[str, Ref]
    head_branch: str | None
    default: DefaultBranch

    @property
    def tip(self) -> str | None:
        """Return the commit at the tip of the default branch."""
        tip = self.refs.get(self.default.tip_ref or "")
        return tip.commit if tip else None

    @property
    def tips(self) -> list[str]:
        return sorted({ref.commit for ref in self.refs.values() if ref.commit})

    def tags_since(self, before: RefSnapshot) -> list[str]:
        """List the objects of tags that are new or moved."""
        new = {n: ref for n, ref in self.refs.items() if before.refs.get(n) != ref}
        return sorted({ref.target for ref in new.values() if ref.target != ref.commit})

    def to_cursor(self) -> dict[str, Any]:
        return {
            "refs": dict(self.refs),
            "head_branch": self.head_branch,
            "default_branch": self.default.ref,
            "default_branch_evidence": self.default.evidence,
        }

    @classmethod
    def from_cursor(cls, cursor: Mapping[str, Any]) -> Self:
        refs = {name: Ref(*ref) for name, ref in cursor.get("refs", {}).items()}
        branch = cursor.get("default_branch")
        # Cursors of versions before 0.3 have HEAD's branch only, or none if it is detached.
        evidence = cursor.get("default_branch_evidence", HEAD if branch else DETACHED)
        return cls(refs, cursor.get("head_branch", branch), DefaultBranch(branch, evidence))


@dataclass(frozen=True, kw_only=True)
class Difference:
    """The changes between two snapshots of one repository; is_merge is about `added`."""

    added: pl.Series
    is_merge: pl.Series
    removed: pl.Series
    landed: pl.Series
    left: pl.Series


def read_snapshot(
    git: SafeGit, patterns: Sequence[str], advertised: RefAdvertisement
) -> RefSnapshot:
    """
    Read all refs of a mirror at once, without a HEAD that is no longer advertised.

    Source:  git for-each-ref.
    """
    form = "%(objectname) %(objecttype) %(*objectname) %(*objecttype) %(refname)"
    lines = [line.split(" ", 4) for line in git.lines("for-each-ref", f"--format={form}")]
    behind = _commits_behind(git, [line[0] for line in lines if line[3] == "tag"])
    refs = {}
    for target, kind, peeled, peeled_kind, name in lines:
        commit = target if kind == "commit" else behind.get(target)
        commit = peeled if peeled_kind == "commit" else commit
        # The commits of notes are no work on the repository.
        commit = None if ref_kind(name) == "notes" else commit
        ref = "HEAD" if name == HEAD_REF and "HEAD" in advertised.refs else name
        if ref == "HEAD" or is_mirrored(name, patterns):
            refs[ref] = Ref(target, commit)
    return RefSnapshot(refs, advertised.head_branch, advertised.default)


def compare(
    git: SafeGit,
    before: RefSnapshot,
    now: RefSnapshot,
    stored: Callable[[str], set[str]],
    *,
    is_full: bool,
) -> Difference:
    """
    Find the commits that became reachable, or unreachable, from the refs and the default branch.

    A new mirror may lack commits that were rewritten away meanwhile. Then everything is read again,
    and what is no longer reachable follows from the stored commits of the scope.
    """
    tips = ([before.tip] if before.tip else [], [now.tip] if now.tip else [])
    if is_full or lacks(git, before.tips):
        added, landed = _walks(git, (now.tips, []), (tips[1], []))
        removed = _without(stored("any_ref"), added)
        left = _without(stored("default_branch"), landed)
    else:
        added, removed, landed, left = _walks(
            git,
            (now.tips, before.tips),
            (before.tips, now.tips),
            (tips[1], tips[0]),
            (tips[0], tips[1]),
        )
    return Difference(
        added=added["commit"],
        is_merge=added["is_merge"],
        removed=removed["commit"],
        landed=landed["commit"],
        left=left["commit"],
    )


def blob_at(git: SafeGit, commit: str | None, path: str) -> str | None:
    """Return the blob at a path of a commit's tree; None if there is none."""
    if commit is None:
        return None
    line = git.lines("cat-file", "--batch-check", stdin=f"{commit}:{path}\n".encode())[0]
    name, _, kind = line.partition(" ")
    return name if kind.startswith("blob ") else None


def lacks(git: SafeGit, hashes: Collection[str]) -> bool:
    """Return whether a repository lacks any of some objects."""
    if not hashes:
        return False
    lines = git.lines("cat-file", "--batch-check", stdin=one_per_line(hashes))
    return any(line.endswith(" missing") for line in lines)


def _commits_behind(git: SafeGit, tags: Sequence[str]) -> dict[str, str]:
    """Return the commits of tags of tags, which for-each-ref does only since git 2.45."""
    if not tags:
        return {}
    stdin = one_per_line(f"{tag}^{{commit}}" for tag in tags)
    lines = git.lines("cat-file", "--batch-check", stdin=stdin)
    pairs = zip(tags, map(str.split, lines), strict=True)
    return {tag: commit for tag, (commit, *kind) in pairs if kind[0] == "commit"}


def _without(stored: set[str], walked: pl.DataFrame) -> pl.DataFrame:
    return pl.DataFrame(
        {"commit": sorted(stored.difference(walked["commit"]))}, schema={"commit": pl.String()}
    )


def _walks(git: SafeGit, *bounds: tuple[Collection[str], Iterable[str]]) -> list[pl.DataFrame]:
    """Walk between several bounds at once, each in a process of its own."""
    with ThreadPoolExecutor(len(bounds)) as pool:
        return list(pool.map(lambda bound: _walk(git, *bound), bounds))


def _walk(git: SafeGit, tips: Collection[str], bounds: Iterable[str]) -> pl.DataFrame:
    """
    List the commits reachable from the tips and not from the bounds, newest first.

    Source:  git rev-list --parents.
    """
    parts = [_commits_of(b"")]
    if tips:
        revisions = [*tips, *(f"^{commit}" for commit in bounds)]
        command = ("rev-list", "--parents", "--stdin")
        with git.stream(*command, stdin=one_per_line(revisions)) as output:
            while block := output.read(_BLOCK_BYTES):
                parts.append(_commits_of(block + output.readline()))
    return pl.concat(parts)


def _commits_of(block: bytes) -> pl.DataFrame:
    lines = pl.read_csv(
        block,
        has_header=False,
        schema={"line": pl.String()},
        separator="\t",
        quote_char=None,
        raise_if_empty=False,
    )
    fields = (
        lines["line"].str.split_exact(" ", 2).struct.rename_fields(["commit", "first", "second"])
    )
    return fields.struct.unnest().select("commit", pl.col("second").is_not_null().alias("is_merge"))
