"""Sections on projects, their rules and their targets."""

from __future__ import annotations

from datetime import date  # noqa: TC003 - pydantic reads the annotations
from typing import Annotated, Literal, Self

from pydantic import (
    AfterValidator,
    Field,
    FiniteFloat,
    ValidationInfo,
    field_validator,
    model_validator,
)

from flows.settings.sections import SettingsSection
from miners.ledger.cells import WrongCell
from miners.ledger.times import quarter_of_year
from miners.text import nearest
from warehouse.build.kpi_definitions import PERCENT, RATIO, units_of
from warehouse.build.schemas import KPIS
from warehouse.calendar import FIRST_INSTANT, LAST_INSTANT
from warehouse.context import INCIDENT_WINDOW_HOURS
from warehouse.errors import SettingsRefused
from warehouse.rules import PARTS, Rule, rule
from warehouse.sql import sql_files, sql_folder

EVERYTHING = "*"
_HOURS_OF_A_YEAR = 366 * 24


def _path(pattern: str) -> str:
    if pattern.startswith(("/", "./")):
        relative = pattern.lstrip("./")
        raise ValueError(f"paths begin at the top of the repository; write {relative!r}")
    return pattern


def _kpi(name: str) -> str:
    kpis = [path.stem for path in sql_files(sql_folder(), KPIS)]
    if name not in kpis:
        raise ValueError(f"unknown KPI {name!r}{nearest(name, kpis, '')}")
    return name


KpiName = Annotated[str, AfterValidator(_kpi)]


def _project(name: str) -> str:
    if name == EVERYTHING:
        raise ValueError("'*' means all projects together; choose another name")
    return name


def _problem(name: str, pattern: str) -> str | None:
    # As a text: pydantic keeps an error permanently, and with it the connection it came from.
    try:
        rule(name, pattern)
    except SettingsRefused as error:
        return str(error).removeprefix(f"{name}: ")
    return None


# Lock files, minified files and folders of vendored code.
GENERATED = (
    *("*.lock", "*.lockb", "package-lock.json", "npm-shrinkwrap.json", "pnpm-lock.yaml"),
    *("packages.lock.json", "gradle.lockfile", ".terraform.lock.hcl", "go.sum", "go.work.sum"),
    *("package.resolved", "cartfile.resolved", "*.min.js", "*.min.css", "*-min.js", "*-min.css"),
    *("*.js.map", "*.css.map", "vendor/", "vendors/", "third_party/", "third-party/"),
    *("thirdparty/", "3rdparty/", "node_modules/", "bower_components/"),
)

Pattern = Annotated[str, Field(min_length=1)]
Patterns = tuple[Pattern, ...]


DeploymentKind = Literal["deployment", "release", "tag", "prerelease", "ledger"]


class RuleSettings(SettingsSection):
    """Meanings of labels, types, titles, branches, environments, tags and authors."""

    left_out_authors: tuple[Literal["bot", "ai_agent"], ...] = ("bot", "ai_agent")
    left_out_labels: Patterns = ()
    issue_types: Patterns = (
        *("*", "!part/task", "!test_case", "!requirement", "!objective", "!key_result"),
    )
    deployments: tuple[DeploymentKind, ...] = ("deployment", "ledger")
    environments: Patterns = ()
    environment_groups: Patterns = ()
    deployment_tags: Patterns = ("v*",)
    incident_labels: Patterns = ("incident", "outage")
    incident_types: Patterns = ("incident",)
    incident_titles: Patterns = ()
    hotfix_labels: Patterns = ("hotfix",)
    hotfix_titles: Patterns = ()
    hotfix_branches: Patterns = ("hotfix/*", "hotfix-*")
    test_labels: Patterns = ("test iteration", "test-iteration")
    test_titles: Patterns = ()
    generated: Patterns = GENERATED
    started_labels: Patterns = ("in progress", "doing")
    incident_window_hours: int = Field(default=INCIDENT_WINDOW_HOURS, ge=1, le=_HOURS_OF_A_YEAR)

    @field_validator("deployments")
    @classmethod
    def _has_what_is_released(cls, value: tuple[DeploymentKind, ...]) -> tuple[DeploymentKind, ...]:
        if "prerelease" in value and not {"release", "tag"} & set(value):
            raise ValueError("prerelease is a kind of release or tag; add one of these two as well")
        return value

    @field_validator("*")
    @classmethod
    def _has_valid_patterns(cls, value: object, info: ValidationInfo) -> object:
        patterns = value if isinstance(value, tuple) else ()
        problems = [_problem(str(info.field_name), pattern) for pattern in patterns]
        if any(problems):
            raise ValueError(next(filter(None, problems)))
        return value

    def with_own(self, own: RuleSettings) -> RuleSettings:
        """Return these rules with those replaced that a project sets itself."""
        return self.model_copy(update={name: getattr(own, name) for name in own.model_fields_set})


# The rules that are lists of patterns.
RULES = tuple(name for name in RuleSettings.model_fields if name != "incident_window_hours")


class ProjectSettings(SettingsSection):
    """A unit of reporting, and the sources or parts of them that it owns."""

    name: Annotated[Pattern, AfterValidator(_project)]
    title: str | None = None
    title_ko: str | None = None
    sources: tuple[str, ...]
    paths: tuple[Annotated[Pattern, AfterValidator(_path)], ...] = ()
    branches: Patterns = ()
    labels: Patterns = ()
    active_from: date | None = None
    active_until: date | None = None
    rules: RuleSettings = RuleSettings()

    @model_validator(mode="after")
    def _ends_after_it_begins(self) -> Self:
        begins, ends = self.active_from, self.active_until
        if begins and ends and ends < begins:
            raise ValueError(
                f"active_until {ends} is before active_from {begins}; correct one of them"
            )
        return self


class TargetSettings(SettingsSection):
    """A target of a KPI in a fiscal year, or in a quarter of it."""

    kpi: KpiName
    year: int = Field(ge=FIRST_INSTANT.year, le=LAST_INSTANT.year)
    target: FiniteFloat
    project: str | None = None
    quarter: str | None = None
    near: FiniteFloat | None = None
    unit: str | None = None
    accepted_until: date | None = None

    @field_validator("quarter", mode="before")
    @classmethod
    def _is_written_as_in_a_ledger(cls, quarter: object) -> str | None:
        if quarter is None or isinstance(quarter, bool) or not isinstance(quarter, str | int):
            raise ValueError(f"unknown quarter {quarter!r}; write Q1 to Q4")
        try:
            return quarter_of_year(quarter)
        except WrongCell:
            raise ValueError(f"unknown quarter {quarter!r}; write Q1 to Q4") from None

    @model_validator(mode="after")
    def _has_a_quarter_of_its_year(self) -> Self:
        year = (self.quarter or "").rpartition("-")[0]
        if year and int(year) != self.year:
            raise ValueError(f"quarter {self.quarter} is not of year {self.year}; correct one")
        return self

    @model_validator(mode="after")
    def _has_a_unit_of_its_kpi(self) -> Self:
        if self.unit is None and self.target <= 1:
            return self
        units = units_of(self.kpi)
        if self.unit is None and units[:1] == [RATIO]:
            raise ValueError(
                f"target {self.target:g} of {self.kpi} may be a percentage; "
                f'write unit = "{PERCENT}" or "{RATIO}"'
            )
        if self.unit is not None and units and self.unit not in units:
            known = " or ".join(units)
            raise ValueError(f"unit {self.unit!r} is not of {self.kpi}; write {known}")
        return self

    def in_unit(self, value: float) -> float:
        """Return a value of this target in the unit of the KPI."""
        return value / 100 if self.unit == PERCENT else value

    @property
    def quarter_of_year(self) -> str | None:
        """Return the quarter with its year."""
        return self.quarter and f"{self.year}-{self.quarter[-2:]}"

    @property
    def label(self) -> str:
        """Return the KPI, the project and the period."""
        project = "" if self.project is None else f" of {self.project}"
        return f"{self.kpi}{project} in {self.quarter_of_year or self.year}"


def rules_of(section: RuleSettings | ProjectSettings) -> tuple[Rule, ...]:
    """List the rules of a section, each once for patterns that differ only in case."""
    names = RULES if isinstance(section, RuleSettings) else sorted(PARTS)
    rules = (rule(name, pattern) for name in names for pattern in getattr(section, name))
    unique: dict[tuple[str, str], Rule] = {}
    for entry in rules:
        unique.setdefault((entry.rule, entry.matcher), entry)
    return tuple(unique.values())
