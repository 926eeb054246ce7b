"""All settings: read quarry.toml, the environment and arguments."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import pydantic_settings
from pydantic import Field, ValidationError, ValidationInfo, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict, TomlConfigSettingsSource

from flows.settings.environment import settings_variable
from flows.settings.exports import ExportSettings
from flows.settings.projects import EVERYTHING, ProjectSettings, RuleSettings, TargetSettings
from flows.settings.sections import (
    CalendarSettings,
    HostSettings,
    MiningSettings,
    PeopleSettings,
    SealingSettings,
    SourceSettings,
    UserPath,
    require_unique,
)
from flows.settings.validation_messages import message_of
from miners.text import nearest

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pydantic_core import ErrorDetails
    from pydantic_settings import PydanticBaseSettingsSource

FILE_NAME = "quarry.toml"
Named = tuple[HostSettings, ...] | tuple[ProjectSettings, ...]


class SettingsError(Exception):
    """A wrong value in quarry.toml, the environment or an option, and how to fix it."""


class Settings(BaseSettings):
    """All settings. Arguments override the environment, which overrides the file."""

    model_config = SettingsConfigDict(
        env_prefix="QUARRY_", env_nested_delimiter="__", extra="forbid", frozen=True
    )

    home: UserPath = Path("data")
    readable_by: Literal["owner", "group", "everyone"] = "owner"
    engine: Literal["auto", "local", "prefect"] = "auto"
    calendar: CalendarSettings = CalendarSettings()
    people: PeopleSettings = Field(default_factory=PeopleSettings)
    mining: MiningSettings = MiningSettings()
    sealing: SealingSettings = SealingSettings()
    exports: ExportSettings = ExportSettings()
    hosts: tuple[HostSettings, ...] = ()
    sources: tuple[SourceSettings, ...] = ()
    rules: RuleSettings = RuleSettings()
    projects: tuple[ProjectSettings, ...] = ()
    targets: tuple[TargetSettings, ...] = ()

    @field_validator("hosts", "projects")
    @classmethod
    def _each_once(cls, named: Named) -> Named:
        require_unique(entry.name for entry in named)
        return named

    @field_validator("projects")
    @classmethod
    def _own_no_ledger(
        cls, projects: tuple[ProjectSettings, ...], info: ValidationInfo
    ) -> tuple[ProjectSettings, ...]:
        entries = [entry for entry in info.data.get("sources", ()) if entry.kind == "ledger"]
        ledgers = {text for entry in entries for text in (entry.location, entry.name)}
        for project in projects:
            for source in ledgers.intersection(project.sources):
                problem = "is a ledger, whose rows name their projects; remove it from sources"
                raise ValueError(f"{project.name}: {source!r} {problem}")
        return projects

    @field_validator("targets")
    @classmethod
    def _have_a_project(
        cls, targets: tuple[TargetSettings, ...], info: ValidationInfo
    ) -> tuple[TargetSettings, ...]:
        projects = [EVERYTHING, *(project.name for project in info.data.get("projects", ()))]
        for target in targets if "projects" in info.data else ():
            if target.project is not None and target.project not in projects:
                hint = nearest(target.project, projects, "; name it under [[projects]]")
                raise ValueError(f"{target.label}: unknown project {target.project!r}{hint}")
        require_unique(target.label for target in targets)
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
    Read the settings of a file, the environment and the arguments; later ones override.

    Errors:  SettingsError with every wrong key and value.
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
    except ValidationError as error:
        lines = "\n".join(f"  {_message(e, read)}" for e in error.errors())
        raise SettingsError(f"{file or 'the settings'}:\n{lines}") from error
    except pydantic_settings.SettingsError as error:
        raise SettingsError(f"{_variable_of(error)}: not JSON. Correct the variable.") from error
    except OSError as error:
        raise SettingsError(f"{file}: cannot be read: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        problem = f"not UTF-8 at byte {error.start}"
        raise SettingsError(f"{file}: {problem}. Save the file as UTF-8.") from error
    except RecursionError as error:
        raise SettingsError(f"{file}: its values are nested too deeply. Shorten it.") from error
    except ValueError as error:
        # Also a number of more digits than Python reads, which is no TOMLDecodeError.
        raise SettingsError(f"{file}: not TOML: {error}. Correct that line.") from error


def _message(error: ErrorDetails, read: Mapping[str, Any]) -> str:
    """Return the message of a wrong value, with the environment variable that has it."""
    variable = settings_variable(error["loc"])
    return f"${variable}: " * (variable is not None) + message_of(error, Settings, read)


def _variable_of(error: pydantic_settings.SettingsError) -> str:
    """Return the environment variable that an error of the library is about."""
    field = re.search(r'field "(\w+)"', str(error))
    return f"QUARRY_{field[1].upper()}" if field else "the environment"
