"""KPI aliases: the names of a KPI in written reports."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from warehouse.reconcile.parse.vocabulary import names

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from warehouse.query.figures import Kpi
    from warehouse.reconcile.parse.statements import Name

# Names of a KPI in written reports, in addition to its titles.
KPI_ALIASES: Mapping[str, tuple[str, ...]] = {
    "commits": ("commits", "commit count", "커밋", "커밋 수"),
    "lines_changed": ("lines changed", "changed lines", "변경 라인"),
    "active_contributors": ("active contributors", "contributors", "기여자"),
    "change_requests_merged": (
        *("merged pull requests", "pull requests merged", "PRs merged", "merged PRs"),
        *("merged merge requests", "merge requests merged", "merged changes", "병합된 PR"),
    ),
    "issues_closed": ("closed issues", "issues closed", "종료된 이슈", "닫힌 이슈"),
    "issues_remaining": ("remaining issues", "issues remaining", "open issues", "미해결 이슈"),
    "issue_resolution_ratio": (
        *("issues resolved", "issue resolution", "issue resolution rate"),
        *("resolved issues", "이슈 해결", "해결된 이슈"),
    ),
    "project_completion_rate": ("completion rate", "tasks completed", "완료율", "과제 완료율"),
    "project_lead_time": ("average lead time", "mean lead time", "평균 리드 타임", "평균 리드타임"),
    "mean_time_to_recovery": ("MTTR", "mean time to recover", "평균 복구 시간", "평균 복구시간"),
    "deployment_schedule_adherence": (
        *("schedule adherence", "deployment adherence", "on time deployment rate"),
        *("deployments on time", "on time deployments", "일정 준수율", "배포 준수율"),
    ),
    "deployment_frequency": ("deployments", "deployment count", "배포", "배포 수"),
    "test_iterations": ("test iterations", "tests conducted", "테스트 반복", "테스트 수행"),
    "change_fail_rate": ("change failure rate", "변경 실패율"),
    "change_lead_time": ("lead time for changes",),
    "failed_deployment_recovery_time": ("time to restore service",),
    "uptime_streak": ("longest uptime", "uptime streak", "무중단 기간"),
}


def kpis_by_name(kpis: Iterable[Kpi]) -> dict[Name, Kpi]:
    """Return the KPI of each name; a name of several KPIs is omitted."""
    candidates: dict[Name, dict[str, Kpi]] = defaultdict(dict)
    for kpi in kpis:
        for title in (*kpi.titles, *KPI_ALIASES.get(kpi.kpi, ())):
            for name in names(title):
                candidates[name][kpi.kpi] = kpi
    return {name: next(iter(kpis.values())) for name, kpis in candidates.items() if len(kpis) == 1}
