"""Test odd paths, encodings, people and times: nothing is lost."""

from __future__ import annotations

import duckdb
import pytest
import pytz

from miners.git.objects import parse_signature
from miners.text import is_usable
from tests.support.expected.oracle import diff_tree, mined_files
from tests.support.git.odd_histories import (
    DECLARED,
    GERMAN,
    JAPANESE,
    PATHS,
    PEOPLE,
    TIMES,
    UNUSABLE,
    everything_odd,
)
from tests.support.git.repositories import MinedHome, Repository
from warehouse.tables.batches import load_batches


@pytest.fixture(scope="module")
def odd(tmp_path_factory):
    """One repository with everything in it, and the home in which it was mined."""
    repository = Repository.make(tmp_path_factory.mktemp("odd") / "odd.git", bare=True)
    made = everything_odd(repository)
    home = MinedHome(tmp_path_factory.mktemp("mined"))
    home.mine(repository.path)
    return repository, home, made


def test_every_file_is_what_diff_tree_says(odd):
    repository, home, made = odd
    everything = repository.text("rev-list", "--all").split()
    assert len(everything) == sum(map(len, made.values())) + 1
    assert home.rows("rejects").height == 0
    assert home.commits().keys() == set(everything)
    assert mined_files(home) == diff_tree(repository.path, everything)


def test_every_path_is_there_byte_for_byte(odd):
    """A path that is not UTF-8 reads with escapes, and its bytes are in another column."""
    _, home, made = odd
    kinds = ("added", "modified", "renamed", "deleted")
    for commit, kind in zip(made["paths"], kinds, strict=True):
        rows = home.rows("commit_files").filter(commit_hash=commit)
        raw = {r["path_bytes"] or r["path"].encode() for r in rows.iter_rows(named=True)}
        prefix = b"moved/" if kind in {"renamed", "deleted"} else b""
        assert raw == {prefix + path for path in PATHS}
        if kind in {"added", "modified"}:
            assert set(rows["change"]) == {kind}
    shown = dict(home.rows("commit_files").select("path_bytes", "path").iter_rows())
    assert shown[b"latin-\xe4\xf6.txt"] == r"latin-\xe4\xf6.txt"


def test_kinds_of_files_and_of_changes(odd):
    """Binary files count no lines; links, modes and submodules are named for what they are."""
    _, home, made = odd
    columns = ("path", "change", "file_kind", "lines_added", "lines_deleted", "is_binary")
    rows = home.rows("commit_files").filter(commit_hash=made["changes"][1]).select(columns).rows()
    assert rows == [
        ("a", "modified", "executable", 0, 0, False),
        ("e", "type_changed", "symlink", 1, 1, False),
        ("empty", "deleted", "file", 0, 0, False),
        ("no newline", "deleted", "file", 0, 1, False),
    ]
    rows = home.rows("commit_files").filter(commit_hash=made["changes"][2]).select(columns).rows()
    assert ("b", "modified", "file", None, None, True) in rows
    rows = home.rows("commit_files").filter(commit_hash=made["changes"][5]).select(columns).rows()
    assert ("sub", "added", "submodule", 1, 0, False) in rows
    assert home.rows("commit_files").filter(commit_hash=made["changes"][-1]).height == 0


def test_attributes_in_the_repository_do_not_change_counts(odd):
    _, home, made = odd
    rows = home.rows("commit_files").filter(commit_hash=made["changes"][7])
    assert set(rows.select("lines_added", "lines_deleted", "is_binary").rows()) == {(1, 0, False)}


@pytest.mark.parametrize("number", range(len(DECLARED)), ids=[name for _, name, _ in DECLARED])
def test_a_declared_encoding_is_read_exactly(number, odd):
    repository, home, made = odd
    codec, name, text = DECLARED[number]
    row = home.commits()[made["declared"][number]]
    assert (row["author_name"], row["subject"]) == (text, f"{text} subject")
    assert row["body"] == f"{text} body\n\nReviewed-by: {text} <r@x>"
    assert row["encoding"] == name
    trailer = home.rows("commit_trailers").filter(commit_hash=row["commit_hash"])
    assert trailer.select("token", "value").rows() == [("Reviewed-by", f"{text} <r@x>")]
    is_utf8 = codec == "utf-8"
    assert row["anomalies"] == (None if is_utf8 else "recoded_author recoded_message")
    raw = repository.git("cat-file", "commit", row["commit_hash"])
    assert row["object_bytes"] == (None if is_utf8 else raw)


@pytest.mark.parametrize("number", range(len(UNUSABLE)), ids=[ascii(name) for name in UNUSABLE])
def test_a_declared_encoding_that_is_none_is_flagged_and_utf_8_is_tried(number, odd):
    _, home, made = odd
    row = home.commits()[made["unusable"][number]]
    assert (row["subject"], row["anomalies"]) == (GERMAN, "unknown_encoding")
    assert GERMAN.encode() in row["object_bytes"]


def test_encodings_that_could_give_what_no_text_may_hold_are_not_used():
    assert [name for name in UNUSABLE if is_usable(name)] == []


@pytest.mark.parametrize("number", range(len(PEOPLE)), ids=[repr(p[0][:30]) for p in PEOPLE])
def test_every_shape_of_author_gives_a_row(number, odd):
    _, home, made = odd
    _, name, email, anomalies = PEOPLE[number]
    row = home.commits()[made["people"][number]]
    assert (row["author_name"], row["author_email"]) == (name, email)
    assert _of_author(row["anomalies"]) == anomalies
    assert (row["object_bytes"] is None) == (row["anomalies"] is None)
    assert (row["authored_at"] is None) == ("no_time" in anomalies)


def _of_author(anomalies):
    """Ignore that a line cut short has no zone either."""
    return " ".join(word for word in (anomalies or "").split() if word != "odd_zone_author")


@pytest.mark.parametrize("number", range(len(TIMES)), ids=[repr(t[0][:30]) for t in TIMES])
def test_every_shape_of_time_gives_a_row(number, odd):
    _, home, made = odd
    _, second, offset, anomalies = TIMES[number]
    row = home.commits()[made["times"][number]]
    found = None if row["authored_at"] is None else int(row["authored_at"].timestamp())
    assert (found, row["author_offset_minutes"]) == (second, offset)
    assert (row["anomalies"] or "") == anomalies


def test_messages_of_every_shape(odd):
    _, home, made = odd
    rows = [home.commits()[commit] for commit in made["messages"]]
    assert [(row["subject"], row["body"]) for row in rows] == [
        ("", ""),
        ("", ""),
        ("subject only", ""),
        ("two lines", "body"),
        ("nul␀here", "and␀there"),
        ("x" * 1_000_000, ""),
        (GERMAN, ""),
        (JAPANESE.encode("iso2022_jp").decode("ascii"), ""),
        ("next\x85line\u2028and\x0cmore", "\xa0"),
        ("tree 1111 author x", "encoding utf-16"),
    ]
    odd_ones = [number for number, row in enumerate(rows) if row["anomalies"]]
    assert odd_ones == [4, 6]
    assert rows[4]["anomalies"] == rows[6]["anomalies"] == "recoded_message"
    assert b"nul\0here\n\nand\0there\n" in rows[4]["object_bytes"]


def test_merges_roots_and_signatures(odd):
    """A merge of many and a second root are commits like others; merges carry no files."""
    _, home, made = odd
    root, *sides, octopus, roots, signed = [home.commits()[name] for name in made["shapes"]]
    assert (root["parent_hashes"], len(octopus["parent_hashes"].split())) == ("", 3)
    assert octopus["parent_hashes"].split() == [side["commit_hash"] for side in sides]
    merges = {octopus["commit_hash"], roots["commit_hash"]}
    assert merges.isdisjoint(home.rows("commit_files")["commit_hash"])
    assert root["commit_hash"] in set(home.rows("commit_files")["commit_hash"])
    assert (signed["is_signed"], root["is_signed"]) == (True, False)


def test_all_of_it_reaches_the_warehouse_unchanged(odd):
    _, home, _ = odd
    with duckdb.connect() as connection:
        connection.execute("set timezone = 'UTC'")
        load_batches(connection, home.path / "store")
        for record in ("commits", "commit_files", "commit_trailers"):
            rows = home.rows(record)
            ours = ", ".join(f'"{name}"' for name in rows.columns)
            loaded = connection.execute(f"select {ours} from raw.{record}").fetchall()
            assert sorted(map(repr, loaded)) == sorted(map(repr, _in_utc(rows.rows())))


def _in_utc(rows):
    def plain(value):
        return value.astimezone(pytz.utc) if hasattr(value, "astimezone") else value

    return [tuple(plain(value) for value in row) for row in rows]


@pytest.mark.parametrize(
    "parts",
    [
        {"author": None},
        {"committer": None},
        {"author": b"Ada <a@x> 1 +0000\nauthor Bob <b@x> 2 +0000"},
    ],
)
def test_a_commit_with_too_few_or_too_many_people_is_kept(parts, repository, mined_home):
    made = repository.commit(**parts)
    mined_home.mine(repository.path)
    assert mined_home.commits()[made]["object_bytes"] == repository.git("cat-file", "commit", made)


@pytest.mark.parametrize("line", [b"", b"<", b">", b"<>", b"><", b" ", b"\0", b"<\xff>"])
def test_the_smallest_lines_of_people_do_not_crash(line):
    assert parse_signature(line, "author", None, "latin-1").instant_us is None
