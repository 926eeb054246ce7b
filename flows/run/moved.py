"""Recognise sources that moved, so that their history continues."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from flows.run.engines import LocalEngine
from flows.settings.environment import cores
from flows.settings.sources import Source, identity_of
from flows.settings.workspace import configured_sources, resolve_sources
from miners import store
from miners.errors import MiningError, SourceDenied, StoreDamaged
from miners.git.address import GitSource, short_name
from miners.git.continuity import Candidate, Kinship, has_left, stored_repository
from miners.known_sources import read_known_sources, write_known_sources
from miners.ledger.address import LedgerSource, ledger_id
from miners.text import shown_source

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from flows.run.job import Job
    from flows.settings.sources import ResolvedSource
    from miners.git.continuity import StoredRepository
    from miners.plan import MiningPlan


@dataclass(frozen=True, kw_only=True)
class _Match:
    """A new repository and a stored one with the same commits; better ones compare greater."""

    score: tuple[bool, bool, int]
    candidate: Candidate
    stored: StoredRepository
    is_certain: bool


@dataclass
class _Moves:
    """The addresses that continue a stored source, and the questions about others."""

    continued: dict[str, str] = field(default_factory=dict)
    questions: list[SourceDenied] = field(default_factory=list)


def resolve_moved(job: Job, plan: MiningPlan) -> tuple[list[ResolvedSource], tuple[str, ...]]:
    """
    List the sources of a job, those that moved with their former identity, and notes on them.

    Shape:   a source of which it is not certain whether it moved is an error with the commands
             that decide it.
    """
    resolved = resolve_sources(job.workspace, job.locations)
    new = [s for s in resolved if isinstance(s, Source) and _is_new(s, plan)]
    known = {identity_of(source) for source in resolved}
    known |= configured_sources(job.workspace) if job.locations else set()
    orphans = [name for name in store.sources(plan.store) if name not in known] if new else []
    if not orphans:
        return resolved, ()
    moves = _moves(new, orphans, plan, is_typed=bool(job.locations))
    known_sources = read_known_sources(plan.store)
    for identity, source in moves.continued.items():
        known_sources = known_sources.continuing(identity, source)
    if moves.continued:
        write_known_sources(plan.store, known_sources)
        resolved = resolve_sources(job.workspace, job.locations)
    asked = {question.source: question for question in moves.questions}
    notes = tuple(_note(identity, source) for identity, source in moves.continued.items())
    return [asked.get(identity_of(source), source) for source in resolved], notes


def _is_new(source: Source, plan: MiningPlan) -> bool:
    try:
        return store.latest(plan.store, source.id) is None
    except StoreDamaged:
        return False  # its mining names what is damaged


def _note(identity: str, source: str) -> str:
    moved, former = shown_source(identity), shown_source(source)
    return f"{moved}: it moved, and continues the history of {former}."


def _moves(
    new: Sequence[Source], orphans: Sequence[str], plan: MiningPlan, *, is_typed: bool
) -> _Moves:
    separate = read_known_sources(plan.store).separate
    moves = _Moves(_moved_ledgers([s for s in new if isinstance(s, LedgerSource)], orphans))
    repositories = [r for name in orphans if (r := stored_repository(plan.store, name))]
    gits = [s for s in new if isinstance(s, GitSource) and s.id not in separate]
    if gits and repositories:
        find = partial(_matches, repositories=repositories, plan=plan, is_typed=is_typed)
        attempts = LocalEngine(cores()).map(find, gits)
        _assign([match for attempt in attempts for match in attempt.result or ()], moves)
    return moves


def _moved_ledgers(new: Sequence[LedgerSource], orphans: Iterable[str]) -> dict[str, str]:
    """Match new ledgers in files with those that left their path, by its last part."""
    suffix = ledger_id("")
    left = [
        name
        for name in orphans
        if name.endswith(suffix)
        and Path(name).is_absolute()
        and not Path(name.removesuffix(suffix)).exists()
    ]
    by_name = Counter(Path(name).name for name in left)
    return {
        ledger.id: name
        for ledger in new
        for name in left
        if ledger.path
        and Path(name).name == ledger_id(ledger.path.name)
        and by_name[Path(name).name] == 1
    }


def _matches(
    source: GitSource, repositories: Sequence[StoredRepository], plan: MiningPlan, *, is_typed: bool
) -> list[_Match]:
    """List the stored repositories that a new one may continue; none if it cannot be read."""
    candidate = Candidate(source, plan)
    matches = []
    for stored in repositories:
        try:
            kinship = candidate.kinship(stored)
        except MiningError:
            return []  # its mining reports it
        if kinship is Kinship.NONE:
            continue
        is_same_place = source.location == stored.location
        is_free = is_same_place or has_left(stored, source, plan)
        # A copy or fork of a repository that is still there is a source of its own.
        if is_free or (kinship is Kinship.WHOLE and not is_typed):
            is_same_name = short_name(source.location) == stored.last_part
            score = (is_same_place, is_same_name, candidate.equal_refs(stored))
            is_certain = is_free and kinship is Kinship.WHOLE
            matches.append(
                _Match(score=score, candidate=candidate, stored=stored, is_certain=is_certain)
            )
    return matches


def _assign(matches: Sequence[_Match], moves: _Moves) -> None:
    """Give each new repository the stored one that fits best, each stored one once."""
    left = sorted(matches, key=lambda match: match.score, reverse=True)
    while left:
        best = left[0]
        rivals = [match for match in left if _is_rival(match, best)]
        equal = [match for match in rivals if match.score == best.score]
        identity = best.candidate.source.id
        if len(equal) == 1 and best.is_certain:
            moves.continued[identity] = best.stored.id
            best.candidate.leave_mirror_to(best.stored.id)
            left = [match for match in left if match not in rivals]
        else:
            moves.questions.append(_question(best))
            left = [match for match in left if match.candidate is not best.candidate]


def _is_rival(match: _Match, other: _Match) -> bool:
    return match.candidate is other.candidate or match.stored is other.stored


def _question(match: _Match) -> SourceDenied:
    new, old = match.candidate.source.id, match.stored.location
    return SourceDenied(
        new,
        f"it has commits of {old}, and it is not certain whether it is the same repository",
        f"If it is, run `quarry sources moved {old} {new}`, and if it is another one, "
        f"`quarry sources separate {new}`",
    )
