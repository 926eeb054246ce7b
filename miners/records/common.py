"""What any kind of source can yield beside its own records."""

from __future__ import annotations

from miners.records.schema import BOOLEAN, BYTES, TEXT, Field, Record

REJECTS = Record(
    name="rejects",
    meaning="Something a miner met and could not understand, set aside whole.",
    key=("record", "record_key"),
    fields=(
        Field("record", TEXT, "Kind of record it should have become."),
        Field("record_key", TEXT, "What names it at its source."),
        Field("reason", TEXT, "Why it was set aside."),
        Field("payload", BYTES, "What was received."),
    ),
)

TOMBSTONES = Record(
    name="tombstones",
    meaning="Something that was there once and is not any more, or is there again.",
    key=("record", "record_key"),
    is_versioned=True,
    fields=(
        Field("record", TEXT, "Kind of record it was."),
        Field("record_key", TEXT, "Its natural key, the parts joined by a slash."),
        Field("is_gone", BOOLEAN, "Whether it was gone when observed; false once it came back."),
        Field("fate", TEXT, "deleted, transferred, hidden or removed; null while it is there."),
        Field("moved_to", TEXT, "Where it went, as the tracker says; null if nowhere known."),
    ),
)
