"""
Lines of .gitattributes files that call paths generated or vendored.

Source:  gitattributes(5), gitignore(5) for its patterns, and the attributes of Linguist, with which
         hosts hide files in a diff.
"""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING, Any

from miners.git.attribute_patterns import path_matcher
from miners.git.command import one_per_line
from miners.git.objects import read_objects
from miners.git.trees import list_paths
from miners.text import decode_path

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from miners.git.command import SafeGit

    Row = tuple[Any, ...]
    Macros = Mapping[str, tuple[str, ...]]

ATTRIBUTES = ("linguist-generated", "linguist-vendored")
_FILE = b".gitattributes"
_MACRO = "[attr]"
# git ignores longer lines.
_MOST_BYTES = 2048
_LINE = re.compile(r'(?:"((?:[^"\\]|\\.)*)"|([^\s"]\S*))\s+(.*)')


def read_path_attributes(git: SafeGit, commit: str | None) -> tuple[str | None, list[Row]]:
    """
    Read the lines of all .gitattributes files of a commit that call paths generated or vendored.

    Shape:   a hash of the lines, null if there are none, and rows of the record path_attributes:
             those of deeper folders later, because they have precedence.
    """
    files = sorted(_files(git, commit), key=lambda file: (file[0].count("/"), file[0]))
    texts = _contents(git, [blob for _, blob in files])
    macros = _macros(texts[0]) if files and not files[0][0] else {}
    rows = [
        row
        for (folder, _), text in zip(files, texts, strict=True)
        for row in _rows(folder, text, macros)
    ]
    if not rows:
        return None, []
    attributes_hash = hashlib.sha256(repr(rows).encode()).hexdigest()
    return attributes_hash, [(attributes_hash, n, *row) for n, row in enumerate(rows, start=1)]


def _files(git: SafeGit, commit: str | None) -> Iterator[tuple[str, str]]:
    """Yield the folder and the blob of each file, the folder with a slash at its end."""
    if commit is None:
        return
    for facts, path in list_paths(git, commit):
        folder, _, name = path.rpartition(b"/")
        if name == _FILE and facts.startswith(b"100"):
            text, _ = decode_path(folder)
            yield f"{text}/" if text else "", facts.split()[2].decode("ascii")


def _contents(git: SafeGit, blobs: list[str]) -> list[str]:
    if not blobs:
        return []
    with git.stream("cat-file", "--batch", stdin=one_per_line(blobs)) as output:
        return [raw.decode("utf-8", "replace") for _, _, raw in read_objects(output)]


def _lines(text: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield the pattern and the words of each line."""
    for line in text.split("\n"):
        match = _LINE.fullmatch(line.strip())
        if match and not line.lstrip().startswith("#") and len(line.encode()) <= _MOST_BYTES:
            quoted = match[1]
            pattern = match[2] if quoted is None else re.sub(r"\\(.)", r"\1", quoted)
            yield pattern, tuple(match[3].split())


def _macros(text: str) -> Macros:
    """Return the words that each attribute stands for; only the top folder may define them."""
    return {
        pattern.removeprefix(_MACRO): words
        for pattern, words in _lines(text)
        if pattern.startswith(_MACRO)
    }


def _rows(folder: str, text: str, macros: Macros) -> Iterator[Row]:
    for pattern, words in _lines(text):
        match = None if pattern.startswith(_MACRO) else path_matcher(folder, pattern)
        if match is not None:
            for attribute, is_set in _settings(words, macros):
                yield attribute, is_set, *match


def _settings(words: Iterable[str], macros: Macros) -> Iterator[tuple[str, bool | None]]:
    """Yield each attribute that a line sets: true, false, or null where nothing is said again."""
    for word in words:
        yield from _settings(macros.get(word, ()), {})
        name, _, value = word.lstrip("-!").partition("=")
        if name in ATTRIBUTES and value in {"", "true", "false"}:
            is_set = not word.startswith("-") and value != "false"
            yield name, None if word.startswith("!") else is_set
