"""Test objects as git prints them: cut off, and with odd lines."""

from __future__ import annotations

import io

import pytest

from miners.git.command import GitFailed
from miners.git.objects import parse_signature, read_objects

NAME = "a" * 40


@pytest.mark.parametrize("content", [b"", b"half of", b"whole text"])
def test_an_object_that_is_cut_off_is_a_failure(content):
    """Also where only the line end after it is missing."""
    with pytest.raises(GitFailed, match=f"object {NAME} is cut off"):
        list(read_objects(io.BytesIO(f"{NAME} commit 10\n".encode() + content)))


def test_a_line_with_a_second_address_after_its_time_is_malformed():
    when = b"1704067200 +0100"
    plain = parse_signature(b"Ada <ada@example.org> " + when, "author", None, "latin-1")
    odd = parse_signature(b"Ada <ada@example.org> " + when + b" <x", "author", None, "latin-1")
    assert (plain.anomalies, odd.anomalies) == ((), ("malformed_author",))
    assert odd.instant_us == plain.instant_us
