"""
Records of ledgers, which a team writes itself.

The columns of a ledger's files are those of these records, except `file`. Identifiers that a ledger
does not give are made of the columns that name a thing, joined by slashes.
"""

from __future__ import annotations

from miners.records.schema import DATE, DECIMAL, INSTANT, INTEGER, TEXT, Field, Record

_FILE = Field("file", TEXT, "File of the ledger that has it, as a path in the ledger's folder.")
_LINK = Field("link", TEXT, "Page that proves or explains it; null if not stated.")
_NOTE = Field("note", TEXT, "Remark for readers; null if there is none.")
_PROJECT = Field(
    "project", TEXT, "Project it belongs to; null: the one with the name of the ledger."
)
_SITE = Field("site", TEXT, "Place it is about; null if not stated.")
_TITLE_KO = Field("title_ko", TEXT, "Title in Korean; null if not stated.")
_REPORTED_QUARTER = Field(
    "reported_quarter",
    TEXT,
    "Quarter that the team reports it in, such as 2024-Q1; null: the one of its dates.",
)

LEDGERS = Record(
    name="ledgers",
    meaning="A ledger as observed.",
    key=(),
    is_versioned=True,
    fields=(
        Field("name", TEXT, "Short name for people."),
        Field("location", TEXT, "Folder, file or address it is read from, without parameters."),
        Field("time_zone", TEXT, "Zone in which its times without an offset are read."),
        Field(
            "findings",
            TEXT,
            "What is not read or may not count as intended, one sentence a line; null if nothing.",
        ),
    ),
)

LEDGER_PROJECTS = Record(
    name="ledger_projects",
    meaning="A project as a ledger describes it.",
    key=("project",),
    is_versioned=True,
    fields=(
        Field("project", TEXT, "Name that the other tables use for it."),
        Field("name", TEXT, "Name to show; null: the one that the other tables use."),
        Field("name_ko", TEXT, "Name to show in Korean; null if not stated."),
        Field("active_from", DATE, "First day of work on it; null if not stated."),
        Field("active_until", DATE, "Last day of work on it; null if not stated."),
        Field("team_size", INTEGER, "People who work on it; null if not stated."),
        Field("client", TEXT, "Whom it is for; null if not stated."),
        _LINK,
        _NOTE,
        _FILE,
    ),
)

LEDGER_TASKS = Record(
    name="ledger_tasks",
    meaning="A piece of work: planned, measured for its lead time, or both.",
    key=("task_id",),
    is_versioned=True,
    fields=(
        Field("task_id", TEXT, "Identifier of the task; if not given, made of project and title."),
        _PROJECT,
        Field("title", TEXT, "Title; null if not stated."),
        _TITLE_KO,
        Field("planned_on", DATE, "Day it was planned for; null if it is no planned work."),
        Field("started_on", DATE, "Day work on it began; null if not stated."),
        Field("completed_on", DATE, "Day it was completed or delivered; null if it is not."),
        Field(
            "reported_days",
            DECIMAL,
            "Lead time in days as the team reports it; null: the one of its dates.",
        ),
        _REPORTED_QUARTER,
        _LINK,
        _NOTE,
        _FILE,
    ),
)

LEDGER_DEPLOYMENTS = Record(
    name="ledger_deployments",
    meaning="A deployment that was planned, made or tried.",
    key=("deployment_id",),
    is_versioned=True,
    fields=(
        Field(
            "deployment_id",
            TEXT,
            "Identifier of it; if not given, made of project, site, planned day (or actual day "
            "where none was planned) and attempt.",
        ),
        _PROJECT,
        _SITE,
        Field("planned_on", DATE, "Day it was planned for; null if it was not planned."),
        Field("deployed_on", DATE, "Day it was made or tried; null if not yet."),
        Field("attempt", INTEGER, "Which attempt it was, from 1, the default."),
        Field(
            "status",
            TEXT,
            "planned, succeeded, failed, rolled_back or canceled; if not given, succeeded where "
            "there is an actual day, else planned.",
        ),
        _REPORTED_QUARTER,
        _LINK,
        _NOTE,
        _FILE,
    ),
)

LEDGER_INCIDENTS = Record(
    name="ledger_incidents",
    meaning="An interval in which something did not work.",
    key=("incident_id",),
    is_versioned=True,
    fields=(
        Field(
            "incident_id",
            TEXT,
            "Identifier of it; if not given, made of project, service, site and start (or the "
            "reported quarter where no start is known).",
        ),
        _PROJECT,
        Field("service", TEXT, "Service that did not work; null if not stated."),
        _SITE,
        Field("title", TEXT, "Title; null if not stated."),
        _TITLE_KO,
        Field("started_at", INSTANT, "When it began (UTC); null if not known."),
        Field("recovered_at", INSTANT, "When it worked again (UTC); null if not known or not yet."),
        Field("deployment_id", TEXT, "Deployment of the ledger that caused it; null if none did."),
        Field(
            "reported_hours",
            DECIMAL,
            "Hours to recovery as the team reports them; null: those between its instants.",
        ),
        _REPORTED_QUARTER,
        _LINK,
        _NOTE,
        _FILE,
    ),
)

LEDGER_ACTIVITIES = Record(
    name="ledger_activities",
    meaning="An activity other than writing code: a trip, a meeting, a post, a test.",
    key=("activity_id",),
    is_versioned=True,
    fields=(
        Field(
            "activity_id",
            TEXT,
            "Identifier of it; if not given, made of day (or reported quarter), kind, project, "
            "site and title.",
        ),
        Field("happened_on", DATE, "Day of it, or its first; null if only its quarter is known."),
        Field("happened_until", DATE, "Its last day; null if it took one day."),
        Field("kind", TEXT, "What it was, in lower case with underscores, such as business_trip."),
        _PROJECT,
        _SITE,
        Field("title", TEXT, "Title; null if not stated."),
        _TITLE_KO,
        Field("hours", DECIMAL, "Hours it took; null if not stated."),
        _REPORTED_QUARTER,
        _LINK,
        _NOTE,
        _FILE,
    ),
)

LEDGER_MEASUREMENTS = Record(
    name="ledger_measurements",
    meaning="Something measured before and after a change, or once.",
    key=("measurement_id",),
    is_versioned=True,
    fields=(
        Field(
            "measurement_id",
            TEXT,
            "Identifier of it; if not given, made of project, measure and day.",
        ),
        _PROJECT,
        Field("measure", TEXT, "What was measured."),
        Field("measure_ko", TEXT, "What was measured, in Korean; null if not stated."),
        Field("unit", TEXT, "Unit of both values; null if they have none."),
        Field("before", DECIMAL, "Value before the change; null if it was measured once."),
        Field("after", DECIMAL, "Value after the change, or the only one; null if not yet."),
        Field("better", TEXT, "Which is better: higher or lower; null if neither."),
        Field("measured_on", DATE, "Day of the value after; null if not stated."),
        _LINK,
        _NOTE,
        _FILE,
    ),
)

LEDGER_TARGETS = Record(
    name="ledger_targets",
    meaning="The target of a figure for a fiscal year, or a quarter of it.",
    key=("target_id",),
    is_versioned=True,
    fields=(
        Field(
            "target_id",
            TEXT,
            "Identifier of it; if not given, made of KPI, year or quarter, and project.",
        ),
        Field("year", INTEGER, "Fiscal year."),
        Field("quarter", TEXT, "Quarter of it, such as 2024-Q1; null: the year and its quarters."),
        Field("project", TEXT, "Project it is for, * for all together; null: for each project."),
        Field("kpi", TEXT, "Name of the KPI, one of Quarry's or one of the team's own."),
        Field("title", TEXT, "Name to show; null: the KPI's own."),
        _TITLE_KO,
        Field("unit", TEXT, "Unit of the values; null: the KPI's own."),
        Field("target", DECIMAL, "Value to reach."),
        Field("near", DECIMAL, "Value that is nearly as good; null if there is none."),
        Field("better", TEXT, "Which is better: higher or lower; null: as the KPI says."),
        Field("accepted_until", DATE, "Day until which missing it is accepted; null if it is not."),
        _NOTE,
        _FILE,
    ),
)
