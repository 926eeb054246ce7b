"""GitHub for the registry of tracker kinds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from miners.github.client import connect
from miners.github.discover import list_group
from miners.github.estimate import expected
from miners.github.tracker import GithubTracker

if TYPE_CHECKING:
    from miners.tracker.address import TrackerSource
    from miners.tracker.http import RestApi

__all__ = ["connect", "expected", "list_group", "open_tracker"]


def open_tracker(source: TrackerSource, api: RestApi) -> GithubTracker:
    """Return the tracker of one repository; no request is sent yet."""
    return GithubTracker(source, api)
