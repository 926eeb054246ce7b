"""Compare one tracker served as GitHub and as GitLab."""

from __future__ import annotations

import pytest

from tests.support.fakes.replay import Replay, live, mine
from tests.support.git.invented_trackers import Invented, write_dataset
from tests.support.running.tracker_homes import GITHUB, GITLAB

ITEM = ("title", "body", "author_login", "assignees", "labels", "milestone_title", "state")
ITEM_TIMES = ("created_at", "updated_at")
MERGE = ("merged_at", "base_ref", "head_ref", "head_hash", "is_draft")
# What GitLab keeps lists of; a merge request that was merged has no event of its closing there.
HAPPENED = {"labeled", "unlabeled", "reopened", "merged", "closed"}


@pytest.fixture(scope="module")
def both(tmp_path_factory):
    invented = Invented()
    for place in range(24):
        invented.now += 700
        number = invented.create("pull" if place % 3 == 0 else "issue")
        invented.comment(number)
        for what in ("label", "comment", "close", "reopen", "label")[: place % 6]:
            invented.now += 60
            getattr(invented, what)(number)
        if place % 6 == 0:
            invented.force_push(number)
            invented.merge(number)
    home = tmp_path_factory.mktemp("both")
    dump = write_dataset(home / "dump", invented.name, invented.lines())
    with Replay(dump, date="clock") as replay:
        found = []
        for kind in (GITHUB, GITLAB):
            source = replay.source(kind)
            mine(source, home / kind)
            found.append(live(home / kind, source))
    return found


def facts(rows, names):
    return {key: tuple(row[name] for name in names) for key, row in rows.items()}


def test_issues_and_change_requests_are_the_same(both):
    github, gitlab = both
    for record, names in (("issues", ()), ("change_requests", MERGE)):
        wanted = (*ITEM, *ITEM_TIMES, *names)
        assert facts(github[record], wanted) == facts(gitlab[record], wanted)
        assert len(github[record]) >= 8


def test_comments_and_commits_are_the_same(both):
    names = ("item_kind", "item_number", "author_login", "created_at")
    said, again = (sorted(facts(rows["comments"], names).values()) for rows in both)
    assert said == again
    names = ("position", "authored_at", "committed_at", "author_email")
    first, second = (facts(rows["change_request_commits"], names) for rows in both)
    assert first == second


def test_what_happened_is_the_same(both):
    def happened(rows):
        merged = {key for key, row in rows["change_requests"].items() if row["merged_at"]}
        return sorted(
            (row["item_kind"], row["item_number"], row["event_kind"], row["happened_at"])
            for row in rows["item_events"].values()
            if row["event_kind"] in HAPPENED
            and not (row["event_kind"] == "closed" and (row["item_number"],) in merged)
        )

    github, gitlab = map(happened, both)
    assert github == gitlab
    assert {kind for _, _, kind, _ in github} == HAPPENED
