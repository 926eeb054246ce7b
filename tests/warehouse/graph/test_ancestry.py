"""Who brought a commit in: against brute force."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tests.support.rows.random_parents import histories
from tests.support.running.examples import examples
from warehouse.graph.ancestry import Ancestry
from warehouse.graph.brought_in import Summary, brought_in

NEVER = 1000


def reached(parents, commit):
    return {commit}.union(*(reached(parents, parent) for parent in parents[commit]))


@given(histories(12), st.randoms())
@examples(300)
def test_each_commit_lands_with_the_oldest_chain_commit_that_reaches_it(parents, random):
    ancestry = Ancestry(parents, random.randrange(len(parents)))

    chain = ancestry.chain
    expected = [len(chain) + 1] * len(parents)
    for number in range(len(chain), 0, -1):
        for commit in reached(parents, chain[number - 1]):
            expected[commit] = number
    assert ancestry.landed_by == expected
    assert [ancestry.number_of(commit) for commit in chain] == list(range(1, len(chain) + 1))


@given(histories(14), st.randoms())
@examples(600)
def test_a_merge_brings_in_what_it_reaches_and_its_first_parent_does_not(parents, random):
    """Wherever the default branch is, for merges on and off its chain, some commits imported."""
    ancestry = Ancestry(parents, random.randrange(-1, len(parents)))
    merges = [merge for merge, own in enumerate(parents) if len(own) > 1]
    instants = random.sample(range(len(parents)), len(parents))
    imported = bytearray(random.randrange(3) // 2 for _ in parents)
    found = brought_in(ancestry, merges, imported, instants, NEVER)

    assert found.keys() == set(merges)
    for merge in merges:
        new = reached(parents, merge) - reached(parents, parents[merge][0]) - {merge}
        own = {commit for commit in new if not imported[commit]}
        first = min((instants[commit] for commit in own), default=NEVER)
        assert found[merge] == Summary(len(new), len(new) - len(own), first)


@given(histories(20))
@examples(100)
def test_a_generation_is_one_above_the_highest_parent(parents):
    found = Ancestry(parents, -1).generations

    assert found == [1 + max((found[p] for p in own), default=0) for own in parents]


def test_a_long_history_is_no_deep_recursion():
    parents = [[commit - 1] for commit in range(200_000)]
    ancestry = Ancestry(parents, 199_999)

    assert ancestry.chain == list(range(200_000))
    assert ancestry.landed_by == list(range(1, 200_001))
    assert ancestry.generations[-1] == 200_000
