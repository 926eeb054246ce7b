"""Refs of a remote repository: their advertisement, patterns and kinds."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from fnmatch import translate
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

# HEAD is fetched too: if it is detached, no other ref may lead to its commits.
HEAD_REF = "refs/quarry/head"
# Notes with which tools disclose which commits AI agents helped to write.
AI_NOTES_REF = "refs/notes/ai"
PATTERNS = (
    "refs/heads/*",
    "refs/tags/*",
    "refs/pull/*/head",
    "refs/merge-requests/*/head",
    # git fails for a ref that is not there, unless it is a pattern.
    f"{AI_NOTES_REF}*",
)
# How a default branch was chosen: as HEAD names it, or without a branch.
HEAD, DETACHED = "head", "detached_head"
_ESCAPED = re.compile(rb"\\x([0-9a-f]{2})")
_SHA1_LENGTH = 40
_SYMBOLIC = "ref: "
_CLONED_BRANCHES = "refs/remotes/origin/"
_CLONED_HEAD = f"{_CLONED_BRANCHES}HEAD"


@dataclass(frozen=True)
class DefaultBranch:
    """The full ref of a default branch and how it was chosen; both null if there is none."""

    ref: str | None = None
    evidence: str | None = None

    @property
    def tip_ref(self) -> str | None:
        """Return the ref whose commit is the tip: HEAD where no branch was chosen."""
        return "HEAD" if self.evidence == DETACHED else self.ref


@dataclass(frozen=True)
class RefAdvertisement:
    """
    The refs that a repository advertises.

    Shape:   head_branch is the branch that HEAD names, cloned_branch that of the repository of
             which this is a clone; null where it is not stated. broken lists refs without a
             valid object name, which are not among the refs.
    """

    refs: dict[str, str]
    head_branch: str | None
    cloned_branch: str | None = None
    default: DefaultBranch = field(default_factory=DefaultBranch)
    broken: frozenset[str] = frozenset()

    @property
    def object_format(self) -> str:
        sample = next(iter(self.refs.values()), "")
        return "sha256" if len(sample) > _SHA1_LENGTH else "sha1"


def parse_advertisement(lines: list[str], patterns: Sequence[str]) -> RefAdvertisement:
    """Parse the output of git ls-remote --symref, keeping the refs that Quarry mirrors."""
    symbolic: dict[str, str] = {}
    refs: dict[str, str] = {}
    for line in lines:
        value, _, name = line.partition("\t")
        if value.startswith(_SYMBOLIC):
            symbolic[name] = value.removeprefix(_SYMBOLIC)
        elif name == "HEAD" or is_mirrored(name, patterns):
            refs[name] = value
    cloned = symbolic.get(_CLONED_HEAD, "")
    broken = frozenset(name for name, target in refs.items() if not target.strip("0"))
    return RefAdvertisement(
        {name: target for name, target in refs.items() if name not in broken},
        symbolic.get("HEAD"),
        f"refs/heads/{cloned.removeprefix(_CLONED_BRANCHES)}" if cloned else None,
        broken=broken,
    )


def is_mirrored(ref: str, patterns: Sequence[str]) -> bool:
    """Return whether a ref is one of those that Quarry fetches."""
    is_peeled = ref.endswith("^{}")
    return not is_peeled and _any_of(tuple(patterns)).match(ref) is not None


@cache
def _any_of(patterns: tuple[str, ...]) -> re.Pattern[str]:
    """Compile patterns to one, as some repositories have a hundred thousand refs."""
    return re.compile("|".join(map(translate, patterns)))


def packed_refs(refs: Mapping[str, str]) -> bytes:
    """
    Return the file in which git keeps many refs.

    Source:  https://git-scm.com/docs/gitrepository-layout#_packed_refs
    """
    named = {HEAD_REF if name == "HEAD" else name: target for name, target in refs.items()}
    lines = sorted((_bytes_of(name), target.encode()) for name, target in named.items())
    return b"# pack-refs with: sorted \n" + b"".join(b"%b %b\n" % (t, n) for n, t in lines)


def _bytes_of(name: str) -> bytes:
    """Return a name as its repository has it: no ref has a backslash, so one is an escape."""
    return _ESCAPED.sub(lambda match: bytes.fromhex(match[1].decode()), name.encode())


def ref_kind(ref: str) -> str:
    """Return the kind of a ref: head, branch, tag, change_request, notes or other."""
    if ref == "HEAD":
        return "head"
    if ref.startswith("refs/heads/"):
        return "branch"
    if ref.startswith("refs/tags/"):
        return "tag"
    if ref.startswith(AI_NOTES_REF):
        return "notes"
    is_request = ref.startswith(("refs/pull/", "refs/merge-requests/"))
    return "change_request" if is_request else "other"
