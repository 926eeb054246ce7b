"""Test figures of issue closure, literally and on random histories."""

from __future__ import annotations

import pytest

from tests.support.rows.row_histories import START, builder, days, instant, rows
from tests.support.rows.side_by_side import SideBySide
from tests.support.rows.trackers import APR, FEB, MAR, TrackerRows

TABLES = (
    *("facts.project_repositories", "marts.issue_closure_quarterly"),
    "marts.merge_lead_time_quarterly",
)
build, side_by_side = builder(*TABLES), SideBySide(*TABLES)
counted = builder(
    *("marts.kpi_quarterly", "marts.issue_closure_quarterly"),
    kpis=("issues_closed", "issues_remaining"),
)

CLOSURE = """
    select * from marts.issue_closure_quarterly
    where source = getvariable('source') order by quarter
"""


def closed(tracker, number, opened, took):
    """Add an issue that was opened on a day and closed some days later, or not at all."""
    if took is None:
        return tracker.issue(number, created_at=days(opened))
    ended = days(opened + took)
    facts = {"state": "closed", "closed_at": ended, "created_at": days(opened)}
    return tracker.issue(number, ("closed", ended), **facts)


WHOLE = {
    "project": "test_a_whole_quarter",
    "source": "github.com/o/test_a_whole_quarter",
    "quarter": "2024-Q1",
    "quarter_starts_on": START.date(),
    "is_complete": True,
    "open_at_start_count": 1,
    "opened_count": 5,
    "closed_count": 4,
    "reopened_count": 0,
    "moved_in_count": 0,
    "moved_out_count": 0,
    "deleted_count": 0,
    "open_at_end_count": 2,
    "closure_ratio": 0.8,
    "mean_days_to_close": 4.25,
    "median_days_to_close": 3.0,
    "p90_days_to_close": pytest.approx(8.2),
    "survival_median_days_to_close": 4.0,
    "closed_within_30_days_count": 3,
    "closed_within_90_days_count": 3,
    "closed_within_30_days_ratio": 0.6,
    "closed_within_90_days_ratio": 0.6,
    "answered_count": 2,
    "unanswered_count": 3,
    "median_first_response_hours": 18.0,
}


@side_by_side
def test_a_whole_quarter(tracker):
    """Closed after 1, 2, 4 and 10 days, one of them opened the year before; two stay open."""
    tracker.looked_at = instant("2024-12-31")
    for number, (opened, took) in enumerate([(-3, 10), (1, 1), (2, 2), (3, 4), (80, None)], 1):
        closed(tracker, number, opened, took)
    tracker.issue(6, created_at=days(4))
    tracker.comment(6, "bob", days(5))
    tracker.comment(2, "bob", days(1.5))

    before, first, *_ = (yield CLOSURE).named

    assert (before["quarter"], before["opened_count"], before["open_at_end_count"]) == (
        *("2023-Q4", 1, 1),
    )
    assert first == WHOLE


@side_by_side
def test_where_nothing_was_closed_there_are_no_days(tracker):
    tracker.looked_at = instant("2024-05-01")
    closed(tracker, 1, 5, None)

    first, second = (yield CLOSURE).named

    unknown = ("mean_days_to_close", "median_days_to_close", "survival_median_days_to_close")
    assert [first[name] for name in unknown] == [None] * 3
    assert first["closure_ratio"] == 0
    assert (second["closure_ratio"], second["open_at_end_count"]) == (None, 1)
    assert second["is_complete"] is False


SURVIVAL = """
    select survival_median_days_to_close from marts.issue_closure_quarterly
    where source = getvariable('source') order by quarter limit 1
"""


def at_the_end_of_march(tracker, *issues):
    tracker.looked_at = instant("2024-03-31")
    for number, (opened, took) in enumerate(issues, 1):
        closed(tracker, number, opened, took)


@side_by_side
def test_the_survival_median_of_literal_rows(tracker):
    """
    Open ones are censored on day 90, after 10, 40 and 80 days.

    Of six at risk one closes after 5 days (5/6); 10 is censored; of four one closes after 20
    (5/8); of three one closes after 30 (5/12): the median is 30. Excluded, the open ones would
    give 20; closed at the look, they would give 30 and 40, so 35.
    """
    at_the_end_of_march(tracker, (1, 5), (2, 20), (3, 30), (80, None), (50, None), (10, None))

    assert (yield SURVIVAL) == [(30.0,)]


@side_by_side
def test_the_survival_median_is_reached_with_just_a_half(tracker):
    """3/4 of 2/3 is a half, which numbers that are not exact may miss."""
    at_the_end_of_march(tracker, (1, 5), (2, 20), (3, None), (4, None))

    assert (yield SURVIVAL) == [(20.0,)]


@side_by_side
def test_the_survival_median_is_null_while_more_than_half_are_open(tracker):
    at_the_end_of_march(tracker, (1, 5), (2, None), (3, None))

    assert (yield SURVIVAL) == [(None,)]


@side_by_side
def test_one_who_left_is_censored_then(tracker):
    """Of three, one left after a day: of two at risk, the first closing makes a half."""
    at_the_end_of_march(tracker, (1, 5), (1, None))
    tracker.issue(3, ("transferred_out", days(2)), created_at=days(1))

    assert (yield SURVIVAL) == [(5.0,)]


COHORTS = """
    select closed_within_30_days_ratio, closed_within_90_days_ratio
    from marts.issue_closure_quarterly order by source, quarter_starts_on
"""


def test_a_cohort_has_figures_once_all_of_it_could_be_observed(tmp_path):
    """The quarter ends with March: 30 days later is May, 90 days later June 30."""
    looks = {
        "2024-04-30T23:59": (None, None),
        "2024-05-01T00:00": (0.5, None),
        "2024-06-29T23:59": (0.5, None),
        "2024-06-30T00:00": (0.5, 1.0),
    }
    for number, looked_at in enumerate(looks):
        tracker = TrackerRows(f"github.com/o/{number}#tracker", instant(looked_at))
        closed(tracker, 1, 5, 20)
        tracker.issue(2, ("closed", days(45)), ("reopened", days(46)), created_at=days(5))
        tracker.found(tmp_path)

    first_quarters = rows(build(tmp_path), COHORTS)[::2]

    assert first_quarters == list(looks.values())


def test_a_quarter_is_complete_once_a_whole_look_came_after_its_end(tmp_path):
    """A first mining in parts is complete with its last part, which is not partial."""
    early = TrackerRows(looked_at=instant("2024-02-01"))
    early.issue(1)
    early.found(tmp_path)
    part = TrackerRows(looked_at=instant("2024-07-02"))
    part.issue(2, created_at="2024-05-01T00:00")
    part.write(tmp_path, is_partial=True)
    query = "select quarter, is_complete, open_at_end_count from marts.issue_closure_quarterly"

    found = build(tmp_path).execute(query).fetchall()
    assert found == [("2024-Q1", False, 1), ("2024-Q2", False, 2)]

    TrackerRows(looked_at=instant("2024-07-02")).write(tmp_path)
    found = build(tmp_path).execute(query).fetchall()
    assert found == [("2024-Q1", True, 1), ("2024-Q2", True, 2), ("2024-Q3", False, 2)]


def test_a_tracker_of_which_only_parts_were_mined_has_no_complete_quarter(tmp_path):
    part = TrackerRows(looked_at=instant("2024-07-02"))
    part.issue(1)
    part.add("trackers")
    part.write(tmp_path, is_partial=True)

    connection = build(tmp_path)

    query = "select quarter, is_complete from marts.issue_closure_quarterly"
    assert connection.execute(query).fetchall() == [("2024-Q1", False)]
    assert connection.execute("select last_observed_at from staging.batches").fetchall() == [
        (None,)
    ]


def test_issues_are_counted_in_the_quarters_of_those_that_were_read(tmp_path):
    """Of a tracker that was mined in part: before that nobody knows how many there are."""
    query = "select quarter, closed_count, open_at_end_count from marts.issue_closure_quarterly"
    part = TrackerRows(looked_at=instant("2024-08-02"))
    closing = ("closed", "2024-03-02T00:00")
    part.issue(1, closing, state="closed", closed_at=closing[1])
    part.change_request(2, created_at="2024-07-01T00:00")
    part.add("trackers")
    part.write(tmp_path, is_partial=True)
    figures = """
        select kpi, quarter, value from marts.kpi_quarterly
        where kpi in ('issues_closed', 'issues_remaining') and source != '*' order by all
    """
    built = counted(tmp_path)
    assert built.execute(query).fetchall() == [("2024-Q1", 1, 0)]
    assert built.execute(figures).fetchall() == [
        ("issues_closed", "2024-Q1", 1.0),
        ("issues_remaining", "2024-Q1", 0.0),
    ]

    TrackerRows(looked_at=instant("2024-08-02")).write(tmp_path)
    built = counted(tmp_path)
    assert built.execute(query).fetchall() == [
        ("2024-Q1", 1, 0),
        ("2024-Q2", 0, 0),
        ("2024-Q3", 0, 0),
    ]
    assert len(built.execute(figures).fetchall()) == 6


def test_merged_change_requests_are_counted_once_any_were_read(tmp_path):
    """Before that nobody knows how many there are; no change requests at all are none."""
    query = """
        select
            merged_change_request_count, measured_change_request_count,
            uncertain_change_request_count, unknown_change_request_count
        from marts.merge_lead_time_quarterly
    """
    part = TrackerRows(looked_at=instant("2024-03-02"))
    part.issue(1)
    part.add("trackers")
    part.write(tmp_path, is_partial=True)
    assert build(tmp_path).execute(query).fetchall() == [(None, None, None, None)]

    TrackerRows(looked_at=instant("2024-03-02")).write(tmp_path)
    assert build(tmp_path).execute(query).fetchall() == [(0, 0, 0, 0)]


PARTS = """
    select project, source, repository_name, is_whole from facts.project_repositories
    where source = getvariable('source')
"""
MERGES = """
    select quarter, merge_count, merged_change_request_count from marts.merge_lead_time_quarterly
    where source = getvariable('source') order by quarter
"""


@side_by_side
def test_a_repository_and_its_tracker_are_one_source_of_one_project(history, tracker):
    """Quarters before the first commit have no figures of Git, and are not zero."""
    history.commit("a", at="2024-05-01T00:00")
    tracker.issue(1)

    found = yield PARTS
    assert found == [(history.source, history.source, history.source, True)]
    assert (yield MERGES) == [("2024-Q1", None, 0), ("2024-Q2", 0, 0), ("2024-Q3", 0, 0)]


@side_by_side
def test_who_closed_an_issue_last_did_not_close_it_before(tracker):
    """The field names who closed it now; an earlier closing by an event of nobody has none."""
    nobody = {"actor_login": None, "actor_kind": None}
    events = [("closed", FEB, nobody), ("reopened", MAR), ("closed", APR, nobody)]
    tracker.issue(1, *events, state="closed", closed_at=APR, closed_by_login="cleo")

    query = """
        select closed_by_login from intermediate.issue_closures
        where source = getvariable('source') order by state_number
    """
    assert (yield query) == [(None,), ("cleo",)]


@side_by_side
def test_what_happens_at_the_first_instant_of_a_quarter_is_in_it(tracker):
    ended = "2024-07-01T00:00"
    facts = {"created_at": "2024-04-01T00:00", "state": "closed", "closed_at": ended}
    tracker.issue(1, ("closed", ended), **facts)

    query = """
        select quarter, opened_count, closed_count, open_at_end_count
        from marts.issue_closure_quarterly
        where source = getvariable('source') order by quarter
    """
    assert (yield query) == [("2024-Q2", 1, 0, 1), ("2024-Q3", 0, 1, 0)]
