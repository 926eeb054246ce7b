"""A tracker of either kind, opened for one mining."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from miners.errors import SourceDenied
from miners.github import client as github
from miners.github.tracker import GithubTracker
from miners.gitlab import client as gitlab
from miners.gitlab.tracker import GitlabTracker
from miners.tracker.address import GITLAB
from miners.tracker.guard import Guard
from miners.web import proxies_for

if TYPE_CHECKING:
    from miners.plan import MiningPlan
    from miners.tracker.address import Host, TrackerSource
    from miners.tracker.http import RestApi
    from miners.tracker.protocol import Tracker


def open_tracker(source: TrackerSource, plan: MiningPlan) -> Tracker:
    """
    Open the API of a source's host; nothing is asked yet.

    Errors:  SourceDenied without a token.
    """
    api = open_host(source.host, source.id, plan)
    if source.host.kind == GITLAB:
        return GitlabTracker(source, api)
    return GithubTracker(source, api)


def open_host(host: Host, source: str, plan: MiningPlan) -> RestApi:
    """
    Open the API of a host on behalf of a source.

    Errors:  SourceDenied without a token, or with one that a library would quote in its complaint.
    """
    remedy = "Set the variable or file that its [[hosts]] entry names to the token, and only it"
    if not host.token and not host.app:
        raise SourceDenied(source, f"there is no token for {host.name}", remedy)
    if host.token and not re.fullmatch("[!-~]+", host.token):
        problem = f"the token for {host.name} holds characters that no token has"
        raise SourceDenied(source, problem, remedy)
    proxies = proxies_for(host.api, plan.host.kept)
    guard = Guard(source, host, plan.observed_at, plan.timeout_seconds, proxies=proxies)
    return gitlab.connect(guard) if host.kind == GITLAB else github.connect(guard)
