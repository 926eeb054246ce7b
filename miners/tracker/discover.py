"""List the repositories of an organisation or group."""

from __future__ import annotations

from typing import TYPE_CHECKING

from miners.tracker.connect import open_host
from miners.tracker.kinds import KINDS
from miners.tracker.responses import as_mining_errors

if TYPE_CHECKING:
    from miners.plan import MiningPlan
    from miners.tracker.address import Host, ListedRepository


def list_group(host: Host, path: str, plan: MiningPlan) -> list[ListedRepository]:
    """
    List the repositories of an organisation, user or group with their paths at the host.

    Errors:  MiningError.
    """
    api = open_host(host, f"{host.name}/{path}", plan)
    with as_mining_errors(api.guard.source):
        return KINDS[host.kind].load().list_group(api, path)
