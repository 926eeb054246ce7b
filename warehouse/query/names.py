"""Resolve names regardless of case; suggest the closest ones."""

from __future__ import annotations

import difflib
import re
from typing import TYPE_CHECKING

from warehouse.errors import QueryFailed

if TYPE_CHECKING:
    from collections.abc import Collection

# The longest list of names in a message, the most that are suggested, and the least letters of a
# part of a name.
LINE, NEAREST, SHORTEST_PART = 80, 3, 3
# The commands that list names.
LISTED_BY = {"KPI": "quarry kpi --all", "project": "quarry rules", "source": "quarry status"}


def choose(what: str, name: str, known: Collection[str]) -> str:
    """
    Return the name from a list that matches regardless of case.

    Errors:  QueryFailed suggests the closest ones.
    """
    matches = [candidate for candidate in known if candidate == name] or [
        candidate for candidate in known if _word(candidate) == _word(name)
    ]
    if len(matches) == 1:
        return matches[0]
    near = " or ".join(map(repr, _nearest(name, known)))
    hint = f"Did you mean {near}? " if near else ""
    raise QueryFailed(f"there is no {what} {name!r}.", f"{hint}{_listed(what, known)}")


def _nearest(name: str, known: Collection[str]) -> list[str]:
    """Return the names of which it is a part, or else the closest ones."""
    # The last part of an address also serves as a name.
    by_word = {_word(candidate.rpartition("/")[2]): candidate for candidate in known}
    by_word |= {_word(candidate): candidate for candidate in known}
    parts = sorted(word for word in by_word if len(name) >= SHORTEST_PART and _word(name) in word)
    near = difflib.get_close_matches(_word(name), list(by_word), n=NEAREST, cutoff=0.5)
    return list(dict.fromkeys(by_word[word] for word in parts or near))[:NEAREST]


def _listed(what: str, known: Collection[str]) -> str:
    """List the names if they fit a line, else how to list them."""
    if not known:
        return "There is none yet."
    listed = ", ".join(sorted(known))
    if len(listed) <= LINE:
        return f"There are: {listed}."
    return f"`{LISTED_BY[what]}` lists all {len(known):,}."


def _word(name: str) -> str:
    return re.sub(r"[\s_-]+", "_", name.strip().casefold())
