"""The header comment of an SQL file: title, decisions, grain."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING

from warehouse.errors import ModelFailed

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

BY_QUARTER = "by quarter"
WHOLE = "whole"
_FACT = re.compile(r"([a-z_]+): +(.+)")


@dataclass(frozen=True, kw_only=True)
class Header:
    """The header of an SQL file; facts are its other lines `word: …`."""

    title: str
    prose: tuple[str, ...]
    grain: tuple[str, ...]
    export: str | None
    facts: Mapping[str, str] = field(default_factory=dict)


@cache
def parse_header(path: Path, sql: str) -> Header:
    """
    Read the comment lines before the first line of SQL.

    Shape:   the first paragraph is the title, the others are the prose; each line `word: …` is a
             fact, among them `grain:` and `export:`.
    Errors:  ModelFailed when there is no title, or an export that does not exist.
    """
    lines = _comment_lines(sql)
    facts = {word: value for word, value in map(_fact, lines) if word}
    paragraphs = _paragraphs(line for line in lines if not _fact(line)[0])
    if not paragraphs:
        raise ModelFailed(path, "expected a header comment with a title")
    export = facts.pop("export", None)
    if export not in {None, BY_QUARTER, WHOLE}:
        raise ModelFailed(path, f"expected `export: {BY_QUARTER}` or `export: {WHOLE}`")
    grain = tuple(name.strip() for name in facts.pop("grain", "").split(",") if name.strip())
    return Header(
        title=paragraphs[0], prose=tuple(paragraphs[1:]), grain=grain, export=export, facts=facts
    )


def _comment_lines(sql: str) -> list[str]:
    lines = []
    for line in sql.lstrip("\ufeff").splitlines():
        if not line.startswith("--"):
            break
        lines.append(line.removeprefix("--").strip())
    return lines


def _fact(line: str) -> tuple[str | None, str]:
    match = _FACT.fullmatch(line)
    return (match[1], match[2].strip()) if match else (None, line)


def _paragraphs(lines: Iterable[str]) -> list[str]:
    paragraphs: list[list[str]] = [[]]
    for line in lines:
        if line:
            paragraphs[-1].append(line)
        else:
            paragraphs.append([])
    return [" ".join(words) for words in paragraphs if words]
