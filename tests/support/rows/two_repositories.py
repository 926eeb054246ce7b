"""Two repositories with equal names and numbers of different things."""

from __future__ import annotations

from datetime import date

from tests.support.rows.row_histories import ANN, BOB, ROBOT, HistoryRows, instant
from tests.support.rows.trackers import TrackerRows
from warehouse.context import Context, IdentityRule, Project
from warehouse.rules import rule

ONE, TWO = "host/one", "host/two"
POLLED = instant("2024-08-01")
# People who wrote nothing but what is excluded: what left the branch, has no time, or is a merge.
CARL, DORA, EVE = ((name, f"{name.lower()}@example.org") for name in ("Carl", "Dora", "Eve"))
OTHER_NAME, OTHER_ADDRESS = ("Annie", ANN[1]), (ANN[0], "ann@home.example")
# The first repository is in five projects: in two whole, of which one began later, in two in part.
CONTEXT = Context(
    projects=(
        Project(name="all", title="All", sources=(ONE, TWO)),
        Project(name="late", title="Late", sources=(ONE,), active_from=date(2024, 2, 1)),
        Project(name="part", title="Part", sources=(ONE,), rules=(rule("labels", "part"),)),
        Project(name="path", title="Path", sources=(ONE,), rules=(rule("paths", "x"),)),
    ),
    identity_rules=(IdentityRule("bot", r"\[bot\]"),),
    rules=(rule("left_out_authors", "bot"),),
)


def found(store):
    """Write what one poll of each found; a third has only Git, a fourth only a tracker."""
    for part in (first(), second(), first_tracker(), second_tracker()):
        part.found(store)
    lonely = HistoryRows(source="host/three", looked_at=POLLED)
    lonely.commit("a", at="2024-02-01T00:00")
    lonely.found(store)
    unread = TrackerRows(source="host/four#tracker", looked_at=POLLED)
    unread.issue(1)
    unread.found(store)
    return store


def first():
    """Merges off the chain, commits without a time, one at a quarter's start, one that left."""
    made = HistoryRows(source=ONE, looked_at=POLLED)
    made.commit("old", at="2023-12-20T00:00", by=OTHER_NAME)
    helper = [("Co-authored-by", "Bob <bob@example.org>")]
    made.commit("a", "old", at="2024-01-10T00:00", files=[("x", 1, 0)], trailers=helper)
    made.commit("left", "a", at="2024-01-11T00:00", by=CARL, files=[("x", 9, 9)])
    made.reach("default_branch", "left", is_reachable=False)
    made.commit("p", "a", at="2024-02-10T00:00", by=ROBOT, files=[("x", 2, 1), ("y", None, None)])
    made.commit("inner", "p", "a", at="2024-02-11T00:00", by=EVE)
    made.commit("inner2", "inner", "a", at=None, by=EVE)
    made.commit("timeless", "a", at=None, by=DORA, files=[("z", 4, 2)])
    made.commit("m", "timeless", "inner2", at="2024-02-12T00:00", by=EVE)
    made.commit("q", "m", at="2024-04-01T00:00", by=BOB, files=[("x", 3, 3)], subject="Fix (#3)")
    made.commit("r", "q", at="2024-04-02T00:00", by=OTHER_ADDRESS)
    made.add("rejects", "tags", "v1", "no tagger", b"")
    return made


def second():
    """The same names with other contents, and commits behind one that was rejected."""
    made = HistoryRows(source=TWO, looked_at=POLLED)
    made.commit("behind", at="2024-05-01T00:00", files=[("x", 1, 1)])
    made.commit("p", "lost", at="2024-05-10T00:00", files=[("x", 7, 2)])
    made.commit("a", "p", at="2024-05-11T00:00", by=BOB, files=[("x", 5, 5)])
    made.commit("m", "p", "a", at="2024-05-12T00:00")
    made.commit("q", "m", at="2024-05-13T00:00", files=[("x", 6, 6)])
    made.reach("default_branch", "behind")
    made.add("rejects", "commits", "lost", "no tree", b"")
    return made


def first_tracker():
    made = TrackerRows(source=f"{ONE}#tracker", looked_at=POLLED)
    for number in (1, 7):
        closed(made, number, "2024-02-01T00:00", labels=["part"])
    made.issue(2, ("closed", "2024-04-01T00:00"), ("reopened", "2024-04-02T00:00"))
    ended = ("closed", "2024-02-01T00:00")
    closed(made, 4, ended[1], ended, created_at="2024-01-01T00:00")
    made.issue(5, ("labeled", "2024-02-01T00:00", {"label": "x"}), created_at=None)
    made.issue(6, created_at="2024-04-01T00:00")
    at_once = ("closed", "2024-02-02T00:00")
    closed(made, 8, at_once[1], at_once, created_at=at_once[1])
    made.issue(9, ("transferred_out", "2024-03-01T00:00"))
    merged(made, 3, "2024-02-12T00:00", "m")
    made.commit(3, "p", "2024-01-09T00:00")
    made.review(3, "bob", "2024-02-11T00:00", "approved")
    for number in (1, 6):
        made.change_request(number, state="closed", closed_at="2024-03-01T00:00")
    return made


def second_tracker():
    made = TrackerRows(source=f"{TWO}#tracker", looked_at=POLLED)
    closed(made, 1, "2024-05-12T00:00")
    for number in range(2, 7):
        made.issue(number, created_at="2024-05-02T00:00")
    merged(made, 4, "2024-05-13T00:00", None)
    made.change_request(6, created_at="2024-05-01T00:00")
    return made


def closed(made, number, at, *events, **facts):
    made.issue(number, *events, state="closed", closed_at=at, **facts)


def merged(made, number, at, commit):
    ended = {"state": "closed", "merged_at": at, "closed_at": at}
    made.change_request(number, ("merged", at, {"commit_hash": commit}), **ended)
