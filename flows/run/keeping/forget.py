"""Remove the names and addresses of a person from a home folder."""

from __future__ import annotations

import secrets
import shutil
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import polars as pl

from flows.run.lock import sole_run
from flows.run.publish import rebuild_locked
from flows.settings.settings import SettingsError
from flows.settings.workspace import context_of
from miners import store
from miners.forgotten import KINDS, Forgotten, read_forgotten, remembered, write_forgotten
from miners.store_check import damage
from warehouse.exports.current import keep_current_alone
from warehouse.query.named_people import NamedPerson, all_figures, people_named
from warehouse.query.pseudonyms import pseudonym_key
from warehouse.seals.rewrite import rewrite_seals

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from flows.run.progress import RunProgress
    from flows.settings.workspace import Workspace
    from miners.store import BatchFile


@dataclass(frozen=True, kw_only=True)
class Forgetting:
    """What was forgotten and where, and what still has the name."""

    stands_for: str
    batch_count: int
    seal_count: int
    report_count: int
    changed_figures: int
    left: tuple[str, ...]


def forget(workspace: Workspace, person: str, progress: RunProgress) -> Forgetting:
    """
    Replace all names, addresses and logins of a person in store, seals, records and results.

    Shape:   the list of forgotten people is written first: what an interruption leaves is completed
             by the same command, and no later run stores the person again.
    Errors:  RunInProgress; SettingsError for nobody or several people; StoreDamaged.
    """
    context_of(workspace)
    with sole_run(workspace.runs):
        for error in damage(workspace.store):
            raise error
        before = all_figures(workspace.warehouse)
        forgotten = _remember(workspace, person)
        progress.stage("forgetting")
        folders = store.source_folders(workspace.store)
        batch_count = sum(_clean_source(folder, forgotten) for folder in folders)
        seal_count = rewrite_seals(workspace.seals, forgotten.in_seal)
        _clean_runs(workspace.runs, forgotten)
        reports = [path for path in workspace.reports.rglob("*") if path.is_file()]
        shutil.rmtree(workspace.reports, ignore_errors=True)
        rebuild_locked(workspace, progress)
        keep_current_alone(workspace.exports)
        changed = set(before) ^ set(all_figures(workspace.warehouse))
        write_forgotten(workspace.store, replace(forgotten, is_pending=False))
        return Forgetting(
            stands_for=_stand_in(forgotten, person),
            batch_count=batch_count,
            seal_count=seal_count,
            report_count=len(reports),
            changed_figures=len({row[:4] for row in changed}),
            left=tuple(_left(workspace, forgotten)),
        )


def _remember(workspace: Workspace, person: str) -> Forgotten:
    """Write the person into the list; or return the list that an interrupted command left."""
    known = replace(read_forgotten(workspace.store), key=pseudonym_key(workspace.home))
    found = people_named(workspace.warehouse, person)
    is_known = any(known.person(kind, person) for kind in KINDS)
    if is_known and not found:
        return known  # again, or after an interruption: what is left is replaced
    if known.is_pending and is_known:
        return known
    if known.is_pending:
        raise SettingsError(
            "another person is not forgotten completely. Run the interrupted command again first."
        )
    if len(found) != 1:
        raise SettingsError(_problem(person, found))
    listed = {"address": found[0].addresses, "name": found[0].names, "login": found[0].logins}
    named = {kind: texts or [] for kind, texts in listed.items()}
    forgotten = remembered(known, secrets.token_hex(4), named)
    write_forgotten(workspace.store, forgotten)
    return forgotten


def _stand_in(forgotten: Forgotten, text: str) -> str:
    named = (forgotten.person(kind, text) for kind in KINDS)
    return next(filter(None, named), forgotten.people[-1]).name


def _problem(person: str, found: list[NamedPerson]) -> str:
    if not found:
        return (
            f'{person!r}: nobody has this name, address, login or pseudonym. `quarry query "from '
            'facts.people"` lists all people.'
        )
    names = ", ".join(one.person_id for one in found)
    return f"{person!r}: {len(found)} people have this name: {names}. Name one of these."


def _clean_source(folder: Path, forgotten: Forgotten) -> int:
    """Write the batches of a source without the person; return how many changed."""
    changed = 0
    for batch in store.finished_in(folder):
        files = tuple(_clean_file(batch.folder, file, forgotten) for file in batch.receipt.files)
        if files != batch.receipt.files:
            store.write_receipt(batch.folder, replace(batch.receipt, files=files))
            changed += 1
        kept = {store.RECEIPT, *(file.name for file in files)}
        for path in batch.folder.iterdir():
            if path.name not in kept:
                path.unlink()
    return changed


def _clean_file(folder: Path, file: BatchFile, forgotten: Forgotten) -> BatchFile:
    """Write a file of a batch again under another name, if it has the person."""
    rows = pl.read_parquet(folder / file.name)
    cleaned = forgotten.frame(rows)
    if cleaned.equals(rows):
        return file
    name = f"{file.name.split('.')[0]}.{secrets.token_hex(4)}.parquet"
    cleaned.write_parquet(folder / name, compression="zstd")
    store.sync(folder / name)
    size, sha256 = (folder / name).stat().st_size, store.sha256_of(folder / name)
    return replace(file, name=name, bytes=size, sha256=sha256)


def _clean_runs(runs: Path, forgotten: Forgotten) -> None:
    for path in runs.glob("*.json"):
        text = path.read_text("utf-8", errors="replace")
        cleaned = forgotten.json(text)
        if cleaned != text:
            store.write_atomically(path, cleaned)


def _left(workspace: Workspace, forgotten: Forgotten) -> Iterator[str]:
    """Name what still has the person, and what to do about it."""
    if workspace.mirrors.is_dir() and any(workspace.mirrors.iterdir()):
        yield (
            f"{workspace.mirrors}: copies of the repositories, with the commits as they are there. "
            "Delete the folder to have none: the next run fetches it again, and stores nothing of "
            "this person. Only who rewrites the repository itself removes the name from it"
        )
    named = workspace.settings.people.mailmap
    files = [workspace.file, named and workspace.base / named]
    for path in files:
        if path and path.is_file():
            text = path.read_text("utf-8", errors="replace")
            if forgotten.text(text) != text:
                yield f"{path}: names this person. Edit it"
    if (workspace.home / "prefect").is_dir():
        yield f"{workspace.home / 'prefect'}: records of Prefect. Delete the folder if it is to go"
    yield "Backups, copies of exports and reports elsewhere, and the sources themselves"
