"""Sample shop: a repository with its tracker, and a library."""

from __future__ import annotations

from tests.support.rows.row_histories import ANN, BOB, ROBOT, HistoryRows, instant
from tests.support.rows.trackers import TrackerRows

SHOP, LIB = "github.com/o/shop", "github.com/o/lib"
FIRST_LOOK, SECOND_LOOK = instant("2024-04-10"), instant("2024-05-10")
SETTINGS = """
home = "home"

[calendar]
time_zone = "Asia/Seoul"

[[projects]]
name = "shop"
title_ko = "상점"
sources = ["https://github.com/o/shop"]

[projects.rules]
deployments = ["release"]
started_labels = ["doing"]

[[projects]]
name = "lib"
sources = ["https://github.com/o/lib"]

[[targets]]
kpi = "lead_time"
project = "shop"
year = 2024
target = 60
near = 100
"""


def on(day):
    return f"2024-{day}" if "T" in day else f"2024-{day}T00:00"


def history():
    """Six commits in the first quarter, of which one is a bot's, and one in Seoul's second."""
    made = HistoryRows(source=SHOP, looked_at=FIRST_LOOK)
    commits = (
        *(("c1", "01-05", ANN, 30), ("c2", "01-20", BOB, 5), ("c3", "02-10", ANN, 100)),
        *(("c4", "02-20", ROBOT, 2), ("c5", "03-10", BOB, 8), ("c6", "03-31T16:00", ANN, 1)),
    )
    for name, day, who, lines in commits:
        parents = (made.head,) if made.head else ()
        made.commit(name, *parents, at=on(day), by=who, files=[("a", lines, 0)])
    return made


def merged(made, number, opened, at, first, **told):
    facts = {"state": "closed", "created_at": on(opened), "merged_at": on(at), "closed_at": on(at)}
    made.change_request(number, ("merged", on(at), told), **facts)
    made.commit(number, f"of {number}", on(first))


def closed(made, number, opened, at, *events, **facts):
    told = {"created_at": on(opened), "closed_at": on(at), "state": "closed", **facts}
    made.issue(number, *events, ("closed", on(at)), **told)


def tracker():
    made = TrackerRows(source=f"{SHOP}#tracker", looked_at=FIRST_LOOK)
    merged(made, 11, "01-18", "01-20", "01-17", commit_hash="c2")
    merged(made, 12, "02-09", "02-10", "02-09", commit_hash="c3")
    merged(made, 13, "03-02", "03-10", "03-01", commit_hash="c5")
    made.review(12, "bob", on("02-09T12:00"), "approved")
    made.review(13, "ann2", on("03-05"))
    made.review(13, "bob", on("03-06"), "approved")
    made.change_request(14, created_at=on("03-20"))
    doing = ("labeled", on("01-12"), {"label": "doing"})
    closed(made, 1, "01-10", "01-22", doing, labels=["doing"])
    closed(made, 2, "02-01", "02-03", state_reason="not_planned")
    closed(made, 3, "02-12", "02-14T12:00", labels=["incident"])
    made.issue(4, created_at=on("03-01"))
    made.comment(4, "bob", on("03-02"))
    for number, day in enumerate(("01-21", "02-11", "03-11"), 1):
        known = {"is_draft": False, "is_prerelease": False, "released_at": on(day)}
        made.add("releases", release_id=str(number), tag_name=f"v{number}", **known)
    made.add("milestones", milestone_id="1", title="v3", due_on="2024-03-10", state="open")
    return made


def library():
    made = HistoryRows(source=LIB, looked_at=FIRST_LOOK)
    made.commit("l1", at=on("02-01"), by=ANN, files=[("b", 3, 0)])
    return made


def first_look(store):
    """Write what was there when the first quarter was over."""
    history().found(store)
    tracker().found(store, path="o/shop", repository=SHOP)
    library().found(store)


def second_look(store):
    """Write what came later: a commit of the first quarter, and the answer to an issue."""
    made = HistoryRows(source=SHOP, looked_at=SECOND_LOOK)
    made.commit("late", "c6", at=on("03-15"), by=BOB, files=[("late", 40, 0)])
    made.add(
        "repositories", SHOP, f"https://{SHOP}", "sha1", "refs/heads/main", "late", False, None
    )
    made.reach("default_branch", "late")
    made.reach("any_ref", "late")
    made.write(store)
    later = TrackerRows(source=f"{SHOP}#tracker", looked_at=SECOND_LOOK, event_count=50)
    closed(later, 4, "03-01", "05-02")
    later.write(store)
    look = HistoryRows(source=LIB, looked_at=SECOND_LOOK)
    look.add("repositories", LIB, f"https://{LIB}", "sha1", "refs/heads/main", "l1", False, None)
    look.write(store)
