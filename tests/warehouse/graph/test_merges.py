"""Compare the merges of commits with brute force and git."""

from __future__ import annotations

import subprocess
from datetime import UTC, datetime

import duckdb
import pytest
from hypothesis import Phase, given
from hypothesis import strategies as st

from tests.support.rows.random_parents import histories
from tests.support.running.examples import examples
from warehouse.graph.merges import build_graph

SOURCE = "host/one"


def staging(rows, tip, pulls=()):
    """Show what the graph reads of staging: (hash, parents, authored, committed) in seconds."""
    connection = duckdb.connect()
    connection.execute("set timezone = 'UTC'")
    connection.execute("create schema staging")
    connection.execute(
        "create table staging.repositories as select $1 as source, $2 as default_branch_hash",
        [SOURCE, tip],
    )
    connection.execute(
        "create table staging.change_request_heads (source varchar, "
        "change_request_number bigint, head_hash varchar)"
    )
    connection.execute("create table staging.pull_merges (source varchar, commit_hash varchar)")
    connection.execute(
        "create table staging.commits (source varchar, commit_hash varchar, "
        "parent_hashes varchar, authored_at timestamptz, committed_at timestamptz)"
    )
    for name, own, authored, committed in rows:
        connection.execute(
            "insert into staging.commits "
            "values ($1, $2, $3, to_timestamp($4::bigint), to_timestamp($5::bigint))",
            [SOURCE, name, " ".join(own), authored, committed],
        )
    for name in pulls:
        connection.execute("insert into staging.pull_merges values ($1, $2)", [SOURCE, name])
    build_graph(connection)
    return connection


def rows_of(connection, name):
    return connection.execute(f"select * exclude (source) from graph.{name} order by 1").fetchall()


def at(seconds):
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC)


def test_whole_tables_of_a_small_history():
    """A branch of two, merged; a merge of main into a branch; a side branch never merged."""
    connection = staging(
        [
            ("a", [], 10, 10),
            ("b", ["a"], 20, 20),
            ("p", ["a"], 15, 30),
            ("q", ["p"], None, 35),
            ("m", ["b", "q"], 40, 40),
            ("x", ["p"], 16, 45),
            ("y", ["x", "m"], 50, 50),
        ],
        "m",
    )

    assert rows_of(connection, "mainline") == [
        ("a", 1, "a", False),
        ("b", 2, "b", False),
        ("m", 3, "m", False),
        ("p", None, "m", False),
        ("q", None, "m", False),
    ]
    assert rows_of(connection, "merges") == [
        ("m", True, False, 2, 0, at(15), at(30)),
        ("y", False, False, 3, 0, at(20), at(20)),
    ]


def test_instants_that_are_no_usable_time_do_not_start_the_work():
    connection = staging(
        [("a", [], 5, 5), ("p", ["a"], 0, -7), ("m", ["a", "p"], 9, 9)],
        "m",
    )

    assert rows_of(connection, "merges") == [("m", True, False, 1, 0, None, None)]


def test_what_a_merge_brought_in_is_unknown_without_its_first_parent():
    """A second parent that is missing only hides what is behind it."""
    connection = staging(
        [
            ("b", ["gone"], 10, 10),
            ("m", ["gone", "b"], 20, 20),
            ("n", ["m", "lost"], 30, 30),
            ("z", ["lost", "b"], 40, 40),
        ],
        "n",
    )

    assert rows_of(connection, "merges") == [
        ("m", True, False, None, None, None, None),
        ("n", True, False, 0, 0, None, None),
        ("z", False, False, None, None, None, None),
    ]
    assert rows_of(connection, "mainline") == [
        ("b", None, "m", False),
        ("m", 1, "m", False),
        ("n", 2, "n", False),
    ]


@pytest.mark.parametrize("tip", [None, "not mined"])
def test_without_a_default_branch_there_is_no_mainline(tip):
    connection = staging([("a", [], 1, 1), ("b", ["a"], 1, 2), ("m", ["a", "b"], 3, 3)], tip)

    assert rows_of(connection, "mainline") == []
    assert rows_of(connection, "merges") == [("m", False, False, 1, 0, at(1), at(2))]


def test_a_pull_merge_lands_the_new_work_and_not_the_branch_before():
    """u1 and its merge m were on the branch; l was written in the copy into which it was pulled."""
    history = [
        ("a", [], 1, 1),
        ("p", ["a"], 2, 2),
        ("m", ["a", "p"], 3, 3),
        ("l", ["a"], 4, 4),
        ("pull", ["l", "m"], 5, 5),
    ]
    connection = staging(history, "pull", pulls=["pull"])

    assert rows_of(connection, "mainline") == [
        ("a", 1, "a", False),
        ("l", None, "pull", False),
        ("m", 2, "m", False),
        ("p", None, "m", False),
        ("pull", 3, "pull", False),
    ]
    assert rows_of(connection, "merges") == [
        ("m", True, False, 1, 0, at(2), at(2)),
        ("pull", True, True, 1, 0, at(4), at(4)),
    ]


def test_a_history_pulled_into_an_unrelated_one_is_imported():
    """A host began the branch with a first file; years of work were then merged with it."""
    history = [
        ("years", [], 1, 1),
        ("work", ["years"], 2, 2),
        ("readme", [], 100, 100),
        ("pull", ["work", "readme"], 101, 101),
        ("later", ["pull"], 102, 102),
        ("b", ["pull"], 103, 103),
        ("again", ["b", "later"], 104, 104),
    ]
    connection = staging(history, "again", pulls=["pull", "again"])

    assert rows_of(connection, "mainline") == [
        ("again", 5, "again", False),
        ("b", None, "again", False),
        ("later", 4, "later", False),
        ("pull", 3, "pull", False),
        ("readme", None, "pull", True),
        ("work", 2, "work", False),
        ("years", 1, "years", False),
    ]
    assert rows_of(connection, "merges") == [
        ("again", True, True, 1, 0, at(103), at(103)),
        ("pull", True, False, 1, 1, None, None),
    ]


def test_history_with_an_unrelated_root_is_imported_whenever_it_comes():
    """A library and its later versions; own work that was merged together with it counts."""
    history = [
        ("a", [], 100, 100),
        ("lib1", [], 1, 1),
        ("lib2", ["lib1"], 2, 2),
        ("add", ["a", "lib2"], 101, 101),
        ("lib3", ["lib2"], 3, 3),
        ("b", ["add"], 102, 102),
        ("update", ["b", "lib3"], 103, 103),
        ("m", ["add", "update"], 104, 104),
        ("missing", ["gone"], 4, 4),
        ("n", ["m", "missing"], 105, 105),
    ]
    connection = staging(history, "n")

    rows = rows_of(connection, "mainline")
    assert [name for name, *_, is_imported in rows if is_imported] == ["lib1", "lib2", "lib3"]
    assert rows_of(connection, "merges") == [
        ("add", True, False, 2, 2, None, None),
        ("m", True, False, 3, 1, at(102), at(102)),
        ("n", True, False, 1, 0, at(4), at(4)),
        ("update", False, False, 1, 1, None, None),
    ]


def test_an_empty_repository_has_empty_tables():
    connection = staging([], None)

    assert rows_of(connection, "mainline") == []
    assert rows_of(connection, "merges") == []


def git(repository, *words, stdin=b""):
    command = ["git", "-C", repository, *words]
    return subprocess.run(command, input=stdin, check=True, capture_output=True).stdout.decode()


def fast_import(repository, parents, authored):
    """Write commits with fixed dates and return their hashes."""
    stream = []
    for commit, own in enumerate(parents):
        stream += [
            f"commit refs/heads/c{commit}",
            f"mark :{commit + 1}",
            f"author A <a@x> {authored[commit]} +0000",
            f"committer C <c@x> {1_700_000_000 + commit} +0000",
            "data 0",
            *(f"{'merge' if i else 'from'} :{parent + 1}" for i, parent in enumerate(own)),
            "",
        ]
    marks = repository / "marks"
    command = ("fast-import", "--quiet", f"--export-marks={marks}")
    git(repository, *command, stdin="\n".join(stream).encode())
    by_mark = dict(line.split() for line in marks.read_text().splitlines())
    return [by_mark[f":{commit + 1}"] for commit in range(len(parents))]


@given(histories(40), st.randoms())
# Each example starts many processes, so a smaller one is not looked for.
@examples(4, phases=[Phase.explicit, Phase.generate])
def test_git_agrees(tmp_path_factory, parents, random):
    """Every merge's range, and what each chain commit adds to the one before, as rev-list says."""
    repository = tmp_path_factory.mktemp("repository")
    git(repository, "init", "--quiet", "--bare")
    authored = [1_600_000_000 + random.randrange(10_000) for _ in parents]
    hashes = fast_import(repository, parents, authored)
    written = dict(zip(hashes, authored, strict=True))
    committed = {name: 1_700_000_000 + place for place, name in enumerate(hashes)}
    rows = [
        (name, [hashes[parent] for parent in own], written[name], committed[name])
        for name, own in zip(hashes, parents, strict=True)
    ]
    tip = hashes[-1]
    connection = staging(rows, tip)

    def reached(*revisions):
        return set(git(repository, "rev-list", *revisions).split())

    landed, own_root = reached(tip), git(repository, "rev-list", "--first-parent", tip).split()[-1]
    roots = reached("--max-parents=0", "--all")
    imported = {
        name for name in hashes if not roots.intersection(reached(name)) - (landed - {own_root})
    }
    chain = git(repository, "rev-list", "--first-parent", "--reverse", tip).split()
    expected_mainline = [
        (
            commit,
            1 + chain.index(commit) if commit in chain else None,
            landing,
            commit in imported,
        )
        for before, landing in zip([None, *chain], chain, strict=False)
        for commit in git(
            repository, "rev-list", landing, *([f"^{before}"] if before else [])
        ).split()
    ]
    expected_merges = []
    for name, own in zip(hashes, parents, strict=True):
        if len(own) > 1:
            brought = git(repository, "rev-list", f"{name}^1..{name}").split()
            brought.remove(name)
            own_work = set(brought) - imported
            first_authored = min((written[commit] for commit in own_work), default=None)
            first_committed = min((committed[commit] for commit in own_work), default=None)
            counts = (len(brought), len(brought) - len(own_work))
            expected_merges.append(
                (name, name in chain, False, *counts, at(first_authored), at(first_committed))
            )
    assert rows_of(connection, "mainline") == sorted(expected_mainline)
    assert rows_of(connection, "merges") == sorted(expected_merges)


def test_a_head_has_what_the_default_branch_does_not_reach():
    """A head that landed whole, or was never mined, has nothing of its own."""
    rows = [("a", [], 1, 1), ("b", ["a"], 2, 2), ("p", ["a"], 3, 3), ("q", ["p"], 5, 5)]
    connection = staging([*rows, ("r", ["a", "q"], None, 9)], "b")
    connection.execute(
        "insert into staging.change_request_heads values "
        "('host/one', 1, 'q'), ('host/one', 2, 'b'), ('host/one', 3, 'gone'), ('host/one', 4, 'r')"
    )

    build_graph(connection)

    query = """
        select change_request_number, commit_count, epoch(first_authored_at)::int
        from graph.change_request_heads order by all
    """
    assert connection.execute(query).fetchall() == [
        *((1, 2, 3), (2, 0, None), (3, 0, None), (4, 3, 3)),
    ]
