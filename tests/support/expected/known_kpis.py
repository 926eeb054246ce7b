"""KPIs with every figure known to tests, whatever KPIs are added."""

from __future__ import annotations

import shutil
from functools import cache

from warehouse.build.kpi_definitions import kpis_of
from warehouse.build.model import read_models
from warehouse.build.schemas import KPIS
from warehouse.sql import sql_folder

KNOWN_KPIS = frozenset(
    {
        "active_contributors",
        "ai_agent_share",
        "bot_share",
        "change_fail_rate",
        "change_lead_time",
        "change_request_response_time",
        "change_requests_merged",
        "coding_time",
        "commits",
        "contributor_absence_factor",
        "days_to_close",
        "deployment_frequency",
        "deployment_rework_rate",
        "deployment_schedule_adherence",
        "failed_deployment_recovery_time",
        "first_response_time",
        "issue_closure_ratio",
        "issue_resolution_ratio",
        "issues_closed",
        "issues_remaining",
        "lead_time",
        "lines_changed",
        "mean_time_to_recovery",
        "merge_time",
        "pickup_time",
        "project_completion_rate",
        "project_lead_time",
        "review_time",
        "test_iterations",
        "throughput",
        "uptime_streak",
    }
)


def copy_models_of_known(folder):
    """Copy all models but those of other KPIs."""
    shutil.copytree(sql_folder(), folder)
    for path in (folder / KPIS).rglob("*.sql"):
        if path.stem not in KNOWN_KPIS:
            path.unlink()
    return folder


def title_of(kpi, language="en"):
    """Return the title of a KPI; only written pages have it in letters."""
    return _facts()[kpi]["title" if language == "en" else f"title_{language}"]


@cache
def _facts():
    return {model.name: model.header.facts for model in kpis_of(read_models())}
