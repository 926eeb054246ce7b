"""Test that random later observations add up to restatements."""

from __future__ import annotations

import shutil
import tempfile
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.support.rows.row_histories import ANN, BOB, instant
from tests.support.rows.sealed_homes import QUARTER, SealedHome, first_look, second_look
from tests.support.rows.trackers import TrackerRows
from tests.support.running.examples import examples

LATE_COMMITS = st.lists(
    st.tuples(
        st.sampled_from(["2024-01-20T00:00", "2024-02-29T12:00", "2024-03-31T23:59", "2024-04-02"]),
        st.sampled_from([ANN, BOB, ("Eve", "eve@example.org"), ("x[bot]", "bot@example.org")]),
    ),
    max_size=4,
)
CLOSED, MERGED = "2024-02-20T00:00", "2024-03-05T00:00"
# What a later poll finds, by its name: what it adds to a tracker.
LATE_NEWS = {
    "reopened": lambda it: it.issue(2, ("closed", CLOSED), ("reopened", "2024-04-20T00:00")),
    "closed before the seal": lambda it: it.issue(
        1, ("closed", CLOSED), state="closed", closed_at=CLOSED
    ),
    "deleted": lambda it: it.deleted("issues", "4"),
    "transferred": lambda it: it.issue(3, ("transferred_out", "2024-04-20T00:00")),
    "labelled": lambda it: it.issue(5, labels=["incident"], updated_at="2024-04-20T00:00"),
    "answered before the seal": lambda it: it.comment(1, "bob", "2024-03-10T00:00"),
    "opened before the seal": lambda it: it.issue(6, created_at="2024-03-30T00:00"),
    "merged before the seal": lambda it: it.change_request(
        14, ("merged", MERGED), state="closed", merged_at=MERGED, created_at=CLOSED
    ),
    "request deleted": lambda it: it.deleted("change_requests", "11"),
    "request reopened": lambda it: it.change_request(
        13, ("closed", CLOSED), ("reopened", "2024-04-20T00:00"), created_at="2024-01-15T00:00"
    ),
}
FIGURES = f"""
    select kpi, project, source, value, value_now from marts.kpi_quarterly
    where quarter = '{QUARTER}' order by all
"""
STEPS = f"""
    select kpi, project, source, list(difference order by cause_number) as steps
    from marts.kpi_restatements
    where quarter = '{QUARTER}' group by all having count(*) = count(difference)
"""


def first_issues():
    tracker = TrackerRows(looked_at=instant("2024-04-10"))
    for number in (1, 3, 4, 5):
        tracker.issue(number, created_at="2024-01-15T00:00")
    closed = {"state": "closed", "closed_at": CLOSED, "created_at": "2024-01-15T00:00"}
    tracker.issue(2, ("closed", CLOSED), **closed)
    tracker.commit(11, "of request 11", "2024-01-14T00:00")
    tracker.change_request(11, ("merged", CLOSED), merged_at=CLOSED, **closed)
    tracker.change_request(12, created_at="2024-01-15T00:00")
    tracker.change_request(13, ("closed", CLOSED), **closed)
    return tracker


def learn(store, commits, news, *, is_rewritten):
    """Look again: at commits that came late, at a branch without its tip, and at late news."""
    names = ["c2" if is_rewritten else "c3", *(f"late{number}" for number in range(len(commits)))]
    late = [
        (name, parent, at, who)
        for name, parent, (at, who) in zip(names[1:], names, commits, strict=False)
    ]
    left = ["c3"] if is_rewritten else []
    second_look(names[-1], late=late, left=left).write(store)
    tracker = TrackerRows(looked_at=instant("2024-05-10"), event_count=100)
    for name in news:
        LATE_NEWS[name](tracker)
    tracker.write(store)


@pytest.fixture(scope="module")
def sealed(tmp_path_factory):
    """A home whose quarter has been sealed, to be copied."""
    path = tmp_path_factory.mktemp("sealed")
    home = SealedHome(path)
    first_look().found(home.store)
    first_issues().found(home.store)
    home.build()
    home.seal()
    return path


@examples(2)
@example(commits=[], news={"merged before the seal", "request deleted"}, is_rewritten=False)
@given(
    commits=LATE_COMMITS,
    news=st.sets(st.sampled_from(sorted(LATE_NEWS))),
    is_rewritten=st.booleans(),
)
def test_a_seal_stays_and_its_differences_lead_to_what_is_known_now(
    sealed, commits, news, is_rewritten
):
    with tempfile.TemporaryDirectory() as folder:
        path = shutil.copytree(sealed, Path(folder) / "home")
        home, unsealed = SealedHome(path), SealedHome(path, sealed_in="nowhere")
        before, published = home.sealed_bytes(), [row["value"] for row in home.ask(FIGURES)]
        learn(home.store, commits, sorted(news), is_rewritten=is_rewritten)
        home.build()
        found, steps = home.ask(FIGURES), home.ask(STEPS)
        unsealed.build()

        assert home.sealed_bytes() == before
        assert [row["value"] for row in found] == published
        assert [(row["kpi"], row["value_now"]) for row in found] == [
            (row["kpi"], row["value"]) for row in unsealed.ask(FIGURES)
        ]
        scopes = {(row["kpi"], row["project"], row["source"]): row for row in found}
        for row in steps:
            of = scopes[row["kpi"], row["project"], row["source"]]
            told = sum(Decimal(repr(step)) for step in row["steps"])
            assert told == Decimal(repr(of["value_now"])) - Decimal(repr(of["value"])), of
