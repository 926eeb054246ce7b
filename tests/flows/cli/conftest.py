"""The shop's home folder, built once, and the commands as somebody types them in it."""

from __future__ import annotations

import sys

import pytest

from flows.cli import main as cli
from tests.support.rows import shop
from tests.support.running.shop_home import make_home


@pytest.fixture(scope="session")
def built(tmp_path_factory):
    """The home after the first look; nobody changes it."""
    return make_home(tmp_path_factory.mktemp("shop"), shop.first_look)


@pytest.fixture(scope="module")
def home(built):
    return built


@pytest.fixture
def quarry(home, monkeypatch, capfdbinary):
    """Call quarry in the home's folder on the day of the first look: exit code and both outputs."""
    monkeypatch.chdir(home.folder)
    for module in ("cli_kpis", "cli_quarters"):
        # It ends the process, which here goes on.
        monkeypatch.setattr(f"flows.cli.{module}.leave", sys.exit)

    def call(*arguments, columns=120, now=shop.FIRST_LOOK):
        monkeypatch.setenv("SOURCE_DATE_EPOCH", str(int(now.timestamp())))
        monkeypatch.setenv("COLUMNS", str(columns))
        monkeypatch.setattr(sys, "argv", ["quarry", *map(str, arguments)])
        code = cli._exit_code()
        said, complained = capfdbinary.readouterr()
        return code, said, complained.decode()

    return call
