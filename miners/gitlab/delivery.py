"""
Rows of milestones, labels, releases, deployments and pipelines of GitLab.

Source:  docs.gitlab.com/api/milestones, /api/labels, /api/releases, /api/deployments,
         /api/pipelines
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from miners.gitlab.accounts import login
from miners.tracker.fields import (
    GHOST,
    identifier,
    instant,
    malformed,
    needed_instant,
    needed_text,
    number,
    part,
    payload,
    text,
)
from miners.tracker.protocol import record_row

if TYPE_CHECKING:
    from collections.abc import Mapping

    from miners.tracker.fields import Raw
    from miners.tracker.protocol import RecordRow

    Facts = dict[str, object]

_MILESTONE_STATES = {"active": "open", "closed": "closed"}
_DEPLOYMENT_STATUSES = {
    "blocked": "created",
    "canceled": "canceled",
    "created": "created",
    "failed": "failed",
    "running": "running",
    "skipped": "canceled",
    "success": "success",
}
_WAITING, _RUNNING, _COMPLETED = "waiting", "running", "completed"
_PIPELINE_STATUSES = {
    "canceled": _COMPLETED,
    "canceling": _RUNNING,
    "created": _WAITING,
    "failed": _COMPLETED,
    "manual": _WAITING,
    "pending": _WAITING,
    "preparing": _WAITING,
    "running": _RUNNING,
    "scheduled": _WAITING,
    "skipped": _COMPLETED,
    "success": _COMPLETED,
    "waiting_for_callback": _WAITING,
    "waiting_for_resource": _WAITING,
}


def milestone(raw: Raw, *, is_kept: bool) -> RecordRow:
    """Return the row of a milestone of a project or of a group above it."""
    return record_row(
        "milestones",
        str(raw.get("id")),
        lambda: {
            "milestone_id": identifier(raw),
            "milestone_number": number(raw, "iid"),
            "title": needed_text(raw, "title"),
            "state": _mapped(raw, "state", _MILESTONE_STATES),
            "start_on": text(raw, "start_date"),
            "due_on": text(raw, "due_date"),
            "created_at": instant(raw, "created_at"),
            "updated_at": instant(raw, "updated_at"),
            "closed_at": None,
            "url": text(raw, "web_url"),
            "payload": payload(raw, is_kept=is_kept),
        },
    )


def label(raw: Raw) -> RecordRow:
    """Return the row of a label."""
    return record_row(
        "labels",
        str(raw.get("name")),
        lambda: {
            "label": needed_text(raw, "name"),
            "description": text(raw, "description"),
            "color": (text(raw, "color") or "").removeprefix("#") or None,
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
    """Return the row of a release, which GitLab identifies by its tag; it has no drafts."""
    return record_row(
        "releases",
        str(raw.get("tag_name")),
        lambda: {
            "release_id": needed_text(raw, "tag_name"),
            "tag_name": needed_text(raw, "tag_name"),
            "title": text(raw, "name"),
            "author_login": login(raw, "author") or GHOST,
            "is_draft": False,
            "is_prerelease": False,
            "commit_hash": text(part(raw, "commit"), "id"),
            "created_at": needed_instant(raw, "created_at"),
            "released_at": instant(raw, "released_at"),
            "url": text(part(raw, "_links"), "self"),
            "payload": payload(raw, is_kept=is_kept),
        },
    )


def deployment(raw: Raw, *, is_kept: bool) -> RecordRow:
    """Return the row of a deployment."""

    def facts() -> Facts:
        status, environment = _mapped(raw, "status", _DEPLOYMENT_STATUSES), part(raw, "environment")
        ended_at = _ended_at(raw) if status in {"success", "failed", "canceled"} else None
        tier = text(environment, "tier")
        return {
            "deployment_id": identifier(raw),
            "environment": text(environment, "name"),
            "is_production": None if tier is None else tier == "production",
            "ref": text(raw, "ref"),
            "commit_hash": text(raw, "sha"),
            "creator_login": login(raw, "user") or GHOST,
            "status": status,
            "status_at": ended_at,
            "succeeded_at": ended_at if status == "success" else None,
            "created_at": needed_instant(raw, "created_at"),
            "updated_at": instant(raw, "updated_at"),
            "payload": payload(raw, is_kept=is_kept),
        }

    return record_row("deployments", str(raw.get("id")), facts)


def pipeline(raw: Raw, *, is_kept: bool) -> RecordRow:
    """Return the row of a pipeline."""

    def facts() -> Facts:
        status = _mapped(raw, "status", _PIPELINE_STATUSES)
        return {
            "pipeline_run_id": identifier(raw),
            "pipeline_name": text(raw, "name"),
            "trigger": text(raw, "source"),
            "ref": text(raw, "ref"),
            "commit_hash": text(raw, "sha"),
            "status": status,
            "conclusion": text(raw, "status") if status == _COMPLETED else None,
            "attempt": None,
            "created_at": needed_instant(raw, "created_at"),
            "started_at": instant(raw, "started_at"),
            "updated_at": instant(raw, "updated_at"),
            "url": text(raw, "web_url"),
            "payload": payload(raw, is_kept=is_kept),
        }

    return record_row("pipeline_runs", str(raw.get("id")), facts)


def _ended_at(raw: Raw) -> int | None:
    """
    Return when a deployment that has ended reached its status.

    That is the end of its job. A deployment made through the API alone has no job and gets its
    status at once.
    """
    job = part(raw, "deployable")
    return instant(job, "finished_at") if job else instant(raw, "updated_at")


def _mapped(raw: Raw, name: str, mapping: Mapping[str, str]) -> str:
    word = needed_text(raw, name)
    if word not in mapping:
        raise malformed(raw, f"{name} is {word!r}")
    return mapping[word]
