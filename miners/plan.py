"""Parameters of a mining other than the source."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime
    from pathlib import Path

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True)
class HostEnvironment:
    """
    The variables that a mining may use (path, proxies, SSH agent), those it drops, and its memory.

    Units:   git_memory_bytes is the most that one process of git may allocate.
    """

    kept: Mapping[str, str]
    dropped: tuple[str, ...] = ()
    git_memory_bytes: int = 4 << 30


@dataclass(frozen=True, kw_only=True)
class MiningPlan:
    """The folders of a mining, and its limits."""

    store: Path
    mirrors: Path
    run_id: str
    observed_at: datetime
    host: HostEnvironment
    fallback_encoding: str = "latin-1"
    workers: int = 1
    timeout_seconds: float = 3600.0
    is_full: bool = False
