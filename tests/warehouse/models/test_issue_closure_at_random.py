"""The books of random histories of issues, against a plain count."""

from __future__ import annotations

import tempfile
from datetime import timedelta
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from tests.support.rows.row_histories import START, builder, days
from tests.support.rows.trackers import REPOSITORY, TrackerRows
from tests.support.running.examples import examples
from warehouse.calendar import Calendar
from warehouse.context import Context, Project
from warehouse.rules import rule

build = builder("marts.issue_closure_quarterly")

RULES = (rule("left_out_labels", "chore"),)
PROJECT = Project(name="r", title="r", sources=(REPOSITORY,), rules=RULES)
HOURS = st.integers(0, 24 * 700)
EVENTS = st.lists(st.tuples(st.sampled_from(["closed", "reopened", "labeled"]), HOURS), max_size=6)
ISSUES = st.lists(
    st.tuples(
        HOURS,
        EVENTS,
        st.sampled_from([None, None, None, "transferred_in", "transferred_out", "converted"]),
        HOURS,
        st.booleans(),
        st.sampled_from([False, False, True]),
    ),
    min_size=1,
    max_size=8,
)


def open_spans(opened, events, move, moved, is_gone):
    """Walk through the events of an issue in plain Python: when was it open here, and is it."""
    leaves = move in ("transferred_out", "converted") and moved >= opened
    start = moved if move == "transferred_in" else opened
    end = moved if leaves else (24 * 800 if is_gone else None)
    heard = moved - 1 / 60 if leaves else end
    is_open, spans, since = True, [], start
    for kind, hour in sorted((e for e in events if e[0] != "labeled"), key=lambda e: e[1]):
        if heard is not None and hour >= heard:
            continue
        if move == "transferred_in" and hour < start:
            is_open = kind == "reopened"
            continue
        turned = max(hour, start)
        if kind == "closed" and is_open:
            spans.append((since, turned))
            is_open = False
        elif kind == "reopened" and not is_open:
            is_open, since = True, turned
    return [*spans, *([(since, end)] if is_open else [])], is_open


@given(ISSUES, st.sampled_from(["UTC", "Asia/Seoul", "America/New_York"]))
@examples(6)
def test_random_histories_balance_and_leave_open_what_a_plain_count_does(issues, zone):
    tracker = TrackerRows(looked_at=START + timedelta(hours=24 * 720))
    sweep = TrackerRows(looked_at=START + timedelta(hours=24 * 800))
    spans = []
    for number, (opened, events, move, moved, is_gone, is_excluded) in enumerate(issues, 1):
        known = [(kind, days(hour / 24)) for kind, hour in sorted(events, key=lambda e: e[1])]
        known += [(move, days(moved / 24))] if move else []
        # A field that was changed before any event leaves the word to the events.
        facts = {"created_at": days(opened / 24), "updated_at": days(0)}
        facts |= {"labels": ["chore"]} if is_excluded else {}
        found, is_open = open_spans(opened, events, move, moved, is_gone)
        state = "open" if is_open else "closed"
        tracker.issue(number, *known, state=state, **facts)
        spans += [] if is_excluded else found
        if is_gone:
            sweep.deleted("issues", str(number))
    with tempfile.TemporaryDirectory() as folder:
        tracker.found(Path(folder))
        sweep.write(Path(folder))
        connection = build(Path(folder), Context(calendar=Calendar(zone), projects=(PROJECT,)))

    quarters = connection.execute("""
        select epoch(ends_at)::bigint, open_at_end_count
        from marts.issue_closure_quarterly
        inner join settings.quarters using (quarter)
        order by ends_at
    """).fetchall()
    expected = []
    for ends_at, _ in quarters:
        hour = (ends_at - START.timestamp()) / 3600
        count = sum(1 for b, e in spans if b < hour and (e is None or e >= hour))
        expected.append((ends_at, count))
    assert quarters == expected
