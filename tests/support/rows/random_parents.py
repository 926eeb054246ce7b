"""Histories at random, as the parents of each commit."""

from __future__ import annotations

from hypothesis import strategies as st


@st.composite
def histories(draw, size=24):
    """Draw parents of each commit among those before it: several roots, octopus, criss-cross."""
    parents = []
    for commit in range(draw(st.integers(1, size))):
        reach = st.integers(max(0, commit - 6), commit - 1) if commit else st.nothing()
        how_many = draw(st.sampled_from([0, 1, 1, 1, 2, 2, 2, 3, 4])) if commit else 0
        parents.append(draw(st.lists(reach, min_size=0, max_size=how_many, unique=True)))
    return parents
