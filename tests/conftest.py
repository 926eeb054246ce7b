"""Fixtures for all tests, and the order of tests on workers."""

from __future__ import annotations

import atexit
import os
import sys
from pathlib import Path

import pytest

from tests.support.git.repositories import MinedHome, Repository
from tests.support.running.blank_warehouses import share_blanks
from tests.support.running.examples import register_profiles
from tests.support.running.workers import OneFolder, begins_at, count_workers, use_memory

register_profiles()
use_memory()

_status = []


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(exitstatus):
    _status.append(int(exitstatus))


@atexit.register
def _end_at_once():
    """
    End the process after all other functions of atexit, before modules are unloaded.

    DuckDB's binding would report its own types as leaked, because polars keeps what it has read
    through Arrow until then.
    """
    if _status:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(_status[-1])


def pytest_collection_modifyitems(items):
    """Begin with what takes longest, so that no worker ends long after the others."""
    items.sort(key=lambda item: begins_at(item.nodeid))


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers():
    return count_workers()


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config, log):
    """Hand out files in the order of their tests, and folders that share a server whole."""
    if config.getoption("dist") != "loadfile":
        return None
    config.option.loadscopereorder = False
    return OneFolder(config, log)


@pytest.fixture(scope="session", autouse=True)
def _blanks(tmp_path_factory):
    """Let all workers share the warehouses without rows."""
    own = tmp_path_factory.getbasetemp()
    folder = (own.parent if "PYTEST_XDIST_WORKER" in os.environ else own) / "blanks"
    folder.mkdir(exist_ok=True)
    share_blanks(folder)


@pytest.fixture(autouse=True)
def _umask():
    """Restore the umask: a command in the process of a test sets that of its home folder."""
    before = os.umask(0o022)
    yield
    os.umask(before)


@pytest.fixture
def repository(tmp_path):
    """An empty repository with the clock of the tests."""
    return Repository.make(tmp_path / "repository")


@pytest.fixture
def small(repository):
    """Three commits on main, one of them under a tag only, and one on another branch."""
    repository.commit(b"one", {"a": b"1\n"})
    repository.commit(b"two", {"a": b"1\n2\n"})
    repository.commit(b"side", {"b": b"1\n"}, ref="refs/heads/feature/x")
    return repository


@pytest.fixture
def mined_home(tmp_path):
    """A home folder in which nothing was mined yet."""
    return MinedHome(tmp_path / "home")


@pytest.fixture(scope="session")
def shared_data():
    """Histories of real projects that are in a folder next to the checkout."""
    found = Path(__file__).parents[2] / "shared" / "data"
    if not found.is_dir():
        pytest.skip(f"there are no shared data at {found}")
    return found
