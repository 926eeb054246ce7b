"""Test the trackers and groups that settings resolve to."""

from __future__ import annotations

import base64

import pytest

from flows.run.git_notes import excluded_members, exclusion_notes
from flows.run.mine import notes_of
from flows.settings.groups import expand_groups
from flows.settings.hosts import known_hosts
from flows.settings.settings import SettingsError
from flows.settings.sources import (
    MemberExcluded,
    TrackerSkipped,
    identity_of,
    resolve_address,
    sources_at,
)
from flows.settings.workspace import context_of, open_workspace, resolve_sources
from miners.batch import BatchWriter
from miners.errors import MiningError, SourceDenied, SourceUnavailable
from miners.git.address import GitSource
from miners.tracker.address import ListedRepository, tracker_id
from tests.support.git.repositories import DAY_ONE

TOKEN = "s3cr3t-t0k3n"
OWN_HOST = '[[hosts]]\nname = "git.example.com"\nkind = "gitlab"\ntoken_env = "OWN_TOKEN"\n'


@pytest.fixture(autouse=True)
def tokens(monkeypatch):
    """There is a token for github.com and one for our own host, and none for gitlab.com."""
    for name in ("GH_TOKEN", "GITLAB_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("GITHUB_TOKEN", TOKEN)
    monkeypatch.setenv("OWN_TOKEN", f"{TOKEN}-own")


@pytest.fixture
def opened(tmp_path):
    """Open the workspace of a settings file."""

    def opened(text):
        file = tmp_path / "quarry.toml"
        file.write_text(text)
        return open_workspace(file, None)

    return opened


def source(location, more=""):
    return f'[[sources]]\nlocation = "{location}"\n{more}\n'


def owned_by(workspace):
    return {project.name: project.sources for project in context_of(workspace).projects}


@pytest.mark.parametrize(
    ("location", "host", "path"),
    [
        ("https://github.com/o/r.git", "github.com", "o/r"),
        ("git@github.com:o/r.git", "github.com", "o/r"),
        ("ssh://git@github.com/o/r", "github.com", "o/r"),
        ("https://git.example.com/g/sub/p", "git.example.com", "g/sub/p"),
        ("ssh://git@git.example.com:2222/g/p.git", "git.example.com", "g/p"),
    ],
)
def test_a_repository_on_a_known_host_has_its_tracker(location, host, path, opened):
    git, tracker = resolve_sources(opened(OWN_HOST + source(location)))
    assert isinstance(git, GitSource)
    assert (tracker.id, tracker.repository) == (tracker_id(git.id), git.id)
    assert (tracker.host.name, tracker.path, tracker.keeps_payloads) == (host, path, True)
    assert tracker.name == f"{git.name} tracker"
    assert tracker.host.token == (TOKEN if host == "github.com" else f"{TOKEN}-own")
    assert TOKEN not in repr(tracker)


@pytest.mark.parametrize(
    ("location", "more"),
    [
        ("https://h.example/o/r", ""),
        ("https://github.com/o/r/wiki", ""),
        ("https://github.com/o/r", "tracker = false"),
        ("here", ""),
    ],
)
def test_no_tracker_is_looked_for_where_there_is_none(location, more, opened):
    (git,) = resolve_sources(opened(source(location, more)))
    assert isinstance(git, GitSource)


def test_a_host_without_a_token_is_named_once_with_what_to_set(opened):
    workspace = opened(
        source("https://gitlab.com/g/a") + source("git@gitlab.com:g/b", 'id = "old/b"')
    )
    made = resolve_sources(workspace)
    skipped = [one for one in made if isinstance(one, TrackerSkipped)]
    assert [identity_of(one) for one in skipped] == [
        tracker_id("gitlab.com/g/a"),
        tracker_id("old/b"),
    ]
    assert len(made) == 4
    assert notes_of(made) == (
        "gitlab.com: 2 trackers skipped for lack of a token. Put one into $GITLAB_TOKEN.",
    )


def test_a_tracker_alone_and_one_of_a_repository_read_from_elsewhere(opened):
    workspace = opened(
        "[mining]\nkeep_payloads = false\n"
        + source("https://github.com/o/only", 'kind = "tracker"\nname = "Only"')
        + source("clone", 'tracker = "https://github.com/o/r"\nid = "o/r"')
        + '[[projects]]\nname = "p"\nsources = ["Only", "clone"]\n'
    )
    only, git, other = resolve_sources(workspace)
    assert (only.id, only.repository) == ("github.com/o/only#tracker", "github.com/o/only")
    assert (only.name, only.path, only.keeps_payloads) == ("Only tracker", "o/only", False)
    assert isinstance(git, GitSource)
    assert (other.id, other.repository, other.path) == ("o/r#tracker", "o/r", "o/r")
    assert owned_by(workspace) == {"p": ("github.com/o/only", "o/r")}


def test_the_token_of_a_source_serves_its_tracker_before_that_of_the_host(opened, monkeypatch):
    monkeypatch.setenv("TEAM_TOKEN", "team")
    git, tracker = resolve_sources(
        opened(source("https://github.com/o/r", 'token_env = "TEAM_TOKEN"'))
    )
    encoded = base64.b64encode(b"x-access-token:team").decode()
    assert git.secrets["GIT_CONFIG_VALUE_0"] == f"Authorization: Basic {encoded}"
    assert tracker.host.token == "team"


def test_the_token_of_a_source_goes_to_no_tracker_elsewhere(opened, monkeypatch):
    monkeypatch.setenv("TEAM_TOKEN", "team")
    more = 'token_env = "TEAM_TOKEN"\ntracker = "https://github.com/o/r"'
    _, tracker = resolve_sources(opened(source("https://h.example/o/r", more)))
    assert tracker.host.token == TOKEN


@pytest.mark.parametrize(
    ("entry", "name", "said"),
    [
        (
            source("https://gitlab.com/g/a", 'kind = "tracker"'),
            "gitlab.com/g/a#tracker",
            "there is no token for gitlab.com. Put one into $GITLAB_TOKEN",
        ),
        (
            source("https://h.example/o/r", 'kind = "tracker"'),
            "h.example/o/r#tracker",
            "h.example is a host of unknown kind. Add a [[hosts]] entry",
        ),
        (
            source("https://github.com/o/r", 'kind = "tracker"\ntoken_env = "NOT_SET"'),
            "github.com/o/r#tracker",
            "$NOT_SET is not set",
        ),
        (source("https://github.com/o"), "github.com/o", "names no repository. For every"),
        (
            source("https://github.com/o", 'kind = "tracker"'),
            "github.com/o#tracker",
            "names no repository",
        ),
        (
            source("https://gitlab.com/g", 'kind = "group"'),
            "gitlab.com/g",
            "there is no token for gitlab.com",
        ),
        (source("/srv/git", 'kind = "group"'), "/srv/git", "/srv/git is a host of unknown kind"),
        (
            '[[hosts]]\nname = "git.example.com"\nkind = "gitlab"\ntoken_file = "none"\n'
            + source("https://git.example.com/g/p", 'kind = "tracker"'),
            "git.example.com/g/p#tracker",
            "the file that token_file names cannot be read",
        ),
    ],
)
def test_what_was_asked_for_and_cannot_be_mined_is_an_error(entry, name, said, opened):
    wrong, fine = resolve_sources(opened(entry + source("fine")))
    error = wrong if isinstance(wrong, MiningError) else fine
    assert error.source == name
    assert said in str(error)


def test_a_host_whose_secret_is_refused_fails_its_trackers_and_not_git(opened):
    host = '[[hosts]]\nname = "git.example.com"\nkind = "gitlab"\ntoken_file = "none"\n'
    git, tracker = resolve_sources(opened(host + source("https://git.example.com/g/p")))
    assert isinstance(git, GitSource)
    assert isinstance(tracker, SourceDenied)


def members(*paths, **kinds):
    """List a group as a host would; notes what it was asked for. kinds are facts by path."""

    def listed(host, path):
        listed.asked.append((host.name, path))
        return [ListedRepository(path=path, **kinds.get(path, {})) for path in paths]

    listed.asked = []
    return listed


def grown(workspace, listed):
    """Resolve sources with a host's answer known beforehand."""
    settings, base = workspace.settings, workspace.base
    hosts = known_hosts(settings, base)
    addresses = [resolve_address(entry, base, hosts) for entry in settings.sources]
    found = expand_groups(addresses, hosts, listed)
    return [one for p in found for one in sources_at(p, hosts, keeps_payloads=True)]


def test_a_group_is_all_its_repositories_and_their_trackers(opened):
    listed = members("g/a", "g/sub/a")
    workspace = opened(OWN_HOST + source("https://git.example.com/g/", 'kind = "group"'))
    found = grown(workspace, listed)
    assert listed.asked == [("git.example.com", "g")]
    assert [(one.id, one.name) for one in found] == [
        ("git.example.com/g/a", "a"),
        ("git.example.com/g/a#tracker", "a tracker"),
        ("git.example.com/g/sub/a", "sub/a"),
        ("git.example.com/g/sub/a#tracker", "sub/a tracker"),
    ]
    encoded = base64.b64encode(f"x-access-token:{TOKEN}-own".encode()).decode()
    assert found[0].location == "https://git.example.com/g/a.git"
    assert found[0].secrets["GIT_CONFIG_VALUE_0"] == f"Authorization: Basic {encoded}"


@pytest.mark.parametrize(
    ("said", "mined", "excluded"),
    [
        ("", ["app", "old"], ["a/fork: fork", "copy: mirror"]),
        ("forks = true\nmirrors = true", ["a/fork", "app", "copy", "old"], []),
        ("archived = false", ["app"], ["a/fork: fork", "copy: mirror", "old: archived"]),
        (
            'include = ["A*"]\nforks = true',
            ["a/fork", "app"],
            ["copy: mirror", "old: not in include"],
        ),
        ('exclude = ["*p"]', ["old"], ["a/fork: fork", "app: in exclude", "copy: mirror"]),
    ],
)
def test_a_group_leaves_forks_and_mirrors_out_unless_its_entry_says_otherwise(
    said, mined, excluded, opened
):
    kinds = {"a/fork": "is_fork", "copy": "is_mirror", "old": "is_archived"}
    names = ("a/fork", "app", "copy", "old")
    listed = members(
        *(f"g/{name}" for name in names),
        **{f"g/{name}": {kind: True} for name, kind in kinds.items()},
    )
    entry = f'kind = "group"\ntracker = false\n{said}'
    found = grown(opened(OWN_HOST + source("https://git.example.com/g/", entry)), listed)
    assert [one.name for one in found if isinstance(one, GitSource)] == mined
    left_out = [one for one in found if isinstance(one, MemberExcluded)]
    shown = [f"{one.repository}: {one.reason}" for one in left_out]
    assert shown == [f"git.example.com/g/{each}" for each in excluded]
    assert excluded_members(found) == tuple(
        f"git.example.com/g/{each.replace(': ', ': excluded (')})." for each in excluded
    )


def test_a_run_counts_what_the_entry_of_a_group_excludes():
    reasons = ("fork", "fork", "mirror")
    found = [MemberExcluded("g", f"g/{n}", reason) for n, reason in enumerate(reasons)]
    assert exclusion_notes(found) == (
        "g: 3 repositories excluded (fork 2, mirror 1). `quarry plan` lists them.",
    )
    assert exclusion_notes(found[:1]) == (
        "g: 1 repository excluded (fork 1). `quarry plan` lists them.",
    )


@pytest.mark.parametrize(
    ("location", "member"),
    [
        ("git@github.com:o", "git@github.com:o/a.git"),
        ("ssh://git@github.com/o", "ssh://git@github.com/o/a.git"),
    ],
)
def test_a_group_by_ssh_is_read_by_ssh(location, member, opened):
    git, tracker = grown(opened(source(location, 'kind = "group"')), members("o/a"))
    assert (git.location, dict(git.secrets), tracker.path) == (member, {}, "o/a")


def test_members_of_a_group_that_are_named_themselves_are_mined_as_named(opened):
    workspace = opened(
        source("https://github.com/o", 'kind = "group"\ntracker = false')
        + source("https://github.com/O/A", 'tracker = false\nid = "old/a"')
        + source("https://github.com/o/b", 'kind = "tracker"')
    )
    found = grown(workspace, members("o/a", "o/b", "o/c"))
    assert sorted(one.id for one in found) == [
        "github.com/o/b",
        "github.com/o/b#tracker",
        "github.com/o/c",
        "old/a",
    ]


@pytest.mark.parametrize(
    "error",
    [SourceUnavailable("x", "no answer", "The next run tries again"), ValueError("no answer")],
)
def test_a_group_that_cannot_be_listed_is_one_error_and_stops_nobody(error, opened):
    def listed(host, path):
        raise error

    workspace = opened(source("https://github.com/o", 'kind = "group"') + source("here"))
    git, failed = grown(workspace, listed)
    assert isinstance(git, GitSource)
    assert failed.source == "github.com/o"
    assert "no answer" in str(failed)


def test_a_project_has_all_of_a_group_that_was_ever_mined(opened):
    """Also without asking the host: a replay knows the same as the run did."""
    workspace = opened(
        source("https://github.com/o", 'kind = "group"\nname = "ours"')
        + source("https://github.com/O/b", 'id = "old/b"')
        + '[[projects]]\nname = "p"\nsources = ["ours", "https://github.com/o/a"]\n'
        + '[[projects]]\nname = "q"\nsources = ["https://github.com/o"]\n'
    )
    for name in ("github.com/o/a", "github.com/o/c#tracker", "github.com/other/a", "old/b"):
        with BatchWriter(workspace.store, name, "r", DAY_ONE) as batch:
            batch.finish({})
    owned = ("github.com/o/a", "github.com/o/c", "old/b")
    assert owned_by(workspace) == {"p": owned, "q": owned}


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ('kind = "trackers"', "did you mean 'tracker'"),
        ('tracker = "yes"', "write true, false, or where it is"),
        ('tracker = "https://u:p@github.com/o/r"', "write true, false, or where it is"),
        ('kind = "group"\nid = "x"', "a group has no id of its own"),
        ('kind = "group"\ntracker = "https://github.com/o/r"', "its own tracker"),
        ('kind = "tracker"\ntracker = false', "remove tracker"),
        ('token_env = "team-token"', "write the name of an environment variable"),
    ],
)
def test_what_is_wrong_with_an_entry_is_named(more, said, opened):
    with pytest.raises(SettingsError, match="sources") as caught:
        opened(source("https://github.com/o/r", more))
    assert said in str(caught.value)
