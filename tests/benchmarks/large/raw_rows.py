"""Generated raw rows of a large company, a script per record."""

from __future__ import annotations

from pathlib import Path

# In this order: later ones read tables of earlier ones.
GIT = ("history", "repositories", "commits", "refs")
TRACKERS = ("items", "trackers", "issues", "change_requests", "events", "discussions", "deliveries")


def write_raw_rows(connection, block_count, scripts):
    """Fill the raw tables with so many blocks of commits, and what belongs to them."""
    connection.execute(f"set variable block_count = {block_count}")
    for script in scripts:
        connection.execute(Path(__file__).with_name(f"{script}.sql").read_text())
