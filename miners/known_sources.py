"""Sources that moved, are separate, or were renamed by a command."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Self

from miners.errors import StoreDamaged
from miners.store import make_folder, write_atomically

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

# In the store, so that a backup has it.
FILE = "sources.json"
FORMAT = 1


@dataclass(frozen=True)
class KnownSources:
    """
    What is known of sources in addition to their batches.

    Shape:   continued maps the identity of an address to the source in the store whose history it
             continues; separate has the addresses that share commits with another source and are
             sources of their own; names maps sources to the names that a command gave them.
    """

    continued: Mapping[str, str] = field(default_factory=dict)
    separate: frozenset[str] = frozenset()
    names: Mapping[str, str] = field(default_factory=dict)

    def source(self, identity: str) -> str:
        """Return the source in the store that an address is, or its own identity."""
        return self.continued.get(identity, identity)

    def continuing(self, identity: str, source: str) -> Self:
        """Return the same, with an address that continues a source."""
        others = {i: s for i, s in self.continued.items() if i != identity}
        return replace(
            self,
            continued={**others, identity: source} if identity != source else others,
            separate=self.separate - {identity},
        )

    def apart(self, identity: str) -> Self:
        """Return the same, with an address that is a source of its own."""
        return replace(self.continuing(identity, identity), separate=self.separate | {identity})

    def named(self, source: str, name: str) -> Self:
        """Return the same, with a name for a source."""
        return replace(self, names={**self.names, source: name})

    def without(self, source: str) -> Self:
        """Return the same without a source and the addresses that continue it."""
        return replace(
            self,
            continued={i: s for i, s in self.continued.items() if source not in {i, s}},
            separate=self.separate - {source},
            names={s: name for s, name in self.names.items() if s != source},
        )


def read_known_sources(store: Path) -> KnownSources:
    """
    Read what is known; nothing where there is no file.

    Errors:  StoreDamaged: without it, a moved source would be mined as a second one.
    """
    path = store / FILE
    if not path.exists():
        return KnownSources()
    try:
        facts = json.loads(path.read_text("utf-8"))
        if facts["format"] <= FORMAT:
            return KnownSources(
                dict(facts["continued"]), frozenset(facts["separate"]), dict(facts["names"])
            )
    except (OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError):
        pass
    problem = "it is damaged, or a newer version of Quarry wrote it"
    remedy = "Restore it from a backup, or delete it and state moved sources again"
    raise StoreDamaged(str(path), problem, f"{remedy} with `quarry sources moved`")


def write_known_sources(store: Path, known: KnownSources) -> None:
    """Write what is known of sources."""
    facts = {
        "format": FORMAT,
        "continued": dict(sorted(known.continued.items())),
        "separate": sorted(known.separate),
        "names": dict(sorted(known.names.items())),
    }
    make_folder(store)
    write_atomically(store / FILE, json.dumps(facts, indent=1))
