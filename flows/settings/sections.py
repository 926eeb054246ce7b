"""The sections of quarry.toml, and what may stand in each."""

from __future__ import annotations

import re
from pathlib import Path  # noqa: TC003 - pydantic reads the annotations
from typing import Annotated, Literal, Self
from urllib.parse import urlsplit

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    model_validator,
)
from pydantic_core import PydanticKnownError

from flows.settings.people import ai_agents, bots
from miners.git.address import LOOPBACK
from miners.ledger.address import TABLE_NAMES, is_url
from miners.text import nearest
from miners.tracker.kinds import KINDS


class Section(BaseModel):
    """Keys of which none is unknown."""

    model_config = ConfigDict(extra="forbid", frozen=True)


def _variable(name: str) -> str:
    """Take the name of a variable; a token that stands in its place is not to be shown."""
    if not re.fullmatch(r"[A-Z_][A-Z0-9_]{0,99}", name):
        raise ValueError(
            "write the name of an environment variable, in capitals, such as APP_TOKEN; never the "
            "token itself"
        )
    return name


def _host_name(name: str) -> str:
    if not re.fullmatch(r"[A-Za-z0-9.-]+(:[0-9]{1,5})?", name):
        raise ValueError("write the host as in its addresses, such as git.example.com or host:8443")
    return name.lower()


def _api(url: str) -> str:
    parts = urlsplit(url)
    if parts.scheme not in {"https", "http"} or not parts.hostname:
        raise ValueError("write the whole address, such as https://git.example.com/api/v4")
    if parts.username or parts.password or parts.query:
        raise ValueError("the address holds credentials or parameters; name token_env beside it")
    if parts.scheme == "http" and parts.hostname not in LOOPBACK:
        raise ValueError("http sends the token in the clear; use https")
    return url.rstrip("/")


def _tracker(wanted: bool | str) -> bool | str:
    if isinstance(wanted, str) and not re.fullmatch(r"https?://[^/@\s?]+/[^@\s?]+", wanted):
        raise ValueError(
            "write true, false, or where it is, such as https://git.example.com/owner/name"
        )
    return wanted


def _tracker_kind(name: object) -> object:
    if name not in tuple(KINDS):
        *others, last = map(repr, KINDS)
        expected = f"{', '.join(others)} or {last}" if others else last
        raise PydanticKnownError("literal_error", {"expected": expected})
    return name


def _table(name: str) -> str:
    if name not in TABLE_NAMES:
        raise ValueError(f"there is no table {name!r}{nearest(name, TABLE_NAMES, '')}")
    return name


def _pairs(said: object) -> object:
    """Take a table of TOML as what can stand in a set."""
    return tuple(said.items()) if isinstance(said, dict) else said


Variable = Annotated[str, AfterValidator(_variable)]
TrackerKind = Annotated[str, BeforeValidator(_tracker_kind)]
Table = Annotated[str, AfterValidator(_table)]
Pairs = Annotated[tuple[tuple[str, str], ...], BeforeValidator(_pairs)]
_ONLY_OF_LEDGERS = {"table", "project", "event_kinds", "event_projects"}
_OF_LEDGERS = {*_ONLY_OF_LEDGERS, "token_env"}


class CalendarSettings(Section):
    """Where a day begins, and in which month a fiscal year does."""

    time_zone: str = "UTC"
    first_month: int = Field(default=1, ge=1, le=12)


class PeopleSettings(Section):
    """Who is a bot or an AI agent, and who is the same person."""

    mailmap: Path | None = None
    bots: tuple[str, ...] = Field(default_factory=bots)
    ai_agents: tuple[str, ...] = Field(default_factory=ai_agents)


class MiningSettings(Section):
    """How much a run may use, and what it keeps."""

    sources_at_once: int = Field(default=0, ge=0)
    source_timeout_minutes: float = Field(default=60, gt=0)
    rate_limit_wait_minutes: float = Field(default=30, ge=0)
    keep_payloads: bool = True
    fallback_encoding: str = "latin-1"


class SealingSettings(Section):
    """How many days after its end a quarter closes by itself; without, never."""

    after_days: int | None = Field(default=None, ge=0, le=365)


class HostSettings(Section):
    """A host of trackers, and how to log in to its API."""

    name: Annotated[str, AfterValidator(_host_name)]
    kind: TrackerKind
    api: Annotated[str, AfterValidator(_api)] | None = None
    token_env: Variable | None = None
    token_file: Path | None = None
    app_id: int | str | None = None
    private_key_file: Path | None = None
    installation_id: int | None = None
    ca_file: Path | None = None

    @model_validator(mode="after")
    def _has_one_login(self) -> Self:
        logins = (self.token_env, self.token_file, self.app_id)
        if sum(login is not None for login in logins) > 1:
            raise ValueError("name one of token_env, token_file and app_id, not several")
        if (self.app_id is None) != (self.private_key_file is None):
            raise ValueError("app_id and private_key_file go together; name both")
        if self.installation_id is not None and self.app_id is None:
            raise ValueError("installation_id needs app_id and private_key_file; name them")
        if self.app_id is not None and not KINDS[self.kind].has_apps:
            title = KINDS[self.kind].title
            raise ValueError(f"{title} has no apps; name token_env or token_file")
        return self


class SourceSettings(Section):
    """A source that needs more than its address."""

    location: str
    kind: Literal["repository", "tracker", "group", "ledger"] = "repository"
    tracker: Annotated[bool | str, AfterValidator(_tracker)] = True
    name: str | None = None
    id: str | None = None
    token_env: Variable | None = None
    token_user: str = "x-access-token"  # noqa: S105 - the user name that goes with any token
    credential_helper: str | None = None
    owner_is_trusted: bool = False
    extra_refs: tuple[str, ...] = ()
    table: Table | None = None
    project: str | None = None
    event_kinds: Pairs = ()
    event_projects: Pairs = ()

    @model_validator(mode="after")
    def _agrees_with_its_kind(self) -> Self:
        if self.kind == "group" and self.id is not None:
            raise ValueError("a group has no id of its own; give it to a repository by itself")
        if self.kind == "group" and isinstance(self.tracker, str):
            raise ValueError("each repository of a group has its own tracker; write true or false")
        if self.kind == "tracker" and self.tracker is not True:
            raise ValueError("location is the tracker already; remove tracker")
        set_ones = self.model_fields_set - {"location", "kind", "name", "id"}
        wrong = set_ones - _OF_LEDGERS if self.kind == "ledger" else set_ones & _ONLY_OF_LEDGERS
        if wrong:
            which = "a ledger has no" if self.kind == "ledger" else "only a ledger has"
            raise ValueError(f"{which} {min(wrong)}; remove it")
        if self.kind == "ledger" and self.token_env and not is_url(self.location):
            raise ValueError("a ledger in a folder needs no token_env; remove it")
        return self
