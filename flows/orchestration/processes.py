"""Processes that live no longer than we do: a Prefect server, a worker."""

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

LONGEST_START_SECONDS = 120
_LONGEST_STOP_SECONDS = 20
_PORTS_TRIED = 100


class ChildFailed(Exception):
    """A process that we need did not start, or ended by itself."""


@dataclass(frozen=True)
class Child:
    """A process of ours, and the file that has what it said."""

    name: str
    process: subprocess.Popen[bytes]
    log: Path

    @property
    def has_ended(self) -> bool:
        return self.process.poll() is not None


def start(name: str, command: Sequence[str], logs: Path) -> Child:
    """Start a process apart from our terminal, so that its end is in our hand only."""
    log = logs / f"{name}.log"
    with log.open("wb") as out:
        process = subprocess.Popen(
            [*die_with_parent(), *command],
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    return Child(name, process, log)


def start_server(api_url: str, logs: Path) -> Child:
    """Start a Prefect server on this machine; it takes a while until it answers."""
    port = api_url.removesuffix("/api").rpartition(":")[2]
    return start("server", prefect("server", "start", "--port", port), logs)


def prefect(*arguments: str) -> list[str]:
    """Call this Python's own Prefect, whatever the path has."""
    return [sys.executable, "-m", "prefect", *arguments]


def stop(children: Iterable[Child]) -> None:
    """End processes one after the other, politely first."""
    for child in children:
        child.process.terminate()
        try:
            child.process.wait(_LONGEST_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            child.process.kill()
            child.process.wait()


def free_port(first: int) -> int:
    """
    Find a port that nothing on this machine listens on.

    Errors:  ChildFailed.
    """
    for port in range(first, first + _PORTS_TRIED):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise ChildFailed(f"no free port from {first} on. Name another with --port.")


def wait_until_it_answers(server: Child, api_url: str, login: str) -> None:
    """
    Wait until a server that was started, and no other, answers.

    Errors:  ChildFailed.
    """
    url = f"{api_url}/admin/version"
    # Whatever proxy the environment names: this machine is not behind it.
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    credentials = f"Basic {base64.b64encode(login.encode()).decode()}"
    request = urllib.request.Request(url, headers={"Authorization": credentials})  # noqa: S310
    deadline = time.monotonic() + LONGEST_START_SECONDS
    while time.monotonic() < deadline:
        if server.has_ended:
            raise ended_by_itself(server)
        try:
            with opener.open(request, timeout=5):
                return
        except urllib.error.HTTPError as error:
            message = f"another program answers at {url} ({error.code})."
            raise ChildFailed(f"{message} Name another port with --port.") from error
        except OSError:
            time.sleep(0.1)
    raise ChildFailed(
        f"{server.name} did not answer in {LONGEST_START_SECONDS} s. See {server.log}."
    )


def ended_by_itself(child: Child) -> ChildFailed:
    """Say that a process ended, and what it said last."""
    last = child.log.read_text("utf-8", "backslashreplace").strip().splitlines()[-5:]
    said = "".join(f"\n    {line}" for line in last)
    return ChildFailed(
        f"{child.name} ended by itself with {child.process.poll()}:{said}\nSee {child.log}."
    )
