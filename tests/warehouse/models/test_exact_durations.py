"""Test durations at their exact bounds."""

from __future__ import annotations

import re
from datetime import timedelta

from tests.support.rows.deliveries import incident, release, sha
from tests.support.rows.row_histories import instant
from tests.support.rows.side_by_side import SideBySide
from warehouse.context import Context
from warehouse.rules import rule
from warehouse.sql import sql_folder

CONTEXT = Context(rules=(rule("deployments", "release"), rule("incident_labels", "incident")))
side_by_side = SideBySide(
    *("marts.issue_closure_quarterly", "marts.velocity_quarterly", "figures.kpi_evidence"),
    *("facts.tracker_disagreements", "facts.repository_quarters", "facts.tracker_quarters"),
    "facts.merges",
    context=CONTEXT,
)
OPENED = instant("2024-01-10")
SECOND, MICROSECOND = timedelta(seconds=1), timedelta(microseconds=1)
WITHIN = """
    select closed_within_30_days_count, closed_within_90_days_count
    from marts.issue_closure_quarterly
    where source = getvariable('source') and quarter = '2024-Q1'
"""


def at(moment):
    """Write an instant as rows do."""
    return moment.strftime("%Y-%m-%dT%H:%M:%S.%f")


def closed_after(tracker, *durations):
    """Add an issue for each duration from its opening to its closing."""
    for number, duration in enumerate(durations, 1):
        when = at(OPENED + duration)
        facts = {"created_at": at(OPENED), "closed_at": when, "state": "closed"}
        tracker.issue(number, ("closed", when), **facts)


@side_by_side
def test_thirty_and_ninety_days_are_to_the_second(tracker):
    days = (timedelta(days=30), timedelta(days=90))
    closed_after(tracker, *days, *(duration + SECOND for duration in days))
    tracker.looked_at = instant("2024-04-01") + timedelta(days=90)

    assert (yield WITHIN) == [(1, 3)]


@side_by_side
def test_what_is_closed_in_thirty_days_is_known_thirty_days_after_the_quarter(tracker):
    closed_after(tracker, timedelta(days=30))
    tracker.looked_at = instant("2024-04-01") + timedelta(days=30)

    assert (yield WITHIN) == [(1, None)]


@side_by_side
def test_what_is_closed_in_thirty_days_is_not_known_a_moment_earlier(tracker):
    closed_after(tracker, timedelta(days=30))
    tracker.looked_at = instant("2024-04-01") + timedelta(days=30) - MICROSECOND

    assert (yield WITHIN) == [(None, None)]


@side_by_side
def test_a_quarter_is_complete_when_it_is_polled_at_its_end(tracker, history):
    """And the next one has begun."""
    tracker.issue(1)
    history.commit("a", at="2024-02-01T00:00")
    tracker.looked_at = history.looked_at = instant("2024-04-01")

    for table in ("marts.issue_closure_quarterly", "marts.velocity_quarterly"):
        found = yield f"""
            select quarter, is_complete from {table}
            where source = getvariable('source') order by quarter
        """
        assert found == [("2024-Q1", True), ("2024-Q2", False)]


@side_by_side
def test_a_quarter_is_not_complete_when_it_is_polled_a_moment_earlier(tracker, history):
    tracker.issue(1)
    history.commit("a", at="2024-02-01T00:00")
    tracker.looked_at = history.looked_at = instant("2024-04-01") - MICROSECOND

    for table in ("marts.issue_closure_quarterly", "marts.velocity_quarterly"):
        found = yield f"""
            select quarter, is_complete from {table}
            where source = getvariable('source') order by quarter
        """
        assert found == [("2024-Q1", False)]


@side_by_side
def test_an_incident_is_attributed_within_the_window_to_the_second(tracker):
    """From the instant of the deployment on."""
    deployed = instant("2024-02-01")
    release(tracker, "v1", at(deployed))
    hours = timedelta(hours=72)
    for number, after in enumerate((-SECOND, timedelta(), hours, hours + SECOND), 1):
        began = deployed + after
        incident(tracker, number, at(began), at(began))

    assert (
        yield """
            select regexp_extract(subject_id, '[0-9]+$')::bigint, grade, reason
            from figures.kpi_evidence
            where source = getvariable('source') and kpi = 'failed_deployment_recovery_time'
            order by all
        """
    ) == [
        (1, None, "no_deployment"),
        (2, "window", "counted"),
        (3, "window", "counted"),
        (4, None, "no_deployment"),
    ]


@side_by_side
def test_a_commit_s_time_is_usable_up_to_a_day_after_its_first_poll(history):
    """And from the first microsecond after the start of 1970."""
    ahead = history.looked_at + timedelta(days=1)
    times = {
        "start": instant("1970-01-01"),
        "after": instant("1970-01-01") + MICROSECOND,
        "ahead": ahead,
        "beyond": ahead + MICROSECOND,
    }
    for name, when in times.items():
        history.commit(name, *([history.head] if history.head else []), at=at(when))

    assert (
        yield """
            select commit_hash, time_reason from facts.commits
            where source = getvariable('source') order by committed_at
        """
    ) == [("start", "before_git"), ("after", "ok"), ("ahead", "ok"), ("beyond", "future")]


@side_by_side
def test_a_field_may_differ_from_its_event_by_a_minute(tracker):
    """What a tracker writes of one closing in two places is a minute apart at most."""
    for number, seconds in enumerate((60, 61), 1):
        told = at(OPENED + timedelta(seconds=seconds))
        facts = {"created_at": at(OPENED), "closed_at": told, "state": "closed"}
        tracker.issue(number, ("closed", at(OPENED)), updated_at=at(OPENED), **facts)

    assert (
        yield """
            select item_number, disagreement_kind from facts.tracker_disagreements
            where source = getvariable('source')
        """
    ) == [(2, "closed_at_differs_from_event")]


BEFORE, AFTER = "2024-02-01T10:00:00.9", "2024-02-01T10:00:01.1"


@side_by_side
def test_a_second_has_elapsed_once_it_is_over(tracker):
    """From 10:00:00.9 to 10:00:01.1 no second has passed, although one has begun."""
    release(tracker, "v1", BEFORE)
    incident(tracker, 1, BEFORE, AFTER)
    tracker.comment(1, "bob", AFTER)
    closed = {"created_at": BEFORE, "closed_at": AFTER, "merged_at": AFTER, "state": "closed"}
    tracker.change_request(2, ("merged", AFTER), **closed)
    tracker.commit(2, "c", BEFORE)
    tracker.review(2, "bob", AFTER, "approved")

    found = yield """
        select kpi, value from figures.kpi_evidence
        where source = getvariable('source') and is_counted and value is not null
        and kpi in (select kpi from settings.kpis where unit in ('hours', 'days'))
        and kpi != 'uptime_streak'
        order by kpi
    """
    assert found == [
        ("change_request_response_time", 0),
        ("coding_time", 0),
        ("days_to_close", 0),
        ("failed_deployment_recovery_time", 0),
        ("first_response_time", 0),
        ("lead_time", 0),
        ("mean_time_to_recovery", 0),
        ("merge_time", 0),
        ("pickup_time", 0),
        ("review_time", 0),
    ]


@side_by_side
def test_a_second_of_git_has_elapsed_once_it_is_over(history, tracker):
    history.commit("a", at="2024-01-01T00:00")
    history.commit(sha("p"), "a", at=BEFORE)
    history.commit("m", "a", sha("p"), at=AFTER)
    release(tracker, "v1", "2024-01-01T00:00", "a")
    release(tracker, "v2", AFTER, "m")

    merges = """
        select merge_lead_time_seconds, branch_open_hours from facts.merges
        where source = getvariable('source')
    """
    assert (yield merges) == [(0, 0)]


@side_by_side
def test_an_incident_a_moment_after_the_window_is_outside_it(tracker):
    deployed = instant("2024-02-01")
    release(tracker, "v1", at(deployed))
    began = at(deployed + timedelta(hours=72) + MICROSECOND)
    incident(tracker, 1, began, began)

    assert (
        yield """
            select reason from figures.kpi_evidence
            where source = getvariable('source') and kpi = 'failed_deployment_recovery_time'
        """
    ) == [("no_deployment",)]


def test_no_model_counts_the_seconds_that_began():
    """date_diff counts the boundaries between two instants; of dates, these are the days."""
    counting = [
        path.name
        for path in sql_folder().rglob("*.sql")
        if re.search(r"date_?diff\(\s*'(?!day')", path.read_text())
    ]

    assert counting == []
