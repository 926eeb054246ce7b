"""Change requests that closed an issue, also where no repository is mined."""

from __future__ import annotations

import pytest

from tests.support.rows.row_histories import builder, rows
from tests.support.rows.trackers import FEB, MAR, TrackerRows

build = builder("intermediate.issue_closers")


@pytest.mark.parametrize(
    ("merge", "closed_by", "closer"),
    [
        ({"commit_hash": "m"}, {"commit_hash": "m"}, [(1, 7)]),
        ({"commit_hash": "m"}, {"commit_hash": "other"}, []),
        ({}, {"commit_hash": "m"}, []),
        ({}, {"closing_item_id": "change_request-7"}, [(1, 7)]),
        # As a note of GitLab names it, in its own project or in another one.
        ({}, {"new_value": "!7"}, [(1, 7)]),
        ({}, {"new_value": "O/r!7"}, [(1, 7)]),
        ({}, {"new_value": "o/other!7"}, []),
    ],
)
def test_the_trackers_own_merge_event_names_the_commit(tmp_path, merge, closed_by, closer):
    made = TrackerRows()
    facts = {"state": "closed", "closed_at": FEB}
    made.change_request(7, ("merged", FEB, merge), merged_at=FEB, **facts)
    made.issue(1, ("closed", MAR, closed_by), state="closed", closed_at=MAR)
    made.found(tmp_path)

    query = "select issue_number, closed_by_change_request_number from intermediate.issue_closers"
    assert rows(build(tmp_path), query) == closer


def test_a_change_request_that_is_named_itself_goes_before_one_whose_commit_is(tmp_path):
    made = TrackerRows()
    facts = {"state": "closed", "closed_at": FEB}
    made.change_request(3, ("merged", FEB, {"commit_hash": "m"}), merged_at=FEB, **facts)
    made.change_request(7, ("merged", FEB), merged_at=FEB, **facts)
    closed_by = {"closing_item_id": "change_request-7", "commit_hash": "m"}
    made.issue(1, ("closed", MAR, closed_by), state="closed", closed_at=MAR)
    made.found(tmp_path)

    query = "select issue_number, closed_by_change_request_number from intermediate.issue_closers"
    assert rows(build(tmp_path), query) == [(1, 7)]
