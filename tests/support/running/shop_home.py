"""The shop's home folder, and the plain text of what commands print."""

from __future__ import annotations

import io
import re
import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rich.console import Console

from flows.cli.progress import ProgressLines
from flows.run.publish import publish
from flows.settings.workspace import context_of, open_workspace
from tests.support.rows import shop

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True)
class ShopHome:
    """A folder with settings, and a run's results from the polls."""

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
        return ShopHome(folder)

    def publish(self):
        return publish(self.workspace, context_of(self.workspace), nobody())


def nobody():
    """Let nobody watch."""
    return ProgressLines(Console(file=io.StringIO()))


def make_home(folder, *looks, settings=shop.SETTINGS):
    (folder / "quarry.toml").write_text(settings, "utf-8")
    home = ShopHome(folder)
    for look in looks:
        look(home.store)
    home.publish()
    return home


def plain(said):
    """Take away what pads a line, and the rules under heads."""
    lines = (line.rstrip() for line in said.decode().splitlines())
    return re.sub(r" ─+", "RULED", "\n".join(lines)) + "\n"
