"""List the projects of a group or user."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

from miners.errors import SourceDenied
from miners.gitlab.pages import fetch_pages
from miners.gitlab.streams import identity
from miners.tracker.pages import walk
from miners.tracker.responses import NotFound

if TYPE_CHECKING:
    from miners.tracker.http import RestApi

_OLDEST_FIRST = {"order_by": "id", "sort": "asc"}
_WITH_SUBGROUPS = {"include_subgroups": "true", "with_shared": "false"}


def list_group(api: RestApi, path: str) -> list[str]:
    """
    List the projects of a group and of all groups within it, or those of a user.

    Shape:   sorted paths; archived projects are included.
    Errors:  SourceDenied if neither exists.
    """
    quoted = quote(path, safe="")
    try:
        return _paths(api, f"/groups/{quoted}/projects", _OLDEST_FIRST | _WITH_SUBGROUPS)
    except NotFound:
        pass
    try:
        return _paths(api, f"/users/{quoted}/projects", _OLDEST_FIRST)
    except NotFound as error:
        problem = f"the group or user {path} does not exist, or the token may not see it"
        remedy = "Check the spelling and the token's access"
        raise SourceDenied(api.guard.source, problem, remedy) from error


def _paths(api: RestApi, path: str, order: dict[str, str]) -> list[str]:
    list_page = walk(fetch_pages(api, path, order), identity)
    names = (raw.get("path_with_namespace") for entries in list_page for raw in entries)
    return sorted({name for name in names if isinstance(name, str)})
