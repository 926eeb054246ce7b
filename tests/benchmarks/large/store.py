"""Store with the generated rows: a batch per source, then ten commits."""

from __future__ import annotations

from datetime import timedelta

from miners.store import BatchFile, Receipt, sha256_of, source_folder, write_receipt
from warehouse.sql import literal

# Ten commits on the default branch of one repository, made of its last ones.
TEN = """
    create temp table ten as
    with last as (
        select *, row_number() over (order by committed_at desc, commit_hash) as number
        from raw.commits
        where source = $1 and committed_at < '2026-01-01' and parent_hashes not like '% %'
        order by number
        limit 10
    )
    select
        * replace (
            sha1(commit_hash || '+') as commit_hash,
            coalesce(
                lag(sha1(commit_hash || '+')) over (order by number),
                (select default_branch_hash from raw.repositories where source = $1)
            ) as parent_hashes,
            observed_at + interval 1 day as observed_at
        ),
        commit_hash as made_of
    from last
"""
MORE = {
    "commits": "select * exclude (number, made_of) from ten",
    "commit_files": """
        select files.* replace (ten.commit_hash as commit_hash, ten.observed_at as observed_at)
        from raw.commit_files as files
        inner join ten on files.source = ten.source and files.commit_hash = ten.made_of
    """,
    "reachability": """
        select known.* replace (ten.commit_hash as commit_hash, ten.observed_at as observed_at)
        from (
            select distinct on (scope) * from raw.reachability
            where source = (select any_value(source) from ten) and is_reachable
        ) as known
        cross join ten
    """,
    "repositories": """
        select
            known.* replace (
                (select arg_max(commit_hash, number) from ten) as default_branch_hash,
                known.observed_at + interval 1 day as observed_at
            )
        from raw.repositories as known
        where known.source = (select any_value(source) from ten)
    """,
}


def write_store(connection, store):
    """Write what the raw tables hold, a batch of each source, and name the sources."""
    batches = connection.execute(
        "select source, min(observed_at) from raw.batches group by source order by source"
    ).fetchall()
    tables = connection.execute(
        "select table_name from meta.raw_tables where row_count > 0 and table_name != 'batches'"
    ).fetchall()
    for source, observed_at in batches:
        selects = {
            table: f"select * from raw.{table} where source = {literal(source)}"
            for (table,) in tables
        }
        _write_batch(connection, store, (source, 1, observed_at), selects)
    return [source for source, _ in batches]


def write_ten_commits(connection, store, source):
    """Write a second batch of a source."""
    connection.execute(TEN, [source])
    observed_at = connection.execute("select max(observed_at) from ten").fetchone()[0]
    _write_batch(connection, store, (source, 2, observed_at), MORE)


def _write_batch(connection, store, named, selects):
    source, number, observed_at = named
    folder = source_folder(store, source) / f"{number:06}"
    folder.mkdir(parents=True)
    files = []
    for record, select in selects.items():
        path = folder / f"{record}-0001.parquet"
        connection.execute(
            f"copy (select * exclude (batch) from ({select})) to {literal(str(path))} "
            "(format parquet, compression zstd)"
        )
        query = f"select count(*) from {literal(str(path))}"
        rows = connection.execute(query).fetchone()[0]
        files.append(
            BatchFile(
                record=record,
                name=path.name,
                rows=rows,
                bytes=path.stat().st_size,
                sha256=sha256_of(path),
            )
        )
    files = tuple(file for file in files if file.rows)
    receipt = Receipt(
        source=source,
        batch=number,
        run_id="run",
        observed_at=observed_at + timedelta(0),
        cursor={},
        files=files,
    )
    write_receipt(folder, receipt)
