"""
Rows of milestones, labels, releases, deployments and workflow runs of GitHub.

Source:  docs.github.com/rest/issues/milestones, /rest/releases, /rest/deployments, /rest/actions
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from miners.tracker.fields import (
    GHOST,
    day,
    flag,
    identifier,
    instant,
    key_of,
    needed_instant,
    needed_text,
    number,
    part,
    payload,
    text,
)
from miners.tracker.protocol import record_row

if TYPE_CHECKING:
    from miners.tracker.fields import Raw
    from miners.tracker.protocol import RecordRow

_STATUSES = {
    "error": "failed",
    "failure": "failed",
    "in_progress": "running",
    "inactive": "inactive",
    "pending": "created",
    "queued": "created",
    "success": "success",
}
_CONCLUSIONS = {
    "action_required": "other",
    "cancelled": "canceled",
    "failure": "failed",
    "neutral": "other",
    "skipped": "skipped",
    "startup_failure": "failed",
    "success": "success",
    "timed_out": "failed",
}
_RUN_STATUSES = {"completed": "completed", "in_progress": "running"}
# A deployment in one of these is not polled again.
FINAL_STATUSES = frozenset({"success", "failed", "inactive"})


def milestone(raw: Raw, *, is_kept: bool) -> RecordRow:
    """Return the row of a milestone."""
    return record_row(
        "milestones",
        key_of(raw),
        lambda: {
            "milestone_id": identifier(raw),
            "milestone_number": number(raw, "number"),
            "title": needed_text(raw, "title"),
            "state": needed_text(raw, "state"),
            "start_on": None,
            "due_on": day(raw, "due_on"),
            "created_at": needed_instant(raw, "created_at"),
            "updated_at": needed_instant(raw, "updated_at"),
            "closed_at": instant(raw, "closed_at"),
            "url": text(raw, "html_url"),
            "payload": payload(raw, is_kept=is_kept),
        },
    )


def label(raw: Raw) -> RecordRow:
    """Return the row of a label."""
    return record_row(
        "labels",
        key_of(raw, "name"),
        lambda: {
            "label": needed_text(raw, "name"),
            "description": text(raw, "description"),
            "color": text(raw, "color"),
        },
    )


def label_name(raw: Raw) -> RecordRow:
    """Return the row of a label's name by its identifier, which survives a rename."""
    return record_row(
        "label_names",
        str(raw.get("id")),
        lambda: {"label_id": identifier(raw), "label": needed_text(raw, "name")},
    )


def release(raw: Raw, *, is_kept: bool) -> RecordRow:
    """Return the row of a release."""
    return record_row(
        "releases",
        key_of(raw),
        lambda: {
            "release_id": identifier(raw),
            "tag_name": needed_text(raw, "tag_name"),
            "title": text(raw, "name"),
            "author_login": text(part(raw, "author"), "login") or GHOST,
            "is_draft": flag(raw, "draft"),
            "is_prerelease": flag(raw, "prerelease"),
            # target_commitish is often a branch; the tag names the commit.
            "commit_hash": None,
            "created_at": needed_instant(raw, "created_at"),
            "released_at": instant(raw, "published_at"),
            "url": text(raw, "html_url"),
            "payload": payload(raw, is_kept=is_kept),
        },
    )


def deployment(raw: Raw, statuses: list[Raw], *, is_kept: bool) -> RecordRow:
    """Return the row of a deployment from it and its statuses, the newest first."""
    newest = statuses[0] if statuses else {}
    succeeded = [entry for entry in statuses if entry.get("state") == "success"]
    return record_row(
        "deployments",
        key_of(raw),
        lambda: {
            "deployment_id": identifier(raw),
            "environment": text(raw, "environment"),
            "is_production": flag(raw, "production_environment"),
            "ref": text(raw, "ref"),
            "commit_hash": text(raw, "sha"),
            "creator_login": text(part(raw, "creator"), "login") or GHOST,
            "status": deployment_status(newest),
            "status_at": instant(newest, "created_at"),
            "succeeded_at": instant(succeeded[-1], "created_at") if succeeded else None,
            "created_at": needed_instant(raw, "created_at"),
            "updated_at": needed_instant(raw, "updated_at"),
            "payload": payload(raw | {"statuses": statuses}, is_kept=is_kept),
        },
    )


def deployment_status(raw: Raw) -> str:
    """Return the status of a deployment by its newest status; without one it is created."""
    return _STATUSES.get(str(raw.get("state")), "created")


def workflow_run(raw: Raw, *, is_kept: bool) -> RecordRow:
    """Return the row of a workflow run."""
    return record_row(
        "pipeline_runs",
        key_of(raw),
        lambda: {
            "pipeline_run_id": identifier(raw),
            "pipeline_name": text(raw, "name"),
            "trigger": text(raw, "event"),
            "ref": text(raw, "head_branch"),
            "commit_hash": text(raw, "head_sha"),
            "status": _RUN_STATUSES.get(str(raw.get("status")), "waiting"),
            "conclusion": _conclusion(text(raw, "conclusion")),
            "attempt": number(raw, "run_attempt"),
            "created_at": needed_instant(raw, "created_at"),
            "started_at": instant(raw, "run_started_at"),
            "updated_at": needed_instant(raw, "updated_at"),
            "url": text(raw, "html_url"),
            "payload": payload(raw, is_kept=is_kept),
        },
    )


def _conclusion(conclusion: str | None) -> str | None:
    return None if conclusion is None else _CONCLUSIONS.get(conclusion, "other")
