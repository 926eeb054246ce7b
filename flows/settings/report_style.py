"""report.toml: what a house may want otherwise in its reports, and what may stand there."""

from __future__ import annotations

import string
import tomllib
from collections import Counter
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import AfterValidator, Field, ValidationError, field_validator

from flows.settings.projects import KpiName  # noqa: TC001 - pydantic reads the annotations
from flows.settings.sections import Section
from flows.settings.settings import SettingsError
from flows.settings.validation_messages import explain
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


def _names(text: str, known: frozenset[str]) -> str:
    try:
        found = {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}
    except ValueError as error:
        raise ValueError(f"{text!r}: {error}; write {{{{ for a brace") from error
    for name in sorted(found - known):
        listed = ", ".join(sorted(known))
        raise ValueError(f"{text!r}: there is no {{{name}}}; there are {listed}")
    return text


Title = Annotated[str, AfterValidator(lambda text: _names(text, TITLE_NAMES))]
Line = Annotated[str, AfterValidator(lambda text: _names(text, LINE_NAMES))]
# As ledgers are read: activities of a kind are found under no other name.
Kind = Annotated[str, Field(pattern=r"^[^\sA-Z-]+$")]
Decimals = Annotated[int, Field(ge=0, le=4)]


class LineSettings(Section):
    """The lines under a KPI in the detailed calculations."""

    title: Line | None = None
    headline: Line | None = None
    project: Line | None = None
    row: Line | None = None
    untimed_row: Line | None = None
    others: tuple[Line, ...] = ()
    empty: Line | None = None
    notes: dict[str, tuple[str, ...]] = Field(default_factory=dict)


class KpiSettings(Section):
    """How one KPI differs from the others."""

    name: KpiName
    title: str | None = None
    title_ko: str | None = None
    form: Form | None = None
    decimals: Decimals | None = None
    year: Year | None = None
    differences: bool | None = None
    details: LineSettings = LineSettings()


class SectionSettings(Section):
    """A section of the report, in the place where it stands."""

    name: SectionName
    title: str | None = None
    title_ko: str | None = None
    level: Annotated[int, Field(ge=2, le=4)] = 2


class DashboardSettings(Section):
    """What the dashboard shows, and what its columns are called."""

    kpis: tuple[KpiName, ...] = ()
    metric_title: str | None = None
    quarter_title: Title | None = None
    year_title: Title | None = None
    counts: bool = True
    states: bool = True
    targets: bool = True


class ActivitySettings(Section):
    """What the activities show."""

    kinds: tuple[Kind, ...] = ()


class KindSettings(Section):
    """What one kind of activity is called."""

    name: Kind
    title: str | None = None
    title_ko: str | None = None


class ReportSettings(Section):
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
    history_quarters: Annotated[int, Field(ge=4, le=40)] = 12
    dashboard: DashboardSettings = DashboardSettings()
    sections: tuple[SectionSettings, ...] = ()
    activities: ActivitySettings = ActivitySettings()
    kpis: tuple[KpiSettings, ...] = ()
    kinds: tuple[KindSettings, ...] = ()

    @field_validator("sections", "kpis", "kinds")
    @classmethod
    def _each_once(cls, named: tuple[Any, ...]) -> tuple[Any, ...]:
        twice = [name for name, count in Counter(one.name for one in named).items() if count > 1]
        if twice:
            raise ValueError(f"there is {twice[0]} twice; keep one of them")
        return named


def style_of(base: Path, named: Path | None) -> Style:
    """
    Read the style that is named, or the one beside quarry.toml, if there is one.

    Errors:  SettingsError names every wrong key and value at once.
    """
    usual = base / FILE_NAME
    return read_style(named or (usual if usual.is_file() else None))


def read_style(file: Path | None) -> Style:
    """
    Read the style of a house; without a file, the default.

    Errors:  SettingsError names every wrong key and value at once.
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
        lines = "\n".join(f"  {explain(one, ReportSettings, values)}" for one in error.errors())
        raise SettingsError(f"{file}:\n{lines}") from error


def _style(said: ReportSettings) -> Style:
    board = said.dashboard
    sections = tuple(
        SectionStyle(one.name, one.title, one.title_ko, one.level) for one in said.sections
    )
    return Style(
        title=said.title,
        title_ko=said.title_ko,
        is_rounded_down=said.rounding == "down",
        decimals=said.decimals,
        year_decimals=said.year_decimals,
        has_exact_differences=said.differences == "exact",
        has_difference_units=said.difference_units,
        has_year_differences=said.year_differences,
        has_counts=board.counts,
        has_states=board.states,
        has_targets=board.targets,
        no_change=said.no_change,
        empty_mean_is_zero=said.empty_mean == "zero",
        year=said.year,
        has_reported_quarters=said.reporting_quarter == "reported",
        evidence_rows=said.evidence_rows,
        history_quarters=said.history_quarters,
        metric_title=board.metric_title,
        year_title=board.year_title,
        quarter_title=board.quarter_title,
        quarter_heading=said.quarter_heading,
        kpis=board.kpis,
        activity_kinds=said.activities.kinds,
        sections=sections or Style().sections,
        of_kpis={one.name: _of_kpi(one) for one in said.kpis},
        of_kinds={one.name: KindStyle(one.title, one.title_ko) for one in said.kinds},
    )


def _of_kpi(said: KpiSettings) -> KpiStyle:
    lines = Lines(**said.details.model_dump())
    return KpiStyle(
        title=said.title,
        title_ko=said.title_ko,
        form=said.form,
        decimals=said.decimals,
        year=said.year,
        has_differences=said.differences,
        details=lines,
    )
