"""Progress of a run that nobody reads."""

from __future__ import annotations


class NoProgress:
    """Ignores whatever a run reports."""

    def __getattr__(self, _name):
        return lambda *_: None
