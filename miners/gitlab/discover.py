"""Which projects a GitLab group has."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

from miners.errors import SourceDenied
from miners.gitlab.pages import fetch_pages
from miners.gitlab.streams import identity
from miners.tracker.pages import walk
from miners.tracker.responses import NotThere

if TYPE_CHECKING:
    from miners.tracker.http import RestApi

_OLDEST_FIRST = {"order_by": "id", "sort": "asc"}
_WITH_SUBGROUPS = {"include_subgroups": "true", "with_shared": "false"}


def list_group(api: RestApi, path: str) -> list[str]:
    """
    Name the projects of a group and of all groups within it, or those of a user.

    Shape:   paths in the order of the text; archived projects are among them.
    Errors:  SourceDenied where there is neither.
    """
    quoted = quote(path, safe="")
    try:
        return _paths(api, f"/groups/{quoted}/projects", _OLDEST_FIRST | _WITH_SUBGROUPS)
    except NotThere:
        pass
    try:
        return _paths(api, f"/users/{quoted}/projects", _OLDEST_FIRST)
    except NotThere as error:
        problem = f"there is no group or user {path}, or the token may not see it"
        remedy = "Check the spelling and the token's access"
        raise SourceDenied(api.guard.source, problem, remedy) from error


def _paths(api: RestApi, path: str, order: dict[str, str]) -> list[str]:
    listed = walk(fetch_pages(api, path, order), identity)
    names = (raw.get("path_with_namespace") for entries in listed for raw in entries)
    return sorted({name for name in names if isinstance(name, str)})
