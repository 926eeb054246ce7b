"""Child processes that end with ours: a Prefect server, a worker."""

from __future__ import annotations

import base64
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from dataclasses import dataclass
from typing import TYPE_CHECKING

from miners.git.command import die_with_parent

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

# A loaded machine takes minutes; a server that ends is noticed at once.
LONGEST_START_SECONDS = 600
_LONGEST_STOP_SECONDS = 20
_PORTS_TRIED = 100


class ProcessFailed(Exception):
    """A child process did not start, or ended unexpectedly."""


@dataclass(frozen=True)
class ChildProcess:
    """A child process and its log file."""

    name: str
    process: subprocess.Popen[bytes]
    log: Path

    @property
    def has_ended(self) -> bool:
        return self.process.poll() is not None


def start(name: str, command: Sequence[str], logs: Path) -> ChildProcess:
    """Start a process outside of our terminal's signals, so that only we end it."""
    log = logs / f"{name}.log"
    with log.open("wb") as out:
        process = subprocess.Popen(
            [*die_with_parent(), *command],
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    return ChildProcess(name, process, log)


def start_server(api_url: str, logs: Path) -> ChildProcess:
    """Start a Prefect server on this machine; it responds some time later."""
    port = api_url.removesuffix("/api").rpartition(":")[2]
    return start("server", prefect("server", "start", "--port", port), logs)


def prefect(*arguments: str) -> list[str]:
    """Return the command of this Python's own Prefect."""
    return [sys.executable, "-m", "prefect", *arguments]


def stop(children: Iterable[ChildProcess]) -> None:
    """Terminate processes one after the other, and kill those that do not end."""
    for child in children:
        child.process.terminate()
        try:
            child.process.wait(_LONGEST_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            child.process.kill()
            child.process.wait()


def free_port(first: int) -> int:
    """
    Return the first port that no process on this machine listens on.

    Errors:  ProcessFailed.
    """
    for port in range(first, first + _PORTS_TRIED):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise ProcessFailed(f"no free port from {first} on. Choose another with --port.")


def wait_for_response(server: ChildProcess, api_url: str, login: str) -> None:
    """
    Wait until the started server responds, and not another program.

    Errors:  ProcessFailed.
    """
    url = f"{api_url}/admin/version"
    # Without the proxy of the environment: this machine is not behind it.
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    credentials = f"Basic {base64.b64encode(login.encode()).decode()}"
    request = urllib.request.Request(url, headers={"Authorization": credentials})  # noqa: S310
    deadline = time.monotonic() + LONGEST_START_SECONDS
    while time.monotonic() < deadline:
        if server.has_ended:
            raise unexpected_end(server)
        try:
            with opener.open(request, timeout=5):
                return
        except urllib.error.HTTPError as error:
            message = f"another program responds at {url} ({error.code})."
            raise ProcessFailed(f"{message} Choose another port with --port.") from error
        except OSError:
            time.sleep(0.1)
    raise ProcessFailed(
        f"{server.name} did not respond in {LONGEST_START_SECONDS} s. See {server.log}."
    )


def unexpected_end(child: ChildProcess) -> ProcessFailed:
    """Return the error of a process that ended, with the end of its log."""
    last = child.log.read_text("utf-8", "backslashreplace").strip().splitlines()[-5:]
    lines = "".join(f"\n    {line}" for line in last)
    code = child.process.poll()
    return ProcessFailed(f"{child.name} ended with exit code {code}:{lines}\nSee {child.log}.")
