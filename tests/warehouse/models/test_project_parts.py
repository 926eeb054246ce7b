"""Test commits, issues and change requests of projects sharing a repository."""

from __future__ import annotations

import pytest

from flows.settings.workspace import context_of, open_workspace
from tests.support.rows.row_histories import HistoryRows, builder, table
from tests.support.rows.trackers import REPOSITORY, TrackerRows

build = builder(
    "figures.kpi_evidence",
    "facts.project_repositories",
    kpis=("change_requests_merged", "commits", "issues_closed", "lines_changed"),
)

SHOWN = ("commits", "change_requests_merged", "issues_closed")
# A file that was renamed, with its lines.
MOVED = ("renamed", "file", 3, 4, False)
EVIDENCE = f"""
    select project, kpi, subject_id, reason
    from figures.kpi_evidence
    where kpi in {SHOWN} and quarter = '2024-Q1'
    order by all
"""


@pytest.fixture
def evidence(tmp_path):
    """Build a repository that two teams share for the projects of a settings file."""
    _history().found(tmp_path / "store")
    _tracker().found(tmp_path / "store")

    def evidence(projects):
        file = tmp_path / "quarry.toml"
        file.write_text(projects.replace("SHARED", f'sources = ["https://{REPOSITORY}"]'))
        connection = build(tmp_path / "store", context_of(open_workspace(file, None)))
        found = {}
        for row in table(connection, EVIDENCE):
            subject = row["subject_id"].removeprefix(f"{REPOSITORY}#")
            said = subject if row["reason"] == "counted" else f"{subject} {row['reason']}"
            found.setdefault(row["project"], {}).setdefault(row["kpi"], []).append(said)
        return found

    return evidence


def _history():
    """Two teams on main, and a release branch off it that one of them maintains."""
    history = HistoryRows(REPOSITORY)
    history.commit("web1", at="2024-02-01T12:00", files=[("web/a", 1, 0)])
    history.commit("api1", "web1", at="2024-02-02T12:00", files=[("api/b", 1, 0)])
    history.commit("fix1", "api1", at="2024-02-03T12:00", files=[("api/b", 1, 1)])
    history.commit("both", "api1", at="2024-02-04T12:00", files=[("api/b", 2, 0), ("web/a", 2, 0)])
    history.commit("docs", "both", at="2024-02-05T12:00", files=[("README", 1, 0)])
    history.branch("main", "docs")
    history.branch("release/1", "fix1")
    return history


def _tracker():
    """Change requests 1 to 3 bring web1, api1 and fix1; issue 5 is closed by the first."""
    tracker = TrackerRows()
    for number, base, merge in ((1, "main", "web1"), (2, "main", "api1"), (3, "release/1", "fix1")):
        at = f"2024-02-0{number}T12:00"
        merged = {"merged_at": at, "closed_at": at, "merge_commit_hash": merge, "base_ref": base}
        tracker.change_request(number, state="merged", **merged)
    at = "2024-02-10T12:00"
    closed = {"state": "closed", "closed_at": at}
    labelled = ("labeled", "2024-02-01T00:00", {"label": "Team Web"})
    unlabelled = ("unlabeled", "2024-02-02T00:00", {"label": "Team Web"})
    tracker.issue(4, labelled, unlabelled, ("closed", at), **closed)
    tracker.issue(5, ("closed", at, {"closing_item_id": "change_request-1"}), **closed)
    tracker.issue(6, ("closed", at), **closed)
    return tracker


PARTS = """
[[projects]]
name = "web"
SHARED
paths = ["web/"]
[[projects]]
name = "api"
SHARED
paths = ["api/"]
[[projects]]
name = "stable"
SHARED
branches = ["release/*"]
[[projects]]
name = "stable web"
SHARED
branches = ["release/*"]
paths = ["web/"]
[[projects]]
name = "labelled"
SHARED
labels = ["team *"]
"""


def test_a_repository_belongs_to_projects_by_path_branch_and_label(evidence):
    """Each row is where its part is, and all of them are in the repository's own project."""
    assert evidence(PARTS) == {
        "web": {
            "commits": ["both", "web1"],
            "change_requests_merged": ["1"],
            "issues_closed": ["5/2"],
        },
        "api": {"commits": ["api1", "both"], "change_requests_merged": ["2"]},
        "stable": {"commits": ["api1", "fix1", "web1"], "change_requests_merged": ["3"]},
        "stable web": {"commits": ["web1"]},
        "labelled": {"commits": ["api1", "both", "docs", "web1"], "issues_closed": ["4/2"]},
        REPOSITORY: {
            "commits": ["api1", "both", "docs", "web1"],
            "change_requests_merged": ["1", "2", "3"],
            "issues_closed": ["4/2", "5/2", "6/2"],
        },
    }


def test_the_case_of_letters_counts_in_paths_and_branches_and_not_in_labels(evidence):
    shouted = PARTS.replace("web/", "WEB/").replace("release/", "Release/").replace("team", "TEAM")
    found = evidence(shouted)
    assert found.keys() == {"api", "labelled", REPOSITORY}
    assert found["labelled"]["issues_closed"] == ["4/2"]


def test_a_repository_that_a_project_owns_whole_gets_no_other(evidence):
    whole = '[[projects]]\nname = "shop"\nSHARED\n'
    found = evidence(f'{whole}[[projects]]\nname = "api"\nSHARED\npaths = ["api/"]\n')
    assert found.keys() == {"shop", "api"}


def test_what_happens_outside_the_active_period_is_excluded_with_the_reason(evidence):
    """Both days count; the days are those of the calendar's zone."""
    shop = '[[projects]]\nname = "shop"\nSHARED\n'
    period = "active_from = 2024-02-02\nactive_until = 2024-02-04\n"
    left_out = "outside_active_period"
    assert evidence(shop + period) == {
        "shop": {
            "commits": ["api1", "both", f"docs {left_out}", f"web1 {left_out}"],
            "change_requests_merged": [f"1 {left_out}", "2", "3"],
            "issues_closed": [f"{number}/2 {left_out}" for number in (4, 5, 6)],
        }
    }
    in_auckland = evidence(f'[calendar]\ntime_zone = "Pacific/Auckland"\n{shop}{period}')
    assert in_auckland["shop"]["commits"] == [
        "api1",
        f"both {left_out}",
        f"docs {left_out}",
        "web1",
    ]


LINES = """
    select project, sum(value)::bigint as value
    from figures.kpi_evidence
    where kpi = 'lines_changed' and is_counted
    group by project
"""


def test_lines_of_a_project_with_paths_are_those_of_files_in_them(tmp_path):
    """A file that was moved out of them is one of them, and one that two patterns match is one."""
    history = HistoryRows(REPOSITORY)
    files = [("web/a", 1, 1), ("web/b", None, None), ("lock", 5000, 0)]
    history.commit("a", at="2024-02-01T12:00", files=files)
    history.commit("b", "a", at="2024-02-02T12:00")
    history.add("commit_files", "b", 1, "old/c", None, "web/c", None, *MOVED)
    history.found(tmp_path / "store")
    file = tmp_path / "quarry.toml"
    projects = PARTS.replace('["web/"]', '["web/", "web/a"]')
    file.write_text(projects.replace("SHARED", f'sources = ["https://{REPOSITORY}"]'))

    with build(tmp_path / "store", context_of(open_workspace(file, None))) as connection:
        found = {row["project"]: row["value"] for row in table(connection, LINES)}
    assert found == {"web": 2 + 7, "labelled": 5009, REPOSITORY: 5009}
