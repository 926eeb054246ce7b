"""Test the notes of a run about environments and releases."""

from __future__ import annotations

import pytest

from flows.run.delivery_notes import delivery_notes, environment_notes, release_notes
from tests.support.rows.row_histories import HistoryRows
from tests.support.rows.some_models import BUILDERS, copy_models, models_of
from tests.support.rows.trackers import TrackerRows
from tests.support.running.environments import SETTINGS, looks
from tests.support.running.shop_home import make_home
from warehouse.connection import open_for_reading

MODELS = ("facts.project_environments", "intermediate.project_deployments")


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    models = copy_models(tmp_path_factory.mktemp("sql") / "sql", *MODELS)
    with models_of(models, BUILDERS):
        return make_home(tmp_path_factory.mktemp("home"), *looks(), settings=SETTINGS)


COUNTED = """
    select environment from facts.project_environments
    where project = $1 and is_counted_environment order by 1
"""


@pytest.mark.parametrize(
    ("project", "counted"),
    [
        # The tier decides where it is known: an environment may be called live and be none.
        ("lab", ["eu-1", "prod", "production"]),
        # GitHub marks none but `production` unless somebody says so.
        ("hub", ["eu", "prod"]),
        ("decided", ["eu"]),
    ],
)
def test_what_the_tracker_says_of_an_environment_decides(home, project, counted):
    with open_for_reading(home.warehouse) as connection:
        found = connection.execute(COUNTED, [project]).fetchall()
    assert [environment for (environment,) in found] == counted


def test_a_run_lists_the_environments_that_do_not_count(home):
    """A project whose settings list its environments has no note."""
    lab = "live (1), review/0 (1), review/1 (1), review/2 (1), review/3 (1), 3 more"
    remedy = "Set environments under [rules] if one is."
    assert environment_notes(home.warehouse) == (
        f"hub: deployments to these environments are not to production: staging (2). {remedy}",
        f"lab: deployments to these environments are not to production: {lab}. {remedy}",
    )


def test_a_home_without_a_warehouse_has_no_note(tmp_path):
    assert environment_notes(tmp_path / "quarry.duckdb") == ()


OWNERS = """
home = "home"
[[projects]]
name = "app"
sources = ["https://github.com/o/lib"]
rules = { deployments = ["deployment"] }
[[projects]]
name = "web"
sources = ["https://github.com/o/web"]
rules = { deployment_tags = ["web-*"] }
"""


def released(name, tags, *releases):
    """Record a repository with tags, its releases, and a draft of one."""
    made = HistoryRows(source=f"github.com/o/{name}")
    made.commit("a")
    for tag in tags:
        made.add("refs", f"refs/tags/{tag}", "tag", "a", "a", None)
    tracker = TrackerRows(source=f"github.com/o/{name}#tracker")
    made_at = {"created_at": "2024-02-01T00:00", "released_at": "2024-02-01T00:00"}
    for tag in (*releases, "draft"):
        facts = {"is_draft": tag == "draft", "is_prerelease": False, **made_at}
        tracker.add("releases", release_id=tag, tag_name=tag, **facts)
    return made.found, tracker.found


@pytest.fixture(scope="module")
def released_home(tmp_path_factory):
    models = copy_models(tmp_path_factory.mktemp("sql") / "sql", *MODELS)
    looks = (
        *released("lib", ("v1", "v2", "other"), "v1"),
        *released("web", ("web-1", "v1"), "web-1", "web-2"),
        *released("none", ("other",)),
    )
    with models_of(models, BUILDERS):
        return make_home(tmp_path_factory.mktemp("released"), *looks, settings=OWNERS)


def test_a_run_names_projects_that_have_releases_and_no_deployment(released_home):
    """A project whose settings state what is a deployment has decided."""
    workspace = released_home.workspace
    lib = "so its delivery figures have no data. Set deployments"
    remedy = "under [rules] if these are deployments."
    assert delivery_notes(workspace) == (
        f'web: it has 2 releases and 1 tag and no deployment, {lib} = ["release"] {remedy}',
    )
    decided = workspace.settings.model_copy(update={"projects": ()})
    assert release_notes(released_home.warehouse, decided)[0] == (
        f'app: it has 1 release and 2 tags and no deployment, {lib} = ["release"] {remedy}'
    )


def test_settings_of_all_projects_decide_for_all(released_home):
    settings = released_home.workspace.settings
    rules = settings.rules.model_copy(update={"deployments": ("deployment",)})
    decided = settings.model_copy(update={"rules": rules})
    assert release_notes(released_home.warehouse, decided) == ()
