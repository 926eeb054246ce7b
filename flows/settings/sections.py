"""Sections of quarry.toml and their keys."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    model_validator,
)
from pydantic_core import PydanticKnownError

from flows.settings.people import ai_agents, ai_marks, bots
from flows.settings.section_values import api_address, branch_name, expression, host_name
from miners.ledger.address import TABLE_NAMES, is_url
from miners.text import nearest
from miners.tracker.kinds import KINDS
from warehouse.calendar import Calendar, YearNamedBy

if TYPE_CHECKING:
    from collections.abc import Iterable


def require_unique(names: Iterable[str]) -> None:
    """Raise ValueError for a name that is listed twice."""
    repeated = [name for name, count in Counter(names).items() if count > 1]
    if repeated:
        raise ValueError(f"{repeated[0]} is listed twice; keep one of them")


class SettingsSection(BaseModel):
    """A section of settings; unknown keys are errors."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


def _path(path: Path) -> Path:
    """Return a path with the home folder that ~ names."""
    if "\0" in str(path):
        raise ValueError("a path contains no NUL character; correct it")
    try:
        return path.expanduser()
    except RuntimeError:
        raise ValueError("~ names no user here; write the whole path") from None


def _variable(name: str) -> str:
    """Return the name of a variable; a token in its place must not be shown."""
    if not re.fullmatch(r"[A-Z_][A-Z0-9_]{0,99}", name):
        raise ValueError(
            "write the name of an environment variable, in capitals, such as APP_TOKEN; never the "
            "token itself"
        )
    return name


def _helper(command: str) -> str:
    """Return a credential helper of git; its text is an argument that other users can see."""
    if re.search(r"(password|token|secret)\s*=\s*['\"]?[^\s$'\"]", command, re.IGNORECASE):
        raise ValueError("it contains a password; write token_env with the name of a variable")
    return command


def _tracker(value: bool | str) -> bool | str:
    if isinstance(value, str) and not re.fullmatch(r"https?://[^/@\s?]+/[^@\s?]+", value):
        raise ValueError(
            "write true, false, or where it is, such as https://git.example.com/owner/name"
        )
    return value


def _tracker_kind(name: object) -> object:
    if name not in tuple(KINDS):
        *others, last = map(repr, KINDS)
        expected = f"{', '.join(others)} or {last}" if others else last
        raise PydanticKnownError("literal_error", {"expected": expected})
    return name


def _table(name: str) -> str:
    if name not in TABLE_NAMES:
        raise ValueError(f"unknown table {name!r}{nearest(name, TABLE_NAMES, '')}")
    return name


def _pairs(value: object) -> object:
    """Return a table of TOML as pairs, which are hashable."""
    return tuple(value.items()) if isinstance(value, dict) else value


Expression = Annotated[str, AfterValidator(expression)]
UserPath = Annotated[Path, AfterValidator(_path)]
Variable = Annotated[str, AfterValidator(_variable)]
TrackerKind = Annotated[str, BeforeValidator(_tracker_kind)]
Table = Annotated[str, AfterValidator(_table)]
Pairs = Annotated[tuple[tuple[str, str], ...], BeforeValidator(_pairs)]
# In Japan the fiscal year 2024 starts in April 2024: https://www.mof.go.jp/english/policy/budget/
_ZONES_NAMED_BY_START = {"Asia/Tokyo", "Japan"}
_ONLY_OF_GROUPS = {"forks", "mirrors", "archived", "include", "exclude"}
_ONLY_OF_LEDGERS = {"table", "project", "decimal", "fill_down", "event_kinds", "event_projects"}
_OF_LEDGERS = {*_ONLY_OF_LEDGERS, "token_env"}


# A longer wait is a mistake, and some clocks cannot count it.
_MINUTES_OF_A_WEEK = 7 * 24 * 60


class CalendarSettings(SettingsSection):
    """The time zone of days, and the first month and the name of the fiscal year."""

    time_zone: str = "UTC"
    first_month: int = Field(default=1, ge=1, le=12)
    year_named_by: YearNamedBy | None = None

    def naming_of_years(self) -> YearNamedBy:
        """Return by which of its calendar years a fiscal year is named, by custom if unset."""
        is_by_start = self.time_zone in _ZONES_NAMED_BY_START
        return self.year_named_by or ("start" if is_by_start else "end")

    def calendar(self) -> Calendar:
        """
        Return the fiscal calendar.

        Errors:  SettingsRefused for an unknown time zone.
        """
        named_by = self.naming_of_years()
        return Calendar(self.time_zone, self.first_month, year_named_by=named_by)


class PeopleSettings(SettingsSection):
    """Patterns of bots, AI agents and marks of their help, a mailmap, and shared addresses."""

    mailmap: UserPath | None = None
    shared_addresses: tuple[Annotated[str, Field(min_length=1)], ...] = ()
    bots: tuple[Expression, ...] = Field(default_factory=bots)
    ai_agents: tuple[Expression, ...] = Field(default_factory=ai_agents)
    ai_marks: tuple[Expression, ...] = Field(default_factory=ai_marks)


class MiningSettings(SettingsSection):
    """Limits of a run, and what it keeps."""

    sources_at_once: int = Field(default=0, ge=0, le=1000)
    source_timeout_minutes: float = Field(default=60, gt=0, le=_MINUTES_OF_A_WEEK)
    rate_limit_wait_minutes: float = Field(default=30, ge=0, le=_MINUTES_OF_A_WEEK)
    keep_payloads: bool = True
    fallback_encoding: str = "latin-1"


class SealingSettings(SettingsSection):
    """The number of days after which a quarter is sealed automatically; None means never."""

    after_days: int | None = Field(default=None, ge=0, le=365)


class HostSettings(SettingsSection):
    """A host of trackers, and how to log in to its API."""

    name: Annotated[str, AfterValidator(host_name)]
    kind: TrackerKind
    api: Annotated[str, AfterValidator(api_address)] | None = None
    token_env: Variable | None = None
    token_file: UserPath | None = None
    app_id: int | str | None = None
    private_key_file: UserPath | None = None
    installation_id: int | None = None
    ca_file: UserPath | None = None

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


class SourceSettings(SettingsSection):
    """A source that needs more than its address."""

    location: str
    kind: Literal["repository", "tracker", "group", "ledger"] = "repository"
    tracker: Annotated[bool | str, AfterValidator(_tracker)] = True
    name: str | None = None
    id: str | None = None
    token_env: Variable | None = None
    token_user: str = "x-access-token"  # noqa: S105 - the user name that goes with any token
    credential_helper: Annotated[str, AfterValidator(_helper)] | None = None
    owner_is_trusted: bool = False
    extra_refs: tuple[str, ...] = ()
    default_branch: Annotated[str, AfterValidator(branch_name)] | None = None
    forks: bool = False
    mirrors: bool = False
    archived: bool = True
    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    table: Table | None = None
    project: str | None = None
    decimal: Literal[".", ","] | None = None
    fill_down: bool | None = None
    event_kinds: Pairs = ()
    event_projects: Pairs = ()

    @model_validator(mode="after")
    def _agrees_with_its_kind(self) -> Self:
        if self.kind == "group" and self.id is not None:
            raise ValueError("a group has no id of its own; give the id to one of its repositories")
        if self.kind == "group" and self.default_branch is not None:
            raise ValueError(
                "each repository of a group has its own default_branch; give it an entry"
            )
        if self.kind == "group" and isinstance(self.tracker, str):
            raise ValueError("each repository of a group has its own tracker; write true or false")
        if self.kind == "tracker" and self.tracker is not True:
            raise ValueError("location is the tracker already; remove tracker")
        of_groups = self.model_fields_set & _ONLY_OF_GROUPS
        if self.kind != "group" and of_groups:
            raise ValueError(f"only a group has {min(of_groups)}; remove it")
        set_ones = self.model_fields_set - {"location", "kind", "name", "id"}
        wrong = set_ones - _OF_LEDGERS if self.kind == "ledger" else set_ones & _ONLY_OF_LEDGERS
        if wrong:
            rule = "a ledger has no" if self.kind == "ledger" else "only a ledger has"
            raise ValueError(f"{rule} {min(wrong)}; remove it")
        if self.kind == "ledger" and self.token_env and not is_url(self.location):
            raise ValueError("a ledger in a folder needs no token_env; remove it")
        return self
