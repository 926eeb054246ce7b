"""Forgotten people: replace their names and addresses in everything that is stored."""

from __future__ import annotations

import hashlib
import hmac
import json
import re
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import polars as pl

from miners.errors import SourceDenied
from miners.store import KEY_FILE, write_atomically

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

# In the store, so that a backup has it. It has no name: keyed hashes alone.
FILE = "forgotten.json"
FORMAT = 1
DOMAIN = "forgotten.invalid"
KINDS = ("name", "login", "address")
# Before the identifier of a forgotten person in a seal, whose rows differ from those of today.
SEALED = "sealed-"
_ADDRESS = re.compile(r"[^\s<>()\[\]\"'`,;:|]+@[^\s<>()\[\]\"'`,;:|]+")
_WORD = re.compile(r"\w+")
# Between the words of a name: a space, a comma, a hyphen, an initial's dot.
_BETWEEN = re.compile(r"[^\w\n<>@/\"]{1,3}")
# A name of one word is one where it names somebody; elsewhere it is a word like any other.
_MENTION = re.compile(r"@(\w[\w-]*)|(?:^|(?<=: ))(\w+)(?= <)")
_ALONE = re.compile(r"[^\s<>@\"]+")
NAMING_COLUMNS = frozenset(
    {
        *("author_name", "committer_name", "tagger_name", "proper_name", "commit_name"),
        *("old_value", "new_value", "attribute_value", "assignees", "person", "subject_id"),
    }
)
_NAMING_KEYS = frozenset({"login", "username", "name", "display_name", "nickname"})


@dataclass(frozen=True)
class Person:
    """A forgotten person: the substitute, and the hashes of names, logins and addresses."""

    stands_for: str
    hashes: tuple[str, ...]
    sizes: tuple[int, ...]

    @property
    def name(self) -> str:
        return f"Forgotten {self.stands_for}"

    @property
    def address(self) -> str:
        return f"{self.stands_for}@{DOMAIN}"

    @property
    def login(self) -> str:
        return f"forgotten-{self.stands_for}"


@dataclass(frozen=True)
class Forgotten:
    """All forgotten people, and whether a forgetting of one is not complete."""

    key: bytes = b""
    people: tuple[Person, ...] = ()
    is_pending: bool = False
    _by_hash: dict[str, Person] = field(default_factory=dict, compare=False)

    def __post_init__(self) -> None:
        self._by_hash.update({name: person for person in self.people for name in person.hashes})

    def __bool__(self) -> bool:
        return bool(self.people)

    def hash(self, kind: str, text: str) -> str:
        """Hash a name, a login or an address, whatever its case."""
        said = " ".join(words(text)) if kind == "name" else text.lower()
        return hmac.digest(self.key, f"{kind}:{said}".encode(), hashlib.sha256).hex()

    def person(self, kind: str, text: str) -> Person | None:
        """Return the forgotten person of a name, a login or an address."""
        return self._by_hash.get(self.hash(kind, text)) if text else None

    def text(self, said: str, *, names_somebody: bool = False) -> str:
        """Return a text without the names and addresses of forgotten people."""
        if names_somebody and (found := self._alone(said)):
            return found
        said = _ADDRESS.sub(self._address, said) if "@" in said else said
        said = _MENTION.sub(self._mention, said)
        for size in sorted({size for person in self.people for size in person.sizes}, reverse=True):
            said = self._without_names(said, size)
        return said

    def json(self, text: str, *, names_somebody: bool = False) -> str:
        """Return JSON without them, in any spelling of its characters; as it is if it has none."""
        try:
            value = json.loads(text)
        except (ValueError, RecursionError):
            return self.text(text, names_somebody=names_somebody)
        changed = self._json(value, names_somebody=names_somebody)
        return text if changed == value else json.dumps(changed, ensure_ascii=False)

    def frame(self, frame: pl.DataFrame) -> pl.DataFrame:
        """Return rows without them, in every text column that is not of the envelope."""
        changed = [
            column
            for name, kind in frame.schema.items()
            if name not in {"source", "run_id"} and kind in {pl.String, pl.Binary}
            if (column := self._column(frame[name])) is not None
        ]
        return frame.with_columns(changed)

    def in_seal(self, frame: pl.DataFrame) -> pl.DataFrame:
        """Return rows of a seal without them; others than in the store, as a restatement shows."""
        cleaned = self.frame(frame)
        if "subject_id" not in frame.columns or cleaned.equals(frame):
            return cleaned
        is_changed = cleaned["subject_id"] != frame["subject_id"]
        sealed = pl.when(is_changed).then(SEALED + pl.col("subject_id")).otherwise("subject_id")
        return cleaned.with_columns(sealed.alias("subject_id"))

    def _column(self, values: pl.Series) -> pl.Series | None:
        names_somebody = values.name in NAMING_COLUMNS or values.name.endswith("_login")
        distinct = values.drop_nulls().unique().to_list()
        pairs = ((said, self._value(said, names_somebody=names_somebody)) for said in distinct)
        changed = {said: text for said, text in pairs if said != text}
        if not changed:
            return None
        said = [changed.get(value, value) for value in values.to_list()]
        return pl.Series(values.name, said, dtype=values.dtype)

    def _value(self, said: Any, *, names_somebody: bool) -> Any:  # noqa: ANN401 - text or bytes
        if isinstance(said, bytes):
            text = said.decode("utf-8", "surrogateescape")
            return self._value(text, names_somebody=False).encode("utf-8", "surrogateescape")
        is_json = said[:1] in {"{", "["}
        return (self.json if is_json else self.text)(said, names_somebody=names_somebody)

    def _alone(self, said: str) -> str | None:
        if person := self.person("address", said):
            return person.address
        if person := self.person("name", said):
            return person.name
        person = self.person("login", said) if _ALONE.fullmatch(said) else None
        return person.login if person else None

    def _address(self, match: re.Match[str]) -> str:
        said = match[0].rstrip(".!?")
        person = self.person("address", said)
        return match[0] if person is None else person.address + match[0][len(said) :]

    def _mention(self, match: re.Match[str]) -> str:
        login, name = match[1], match[2]
        if login and (person := self.person("login", login)):
            return f"@{person.login}"
        if name and (person := self.person("name", name)):
            return person.name
        return match[0]

    def _without_names(self, said: str, size: int) -> str:
        found = list(_WORD.finditer(said))
        parts, start, number = [], 0, 0
        while number <= len(found) - size:
            window = found[number : number + size]
            person = self._named(said, window) if size > 1 else None
            if person:
                parts += [said[start : window[0].start()], person.name]
                start, number = window[-1].end(), number + size
            else:
                number += 1
        return "".join((*parts, said[start:])) if parts else said

    def _named(self, said: str, window: list[re.Match[str]]) -> Person | None:
        pairs = pairwise(window)
        if not all(_BETWEEN.fullmatch(said[a.end() : b.start()]) for a, b in pairs):
            return None
        return self.person("name", " ".join(match[0] for match in window))

    def _json(self, value: Any, *, names_somebody: bool) -> Any:  # noqa: ANN401 - any JSON
        if isinstance(value, str):
            return self.text(value, names_somebody=names_somebody)
        if isinstance(value, list):
            return [self._json(part, names_somebody=names_somebody) for part in value]
        if isinstance(value, dict):
            return {k: self._json(v, names_somebody=k in _NAMING_KEYS) for k, v in value.items()}
        return value


def words(text: str) -> list[str]:
    """List the words of a name in lower case; a name of signs alone is one word."""
    return _WORD.findall(text.lower()) or [text.lower()]


def read_forgotten(store: Path) -> Forgotten:
    """
    Read the list of forgotten people; empty if there is none.

    Errors:  SourceDenied for a damaged list or key: nothing is stored without it.
    """
    path, key = store / FILE, store.parent / KEY_FILE
    if not path.exists():
        return Forgotten()
    try:
        facts = json.loads(path.read_text("utf-8"))
        people = tuple(
            Person(said["stands_for"], tuple(said["hashes"]), tuple(said["sizes"]))
            for said in facts["people"]
        )
        if facts["format"] <= FORMAT:
            secret = bytes.fromhex(key.read_text("ascii"))
            return Forgotten(secret, people, facts["is_pending"])
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        pass
    remedy = f"Restore {path} and {key} from a backup"
    raise SourceDenied(str(path), "the list of forgotten people cannot be used", remedy)


def write_forgotten(store: Path, forgotten: Forgotten) -> None:
    """Write the list of forgotten people."""
    people = [
        {"stands_for": p.stands_for, "hashes": list(p.hashes), "sizes": list(p.sizes)}
        for p in forgotten.people
    ]
    facts = {"format": FORMAT, "is_pending": forgotten.is_pending, "people": people}
    write_atomically(store / FILE, json.dumps(facts, indent=1))


def remembered(
    forgotten: Forgotten, stands_for: str, named: Mapping[str, Iterable[str]]
) -> Forgotten:
    """Return a list with one more person, whose names are hashed by kind; not complete yet."""
    pairs = sorted({(kind, said) for kind, texts in named.items() for said in texts if said})
    sizes = {len(words(said)) for kind, said in pairs if kind == "name"}
    hashes = tuple(sorted({forgotten.hash(kind, said) for kind, said in pairs}))
    person = Person(stands_for, hashes, tuple(sorted(sizes)))
    return Forgotten(forgotten.key, (*forgotten.people, person), is_pending=True)
