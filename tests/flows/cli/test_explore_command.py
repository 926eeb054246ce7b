"""`quarry explore`: the page, and its server for this machine alone."""

from __future__ import annotations

import json
import threading
import urllib.error
import urllib.request
from http.client import HTTPConnection

import pytest

from flows.serve.explore import explore_server, page_of
from warehouse.explore.snapshot_data import quarter_evidence


@pytest.fixture
def server(home):
    page = page_of(home.workspace.exports)
    with explore_server(page.parent, 0) as running:
        threading.Thread(target=running.serve_forever, daemon=True).start()
        yield running
        running.shutdown()


def status_of(server, path, host=None):
    connection = HTTPConnection("127.0.0.1", server.server_port)
    connection.request("GET", path, headers={"Host": host} if host else {})
    return connection.getresponse().status


def test_the_page_is_printed(quarry, home):
    code, said, complained = quarry("explore", "--no-open")

    assert (code, complained) == (0, "")
    assert said.decode().strip().endswith("/explore.html")
    assert page_of(home.workspace.exports).is_file()


def test_a_page_that_an_earlier_version_did_not_write_is_written(home, tmp_path):
    copy = home.copied(tmp_path / "home")
    page = page_of(copy.workspace.exports)
    content = page.read_bytes()
    page.unlink()

    assert page_of(copy.workspace.exports).read_bytes() == content


def test_without_a_snapshot_the_next_step_is_named(quarry, tmp_path):
    code, _, complained = quarry("explore", "--no-open", "--home", tmp_path)

    assert code == 1
    assert "Build it with `quarry run`." in complained


def test_the_server_has_the_page_and_the_evidence_of_any_quarter(server, home):
    address = f"http://127.0.0.1:{server.server_port}"
    page = page_of(home.workspace.exports)

    assert urllib.request.urlopen(f"{address}/").read() == page.read_bytes()
    found = json.load(urllib.request.urlopen(f"{address}/evidence/2024-Q1.json"))
    assert found == json.loads(json.dumps(quarter_evidence(page.parent, "2024-Q1")))
    assert found["rows"]


def test_the_server_has_nothing_else_and_for_nobody_else(server):
    others = (
        "/manifest.json",
        "/../../quarry.duckdb",
        "/evidence/../x.json",
        "/evidence/2024.json",
    )

    assert [status_of(server, path) for path in others] == [404] * 4
    assert status_of(server, "/", host="evil.example") == 403
    assert server.server_address[0] == "127.0.0.1"
