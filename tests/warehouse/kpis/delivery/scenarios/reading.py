"""
Read scenarios of delivery: what happened, and the rows of every KPI.

A scenario begins with its title. Each line below it has a kind and items, which are separated by
semicolons: words in a fixed order, then facts with a name. Instants are of June 2024, or of the
month that is named: 03, 03T12, 03T12:30, 07-03T12. The README next to this file has the list.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path

HAPPENED = ("rules", "poll", "commit", "deploy", "release", "tag", "incident", "request")
EXPECTED = ("frequency", "lead", "fail", "rework", "recovery", "phases")
WHERE = Path(__file__).parent


@dataclass(frozen=True)
class ScenarioItem:
    """One thing that happened, or one row: its words, and its facts by name."""

    words: tuple[str, ...]
    facts: dict[str, str]

    def __getitem__(self, name):
        return self.facts.get(name)

    @property
    def name(self):
        return self.words[0]


@dataclass
class Scenario:
    """What happened, and the rows that follow, by their kind."""

    title: str
    file: str
    lines: dict[str, list[ScenarioItem]] = field(default_factory=dict)

    @property
    def slug(self):
        return re.sub(r"[^a-z0-9]+", "-", self.title.lower()).strip("-")

    def items(self, kind):
        """List the items of a kind, in the order of their lines."""
        return self.lines.get(kind, [])

    def of(self, kind, place):
        """List the items of a kind in one of the repositories."""
        return [item for item in self.items(kind) if (item["in"] or "app") == place]

    @property
    def places(self):
        """List the repositories: most have one."""
        found = [item["in"] or "app" for kind in HAPPENED[2:] for item in self.items(kind)]
        return sorted({*found, "app"})


def instant_text(text):
    """Write an instant of a scenario in full; None stays None."""
    if text is None:
        return None
    day, _, time = text.partition("T")
    month = "" if "-" in day else "06-"
    hour = time if ":" in time else f"{time or '00'}:00"
    return f"2024-{month}{day}T{hour}"


def scenarios():
    """Read all scenarios, in the order of their files."""
    return [found for path in sorted(WHERE.glob("*.txt")) for found in _read(path)]


def _read(path):
    found = []
    for line in path.read_text("utf-8").splitlines():
        if line.startswith("#") or not line.strip():
            continue
        if not line.startswith(" "):
            found.append(Scenario(line.strip(), path.stem))
            continue
        kind, _, rest = line.strip().partition(" ")
        assert kind in HAPPENED + EXPECTED, (path, line)
        items = [_item(part) for part in rest.split(";") if part.strip()]
        found[-1].lines.setdefault(kind, []).extend(items)
    return found


def _item(text):
    parts = text.split()
    facts = dict(part.split("=", 1) for part in parts if "=" in part)
    return ScenarioItem(tuple(part for part in parts if "=" not in part), facts)
