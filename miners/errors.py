"""
Errors of mining.

MiningError
├── SourceUnavailable   temporary: the next run tries again
│   └── RateLimited     until .resets_at
├── SourceDenied        until somebody changes something
│   └── StoreDamaged    a batch of the store is missing or cannot be read
└── MalformedRecord     one record; it is rejected and counted
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from miners.text import shown_source

if TYPE_CHECKING:
    from datetime import datetime


class MiningError(Exception):
    """A source could not be mined; the message ends with what to do next."""

    def __init__(self, source: str, problem: str, remedy: str) -> None:
        super().__init__(f"{shown_source(source)}: {problem}. {remedy}")
        self.source = source
        self.problem = problem
        self.remedy = remedy

    def __reduce__(self) -> tuple[type[MiningError], tuple[str, ...]]:
        return type(self), (self.source, self.problem, self.remedy)


class SourceUnavailable(MiningError):
    """The source did not respond as expected; a later run may succeed."""


class RateLimited(SourceUnavailable):
    """The source limits requests until a time."""

    def __init__(self, source: str, problem: str, remedy: str, resets_at: datetime) -> None:
        super().__init__(source, problem, remedy)
        self.resets_at = resets_at


class SourceDenied(MiningError):
    """The source refuses, or Quarry refuses the source; another try does not help."""


class StoreDamaged(SourceDenied):
    """A batch of the store is missing or cannot be read; nothing is built without it."""


class MalformedRecord(Exception):
    """One record is malformed; it is rejected with its payload."""

    def __init__(self, reason: str, payload: bytes) -> None:
        super().__init__(reason)
        self.reason = reason
        self.payload = payload
