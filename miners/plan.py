"""Everything a mining needs to know besides the source itself."""

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
    """What a mining may see of the environment (path, proxies, SSH agent), and what not."""

    kept: Mapping[str, str]
    dropped: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class MiningPlan:
    """Where a mining reads and writes, and how much it may use."""

    store: Path
    mirrors: Path
    run_id: str
    observed_at: datetime
    host: HostEnvironment
    fallback_encoding: str = "latin-1"
    workers: int = 1
    timeout_seconds: float = 3600.0
    is_full: bool = False
