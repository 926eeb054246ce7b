"""Fixtures for miners: a fake GitHub, an orchard and a home."""

from __future__ import annotations

import pytest

from tests.support.fakes.fake_github import fake_github
from tests.support.running.tracker_homes import TrackerHome


@pytest.fixture
def github():
    """A GitHub without anything, for those that do not make one of their own."""
    with fake_github() as fake:
        yield fake


@pytest.fixture
def orchard(github):
    """Its repository, also where a test has put one there already."""
    return github.repositories.get("ada/orchard") or github.repository()


@pytest.fixture
def home(tmp_path):
    return TrackerHome(tmp_path / "home")
