"""quarry.toml and the environment, read once; nothing else reads os.environ."""

from __future__ import annotations

import os
import stat
import tomllib
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from pydantic import ValidationError, ValidationInfo, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict, TomlConfigSettingsSource

from flows.explain import explain
from flows.project_sections import EVERYTHING, ProjectSettings, RuleSettings, TargetSettings
from flows.sections import (
    CalendarSettings,
    HostSettings,
    MiningSettings,
    PeopleSettings,
    SealingSettings,
    SourceSettings,
)
from miners.plan import HostEnvironment
from miners.text import nearest

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pydantic_settings import PydanticBaseSettingsSource

FILE_NAME = "quarry.toml"
Named = tuple[HostSettings, ...] | tuple[ProjectSettings, ...]
# What git may know of our environment: where programs are, and how to reach the network.
_KEPT = (
    *("PATH", "TMPDIR", "SSH_AUTH_SOCK", "SSL_CERT_FILE", "SSL_CERT_DIR"),
    *("http_proxy", "https_proxy", "all_proxy", "no_proxy"),
    *("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY"),
)


class SettingsError(Exception):
    """quarry.toml or the environment says something that cannot be; names it and the mend."""


class SecretRefused(Exception):
    """A secret that the settings name is not there or not safe; nothing of it is shown."""

    def __init__(self, problem: str, remedy: str) -> None:
        super().__init__(f"{problem}. {remedy}.")
        self.problem = problem
        self.remedy = remedy


class Settings(BaseSettings):
    """Everything that can be set; arguments win over the environment, and that over the file."""

    model_config = SettingsConfigDict(
        env_prefix="QUARRY_", env_nested_delimiter="__", extra="forbid", frozen=True
    )

    home: Path = Path("data")
    engine: Literal["auto", "local", "prefect"] = "auto"
    calendar: CalendarSettings = CalendarSettings()
    people: PeopleSettings = PeopleSettings()
    mining: MiningSettings = MiningSettings()
    sealing: SealingSettings = SealingSettings()
    hosts: tuple[HostSettings, ...] = ()
    sources: tuple[SourceSettings, ...] = ()
    rules: RuleSettings = RuleSettings()
    projects: tuple[ProjectSettings, ...] = ()
    targets: tuple[TargetSettings, ...] = ()

    @field_validator("hosts", "projects")
    @classmethod
    def _each_once(cls, named: Named) -> Named:
        twice = [name for name, count in Counter(one.name for one in named).items() if count > 1]
        if twice:
            raise ValueError(f"there is {twice[0]} twice; keep one of them")
        return named

    @field_validator("projects")
    @classmethod
    def _own_no_ledger(
        cls, projects: tuple[ProjectSettings, ...], info: ValidationInfo
    ) -> tuple[ProjectSettings, ...]:
        entries = [one for one in info.data.get("sources", ()) if one.kind == "ledger"]
        ledgers = {text for one in entries for text in (one.location, one.name)}
        for project in projects:
            for source in ledgers.intersection(project.sources):
                said = "is a ledger, whose rows name their projects; remove it from sources"
                raise ValueError(f"{project.name}: {source!r} {said}")
        return projects

    @field_validator("targets")
    @classmethod
    def _aim_at_something(
        cls, targets: tuple[TargetSettings, ...], info: ValidationInfo
    ) -> tuple[TargetSettings, ...]:
        known = [EVERYTHING, *(project.name for project in info.data.get("projects", ()))]
        for target in targets if "projects" in info.data else ():
            if target.project is not None and target.project not in known:
                hint = nearest(target.project, known, "; name it under [[projects]]")
                raise ValueError(f"{target.said}: there is no project {target.project!r}{hint}")
        said = Counter(target.said for target in targets)
        twice = [name for name, count in said.items() if count > 1]
        if twice:
            raise ValueError(f"there is {twice[0]} twice; keep one of them")
        return targets

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - the base class passes it
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Read arguments, then the environment, then the file."""
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls)


def load_settings(file: Path | None, arguments: Mapping[str, Any]) -> Settings:
    """
    Read the settings of a file, the environment and the arguments, the later ones winning.

    Errors:  SettingsError names every wrong key and value at once.
    """
    read: dict[str, Any] = {}

    class FromFile(Settings):
        model_config = SettingsConfigDict(toml_file=file)

        @model_validator(mode="before")
        @classmethod
        def _keep(cls, values: dict[str, Any]) -> dict[str, Any]:
            read.update(values)
            return values

    try:
        return FromFile(**arguments)
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(f"{file}: not TOML: {error}. Correct that line.") from error
    except ValidationError as error:
        lines = "\n".join(f"  {explain(wrong, Settings, read)}" for wrong in error.errors())
        raise SettingsError(f"{file or 'the settings'}:\n{lines}") from error


def host_environment() -> HostEnvironment:
    """Tell git's callers what git may see of our environment."""
    kept = {name: os.environ[name] for name in _KEPT if name in os.environ}
    return HostEnvironment(kept, tuple(sorted(os.environ.keys() - kept.keys())))


def secret(variable: str) -> str | None:
    """Read a secret from the environment variable that the settings name."""
    return os.environ.get(variable)


def secret_file(setting: str, path: Path) -> str:
    """
    Read a secret from the file that a setting names.

    Errors:  SecretRefused where there is none, or where everybody on this machine may read it.
    """
    try:
        is_open_to_all = path.stat().st_mode & (stat.S_IROTH | stat.S_IWOTH)
        text = "" if is_open_to_all else path.read_text("utf-8")
    except (OSError, ValueError) as error:
        # Not the path: who takes token_file for the token has written the token there.
        why = getattr(error, "strerror", None) or type(error).__name__
        raise SecretRefused(
            f"the file that {setting} names cannot be read: {why}", "Correct the path"
        ) from None
    if is_open_to_all:
        raise SecretRefused(f"other users of this machine can read {path}", f"Run chmod 600 {path}")
    return text.strip()


def is_width_given() -> bool:
    """Tell whether the environment says how wide the terminal is."""
    return os.environ.get("COLUMNS", "").isdecimal()


def has_prefect_server() -> bool:
    """Tell whether a Prefect server is configured for this process."""
    return bool(os.environ.get("PREFECT_API_URL"))


def set_defaults(values: Mapping[str, str]) -> None:
    """Put values into our environment, for a library that reads it; those already there stay."""
    for name, value in values.items():
        os.environ.setdefault(name, value)


def set_values(values: Mapping[str, str]) -> None:
    """Put values into our environment, and so into that of our children, over any other."""
    os.environ.update(values)


def reach_this_machine_directly() -> None:
    """Keep calls to this machine's own servers from going to a proxy."""
    for name in ("no_proxy", "NO_PROXY"):
        others = os.environ.get(name, "")
        os.environ[name] = ",".join(filter(None, (others, "127.0.0.1", "localhost")))


def clock() -> datetime:
    """
    Return the instant at which a run observes its sources.

    Source:  SOURCE_DATE_EPOCH of reproducible-builds.org fixes it, for runs to be repeated.
    """
    fixed = os.environ.get("SOURCE_DATE_EPOCH")
    return datetime.fromtimestamp(int(fixed), UTC) if fixed else datetime.now(UTC)


def is_writable(folder: Path) -> bool:
    """Tell whether this process may write into a folder."""
    return os.access(folder, os.W_OK | os.X_OK)


def cores() -> int:
    """Count the processors that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
