"""Ledger sources, from the settings."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from flows.settings.environment import SecretRefused, secret
from flows.settings.hosts import usable_token
from flows.settings.sections import SourceSettings
from flows.settings.settings import SettingsError
from miners.errors import SourceDenied
from miners.ledger.address import EventPatterns, LedgerSource, ledger_id, parse_ledger_location

if TYPE_CHECKING:
    from flows.settings.settings import Settings
    from miners.errors import MiningError

LEDGER = "ledger"
_FOLDER = Path("ledger")


def ledger_of(entry: SourceSettings, base: Path, settings: Settings) -> LedgerSource | MiningError:
    """Return the source of a ledger, or the error that prevents it."""
    try:
        identity, shown, path = parse_ledger_location(entry.location, base)
        return LedgerSource(
            id=ledger_id(entry.id or identity),
            name=entry.name or _short_name(entry, path),
            location=shown,
            path=path,
            url=entry.location if path is None else None,
            token=_token(entry, shown),
            table=entry.table,
            time_zone=settings.calendar.time_zone,
            project=entry.project,
            decimal=entry.decimal,
            fill_down=entry.fill_down,
            periods={
                project.name: (project.active_from, project.active_until)
                for project in settings.projects
                if project.active_from or project.active_until
            },
            patterns=EventPatterns(
                dict(entry.event_kinds), {**_names(settings), **dict(entry.event_projects)}
            ),
        )
    except SourceDenied as error:
        return error


def ledgers_of(settings: Settings, base: Path) -> list[LedgerSource | MiningError]:
    """List the ledgers that the settings name."""
    entries = [entry for entry in settings.sources if entry.kind == LEDGER]
    return [ledger_of(entry, base, settings) for entry in entries]


def ledgers_to_check(
    settings: Settings, base: Path, folder: Path | None
) -> list[LedgerSource | MiningError]:
    """
    List the ledger in a folder, or else all that the settings name, or the one in folder ledger.

    Errors:  SettingsError if there is none.
    """
    ledgers = ledgers_of(settings, base)
    if folder is None and ledgers:
        return ledgers
    if folder is None and not _FOLDER.exists():
        problem = "the settings name no ledger, and this folder has no folder ledger"
        raise SettingsError(f"{problem}. Name a folder, or write one with `quarry ledger init`.")
    path = (folder or _FOLDER).absolute()
    # If the settings name it, their options hold here too.
    plain = ledger_of(SourceSettings(location=str(path), kind="ledger"), base, settings)
    return [next((ledger for ledger in ledgers if _is_at(ledger, path.resolve())), plain)]


def _is_at(ledger: LedgerSource | MiningError, path: Path) -> bool:
    return isinstance(ledger, LedgerSource) and ledger.path == path


def _short_name(entry: SourceSettings, path: Path | None) -> str:
    # Any part of an address may be a secret.
    return path.stem if path is not None else entry.table or LEDGER


def _names(settings: Settings) -> dict[str, str]:
    """Map each name and title of a project to its name."""
    return {
        name: project.name
        for project in settings.projects
        for name in (project.name, project.title, project.title_ko)
        if name
    }


def _token(entry: SourceSettings, shown: str) -> str | None:
    if entry.token_env is None:
        return None
    token = secret(entry.token_env)
    if not token:
        raise SourceDenied(shown, f"${entry.token_env} is not set", "Put the token into it")
    try:
        return usable_token(token, f"${entry.token_env}")
    except SecretRefused as refusal:
        raise SourceDenied(shown, refusal.problem, refusal.remedy) from refusal
