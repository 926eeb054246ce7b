"""Build settings: calendar, projects, rules, people and targets."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from warehouse.calendar import Calendar
from warehouse.rules import PARTS, Rule

if TYPE_CHECKING:
    from datetime import date

# A failure is noticed within three days; later ones have other causes more often.
INCIDENT_WINDOW_HOURS = 72


@dataclass(frozen=True)
class IdentityRule:
    """A pattern over "name <email>" that identifies a bot or an AI agent."""

    person_kind: str
    pattern: str


@dataclass(frozen=True, kw_only=True)
class MailmapEntry:
    """A line of the mailmap in the settings, as in .mailmap."""

    line_number: int
    proper_name: str | None
    proper_email: str | None
    commit_name: str | None
    commit_email: str


@dataclass(frozen=True, kw_only=True)
class Project:
    """
    A project: what people report on, with its sources and rules.

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


@dataclass(frozen=True, kw_only=True)
class Target:
    """The target of a KPI; without a project for every project, without a quarter for the year."""

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
    part_type: str | None
    has_environment_tiers: bool
    has_request_sign: bool


@dataclass(frozen=True, kw_only=True)
class Context:
    """The settings that a build needs in addition to the store."""

    calendar: Calendar = field(default_factory=Calendar)
    projects: tuple[Project, ...] = ()
    identity_rules: tuple[IdentityRule, ...] = ()
    # Patterns over a commit and its message, each of which discloses the help of an AI agent.
    ai_marks: tuple[str, ...] = ()
    mailmap: tuple[MailmapEntry, ...] = ()
    # Patterns of addresses that join nobody, in which * matches any text.
    shared_addresses: tuple[str, ...] = ()
    # Rules of projects that the settings do not name.
    rules: tuple[Rule, ...] = ()
    targets: tuple[Target, ...] = ()
    tracker_kinds: tuple[TrackerKind, ...] = ()
    # Whether exports and evidence have the texts and people of confidential issues.
    is_confidential_shown: bool = False
    # Whether exports and evidence have e-mail addresses instead of pseudonyms.
    are_addresses_shown: bool = False

    def hashes(self) -> dict[str, str]:
        """Hash the calendar, the rules and the identities separately."""
        return {
            "calendar": _calendar_hash(self.calendar),
            "rules": _hash(self.projects, self.rules),
            "identities": self._identities_hash(),
        }

    def _identities_hash(self) -> str:
        """Hash who is who; without shared addresses as in the seals that know none."""
        shared = (self.shared_addresses,) if self.shared_addresses else ()
        return _hash(self.identity_rules, self.ai_marks, self.mailmap, *shared)


def _calendar_hash(calendar: Calendar) -> str:
    """Hash a calendar; one named by the end has the hash of the seals that know no other."""
    named_by = () if calendar.year_named_by == "end" else (calendar.year_named_by,)
    return _hash(calendar, *named_by)


def _hash(*things: object) -> str:
    # The repr of a dataclass has all its fields.
    return hashlib.sha256(repr(things).encode()).hexdigest()[:16]
