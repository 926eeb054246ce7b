"""What became of every figure of a report, and how the report rounds."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, replace
from enum import Enum
from functools import cached_property
from typing import TYPE_CHECKING

from warehouse.reconcile.parse.intervals import Rounding, written
from warehouse.reconcile.parse.markdown import read_document
from warehouse.reconcile.parse.statements import Reading, title_of
from warehouse.reconcile.rules import (
    changes,
    lists,
    means,
    ratios,
    repeats,
    series,
    sums,
    tables,
    times,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from datetime import tzinfo

    from warehouse.query.figures import Kpi
    from warehouse.query.scope import Scope
    from warehouse.reconcile.parse.document import Document
    from warehouse.reconcile.parse.numbers import Figure
    from warehouse.reconcile.rules.check import Check

Place = tuple[int, int, int]

RULES: tuple[Callable[[Reading], Iterator[Check]], ...] = (
    ratios.percent_of_parts,
    ratios.percent_of_columns,
    ratios.percent_of_children,
    ratios.remaining_of_parts,
    tables.differences_of_columns,
    tables.columns_of_changes,
    tables.totals_of_rows,
    tables.totals_of_columns,
    lists.totals_of_lists,
    lists.sums_of_children,
    lists.counted_children,
    lists.named_in_brackets,
    lists.at_least_once_each,
    means.means_of_children,
    means.means_of_totals,
    means.means_within_ranges,
    sums.sums_in_brackets,
    sums.sums_as_equations,
    changes.changes_in_sentences,
    changes.changes_of_before_and_after,
    changes.changes_from_a_base,
    series.changes_in_series,
    series.trends_of_lists,
    series.points_between_periods,
    times.durations_of_stretches,
    times.quarters_of_stretches,
    times.products,
    times.rates_per_period,
    times.times_of_transfers,
    repeats.repeated,
    repeats.repeated_changes,
)


class State(Enum):
    """What became of a figure."""

    CONTRADICTS = "contradicts"
    DIFFERS = "differs"
    ROUNDING = "rounding"
    AGREES = "agrees"
    NOT_CHECKED = "not checked"


@dataclass(frozen=True)
class Finding:
    """
    A figure, what it should be, and why.

    Shape:   rule and working say how it was checked, rounding what explains it: down, nearest,
             both, bound or parts; beside the warehouse kpi is what it is taken for, and command
             shows the rows.
    """

    figure: Figure
    title: str
    state: State
    says: str
    should_be: str = ""
    rule: str = ""
    working: str = ""
    rounding: str = ""
    command: str = ""
    kpi: Kpi | None = None


@dataclass(frozen=True)
class Report:
    """
    Everything that was found in a document, in the order of its lines.

    Shape:   scope is whose figures of the warehouse stood beside it, compared_count how many;
             None where it was compared inside itself only.
    """

    reading: Reading
    findings: tuple[Finding, ...]
    scope: Scope | None = None
    compared_count: int = 0

    @property
    def alarms(self) -> list[Finding]:
        """What does not hold, inside the document or beside the warehouse."""
        return [one for one in self.findings if one.state in {State.CONTRADICTS, State.DIFFERS}]

    @cached_property
    def counts(self) -> Counter[State]:
        """How many figures came to what; one that contradicts is not counted for more."""
        states: dict[Place, State] = {}
        for one in self.findings:
            states.setdefault(place_of(one.figure), one.state)
        return Counter(states.values())

    @cached_property
    def rounding(self) -> str:
        """How the report rounds what it has to: down, nearest, mixed, or "" where all would do."""
        used = {one.rounding for one in self.findings} & {"down", "nearest"}
        return "mixed" if len(used) > 1 else next(iter(used), "")


def reconcile(text: str, first_month: int = 1, zone: tzinfo | None = None) -> Report:
    """
    Compare the figures of a Markdown text with each other.

    Shape:   quarters begin in a month and instants are of a zone, by the installation's settings.
    """
    reading = Reading(read_document(text), first_month, zone)
    checks: dict[Place, list[Check]] = defaultdict(list)
    for rule in RULES:
        for check in rule(reading):
            checks[place_of(check.figure)].append(check)
    figures = sorted(
        (figure for _, found in reading.document.texts() for figure in found), key=place_of
    )
    titles = _titles(reading.document)
    found = [
        one
        for figure in figures
        for one in _judged(figure, titles[place_of(figure)], checks[place_of(figure)])
    ]
    return Report(reading, tuple(_with_parts(found, checks)))


def place_of(figure: Figure) -> Place:
    """Name where a figure stands."""
    return figure.line, figure.column, figure.start


def _judged(figure: Figure, title: str, checks: Sequence[Check]) -> Iterator[Finding]:
    broken = [check for check in checks if check.is_firm and not check.explained]
    held = [check for check in checks if check.explained]
    rounded = [check for check in held if not check.explained & {Rounding.NONE, Rounding.BOUND}]
    if broken:
        unique = {(check.rule, _should_be(check)): check for check in broken}
        yield from (_finding(title, State.CONTRADICTS, check) for check in unique.values())
    elif rounded:
        yield _finding(title, State.ROUNDING, rounded[0])
    elif held:
        yield _finding(title, State.AGREES, held[0])
    else:
        yield Finding(figure, title, State.NOT_CHECKED, figure.text)


def _with_parts(
    findings: Iterable[Finding], checks: Mapping[Place, Sequence[Check]]
) -> Iterator[Finding]:
    """Count what others were worked out from as checked with them."""
    held = {
        place_of(part): check
        for found in checks.values()
        for check in found
        if check.explained
        for part in check.parts
    }
    for one in findings:
        check = held.get(place_of(one.figure))
        if one.state is State.NOT_CHECKED and check:
            yield replace(one, state=State.AGREES, rule=check.rule, working=check.working)
        else:
            yield one


def _finding(title: str, state: State, check: Check) -> Finding:
    ways = sorted(way.value for way in check.explained if way is not Rounding.NONE)
    rounding = "both" if len(ways) > 1 else "".join(ways)
    says = check.says or check.figure.text
    fields = (check.figure, title, state, says, _should_be(check), check.rule, check.working)
    return Finding(*fields, rounding)


def _should_be(check: Check) -> str:
    if check.should_be or not check.expected:
        return check.should_be or ""
    return written(check.figure, check.expected[0].shown)


def _titles(document: Document) -> dict[Place, str]:
    """Say of each figure what it is of."""
    found: dict[Place, str] = {}
    for line in document.lines:
        if line.found.figures:
            title = title_of(line)
            found.update((place_of(figure), title) for figure in line.found.figures)
    for table in document.tables:
        for row in table.rows:
            for cell in row:
                title = f"{row[0].text}, {table.header[cell.column]}"
                found.update((place_of(figure), title) for figure in cell.figures)
    return found
