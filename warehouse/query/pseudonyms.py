"""Pseudonyms of e-mail addresses: keyed hashes, shown to others in their place."""

# ruff: noqa: S608 - what is put into SQL here is our own text, or quoted
from __future__ import annotations

import os
import secrets
from contextlib import suppress
from dataclasses import fields, is_dataclass, replace
from typing import TYPE_CHECKING, Any, TypeVar, cast

from miners.store import KEY_FILE, make_folder, sync
from warehouse.errors import WarehouseError
from warehouse.sql import literal, quoted

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping
    from pathlib import Path

    import duckdb

Thing = TypeVar("Thing")

_KEY_BYTES, _BLOCK = 32, 64
# An address alone needs no dot, as root@localhost has none; name@1.2.3 is a version. In a text, an
# address is in angle brackets or has a dot.
_ALONE = r"[^\s@/:<>]+@[^\s@/:<>\d][^\s@/:<>]*"
_IN_TEXT = r"<[^<>\s]+@[^<>\s]+>|[\p{L}\p{N}._%+-]+@(?:[\p{L}\p{N}-]+\.)+\p{L}{2,}"
# HMAC of RFC 2104, which DuckDB lacks.
_PSEUDONYM = """
    create or replace temp macro pseudonym(address) as
        'p-' || left(
            sha256(unhex({outer}) || unhex(sha256(unhex({inner}) || encode(lower(address))))), 16
        );
"""
_PADS = {"inner": 0x36, "outer": 0x5C}
# The longest address is replaced first: it may contain another. git@host is the user of a
# repository's address, and nobody's.
_MACROS = f"""
    create or replace temp macro shown_address(address) as
        case
            when starts_with(address, 'git@') then address
            when starts_with(address, '<') then '<' || pseudonym(trim(address, '<>')) || '>'
            else pseudonym(address)
        end;
    create or replace temp macro addresses_in(said) as
        list_transform(
            list_reverse_sort(
                list_transform(
                    regexp_extract_all(said, {literal(_IN_TEXT)}),
                    lambda address: {{'size': length(address), 'address': address}}
                )
            ),
            lambda sized: sized.address
        );
    create or replace temp macro shown_text(said) as
        case
            when not contains(said, '@') then said
            when regexp_full_match(said, {literal(_ALONE)}) then shown_address(said)
            else list_reduce(
                list_prepend(said, addresses_in(said)),
                lambda shown, address: replace(shown, address, shown_address(address))
            )
        end;
    create or replace temp macro shown_person(person) as
        case when contains(person, '@') then pseudonym(person) else person end;
    create or replace temp macro shown_email(address) as
        case when address = '' then address else pseudonym(address) end;
"""
_MACROS_OF_ALL = "".join(
    f"create or replace temp macro {name}(said) as said;"
    for name in ("shown_text", "shown_person", "shown_email")
)


def pseudonym_key(folder: Path) -> bytes:
    """
    Return the key of a home folder's pseudonyms, and make it at first use.

    Errors:  WarehouseError for a damaged file; OSError.
    """
    path = folder / KEY_FILE
    if not path.exists():
        _make_key(path)
    with suppress(ValueError):
        key = bytes.fromhex(path.read_text("ascii"))
        if len(key) == _KEY_BYTES:
            return key
    raise WarehouseError(
        f"{path}: not a key of pseudonyms. Restore it from a backup, or delete it: all pseudonyms "
        "change then."
    )


def _make_key(path: Path) -> None:
    """Write a new key, for its owner alone; of two at once the first one is kept."""
    make_folder(path.parent)
    new = path.with_name(f".{path.name}.{os.getpid()}")
    with open(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:  # noqa: PTH123 - with its mode
        file.write(f"{secrets.token_hex(_KEY_BYTES)}\n")
    sync(new)
    try:
        os.link(new, path)
    except FileExistsError:
        pass
    except OSError:
        new.rename(path)  # some file systems have no hard links
    new.unlink(missing_ok=True)
    sync(path.parent)


def define_pseudonyms(connection: duckdb.DuckDBPyConnection, folder: Path) -> None:
    """Define shown_text, shown_person and shown_email, by the settings of the build."""
    row = connection.execute("select are_addresses_shown from settings.exports").fetchone()
    if row and row[0]:
        connection.execute(_MACROS_OF_ALL)
        return
    pads = {name: _padded(pseudonym_key(folder), byte) for name, byte in _PADS.items()}
    connection.execute(_PSEUDONYM.format(**pads) + _MACROS)


def _padded(key: bytes, byte: int) -> str:
    return literal(bytes(other ^ byte for other in key.ljust(_BLOCK, b"\0")).hex())


def rows_without_addresses(rows: str, types: Mapping[str, str], plain: Collection[str] = ()) -> str:
    """Return a select of some rows with pseudonyms in place of all e-mail addresses."""
    texts = [name for name, kind in types.items() if kind == "VARCHAR" and name not in plain]
    replaced = ", ".join(f"{_shown(name, types)} as {quoted(name)}" for name in texts)
    return f"(select * replace ({replaced}) from {rows})" if texts else rows


def plain_columns(
    connection: duckdb.DuckDBPyConnection, rows: str, types: Mapping[str, str]
) -> frozenset[str]:
    """
    List the columns of some rows that are the same with pseudonyms.

    Planning the replacement in a column takes longer than reading a small table.
    """
    asked = [name for name, kind in types.items() if kind == "VARCHAR" and not _is_address(name)]
    if not asked:
        return frozenset()
    has_any = ", ".join(f"bool_or(contains({quoted(name)}, '@'))" for name in asked)
    found = connection.execute(f"select {has_any} from {rows}").fetchall()[0]
    return frozenset(name for name, has in zip(asked, found, strict=True) if not has)


def _shown(name: str, types: Mapping[str, str]) -> str:
    column = quoted(name)
    if _is_address(name):
        return f"shown_email({column})"
    if name == "person" or name.endswith("person_id"):
        return f"shown_person({column})"
    if name == "subject_id" and "subject_type" in types:
        return (
            f"case when starts_with(subject_type, 'person') then shown_person({column}) "
            f"else shown_text({column}) end"
        )
    return f"shown_text({column})"


def _is_address(name: str) -> bool:
    return name.endswith("_email")


def without_addresses(connection: duckdb.DuckDBPyConnection, folder: Path, thing: Thing) -> Thing:
    """Return a record with pseudonyms in place of the e-mail addresses in all its texts."""
    define_pseudonyms(connection, folder)
    texts = sorted(set(_texts(thing)))
    rows = connection.execute("select said, shown_text(said) from unnest($1) as t (said)", [texts])
    shown = {said: text for said, text in rows.fetchall() if said != text}
    return cast("Thing", _replaced(thing, shown)) if shown else thing


def _texts(thing: object) -> Iterator[str]:
    if isinstance(thing, str):
        yield from (thing,) if "@" in thing else ()
    else:
        for part in _parts(thing):
            yield from _texts(part)


def _parts(thing: object) -> Iterator[object]:
    if is_dataclass(thing):
        yield from (getattr(thing, field.name) for field in fields(thing))
    elif isinstance(thing, dict):
        yield from (*thing, *thing.values())
    elif isinstance(thing, tuple | list):
        yield from thing


def _replaced(thing: Any, shown: Mapping[str, str]) -> Any:  # noqa: ANN401 - any part of a record
    if isinstance(thing, str):
        return shown.get(thing, thing)
    if is_dataclass(thing) and not isinstance(thing, type):
        changed = {
            f.name: _replaced(getattr(thing, f.name), shown) for f in fields(thing) if f.init
        }
        return replace(thing, **changed)
    if isinstance(thing, dict):
        return {_replaced(k, shown): _replaced(v, shown) for k, v in thing.items()}
    if isinstance(thing, tuple | list):
        return type(thing)(_replaced(part, shown) for part in thing)
    return thing
