"""Statements of a report: figures with name, period and section."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from warehouse.reconcile.parse.intervals import Amount, Rounding, amount_of, roundings_of
from warehouse.reconcile.parse.periods import PERIOD, StatedPeriod, grain_of, period_in
from warehouse.reconcile.parse.vocabulary import (
    AVERAGE,
    FISCAL,
    PLANNED,
    SPANNING,
    SUMMARY,
    TOTAL,
    is_average,
    is_total,
    names,
    tokens,
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import tzinfo
    from fractions import Fraction

    from warehouse.reconcile.parse.document import Line, ParsedDocument, ParsedSection, ParsedTable
    from warehouse.reconcile.parse.numbers import WrittenFigure

Name = frozenset[str]
_TAGGED = re.compile(
    rf"[^.;,()\d]*?\b(?:in|by|during)\s+(?P<in>{PERIOD.pattern.replace('?P<', '?P<in_')})"
    rf"|\s*(?:[^.;,()\d]*)\((?P<tag>{PERIOD.pattern.replace('?P<', '?P<tag_')})\)",
    re.IGNORECASE,
)
_WORDS = 6
_EQUALS = re.compile(r"[^.;:()\d]{0,40}(?:=|\()\s*$")


@dataclass(frozen=True, kw_only=True)
class Statement:
    """
    A figure with its names, period and section.

    Shape:   of has the names of the parent line, such as the KPI of a project's share; group is
             the index of the list, negative for a table; is_summary is true where the section
             summarises the whole report.
    """

    figure: WrittenFigure
    title: str
    names: tuple[Name, ...]
    of: tuple[Name, ...]
    period: StatedPeriod
    section: ParsedSection
    group: int
    is_summary: bool


class ParsedReport:
    """A document with its statements and calendar."""

    def __init__(
        self, document: ParsedDocument, first_month: int = 1, zone: tzinfo | None = None
    ) -> None:
        self.document = document
        self.first_month = first_month
        self.zone = zone
        self.period = period_in(document.title)

    @cached_property
    def statements(self) -> tuple[Statement, ...]:
        """Return the statements in the order of the text, tables last."""
        return (*self._of_lines(), *self._of_tables())

    @cached_property
    def exact_values(self) -> dict[tuple[Name, StatedPeriod], list[Fraction]]:
        """Return the exact values of shares by name and period, where parts and whole are given."""
        values: dict[tuple[Name, StatedPeriod], list[Fraction]] = {}
        for statement in self.statements:
            if statement.figure.over and not statement.of:
                for name in statement.names:
                    exact = amount_of(statement.figure).shown
                    values.setdefault((name, statement.period), []).append(exact)
        return values

    @cached_property
    def is_fiscal(self) -> bool:
        """Return whether the report mentions a fiscal year."""
        texts = [line.text for line in self.document.lines]
        texts += [section.title for section in self.document.sections]
        return any(FISCAL.search(text) for text in texts)

    def amount(self, figure: WrittenFigure, label: str, period: StatedPeriod | None) -> Amount:
        """Return the amount of a figure, exact where its parts are given elsewhere."""
        if figure.unit == "%" and period:
            for name in names(label):
                for exact in self.exact_values.get((name, self.dated(period)), ()):
                    if roundings_of(figure, exact) - {Rounding.NONE}:
                        return amount_of(figure, exact)
        return amount_of(figure)

    def dated(self, period: StatedPeriod) -> StatedPeriod:
        """Return a period with the year of the report where it has none."""
        year = period.year or (self.period.year if self.period else None)
        return StatedPeriod(year, period.part)

    def period_of(self, line: Line) -> StatedPeriod:
        """Return the period of a line, from its label, its ancestors or its headings."""
        texts = [line.label]
        ancestor = line.parent
        while ancestor:
            texts.append(ancestor.label or ancestor.text)
            ancestor = ancestor.parent
        texts += reversed(line.section.path)
        periods = [period for period in map(period_in, texts) if period]
        year = next((period.year for period in periods if period.year), None)
        part = next((period.part for period in periods if period.part), "")
        if is_total(line.label) or is_average(line.label):
            part = periods[0].part if periods else ""
        return self.dated(StatedPeriod(year, part))

    def _of_lines(self) -> Iterator[Statement]:
        groups = {id(line): n for n, group in enumerate(self.document.groups) for line in group}
        for line in self.document.lines:
            texts = (line.label, line.parent.label if line.parent else "", *line.section.path)
            for figure, named, of in self._named(line):
                if named and not any(PLANNED.search(text) for text in texts):
                    yield Statement(
                        figure=figure,
                        title=title_of(line),
                        names=named,
                        of=of,
                        period=self._own_period(line, figure),
                        section=line.section,
                        group=groups.get(id(line), len(groups) + line.number),
                        is_summary=is_summary(line.section, self.document.title),
                    )

    def _named(
        self, line: Line
    ) -> Iterator[tuple[WrittenFigure, tuple[Name, ...], tuple[Name, ...]]]:
        """Yield the named figures of a line, with their names and those of their parent."""
        for figure in self._stated(line):
            yield figure, self._names_of(line, figure), _names_above(line)
        for figure in line.figures[1:]:
            before = line.text[: figure.start].rstrip()
            if before.endswith(("(", "+")) and line.lead and not line.lead.over:
                yield figure, names(" ".join(figure.noun)), self._names_of(line, line.lead)

    def _stated(self, line: Line) -> Iterator[WrittenFigure]:
        """Yield the first figure of a line, the percentage of its parts, and dated figures."""
        for index, figure in enumerate(line.figures):
            before = line.figures[index - 1] if index else None
            if before is None or self._tag(line, figure):
                yield figure
            elif index == 1 and before.over:
                yield from (
                    [figure] if _EQUALS.fullmatch(line.text[before.end : figure.start]) else []
                )

    def _names_of(self, line: Line, figure: WrittenFigure) -> tuple[Name, ...]:
        named = names(PERIOD.sub(" ", line.label))
        if named or (line.label and figure is not line.lead):
            return named
        lead = names(" ".join(line.lead.noun)) if line.lead else ()
        return names(" ".join(figure.noun)) or lead

    def _tag(self, line: Line, figure: WrittenFigure) -> StatedPeriod | None:
        match = _TAGGED.match(line.text, figure.end)
        return period_in(match["in"] or match["tag"]) if match else None

    def _own_period(self, line: Line, figure: WrittenFigure) -> StatedPeriod:
        tagged = self._tag(line, figure)
        return self.dated(tagged) if tagged and tagged.part else self.period_of(line)

    def _of_tables(self) -> Iterator[Statement]:
        for number, table in enumerate(self.document.tables):
            for row in table.rows:
                for cell in row[1:]:
                    if cell.lead:
                        column = table.header[cell.column]
                        title, names_of_cell, period = self._meaning(table, row[0].text, column)
                        yield Statement(
                            figure=cell.lead,
                            title=title,
                            names=names_of_cell,
                            of=(),
                            period=period,
                            section=table.section,
                            group=-1 - number,
                            is_summary=is_summary(table.section, self.document.title),
                        )

    def _meaning(
        self, table: ParsedTable, row: str, column: str
    ) -> tuple[str, tuple[Name, ...], StatedPeriod]:
        """Return the title, names and period of a cell: its row or its column is a period."""
        title = f"{row}, {column}"
        if grain_of(row):
            period = period_in(row) or StatedPeriod(None, "")
            return title, names(column), self.dated(period)
        is_whole = any(map(grain_of, table.header[1:])) and (
            set(tokens(column)) & (TOTAL | AVERAGE | SPANNING)
        )
        stated_period = StatedPeriod(None, "") if is_whole else period_in(column)
        stated_period = stated_period or period_in(table.section.title)
        if stated_period:
            return title, names(row), self.dated(stated_period)
        both = tuple(a | b for a in names(row) for b in names(column))
        return title, both, self.dated(StatedPeriod(None, ""))


def is_summary(section: ParsedSection, title: str) -> bool:
    """Return whether a section summarises the whole report."""
    path = [heading for heading in section.path if heading != title]
    return bool(path and set(tokens(path[0])) & SUMMARY)


def title_of(line: Line) -> str:
    """Return the title of a line: its parent or section, and its label or first words."""
    label = line.label or _beginning(line.text)
    if line.parent:
        return f"{line.parent.label or _beginning(line.parent.text)}, {label}"
    return f"{line.section.title}, {label}" if PERIOD.fullmatch(label) else label


def _beginning(text: str) -> str:
    return " ".join(re.split(r"[(.;]\s|\s\(", text, maxsplit=1)[0].split()[:_WORDS])


def _names_above(line: Line) -> tuple[Name, ...]:
    parent = line.parent
    return names(PERIOD.sub(" ", parent.label or parent.text)) if parent else ()
