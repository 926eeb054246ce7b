"""
Parse the lines of a .mailmap file.

Source:  gitmailmap(5). There are four forms, in which an address in angle brackets ends each name:

    Proper Name <commit@email>
    <proper@email> <commit@email>
    Proper Name <proper@email> <commit@email>
    Proper Name <proper@email> Commit Name <commit@email>
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class MailmapLine:
    """One usable line; None keeps what is recorded, or matches anything."""

    line_number: int
    proper_name: str | None
    proper_email: str | None
    commit_name: str | None
    commit_email: str


def parse_mailmap(text: str) -> list[MailmapLine]:
    """Return the usable lines of a .mailmap; comments and malformed lines are skipped."""
    parsed = (_parse_line(number, line) for number, line in enumerate(text.split("\n"), start=1))
    return [line for line in parsed if line]


def _parse_line(number: int, line: str) -> MailmapLine | None:
    if line.startswith("#"):
        return None
    first = _name_and_email(line)
    if first is None or not first[1]:
        return None
    name, email, rest = first
    second = _name_and_email(rest)
    if second is None:
        return (
            MailmapLine(
                line_number=number,
                proper_name=name,
                proper_email=None,
                commit_name=None,
                commit_email=email,
            )
            if name
            else None
        )
    commit_name, commit_email, _ = second
    return MailmapLine(
        line_number=number,
        proper_name=name,
        proper_email=email,
        commit_name=commit_name,
        commit_email=commit_email,
    )


def _name_and_email(text: str) -> tuple[str | None, str, str] | None:
    name, bracket, after = text.partition("<")
    email, closing, rest = after.partition(">")
    if not bracket or not closing:
        return None
    return name.strip() or None, email, rest
