"""Test the changed files of a commit, read from git's stream."""

from __future__ import annotations

import io

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from miners.git import changes
from miners.git.changes import FileChange, as_files, parse_changes
from miners.git.command import GitFailed
from miners.git.counts import trees_of
from miners.text import decode_path

MODES = {"100644": "file", "100755": "executable", "120000": "symlink", "160000": "submodule"}
LETTERS = {
    "A": "added",
    "C": "copied",
    "D": "deleted",
    "M": "modified",
    "R": "renamed",
    "T": "type_changed",
    "X": "modified",
}
# Paths that look like what stands between paths, and any bytes but NUL.
LOOKALIKES = (b":", b"\n:100644 100644 %b %b M" % (b"a" * 40, b"b" * 40), b"c" * 40, b"\n", b"1\t2")
PATHS = st.sampled_from(LOOKALIKES) | st.binary(min_size=1, max_size=9).map(
    lambda raw: raw.replace(b"\0", b"0")
)
NAMES = st.text("0123456789abcdef", min_size=40, max_size=40)


@st.composite
def entries(draw):
    """One entry as git writes it, and the row that it is."""
    letter = draw(st.sampled_from(sorted(LETTERS)))
    old_mode, new_mode = draw(st.sampled_from(sorted(MODES))), draw(st.sampled_from(sorted(MODES)))
    old_blob, new_blob, path = draw(NAMES), draw(NAMES), draw(PATHS)
    old_path = draw(PATHS) if letter in "RC" else None
    similarity = "087" if letter in "RC" else ""
    mode = old_mode if letter == "D" else new_mode
    old = decode_path(old_path) if old_path else (None, None)
    head = f":{old_mode} {new_mode} {old_blob} {new_blob} {letter}{similarity}".encode()
    paths = [old_path, path] if old_path else [path]
    row = (*decode_path(path), *old, LETTERS[letter], MODES[mode])
    return b"\0".join([head, *paths]) + b"\0", row


COMMITS = st.lists(st.tuples(NAMES, st.lists(entries(), max_size=5)), max_size=6)
FIELDS = ("path", "path_bytes", "old_path", "old_path_bytes", "change", "file_kind")


@given(COMMITS, st.integers(1, 50))
def test_every_stream_reads_back_as_what_was_written(commits, block_bytes):
    """However its bytes are cut into blocks."""
    stream = b"".join(
        name.encode() + b"\0" + (b"\n" if files else b"") + b"".join(raw for raw, _ in files)
        for name, files in commits
    )
    expected = [
        (place, name, number, *row)
        for place, (name, files) in enumerate(commits, start=1)
        for number, (_, row) in enumerate(files, start=1)
    ]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(changes, "_BLOCK_BYTES", block_bytes)
        found = list(parse_changes(changes._tokens(io.BytesIO(stream))))
    if expected:
        read = as_files(found).select("place", "commit_hash", "file_number", *FIELDS).rows()
        assert read == expected
    else:
        assert found == []


@pytest.mark.parametrize("left_out", [1, 2])
def test_an_answer_that_ends_before_a_path_is_refused(left_out):
    entry = (b"\n:100644 100644 %b %b R100" % (b"a" * 40, b"b" * 40), b"old", b"new")
    with pytest.raises(GitFailed, match=f"a file of {'c' * 40} has no path"):
        list(parse_changes(iter([b"c" * 40, *entry[:-left_out]])))


A, B = "a" * 40, "b" * 40


@pytest.mark.parametrize(
    ("modes", "blobs", "old", "new"),
    [
        ("000000 100644", (A, B), [], [f"100755 blob {B}"]),
        ("100755 000000", (A, B), [f"100644 blob {A}"], []),
        ("100755 100644", (A, B), [f"100644 blob {A}"], [f"100755 blob {B}"]),
        ("100644 120000", (A, B), [f"100644 blob {A}"], [f"100755 blob {B}"]),
        ("120000 120000", (A, A), [f"100644 blob {A}"], [f"100755 blob {A}"]),
        ("100644 160000", (A, A), [f"100644 blob {A}"], [f"160000 commit {A}"]),
        ("160000 100644", (A * 2, B * 2), [f"160000 commit {A * 2}"], [f"100755 blob {B * 2}"]),
        ("160000 160000", (A, B), [f"160000 commit {A}"], [f"160000 commit {B}"]),
    ],
)
def test_a_pair_is_compared_by_what_its_sides_are(modes, blobs, old, new):
    """Permissions are not; but git shows a blob that stays the same only if its mode changes."""
    entry = f":{modes} {' '.join(blobs)} M".encode()
    files = as_files([FileChange(1, "c", 1, entry, None, b"path")])
    assert trees_of(files) == tuple(
        "".join(f"{e}\t00000000\n" for e in side) for side in (old, new)
    )
    assert files.schema["path_bytes"] == pl.Binary()


def test_many_files_that_a_commit_moves_and_edits_are_renamed(repository, mined_home):
    """As git finds them alone, and not as so many deleted and added ones."""
    contents = {n: b"".join(b"%d of %d\n" % (i, n) for i in range(20)) for n in range(30)}
    repository.commit(b"one", {f"old/{n}": content for n, content in contents.items()})
    repository.commit(b"two", {f"new/part {n}": b"more\n" + c for n, c in contents.items()})
    mined_home.mine(repository.path)
    changed = mined_home.rows("commit_files").filter(pl.col("path").str.starts_with("new/"))
    assert (
        changed.select("change", "lines_added", "lines_deleted").rows() == [("renamed", 1, 0)] * 30
    )
