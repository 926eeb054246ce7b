"""Serve the page to explore figures on the loopback address."""

from __future__ import annotations

import json
import re
from functools import partial
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any, cast

from warehouse.errors import WarehouseMissing
from warehouse.explore.page import PAGE, write_page
from warehouse.explore.snapshot_data import quarter_evidence
from warehouse.exports.current import current_snapshot

if TYPE_CHECKING:
    from pathlib import Path

LOOPBACK = "127.0.0.1"
_EVIDENCE = re.compile(r"/evidence/(\d{4}-Q[1-4])\.json")


def page_of(exports: Path) -> Path:
    """
    Return the page of the current snapshot, and write it where an earlier version did not.

    Errors:  WarehouseMissing where no run has published a snapshot.
    """
    snapshot = current_snapshot(exports)
    page = snapshot / PAGE if (snapshot / PAGE).is_file() else write_page(snapshot)
    if page is None:
        raise WarehouseMissing(exports)
    return page


def explore_server(snapshot: Path, port: int) -> ThreadingHTTPServer:
    """Return a server of the page and its evidence, on the loopback address alone."""
    return ThreadingHTTPServer((LOOPBACK, port), partial(_Handler, snapshot))


class _Handler(BaseHTTPRequestHandler):
    """Answer requests for the page and for the evidence of a quarter, and no others."""

    def __init__(self, snapshot: Path, *rest: Any) -> None:  # noqa: ANN401 - of the base class
        self._snapshot = snapshot
        super().__init__(*rest)

    def do_GET(self) -> None:
        quarter = _EVIDENCE.fullmatch(self.path)
        if not self._is_from_here():
            self.send_error(HTTPStatus.FORBIDDEN)
        elif self.path == "/":
            self._send((self._snapshot / PAGE).read_bytes(), "text/html; charset=utf-8")
        elif quarter:
            rows = quarter_evidence(self._snapshot, quarter[1])
            self._send(json.dumps(rows, ensure_ascii=False).encode(), "application/json")
        else:
            self.send_error(HTTPStatus.NOT_FOUND)

    def _is_from_here(self) -> bool:
        """Return whether the page was asked of this address: other sites may resolve to it."""
        port = cast("ThreadingHTTPServer", self.server).server_port
        return self.headers["Host"] in {f"{LOOPBACK}:{port}", f"localhost:{port}"}

    def _send(self, content: bytes, kind: str) -> None:
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(content)))
        self.send_header("X-Content-Type-Options", "nosniff")
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: object) -> None:
        """Print no line for each request."""
