"""How `quarry kpi` shows a fiscal year: a row per KPI, a column per quarter, and the year."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.box import SIMPLE_HEAD
from rich.table import Table
from rich.text import Text

from flows.settings import SettingsError
from flows.terminal import fits, print_titled
from flows.wording import WORDS, difference, figure
from warehouse.choices import ALL
from warehouse.formats import visible

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from rich.console import Console

    from warehouse.choices import Scope
    from warehouse.figures import Figure, Kpi, YearOfFigures

LANGUAGES = ("en", "ko", "both")
DISTRIBUTIONS = ("mean", "median", "longest")
# So wide are titles at least, in a terminal that has room, and in one that has not.
TITLE_WIDTH, NARROW_TITLE_WIDTH = 24, 12
# Of fewer than these a ratio says little: how many it is of stands beside it.
FEW = 10
STYLES = {"met": "green", "near": "yellow", "accepted": "yellow", "missed": "red"}
# Of a quarter after all that anything is known of.
AHEAD = "ahead"
SO_FAR, SEALED, RESTATED = "°", "§", "†"
LEGEND = {
    "en": {
        "so far": "so far: not all of it was looked at since it ended; it may still change.",
        "sealed": "sealed: these figures never change.",
        SO_FAR: "so far: not all of it was looked at since the quarter ended.",
        SEALED: "sealed: the figure never changes.",
        RESTATED: "restated since it was sealed: `quarry explain` says how.",
    },
    "ko": {
        "so far": "진행 중: 끝난 뒤에 모두 확인되지 않아 아직 바뀔 수 있습니다.",
        "sealed": "확정: 이 수치는 바뀌지 않습니다.",
        SO_FAR: "진행 중: 분기가 끝난 뒤에 모두 확인되지 않았습니다.",
        SEALED: "확정: 이 수치는 바뀌지 않습니다.",
        RESTATED: "확정 후 정정됨: `quarry explain` 이 내용을 보여 줍니다.",
    },
}


def print_year(terminal: Console, year: YearOfFigures, language: str) -> None:
    """
    Print the table of a year, and what its marks mean.

    Errors:  SettingsError for a language that there is not.
    """
    if language not in LANGUAGES:
        raise SettingsError(f"--lang: there is no {language!r}. Write {', '.join(LANGUAGES)}.")
    spoken, table = _spoken(language), _table(year, language)
    if not fits(terminal, table, TITLE_WIDTH):
        table = _table(year, language, is_narrow=True)
    title = WORDS[spoken]["title"].format(year=year.fiscal_year, whose=whose(year.scope, spoken))
    print_titled(terminal, title, table)
    for line in _legend(year, spoken):
        terminal.print(Text(line, style="dim"), soft_wrap=True)
    print_hint(terminal, year.scope, spoken)


def print_hint(terminal: Console, scope: Scope, language: str = "en") -> None:
    """Say how to choose where all projects are shown together because none was chosen."""
    if scope.project == ALL and not scope.is_chosen:
        names = ", ".join(map(visible, scope.known))
        said = WORDS[language]["hint"].format(names=names)
        terminal.print(Text(said, style="yellow"), soft_wrap=True)


def whose(scope: Scope, language: str = "en") -> str:
    """Name the scope of figures."""
    words, project, source = WORDS[language], visible(scope.project), visible(scope.source)
    if scope.source != ALL:
        return words["repository"].format(project=project, source=source)
    return words["all projects"] if project == ALL else words["project"].format(project=project)


def _table(year: YearOfFigures, language: str, *, is_narrow: bool = False) -> Table:
    """Tabulate a year; in a narrow terminal how many rows a figure is over goes below it."""
    spoken = _spoken(language)
    words, states = WORDS[spoken], _states(year)
    table = Table(box=SIMPLE_HEAD)
    if is_narrow:
        table.padding, table.pad_edge = (0, 1, 0, 0), False
    least = NARROW_TITLE_WIDTH if is_narrow else TITLE_WIDTH
    table.add_column(words["KPI"], min_width=least)
    for period, state in states.items():
        name = period.partition("-")[2] or period
        below = f"\n{words[state]}" if state in words else ""
        table.add_column(f"{name}{below}", justify="right", no_wrap=not is_narrow)
    has_targets = any(one.target is not None for one in year.figures)
    if has_targets:
        table.add_column(words["target"], justify="right", no_wrap=not is_narrow)
    before_n = "\n" if is_narrow else " "
    for kpi in year.kpis:
        found = {one.period: one for one in year.figures if one.kpi == kpi.kpi}
        target = [_target(kpi, found.get(str(year.fiscal_year)), spoken)] if has_targets else []
        cells = _cells(kpi, found, states, spoken, before_n)
        table.add_row(_title(kpi, language), *cells, *target)
    return table


def _spoken(language: str) -> str:
    return "ko" if language == "ko" else "en"


def _states(year: YearOfFigures) -> dict[str, str]:
    """Say of each quarter and of the year what all its figures have in common."""
    periods = [*year.quarters, str(year.fiscal_year)]
    by_period = {name: [one for one in year.figures if one.period == name] for name in periods}
    last = max(name for name, figures in by_period.items() if figures and name in year.quarters)
    return {
        name: AHEAD if name in year.quarters and name > last else _state(figures)
        for name, figures in by_period.items()
    }


def _state(figures: Sequence[Figure]) -> str:
    if figures and all(one.is_sealed for one in figures):
        return "sealed"
    return "so far" if figures and not any(one.is_complete for one in figures) else ""


def _title(kpi: Kpi, language: str) -> str:
    both = f"{kpi.title}\n{kpi.title_ko}"
    return {"en": kpi.title, "ko": kpi.title_ko, "both": both}[language]


def _cells(
    kpi: Kpi,
    found: Mapping[str, Figure],
    states: Mapping[str, str],
    spoken: str,
    before_n: str,
) -> Iterator[Text]:
    *_, year = states
    for period, state in states.items():
        if state == AHEAD:
            yield Text()
        else:
            count = _count(kpi, found[period]) if period in found else ""
            n = f"{before_n}{count}" if count else ""
            yield _cell(kpi, found.get(period), found.get(year), state, spoken, n)


def _cell(
    kpi: Kpi, found: Figure | None, of_year: Figure | None, state: str, spoken: str, n: str
) -> Text:
    if found is None or found.value is None:
        return Text(WORDS[spoken]["no data"], style="dim")
    first = f"{figure(found.value, kpi.unit, spoken)}{_marks(found, state)}{n}"
    cell = Text(first, style=STYLES.get(found.target_status or "", ""))
    changed = difference(found.change, kpi.unit, spoken, found.value)
    if changed:
        cell.append(f"\n{changed}", style="dim")
    if found.quarter and found.target_status:
        cell.append(f"\n{_status(kpi, found, of_year, spoken)}")
    return cell


def _marks(found: Figure, state: str) -> str:
    """Mark what is not said of the whole column."""
    marks = SEALED if found.is_sealed and state != "sealed" else ""
    if found.quarter and not (found.is_sealed or found.is_complete or state == "so far"):
        marks += SO_FAR
    return f"{marks}{RESTATED}" if found.is_restated else marks


def _count(kpi: Kpi, found: Figure) -> str:
    if kpi.kind in DISTRIBUTIONS:
        return f"n={found.n:,}"
    few = kpi.kind == "ratio" and found.denominator is not None and found.denominator < FEW
    return f"n={found.denominator:,}" if few else ""


def _status(kpi: Kpi, found: Figure, of_year: Figure | None, spoken: str) -> str:
    """Say how a target was met; which, only where it is not the year's."""
    said = WORDS[spoken][found.target_status or "no_data"]
    if of_year and of_year.target == found.target:
        return said
    return f"{said} {figure(found.target, kpi.unit, spoken)}"


def _target(kpi: Kpi, of_year: Figure | None, spoken: str) -> Text:
    if of_year is None or of_year.target_status is None:
        return Text()
    aimed = figure(of_year.target, kpi.unit, spoken)
    said = WORDS[spoken][of_year.target_status]
    return Text(f"{aimed}\n{said}", style=STYLES.get(of_year.target_status, ""))


def _legend(year: YearOfFigures, spoken: str) -> Iterator[str]:
    """Explain the marks that were used, and no others."""
    states = _states(year)
    used = {*states.values()}
    for one in year.figures:
        used |= {*_marks(one, states[one.period])}
    for mark, said in LEGEND[spoken].items():
        if mark in used:
            yield f"{mark} {said}" if len(mark) == 1 else said
