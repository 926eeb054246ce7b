"""Test that every request ends and tokens stay with their host."""

from __future__ import annotations

import gzip
import signal
import ssl
import subprocess
import sys
import time
import tracemalloc
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from types import SimpleNamespace

import pytest

from miners import store
from miners.errors import SourceDenied, SourceUnavailable
from miners.tracker import connect, guard, http, writer
from tests.support.fakes.fake_github import BODY, HEADERS, GithubReply, fake_github, moved
from tests.support.running.clocks import HANG_SECONDS, without_hanging
from tests.support.running.outcomes import shows
from tests.support.running.tracker_homes import GITHUB, GITLAB, SOURCE, TOKEN

ROOT = Path(__file__).parents[3]
WHOLE = {GITHUB: "/repos/ada/orchard", GITLAB: "/api/v4/projects/ada%2Forchard"}
PROJECT = {"id": 1, "path_with_namespace": "ada/orchard", "web_url": "https://gitlab.example/a"}


@pytest.fixture
def github():
    with fake_github() as fake:
        for number in (1, 2):
            fake.repository().issue(number)
        yield fake


@pytest.fixture
def witness():
    """A second host that must not be asked anything."""
    with fake_github() as fake:
        fake.repository().issue(7)
        yield fake
        assert fake.log == []


@pytest.fixture
def once(monkeypatch):
    """Try once."""
    monkeypatch.setattr(http, "_PAUSES_SECONDS", ())


@pytest.fixture
def hurried(once, monkeypatch):
    """Try once, and give a request half a second."""
    monkeypatch.setattr(connect, "Guard", partial(guard.Guard, request_seconds=0.5))


@shows("no response")
@pytest.mark.parametrize("part", [BODY, HEADERS])
def test_a_byte_at_a_time_ends_at_the_deadline_of_the_request(github, home, hurried, part):
    dripping = GithubReply(200, {"id": 1, "url": "x" * 400}, drips=part, pause_seconds=1)
    github.answer = lambda _: dripping
    begun = time.monotonic()
    with (
        without_hanging(),
        pytest.raises(SourceUnavailable, match=r"no complete response within 0.5 seconds, 1 times"),
    ):
        home.track(github)
    assert time.monotonic() - begun >= 0.5
    assert home.files() == []


@shows("too large")
def test_a_response_that_unpacks_to_much_ends_the_reading(github, home, monkeypatch):
    monkeypatch.setattr(guard, "MOST_BYTES", 1 << 20)
    packed = gzip.compress(gzip.compress(b"[" + b" " * (64 << 20) + b"]"))
    github.answer = lambda _: GithubReply(200, packed, {"Content-Encoding": "gzip, gzip"})
    tracemalloc.start()
    with pytest.raises(
        SourceUnavailable,
        match=r"a response to /repos/ada/orchard is larger than 1 MiB\. Check that api",
    ):
        home.track(github)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 16 << 20
    assert len(github.log) == 1
    assert home.files() == []


@shows("no response")
def test_a_byte_at_a_time_without_a_length_is_no_answer_that_ended(github, home, hurried):
    """Cut off, it would look whole."""
    body = b'{"id": 1, "full_name": "ada/orchard", "url": "http://x"}' + b" " * 400
    whole = GithubReply(200, body, {"Connection": "close"}, drips=BODY, pause_seconds=1)
    github.answer = lambda _: whole
    with (
        without_hanging(),
        pytest.raises(SourceUnavailable, match=r"no complete response within 0.5 seconds"),
    ):
        home.track(github)


@shows("no response")
@pytest.mark.parametrize("seconds", [600, 0], ids=["stalls", "hangs up"])
def test_silence_ends(github, home, once, monkeypatch, seconds):
    monkeypatch.setattr(guard, "READ_SECONDS", 0.2)
    github.answer = lambda _: GithubReply(silent_seconds=seconds)
    with (
        without_hanging(),
        pytest.raises(SourceUnavailable, match=r"no response .*, 1 times in a row"),
    ):
        home.track(github)


@shows("out of time")
def test_the_deadline_of_a_source_keeps_the_finished_batches(github, home, monkeypatch):
    monkeypatch.setattr(writer, "ITEMS_PER_BATCH", 1)
    for number in range(3, 150):
        github.repositories["ada/orchard"].issue(number)
    # The time that batches take to be written does not count: the clock moves with the events.
    clock = SimpleNamespace(now=time.monotonic())
    monkeypatch.setattr(guard, "time", SimpleNamespace(monotonic=lambda: clock.now))

    def answer(request):
        if request.path.endswith("/issues/events"):
            clock.now += 3600
            return GithubReply(200, [], drips=BODY, pause_seconds=600)
        return None

    github.answer = answer
    with (
        without_hanging(),
        pytest.raises(SourceUnavailable, match=r"not done within 0.0167 minutes. The next run"),
    ):
        home.track(github, timeout_seconds=1.0)
    assert store.latest(home.path / "store", SOURCE).is_partial
    assert len(home.live("issues")) == 148


def test_no_request_has_more_time_than_is_left_of_its_source(github, home, monkeypatch):
    given = []

    @contextmanager
    def deadline(seconds):
        given.append(seconds)
        yield

    monkeypatch.setattr(guard, "deadline", deadline)
    home.track(github, timeout_seconds=59.0)
    assert given == sorted(given, reverse=True)
    assert 0 < given[-1] < given[0] < 59


@shows("no response")
def test_a_host_that_redirects_in_a_circle_is_left_after_five_times(github, home, once):
    github.answer = lambda request: moved(github.url + request.path)
    with pytest.raises(SourceUnavailable, match=r"5 redirects in a row, 1 times in a row"):
        home.track(github)
    assert len(github.log) == 5


@shows("sent elsewhere")
@pytest.mark.parametrize("kind", [GITHUB, GITLAB])
@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize("part", ["", "/issues"])
def test_a_redirect_takes_the_token_to_no_other_host(github, witness, home, kind, status, part):
    there = WHOLE[kind].removesuffix("ada%2Forchard") if kind == GITLAB else "/repositories/"
    path = f"{there}1{part}" if part else WHOLE[kind]

    def answer(request):
        if request.path == path:
            return moved(witness.url + path, status)
        return GithubReply(200, PROJECT) if request.path == WHOLE[GITLAB] else None

    github.answer = answer
    with pytest.raises(SourceDenied, match=f"another host, {witness.url}, which must not"):
        home.track(github, kind=kind, api=api(github, kind))
    assert home.files() == []


@shows("sent elsewhere")
@pytest.mark.parametrize("name", ["localhost", "user@127.0.0.1", "127.0.0.1.github.example"])
def test_another_name_or_scheme_of_the_host_is_another_host(github, home, name):
    port = github.url.rpartition(":")[2]
    for scheme in ("http", "https"):
        if name.startswith("user@") and scheme == "http":
            continue
        github.answer = lambda _, to=f"{scheme}://{name}:{port}/": moved(to)
        github.log.clear()
        with pytest.raises(SourceDenied, match="another host"):
            home.track(github)
        assert len(github.log) == 1


@pytest.mark.parametrize("kind", [GITHUB, GITLAB])
def test_a_link_to_another_host_is_not_followed(github, witness, home, kind):
    def answer(request):
        if request.path == WHOLE[GITLAB]:
            return GithubReply(200, PROJECT)
        is_first = "page" in request.query and request.page == 1
        link = {"Link": f'<{witness.url}/repositories/1/issues?page=2>; rel="next"'}
        return GithubReply(200, [], link) if is_first and "runs" not in request.path else None

    def gitlab(request):
        return answer(request) or GithubReply(200, [])

    github.answer = answer if kind == GITHUB else gitlab
    github.repositories["ada/orchard"].facts["open_issues_count"] = 0
    home.track(github, kind=kind, api=api(github, kind))
    assert github.asked(".*/issues") > 1


def test_nothing_comes_from_the_environment(github, witness, home, tmp_path, monkeypatch):
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login ada password of-netrc\n")
    for name in ("http_proxy", "HTTP_PROXY", "https_proxy", "all_proxy"):
        monkeypatch.setenv(name, witness.url)
    for name in ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE"):
        monkeypatch.setenv(name, str(tmp_path / "absent.pem"))
    monkeypatch.setenv("NETRC", str(netrc))
    monkeypatch.delenv("no_proxy", raising=False)
    home.track(github)
    assert {request.headers["authorization"] for request in github.log} == {f"token {TOKEN}"}


@pytest.mark.parametrize("name", ["http_proxy", "HTTP_PROXY", "all_proxy"])
def test_a_proxy_that_is_given_is_used(github, home, name):
    home.track(github, api="http://github.example", environment={name: github.url})
    assert {request.headers["host"] for request in github.log} == {"github.example:80"}
    assert home.live("issues")


def test_a_proxy_is_not_used_for_hosts_that_are_named_as_near(github, witness, home):
    given = {"http_proxy": witness.url, "no_proxy": "example.org,127.0.0.1"}
    home.track(github, environment=given)
    assert home.live("issues")


@shows("proxy")
def test_a_proxy_that_refuses_is_named(github, home):
    given = {"https_proxy": github.url}
    with pytest.raises(
        SourceUnavailable, match=r"proxy refuses the connection .* Check https_proxy"
    ):
        home.track(github, api="https://github.example", environment=given)
    assert github.log == []


@shows("certificate")
def test_a_certificate_is_trusted_only_by_its_own_authority(home, tmp_path):
    made = certificate(tmp_path)
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(made)
    with fake_github(tls) as fake:
        fake.repository().issue(1)
        with pytest.raises(SourceDenied, match=r"certificate is not trusted .* Name its CA file"):
            home.track(fake)
        assert fake.log == []
        home.track(fake, ca_file=made)
        assert home.live("issues").keys() == {"1"}


def test_one_connection_serves_a_whole_mining(github, home):
    home.track(github)
    assert len(github.log) > 10
    assert len({request.headers[":port"] for request in github.log}) == 1


def test_ctrl_c_during_a_request_leaves_at_once(github, home):
    github.answer = lambda _: GithubReply(silent_seconds=600)
    script = (
        "import sys, types, pathlib; from tests.support.running.tracker_homes import TrackerHome; "
        "TrackerHome(pathlib.Path(sys.argv[2])).track(types.SimpleNamespace(url=sys.argv[1]))"
    )
    mining = subprocess.Popen(
        [sys.executable, "-c", script, github.url, str(home.path)],
        cwd=ROOT,
        stderr=subprocess.PIPE,
        text=True,
    )
    while not github.log:
        time.sleep(0.01)
    mining.send_signal(signal.SIGINT)
    _, said = mining.communicate(timeout=HANG_SECONDS)
    assert "KeyboardInterrupt" in said
    assert TOKEN not in said


def api(fake, kind):
    return fake.url if kind == GITHUB else f"{fake.url}/api/v4"


def certificate(folder):
    """Make a certificate for this machine that is its own authority."""
    made = folder / "own.pem"
    curve = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-x509"]
    named = ["-subj", "/CN=quarry.example", "-addext", "subjectAltName=IP:127.0.0.1"]
    files = ["-keyout", str(made), "-out", str(folder / "public.pem")]
    subprocess.run(["openssl", "req", *curve, *named, *files], check=True, capture_output=True)
    made.write_text(made.read_text() + (folder / "public.pem").read_text())
    return made
