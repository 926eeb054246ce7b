"""Refs of a remote repository: their advertisement, patterns and kinds."""

from __future__ import annotations

from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

# HEAD is fetched too: if it is detached, no other ref may lead to its commits.
HEAD_REF = "refs/quarry/head"
PATTERNS = (
    "refs/heads/*",
    "refs/tags/*",
    "refs/pull/*/head",
    "refs/merge-requests/*/head",
)
_SHA1_LENGTH = 40


@dataclass(frozen=True)
class RefAdvertisement:
    """The refs that a repository advertises, and the branch of its HEAD."""

    refs: dict[str, str]
    default_branch: str | None
    default_branch_hash: str | None

    @property
    def object_format(self) -> str:
        sample = next(iter(self.refs.values()), "")
        return "sha256" if len(sample) > _SHA1_LENGTH else "sha1"


def parse_advertisement(lines: list[str], patterns: Sequence[str]) -> RefAdvertisement:
    """Parse the output of git ls-remote --symref, keeping the refs that Quarry mirrors."""
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
    return RefAdvertisement(refs, default_branch, head_hash)


def is_mirrored(ref: str, patterns: Sequence[str]) -> bool:
    """Return whether a ref is one of those that Quarry fetches."""
    is_peeled = ref.endswith("^{}")
    return not is_peeled and any(fnmatchcase(ref, pattern) for pattern in patterns)


def ref_kind(ref: str) -> str:
    """Return the kind of a ref: head, branch, tag, change_request or other."""
    if ref == "HEAD":
        return "head"
    if ref.startswith("refs/heads/"):
        return "branch"
    if ref.startswith("refs/tags/"):
        return "tag"
    is_request = ref.startswith(("refs/pull/", "refs/merge-requests/"))
    return "change_request" if is_request else "other"
