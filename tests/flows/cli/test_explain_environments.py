"""Test that `quarry explain` lists the environments that do not count."""

from __future__ import annotations

import pytest

from tests.support.running.environments import SETTINGS, looks
from tests.support.running.shop_home import make_home, plain


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    return make_home(tmp_path_factory.mktemp("environments"), *looks(), settings=SETTINGS)


def explained(quarry, kpi, project):
    code, said, complained = quarry("explain", kpi, "--project", project, "--no-sql")
    assert (code, complained) == (0, "")
    return plain(said)


def test_what_is_no_production_is_listed_with_a_delivery_kpi(quarry):
    said = explained(quarry, "deployment_frequency", "decided")

    assert (
        """
Environments that do not count: 2

  deployments   environment   project
RULED
            2   staging       decided
            1   prod          decided

Set environments under [rules] if deployments to one of them count.
"""
        in said
    )


def test_many_environments_are_counted(quarry):
    said = explained(quarry, "change_fail_rate", "*")

    assert "Environments that do not count: 11" in said
    assert "and 1 more: facts.project_environments has all" in said
