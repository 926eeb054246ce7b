"""How `quarry kpi` shows a fiscal year: a row per KPI, a column per quarter, and the year."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.box import SIMPLE_HEAD
from rich.table import Table
from rich.text import Text

from flows.settings import SettingsError
from flows.wording import WORDS, difference, figure
from warehouse.choices import ALL
from warehouse.formats import visible

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from rich.console import Console

    from warehouse.choices import Scope
    from warehouse.figures import Figure, Kpi, YearOfFigures

LANGUAGES = ("en", "ko", "both")
DISTRIBUTIONS = ("mean", "median", "longest")
# Of fewer than these a ratio says little: how many it is of stands beside it.
FEW = 10
STYLES = {"met": "green", "near": "yellow", "accepted": "yellow", "missed": "red"}
SO_FAR, SEALED, RESTATED = "°", "§", "†"
LEGEND = {
    "so far": "so far: not all of it was looked at since it ended; the figures may still change.",
    "sealed": "sealed: these figures never change.",
    SO_FAR: f"{SO_FAR} so far: not all of it was looked at since the quarter ended.",
    SEALED: f"{SEALED} sealed: the figure never changes.",
    RESTATED: f"{RESTATED} restated since it was sealed: `quarry explain` says how.",
}


def print_year(terminal: Console, year: YearOfFigures, language: str) -> None:
    """
    Print the table of a year, and what its marks mean.

    Errors:  SettingsError for a language that there is not.
    """
    if language not in LANGUAGES:
        raise SettingsError(f"--lang: there is no {language!r}. Write {', '.join(LANGUAGES)}.")
    terminal.print(_table(year, language))
    for line in _legend(year):
        terminal.print(Text(line, style="dim"), soft_wrap=True)
    print_hint(terminal, year.scope)


def print_hint(terminal: Console, scope: Scope) -> None:
    """Say how to choose where all projects are shown together because none was chosen."""
    if scope.project == ALL and not scope.is_chosen:
        names = ", ".join(map(visible, scope.known))
        said = f"All projects together. Choose one with --project: {names}."
        terminal.print(Text(said, style="yellow"), soft_wrap=True)


def whose(scope: Scope) -> str:
    """Name the scope of figures."""
    if scope.source != ALL:
        return f"{visible(scope.source)} in {visible(scope.project)}"
    return "all projects" if scope.project == ALL else f"project {visible(scope.project)}"


def _table(year: YearOfFigures, language: str) -> Table:
    table = Table(
        box=SIMPLE_HEAD,
        title=f"KPIs of {year.fiscal_year}, {whose(year.scope)}",
        title_justify="left",
    )
    table.add_column("KPI", overflow="fold")
    words = WORDS["ko" if language == "ko" else "en"]
    periods = [*year.quarters, str(year.fiscal_year)]
    states = {period: _state(_of(year.figures, period)) for period in periods}
    for period in periods:
        name = period.partition("-")[2] or period
        below = words[states[period]] if states[period] else ""
        table.add_column(f"{name}\n{below}".strip(), justify="right", no_wrap=True)
    has_targets = any(one.target is not None for one in year.figures)
    if has_targets:
        table.add_column(words["target"], justify="right", no_wrap=True)
    by_place = {(one.kpi, one.period): one for one in year.figures}
    last = max((one.quarter for one in year.figures if one.quarter), default="")
    for kpi in year.kpis:
        found = [by_place.get((kpi.kpi, period)) for period in periods]
        cells = [
            _cell(kpi, one, found[-1], states[period], language)
            if one or not _is_ahead(period, last)
            else Text()
            for period, one in zip(periods, found, strict=True)
        ]
        target = [_target(kpi, found[-1], language)] if has_targets else []
        table.add_row(_title(kpi, language), *cells, *target)
    return table


def _of(figures: Iterable[Figure], period: str) -> list[Figure]:
    return [one for one in figures if one.period == period]


def _is_ahead(period: str, last: str) -> bool:
    """Tell whether a quarter lies after all that there is anything known of."""
    return "-" in period and period > last


def _state(figures: Sequence[Figure]) -> str:
    """Say what all figures of a period have in common."""
    if figures and all(one.is_sealed for one in figures):
        return "sealed"
    return "so far" if figures and not any(one.is_complete for one in figures) else ""


def _title(kpi: Kpi, language: str) -> str:
    both = f"{kpi.title}\n{kpi.title_ko}"
    return {"en": kpi.title, "ko": kpi.title_ko, "both": both}[language]


def _cell(
    kpi: Kpi, found: Figure | None, of_year: Figure | None, state: str, language: str
) -> Text:
    spoken = "ko" if language == "ko" else "en"
    if found is None or found.value is None:
        return Text(WORDS[spoken]["no data"], style="dim")
    first = f"{figure(found.value, kpi.unit, spoken)}{_marks(found, state)}{_count(kpi, found)}"
    cell = Text(first, style=STYLES.get(found.target_status or "", ""))
    changed = difference(found.change, kpi.unit, spoken, found.value)
    if changed:
        cell.append(f"\n{changed}", style="dim")
    if found.quarter and found.target_status:
        cell.append(f"\n{_status(kpi, found, of_year, spoken)}")
    return cell


def _marks(found: Figure, state: str) -> str:
    marks = SEALED if found.is_sealed and state != "sealed" else ""
    if not (found.is_sealed or found.is_complete or state == "so far") and found.quarter:
        marks += SO_FAR
    return f"{marks}{RESTATED}" if found.is_restated else marks


def _count(kpi: Kpi, found: Figure) -> str:
    if kpi.kind in DISTRIBUTIONS:
        return f" n={found.n:,}"
    few = kpi.kind == "ratio" and found.denominator is not None and found.denominator < FEW
    return f" n={found.denominator:,}" if few else ""


def _status(kpi: Kpi, found: Figure, of_year: Figure | None, language: str) -> str:
    """Say how a target was met; which, only where it is not the year's."""
    said = WORDS[language][found.target_status or "no_data"]
    if of_year and of_year.target == found.target:
        return said
    return f"{said} {figure(found.target, kpi.unit, language)}"


def _target(kpi: Kpi, of_year: Figure | None, language: str) -> Text:
    if of_year is None or of_year.target is None or of_year.target_status is None:
        return Text()
    spoken = "ko" if language == "ko" else "en"
    aimed = figure(of_year.target, kpi.unit, spoken)
    said = WORDS[spoken][of_year.target_status]
    return Text(f"{aimed}\n{said}", style=STYLES.get(of_year.target_status, ""))


def _legend(year: YearOfFigures) -> Iterator[str]:
    used = set()
    for period in [*year.quarters, str(year.fiscal_year)]:
        figures = _of(year.figures, period)
        state = _state(figures)
        used |= {state, *(mark for one in figures for mark in _marks(one, state))}
    return (said for mark, said in LEGEND.items() if mark in used)
