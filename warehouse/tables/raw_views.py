"""
Views of the raw tables: known rows, newest versions and deletions.

raw.<record>_known has the rows observed until known_at, or all where that variable is not set. The
variable is read when a view is queried. raw.<record>_current has the newest known version of each
row of a versioned record, with its deletion. A build creates only the views that a model reads.
"""

# ruff: noqa: S608 - what is put into SQL here is our own names, or quoted
from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from miners.records import RECORDS
from warehouse.sql import literal, quoted_list

if TYPE_CHECKING:
    from collections.abc import Iterator

    from miners.records import Record

KNOWN = "where observed_at <= coalesce(getvariable('known_at'), 'infinity'::timestamptz)"
# A tombstone is valid for the versions of its batch or before; a later version restores the record.
DELETIONS = f"""
with

versions as (

    select
        *,
        coalesce(
            lag(is_gone) over (
                partition by source, record, record_key
                order by batch
            ),
            false
        ) as was_gone
    from raw.tombstones
    {KNOWN}

),

newest as (

    select
        source,
        record,
        record_key,
        max(batch) as batch,
        arg_max(is_gone, batch) as is_gone,
        replace(arg_max(fate, batch), 'removed', 'deleted') as fate,
        max(observed_at) filter (where is_gone and not was_gone) as gone_noticed_at
    from versions
    group by source, record, record_key

)

select * exclude (is_gone) from newest
where is_gone
"""


@dataclass(frozen=True)
class RawView:
    """A view of the schema raw: its name, what a row is, its select."""

    name: str
    meaning: str
    sql: str


def raw_views() -> Iterator[RawView]:
    """List the views of all records, each after those that it reads."""
    yield RawView("deletions", "Deleted, transferred or hidden by its newest tombstone.", DELETIONS)
    for name in ("batches", *RECORDS):
        known = f"select * from raw.{name}\n{KNOWN}"
        yield RawView(f"{name}_known", f"The rows of raw.{name} that were known.", known)
    for record in RECORDS.values():
        if record.is_versioned:
            meaning = f"The newest known version of each row of raw.{record.name}."
            yield RawView(f"{record.name}_current", meaning, _current(record))


def _current(record: Record) -> str:
    newest = _newest(record)
    # What has no key is its source itself, which no tombstone names.
    if not record.key:
        return newest
    key = ", ".join(f"newest.{name}" for name in record.key)
    return f"""
select
    newest.*,
    deletions.record_key is not null as is_deleted,
    deletions.fate,
    deletions.gone_noticed_at
from ({newest}) as newest
left join raw.deletions as deletions
    on
        newest.source = deletions.source
        and deletions.record = {literal(record.name)}
        and deletions.record_key = concat_ws('/', {key})
        and newest.batch <= deletions.batch
"""


def _newest(record: Record) -> str:
    # The version that the tracker changed last, so that an outdated response that arrives late
    # does not replace it.
    is_dated = any(field.name == "updated_at" for field in record.fields)
    age = "(coalesce(updated_at, '-infinity'::timestamptz), batch)" if is_dated else "batch"
    key = quoted_list(("source", *record.key))
    return f"""
    select * from raw.{record.name}
    {KNOWN}
    qualify row_number() over (partition by {key} order by {age} desc) = 1
"""
