"""What the settings say about the world: the calendar, the projects, and the people."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from warehouse.calendar import Calendar
from warehouse.rules import PARTS, Rule

if TYPE_CHECKING:
    from datetime import date

# What fails is noticed within three days, or hardly laid to a deployment with any right.
INCIDENT_WINDOW_HOURS = 72


@dataclass(frozen=True)
class IdentityRule:
    """A pattern over "name <email>" that tells a bot or an AI agent from a person."""

    person_kind: str
    pattern: str


@dataclass(frozen=True)
class MailmapEntry:
    """A line of the settings' own mailmap, in .mailmap's meaning."""

    line_number: int
    proper_name: str | None
    proper_email: str | None
    commit_name: str | None
    commit_email: str


@dataclass(frozen=True)
class Project:
    """
    What people report on, the sources it owns, and what names mean in it.

    Units:   days are local, active_until included; the window is in hours.
    """

    name: str
    title: str
    sources: tuple[str, ...]
    title_ko: str | None = None
    active_from: date | None = None
    active_until: date | None = None
    rules: tuple[Rule, ...] = ()
    incident_window_hours: int = INCIDENT_WINDOW_HOURS

    @property
    def owns_parts(self) -> bool:
        return any(rule.rule in PARTS for rule in self.rules)


@dataclass(frozen=True)
class Target:
    """What a figure is to reach; without a project in every one, without a quarter all year."""

    kpi: str
    fiscal_year: int
    target: float
    project: str | None = None
    quarter: str | None = None
    near: float | None = None
    accepted_until: date | None = None


@dataclass(frozen=True, kw_only=True)
class TrackerKind:
    """
    The facts of a kind of tracker that queries need.

    Shape:   an address that hides an account is <number><separator><login>@<domain>.
    """

    tracker_kind: str
    commit_path: str
    public_host: str | None
    noreply_domain: str | None
    noreply_separator: str | None


@dataclass(frozen=True)
class Context:
    """Everything a build needs to know that was not mined."""

    calendar: Calendar = field(default_factory=Calendar)
    projects: tuple[Project, ...] = ()
    identity_rules: tuple[IdentityRule, ...] = ()
    mailmap: tuple[MailmapEntry, ...] = ()
    # Of projects that the settings do not name.
    rules: tuple[Rule, ...] = ()
    targets: tuple[Target, ...] = ()
    tracker_kinds: tuple[TrackerKind, ...] = ()

    def hashes(self) -> dict[str, str]:
        """Hash what the calendar, the rules and the identities are each made from."""
        return {
            "calendar": _hash(self.calendar),
            "rules": _hash(self.projects, self.rules),
            "identities": _hash(self.identity_rules, self.mailmap),
        }


def _hash(*things: object) -> str:
    # A dataclass says all that it holds.
    return hashlib.sha256(repr(things).encode()).hexdigest()[:16]
