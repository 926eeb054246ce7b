"""List the repositories of an organisation or group."""

from __future__ import annotations

from typing import TYPE_CHECKING

from miners.tracker.connect import open_host
from miners.tracker.kinds import KINDS
from miners.tracker.responses import as_mining_errors

if TYPE_CHECKING:
    from miners.plan import MiningPlan
    from miners.tracker.address import Host


def list_group(host: Host, path: str, plan: MiningPlan) -> list[str]:
    """
    List the repositories of an organisation, user or group as paths at their host.

    Errors:  MiningError.
    """
    api = open_host(host, f"{host.name}/{path}", plan)
    with as_mining_errors(api.guard.source):
        return KINDS[host.kind].load().list_group(api, path)
