"""Test the figures of issue closure by the rules of projects."""

from __future__ import annotations

from datetime import date

import pytest

from flows.settings.projects import RuleSettings, rules_of
from tests.support.rows.row_histories import builder, rows
from tests.support.rows.trackers import REPOSITORY, TrackerRows
from warehouse.context import Context, Project

KPIS = ("issues_closed", "issues_remaining", "issue_closure_ratio", "days_to_close")
build = builder("marts.issue_closure_quarterly", "marts.kpi_quarterly", kpis=KPIS)
SUB_ISSUE = {"issue_type": "Task", "parent": "https://api.github.com/repos/o/r/issues/1"}
MART = """
    select quarter, open_at_start_count, opened_count, closed_count, open_at_end_count,
        median_days_to_close, closed_within_30_days_count, survival_median_days_to_close,
        answered_count, unanswered_count
    from marts.issue_closure_quarterly where project = '{}' order by quarter
"""
SAME = f"""
    select
        mart.project,
        mart.quarter,
        [mart.closed_count, mart.open_at_end_count, round(mart.closure_ratio, 6),
            mart.median_days_to_close] as figures,
        [{", ".join(f"max(value) filter (where kpi = '{kpi}')" for kpi in KPIS)}] as kpis
    from marts.issue_closure_quarterly as mart
    left join marts.kpi_quarterly as kpis using (project, source, quarter)
    group by all
    order by all
"""


def project(name, rules, **days):
    return Project(name=name, title=name, sources=(REPOSITORY,), rules=rules, **days)


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory):
    """A bug, a sub-task, a chore, an old issue that was answered, and a new one."""
    tracker = TrackerRows()
    closed(tracker, 1, "2024-01-10", "2024-02-09")
    closed(tracker, 2, "2024-01-10", "2024-01-12", **SUB_ISSUE)
    tracker.issue(3, created_at="2024-01-20T00:00", labels=["Chore"])
    closed(tracker, 4, "2023-12-01", "2024-05-10")
    tracker.comment(4, "bob", "2023-12-02T00:00")
    tracker.issue(5, created_at="2024-04-05T00:00")
    store = tmp_path_factory.mktemp("closure")
    tracker.found(store)
    default = rules_of(RuleSettings())
    period = {"active_from": date(2024, 1, 15), "active_until": date(2024, 4, 30)}
    projects = (
        project("plain", ()),
        project("ruled", rules_of(RuleSettings(left_out_labels=("chore",)))),
        project("dated", default, **period),
    )
    with build(store, Context(projects=projects)) as connection:
        yield connection


def closed(tracker, number, opened, ended, **facts):
    at = f"{ended}T00:00"
    facts |= {"created_at": f"{opened}T00:00", "state": "closed", "closed_at": at}
    tracker.issue(number, ("closed", at), **facts)


def test_without_rules_every_issue_counts(warehouse):
    assert rows(warehouse, MART.format("plain")) == [
        ("2023-Q4", 0, 1, 0, 1, None, 0, 161, 1, 0),
        ("2024-Q1", 1, 3, 2, 2, 16, 2, 30, 0, 3),
        ("2024-Q2", 2, 1, 1, 2, 161, 0, None, 0, 1),
        ("2024-Q3", 2, 0, 0, 2, None, None, None, 0, 0),
    ]


def test_labels_and_types_that_are_excluded_are_in_no_figure(warehouse):
    assert rows(warehouse, MART.format("ruled")) == [
        ("2023-Q4", 0, 1, 0, 1, None, 0, 161, 1, 0),
        ("2024-Q1", 1, 1, 1, 1, 30, 1, 30, 0, 1),
        ("2024-Q2", 1, 1, 1, 1, 161, 0, None, 0, 1),
        ("2024-Q3", 1, 0, 0, 1, None, None, None, 0, 0),
    ]


def test_a_project_has_its_figures_while_it_is_active(warehouse):
    """It begins with two open issues; what is closed after it does not count."""
    assert rows(warehouse, MART.format("dated")) == [
        ("2023-Q4", 0, 0, 0, 0, None, None, None, 0, 0),
        ("2024-Q1", 2, 1, 1, 2, 30, 0, None, 0, 1),
        ("2024-Q2", 2, 1, 0, 2, None, 0, None, 0, 1),
        ("2024-Q3", 0, 0, 0, 0, None, None, None, 0, 0),
    ]


def test_the_kpis_have_the_same_figures(warehouse):
    """A KPI counts nothing as zero, and has no ratio or days then."""
    for project_name, quarter, figures, kpis in rows(warehouse, SAME):
        assert figures == [kpis[0] or 0, kpis[1] or 0, *kpis[2:]], (project_name, quarter)
