"""Test the parts of commit messages and of lines about people."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from miners.git.objects import parse_signature, split_message
from miners.text import GIT_SPACE

PIECES = st.sampled_from(["\n", "\n\n", " ", "\t", "\r", "a", "b:", "\x0b", "\u2028", "word\n"])


@given(st.lists(PIECES, max_size=12).map("".join))
def test_a_message_is_split_at_its_first_blank_line(text):
    """Line by line: blank lines, subject, blank lines, body without the line ends after it."""
    lines = text.split("\n")
    blank = [not line.strip(GIT_SPACE) for line in lines]
    start = next((i for i in range(len(lines)) if not blank[i]), len(lines))
    end = next((i for i in range(start, len(lines)) if blank[i]), len(lines))
    rest = next((i for i in range(end, len(lines)) if not blank[i]), len(lines))
    subject = " ".join(line.rstrip(GIT_SPACE) for line in lines[start:end])
    assert split_message(text) == (subject, "\n".join(lines[rest:]).rstrip("\n"))


@pytest.mark.parametrize(
    ("line", "expected", "anomalies"),
    [
        (b"A <a@b> 7 -0130", ("A", "a@b", 7_000_000, -90), ""),
        (b"A <a@b> c> 7 +0000", ("A", "a@b", 7_000_000, 0), "malformed"),
        (b"A <a@b> < 7 +0000", ("A", "a@b", None, None), "malformed no_time odd_zone"),
        (b"A> <a@b 7 +0000", ("A>", "a@b 7 +0000", None, None), "malformed no_time odd_zone"),
        (b"\xe4 <a@b> 7 +0000", ("ä", "a@b", 7_000_000, 0), "recoded"),
    ],
)
def test_the_time_of_a_person_follows_the_last_bracket(line, expected, anomalies):
    named = tuple(f"{anomaly}_author" for anomaly in anomalies.split())
    assert parse_signature(line, "author", None, "latin-1") == (*expected, named)
