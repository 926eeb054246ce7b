"""A small warehouse with known figures, and its reports."""

from __future__ import annotations

import functools
import re
from datetime import date

import duckdb

from flows.settings.workspace import tracker_kinds
from tests.support.rows.ledgers import Ledger
from tests.support.rows.row_histories import BOB, ROBOT, HistoryRows, instant
from tests.support.rows.trackers import REPOSITORY, TrackerRows
from warehouse.build.checks import run_checks
from warehouse.build.runner import build_models
from warehouse.calendar import quarter_named, quarters
from warehouse.context import Context, Project, Target
from warehouse.report.compose import documents
from warehouse.report.format.style import SECTIONS, SectionStyle, Style
from warehouse.report.queries.report_data import ReportRequest, read_report_data
from warehouse.report.writers.markdown import as_markdown
from warehouse.rules import rule
from warehouse.seals.seal_file import seal_folders, seals_to_load
from warehouse.seals.write import draft_seal, keep_seal
from warehouse.tables.batches import load_batches
from warehouse.tables.sealed import load_sealed

CALM = "host/calm"
SEALED_FROM = ("marts.kpi_quarterly", "figures.kpi_evidence")
THE_YEAR = ReportRequest("2024")
RULES = (
    rule("left_out_authors", "bot"),
    rule("deployments", "release"),
    rule("incident_labels", "incident"),
)
PROJECTS = (
    Project(name="river", title="River", sources=(REPOSITORY,), title_ko="강", rules=RULES),
    Project(name="calm", title="Calm", sources=(CALM,), rules=RULES),
)
TARGETS = (
    Target(kpi="issue_closure_ratio", fiscal_year=2024, target=0.8, project="*"),
    Target(
        kpi="commits",
        fiscal_year=2024,
        target=9,
        project="river",
        quarter=None,
        near=5,
        accepted_until=None,
    ),
    Target(
        kpi="issues_remaining",
        fiscal_year=2024,
        target=0,
        project="*",
        quarter=None,
        near=None,
        accepted_until=date(2025, 1, 31),
    ),
)
# A few KPIs of each kind, and all sections but the definitions: other KPIs may come and change.
KPIS = (
    *("commits", "active_contributors", "issue_closure_ratio", "issues_remaining"),
    *("days_to_close", "lead_time", "change_lead_time", "mean_time_to_recovery"),
)
USUAL = Style(
    kpis=KPIS, sections=tuple(SectionStyle(name) for name in SECTIONS if name != "definitions")
)


def warehouse(folder, projects=PROJECTS, ledger=None):
    """Build it: two projects over four quarters, the first of 2024 sealed and restated since."""
    store, seals, file = folder / "store", folder / "seals", folder / "quarry.duckdb"
    context = Context(
        projects=projects, rules=RULES, targets=TARGETS, tracker_kinds=tracker_kinds()
    )
    _first_look(store)
    _build(store, seals, file, context, only=SEALED_FROM)
    quarter = quarter_named(quarters(context.calendar), "2024-Q1")
    at = instant("2024-04-15")
    keep_seal(draft_seal(file, seals, quarter, sealed_at=at, store_hash="of the store"))
    _second_look(store)
    _ledger(folder, LEDGER if ledger is None else ledger)
    _build(store, seals, file, context)
    return file


@functools.cache
def found_in(file, request=THE_YEAR, **facts):
    """Return the report data of a file, cached because no file changes."""
    return read_report_data(file, request, **{"history_quarters": 12, "row_count": 50, **facts})


def report(file, style=USUAL, languages=("en",), request=THE_YEAR, **facts):
    """Return the documents of a report."""
    return documents(found_in(file, request, **facts), style, languages)


def masked(text):
    """Mask the number of checks, which changes with every new check."""
    return re.sub(r"\d+(?= checks passed|개를 모두)", "N", text)


def masked_page(file, language):
    """Return the report as its written page is compared."""
    return masked(as_markdown(report(file, languages=(language,))))


def _build(store, seals, file, context, only=None):
    file.unlink(missing_ok=True)
    with duckdb.connect(str(file)) as connection:
        connection.execute("set timezone = 'UTC'")
        connection.execute("set threads = 1")
        load_batches(connection, store)
        load_sealed(connection, seals_to_load(seal_folders(seals)))
        build_models(connection, context, only=only)
        if only is None:
            run_checks(connection)


def _first_look(store):
    history = HistoryRows(source=REPOSITORY, looked_at=instant("2024-04-10"))
    history.commit("c0", at="2023-12-10T09:00", by=BOB, files=[("a.go", 4, 0)])
    history.commit("c1", "c0", at="2024-01-10T12:00", files=[("a.go", 5, 0)])
    history.commit("c2", "c1", at="2024-02-10T12:00", by=BOB, files=[("a.go", 3, 1)])
    history.commit("c3", "c2", at="2024-03-10T12:00", by=ROBOT, files=[("b", 7, 0)])
    history.found(store)
    calm = HistoryRows(source=CALM, looked_at=instant("2024-08-01"))
    calm.commit("d1", at="2024-01-20T12:00", files=[("a", 1, 0)])
    calm.commit("d2", "d1", at="2024-05-20T12:00", files=[("Dockerfile", 2, 0)])
    calm.found(store)


def _second_look(store):
    """What came since: a commit dated in the sealed quarter, more work, and the tracker."""
    late = HistoryRows(source=REPOSITORY, looked_at=instant("2024-08-01"))
    late.commit("c4", "c3", at="2024-03-20T12:00", by=BOB, files=[("late.py", 1, 0)])
    late.commit("c5", "c4", at="2024-05-05T12:00", files=[("a.go", 8, 2), ("vendor/x.rs", 0, 0)])
    late.commit("c6", "c5", at="2024-05-06T12:00", by=BOB, files=[("a.go", 1, 1)])
    location = f"https://{REPOSITORY}"
    late.add("repositories", REPOSITORY, location, "sha1", "refs/heads/main", "c6", False, None)
    late.reach("default_branch", *late.parents)
    late.reach("any_ref", *late.parents)
    late.write(store)
    _tracker(store)


def _tracker(store):
    """Four issues and an incident, two change requests and two releases."""
    tracker = TrackerRows(looked_at=instant("2024-08-01"))
    _issue(tracker, 1, "2024-01-10T00:00", "2024-01-12T00:00")
    _issue(tracker, 2, "2024-02-01T00:00", "2024-05-01T00:00")
    _issue(tracker, 3, "2024-04-10T00:00", "2024-04-11T12:00")
    _issue(tracker, 4, "2024-05-10T00:00")
    _issue(tracker, 5, "2024-05-02T00:00", "2024-05-03T06:30", labels=["incident"])
    _merged(tracker, 11, "2024-04-02T00:00", "2024-04-05T00:00")
    _merged(tracker, 12, "2024-05-02T00:00", "2024-05-02T12:00")
    for name, at in (("v1", "2024-04-20T00:00"), ("v2", "2024-05-20T00:00")):
        facts = {"is_draft": False, "is_prerelease": False, "created_at": at, "released_at": at}
        tracker.add("releases", release_id=name, tag_name=name, commit_hash="c5", **facts)
    tracker.found(store)


# Activities of a team; a row without a project belongs to none.
ACTIVITIES = """date,until,kind,project,site,title,title_ko,hours,link,note,reported_quarter
2023-12-05,,writing,,,On logs,로그에 대하여,6,,,
2024-01-15,,business_trip,river,Dam A,,,,,,
2024-02-05,2024-02-07,business_trip,river,Dam B,Installation,설치,,,by car,
2024-01-08,,weekly_planning,,,,,,,,
2024-01-22,,weekly_planning,,,,,,,,
2024-04-08,,weekly_planning,,,,,,,,
2024-02-20,,writing,,,Sidecars,사이드카란?,4.5,https://blog.example.org/sidecars,,
2024-03-01,,writing,,,Five things to know,,,,,
2024-05-10,,business_trip,calm,Dam A,,,,,,
2024-05-20,,presentation,river,,Monitoring in an hour,모니터링 발표,63,,,
2024-07-02,,code_retreat,river,,Two days away,,16,,,2024-Q2
"""
LEDGER = {
    "activities.csv": ACTIVITIES,
    "projects.csv": """project,name,name_ko,active_from,active_until,team_size,client,link
river,River,강,2023-12-01,,3,Water Board,https://example.org/river
""",
    "measurements.csv": """project,measure,measure_ko,unit,before,after,better,date,link,note
river,Memory,메모리,%,330,160,lower,,https://example.org/memory,
river,automation_level,자동화 수준,%,20,85,higher,2024-06-01,,by hand before
calm,Speed,,FPS,12,30,higher,2024-05-01,,
calm,Speed,,FPS,10,12,higher,2023-05-01,,
,Visits,,count,,30,higher,2024-04-01,,
""",
    "targets.csv": """year,kpi,project,title,title_ko,unit,target,near,better,accepted_until
2024,automation_level,,Automation,자동화,%,100,80,higher,
2024,visits,,,,count,40,,higher,2025-06-30
2024,speed,river,Speed,,FPS,60,,higher,
2025,automation_level,,Automation,자동화,%,100,,higher,
2025,commits,river,,,,50,,,2026-01-31
2025,issue_closure_ratio,,,,%,90,,,
""",
}


def _ledger(folder, files):
    ledger = Ledger(folder, first_look=instant("2024-08-01"))
    for name, text in files.items():
        ledger.write(name, text)
    ledger.mine()


def _issue(tracker, number, opened, closed=None, **facts):
    facts |= {"created_at": opened, "url": f"https://github.com/o/r/issues/{number}"}
    if closed is None:
        tracker.issue(number, **facts)
    else:
        tracker.issue(number, ("closed", closed), state="closed", closed_at=closed, **facts)


def _merged(tracker, number, opened, merged):
    facts = {"created_at": opened, "merged_at": merged, "closed_at": merged, "state": "merged"}
    url = f"https://github.com/o/r/pull/{number}"
    tracker.change_request(number, ("merged", merged), url=url, **facts)
    tracker.commit(number, f"cr{number}", opened)
