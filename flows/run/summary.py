"""Figures and texts about a run, for terminals and Prefect's pages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from miners.ledger.address import TABLE_NAMES
from warehouse.report.format.numbers import NumberFormat

if TYPE_CHECKING:
    from collections.abc import Iterable

    from flows.run.run_records import Outcome
    from warehouse.query.headline import Headline

# The counts of a source, with the records that each sums.
COUNTED = {
    "new commits": ("commits",),
    "files": ("commit_files",),
    "refs changed": ("refs",),
    "issues": ("issues",),
    "change requests": ("change_requests",),
    "ledger rows": tuple(f"ledger_{table}" for table in TABLE_NAMES),
    "rejected": ("rejects",),
}
AMOUNTS = NumberFormat()
# Counts that are shown only if one of them is not zero.
_OF_ONE_KIND = ({"issues", "change requests"}, {"ledger rows"})
# Counts that are summed over all sources.
SUMMED = ("new commits", "issues", "change requests", "ledger rows")


def counts(outcome: Outcome) -> dict[str, int]:
    """Count the rows of one source by kind, each new version as one."""
    return {
        name: sum(outcome.rows.get(record, 0) for record in records)
        for name, records in COUNTED.items()
    }


def shown_counts(outcomes: Iterable[Outcome]) -> list[str]:
    """List the counts to show; those of trackers and ledgers only if one is not zero."""
    not_zero = {name for outcome in outcomes for name, count in counts(outcome).items() if count}
    hidden = {name for names in _OF_ONE_KIND if not not_zero & names for name in names}
    return [name for name in COUNTED if name not in hidden]


def sums(outcomes: Iterable[Outcome]) -> dict[str, int]:
    """Sum up the counts of a run."""
    rows = [counts(outcome) for outcome in outcomes]
    return {name: sum(row[name] for row in rows) for name in COUNTED}


def step(stage: str, done: int, total: int) -> str:
    """Write how far a stage is; a remark in brackets after its name stays last."""
    name, mark, rest = stage.partition(" (")
    counted = f" {done:,} of {total:,}" if total else f" {done:,}" if done else ""
    return f"{name}{counted}{mark}{rest}"


def headline_figure(headline: Headline, kpi: str) -> str:
    """Write a headline figure, or that there is no data; nothing where the project has none."""
    figure = headline.figure(kpi)
    return AMOUNTS.figure(figure.value, figure.unit) if figure else ""
