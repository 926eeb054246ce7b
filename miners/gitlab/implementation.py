"""GitLab for the registry of tracker kinds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from miners.gitlab.client import connect
from miners.gitlab.discover import list_group
from miners.gitlab.estimate import expected
from miners.gitlab.tracker import GitlabTracker

if TYPE_CHECKING:
    from miners.tracker.address import TrackerSource
    from miners.tracker.http import RestApi

__all__ = ["connect", "expected", "list_group", "open_tracker"]


def open_tracker(source: TrackerSource, api: RestApi) -> GitlabTracker:
    """Return the tracker of one repository; no request is sent yet."""
    return GitlabTracker(source, api)
