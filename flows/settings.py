"""quarry.toml and the environment, read once; nothing else reads os.environ."""

from __future__ import annotations

import difflib
import os
import tomllib
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict, TomlConfigSettingsSource

from miners.git.command import HostEnvironment

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pydantic_core import ErrorDetails
    from pydantic_settings import PydanticBaseSettingsSource

FILE_NAME = "quarry.toml"
# What git may know of our environment: where programs are, and how to reach the network.
_KEPT = (
    *("PATH", "TMPDIR", "SSH_AUTH_SOCK", "SSL_CERT_FILE", "SSL_CERT_DIR"),
    *("http_proxy", "https_proxy", "all_proxy", "no_proxy"),
    *("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY"),
)
AI_AGENTS = (
    r"@anthropic\.com>",
    r"\bcopilot\b.*@users\.noreply\.github\.com>",
    r"copilot-swe-agent",
    r"cursoragent@cursor\.com",
    r"devin-ai-integration",
    r"google-labs-jules",
    r"gemini-code-assist",
    r"chatgpt-codex|codex@openai\.com",
    r"openhands@all-hands\.dev",
    r"@aider\.chat>|\(aider\) <",
    r"amp@ampcode\.com",
    r"sweep-ai\[bot\]",
)
BOTS = (
    r"\[bot\]",
    r"[-_ ]bot <|^bot <|\bbot@",
    r"^(dependabot|renovate|greenkeeper|pyup|snyk|github-actions|gitlab-ci|travis|jenkins)\b",
    r"^(web-flow|weblate|mergify|codecov|allcontributors|bors|pre-commit-ci|k8s-ci-robot)\b",
    r"@(dependabot|renovateapp|greenkeeper)\.",
)


class SettingsError(Exception):
    """quarry.toml or the environment says something that cannot be; names it and the mend."""


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class CalendarSettings(_Section):
    """Where a day begins, and in which month a fiscal year does."""

    time_zone: str = "UTC"
    first_month: int = Field(default=1, ge=1, le=12)


class PeopleSettings(_Section):
    """Who is a bot or an AI agent, and who is the same person."""

    mailmap: Path | None = None
    bots: tuple[str, ...] = BOTS
    ai_agents: tuple[str, ...] = AI_AGENTS


class MiningSettings(_Section):
    """How much a run may use."""

    sources_at_once: int = Field(default=0, ge=0)
    source_timeout_minutes: float = Field(default=60, gt=0)
    fallback_encoding: str = "latin-1"


class SourceSettings(_Section):
    """A source that needs more than its address."""

    location: str
    name: str | None = None
    id: str | None = None
    token_env: str | None = None
    token_user: str = "x-access-token"  # noqa: S105 - the user name that goes with any token
    credential_helper: str | None = None
    owner_is_trusted: bool = False
    extra_refs: tuple[str, ...] = ()


class ProjectSettings(_Section):
    """What people report on, and the sources it owns, by location or name."""

    name: str
    title: str | None = None
    sources: tuple[str, ...]


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
    sources: tuple[SourceSettings, ...] = ()
    projects: tuple[ProjectSettings, ...] = ()

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

    class FromFile(Settings):
        model_config = SettingsConfigDict(toml_file=file)

    try:
        return FromFile(**arguments)
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(f"{file}: not TOML: {error}. Correct that line.") from error
    except ValidationError as error:
        lines = "\n".join(f"  {_explain(wrong)}" for wrong in error.errors())
        raise SettingsError(f"{file or 'the settings'}:\n{lines}") from error


def host_environment() -> HostEnvironment:
    """Tell git's callers what git may see of our environment."""
    kept = {name: os.environ[name] for name in _KEPT if name in os.environ}
    return HostEnvironment(kept, tuple(sorted(os.environ.keys() - kept.keys())))


def secret(variable: str) -> str | None:
    """Read a secret from the environment variable that the settings name."""
    return os.environ.get(variable)


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


def _explain(wrong: ErrorDetails) -> str:
    path = ".".join(str(part) for part in wrong["loc"])
    if wrong["type"] != "extra_forbidden":
        return f"{path}: {wrong['msg']} (found {wrong['input']!r})"
    known = [key for model in _MODELS for key in model.model_fields]
    near = difflib.get_close_matches(str(wrong["loc"][-1]), known, n=1)
    hint = f"; did you mean {near[0]!r}?" if near else "; remove it"
    return f"{path}: there is no such setting{hint}"


_MODELS: tuple[type[BaseModel], ...] = (
    Settings,
    CalendarSettings,
    PeopleSettings,
    MiningSettings,
    SourceSettings,
    ProjectSettings,
)
