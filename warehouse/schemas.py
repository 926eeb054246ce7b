"""The schemas that are built from the raw tables, in the order of their making."""

from __future__ import annotations

STAGING = "staging"
# Steps are what facts and marts are made in; nobody else is promised their columns.
STEPS = "steps"
# One table per KPI: the rows that it looks at.
KPIS = "kpis"
PUBLIC = ("facts", "marts")
VIEWS = (STAGING,)
SCHEMAS = (STAGING, STEPS, KPIS, *PUBLIC)
