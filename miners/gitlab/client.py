"""GitLab's API through python-gitlab: it logs in and encodes; our guard is its session."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import requests
from gitlab import Gitlab
from gitlab.exceptions import GitlabError

from miners.tracker.http import Answer, RestApi
from miners.tracker.responses import Transient

if TYPE_CHECKING:
    from collections.abc import Mapping

    from miners.tracker.guard import Guard

_API = "/api/v4"


class GitlabClient:
    """
    python-gitlab as one call; it neither waits, nor tries again, nor follows a link of a list.

    Its login is the header Authorization: GitLab takes OAuth tokens nowhere else, and personal,
    project and group tokens there too; and requests drops it where a redirect changes the host.
    """

    def __init__(self, guard: Guard) -> None:
        host = guard.host
        self._gitlab = Gitlab(
            host.api.rstrip("/").removesuffix(_API),
            oauth_token=host.token,
            session=guard.session(),
            ssl_verify=str(host.ca_file) if host.ca_file else True,
            timeout=guard.request_seconds,
            user_agent="quarry",
        )

    def get(self, path: str, parameters: Mapping[str, Any], headers: Mapping[str, str]) -> Answer:
        """Ask for a path below the API."""
        try:
            response = self._gitlab.http_request(
                "get",
                path,
                query_data=dict(parameters),
                extra_headers=dict(headers),
                obey_rate_limit=False,
                retry_transient_errors=False,
            )
        except (GitlabError, requests.RequestException) as error:
            # Their messages may quote headers.
            problem = f"an answer python-gitlab does not take ({type(error).__name__})"
            raise Transient(problem) from None
        return Answer(
            response.json(), {name.lower(): value for name, value in response.headers.items()}
        )


def connect(guard: Guard) -> RestApi:
    """Open GitLab's API for one mining."""
    return RestApi(GitlabClient(guard), guard)
