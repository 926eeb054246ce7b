"""A repository is what its identifier says, whatever its name."""

from __future__ import annotations

import pytest

from miners import store
from tests.support.fakes.fake_github import fake_github
from tests.support.running.tracker_homes import SOURCE

RENAMED = "github.example/ada/garden#tracker"


@pytest.fixture
def github():
    with fake_github() as fake:
        fake.repository("ada/orchard", 1).issue(1)
        yield fake


def sources(home):
    return sorted(store.sources(home.path / "store"))


def test_a_renamed_repository_is_followed_under_its_old_name(github, home):
    home.track(github)
    github.rename("ada/orchard", "ada/garden")
    github.repositories["ada/garden"].issue(2)
    home.track(github, run=1)
    assert sources(home) == [SOURCE]
    assert home.live("issues").keys() == {"1", "2"}
    assert home.rows("trackers")["path"].to_list() == ["ada/orchard", "ada/garden"]


def test_a_renamed_repository_keeps_its_source_under_the_new_name(github, home):
    home.track(github)
    github.rename("ada/orchard", "ada/garden")
    github.repositories["ada/garden"].issue(2)
    (receipt,) = home.track(github, "ada/garden", 1, id=RENAMED)
    assert receipt.source == SOURCE
    assert sources(home) == [SOURCE]
    assert receipt.rows("issues") == 1


def test_a_full_mining_under_the_new_name_keeps_its_source_too(github, home):
    home.track(github)
    github.rename("ada/orchard", "ada/garden")
    home.track(github, "ada/garden", 1, id=RENAMED, is_full=True)
    assert sources(home) == [SOURCE]
    assert home.rows("issues").height == 1


def test_what_takes_the_name_of_a_deleted_repository_is_another_source(github, home):
    home.track(github)
    del github.repositories["ada/orchard"]
    github.repository("ada/orchard", 2).issue(1, title="Another")
    home.track(github, run=1)
    assert sources(home) == [SOURCE, f"{SOURCE}/2"]
    assert sorted(home.rows("issues")["title"]) == ["Another", "Issue 1"]

    github.repositories["ada/orchard"].issue(2)
    home.track(github, run=2)
    assert sources(home) == [SOURCE, f"{SOURCE}/2"]
    assert home.rows("issues").filter(source=f"{SOURCE}/2").height == 2
    assert home.deleted() == {}


def test_the_old_name_taken_by_another_while_the_first_continues(github, home):
    home.track(github)
    github.rename("ada/orchard", "ada/garden")
    github.renamed.clear()
    github.repository("ada/orchard", 2).issue(5)
    home.track(github, "ada/garden", 1, id=RENAMED)
    home.track(github, "ada/orchard", 2)
    assert sources(home) == [SOURCE, f"{SOURCE}/2"]
    assert home.rows("issues").filter(source=SOURCE)["issue_number"].to_list() == [1]


def test_the_same_number_at_another_host_is_another_source(github, home):
    home.track(github)
    with fake_github() as other:
        other.repository("ada/orchard", 1).issue(9)
        home.track(other, run=1, id="other.example/ada/orchard#tracker")
    assert sources(home) == [SOURCE, "other.example/ada/orchard#tracker"]
