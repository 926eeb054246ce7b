"""List the repositories of an organisation or user."""

from __future__ import annotations

from typing import TYPE_CHECKING

from miners.errors import SourceDenied
from miners.github.pages import fetch_from
from miners.tracker.address import ListedRepository
from miners.tracker.fields import flag, key_of, needed_text, text
from miners.tracker.pages import walk
from miners.tracker.responses import NotFound

if TYPE_CHECKING:
    from miners.tracker.fields import Raw
    from miners.tracker.http import RestApi


def list_group(api: RestApi, name: str) -> list[ListedRepository]:
    """
    List the repositories of an organisation, or of a user, with paths of owner/name.

    Errors:  SourceDenied if neither exists.
    Source:  docs.github.com/rest/repos/repos
    """
    for path in (f"/orgs/{name}/repos", f"/users/{name}/repos"):
        try:
            pages = list(walk(fetch_from(api, path), key_of))
        except NotFound:
            continue
        return sorted(_listed(raw) for page in pages for raw in page)
    problem = "the organisation or user does not exist, or the token may not see it"
    raise SourceDenied(api.guard.source, problem, "Check the spelling and the token's access")


def _listed(raw: Raw) -> ListedRepository:
    return ListedRepository(
        path=needed_text(raw, "full_name"),
        is_fork=bool(flag(raw, "fork")),
        is_mirror=text(raw, "mirror_url") is not None,
        is_archived=bool(flag(raw, "archived")),
    )
