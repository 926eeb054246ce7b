"""The shop's home folder, built once, and the commands as somebody types them in it."""

from __future__ import annotations

import io
import re
import shutil
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest
from rich.console import Console

from flows.cli import main as cli
from flows.cli.console import LineWatch
from flows.run.publish import publish
from flows.settings.workspace import context_of, open_workspace
from tests.kpis import shop

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True)
class Home:
    """A folder with settings, and what a night makes of what was looked at."""

    folder: Path

    @property
    def workspace(self):
        return open_workspace(self.folder / "quarry.toml", None)

    @property
    def store(self):
        return self.workspace.store

    @property
    def warehouse(self):
        return self.workspace.warehouse

    def copied(self, folder):
        """Make a copy of the whole home, to do things to."""
        shutil.copytree(self.folder, folder, symlinks=True)
        return Home(folder)

    def publish(self):
        return publish(self.workspace, context_of(self.workspace), nobody())


def nobody():
    """Let nobody watch."""
    return LineWatch(Console(file=io.StringIO()))


def make_home(folder, *looks, settings=shop.SETTINGS):
    (folder / "quarry.toml").write_text(settings, "utf-8")
    home = Home(folder)
    for look in looks:
        look(home.store)
    home.publish()
    return home


def plain(said):
    """Take away what pads a line, and the rules under heads."""
    lines = (line.rstrip() for line in said.decode().splitlines())
    return re.sub(r" ─+", "RULED", "\n".join(lines)) + "\n"


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
