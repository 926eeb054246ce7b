"""What is new in a mirror since the last mining, found by reachability and never by date."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple, Self

import polars as pl

from miners.git.command import one_per_line
from miners.git.mirror import HEAD_REF, is_mirrored

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

    from miners.git.command import SafeGit
    from miners.git.mirror import Offer

# An answer is read in such blocks: as text it takes many times what is kept of it.
_BLOCK_BYTES = 1 << 20


class Ref(NamedTuple):
    """Where a ref points, and the commit behind it (none for a tag of a tree or blob)."""

    target: str
    commit: str | None


@dataclass(frozen=True)
class Snapshot:
    """All refs of a repository at one moment; everything is read for this and no later state."""

    refs: Mapping[str, Ref]
    default_branch: str | None

    @property
    def head(self) -> str | None:
        head = self.refs.get("HEAD")
        return head.commit if head else None

    @property
    def tips(self) -> list[str]:
        return sorted({ref.commit for ref in self.refs.values() if ref.commit})

    def tags_since(self, before: Snapshot) -> list[str]:
        """List the objects of tags that are new or moved."""
        new = {n: ref for n, ref in self.refs.items() if before.refs.get(n) != ref}
        return sorted({ref.target for ref in new.values() if ref.target != ref.commit})

    def to_cursor(self) -> dict[str, Any]:
        return {"refs": dict(self.refs), "default_branch": self.default_branch}

    @classmethod
    def from_cursor(cls, cursor: Mapping[str, Any]) -> Self:
        refs = {name: Ref(*ref) for name, ref in cursor.get("refs", {}).items()}
        return cls(refs, cursor.get("default_branch"))


@dataclass(frozen=True, kw_only=True)
class Difference:
    """What changed between two snapshots of one repository; of what was added, which are merges."""

    added: pl.Series
    is_merge: pl.Series
    removed: pl.Series
    landed: pl.Series
    left: pl.Series


def read_snapshot(git: SafeGit, patterns: Sequence[str], offer: Offer) -> Snapshot:
    """
    Read all refs of a mirror at once; of a HEAD that is no longer offered it may still hold one.

    Source:  git for-each-ref.
    """
    form = "%(objectname) %(objecttype) %(*objectname) %(*objecttype) %(refname)"
    lines = [line.split(" ", 4) for line in git.lines("for-each-ref", f"--format={form}")]
    behind = _commits_behind(git, [line[0] for line in lines if line[3] == "tag"])
    refs = {}
    for target, kind, peeled, peeled_kind, name in lines:
        commit = target if kind == "commit" else behind.get(target)
        commit = peeled if peeled_kind == "commit" else commit
        shown = "HEAD" if name == HEAD_REF and offer.default_branch_hash else name
        if shown == "HEAD" or is_mirrored(name, patterns):
            refs[shown] = Ref(target, commit)
    return Snapshot(refs, offer.default_branch)


def compare(
    git: SafeGit,
    before: Snapshot,
    now: Snapshot,
    known: Callable[[str], set[str]],
    *,
    is_full: bool,
) -> Difference:
    """
    Find the commits that came within reach of the refs, or of the default branch, and that left.

    A mirror made anew may lack commits that were rewritten away meanwhile: then everything is read
    again, and what left is told from what was `known` by scope.
    """
    heads = ([before.head] if before.head else [], [now.head] if now.head else [])
    if is_full or _lacks(git, before.tips):
        added, landed = _walks(git, (now.tips, []), (heads[1], []))
        removed = _without(known("any_ref"), added)
        left = _without(known("default_branch"), landed)
    else:
        added, removed, landed, left = _walks(
            git,
            (now.tips, before.tips),
            (before.tips, now.tips),
            (heads[1], heads[0]),
            (heads[0], heads[1]),
        )
    return Difference(
        added=added["commit"],
        is_merge=added["is_merge"],
        removed=removed["commit"],
        landed=landed["commit"],
        left=left["commit"],
    )


def blob_at(git: SafeGit, commit: str | None, path: str) -> str | None:
    """Name the blob at a path of a commit's tree; None where there is none."""
    if commit is None:
        return None
    answer = git.lines("cat-file", "--batch-check", stdin=f"{commit}:{path}\n".encode())[0]
    name, _, kind = answer.partition(" ")
    return name if kind.startswith("blob ") else None


def _commits_behind(git: SafeGit, tags: Sequence[str]) -> dict[str, str]:
    """Follow tags of tags to their commits, which for-each-ref does only since git 2.45."""
    if not tags:
        return {}
    stdin = one_per_line(f"{tag}^{{commit}}" for tag in tags)
    answers = git.lines("cat-file", "--batch-check", stdin=stdin)
    pairs = zip(tags, map(str.split, answers), strict=True)
    return {tag: commit for tag, (commit, *kind) in pairs if kind[0] == "commit"}


def _lacks(git: SafeGit, hashes: Collection[str]) -> bool:
    if not hashes:
        return False
    answers = git.lines("cat-file", "--batch-check", stdin=one_per_line(hashes))
    return any(answer.endswith(" missing") for answer in answers)


def _without(known: set[str], found: pl.DataFrame) -> pl.DataFrame:
    return pl.DataFrame(
        {"commit": sorted(known.difference(found["commit"]))}, schema={"commit": pl.String()}
    )


def _walks(git: SafeGit, *bounds: tuple[Collection[str], Iterable[str]]) -> list[pl.DataFrame]:
    """Walk between several bounds at once; each walk is a process of its own."""
    with ThreadPoolExecutor(len(bounds)) as pool:
        return list(pool.map(lambda bound: _walk(git, *bound), bounds))


def _walk(git: SafeGit, wanted: Collection[str], known: Iterable[str]) -> pl.DataFrame:
    """
    List the commits reachable from the wanted ones and not from the known ones, newest first.

    Source:  git rev-list --parents.
    """
    parts = [_commits_of(b"")]
    if wanted:
        revisions = [*wanted, *(f"^{commit}" for commit in known)]
        command = ("rev-list", "--parents", "--stdin")
        with git.stream(*command, stdin=one_per_line(revisions)) as output:
            while block := output.read(_BLOCK_BYTES):
                parts.append(_commits_of(block + output.readline()))
    return pl.concat(parts)


def _commits_of(answer: bytes) -> pl.DataFrame:
    lines = pl.read_csv(
        answer,
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
