"""Titles of the KPIs, as their models state them."""

from __future__ import annotations

from functools import cache

from warehouse.build.kpi_definitions import kpis_of
from warehouse.build.model import read_models


@cache
def _facts():
    return {model.name: model.header.facts for model in kpis_of(read_models())}


def title_of(kpi, language="en"):
    """Return the title of a KPI; only written pages have it in letters."""
    return _facts()[kpi]["title" if language == "en" else f"title_{language}"]
