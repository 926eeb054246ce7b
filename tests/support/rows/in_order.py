"""Records from values in the order of their fields."""

from __future__ import annotations

from dataclasses import fields


def in_order(record, *values, **named):
    """Make a record of a keyword-only class from its values in order."""
    names = [field.name for field in fields(record)]
    return record(**dict(zip(names, values, strict=False)), **named)
