"""Commands on a warehouse that another version built."""

from __future__ import annotations

import duckdb
import pytest

OLDER = """
    update meta.program set program_hash = 'of another version';
    drop schema marts cascade;
    drop schema figures cascade;
    drop table raw.issues;
"""


@pytest.fixture(scope="module")
def home(built, tmp_path_factory):
    """The shop's home after a version without some tables built it."""
    older = built.copied(tmp_path_factory.mktemp("older") / "home")
    with duckdb.connect(str(older.warehouse)) as connection:
        connection.execute(OLDER)
    return older


@pytest.mark.parametrize(
    "command",
    [
        "kpi",
        "explain commits 2024-Q1",
        "report",
        "compare --preset gitlab",
        "asof 2024-02-15",
    ],
)
def test_a_command_says_how_to_build_it_again(quarry, command):
    code, said, complained = quarry(*command.split())

    assert (code, said) == (1, b"")
    first, second = complained.splitlines()
    assert "quarry.duckdb: another version of Quarry built it: Catalog Error: Table" in first
    assert second == "Build it again with `quarry replay`."


def test_a_query_of_a_user_is_the_users(quarry):
    code, _, complained = quarry("query", "from marts.kpi_quarterly")

    assert code == 1
    assert complained.endswith("Fix the query; `show all tables` lists the tables.\n")
