"""Test the notes of a run about environments."""

from __future__ import annotations

import pytest

from flows.run.delivery_notes import environment_notes
from tests.support.rows.some_models import BUILDERS, copy_models, models_of
from tests.support.running.environments import SETTINGS, looks
from tests.support.running.shop_home import make_home
from warehouse.connection import open_for_reading


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    models = copy_models(tmp_path_factory.mktemp("sql") / "sql", "facts.project_environments")
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
