"""
Registry of tracker kinds: everything that differs between them.

A new kind is a folder of its own in miners, and a row of KINDS.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Protocol

from miners.github.automation import AI_AGENTS as GITHUB_AI_AGENTS
from miners.github.automation import AUTOMATION as GITHUB_AUTOMATION
from miners.gitlab.automation import AUTOMATION as GITLAB_AUTOMATION
from miners.tracker.responses import ResponseHeaders

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from miners.tracker.address import ListedRepository, TrackerSource
    from miners.tracker.guard import Guard
    from miners.tracker.http import RestApi
    from miners.tracker.protocol import Tracker


class Implementation(Protocol):
    """The functions with which a kind of tracker is mined."""

    def connect(self, guard: Guard) -> RestApi:
        """Open the API of a host for one mining; no request is sent yet."""

    def open_tracker(self, source: TrackerSource, api: RestApi) -> Tracker:
        """Return the tracker of one repository; no request is sent yet."""

    def expected(self, api: RestApi, root: str, cursors: Mapping[str, Any]) -> tuple[int, int]:
        """Return the number of requests and of items of a mining from these cursors."""

    def list_group(self, api: RestApi, path: str) -> list[ListedRepository]:
        """List the repositories of an organisation, user or group, by their paths."""


@dataclass(frozen=True, kw_only=True)
class Kind:
    """One kind of tracker: the facts about its hosts, and its implementation."""

    title: str
    # Imports the implementation, whose libraries take a second to load.
    load: Callable[[], Implementation]
    # The distribution on PyPI that the client uses.
    library: str
    # Where the API of a host is, below its root.
    api_path: str
    headers: ResponseHeaders
    # Between the page of a repository and a commit hash.
    commit_path: str
    # Whether the path of a repository may have more than two parts.
    has_subgroups: bool = False
    # Whether an app, with a private key, may log in instead of a token.
    has_apps: bool = False
    # The public host; its API where that is elsewhere, its other names in ssh, and the variables
    # in which other tools expect its token as well.
    public_host: str | None = None
    public_api: str | None = None
    ssh_hosts: tuple[str, ...] = ()
    token_variables: tuple[str, ...] = ()
    # Addresses that hide the real one of an account: <number><separator><login>@<domain>.
    noreply_domain: str | None = None
    noreply_separator: str | None = None
    # Patterns over the logins and names of its own automation, and over "name <email>" for AI
    # agents of its own.
    bots: tuple[str, ...] = ()
    ai_agents: tuple[str, ...] = ()
    # The type of issues that are always parts of another one.
    part_type: str | None = None
    # Whether it knows of each environment if it is one of production.
    has_environment_tiers: bool = False
    # Whether the number of a change request has another sign before it than # of an issue.
    has_request_sign: bool = False

    def default_api(self, host: str) -> str:
        """Return the address of the API of a host, for settings that name none."""
        is_public = self.public_api is not None and host == self.public_host
        return (
            self.public_api if is_public and self.public_api else f"https://{host}{self.api_path}"
        )

    def is_repository(self, path: str) -> bool:
        """Return whether a path at a host has as many parts as a repository has."""
        parts = path.count("/") + 1
        return parts == _OWNER_AND_NAME or (self.has_subgroups and parts > _OWNER_AND_NAME)


_OWNER_AND_NAME = 2


def _load_github() -> Implementation:
    from miners.github import implementation  # noqa: PLC0415 - see Kind.load

    return implementation


def _load_gitlab() -> Implementation:
    from miners.gitlab import implementation  # noqa: PLC0415 - see Kind.load

    return implementation


# Source: docs.github.com/rest, docs.gitlab.com/api/rest
KINDS: dict[str, Kind] = {
    "github": Kind(
        title="GitHub",
        load=_load_github,
        library="PyGithub",
        api_path="/api/v3",
        headers=ResponseHeaders(
            limits="X-RateLimit-",
            window=timedelta(hours=1),
            permissions=("X-Accepted-OAuth-Scopes", "X-Accepted-GitHub-Permissions"),
        ),
        commit_path="/commit/",
        has_apps=True,
        public_host="github.com",
        public_api="https://api.github.com",
        ssh_hosts=("ssh.github.com",),
        token_variables=("GITHUB_TOKEN", "GH_TOKEN"),
        noreply_domain="users.noreply.github.com",
        noreply_separator="+",
        bots=GITHUB_AUTOMATION,
        ai_agents=GITHUB_AI_AGENTS,
    ),
    "gitlab": Kind(
        title="GitLab",
        load=_load_gitlab,
        library="python-gitlab",
        api_path="/api/v4",
        headers=ResponseHeaders(limits="RateLimit-", window=timedelta(minutes=1)),
        commit_path="/-/commit/",
        has_subgroups=True,
        public_host="gitlab.com",
        ssh_hosts=("altssh.gitlab.com",),
        token_variables=("GITLAB_TOKEN",),
        noreply_domain="users.noreply.gitlab.com",
        noreply_separator="-",
        bots=GITLAB_AUTOMATION,
        part_type="task",
        has_environment_tiers=True,
        has_request_sign=True,
    ),
}
