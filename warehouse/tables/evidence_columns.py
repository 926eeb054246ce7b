"""The columns of a KPI's evidence rows."""

from __future__ import annotations

EVIDENCE = (
    *(("project", "varchar"), ("source", "varchar"), ("quarter", "varchar")),
    *(("subject_type", "varchar"), ("subject_id", "varchar"), ("subject_url", "varchar")),
    *(("person", "varchar"), ("happened_at", "timestamptz"), ("grade", "varchar")),
    *(("related_id", "varchar"), ("reason", "varchar")),
    *(("numerator", "bigint"), ("denominator", "bigint"), ("value", "bigint")),
    ("counts_in", "varchar"),
    *(("reported_quarter", "varchar"), ("reported_value", "bigint")),
)
