"""Compute the figures of every KPI mart independently."""

from __future__ import annotations

from collections import defaultdict
from fractions import Fraction
from itertools import accumulate, product

from tests.support.expected.kpi_truth import DAY, HOUR, quantile, rounded
from tests.support.expected.kpi_truth_rows import Rows

_UNITS = {"hours": HOUR, "days": DAY}


class Figures:
    """
    The figures of kpi_quarterly and kpi_yearly, by what the definitions say of each KPI.

    Shape:   worlds has what each project knows of each repository, by (project, source). Figures
             are those of a repository in a project, of a project, and of all projects.
    """

    def __init__(self, worlds, definitions):
        self._worlds, self._definitions = worlds, definitions
        projects = {project for project, _ in worlds}
        self.scopes = [*worlds, *((project, "*") for project in projects), ("*", "*")]
        self._rows = defaultdict(list)
        for (project, source), world in worlds.items():
            for row in world.rows:
                self._add(row, (project, source))
                self._add(row, (project, "*"))
        for row in _rows_of_all(worlds):
            self._add(row, ("*", "*"))

    def _add(self, row, scope):
        self._rows[scope, row.kpi, row.quarter].append(row)
        self._rows[scope, row.kpi, int(row.quarter[:4])].append(row)

    def quarterly(self):
        """Give the figures by (KPI, project, source, quarter)."""
        found = {}
        for scope, kpi in product(self.scopes, self._definitions):
            for quarter, is_complete in self._spine(scope, kpi).items():
                figure = self._figure(scope, kpi, quarter.label)
                found[kpi, *scope, quarter.label] = figure | self._state(kpi, scope, is_complete)
        for (*whose, quarter), figure in found.items():
            year, number = int(quarter[:4]), int(quarter[-1])
            before = f"{year}-Q{number - 1}" if number > 1 else f"{year - 1}-Q4"
            _compare(figure, "quarter_before", found.get((*whose, before)))
            _compare(figure, "year_before", found.get((*whose, f"{year - 1}-Q{number}")))
            figure |= {"is_sealed": False, "is_restated": False, "value_now": figure["value"]}
        return found

    def yearly(self):
        """Give the figures by (KPI, project, source, year)."""
        found = {}
        for scope, (kpi, definition) in product(self.scopes, self._definitions.items()):
            years = defaultdict(list)
            for quarter, is_complete in self._spine(scope, kpi).items():
                years[quarter.year].append((quarter, is_complete))
            for year, quarters in years.items():
                is_last = definition["span"] == "quarter_end"
                of = quarters[-1][0].label if is_last else year
                is_whole = all(is_complete for _, is_complete in quarters)
                told = {"quarter_count": len(quarters), "is_sealed": False}
                told |= self._state(kpi, scope, is_whole)
                found[kpi, *scope, year] = self._figure(scope, kpi, of) | told
        for (*whose, year), figure in found.items():
            _compare(figure, "year_before", found.get((*whose, year - 1)))
        return found

    def _state(self, kpi, scope, is_complete):
        definition = self._definitions[kpi]
        is_amount = definition["kind"] in {"count", "sum", "distinct", "half"}
        can_grow = is_amount and definition["span"] == "quarter"
        is_growing = can_grow and not is_complete
        is_total = scope[-1] == "*"
        return {"is_complete": is_complete, "is_growing": is_growing, "is_total": is_total}

    def _figure(self, scope, kpi, period):
        definition, rows = self._definitions[kpi], self._rows[scope, kpi, period]
        counted = [row for row in rows if row.is_counted]
        known = len(counted) + sum(row.is_gap for row in rows)
        has_ratio = definition["kind"] == "ratio"
        size = _UNITS.get(definition["unit"], 1)
        has_spread = definition["kind"] in {"mean", "median", "longest"}
        values = [Fraction(row.value, size) for row in counted] if has_spread else []
        shares = {"median_value": "1/2", "p75_value": "3/4", "p90_value": "9/10"}
        upper = sum(row.numerator for row in counted) if has_ratio and counted else None
        lower = sum(row.denominator for row in counted) if has_ratio and counted else None
        return {
            "value": rounded(_value(definition["kind"], counted, values, upper, lower)),
            "n": len(counted),
            "left_out_count": len(rows) - len(counted),
            "coverage_ratio": Fraction(len(counted), known) if known else None,
            "numerator": upper,
            "denominator": lower,
            "min_value": rounded(min(values, default=None)),
            "max_value": rounded(max(values, default=None)),
            **{name: rounded(quantile(values, share)) for name, share in shares.items()},
            "target": None,
            "target_status": None,
        }

    def _spine(self, scope, kpi):
        """List the quarters in which a KPI has a figure, and whether all was mined after each."""
        needs, found = self._definitions[kpi]["needs"], {}
        for (project, source), world in self._worlds.items():
            if scope[0] in {project, "*"} and scope[1] in {source, "*"}:
                for quarter in _quarters(world, kpi, needs):
                    is_whole = _polled_at(world, needs) >= quarter.ends
                    found[quarter] = found.get(quarter, True) and is_whole
        return dict(sorted(found.items(), key=lambda one: one[0].starts))


def _rows_of_all(worlds):
    """
    Yield the rows of all projects; worlds is what each knows of each repository.

    A row that several projects have of a repository counts once, if it counts in any; and so does
    a commit, a deployed tag or a revert that several repositories have, in the one that its order
    names first.
    """
    found, sources = {}, _sources(worlds)
    for (project, source), world in worlds.items():
        for row in _without_copies(world, source, sources):
            key = row.kpi, source, row.quarter, row.subject
            found.setdefault(key, []).append((not row.is_counted, project, row))
    for rows in found.values():
        yield min(rows, key=lambda one: one[:2])[2]


def _sources(worlds):
    """Name the repository in which each thing that others may have too counts, by KPI."""
    found = {}
    for (_, source), world in worlds.items():
        for row in world.rows:
            if row.copied is not None:
                found.setdefault((row.kpi, row.copied), []).append((row.order, source))
    return {key: min(places)[1] for key, places in found.items()}


def _without_copies(world, source, sources):
    commits = {row.copied for row in world.rows if row.kpi == "commits"}
    repeated = {name for name in commits if sources["commits", name] != source}
    of_people = list(Rows(world).of_people(without=repeated))
    kpis = {row.kpi for row in of_people}
    for row in world.rows:
        is_here = row.copied is None or sources[row.kpi, row.copied] == source
        if is_here and row.kpi not in kpis:
            yield row
    yield from of_people


def _quarters(world, kpi, needs):
    if needs == "commits":
        return world.git_quarters
    if needs in {"tracker", "requests", "issues"}:
        return world.tracker_quarters
    quarters, deliveries = world.all_quarters, world.deliveries
    if needs == "deployments":
        return [q for q in quarters if deliveries.deployments and q.ends > deliveries.at(1)]
    if needs == "evidence":
        seen = [row.quarter for row in world.rows if row.kpi == kpi]
        return [q for q in quarters if seen and q.label >= min(seen)]
    return quarters


def _polled_at(world, needs):
    looks = {"commits": world.git_polled_at}
    looks |= dict.fromkeys(("tracker", "requests", "issues"), world.tracker_polled_at)
    return looks.get(needs, world.polled_at)


def _value(kind, counted, values, upper, lower):
    makers = {
        "count": lambda: len(counted),
        "sum": lambda: sum(row.value for row in counted),
        "ratio": lambda: Fraction(upper, lower) if lower else None,
        "distinct": lambda: len(_amounts(counted)),
        "half": lambda: _half(_amounts(counted)),
        "mean": lambda: sum(values) / len(values) if values else None,
        "median": lambda: quantile(values, "1/2"),
        "longest": lambda: max(values, default=None),
    }
    return makers[kind]()


def _amounts(counted):
    amounts = defaultdict(int)
    for row in counted:
        amounts[row.subject] += row.value
    return sorted(amounts.values(), reverse=True)


def _half(amounts):
    """Count the fewest that together make half of the whole."""
    sums = accumulate(amounts)
    return next((n for n, made in enumerate(sums, 1) if made * 2 >= sum(amounts)), None)


def _compare(figure, name, other):
    before = other and other["value"]
    now = figure["value"]
    is_unknown = None in {now, before} or figure["is_growing"]
    change = None if is_unknown else rounded(now - before)
    percent = rounded(100 * change / abs(before)) if change is not None and before else None
    figure |= {
        f"{name}_value": before,
        f"change_from_{name}": change,
        f"change_from_{name}_percent": percent,
    }
