"""Change requests of March 2024 that were merged."""

from __future__ import annotations


def at(day, hour=0):
    return f"2024-03-{day:02}T{hour:02}:00"


def merged(tracker, number, *events, commits=("2024-03-01T00:00",), **facts):
    """Add a change request opened on day 2 and merged on day 5, with commits of these times."""
    known = {"created_at": at(2), "merged_at": at(5), "closed_at": at(5), "state": "closed"}
    tracker.change_request(number, *events, ("merged", at(5)), **{**known, **facts})
    for position, when in enumerate(commits, 1):
        tracker.commit(number, f"c{number}.{position}", when, position)
