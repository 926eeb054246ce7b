"""Every query of docs/QUESTIONS.md, and the levels of figures that add up."""

from __future__ import annotations

import re
from pathlib import Path

import duckdb
import pytest

PAGE = Path(__file__).parents[3] / "docs" / "QUESTIONS.md"
QUESTIONS = dict(
    re.findall(r"### (\d+\. [^\n]+)\n.*?```sql\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)
)
TOTAL = """
    select sum(value) from marts.kpi_quarterly
    where kpi = 'commits' and project {} '*' and source {} '*'
"""
ROWS = "select count(*) from figures.kpi_evidence where kpi = 'commits' and is_counted and {}"


@pytest.fixture(scope="module")
def warehouse(explored):
    with duckdb.connect(str(explored.warehouse), read_only=True) as connection:
        yield connection


@pytest.mark.parametrize("question", QUESTIONS)
def test_each_question_has_an_answer_of_described_columns(warehouse, question):
    answer = warehouse.execute(QUESTIONS[question])

    assert [name for name, *_ in answer.description] != []
    answer.fetchall()


def test_there_are_28_questions_and_most_have_rows_in_a_small_shop(warehouse):
    answered = [number for number, sql in QUESTIONS.items() if warehouse.execute(sql).fetchall()]

    assert len(QUESTIONS) == 28
    assert len(answered) >= 15


def test_each_level_of_figures_adds_up_and_the_levels_do_not(warehouse):
    def total(project, source):
        return warehouse.execute(TOTAL.format(project, source)).fetchone()[0]

    of_all = total("=", "=")
    assert of_all == total("!=", "=") == total("!=", "!=")
    assert warehouse.execute(ROWS.format("counts_in_all")).fetchone() == (of_all,)
    leaves = "select sum(additive_value) from marts.kpi_leaves_quarterly where kpi = 'commits'"
    assert warehouse.execute(leaves).fetchone() == (of_all,)
    (summed,) = warehouse.execute(
        "select sum(value) from marts.kpi_quarterly where kpi = 'commits'"
    ).fetchone()
    assert summed == 3 * of_all
