"""
Decode commit and tag objects from git's bytes.

Source:  the object formats in gitformat(5); git cat-file --batch prints them unchanged.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import IO, TYPE_CHECKING, Any, NamedTuple

from miners.errors import MalformedRecord
from miners.git.command import GitFailed
from miners.text import GIT_SPACE, decode, is_exact, is_usable

if TYPE_CHECKING:
    from collections.abc import Iterator

# The last second of the year 9999: neither Python nor most readers of Parquet go beyond it.
_LAST_SECOND = 253_402_300_799
_FIRST_SECOND = -62_135_596_800
_MOST_OFFSET_MINUTES = 18 * 60
# More digits than any usable time has; Python limits the digits that it converts.
_MOST_DIGITS = 20
_NAMES = re.compile(rb"(?:(?:[0-9a-f]{64}|[0-9a-f]{40}) ?)*")
_SECONDS = re.compile(rb"-?\d+")
_OFFSET = re.compile(rb"([+-])(\d{2})(\d{2})")
_ROLES = ("author", "committer")
_SIGNATURE_HEADERS = (b"gpgsig", b"gpgsig-sha256")
# The continuation lines of a header, such as a signature.
_CONTINUED = re.compile(rb"\n .*")
_BLANK_LINES = re.compile(r"(?:[ \t\r]*\n)*")
_BLANK_LINE = re.compile(r"\n[ \t\r]*(?:\n|\Z)")
_SIGNATURE_IN_TAG = re.compile(rb"^-----BEGIN (?:PGP|SSH|SIGNED)[A-Z ]*-----$", re.MULTILINE)


class Signature(NamedTuple):
    """Name, address and time of an author, committer or tagger line."""

    name: str
    email: str
    instant_us: int | None
    offset_minutes: int | None
    anomalies: tuple[str, ...]


def read_objects(stream: IO[bytes]) -> Iterator[tuple[str, str, bytes]]:
    """
    Yield (name, kind, bytes) of each object that git cat-file --batch prints.

    Errors:  GitFailed if an object is missing or cut off.
    """
    while header := stream.readline():
        name, _, rest = header.decode("ascii").rstrip("\n").partition(" ")
        kind, _, size = rest.partition(" ")
        if not size:
            raise GitFailed("cat-file", 0, f"missing object {name}")
        content = stream.read(int(size) + 1)
        if len(content) != int(size) + 1:
            raise GitFailed("cat-file", 0, f"corrupt output: object {name} is cut off")
        yield name, kind, content[:-1]


def parse_commit(name: str, raw: bytes, fallback: str) -> tuple[Any, ...]:
    """
    Decode a commit object into the fields of the record `commits`.

    Errors:  MalformedRecord if it has no tree, or a name of an object is none.
    """
    headers, message = _split(raw)
    if b"tree" not in headers:
        raise MalformedRecord("no tree header", raw)
    declared = headers.get(b"encoding", [b""])[0].decode("ascii", "backslashreplace") or None
    author = parse_signature(headers.get(b"author", [b""])[0], "author", declared, fallback)
    committer = parse_signature(
        headers.get(b"committer", [b""])[0], "committer", declared, fallback
    )
    text = decode(message, declared, fallback)
    subject, body = split_message(text)
    anomalies = [*author.anomalies, *committer.anomalies, *_header_anomalies(headers, declared)]
    if not is_exact(text, message):
        anomalies.append("recoded_message")
    return (
        name,
        _names(headers[b"tree"][:1], raw),
        _names(headers.get(b"parent", []), raw),
        author.name,
        author.email,
        author.instant_us,
        author.offset_minutes,
        committer.name,
        committer.email,
        committer.instant_us,
        committer.offset_minutes,
        subject,
        body,
        declared,
        any(header in headers for header in _SIGNATURE_HEADERS),
        " ".join(anomalies) or None,
        raw if anomalies else None,
    )


def parse_tag(name: str, raw: bytes, fallback: str) -> tuple[Any, ...]:
    """
    Decode an annotated tag object into the fields of the record `tags`.

    Errors:  MalformedRecord if it names no object, or by no name of one.
    """
    headers, message = _split(raw)
    if b"object" not in headers or b"type" not in headers:
        raise MalformedRecord("no object or type header", raw)
    signature = _SIGNATURE_IN_TAG.search(message)
    unsigned = message[: signature.start()] if signature else message
    text = decode(unsigned, None, fallback)
    tag_name = decode(headers.get(b"tag", [b""])[0], None, fallback)
    line = headers.get(b"tagger", [None])[0]
    tagger = parse_signature(line, "tagger", None, fallback) if line is not None else None
    anomalies = [*(tagger.anomalies if tagger else ())]
    if not is_exact(text, unsigned):
        anomalies.append("recoded_message")
    return (
        name,
        tag_name,
        _names(headers[b"object"][:1], raw),
        headers[b"type"][0].decode("ascii", "backslashreplace"),
        tagger.name if tagger else None,
        tagger.email if tagger else None,
        tagger.instant_us if tagger else None,
        tagger.offset_minutes if tagger else None,
        text.strip("\n"),
        signature is not None,
        " ".join(anomalies) or None,
        raw if anomalies else None,
    )


def parse_signature(line: bytes, role: str, declared: str | None, fallback: str) -> Signature:
    """
    Parse the name, address and time of an author, committer or tagger line.

    Whatever is missing or odd is null or empty and listed in the anomalies; nothing is dropped. As
    in git, the address is in the first brackets and the time follows the last one.
    """
    opening, end = line.find(b"<"), line.rfind(b">") + 1
    person, when = (line[:end], line[end:]) if 0 <= opening < end else (line, b"")
    name, email, is_well_formed, is_plain = _parse_person(person, declared, fallback)
    digits, zone, *_ = (*when.split(), b"", b"")
    instant_us, time_anomaly = _parse_instant(digits)
    offset_minutes, offset_anomaly = _parse_offset(zone)
    words = (
        "" if is_well_formed and b"<" not in when else "malformed",
        "" if is_plain else "recoded",
        time_anomaly,
        offset_anomaly,
    )
    anomalies = tuple(f"{word}_{role}" for word in words if word)
    return Signature(name, email, instant_us, offset_minutes, anomalies)


# Few people make most of a history.
@lru_cache(maxsize=4096)
def _parse_person(raw: bytes, declared: str | None, fallback: str) -> tuple[str, str, bool, bool]:
    """Return name and address, whether they are well formed, and whether they are exact."""
    raw_name, opening, rest = raw.partition(b"<")
    raw_email, closing, _ = rest.partition(b">")
    raw_name, raw_email = raw_name.strip(), raw_email.strip()
    name, email = decode(raw_name, declared, fallback), decode(raw_email, declared, fallback)
    is_well_formed = bool(opening and closing) and raw.count(b"<") == raw.count(b">") == 1
    return name, email, is_well_formed, is_exact(name, raw_name) and is_exact(email, raw_email)


def split_message(text: str) -> tuple[str, str]:
    """Split a message as git does: the first paragraph on one line, and the rest."""
    start = _end_of_blanks(text, 0)
    blank = _BLANK_LINE.search(text, start)
    end, after = blank.span() if blank else (len(text), len(text))
    subject = " ".join(line.rstrip(GIT_SPACE) for line in text[start:end].split("\n"))
    body = text[_end_of_blanks(text, after) :].rstrip("\n")
    return subject, body if body.strip(GIT_SPACE) else ""


def _end_of_blanks(text: str, start: int) -> int:
    blanks = _BLANK_LINES.match(text, start)
    return blanks.end() if blanks else start


def _split(raw: bytes) -> tuple[dict[bytes, list[bytes]], bytes]:
    head, _, message = raw.partition(b"\n\n")
    headers: dict[bytes, list[bytes]] = {}
    for line in _CONTINUED.sub(b"", head).split(b"\n"):
        key, _, value = line.partition(b" ")
        headers.setdefault(key, []).append(value)
    return headers, message


def _names(values: list[bytes], raw: bytes) -> str:
    """Join names of objects by spaces."""
    names = b" ".join(values)
    if not _NAMES.fullmatch(names):
        raise MalformedRecord("a header without the name of an object", raw)
    return names.decode("ascii")


def _header_anomalies(headers: dict[bytes, list[bytes]], declared: str | None) -> list[str]:
    repeated = [f"repeated_{role}" for role in _ROLES if len(headers.get(role.encode(), ())) > 1]
    return [*repeated, "unknown_encoding"] if declared and not is_usable(declared) else repeated


def _parse_instant(digits: bytes) -> tuple[int | None, str]:
    if not _SECONDS.fullmatch(digits):
        return None, "no_time"
    seconds = int(digits[:_MOST_DIGITS])
    if not _FIRST_SECOND <= seconds <= _LAST_SECOND:
        return None, "time_out_of_range"
    return seconds * 1_000_000, "time_before_1970" if seconds < 0 else ""


@lru_cache(maxsize=256)
def _parse_offset(zone: bytes) -> tuple[int | None, str]:
    match = _OFFSET.fullmatch(zone)
    if match is None:
        return None, "odd_zone"
    minutes = int(match[2]) * 60 + int(match[3])
    if minutes > _MOST_OFFSET_MINUTES:
        return None, "odd_zone"
    return (-minutes if match[1] == b"-" else minutes), ""
