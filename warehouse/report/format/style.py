"""
The style of a house: which sections, what they are called, and how figures are rounded and shown.

The default is the honest one: exact differences, years over all rows, nothing for nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Literal, get_args

from warehouse.report.format.language import Language, msgid
from warehouse.report.format.numbers import NATURAL, NO_CHANGE, Form, NumberFormat

if TYPE_CHECKING:
    from collections.abc import Mapping

    from warehouse.query.figures import Kpi

SectionName = Literal[
    "summary",
    "dashboard",
    "trends",
    "lead_times",
    "issues",
    "activity",
    "incidents",
    "activities",
    "projects",
    "details",
    "targets",
    "improvements",
    "new_in_git",
    "years",
    "restatements",
    "quality",
    "beside",
    "definitions",
    "evidence",
]
SECTIONS = get_args(SectionName)
Year = Literal["all_rows", "mean_of_quarters"]


@dataclass(frozen=True)
class SectionStyle:
    """A section of a report: its title, where it is another one, and how deep it stands."""

    name: str
    title: str | None = None
    title_ko: str | None = None
    level: int = 2


@dataclass(frozen=True)
class Lines:
    """
    The lines under a KPI in the calculations of a quarter, with names in braces for figures.

    Shape:   a title where it is another than the KPI's, a headline, a line for each project and for
             each row that counts, of which some may have no known times, and others; what stands
             instead where there is nothing; by quarter what somebody wants to add.
    """

    title: str | None = None
    headline: str | None = None
    project: str | None = None
    row: str | None = None
    untimed_row: str | None = None
    others: tuple[str, ...] = ()
    empty: str | None = None
    notes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True)
class KpiStyle:
    """How one KPI differs from the others; None where it does not."""

    title: str | None = None
    title_ko: str | None = None
    form: Form | None = None
    decimals: int | None = None
    year: Year | None = None
    has_differences: bool | None = None
    details: Lines = field(default_factory=Lines)


@dataclass(frozen=True)
class KindStyle:
    """What one kind of activity is called; None where as usual."""

    title: str | None = None
    title_ko: str | None = None


@dataclass(frozen=True)
class Style:
    """All that a house may want otherwise."""

    title: str | None = None
    title_ko: str | None = None
    is_rounded_down: bool = False
    decimals: int = 1
    year_decimals: int = 1
    has_exact_differences: bool = True
    has_difference_units: bool = True
    has_year_differences: bool = True
    has_counts: bool = True
    has_states: bool = True
    has_targets: bool = True
    no_change: str = NO_CHANGE
    empty_mean_is_zero: bool = False
    year: Year = "all_rows"
    has_reported_quarters: bool = False
    evidence_rows: int = 12
    history_quarters: int = 12
    metric_title: str | None = None
    year_title: str | None = None
    quarter_title: str | None = None
    quarter_heading: str | None = None
    kpis: tuple[str, ...] = ()
    activity_kinds: tuple[str, ...] = ()
    sections: tuple[SectionStyle, ...] = tuple(
        SectionStyle(name) for name in SECTIONS if name != "details"
    )
    of_kpis: Mapping[str, KpiStyle] = field(default_factory=dict)
    of_kinds: Mapping[str, KindStyle] = field(default_factory=dict)

    def of(self, kpi: str) -> KpiStyle:
        """Find what is special about a KPI."""
        return self.of_kpis.get(kpi, _AS_OTHERS)

    def year_of(self, kpi: str) -> Year:
        """Say how a KPI's year is formed."""
        return self.of(kpi).year or self.year

    def has_section(self, name: str) -> bool:
        """Tell whether a section is wanted."""
        return any(one.name == name for one in self.sections)


@dataclass(frozen=True)
class Formatter:
    """A language and a style: how everything in a report is said."""

    language: Language = field(default_factory=Language)
    style: Style = field(default_factory=Style)

    def text(self, message: str, **values: object) -> str:
        """Say a message of the catalogue."""
        return self.language.text(message, **values)

    def title(self, kpi: Kpi) -> str:
        """Name a KPI as the house does."""
        own = self.style.of(kpi.kpi)
        return self.language.pick(own.title or kpi.title, own.title_ko or kpi.title_ko)

    def numbers(self, kpi: Kpi, *, is_year: bool = False) -> NumberFormat:
        """Say how a KPI's figures are written, or those of its year."""
        style, own = self.style, self.style.of(kpi.kpi)
        decimals = style.decimals if own.decimals is None else own.decimals
        return replace(
            self.plain_numbers,
            decimals=max(decimals, style.year_decimals) if is_year else decimals,
            form=own.form or NATURAL,
        )

    @property
    def plain_numbers(self) -> NumberFormat:
        """Say how figures are written that are no KPI's."""
        style = self.style
        return NumberFormat(
            self.language,
            is_rounded_down=style.is_rounded_down,
            decimals=style.decimals,
            no_change=style.no_change,
            has_units=style.has_difference_units,
        )


_AS_OTHERS = KpiStyle()
SECTION_TITLES = {
    "summary": msgid("At a glance"),
    "dashboard": msgid("KPI dashboard"),
    "trends": msgid("Trends"),
    "lead_times": msgid("How long things took"),
    "issues": msgid("Issues opened, closed and left"),
    "activity": msgid("Commits and active days"),
    "incidents": msgid("Incidents and deployments"),
    "activities": msgid("Activities"),
    "projects": msgid("Project by project"),
    "details": msgid("Detailed KPI calculations"),
    "targets": msgid("Targets and results"),
    "improvements": msgid("Before and after"),
    "new_in_git": msgid("New in Git"),
    "years": msgid("Year over year"),
    "restatements": msgid("Restatements"),
    "quality": msgid("Data quality"),
    "beside": msgid("What the style of the house changes"),
    "definitions": msgid("Definitions"),
    "evidence": msgid("Evidence"),
}
