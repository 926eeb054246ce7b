"""One home folder and the settings that go with it, in the terms of miners and warehouse."""

from __future__ import annotations

import base64
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from flows.settings import FILE_NAME, SettingsError, SourceSettings, load_settings, secret
from miners.errors import MiningError, SourceDenied
from miners.git.address import GitSource, parse_location, short_name
from miners.mailmap import parse_mailmap
from warehouse.context import Calendar, Context, IdentityRule, MailmapEntry, Project

if TYPE_CHECKING:
    from collections.abc import Iterable

    from flows.settings import Settings


@dataclass(frozen=True)
class Workspace:
    """Where everything of one installation is."""

    settings: Settings
    file: Path | None
    base: Path
    home: Path

    @property
    def store(self) -> Path:
        return self.home / "store"

    @property
    def mirrors(self) -> Path:
        return self.home / "mirrors"

    @property
    def warehouse(self) -> Path:
        return self.home / "quarry.duckdb"

    @property
    def exports(self) -> Path:
        return self.home / "exports"

    @property
    def runs(self) -> Path:
        return self.home / "runs"


def open_workspace(config: Path | None, home: Path | None) -> Workspace:
    """
    Find the settings and the home folder; paths in a file count from where the file is.

    Errors:  SettingsError.
    """
    if config is not None and not config.is_file():
        raise SettingsError(f"{config}: there is no such file. Write one with quarry init.")
    found = config or Path(FILE_NAME)
    file = found.resolve() if found.is_file() else None
    settings = load_settings(file, {"home": home.absolute()} if home else {})
    base = file.parent if file else Path.cwd()
    return Workspace(settings, file, base, (base / settings.home.expanduser()).resolve())


def resolve_sources(
    workspace: Workspace, locations: Iterable[str] = ()
) -> list[GitSource | MiningError]:
    """
    List what to mine: the given locations, or all that the settings name.

    Shape:   one entry per source; an address that cannot be used is its error, for the run to
             report beside the others.
    """
    wanted = list(locations)
    here = Path.cwd() if wanted else workspace.base
    resolved = {}
    for text in wanted or _named(workspace.settings):
        entry = _entry(workspace.settings, text)
        # A path found by its name stands in the settings, and counts from there.
        made = _source(entry, here if entry.location == text else workspace.base)
        resolved[identity_of(made)] = made
    return list(resolved.values())


def context_of(workspace: Workspace) -> Context:
    """
    State the calendar, the projects and the people for the warehouse.

    Errors:  SettingsError, SettingsRefused.
    """
    settings = workspace.settings
    patterns = [("ai_agent", p) for p in settings.people.ai_agents]
    patterns += [("bot", p) for p in settings.people.bots]
    return Context(
        Calendar(settings.calendar.time_zone, settings.calendar.first_month),
        tuple(_projects(workspace)),
        tuple(IdentityRule(kind, pattern) for kind, pattern in patterns),
        tuple(_mailmap(workspace)),
    )


def _named(settings: Settings) -> list[str]:
    of_projects = [location for project in settings.projects for location in project.sources]
    return [*(source.location for source in settings.sources), *of_projects]


def _entry(settings: Settings, text: str) -> SourceSettings:
    known = (source for source in settings.sources if text in {source.location, source.name})
    return next(known, SourceSettings(location=text))


def identity_of(made: GitSource | MiningError) -> str:
    """Name a source, or the one that an error is about."""
    return made.source if isinstance(made, MiningError) else made.id


def _source(entry: SourceSettings, base: Path) -> GitSource | MiningError:
    try:
        identity, location, protocol = parse_location(entry.location, base)
        return GitSource(
            entry.id or identity,
            entry.name or short_name(identity),
            location,
            protocol,
            _authorization(entry, location),
            entry.credential_helper,
            entry.owner_is_trusted,
            tuple(_checked(entry.location, pattern) for pattern in entry.extra_refs),
        )
    except MiningError as error:
        return error


def _authorization(entry: SourceSettings, location: str) -> dict[str, str]:
    """Hand a token to git by its environment, for this host only: no file or list shows it."""
    if entry.token_env is None:
        return {}
    token = secret(entry.token_env)
    url = urlsplit(location)
    if not token:
        raise SourceDenied(location, f"${entry.token_env} is not set", "Put the token into it")
    if url.scheme not in {"https", "http"}:
        raise SourceDenied(location, "a token only serves https", "Remove token_env")
    encoded = base64.b64encode(f"{entry.token_user}:{token}".encode()).decode()
    return {
        "GIT_CONFIG_COUNT": "1",
        "GIT_CONFIG_KEY_0": f"http.{url.scheme}://{url.netloc}/.extraHeader",
        "GIT_CONFIG_VALUE_0": f"Authorization: Basic {encoded}",
    }


def _checked(location: str, pattern: str) -> str:
    if not re.fullmatch(r"refs/[\w./*-]+", pattern) or pattern.count("*") > 1:
        raise SourceDenied(
            location, f"extra_refs: {pattern!r} is no pattern of refs", "Write refs/changes/*, say"
        )
    return pattern


def _projects(workspace: Workspace) -> Iterable[Project]:
    for project in workspace.settings.projects:
        entries = (_entry(workspace.settings, text) for text in project.sources)
        sources = tuple(identity_of(_source(entry, workspace.base)) for entry in entries)
        yield Project(project.name, project.title or project.name, sources)


def _mailmap(workspace: Workspace) -> Iterable[MailmapEntry]:
    path = workspace.settings.people.mailmap
    if path is None:
        return
    try:
        text = (workspace.base / path).read_text("utf-8", errors="replace")
    except OSError as error:
        raise SettingsError(f"people.mailmap: {error}. Correct the path.") from error
    for line in parse_mailmap(text):
        yield MailmapEntry(
            line.line_number,
            line.proper_name,
            line.proper_email,
            line.commit_name,
            line.commit_email,
        )
