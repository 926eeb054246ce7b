"""Records that every kind of source can yield."""

from __future__ import annotations

from miners.records.schema import BOOLEAN, BYTES, TEXT, Field, Record

REJECTS = Record(
    name="rejects",
    meaning="A malformed record, rejected as a whole.",
    key=("record", "record_key"),
    fields=(
        Field("record", TEXT, "Kind of record that it should be."),
        Field("record_key", TEXT, "Its identifier at its source."),
        Field("reason", TEXT, "Why it was rejected."),
        Field("payload", BYTES, "What was received."),
    ),
)

TOMBSTONES = Record(
    name="tombstones",
    meaning="A record that was deleted, or restored.",
    key=("record", "record_key"),
    is_versioned=True,
    fields=(
        Field("record", TEXT, "Kind of record."),
        Field("record_key", TEXT, "Its natural key, the parts joined by a slash."),
        Field(
            "is_gone", BOOLEAN, "Whether it was deleted when observed; false once it was restored."
        ),
        Field("fate", TEXT, "deleted, transferred, hidden or removed; null while it exists."),
        Field("moved_to", TEXT, "Where it was moved, as the tracker states; null if not stated."),
    ),
)
