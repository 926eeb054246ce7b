"""Imported histories and the merges that imported them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from warehouse.graph.ancestry import NOWHERE, parents_first

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from warehouse.graph.ancestry import Ancestry, Parents


def imported_commits(ancestry: Ancestry, roots: Iterable[int]) -> bytearray:
    """
    Flag the commits that came to the default branch with an unrelated root.

    Shape:   roots are the commits without a parent; a commit whose parent was never mined is no
             root, and what follows it is the repository's own. One flag per commit.
    """
    flags = bytearray(len(ancestry.parents))
    landed = (root for root in roots if ancestry.landed_by[root] <= len(ancestry.chain))
    foreign = set(landed) - set(ancestry.chain[:1])
    if foreign:
        for commit in ancestry.parents_first:
            parents = ancestry.parents[commit]
            flags[commit] = commit in foreign or all(
                parent != NOWHERE and flags[parent] for parent in parents
            )
    return flags


def _unrelated(parents: Parents, roots: Collection[int], merges: Collection[int]) -> set[int]:
    """
    Return those of some merges whose parents have no ancestor in common.

    A commit whose parent was never mined may descend from any root.
    """
    if not merges or len(roots) <= 1:
        return set()
    # The roots of each commit as bits; the last entry answers for NOWHERE.
    reached = [0] * len(parents) + [-1]
    for number, root in enumerate(roots):
        reached[root] = 1 << number
    for commit in parents_first(parents):
        for parent in parents[commit] if not reached[commit] else ():
            reached[commit] |= reached[parent]
    return {
        merge for merge in merges if not reached[parents[merge][0]] & reached[parents[merge][1]]
    }


def turn_pulls(
    parents: list[list[int]], roots: Collection[int], merges: set[int]
) -> tuple[list[list[int]], set[int]]:
    """
    Turn the parents of merges that git pull made round, so that the branch before comes first.

    Shape:   all parents, and the merges that were turned: a history that has nothing in common with
             the branch was not pulled into a copy of it.
    """
    pulls = merges - _unrelated(parents, roots, merges)
    if not pulls:
        return parents, pulls
    return [own[::-1] if place in pulls else own for place, own in enumerate(parents)], pulls
