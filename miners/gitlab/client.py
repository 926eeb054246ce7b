"""GitLab's API through python-gitlab, with the guard as its session."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import requests
from gitlab import Gitlab
from gitlab.exceptions import GitlabError

from miners.tracker.http import ApiResponse, RestApi
from miners.tracker.responses import Transient

if TYPE_CHECKING:
    from collections.abc import Mapping

    from miners.tracker.guard import Guard

_API = "/api/v4"


class GitlabClient:
    """
    python-gitlab as one method that does not wait, retry or follow links of lists.

    Its login is the header Authorization: GitLab accepts OAuth tokens nowhere else, and personal,
    project and group tokens there too. requests drops it if a redirect changes the host.
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

    def get(
        self, path: str, parameters: Mapping[str, Any], headers: Mapping[str, str]
    ) -> ApiResponse:
        """Request a path below the API."""
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
            problem = f"a response that python-gitlab does not accept ({type(error).__name__})"
            raise Transient(problem) from None
        return ApiResponse(
            response.json(), {name.lower(): value for name, value in response.headers.items()}
        )


def connect(guard: Guard) -> RestApi:
    """Open GitLab's API for one mining."""
    return RestApi(GitlabClient(guard), guard)
