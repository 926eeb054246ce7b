"""Extract typed fields from a response; reject records that do not fit."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, date, datetime
from functools import cache
from typing import TYPE_CHECKING, Any

from miners.errors import MalformedRecord
from miners.records import RECORDS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

PERSON, BOT, GHOST = "person", "bot", "ghost"
Raw = dict[str, Any]
Row = tuple[Any, ...]
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_BEYOND = 1 << 63
# Shared: json.dumps creates an encoder for every call with options.
_as_received = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def text(raw: Mapping[str, Any], name: str) -> str | None:
    """Return a text, or None if there is none."""
    value = _typed(raw, name, str)
    return None if value is None else encodable(value)


def needed_text(raw: Mapping[str, Any], name: str) -> str:
    """Return a text; it must be there."""
    return str(_needed(text(raw, name), raw, name))


def number(raw: Mapping[str, Any], name: str) -> int | None:
    """Return an integer of up to 64 bits, or None if there is none."""
    value: int | None = _typed(raw, name, int)
    if value is not None and not -_BEYOND <= value < _BEYOND:
        raise malformed(raw, f"{name} is {_shown(value)}")
    return value


def needed_number(raw: Mapping[str, Any], name: str) -> int:
    """Return an integer; it must be there."""
    return int(_needed(number(raw, name), raw, name))


def identifier(raw: Mapping[str, Any], name: str = "id") -> str:
    """Return an identifier, a number or a text; it must be there."""
    value = raw.get(name)
    if isinstance(value, bool) or not isinstance(value, (int, str)):
        raise malformed(raw, f"{name} is {_shown(value)}")
    return encodable(str(value))


def optional_identifier(raw: Mapping[str, Any], name: str = "id") -> str | None:
    """Return an identifier, a number or a text, or None if there is none."""
    return None if raw.get(name) is None else identifier(raw, name)


def key_of(raw: Mapping[str, Any], name: str = "id") -> str:
    """Return the identifier of a record, or a hash of its content if it has none."""
    value = raw.get(name)
    if isinstance(value, (int, str)):
        return str(value)
    return hashlib.sha256(json.dumps(raw, sort_keys=True).encode()).hexdigest()[:16]


def flag(raw: Mapping[str, Any], name: str) -> bool | None:
    """Return a boolean, or None if it is not stated."""
    value: bool | None = _typed(raw, name, bool)
    return value


def instant(raw: Mapping[str, Any], name: str) -> int | None:
    """
    Return an instant, or None if there is none.

    Units:   microseconds since 1970 in UTC.
    Errors:  MalformedRecord.
    """
    value = text(raw, name)
    if value is None:
        return None
    try:
        return microseconds(value)
    except ValueError:
        raise malformed(raw, f"{name} is {_shown(value)}, which is no instant") from None


def day(raw: Mapping[str, Any], name: str) -> str | None:
    """
    Return a day, or that of an instant, or None if there is none.

    Shape:   YYYY-MM-DD.
    Errors:  MalformedRecord.
    """
    value = text(raw, name)
    try:
        return None if not value else date.fromisoformat(value[:10]).isoformat()
    except ValueError:
        raise malformed(raw, f"{name} is {_shown(value)}, which is no day") from None


def needed_instant(raw: Mapping[str, Any], name: str) -> int:
    """Return an instant; it must be there."""
    return int(_needed(instant(raw, name), raw, name))


def microseconds(stamp: str) -> int:
    """Parse an ISO 8601 instant; one without a zone is in UTC."""
    parsed = datetime.fromisoformat(stamp)
    aware = parsed if parsed.tzinfo else parsed.replace(tzinfo=UTC)
    elapsed = aware - _EPOCH
    return (elapsed.days * 86_400 + elapsed.seconds) * 1_000_000 + elapsed.microseconds


def part(raw: Mapping[str, Any], name: str) -> Raw:
    """Return an object within a response; an empty one if there is none."""
    value: Raw | None = _typed(raw, name, dict)
    return value or {}


def parts(raw: Mapping[str, Any], name: str) -> list[Raw]:
    """Return a list of objects within a response; an empty one if there is none."""
    values = _typed(raw, name, list) or []
    if not all(isinstance(value, dict) for value in values):
        raise malformed(raw, f"{name} holds {_shown(values)}")
    return list(values)


def names(values: Iterable[str | None]) -> str:
    """Return names as a sorted JSON array."""
    return json.dumps(sorted(value for value in values if value), ensure_ascii=False)


def payload(raw: Mapping[str, Any], *, is_kept: bool) -> str | None:
    """Return a response as received, in JSON, if the settings keep it."""
    if not is_kept:
        return None
    written = _as_received(raw)
    return written if _is_encodable(written) else json.dumps(raw, separators=(",", ":"))


def row(record: str, facts: Mapping[str, Any]) -> Row:
    """Return values in the order of a record's fields; each must be there, and no other."""
    fields = _names(record)
    if len(facts) != len(fields):
        raise KeyError(f"{record}: {sorted({*fields} ^ facts.keys())}")
    return tuple(map(facts.__getitem__, fields))


def malformed(raw: object, reason: str) -> MalformedRecord:
    """Return the error that rejects a record with its payload."""
    return MalformedRecord(reason, json.dumps(raw, default=str).encode())


def encodable(value: str) -> str:
    """Replace unpaired surrogates, which JSON allows and UTF-8 does not, and NUL."""
    if not _is_encodable(value):
        value = value.encode("utf-8", "replace").decode()
    return value.replace("\0", "\N{SYMBOL FOR NULL}")


@cache
def _names(record: str) -> tuple[str, ...]:
    return tuple(field.name for field in RECORDS[record].fields)


def _typed(raw: Mapping[str, Any], name: str, kind: type) -> Any:
    value = raw.get(name)
    if value is None:
        return None
    if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
        raise malformed(raw, f"{name} is {_shown(value)}")
    return value


def _needed(value: object, raw: Mapping[str, Any], name: str) -> Any:
    if value is None:
        raise malformed(raw, f"{name} is missing")
    return value


def _is_encodable(value: str) -> bool:
    # isascii() is cheap; any other text has to be encoded to find out.
    if value.isascii():
        return True
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return True


def _shown(value: object) -> str:
    return json.dumps(value, default=str)[:80]
