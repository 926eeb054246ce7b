"""Open a tracker of any kind for one mining."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from miners.errors import SourceDenied
from miners.tracker.guard import Guard
from miners.tracker.kinds import KINDS
from miners.web import proxies_for

if TYPE_CHECKING:
    from miners.plan import MiningPlan
    from miners.tracker.address import Host, TrackerSource
    from miners.tracker.http import RestApi
    from miners.tracker.protocol import Tracker


def open_tracker(source: TrackerSource, plan: MiningPlan) -> Tracker:
    """
    Open the API of a source's host; no request is sent yet.

    Errors:  SourceDenied without a token.
    """
    api = open_host(source.host, source.id, plan)
    return KINDS[source.host.kind].load().open_tracker(source, api)


def open_host(host: Host, source: str, plan: MiningPlan) -> RestApi:
    """
    Open the API of a host for a source.

    Errors:  SourceDenied without a token, or with one that a library would quote in its error.
    """
    remedy = (
        "Put the token, and nothing else, into the variable or file that its [[hosts]] entry names"
    )
    if not host.token and not host.app:
        raise SourceDenied(source, f"there is no token for {host.name}", remedy)
    if host.token and not re.fullmatch("[!-~]+", host.token):
        problem = f"the token for {host.name} contains characters that no token has"
        raise SourceDenied(source, problem, remedy)
    kind = KINDS[host.kind]
    guard = Guard(
        source=source,
        host=host,
        headers=kind.headers,
        began_at=plan.observed_at,
        timeout_seconds=plan.timeout_seconds,
        proxies=proxies_for(host.api, plan.host.kept),
    )
    return kind.load().connect(guard)
