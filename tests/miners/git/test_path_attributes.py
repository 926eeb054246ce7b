"""Lines of .gitattributes files that call paths generated or vendored."""

from __future__ import annotations

import duckdb
import pytest

from miners.git.attribute_patterns import path_matcher

GENERATED, VENDORED = "linguist-generated", "linguist-vendored"
TOP = b"""# comment linguist-generated
[attr]made linguist-generated -text
  *.pb.go made  \r
/dist/** linguist-vendored=true text
"with blank.js" linguist-generated=true
docs/*.html -linguist-vendored !linguist-generated
folder/ linguist-generated
*.txt text
!kept.js linguist-generated
odd linguist-generated=maybe
"""
BELOW = b"[attr]own linguist-generated\n*.go own\n*.pb.go linguist-generated=false\n"


def lines(home, batch=None):
    names = ("line_number", "attribute", "is_set", "prefix", "suffix")
    return home.rows("path_attributes", batch=batch).select(names).rows()


def test_lines_are_read_in_the_order_of_their_precedence(repository, mined_home):
    long = b"*.c " + b"x" * 2100 + b" linguist-generated\n"
    repository.commit(
        b"c", {"api/.gitattributes": BELOW, ".gitattributes": TOP, "b/.gitattributes": long}
    )
    mined_home.mine(repository.path)
    assert lines(mined_home) == [
        (1, GENERATED, True, "", ".pb.go"),
        (2, VENDORED, True, "dist", ""),
        (3, GENERATED, True, "", "with blank.js"),
        (4, VENDORED, False, "docs/", ".html"),
        (5, GENERATED, None, "docs/", ".html"),
        (6, GENERATED, False, "api/", ".pb.go"),
    ]
    hashes = mined_home.rows("repositories")["attributes_hash"].unique().to_list()
    assert hashes == mined_home.rows("path_attributes")["attributes_hash"].unique().to_list()


def test_lines_are_written_again_only_when_they_change(repository, mined_home):
    repository.commit(b"c", {".gitattributes": BELOW})
    mined_home.mine(repository.path)
    repository.commit(b"c", {".gitattributes": BELOW, "a": b"1"})
    mined_home.mine(repository.path, day=1)
    repository.commit(b"c", {"a": b"1"})
    mined_home.mine(repository.path, day=2)
    assert [len(lines(mined_home, batch)) for batch in (1, 2, 3)] == [2, 0, 0]
    assert mined_home.rows("repositories", batch=3)["attributes_hash"].to_list() == [None]


PATHS = (
    "a.c",
    "x/a.c",
    "a/b.c",
    "a/x/b.c",
    "a/x/y/b.c",
    "a",
    "a/b/",
    "[c",
    "c]",
    "-",
    "é.c",
    "a\n.c",
)


@pytest.mark.parametrize(
    ("folder", "pattern", "matches"),
    [
        ("", "a.c", ["a.c", "x/a.c"]),
        ("", "/a.c", ["a.c"]),
        ("", "*.c", ["a.c", "x/a.c", "a/b.c", "a/x/b.c", "a/x/y/b.c", "é.c", "a\n.c"]),
        ("", "?.c", ["a.c", "x/a.c", "a/b.c", "a/x/b.c", "a/x/y/b.c", "é.c"]),
        ("a/", "*.c", ["a/b.c", "a/x/b.c", "a/x/y/b.c"]),
        ("a/x/", "/*.c", ["a/x/b.c"]),
        ("", "a/*.c", ["a/b.c"]),
        ("", "a/**", ["a/b.c", "a/x/b.c", "a/x/y/b.c", "a/b/"]),
        ("", "**/b.c", ["a/b.c", "a/x/b.c", "a/x/y/b.c"]),
        ("", "a/**/b.c", ["a/b.c", "a/x/b.c", "a/x/y/b.c"]),
        ("", "a/**/**/b.c", ["a/b.c", "a/x/b.c", "a/x/y/b.c"]),
        ("", "a/**/y/*.c", ["a/x/y/b.c"]),
        ("a/", "x**/b.c", ["a/x/b.c"]),
        ("", "[a-b].c", ["a.c", "x/a.c", "a/b.c", "a/x/b.c", "a/x/y/b.c"]),
        ("", "[!a].c", ["a/b.c", "a/x/b.c", "a/x/y/b.c", "é.c"]),
        ("", "[^a-b[:digit:]].c", ["é.c"]),
        ("a/x/", "[[:alpha:]].c", ["a/x/b.c", "a/x/y/b.c"]),
        ("", "\\[c", ["[c"]),
        ("", "c[]]", ["c]"]),
        ("", "[\\-]", ["-"]),
        ("", "[--]", ["-"]),
    ],
)
def test_patterns_match_as_in_git(folder, pattern, matches):
    match = path_matcher(folder, pattern)
    with duckdb.connect() as connection:
        found = connection.execute(
            "select path from (select unnest($1) as path) where regexp_full_match(path, $2, 's')",
            [list(PATHS), match.expression],
        ).fetchall()
    assert [path for (path,) in found] == matches
    assert all(path.startswith(match.prefix) and path.endswith(match.suffix) for path in matches)


@pytest.mark.parametrize(
    ("folder", "pattern"),
    [
        *((folder, "*.c") for folder in ("", "a/", "a/x/")),
        *(("", text) for text in ("**/b.c", "a/**", "a/**/b.c", "a/**/**/b.c", "a/**/y/*.c")),
        *(
            ("", text)
            for text in ("[a-b].c", "[!a].c", "[^a-b[:digit:]].c", "\\[c", "c[]]", "[--]")
        ),
        *(("", text) for text in ("[z-a]", "[c", "[]", "[[:odd:]]", "a?c", "?", "**", "a/*")),
    ],
)
def test_patterns_match_what_git_says(small, folder, pattern):
    """git reads a file system, where no path ends in a slash; ? of git is one byte."""
    paths = [path for path in PATHS if path.isascii() and not path.endswith("/")]
    file = small.path / folder / ".gitattributes"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(f"{pattern} {GENERATED}\n")
    stated = small.git("check-attr", "-z", "--stdin", GENERATED, stdin="\0".join(paths).encode())
    values = stated.decode().split("\0")[2::3]
    match = path_matcher(folder, pattern)
    with duckdb.connect() as connection:
        found = connection.execute(
            "select regexp_full_match(unnest($1), $2, 's')",
            [paths, match.expression if match else "[^\\s\\S]"],
        ).fetchall()
    assert [value == "set" for value in values] == [is_match for (is_match,) in found]


@pytest.mark.parametrize("pattern", ["folder/", "!a.c", "[z-a]", "[c", "[]", "[[:odd:]]", "/"])
def test_patterns_without_a_file(pattern):
    assert path_matcher("", pattern) is None


def test_ends_of_a_pattern_are_its_literal_characters():
    assert path_matcher("f/", "a[b]*c")[:2] == ("f/", "c")
    assert path_matcher("f/", "/a/b?c/d")[:2] == ("f/a/b", "c/d")
    assert path_matcher("f/", "a/\\*")[:2] == ("f/a/*", "a/*")
