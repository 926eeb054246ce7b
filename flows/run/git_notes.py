"""Notes of a run about its repositories: what was chosen or tolerated."""

from __future__ import annotations

from collections import Counter, defaultdict
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from flows.settings.sources import MemberExcluded
from miners import store
from miners.errors import StoreDamaged
from miners.git.address import GitSource
from miners.git.default_branch import (
    CLONED,
    ONLY_BRANCH,
    SETTING,
    TRACKER,
    USUAL_NAME,
)
from miners.git.refs import DETACHED
from miners.text import listed

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from flows.settings.sources import ResolvedSource, Source
    from miners.plan import MiningPlan

_BRANCH_NOTES = {
    SETTING: "the default branch is {branch}, as default_branch of its source says; HEAD differs",
    TRACKER: "the default branch is {branch}, as its tracker says; HEAD differs",
    CLONED: "HEAD names no branch; {branch}, the default branch of its origin, is used",
    ONLY_BRANCH: "HEAD names no branch; its only branch {branch} is used as the default branch",
    USUAL_NAME: "HEAD names no branch; {branch} is used as the default branch",
    DETACHED: "it has no branch; the commits of its detached HEAD are counted",
}
_SHOWN = 5
_REMEDY = "Write default_branch for this source if another one is right"


def git_notes(sources: Iterable[Source], plan: MiningPlan) -> tuple[str, ...]:
    """List notes on the repositories among some sources, as of their newest batches."""
    return tuple(
        f"{source.name}: {note}."
        for source in sources
        if isinstance(source, GitSource)
        for note in _of_source(source.id, plan)
    )


def _of_source(source: str, plan: MiningPlan) -> Iterator[str]:
    with suppress(StoreDamaged):  # the outcome of the source says so
        if last := store.latest(plan.store, source):
            yield from _on_default_branch(store.cursor(plan.store, last))
            yield from _on_faults(last.cursor) if last.run_id == plan.run_id else ()
            yield from _on_broken_refs(store.cursor(plan.store, last))


def _on_faults(cursor: dict[str, Any]) -> Iterator[str]:
    faults: dict[str, int] = cursor.get("faults", {})
    if faults:
        count = sum(faults.values())
        listed = ", ".join(f"{name} {number:,}" for name, number in faults.items())
        objects = _counted(count, "object", "", "s")
        yield f"git fsck objects to {objects}, read all the same: {listed}"


def _on_broken_refs(cursor: dict[str, Any]) -> Iterator[str]:
    broken: list[str] = cursor.get("broken", [])
    if broken:
        count = _counted(len(broken), "broken ref", "", "s")
        names = listed(broken, _SHOWN)
        yield f"{count} excluded: {names}. Delete or repair them with git update-ref"


def _on_default_branch(cursor: dict[str, Any]) -> Iterator[str]:
    branch, evidence = cursor.get("default_branch"), cursor.get("default_branch_evidence")
    is_head = evidence != DETACHED and branch == cursor.get("head_branch")
    if evidence not in _BRANCH_NOTES or is_head:
        return
    note = _BRANCH_NOTES[evidence].format(branch=str(branch).removeprefix("refs/heads/"))
    yield note if evidence in {SETTING, TRACKER} else f"{note}. {_REMEDY}"


def exclusion_notes(sources: Iterable[ResolvedSource]) -> tuple[str, ...]:
    """Count the repositories that the entries of groups exclude, by group and reason."""
    reasons: dict[str, Counter[str]] = defaultdict(Counter)
    for source in sources:
        if isinstance(source, MemberExcluded):
            reasons[source.group][source.reason] += 1
    return tuple(
        f"{group}: {_counted(counts.total(), 'repositor', 'y', 'ies')} excluded ("
        + ", ".join(f"{reason} {count:,}" for reason, count in sorted(counts.items()))
        + "). `quarry plan` lists them."
        for group, counts in sorted(reasons.items())
    )


def excluded_members(sources: Iterable[ResolvedSource]) -> tuple[str, ...]:
    """List the repositories that the entries of groups exclude, each with its reason."""
    excluded = [source for source in sources if isinstance(source, MemberExcluded)]
    return tuple(f"{source.repository}: excluded ({source.reason})." for source in excluded)


def _counted(count: int, word: str, singular: str, plural: str) -> str:
    return f"{count:,} {word}{singular if count == 1 else plural}"
