"""Test the settings that `quarry init` writes."""

from __future__ import annotations

import pytest

from flows.settings.settings import SettingsError
from flows.settings.template import write_settings_file
from flows.settings.workspace import open_workspace
from tests.support.git.repositories import Repository


@pytest.fixture
def written(tmp_path):
    """Write settings for some addresses, and read them."""

    def read(*addresses):
        file = tmp_path / "quarry.toml"
        write_settings_file(file, addresses)
        settings = open_workspace(file, None).settings
        (project,) = settings.projects
        return project.name, project.sources, [entry.model_dump() for entry in settings.sources]

    return read


@pytest.mark.parametrize(
    ("remote", "tracker"),
    [
        ("git@github.com:o/app.git", "https://github.com/o/app"),
        ("https://gitlab.com/g/sub/app.git", "https://gitlab.com/g/sub/app"),
    ],
)
def test_the_tracker_of_a_repository_is_that_of_its_remote(written, tmp_path, remote, tracker):
    Repository.make(tmp_path / "x")
    (tmp_path / "x" / ".git").rename(tmp_path / ".git")
    Repository(tmp_path).git("remote", "add", "origin", remote)

    name, sources, (entry,) = written()

    assert (name, sources) == ("app", (".",))
    assert (entry["location"], entry["tracker"]) == (".", tracker)


def test_a_folder_without_a_remote_is_a_source_alone(written, tmp_path):
    assert written() == (tmp_path.name, (".",), [])


def test_organisations_and_repositories_are_given_by_name(written):
    name, sources, (group,) = written("github.com/acme", "https://git.example.com/team/lib.git")

    assert (name, sources) == (
        "acme",
        ("https://github.com/acme", "https://git.example.com/team/lib.git"),
    )
    assert (group["location"], group["kind"]) == ("https://github.com/acme", "group")


def test_what_is_no_address_is_refused_and_nothing_is_written(written, tmp_path):
    with pytest.raises(SettingsError, match="credentials"):
        written("https://user:pass@github.com/o/r")
    assert not (tmp_path / "quarry.toml").exists()
