"""List the projects of a group or user."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

from miners.errors import SourceDenied
from miners.gitlab.pages import fetch_pages
from miners.gitlab.streams import identity
from miners.tracker.address import ListedRepository
from miners.tracker.pages import walk
from miners.tracker.responses import NotFound

if TYPE_CHECKING:
    from miners.tracker.fields import Raw
    from miners.tracker.http import RestApi

_OLDEST_FIRST = {"order_by": "id", "sort": "asc"}
_WITH_SUBGROUPS = {"include_subgroups": "true", "with_shared": "false"}


def list_group(api: RestApi, path: str) -> list[ListedRepository]:
    """
    List the projects of a group and of all groups within it, or those of a user.

    Shape:   sorted by path, archived projects too.
    Errors:  SourceDenied if neither exists.
    """
    quoted = quote(path, safe="")
    try:
        return _projects(api, f"/groups/{quoted}/projects", _OLDEST_FIRST | _WITH_SUBGROUPS)
    except NotFound:
        pass
    try:
        return _projects(api, f"/users/{quoted}/projects", _OLDEST_FIRST)
    except NotFound as error:
        problem = f"the group or user {path} does not exist, or the token may not see it"
        remedy = "Check the spelling and the token's access"
        raise SourceDenied(api.guard.source, problem, remedy) from error


def _projects(api: RestApi, path: str, order: dict[str, str]) -> list[ListedRepository]:
    list_page = walk(fetch_pages(api, path, order), identity)
    listed = (_listed(raw) for entries in list_page for raw in entries)
    return sorted({repository for repository in listed if repository})


def _listed(raw: Raw) -> ListedRepository | None:
    name = raw.get("path_with_namespace")
    if not isinstance(name, str):
        return None
    return ListedRepository(
        path=name,
        is_fork=bool(raw.get("forked_from_project")),
        is_mirror=bool(raw.get("mirror")),
        is_archived=bool(raw.get("archived")),
    )
