"""Fake GitHub on loopback: plain data, and any response can be replaced."""

from __future__ import annotations

import hashlib
import json
import re
import threading
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, urlencode, urlsplit

from tests.support.fakes.fake_repository import FakeRepository

BODY, HEADERS = "body", "headers"


@dataclass(frozen=True)
class GithubRequest:
    """What was asked: the path without the query, and the names of headers in lower case."""

    path: str
    query: dict
    headers: dict

    @property
    def page(self):
        return int(self.query.get("page", 1))


@dataclass(frozen=True)
class GithubReply:
    """What is answered: a body of bytes goes out as it is, anything else as JSON."""

    status: int = 200
    body: object = b""
    headers: dict = field(default_factory=dict)
    # Which part goes out byte by byte, with a pause before each.
    drips: str | None = None
    pause_seconds: float = 0.05
    # Nothing at all is answered, and the connection is closed after so long.
    silent_seconds: float | None = None

    @property
    def content(self):
        return self.body if isinstance(self.body, bytes) else json.dumps(self.body).encode()


def moved(location, status=301):
    return GithubReply(status, {"message": "Moved Permanently"}, {"Location": location})


def message(status, text="", **headers):
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return GithubReply(status, {"message": text}, named)


class FakeGithub:
    """The host: repositories by path, a clock, a log, and a hook that comes before all else."""

    def __init__(self):
        self.repositories = {}
        self.renamed = {}
        self.log = []
        self.answer = lambda _request: None
        self.now = datetime(2024, 6, 1, tzinfo=UTC)
        self.requests_left = 5000
        self.url = ""
        self.is_closing = threading.Event()

    def repository(self, path="ada/orchard", number=1):
        made = self.repositories[path] = FakeRepository(self, path, number)
        return made

    def rename(self, old, new):
        repository = self.repositories[new] = self.repositories.pop(old)
        repository.path = new
        self.renamed[old] = new

    def tick(self, minutes=10):
        """Move the clock on, and return the time as GitHub writes it."""
        self.now += timedelta(minutes=minutes)
        return self.stamp()

    def stamp(self):
        return self.now.strftime("%Y-%m-%dT%H:%M:%SZ")

    def asked(self, pattern):
        """Count the requests for paths like this."""
        return sum(bool(re.fullmatch(pattern, request.path)) for request in self.log)

    def reply(self, request):
        self.log.append(request)
        return self.answer(request) or self.serve(request)

    def serve(self, request):
        """Answer as GitHub would."""
        found = re.fullmatch(r"/(?:repos/([^/]+/[^/]+)|repositories/(\d+))(?:/(.*))?", request.path)
        path, number, rest = found.groups() if found else (None, None, None)
        if path in self.renamed and path not in self.repositories:
            now = self.repositories[self.renamed[path]]
            return moved(f"{self.url}/repositories/{now.number}" + (f"/{rest}" if rest else ""))
        named = [r for r in self.repositories.values() if path == r.path or number == str(r.number)]
        reply = named[0].serve(rest or "", request.query) if named else None
        if reply is None:
            return message(404, "Not Found")
        if isinstance(reply, dict) and "list" in reply:
            return self._page(request, reply["list"], reply.get("within"))
        return reply if isinstance(reply, GithubReply) else self._tagged(request, reply, {})

    def _page(self, request, entries, within):
        size, page = int(request.query.get("per_page", 30)), request.page
        shown = entries[(page - 1) * size : page * size]
        headers = {}
        if page * size < len(entries):
            query = urlencode(request.query | {"page": page + 1})
            headers["Link"] = f'<{self.url}{request.path}?{query}>; rel="next"'
        body = {"total_count": len(entries), within: shown} if within else shown
        return self._tagged(request, body, headers)

    def _tagged(self, request, body, headers):
        tag = 'W/"' + hashlib.sha256(json.dumps([body, headers]).encode()).hexdigest()[:32] + '"'
        if request.headers.get("if-none-match") == tag:
            return GithubReply(304, b"", headers | {"ETag": tag})
        self.requests_left -= 1
        return GithubReply(200, body, headers | {"ETag": tag})


class _GithubHandler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def do_GET(self):
        fake = self.server.fake
        parts = urlsplit(self.path)
        headers = {name.lower(): value for name, value in self.headers.items()}
        headers[":port"] = self.client_address[1]
        reply = fake.reply(GithubRequest(parts.path, dict(parse_qsl(parts.query)), headers))
        content = b"" if reply.status == 304 else reply.content
        if reply.silent_seconds is not None:
            fake.is_closing.wait(reply.silent_seconds)
            self.close_connection = True
            return
        headers = self._headers(len(content)) | reply.headers
        if headers.get("Connection") == "close":
            del headers["Content-Length"]
            self.close_connection = True
        lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        head = f"HTTP/1.1 {reply.status} Answer\r\n{lines}"
        self._send(f"{head}\r\n".encode(), reply if reply.drips == HEADERS else None)
        self._send(content, reply if reply.drips == BODY else None)

    def _headers(self, length):
        fake = self.server.fake
        return {
            "Date": format_datetime(fake.now, usegmt=True),
            "Content-Type": "application/json; charset=utf-8",
            "Content-Length": length,
            "X-RateLimit-Limit": 5000,
            "X-RateLimit-Remaining": fake.requests_left,
            "X-RateLimit-Reset": int(fake.now.timestamp()) + 3000,
        }

    def _send(self, content, dripping):
        if not dripping:
            self.wfile.write(content)
            return
        try:
            for byte in content:
                self.wfile.write(bytes([byte]))
                if self.server.fake.is_closing.wait(dripping.pause_seconds):
                    break
        except OSError:
            # The other side has had enough.
            self.close_connection = True

    def log_message(self, *_):
        """Say nothing."""


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False

    def handle_error(self, *_):
        """Clients that leave in the middle are what the tests are about."""


@contextmanager
def fake_github(tls=None):
    """Serve a GitHub of its own; with a TLS context over https."""
    fake = FakeGithub()
    server = _Server(("127.0.0.1", 0), _GithubHandler)
    server.fake = fake
    if tls:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
    fake.url = f"{'https' if tls else 'http'}://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield fake
    finally:
        fake.is_closing.set()
        server.shutdown()
        server.server_close()
        thread.join()
