"""
What can go wrong outside.

MiningError
├── SourceUnavailable   may pass: try again at the next run
│   └── RateLimited     passes at .resets_at
├── SourceDenied        stays until somebody changes something
└── MalformedRecord     one record; it is set aside and counted
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime


class MiningError(Exception):
    """A source could not be mined; the message ends with what to do next."""

    def __init__(self, source: str, problem: str, remedy: str) -> None:
        super().__init__(f"{source}: {problem}. {remedy}")
        self.source = source
        self.problem = problem
        self.remedy = remedy

    def __reduce__(self) -> tuple[type[MiningError], tuple[str, ...]]:
        return type(self), (self.source, self.problem, self.remedy)


class SourceUnavailable(MiningError):
    """The source did not answer as it should; a later run may succeed."""


class RateLimited(SourceUnavailable):
    """The source asks to wait."""

    def __init__(self, source: str, problem: str, remedy: str, resets_at: datetime) -> None:
        super().__init__(source, problem, remedy)
        self.resets_at = resets_at


class SourceDenied(MiningError):
    """The source refuses, or Quarry refuses the source; trying again changes nothing."""


class MalformedRecord(Exception):
    """One record cannot be understood; it is kept apart with its payload."""

    def __init__(self, reason: str, payload: bytes) -> None:
        super().__init__(reason)
        self.reason = reason
        self.payload = payload
