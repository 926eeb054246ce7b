"""Limits of the machine that a run keeps to."""

from __future__ import annotations

import os

import pytest

from flows.settings.environment import host_environment, memory_bytes

MACHINE = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")


@pytest.mark.parametrize(
    ("stated", "expected"),
    [
        (None, MACHINE),
        ("max\n", MACHINE),
        ("9223372036854771712\n", MACHINE),
        ("104857600\n", 100 << 20),
        ("", MACHINE),
    ],
)
def test_the_memory_is_that_of_the_container(stated, expected, tmp_path):
    limit = tmp_path / "memory.max"
    if stated is not None:
        limit.write_text(stated)
    assert memory_bytes([limit]) == expected


def test_git_may_use_half_of_the_memory():
    assert host_environment().git_memory_bytes == memory_bytes() // 2
