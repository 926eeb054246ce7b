"""Fake GitLab on loopback, with real lists, headers and refusals."""

from __future__ import annotations

import json
import ssl
import subprocess
import threading
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, unquote, urlencode, urlsplit

from miners.gitlab.client import connect
from miners.tracker.address import Host
from miners.tracker.guard import Guard
from miners.tracker.kinds import KINDS

API = "/api/v4"
TOKEN = "glpat-s3cr3t-t0k3n"
DEFAULT_PER_PAGE, MAX_PER_PAGE, MAX_OFFSET = 20, 100, 50_000


@dataclass
class GitlabReply:
    """One answer, given as it stands."""

    status: int = 200
    body: object = None
    headers: dict = field(default_factory=dict)
    raw: bytes | None = None


@dataclass(frozen=True)
class GitlabRequest:
    path: str
    query: dict
    headers: dict


class FakeGitlab:
    """
    Lists and objects by their path below the API.

    An entry with "redacted" is omitted after its page was cut, as GitLab omits what the
    token may not see.
    """

    def __init__(self):
        self.lists, self.objects, self.log = {}, {}, []
        # Answers that come first, by path: each is given once.
        self.replies = {}
        # How a page says that another follows: "x-next-page", "link" or "nothing".
        self.says_next = "x-next-page"
        self.max_offset = MAX_OFFSET
        self.certificate = None

    def __enter__(self):
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _GitlabHandler)
        self._server.daemon_threads = True
        self._server.fake = self
        if self.certificate:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(self.certificate)
            self._server.socket = context.wrap_socket(self._server.socket, server_side=True)
        self._thread = threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.01}
        )
        self._thread.start()
        return self

    def __exit__(self, *_):
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    @property
    def url(self):
        scheme = "https" if self.certificate else "http"
        return f"{scheme}://localhost:{self._server.server_port}"

    def paths(self):
        return [request.path for request in self.log]

    def answer(self, request, prefix):
        if waiting := self.replies.get(request.path):
            return waiting.pop(0)
        if request.path in self.objects:
            return GitlabReply(body=self.objects[request.path])
        if request.path in self.lists:
            return self._page(request, prefix)
        return GitlabReply(404, {"message": "404 Not found"})

    def _page(self, request, prefix):
        entries = _chosen(self.lists[request.path], request.query)
        per_page = min(int(request.query.get("per_page", DEFAULT_PER_PAGE)), MAX_PER_PAGE)
        number = int(request.query.get("page", 1))
        end = number * per_page
        if end > self.max_offset:
            return GitlabReply(405, {"error": "Offset pagination has a maximum allowed offset"})
        page = [entry for entry in entries[end - per_page : end] if "redacted" not in entry]
        has_next = len(entries) > end
        return GitlabReply(
            body=page, headers=self._headers(request, prefix, number, has_next=has_next)
        )

    def _headers(self, request, prefix, number, *, has_next):
        if self.says_next == "x-next-page":
            return {"X-Page": str(number), "X-Next-Page": str(number + 1) if has_next else ""}
        if self.says_next == "nothing":
            return {}
        query = urlencode({**request.query, "page": number + 1})
        link = f'<{self.url}{prefix}{request.path}?{query}>; rel="next"'
        return {"Link": link if has_next else '<http://x/>; rel="first"'}


def _chosen(entries, query):
    order = query.get("order_by", "created_at")
    for name in ("updated", "created"):
        if after := query.get(f"{name}_after"):
            entries = [e for e in entries if _stamp(e[f"{name}_at"]) >= _stamp(after)]
    if query.get("sort") == "asc" and all(order in entry for entry in entries):
        return sorted(entries, key=lambda entry: _stamp(entry[order]))
    return list(entries)


def _stamp(text):
    """Compare instants with and without milliseconds."""
    return str(text).rstrip("Z").ljust(23, ".")[:19] + (str(text).rstrip("Z")[19:] or ".000")


class _GitlabHandler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    # Head and body leave together; apart they wait for each other's acknowledgement.
    wbufsize = -1

    def do_GET(self):
        parts = urlsplit(self.path)
        prefix, _, path = parts.path.partition(API)
        query = {name: values[-1] for name, values in parse_qs(parts.query).items()}
        request = GitlabRequest(unquote(path), query, dict(self.headers))
        self.server.fake.log.append(request)
        reply = self.server.fake.answer(request, prefix + API)
        body = json.dumps(reply.body).encode() if reply.raw is None else reply.raw
        headers = {"Content-Type": "application/json", "Content-Length": len(body)}
        self.send_response(reply.status)
        for name, value in (headers | reply.headers).items():
            self.send_header(name, str(value))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        """Say nothing."""


def certificate(folder):
    """Make a certificate of its own authority for localhost: the file is both CA and key."""
    path = folder / "localhost.pem"
    made = "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2"
    named = "-subj /CN=localhost -addext subjectAltName=DNS:localhost"
    command = ["openssl", *made.split(), *named.split(), "-keyout", path, "-out", f"{path}.crt"]
    subprocess.run(command, check=True, capture_output=True)
    path.write_bytes(path.read_bytes() + (folder / "localhost.pem.crt").read_bytes())
    return path


def open_api(server, *, api=API, token=TOKEN, seconds=60.0, ca_file=None, **options):
    """Open the API of a server for one mining."""
    host = Host(name="localhost", kind="gitlab", api=server.url + api, token=token, ca_file=ca_file)
    guard = Guard(
        source="a-source",
        host=host,
        headers=KINDS["gitlab"].headers,
        began_at=datetime.now(UTC),
        timeout_seconds=seconds,
        **options,
    )
    return connect(guard)


def _at(number):
    return f"2024-01-01T{number // 3600:02}:{number // 60 % 60:02}:{number % 60:02}.000Z"


def entries(count, *, every=1):
    """Entries of which so many in a row share their instant."""
    made = [(number, _at(number // every)) for number in range(count)]
    return [{"id": number, "updated_at": at, "created_at": at} for number, at in made]
