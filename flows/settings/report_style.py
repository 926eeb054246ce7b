"""report.toml: the style of a team's reports."""

from __future__ import annotations

import string
import tomllib
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import AfterValidator, Field, ValidationError, field_validator

from flows.settings.projects import KpiName  # noqa: TC001 - pydantic reads the annotations
from flows.settings.sections import SettingsSection, require_unique
from flows.settings.settings import SettingsError
from flows.settings.validation_messages import message_of
from warehouse.report.format.numbers import NO_CHANGE, Form
from warehouse.report.format.style import (
    KindStyle,
    KpiStyle,
    Lines,
    SectionName,
    SectionStyle,
    Style,
    Year,
)

if TYPE_CHECKING:
    from pathlib import Path

FILE_NAME = "report.toml"
TITLE_NAMES = frozenset({"year", "period", "quarter"})
LINE_NAMES = frozenset(
    {
        *("value", "n", "numerator", "denominator", "min", "max", "median", "total"),
        *("title", "project", "quarter", "year", "what", "who", "began", "ended", "hours"),
    }
)


def _with_fields(text: str, names: frozenset[str]) -> str:
    try:
        fields = {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}
    except ValueError as error:
        raise ValueError(f"{text!r}: {error}; write {{{{ for a brace") from error
    for name in sorted(fields - names):
        raise ValueError(f"{text!r}: unknown field {{{name}}}; use {', '.join(sorted(names))}")
    return text


Title = Annotated[str, AfterValidator(lambda text: _with_fields(text, TITLE_NAMES))]
Line = Annotated[str, AfterValidator(lambda text: _with_fields(text, LINE_NAMES))]
# The kinds of activities have these names after a ledger is read.
Kind = Annotated[str, Field(pattern=r"^[^\sA-Z-]+$")]
Decimals = Annotated[int, Field(ge=0, le=4)]


class LineSettings(SettingsSection):
    """The lines below a KPI in the detailed calculations."""

    title: Line | None = None
    headline: Line | None = None
    project: Line | None = None
    row: Line | None = None
    untimed_row: Line | None = None
    others: tuple[Line, ...] = ()
    empty: Line | None = None
    notes: dict[str, tuple[str, ...]] = Field(default_factory=dict)


class KpiSettings(SettingsSection):
    """The style of one KPI, where it differs from the others."""

    name: KpiName
    title: str | None = None
    title_ko: str | None = None
    form: Form | None = None
    decimals: Decimals | None = None
    year: Year | None = None
    differences: bool | None = None
    details: LineSettings = LineSettings()
    details_ko: LineSettings = LineSettings()


class ReportSectionSettings(SettingsSection):
    """A section of the report; the order of sections is theirs in the report."""

    name: SectionName
    title: str | None = None
    title_ko: str | None = None
    level: Annotated[int, Field(ge=2, le=4)] = 2


class DashboardSettings(SettingsSection):
    """The KPIs of the dashboard and the titles of its columns."""

    kpis: tuple[KpiName, ...] = ()
    metric_title: str | None = None
    metric_title_ko: str | None = None
    quarter_title: Title | None = None
    quarter_title_ko: Title | None = None
    year_title: Title | None = None
    year_title_ko: Title | None = None
    counts: bool = True
    states: bool = True
    targets: bool = True


class ActivitySettings(SettingsSection):
    """The kinds of activities to show."""

    kinds: tuple[Kind, ...] = ()


class KindSettings(SettingsSection):
    """The titles of one kind of activity."""

    name: Kind
    title: str | None = None
    title_ko: str | None = None


class ReportSettings(SettingsSection):
    """All of report.toml."""

    title: Title | None = None
    title_ko: Title | None = None
    rounding: Literal["nearest", "down"] = "nearest"
    decimals: Decimals = 1
    year_decimals: Decimals = 1
    differences: Literal["exact", "shown"] = "exact"
    difference_units: bool = True
    year_differences: bool = True
    no_change: str = NO_CHANGE
    empty_mean: Literal["no_data", "zero"] = "no_data"
    year: Year = "all_rows"
    reporting_quarter: Literal["happened", "reported"] = "happened"
    evidence_rows: Annotated[int, Field(ge=0, le=200)] = 12
    quarter_heading: Title | None = None
    quarter_heading_ko: Title | None = None
    history_quarters: Annotated[int, Field(ge=4, le=40)] = 12
    dashboard: DashboardSettings = DashboardSettings()
    sections: tuple[ReportSectionSettings, ...] = ()
    activities: ActivitySettings = ActivitySettings()
    kpis: tuple[KpiSettings, ...] = ()
    kinds: tuple[KindSettings, ...] = ()

    @field_validator("sections", "kpis", "kinds")
    @classmethod
    def _each_once(cls, named: tuple[Any, ...]) -> tuple[Any, ...]:
        require_unique(entry.name for entry in named)
        return named


def style_of(base: Path, file: Path | None) -> Style:
    """
    Read a style file, or report.toml next to quarry.toml, or return the default style.

    Errors:  SettingsError with every wrong key and value.
    """
    default = base / FILE_NAME
    return read_style(file or (default if default.is_file() else None))


def read_style(file: Path | None) -> Style:
    """
    Read a style file, or return the default style.

    Errors:  SettingsError with every wrong key and value.
    """
    if file is None:
        return Style()
    try:
        values = tomllib.loads(file.read_text("utf-8"))
        return _style(ReportSettings(**values))
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"{file}: {error}. Correct the path.") from error
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(f"{file}: not TOML: {error}. Correct that line.") from error
    except ValidationError as error:
        lines = "\n".join(f"  {message_of(e, ReportSettings, values)}" for e in error.errors())
        raise SettingsError(f"{file}:\n{lines}") from error


def _style(settings: ReportSettings) -> Style:
    board = settings.dashboard
    sections = tuple(SectionStyle(s.name, s.title, s.title_ko, s.level) for s in settings.sections)
    return Style(
        title=settings.title,
        title_ko=settings.title_ko,
        is_rounded_down=settings.rounding == "down",
        decimals=settings.decimals,
        year_decimals=settings.year_decimals,
        has_exact_differences=settings.differences == "exact",
        has_difference_units=settings.difference_units,
        has_year_differences=settings.year_differences,
        has_counts=board.counts,
        has_states=board.states,
        has_targets=board.targets,
        no_change=settings.no_change,
        empty_mean_is_zero=settings.empty_mean == "zero",
        year=settings.year,
        has_reported_quarters=settings.reporting_quarter == "reported",
        evidence_rows=settings.evidence_rows,
        history_quarters=settings.history_quarters,
        metric_title=board.metric_title,
        metric_title_ko=board.metric_title_ko,
        year_title=board.year_title,
        year_title_ko=board.year_title_ko,
        quarter_title=board.quarter_title,
        quarter_title_ko=board.quarter_title_ko,
        quarter_heading=settings.quarter_heading,
        quarter_heading_ko=settings.quarter_heading_ko,
        kpis=board.kpis,
        activity_kinds=settings.activities.kinds,
        sections=sections or Style().sections,
        of_kpis={kpi.name: _of_kpi(kpi) for kpi in settings.kpis},
        of_kinds={kind.name: KindStyle(kind.title, kind.title_ko) for kind in settings.kinds},
    )


def _of_kpi(kpi: KpiSettings) -> KpiStyle:
    return KpiStyle(
        title=kpi.title,
        title_ko=kpi.title_ko,
        form=kpi.form,
        decimals=kpi.decimals,
        year=kpi.year,
        has_differences=kpi.differences,
        details=Lines(**kpi.details.model_dump()),
        details_ko=Lines(**kpi.details_ko.model_dump()),
    )
