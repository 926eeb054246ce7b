"""The process environment: clock, cores, secrets and variables."""

from __future__ import annotations

import os
import stat
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from miners.plan import HostEnvironment

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

# The variables that git may see: where programs are, and how to reach the network.
_KEPT = (
    *("PATH", "TMPDIR", "SSH_AUTH_SOCK", "SSL_CERT_FILE", "SSL_CERT_DIR"),
    *("http_proxy", "https_proxy", "all_proxy", "no_proxy"),
    *("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY"),
)


# Where Linux states the limit of a container, by the version of its control groups.
_CONTAINER_LIMITS = (
    Path("/sys/fs/cgroup/memory.max"),
    Path("/sys/fs/cgroup/memory/memory.limit_in_bytes"),
)

# Who may read what Quarry writes, with the permissions that all others do not get.
READERS = {"owner": 0o077, "group": 0o027, "everyone": 0o022}


class SecretRefused(Exception):
    """A secret that the settings name is missing or not safe. No part of it is shown."""

    def __init__(self, problem: str, remedy: str) -> None:
        super().__init__(f"{problem}. {remedy}.")
        self.problem = problem
        self.remedy = remedy


class VariableRefused(Exception):
    """An environment variable has a value that cannot be used."""


def host_environment() -> HostEnvironment:
    """Return the part of our environment that git may see, and the names of the rest."""
    kept = {name: os.environ[name] for name in _KEPT if name in os.environ}
    dropped = tuple(sorted(os.environ.keys() - kept.keys()))
    return HostEnvironment(kept, dropped, memory_bytes() // 2)


def secret(variable: str) -> str | None:
    """Read a secret from the environment variable that the settings name."""
    return os.environ.get(variable)


def secret_file(setting: str, path: Path) -> str:
    """
    Read a secret from the file that a setting names.

    Errors:  SecretRefused if it is missing, or if other users of this machine may read it.
    """
    try:
        is_open_to_all = path.stat().st_mode & (stat.S_IROTH | stat.S_IWOTH)
        text = "" if is_open_to_all else path.read_text("utf-8")
    except (OSError, ValueError) as error:
        # Without the path: it is the token if a user confuses token_file with the token itself.
        reason = getattr(error, "strerror", None) or type(error).__name__
        raise SecretRefused(
            f"the file that {setting} names cannot be read: {reason}", "Correct the path"
        ) from None
    if is_open_to_all:
        raise SecretRefused(f"other users of this machine can read {path}", f"Run chmod 600 {path}")
    return text.strip()


def is_ascii_locale() -> bool:
    """Return whether the environment asks for the locale that has ASCII alone."""
    names = (os.environ.get(name) for name in ("LC_ALL", "LC_CTYPE", "LANG"))
    return next(filter(None, names), "") in {"C", "POSIX"}


def is_width_given() -> bool:
    """Return whether the environment sets the width of the terminal."""
    return os.environ.get("COLUMNS", "").isdecimal()


def settings_variable(place: Iterable[int | str]) -> str | None:
    """Return the environment variable that sets the value at a place of the settings, if any."""
    names = [part for part in place if isinstance(part, str)]
    variables = {name.upper() for name in os.environ}
    parts = ("__".join(names[:length]).upper() for length in range(len(names), 0, -1))
    return next((name for part in parts if (name := f"QUARRY_{part}") in variables), None)


def has_prefect_server() -> bool:
    """Return whether a Prefect server is configured for this process."""
    return bool(os.environ.get("PREFECT_API_URL"))


def set_defaults(values: Mapping[str, str]) -> None:
    """Set environment variables that are not set yet, for a library that reads them."""
    for name, value in values.items():
        os.environ.setdefault(name, value)


def set_values(values: Mapping[str, str]) -> None:
    """Set environment variables of this process and its children, replacing their values."""
    os.environ.update(values)


def reach_this_machine_directly() -> None:
    """Exclude this machine's own servers from the proxy settings."""
    for name in ("no_proxy", "NO_PROXY"):
        others = os.environ.get(name, "")
        os.environ[name] = ",".join(filter(None, (others, "127.0.0.1", "localhost")))


def clock() -> datetime:
    """
    Return the instant at which a run observes its sources.

    Errors:  VariableRefused.
    Source:  SOURCE_DATE_EPOCH of reproducible-builds.org fixes it, for runs to be repeated.
    """
    fixed = os.environ.get("SOURCE_DATE_EPOCH")
    if not fixed:
        return datetime.now(UTC)
    try:
        return datetime.fromtimestamp(int(fixed), UTC)
    except (ValueError, OverflowError, OSError):
        remedy = "Write whole seconds since 1970, or unset it"
        raise VariableRefused(f"$SOURCE_DATE_EPOCH is no instant. {remedy}.") from None


def is_writable(folder: Path) -> bool:
    """Return whether this process may write into a folder."""
    return os.access(folder, os.W_OK | os.X_OK)


def write_for(readers: str) -> None:
    """Set who may read the files that this process and its children write from now on."""
    os.umask(READERS[readers])


def is_open_to_others(folder: Path, readers: str) -> bool:
    """Return whether more users than the readers may open a folder."""
    return bool(folder.stat().st_mode & READERS[readers] & ~stat.S_IWGRP & ~stat.S_IWOTH)


def memory_bytes(limits: Iterable[Path] = _CONTAINER_LIMITS) -> int:
    """Return the memory of this machine, or the limit of the container if that is less."""
    stated = [os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")]
    for path in limits:
        with suppress(OSError, ValueError):  # "max", or another version of control groups
            stated.append(int(path.read_text("ascii")))
    return min(stated)


def cores() -> int:
    """Count the processors that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
