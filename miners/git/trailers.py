"""
Trailers of a commit message, such as Co-authored-by.

Source:  git-interpret-trailers(1). The last paragraph has them if all its lines are trailers, or if
         at least a quarter are and one is git's own. What git wrote below it about conflicts does
         not count.
"""

from __future__ import annotations

import re

from miners.text import GIT_SPACE

_TRAILER = re.compile(r"([A-Za-z0-9-]+)[ \t]*:(.*)")
_GIT_GENERATED = ("Signed-off-by: ", "(cherry picked from commit ")


def parse_trailers(body: str) -> list[tuple[str, str]]:
    """List the (token, value) pairs of a message's last paragraph, values on one line."""
    if ":" not in body:
        return []
    lines = _last_paragraph(body)
    blocks = _unfold(lines)
    trailers = [match for block in blocks if (match := _TRAILER.fullmatch(block))]
    other_lines = len(blocks) - len(trailers) - sum(b.startswith(_GIT_GENERATED[1]) for b in blocks)
    has_own = any(line.startswith(_GIT_GENERATED) for line in lines)
    is_block = other_lines == 0 or (has_own and (len(blocks) - other_lines) * 3 >= other_lines)
    return [(match[1], match[2].strip(GIT_SPACE)) for match in trailers] if is_block else []


def _last_paragraph(body: str) -> list[str]:
    lines = _without_conflicts(body.split("\n"))
    lines = [line for line in lines if not line.startswith("#")]
    while lines and not lines[-1].strip(GIT_SPACE):
        lines.pop()
    blank = max((i for i, line in enumerate(lines) if not line.strip(GIT_SPACE)), default=-1)
    return lines[blank + 1 :]


def _without_conflicts(lines: list[str]) -> list[str]:
    """Cut off the list of files with conflicts that older versions of git appended."""
    start = max((i for i, line in enumerate(lines) if line == "Conflicts:"), default=len(lines))
    rest = lines[start + 1 :]
    is_list = all(line.startswith(("\t", "#")) or not line for line in rest)
    return lines[:start] if is_list else lines


def _unfold(lines: list[str]) -> list[str]:
    blocks: list[str] = []
    for line in lines:
        if line[:1] in {" ", "\t", "\r"} and blocks:
            blocks[-1] = f"{blocks[-1].rstrip(GIT_SPACE)} {line.strip(GIT_SPACE)}"
        else:
            blocks.append(line)
    return blocks
