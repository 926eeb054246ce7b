"""How quarters close, by hand or by themselves, and what became of them since."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from flows.run.publish import publish
from flows.run.run_records import sole_run
from flows.settings.environment import clock
from flows.settings.settings import SettingsError
from flows.settings.workspace import context_of
from warehouse.calendar import quarter_named, quarters
from warehouse.errors import SealRefused
from warehouse.exports.fingerprint import store_hash
from warehouse.query.scope import quarter_name
from warehouse.seals.audit import Audit, audit
from warehouse.seals.completeness import incomplete_sources, mined_sources, quarters_with_figures
from warehouse.seals.seal_file import seal_folders
from warehouse.seals.write import write_seal

if TYPE_CHECKING:
    from flows.run.progress import Watch
    from flows.settings.workspace import Workspace
    from warehouse.calendar import Quarter
    from warehouse.seals.seal_file import Seal


@dataclass(frozen=True)
class Sealed:
    """A quarter that has just been sealed."""

    seal: Seal
    folder: str


@dataclass(frozen=True)
class Closed:
    """The quarters that closed by themselves, and the one that waits if any: what it waits for."""

    sealed: tuple[Sealed, ...] = ()
    waits_for: str | None = None

    @property
    def notes(self) -> tuple[str, ...]:
        """Say it in the words of a run."""
        said = [
            f"{one.seal.quarter} is sealed: its figures never change now." for one in self.sealed
        ]
        return (*said, *([f"{self.waits_for}."] if self.waits_for else []))


def seal(workspace: Workspace, name: str, watch: Watch, *, is_forced: bool = False) -> Sealed:
    """
    Seal a quarter by what the store holds, and publish it as sealed.

    Errors:  AnotherRun, SettingsError; SealRefused for a quarter that is unknown, not over, without
             figures, not complete (unless forced) or sealed already.
    """
    context = context_of(workspace)
    quarter = quarter_named(quarters(context.calendar), quarter_name(name))
    if quarter is None:
        raise SettingsError(f"{name!r} is no quarter of the calendar. Write one such as 2026-Q2.")
    with sole_run(workspace.runs):
        publish(workspace, context, watch)
        _require_over(workspace, quarter, is_forced=is_forced)
        sealed = _seal(workspace, quarter, watch)
        publish(workspace, context, watch)
    return sealed


def seal_due(workspace: Workspace, watch: Watch) -> Closed:
    """
    Seal what the settings say is to close by itself; the home folder is held by the caller.

    Shape:   every quarter with figures that ended after the newest sealed one, or else the one that
             ended last; one that is not complete waits, and all after it with it.
    """
    days = workspace.settings.sealing.after_days
    if days is None or not workspace.warehouse.exists():
        return Closed()
    sealed, problem = [], None
    for quarter in _due(workspace, clock() - timedelta(days=days)):
        problem = _incomplete(workspace, quarter)
        if problem:
            break
        sealed.append(_seal(workspace, quarter, watch))
    if sealed:
        publish(workspace, context_of(workspace), watch)
    return Closed(tuple(sealed), problem)


def audit_seals(workspace: Workspace) -> list[Audit]:
    """Hold every seal against its files, its figures against its rows, and both against today."""
    return audit(workspace.warehouse, workspace.seals)


def _seal(workspace: Workspace, quarter: Quarter, watch: Watch) -> Sealed:
    watch.stage(f"sealing {quarter.quarter}")
    made = write_seal(
        workspace.warehouse,
        workspace.seals,
        quarter,
        sealed_at=clock(),
        store_hash=store_hash(workspace.store),
    )
    return Sealed(made, str(workspace.seals / quarter.quarter))


def _require_over(workspace: Workspace, quarter: Quarter, *, is_forced: bool) -> None:
    if quarter.ends_at > clock():
        last = quarter.ends_before - timedelta(days=1)
        raise SealRefused(
            f"{quarter.quarter} is not over: its last day is {last}", "Seal it after its end"
        )
    if quarter.quarter not in quarters_with_figures(workspace.warehouse):
        raise SealRefused(
            f"there are no figures of {quarter.quarter}", "`quarry kpi` shows what there is"
        )
    problem = _incomplete(workspace, quarter)
    if problem and not is_forced:
        raise SealRefused(problem, "Run quarry run first, or seal what is known with --incomplete")


def _incomplete(workspace: Workspace, quarter: Quarter) -> str | None:
    """Say what was not looked at since a quarter's end."""
    sources = mined_sources(workspace.warehouse)
    missing = incomplete_sources(workspace.warehouse, quarter.ends_at, sources)
    if not missing:
        return None
    return (
        f"{quarter.quarter} is not complete: not looked at since its end are {', '.join(missing)}"
    )


def _due(workspace: Workspace, until: datetime) -> list[Quarter]:
    known = quarters_with_figures(workspace.warehouse)
    ended = [q for q in quarters(context_of(workspace).calendar) if q.ends_at <= until]
    names = {folder.name for folder in seal_folders(workspace.seals)}
    last = max((i for i, q in enumerate(ended) if q.quarter in names), default=len(ended) - 2)
    return [quarter for quarter in ended[last + 1 :] if quarter.quarter in known]
