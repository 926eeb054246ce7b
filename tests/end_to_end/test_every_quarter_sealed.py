"""Seal every quarter of made homes; then run, replay and report."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

import duckdb
import pytest

from flows.run import publish as publishing
from flows.run import seal as sealing
from flows.run.report import ReportOptions, write_report
from flows.settings.workspace import context_of, open_workspace
from tests.support.rows import exact_instants, preset_rows, shop, two_repositories
from tests.support.rows.row_histories import instant
from tests.support.running.shop_home import nobody
from warehouse.calendar import quarters
from warehouse.report.queries.report_data import ReportRequest
from warehouse.seals.completeness import quarters_with_figures

if TYPE_CHECKING:
    from flows.settings.workspace import Workspace
    from warehouse.context import Context

NOW = instant("2025-01-05")
FIGURES = "select * from marts.kpi_quarterly where is_sealed order by all"
YEARS = "select distinct fiscal_year from marts.kpi_yearly order by 1"


@dataclass(frozen=True)
class SealingHome:
    """A home in which quarters are sealed, and its settings."""

    workspace: Workspace
    context: Context

    def ask(self, query):
        with duckdb.connect(str(self.workspace.warehouse), read_only=True) as connection:
            return connection.execute(query).fetchall()

    def publish(self):
        return publishing.publish(self.workspace, self.context, nobody())

    def ended(self):
        """List the quarters that may be sealed, the first one first."""
        known = quarters_with_figures(self.workspace.warehouse)
        return [
            quarter.quarter
            for quarter in quarters(self.context.calendar)
            if quarter.quarter in known and quarter.ends_at <= NOW
        ]


def _shop(workspace):
    shop.first_look(workspace.store)
    shop.second_look(workspace.store)
    settings = workspace.base / "quarry.toml"
    settings.write_text(shop.SETTINGS, "utf-8")
    return context_of(open_workspace(settings, None))


def _many(workspace):
    """Four fixtures of models in one store; every other project has ended."""
    two_repositories.found(workspace.store)
    preset_rows.write_all(workspace.store)
    exact_instants.found(workspace.store.parent)
    contexts = [two_repositories.CONTEXT, preset_rows.CONTEXT, exact_instants.CONTEXT]
    projects = {project.name: project for context in contexts for project in context.projects}
    for name in list(projects)[::2]:
        projects[name] = replace(projects[name], active_until=date(2024, 2, 20))
    kinds = [rule for context in contexts for rule in context.identity_rules]
    return replace(contexts[-1], projects=tuple(projects.values()), identity_rules=tuple(kinds))


@pytest.fixture(params=[_shop, _many], ids=["shop", "many projects"])
def home(request, tmp_path, monkeypatch):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", str(int(NOW.timestamp())))
    (tmp_path / "home").mkdir()
    workspace = open_workspace(None, tmp_path / "home")
    context = request.param(workspace)
    for module in (publishing, sealing):
        monkeypatch.setattr(module, "context_of", lambda _: context)
    home = SealingHome(workspace, context)
    home.publish()
    return home


def test_every_quarter_is_sealed_then_run_replayed_and_reported(home):
    """A seal never makes a home unusable, and never changes a sealed figure."""
    ended = home.ended()
    assert len(ended) > 1
    for name in ended:
        before = home.ask(FIGURES)
        sealing.seal(home.workspace, name, nobody(), is_forced=True)
        assert set(before) <= set(home.ask(FIGURES))
    figures = home.ask(FIGURES)
    assert {row[3] for row in figures} == set(ended)

    assert not home.publish()
    publishing.rebuild(home.workspace, nobody())
    assert home.ask(FIGURES) == figures
    assert [one.problems for one in sealing.audit_seals(home.workspace)] == [()] * len(ended)
    for (year,) in home.ask(YEARS):
        request = ReportRequest(year=str(year))
        assert write_report(home.workspace, ReportOptions(request=request)).paths
