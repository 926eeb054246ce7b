"""What looks odd in the right rows of a ledger: no error, and yet worth a second look."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from miners.text import nearest
from warehouse.build.kpi_definitions import kpi_units

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from miners.ledger.reading import Reading
    from miners.ledger.rows import Row


def hints(reading: Reading, projects: Iterable[str]) -> Iterator[str]:
    """Name rows that may say something else than was meant; projects are those of the settings."""
    rows = list(reading.rows.values())
    yield from _twins(rows, projects)
    yield from _blames(reading, [row for row in rows if row.table.name == "incidents"])
    yield from _targets([row for row in rows if row.table.name == "targets"])


def _twins(rows: Iterable[Row], projects: Iterable[str]) -> Iterator[str]:
    """Name projects whose names are another's but for capitals, spaces and signs."""
    spelled: dict[str, Row] = {}
    uses: Counter[str] = Counter()
    for row in rows:
        name = _text(row, "project")
        if _folded(name):
            spelled.setdefault(name, row)
            uses[name] += 1
    # The settings know best how a project is called, then most of the rows.
    usual: dict[str, str] = {}
    for name in (*projects, *sorted(uses, key=lambda one: (-uses[one], one))):
        usual.setdefault(_folded(name), name)
    for name, row in spelled.items():
        meant = usual[_folded(name)]
        if meant != name:
            yield f"{row.place}: project: {name!r} is another project than {meant!r}"


def _folded(name: str) -> str:
    return "".join(letter for letter in name.casefold() if letter.isalnum())


def _blames(reading: Reading, rows: Iterable[Row]) -> Iterator[str]:
    """Name incidents whose deployment is none of the ledger, or one of another project."""
    for row in rows:
        name = _text(row, "deployment_id")
        blamed = reading.rows.get(("deployments", name))
        if name and not blamed:
            yield f"{row.place}: deployment_id: the ledger has no deployment {name!r}"
        elif blamed and _text(blamed, "project") != _text(row, "project"):
            theirs = _text(blamed, "project") or "no project"
            yield f"{row.place}: deployment_id: {name!r} is of {theirs}, the incident is not"


def _targets(rows: Sequence[Row]) -> Iterator[str]:
    """Name targets that no figure of a KPI is held to, and seem to be meant so."""
    units = kpi_units() if rows else {}
    for row in rows:
        kpi, unit = _text(row, "kpi"), _text(row, "unit")
        hint = nearest(kpi, units, "")
        if kpi not in units and hint:
            yield f"{row.place}: kpi: there is no KPI {kpi!r}, so it is the house's own{hint}"
        known = units.get(kpi, [])
        if known and unit and unit.lower() not in known:
            yield f"{row.place}: unit: {kpi} is in {' or '.join(known)}, so no figure is held to it"


def _text(row: Row, column: str) -> str:
    return str(row[column] or "")
