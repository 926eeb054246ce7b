"""Compare a report with the warehouse by KPI, project and period."""

from __future__ import annotations

from datetime import UTC, datetime

import duckdb
import pytest

from tests.support.expected.known_kpis import title_of
from tests.support.rows.memory_homes import MemoryHome
from warehouse.build.build_file import building, swap_in
from warehouse.build.runner import build_models
from warehouse.context import Context, Project
from warehouse.errors import QueryFailed, WarehouseMissing
from warehouse.reconcile.compare_with_warehouse import compare_with_warehouse
from warehouse.reconcile.findings import State, reconcile
from warehouse.tables.batches import load_batches

MONTHS = {"one": (1, 2, 3, 5, 5), "two": (2,)}
CONTEXT = Context(
    projects=(
        Project(name="red", title="Red Kite", sources=("host/one",), title_ko="붉은 연"),
        Project(name="blue", title="Blue Whale", sources=("host/two",)),
    )
)
# Figures without commits: KPI, project, quarter, value, numerator, denominator.
KNOWN = [
    ("project_completion_rate", "*", "2024-Q1", 0.625, 25, 40),
    ("project_completion_rate", "red", "2024-Q1", 0.75, 3, 4),
    ("mean_time_to_recovery", "*", "2024-Q1", 18.9, None, None),
    ("mean_time_to_recovery", "*", "2024-Q2", None, None, None),
    ("project_lead_time", "*", "2024-Q1", 14.7777777778, None, None),
    ("issue_resolution_ratio", "*", "2024-Q1", 0.5, 5, 10),
]


def rows(number, months):
    """Yield one commit by Ann on the tenth of each month."""
    for place, month in enumerate(months):
        at = int(datetime(2024, month, 10, tzinfo=UTC).timestamp()) * 1_000_000
        person = ("ann", "ann@example.org", at, 0)
        name = f"{number}{place}"
        yield (name, "t", "", *person, *person, "S", "", None, False, None, None)


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory):
    """Build the packaged models over two repositories, with additional figures."""
    home = MemoryHome(tmp_path_factory.mktemp("reports") / "home")
    for source, months in MONTHS.items():
        commits = list(rows(source, months))
        home.write_batch(
            f"host/{source}",
            month=9,
            repositories=[(source, "/there", "sha1", "refs/heads/main", "d", False, None)],
            commits=commits,
            reachability=[
                (scope, commit[0], True)
                for scope in ("any_ref", "default_branch")
                for commit in commits
            ],
        )
    with building(home.warehouse) as connection:
        load_batches(connection, home.store)
        build_models(connection, CONTEXT)
    swap_in(home.warehouse)
    with duckdb.connect(str(home.warehouse)) as connection:
        connection.executemany(
            "insert into marts.kpi_quarterly by name select $1 as kpi, $2 as project, '*' as "
            "source, $3 as quarter, $4 as value, $5 as numerator, $6 as denominator, "
            "2024 as fiscal_year, true as is_complete",
            KNOWN,
        )
    return home.warehouse


def texts_of(text, warehouse, project=None):
    reconciliation = compare_with_warehouse(reconcile(text), warehouse, project)
    return [
        (finding.figure.line, finding.says, finding.should_be, finding.command)
        for finding in reconciliation.findings
    ]


REPORT = f"""\
# Report 2024

## Activity

- **Q1**: 5 commits (3 Red Kite + 2 Blue Whale)
- **Q2**: 2 commits

| KPI | Q1 | Q2 |
| --- | --- | --- |
| {title_of("commits")} | 4 | 3 |
| {title_of("project_completion_rate")} | 62% | 75% |
| Average lead time (days) | 14 | 20 |
| MTTR | 18h 55m | 75h |

### 붉은 연

- {title_of("commits", "ko")}: 3개 (1분기)
- {title_of("commits", "ko")}: 9개 (2분기)

## Details of Q1

- **{title_of("project_completion_rate")}**: 26/40 = 65%
  - Red Kite: 3/4 = 75%
  - Green Mole: 1/2 = 50%
- **Issues resolved**: 5/10
"""
DIFFERENT = [
    (5, "5", "4", "quarry explain commits 2024-Q1"),
    (5, "2", "1", "quarry explain commits 2024-Q1 --project blue"),
    (10, "3", "2", "quarry explain commits 2024-Q2"),
    (13, "18h 55m", "18h 54m", "quarry explain mean_time_to_recovery 2024-Q1"),
    (18, "9개", "2개", "quarry explain commits 2024-Q2 --project red"),
    (22, "26/40", "25/40", "quarry explain project_completion_rate 2024-Q1"),
    (22, "65%", "62.5%", "quarry explain project_completion_rate 2024-Q1"),
]


def test_differences_have_the_command_that_explains_them(warehouse):
    reconciliation = compare_with_warehouse(reconcile(REPORT), warehouse, None)

    assert [
        (finding.figure.line, finding.says, finding.should_be, finding.command)
        for finding in reconciliation.findings
    ] == DIFFERENT
    assert {finding.state for finding in reconciliation.findings} == {State.DIFFERS}
    assert reconciliation.compared_count == 16


def test_a_report_is_of_the_chosen_project(warehouse):
    text = "# 2024\n\n- **Q1**: 3 commits\n- **Q2**: 2 commits"

    assert texts_of(text, warehouse, "red") == []
    assert texts_of(text, warehouse) == [(3, "3", "4", "quarry explain commits 2024-Q1")]
    with pytest.raises(QueryFailed, match="Did you mean 'red'"):
        texts_of(text, warehouse, "rad")


@pytest.mark.parametrize(
    "text",
    [
        "- 9 commits",  # without a period
        "# 2019\n\n- Q1: 9 commits",  # a year without data
        "# 2024\n\n- Q1 target: 9 commits",
        "# 2024\n\n## Targets of Q1\n\n- Commits: 9",
        "# 2024\n\n- Q1: 9 commit messages were too long",
        "# 2024\n\n- Q1: MTTR of 9 incidents",
        "# 2024\n\n- Q1: 90% of commits were signed",
        "# 2024\n\n## Q2\n\n- MTTR: 75h",  # the published figure is no data
        "# 2024\n\n## Q1\n\n- Green Mole\n  - Commits: 9",  # a project that is not mined
        "# 2024 Q1\n\n## Red Kite\n\n## Green Mole\n\n- Commits: 9",
    ],
)
def test_a_figure_that_may_be_another_is_not_compared(text, warehouse):
    reconciliation = compare_with_warehouse(reconcile(text), warehouse, None)

    assert (reconciliation.findings, reconciliation.compared_count) == ([], 0)


def test_a_contradiction_precedes_the_difference(warehouse):
    text = "# 2024\n\n- **Q1**: 9 commits (3 Red Kite + 5 others)"
    reconciliation = compare_with_warehouse(reconcile(text), warehouse, None)

    assert [
        (finding.state, finding.says, finding.should_be) for finding in reconciliation.findings
    ] == [
        (State.CONTRADICTS, "9", "8"),
        (State.DIFFERS, "9", "4"),
    ]


def test_a_missing_warehouse_is_an_error(tmp_path):
    with pytest.raises(WarehouseMissing):
        compare_with_warehouse(reconcile("# 2024"), tmp_path / "quarry.duckdb", None)
