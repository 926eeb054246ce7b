"""
Expected issues of a tracker's dump, with no code of Quarry.

One rule adds what the events omit: an issue whose field says closed, and whose last event
does not, was closed at the time that its field states.
"""

from __future__ import annotations

import json
import lzma
from collections import Counter
from datetime import UTC, datetime
from itertools import pairwise

_STATES = {"closed": "closed", "reopened": "open", "converted_to_discussion": "moved out"}
_END_OF_TIME = datetime.max.replace(tzinfo=UTC)


def flows(folder, quarter_starts):
    """
    Count what happened to issues in each quarter and what was open at its end.

    Shape:   (opened, closed, reopened, moved out, open at the end) of each quarter, in order.
    """
    histories = [_changes(issue) for issue in _issues(folder)]
    return [_flow(histories, *bounds) for bounds in pairwise([*quarter_starts, _END_OF_TIME])]


def _flow(histories, start, end):
    counts = Counter()
    for history in histories:
        for (_, was), (instant, state) in pairwise([(None, None), *history]):
            if start <= instant < end:
                counts[was, state] += 1
    last = ([state for instant, state in history if instant < end] for history in histories)
    return (
        counts[None, "open"],
        counts["open", "closed"],
        counts["closed", "open"],
        counts["open", "moved out"],
        sum(states[-1:] == ["open"] for states in last),
    )


def _changes(issue):
    """List (instant, state) of an issue from its opening on, each a change."""
    fields = issue["issue"]
    events = [event for event in issue["events"] if event["event"] in _STATES]
    found = [(datetime.fromisoformat(fields["created_at"]), "open")]
    for event in sorted(events, key=lambda event: (event["created_at"], event["id"])):
        state, before = _STATES[event["event"]], found[-1][1]
        if before not in {state, "moved out"}:
            found.append((datetime.fromisoformat(event["created_at"]), state))
    if fields["state"] == "closed" and found[-1][1] == "open":
        found.append((datetime.fromisoformat(fields["closed_at"]), "closed"))
    return found


def _issues(folder):
    """Read the newest state of each issue of a dump."""
    newest = {}
    for name in ("snapshot", "updates"):
        with lzma.open(folder / f"{name}.jsonl.xz", "rt") as lines:
            newest |= {entry["number"]: entry for entry in map(json.loads, lines)}
    return [entry["data"] for entry in newest.values() if entry["kind"] == "issue"]
