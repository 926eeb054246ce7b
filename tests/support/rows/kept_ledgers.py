"""Literal CSV ledgers, mined by the real miner."""

from __future__ import annotations

from tests.support.rows.ledgers import Ledger
from warehouse.calendar import Calendar
from warehouse.context import Context
from warehouse.rules import rule

SEOUL = Context(calendar=Calendar(time_zone="Asia/Seoul"), rules=(rule("deployments", "ledger"),))
DAY, HOUR = 86400, 3600


def kept(home, name="ledger", **tables):
    """Keep a ledger of these tables, and mine it once: on 2025-03-01 at 11:15 in Seoul."""
    ledger = Ledger(home, name=name)
    changed(ledger, **tables)
    return ledger


def changed(ledger, **tables):
    """Replace these tables, and mine the ledger again, a day later."""
    for name, lines in tables.items():
        ledger.write(f"{name}.csv", "\n".join(line.strip() for line in lines.strip().splitlines()))
    assert ledger.said() == []
    ledger.mine()
