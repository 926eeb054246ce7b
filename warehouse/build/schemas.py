"""Schemas of the warehouse in build order."""

from __future__ import annotations

# Tables of the records, and generated views over them.
RAW = "raw"
# Views that rename, cast and unify the raw rows.
STAGING = "staging"
# Inputs of facts and KPIs; their columns are not public.
INTERMEDIATE = "intermediate"
FACTS = "facts"
# One table per KPI: its evidence rows.
KPIS = "kpis"
# The rows of all KPIs, and the figures that they make.
FIGURES = "figures"
MARTS = "marts"
VIEWS = (RAW, STAGING)
# A model reads its own layer and those before it. Intermediate models and facts share one.
LAYERS = ((STAGING,), (INTERMEDIATE, FACTS), (KPIS,), (FIGURES,), (MARTS,))
SCHEMAS = tuple(schema for layer in LAYERS for schema in layer)
# Selects that must return nothing: a folder of sql/ that makes no schema.
CHECKS = "checks"
# Statements that create macros in the schema of the marts: a folder of sql/ as well.
MACROS = "macros"
