"""Notes of a run about deployments that do not count."""

from __future__ import annotations

from contextlib import suppress
from itertools import groupby
from typing import TYPE_CHECKING

from warehouse.errors import WarehouseError
from warehouse.query.environments import read_uncounted_environments

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from warehouse.query.environments import UncountedEnvironment

_SHOWN = 5


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
