"""List the repositories of an organisation or user."""

from __future__ import annotations

from typing import TYPE_CHECKING

from miners.errors import SourceDenied
from miners.github.pages import fetch_from
from miners.tracker.fields import key_of, needed_text
from miners.tracker.pages import walk
from miners.tracker.responses import NotFound

if TYPE_CHECKING:
    from miners.tracker.http import RestApi


def list_group(api: RestApi, name: str) -> list[str]:
    """
    List the repositories of an organisation, or of a user, as owner/name.

    Errors:  SourceDenied if neither exists.
    Source:  docs.github.com/rest/repos/repos
    """
    for path in (f"/orgs/{name}/repos", f"/users/{name}/repos"):
        try:
            pages = list(walk(fetch_from(api, path), key_of))
        except NotFound:
            continue
        return sorted(needed_text(raw, "full_name") for page in pages for raw in page)
    problem = "the organisation or user does not exist, or the token may not see it"
    raise SourceDenied(api.guard.source, problem, "Check the spelling and the token's access")
