"""Test the data dictionary of the exports."""

from __future__ import annotations

import polars as pl

from tests.support.expected.known_kpis import title_of
from tests.support.rows.memory_homes import no_graph
from warehouse.exports.metrics_page import INTRODUCTION, metrics_page

SPEED = """-- How fast it went.
--
-- Nothing is not zero.
--
-- grain: project, quarter
-- export: by quarter
select 'p' as project, '2024-Q1' as quarter, 1 as commit_count
"""
PEOPLE = "-- Who.\n--\n-- grain: project\n-- export: whole\nselect 'p' as project"
INNER = "-- Not exported.\n--\n-- grain: x\nselect 1 as x"


def write_models(home):
    home.write_model("marts/speed.sql", SPEED)
    home.write_model("facts/people.sql", PEOPLE)
    home.write_model("facts/inner.sql", INNER)
    home.describe(project="Short name.", quarter="Label.", commit_count="Commits | any.", x="X.")


def test_the_dictionary_describes_the_files_as_they_are(home):
    write_models(home)
    home.build()

    frame = pl.read_parquet(home.exports / "current/data_dictionary/data.parquet")
    assert frame.columns == ["table_name", "column_name", "type", "meaning", "grain"]
    assert frame.rows() == [
        ("people", "project", "varchar", "Short name.", "project"),
        ("speed", "commit_count", "bigint", "Commits | any.", "project, quarter_label"),
        ("speed", "project", "varchar", "Short name.", "project, quarter_label"),
        ("speed", "quarter_label", "varchar", "Label.", "project, quarter_label"),
    ]


def test_the_dictionary_is_a_page_too(home):
    write_models(home)
    home.build()

    assert (home.exports / "current/DATA_DICTIONARY.md").read_text() == (
        "# Data dictionary\n\n"
        "## people\n\nOne row per project.\n\n"
        "| column | type | meaning |\n| --- | --- | --- |\n"
        "| project | varchar | Short name. |\n\n"
        "## speed\n\nOne row per project, quarter_label.\n\n"
        "| column | type | meaning |\n| --- | --- | --- |\n"
        "| project | varchar | Short name. |\n"
        "| quarter_label | varchar | Label. |\n"
        "| commit_count | bigint | Commits \\| any. |\n"
    )


def test_the_page_of_metrics_says_what_each_mart_says_of_itself(home):
    write_models(home)

    assert metrics_page(home.sql, graph=no_graph) == (
        INTRODUCTION + "\n"
        "## speed\n\nHow fast it went.\n\nNothing is not zero.\n\n"
        "One row per project, quarter_label. "
        "Computed by [sql/marts/speed.sql](../sql/marts/speed.sql), "
        "exported as `speed/quarter=…/data.parquet`.\n\n"
        "| column | type | meaning |\n| --- | --- | --- |\n"
        "| project | varchar | Short name. |\n"
        "| quarter_label | varchar | Label. |\n"
        "| commit_count | bigint | Commits \\| any. |\n"
    )


def test_the_packaged_kpis_reasons_and_marts_have_their_page():
    page = metrics_page()
    title, korean = (title_of("deployment_frequency", language) for language in ("en", "ko"))

    assert "## velocity_quarterly" in page
    assert "| commit_count | bigint |" in page
    assert f"| [deployment_frequency](#deployment_frequency) | {title} | {korean} |" in page
    assert "| still_open | still open when the quarter ended | 분기 말에 아직 열려 있음 |" in page
    assert (
        f"### deployment_frequency\n\n**{title}** · {korean}. How many times was "
        "something deployed to production in the quarter?\n\n"
    ) in page
    assert "Figure: how many rows count, in deployments; higher is better. Without rows" in page
