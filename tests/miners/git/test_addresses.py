"""Which addresses Quarry reads, and which it refuses before anything is called."""

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
    ],
)
def test_addresses_that_are_refused_before_anything_is_called(text, tmp_path):
    with pytest.raises(SourceDenied) as caught:
        parse_location(text, tmp_path)
    assert SECRET not in str(caught.value)
    assert caught.value.remedy


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
