"""What the lines and cells of a report state: of what, in which period, and how exactly known."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from warehouse.reconcile.parse.intervals import Amount, Rounding, amount_of, roundings_of
from warehouse.reconcile.parse.periods import PERIOD, Period, grain_of, period_in
from warehouse.reconcile.parse.vocabulary import (
    AIMED,
    AVERAGE,
    FISCAL,
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

    from warehouse.reconcile.parse.document import Document, Line, Section, Table
    from warehouse.reconcile.parse.numbers import Figure

Name = frozenset[str]
_TAGGED = re.compile(
    rf"[^.;,()\d]*?\b(?:in|by|during)\s+(?P<in>{PERIOD.pattern.replace('?P<', '?P<in_')})"
    rf"|\s*(?:[^.;,()\d]*)\((?P<tag>{PERIOD.pattern.replace('?P<', '?P<tag_')})\)",
    re.IGNORECASE,
)
_WORDS = 6
_EQUALS = re.compile(r"[^.;:()\d]{0,40}(?:=|\()\s*$")


@dataclass(frozen=True)
class Statement:
    """
    A figure, and what it is said to be.

    Shape:   of names the line above that it is a part of, such as the KPI of a project's share;
             group numbers the list that it stands in, a table by less than 0; is_summary tells
             that it stands for the whole report.
    """

    figure: Figure
    title: str
    names: tuple[Name, ...]
    of: tuple[Name, ...]
    period: Period
    section: Section
    group: int
    is_summary: bool


class Reading:
    """A report with what is understood of it."""

    def __init__(
        self, document: Document, first_month: int = 1, zone: tzinfo | None = None
    ) -> None:
        self.document = document
        self.first_month = first_month
        self.zone = zone
        self.period = period_in(document.title)

    @cached_property
    def statements(self) -> tuple[Statement, ...]:
        """Everything that is stated, in the order of the text; tables last."""
        return (*self._of_lines(), *self._of_tables())

    @cached_property
    def known(self) -> dict[tuple[Name, Period], list[Fraction]]:
        """What is known exactly, as parts of wholes, by what it is and when."""
        found: dict[tuple[Name, Period], list[Fraction]] = {}
        for one in self.statements:
            if one.figure.over and not one.of:
                for name in one.names:
                    exact = amount_of(one.figure).shown
                    found.setdefault((name, one.period), []).append(exact)
        return found

    @cached_property
    def is_fiscal(self) -> bool:
        """Whether the report says that its quarters are those of a fiscal year."""
        texts = [line.text for line in self.document.lines]
        texts += [section.title for section in self.document.sections]
        return any(FISCAL.search(text) for text in texts)

    def amount(self, figure: Figure, label: str, period: Period | None) -> Amount:
        """Take a figure for the parts of a whole that stand elsewhere, where they are known."""
        if figure.unit == "%" and period:
            for name in names(label):
                for exact in self.known.get((name, self.dated(period)), ()):
                    if roundings_of(figure, exact) - {Rounding.NONE}:
                        return amount_of(figure, exact)
        return amount_of(figure)

    def dated(self, period: Period) -> Period:
        """Give a period without a year that of the report."""
        year = period.year or (self.period.year if self.period else None)
        return Period(year, period.part)

    def period_of(self, line: Line) -> Period:
        """Find when a line is of: by its label, what it hangs on, or the headings above."""
        texts = [line.label]
        above = line.parent
        while above:
            texts.append(above.label or above.text)
            above = above.parent
        texts += reversed(line.section.path)
        found = [period for period in map(period_in, texts) if period]
        year = next((one.year for one in found if one.year), None)
        part = next((one.part for one in found if one.part), "")
        if is_total(line.label) or is_average(line.label):
            part = found[0].part if found else ""
        return self.dated(Period(year, part))

    def _of_lines(self) -> Iterator[Statement]:
        groups = {id(line): n for n, group in enumerate(self.document.groups) for line in group}
        for line in self.document.lines:
            texts = (line.label, line.parent.label if line.parent else "", *line.section.path)
            for figure, named, of in self._named(line):
                if named and not any(AIMED.search(text) for text in texts):
                    yield Statement(
                        figure,
                        title_of(line),
                        named,
                        of,
                        self._own_period(line, figure),
                        line.section,
                        groups.get(id(line), len(groups) + line.number),
                        is_summary(line.section, self.document.title),
                    )

    def _named(self, line: Line) -> Iterator[tuple[Figure, tuple[Name, ...], tuple[Name, ...]]]:
        """Yield the figures of a line that say what they are, with what they are a part of."""
        for figure in self._stated(line):
            yield figure, self._names_of(line, figure), _names_above(line)
        for figure in line.figures[1:]:
            before = line.text[: figure.start].rstrip()
            if before.endswith(("(", "+")) and line.lead and not line.lead.over:
                yield figure, names(" ".join(figure.noun)), self._names_of(line, line.lead)

    def _stated(self, line: Line) -> Iterator[Figure]:
        """Yield the figure that a line is about, the percentage of its parts, and dated ones."""
        for index, figure in enumerate(line.figures):
            before = line.figures[index - 1] if index else None
            if before is None or self._tag(line, figure):
                yield figure
            elif index == 1 and before.over:
                yield from (
                    [figure] if _EQUALS.fullmatch(line.text[before.end : figure.start]) else []
                )

    def _names_of(self, line: Line, figure: Figure) -> tuple[Name, ...]:
        named = names(PERIOD.sub(" ", line.label))
        if named or (line.label and figure is not line.lead):
            return named
        lead = names(" ".join(line.lead.noun)) if line.lead else ()
        return names(" ".join(figure.noun)) or lead

    def _tag(self, line: Line, figure: Figure) -> Period | None:
        match = _TAGGED.match(line.text, figure.end)
        return period_in(match["in"] or match["tag"]) if match else None

    def _own_period(self, line: Line, figure: Figure) -> Period:
        tagged = self._tag(line, figure)
        return self.dated(tagged) if tagged and tagged.part else self.period_of(line)

    def _of_tables(self) -> Iterator[Statement]:
        for number, table in enumerate(self.document.tables):
            for row in table.rows:
                for cell in row[1:]:
                    if cell.lead:
                        column = table.header[cell.column]
                        title, named, period = self._meaning(table, row[0].text, column)
                        summary = is_summary(table.section, self.document.title)
                        where = (table.section, -1 - number, summary)
                        yield Statement(cell.lead, title, named, (), period, *where)

    def _meaning(self, table: Table, row: str, column: str) -> tuple[str, tuple[Name, ...], Period]:
        """Say what a cell is of: either its row or its column is a time."""
        title = f"{row}, {column}"
        if grain_of(row):
            period = period_in(row) or Period(None, "")
            return title, names(column), self.dated(period)
        whole = any(map(grain_of, table.header[1:])) and (
            set(tokens(column)) & (TOTAL | AVERAGE | SPANNING)
        )
        found = Period(None, "") if whole else period_in(column)
        found = found or period_in(table.section.title)
        if found:
            return title, names(row), self.dated(found)
        both = tuple(a | b for a in names(row) for b in names(column))
        return title, both, self.dated(Period(None, ""))


def is_summary(section: Section, title: str) -> bool:
    """Tell whether a section speaks for the whole report."""
    path = [one for one in section.path if one != title]
    return bool(path and set(tokens(path[0])) & SUMMARY)


def title_of(line: Line) -> str:
    """Name a line: by its label, or by how it begins, and by what it hangs on."""
    own = line.label or _beginning(line.text)
    if line.parent:
        return f"{line.parent.label or _beginning(line.parent.text)}, {own}"
    return f"{line.section.title}, {own}" if PERIOD.fullmatch(own) else own


def _beginning(text: str) -> str:
    return " ".join(re.split(r"[(.;]\s|\s\(", text, maxsplit=1)[0].split()[:_WORDS])


def _names_above(line: Line) -> tuple[Name, ...]:
    above = line.parent
    return names(PERIOD.sub(" ", above.label or above.text)) if above else ()
