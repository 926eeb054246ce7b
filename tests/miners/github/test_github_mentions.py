"""Mentions of an issue by commits of forks."""

from __future__ import annotations

import pytest

from miners.github.activity import event
from miners.records import RECORDS

API = "https://api.github.example/repos"


@pytest.mark.parametrize(
    ("mentioning", "kind"),
    [
        ("octo/app", "referenced"),
        ("Octo/app", "referenced"),
        ("octo/library", "referenced"),
        ("eve/app", "referenced_elsewhere"),
        (None, "referenced"),
    ],
)
def test_a_mention_by_a_commit_of_a_fork_is_one_elsewhere(mentioning, kind):
    raw = {
        "id": 1,
        "url": f"{API}/octo/app/issues/events/1",
        "event": "referenced",
        "actor": {"login": "eve", "id": 7, "type": "User"},
        "commit_id": "a" * 40,
        "commit_url": mentioning and f"{API}/{mentioning}/commits/{'a' * 40}",
        "created_at": "2024-01-01T00:00:00Z",
    }

    row = event(raw, "issue", 12, is_kept=False)

    names = [field.name for field in RECORDS["item_events"].fields]
    assert row.values[names.index("event_kind")] == kind
