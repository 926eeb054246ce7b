"""Types of issues that count in figures of issues."""

from __future__ import annotations

import pytest

from flows.settings.projects import RuleSettings, rules_of
from tests.support.rows.row_histories import builder, rows
from tests.support.rows.trackers import FEB, REPOSITORY, TrackerRows
from warehouse.context import Context, Project

build = builder("intermediate.kpi_issues")
TASK, STORY = "Task", "Story"
SUB_ISSUE = {"parent": "https://api.github.com/repos/o/r/issues/1"}


def closed(tracker, number, issue_type, **facts):
    events = [("closed", FEB)]
    facts |= {"state": "closed", "closed_at": FEB}
    tracker.issue(number, *events, issue_type=issue_type, **facts)


def reasons(store, rules, kind="github"):
    made = TrackerRows()
    closed(made, 1, None)
    closed(made, 2, "Bug")
    closed(made, 3, TASK)
    closed(made, 4, TASK, **SUB_ISSUE)
    closed(made, 5, "Bug", **SUB_ISSUE)
    closed(made, 6, "test_case")
    closed(made, 7, None, **SUB_ISSUE)
    made.issue(8, issue_type="key_result")
    made.found(store, tracker_kind=kind)
    project = Project(name="r", title="r", sources=(REPOSITORY,), rules=rules_of(rules))
    connection = build(store, Context(projects=(project,)))
    query = "select issue_number, coalesce(left_out_reason, 'counted') from "
    return dict(rows(connection, f"{query}intermediate.kpi_issues"))


@pytest.mark.parametrize(
    ("types", "kind", "excluded"),
    [
        (None, "github", {4, 6, 8}),
        (None, "gitlab", {3, 4, 6, 8}),
        (["*"], "github", set()),
        (["bug"], "github", {1, 3, 4, 6, 7, 8}),
        (["issue", "part/bug"], "github", {2, 3, 4, 6, 8}),
        (["!Bug"], "github", {2, 5}),
        (["*", "!part/*"], "github", {4, 5, 7}),
    ],
)
def test_parts_of_issues_and_what_is_no_issue_do_not_count(tmp_path, types, kind, excluded):
    """A task alone is work of its own at GitHub, and a part of an issue at GitLab."""
    rules = RuleSettings() if types is None else RuleSettings(issue_types=types)

    assert reasons(tmp_path, rules, kind) == {
        number: "left_out_type" if number in excluded else "counted" for number in range(1, 9)
    }


def test_a_label_goes_before_a_type(tmp_path):
    made = TrackerRows()
    closed(made, 1, "test_case", labels=["question"])
    made.found(tmp_path)
    rules = rules_of(RuleSettings(left_out_labels=["question"]))
    project = Project(name="r", title="r", sources=(REPOSITORY,), rules=rules)

    connection = build(tmp_path, Context(projects=(project,)))

    query = "select left_out_reason from intermediate.kpi_issues"
    assert rows(connection, query) == [("left_out_label",)]


def test_what_does_not_count_is_in_the_evidence_with_its_reason(tmp_path):
    made = TrackerRows()
    closed(made, 1, None)
    closed(made, 2, "test_case")
    made.found(tmp_path)
    project = Project(name="r", title="r", sources=(REPOSITORY,), rules=rules_of(RuleSettings()))

    connection = builder("kpis.issues_closed")(tmp_path, Context(projects=(project,)))

    query = "select right(subject_id, 3), reason from kpis.issues_closed order by 1"
    assert rows(connection, query) == [("1/2", "counted"), ("2/2", "left_out_type")]


def test_an_old_store_has_the_parent_in_its_payloads(tmp_path):
    made = TrackerRows()
    closed(made, 1, TASK, payload='{"parent_issue_url":"https://h/issues/2"}')
    made.found(tmp_path)

    connection = builder("facts.issues")(tmp_path)

    assert rows(connection, "select is_part from facts.issues") == [(True,)]
