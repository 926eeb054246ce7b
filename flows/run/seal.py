"""Seal quarters, by command or automatically, and audit the seals."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from flows.run.lock import sole_run
from flows.run.publish import publish
from flows.settings.environment import clock
from flows.settings.settings import SettingsError
from flows.settings.workspace import context_of
from miners.text import shown_source
from warehouse.calendar import quarter_named, quarters
from warehouse.errors import CheckFailed, SealRefused, WarehouseError
from warehouse.exports.fingerprint import store_hash
from warehouse.query.scope import quarter_name
from warehouse.seals.audit import Audit, audit
from warehouse.seals.completeness import (
    counts_to_seal,
    incomplete_sources,
    mined_sources,
    quarters_with_figures,
)
from warehouse.seals.seal_file import require_unsealed, seal_folders
from warehouse.seals.write import discard_seal, draft_seal

if TYPE_CHECKING:
    from flows.run.progress import RunProgress
    from flows.settings.workspace import Workspace
    from warehouse.calendar import Quarter
    from warehouse.seals.seal_file import Seal


@dataclass(frozen=True)
class SealedQuarter:
    """A new seal and its folder."""

    seal: Seal
    folder: str


@dataclass(frozen=True)
class PlannedSeal:
    """A quarter that can be sealed, with the figures and rows that would be in its seal."""

    quarter: str
    figure_count: int
    row_count: int


@dataclass(frozen=True)
class AutomaticSeals:
    """The automatically sealed quarters, and the reason why the next one is not."""

    sealed: tuple[SealedQuarter, ...] = ()
    waiting_for: str | None = None

    @property
    def notes(self) -> tuple[str, ...]:
        """Write them as notes of a run."""
        notes = [f"{quarter.seal.quarter} was sealed automatically." for quarter in self.sealed]
        return (*notes, *([f"{self.waiting_for}."] if self.waiting_for else []))


def seal(
    workspace: Workspace, name: str, progress: RunProgress, *, is_forced: bool = False
) -> SealedQuarter:
    """
    Seal a quarter from the store, and publish it as sealed.

    Errors:  RunInProgress, SettingsError; SealRefused for a quarter that has not ended, has no
             figures, is not complete (unless forced) or is sealed.
    """
    context, quarter = context_of(workspace), _quarter(workspace, name)
    with sole_run(workspace.runs):
        publish(workspace, context, progress)
        _require_ended(workspace, quarter, is_forced=is_forced)
        return _seal(workspace, quarter, progress)


def plan_seal(workspace: Workspace, name: str, *, is_forced: bool = False) -> PlannedSeal:
    """
    Return what a seal of a quarter would have, from what is published now; change nothing.

    Errors:  those of seal.
    """
    quarter = _quarter(workspace, name)
    require_unsealed(workspace.seals, quarter.quarter)
    _require_ended(workspace, quarter, is_forced=is_forced)
    return PlannedSeal(quarter.quarter, *counts_to_seal(workspace.warehouse, quarter.quarter))


def seal_due(workspace: Workspace, progress: RunProgress) -> AutomaticSeals:
    """
    Seal the quarters that are due by the settings; the caller has the lock of the home folder.

    Shape:   every quarter with figures that ended after the newest sealed one, or else the last
             one that ended; a quarter that is not complete defers all later ones.
    """
    days = workspace.settings.sealing.after_days
    if days is None or not workspace.warehouse.exists():
        return AutomaticSeals()
    sealed, problem = [], None
    for quarter in _due(workspace, clock() - timedelta(days=days)):
        problem = _incomplete(workspace, quarter)
        if problem:
            break
        try:
            sealed.append(_seal(workspace, quarter, progress))
        except SealRefused as refused:
            problem = refused.problem
            break
    return AutomaticSeals(tuple(sealed), problem)


def audit_seals(workspace: Workspace) -> list[Audit]:
    """Compare every seal with its files, its figures with its rows, and both with today's."""
    return audit(workspace.warehouse, workspace.seals)


def _seal(workspace: Workspace, quarter: Quarter, progress: RunProgress) -> SealedQuarter:
    """
    Seal a quarter if the warehouse with its seal passes all checks, and publish that warehouse.

    Errors:  SealRefused; then nothing is sealed, and what was published stays.
    """
    progress.stage(f"sealing {quarter.quarter}")
    draft = draft_seal(
        workspace.warehouse,
        workspace.seals,
        quarter,
        sealed_at=clock(),
        store_hash=store_hash(workspace.store),
    )
    try:
        publish(workspace, context_of(workspace), progress, draft=draft)
    except WarehouseError as error:
        discard_seal(draft)
        fact = f"check {error.check} would fail" if isinstance(error, CheckFailed) else str(error)
        raise SealRefused(
            f"{quarter.quarter} was not sealed: with its seal {fact}",
            "Nothing changed; report this as a fault in Quarry",
        ) from error
    return SealedQuarter(draft.seal, str(workspace.seals / quarter.quarter))


def _quarter(workspace: Workspace, name: str) -> Quarter:
    quarter = quarter_named(quarters(context_of(workspace).calendar), quarter_name(name))
    if quarter is None:
        raise SettingsError(f"{name!r} is not a quarter of the calendar. Use one such as 2026-Q2.")
    return quarter


def _require_ended(workspace: Workspace, quarter: Quarter, *, is_forced: bool) -> None:
    if quarter.ends_at > clock():
        last = quarter.ends_before - timedelta(days=1)
        raise SealRefused(
            f"{quarter.quarter} has not ended: its last day is {last}", "Seal it after its end"
        )
    if quarter.quarter not in quarters_with_figures(workspace.warehouse):
        raise SealRefused(f"{quarter.quarter} has no figures", "`quarry kpi` lists the figures")
    problem = _incomplete(workspace, quarter)
    if problem and not is_forced:
        raise SealRefused(problem, "Run `quarry run` first, or use --incomplete")


def _incomplete(workspace: Workspace, quarter: Quarter) -> str | None:
    """Return a message with the sources that were not polled since a quarter's end."""
    sources = mined_sources(workspace.warehouse)
    missing = incomplete_sources(workspace.warehouse, quarter.ends_at, sources)
    if not missing:
        return None
    names = ", ".join(map(shown_source, missing))
    return f"{quarter.quarter} is not complete: no poll since its end of {names}"


def _due(workspace: Workspace, until: datetime) -> list[Quarter]:
    with_figures = quarters_with_figures(workspace.warehouse)
    ended = [q for q in quarters(context_of(workspace).calendar) if q.ends_at <= until]
    names = {folder.name for folder in seal_folders(workspace.seals)}
    last = max((i for i, q in enumerate(ended) if q.quarter in names), default=len(ended) - 2)
    return [quarter for quarter in ended[last + 1 :] if quarter.quarter in with_figures]
