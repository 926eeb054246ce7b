"""Two projects with deployments to environments of several kinds."""

from __future__ import annotations

from tests.support.rows.row_histories import HistoryRows
from tests.support.rows.trackers import TrackerRows

GITLAB, GITHUB = "gitlab.com/o/lab", "github.com/o/hub"
SETTINGS = """
home = "home"
[[projects]]
name = "lab"
sources = ["https://gitlab.com/o/lab"]
[[projects]]
name = "hub"
sources = ["https://github.com/o/hub"]
[[projects]]
name = "decided"
sources = ["https://github.com/o/hub"]
rules = { environments = ["eu"] }
"""


def tracker(source, kind, *environments):
    """Record a deployment to each environment, of which the tracker says what it is."""
    made = TrackerRows(source=f"{source}#tracker")
    made.add("trackers", tracker_kind=kind)
    for number, (environment, is_production) in enumerate(environments, 1):
        made.add(
            "deployments",
            deployment_id=str(number),
            environment=environment,
            is_production=is_production,
            commit_hash="a",
            status="success",
            created_at="2024-06-01T00:00",
            succeeded_at="2024-06-01T00:00",
        )
    return made.write


def looks():
    """List the polls of both repositories and of their trackers."""
    lab = [("production", True), ("live", False), ("eu-1", True), ("prod", None)]
    lab += [(f"review/{number}", False) for number in range(7)]
    hub = [("prod", False), ("eu", True), ("staging", False), ("staging", False)]
    return [
        *(HistoryRows(source=source).found for source in (GITLAB, GITHUB)),
        tracker(GITLAB, "gitlab", *lab),
        tracker(GITHUB, "github", *hub),
    ]
