"""Run `quarry serve` on a folder, with the servers that it mines."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from base64 import b64encode
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from tests.support.fakes.apis import empty_github
from tests.support.git.repositories import Repository
from tests.support.running.clocks import HANG_SECONDS

# Tests of other workers and checkouts bring up servers too: they must not find the same port.
PORT = str(10_000 + os.getpid() % 10_000)
QUARRY = Path(sys.executable).with_name("quarry")
EPOCH = "1718000000"
CANARY = "canary-5f1d7a0c94e84b31"
TRACKER_CANARY = "canary-0b7e63d1a25f4c98"
AUTHORIZATION = "Basic " + b64encode(f"x-access-token:{CANARY}".encode()).decode()


@dataclass
class Served:
    """A folder with settings, and `quarry serve` on it."""

    folder: Path
    hanging_url: str
    process: subprocess.Popen | None = None

    @property
    def home(self):
        return self.folder / "data"

    @property
    def config(self):
        return self.folder / "quarry.toml"

    @property
    def said(self):
        return (self.folder / "serve.log").read_text("utf-8")

    @property
    def api_url(self):
        return re.search(r"http://127\.0\.0\.1:\d+", self.said)[0] + "/api"

    @property
    def environment(self):
        own = {k: v for k, v in os.environ.items() if not k.startswith("PREFECT_")}
        tokens = {"TEAM_TOKEN": CANARY, "TRACKER_TOKEN": TRACKER_CANARY}
        return {**own, **tokens, "SOURCE_DATE_EPOCH": EPOCH}

    def start(self, *options):
        command = [QUARRY, "serve", "--config", self.config, "--port", PORT, *options]
        with (self.folder / "serve.log").open("wb") as log:
            self.process = subprocess.Popen(command, env=self.environment, stdout=log, stderr=log)
        eventually(lambda: "Up." in self.said or self.process.poll() is not None, 3 * HANG_SECONDS)
        assert self.process.poll() is None, self.said

    def stop(self, number=signal.SIGTERM):
        self.process.send_signal(number)
        return self.process.wait(HANG_SECONDS)


def eventually(condition, seconds):
    """Wait for something that other processes do."""
    deadline = time.monotonic() + seconds
    while not (found := condition()):
        assert time.monotonic() < deadline, f"not within {seconds} s"
        time.sleep(0.2)
    return found


def next_minutes():
    """Name the next minutes of Kolkata's clock, which is half an hour off any other."""
    local = datetime.now(UTC) + timedelta(hours=5, minutes=30, seconds=20)
    minutes = {(local + timedelta(minutes=ahead)).strftime("%M") for ahead in (1, 2, 3)}
    return f"{','.join(sorted(str(int(m)) for m in minutes))} * * * *"


def small_repository(path, **options):
    made = Repository.make(path, **options)
    made.commit(b"one", {"a": b"1\n"})
    made.commit(b"two", {"a": b"1\n2\n", "b": b"1\n"})
    return made


class GuardedWeb(ThreadingHTTPServer):
    """Repositories and a tracker over http, for those with the right token only."""

    def __init__(self, folder):
        super().__init__(("127.0.0.1", 0), partial(_Guarded, directory=str(folder)))

    def __enter__(self):
        threading.Thread(target=self.serve_forever, daemon=True).start()
        return f"http://127.0.0.1:{self.server_port}"

    def __exit__(self, *_):
        self.shutdown()
        self.server_close()


class _Guarded(SimpleHTTPRequestHandler):
    def do_GET(self):
        if self.headers["Authorization"] == f"token {TRACKER_CANARY}":
            empty_github(self, self.path.partition("?")[0])
        elif self.headers["Authorization"] == AUTHORIZATION:
            super().do_GET()
        else:
            self.send_error(401)

    def log_message(self, *_):
        pass


class NeverAnswering:
    """A server that takes calls and says nothing."""

    def __enter__(self):
        self._listening = socket.create_server(("127.0.0.1", 0))
        return f"http://127.0.0.1:{self._listening.getsockname()[1]}/stuck.git"

    def __exit__(self, *_):
        self._listening.close()
