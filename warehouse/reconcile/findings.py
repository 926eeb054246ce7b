"""Reconcile the figures of a report: one result per figure."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, replace
from enum import Enum
from functools import cached_property
from typing import TYPE_CHECKING

from warehouse.reconcile.parse.intervals import Rounding, written
from warehouse.reconcile.parse.markdown import read_document
from warehouse.reconcile.parse.statements import ParsedReport, title_of
from warehouse.reconcile.rules import (
    changes,
    lists,
    means,
    ratios,
    repeats,
    series,
    sums,
    table_totals,
    tables,
    times,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from datetime import tzinfo

    from warehouse.query.figures import Kpi
    from warehouse.query.scope import Scope
    from warehouse.reconcile.parse.document import ParsedDocument
    from warehouse.reconcile.parse.numbers import WrittenFigure
    from warehouse.reconcile.rules.check import FigureCheck

Place = tuple[int, int, int]

RULES: tuple[Callable[[ParsedReport], Iterator[FigureCheck]], ...] = (
    ratios.percent_of_parts,
    ratios.percent_of_columns,
    ratios.percent_of_children,
    ratios.remaining_of_parts,
    tables.differences_of_columns,
    tables.columns_of_changes,
    table_totals.totals_of_rows,
    table_totals.totals_of_columns,
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
    times.durations_of_intervals,
    times.quarters_of_intervals,
    times.products,
    times.rates_per_period,
    times.times_of_transfers,
    repeats.repeated,
    repeats.repeated_changes,
)


class State(Enum):
    """The state of a figure after all checks."""

    CONTRADICTS = "contradicts"
    DIFFERS = "differs"
    ROUNDING = "rounding"
    AGREES = "agrees"
    NOT_CHECKED = "not checked"


@dataclass(frozen=True, kw_only=True)
class FigureResult:
    """
    The result of a figure: its state, the expected value and the reason.

    Shape:   rule and working are the check; rounding is the explanation: down, nearest, both,
             bound or parts; kpi and command are set where it was compared with the warehouse.
    """

    figure: WrittenFigure
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
class Reconciliation:
    """
    The results of a document, in the order of its lines.

    Shape:   scope is the scope of the warehouse figures that were compared, or None without a
             warehouse; compared_count is their number.
    """

    report: ParsedReport
    results: tuple[FigureResult, ...]
    scope: Scope | None = None
    compared_count: int = 0

    @property
    def findings(self) -> list[FigureResult]:
        """List the contradictions in the document and the differences to the warehouse."""
        return [
            result for result in self.results if result.state in {State.CONTRADICTS, State.DIFFERS}
        ]

    @cached_property
    def counts(self) -> Counter[State]:
        """Count the figures by state; a figure with several results is counted once."""
        states: dict[Place, State] = {}
        for result in self.results:
            states.setdefault(place_of(result.figure), result.state)
        return Counter(states.values())

    @cached_property
    def rounding(self) -> str:
        """Return how the report rounds: down, nearest, mixed, or "" where any way explains it."""
        used = {result.rounding for result in self.results} & {"down", "nearest"}
        return "mixed" if len(used) > 1 else next(iter(used), "")


def reconcile(text: str, first_month: int = 1, zone: tzinfo | None = None) -> Reconciliation:
    """
    Compare the figures of a Markdown text with each other.

    Shape:   first_month and zone are the calendar of the settings.
    """
    report = ParsedReport(read_document(text), first_month, zone)
    checks: dict[Place, list[FigureCheck]] = defaultdict(list)
    for rule in RULES:
        for check in rule(report):
            checks[place_of(check.figure)].append(check)
    figures = sorted(
        (figure for _, of_text in report.document.texts() for figure in of_text), key=place_of
    )
    titles = _titles(report.document)
    results = [
        result
        for figure in figures
        for result in _results(figure, titles[place_of(figure)], checks[place_of(figure)])
    ]
    return Reconciliation(report, tuple(_with_parts(results, checks)))


def place_of(figure: WrittenFigure) -> Place:
    """Return the place of a figure."""
    return figure.line, figure.column, figure.start


def _results(
    figure: WrittenFigure, title: str, checks: Sequence[FigureCheck]
) -> Iterator[FigureResult]:
    contradictions = [check for check in checks if check.is_firm and not check.explained]
    explained = [check for check in checks if check.explained]
    rounded = [
        check for check in explained if not check.explained & {Rounding.NONE, Rounding.BOUND}
    ]
    if contradictions:
        unique = {(check.rule, _should_be(check)): check for check in contradictions}
        yield from (_result(title, State.CONTRADICTS, check) for check in unique.values())
    elif rounded:
        yield _result(title, State.ROUNDING, rounded[0])
    elif explained:
        yield _result(title, State.AGREES, explained[0])
    else:
        yield FigureResult(figure=figure, title=title, state=State.NOT_CHECKED, says=figure.text)


def _with_parts(
    results: Iterable[FigureResult], checks: Mapping[Place, Sequence[FigureCheck]]
) -> Iterator[FigureResult]:
    """Mark figures that agreeing figures were calculated from as checked."""
    check_of_part = {
        place_of(part): check
        for checks_of_figure in checks.values()
        for check in checks_of_figure
        if check.explained
        for part in check.parts
    }
    for result in results:
        check = check_of_part.get(place_of(result.figure))
        if result.state is State.NOT_CHECKED and check:
            yield replace(result, state=State.AGREES, rule=check.rule, working=check.working)
        else:
            yield result


def _result(title: str, state: State, check: FigureCheck) -> FigureResult:
    roundings = sorted(way.value for way in check.explained if way is not Rounding.NONE)
    rounding = "both" if len(roundings) > 1 else "".join(roundings)
    return FigureResult(
        figure=check.figure,
        title=title,
        state=state,
        says=check.says or check.figure.text,
        should_be=_should_be(check),
        rule=check.rule,
        working=check.working,
        rounding=rounding,
    )


def _should_be(check: FigureCheck) -> str:
    if check.should_be or not check.expected:
        return check.should_be or ""
    return written(check.figure, check.expected[0].shown)


def _titles(document: ParsedDocument) -> dict[Place, str]:
    """Return the title of each figure."""
    titles: dict[Place, str] = {}
    for line in document.lines:
        if line.numbers.figures:
            title = title_of(line)
            titles.update((place_of(figure), title) for figure in line.numbers.figures)
    for table in document.tables:
        for row in table.rows:
            for cell in row:
                title = f"{row[0].text}, {table.header[cell.column]}"
                titles.update((place_of(figure), title) for figure in cell.figures)
    return titles
