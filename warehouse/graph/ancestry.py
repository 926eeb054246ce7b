"""
Reachability of commits from a first-parent chain.

Commits are numbered by their index in a list; parents are such indexes. Every commit that the
chain reaches was landed by the oldest chain commit that reaches it: a walk of the chain from its
root that visits no commit twice finds it. So the commits that any commit reaches are all commits
landed up to a number, and a few others.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    Parents = Sequence[Sequence[int]]

NOWHERE = -1


class Ancestry:
    """
    The ancestry of a history, relative to the first-parent chain of one tip.

    Shape:   chain lists that chain from its root. landed_by gives each commit the number in it,
             from 1, of the oldest chain commit that reaches it; where none does, one above all.
             A missing parent or tip is NOWHERE.
    """

    def __init__(self, parents: Parents, tip: int) -> None:
        self.parents = parents
        self.chain = _first_parent_chain(parents, tip)
        self.landed_by = [len(self.chain) + 1] * len(parents)
        self._landed: list[int] = []
        self._landed_until = [0]
        self._land()

    def number_of(self, commit: int) -> int | None:
        """Return the number of a commit in the chain, whose root is 1; None off it."""
        number = self.landed_by[commit]
        is_on_chain = number <= len(self.chain) and self.chain[number - 1] == commit
        return number if is_on_chain else None

    def not_landed(self, commit: int) -> set[int]:
        """List the commits that a commit reaches and the chain does not, with the commit."""
        return self._reached_above([commit], len(self.chain))

    @cached_property
    def generations(self) -> list[int]:
        """Return each commit's generation: one more than its parents' highest; roots are 1."""
        # The last entry answers for NOWHERE.
        numbers = [0] * (len(self.parents) + 1)
        for commit in self.parents_first:
            highest = 0
            for parent in self.parents[commit]:
                highest = max(numbers[parent], highest)
            numbers[commit] = highest + 1
        return numbers[:-1]

    @cached_property
    def reaches_until(self) -> list[int]:
        """Return for each commit the newest chain number that it reaches, or 0."""
        # The last entry answers for NOWHERE.
        until = [0] * (len(self.parents) + 1)
        for number, commit in enumerate(self.chain, 1):
            until[commit] = number
        for commit in self.parents_first:
            if not until[commit]:
                until[commit] = max([until[parent] for parent in self.parents[commit]], default=0)
        return until

    @cached_property
    def parents_first(self) -> list[int]:
        """Return all commits, each after its parents."""
        return parents_first(self.parents)

    def landed_at(self, number: int) -> list[int]:
        """List the commits landed by a commit of the chain, which is the first of them."""
        return self._landed_after(number - 1, number)

    def _landed_after(self, after: int, until: int) -> list[int]:
        """List the commits landed after one chain number and up to another, oldest first."""
        return self._landed[self._landed_until[after] : self._landed_until[until]]

    def _land(self) -> None:
        # Half of the time of a long history is spent here: local names are faster.
        parents, landed_by, landed = self.parents, self.landed_by, self._landed
        for number, chain_commit in enumerate(self.chain, 1):
            found = [chain_commit]
            landed_by[chain_commit] = number
            for commit in found:
                for parent in parents[commit]:
                    if landed_by[parent] > number and parent != NOWHERE:
                        landed_by[parent] = number
                        found.append(parent)
            landed += found
            self._landed_until.append(len(landed))

    def _reached_above(self, commits: Iterable[int], number: int) -> set[int]:
        """Return the reachable commits that were not landed up to a chain number."""
        found = {commit for commit in commits if self._is_above(commit, number)}
        waiting = list(found)
        while waiting:
            for parent in self.parents[waiting.pop()]:
                if parent not in found and self._is_above(parent, number):
                    found.add(parent)
                    waiting.append(parent)
        return found

    def _is_above(self, commit: int, number: int) -> bool:
        return commit != NOWHERE and self.landed_by[commit] > number


def _first_parent_chain(parents: Parents, tip: int) -> list[int]:
    chain = []
    while tip != NOWHERE:
        chain.append(tip)
        tip = parents[tip][0] if parents[tip] else NOWHERE
    return chain[::-1]


def parents_first(parents: Parents) -> list[int]:
    """Return all commits, each after its parents."""
    return _children_first(parents)[::-1]


def _children_first(parents: Parents) -> list[int]:
    # The last entry counts for NOWHERE, and one too many.
    children = [0] * len(parents) + [1]
    for own in parents:
        for parent in own:
            children[parent] += 1
    order = [commit for commit, count in enumerate(children) if not count]
    for commit in order:
        for parent in parents[commit]:
            children[parent] -= 1
            if not children[parent]:
                order.append(parent)
    return order
