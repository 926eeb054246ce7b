"""Test ledgers at addresses: redirects, refusals and secrets."""

from __future__ import annotations

import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from miners.errors import SourceDenied, SourceUnavailable
from miners.ledger.address import LedgerSource, parse_ledger_location
from miners.ledger.download import redirected
from tests.support.rows.ledgers import Ledger
from tests.support.running.clocks import without_hanging

SECRET = "2PACX-1vSecretOfTheSheet"
CSV = b"task,planned_on\nT-1,2024-01-02\n"
SHARE = "Publish the sheet to the web as CSV, or allow everybody with the link to read it"


class SheetHandler(BaseHTTPRequestHandler):
    """Answers with what the test has put at a path; notes who asked with what login."""

    def do_GET(self):
        self.server.asked.append((self.path, self.headers.get("Authorization")))
        status, headers, body = self.server.pages.get(self.path, (404, {}, b"no such page"))
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        for part in body if isinstance(body, list) else [body]:
            try:
                self.wfile.write(part)
                self.wfile.flush()
            except OSError:
                return
            if isinstance(body, list):
                time.sleep(0.05)

    def log_message(self, *_):
        pass


@pytest.fixture
def web():
    server = ThreadingHTTPServer(("127.0.0.1", 0), SheetHandler)
    server.daemon_threads = True
    server.pages, server.asked = {}, []
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    server.url = f"http://127.0.0.1:{server.server_address[1]}"
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture
def sheet(web, tmp_path):
    """A ledger at an address that is a secret, of tasks."""
    return at(tmp_path, f"{web.url}/{SECRET}/pub?output=csv", table="tasks")


def at(home, url, **options):
    class SheetLedger(Ledger):
        @property
        def source(self):
            identity, shown, _ = parse_ledger_location(url, Path())
            return LedgerSource(
                id=f"{identity}#ledger", name="sheet", location=shown, url=url, **options
            )

    return SheetLedger(home)


def answer(body, status=200, **headers):
    return status, {name.replace("_", "-"): value for name, value in headers.items()}, body


def test_a_sheet_is_mined_once_and_again_when_it_changed(web, sheet):
    path = f"/{SECRET}/pub?output=csv"
    web.pages[path] = answer(CSV, Content_Type="text/csv")
    first, second = sheet.mine(), sheet.mine()
    web.pages[path] = answer(CSV.replace(b"T-1", b"T-2"))

    assert (first, second) == ({"ledger_tasks": 1, "ledgers": 1}, {})
    assert sheet.mine() == {"ledger_tasks": 1, "ledgers": 1, "tombstones": 1}
    store = b"".join(path.read_bytes() for path in (sheet.home / "store").rglob("*.*"))
    assert SECRET.encode() not in store
    assert SECRET not in repr(sheet.source)


@pytest.mark.parametrize(
    ("answered", "said"),
    [
        (answer(b"", 401), "it requires a login (it responds with 401)"),
        (answer(b"", 403), "it refuses (it responds with 403)"),
        (answer(b"", 404), "it does not exist (it responds with 404)"),
        (answer(b"<html>Sign in</html>", Content_Type="text/html; charset=utf-8"), "web page"),
        (answer(b"\n <!DOCTYPE html><title>Sign in</title>"), "web page"),
    ],
    ids=["401", "403", "404", "html", "html unsaid"],
)
def test_what_is_no_csv_is_refused_with_what_to_do(web, sheet, answered, said):
    web.pages[f"/{SECRET}/pub?output=csv"] = answered

    error = sheet.mine()
    assert isinstance(error, SourceDenied)
    assert said in error.problem
    assert error.remedy == SHARE
    assert SECRET not in str(error)


@pytest.mark.parametrize("status", [429, 500, 503])
def test_a_server_that_fails_is_asked_again_at_the_next_run(web, sheet, status):
    web.pages[f"/{SECRET}/pub?output=csv"] = answer(b"", status)

    error = sheet.mine()
    assert (type(error), error.problem) == (SourceUnavailable, f"it responds with {status}")


def test_redirects_are_followed_without_the_login_to_another_host(web, tmp_path):
    port = web.server_address[1]
    web.pages["/a"] = answer(b"", 307, Location="/b")
    web.pages["/b"] = answer(b"", 302, Location=f"http://localhost:{port}/c")
    web.pages["/c"] = answer(CSV)
    ledger = at(tmp_path, f"{web.url}/a", table="tasks", token="t0ken")

    assert ledger.mine() == {"ledger_tasks": 1, "ledgers": 1}
    assert web.asked == [("/a", "Bearer t0ken"), ("/b", "Bearer t0ken"), ("/c", None)]


@pytest.mark.parametrize(
    ("location", "said"),
    [
        ("http://127.0.0.1/x", "without encryption"),
        *(
            (f"https://{host}/x", "a private network")
            for host in (
                *("127.0.0.1", "localhost", "2130706433", "0.0.0.0", "10.0.0.1", "172.16.0.1"),
                *("192.168.1.1", "169.254.169.254", "[::1]", "[fd00::1]", "[fe80::1]"),
                "[::ffff:127.0.0.1]",
            )
        ),
    ],
)
def test_a_public_sheet_leads_to_no_private_network(location, said):
    sheet = LedgerSource(id="x#ledger", name="x", location="https://93.184.215.14/…")

    with pytest.raises(SourceDenied, match=said):
        redirected(sheet, "https://93.184.215.14/x", location)


def test_a_sheet_of_a_private_network_leads_to_another_there():
    sheet = LedgerSource(id="x#ledger", name="x", location="https://10.0.0.1/…")

    assert redirected(sheet, "https://10.0.0.1/a", "//10.0.0.2/b") == "https://10.0.0.2/b"


def test_redirects_lead_neither_in_the_clear_nor_round_in_circles(web, tmp_path):
    web.pages["/clear"] = answer(b"", 302, Location="http://example.org/secret")
    web.pages["/file"] = answer(b"", 302, Location="file:///etc/passwd")
    web.pages["/round"] = answer(b"", 302, Location="/round")
    said = [
        str(at(tmp_path / name, f"{web.url}/{name}", table="tasks").mine())
        for name in ("clear", "file", "round")
    ]

    assert "http is not encrypted" in said[0]
    assert "file: is not a protocol" in said[1]
    assert "5 redirects" in said[2]
    assert "secret" not in said[0]


def test_more_than_any_sheet_holds_is_not_read_to_its_end(web, sheet, monkeypatch):
    monkeypatch.setattr("miners.ledger.download.MOST_BYTES", 1 << 20)
    web.pages[f"/{SECRET}/pub?output=csv"] = answer([b"x" * (1 << 20)] * 1000)

    assert "it is larger than 1 MiB" in str(sheet.mine())


def test_a_byte_at_a_time_ends_at_the_deadline(web, sheet, monkeypatch):
    monkeypatch.setattr("miners.ledger.download._SECONDS", 0.5)
    web.pages[f"/{SECRET}/pub?output=csv"] = answer([b"x"] * 10_000)

    with without_hanging():
        error = sheet.mine()
    assert (type(error), error.problem) == (
        SourceUnavailable,
        "no complete response within 0.5 seconds",
    )


def test_a_server_that_is_not_there_is_named_without_the_address(tmp_path):
    ledger = at(tmp_path, f"http://127.0.0.1:9/{SECRET}/pub?output=csv", table="tasks")

    error = ledger.mine()
    assert isinstance(error, SourceUnavailable)
    assert error.problem.startswith("no response (")
    assert SECRET not in str(error)


CALENDAR = (
    b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nBEGIN:VEVENT\r\nUID:t\r\nDTSTART;VALUE=DATE:20240105\r\n"
    b"END:VEVENT\r\nEND:VCALENDAR\r\n"
)
RSS = (
    b'<?xml version="1.0"?><rss version="2.0"><channel><item><link>https://example.org/1</link>'
    b"<pubDate>Fri, 05 Jan 2024 16:00:00 GMT</pubDate></item></channel></rss>"
)


@pytest.mark.parametrize(
    ("path", "body", "found"),
    [
        ("/ledger/tasks.csv", CSV, [("tasks", "T-1")]),
        ("/x.ics", CALENDAR, [("activities", "t")]),
        ("/feed", RSS, [("activities", "https://example.org/1")]),
    ],
    ids=["named csv", "calendar", "feed"],
)
def test_what_an_address_gives_is_known_by_what_it_is(web, tmp_path, path, body, found):
    web.pages[path] = answer(body)

    assert list(at(tmp_path, f"{web.url}{path}").read().rows) == found


def test_csv_of_no_named_table_is_refused(web, tmp_path):
    web.pages["/export"] = answer(CSV)

    assert "its table is not stated" in str(at(tmp_path, f"{web.url}/export").mine())


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("http://example.org/x.csv", "http is not encrypted"),
        ("ftp://example.org/x.csv", "ftp: is not a protocol that Quarry uses for ledgers"),
        ("https://ada:pw@example.org/x", "the address contains credentials"),
        ("https://ada:pw@[::1/x", "its host or port cannot be read"),
        ("https://ada:pw/x", "its host or port cannot be read"),
        ("https:/ada:pw@example.org/x", "a URL has two slashes after its protocol"),
        ("ada:pw@example.org/x", "it begins with a login but with no protocol"),
        ("~nouser/x", "~ names no user here"),
        ("a\0b", "it contains a NUL character"),
        ("", "it is empty"),
    ],
)
def test_an_address_that_is_not_safe_is_refused_without_being_asked(url, said):
    with pytest.raises(SourceDenied) as refused:
        parse_ledger_location(url, Path())

    assert said in str(refused.value)
    assert "pw" not in str(refused.value)


def test_the_cursor_of_a_sheet_holds_no_more_than_its_host(web, sheet):
    web.pages[f"/{SECRET}/pub?output=csv"] = answer(CSV)
    sheet.mine()

    batches = list((sheet.home / "store").glob("*/*/receipt.json"))
    cursor = json.loads(batches[0].read_text())["cursor"]
    assert cursor["state"]["location"] == f"{web.url}/…"
    assert SECRET not in json.dumps(cursor)
