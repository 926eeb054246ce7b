"""Options shared by several commands, and the workspace they open."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from warehouse.query.formats import FORMATS, TEXT_FORMATS, either
from warehouse.query.preset_entries import preset_entries

if TYPE_CHECKING:
    from collections.abc import Sequence

    from typer.models import OptionInfo

    from flows.settings.workspace import Workspace

# The exit code of a command for which some sources failed.
SOME_FAILED = 3
TABLE, JSON = "table", "json"
BOTH_LANGUAGES = "both"
LAST_PORT = 65_535
_ENDLESS = 1_000_000_000


def whole_number(option: str, about: str, least: int, most: int = _ENDLESS) -> OptionInfo:
    """
    Return an option that takes whole numbers from least to most.

    Errors:  SettingsError, in the words of other options.
    """

    def parse(text: object) -> int:
        from flows.settings.settings import SettingsError

        try:
            number = int(str(text))
        except ValueError:
            number = least - 1
        if least <= number <= most:
            return number
        limits = f"from {least} to {most}" if most < _ENDLESS else f"of at least {least}"
        raise SettingsError(f"{option}: unknown value {text!r}. Use a whole number {limits}.")

    made: OptionInfo = typer.Option(option, help=about, parser=parse, metavar="NUMBER")
    return made


Home = Annotated[
    Path | None, typer.Option("--home", help="Folder of the store and all results. Default: data")
]
Config = Annotated[
    Path | None, typer.Option("--config", help="Settings file. Default: quarry.toml, if it exists")
]
Locations = Annotated[
    list[str] | None,
    typer.Argument(help="URLs, paths or names of sources. Default: all of quarry.toml"),
]
Project = Annotated[
    str | None,
    typer.Option("--project", help="Default: the only project, else all together ('*')"),
]
EachProject = Annotated[
    str | None, typer.Option("--project", help="Default: each project separately")
]
Source = Annotated[
    str | None, typer.Option("--source", help="Only this repository. Default: all of the project")
]
Lang = Annotated[str, typer.Option("--lang", help="Language: en, ko, or both")]
OneLang = Annotated[str, typer.Option("--lang", help="Language of the output: en or ko")]
StyleFile = Annotated[
    Path | None,
    typer.Option("--style", help="Style file. Default: report.toml next to quarry.toml"),
]
Preset = Annotated[
    str | None, typer.Option("--preset", help=f"Other system: {either(tuple(preset_entries()))}")
]
Rows = Annotated[int, whole_number("--rows", "How many rows to show", least=0)]
Count = Annotated[int, whole_number("--count", "How many runs to show", least=0)]
Format = Annotated[str, typer.Option("--format", help=either(FORMATS))]
TextFormat = Annotated[str, typer.Option("--format", help=either(tuple(TEXT_FORMATS)))]
TableOrJson = Annotated[str, typer.Option("--format", help=either((TABLE, JSON)))]


def workspace_of(config: Path | None, home: Path | None) -> Workspace:
    """
    Open the settings and the home folder, whose files only its readers may read.

    Errors:  SettingsError.
    """
    from flows.settings.environment import write_for
    from flows.settings.workspace import open_workspace

    workspace = open_workspace(config, home)
    write_for(workspace.settings.readable_by)
    return workspace


def require_choice(option: str, value: str, choices: Sequence[str]) -> None:
    """
    Raise for a value that is not one of an option's choices.

    Errors:  SettingsError.
    """
    from flows.settings.settings import SettingsError

    if value not in choices:
        raise SettingsError(f"{option}: unknown value {value!r}. Use {either(choices)}.")


def languages_of(value: str) -> tuple[str, ...]:
    """
    List the languages that --lang selects.

    Errors:  SettingsError for an unknown one.
    """
    from warehouse.report.format.language import LANGUAGES

    require_choice("--lang", value, (*LANGUAGES, BOTH_LANGUAGES))
    return LANGUAGES if value == BOTH_LANGUAGES else (value,)


def leave(code: int) -> NoReturn:
    """End the process at once, with all output written and without waiting for any thread."""
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)
