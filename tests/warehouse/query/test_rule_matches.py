"""Test the names that rules of the settings match."""

from __future__ import annotations

import duckdb
import pytest

from tests.support.rows.row_histories import ANN, BOB, ROBOT, HistoryRows, builder
from tests.support.rows.trackers import REPOSITORY, TrackerRows
from warehouse.context import Context, IdentityRule, Project
from warehouse.errors import WarehouseError, WarehouseMissing
from warehouse.query.rule_matches import KINDS, read_matches
from warehouse.rules import rule

build = builder(
    *("facts.project_repositories", "facts.commit_files", "facts.refs", "facts.item_attributes"),
    *("facts.issues", "facts.change_requests", "intermediate.project_deployments"),
)
AT = "2024-02-01T00:00"
STATED = (
    *(("paths", "web/"), ("paths", "Web/"), ("branches", "main"), ("branches", "MAIN")),
    *(("labels", "Bug*"), ("labels", "hot"), ("left_out_labels", "bug"), ("environments", "prod*")),
    *(("left_out_authors", "bot"), ("left_out_authors", "ai_agent")),
    *(("deployments", "deployment"), ("deployments", "release"), ("deployments", "tag")),
    ("deployments", "prerelease"),
    *(("deployment_tags", "v*"), ("deployment_tags", "r[1]")),
    *(("incident_labels", "bug*"), ("incident_labels", "hot"), ("incident_types", "INC*")),
    *(("incident_titles", r"^down\b"), ("hotfix_labels", "hot"), ("hotfix_labels", "bug")),
    *(("hotfix_titles", "^fix"), ("hotfix_branches", "hotfix/*"), ("test_labels", "test")),
    *(("test_titles", "round [0-9]"), ("started_labels", "*"), ("environment_groups", "prod*")),
    *(("issue_types", "*"), ("issue_types", "!task")),
    *(("generated", "B"), ("generated", "/readme"), ("generated", "/c"), ("generated", "Web/")),
)


RULES = tuple(rule(*stated) for stated in STATED)
SHOP = Project(name="shop", title="Shop", sources=(REPOSITORY, "host/never"), rules=RULES)
CONTEXT = Context(
    projects=(SHOP,),
    identity_rules=(IdentityRule("bot", r"\[bot\]"),),
    rules=(rule("paths", "web/"),),
)


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory):
    """A warehouse with a name or two of each kind, and a repository that no setting names."""
    folder = tmp_path_factory.mktemp("names")
    history = HistoryRows(REPOSITORY)
    history.commit("a", files=[("web/a", 1, 0), ("web/b", 1, 0), ("api/c", 1, 0)])
    history.commit("b", "a", by=BOB, files=[("README", 1, 0)])
    history.commit("c", "b", by=ROBOT)
    history.branch("main", "c")
    history.branch("side", "b")
    for tag in ("v1", "V2", "r[1]"):
        history.add("refs", f"refs/tags/{tag}", "tag", "a", "a", None)
    history.found(folder / "store")
    other = HistoryRows("host/other")
    other.commit("z", by=ANN, files=[("web/z", 1, 0)])
    other.found(folder / "store")
    tracker = TrackerRows()
    tracker.issue(1, title="Down again", labels=["Bug", "bugs"], issue_type="Incident")
    tracker.issue(2, title="Downtown", labels=["bug"], issue_type="Task")
    tracker.issue(3, title="Round 3")
    tracker.change_request(4, title="Fix it", labels=["hot"], head_ref="Hotfix/1")
    deployed = {"status": "success", "created_at": AT, "succeeded_at": AT}
    for number, environment in enumerate(("Production", "production", "staging")):
        tracker.add("deployments", deployment_id=f"d{number}", environment=environment, **deployed)
    final = {"is_draft": False, "is_prerelease": False, "created_at": AT, "released_at": AT}
    tracker.add("releases", release_id="r1", tag_name="v1", **final)
    tracker.add("releases", release_id="r2", tag_name="v2-rc1", **final)
    tracker.found(folder / "store")
    with duckdb.connect(str(folder / "quarry.duckdb")) as connection:
        build(folder / "store", CONTEXT, connection=connection)
    return folder / "quarry.duckdb"


def test_each_rule_goes_over_the_names_of_its_kind(warehouse):
    """Case matters in paths and branches only; labels and environments count once in any case."""
    found = read_matches(warehouse, CONTEXT)

    assert {key[1:]: n for key, n in found.matches.items() if key[0] == "shop"} == {
        ("paths", "web/"): 2,
        ("branches", "main"): 1,
        ("labels", "Bug*"): 2,
        ("labels", "hot"): 1,
        ("left_out_labels", "bug"): 1,
        ("environments", "prod*"): 1,
        ("environment_groups", "prod*"): 1,
        ("left_out_authors", "bot"): 1,
        ("deployments", "deployment"): 3,
        ("deployments", "release"): 1,
        ("deployments", "tag"): 3,
        ("deployments", "prerelease"): 1,
        ("deployment_tags", "v*"): 2,
        ("deployment_tags", "r[1]"): 1,
        ("incident_labels", "bug*"): 2,
        ("incident_types", "INC*"): 1,
        ("incident_titles", r"^down\b"): 1,
        ("hotfix_labels", "hot"): 1,
        ("hotfix_titles", "^fix"): 1,
        ("hotfix_branches", "hotfix/*"): 1,
        ("test_titles", "round [0-9]"): 1,
        ("started_labels", "*"): 2,
        ("issue_types", "*"): 2,
        ("left_out_types", "!task"): 1,
        ("generated", "B"): 1,
        ("generated", "/readme"): 1,
        ("generated", "Web/"): 2,
    }
    assert {stated.rule for stated in RULES} == KINDS.keys()


def test_names_are_there_to_choose_from(warehouse):
    """Of paths the folders at the top; titles are none."""
    found = read_matches(warehouse, CONTEXT)

    assert {key[1]: names for key, names in found.names.items() if key[0] == "shop"} == {
        "author": ["bot", "person"],
        "branch": ["main", "side"],
        "change request label": ["hot"],
        "deployment": ["deployment", "prerelease", "release", "tag"],
        "environment": ["Production", "production", "staging"],
        "head branch": ["Hotfix/1"],
        "issue label": ["Bug", "bug", "bugs"],
        "issue type": ["Incident", "Task", "issue"],
        "path": ["README", "api/", "web/"],
        "tag": ["V2", "r[1]", "v1"],
    }


def test_a_repository_of_which_no_setting_owns_all_has_the_rules_of_all(warehouse):
    found = read_matches(warehouse, CONTEXT)

    assert [(p.name, p.sources, p.rules) for p in found.projects] == [
        ("shop", (REPOSITORY, "host/never"), SHOP.rules),
        (REPOSITORY, (REPOSITORY,), CONTEXT.rules),
        ("host/other", ("host/other",), CONTEXT.rules),
    ]
    assert found.matches["host/other", "paths", "web/"] == 1
    assert found.mined == {REPOSITORY, "host/other"}
    assert dict(found.deployments) == {"shop": 6}


def test_a_warehouse_that_is_not_there_or_of_another_version(tmp_path):
    with pytest.raises(WarehouseMissing):
        read_matches(tmp_path / "none.duckdb", CONTEXT)
    with duckdb.connect(str(tmp_path / "old.duckdb")):
        pass
    with pytest.raises(WarehouseError, match=r"(?s)another version of Quarry .*quarry replay"):
        read_matches(tmp_path / "old.duckdb", CONTEXT)
