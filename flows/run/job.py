"""A run's job: the workspace and the sources to mine."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flows.settings.workspace import Workspace


@dataclass(frozen=True)
class Job:
    """The sources of a run; without locations, all that the settings name."""

    workspace: Workspace
    locations: tuple[str, ...] = ()
    is_full: bool = False
