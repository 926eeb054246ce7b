"""The comment at the head of an SQL file: what it is, its judgement calls, its grain."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from warehouse.errors import ModelFailed

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

BY_QUARTER = "by quarter"
WHOLE = "whole"


@dataclass(frozen=True)
class Header:
    """What an SQL file says of itself."""

    title: str
    prose: tuple[str, ...]
    grain: tuple[str, ...]
    export: str | None


def parse_header(path: Path, sql: str) -> Header:
    """
    Read the comment lines before the first line of SQL.

    Shape:   the first paragraph is the title, the others the prose; `grain:` and `export:` lines
             stand for themselves.
    Errors:  ModelFailed when there is no title, or an export that does not exist.
    """
    lines = _comment_lines(sql)
    facts = {word: _fact(lines, word) for word in ("grain", "export")}
    paragraphs = _paragraphs(line for line in lines if not line.startswith(("grain:", "export:")))
    if not paragraphs:
        raise ModelFailed(path, "expected a comment in the first lines that says what this is")
    if facts["export"] not in {None, BY_QUARTER, WHOLE}:
        raise ModelFailed(path, f"expected `export: {BY_QUARTER}` or `export: {WHOLE}`")
    grain = tuple(name.strip() for name in (facts["grain"] or "").split(",") if name.strip())
    return Header(paragraphs[0], tuple(paragraphs[1:]), grain, facts["export"])


def _comment_lines(sql: str) -> list[str]:
    lines = []
    for line in sql.lstrip("\ufeff").splitlines():
        if not line.startswith("--"):
            break
        lines.append(line.removeprefix("--").strip())
    return lines


def _fact(lines: list[str], word: str) -> str | None:
    return next(
        (line.removeprefix(f"{word}:").strip() for line in lines if line.startswith(f"{word}:")),
        None,
    )


def _paragraphs(lines: Iterable[str]) -> list[str]:
    paragraphs: list[list[str]] = [[]]
    for line in lines:
        if line:
            paragraphs[-1].append(line)
        else:
            paragraphs.append([])
    return [" ".join(words) for words in paragraphs if words]
