"""Fake API of GitHub's kind, for tests of flows."""

from __future__ import annotations

import json

# All that GitHub must say of a repository in which there is nothing.
EMPTY = {
    "id": 7,
    "full_name": "o/r",
    "url": "https://tracker.example/o/r",
    "html_url": "https://tracker.example/o/r",
    "open_issues_count": 0,
}


def say_json(request, body, status=200, **headers):
    """Answer a request with JSON."""
    content = json.dumps(body).encode()
    request.send_response(status)
    for name, value in {"Content-Type": "application/json", **headers}.items():
        request.send_header(name.replace("_", "-"), str(value))
    request.send_header("Content-Length", str(len(content)))
    request.end_headers()
    request.wfile.write(content)
    return True


def empty_github(request, path):
    """Answer as GitHub for one repository in which there is nothing."""
    is_repository = path.endswith(("/repos/o/r", "/repositories/7"))
    return say_json(request, EMPTY if is_repository else [])
