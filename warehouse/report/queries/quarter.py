"""A quarter of a report, with its local days and instants."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date, datetime


@dataclass(frozen=True, kw_only=True)
class ReportQuarter:
    """A quarter: its first local day, the day after its last, and its bounds as instants."""

    quarter: str
    starts_on: date
    ends_before: date
    starts_at: datetime
    ends_at: datetime
