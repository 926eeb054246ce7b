"""Fixtures for commands: the shop's home folder, built once."""

from __future__ import annotations

import sys

import pytest

from flows.cli import main as cli
from tests.support.rows import shop
from tests.support.rows.some_models import models_of
from tests.support.running.commands import STAYING
from warehouse.sql import sql_folder


@pytest.fixture(scope="package", autouse=True)
def _known_kpis(known_models):
    """Restrict the models of these tests to the known KPIs: a new one changes no page."""
    with models_of(known_models):
        yield


@pytest.fixture(scope="module")
def with_all_kpis(built, tmp_path_factory):
    """The same home with every KPI there is."""
    own = built.copied(tmp_path_factory.mktemp("all") / "home")
    with models_of(sql_folder()):
        own.publish()
    return own


@pytest.fixture(scope="module")
def home(built):
    return built


@pytest.fixture
def quarry(home, monkeypatch, capfdbinary):
    """Call quarry in the home's folder on the day of the first look: exit code and both outputs."""
    monkeypatch.chdir(home.folder)
    monkeypatch.setattr("flows.cli.options.os", STAYING)

    def call(*arguments, columns=120, now=shop.FIRST_LOOK):
        monkeypatch.setenv("SOURCE_DATE_EPOCH", str(int(now.timestamp())))
        monkeypatch.setenv("COLUMNS", str(columns))
        monkeypatch.setattr(sys, "argv", ["quarry", *map(str, arguments)])
        code = cli._exit_code()
        said, complained = capfdbinary.readouterr()
        return code, said, complained.decode()

    return call
