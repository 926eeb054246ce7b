"""Warnings about valid rows of a ledger: probable typing errors."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from typing import TYPE_CHECKING

from miners.text import nearest
from warehouse.build.kpi_definitions import PERCENT, RATIO, kpi_units

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from miners.ledger.reading import LedgerContent
    from miners.ledger.rows import LedgerRow


def warnings(reading: LedgerContent, projects: Iterable[str]) -> Iterator[str]:
    """Yield a warning for each row that is probably a mistake; projects are of the settings."""
    rows = list(reading.rows.values())
    yield from _similar_projects(rows, projects)
    yield from _deployments(reading, [row for row in rows if row.table.name == "incidents"])
    yield from _targets([row for row in rows if row.table.name == "targets"])


def _similar_projects(rows: Iterable[LedgerRow], projects: Iterable[str]) -> Iterator[str]:
    """Yield projects whose names differ from another's only in capitals, spaces and signs."""
    first_rows: dict[str, LedgerRow] = {}
    uses: Counter[str] = Counter()
    for row in rows:
        name = _text(row, "project")
        if _folded(name):
            first_rows.setdefault(name, row)
            uses[name] += 1
    # The settings are right about a project's name, then most of the rows.
    usual: dict[str, str] = {}
    for name in (*projects, *sorted(uses, key=lambda name: (-uses[name], name))):
        usual.setdefault(_folded(name), name)
    for name, row in first_rows.items():
        usual_name = usual[_folded(name)]
        if usual_name != name:
            yield f"{row.place}: project: {name!r} is another project than {usual_name!r}"


def _folded(name: str) -> str:
    return "".join(letter for letter in name.casefold() if letter.isalnum())


def _deployments(reading: LedgerContent, incidents: Iterable[LedgerRow]) -> Iterator[str]:
    """Yield incidents whose deployment is missing in the ledger, or of another project."""
    for row in incidents:
        name = _text(row, "deployment_id")
        deployment = reading.rows.get(("deployments", name))
        if name and not deployment:
            yield f"{row.place}: deployment_id: the ledger has no deployment {name!r}"
        elif deployment and _text(deployment, "project") != _text(row, "project"):
            project = _text(deployment, "project") or "no project"
            yield f"{row.place}: deployment_id: {name!r} is of {project}, the incident is not"


def _targets(targets: Sequence[LedgerRow]) -> Iterator[str]:
    """Yield targets that no KPI is compared with, though their names suggest it."""
    units = kpi_units() if targets else {}
    for row in targets:
        kpi, unit = _text(row, "kpi"), _text(row, "unit")
        hint = nearest(kpi, units, "")
        if kpi not in units and hint:
            yield f"{row.place}: kpi: {kpi!r} is not a KPI, so it is a goal of the team's own{hint}"
        units_of_kpi = units.get(kpi, [])
        if units_of_kpi and unit and unit.lower() not in units_of_kpi:
            right = " or ".join(units_of_kpi)
            yield f"{row.place}: unit: {kpi} is in {right}, so no figure is compared with it"
        if RATIO in units_of_kpi and not unit and (target := Decimal(_text(row, "target"))) > 1:
            yield (
                f"{row.place}: target: {target.normalize():f} of {kpi} may be a percentage, so no "
                f"figure is compared with it; write {PERCENT} or {RATIO} in unit"
            )


def _text(row: LedgerRow, column: str) -> str:
    return str(row[column] or "")
