"""Test known GitHub and GitLab hosts, and their tokens."""

from __future__ import annotations

import subprocess

import pytest

from flows.settings.hosts import host_of, known_hosts
from flows.settings.settings import SettingsError, load_settings
from miners.tracker.address import AppKey, Host
from tests.support.fakes.token_shapes import shapes

TOKEN = "ghp_0123456789abcdefghijABCDEFGHIJ012345"
PEM = "-----BEGIN RSA PRIVATE KEY-----\nabc\n-----END RSA PRIVATE KEY-----"
VARIABLES = ("GITHUB_TOKEN", "GH_TOKEN", "GITLAB_TOKEN")


@pytest.fixture(autouse=True)
def no_tokens(monkeypatch):
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def hosts(tmp_path):
    """Read the hosts of a settings file."""

    def read(text=""):
        file = tmp_path / "quarry.toml"
        file.write_text(text)
        return known_hosts(load_settings(file, {}), tmp_path)

    return read


def entry(kind="gitlab", name="git.example.com", more=""):
    return f'[[hosts]]\nname = "{name}"\nkind = "{kind}"\n{more}\n'


def secret_file(folder, text=TOKEN, mode=0o600):
    file = folder / "secret"
    file.write_text(f"{text}\n")
    file.chmod(mode)
    return file


def test_two_hosts_are_known_without_settings(hosts):
    found = hosts()
    assert {name: known.host.api for name, known in found.items()} == {
        "github.com": "https://api.github.com",
        "gitlab.com": "https://gitlab.com/api/v4",
    }
    assert not any(known.has_login or known.is_configured for known in found.values())
    assert found["github.com"].to_set == "Put one into $GITHUB_TOKEN or $GH_TOKEN"


@pytest.mark.parametrize(
    ("variables", "login"),
    [
        ({"GITHUB_TOKEN": TOKEN, "GH_TOKEN": "other"}, "$GITHUB_TOKEN"),
        ({"GITHUB_TOKEN": "", "GH_TOKEN": TOKEN}, "$GH_TOKEN"),
    ],
)
def test_the_first_variable_that_holds_a_token_is_taken(variables, login, hosts, monkeypatch):
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    known = hosts()["github.com"]
    assert (known.host.token, known.login) == (TOKEN, login)


def test_a_login_is_found_in_a_variable_a_file_or_an_app(hosts, tmp_path, monkeypatch):
    monkeypatch.setenv("APP_TOKEN", TOKEN)
    secret_file(tmp_path, TOKEN)
    (tmp_path / "app.pem").write_text(PEM)
    (tmp_path / "app.pem").chmod(0o640)
    app = 'app_id = 7\nprivate_key_file = "app.pem"\ninstallation_id = 9'
    found = hosts(
        entry(name="A.example:8443", more='token_env = "APP_TOKEN"')
        + entry(name="b.example", more='token_file = "secret"')
        + entry("github", "c.example", app)
    )
    assert found["a.example:8443"].host == Host(
        name="a.example:8443", kind="gitlab", api="https://a.example:8443/api/v4"
    )
    assert found["a.example:8443"].host.token == found["b.example"].host.token == TOKEN
    assert found["c.example"].host.api == "https://c.example/api/v3"
    assert found["c.example"].host.app == AppKey("7", PEM, 9)
    assert [known.login for known in found.values()][2:] == [
        "$APP_TOKEN",
        "token_file",
        "GitHub App 7",
    ]
    assert TOKEN not in repr(found)
    assert "abc" not in repr(found)


def test_an_entry_stands_before_what_is_built_in(hosts, monkeypatch):
    monkeypatch.setenv("GITHUB_TOKEN", TOKEN)
    api = 'api = "https://proxy.example/github/"'
    kept = hosts(entry("github", "GitHub.com", api))["github.com"]
    own = hosts(entry("github", "github.com", 'token_env = "NOT_SET_ANYWHERE"'))["github.com"]
    assert (kept.host.api, kept.host.token) == ("https://proxy.example/github", TOKEN)
    assert (own.has_login, own.to_set) == (False, "Put one into $NOT_SET_ANYWHERE")


@pytest.mark.parametrize("mode", [0o604, 0o644, 0o606])
def test_a_secret_that_everybody_can_read_is_refused_with_what_to_run(mode, hosts, tmp_path):
    file = secret_file(tmp_path, mode=mode)
    known = hosts(entry(more='token_file = "secret"'))["git.example.com"]
    assert not known.has_login
    assert str(known.refusal) == (
        f"other users of this machine can read {file}. Run chmod 600 {file}."
    )


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ('token_file = "none"', "the file that token_file names cannot be read: No such file"),
        (f'token_file = "{TOKEN}"', "cannot be read: No such file or directory. Correct"),
        ('token_file = "secret"', "has characters that no token has"),
        ('ca_file = "secret"', "is not a file of certificates"),
        ('ca_file = "none.pem"', "none.pem is not a file of certificates"),
    ],
)
def test_a_login_that_cannot_be_used_says_why_and_not_what(more, said, hosts, tmp_path):
    secret_file(tmp_path, f"{TOKEN}\nX-Header: {TOKEN}")
    known = hosts(entry(more=more))["git.example.com"]
    assert not known.has_login
    assert said in str(known.refusal)
    assert TOKEN not in str(known.refusal)


def test_a_key_of_an_app_that_is_none(hosts, tmp_path):
    secret_file(tmp_path)
    more = 'app_id = "7"\nprivate_key_file = "secret"'
    known = hosts(entry("github", more=more))["git.example.com"]
    assert str(known.refusal).startswith("private_key_file has no private key. Name the .pem")


def test_an_authority_of_its_own(hosts, tmp_path):
    made = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"]
    made += ["-nodes", "-subj", "/CN=ours", "-keyout", "/dev/null", "-out", "ca.pem"]
    subprocess.run(made, cwd=tmp_path, check=True, capture_output=True)
    known = hosts(entry(more='ca_file = "ca.pem"'))["git.example.com"]
    assert (known.refusal, known.host.ca_file) == (None, tmp_path / "ca.pem")


@pytest.mark.parametrize(
    ("more", "message"),
    [
        ('name = "x"\nkind = "githb"', "hosts.0.kind: .*'github' or 'gitlab'.*mean 'github'"),
        ('name = "x"', "hosts.0.kind: missing; add it$"),
        ('name = "https://x/"\nkind = "gitlab"', "hosts.0.name: write the host as in its"),
        ('name = "x"\nkind = "gitlab"\ntoken = "y"', "hosts.0.token: .*mean 'token_env'"),
        ('name = "x"\nkind = "gitlab"\napi = "x/api"', "hosts.0.api: write the whole address"),
        ('name = "x"\nkind = "gitlab"\napi = "http://x/api"', "hosts.0.api: http sends the token"),
        ('name = "x"\nkind = "gitlab"\napi = "https://u:p@x"', "hosts.0.api: .*credentials"),
        ('name = "x"\nkind = "gitlab"\ntoken_env = "A"\ntoken_file = "b"', "hosts.0: name one of"),
        ('name = "x"\nkind = "github"\napp_id = 1', "hosts.0: app_id and private_key_file go"),
        ('name = "x"\nkind = "github"\ninstallation_id = 1', "hosts.0: installation_id needs"),
        (
            'name = "x"\nkind = "gitlab"\napp_id = 1\nprivate_key_file = "k"',
            "hosts.0: GitLab has no apps; name token_env or token_file",
        ),
        (
            'name = "x"\nkind = "github"\n[[hosts]]\nname = "X"\nkind = "github"',
            "hosts: x is listed twice",
        ),
    ],
)
def test_what_is_wrong_with_a_host_is_named(more, message, hosts):
    with pytest.raises(SettingsError, match=message):
        hosts(f"[[hosts]]\n{more}\n")


@pytest.mark.parametrize("api", ["http://127.0.0.1:8089", "http://localhost:1/api/v4"])
def test_plain_http_serves_this_machine(api, hosts):
    assert hosts(entry(more=f'api = "{api}"'))["git.example.com"].host.api == api


@pytest.mark.parametrize(
    ("identity", "protocol", "found"),
    [
        ("github.com/o/r", "https", ("github.com", "o/r")),
        ("github.com/o/r", "ssh", ("github.com", "o/r")),
        ("github.com:443/o/r", "https", ("github.com", "o/r")),
        ("ssh.github.com:443/o/r", "ssh", ("github.com", "o/r")),
        ("altssh.gitlab.com:443/g/s/p", "ssh", ("gitlab.com", "g/s/p")),
        ("git.example.com:2222/g/p", "ssh", ("git.example.com", "g/p")),
        ("git.example.com/code/g/p", "https", ("git.example.com", "g/p")),
        ("git.example.com:8443/g/p", "https", None),
        ("other.example:8443/g/p", "https", ("other.example:8443", "g/p")),
        ("other.example/g/p", "ssh", ("other.example:8443", "g/p")),
        ("github.com.evil.example/o/r", "https", None),
        ("/github.com/o/r", "file", None),
    ],
)
def test_the_host_of_an_address(identity, protocol, found, hosts):
    known = hosts(
        entry(more='api = "https://git.example.com/code/api/v4"') + entry(name="other.example:8443")
    )
    place = host_of(known, identity, protocol)
    assert (place and (place[0].host.name, place[1])) == found


@pytest.mark.parametrize("key", ["token_env", "token", "token_file", "api", "kind"])
def test_a_token_in_the_wrong_place_is_never_shown(key, hosts):
    """Somebody writes the token itself where its variable, file or address belongs."""
    for token in (token for seed in range(10) for token in shapes(seed)):
        facts = {"name": "git.example.com", "kind": "gitlab", key: token}
        lines = "\n".join(f'{name} = "{value}"' for name, value in facts.items())
        try:
            said = str(hosts(f"[[hosts]]\n{lines}\n")["git.example.com"].refusal)
        except SettingsError as error:
            said = str(error)
        assert said != "None"
        assert token not in said
