"""The repositories of an organisation or group, whichever kind its host is of."""

from __future__ import annotations

from typing import TYPE_CHECKING

from miners.github import discover as github
from miners.gitlab import discover as gitlab
from miners.tracker.address import GITLAB
from miners.tracker.connect import open_host
from miners.tracker.responses import outcomes

if TYPE_CHECKING:
    from miners.plan import MiningPlan
    from miners.tracker.address import Host


def list_group(host: Host, path: str, plan: MiningPlan) -> list[str]:
    """
    List the repositories of an organisation, user or group as paths at their host.

    Errors:  MiningError.
    """
    api = open_host(host, f"{host.name}/{path}", plan)
    list_of = gitlab.list_group if host.kind == GITLAB else github.list_group
    with outcomes(api.guard.source):
        return list_of(api, path)
