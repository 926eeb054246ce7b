"""GitHub's API through PyGithub, with the guard on its sessions."""

from __future__ import annotations

from contextvars import ContextVar
from typing import TYPE_CHECKING, Any

from github import Auth, Github
from github.GithubException import GithubException
from github.Requester import (
    HTTPRequestsConnectionClass,
    HTTPSRequestsConnectionClass,
    Requester,
)

from miners.errors import SourceDenied
from miners.tracker.http import ApiResponse, RestApi
from miners.tracker.responses import Transient

if TYPE_CHECKING:
    from collections.abc import Mapping

    from miners.tracker.address import Host
    from miners.tracker.guard import Guard

API_VERSION = "2022-11-28"
# PyGithub creates its connections itself, and more of them for an App. They find the guard of
# their mining here.
_guard: ContextVar[Guard] = ContextVar("guard")


class _GuardedConnection(HTTPSRequestsConnectionClass):
    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        _guard.get().mount(self.session)
        self.verify = self.session.verify

    def close(self) -> None:
        """Keep the connection open: it belongs to the guard, and the next request uses it."""


class _GuardedPlainConnection(HTTPRequestsConnectionClass):
    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        _guard.get().mount(self.session)

    def close(self) -> None:
        """Keep the connection open."""


# PyGithub creates a connection for every request if the classes are not its own.
Requester.injectConnectionClasses(_GuardedPlainConnection, _GuardedConnection)


class GithubClient:
    """PyGithub's requester as one method."""

    def __init__(self, host: Host, guard: Guard) -> None:
        self._guard = guard
        _guard.set(guard)
        self._requester = Github(
            auth=_auth(host, guard.source),
            base_url=host.api,
            per_page=100,
            retry=None,
            seconds_between_requests=None,
            seconds_between_writes=None,
            lazy=True,
            user_agent="quarry",
            api_version=API_VERSION,
        ).requester

    def get(
        self, path: str, parameters: Mapping[str, Any], headers: Mapping[str, str]
    ) -> ApiResponse:
        """Request a path below the API."""
        _guard.set(self._guard)
        try:
            response_headers, body = self._requester.requestJsonAndCheck(
                "GET", path, parameters=dict(parameters), headers=dict(headers)
            )
        except (GithubException, AssertionError, RuntimeError) as error:
            raise Transient(
                f"a response that PyGithub does not accept ({type(error).__name__})"
            ) from error
        return ApiResponse(body, response_headers)


def connect(guard: Guard) -> RestApi:
    """Open GitHub's API for one mining."""
    return RestApi(GithubClient(guard.host, guard), guard)


def _auth(host: Host, source: str) -> Auth.Auth | None:
    if host.app is None:
        return Auth.Token(host.token) if host.token else None
    if host.app.installation_id is None:
        problem = f"the App {host.app.app_id} has no installation"
        raise SourceDenied(source, problem, "Set installation_id in its [[hosts]] entry")
    app = Auth.AppAuth(host.app.app_id, host.app.private_key)
    return app.get_installation_auth(host.app.installation_id)
