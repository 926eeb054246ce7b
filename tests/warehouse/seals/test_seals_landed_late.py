"""Test restatements by commits that landed after the seal."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.support.rows.row_histories import HistoryRows, instant
from tests.support.rows.sealed_homes import SETTINGS, SealedHome, first_look
from tests.support.rows.trackers import REPOSITORY
from warehouse.rules import rule

KPIS = ("active_contributors", "commits", "lines_changed")
CARL = ("Carl", "carl@example.org")
NAMES = """
    select rows.kpi, coalesce(people.person_name, rows.subject_id) as subject, row_change, cause,
        was_reason, is_reason, was_value, is_value
    from figures.kpi_restated_rows as rows
    left join facts.people as people on rows.subject_id = people.person_id
    order by all
"""


def first_polls(ref, head="c3"):
    """Poll the first quarter; of Carl's commit, another ref has it, and so it counts nowhere."""
    made = first_look()
    made.commit("side", "c1", at="2024-02-15T12:00", by=CARL, files=[("s", 4, 0)])
    made.head = head
    kind = "branch" if ref.startswith("refs/heads/") else "other"
    made.add("refs", ref, kind, "side", "side", None)
    made.branch("release", head)
    return made


def merged(ref="refs/heads/main"):
    """Poll again after the merge into a branch."""
    made = HistoryRows(source=REPOSITORY, looked_at=instant("2024-05-10"))
    made.commit("m", "c3", "side", at="2024-04-20T12:00")
    made.add("refs", ref, "branch", "m", "m", None)
    made.reach("any_ref", "m")
    if ref == "refs/heads/main":
        location = f"https://{REPOSITORY}"
        made.add("repositories", REPOSITORY, location, "sha1", ref, "m", False, None)
        made.reach("default_branch", "m", "side")
    return made


def release_settings():
    """The project is what is on another branch than the default branch."""
    project = SETTINGS.projects[0]
    rules = (*project.rules, rule("branches", "release"))
    return replace(SETTINGS, projects=(replace(project, rules=rules),))


def landed(kpi, subject, value):
    return {
        "kpi": kpi,
        "subject": subject,
        "row_change": "came",
        "cause": "landed_late",
        "was_reason": None,
        "is_reason": "counted",
        "was_value": None,
        "is_value": value,
    }


LANDED = [
    landed("active_contributors", "Carl", 1),
    landed("commits", "side", None),
    landed("lines_changed", "side", 4),
]


@pytest.mark.parametrize("ref", ["refs/heads/topic", "refs/pull/1/head"])
def test_what_another_branch_or_a_request_had_before_the_seal_landed_late(ref, tmp_path):
    """The merge itself is of the next quarter; rows that count in neither are no restatement."""
    home = SealedHome(tmp_path, kpis=KPIS)
    first_polls(ref).found(home.store)
    home.build()
    home.seal()
    assert home.ask(NAMES) == []
    merged().write(home.store)
    home.build()
    assert home.ask(NAMES) == LANDED
    assert home.restated(*KPIS) == [
        ("active_contributors", "landed_late", 2, 3, 1, 1, 0, 0),
        ("commits", "landed_late", 3, 4, 1, 1, 0, 0),
        ("lines_changed", "landed_late", 16, 20, 4, 1, 0, 0),
    ]


def test_what_landed_on_a_branch_of_the_project_after_the_seal_landed_late(tmp_path):
    home, settings = SealedHome(tmp_path, kpis=KPIS), release_settings()
    first_polls("refs/heads/topic").found(home.store)
    home.build(settings)
    home.seal(settings)
    merged("refs/heads/release").write(home.store)
    home.build(settings)
    assert home.ask(NAMES) == LANDED
