"""The schemas that are built from the raw tables, in the order of their making."""

from __future__ import annotations

STAGING = "staging"
# What facts and marts are made in; nobody else is promised its columns.
INTERMEDIATE = "intermediate"
# One table per KPI: the rows that it looks at.
KPIS = "kpis"
PUBLIC = ("facts", "marts")
VIEWS = (STAGING,)
SCHEMAS = (STAGING, INTERMEDIATE, KPIS, *PUBLIC)
# Selects that must return nothing: a folder of sql/ that makes no schema.
CHECKS = "checks"
