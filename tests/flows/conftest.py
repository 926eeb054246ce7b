"""Fixtures for flows: a folder to work in, and few models."""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from pathlib import Path

import pytest

from flows.settings.workspace import open_workspace
from tests.support.expected.known_kpis import copy_models_of_known
from tests.support.rows import shop
from tests.support.rows.ledgers import LEDGER
from tests.support.rows.sealed_homes import NEEDED
from tests.support.rows.some_models import BUILDERS, HEADLINE, copy_models, models_of
from tests.support.running.shop_home import make_home

# Before any test imports Prefect: nothing of it goes to the user's own folder, or away from here.
PREFECT_HOME = tempfile.mkdtemp(prefix="quarry-prefect-")
atexit.register(shutil.rmtree, PREFECT_HOME, ignore_errors=True)
os.environ["PREFECT_HOME"] = PREFECT_HOME
os.environ["DO_NOT_TRACK"] = "1"
# Flows of this process outlive the server of the tests: their last logs would wait for it.
os.environ["PREFECT_LOGGING_TO_API_ENABLED"] = "false"


@pytest.fixture
def desk(tmp_path, monkeypatch):
    """Open the workspace of a folder in which commands are typed, with a ledger in its settings."""
    monkeypatch.chdir(tmp_path)

    def opened(text=LEDGER):
        zone = '[calendar]\ntime_zone = "Asia/Seoul"\n'
        Path("quarry.toml").write_text(f'home = "home"\n{zone}{text}')
        return open_workspace(None, None)

    return opened


@pytest.fixture(scope="session")
def known_models(tmp_path_factory):
    """Copy the models of the known KPIs, and all that are not of a KPI."""
    return copy_models_of_known(tmp_path_factory.mktemp("known") / "sql")


@pytest.fixture(scope="session")
def _headline_models(tmp_path_factory):
    wanted = (*HEADLINE, "facts.commits", "facts.repositories")
    return copy_models(tmp_path_factory.mktemp("few") / "sql", *wanted)


@pytest.fixture
def few_models(_headline_models):
    """Build what a run shows at its end, and no more: for tests of runs, not of figures."""
    with models_of(_headline_models, BUILDERS):
        yield


@pytest.fixture(scope="module")
def one_kpi(tmp_path_factory):
    """Build what seals need of one KPI, the commits."""
    wanted = (*HEADLINE, *NEEDED, "kpis.commits")
    with models_of(copy_models(tmp_path_factory.mktemp("one") / "sql", *wanted), BUILDERS):
        yield


@pytest.fixture(scope="session")
def built(known_models, tmp_path_factory):
    """The shop's home after the first look; nobody changes it."""
    with models_of(known_models):
        return make_home(tmp_path_factory.mktemp("shop"), shop.first_look)
