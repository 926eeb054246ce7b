"""
Number and first instants of the commits that merges brought in.

What a merge of the first-parent chain brought in is what it landed. For other merges a set of
commits is the bits of an integer, so that thousands are joined, compared and counted at once. A
commit needs a bit only where such a merge reaches it off the chain: of all others a merge reaches
those landed up to a number in the chain.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import accumulate
from typing import TYPE_CHECKING

from warehouse.graph.ancestry import NOWHERE

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence

    from warehouse.graph.ancestry import Ancestry


@dataclass(frozen=True)
class Summary:
    """How many commits there are, how many were imported, and the first instant of the others."""

    count: int
    imported_count: int
    first: int


def brought_in(
    ancestry: Ancestry,
    merges: Iterable[int],
    imported: bytearray,
    instants: Sequence[int],
    never: int,
) -> dict[int, Summary]:
    """
    Summarise the commits that each merge reaches and its first parent does not, except the merge.

    Shape:   the first parent of each merge is known; never is above all instants of commits, and
             the first instant where there is none.
    """
    commits = _Commits(imported, instants, never)
    numbers = {merge: ancestry.number_of(merge) for merge in merges}
    aside = {merge for merge, number in numbers.items() if not number}
    found = {
        merge: commits.summary(ancestry.landed_at(number)[1:])
        for merge, number in numbers.items()
        if number
    }
    universe = sorted(_universe(ancestry, aside), key=instants.__getitem__)
    own_bits = ~_bits(place for place, commit in enumerate(universe) if imported[commit])
    landed = _Landed(ancestry, universe, commits)
    for merge, new in _differences(ancestry, aside, universe):
        own = new & own_bits
        first = instants[universe[(own & -own).bit_length() - 1]] if own else never
        of_chain = landed.between(*_numbers(ancestry, merge))
        found[merge] = Summary(
            new.bit_count() + of_chain.count,
            (new ^ own).bit_count() + of_chain.imported_count,
            min(first, of_chain.first),
        )
    return found


def _differences(
    ancestry: Ancestry, merges: Collection[int], universe: Sequence[int]
) -> Iterator[tuple[int, int]]:
    """Yield each merge with those of a universe that it brought in, as bits of their places."""
    parents, is_merge = ancestry.parents, _flags(ancestry, merges)
    place_of = [NOWHERE] * len(parents)
    for place, commit in enumerate(universe):
        place_of[commit] = place
    asking = _children(ancestry, {*universe, *merges})
    reached, landed, next_place = {NOWHERE: 0}, 0, _places_by_number(ancestry, universe)
    for commit in ancestry.parents_first:
        own, place = parents[commit], place_of[commit]
        if number := ancestry.number_of(commit):
            landed |= _bits(next_place.get(number, ()))
            known = landed
        elif place == NOWHERE and not is_merge[commit]:
            continue
        else:
            known = 0
            for parent in own:
                known |= reached[parent]
            if is_merge[commit]:
                others = 0
                for parent in own[1:]:
                    others |= reached[parent]
                yield commit, others & ~reached[own[0]]
            known |= 1 << place if place != NOWHERE else 0
            for parent in own:
                _release(reached, asking, parent)
        if asking[commit]:
            reached[commit] = known


def _release(reached: dict[int, int], asking: list[int], parent: int) -> None:
    """Drop what a commit reaches after the last of its children: memory is that of those open."""
    asking[parent] -= 1
    if not asking[parent] and parent != NOWHERE:
        del reached[parent]


def _children(ancestry: Ancestry, commits: Collection[int]) -> list[int]:
    """Count for each commit how often some commits have it as a parent; the last is NOWHERE's."""
    counts = [0] * (len(ancestry.parents) + 1)
    for commit in commits:
        for parent in ancestry.parents[commit]:
            counts[parent] += 1
    return counts


def _places_by_number(ancestry: Ancestry, universe: Sequence[int]) -> dict[int, list[int]]:
    places: dict[int, list[int]] = {}
    for place, commit in enumerate(universe):
        places.setdefault(ancestry.landed_by[commit], []).append(place)
    return places


def _universe(ancestry: Ancestry, merges: Collection[int]) -> list[int]:
    """List the commits off the chain that some merges reach without it."""
    is_asked, is_in = _flags(ancestry, merges), bytearray(len(ancestry.parents))
    on_chain = _flags(ancestry, ancestry.chain)
    for commit in reversed(ancestry.parents_first):
        for parent in ancestry.parents[commit] if is_asked[commit] or is_in[commit] else ():
            if parent != NOWHERE and not on_chain[parent]:
                is_in[parent] = True
    return [commit for commit, is_one in enumerate(is_in) if is_one]


def _numbers(ancestry: Ancestry, merge: int) -> tuple[int, int]:
    """Return the newest chain numbers that a merge reached before, and with what it brought in."""
    first, *others = ancestry.parents[merge]
    until = ancestry.reaches_until
    return until[first], max(until[other] for other in others)


@dataclass(frozen=True)
class _Commits:
    """Which commits were imported, and an instant of each."""

    imported: bytearray
    instants: Sequence[int]
    never: int

    def summary(self, commits: Sequence[int]) -> Summary:
        own = [commit for commit in commits if not self.imported[commit]]
        first = min(map(self.instants.__getitem__, own), default=self.never)
        return Summary(len(commits), len(commits) - len(own), first)


class _Landed:
    """The commits outside a universe, by the number in the chain that landed them."""

    def __init__(self, ancestry: Ancestry, universe: Sequence[int], commits: _Commits) -> None:
        in_universe = _flags(ancestry, universe)
        numbers = range(1, len(ancestry.chain) + 1)
        rest = [[c for c in ancestry.landed_at(number) if not in_universe[c]] for number in numbers]
        summaries = [commits.summary(some) for some in rest]
        self._counts = [0, *accumulate(one.count for one in summaries)]
        self._imported_counts = [0, *accumulate(one.imported_count for one in summaries)]
        self._firsts = [one.first for one in summaries]
        self._never = commits.never

    def between(self, after: int, until: int) -> Summary:
        """Summarise what was landed after one chain number and up to another."""
        if until <= after:
            return Summary(0, 0, self._never)
        return Summary(
            self._counts[until] - self._counts[after],
            self._imported_counts[until] - self._imported_counts[after],
            min(self._firsts[after:until]),
        )


def _flags(ancestry: Ancestry, commits: Collection[int]) -> bytearray:
    flags = bytearray(len(ancestry.parents))
    for commit in commits:
        flags[commit] = True
    return flags


def _bits(places: Iterable[int]) -> int:
    bits = 0
    for place in places:
        bits |= 1 << place
    return bits
