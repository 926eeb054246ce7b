"""
Rows of the notes on AI agents in refs/notes/ai.

A note has lines on files and ranges, a line ---, and JSON with an agent per prompt.

Source:  git-ai-project/git-ai, specs/git_ai_standard
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from miners.git.command import one_per_line
from miners.git.objects import read_objects
from miners.git.trees import list_paths

if TYPE_CHECKING:
    from collections.abc import Iterator

    import polars as pl

    from miners.git.command import SafeGit
    from miners.git.history import Ref

    Row = tuple[str, str | None, str | None]

_END_OF_RANGES = "---"


def ai_notes(git: SafeGit, ref: Ref | None, stored: pl.DataFrame) -> Iterator[Row]:
    """Yield the notes that are new, changed, or removed since the stored ones."""
    before = dict(stored.select("commit_hash", "note_hash").iter_rows())
    now = _notes_at(git, ref.target) if ref else {}
    changed = {commit: note for commit, note in now.items() if before.get(commit) != note}
    agents = dict(_agents_of(git, set(changed.values())))
    for commit, note in sorted(changed.items()):
        yield commit, note, agents[note]
    for commit in sorted(before.keys() - now.keys()):
        if before[commit] is not None:
            yield commit, None, None


def agents_in(note: str) -> str | None:
    """Return the names of the agents in a note as a sorted JSON array; None for another form."""
    _, found, metadata = f"\n{note}".rpartition(f"\n{_END_OF_RANGES}\n")
    try:
        content = json.loads(metadata) if found else None
    except (ValueError, RecursionError):
        return None
    if not isinstance(content, dict) or not isinstance(content.get("prompts", {}), dict):
        return None
    prompts = content.get("prompts", {}).values()
    return json.dumps(sorted({_agent(prompt) for prompt in prompts}), ensure_ascii=False)


def _agent(prompt: object) -> str:
    agent = prompt.get("agent_id") if isinstance(prompt, dict) else None
    tool = agent.get("tool") if isinstance(agent, dict) else None
    return tool if isinstance(tool, str) and tool.isprintable() else "unknown"


def _notes_at(git: SafeGit, target: str) -> dict[str, str]:
    """Return the blob of each commit's note; folders are made of the first digits."""
    notes = {}
    for facts, path in list_paths(git, target):
        _, kind, name = facts.decode("ascii").split(" ")
        commit = path.replace(b"/", b"").decode("ascii", "backslashreplace")
        if kind == "blob" and len(commit) == len(name):
            notes[commit] = name
    return notes


def _agents_of(git: SafeGit, notes: set[str]) -> Iterator[tuple[str, str | None]]:
    if not notes:
        return
    with git.stream("cat-file", "--batch", stdin=one_per_line(sorted(notes))) as output:
        for name, _, raw in read_objects(output):
            yield name, agents_in(raw.decode("utf-8", "replace"))
