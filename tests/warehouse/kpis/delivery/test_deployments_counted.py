"""Deployments that count: names of production, pre-releases, groups; reverts of reverts."""

from __future__ import annotations

import pytest

from tests.support.rows.deliveries import sha
from tests.support.rows.row_histories import HistoryRows, builder, rows
from tests.support.rows.trackers import FEB, REPOSITORY, TrackerRows
from warehouse.context import Context, Project
from warehouse.rules import rule

build = builder(
    "kpis.deployment_frequency",
    "intermediate.reverted_commits",
    "intermediate.deployed_reverts",
    "graph.rollbacks",
)
NAMES = {
    "production": True,
    "Prod": True,
    "prod-eu": True,
    "prod/eu": True,
    "Production – EU": True,
    "production eu": True,
    "live": True,
    "preprod": False,
    "production2": False,
    "staging": False,
    "product-demo": False,
    "non-prod": False,
}
# Versions of tags and releases, and whether they are pre-releases.
VERSIONS = {
    "v1.2.3": False,
    "v1.2-rc.1": True,
    "1.2b3": True,
    "1.2.dev4": True,
    "1!2.0a1": True,
    "1.0.post1": False,
    "1.0.post1.dev2": True,
    "1.0rc1.post1": True,
    "v2.0.0-beta+5": True,
    "v1.0-SNAPSHOT": True,
    "5.0.0.M1": True,
    "REL_16_BETA1": True,
    "go1.22rc2": True,
    "v9.0.0-preview.3.24172.9": True,
    "v19.0.0-canary-abc-20240101": True,
    "app-v3.0.0-alpha.11": True,
    "pkg2-v1.0.0-rc1": True,
    "nightly-2024-01-01": True,
    "beta-tools-1.2": False,
    "2024.05.1": False,
    "v1.0-final": False,
    "v1.0.0-alpine": False,
    "v1.2.3-hotfix1": False,
    "v1.2.3+build.5": False,
    "v20240101-1a2b3c4": False,
    "release-a1": False,
    "jdk8u302-b08": False,
}


def deploy(tracker, number, environment, at=FEB, commit="c", **facts):
    tracker.add(
        "deployments",
        deployment_id=str(number),
        environment=environment,
        commit_hash=commit,
        status="success",
        created_at=at,
        succeeded_at=at,
        **facts,
    )


def release(tracker, number, version, *, is_prerelease=False):
    facts = {"is_draft": False, "is_prerelease": is_prerelease, "released_at": FEB}
    tracker.add("releases", release_id=str(number), tag_name=version, **facts)


def context(*rules):
    kinds = rules or (rule("deployments", "deployment"),)
    return Context(projects=(Project(name="p", title="p", sources=(REPOSITORY,), rules=kinds),))


def considered(store, *rules):
    """List the deployments of the KPI by their identifier: the reason of each."""
    query = "select subject_id, reason from kpis.deployment_frequency order by subject_id"
    found = rows(build(store, context(*rules)), query)
    return {subject.rpartition("/")[2]: reason for subject, reason in found}


def test_names_of_production_may_have_more_behind_a_sign(tmp_path):
    made = TrackerRows()
    for number, name in enumerate(NAMES):
        deploy(made, number, name, commit=str(number))
    made.found(tmp_path)

    assert considered(tmp_path) == {
        str(number): "counted"
        for number, is_production in enumerate(NAMES.values())
        if is_production
    }


@pytest.mark.parametrize("is_asked", [False, True])
def test_pre_releases_count_where_they_are_asked_for(tmp_path, is_asked):
    made = TrackerRows()
    for version in VERSIONS:
        release(made, version, version)
    release(made, "marked", "v9", is_prerelease=True)
    made.found(tmp_path)
    asked = [rule("deployments", "prerelease")] if is_asked else []

    found = considered(tmp_path, rule("deployments", "release"), *asked)

    prerelease = "counted" if is_asked else "prerelease"
    expected = {name: prerelease if early else "counted" for name, early in VERSIONS.items()}
    assert found == {**expected, "marked": prerelease}


@pytest.mark.parametrize("is_asked", [False, True])
def test_tags_are_pre_releases_by_their_version_or_their_release(tmp_path, is_asked):
    made, tracker = HistoryRows(source=REPOSITORY), TrackerRows()
    made.commit("a" * 40, at="2024-02-01T00:00")
    for tag in ("v1.0", "v1.1-rc1", "v2"):
        made.add("refs", f"refs/tags/{tag}", "tag", "a" * 40, "a" * 40, None)
    release(tracker, 2, "v2", is_prerelease=True)
    made.found(tmp_path)
    tracker.found(tmp_path)
    asked = [rule("deployments", "prerelease")] if is_asked else []

    found = considered(tmp_path, rule("deployments", "tag"), rule("deployment_tags", "v*"), *asked)

    prerelease = "counted" if is_asked else "prerelease"
    assert found == {"v1.0": "counted", "v1.1-rc1": prerelease, "v2": prerelease}


def test_a_deployment_of_a_release_candidate_is_one(tmp_path):
    made = TrackerRows()
    deploy(made, 1, "production", ref="v1.0-rc1")
    release(made, 2, "v1.0-rc1")
    made.found(tmp_path)

    found = considered(tmp_path, rule("deployments", "deployment"), rule("deployments", "release"))
    assert found == {"1": "counted", "2": "prerelease"}


def test_a_commit_in_a_group_of_environments_is_one_deployment(tmp_path):
    """The same commit again in the same environment is another one."""
    made = TrackerRows()
    later = "2024-02-12T00:00"
    deploy(made, 1, "prod-eu")
    deploy(made, 2, "prod-us", at=later)
    deploy(made, 3, "prod-eu", at="2024-02-13T00:00")
    deploy(made, 4, "prod-us", at="2024-02-14T00:00", commit="d")
    deploy(made, 5, "live", at=later)
    made.found(tmp_path)
    grouped = (rule("deployments", "deployment"), rule("environment_groups", "prod-*"))

    once = dict.fromkeys("1345", "counted")
    assert considered(tmp_path, *grouped) == {**once, "2": "duplicate"}
    assert considered(tmp_path) == {**once, "2": "counted"}


def test_a_group_of_environments_is_rolled_back_as_one(tmp_path):
    made, tracker = HistoryRows(source=REPOSITORY), TrackerRows()
    made.commit(sha("a"), at="2024-02-01T00:00")
    made.commit(sha("b"), sha("a"), at="2024-02-02T00:00")
    made.found(tmp_path)
    places = [("a", "prod-eu"), ("b", "prod-us"), ("a", "prod-eu")]
    for number, (commit, place) in enumerate(places, 1):
        deploy(tracker, number, place, at=f"2024-02-1{number}T00:00", commit=sha(commit))
    tracker.found(tmp_path)
    query = "select deployment_number, rolled_back_number from graph.rollbacks"

    kind, group = rule("deployments", "deployment"), rule("environment_groups", "prod-*")
    assert rows(build(tmp_path, context(kind, group)), query) == [(3, 2)]
    assert rows(build(tmp_path, context(kind)), query) == []


def reverting(made, name, parent, subject, reverted, quote=""):
    body = f"{quote}This reverts commit {reverted * 40}."
    made.commit(name * 40, parent * 40, subject=subject, body=body, at="2024-02-02T00:00")


def test_the_revert_of_a_revert_is_a_reapply(tmp_path):
    """By its subject, or else by what it reverts; a quoted message is that of another one."""
    made = HistoryRows(source=REPOSITORY)
    made.commit("a" * 40)
    reverting(made, "b", "a", 'Revert "Work"', "a")
    reverting(made, "c", "b", 'Reapply "Work"', "b")
    reverting(made, "d", "c", 'Revert "Reapply "Work""', "c")
    reverting(made, "e", "d", 'Revert "Revert "Work""', "b")
    reverting(made, "f", "e", "Take it back", "a")
    reverting(made, "1", "f", "And again", "b")
    reverting(made, "2", "1", "revert: revert: feat(x): work", "b")
    reverting(made, "3", "2", "Revert handling of reverts", "a")
    reverting(made, "4", "3", 'Reland "Work"', "b")
    reverting(made, "5", "4", "Work again", "a", quote="> ")
    made.found(tmp_path)

    query = "select left(commit_hash, 1), is_reapply from intermediate.reverted_commits order by 1"
    assert rows(build(tmp_path), query) == [
        ("1", True),
        ("2", True),
        ("3", False),
        ("4", True),
        ("b", False),
        ("c", True),
        ("d", False),
        ("e", True),
        ("f", False),
    ]


def test_a_reapply_is_no_failure_and_ends_one(tmp_path):
    """The revert that only a branch has is ended by the deployment that brings the change back."""
    made, tracker = HistoryRows(source=REPOSITORY), TrackerRows()
    made.commit("a" * 40, at="2024-02-01T00:00")
    reverting(made, "b", "a", 'Revert "Work"', "a")
    reverting(made, "c", "a", 'Reapply "Work"', "b")
    made.commit("d" * 40, "c" * 40, "b" * 40, at="2024-02-03T00:00")
    reverting(made, "e", "d", 'Revert "Work"', "a")
    reverting(made, "f", "e", 'Reapply "Work"', "e")
    made.found(tmp_path)
    for number, commit in enumerate("acef", 1):
        deploy(tracker, number, "live", at=f"2024-02-1{number}T00:00", commit=commit * 40)
    tracker.found(tmp_path)

    query = (
        "select left(commit_hash, 1), deployment_number, recovered_at::date::text "
        "from intermediate.deployed_reverts order by all"
    )
    assert rows(build(tmp_path, context()), query) == [
        ("b", 1, "2024-02-12"),
        ("e", 1, "2024-02-13"),
    ]
