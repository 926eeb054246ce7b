"""Notes of a run about deployments and releases that do not count."""

from __future__ import annotations

from contextlib import suppress
from itertools import groupby
from typing import TYPE_CHECKING

from warehouse.errors import WarehouseError
from warehouse.query.environments import read_uncounted_environments
from warehouse.query.uncounted_releases import read_uncounted_releases

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from flows.settings.settings import Settings
    from flows.settings.workspace import Workspace
    from warehouse.query.environments import UncountedEnvironment
    from warehouse.query.uncounted_releases import UncountedReleases

_SHOWN = 5


def delivery_notes(workspace: Workspace) -> tuple[str, ...]:
    """List what was delivered in each project and does not count, by kind and project."""
    releases = release_notes(workspace.warehouse, workspace.settings)
    return (*environment_notes(workspace.warehouse), *releases)


def environment_notes(warehouse: Path) -> tuple[str, ...]:
    """
    List the environments to which projects deploy and that do not count, a note per project.

    A project whose settings list its environments has decided, and has no note.
    """
    environments: list[UncountedEnvironment] = []
    with suppress(WarehouseError):  # a note is not worth a failed run
        environments = read_uncounted_environments(warehouse)
    undecided = [environment for environment in environments if not environment.has_rules]
    return tuple(
        _note(project, list(group))
        for project, group in groupby(undecided, key=lambda environment: environment.project)
    )


def _note(project: str, environments: Sequence[UncountedEnvironment]) -> str:
    named = [f"{e.environment} ({e.deployment_count:,})" for e in environments[:_SHOWN]]
    more = len(environments) - len(named)
    listed = ", ".join([*named, *([f"{more:,} more"] if more else [])])
    return (
        f"{project}: deployments to these environments are not to production: {listed}. "
        "Set environments under [rules] if one is."
    )


def release_notes(warehouse: Path, settings: Settings) -> tuple[str, ...]:
    """
    List the projects of whose releases and tags none is a deployment, a note per project.

    A project whose settings state what is a deployment has decided, and has no note.
    """
    if "deployments" in settings.rules.model_fields_set:
        return ()
    releases: list[UncountedReleases] = []
    with suppress(WarehouseError):  # a note is not worth a failed run
        releases = read_uncounted_releases(warehouse)
    decided = {
        project.name
        for project in settings.projects
        if "deployments" in project.rules.model_fields_set
    }
    return tuple(_release_note(entry) for entry in releases if entry.project not in decided)


def _release_note(entry: UncountedReleases) -> str:
    counts = [(entry.release_count, "release"), (entry.tag_count, "tag")]
    listed = " and ".join(f"{n:,} {word}{'s' * (n != 1)}" for n, word in counts if n)
    example = "release" if entry.release_count else "tag"
    return (
        f"{entry.project}: it has {listed} and no deployment, so its delivery figures have no "
        f'data. Set deployments = ["{example}"] under [rules] if these are deployments.'
    )
