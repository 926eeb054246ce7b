"""Test that only its host ever sees a token."""

from __future__ import annotations

import base64
import logging
import pickle
import random
import string
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from flows.lazy_trackers import redact_token
from miners.errors import MiningError
from miners.tracker import http
from tests.support.fakes.fake_github import GithubReply, fake_github, message, moved
from tests.support.running.outcomes import shows
from tests.support.running.tracker_homes import GITHUB, GITLAB, tracker_source

ROOT = Path(__file__).parents[3]
PROJECT = {"id": 1, "path_with_namespace": "ada/orchard", "web_url": "https://gitlab.example/a"}
LETTERS = string.ascii_letters + string.digits
SHAPES = {
    "ghp": lambda some: "ghp_" + some(LETTERS, 36),
    "fine-grained": lambda some: "github_pat_" + some(LETTERS + "_", 82),
    "app": lambda some: "ghs_" + some(LETTERS + "._-", 60),
    "glpat": lambda some: "glpat-" + some(LETTERS + "_-", 20),
    "hexadecimal": lambda some: some("0123456789abcdef", 40),
    "JWT": lambda some: "eyJ" + ".".join(some(LETTERS + "-_", 30) for _ in range(3)),
    "any": lambda some: some("".join(map(chr, range(33, 127))), 24),
    "with a space": lambda some: some(LETTERS, 12) + " " + some(LETTERS, 12),
    "with a line end": lambda some: some(LETTERS, 20) + "\r\nX-Other: " + some(LETTERS, 9),
    "of other letters": lambda some: some(LETTERS, 12) + "é한" + some(LETTERS, 12),
}
TOKENS = [(shape, seed) for shape in SHAPES for seed in range(10)]
# What goes wrong, so that messages are made where a token is near.
TROUBLES = [
    lambda request: None,
    lambda request: message(401, "Bad credentials"),
    lambda request: message(403, "Resource not accessible"),
    lambda request: message(404, "Not Found"),
    lambda request: message(500, "Oops"),
    lambda request: GithubReply(200, b"<html>", {"Content-Type": "text/html"}),
    lambda request: GithubReply(200, b'{"half": '),
    lambda request: moved("https://elsewhere.example/"),
    lambda request: GithubReply(silent_seconds=0),
    lambda request: GithubReply(200, {"X-Test": "1"}, {"X-Many": "x" * 70_000}),
]


def token_of(shape, seed):
    chosen = random.Random(f"{shape} {seed}")
    return SHAPES[shape](lambda letters, n: "".join(chosen.choice(letters) for _ in range(n)))


def forms(token):
    """Write a token as it could stand somewhere: plain, encoded, escaped, or its longest part."""
    raw = token.encode()
    longest = max(token.replace("\r\n", " ").split(), key=len)
    return {raw, base64.b64encode(raw), repr(token)[1:-1].encode(), longest[:24].encode()}


@pytest.fixture
def github(monkeypatch):
    monkeypatch.setattr(http, "_PAUSES_SECONDS", (0.0,))
    with fake_github() as fake:
        fake.repository().issue(1)
        yield fake


@pytest.fixture
def said(caplog):
    """Everything that any logger says, from the lowest level on."""
    for name in ("", "urllib3", "github", "github.Requester", "gitlab", "requests", "http.client"):
        caplog.set_level(logging.DEBUG, logger=name)
    return caplog


@shows("unusable token")
@pytest.mark.parametrize(("shape", "seed"), TOKENS)
def test_a_token_is_nowhere_but_in_the_requests_to_its_host(github, home, said, shape, seed):
    token = token_of(shape, seed)
    kind = GITLAB if seed % 2 else GITHUB
    github.answer = answers(kind, TROUBLES[seed])
    url = github.url if kind == GITHUB else f"{github.url}/api/v4"
    texts = [repr(tracker_source(url, kind=kind, facts={"token": token}))]
    try:
        home.track(SimpleNamespace(url=url), kind=kind, token=token)
    except MiningError as error:
        texts += [str(error), repr(error), repr(pickle.dumps(error)), *chain(error)]
    texts += [
        record.getMessage() + repr(record.args) + str(record.exc_text) for record in said.records
    ]
    heaps = [text.encode("utf-8", "surrogateescape") for text in texts]
    heaps += [path.read_bytes() + str(path).encode() for path in home.files()]
    for form in forms(token):
        assert [heap[:500] for heap in heaps if form in heap] == []
    assert all(token in r.headers.get("authorization", "") for r in github.log)
    assert bool(github.log) == token.isprintable() * token.isascii() * (" " not in token)


def answers(kind, trouble):
    def answer(request):
        if kind == GITHUB:
            return trouble(request)
        is_project = request.path.endswith("ada%2Forchard")
        return trouble(request) or GithubReply(200, PROJECT if is_project else [])

    return answer


def chain(error):
    """Show what led to an error as a traceback would."""
    while error := error.__cause__ or error.__context__:
        yield str(error)
        yield repr(error)


def test_a_token_is_in_no_list_of_processes(github, home, tmp_path):
    token = token_of("ghp", 99)
    secret = tmp_path / "token"
    secret.write_text(token)
    github.answer = lambda _: GithubReply(silent_seconds=600)
    script = (
        "import sys, types, pathlib; from tests.support.running.tracker_homes import TrackerHome; "
        "token = pathlib.Path(sys.argv[3]).read_text(); "
        "TrackerHome(pathlib.Path(sys.argv[2])).track(types.SimpleNamespace(url=sys.argv[1]), "
        "token=token)"
    )
    command = [sys.executable, "-c", script, github.url, str(home.path), str(secret)]
    mining = subprocess.Popen(command, cwd=ROOT, stderr=subprocess.DEVNULL)
    try:
        while not github.log:
            assert mining.poll() is None
        seen = b"".join(
            (process / name).read_bytes()
            for process in Path("/proc").iterdir()
            if process.name.isdigit()
            for name in ("cmdline", "environ")
            if readable(process / name)
        )
        assert token.encode() not in seen
        assert github.log[0].headers["authorization"] == f"token {token}"
    finally:
        mining.kill()
        mining.wait()


def readable(path):
    try:
        path.read_bytes()
    except OSError:
        return False
    return True


@pytest.mark.parametrize(
    ("token", "problem", "expected"),
    [
        ("x", "the next run of x: xylophone", "the next run of (the token): xylophone"),
        ("ghp_01234567", "Bearer ghp_01234567A", "Bearer (the token)A"),
    ],
)
def test_a_short_token_is_removed_as_a_word_alone(token, problem, expected):
    with pytest.raises(MiningError) as raised, redact_token(SimpleNamespace(token=token)):
        raise MiningError("host/one", problem, "Run again")

    assert raised.value.problem == expected
