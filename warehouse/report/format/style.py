"""
Report settings: sections, titles, rounding and format of figures.

The defaults are exact differences, years over all rows, and no data where there are no rows.
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
    """A section of a report: its custom title and heading level."""

    name: str
    title: str | None = None
    title_ko: str | None = None
    level: int = 2


@dataclass(frozen=True, kw_only=True)
class Lines:
    """
    The lines of a KPI in the calculations of a quarter, with names in braces for figures.

    Shape:   a custom title, a headline, a line for each project and each counted row, with or
             without times, and other lines; the line of a quarter without rows; notes by quarter.
    """

    title: str | None = None
    headline: str | None = None
    project: str | None = None
    row: str | None = None
    untimed_row: str | None = None
    others: tuple[str, ...] = ()
    empty: str | None = None
    notes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class KpiStyle:
    """The settings of one KPI; None is the default."""

    title: str | None = None
    title_ko: str | None = None
    form: Form | None = None
    decimals: int | None = None
    year: Year | None = None
    has_differences: bool | None = None
    details: Lines = field(default_factory=Lines)
    details_ko: Lines = field(default_factory=Lines)


@dataclass(frozen=True)
class KindStyle:
    """The titles of one kind of activity; None is the default."""

    title: str | None = None
    title_ko: str | None = None


@dataclass(frozen=True, kw_only=True)
class Style:
    """The custom report settings."""

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
    metric_title_ko: str | None = None
    year_title: str | None = None
    year_title_ko: str | None = None
    quarter_title: str | None = None
    quarter_title_ko: str | None = None
    quarter_heading: str | None = None
    quarter_heading_ko: str | None = None
    kpis: tuple[str, ...] = ()
    activity_kinds: tuple[str, ...] = ()
    sections: tuple[SectionStyle, ...] = tuple(
        SectionStyle(name) for name in SECTIONS if name != "details"
    )
    of_kpis: Mapping[str, KpiStyle] = field(default_factory=dict)
    of_kinds: Mapping[str, KindStyle] = field(default_factory=dict)

    def of(self, kpi: str) -> KpiStyle:
        """Return the settings of a KPI."""
        return self.of_kpis.get(kpi, _DEFAULT_KPI_STYLE)

    def year_of(self, kpi: str) -> Year:
        """Return how the year of a KPI is calculated."""
        return self.of(kpi).year or self.year

    def has_section(self, name: str) -> bool:
        """Return whether the report has a section."""
        return any(section.name == name for section in self.sections)


@dataclass(frozen=True)
class Formatter:
    """Formats the texts and figures of a report in a language and a style."""

    language: Language = field(default_factory=Language)
    style: Style = field(default_factory=Style)

    def text(self, message: str, **values: object) -> str:
        """Return a message of the catalogue."""
        return self.language.text(message, **values)

    def custom(self, english: str | None, korean: str | None) -> str:
        """Return a custom text in the language, or nothing."""
        return self.language.pick(english or "", korean)

    def lines(self, kpi: Kpi) -> Lines:
        """Return the custom lines of a KPI, each in the language if it has one."""
        settings = self.style.of(kpi.kpi)
        if self.language.code != "ko":
            return settings.details
        korean = {name: line for name, line in vars(settings.details_ko).items() if line}
        return replace(settings.details, **korean)

    def title(self, kpi: Kpi) -> str:
        """Return the title of a KPI."""
        settings = self.style.of(kpi.kpi)
        return self.language.pick(settings.title or kpi.title, settings.title_ko or kpi.title_ko)

    def numbers(self, kpi: Kpi, *, is_year: bool = False) -> NumberFormat:
        """Return the number format of a KPI, or of its year."""
        style, settings = self.style, self.style.of(kpi.kpi)
        decimals = style.decimals if settings.decimals is None else settings.decimals
        return replace(
            self.plain_numbers,
            decimals=max(decimals, style.year_decimals) if is_year else decimals,
            form=settings.form or NATURAL,
        )

    @property
    def plain_numbers(self) -> NumberFormat:
        """Return the number format of figures that belong to no KPI."""
        style = self.style
        return NumberFormat(
            language=self.language,
            is_rounded_down=style.is_rounded_down,
            decimals=style.decimals,
            no_change=style.no_change,
            has_units=style.has_difference_units,
        )


_DEFAULT_KPI_STYLE = KpiStyle()
SECTION_TITLES = {
    "summary": msgid("At a glance"),
    "dashboard": msgid("KPI dashboard"),
    "trends": msgid("Trends"),
    "lead_times": msgid("Durations"),
    "issues": msgid("Issues opened, closed and remaining"),
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
    "beside": msgid("Custom report settings"),
    "definitions": msgid("Definitions"),
    "evidence": msgid("Evidence"),
}
