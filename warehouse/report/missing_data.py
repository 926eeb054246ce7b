"""KPIs without data in a year, and what would give them data."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from warehouse.build.schemas import KPIS
from warehouse.report.format.language import msgid
from warehouse.sql import sql_files, sql_folder

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from warehouse.query.figures import Kpi, YearOfFigures
    from warehouse.report.format.style import Formatter

_REPOSITORY = msgid("Mine a repository: `quarry run ADDRESS`.")
_TRACKER = msgid(
    "Mine its tracker, if it has one: `quarry doctor` names the token that the host needs."
)
# By the folder of a KPI, which is its subject.
HINTS = {
    "git": _REPOSITORY,
    "people": _REPOSITORY,
    "issues": _TRACKER,
    "change_requests": _TRACKER,
    "delivery": msgid(
        "State deployments and incidents under [rules] (`quarry rules` lists the names), or in the "
        "ledger tables deployments and incidents (`quarry ledger init`)."
    ),
    "projects": msgid(
        "Write the ledger tables tasks and deployments (`quarry ledger init`), or give milestones "
        "due dates."
    ),
}


def with_data(year: YearOfFigures) -> list[Kpi]:
    """List the KPIs with a figure in the year."""
    known = {figure.kpi for figure in year.figures if figure.value is not None}
    return [kpi for kpi in year.kpis if kpi.kpi in known]


def shown_kpis(kpis: Iterable[Kpi], year: YearOfFigures) -> list[Kpi]:
    """List the KPIs with a figure or a target in the year."""
    shown = {f.kpi for f in year.figures if not (f.value is None and f.target is None)}
    return [kpi for kpi in kpis if kpi.kpi in shown]


def missing_data(year: YearOfFigures, formatter: Formatter) -> Iterator[str]:
    """Yield a line for the KPIs of each subject that have no figure, with what would give one."""
    subjects = {path.stem: path.parent.name for path in sql_files(sql_folder(), KPIS)}
    known = {kpi.kpi for kpi in with_data(year)}
    missing = [kpi for kpi in year.kpis if kpi.kpi not in known]
    for hint, kpis in groupby(
        missing, key=lambda kpi: HINTS.get(subjects.get(kpi.kpi, ""), _REPOSITORY)
    ):
        names = ", ".join(formatter.language.pick(kpi.title, kpi.title_ko) for kpi in kpis)
        yield formatter.text("No data: {names}. {hint}", names=names, hint=formatter.text(hint))
